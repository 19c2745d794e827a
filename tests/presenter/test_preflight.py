"""Which pages of a paper are named as too small for the back seats, and that most are not."""

from __future__ import annotations

import pytest

from pageview.steps import steps, whole
from presenter.preflight import Glass, small_pages
from protocol.values import EditionPage, PageRef, View

NEAR, FAR = Glass(), Glass(inches=43.0, distance_m=4.0)


def page(width: int, height: int) -> EditionPage:
    return EditionPage(0, PageRef(bytes(32), 0), width * 100, height * 100)


def first_view(width: int, height: int) -> View:
    shown = page(width, height)
    return whole(shown) if width > height else steps(shown, 16 / 9, [])[0]


@pytest.mark.parametrize(
    ("size", "points", "near", "far"),
    [
        ((595, 842), 10.5, (), (1,)),  # a memo in steps: 30 px
        ((842, 595), 18, (), (1,)),  # 33 px
        ((842, 595), 10, (1,), (1,)),  # the figures of a dense table: 18 px
        ((960, 540), 12, (), (1,)),
        ((960, 540), 10, (1,), (1,)),
    ],
)
def test_what_nobody_can_read_is_named(
    size: tuple[int, int], points: float, near: tuple[int, ...], far: tuple[int, ...]
) -> None:
    small, views = {0: round(points * 100)}, {0: first_view(*size)}
    assert small_pages(small, views, NEAR) == near
    assert small_pages(small, views, FAR) == far
