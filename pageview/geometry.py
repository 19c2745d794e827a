"""Where page space lies on glass, and how a view moves over its page. No Qt; whole numbers in and out.

Page space is integers of 1/100 point (`protocol.values`). Glass is device pixels of one viewport, origin
top-left. A view's rectangle is shown whole on every glass, as large as it fits; what is left over is
letterbox, never more of the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from protocol.values import EditionPage, Rect

OVERHANG: Final = 0.10
"""How far past the page's edge a view may lie, as a share of the page; never more than half of the view."""
NEAREST: Final = 16.0
"""The strongest zoom: so many times the size at which the whole page is shown."""


class Side(Enum):
    """Where in the spare width a picture stands; the letterbox is opposite."""

    LEFT = 0.0
    CENTRE = 0.5
    RIGHT = 1.0


@dataclass(frozen=True, slots=True)
class Placement:
    """A rectangle of page space and the whole device pixels that it fills."""

    rect: Rect
    x: int
    y: int
    width: int
    height: int

    @property
    def scale(self) -> float:
        """Device pixels for each 1/100 point."""
        return self.width / width_of(self.rect)

    def to_pixels(self, x: float, y: float) -> tuple[float, float]:
        """A point of page space on glass; outside the placement as well."""
        rect = self.rect
        return (
            self.x + (x - rect.x0) * self.width / width_of(rect),
            self.y + (y - rect.y0) * self.height / height_of(rect),
        )

    def to_page(self, x: float, y: float) -> tuple[int, int]:
        """A point on glass in page space, to the nearest 1/100 point."""
        rect = self.rect
        return (
            round(rect.x0 + (x - self.x) * width_of(rect) / self.width),
            round(rect.y0 + (y - self.y) * height_of(rect) / self.height),
        )

    def part(self, rect: Rect) -> Placement:
        """Where ``rect`` of the same page lies, rounded to whole pixels and never empty."""
        left, top = self.to_pixels(rect.x0, rect.y0)
        right, bottom = self.to_pixels(rect.x1, rect.y1)
        x, y = round(left), round(top)
        return Placement(rect, x, y, max(1, round(right) - x), max(1, round(bottom) - y))


def width_of(rect: Rect) -> int:
    return rect.x1 - rect.x0


def height_of(rect: Rect) -> int:
    return rect.y1 - rect.y0


def page_rect(page: EditionPage) -> Rect:
    """The whole page."""
    return Rect(0, 0, page.width, page.height)


def overlap(a: Rect, b: Rect) -> Rect | None:
    """What both have in common; None when that is nothing."""
    x0, y0, x1, y1 = max(a.x0, b.x0), max(a.y0, b.y0), min(a.x1, b.x1), min(a.y1, b.y1)
    return Rect(x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


def covers(outer: Rect, inner: Rect) -> bool:
    """Whether ``inner`` lies wholly in ``outer``."""
    return outer.x0 <= inner.x0 and outer.y0 <= inner.y0 and outer.x1 >= inner.x1 and outer.y1 >= inner.y1


def fit(rect: Rect, width: int, height: int, side: Side = Side.CENTRE) -> Placement:
    """The largest placement of ``rect`` in ``width`` × ``height`` device pixels, nothing of it cut."""
    scale = min(width / width_of(rect), height / height_of(rect))
    across = min(width, max(1, round(width_of(rect) * scale)))
    down = min(height, max(1, round(height_of(rect) * scale)))
    return Placement(rect, round((width - across) * side.value), (height - down) // 2, across, down)


def zoomed(rect: Rect, page: EditionPage, aspect: float, factor: float, at: tuple[int, int]) -> Rect:
    """``rect`` magnified by ``factor`` (below 1: shrunk) on glass of ``aspect`` (width / height).

    The point ``at`` (page space) stays where it is on that glass as far as the page's limits allow. The
    result fills the glass where the page is large enough; shrinking ends at the whole page exactly.
    """
    former = _camera_height(rect, aspect)
    whole = _camera_height(page_rect(page), aspect)
    height = min(max(former / factor, whole / NEAREST), whole)
    across = _length_along(height * aspect, page.width)
    down = _length_along(height, page.height)
    x0 = _start_along(rect.x0, rect.x1, former * aspect, height * aspect, across, at[0])
    y0 = _start_along(rect.y0, rect.y1, former, height, down, at[1])
    return _clamped(x0, y0, across, down, page)


def panned(rect: Rect, page: EditionPage, dx: float, dy: float) -> Rect:
    """``rect`` moved by ``dx``, ``dy`` (1/100 point), not past the limits; an axis that shows all stays."""
    return _clamped(rect.x0 + dx, rect.y0 + dy, width_of(rect), height_of(rect), page)


def width_rect(page: EditionPage, aspect: float, top: int = 0) -> Rect:
    """The part of the page from ``top`` on that fills the width of glass of ``aspect`` (横幅に合わせる)."""
    down = min(page.height, max(1, round(page.width / aspect)))
    y0 = min(max(top, 0), page.height - down)
    return Rect(0, y0, page.width, y0 + down)


def _camera_height(rect: Rect, aspect: float) -> float:
    """The page-space height of the whole glass when ``rect`` is fitted into it."""
    return max(float(height_of(rect)), width_of(rect) / aspect)


def _length_along(camera: float, page: int) -> int:
    return page if camera >= page else max(1, round(camera))


def _start_along(start: int, end: int, former: float, camera: float, length: int, at: int) -> float:
    """Where the new part starts so that ``at`` keeps its share of the glass. One axis."""
    share = 0.5 + (at - (start + end) / 2) / former
    middle = at - (share - 0.5) * camera
    return middle - length / 2


def _clamped(x0: float, y0: float, across: int, down: int, page: EditionPage) -> Rect:
    left = _clamp_along(x0, across, page.width)
    top = _clamp_along(y0, down, page.height)
    return Rect(left, top, left + across, top + down)


def _clamp_along(start: float, length: int, page: int) -> int:
    if length >= page:
        return 0
    slack = min(round(page * OVERHANG), length // 2)
    return min(max(round(start), -slack), page + slack - length)
