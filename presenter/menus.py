"""The menus of the console's head: the rooms with every key of their walls, and the papers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction, QActionGroup, QScreen
from PySide6.QtWidgets import QMenu, QWidget

import assets
from pageview import icons
from pageview.theme import Desk
from pageview.wording import plain, say
from presenter.actions import WALL_KEYS, Actions
from presenter.beside import Choice
from presenter.console_state import Link, Room, Words
from presenter.second_screen import other_screens, screen_title
from protocol.registers import Beside as Rule
from protocol.values import Viewing

_TONES = {"ok": Desk.OK, "warn": Desk.WARN_BORDER, "err": Desk.ERR}
VIEWING = (
    (Viewing.FREE, "可（どのページも自由に見られる）"),
    (Viewing.NOT_AHEAD, "説明中のページより先は見せない"),
    (Viewing.LOCKED, "不可（説明中のページだけ）"),
)
# What only one of the two does at a time, by what the wall has reported.
_HIDE, _SHOW, _FREE, _FOLLOW = "hide", "show", "look_freely", "follow"
_JOIN_CODE = "join_code"


class DeskMenu(QMenu):
    """A menu whose icons and arrows stand inside its edge."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setStyleSheet(
            "QMenu { icon-size: 20px; } QMenu::item { padding: 10px 40px 10px 28px; min-height: 24px; }"
            "QMenu::icon { left: 16px; } QMenu::indicator { left: 16px; width: 20px; height: 20px; }"
            f'QMenu::indicator:checked {{ image: url("{assets.ICONS.as_posix()}/tick_blue.svg"); }}'
            "QMenu::right-arrow { right: 14px; }"
        )


class RoomMenu(DeskMenu):
    """Built anew each time it is opened. ``state`` says how each room's wall stands."""

    def __init__(
        self,
        parent: QWidget,
        actions: Actions,
        rooms: Sequence[Room],
        state: Callable[[Room], tuple[str, str, Words]],
        wall_key: Callable[[int, str], None],
        reconnect: Callable[[int], None],
        drop: Callable[[int], None],
        joining: bool = False,
    ) -> None:
        super().__init__(parent)
        self._wall_key, self._reconnect, self._drop, self._joining = wall_key, reconnect, drop, joining
        for room in rooms:
            self._add_room(room, *state(room))
        if rooms:
            self.addSeparator()
        add = self.addAction(icons.icon("add", Desk.PRIMARY), say("会議室を加える"))
        add.triggered.connect(lambda: actions.run("add_room"))
        screen = self.addAction(say("つないだ画面に映す"))
        screen.setCheckable(True)
        screen.setChecked(actions["second_screen"].isChecked())
        if not screen.isChecked():  # an icon stands where the tick would
            screen.setIcon(icons.icon("desktop_windows", Desk.PRIMARY))
        screen.setEnabled(actions["second_screen"].isEnabled())
        screen.triggered.connect(lambda: actions.run("second_screen"))

    def _add_room(self, room: Room, icon: str, tone: str, words: Words) -> None:
        title = say("{room}　{state}", room=room.title, state=say(words[0], **words[1]))
        menu = DeskMenu(self)
        menu.setTitle(plain(title))
        menu.setIcon(icons.icon(icon, _TONES[tone]))
        self.addMenu(menu)
        if room.link is Link.LOST:
            menu.addAction(say("つなぎ直しています")).setEnabled(False)
            menu.addSeparator()
        elif room.link is Link.GONE:
            again = menu.addAction(icons.icon("sync", Desk.PRIMARY), say("つなぎ直す"))
            again.triggered.connect(lambda: self._reconnect(room.number))
            menu.addSeparator()
        else:
            for name, label in WALL_KEYS:
                if self._offered(room, name):
                    self._add_key(menu, room.number, name, label)
            menu.addSeparator()
        out = menu.addAction(icons.icon("logout", Desk.ERR), say("この会議室を外す"))
        out.triggered.connect(lambda: self._drop(room.number))

    def _add_key(self, menu: QMenu, number: int, name: str, label: str) -> None:
        key = menu.addAction(say(label))
        key.triggered.connect(lambda: self._wall_key(number, name))

    def _offered(self, room: Room, name: str) -> bool:
        hidden = room.position is not None and room.position.hidden_here
        free = room.position is not None and not room.position.following
        return not (
            (name == _HIDE and hidden)
            or (name == _SHOW and not hidden)
            or (name == _FREE and free)
            or (name == _FOLLOW and not free)
            or (name == _JOIN_CODE and not self._joining)
        )


