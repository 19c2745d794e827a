"""A participant's row in the panel: who waits, and who is in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import msgspec
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from pageview import icons
from pageview.theme import Desk
from pageview.wording import say
from presenter.buttons import Button, IconButton
from presenter.console_state import NumberOf
from presenter.labels import Chip, Elided, Icon
from presenter.menus import DeskMenu
from presenter.people_state import People, Person, doing
from protocol.ops import Allow
from protocol.transport.join_events import ParticipantLink
from protocol.values import PeerId

_LINKS = {
    ParticipantLink.LINKED: ("check_circle-fill", Desk.OK, "通信良好"),
    ParticipantLink.SLOW: ("warning-fill", Desk.WARN_BORDER, "通信が遅れています"),
    ParticipantLink.LOST: ("link_off", Desk.ERR, "つながりません"),
}


class PersonRow(QFrame):
    """One row; its signals carry the peer."""

    def __init__(self, peer: PeerId) -> None:
        super().__init__()
        self.peer = peer
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_person(self, person: Person, people: People, number_of: NumberOf) -> None:
        """Shows this person."""
        raise NotImplementedError

    def first_control(self) -> QWidget:
        """Where the keyboard begins in this row."""
        raise NotImplementedError


class WaitingRow(PersonRow):
    """Somebody to be let in. Delete declines."""

    let_in = Signal(int)
    declined = Signal(int)

    def __init__(self, peer: PeerId) -> None:
        super().__init__(peer)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 6, 0, 6)
        row.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(0)
        self._name, self._room = Elided(role="title"), Elided(role="secondary")
        words.addWidget(self._name)
        words.addWidget(self._room)
        row.addLayout(words, 1)
        self._yes, self._no = Button("入れる", "", "", "sm"), Button("断る", "", "text", "sm")
        self._yes.clicked.connect(lambda _checked=False: self.let_in.emit(self.peer))
        self._no.clicked.connect(lambda _checked=False: self.declined.emit(self.peer))
        row.addWidget(self._yes)
        row.addWidget(self._no)

    def show_person(self, person: Person, people: People, number_of: NumberOf) -> None:
        name = people.name_of(person)
        self._name.set_plain(name)
        self._room.set_words("{room}の番号で参加", room=people.room_of(person))
        self._yes.setAccessibleName(say("{name}さんを入れる", name=name))
        self._no.setAccessibleName(say("{name}さんを断る", name=name))

    def first_control(self) -> QWidget:
        return self._yes

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.declined.emit(self.peer)
        else:
            super().keyPressEvent(event)


class InsideRow(PersonRow):
    """Somebody who is in: what they look at, what they may do, and the keys for that."""

    floor_given = Signal(int)
    floor_declined = Signal(int)
    allowed = Signal(object)
    """Allow, without a name: all that this person may do from now on."""
    let_write = Signal(int, bool)
    removed = Signal(int)

    def __init__(self, peer: PeerId) -> None:
        super().__init__(peer)
        self._person: Person | None = None
        self._presents = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(2)
        row = QHBoxLayout()
        row.setSpacing(10)
        self._link = Icon("check_circle-fill", 22, Desk.OK)
        row.addWidget(self._link)
        words = QVBoxLayout()
        words.setSpacing(0)
        self._name, self._doing = Elided(role="title"), Elided(role="secondary")
        words.addWidget(self._name)
        words.addWidget(self._doing)
        row.addLayout(words, 1)
        self._writes = Chip("", "書き込み可", "on")
        self._saving, self._takeover = Chip("", "保存可", "on"), Chip("", "引き継ぎ可", "on")
        self._minutes, self._finds = Chip("", "記録可", "on"), Chip("", "調べもの可", "on")
        self._more = IconButton("more_vert", "操作")
        self._more.clicked.connect(lambda _checked=False: self._open_menu())
        row.addWidget(self._more)
        column.addLayout(row)
        column.addLayout(self._second_line())
        column.addLayout(self._third_line())

    def _second_line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setContentsMargins(32, 0, 0, 0)
        line.setSpacing(8)
        self._give = Button("替わってもらう", "", "", "sm")
        self._give.clicked.connect(lambda _checked=False: self.floor_given.emit(self.peer))
        self._later = Button("いまは断る", "", "text", "sm")
        self._later.clicked.connect(lambda _checked=False: self.floor_declined.emit(self.peer))
        for widget in (self._give, self._later, self._writes, self._minutes):
            line.addWidget(widget)
        line.addStretch(1)
        return line

    def _third_line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setContentsMargins(32, 0, 0, 0)
        line.setSpacing(8)
        for chip in (self._finds, self._saving, self._takeover):
            line.addWidget(chip)
        line.addStretch(1)
        return line

    def show_person(self, person: Person, people: People, number_of: NumberOf) -> None:
        self._person, self._presents = person, people.floor == person.facts.peer
        name, facts = people.name_of(person), person.facts
        icon, colour, link = _LINKS[facts.link]
        self._link.set_icon(icon, colour)
        self._link.setToolTip(say(link))
        self._name.set_plain(name)
        (words, values), tone = doing(person, people.floor, number_of)
        if len(people.rooms) > 1:
            values = {"room": people.room_of(person), "state": say(words, **values)}
            words = "{state}　{room}"
        self._doing.set_words(words, **values)
        self._doing.set_tone(tone)
        self._name.setToolTip(say("{room}の番号で参加", room=people.room_of(person)))
        self._give.setVisible(person.asks)
        self._later.setVisible(person.asks)
        self._give.setEnabled(facts.link is not ParticipantLink.LOST)
        self._writes.setVisible(facts.writes and not person.asks)
        self._minutes.setVisible(facts.minutes and not person.asks)
        self._finds.setVisible(facts.finds and not person.asks)
        self._saving.setVisible(facts.saving and not person.asks)
        self._takeover.setVisible(facts.takeover and not person.asks)
        self._more.set_words("{name}さんの操作", name=name)

    def first_control(self) -> QWidget:
        return self._give if self._give.isVisible() else self._more

    def menu(self) -> DeskMenu:
        """What can be done with this person, built anew each time."""
        menu = DeskMenu(self)
        if self._person is None:
            return menu
        facts = self._person.facts
        floor = menu.addAction(icons.icon("slideshow", Desk.PRIMARY), say("説明を替わってもらう"))
        floor.setEnabled(facts.link is not ParticipantLink.LOST and not self._presents)
        floor.triggered.connect(lambda: self.floor_given.emit(self.peer))
        menu.addSeparator()
        writes = facts.writes
        _tick(menu, "書き込みを許す", writes, lambda: self.let_write.emit(self.peer, not writes))
        now = Allow(self.peer, "", facts.saving, facts.takeover, facts.minutes, facts.finds)
        for words, on, then in (
            ("記録を許す", now.minutes, msgspec.structs.replace(now, minutes=not now.minutes)),
            ("調べものを許す", now.finds, msgspec.structs.replace(now, finds=not now.finds)),
            ("保存を許す", now.saving, msgspec.structs.replace(now, saving=not now.saving)),
            ("引き継ぎ可", now.takeover, msgspec.structs.replace(now, takeover=not now.takeover)),
        ):
            _tick(menu, words, on, partial(self.allowed.emit, then))
        menu.addSeparator()
        out = menu.addAction(icons.icon("logout", Desk.ERR), say("この人を外す"))
        out.triggered.connect(lambda: self.removed.emit(self.peer))
        return menu

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))


def _tick(menu: DeskMenu, words: str, on: bool, does: Callable[[], object]) -> None:
    """A line that says whether it is so, and turns it round."""
    line = menu.addAction(say(words))
    line.setCheckable(True)
    line.setChecked(on)
    line.triggered.connect(lambda _checked=False: does())


class Rows(QWidget):
    """Rows by peer. Who stays keeps the row; when the row with the keyboard goes, its neighbour gets it."""

    def __init__(self, make: Callable[[PeerId], PersonRow]) -> None:
        super().__init__()
        self._make = make
        self._rows: dict[PeerId, PersonRow] = {}
        self._shown: dict[PeerId, object] = {}
        self._order: tuple[PeerId, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_people(self, persons: Sequence[Person], people: People, number_of: NumberOf) -> None:
        """These persons, in this order."""
        order = tuple(person.facts.peer for person in persons)
        place = self._place_of_focus()
        for peer in set(self._rows) - set(order):
            gone = self._rows.pop(peer)
            self._shown.pop(peer, None)
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for at, person in enumerate(persons):
            self._show_one(at, person, people, number_of)
        lost = place is not None and self._order[place] not in order
        self._order = order
        if lost and place is not None and order:
            self.row(order[min(place, len(order) - 1)]).first_control().setFocus(
                Qt.FocusReason.OtherFocusReason
            )

    def _show_one(self, at: int, person: Person, people: People, number_of: NumberOf) -> None:
        peer = person.facts.peer
        if peer not in self._rows:
            self._rows[peer] = made = self._make(peer)
            for button in made.findChildren(QAbstractButton):
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row = self._rows[peer]
        if self._column.indexOf(row) != at:
            self._column.insertWidget(at, row)
        words = doing(person, people.floor, number_of)
        shown = person, words, people.name_of(person), people.room_of(person)
        if self._shown.get(peer) != shown:
            self._shown[peer] = shown
            row.show_person(person, people, number_of)

    def answered(self, peer: PeerId) -> None:
        """This person was answered: the next key is for the next one, also before the network has obeyed."""
        row = self._rows[peer]
        place = self._order.index(peer)
        held = self._place_of_focus() == place
        row.setEnabled(False)
        others = [
            other for other in (*self._order[place:], *self._order[:place]) if self._rows[other].isEnabled()
        ]
        if held and others:
            self._rows[others[0]].first_control().setFocus(Qt.FocusReason.OtherFocusReason)

    def row(self, peer: PeerId) -> PersonRow:
        """The row of that participant."""
        return self._rows[peer]

    def first(self) -> PersonRow | None:
        """The topmost row."""
        return self._rows[self._order[0]] if self._order else None

    def _place_of_focus(self) -> int | None:
        focus = self.window().focusWidget()
        for place, peer in enumerate(self._order):
            if focus is not None and self._rows[peer].isAncestorOf(focus):
                return place
        return None
