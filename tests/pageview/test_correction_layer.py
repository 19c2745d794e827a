"""Where the preview of a correction stands when its words have no room on their line."""

from __future__ import annotations

from itertools import product

import pytest
from PySide6.QtCore import QRectF

from pageview.correction_layer import aside
from pageview.geometry import Placement
from protocol.values import Rect

SIZE = 40.0


@pytest.mark.parametrize("top", [4.0, 30.0, 500.0, 1_030.0])
@pytest.mark.parametrize("page_top", [0, 120, -700])
def test_the_new_words_stand_on_none_of_the_old_ones_and_on_the_page(top: float, page_top: int) -> None:
    page = Placement(Rect(0, 0, 1, 1), 196, page_top, 1_528, 1_080 if page_top >= 0 else 2_160)
    first = max(page_top, 0) + top
    one = [QRectF(1_500, first, 220, 44)]
    several = [*one, QRectF(260, first + 60, 1_400, 44), QRectF(260, first + 120, 180, 44)]
    for boxes, wide in product((one, several), (90.0, 700.0)):
        behind, above = aside(boxes, page, wide, SIZE)
        assert not [box for box in boxes if box.intersects(behind)]
        assert behind.right() <= page.x + page.width
        assert behind.top() >= max(page_top, 0)
        assert above == (top >= SIZE)
