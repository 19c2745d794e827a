"""The session secrets of the running briefing's guests, handed to the keeper as they change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from presenter.at_rest import AtRestKey
from presenter.keeper import Keeper, take_over

if TYPE_CHECKING:
    from protocol.transport.resuming import Secrets

USE = b"session secrets"


class SessionSecrets:
    """Nothing is kept before a briefing has its folder, nor after its end."""

    def __init__(self, state: Path, key: AtRestKey) -> None:
        self._state, self._password = state, key.password(USE)
        self._keeper = Keeper(state, self._password)
        self._folder = ""
        self._secrets: Secrets | None = None

    def belong_to(self, folder: str) -> None:
        """The briefing that runs now; its folder's name."""
        self._folder = folder
        if self._secrets:
            self._keep()

    def keep(self, secrets: Secrets) -> None:
        """The secrets as they are now."""
        self._secrets = secrets
        self._keep()

    def forget(self) -> None:
        """The briefing is over: nobody resumes."""
        self._secrets = None
        self._keep()

    def take_over(self) -> bytes | None:
        """What a desk that crashed kept, kept by this one from now on; from any thread."""
        return take_over(self._state, self._password, self._keeper.keep)

    def leave(self) -> None:
        """The desk ends in the middle: what is held stays for the next one."""
        self._keeper.leave()

    def _keep(self) -> None:
        if self._secrets and self._folder:
            self._keeper.keep(msgspec.msgpack.encode({"folder": self._folder, "secrets": self._secrets}))
        elif self._secrets:
            self._keeper.prepare()
        else:
            self._keeper.forget()
