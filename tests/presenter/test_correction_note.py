"""What cannot be set in the page is written on it, wherever the words stand and however many there are.

And what else is said of a correction."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from pageview.marks_at import words_box
from pageview.page_edits import Breaks, NotMade, ReplaceWords, WhyNot
from pageview.page_text import TextRange
from pageview.render_results import EditRefused
from presenter.correction_dock import CorrectionDock
from presenter.correction_note import note_marks
from presenter.correction_words import broken
from presenter.corrections_panel import WordsChange
from protocol.corrections import Correction, CorrectionState
from protocol.ink import Colour, Stroke, Words, bounds, is_too_long
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
    assert not any(isinstance(mark, Stroke) and is_too_long(mark) for mark in marks)
    if length < 100:
        assert words.width >= min(length, 20) * words.size, "wide enough to be read"


def test_a_note_has_a_ground_and_covers_neither_its_words_nor_what_it_can_avoid() -> None:
    """Between two lines it has no room: it stands in the empty place above them, with a line to its words."""
    place = Rect(40_000, 40_000, 48_000, 41_000)
    lines = [Rect(5_000, y, 58_000, y + 1_000) for y in range(34_600, 60_000, 1_800)]
    correction = Correction(1, 1, 4, 1, (place,), "旧", None, OWNER, 0, CorrectionState.TYPING)
    *_, struck, leader, ground, frame, words = note_marks(correction, "新しい文言とその理由", PAGE, lines)
    assert isinstance(words, Words) and isinstance(ground, Stroke) and ground.pen.colour is Colour.WHITE
    box, white, framed = words_box(words), bounds(ground), bounds(frame)
    reach = ground.pen.width // 2 + 10
    assert white.x0 - reach <= framed.x0 < box.x0 and box.y1 < framed.y1 <= white.y1 + reach
    assert framed.y1 <= lines[0].y0, "nothing is covered"
    assert bounds(struck) == Rect(40_000, 40_500, 48_000, 40_500)
    assert (bounds(leader).y0, bounds(leader).y1) == (framed.y1, place.y0)


@pytest.mark.parametrize(
    ("breaks", "said", "unsaid"),
    [
        (Breaks.SIGNED | Breaks.FORM, "署名", "パスワード"),
        (Breaks.ENCRYPTED, "パスワード", "署名"),
        (Breaks.ENCRYPTED | Breaks.FORBIDDEN, "禁じて", "署名"),
        (Breaks.SIGNED | Breaks.ENCRYPTED | Breaks.FORBIDDEN, "署名", "禁じて"),
    ],
)
def test_what_an_edit_breaks_is_named(breaks: Breaks, said: str, unsaid: str) -> None:
    assert said in broken(breaks) and unsaid not in broken(breaks)


def test_only_the_wording_that_was_refused_is_noted(qtbot: QtBot) -> None:
    """Another is tried in the paper first, also where its answer is not here yet."""
    dock = CorrectionDock()
    qtbot.addWidget(dock)
    done: list[object] = []
    dock.note_wanted.connect(lambda: done.append("note"))
    dock.applied.connect(done.append)
    place = Rect(0, 0, 100, 100)
    dock.show_correction(
        Correction(1, 1, 4, 1, (place,), "旧", None, OWNER, 0, CorrectionState.TYPING), "旧", 2
    )
    long = ReplaceWords((TextRange(0, 0, 1),), "旧", "長い言葉")
    dock.show_told(EditRefused(bytes(32), 0, long, NotMade(WhyNot.TOO_WIDE)))
    for text in ("短い", "長い言葉"):
        dock.field.setText(text)
        dock.field.applied.emit()
    assert done == [Breaks.NOTHING, "note"]


def test_only_an_open_correction_promises_a_wording(qtbot: QtBot) -> None:
    words = WordsChange()
    qtbot.addWidget(words)
    seen = []
    for after, waits in (("3.8%", True), ("3.8%", False), ("4.0%", False), ("", True)):
        words.show_words("3.8%", after, struck=after != "3.8%", waits=waits)
        seen.append(words.accessibleName())
    assert seen == ["3.8% → 文言は、後で入力します", "3.8%", "3.8% → 4.0%", "3.8% → （削除）"]
