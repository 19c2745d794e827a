"""Whether the words of a page are large enough for the back seats of the room that it will be shown in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pageview.geometry import width_of
from pageview.theme import viewing_factor
from protocol.values import View

LEAST_PX = 22.0
"""Height of an em on a wall of 1920×1080, 55″ seen from 3 m: 16′ of arc; below it nobody reads kanji."""


@dataclass(frozen=True, slots=True)
class Glass:
    """The wall for which it is judged: shape, size in inches, distance of the back seats in metres."""

    aspect: float = 16 / 9
    inches: float = 55.0
    distance_m: float = 3.0


def em_on_wall(size: int, view: View, glass: Glass) -> float:
    """The pixels of a 1920-wide wall that text of ``size`` (1/100 point) gets when ``view`` is shown."""
    height = 1920 / glass.aspect
    across = width_of(view.rect)
    down = view.rect.y1 - view.rect.y0
    return size * min(1920 / across, height / down)


def small_pages(
    small: Mapping[int, int], views: Mapping[int, View], glass: Glass | None = None
) -> tuple[int, ...]:
    """Pages (from 1) whose small text cannot be read from the back seats. Keys are page places from 0."""
    glass = glass or Glass()
    needed = LEAST_PX * viewing_factor(glass.inches, glass.distance_m)
    return tuple(sorted(place + 1 for place in _below(small, views, glass, needed)))


def _below(small: Mapping[int, int], views: Mapping[int, View], glass: Glass, needed: float) -> Iterable[int]:
    for place, size in small.items():
        view = views.get(place)
        if size and view is not None and em_on_wall(size, view, glass) < needed:
            yield place
