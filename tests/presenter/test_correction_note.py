"""What cannot be set in the page is written on it, wherever the words stand and however many there are."""

from __future__ import annotations

import pytest

from pageview.marks_at import words_box
from presenter.correction_note import note_marks
from protocol.corrections import Correction, CorrectionState
from protocol.ink import Words
from protocol.values import OWNER, EditionPage, PageRef, Rect

PAGE = EditionPage(4, PageRef(bytes(32), 0), 59_500, 84_200)


@pytest.mark.parametrize("place", [Rect(30_000, 500, 36_000, 1_700), Rect(56_000, 80_000, 57_200, 84_000)])
@pytest.mark.parametrize("length", [1, 60, 10_000])
def test_a_note_stays_on_the_page(place: Rect, length: int) -> None:
    correction = Correction(1, 1, 4, 1, (place,), "旧", None, OWNER, 0, CorrectionState.TYPING)
    marks = note_marks(correction, "新" * length, PAGE)
    (words,) = (mark for mark in marks if isinstance(mark, Words))
    box = words_box(words)
    assert words.text == "新" * length
    assert min(box.x0, box.y0) >= 0 and box.x1 <= PAGE.width and box.y1 <= PAGE.height
