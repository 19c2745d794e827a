"""What the participant's window obeys when it is told by a program, and what it tells."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt

from pageview.page_view import Painted
from pageview.wording import say
from presenter.actions import Where
from presenter.commands import Arguments, Commands
from presenter.join.desk import ParticipantDesk
from presenter.join.entrance_state import EntranceState
from presenter.join.window_state import WindowState, caption, pill
from presenter.lookup.all_words import Find
from presenter.lookup.finds import Passed
from presenter.minutes.script import MinutesScript
from protocol.transport.events import Changed, Event, LinkBack, LinkLost, RoomSeen
from protocol.transport.join_events import FindDecided, FindOffered


class JoinScript(Commands):
    """The participant's."""

    def __init__(
        self, desk: ParticipantDesk, evidence: Path | None, painted_ns: int, parent: QObject | None = None
    ) -> None:
        parts = desk.parts
        super().__init__(desk, parts.window, parts.follower.page, parts.actions, evidence, parent=parent)
        self._desk = desk
        self._said: tuple[str, ...] = ()
        self._minutes = MinutesScript(self, parts.actions, parts.minutes.minuting, parts.minutes.panel)
        self._listen()
        flow = desk.parts.flow
        obeys = {
            "join": self._join,
            "jump": lambda a: flow.go_to_overall(a["page"]),
            "find": self._find,
            "lookup": self._lookup,
            "correct": self._correct,
            "wording": self._wording,
            "note": lambda a: flow.screen.side.notes.field.setPlainText(a["text"]),
            "save": lambda a: flow.save(Path(a["file"])),
            "take_over": lambda _a: desk.take_over(),
            **self._minutes.obeys(),
            "cut": lambda a: desk.parts.network.cut(a["seconds"]),
            "leave": lambda _a: desk.parts.network.leave(),
        }
        self.begin(obeys, painted_ns)

    def _listen(self) -> None:
        desk, parts = self._desk, self._desk.parts
        desk.happened.connect(self._happened)
        desk.joined.connect(lambda joined: self.tell("joined", role=joined.role.name, peer=joined.peer))
        desk.wiped.connect(lambda reason: self.tell("wiped", reason=reason.name))
        desk.taken_over.connect(lambda _inherited: self.tell("taken_over"))
        parts.entrance.stage_changed.connect(self._stage)
        parts.follower.painted.connect(self._painted)
        parts.follower.corrected.connect(
            lambda typed: self.tell("corrections", typed=[each.text for each in typed])
        )
        parts.follower.inked.connect(lambda _piece: self.tell("inked"))
        parts.own.marks.changed.connect(self._own_marks)
        parts.flow.found.connect(self._found)
        parts.flow.shown.connect(self._shown)
        parts.flow.saving.done.connect(lambda name: self.tell("saved", file=name))

    def _own_marks(self) -> None:
        page = self._desk.parts.follower.page
        view = page.view
        seen = sum(1 for _ in page.private_ink.seen(view.page_id)) if view is not None else 0
        self.tell("own_marks", marks=seen)

    # --- commands -----------------------------------------------------------------------------------------

    def _join(self, a: Arguments) -> None:
        if self._desk.parts.window.where is Where.END:
            self._run("again")
        self._desk.parts.entrance.choose(a["room"])
        card = self._desk.parts.entrance.screen.card
        card.code.setText(a["code"])
        card.address.setText(a.get("address", ""))
        if "name" in a:
            card.name.setText(a["name"])
        self._run("join")

    def _lookup(self, a: Arguments) -> None:
        """Types in the field of the look-up as a person would: the words whole; "send" sends what is looked
        at."""
        parts = self._desk.parts.lookup.parts
        if parts is None:
            return
        if "words" in a:
            parts.looking.changed.connect(self._looked, Qt.ConnectionType.UniqueConnection)
            parts.dialog.field.setText(a["words"])
        if a.get("send"):
            parts.dialog.show_it.click()

    def _correct(self, a: Arguments) -> None:
        """文言を直す, of the correction with that number."""
        flow = self._desk.parts.flow
        for correction in flow.follower.briefing.corrections.values():
            if correction.number == a["number"]:
                flow.screen.side.corrections.edit_wanted.emit(correction)

    def _wording(self, a: Arguments) -> None:
        """Types in the dock as a person would: the text whole; ``hand_over`` gives it to the presenter."""
        field = self._desk.parts.flow.screen.centre.dock.field
        field.setText(a["text"])
        field.textEdited.emit(a["text"])
        if a.get("hand_over"):
            field.applied.emit()

    def _looked(self) -> None:
        parts = self._desk.parts.lookup.parts
        if parts is not None:
            looking = parts.looking
            self.tell(
                "looked",
                title=looking.title,
                source=looking.source_words,
                there=looking.is_there,
                sent=looking.find is not None and isinstance(looking.find.target, Passed),
            )

    def _find(self, a: Arguments) -> None:
        flow = self._desk.parts.flow
        flow.open_find()
        flow.screen.side.finder.field.setText(a["text"])

    # --- events -------------------------------------------------------------------------------------------

    def _happened(self, event: Event) -> None:
        match event:
            case Changed():
                self.tell_marks(event)
            case RoomSeen():
                self.tell("room_seen", room=event.number)
            case FindOffered(n, _title, reason):
                self.tell("sent", ok=n is not None, reason=str(reason or ""))
            case FindDecided(_n, outcome, words):
                self.tell("decided", outcome=outcome.name, words=words)
            case LinkLost():
                self.tell("lost")
            case LinkBack():
                self.tell("back")
            case _:
                pass

    def _stage(self, state: EntranceState) -> None:
        reason = state.failure.name if state.failure is not None else ""
        self.tell("stage", stage=state.stage.name, reason=reason)

    def _painted(self, painted: Painted) -> None:
        follower = self._desk.parts.follower
        if follower.source is None or painted.page_id is None or painted.rect is None:
            self.tell("painted", page_id=None, page=0, screen=painted.screen.name)
            return
        rect = painted.rect
        self.tell(
            "painted",
            page_id=painted.page_id,
            page=follower.number_of(painted.page_id),
            rect=[rect.x0, rect.y0, rect.x1, rect.y1],
            sharp=painted.sharp,
            looking=follower.looking.name,
        )

    def _found(self, finds: tuple[Find, ...], read: int, pages: int) -> None:
        if read == pages:
            self.tell("finds", finds=[[find.title, find.number, find.places] for find in finds])

    def _shown(self, state: WindowState) -> None:
        """What the window says, whenever that is something else; and new notices."""
        said = tuple(
            say(words, **values)
            for words, values in (pill(state).title, pill(state).detail, caption(state).words)
        )
        minutes = self._desk.parts.minutes.minuting.may_write
        granted = str(state.may_take_over), str(state.saving), str(minutes), str(state.finds)
        notices = [say(words, **values) for words, values in state.notices]
        said = (*said, state.looking.name, state.viewing.name, *granted, *notices)
        if said != self._said:
            self._said = said
            self.tell(
                "says",
                pill=said[0],
                room=said[1],
                caption=said[2],
                looking=state.looking.name,
                viewing=state.viewing.name,
                saving=state.saving,
                minutes=minutes,
                finds=state.finds,
                take_over=state.may_take_over,
                notices=notices,
            )
        self.tell_notices(state.notices)
