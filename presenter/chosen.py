"""A file that the person chose, as a value of the list of papers."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

from pageview.paper_words import clean_name
from pageview.render_results import PageSize
from presenter.converter import is_convertible
from presenter.preflight import PaperSurvey
from presenter.start_state import Stage
from protocol.values import Rect


@dataclass
class Chosen:
    """One chosen file. ``sha256`` is what is drawn and sent; ``original`` the file's own bytes.

    Both are the same except for a paper that had a password, and for an Office document. ``why``, of a
    refusal, is said with `say`. ``began``, ``given_up``: of its conversion.
    """

    key: int
    path: Path
    name: str
    stage: Stage = Stage.READING
    sha256: bytes = b""
    original: bytes = b""
    length: int = 0
    sizes: tuple[PageSize, ...] = ()
    why: str = ""
    saved_over: bool = False
    began: float = 0.0
    called: str = ""
    """By what name, where its person has put it right; the file keeps its own."""
    given_up: threading.Event = field(default_factory=threading.Event)
    had_password: bool = False
    """What is shown and exported is without it."""
    surveyed: PaperSurvey = field(default_factory=PaperSurvey)
    lines: dict[int, tuple[Rect, ...]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Its name without the ending."""
        return clean_name(self.called or Path(self.name).stem, 300)

    @property
    def office(self) -> bool:
        """Whether it is made a PDF first."""
        return is_convertible(self.path)
