"""An unclosed briefing read back: its log, its papers from their sealed copies, where it stood."""

from __future__ import annotations

from dataclasses import dataclass

from pageview.renderer import Renderer
from pageview.segments import SegmentStore
from presenter.at_rest import AtRestKey
from presenter.briefings import Left
from protocol.model import Briefing
from protocol.transport.owner_session import Recovered
from protocol.values import View


@dataclass(frozen=True)
class Resumed:
    """What a briefing goes on with. ``missing``: titles of papers whose copy is not there."""

    briefing: Briefing
    recovered: Recovered
    view: View | None
    elapsed_s: float
    blobs: tuple[bytes, ...]
    missing: tuple[str, ...]


class Recovery:
    """Reads what was left into the store and the renderer."""

    def __init__(self, store: SegmentStore, renderer: Renderer, key: AtRestKey) -> None:
        self._store, self._renderer, self._key = store, renderer, key

    def read(self, left: Left) -> Resumed | str:
        """The briefing as it was, or the sentence that says why it cannot go on."""
        raise NotImplementedError
