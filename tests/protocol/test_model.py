"""What a briefing is after its ops, and which ops it refuses."""

from __future__ import annotations

import pytest

from protocol.changes import EditionMade, changes
from protocol.errors import Reason, Refusal
from protocol.model import Briefing
from protocol.ops import (
    AddItem,
    MorePages,
    NewEdition,
    OfferPaper,
    Op,
    OrderPapers,
    RemoveItem,
    SpliceText,
    WithdrawPaper,
)
from protocol.values import OWNER, OpId, Rect, View
from tests.protocol.values import A4, WHOLE, applied, blob, offer, page, view

ID = OpId(OWNER, 99)
MEGA = 2**20


def refusal_of(briefing: Briefing, op: Op) -> Reason:
    with pytest.raises(Refusal) as refused:
        briefing.apply(op, ID)
    return refused.value.reason


def ids(briefing: Briefing) -> list[int]:
    return [each.page_id for each in briefing.pages()]


def edition(base: int, at: int, removed: int, *pages: tuple[int, str], paper: int = 1) -> NewEdition:
    blobs = tuple(blob(name) for _, name in pages)
    return NewEdition(paper, base, at, removed, tuple(page(number, name) for number, name in pages), blobs)


def test_pages_go_on_across_papers() -> None:
    briefing = applied(offer(1, 0, 2), offer(2, 2, 1), offer(3, 3, 2))
    assert ids(briefing) == [0, 1, 2, 3, 4]
    assert [briefing.neighbour(1, by) for by in (-2, -1, 1, 2, 4)] == [None, 0, 2, 3, None]
    paper, index, found = briefing.page(4) or pytest.fail("not there")
    assert (paper.paper, index, found.ref.index) == (3, 1, 1)


def test_the_order_of_papers_is_an_op() -> None:
    briefing = applied(offer(1, 0, 1), offer(2, 1, 1), OrderPapers((2, 1)))
    assert ids(briefing) == [1, 0]
    assert refusal_of(briefing, OrderPapers((2,))) is Reason.NOT_ALL_PAPERS
    assert refusal_of(briefing, OrderPapers((2, 1, 1))) is Reason.NOT_ALL_PAPERS


def test_more_pages_belong_to_the_first_edition_only() -> None:
    more = MorePages(1, (page(2, "paper 1", 2),))
    briefing = applied(offer(1, 0, 2), more)
    assert ids(briefing) == [0, 1, 2]
    edited = applied(offer(1, 0, 2), edition(1, 0, 1, (0, "edit")))
    assert refusal_of(edited, more) is Reason.OLDER_EDITION


def test_an_edition_keeps_the_page_ids_it_does_not_touch() -> None:
    before = applied(offer(1, 0, 4))
    op = NewEdition(1, 1, 1, 2, (page(1, "edit"), page(4, "edit", 1)), (blob("edit"),))
    after = before.apply(op, ID)
    assert ids(after) == [0, 1, 4, 3]
    assert after.papers[0].edition.number == 2
    assert after.papers[0].editions[0] == before.papers[0].edition
    assert changes(before, after, op, OWNER) == (EditionMade(after.papers[0], (1, 4, 2)),)


def test_an_edition_made_on_an_older_one_applies_where_its_page_is_still_the_same() -> None:
    briefing = applied(
        offer(1, 0, 4),
        edition(1, 0, 0, (4, "inserted in front")),
        edition(1, 2, 1, (2, "edit of page 2")),
    )
    assert ids(briefing) == [4, 0, 1, 2, 3]
    assert [str(each.ref.blob[:4], "ascii") for each in briefing.pages()][3] == "edit"
    assert refusal_of(briefing, edition(1, 2, 1, (2, "another edit of it"))) is Reason.OLDER_EDITION
    assert refusal_of(briefing, edition(7, 0, 1, (2, "of the future"))) is Reason.OLDER_EDITION


def test_page_ids_are_never_used_again() -> None:
    briefing = applied(offer(1, 0, 3), offer(2, 3, 1), WithdrawPaper(2), edition(1, 2, 1))
    assert briefing.next_page_id == 4
    assert refusal_of(briefing, offer(2, 3, 1)) is Reason.ALREADY_THERE
    assert refusal_of(briefing, offer(2, 2, 1)) is Reason.ALREADY_THERE
    twice = OfferPaper(4, "", blob("x"), (page(9, "x"), page(9, "x")))
    assert refusal_of(briefing, twice) is Reason.ALREADY_THERE


