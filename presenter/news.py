"""What the network and the renderer tell, carried to the parts of the desk that it concerns."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from pageview.render_results import SubsetMade
from pageview.wording import Said
from presenter.chosen import Chosen
from presenter.console_state import Room
from presenter.parts import Parts
from presenter.start_state import Stage
from presenter.takeover import TakeoverQuestions
from protocol.changes import Change, ItemChanged, PresenceSeen
from protocol.model import Briefing
from protocol.presence import Pointer
from protocol.transport.events import (
    Changed,
    Event,
    Gone,
    GoneReason,
    RoomLinkState,
    StandInWanted,
    WallFacts,
    WallPosition,
)
from protocol.transport.join_events import ParticipantFacts, ParticipantGone, ParticipantSeen
from protocol.values import OWNER, PageRef, Role

SILENT = "{room}から返事がありません。電源が入ると自動で消えます。"
GONE_WORDS = {
    GoneReason.LEFT: "{room}で接続が切られました。その画面の資料は消えています。",
    GoneReason.TAKEN_OVER: "{room}は、ほかの説明に替わりました。",
    GoneReason.FORGOTTEN: "{room}とつなぎ直すには、会議室の番号を入力してください。",
}


class News(QObject):
    """``ready_changed`` is called when the screen before 開始 may show something else."""

    seen = Signal(object)
    """Each event, after the parts have taken it."""
    left_early = Signal(int)
    """A room is gone before 開始."""

    def __init__(
        self, parts: Parts, ready_changed: Callable[[], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._parts, self._ready_changed = parts, ready_changed
        parts.rooms.dropped.connect(self._dropped)
        self.takeovers = TakeoverQuestions(parts.window, parts.network, self)
        parts.network.received.connect(self._happened)
        parts.rooms.changed.connect(self._rooms_changed)
        parts.disk.full.connect(parts.console.set_disk_full)
        parts.console.notes_failed.connect(lambda trouble: parts.console.set_disk_full(trouble is not None))
        parts.papers.saved_over.connect(self._saved_over)
        parts.papers.refused.connect(self._paper_refused)
        parts.papers.changed.connect(self._show_converting)
        parts.sources.converting_changed.connect(self._show_converting)
        parts.console.console.converting.given_up.connect(self._give_up_converting)
        parts.renderer.subset_made.connect(self._stand_in_made)
        parts.source.thumbnail_ready.connect(lambda _page: ready_changed())

    def _happened(self, events: tuple[Event, ...]) -> None:
        for event in events:
            self._take(event)
            self.seen.emit(event)

    def _take(self, event: Event) -> None:
        parts = self._parts
        before = parts.rooms.book
        parts.rooms.take(event)
        parts.people.take(event)
        parts.end.take(event)
        self.takeovers.take(event, parts.rooms.book)
        if parts.session.running and self._shows(event):
            parts.disk.see()
        match event:
            case Changed() if parts.session.running:
                self._changed(event)
            case ParticipantGone(peer):
                parts.corrections.correcting.gone(peer)
            case ParticipantSeen(ParticipantFacts(peer=peer, role=Role.PARTICIPANT)):
                parts.corrections.correcting.gone(peer)
            case StandInWanted():
                parts.renderer.ask_subset(event.ref.blob, event.ref.index)
            case WallFacts():
                self._remember(event.number)
                parts.start.glass = parts.rooms.book.glass()
            case RoomLinkState(number, Gone(reason)) if number in before.paired:
                self._gone(before.paired[number], reason)
            case _:
                pass

    def _shows(self, event: Event) -> bool:
        """Whether it tells that somebody has the briefing before them."""
        match event:
            case WallPosition(position=position):
                return position.page_id is not None
            case ParticipantSeen():
                return bool(self._parts.people.people.inside)
        return False

    def _changed(self, event: Changed) -> None:
        parts, session, former = self._parts, self._parts.session, self._parts.source.briefing
        parts.source.set_briefing(event.briefing)
        papers = event.briefing.papers != session.briefing.papers
        if papers or not session.presents or event.briefing.registers.floor != OWNER:
            session.take(event.briefing)
        else:
            session.briefing = event.briefing  # nothing that is shown of it: marks, texts, minutes
        parts.drawing.take(event.changes)
        parts.corrections.correcting.take(event.changes)
        parts.minutes.minuting.take(event.briefing, event.changes, event.briefing.revision)
        parts.sources.take(former, event.changes)
        parts.tray.take(event.changes)
        parts.lookup.take(event.changes)
        for change in event.changes:
            self._correction_asked(event.briefing, change)
            if isinstance(change, PresenceSeen) and change.peer == session.briefing.registers.floor:
                session.point_elsewhere(change.presence if isinstance(change.presence, Pointer) else None)
        if papers:
            parts.pages.take(event.briefing)
            parts.disk.keep(event.briefing)
            parts.disk.tell(event.briefing, parts.rooms.book.rooms(), parts.console.originals)

    def _correction_asked(self, briefing: Briefing, change: Change) -> None:
        """Somebody in the room has chosen words that are to be corrected."""
        if isinstance(change, ItemChanged) and change.edit is None and change.by != OWNER:
            correction = briefing.corrections.get(change.item)
            if correction is not None and correction.is_open:
                name = briefing.names.get(correction.author, "")
                self._parts.console.notice(
                    "修正{n}が加わりました（{name}）。", name=name, n=correction.number
                )

    def _gone(self, room: Room, reason: GoneReason) -> None:
        words = GONE_WORDS.get(reason)
        if not self._parts.session.running:
            self.left_early.emit(room.number)
        elif words is not None:
            self._parts.console.notice(words, room=room.title)

    def _dropped(self, title: str, wiped: bool) -> None:
        """A room that was taken out of the briefing has wiped, or does not say so."""
        if self._parts.session.running:
            words = "{room}の画面から、資料を消しました。" if wiped else SILENT
            self._parts.console.notice(words, room=title)

    def _rooms_changed(self) -> None:
        parts, rooms = self._parts, self._parts.rooms.book.rooms()
        parts.people.show_rooms(rooms)
        if parts.session.running:
            parts.disk.tell(parts.session.briefing, rooms, parts.console.originals)
        parts.console.refresh()
        self._ready_changed()

    def _remember(self, number: int) -> None:
        used = self._parts.rooms.used_now(number)
        if used is not None and used.name:
            self._parts.settings.change(lambda settings: settings.with_room(used))

    def _stand_in_made(self, made: SubsetMade) -> None:
        if self._parts.network.running:
            ref = PageRef(made.blob, made.index)
            self._parts.network.add_stand_in(ref, made.pdf, made.width, made.height)

    def _show_converting(self) -> None:
        """An Office document, added or saved while a briefing runs: its row is not to be seen then."""
        parts = self._parts
        added = next((c for c in parts.papers.chosen if c.stage is Stage.CONVERTING), None)
        title = added.title if added is not None else parts.sources.converting
        parts.console.console.converting.show_title(title if parts.session.running else "")

    def _give_up_converting(self) -> None:
        parts = self._parts
        added = next((c for c in parts.papers.chosen if c.stage is Stage.CONVERTING), None)
        if added is not None:
            parts.papers.give_up(added.key)
        else:
            parts.sources.give_up()

    def _paper_refused(self, chosen: Chosen) -> None:
        """A paper added while a briefing runs: its list is not to be seen then."""
        parts = self._parts
        if not parts.session.running:
            return
        if chosen.stage is Stage.REFUSED:
            parts.console.notice(
                "「{title}」を加えられません。{why}", title=chosen.name, why=Said(chosen.why)
            )
            parts.papers.remove(chosen.key)
        else:
            parts.start.ask_password(chosen.key)

    def _saved_over(self, chosen: Chosen) -> None:
        if self._parts.session.running and not self._parts.sources.follows(chosen):
            words = "「{title}」が保存し直されました。説明では、開いたときの内容を映しています。"
            self._parts.console.notice(words, title=chosen.title)