class ViewingMenu(DeskMenu):
    """各自の閲覧: what people may look at on their own, and whether they may write on the walls."""

    def __init__(
        self,
        parent: QWidget,
        current: Viewing,
        choose: Callable[[Viewing], None],
        writing: bool,
        let_write: Callable[[bool], None],
    ) -> None:
        super().__init__(parent)
        group = QActionGroup(self)
        for viewing, words in VIEWING:
            line = self.addAction(say(words))
            line.setCheckable(True)
            line.setChecked(viewing is current)
            group.addAction(line)
            line.triggered.connect(lambda _checked=False, viewing=viewing: choose(viewing))
            if viewing is current:
                self.setActiveAction(line)
        self.addSeparator()
        write = self.addAction(say("会議室の画面に書き込めるようにする"))
        write.setCheckable(True)
        write.setChecked(writing)
        write.triggered.connect(let_write)


class PaperChoice(DeskMenu):
    """The papers of the briefing; choosing one shows its first page."""

    def __init__(
        self, parent: QWidget, papers: Sequence[str], current: int, choose: Callable[[int], None]
    ) -> None:
        super().__init__(parent)
        group = QActionGroup(self)
        for place, title in enumerate(papers):
            line = self.addAction(plain(title))
            line.setCheckable(True)
            line.setChecked(place == current)
            group.addAction(line)
            line.triggered.connect(lambda _checked=False, place=place: choose(place))


class PaperMenu(PaperChoice):
    """The same, with what else a presenter does with papers."""

    def __init__(
        self,
        parent: QWidget,
        actions: Actions,
        papers: Sequence[str],
        current: int,
        choose: Callable[[int], None],
    ) -> None:
        super().__init__(parent, papers, current, choose)
        self.addSeparator()
        add = self.addAction(icons.icon("add", Desk.PRIMARY), say("資料を加える"))
        add.triggered.connect(lambda: actions.run("open"))
        beside = self.addAction(icons.icon("slideshow", Desk.PRIMARY), say("並べて映す"))
        beside.setCheckable(True)
        beside.setChecked(actions["beside"].isChecked())
        beside.setEnabled(actions["beside"].isEnabled())
        beside.triggered.connect(lambda: actions.run("beside"))
        if len(papers) > 1:
            out = DeskMenu(self)
            out.setTitle(say("資料を外す"))
            out.setIcon(icons.icon("close", Desk.ERR))
            self.addMenu(out)
            for place, title in enumerate(papers):
                line = out.addAction(plain(title))
                line.triggered.connect(
                    lambda _checked=False, place=place: actions.run("withdraw_paper", place)
                )


class BesideMenu(DeskMenu):
    """並べて映す: what can stand beside the page shown."""

    def __init__(self, parent: QWidget, choices: Sequence[Choice], choose: Callable[[Rule], None]) -> None:
        super().__init__(parent)
        groups: dict[str, QMenu] = {}
        for choice in choices:
            menu: QMenu = self
            if choice.group and choice.group not in groups:
                groups[choice.group] = DeskMenu(self)
                groups[choice.group].setTitle(say(choice.group))
                self.addMenu(groups[choice.group])
            if choice.group:
                menu = groups[choice.group]
            line = menu.addAction(plain(say(choice.words, **choice.values)))
            line.triggered.connect(lambda _checked=False, rule=choice.rule: choose(rule))
        if self.actions():
            self.setActiveAction(self.actions()[0])


class PageMenu(DeskMenu):
    """What can be changed in the page itself; each line by its name."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget, *, words_chosen: bool) -> None:
        super().__init__(parent)
        if words_chosen:
            self._add("add_correction", "修正を加える", "edit_note")
            self._add("remove_words", "選んだ言葉を消す", "delete")
            self._add("move_words", "選んだ言葉を移す", "drag_indicator")
            self.addSeparator()
        self._add("add_words", "ここに文字を入れる", "text_fields")
        self._add("white_out", "白く塗って消す", "ink_eraser")
        self._add("remove_picture", "ここの図を消す", "delete")
        self._add("move_picture", "図を移す", "drag_indicator")
        self.addSeparator()
        self._add("overview", "ページの順を直す", "grid_view")

    def _add(self, name: str, words: str, icon: str) -> None:
        line = self.addAction(icons.icon(icon, Desk.PRIMARY), say(words))
        line.triggered.connect(lambda: self.chosen.emit(name))


def open_below(menu: QMenu, under: QWidget) -> None:
    """Opens a menu under a button; it is gone when it closes."""
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(under.mapToGlobal(QPoint(0, under.height() + 4)))


class ScreenMenu(DeskMenu):
    """Which attached screen to show on, where there are several."""

    def __init__(self, parent: QWidget, showing: str, choose: Callable[[QScreen], None]) -> None:
        super().__init__(parent)
        for screen in other_screens(parent.screen()):
            line: QAction = self.addAction(plain(screen_title(screen)))
            line.setCheckable(True)
            line.setChecked(screen_title(screen) == showing)
            line.triggered.connect(lambda _checked=False, screen=screen: choose(screen))
        if self.isEmpty():
            none = self.addAction(say("つないだ画面がありません"))
            none.setEnabled(False)
