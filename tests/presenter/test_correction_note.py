"""What cannot be set in the page is written on it, wherever the words stand and however many there are.

And what else is said of a correction."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from pytestqt.qtbot import QtBot

from benchmarks.rewritten import SIZE, laid_out
from pageview.marks_at import cut, ground_box, hull_of, touched, within, words_box
from pageview.page_edits import Breaks, NotMade, ReplaceWords, WhyNot
from pageview.page_text import TextRange
from pageview.render_results import EditRefused
from presenter.correction_dock import CorrectionDock
from presenter.correction_note import note_marks, note_of
from presenter.correction_words import broken
from presenter.corrections_panel import WordsChange
from presenter.reanchored import LARGEST, Turned, ink_ops
from protocol.corrections import Correction, CorrectionState
from protocol.ink import Drawn, Mark, MarkId, Stroke, Words, bounds, is_too_long
from protocol.marks import Ink
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
    struck, words, leader = note_marks(correction, "新しい文言とその理由", PAGE, lines)
    assert isinstance(words, Words) and words.ground
    box, ground = words_box(words), ground_box(words)
    assert ground.x0 < box.x0 and box.y1 < ground.y1
    assert ground.y1 <= lines[0].y0, "nothing is covered"
    assert bounds(struck) == Rect(40_000, 40_500, 48_000, 40_500)
    assert (bounds(leader).y0, bounds(leader).y1) == (ground.y1, place.y0)


LONG = "新しい文言とその理由を述べる長い注記" * 4


def drawn_as(marks: Sequence[Mark], when: int = 5, first: int = 0) -> list[Drawn]:
    return [Drawn(MarkId(OWNER, first + at), mark, 1, when) for at, mark in enumerate(marks)]


def test_a_note_is_one_thing_for_eraser_and_lasso() -> None:
    correction = Correction(
        1, 1, 4, 1, (Rect(10_000, 40_000, 18_000, 41_000),), "旧", None, OWNER, 0, CorrectionState.TYPING
    )
    struck, note, *leader = drawn_as(note_marks(correction, LONG, PAGE))
    marks, box = [struck, note, *leader], hull_of(note)
    inside = [(box.x1 - 2_000.0, (box.y0 + box.y1) / 2 + 300)]
    assert touched(marks, inside, 100) == [note] and cut(note, inside, 100) == []
    ring = [(box.x0 - 9, box.y0 - 9), (box.x1 + 9, box.y0 - 9), (box.x1 + 9, box.y1 + 9)]
    assert within(marks, [*ring, (box.x0 - 9, box.y1 + 9)]) == [note]


def test_a_note_goes_where_its_words_are_in_a_new_edition_however_large_it_is() -> None:
    lines = ["重点施策の見直しを定める。", "会議で配る紙の資料を減らす。", "四月一日から施行するものとする。"]
    old, new = (
        laid_out([[(n, sign) for n, sign in enumerate("".join(each))] for each in pages], 60, SIZE).pages[0]
        for pages in (lines, [lines[0], "ここに一行を入れた。", *lines[1:]])
    )
    correction = Correction(
        1, 1, 4, 1, (old.lines[1].hull(2, 6),), "配る紙", None, OWNER, 0, CorrectionState.TYPING
    )
    marks = drawn_as(note_marks(correction, LONG, PAGE, [line.hull() for line in old.lines]))
    box = hull_of(marks[1])
    assert len(marks) == 3 and box.x1 - box.x0 > LARGEST
    turned = Turned({4: old}, [(4, new)], {4: (PAGE.width, PAGE.height)})
    (op,) = ink_ops(Ink({4: {each.id: each for each in marks}}), turned, turned.places())
    assert set(op.marks) == {each.id for each in marks} and op.to == 4
    assert abs(op.placement.f - (new.lines[2].hull().y0 - old.lines[1].hull().y0)) <= 10


def test_each_of_two_notes_with_the_same_words_is_its_own_corrections() -> None:
    places = Rect(10_000, 20_000, 18_000, 21_000), Rect(30_000, 60_000, 38_000, 61_000)
    corrections = [
        Correction(n, n, 4, 1, (place,), "旧", None, OWNER, 0, CorrectionState.DONE, noted=True)
        for n, place in enumerate(places, 1)
    ]
    notes = [
        drawn_as(note_marks(each, "新", PAGE), when=each.item, first=10 * each.item) for each in corrections
    ]
    drawn = [*notes[0], *notes[1]]
    for correction, note in zip(corrections, notes, strict=True):
        assert note_of(correction, "新", PAGE, drawn) == tuple(note)


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
