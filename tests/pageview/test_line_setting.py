"""Where a line of a paper keeps its place when it becomes longer: by what stands around it."""

from __future__ import annotations

import pytest

from pageview.line_setting import Part, Side, line_parts, room_of
from pageview.page_text import TextLine
from protocol.values import Rect

WIDTH = 595.0
HIGH = 1_000


def line(number: int, x0: int, x1: int, text: str = "本文の一行") -> Part:
    """x in points."""
    top = 10_000 + 1_500 * number
    return Part(Rect(100 * x0, top, 100 * x1, top + HIGH), text, 1, number)


@pytest.mark.parametrize("first", [75, 80, 60])
def test_the_first_line_of_a_paragraph_stays_where_it_is_indented_or_hanging(first: int) -> None:
    own, others = line(0, first, 500), [line(n, 70, 500) for n in (1, 2)]
    room = room_of(own, others, WIDTH, ())
    assert (room.side, room.column) == (Side.LEFT, 500)


def test_short_lines_at_the_right_edge_grow_to_the_left() -> None:
    room = room_of(line(0, 450, 540), [line(1, 430, 540)], WIDTH, ())
    assert room.side is Side.RIGHT


def test_what_stands_in_the_middle_of_its_box_stays_there_whatever_ends_below_it_by_chance() -> None:
    own, below = line(0, 200, 300), line(2, 150, 300)
    box = Rect(10_000, own.box.y0 - 400, 40_000, own.box.y1 + 400)
    assert room_of(own, [below], WIDTH, [box]).side is Side.CENTRE
    column = [line(n, 150 + 7 * n, 300) for n in (2, 3)]
    assert room_of(own, column, WIDTH, [box]).side is Side.RIGHT


def test_a_line_at_the_edge_of_the_paper_or_of_its_cell_need_not_leave_its_place() -> None:
    own = line(0, 8, 100)
    assert room_of(own, (), WIDTH, ()).left == 8
    tight = Rect(own.box.x0 - 20, own.box.y0 - 400, own.box.x1 + 20, own.box.y1 + 400)
    room = room_of(own, (), WIDTH, [tight])
    assert (room.left, room.right) == (8, 100)


def test_what_goes_on_in_another_font_begins_with_its_first_letter() -> None:
    own = Part(Rect(5_680, 9_920, 11_870, 11_120), "Bold first", 3, 0)
    boxes = (11_489, 9_920, 11_870, 11_120), (11_870, 9_920, 12_250, 11_120), (12_250, 9_920, 18_677, 11_120)
    line = TextLine(3, " ,t", tuple(edge for box in boxes for edge in box), (11_489, 10_900), (0, 0))
    (part,) = line_parts(line, 1, ())
    assert part.box.x0 == 11_870
    assert room_of(own, [part], WIDTH, ()).right == 118.7
