"""The desk's network: the loop thread, the owner of the session in it, their events in the window's thread.

Its parts are imported when it starts, after the first paint.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from pageview.left_behind import emit_if_there
from pageview.wording import say
from presenter.transport_settings import read_facilities
from protocol.errors import Unavailable
from protocol.finds import Outcome
from protocol.ops import Op
from protocol.presence import Presence
from protocol.registers import Register
from protocol.values import PageRef, PeerId, Role

if TYPE_CHECKING:
    from pageview.bridge import SessionBridge
    from protocol.transport.owner import Owner
    from protocol.transport.owner_participants import OwnerParticipants
    from protocol.transport.owner_session import Recovered
    from protocol.transport.runner import Runner
    from protocol.transport.settings import Profile, TransportSettings

log = logging.getLogger(__name__)

CATCH_UP_S = 1.0
Sink = Callable[[bytes], None]


class Network(QObject):
    """Starts when it is first needed. What is asked of it before that is an error of ours."""

    received = Signal(object)
    """tuple[Event, ...]"""
    secrets = Signal(object)
    """Secrets: what rooms and participants would resume with, whenever it changes"""
    prepared = Signal()
    """Its parts are loaded; starting it takes no time now."""
    troubled = Signal(str)
    """A sentence: why rooms cannot be connected."""

    def __init__(
        self, state: Path, settings: Callable[[], TransportSettings], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._state, self._settings = state, settings
        self._runner: Runner | None = None
        self._owner: Owner | None = None
        self._bridge: SessionBridge | None = None
        self._sink: Sink | None = None

    @property
    def running(self) -> bool:
        """Whether it was started."""
        return self._owner is not None

    def prepare(self) -> None:
        """Loads the network's parts in a thread, so that no window waits for them; then ``prepared``."""

        def load() -> None:
            import_module("protocol.transport.owner")
            emit_if_there(self.prepared)

        threading.Thread(target=load, name="loading the network", daemon=True).start()

    def start(self, profile: Profile, recovered: Recovered | None = None) -> None:
        """Begins to own a session. Twice is once, unless something recovered takes an empty one's place."""
        if self._owner is not None:
            if recovered is None:
                return
            self.stop()
        from pageview.bridge import SessionBridge
        from protocol.transport.owner import Owner
        from protocol.transport.runner import Runner
        from protocol.transport.tls import DeviceKey

        settings = self._settings()
        facilities = read_facilities(settings.facilities, self.troubled.emit)
        try:
            device = DeviceKey.load_or_create(self._state)
        except Unavailable as error:
            log.error("%s", error)
            self.troubled.emit(say("このパソコンの鍵を使えないため、会議室につなげません。"))
            return
        self._bridge = SessionBridge(self)
        self._bridge.received.connect(self.received)
        self._runner = Runner()
        self._runner.start()
        owner = Owner(
            self._runner,
            device,
            profile,
            settings,
            self._bridge.post,
            recovered=recovered,
            on_commit=self._record,
            on_secrets=self.secrets.emit,
            facilities=facilities,
        )
        self._owner = owner
        self._runner.call(owner.open)
        # From the beginning, so that the list of rooms is there when it is opened.
        self._runner.call(owner.look_for_rooms)

    def stop(self) -> None:
        """Lets go of every link and ends the thread."""
        if self._owner is None or self._runner is None or self._bridge is None:
            return
        self._bridge.close()
        self._runner.submit(self._owner.stop()).result()
        self._runner.stop()
        self._owner = self._runner = self._bridge = None

    def record_into(self, sink: Sink | None) -> None:
        """Where records of the session go from now on; called in the loop thread."""
        self._sink = sink

    def catch_up(self) -> None:
        """Waits until what was asked so far is done in the loop thread: a moment, and a second at most."""
        if self._runner is not None:
            done = threading.Event()
            self._runner.call(done.set)
            done.wait(CATCH_UP_S)

    def _record(self, record: bytes) -> None:
        if self._sink is not None:
            self._sink(record)

    # --- what the desk asks -------------------------------------------------------------------------------

    def look_again(self) -> None:
        """Ask the network who is there."""
        self._call(lambda owner: owner.look_again())

    def connect_room(self, number: int, address: str = "") -> None:
        """Call this room, to pair with it by its code."""
        self._call(lambda owner: owner.connect(number, address or None))

    def submit_code(self, number: int, code: str) -> None:
        """The code was typed."""
        self._call(lambda owner: owner.submit_code(number, code))

    def cancel(self, number: int) -> None:
        """Call it no more."""
        self._call(lambda owner: owner.cancel(number))

    def start_room(self, number: int) -> None:
        """開始 for that room."""
        self._call(lambda owner: owner.start(number))

    def drop(self, number: int) -> None:
        """Go on without that room."""
        self._call(lambda owner: owner.drop(number))

    def press_wall_key(self, number: int, action: str) -> None:
        """A key of that wall's rail."""
        self._call(lambda owner: owner.press_wall_key(number, action))

    def answer_takeover(self, number: int, yes: bool) -> None:
        """Whether another presenter gets that room."""
        self._call(lambda owner: owner.answer_takeover(number, yes))

    def introduce(self, name: str, department: str) -> None:
        """Who presents, when it changed."""
        if self.running:
            self._call(lambda owner: owner.introduce(name, department))

    def enter_name(self) -> None:
        """The presenter is in the record of the briefing by name."""
        self._call(lambda owner: owner.enter_name())

    def joining(self, wish: Callable[[OwnerParticipants], None]) -> None:
        """Who may join, who is let in and what they may do; ``wish`` is called in the loop thread."""
        self._call(lambda owner: wish(owner.participants))

    def grant(self, peer: PeerId, role: Role) -> None:
        """Another role for a participant."""
        self._call(lambda owner: owner.grant(peer, role))

    def give_floor(self, peer: PeerId) -> None:
        """Let that participant, who has the presenter's role, present."""
        self._call(lambda owner: owner.session.give_floor(peer))

    def take_floor(self) -> None:
        """Present again."""
        self._call(lambda owner: owner.session.take_floor())

    def answer_find(self, peer: PeerId, n: int, outcome: Outcome, words: str = "") -> None:
        """What became of what that participant found."""
        self._call(lambda owner: owner.session.answer_find(peer, n, outcome, words))

    def edit(self, op: Op, revision: int | None = None) -> None:
        """Commit an edit; ``revision``: of the briefing it was made on, where others may type in its text."""
        self._call(lambda owner: owner.session.edit(op, revision))

    def undo(self) -> None:
        """Undo the newest own edit."""
        self._call(lambda owner: owner.session.undo())

    def redo(self) -> None:
        """Redo what was undone last."""
        self._call(lambda owner: owner.session.redo())

    def set(self, register: Register) -> None:
        """Set what everybody follows."""
        self._call(lambda owner: owner.session.set(register))

    def present(self, presence: Presence) -> None:
        """Show the pointer."""
        self._call(lambda owner: owner.session.present(presence))

    def add_blob(self, sha256: bytes, data: memoryview) -> None:
        """The bytes of a paper."""
        self._call(lambda owner: owner.session.add_blob(sha256, data))

    def add_stand_in(self, ref: PageRef, pdf: bytes, width: int, height: int) -> None:
        """A page as a paper of its own."""
        self._call(lambda owner: owner.session.add_stand_in(ref, pdf, width, height))

    def cut(self, seconds: float) -> None:
        """Drop every link for real and stay away for so long."""
        self._call(lambda owner: owner.cut(seconds))

    def end(self) -> None:
        """終了: every room wipes."""
        self._call(lambda owner: owner.end())

    def _call(self, wish: Callable[[Owner], None]) -> None:
        """In the loop thread, soon. The owner's session is looked up there: after 終了 it is another one."""
        if self._owner is None or self._runner is None:
            log.debug("not asked: the network is not started")
            return
        self._runner.call(wish, self._owner)
