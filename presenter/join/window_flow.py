"""The participant's window fed: follower, link, notes, search, menus; what is done there carried back."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from pageview.beside import halves
from pageview.paper_words import clean_name
from pageview.steps import label
from pageview.wording import language, say
from presenter.actions import Actions
from presenter.console_state import PageFacts, Words
from presenter.join.follower import Follower, Why
from presenter.join.network import ParticipantNetwork
from presenter.join.saving import Saving, file_name
from presenter.join.screen import WindowScreen
from presenter.join.window_state import Looking, Presented, WindowState
from presenter.menus import PaperChoice, open_below
from presenter.notes import Notes
from presenter.notes_saver import NotesSaver
from presenter.overview import Overview
from presenter.page_places import born_at
from presenter.rooms_state import room_title
from protocol.messages import WallPlace
from protocol.papers import Paper
from protocol.registers import SetScreen, ShowView
from protocol.transport.events import Event, IntroduceSeen, LinkBack, LinkLost
from protocol.transport.join_events import FloorRefused, WallsSeen
from protocol.values import PageId, Screen, Viewing

SAID_MS = 8_000
NAME_SHOWN = 40
NOT_NOW = "説明者が、このまま説明を続けます。発言は、あとでもう一度求めてください。"
WHY = {
    Why.STOPPED: "説明者が、各自の閲覧を止めています。",
    Why.AHEAD: "説明中のページより先は、まだ見られません。",
    Why.NOW_STOPPED: "説明者が、各自の閲覧を止めました。説明に合わせています。",
    Why.NOW_AHEAD: "説明中のページより先は見られなくなりました。説明に合わせています。",
}
HOLDS = {Viewing.LOCKED: (Why.STOPPED, Why.NOW_STOPPED), Viewing.NOT_AHEAD: (Why.AHEAD, Why.NOW_AHEAD)}
"""What is true of whoever follows."""


class WindowFlow(QObject):
    """Shows the briefing and carries what is done there. ``clock`` gives monotonic seconds."""

    shown = Signal(object)
    """WindowState, each time something of it changed."""
    found = Signal(tuple, int, int)
    """(Finds, pages read, pages there are), while somebody searches."""

    def __init__(
        self,
        screen: WindowScreen,
        follower: Follower,
        network: ParticipantNetwork,
        actions: Actions,
        notes: Notes,
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.screen, self.follower, self._network = screen, follower, network
        self._actions, self._notes, self._clock = actions, notes, clock
        self.state = WindowState()
        self._number: int | None = None
        self._walls: tuple[WallPlace, ...] = ()
        self._lost_at: float | None = None
        self.noted = False
        self.saver = NotesSaver(notes, parent=self)
        self.saver.trouble.connect(lambda trouble: self._change(disk_full=trouble is not None))
        self.saving = Saving(self)
        self.saving.done.connect(lambda name: self.notice("{file} に保存しました。", file=name))
        self.saving.failed.connect(self._not_saved)
        self.overview = Overview(screen, follower.thumbnail)
        self.overview.chosen.connect(self._overview_chosen)
        self.overview.closed.connect(self.close_overview)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._show)
        self._second = QTimer(self, interval=1_000)
        self._second.timeout.connect(self._show)
        self._said = QTimer(self, singleShot=True, interval=SAID_MS)
        self._said.timeout.connect(self._forget_passing)
        self._passing: Words = ("", {})
        self._connect()

    def _connect(self) -> None:
        follower, screen, find = self.follower, self.screen, self.screen.side.finder
        follower.changed.connect(self._soon.start)
        follower.page.hand.changed.connect(self._soon.start)
        follower.painted.connect(lambda _painted: self._soon.start())
        follower.withheld.connect(self._withheld)
        follower.set_wanted.connect(lambda view: self._network.set(ShowView(view)))
        follower.position.connect(self._network.present)
        follower.thumbnail_ready.connect(screen.strip.pages.repaint_page)
        follower.thumbnail_ready.connect(self.overview.repaint_page)
        follower.words_changed.connect(self._find)
        screen.page_chosen.connect(follower.go_to)
        screen.side.note_written.connect(self._note_written)
        screen.header.papers_wanted.connect(self._open_papers)
        screen.notices.dismissed.connect(lambda: self._change(notices=self.state.notices[:-1]))
        find.wanted.connect(lambda _text: self._find())
        find.chosen.connect(follower.go_to)
        find.closed.connect(self.leave_field)

    # --- life ---------------------------------------------------------------------------------------------

    def open(self, room: int | None) -> None:
        """Joined, by the number of that room."""
        self._number = room
        self._show()

    def clear(self) -> None:
        """Nothing of the briefing stays in any field, list or sentence."""
        self._second.stop()
        self._said.stop()
        self.close_overview()
        self.screen.side.finder.clear()
        self.screen.side.close_find()
        self.screen.side.set_corrections_open(False)
        self._actions.set_checked("corrections", False)
        self.screen.side.notes.field.document().clearUndoRedoStacks()
        self.overview.forget()
        self.screen.centre.pages.show_halves(None, None)
        self._lost_at = None
        self._walls = ()
        self.noted = False
        self.state = WindowState(disk_full=self.state.disk_full)
        self.screen.show_state(self.state)
        self._soon.stop()

    def close(self) -> None:
        """Waits for what is being written; OSError when notes cannot be saved to the last."""
        self.saving.close()
        self.saver.close()

    # --- what comes from the network ------------------------------------------------------------------------

    def take(self, event: Event) -> None:
        """Who presents, and how the link stands; what is about pages the follower takes."""
        match event:
            case IntroduceSeen(introduce):
                self._change(name=introduce.name, department=introduce.department)
            case LinkLost(at):
                self._lost_at = at
                self._second.start()
                self._change(asked=False)
            case WallsSeen(places):
                self._walls = places
                self._change(walls=len(places))
            case FloorRefused():
                self._change(asked=False)
                self.notice(NOT_NOW)
            case LinkBack():
                self._lost_at = None
                self._second.stop()
                self._soon.start()
            case _:
                pass

    # --- what is shown --------------------------------------------------------------------------------------

    def notice(self, words: str, **values: object) -> None:
        """Tells the person something, until it is put away."""
        if (words, values) not in self.state.notices:
            self._change(notices=(*self.state.notices, (words, values)))

    def _withheld(self, why: Why) -> None:
        self._say_for_a_while(WHY[why])

    def refused(self, name: str) -> None:
        """The key of an action that is switched off: why, where a reason is known."""
        action = self._actions[name]
        if self.follower.source is not None and action.toolTip() != action.text():
            self._say_for_a_while("{why}", why=action.toolTip())

    def _say_for_a_while(self, words: str, **values: object) -> None:
        """It is about what was just done, or has just changed."""
        self._forget_passing()
        self._passing = words, values
        self.notice(words, **values)
        self._said.start()

    def _forget_passing(self) -> None:
        self._change(notices=tuple(each for each in self.state.notices if each != self._passing))

    def _change(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]
        self._soon.start()

    def _show(self) -> None:
        follower = self.follower
        if follower.source is None:
            return
        briefing, registers = follower.briefing, follower.registers
        saving, takeover = follower.allowed
        state = replace(
            self.state,
            room=self._room_title(),
            looking=follower.looking,
            viewing=registers.viewing,
            screen=registers.screen,
            lost_s=self._clock() - self._lost_at if self._lost_at is not None else None,
            papers=tuple(paper.title for paper in briefing.papers),
            presented=self._presented(),
            saving=saving,
            takeover=takeover,
            finds=follower.may_find,
            private=follower.page.hand.private and follower.page.hand.draws,
            asked=self.state.asked and not follower.presenting,
        )
        if state.looking is Looking.PRESENTING and self.state.looking is not Looking.PRESENTING:
            self.close_overview()
            state = replace(state, notices=without_refusal(state.notices))
        holds = () if follower.presenting else HOLDS.get(registers.viewing, ())
        untrue = {WHY[why] for why in Why if why not in holds}
        notices = tuple(each for each in state.notices if each[0] not in untrue)
        self.state = self._with_page(replace(state, notices=notices))
        self.screen.show_state(self.state)
        if self.overview.isVisible():
            self.overview.show_pages(self.state.pages, self.state.first_page)
        followed = None if follower.page.free or follower.covered else registers.view
        pages = self.screen.centre.pages
        pages.show_halves(halves(briefing, followed, registers.beside), follower.source)
        self._switch(self.state)
        self.shown.emit(self.state)

    def _with_page(self, state: WindowState) -> WindowState:
        view, source = self.follower.page.view, self.follower.source
        place = self.follower.briefing.page(view.page_id) if view is not None else None
        if view is None or place is None or source is None:
            return replace(state, page=PageFacts(), page_id=None, pages=())
        paper, _index, page = place
        number, of = source.page_number(page.page_id)
        pages, first = self.follower.pages_to_look_at()
        return replace(
            state,
            paper_title=paper.title,
            paper_number=self.follower.briefing.papers.index(paper) + 1,
            edition=paper.edition.number,
            page=PageFacts(number, of, step=label(view)),
            page_id=page.page_id,
            pages=pages,
            first_page=first,
            received=None if source.fault(page.ref) else self.follower.received(page),
            unusable=self.follower.failed(page.ref.blob),
            note=self._notes.of(*self._note_place(page.page_id)),
        )

    def _room_title(self) -> str:
        """The room by whose number one joined, or when it has left the briefing, the first that is in it."""
        place = next((each for each in self._walls if each.number == self._number), None)
        place = place or next(iter(self._walls), None)
        if place is None:
            return "" if self._number is None else room_title(self._number, None)
        name = place.name_en if language() == "en" and place.name_en else place.name
        return room_title(place.number, clean_name(name, NAME_SHOWN) if name else None)

    def _presented(self) -> Presented | None:
        briefing, page_id = self.follower.briefing, self.follower.presented_page
        place = briefing.page(page_id) if page_id is not None else None
        if place is None or page_id is None:
            return None
        shown = self.paper()
        other = shown is not None and shown.paper != place[0].paper
        return Presented(page_id, place[1] + 1, place[0].title if other else "")

    def _switch(self, state: WindowState) -> None:
        """What can be done at this moment, and why not."""
        actions, presenting = self._actions, state.looking is Looking.PRESENTING
        actions.set_checked("follow", state.looking is Looking.FOLLOWING)
        actions.set_checked("look_freely", state.looking is Looking.FREELY)
        actions.set_checked("hide", state.screen is Screen.HIDDEN)
        stopped = state.viewing is Viewing.LOCKED and not presenting
        why = say(WHY[Why.STOPPED])
        for name in ("look_freely", "next", "back", "zoom_in", "zoom_out", "whole_page", "find", "overview"):
            actions.set_enabled(name, not stopped, why)
        alive = state.lost_s is None
        actions.set_enabled("hide", presenting)
        actions.set_enabled("return_floor", presenting and alive)
        actions.set_enabled("ask_floor", alive and not presenting, say("つなぎ直しています"))
        paper = self.paper()
        here = paper is not None and paper.blob.sha256 in self.follower.store
        reason = say("資料を受け取っています") if state.saving else say("保存には、説明者の許可が必要です")
        actions.set_enabled("save", state.saving and here, reason)
        actions.set_enabled("take_over", state.may_take_over)

    # --- notes ----------------------------------------------------------------------------------------------

    def _note_written(self, text: str) -> None:
        view, source = self.follower.page.view, self.follower.source
        page = source.page(view.page_id) if source is not None and view is not None else None
        if page is not None:
            self._notes.write(*self._note_place(page.page_id), text)
            self.noted = True
            self.saver.soon()

    def _note_place(self, page_id: PageId) -> tuple[bytes, int]:
        born = born_at(self.follower.briefing, page_id)
        return (born.blob, born.index) if born is not None else (b"", 0)

    # --- search ---------------------------------------------------------------------------------------------

    def open_find(self) -> None:
        """言葉を探す"""
        words = self.follower.words
        if words is not None:
            words.begin()
            self.screen.side.open_find()
            self._find()

    def _find(self) -> None:
        words, panel = self.follower.words, self.screen.side.finder
        if words is not None and self.screen.side.finding:
            finds = words.find(panel.field.text(), self.follower.may_find_on)
            panel.show_finds(finds, *words.progress())
            self.found.emit(finds, *words.progress())

    def leave_field(self) -> None:
        """Esc in a field: the search closes, and the keyboard is on the page."""
        self.screen.side.close_find()
        self.screen.centre.page.setFocus()

    # --- corrections ----------------------------------------------------------------------------------------

    def toggle_corrections(self) -> None:
        """The list of corrections, or the notes."""
        side = self.screen.side
        side.set_corrections_open(not side.corrections_open)
        self._actions.set_checked("corrections", side.corrections_open)
        self._actions.set_checked("minutes", False)

    # --- menus, pages, papers -------------------------------------------------------------------------------

    def open_papers(self) -> None:
        """The list of papers, from the keyboard."""
        self._open_papers(self.screen.header.paper)

    def _open_papers(self, under: QWidget) -> None:
        papers = self.follower.briefing.papers
        shown = self.paper()
        current = papers.index(shown) if shown is not None else -1
        menu = PaperChoice(self.screen, [paper.title for paper in papers], current, self._to_paper)
        open_below(menu, under)

    def _to_paper(self, place: int) -> None:
        papers = self.follower.briefing.papers
        if 0 <= place < len(papers):
            self.follower.go_to(papers[place].edition.pages[0].page_id)

    def paper(self) -> Paper | None:
        """The paper shown."""
        view = self.follower.page.view
        place = self.follower.briefing.page(view.page_id) if view is not None else None
        return place[0] if place is not None else None

    def go_to_number(self, number: int) -> None:
        """Page ``number`` (from 1) of the paper shown; nothing when it has none such."""
        paper = self.paper()
        if paper is not None and 1 <= number <= len(paper.edition.pages):
            self.follower.go_to(paper.edition.pages[number - 1].page_id)

    def go_to_overall(self, number: int) -> None:
        """Page ``number`` counted through all papers: from 1, or from the last one backwards from −1."""
        pages = list(self.follower.briefing.pages())
        if 1 <= number <= len(pages) or -len(pages) <= number < 0:
            self.follower.go_to(pages[number - 1 if number > 0 else number].page_id)

    def toggle_overview(self) -> None:
        """Every page of the paper, or the window again."""
        if self.overview.isVisible():
            self.close_overview()
        else:
            self.overview.open(self.state.pages, self.state.page_id, self.state.first_page)

    def close_overview(self) -> None:
        """The window again."""
        self.overview.hide()
        self.screen.centre.page.setFocus()

    def _overview_chosen(self, page_id: int) -> None:
        self.close_overview()
        self.follower.go_to(page_id)

    # --- what is asked of the presenter ---------------------------------------------------------------------

    def ask_floor(self) -> None:
        """発言を求める: open until it is answered."""
        self._network.ask_floor()
        self._change(asked=True, notices=without_refusal(self.state.notices))

    def return_floor(self) -> None:
        """説明を返す"""
        if self.follower.presenting:
            self._network.return_floor()

    def toggle_hidden(self) -> None:
        """With the floor: hides every wall, or shows the page again."""
        hidden = self.follower.registers.screen is Screen.HIDDEN
        self._network.set(SetScreen(Screen.SHOW if hidden else Screen.HIDDEN))

    # --- saving ---------------------------------------------------------------------------------------------

    def ask_where_to_save(self) -> None:
        """The system's own question for a file."""
        paper = self.paper()
        if paper is None:
            return
        dialog = QFileDialog(self.screen, say("資料を保存する"), "", "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(file_name(paper.title))
        dialog.fileSelected.connect(lambda name: self.save(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save(self, file: Path) -> None:
        """Writes the paper shown, if that is granted at this moment."""
        paper = self.paper()
        if paper is not None and self.follower.allowed[0] and paper.blob.sha256 in self.follower.store:
            self.saving.save(self.follower.store.data(paper.blob.sha256), file)

    def _not_saved(self, name: str, why: str) -> None:
        words = "{file} に保存できません（{why}）。別の場所を選んでください。"
        self.notice(words, file=name, why=why)


def without_refusal(notices: tuple[Words, ...]) -> tuple[Words, ...]:
    """A refusal is over with the next wish, and when the floor comes after all."""
    return tuple(each for each in notices if each != (NOT_NOW, {}))
