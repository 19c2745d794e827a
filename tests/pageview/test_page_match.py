"""Pages of a re-exported paper are known again: by their look, their words, their order."""

from __future__ import annotations

from pageview.page_match import by_look, by_order, by_words


def test_pages_that_look_the_same_are_the_same_wherever_they_are_now() -> None:
    assert by_look([b"a", b"b", b"c"], [b"a", b"new", b"b", b"c"]) == [0, None, 1, 2]
    assert by_look([b"a", b"b", b"c"], [b"c", b"a", b"b"]) == [2, 0, 1]
    assert by_look([b"blank", b"a", b"blank"], [b"blank", b"blank"]) == [0, 2]
    assert by_look([b"", b"a"], [b"", b""]) == [None, None], "of these nobody knows how they look"


def test_a_page_that_was_reworded_is_known_by_most_of_its_words() -> None:
    old = {
        0: "防災の費用一千万円により東部地区の施設を整備する",
        1: "医療の費用二千万円で西部に新設",
    }
    new = {0: "医療の費用二千三百万円で西部に新設する", 1: "全く別の新しい頁である"}
    assert by_words([None, None], old, new) == [1, None]


def test_no_former_page_becomes_two() -> None:
    same = "防災の費用一千万円により東部地区の施設を整備する"
    assert by_words([None, None], {0: same}, {0: same, 1: same}) == [0, None]


def test_what_stands_between_the_same_neighbours_is_the_same() -> None:
    assert by_order([0, None, 2], 3) == [0, 1, 2]
    assert by_order([None, None, None], 2) == [0, 1, None]
    assert by_order([0, None, 1], 2) == [0, None, 1], "nothing stood between them: it is new"
    assert by_order([2, None, 0], 3) == [2, None, 0], "their order is another: nothing is said"
