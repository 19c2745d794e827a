"""What leads to words, and what is drawn around and under them: borders give no way, bars go with them."""

from __future__ import annotations

import pymupdf
import pytest

from pageview.page_edits import (
    MoveWords,
    NotMade,
    RemoveWords,
    ReplaceWords,
    Setting,
    WhyNot,
)
from pageview.page_text import TextRange
from pageview.render_results import PageEdited
from protocol.values import Rect
from tests.pageview.editing import (
    HELVETICA,
    Editing,
    hull,
    ink,
    page_words,
    place,
    typed,
    unlike_outside,
    width,
)
from tests.pageview.papers import one_page


def test_a_cell_gives_no_more_room_than_its_borders(editing: Editing) -> None:
    blob = editing.paper(typed((62, 100, "防災"), (104, 100, "医療"), draw="60 85 100 110;100 85 140 110"))
    answer = editing.edit(blob, editing.replace(blob, "防災", "防災対策"))
    assert isinstance(answer, NotMade)
    assert (answer.why, answer.needed) == (WhyNot.TOO_WIDE, 4800)
    assert 3_500 < answer.room < 4_000
    after, _ = editing.made(blob, editing.replace(blob, "防災", "防災費"))
    assert hull(editing.text(after), "医療") == hull(editing.text(blob), "医療")


def test_words_in_two_cells_are_not_put_into_one(editing: Editing) -> None:
    cells = "60 85 92 110;92 85 140 110"
    for words in (((62, 100, "防災　医療"),), ((62, 100, "防災"), (104, 100, "医療"))):
        blob = editing.paper(typed(*words, draw=cells))
        lines = editing.text(blob).lines
        ranges = tuple(TextRange(number, 0, len(line.text)) for number, line in enumerate(lines))
        assert len(ranges) == len(words)
        old = editing.text(blob).words(ranges)
        assert editing.edit(blob, ReplaceWords(ranges, old, "防災と医療")) == NotMade(WhyNot.CELLS)
        assert isinstance(editing.edit(blob, RemoveWords(ranges, old)), PageEdited)
    marked = editing.paper(typed((62, 100, "防災　医療"), draw="60 85 92 110"))
    editing.made(marked, editing.replace(marked, "災　医", "犯　診"))


@pytest.mark.parametrize(("sign", "apart"), [("…", 8), (".", 4), ("─", 0)])
@pytest.mark.parametrize("new", ["1,205", "令和二年度", "8"])
def test_a_leader_gives_way_or_goes_on_and_the_figure_keeps_its_right_edge(
    editing: Editing, sign: str, apart: float, new: str
) -> None:
    def leader(blob: bytes) -> tuple[int, float]:
        line = next(line for line in editing.text(blob).lines if line.text.startswith("総則"))
        return line.text.count(sign), line.box(line.text.rindex(sign)).x1 / 100

    head = "総則" + 30 * sign
    at = 60 + width(head) + apart
    blob = editing.paper(typed((60, 100, head), (at, 100, "120"), (60, 130, "別の行")))
    after, made = editing.made(blob, editing.replace(blob, "120", new))
    text, (count, end) = editing.text(after), leader(after)
    assert abs(hull(text, new).x1 - 100 * (at + width("120"))) < 5
    gap = hull(text, new).x0 / 100 - end
    assert apart - 1 <= gap <= apart + width(sign) + 1 and made.squeezed == 0
    assert (count > 30) is (width(new) + width(sign) < width("120")) and (count < 30) is (len(new) > 3)
    assert hull(text, "総則") == hull(editing.text(blob), "総則")


def test_dashes_that_are_drawn_are_not_written_over(editing: Editing) -> None:
    dashes = ";".join(f"{x} 96 {x + 6} 96.6" for x in range(104, 440, 10))
    blob = editing.paper(
        typed((60, 100, "第一章"), (450, 100, "三億円"), (438, 120, "三百億円"), draw=dashes)
    )
    answer = editing.edit(blob, editing.replace(blob, "三億円", "百二十三億円"))
    assert isinstance(answer, NotMade) and answer.why is WhyNot.TOO_WIDE


A4 = "/MediaBox[0 0 595 842]"
LARGE = f"{A4}/CropBox[50 100 545 742]/UserUnit 2"


