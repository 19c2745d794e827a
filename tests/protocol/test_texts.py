"""The arithmetic of text edits, over every small case there is."""

from __future__ import annotations

from itertools import product

import pytest

from protocol.errors import Reason, Refusal
from protocol.ops import TEXT_LIMIT
from protocol.texts import cleaned, compose, inverse, rebase, splice, spliced

TEXT = "a𠮷か\u3099🙂"


def edits(length: int, typed: str) -> list[tuple]:
    """Every splice of a text of that length, and the empty edit."""
    return [
        splice(1, position, removed, inserted).parts
        for position in range(length + 1)
        for removed in range(length - position + 1)
        for inserted in ("", typed)
    ]


def doubles(length: int, typed: str) -> list[tuple]:
    """Edits of two places, as rebasing and composing make them."""
    return [
        (1, typed, -1, 1, typed * 2, -1),
        (-1, 2, typed),
        (typed, 3, -2),
        (typed, -length),
        (-1, 1, -1, 1, typed),
    ]


ONE = edits(len(TEXT), "1") + doubles(len(TEXT), "1")
TWO = edits(len(TEXT), "2") + doubles(len(TEXT), "2")


def test_either_order_of_two_edits_gives_the_same_text() -> None:
    for one, two in product(ONE, TWO):
        committed_first = spliced(spliced(TEXT, one), rebase(two, one, first=False))
        shown_first = spliced(spliced(TEXT, two), rebase(one, two, first=True))
        assert committed_first == shown_first, (one, two)


def test_what_one_types_survives_what_the_other_removes() -> None:
    for one, two in product(ONE, TWO):
        text = spliced(spliced(TEXT, one), rebase(two, one, first=False))
        typed = "".join(part for part in (*one, *two) if isinstance(part, str))
        assert sorted(each for each in text if each in "12") == sorted(typed), (one, two)
        both = set(spliced(TEXT, one)) & set(spliced(TEXT, two)) & set(TEXT)
        assert both == set(text) & set(TEXT), (one, two)


def test_at_one_place_what_was_committed_earlier_stands_left() -> None:
    one, two = splice(1, 2, 0, "1").parts, splice(1, 2, 0, "2").parts
    assert spliced(spliced("ab", one), rebase(two, one, first=False)) == "ab12"


def test_compose_does_what_both_do() -> None:
    for one in ONE:
        between = spliced(TEXT, one)
        for two in edits(len(between), "2"):
            assert spliced(TEXT, compose(one, two)) == spliced(between, two), (one, two)


def test_inverse_gives_the_text_back() -> None:
    for one in ONE:
        assert spliced(spliced(TEXT, one), inverse(one, TEXT)) == TEXT, one


def test_positions_count_code_points() -> None:
    assert spliced("𠮷野家", splice(1, 1, 1, "川").parts) == "𠮷川家"


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ((3, "x"), Reason.OUTSIDE_TEXT),
        ((-3,), Reason.OUTSIDE_TEXT),
        (("x" * TEXT_LIMIT,), Reason.TOO_LONG),
        (("\u202e",), Reason.CHARACTERS),
        (("\0",), Reason.CHARACTERS),
        (("\ud83d",), Reason.CHARACTERS),
    ],
)
@pytest.mark.bad_input(row=38)
@pytest.mark.bad_input(row=39)
def test_an_edit_that_does_not_fit_is_refused(parts: tuple, reason: Reason) -> None:
    with pytest.raises(Refusal) as refusal:
        spliced("ab", parts)
    assert refusal.value.reason is reason


@pytest.mark.bad_input(row=38)
def test_cleaned_text_is_taken() -> None:
    dirty = "予算\u202e案\0\r\n第2\ud83d項\u2066"
    assert spliced("", (cleaned(dirty),)) == "予算案\n第2項"
