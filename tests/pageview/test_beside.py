"""What stands side by side, by the rule alone; and what only looks otherwise on two states of a page."""

from __future__ import annotations

import pytest

from pageview.beside import Halves, half_aspect, halves
from pageview.page_diff import SmallPicture, looks_otherwise
from pageview.steps import RAIL_SHARE, steps
from protocol.model import Briefing
from protocol.ops import NewEdition, OfferPaper
from protocol.registers import Beside, FormerEdition, OtherView, PageBefore
from protocol.values import OWNER, Blob, EditionPage, OpId, PageRef, Rect, View

A4 = 59_500, 84_200


def page(page_id: int, blob: int = 1, index: int = 0) -> EditionPage:
    return EditionPage(page_id, PageRef(bytes([blob]) * 32, index), *A4)


def view(page_id: int, step: int = 0, steps: int = 1) -> View:
    high = A4[1] // steps
    return View(page_id, Rect(0, step * high, A4[0], (step + 1) * high), step, steps)


@pytest.fixture
def briefing() -> Briefing:
    """Two papers of two pages; page 1 of the first is another in its second edition, page 9 is new there."""
    ops = (
        OfferPaper(1, "予算", Blob(bytes([1]) * 32, 9), (page(0), page(1, index=1))),
        OfferPaper(2, "別紙", Blob(bytes([2]) * 32, 9), (page(5, 2), page(6, 2, 1))),
        NewEdition(1, 1, 1, 1, (page(1, 3), page(9, 3, 1)), (Blob(bytes([3]) * 32, 9),)),
    )
    made = Briefing()
    for n, op in enumerate(ops):
        made = made.apply(op, OpId(OWNER, n))
    return made


def shown(briefing: Briefing, followed: View, beside: Beside) -> Halves:
    found = halves(briefing, followed, beside)
    assert found is not None
    return found


def test_the_page_before_stands_left_at_the_same_step(briefing: Briefing) -> None:
    found = shown(briefing, view(1, 1, 2), PageBefore())
    assert (found.other.page, found.other.view, found.other_left) == (page(0), view(0, 1, 2), True)
    assert found.other.place == "1ページ"
    assert shown(briefing, view(0), PageBefore()).other.view is None, "before the first there is none"


def test_an_edition_stands_beside_its_own_paper_only(briefing: Briefing) -> None:
    box = (Rect(1, 1, 2, 2),)
    rule = FormerEdition(1, 1, 1, box, box, box)
    found = shown(briefing, view(1), rule)
    assert (found.other.page, found.other.newest, found.other.marked) == (page(1, index=1), False, box * 2)
    assert shown(briefing, view(0), rule).other.marked == (), "marks are those of one page"
    assert shown(briefing, view(9), rule).other.view is None, "that page is new"
    assert halves(briefing, view(5), rule) is None
    assert halves(briefing, view(1), FormerEdition(1, 2)) is None, "the newest one is not beside itself"


def test_a_view_of_its_own_stays_and_one_of_no_page_is_not_shown(briefing: Briefing) -> None:
    found = shown(briefing, view(1), OtherView(view(6), on_left=False))
    assert (found.other.title, found.other.view, found.other_left) == ("別紙", view(6), False)
    assert halves(briefing, view(1), OtherView(view(7), on_left=True)) is None
    assert halves(briefing, view(1), None) is None


def test_steps_of_a_half_fill_it() -> None:
    first = steps(page(0), half_aspect(16 / 9))[0].rect
    wide_for_high = (first.x1 - first.x0) / (first.y1 - first.y0)
    assert wide_for_high >= half_aspect(16 / 9) * (1 - RAIL_SHARE)


def test_a_figure_that_changed_is_found_and_text_and_soft_edges_are_not() -> None:
    def drawn(*spots: tuple[int, int, int, int, int]) -> SmallPicture:
        rows = [bytearray(b"\xff" * 60) for _ in range(60)]
        for x, y, wide, high, grey in spots:
            for row in rows[y : y + high]:
                row[x : x + wide] = bytes([grey]) * wide
        return SmallPicture(60, b"".join(rows))

    text, soft = (6, 6, 10, 4, 0), (48, 48, 3, 3, 250)
    words = [Rect(600, 600, 1_600, 1_000)]
    found = looks_otherwise(drawn(), drawn(text, soft, (36, 12, 12, 12, 90)), words, 6_000, 6_000)
    assert found == (Rect(3_600, 1_200, 4_800, 2_400),)
    assert looks_otherwise(drawn(), SmallPicture(30, b"\xff" * 900), words, 60, 60) == (Rect(0, 0, 60, 60),)
