"""What there is of a page to be shown, and why there is nothing of it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QImage

from protocol.errors import Fault
from protocol.values import PageRef, Rect


@dataclass(frozen=True, slots=True)
class Picture:
    """What there is of a shot now. Layers go bottom to top, each an image of its rectangle of the page.

    Images stand on slots of the renderer: paint them and let go. ``fault``: the page cannot be shown.
    """

    sharp: bool
    layers: tuple[tuple[QImage, Rect], ...]
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Unshowable:
    """A page that cannot be shown, and why."""

    page_id: int
    ref: PageRef
    fault: Fault
