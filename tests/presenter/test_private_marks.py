"""Marks for oneself: on no wire, in no journal, and there again with the same paper."""

from __future__ import annotations

from pathlib import Path

from presenter.at_rest import AtRestKey
from presenter.notes import Notes
from presenter.private_marks import LIMIT, read_marks, written_marks
from protocol.ink import Colour, Drawn, MarkId, Pen, Stroke, Tool, packed
from protocol.marks import Ink

PAPER = b"p" * 32


def stroke(n: int) -> Drawn:
    path = packed([100, 200 + n, 300], [100, 150, 400])
    return Drawn(MarkId(0, n), Stroke(Pen(Tool.PEN, Colour.RED, 330), 100, 100, path), 1, 5)


def test_marks_come_back_from_their_sealed_file_and_an_erased_one_does_not(tmp_path: Path) -> None:
    key = AtRestKey.load_or_create(tmp_path)
    gone = Drawn(MarkId(0, 9), stroke(9).mark, 1, 5, erased=True)
    ink = Ink({7: {each.id: each for each in (stroke(0), stroke(1), gone)}})
    notes = Notes(tmp_path / "marks", key, LIMIT)
    notes.write(PAPER, 3, written_marks(ink, 7))
    notes.save()
    again = Notes(tmp_path / "marks", key, LIMIT)
    assert read_marks(again.of(PAPER, 3)) == (stroke(0), stroke(1))
    (file,) = (tmp_path / "marks").iterdir()
    assert b"RED" not in file.read_bytes()


def test_a_damaged_text_is_no_marks() -> None:
    assert read_marks("") == read_marks("not base85 ~~ \x7f") == read_marks("00000") == ()
