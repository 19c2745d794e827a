"""Which template is looked at: the house, its buildings, their rooms, and how their displays stand to it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from kiosk.fleet.drift import Drift, Stand
from kiosk.fleet.model import Fleet
from kiosk.fleet.template_folder import TemplateFolder
from kiosk.fleet.templates import HOUSE, Level, Place, place_words
from kiosk.fleet.words import name_of
from pageview.theme import Desk
from pageview.wording import say, tip

_PLACE = Qt.ItemDataRole.UserRole


class PlaceTree(QTreeWidget):
    """`lay_out` when displays came, went or moved; `mark` when something else is known of them."""

    chosen = Signal()
    """Another `place`."""

    def __init__(self, fleet: Fleet, folder: TemplateFolder, drift: Drift) -> None:
        super().__init__()
        self._fleet, self._folder, self._drift = fleet, folder, drift
        self._items: dict[Place, QTreeWidgetItem] = {}
        self._inside: dict[Place, list[tuple[Place, str]]] = {}
        """Rooms of buildings that nobody has opened yet."""
        self.setHeaderHidden(True)
        self.setColumnCount(2)
        self.setUniformRowHeights(True)
        self.setAccessibleName(say("どこの設定"))
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.setStyleSheet(
            f"QTreeView {{ border: 0; selection-background-color: {Desk.PRIMARY_WEAK};"
            f" selection-color: {Desk.TEXT}; }}"
            "QTreeView::item { height: 40px; padding-right: 10px; }"
        )
        self.header().setResizeContentsPrecision(0)
        self.itemExpanded.connect(self._open)
        self.currentItemChanged.connect(lambda *_items: self.chosen.emit())

    def lay_out(self) -> None:
        """The house as it is now; what is open stays open."""
        chosen = self.place
        self.blockSignals(True)
        opened = {place for place, item in self._items.items() if item.isExpanded()}
        self.clear()
        self._items.clear()
        self._inside.clear()
        house = self._item(None, HOUSE, place_words(HOUSE))
        house.setExpanded(True)
        displays = sorted(self._fleet.displays.values(), key=lambda each: (each.number, each.device))
        buildings = dict.fromkeys(each.building for each in displays if each.building)
        spoken = [each.name for each in self._folder.current.values if each.level is Level.BUILDING]
        parents = {
            name: self._item(house, Place(Level.BUILDING, name), name)
            for name in dict.fromkeys([*buildings, *spoken])
        }
        rooms = {str(each.number): each for each in displays}
        absent = [each.name for each in self._folder.current.values if each.level is Level.ROOM]
        for number in dict.fromkeys([*rooms, *absent]):
            display = rooms.get(number)
            room = Place(Level.ROOM, number)
            words = f"{number}  {name_of(display)}" if display else place_words(room)
            if display is not None and display.building in parents:
                self._inside.setdefault(Place(Level.BUILDING, display.building), []).append((room, words))
            else:
                self._item(house, room, words)
        for place in self._inside:
            self._items[place].setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        for place in opened & self._inside.keys():
            self._fill(place)
            self._items[place].setExpanded(True)
        self.blockSignals(False)
        self.mark(self._items)
        self.choose(chosen)

    def _fill(self, building: Place) -> None:
        """With its rooms: thousands are laid out as far as somebody looks."""
        for room, words in self._inside.pop(building, ()):
            self._item(self._items[building], room, words)

    def _item(self, parent: QTreeWidgetItem | None, place: Place, words: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem([words, ""])
        item.setData(0, _PLACE, place)
        item.setToolTip(0, tip(words))
        if parent is None:
            self.addTopLevelItem(item)
        else:
            parent.addChild(item)
        self._items[place] = item
        return item

    @property
    def place(self) -> Place:
        """Whose template is chosen."""
        item = self.currentItem()
        return HOUSE if item is None else item.data(0, _PLACE)

    def choose(self, place: Place) -> None:
        """That one; the house where there is none such."""
        for building in [each for each, rooms in self._inside.items() if place in dict(rooms)]:
            self._fill(building)
        wanted = self._items.get(place, self._items.get(HOUSE))
        if wanted is not None:
            self.setCurrentItem(wanted)

    def mark(self, places: Iterable[Place]) -> None:
        """How it stands with each of these rooms, beside its name; beside a building's, in how many."""
        for place in places:
            item = self._items.get(place)
            if item is None or place.level is Level.HOUSE:
                continue
            tally, words = self._drift.tally(place), ""
            if place.level is Level.BUILDING:
                words = say("違い{n}台", n=tally.differing) if tally.differing else ""
            elif (parent := item.parent()) is None or parent.isExpanded():
                some = tally.differing or tally.waiting or tally.refused
                here = self._drift.displays(place) if some else ()
                words = " ".join(filter(None, (_words(self._drift.stand(each.device)) for each in here)))
            item.setText(1, words)
            item.setForeground(1, QBrush(QColor(Desk.WARN_TEXT)))

    def _open(self, item: QTreeWidgetItem) -> None:
        self._fill(item.data(0, _PLACE))
        rooms = (item.child(n) for n in range(item.childCount()))
        self.mark([room.data(0, _PLACE) for room in rooms if room is not None])


def _words(stand: Stand) -> str:
    if stand.refused:
        return say("断られました")
    if stand.waiting:
        return say("反映待ち")
    return say("違い{n}", n=stand.differing) if stand.differing else ""
