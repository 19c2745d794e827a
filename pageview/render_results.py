"""What comes of a request to the renderer: frozen values, handed over in the Qt main thread."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QImage

from pageview.page_edits import Change, Made, NotMade
from pageview.page_text import PageText
from pageview.render_queue import RenderRequest
from protocol.errors import Fault
from protocol.values import Rect


@dataclass(frozen=True)
class PageSize:
    """Of one page, in 1/100 point of page space."""

    width: int
    height: int


@dataclass(frozen=True)
class Opened:
    """A paper can be shown. ``repaired``: it was damaged and something may be missing."""

    sha256: bytes
    pages: tuple[PageSize, ...]
    title: str
    repaired: bool


@dataclass(frozen=True)
class OpenRefused:
    """A paper cannot be shown: ``verdict`` is password, damaged or refused."""

    sha256: bytes
    verdict: str
    fault: Fault


@dataclass(frozen=True)
class Frame:
    """A finished drawing. The slot under ``image`` is free again when its last copy is gone."""

    request: RenderRequest
    image: QImage


@dataclass(frozen=True)
class RenderFailed:
    """A page that could not be drawn."""

    request: RenderRequest
    fault: Fault


@dataclass(frozen=True)
class PageLines:
    """Lines of text of a page in page space, size of its small text (1/100 point; 0: none), first words.
    ``letters``: (size, how many letters have it), the smallest first."""

    blob: bytes
    index: int
    boxes: tuple[Rect, ...]
    small_text: int
    text: str
    letters: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class PageSurvey:
    """Fonts that are not in the file, comments left on the page, who made the paper (with page 0 alone);
    nothing of a page that cannot be read."""

    blob: bytes
    index: int
    fonts: tuple[str, ...] = ()
    comments: int = 0
    made_by: str = ""


@dataclass(frozen=True)
class SubsetMade:
    """A PDF of one page, and the page's size in 1/100 point."""

    blob: bytes
    index: int
    pdf: bytes
    width: int
    height: int


@dataclass(frozen=True)
class SubsetFailed:
    """A page that no PDF could be made of."""

    blob: bytes
    index: int
    fault: Fault


@dataclass(frozen=True)
class Unlocked:
    """A paper without its password, for screens that nobody types a password at."""

    blob: bytes
    pdf: bytes


@dataclass(frozen=True)
class PageCharacters:
    """The characters of a page; ``text`` without lines for a page that cannot be read."""

    blob: bytes
    index: int
    text: PageText


@dataclass(frozen=True)
class WholeText:
    """All words of a page, a line feed after each line; "" for a page that cannot be read."""

    blob: bytes
    index: int
    text: str


@dataclass(frozen=True)
class PagePicture:
    """A page in small: pixels in a row, and a byte for each, row by row; none of a page that is not shown."""

    blob: bytes
    index: int
    width: int
    pixels: bytes


@dataclass(frozen=True)
class PageEdited:
    """A PDF of the changed page alone: in a new edition its page 0 replaces ``index`` of ``blob``."""

    blob: bytes
    index: int
    change: Change
    pdf: bytes
    width: int
    height: int
    made: Made


@dataclass(frozen=True)
class EditRefused:
    """A change that is not made, and why."""

    blob: bytes
    index: int
    change: Change
    not_made: NotMade
