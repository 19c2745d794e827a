"""What is let go at the end of a briefing, and when."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from PySide6.QtCore import QObject, Signal

from presenter.ending import Ending

PAPER, ADDED = b"p" * 32, b"a" * 32


class Parts(QObject):
    """The parts of a desk that an end asks (mock): a briefing of one paper, kept by a slow archive."""

    over = Signal(tuple, tuple)
    made = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.dropped: list[bytes] = []
        self.chosen = [1]
        nothing = SimpleNamespace(forget=lambda: None, clear=lambda: None, wait_no_more=lambda: None)
        self.secrets = self.rooms = self.source = self.words = self.people = nothing
        self.end = SimpleNamespace(over=self.over, waiting=False)
        self.archiving = SimpleNamespace(made=self.made, making=True)
        self.keeping = SimpleNamespace(archiving=self.archiving)
        self.session = SimpleNamespace(running=False, briefing=SimpleNamespace(blobs=lambda: {PAPER: None}))
        self.papers = SimpleNamespace(remove=self.chosen.remove, held=frozenset())
        self.renderer = SimpleNamespace(drop=self.dropped.append)
        self.store = SimpleNamespace(drop=lambda sha256: None)


def test_papers_that_the_next_briefing_shows_already_stay_when_the_one_before_is_kept() -> None:
    parts = Parts()
    ending = Ending(cast(Any, parts))
    ending._chosen = frozenset({1})
    parts.over.emit((27,), ())
    parts.session.running, parts.archiving.making = True, False
    parts.made.emit()
    assert (parts.chosen, parts.dropped) == ([1], []), "its memory would be overwritten under the walls"
    parts.session.running = False
    parts.session.briefing.blobs = lambda: {ADDED: None}
    parts.over.emit((27,), ())
    assert parts.chosen == []
    assert set(parts.dropped) == {PAPER, ADDED}, "nothing of either is left behind"