@pytest.mark.parametrize(
    ("page", "drawn"),
    [
        (A4, "q .06 0 0 -.06 100 400 cm 12 w 2 j 315 1766 m 760 1766 l S Q"),  # as Qt draws it
        (A4, "q .5 0 0 -.5 100 400 cm 37.8 210 53.4 4 re f Q"),
        (LARGE, "118.9 293 m 145.6 293 l 145.6 295 l 118.9 295 l h f*"),
    ],
)
@pytest.mark.parametrize(("old", "new"), [("E", "AAA"), ("E", "I"), ("H", "AA"), ("N", "AA"), ("E", "")])
def test_an_underline_goes_with_its_words(
    editing: Editing, page: str, drawn: str, old: str, new: str
) -> None:
    text = f"{drawn} 60 280 200 2 re f 118.9 293 26.7 2 re W n BT /F 40 Tf 90 300 Td (HEN) Tj ET"
    blob = editing.paper(one_page(text, page=page, resources=HELVETICA))

    def bars(blob: bytes) -> list[tuple[float, float]]:
        with pymupdf.open(stream=editing.store.data(blob)) as doc:
            boxes = [each["rect"] for each in doc[0].get_drawings() if each["type"] != "clip"]
        return sorted((box.x0, box.x1) for box in boxes)

    before = bars(blob)
    after, made = editing.made(blob, editing.replace(blob, old, new, Setting.LINE))
    assert unlike_outside(editing.picture(blob), editing.picture(after), made.changed) == 0
    assert len(bars(after)) == len(before) - (new == "")
    assert bars(after)[0] == before[0], "what begins and ends with no letter is a rule of the paper"
    if new:
        words = hull(editing.text(after), new if old == "E" else "E")
        assert bars(after)[1] == pytest.approx((words.x0 / 100, words.x1 / 100), abs=0.6)


@pytest.mark.parametrize(
    ("words", "by"),
    [("HEN", None), ("E", None), ("H", (1_000, -5_000)), ("E", (1_000, -5_000)), ("N", (1_000, -5_000))],
)
def test_what_is_under_or_through_words_goes_or_moves_with_them(
    editing: Editing, words: str, by: tuple[int, int] | None
) -> None:
    bars = "90 294 m 174.4 294 l S 90 313 84.4 2 re f 60 280 200 2 re f"
    bars += " 86 280 m 86 340 l S"  # the edge of a cell, as near to its words as editors put it
    blob = editing.paper(
        one_page(f"{bars} .8 g BT /F 40 Tf 90 300 Td (HEN) Tj ET", page=A4, resources=HELVETICA)
    )
    before = editing.text(blob)
    ranges = (place(before, words),)
    change = RemoveWords(ranges, words) if by is None else MoveWords(ranges, words, *by)
    after, made = editing.made(blob, change)
    picture = editing.picture(after)
    assert unlike_outside(editing.picture(blob), picture, made.changed) == 0

    def barred(sign: str, right: int = 0, down: int = 0) -> list[bool]:
        """Whether there is a line under and one through it; its letters are pale."""
        x0, x1 = hull(before, sign).x0 + 100 + right, hull(before, sign).x1 - 100 + right
        heights = (54_500 + down, 55_200 + down), (52_500 + down, 53_100 + down)
        found = [ink(picture, Rect(x0, y0, x1, y1)) for y0, y1 in heights]
        return [box is not None and box.x1 - box.x0 > 0.9 * (x1 - x0) for box in found]

    for sign in "HEN":
        assert barred(sign) == 2 * [sign not in words]
        if by is not None:
            assert barred(sign, *by) == 2 * [sign in words]
    assert ink(picture, Rect(6_000, 55_800, 26_000, 56_400)), "what begins with no letter is the paper's"


@pytest.mark.parametrize("by", [None, (0, 5_000)])
def test_a_leader_goes_or_moves_with_all_that_it_leads_to(
    editing: Editing, by: tuple[int, int] | None
) -> None:
    head = "総則" + 30 * "…"
    blob = editing.paper(typed((60, 100, head), (60 + width(head) + 3, 100, "120"), (60, 130, "別の行")))

    def taken(words: str) -> list[str]:
        ranges = (place(editing.text(blob), words),)
        change = RemoveWords(ranges, words) if by is None else MoveWords(ranges, words, *by)
        return page_words(editing.text(editing.made(blob, change)[0])).split()

    assert "".join(taken("12")).count("…") == 30
    left = taken("120")
    assert left[0] == "総則", "the dots lead to nothing there"
    assert "".join(left).count("…") == (30 if by else 0)


def test_what_meets_an_upright_line_is_the_border_of_a_cell_and_no_underline(editing: Editing) -> None:
    cell = "118.9 294 m 145.6 294 l S 145.6 280 m 145.6 340 l S"
    blob = editing.paper(one_page(f"{cell} BT /F 40 Tf 118.9 300 Td (E) Tj ET", page=A4, resources=HELVETICA))
    after, _ = editing.made(blob, editing.replace(blob, "E", "I", Setting.LINE))
    drawn = []
    for data in (blob, after):
        with pymupdf.open(stream=editing.store.data(data)) as doc:
            drawn.append([each["rect"] for each in doc[0].get_drawings()])
    assert drawn[0] == drawn[1]


