"""The session secrets of the running briefing's rooms, handed to the keeper as they change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from presenter.at_rest import AtRestKey
from presenter.keeper import Keeper, take_over

if TYPE_CHECKING:
    from protocol.transport.owner_room import RoomSecret

USE = b"room secrets"


class RoomSecrets:
    """Nothing is kept before a briefing has its folder, nor after its end."""

    def __init__(self, state: Path, key: AtRestKey) -> None:
        self._state, self._password = state, key.password(USE)
        self._keeper = Keeper(state, self._password)
        self._folder = ""
        self._rooms: tuple[RoomSecret, ...] = ()

    def belong_to(self, folder: str) -> None:
        """The briefing that runs now; its folder's name."""
        self._folder = folder
        if self._rooms:
            self._keep()

    def keep(self, rooms: tuple[RoomSecret, ...]) -> None:
        """The secrets as they are now."""
        self._rooms = rooms
        self._keep()

    def take_over(self) -> bytes | None:
        """What a desk that crashed kept, kept by this one from now on; from any thread."""
        return take_over(self._state, self._password, self._keeper.keep)

    def leave(self) -> None:
        """The desk ends in the middle: what is held stays for the next one."""
        self._keeper.leave()

    def _keep(self) -> None:
        if self._rooms and self._folder:
            self._keeper.keep(msgspec.msgpack.encode({"folder": self._folder, "rooms": self._rooms}))
        elif not self._rooms:
            self._keeper.forget()
