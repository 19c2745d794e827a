"""Pages put in order: which edition comes of each deed, and that marks go with a page that is turned."""

from __future__ import annotations

from presenter import paging
from protocol.corrections import CorrectionState
from protocol.ink import Colour, MarkId, NewMark, Pen, Stroke, Tool
from protocol.model import Briefing
from protocol.ops import Draw, NewEdition, OfferPaper, Op, OpenCorrection
from protocol.values import OWNER, Blob, EditionPage, OpId, PageRef, Rect

SHA, OTHER = b"a" * 32, b"b" * 32
WIDE, HIGH = 84_200, 59_500


def after(briefing: Briefing, *ops: Op | None) -> Briefing:
    for op in ops:
        assert op is not None
        briefing = briefing.apply(op, OpId(OWNER, briefing.revision))
    return briefing


def three_pages() -> Briefing:
    pages = tuple(EditionPage(n, PageRef(SHA, n), WIDE, HIGH) for n in range(3))
    return after(Briefing(), OfferPaper(0, "予算案", Blob(SHA, 9), pages))


def order(briefing: Briefing) -> list[int]:
    return [page.page_id for page in briefing.pages()]


def test_a_page_moves_within_its_paper_and_no_farther() -> None:
    briefing = three_pages()
    assert order(after(briefing, paging.move(briefing, 0, 1, 5))) == [1, 0, 2]
    assert order(after(briefing, paging.move(briefing, 2, -1, 5))) == [0, 2, 1]
    assert order(after(briefing, paging.move(briefing, 0, 2, 5))) == [1, 2, 0]
    assert paging.move(briefing, 0, -1, 5) is None
    assert paging.move(briefing, 2, 1, 5) is None


def test_every_page_but_the_last_one_can_go() -> None:
    briefing = three_pages()
    for page_id in (1, 0):
        briefing = after(briefing, paging.removal(briefing, page_id, 5))
    assert order(briefing) == [2]
    assert paging.removal(briefing, 2, 5) is None
    assert paging.removal(briefing, 1, 5) is None, "it is gone"


def test_inserted_pages_have_ids_that_nobody_had() -> None:
    briefing = after(three_pages(), paging.removal(three_pages(), 2, 5))
    new = [EditionPage(0, PageRef(OTHER, n), HIGH, WIDE) for n in (4, 1)]
    op = paging.insertion(briefing, 0, new, Blob(OTHER, 9), 5)
    briefing = after(briefing, op)
    assert order(briefing) == [0, 3, 4, 1]
    assert [page.ref.index for page in briefing.pages()][1:3] == [4, 1]


def test_marks_and_corrections_go_with_a_page_that_is_turned_and_back() -> None:
    briefing = three_pages()
    before = next(briefing.pages())
    stroke = Stroke(Pen(Tool.PEN, Colour.RED, 200), 1_000, 2_000)
    briefing = after(
        briefing,
        Draw(0, 1, 5, (NewMark(1, stroke),)),
        OpenCorrection(7, 0, 1, (Rect(100, 200, 300, 250),), "旧", "新", 5),
    )
    turned = EditionPage(0, PageRef(OTHER, 0), HIGH, WIDE)
    briefing = after(briefing, paging.replacement(briefing, turned, Blob(OTHER, 9), 5))
    briefing = after(briefing, *paging.turned_with(briefing, 0, before, 1))
    assert where(briefing) == (HIGH - 2_000, 1_000), "top left went to the top right"
    assert briefing.corrections[7].places == (Rect(HIGH - 250, 100, HIGH - 200, 300),)
    assert briefing.corrections[7].state is CorrectionState.OPEN
    briefing = after(briefing, NewEdition(0, 2, 0, 1, (before,), (), when=6))
    briefing = after(briefing, *paging.turned_with(briefing, 0, turned, -1))
    assert where(briefing) == (1_000, 2_000)
    assert briefing.corrections[7].places == (Rect(100, 200, 300, 250),)


def where(briefing: Briefing) -> tuple[int, int]:
    """Where the stroke begins now."""
    drawn = briefing.ink.at(0)[MarkId(OWNER, 1)]
    assert isinstance(drawn.mark, Stroke)
    at, x, y = drawn.placement, drawn.mark.x, drawn.mark.y
    return (at.a * x + at.c * y) // 10_000 + at.e, (at.b * x + at.d * y) // 10_000 + at.f


def test_page_numbers_are_read_as_people_write_them() -> None:
    assert paging.page_numbers("1-3, 5", 9) == (0, 1, 2, 4)
    assert paging.page_numbers("２、４ー５", 5) == (1, 3, 4)
    for wrong in ("", "0", "3-1", "1-", "6", "a", "1,,2", "-2", "²"):
        assert paging.page_numbers(wrong, 5) is None, wrong
