"""The participant's network: the loop thread, the participant in it, their events in the window's thread.

Its parts are imported when it starts, after the first paint.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from pageview.segments import SegmentStore
from presenter.transport_settings import read_facilities
from protocol.ops import Op
from protocol.presence import Presence
from protocol.registers import Register
from protocol.transport.settings import TransportSettings

if TYPE_CHECKING:
    from pageview.bridge import SessionBridge
    from protocol.transport.participant import Participant
    from protocol.transport.runner import Runner

STOP_S = 2.0


class ParticipantNetwork(QObject):
    """What is asked of it before ``start`` or after ``stop`` has no effect."""

    received = Signal(object)
    """tuple[Event, ...]"""

    def __init__(
        self,
        state: Path,
        settings: Callable[[], TransportSettings],
        store: SegmentStore,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._state, self._settings, self._store = state, settings, store
        self._runner: Runner | None = None
        self._participant: Participant | None = None
        self._bridge: SessionBridge | None = None

    def start(self) -> None:
        """Looks around for rooms; `Unavailable` when the device key cannot be had."""
        from pageview.bridge import SessionBridge
        from protocol.transport.participant import Participant
        from protocol.transport.runner import Runner
        from protocol.transport.tls import DeviceKey

        # Its own: the presenter's program of the same person may run at the same time.
        device = DeviceKey.load_or_create(self._state / "participant")
        self._bridge = SessionBridge(self)
        self._bridge.received.connect(self.received)
        self._runner = Runner()
        self._runner.start()
        settings = self._settings()
        # All that it is for here is the room file, without which rooms are found all the same.
        facilities = read_facilities(settings.facilities, lambda _words: None)
        self._participant = Participant(
            self._runner, device, settings, self._bridge.post, self._store, facilities
        )
        self._call(lambda participant: participant.start())

    def stop(self) -> None:
        """Lets go of every link and ends the thread; nothing is told any more."""
        if self._participant is None or self._runner is None or self._bridge is None:
            return
        self._bridge.close()
        self._runner.stop_after(self._participant.stop(), STOP_S)
        self._participant = self._runner = self._bridge = None

    def join(self, room: int, code: str, name: str, address: str) -> None:
        """Looks for that room's presenter, and joins; `Misuse` for an address that is none."""
        from protocol.transport.addresses import read_endpoint

        if address:
            read_endpoint(address, self._settings().rendezvous_port)
        self._call(lambda participant: participant.join(room, code, name, address or None))

    def leave(self) -> None:
        """退出する, or looking no longer."""
        self._call(lambda participant: participant.leave())

    def wiped(self) -> None:
        """Nothing of the briefing is left here."""
        self._call(lambda participant: participant.wiped())

    def present(self, presence: Presence) -> None:
        """What is on this screen, or the pointer."""
        self._call(lambda participant: participant.present(presence))

    def edit(self, op: Op, shown: int | None = None) -> None:
        """Make an edit; one that is not taken is told as `OpRefused`. ``shown``: of the `Changed` that its
        person saw, where others may type in its text."""
        self._call(lambda participant: participant.edit(op, shown))

    def offer_find(self, title: str, source: str, pdf: bytes) -> None:
        """What was looked up goes to the presenter; `FindOffered` and `FindDecided` tell how it fared."""
        self._call(lambda participant: participant.offer_find(title, source, pdf))

    def withdraw_find(self, n: int) -> None:
        """Never mind that one."""
        self._call(lambda participant: participant.withdraw_find(n))

    def undo(self) -> None:
        """Undo the newest own edit."""
        self._call(lambda participant: participant.undo())

    def redo(self) -> None:
        """Redo what was undone last."""
        self._call(lambda participant: participant.redo())

    def set(self, register: Register) -> None:
        """With the floor: what everybody follows."""
        self._call(lambda participant: participant.set(register))

    def ask_floor(self) -> None:
        """発言を求める"""
        self._call(lambda participant: participant.ask_floor())

    def return_floor(self) -> None:
        """説明を返す"""
        self._call(lambda participant: participant.return_floor())

    def cut(self, seconds: float) -> None:
        """Drop every link for real and stay away for so long."""
        self._call(lambda participant: participant.cut(seconds))

    def _call(self, wish: Callable[[Participant], None]) -> None:
        if self._participant is not None and self._runner is not None:
            self._runner.call(wish, self._participant)
