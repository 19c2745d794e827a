"""Few slots: what is wanted most stays, and there is always room to draw what is missing."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from PySide6.QtGui import QImage

from pageview.cache import FrameCache, Shot, merged
from pageview.thumbnails import Thumbnails
from protocol.values import PageRef, Rect


def ref(page: int) -> PageRef:
    return PageRef(b"0" * 32, page)


def shot(page: int, rect: Rect | None = None, width: int = 1600, height: int = 900) -> Shot:
    return Shot(ref(page), rect or Rect(0, 0, 16_000, 9_000), width, height)


def frame(name: object = None) -> Any:
    return SimpleNamespace(name=name)


def filled(capacity: int, *pages: int) -> FrameCache:
    cache = FrameCache(capacity)
    for page in pages:
        cache.put(shot(page), frame(page))
    return cache


def test_oldest_unwanted_frame_goes_first() -> None:
    cache = filled(3, 1, 2, 3)
    cache.want([shot(1)])
    cache.put(shot(4), frame())
    assert [shot(page) in cache for page in (1, 2, 3, 4)] == [True, False, True, True]


def test_room_is_made_before_what_is_missing_is_drawn() -> None:
    cache = filled(4, 1, 2, 3, 4)
    cache.want([shot(3), shot(7), shot(8), shot(9)])
    assert len(cache) == 1
    assert shot(3) in cache


def test_least_wanted_frame_is_not_kept_when_all_are_wanted() -> None:
    cache = filled(2, 1, 2)
    cache.want([shot(2), shot(1)])
    cache.put(shot(9), frame())
    assert [shot(page) in cache for page in (1, 2, 9)] == [True, True, False]
    cache.let_one_go()
    assert shot(2) in cache


def test_stand_in_for_the_page_shown_stays_until_that_is_drawn() -> None:
    zoomed = shot(1, Rect(1_000, 1_000, 5_000, 3_250))
    cache = filled(3, 1, 2, 3)
    cache.want([zoomed, shot(2), shot(3)])
    assert shot(1) in cache
    cache.put(zoomed, frame())
    assert shot(1) not in cache


def test_nearest_frame_shows_most_of_what_is_wanted_then_has_the_likest_size() -> None:
    cache = FrameCache(5)
    left, right = Rect(0, 0, 8_000, 9_000), Rect(8_000, 0, 16_000, 9_000)
    cache.put(shot(1, left, 800), frame("left"))
    cache.put(shot(1, width=160, height=90), frame("small"))
    cache.put(shot(1, width=1200, height=675), frame("large"))
    cache.put(shot(2), frame("another page"))
    assert nearest(cache, shot(1)) == "large"
    assert nearest(cache, shot(1, width=200, height=113)) == "small"
    assert nearest(cache, shot(1, left, 1600, 1800)) == "left"
    assert nearest(cache, shot(1, right)) == "large"
    assert cache.nearest(shot(3)) is None


def nearest(cache: FrameCache, wanted: Shot) -> object:
    found = cache.nearest(wanted)
    assert found is not None
    return found[1].name  # type: ignore[attr-defined]


def test_dropped_pages_leave_nothing() -> None:
    cache = filled(3, 1, 2)
    cache.drop(lambda page: page == ref(1))
    assert not cache.shows(ref(1))
    assert cache.shows(ref(2))


def test_every_viewer_gets_what_it_shows_before_anyone_gets_what_comes_next() -> None:
    desk, wall = [shot(1), shot(2), shot(3)], [shot(1, width=800, height=450), shot(2), shot(3)]
    assert merged([desk, wall], 4) == (desk[0], wall[0], shot(2), shot(3))
    assert merged([], 4) == ()


def test_thumbnails_keep_to_their_budget_and_lose_the_unused_ones() -> None:
    image = QImage(100, 50, QImage.Format.Format_ARGB32_Premultiplied)
    thumbnails = Thumbnails(budget=3 * 100 * 50 * 4)
    for page in (1, 2, 3):
        thumbnails.put(ref(page), image)
    assert thumbnails.get(ref(1), 100, 50) is not None
    assert not thumbnails.room_for(10, 10)
    thumbnails.put(ref(4), image)
    assert [thumbnails.best(ref(page)) is None for page in (1, 2, 3, 4)] == [False, True, False, False]
    assert thumbnails.bytes == 3 * 100 * 50 * 4
    thumbnails.put(ref(4), image.scaled(20, 10))
    largest = thumbnails.best(ref(4))
    assert largest is not None
    assert largest.width() == 100
    thumbnails.clear()
    assert thumbnails.bytes == 0


def test_shots_of_other_sizes_are_other_pictures() -> None:
    cache = filled(3, 1)
    assert replace(shot(1), width=1601) not in cache