def test_a_page_that_comes_back_is_the_same_page() -> None:
    briefing = applied(offer(1, 0, 3), edition(1, 1, 1), edition(2, 1, 0, (1, "paper 1")))
    assert ids(briefing) == [0, 1, 2]
    assert briefing.nearest_page(1) == 1


def test_the_nearest_page_is_the_earlier_one_still_there() -> None:
    briefing = applied(
        offer(1, 0, 3), offer(2, 3, 2), edition(1, 1, 2), WithdrawPaper(2), offer(5, 5, 1), edition(2, 0, 0)
    )
    assert [briefing.nearest_page(gone) for gone in (2, 1, 3, 4)] == [0, 0, 0, 0]
    assert briefing.nearest_page(99) is None
    front_gone = applied(offer(1, 0, 3), edition(1, 0, 2))
    assert front_gone.nearest_page(0) == 2
    last_gone = applied(offer(1, 0, 1), offer(2, 1, 1), WithdrawPaper(2), WithdrawPaper(1))
    assert last_gone.nearest_page(1) is None
    assert last_gone.was_there(1)


@pytest.mark.parametrize(
    ("op", "reason"),
    [
        (offer(1, 9, 1), Reason.ALREADY_THERE),
        (OfferPaper(2, "", blob("a"), (page(9, "b"),)), Reason.UNKNOWN_BLOB),
        (MorePages(2, (page(9, "b"),)), Reason.UNKNOWN_PAPER),
        (WithdrawPaper(2), Reason.UNKNOWN_PAPER),
        (edition(1, 0, 2), Reason.NO_PAGES),
        (edition(1, 1, 2), Reason.OUTSIDE_PAGE),
        (NewEdition(1, 1, 0, 1, (page(0, "unheard of"),), ()), Reason.UNKNOWN_BLOB),
        (AddItem(1, None, ""), Reason.ALREADY_THERE),
        (AddItem(2, 77, ""), Reason.UNKNOWN_PAGE),
        (SpliceText(2, ("a",)), Reason.UNKNOWN_ITEM),
        (SpliceText(1, (2, "a")), Reason.OUTSIDE_TEXT),
        (RemoveItem(2), Reason.UNKNOWN_ITEM),
    ],
)
def test_an_op_that_does_not_apply_is_refused_with_its_reason(op: Op, reason: Reason) -> None:
    briefing = applied(offer(1, 0, 2), AddItem(1, 0, "a"))
    assert refusal_of(briefing, op) is reason


def test_a_briefing_has_one_gigabyte_and_counts_each_blob_once() -> None:
    def large(paper: int, name: str, first: int) -> OfferPaper:
        return OfferPaper(paper, "", blob(name, 400 * MEGA), (page(first, name),))

    briefing = applied(large(1, "a", 0), large(2, "b", 1), large(3, "a", 2))
    assert refusal_of(briefing, large(4, "c", 3)) is Reason.TOO_LARGE
    assert briefing.apply(WithdrawPaper(2), ID).apply(large(4, "c", 3), ID)


@pytest.mark.parametrize(
    ("shown", "reason"),
    [
        (view(7), Reason.UNKNOWN_PAGE),
        (View(0, Rect(0, 0, A4[0] * 2, A4[1])), Reason.OUTSIDE_PAGE),
        (View(0, Rect(5, 5, 5, 9)), Reason.OUTSIDE_PAGE),
        (View(0, Rect(9, 0, 5, 9)), Reason.OUTSIDE_PAGE),
        (View(0, WHOLE, 2, 2), Reason.OUTSIDE_PAGE),
    ],
)
def test_a_view_of_what_is_not_there_is_refused(shown: View, reason: Reason) -> None:
    with pytest.raises(Refusal) as refused:
        applied(offer(1, 0, 1)).check_view(shown)
    assert refused.value.reason is reason


def test_a_view_may_reach_a_tenth_beyond_the_page() -> None:
    applied(offer(1, 0, 1)).check_view(View(0, Rect(-5_950, -8_420, 65_450, 92_620)))
