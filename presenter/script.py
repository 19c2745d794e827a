"""What the desk obeys when it is told by a program, and what it tells (`presenter.commands`)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject

from pageview.marquee import Marquee
from pageview.render_results import EditRefused
from pageview.wording import say
from pageview.words_box import WordsBox
from presenter.actions import Where
from presenter.archiving import Kept
from presenter.commands import Arguments, Commands, drag
from presenter.console_state import ConsoleState, Words
from presenter.desk import Desk
from presenter.export import USUAL
from presenter.export_files import Outcome
from presenter.lookup.finds import Find
from presenter.minutes.script import MinutesScript
from presenter.overview import Deed
from presenter.record_sheet import RecordSheet
from presenter.second_screen import other_screens
from presenter.source_turn import Turn
from presenter.stdin_lines import StdinLines
from protocol.ops import Allow
from protocol.papers import Paper
from protocol.presence import Position
from protocol.transport.events import (
    Back,
    Changed,
    Event,
    Failed,
    FloorRequested,
    Found,
    Gone,
    Lost,
    Paired,
    RoomLinkState,
    RoomSeen,
    WallPosition,
)
from protocol.transport.join_events import (
    JoiningState,
    ParticipantGone,
    ParticipantPosition,
    ParticipantSeen,
)
from protocol.values import View, Viewing

JOURNAL_S = 5.0
PANEL_WISHES = frozenset(
    {
        "joining_wanted",
        "approval_wanted",
        "new_code_wanted",
        "code_on_walls_wanted",
        "let_in",
        "declined",
        "floor_given",
        "floor_declined",
        "allowed",
        "let_write",
    }
)


class Script(Commands):
    """The presenter's."""

    def __init__(
        self,
        desk: Desk,
        evidence: Path | None,
        painted_ns: int,
        lines: StdinLines | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(
            desk, desk.parts.window, desk.parts.page, desk.parts.actions, evidence, lines, parent
        )
        self._desk = desk
        self._said: tuple[Words, Words] | None = None
        self._note = ""
        self._papers = 0
        minutes = desk.parts.minutes
        self._minutes = MinutesScript(self, desk.parts.actions, minutes.minuting, minutes.panel)
        self._papers_told: tuple[Paper, ...] = ()
        self._pages: list[int] = []
        self._editions: dict[int, int] = {}
        self._listen()
        obeys = {
            "open": lambda a: desk.parts.papers.add([Path(file).absolute() for file in a["files"]]),
            "remove": lambda a: desk.parts.papers.remove(desk.parts.papers.chosen[a["n"] - 1].key),
            "password": self._password,
            "connect": self._connect,
            "code": lambda a: desk.parts.rooms.submit(a["code"]),
            "start": lambda _a: self._run("start"),
            "rehearse": lambda _a: self._run("rehearse"),
            "resume": lambda _a: desk.parts.start.screen.resume_wanted.emit(),
            "jump": lambda a: desk.parts.session.go_to_overall(a["page"]),
            "pointer": lambda a: desk.parts.session.point_at(a["x"], a["y"]),
            "wording": self._wording,
            "beside": self._beside,
            "lookup": self._lookup,
            "export": lambda a: desk.parts.export.begin(USUAL, Path(a["folder"])),
            "confirm_record": lambda a: self._confirm(a.get("pictured", False)),
            "plan": self._plan,
            "page_edit": self._page_edit,
            "page_deed": self._page_deed,
            "pages_of": lambda a: desk.parts.pages.await_file(Path(a["file"]), self._page_id(a["after"])),
            "drop": lambda a: desk.parts.rooms.drop(a["room"]),
            "people": self._people,
            "wall_key": lambda a: desk.parts.network.press_wall_key(a["room"], a["name"]),
            "viewing": lambda a: desk.parts.session.set_viewing(Viewing[a["viewing"]]),
            "journal": lambda _a: self.tell("journal", written=desk.parts.disk.wait_written(JOURNAL_S)),
            **self._minutes.obeys(),
            "cut": lambda a: desk.parts.network.cut(a["seconds"]),
            "end": lambda _a: desk.end(),
        }
        self.begin(obeys, painted_ns)

    def _listen(self) -> None:
        desk, parts = self._desk, self._desk.parts
        parts.papers.ready.connect(
            lambda chosen: self.tell("opened", file=str(chosen.path), pages=len(chosen.sizes))
        )
        parts.papers.refused.connect(
            lambda chosen: self.tell(
                "refused", file=str(chosen.path), stage=chosen.stage.name, why=chosen.why
            )
        )
        parts.start.offered.connect(lambda: self.tell("unclosed"))
        parts.session.moved.connect(self._moved)
        parts.session.floor_moved.connect(lambda former, now: self.tell("floor", former=former, now=now))
        parts.rooms.freed.connect(lambda title: self.tell("freed", title=title) if title else None)
        parts.actions.ran.connect(self._ran)
        desk.started.connect(lambda: self.tell("showing"))
        desk.ended.connect(lambda wiped, silent: self.tell("ended", wiped=list(wiped), silent=list(silent)))
        desk.news.seen.connect(self._happened)
        parts.screens.changed.connect(lambda: self.tell("attached", screen=parts.screens.showing))
        parts.screens.attachable.connect(self._attachable)
        parts.screens.position.connect(self._attached)
        parts.console.shown.connect(self._shown)
        parts.drawing.inked.connect(lambda count: self.tell("inked", marks=count))
        parts.corrections.correcting.changed.connect(self._corrected)
        parts.corrections.correcting.told.connect(
            lambda told: self.tell(
                "told", why=told.not_made.why.name if isinstance(told, EditRefused) else ""
            )
        )
        parts.export.exporting.done.connect(self._exported)
        parts.keeping.kept.connect(self._kept)
        parts.keeping.filed.connect(lambda folder: self.tell("filed", folder=str(folder)))
        parts.lookup.looking.changed.connect(self._looked)
        parts.lookup.waiting_changed.connect(lambda n: self.tell("finds", waiting=n))
        parts.lookup.preparing.changed.connect(
            lambda: self.tell("prepared", cards=len(parts.lookup.searching.cards.cards))
        )
        parts.archive.progressed.connect(
            lambda progress: self.tell(
                "archive", done=progress.done, of=progress.of, resting=progress.resting
            )
        )
        parts.sources.made.connect(self._source_taken)
        parts.sources.converting_changed.connect(
            lambda: self.tell("converting", title=parts.sources.converting)
        )
        parts.corrections.correcting.texts.known.connect(lambda _ref: self.tell("characters"))

    def _corrected(self) -> None:
        newest = self._desk.parts.corrections.correcting.all()[-1:]
        for correction in newest:
            self.tell("correction", number=correction.number, state=correction.state.name)

    def _looked(self) -> None:
        """What the look-up shows to the presenter alone."""
        lookup = self._desk.parts.lookup
        rows = lookup.searching.rows() if lookup.dialog.isVisible() else ()
        self.tell(
            "looked",
            title=lookup.looking.title,
            source=lookup.looking.source_words,
            there=lookup.looking.is_there,
            finds=sum(isinstance(row, Find) for row in rows),
        )

    def _source_taken(self, made: Turn) -> None:
        paper = self._desk.parts.source.briefing.paper(made.paper)
        number = paper.edition.number if paper is not None else 0
        pages = [self._page(page_id) for page_id in made.changed + made.fresh]
        self.tell("source", paper=made.paper, number=number, pages=pages, in_tray=made.in_tray)

    def _exported(self, outcome: Outcome) -> None:
        files = [str(file) for file in outcome.written]
        self.tell("exported", files=files, told=[say(words, **values) for words, values in outcome.told])

    def _kept(self, kept: Kept) -> None:
        confirmed = kept.record.confirmed is not None
        self.tell("kept", folder=str(kept.folder), place=str(kept.place), confirmed=confirmed)

    # --- commands -----------------------------------------------------------------------------------------

    def _password(self, a: Arguments) -> None:
        wanted = Path(a["file"]).name
        for chosen in self._desk.parts.papers.chosen:
            if chosen.path.name == wanted:
                self._desk.parts.papers.unlock(chosen.key, a["password"])

    def _confirm(self, pictured: bool) -> None:
        """Opens the record as a person would, and confirms it as it is."""
        self._desk.parts.keeping.open_record()
        for sheet in self._desk.parts.window.findChildren(RecordSheet):
            sheet.pictured.setChecked(pictured)
            sheet.confirm.click()

    def _plan(self, a: Arguments) -> None:
        """The agenda: a ``subject``, [minutes, who explains] for each of ``papers``, and ``on_walls``."""
        plan = self._desk.parts.plan
        papers = [
            replace(paper, minutes=minutes, explainer=explainer)
            for paper, (minutes, explainer) in zip(plan.planned(), a["papers"], strict=True)
        ]
        plan.decide(a["subject"], papers, a["on_walls"])

    def _connect(self, a: Arguments) -> None:
        if self._desk.parts.window.where is not Where.ROOMS:
            self._run("add_room" if self._desk.parts.session.running else "choose_room")
        self._desk.parts.rooms.choose(a["room"], a.get("address", ""))

    def _wording(self, a: Arguments) -> None:
        """Types in the dock as a person would: the text whole, or in front of what is there by then.

        ``apply`` sets it in the paper.
        """
        field = self._desk.parts.console.console.centre.dock.field
        text = a["text"] + field.text() if a.get("in_front") else a["text"]
        field.setText(text)
        field.textEdited.emit(text)
        if a.get("apply"):
            field.applied.emit()

    def _beside(self, a: Arguments) -> None:
        """The first line of that group of the menu, or that line."""
        beside = self._desk.parts.beside
        beside.choose(next(c.rule for c in beside.choices() if a["line"] in (c.group, c.words)))

    def _lookup(self, a: Arguments) -> None:
        """Types in the field of the look-up as a person would: the words whole."""
        self._desk.parts.lookup.dialog.field.setText(a["words"])

    def _page_deed(self, a: Arguments) -> None:
        """A key of the overview, with the keyboard on that page of the paper shown."""
        overview = self._desk.parts.console.overview
        if not overview.isVisible():
            self._run("overview")
        overview.put_keyboard_on(self._page_id(a["page"]))
        overview.do(Deed[a["name"]])

    def _page_edit(self, a: Arguments) -> None:
        """A line of the page's menu, opened at fractions of the page; then its drag, or its words."""
        page = self._view
        at = self._on_page(a["x"], a["y"])
        spot = page.page_at(at)
        if spot is not None:
            self._desk.parts.editing.do(a["name"], spot)
        for marquee in page.findChildren(Marquee):
            drag(marquee, at, self._on_page(*a["to"]))
        for box in page.findChildren(WordsBox):
            box.setPlainText(a["text"])
            box.finish()

    def _page_id(self, number: int) -> int:
        return self._desk.parts.session.pages_of_paper()[number - 1]

    def _people(self, a: Arguments) -> None:
        """A key of the participants' panel: the name of its signal, and what it carries."""
        panel = self._desk.parts.console.console.people
        if a["wish"] not in PANEL_WISHES:
            raise ValueError(a["wish"])
        values = a.get("values", ())
        if a["wish"] == "allowed":
            peer, *wanted = values
            values = (Allow(peer, "", *wanted),)
        getattr(panel, a["wish"]).emit(*values)

    # --- events -------------------------------------------------------------------------------------------

    def _moved(self, view: View) -> None:
        page = self._desk.parts.source.page_number(view.page_id)[0]
        self.tell(
            "moved", page_id=view.page_id, page=page, rect=_rect(view), step=view.step, steps=view.steps
        )

    def _shown(self, state: ConsoleState) -> None:
        """What the console says, whenever that is something else: of the rooms, its note, papers, notices."""
        said = state.pill.title, state.truth.words
        if said != self._said:
            self._said = said
            pill, truth = (say(words, **values) for words, values in said)
            self.tell("says", pill=pill, truth=truth)
        if state.note != self._note:
            self._note = state.note
            self.tell("note", text=state.note)
        if len(state.papers) != self._papers:
            self._papers = len(state.papers)
            self.tell("papers", count=self._papers)
        self.tell_notices(state.notices)

    def _attachable(self) -> None:
        self.tell("attachable", screens=len(other_screens(self._desk.parts.window.screen())))

    def _attached(self, position: Position) -> None:
        self.tell("attached_painted", page=self._page(position.page_id), sharp=position.sharp)

    def _page(self, page_id: int | None) -> int:
        return self._desk.parts.source.page_number(page_id)[0] if page_id is not None else 0

    def _ran(self, name: str) -> None:
        if name == "hold":
            self.tell("held", held=self._desk.parts.session.showing.held)

    def _happened(self, event: Event) -> None:
        match event:
            case RoomSeen():
                self.tell("room_seen", room=event.number, in_use=event.in_use)
            case WallPosition(number, position):
                rect = position.rect
                self.tell(
                    "wall",
                    room=number,
                    page_id=position.page_id,
                    page=self._page(position.page_id),
                    rect=[rect.x0, rect.y0, rect.x1, rect.y1] if rect is not None else None,
                    sharp=position.sharp,
                    following=position.following,
                    counted=number in self._desk.parts.rooms.book.paired,
                )
            case RoomLinkState(number, state):
                self._linked(number, state)
            case Changed():
                self.tell_marks(event)
                self._tell_pages(event)
            case JoiningState(code, approval):
                self.tell("joining", code=code, approval=approval)
            case ParticipantSeen(who):
                self.tell(
                    "participant",
                    peer=who.peer,
                    name=who.name,
                    approved=who.approved,
                    link=who.link.name,
                    role=who.role.name,
                    saving=who.saving,
                    takeover=who.takeover,
                    minutes=who.minutes,
                    writes=who.writes,
                )
            case ParticipantPosition(peer, position):
                page, following = self._page(position.page_id), position.following
                self.tell("participant_at", peer=peer, page=page, following=following)
            case ParticipantGone(peer, name, gone):
                self.tell("participant_gone", peer=peer, name=name, reason=gone.name)
            case FloorRequested(peer):
                self.tell("floor_asked", peer=peer)
            case _:
                pass

    def _tell_pages(self, event: Changed) -> None:
        if event.briefing.papers is self._papers_told:
            return
        self._papers_told = event.briefing.papers
        pages = [page.page_id for page in event.briefing.pages()]
        if pages != self._pages:
            self._pages = pages
            self.tell("pages", ids=pages)
        editions = {paper.paper: paper.edition.number for paper in event.briefing.papers}
        for paper, number in editions.items():
            if self._editions.get(paper, 1) != number:
                self.tell("edition", paper=paper, number=number)
        self._editions = editions

    def _linked(self, number: int, state: object) -> None:
        match state:
            case Found(digits):
                self.tell("found", room=number, digits=digits)
            case Paired():
                self.tell("paired", room=number, name=state.name, registered=state.registered)
            case Failed(reason):
                self.tell("failed", room=number, reason=reason.name)
            case Lost():
                self.tell("lost", room=number)
            case Back():
                self.tell("back", room=number)
            case Gone(reason):
                self.tell("gone", room=number, reason=reason.name)
            case _:
                pass


def _rect(view: View) -> list[int]:
    return [view.rect.x0, view.rect.y0, view.rect.x1, view.rect.y1]
