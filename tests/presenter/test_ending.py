"""What is let go at the end of a briefing, and when."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import MagicMock

from PySide6.QtCore import QObject, Signal

from presenter.ending import Ending

PAPER, ADDED = b"p" * 32, b"a" * 32
PARTS = (
    *(
        "beside",
        "change",
        "console",
        "corrections",
        "disk",
        "drawing",
        "export",
        "lookup",
        "minutes",
        "network",
    ),
    *(
        "pages",
        "people",
        "plan",
        "private",
        "rooms",
        "screens",
        "secrets",
        "source",
        "sources",
        "tray",
        "window",
    ),
    "words",
)


class Chosen:
    """The list of papers (mock): what is on it, what an ended briefing still needs, what is gone."""

    def __init__(self) -> None:
        self.listed = {PAPER}
        self.aside: set[bytes] = set()
        self.dropped: set[bytes] = set()

    @property
    def held(self) -> frozenset[bytes]:
        return frozenset(self.listed)

    def clear(self) -> None:
        self.listed.clear()

    def set_aside(self, blobs: Iterable[bytes]) -> None:
        self.aside.update(blobs)

    def drop_aside(self) -> None:
        self.dropped |= self.aside


class Parts(QObject):
    """The parts of a desk that an end asks (mock): a briefing of one paper, kept by a slow archive."""

    over = Signal(tuple, tuple)
    made = Signal()

    def __init__(self) -> None:
        super().__init__()
        nothing = MagicMock()
        for part in PARTS:
            setattr(self, part, nothing)
        self.end = MagicMock(over=self.over, waiting=False, keeps=True)
        self.archiving = SimpleNamespace(made=self.made, making=True)
        self.keeping = MagicMock(archiving=self.archiving)
        self.session = MagicMock(running=False, briefing=SimpleNamespace(blobs=lambda: {PAPER: None}))
        self.papers = Chosen()


def test_papers_that_the_next_briefing_shows_already_stay_when_the_one_before_is_kept() -> None:
    parts = Parts()
    ending = Ending(cast(Any, parts))
    ending.begin()
    assert not parts.papers.listed, "nobody shows the next people what these have seen"
    parts.over.emit((27,), ())
    parts.session.running, parts.archiving.making = True, False
    parts.made.emit()
    assert not parts.papers.dropped, "its memory would be overwritten under the walls"
    parts.session.running = False
    parts.session.briefing.blobs = lambda: {ADDED: None}
    parts.over.emit((27,), ())
    assert parts.papers.dropped == {PAPER, ADDED}, "nothing of either is left behind"
