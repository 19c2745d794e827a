"""設定のひな形: what the house, a building and a room have, where each value comes from, and where displays
differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush, QColor, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from kiosk.fleet.hands import hand_words
from kiosk.fleet.model import Display, Fleet
from kiosk.fleet.parts import Picture, Words, button, card, label, page_column
from kiosk.fleet.rollout import Rollout
from kiosk.fleet.rollout_words import stage_words
from kiosk.fleet.setting_words import setting_words
from kiosk.fleet.template_folder import TemplateFolder
from kiosk.fleet.templates import (
    HOUSE,
    Chosen,
    Level,
    Place,
    place_words,
    same,
    value_words,
)
from kiosk.fleet.words import name_of
from kiosk.settings import template_keys
from pageview.theme import Desk, restyle
from pageview.wording import say, tip

_PLACE = Qt.ItemDataRole.UserRole
_KEY = Qt.ItemDataRole.UserRole
NAME, VALUE, SOURCE, PRESENT = range(4)
_STAGE_ICONS = {
    "": ("sync", Desk.PRIMARY),
    "warn": ("undo", Desk.WARN_TEXT),
    "err": ("warning-fill", Desk.ERR),
}


class SettingsPage(QWidget):
    """Shows what the folder and the rollout say; every wish is told by a signal."""

    valued = Signal(object, str, str)
    """(Place, the setting's name, what was typed: "" to inherit it again)"""
    apply_asked = Signal(object)
    """Place: the displays there are to have what the templates say."""
    read_asked = Signal()
    write_asked = Signal()
    back_asked = Signal()
    halt_asked = Signal()
    on_asked = Signal()
    undo_asked = Signal()
    """The rollout that is under way is to halt, to go on, or to be taken back."""
    shown = Signal()
    """The page is before somebody now."""

    def __init__(self, fleet: Fleet, folder: TemplateFolder, rollout: Rollout, may: bool) -> None:
        super().__init__()
        self._fleet, self._folder, self._rollout, self._may = fleet, folder, rollout, may
        self._laid: tuple[int, ...] = ()
        self._marked: tuple[int, ...] = ()
        self._filling = False
        column = page_column(self)
        column.addLayout(self._head())
        lead = say(
            "会議室は建物を、建物は庁内全体を受け継ぎます。値の欄で入力し、消すと受け継いだ値に戻ります。"
        )
        column.addWidget(Words(lead, "secondary", wrap=True))
        if folder.damaged:
            words = say(
                "{n}個の版を読めません。いまの版が正しいかを、下の値で確かめてください。", n=folder.damaged
            )
            column.addWidget(Words(words, "body", "err", wrap=True))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self._places())
        split.addWidget(self._values())
        split.setStretchFactor(1, 1)
        split.setSizes([290, 940])
        column.addWidget(split, 1)
        column.addWidget(self._stage())
        column.addLayout(self._foot())

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(Words(say("設定のひな形"), "h1"), 1)
        self.read = button(say("読み込む"), "upload_file", self.read_asked.emit)
        self.back = button(say("前の版に戻す"), "undo", self.back_asked.emit)
        row.addWidget(self.back)
        row.addWidget(self.read)
        row.addWidget(button(say("書き出す"), "download", self.write_asked.emit))
        self.read.setEnabled(self._may)
        return row

    def _places(self) -> QWidget:
        box, inside = card(0, 0)
        inside.setContentsMargins(1, 6, 1, 6)
        self.places = QTreeWidget()
        self.places.setHeaderHidden(True)
        self.places.setColumnCount(2)
        self.places.setUniformRowHeights(True)
        self.places.setAccessibleName(say("どこの設定"))
        self.places.header().setStretchLastSection(False)
        self.places.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.places.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.places.setStyleSheet(
            f"QTreeView {{ border: 0; selection-background-color: {Desk.PRIMARY_WEAK};"
            f" selection-color: {Desk.TEXT}; }}"
            "QTreeView::item { height: 40px; }"
        )
        self.places.itemExpanded.connect(lambda _item: self._mark())
        self.places.currentItemChanged.connect(lambda *_items: self._show_values())
        inside.addWidget(self.places)
        return box

    def _values(self) -> QWidget:
        box, inside = card(0, 0)
        inside.setContentsMargins(1, 6, 1, 6)
        self.values = table = QTableWidget(0, 4)
        table.setHorizontalHeaderLabels([say("設定の項目"), say("値"), say("決めている所"), say("いまの値")])
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(42)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setStyleSheet("QTableView { border: 0; } QTableView::item { padding-left: 12px; }")
        table.setTabKeyNavigation(False)
        head = table.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for place, width in ((SOURCE, 146), (PRESENT, 150)):
            table.setColumnWidth(place, width)
        table.itemChanged.connect(self._typed)
        inside.addWidget(table)
        return box

    def _stage(self) -> QWidget:
        """How far a rollout has come, and what can be done about it with one press each."""
        self.stage, inside = card(16, 8)
        row = QHBoxLayout()
        row.setSpacing(12)
        self._stage_icon = Picture("sync", 26, Desk.PRIMARY)
        self.stage_words = Words("", wrap=True)
        self.halt = button(say("ここで止める"), "pause", self.halt_asked.emit)
        self.on = button(say("残りへ続ける"), "arrow_forward", self.on_asked.emit)
        self.undo = button(say("前の設定に戻す"), "undo", self.undo_asked.emit)
        row.addWidget(self._stage_icon)
        row.addWidget(self.stage_words, 1)
        for each in (self.halt, self.on, self.undo):
            row.addWidget(each)
        inside.addLayout(row)
        self.stage.hide()
        return self.stage

    def _show_stage(self) -> None:
        words, tone = stage_words(self._rollout, self._fleet, self._rollout.pace.back_within / 60)
        stage = self._rollout.stage
        self.stage.setVisible(bool(words))
        if not words:
            return
        self.stage_words.say(words)
        restyle(self.stage_words, tone=tone)
        self._stage_icon.show_icon(*_STAGE_ICONS[tone])
        self.halt.setVisible(stage.halted is None and not stage.back)
        self.on.setVisible(stage.halted is not None or bool(stage.back))
        more = bool(self._rollout.still(self._fleet))
        on = say("残りへ続ける") if more else say("このままにする")
        label(self.on, say("あとは待たない") if stage.back else on)
        self.undo.setVisible(bool(stage.reached) and not stage.back)
        for each in (self.halt, self.on, self.undo):
            each.setEnabled(self._may)

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        self._said = Words("", wrap=True)
        row.addWidget(self._said, 1)
        self.apply = button(say("違いを見て、反映する"), "sync", self._apply, "primary")
        row.addWidget(self.apply)
        return row

    # --- what is shown ----------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.values.setColumnWidth(VALUE, 160 if event.size().width() < 1_300 else 420)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    @property
    def place(self) -> Place:
        """Whose template is shown."""
        item = self.places.currentItem()
        return HOUSE if item is None else item.data(0, _PLACE)

    def displays_of(self, place: Place) -> list[Display]:
        """The displays for which that template counts, by number."""
        found = [
            each
            for each in self._fleet.displays.values()
            if place.level is Level.HOUSE
            or (place.level is Level.BUILDING and each.building == place.name)
            or (place.level is Level.ROOM and str(each.number) == place.name)
        ]
        return sorted(found, key=lambda each: (each.number, each.device))

    def refresh(self) -> None:
        """Displays came or went, were asked, or have changed."""
        laid = (self._fleet.layout, self._folder.newest)
        marked = (*laid, self._rollout.news)
        if laid != self._laid:
            self._laid = laid
            self._lay_out()
        if marked != self._marked:
            self._marked = marked
            self._mark()
            self._show_values()
            self._show_stage()

    def show_again(self) -> None:
        """What was typed does not count."""
        self._show_values()

    def _lay_out(self) -> None:
        chosen = self.place
        self.places.blockSignals(True)
        self.places.clear()
        house = self._item(None, HOUSE, place_words(HOUSE))
        house.setExpanded(True)
        displays = self.displays_of(HOUSE)
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
            parent = parents.get(display.building, house) if display else house
            words = f"{number}  {name_of(display)}" if display else place_words(Place(Level.ROOM, number))
            self._item(parent, Place(Level.ROOM, number), words)
        self.places.blockSignals(False)
        self.choose(chosen)

    def _item(self, parent: QTreeWidgetItem | None, place: Place, words: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem([words, ""])
        item.setData(0, _PLACE, place)
        item.setToolTip(0, tip(words))
        if parent is None:
            self.places.addTopLevelItem(item)
        else:
            parent.addChild(item)
        return item

    def _items(self) -> list[QTreeWidgetItem]:
        found: list[QTreeWidgetItem] = []
        wanted = [self.places.topLevelItem(n) for n in range(self.places.topLevelItemCount())]
        for item in wanted:
            if item is not None:
                found.append(item)
                wanted.extend(item.child(n) for n in range(item.childCount()))
        return found

    def choose(self, place: Place) -> None:
        """That template; the house's where there is none such."""
        items = self._items()
        wanted = next((each for each in items if each.data(0, _PLACE) == place), items[0] if items else None)
        if wanted is not None:
            self.places.setCurrentItem(wanted)

    def _mark(self) -> None:
        """How it stands with each room, beside its name; beside a building's, in how many."""
        of_number: dict[str, list[Display]] = {}
        of_building: Counter[str] = Counter()
        for each in self._fleet.displays.values():
            of_number.setdefault(str(each.number), []).append(each)
            of_building[each.building] += bool(self._rollout.differences(each))
        for item in self._items():
            place: Place = item.data(0, _PLACE)
            words = ""
            if place.level is Level.ROOM:
                parent = item.parent()
                if parent is not None and not parent.isExpanded():
                    continue
                words = " ".join(filter(None, map(self._standing_words, of_number.get(place.name, ()))))
            elif place.level is Level.BUILDING and of_building[place.name]:
                words = say("違い{n}台", n=of_building[place.name])
            item.setText(1, words)
            item.setForeground(1, QBrush(QColor(Desk.WARN_TEXT)))

    def _standing_words(self, display: Display) -> str:
        standing = self._rollout.standing(display.device)
        if standing.refused:
            return say("断られました")
        if standing.waiting:
            return say("反映待ち")
        count = len(self._rollout.differences(display))
        return say("違い{n}", n=count) if count else ""

    def _show_values(self) -> None:
        place = self.place
        displays = self.displays_of(place)
        building = displays[0].building if displays else ""
        inherited = self._folder.current.inherited(place, building)
        own = self._folder.current.own(place)
        one = displays[0] if place.level is Level.ROOM and displays else None
        self._filling = True
        if self.values.rowCount() != len(template_keys()):
            self.values.setRowCount(len(template_keys()))
        self.values.setColumnHidden(PRESENT, place.level is not Level.ROOM)
        for row, key in enumerate(template_keys()):
            chosen = Chosen(own[key], place) if key in own else inherited.get(key)
            self._show_row(row, key, chosen, key in own, one)
        self._filling = False
        self._tell(displays, one)

    def _show_row(self, row: int, key: str, chosen: Chosen | None, own: bool, one: Display | None) -> None:
        there = self._rollout.present(one.device) if one is not None else None
        value = there.get(key) if there is not None else None
        differs = there is not None and chosen is not None and not same(value, chosen.value)
        source = say("各ディスプレイ") if chosen is None else place_words(chosen.place)
        now = say("未確認") if there is None else value_words(value) or say("（書いてない）")
        texts = (setting_words(key), value_words(chosen.value) if chosen else "", source, now)
        for place, text in enumerate(texts):
            item = self.values.item(row, place)
            if item is None:
                item = QTableWidgetItem()
                self.values.setItem(row, place, item)
            if place != VALUE or not self._may:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
            if item.text() != text:
                item.setText(text)
            item.setData(_KEY, key)
            item.setToolTip(tip(f"{key}\n{text}"))
            loud = (place == PRESENT and differs) or (place == VALUE and own)
            color = Desk.WARN_TEXT if place == PRESENT and differs else Desk.TEXT if own else Desk.TEXT2
            item.setForeground(QBrush(QColor(Desk.TEXT if place == NAME else color)))
            font = item.font()
            font.setBold(loud)
            item.setFont(font)

    def _tell(self, displays: Sequence[Display], one: Display | None) -> None:
        differing = [each for each in displays if self._rollout.differences(each)]
        unknown = sum(self._rollout.present(each.device) is None for each in displays)
        waiting = sum(self._rollout.standing(each.device).waiting for each in displays)
        refused = self._rollout.standing(one.device).refused if one is not None else ""
        words = say("{n}台がひな形と違います。", n=len(differing))
        if not differing:
            words = say("違いはありません。") if displays else say("ここにはまだディスプレイがありません。")
        words += self._by_others(differing)
        if unknown:
            words += say("{n}台はまだ確かめていません。", n=unknown)
        if waiting and not self._rollout.stage.wave:
            words += say("{n}台は、応答するか説明が終わると反映されます。", n=waiting)
        if refused:
            words = say("ディスプレイが断りました：{why}", why=refused)
        self.say(words, "err" if refused else "warn" if differing else "")
        self.apply.setEnabled(self._may and bool(displays))
        self.back.setEnabled(self._may and len(self._folder.editions) > 1)

    def _by_others(self, differing: Sequence[Display]) -> str:
        """How much of it was changed at another console, and the newest of that."""
        found = self._rollout.by_others(differing)
        if not found:
            return ""
        display, newest = max(found, key=lambda each: each[0].our_time(each[1].when))
        why = hand_words(newest, display)
        return say("うち{n}か所は、ほかの管理の端末で変えたものです（{why}）。", n=len(found), why=why)

    def say(self, words: str, tone: str = "") -> None:
        """Under the table."""
        self._said.say(words)
        restyle(self._said, tone=tone)

    # --- what is done -----------------------------------------------------------------------------------

    def _typed(self, item: QTableWidgetItem) -> None:
        if not self._filling and item.column() == VALUE:
            self.valued.emit(self.place, item.data(_KEY), item.text().strip())

    def _apply(self) -> None:
        self.apply_asked.emit(self.place)
