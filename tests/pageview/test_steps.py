"""Portrait pages are read in steps that never cut a line; what comes next after any view."""

from __future__ import annotations

import random
from functools import cache
from itertools import pairwise
from pathlib import Path

import pymupdf
import pytest

import assets
from pageview import wording
from pageview.steps import (
    OVERLAP_MOST,
    RAIL_SHARE,
    following,
    label,
    preceding,
    steps,
    turned,
    whole,
)
from protocol.values import EditionPage, PageRef, Rect, View

ASSETS = Path(assets.__file__).parent
FONT = ASSETS / "fonts/NotoSansJP-Regular.ttf"
SHAPES = {"16:9": 16 / 9, "16:10": 1.6, "4:3": 4 / 3, "5:4": 1.25, "21:9": 21 / 9}


def page_of(width: int, height: int, page_id: int = 1) -> EditionPage:
    return EditionPage(page_id, PageRef(b"0" * 32, page_id), width, height)


A4 = page_of(59_500, 84_200)


def boxes_of(page: pymupdf.Page, *, tight: bool) -> list[Rect]:
    flags = pymupdf.TEXTFLAGS_DICT | (pymupdf.TEXT_ACCURATE_BBOXES if tight else 0)
    lines = [
        line for block in page.get_text("dict", flags=flags)["blocks"] for line in block.get("lines", ())
    ]
    found = [
        Rect(*(round(edge * 100) for edge in line["bbox"]))
        for line in lines
        if any(span["text"].strip() for span in line["spans"])
    ]
    return [box for box in found if box.y0 < box.y1 and box.x0 < box.x1]


@cache
def memo_pages() -> list[tuple[EditionPage, list[Rect], list[Rect]]]:
    """(page, line boxes as the fonts say, boxes tight around the ink) of our papers and of set ones."""
    found = []
    for path in sorted((ASSETS / "papers").glob("*.pdf")):
        with pymupdf.open(path) as paper:
            portrait = [page for page in paper if page.rect.height > page.rect.width]
            found += [_measured(page) for page in portrait]
    with pymupdf.open() as paper:
        for size, pitch in ((10.5, 1.2), (10.5, 1.7), (12, 1.45), (16, 1.6), (8, 1.25)):
            page = paper.new_page(width=595, height=842)
            page.insert_font(fontname="noto", fontfile=str(FONT))
            y = 64.0
            while y < 785:
                page.insert_text(
                    (60, y),
                    "夜間の参集は、全ての職員が集まることを前提とする。gjpy",
                    fontname="noto",
                    fontsize=size,
                )
                y += size * pitch
            found.append(_measured(page))
    return found


def _measured(page: pymupdf.Page) -> tuple[EditionPage, list[Rect], list[Rect]]:
    size = page_of(round(page.rect.width * 100), round(page.rect.height * 100))
    return size, boxes_of(page, tight=False), boxes_of(page, tight=True)


@pytest.mark.parametrize("tight", [False, True], ids=["loose boxes", "tight boxes"])
@pytest.mark.parametrize("shape", SHAPES)
def test_no_step_cuts_a_line(shape: str, tight: bool) -> None:
    measured = memo_pages()
    assert measured
    for page, loose, ink in measured:
        views = steps(page, SHAPES[shape], ink if tight else loose)
        for view in views:
            for edge in (view.rect.y0, view.rect.y1):
                cut = [box for box in ink if box.y0 + 40 < edge < box.y1 - 40]
                assert not cut, f"{shape}: {edge} goes through {cut}"
        assert views[0].rect.y0 == 0
        assert views[-1].rect.y1 == page.height
        for former, later in pairwise(views):
            shared = former.rect.y1 - later.rect.y0
            repeated = [box for box in ink if box.y0 >= later.rect.y0 - 40 and box.y1 <= former.rect.y1 + 40]
            assert repeated, "no line is repeated"
            assert shared <= OVERLAP_MOST * (former.rect.y1 - former.rect.y0) * 1.02


def test_a4_on_a_wall_of_16_to_9_is_thirds_beside_the_rail() -> None:
    for page, _, ink in memo_pages():
        for view in steps(page, 16 / 9, ink):
            assert view.steps == 3
            assert (view.rect.x0, view.rect.x1) == (0, page.width)
            visible = (view.rect.y1 - view.rect.y0) / page.width
            assert visible <= 1080 / (1920 * (1 - RAIL_SHARE)) + 0.001, (
                "the page would be narrower than the wall"
            )
            assert visible >= 0.9 * 1080 / 1728, "too much of the wall stays empty"


@pytest.mark.parametrize(("shape", "count"), [("16:9", 3), ("16:10", 2), ("4:3", 2), ("5:4", 2), ("21:9", 3)])
def test_halves_or_thirds_by_the_first_rooms_glass(shape: str, count: int) -> None:
    assert len(steps(A4, SHAPES[shape])) == count


