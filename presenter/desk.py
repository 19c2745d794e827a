"""The desk as a whole: its screens and the ways from one to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QScreen

from pageview.wording import say
from presenter.actions import Where
from presenter.chosen import Chosen
from presenter.dialogs import Question
from presenter.ending import Ending
from presenter.joining_room import READY_PICTURE, JoiningRoom
from presenter.leaving import ask_before_closing, end_question
from presenter.menus import ScreenMenu
from presenter.news import GONE_WORDS, News
from presenter.offer import offer_ops, previewed
from presenter.parts import Parts
from presenter.ready import ReadyState
from presenter.second_screen import other_screens, screen_title
from protocol.model import Briefing
from protocol.transport.events import GoneReason
from protocol.transport.settings import Profile
from protocol.values import OWNER, OpId

if TYPE_CHECKING:
    from presenter.read_back import Resumed


class Desk(QObject):
    """Decides which screen is shown and what happens on the way. Everything else is in its parts."""

    started = Signal()
    """開始: the first page is being shown."""
    ended = Signal(tuple, tuple)
    """(rooms wiped, rooms silent)"""
    finished = Signal()
    """The window is closed."""

    def __init__(self, parts: Parts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.parts = parts
        self._asking_end: Question | None = None
        self._screen_wanted: QScreen | None = None
        self._freed_room = ""
        self.joining_room = JoiningRoom(parts)
        self.news = News(parts, self._refresh_ready, self)
        self.news.left_early.connect(self._left_early)
        parts.rooms.paired.connect(lambda _number: self.to_ready())
        parts.people.changed.connect(self._refresh_ready)
        parts.console.reconnect_wanted.connect(self.reconnect)
        parts.start.resume_wanted.connect(parts.recovery.begin)
        parts.recovery.done.connect(self._resumed)
        parts.recovery.failed.connect(parts.start.notice)
        parts.network.secrets.connect(parts.secrets.keep)
        parts.network.troubled.connect(parts.start.notice)
        parts.disk.begun.connect(parts.secrets.belong_to)
        parts.papers.ready.connect(self._paper_ready)
        parts.console.console.files_dropped.connect(parts.papers.add)
        self.ending = Ending(parts, self)
        self.ending.over.connect(self._over)
        parts.window.close_wanted.connect(self.close)
        parts.rooms.freed.connect(self._room_freed)
        parts.papers.changed.connect(self._allow_freed_room)
        self.started.connect(self._allow_freed_room)
        self.ended.connect(self._allow_freed_room)
        parts.window.freed_room.dismissed.connect(parts.rooms.wait_no_more)
        parts.screens.changed.connect(self._screens_changed)
        parts.screens.attachable.connect(self._screens_changed)
        parts.screens.key_pressed.connect(parts.keys.take)
        parts.preferences.changed.connect(self._person_changed)
        parts.preferences.changed.connect(parts.plan.look_again)
        parts.preferences.searched.connect(parts.archive.set_folders)
        parts.jump.changed.connect(parts.console.console.show_jump)
        self._screens_changed()
        self._room_freed("")

    def open(self, files: Sequence[Path], notices: Sequence[str]) -> None:
        """The first screen with the files of the command line."""
        for notice in notices:
            self.parts.start.notice("{text}", text=notice)
        self.parts.papers.add(files)
        self.parts.start.look_for_unclosed(datetime.now())
        self.parts.keeping.archiving.read_rule()
        self.parts.keeping.archiving.file_all()
        self.parts.keeping.hand_off.begin()
        self.parts.network.prepared.connect(self._look_around)
        self.parts.network.prepare()
        self.parts.archive.set_folders(self.parts.settings.value.searched)

    def _look_around(self) -> None:
        """Rooms are heard of before the list of them is opened."""
        if self.parts.start.offers:
            return  # participants who dial before it goes on would be told that their session is over
        self.parts.network.start(self.profile())

    # --- the way to a briefing ----------------------------------------------------------------------------

    def profile(self) -> Profile:
        """Who presents."""
        settings = self.parts.settings.value
        return Profile(settings.name, settings.department)

    def to_start(self) -> None:
        """The first screen, for the next briefing."""
        self.parts.keeping.let_go()
        self.parts.window.show_screen(Where.START)
        self.parts.plan.look_again()
        self.parts.start.look_for_unclosed(datetime.now())

    def to_rooms(self) -> None:
        """The screen for picking a room."""
        parts = self.parts
        parts.network.start(self.profile())
        self._screen_wanted = None if parts.session.running else self._screen_wanted
        parts.window.show_screen(Where.ROOMS, parts.rooms.screen.search)
        parts.rooms.open()

    def to_freed_room(self) -> None:
        """The room that one waited for is free: to its number."""
        self.to_rooms()
        self.parts.rooms.to_freed()

    def _room_freed(self, title: str) -> None:
        self._freed_room = title
        self.parts.window.freed_room.show_room(title)
        self._allow_freed_room()

    def _allow_freed_room(self) -> None:
        """Its number is typed where there is something to show."""
        parts = self.parts
        has_papers = parts.session.running or bool(parts.papers.showable)
        can = bool(self._freed_room) and has_papers
        parts.actions.set_enabled("freed_room", can, say("映せる資料を1つ以上選んでください"))

    def back(self) -> None:
        """From the rooms to where one came from."""
        parts = self.parts
        parts.rooms.leave()
        if parts.session.running:
            self.joining_room.let_go()
            parts.window.show_screen(Where.CONSOLE, parts.page)
        elif parts.rooms.book.paired and parts.window.where is Where.ROOMS:
            self.to_ready()
        else:
            self._let_rooms_go()
            parts.window.show_screen(Where.START)

    def choose_other_room(self) -> None:
        """The rooms connected so far are let go, and others can be chosen."""
        if self.parts.session.running:
            self.joining_room.let_go()
        else:
            self._let_rooms_go()
        self._screen_wanted = None
        self.to_rooms()

    def _let_rooms_go(self) -> None:
        for room in self.parts.rooms.book.rooms():
            self.parts.rooms.drop(room.number)

    def to_ready(self) -> None:
        """Connected: the room's name and the page that will appear, before anything is shown there."""
        parts = self.parts
        parts.rooms.leave()
        parts.window.show_screen(Where.READY, parts.ready.start)
        self._preview()

    def _preview(self) -> None:
        """On the screen that shows room and page: the page that will appear, of the papers there are now."""
        parts = self.parts
        if parts.window.where is not Where.READY:
            return
        running = parts.session.running
        briefing = previewed(() if running else parts.papers.showable)
        if not running:
            parts.source.set_briefing(briefing)
        self._refresh_ready()
        self._get_ready(briefing)

    def _left_early(self, number: int) -> None:
        """With the last place gone there is nothing to begin: back to its code."""
        parts = self.parts
        ready = parts.window.where is Where.READY
        if ready and not parts.rooms.book.rooms() and self._screen_wanted is None:
            self.to_rooms()
            parts.rooms.choose_again(number)

    def _get_ready(self, briefing: Briefing) -> None:
        """While the person looks at the first page's picture: it is made ready to travel, and drawn for the
        console."""
        first = next(briefing.pages(), None)
        if first is not None:
            self.parts.renderer.ask_subset(first.ref.blob, first.ref.index)
            self.parts.window.lay_out(Where.CONSOLE)
            self.parts.page.prepare(self.parts.source.steps_of(first.page_id)[0])

    def _refresh_ready(self) -> None:
        parts = self.parts
        if parts.window.where is not Where.READY:
            return
        if parts.session.running:
            state = self.joining_room.state()
            if state is None:
                self.back()
            else:
                parts.ready.show_state(state)
            return
        chosen = parts.papers.showable
        rooms = parts.rooms.book.rooms()
        briefing = parts.source.briefing
        first = next(briefing.pages(), None) if briefing is not None else None
        people = parts.people.people
        parts.ready.show_state(
            ReadyState(
                rooms=tuple(room.title for room in rooms),
                place=rooms[0].place if rooms else "",
                registered=all(room.registered for room in rooms),
                screen=screen_title(self._screen_wanted) if self._screen_wanted is not None else "",
                title=chosen[0].title if chosen else "",
                pages=len(chosen[0].sizes) if chosen else 0,
                first_page=parts.source.thumbnail(first.page_id, *READY_PICTURE)
                if first is not None
                else None,
                join_room=rooms[0].number if rooms else 0,
                join_code=people.code or "",
                people=len(people.inside),
            )
        )

    # --- a briefing ---------------------------------------------------------------------------------------

    def rehearse(self) -> None:
        """The same console, with no place that shows anything; nothing while a briefing runs."""
        if self.parts.session.running:
            return
        self.parts.rooms.leave()
        self._let_rooms_go()
        self._screen_wanted = None
        self._begin()

    def start(self) -> None:
        """開始 on the screen that shows room and page, and nowhere else."""
        if self.parts.window.where is not Where.READY:
            return
        if not self.parts.session.running:
            self._begin()
        elif self.joining_room.start():
            self.show_console()

    def _begin(self) -> None:
        parts = self.parts
        chosen = parts.papers.showable
        if not chosen:
            return
        parts.network.start(self.profile())
        parts.network.record_into(parts.disk.begin(datetime.now()))
        briefing = previewed(chosen)
        parts.source.set_briefing(briefing)
        self._offer(chosen, Briefing())
        briefing = parts.plan.begin(briefing)
        for file, paper in zip(chosen, briefing.papers, strict=True):
            parts.sources.follow(file, paper)
        for room in parts.rooms.book.rooms():
            parts.network.start_room(room.number)
            parts.disk.see()
        parts.console.begin({paper.sha256: paper.original for paper in chosen})
        parts.session.begin(briefing)
        if self._screen_wanted is not None:
            parts.screens.show_on(self._screen_wanted)
        self.show_console()
        parts.disk.keep(briefing)
        parts.disk.tell(briefing, parts.rooms.book.rooms(), parts.console.originals)
        self.started.emit()

    def _offer(self, papers: Sequence[Chosen], briefing: Briefing) -> Briefing:
        """Commits these papers behind those of ``briefing``; the briefing with them."""
        network, store = self.parts.network, self.parts.store
        for paper in papers:
            network.add_blob(paper.sha256, store.data(paper.sha256))
            for op in offer_ops(paper, briefing):
                network.edit(op)
                briefing = briefing.apply(op, OpId(OWNER, briefing.revision))
        return briefing

    def show_console(self) -> None:
        """The screen of a running briefing."""
        parts = self.parts
        parts.console.console.set_side_open(parts.settings.value.side_open)
        parts.window.show_screen(Where.CONSOLE, parts.page)

    def _paper_ready(self, chosen: Chosen) -> None:
        """It is remembered; while a briefing runs it joins it, as its last paper."""
        parts, today = self.parts, datetime.now().date()
        parts.settings.change(lambda settings: settings.with_paper(chosen.path, today))
        if not parts.session.running:
            parts.start.refresh()
            self._preview()
        elif parts.pages.takes(chosen):
            pass
        elif parts.session.briefing.blobs().get(chosen.sha256) is None:
            offered = self._offer([chosen], parts.session.briefing)
            parts.sources.follow(chosen, offered.papers[-1])
            parts.console.add_original(chosen.sha256, chosen.original)
        else:
            parts.console.notice("「{title}」は、もう加えてあります。", title=chosen.title)
            parts.sources.follow_anew(chosen)

    def _resumed(self, resumed: Resumed) -> None:
        """An unclosed briefing goes on where it was; its rooms return by themselves."""
        parts = self.parts
        parts.network.record_into(parts.disk.resume(resumed.left, resumed.chain))
        parts.plan.forget()
        parts.rooms.expect(room.number for room in resumed.recovered.secrets.rooms)
        parts.network.start(self.profile(), resumed.recovered)
        for sha256 in resumed.blobs:
            parts.renderer.open(sha256)
            parts.network.add_blob(sha256, parts.store.data(sha256))
        parts.source.set_briefing(resumed.briefing)
        parts.console.begin(dict(resumed.left.about.originals))
        parts.tray.show()
        parts.session.go_on(resumed.briefing, resumed.elapsed_s, resumed.view)
        self.show_console()
        for title in resumed.missing:
            parts.console.notice("「{title}」の写しがないため、映せません。", title=title)
        known = {room.title for room in parts.rooms.book.rooms()}
        for room in resumed.left.about.rooms:
            if room not in known:
                parts.console.notice(GONE_WORDS[GoneReason.FORGOTTEN], room=room)
        self.started.emit()

    # --- the end ------------------------------------------------------------------------------------------

    def ask_end(self) -> None:
        """Asks once; a clicker's Esc must not end a briefing. A correction in hand stays open."""
        if not self.parts.session.running or self._asking_end is not None:
            return
        self.parts.corrections.correcting.put_down()
        self._asking_end = end_question(self.parts, self.end)
        self._asking_end.destroyed.connect(self._end_asked)

    def _end_asked(self) -> None:
        self._asking_end = None

    def end(self) -> None:
        """The briefing is over: every place wipes."""
        if not self.parts.session.running:
            return
        self.news.takeovers.clear()
        self.ending.begin()

    def _over(self, wiped: tuple[int, ...], silent: tuple[int, ...]) -> None:
        self._screen_wanted = None
        self.ended.emit(wiped, silent)

    def close(self) -> None:
        """The window's ×: a running briefing is ended first, by the same question."""
        if self.parts.session.running:
            self.ask_end()
        else:
            self.leave_end(self.quit)

    def leave_end(self, then: Callable[[], None]) -> None:
        """The end screen is left; what nobody sees to is asked for once."""
        ask_before_closing(self.parts, self.parts.keeping.unassigned, then)

    def quit(self) -> None:
        """Everything is put away and the window closes. A briefing still running is left to be resumed."""
        parts = self.parts
        parts.settings.change(lambda s: replace(s, window=parts.window.geometry_text()))
        parts.network.record_into(None)
        parts.disk.close(erase=False)
        parts.close()
        parts.window.end()
        self.finished.emit()

    # --- rooms and screens beside the way -------------------------------------------------------------------

    def reconnect(self, number: int, *, held: bool = False) -> None:
        """A room that has forgotten the briefing, or is ``held`` by it, is paired anew, by its code."""
        self.to_rooms()
        self.parts.rooms.choose_again(number, held=held)

    def second_screen(self) -> None:
        """Shows on an attached screen, or no longer; where there are several, asks on which."""
        parts = self.parts
        if parts.screens.showing:
            parts.screens.put_away()
            return
        others = other_screens(parts.window.screen())
        if len(others) == 1:
            self.show_on(others[0])
        else:
            menu = ScreenMenu(parts.window, "", self.show_on)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(parts.window.cursor().pos())

    def show_on(self, screen: QScreen) -> None:
        """Shows there at once in a running briefing; else with 開始, after page and screen were seen."""
        if self.parts.session.running:
            self.parts.screens.show_on(screen)
        else:
            self._screen_wanted = screen
            self.to_ready()

    def _screens_changed(self) -> None:
        parts = self.parts
        if self._screen_wanted is not None and self._screen_wanted not in QGuiApplication.screens():
            self._screen_wanted = None
            if parts.window.where is Where.READY and not parts.rooms.book.rooms():
                self.to_rooms()
        self._refresh_ready()
        if parts.screens.showing:
            parts.disk.see()
        attached = bool(other_screens(parts.window.screen()))
        parts.actions.set_checked("second_screen", bool(parts.screens.showing))
        parts.actions.set_enabled(
            "second_screen", attached or bool(parts.screens.showing), say("つないだ画面がありません")
        )
        parts.console.refresh()

    # --- settings -------------------------------------------------------------------------------------------

    def _person_changed(self, name: str, department: str) -> None:
        self.parts.network.introduce(name, department)
        # Dates and counts within a sentence are said where they are put together, not by the label.
        self.parts.rooms.retranslate()
        self.parts.start.refresh()
        self._screens_changed()

    def toggle_panel(self) -> None:
        """The console's side panel."""
        opened = not self.parts.settings.value.side_open
        self.parts.settings.change(lambda settings: replace(settings, side_open=opened))
        self.parts.console.console.set_side_open(opened)