def test_the_ground_right_behind_the_words_of_a_coloured_cell_is_no_border(editing: Editing) -> None:
    """Qt and MuPDF's Story draw it once more as wide as the words."""
    ground, cell = "62 89 86 103", "58 85 140 110"
    blob = editing.paper(typed((62, 100, "防災"), draw=f"{cell};{ground}"))
    after, _ = editing.made(blob, editing.replace(blob, "防災", "防災対策"))
    assert "防災対策" in "".join(line.text for line in editing.text(after).lines)
    alone = editing.paper(typed((62, 100, "防災"), draw=ground))
    refused = editing.edit(alone, editing.replace(alone, "防災", "防災対策"))
    assert isinstance(refused, NotMade) and refused.why is WhyNot.TOO_WIDE, "of a label it is the border"


GROUND = "1 1 0 rg 90 288 84.4 48 re f"  # as Word colours what is marked: as wide as its words
UNDER = "0 g 90 294 84.4 2 re f"


@pytest.mark.parametrize(
    ("words", "new", "by", "left"),
    [
        ("HEN", None, None, []),
        ("E", None, None, [(90, 118.9), (145.6, 174.4)]),
        ("HEN", None, (1_000, -5_000), [(100, 184.4)]),
        ("E", None, (1_000, -5_000), [(90, 118.9), (128.9, 155.6), (145.6, 174.4)]),
        ("HEN", "", None, []),
        ("E", "EE", None, [(90, 201.1)]),
    ],
)
def test_a_ground_that_is_drawn_for_words_alone_goes_with_them(
    editing: Editing,
    words: str,
    new: str | None,
    by: tuple[int, int] | None,
    left: list[tuple[float, float]],
) -> None:
    """With the underline that it has as well; the ground of a row, of a cell, and a rule stay."""
    stays = ".9 g 80 340 300 60 re f 60 280 200 48 re f"
    text = "BT 0 g /F 40 Tf 67.8 300 Td (I HENI) Tj ET"
    blob = editing.paper(one_page(f"{stays} {GROUND} {UNDER} {text}", page=A4, resources=HELVETICA))
    ranges = (place(editing.text(blob), words),)
    change = MoveWords(ranges, words, *by) if by else RemoveWords(ranges, words)
    after, made = editing.made(blob, change if new is None else ReplaceWords(ranges, words, new))
    assert unlike_outside(editing.picture(blob), editing.picture(after), made.changed) == 0
    with pymupdf.open(stream=editing.store.data(after)) as doc:
        drawn = [(item[1], each["fill"]) for each in doc[0].get_drawings() for item in each["items"]]
    for colour in ((1.0, 1.0, 0.0), (0.0, 0.0, 0.0)):
        ends = sorted((box.x0, box.x1) for box, fill in drawn if fill == colour)
        assert [x for end in ends for x in end] == pytest.approx([x for end in left for x in end], abs=0.7)
    assert sum(fill not in ((1.0, 1.0, 0.0), (0.0, 0.0, 0.0)) for _, fill in drawn) == 2


@pytest.mark.parametrize("cell", ["90 280 m 90 340 l S 174.4 280 m 174.4 340 l S", "174.4 288 60 48 re f"])
def test_the_colour_of_a_cell_stays_when_its_words_go(editing: Editing, cell: str) -> None:
    text = f"{GROUND} {cell} BT 0 g /F 40 Tf 90 300 Td (HEN) Tj ET"
    blob = editing.paper(one_page(text, page=A4, resources=HELVETICA))
    after, _ = editing.made(blob, RemoveWords((place(editing.text(blob), "HEN"),), "HEN"))
    with pymupdf.open(stream=editing.store.data(after)) as doc:
        assert sum(each["fill"] == (1.0, 1.0, 0.0) for each in doc[0].get_drawings()) >= 1


PARTED = "1 1 0 rg 90 288 55.6 48 re f 145.6 288 9.9 48 re f 155.6 288 28.9 48 re f 184.5 288 22.3 48 re f"


@pytest.mark.parametrize(
    ("words", "new", "left"),
    [
        ("E", None, [(90, 118.9), (155.6, 184.5), (184.5, 206.8)]),
        ("N", None, [(90, 145.6), (184.5, 206.8)]),
        ("HE", "HENNE", [(90, 240), (240, 249.9), (250, 278.9), (278.9, 301.2)]),
    ],
)
def test_a_ground_in_parts_is_no_row_of_cells(
    editing: Editing, words: str, new: str | None, left: list[tuple[float, float]]
) -> None:
    """LibreOffice draws one behind each run of letters of a font, and one behind each gap between."""
    text = "BT 0 g /F 40 Tf 90 300 Td [(HE) -250 (NL)] TJ ET"
    blob = editing.paper(one_page(f"{PARTED} {text}", page=A4, resources=HELVETICA))
    ranges = (place(editing.text(blob), words),)
    change = RemoveWords(ranges, words) if new is None else ReplaceWords(ranges, words, new)
    after, _ = editing.made(blob, change)
    with pymupdf.open(stream=editing.store.data(after)) as doc:
        drawn = [item[1] for each in doc[0].get_drawings() for item in each["items"]]
    ends = sorted((box.x0, box.x1) for box in drawn)
    assert [x for end in ends for x in end] == pytest.approx([x for end in left for x in end], abs=0.7)
