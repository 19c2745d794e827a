"""A view shows the same region on every glass, and moves only within its limits."""

from __future__ import annotations

import random

import pytest

from pageview.geometry import (
    NEAREST,
    Side,
    fit,
    height_of,
    overlap,
    page_rect,
    panned,
    width_of,
    width_rect,
    zoomed,
)
from protocol.values import EditionPage, PageRef, Rect

A4 = EditionPage(1, PageRef(b"0" * 32, 0), 59_528, 84_189)
DECK = EditionPage(2, PageRef(b"0" * 32, 1), 96_000, 54_000)
RECTS = [page_rect(A4), page_rect(DECK), Rect(0, 24_000, 59_528, 61_000), Rect(-5_000, 800, 7_123, 9_999)]
# 16:9, 4:3, 21:9 and portrait glass, at DPR 1, 1.25, 1.5 and 2, as device pixels
GLASS = [
    (round(width * ratio), round(height * ratio))
    for width, height in [(1920, 1080), (1024, 768), (2560, 1080), (1080, 1920), (1366, 768), (853, 500)]
    for ratio in (1, 1.25, 1.5, 2)
]


@pytest.mark.parametrize("glass", GLASS, ids=str)
@pytest.mark.parametrize("rect", RECTS, ids=["portrait", "landscape", "step", "zoomed"])
def test_same_region_undistorted_on_every_glass(rect: Rect, glass: tuple[int, int]) -> None:
    place = fit(rect, *glass)
    assert place.x >= 0
    assert place.y >= 0
    assert place.x + place.width <= glass[0]
    assert place.y + place.height <= glass[1]
    assert place.width == glass[0] or place.height == glass[1], "not as large as it fits"
    assert place.width / place.height == pytest.approx(width_of(rect) / height_of(rect), rel=0.01)
    assert place.to_pixels(rect.x0, rect.y0) == pytest.approx((place.x, place.y))
    assert place.to_pixels(rect.x1, rect.y1) == pytest.approx((place.x + place.width, place.y + place.height))


def test_page_to_pixels_and_back() -> None:
    place = fit(page_rect(A4), 3840, 2160)
    for x, y in [(0, 0), (12_345, 6_789), (59_528, 84_189), (-3_000, 90_000)]:
        assert place.to_page(*place.to_pixels(x, y)) == (x, y)


def test_parts_of_a_placement_meet_without_gap() -> None:
    place = fit(page_rect(A4), 1920, 1080)
    upper, lower = place.part(Rect(0, 0, 59_528, 30_001)), place.part(Rect(0, 30_001, 59_528, 84_189))
    assert upper.y + upper.height == lower.y
    assert lower.y + lower.height == place.y + place.height


def test_letterbox_is_where_the_picture_is_not() -> None:
    rect = Rect(0, 0, 16_000, 10_000)
    assert [fit(rect, 1920, 1080, side).x for side in (Side.LEFT, Side.CENTRE, Side.RIGHT)] == [0, 96, 192]


@pytest.mark.parametrize("page", [A4, DECK], ids=["portrait", "landscape"])
def test_zoom_keeps_the_point_under_the_finger(page: EditionPage) -> None:
    aspect, at = 16 / 9, (page.width // 2 + 3_000, page.height // 2 - 2_000)
    rect = zoomed(page_rect(page), page, aspect, 3.0, at)
    before, after = (fit(r, 1920, 1080).to_pixels(*at) for r in (rect, zoomed(rect, page, aspect, 1.5, at)))
    assert after == pytest.approx(before, abs=2)
    assert fit(rect, 1920, 1080).scale == pytest.approx(3 * fit(page_rect(page), 1920, 1080).scale, rel=0.01)


def test_zoom_fills_the_glass_and_ends_at_the_whole_page() -> None:
    rect = zoomed(page_rect(A4), A4, 16 / 9, 4.0, (30_000, 40_000))
    assert width_of(rect) / height_of(rect) == pytest.approx(16 / 9, rel=0.001)
    assert zoomed(rect, A4, 16 / 9, 0.01, (0, 0)) == page_rect(A4)
    nearest = zoomed(rect, A4, 16 / 9, 1e9, (30_000, 40_000))
    assert height_of(nearest) == pytest.approx(A4.height / NEAREST, rel=0.01)


def test_view_never_leaves_the_limits_of_page_space() -> None:
    chance = random.Random(7)
    for page in (A4, DECK):
        limits = Rect(*(round(edge) for edge in (-0.1 * page.width, -0.1 * page.height)), 0, 0)
        rect = page_rect(page)
        for _ in range(2_000):
            if chance.random() < 0.5:
                at = chance.randint(0, page.width), chance.randint(0, page.height)
                rect = zoomed(rect, page, chance.choice([16 / 9, 4 / 3, 9 / 16]), chance.uniform(0.5, 2), at)
            else:
                rect = panned(rect, page, chance.uniform(-40_000, 40_000), chance.uniform(-40_000, 40_000))
            assert limits.x0 - 1 <= rect.x0 < rect.x1 <= page.width - limits.x0 + 1
            assert limits.y0 - 1 <= rect.y0 < rect.y1 <= page.height - limits.y0 + 1
            assert overlap(rect, page_rect(page)) is not None


def test_whole_page_cannot_be_pushed_away() -> None:
    assert panned(page_rect(DECK), DECK, 5_000, -5_000) == page_rect(DECK)


def test_fit_width_shows_the_whole_width_from_where_one_was() -> None:
    rect = width_rect(A4, 16 / 9, 20_000)
    assert (rect.x0, rect.x1, rect.y0) == (0, A4.width, 20_000)
    assert width_of(rect) / height_of(rect) == pytest.approx(16 / 9, rel=0.001)
    assert width_rect(A4, 16 / 9, 80_000).y1 == A4.height
