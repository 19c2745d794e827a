"""What a participant's fresh process is told of the briefing that the one before it held."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from protocol.transport.join_events import LeftReason

OPTION = "--over"


@dataclass(frozen=True, slots=True)
class Over:
    """Why it is over, which room's it was, and whether private notes were written."""

    reason: LeftReason
    room: int | None
    noted: bool

    def word(self) -> str:
        """The same for a command line."""
        return f"{self.reason.name},{self.room or 0},{int(self.noted)}"

    @classmethod
    def parse(cls, word: str) -> Over:
        """What ``word`` made; ValueError for anything else."""
        name, room, noted = word.split(",")
        if name not in LeftReason.__members__:
            raise ValueError(word)
        return cls(LeftReason[name], int(room) or None, noted == "1")


def fresh_process(over: Over) -> None:
    """This process becomes a fresh one, in whose memory nothing of the former can be; OSError when it cannot.

    It is started by the same words, and shows the cover at once.
    """
    words = _without_option(sys.orig_argv[1:])
    os.execv(sys.executable, [sys.executable, *words, f"{OPTION}={over.word()}"])


def reap() -> None:
    """What the former process had started has ended with it, and nobody else asks how."""
    if sys.platform != "win32":
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                continue


def _without_option(words: Sequence[str]) -> list[str]:
    return [word for word in words if not word.startswith(f"{OPTION}=")]
