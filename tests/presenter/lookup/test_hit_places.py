"""The words that were searched for are found on the page: across lines, in any width, where they stand."""

from __future__ import annotations

from pageview.page_text import PageText, TextLine
from presenter.lookup.folding import words_of
from presenter.lookup.hit_places import PLACES, hit_places
from protocol.values import Rect


def line(text: str, y: int) -> TextLine:
    edges = tuple(edge for n in range(len(text)) for edge in (n * 10, y, n * 10 + 10, y + 10))
    return TextLine(0, text, edges, (0, y + 10), (0, 0))


PAGE = PageText((line("河川監視カメ", 0), line("ラの ＡＢ更新", 20), line("カメラ", 40)))


def test_a_word_is_found_where_a_line_ends_within_it_and_in_another_width() -> None:
    assert hit_places(PAGE, words_of("ｶﾒﾗ")) == (
        Rect(40, 0, 60, 10),
        Rect(0, 20, 10, 30),
        Rect(0, 40, 30, 50),
    )
    assert hit_places(PAGE, words_of("ab 河川")) == (Rect(30, 20, 50, 30), Rect(0, 0, 20, 10))
    assert hit_places(PAGE, words_of("ない")) == hit_places(PAGE, ()) == ()


def test_a_page_full_of_them_is_marked_as_far_as_anybody_looks() -> None:
    assert len(hit_places(PageText((line("あ" * 1_000, 0),)), ("あ",))) == PLACES
