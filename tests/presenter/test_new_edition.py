"""Which page counts when the source was saved and the paper was corrected, both since the same state."""

from __future__ import annotations

from presenter.new_edition import PAGES_AT_ONCE, SourcePage, edition_ops, merged
from protocol.model import Briefing
from protocol.ops import OfferPaper
from protocol.values import OWNER, Blob, EditionPage, OpId, PageRef

OPENED, SAVED, EDIT = (bytes([n]) * 32 for n in (1, 2, 3))


def page(page_id: int, blob: bytes = OPENED, index: int | None = None) -> EditionPage:
    return EditionPage(page_id, PageRef(blob, page_id if index is None else index), 100, 100)


def source(index: int, former: int | None, *, same: bool = True) -> SourcePage:
    return SourcePage(PageRef(SAVED, index), 100, 100, former, same)


def test_a_page_corrected_here_stays_unless_the_source_changed_it_too() -> None:
    ours = (page(0), page(1, EDIT, 0), page(2, EDIT, 1))
    result = merged((0, 1, 2), ours, [source(0, 0), source(1, 1), source(2, 2, same=False)], 3)
    assert result.pages == (page(0), page(1, EDIT, 0), page(2, SAVED, 2))


def test_pages_come_go_and_move_with_the_source_and_keep_their_identity() -> None:
    ours = (page(0), page(1), page(2))
    result = merged((0, 1, 2), ours, [source(0, 2), source(1, None, same=False), source(2, 0)], 7)
    assert result.pages == (page(2), page(7, SAVED, 1), page(0))
    assert result.ids == (2, 7, 0)


def test_what_was_taken_out_or_put_in_here_is_so_still() -> None:
    made_here = page(5, EDIT, 0)
    ours = (page(0), made_here, page(2))  # page 1 was taken out
    result = merged(
        (0, 1, 2), ours, [source(0, 0), source(1, 1), source(2, 2), source(3, None, same=False)], 6
    )
    assert result.pages == (page(0), made_here, page(2), page(6, SAVED, 3))
    assert result.ids == (0, 1, 2, 6)


def test_the_order_of_the_briefing_stays_unless_the_source_has_another() -> None:
    ours = (page(2), page(0), page(1))
    added = [source(0, 0), source(1, None, same=False), source(2, 1), source(3, 2)]
    assert merged((0, 1, 2), ours, added, 3).pages == (page(2), page(0), page(3, SAVED, 1), page(1))
    other = [source(0, 1), source(1, 0), source(2, 2)]
    assert merged((0, 1, 2), ours, other, 3).pages == (page(1), page(0), page(2))


def test_a_page_taken_out_here_stays_out_when_the_source_changes_it() -> None:
    theirs = [source(0, 0), source(1, 1, same=False)]
    assert merged((0, 1), (page(0),), theirs, 2).pages == (page(0),)


def test_an_edition_too_long_for_a_message_comes_in_parts_with_every_page_once() -> None:
    count = PAGES_AT_ONCE + 500
    briefing = Briefing().apply(
        OfferPaper(0, "", Blob(OPENED, 9), tuple(map(page, range(PAGES_AT_ONCE)))), OpId(OWNER, 0)
    )
    # The last page is the first now, all others are new.
    wanted = (page(PAGES_AT_ONCE - 1), *(page(9_000 + n, SAVED, n) for n in range(count)))
    ops = edition_ops(briefing.papers[0], wanted, Blob(SAVED, 9), (), (), 0)
    assert len(ops) == 2
    for op in ops:
        assert len(op.pages) <= PAGES_AT_ONCE
        briefing = briefing.apply(op, OpId(OWNER, briefing.revision))
    assert briefing.papers[0].edition.pages == wanted


def test_only_what_differs_is_sent_and_no_bytes_that_no_page_needs() -> None:
    briefing = Briefing().apply(
        OfferPaper(0, "", Blob(OPENED, 9), tuple(map(page, range(5)))), OpId(OWNER, 0)
    )
    paper = briefing.papers[0]
    (op,) = edition_ops(paper, (page(0), page(1), page(4)), Blob(SAVED, 9), (), (), 0)
    assert (op.at, op.removed, op.pages, op.blobs) == (2, 2, (), ())
