"""The code that stands on a display, told anew whenever it is another one. All is called in the loop."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from time import monotonic

from protocol.room_codes import RoomCodes
from protocol.transport.events import CodeShown, CodeWrong, Event
from protocol.transport.handshake import CodeEvent
from protocol.transport.settings import Deadlines


class CodeOnGlass:
    """``codes`` are the party's, and `heard` its ``on_code``."""

    def __init__(self, room: int, deadlines: Deadlines, emit: Callable[[Event], None]) -> None:
        self.codes = RoomCodes(
            monotonic(), secrets.randbelow, deadlines.code_life, deadlines.former_code_life
        )
        self._room = room
        self._emit = emit
        self._timer: asyncio.TimerHandle | None = None

    def show(self) -> None:
        """Tells which it is, and again when its life is over."""
        self.stop()
        pause = max(0.0, self.codes.expires_at - monotonic())
        self._timer = asyncio.get_running_loop().call_later(pause, self._tick)
        self._emit(CodeShown(self._room, self.codes.code, self.codes.expires_at))

    def renew(self) -> None:
        """Another code at once."""
        self.codes.renew(monotonic())
        self.show()

    def heard(self, event: CodeEvent) -> None:
        """What somebody's guess did to it."""
        if event is CodeEvent.WRONG:
            self._emit(CodeWrong())
        else:
            self.show()

    def stop(self) -> None:
        """Tells nothing any more."""
        if self._timer is not None:
            self._timer.cancel()

    def _tick(self) -> None:
        self.codes.tick(monotonic())
        self.show()