def test_pages_that_need_no_steps() -> None:
    deck = page_of(96_000, 54_000)
    assert steps(deck, 16 / 9) == steps(deck, 9 / 16) == (whole(deck),)
    assert steps(A4, 9 / 16) == (whole(A4),), "a portrait wall shows a portrait page whole"


def test_scanned_page_without_lines_is_covered_with_overlap() -> None:
    views = steps(A4, 16 / 9)
    assert views[0].rect.y0 == 0
    assert views[-1].rect.y1 == A4.height
    assert all(former.rect.y1 > later.rect.y0 for former, later in pairwise(views))


def test_columns_out_of_step_are_cut_least() -> None:
    """No height is free of text: the whole page is still covered, in order, and by thirds."""
    boxes = [Rect(5_000, y, 28_000, y + 1_000) for y in range(5_000, 80_000, 1_200)]
    boxes += [Rect(31_000, y + 600, 54_000, y + 1_600) for y in range(5_000, 80_000, 1_200)]
    views = steps(A4, 16 / 9, boxes)
    assert len(views) == 3
    for view in views:
        for edge in (view.rect.y0, view.rect.y1):
            assert sum(box.y0 < edge < box.y1 for box in boxes) <= 1


def test_very_long_page_and_wild_boxes() -> None:
    chance = random.Random(3)
    for _ in range(15):
        page = page_of(chance.randint(5_000, 100_000), chance.randint(5_000, 400_000))
        boxes = []
        for _ in range(chance.randint(0, 120)):
            y = chance.randint(-1_000, page.height)
            boxes.append(Rect(0, y, 100, y + chance.randint(1, page.height // 3)))
        views = steps(page, chance.uniform(0.4, 3), boxes)
        assert views[0].rect.y0 == 0
        assert views[-1].rect.y1 == page.height
        assert [(view.step, view.steps) for view in views] == [(n, len(views)) for n in range(len(views))]
        for former, later in pairwise(views):
            assert former.rect.y0 < later.rect.y0 <= former.rect.y1 < later.rect.y1


def test_names_of_steps() -> None:
    assert [label(view) for view in steps(A4, 16 / 9)] == ["上段", "中段", "下段"]
    assert [label(view) for view in steps(A4, 4 / 3)] == ["上半分", "下半分"]
    assert label(whole(A4)) == ""
    wording.set_language("en")
    assert [label(view) for view in steps(A4, 16 / 9)] == ["Top", "Middle", "Bottom"]
    assert label(View(1, Rect(0, 0, 1, 1), 4, 6)) == "Part 5"


PAGES = [page_of(96_000, 54_000, 10), page_of(59_500, 84_200, 11), page_of(59_500, 84_200, 12)]


def steps_of(page_id: int) -> tuple[View, ...]:
    return steps(PAGES[page_id - 10])


def neighbour(page_id: int, by: int) -> int | None:
    return page_id + by if 10 <= page_id + by <= 12 else None


def test_forward_goes_step_by_step_then_to_the_next_page_and_back_the_same_way() -> None:
    way = [steps_of(10)[0]]
    while (view := following(way[-1], steps_of, neighbour)) is not None:
        way.append(view)
    assert [(view.page_id, view.step) for view in way] == [
        (10, 0),
        *((p, s) for p in (11, 12) for s in range(3)),
    ]
    back = [way[-1]]
    while (view := preceding(back[-1], steps_of, neighbour)) is not None:
        back.append(view)
    assert back == way[::-1]


def test_shift_turns_whole_pages_and_zoom_does_not_leak() -> None:
    zoomed = View(11, Rect(10_000, 10_000, 20_000, 16_000))
    assert turned(zoomed, 1, steps_of, neighbour) == steps_of(12)[0]
    assert turned(zoomed, -1, steps_of, neighbour) == steps_of(10)[0]
    assert turned(zoomed, 2, steps_of, neighbour) is None
    assert following(View(10, Rect(0, 0, 900, 900)), steps_of, neighbour) == steps_of(11)[0]


def test_forward_from_a_zoom_shows_what_lies_below_and_from_the_whole_page_the_next() -> None:
    assert following(View(11, Rect(10_000, 1_000, 20_000, 7_000)), steps_of, neighbour) == steps_of(11)[0]
    below_first = View(11, Rect(0, 30_000, 59_500, steps_of(11)[0].rect.y1 + 100))
    assert following(below_first, steps_of, neighbour) == steps_of(11)[1]
    assert following(whole(PAGES[1]), steps_of, neighbour) == steps_of(12)[0]
    assert preceding(whole(PAGES[1]), steps_of, neighbour) == steps_of(10)[-1]
