"""Words that are chosen on a page: as long as it is that page, and from either end."""

from __future__ import annotations

from pageview.grips import FOR_A_FINGER
from pageview.hand import Use
from tests.pageview.paper_in_hand import PAGE, Paper, paper, processes
from tests.pageview.shown_papers import paper_of
from tests.pageview.test_page_text import page

__all__ = ["paper", "processes"]


def test_words_are_chosen_no_more_when_their_page_has_become_another(paper: Paper) -> None:
    paper.hand.text_of = lambda _page_id: page("令和九年度の予算案の総額を見直す", tops=(10_000,))
    paper.hand.take_up(Use.SELECT)
    paper.draw((100, 105), (120, 105))
    told: list[object] = []
    paper.hand.selected.connect(told.append)
    paper.glass.show_view(paper.view)
    assert paper.hand.selection is not None, "the page is the same still"
    paper.desk.apply(paper.another_page())
    assert (paper.hand.selection, told) == (None, [(paper.view.page_id, None)])


def test_either_end_of_chosen_words_is_moved_by_its_grip_which_a_fat_finger_finds(paper: Paper) -> None:
    hand = paper.hand
    words = page(
        "令和九年度の予算案の総額を見直す", tops=(10_000,)
    )  # each letter 10 px wide, from the left edge
    hand.text_of = lambda _page_id: words
    hand.grip = FOR_A_FINGER
    hand.take_up(Use.SELECT)

    def chosen() -> str:
        return hand.selection.text if hand.selection is not None else ""

    paper.draw((100, 105), (120, 105))
    assert chosen() == "総額"
    # Beside the discs, but within the reach of a finger; what counts is how far the finger goes.
    paper.draw((160, 140), (190, 140))
    assert chosen() == "総額を見直"
    paper.draw((60, 140), (20, 140))
    assert chosen() == "予算案の総額を見直"
    paper.draw((60, 140), (320, 140), lift=False)
    hand.cancel()
    paper.draw((700, 500), (700, 500))
    assert chosen() == "", "elsewhere it lets go, as ever"
    paper.draw((100, 105), (120, 105))
    (other,) = paper.desk.lay(paper_of([PAGE]))
    paper.glass.show_view(other)
    paper.desk.wait_sharp(paper.glass, other)
    paper.draw((160, 140), (190, 140))
    assert chosen() != "総額を見直", "on another page there are no grips"
