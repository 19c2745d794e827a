"""Marks for oneself: on no wire, in no journal, and there again with the same paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace as with_fields
from pytestqt.qtbot import QtBot

from benchmarks.flowing import flowing
from pageview.hand import Use
from pageview.page_view import PageView
from presenter.actions import Actions
from presenter.at_rest import AtRestKey
from presenter.drawing import Drawing
from presenter.join.writing import Writing
from presenter.notes import Notes
from presenter.palette import Palette
from presenter.private_marks import LIMIT, PrivateMarks, read_marks, written_marks
from presenter.reanchored import box_of
from presenter.source_reader import SourceReader
from presenter.tools import Tools
from protocol.ink import Colour, Drawn, MarkId, NewMark, Pen, Stroke, Tool, packed
from protocol.marks import Ink
from protocol.ops import Draw, NewEdition, Op
from protocol.presence import Presence
from protocol.values import OWNER
from tests.presenter.corrected import corrected
from tests.presenter.test_source_turn import NEW, SOURCE, Desk

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
    assert read_marks("") == read_marks("not base64 ~~ \x7f") == read_marks("0000") == ()


class Mine:
    """A desk whose source is saved, and marks of one's own on its paper."""

    def __init__(self, desk: Desk, notes: Notes, qtbot: QtBot) -> None:
        self.desk, self.page = desk, PageView()
        qtbot.addWidget(self.page)
        self.marks = PrivateMarks(self.page, notes, lambda blob: blob, desk.reader.text, lambda: None)
        self.follow()

    def follow(self) -> None:
        self.marks.take(self.desk.briefing)

    def circle(self, words: str) -> None:
        page_id, box = self.desk.find(words)
        xs, ys = [box.x0, box.x1, box.x1], [box.y0, box.y0, box.y1]
        ring = Stroke(Pen(Tool.PEN, Colour.RED, 300), xs[0], ys[0], packed(xs, ys))
        n = self.page.private_ink.next_n.get(OWNER, 0)
        self.page.hand.private_done.emit(Draw(page_id, 1, 0, (NewMark(n, ring),), ()))

    def lies_on(self, words: str) -> bool:
        page_id, box = self.desk.find(words)
        rings = [box_of(drawn) for drawn in self.page.private_ink.seen(page_id)]
        return any(abs(ring.x1 - box.x1) < 60 and abs(ring.y1 - box.y1) < 60 for ring in rings)


@pytest.fixture
def mine(tmp_path: Path, qtbot: QtBot) -> Iterator[Mine]:
    with corrected() as made:
        desk = Desk(made, SourceReader(made.store))
        yield Mine(desk, Notes(tmp_path / "marks", AtRestKey.load_or_create(tmp_path), LIMIT), qtbot)
        desk.reader.close()


def test_marks_go_with_their_words_come_back_by_undo_and_are_there_with_the_new_file(
    mine: Mine, qtbot: QtBot
) -> None:
    mine.circle("費用1074万円")
    mine.circle("費用1333万円")
    before = mine.desk.paper.edition.pages
    mine.desk.saved(flowing([SOURCE[0], NEW, NEW, *SOURCE[1:]]))
    mine.follow()
    assert mine.lies_on("費用1074万円") and mine.lies_on("費用1333万円")
    again = Mine(mine.desk, mine.marks._notes, qtbot)
    assert again.lies_on("費用1074万円"), "found again by the file as it was saved then"
    number = len(mine.desk.paper.edition.pages)
    mine.desk.commit([NewEdition(1, 2, 0, number, before, ())])
    mine.follow()
    assert mine.lies_on("費用1074万円") and mine.lies_on("費用1333万円")


def test_what_has_no_place_waits_in_the_tray_also_over_a_restart_and_can_be_put_back(
    mine: Mine, qtbot: QtBot
) -> None:
    mine.circle("費用1074万円")
    mine.desk.saved(flowing([*SOURCE[:2], *SOURCE[9:]]))
    mine.follow()
    (entry,) = mine.marks.tray()
    mine.marks.undo()
    assert not mine.marks.tray(), "undone where it is now"
    mine.marks.redo()
    assert mine.marks.tray() == (entry,)
    assert entry.private and not list(mine.page.private_ink.seen(0))
    (again,) = Mine(mine.desk, mine.marks._notes, qtbot).marks.tray()
    assert again.marks == entry.marks and again.origin == 0
    page = mine.desk.page(0)
    for op in entry.onto(page):
        mine.marks.edit(op)
    assert not mine.marks.tray() and len(list(mine.page.private_ink.seen(page.page_id))) == 1
    assert not Mine(mine.desk, mine.marks._notes, qtbot).marks.tray()


def test_what_is_not_taken_does_not_stay_on_the_page_as_if_it_were_to_come(
    tmp_path: Path, qtbot: QtBot
) -> None:
    page, notes = PageView(), Notes(tmp_path / "marks", AtRestKey.load_or_create(tmp_path), LIMIT)
    qtbot.addWidget(page)
    marks = PrivateMarks(page, notes, lambda blob: blob, lambda _ref: None, lambda: None)
    page.hand.set_private(True)
    page.hand.put(4, [stroke(0).mark])
    marks.undo()
    assert not page.private._unsent and not page.private_ink.count, "there is no such page"


class Shared:
    """Where edits that everybody sees go."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def undo(self) -> None:
        self.said.append("undo")

    def redo(self) -> None:
        self.said.append("redo")

    def edit(self, op: Op) -> None:
        self.said.append(type(op).__name__)

    def present(self, presence: Presence) -> None:
        pass


class Granted(Tools):
    may = True

    def _shares(self) -> bool:
        return self.may


def test_with_a_pen_for_oneself_nothing_that_everybody_sees_is_undone(mine: Mine, qtbot: QtBot) -> None:
    """One piece of code for the desk and for participants."""
    assert not {"undo", "redo", "clear_mine"} & (vars(Drawing).keys() | vars(Writing).keys())
    way, actions, hand = Shared(), Actions(), mine.page.hand
    palette = Palette(actions)
    qtbot.addWidget(palette)
    tools = Granted(mine.page, palette, way, mine.marks, actions)

    def circles() -> int:
        ink = mine.page.private_ink
        return sum(1 for page_id in ink.pages for _ in ink.seen(page_id))

    mine.circle("費用1074万円")
    hand.set_private(True)
    hand.take_up(Use.PEN)
    for do, there in ((tools.undo, 0), (tools.undo, 0), (tools.redo, 1), (tools.redo, 1)):
        do()
        assert (circles(), way.said) == (there, [])
    hand.take_up(Use.NOTHING)
    tools.undo()
    tools.redo()
    assert way.said == ["undo", "redo"], "the pen is put down, and its frame is gone"
    tools.may = False
    tools.undo()
    assert (circles(), way.said) == (0, ["undo", "redo"]), "who may write for oneself only"
    tools.may = True
    hand.set_private(False)
    hand.take_up(Use.PEN)
    tools.undo()
    assert way.said == ["undo", "redo", "undo"]


def test_what_is_chosen_stays_so_when_it_is_clicked_again(mine: Mine, qtbot: QtBot) -> None:
    actions, hand = Actions(), mine.page.hand
    palette = Palette(actions)
    qtbot.addWidget(palette)
    tools = Granted(mine.page, palette, Shared(), mine.marks, actions)
    tools.choose("pen")
    for button in (palette._pens[hand.pen.colour], palette._widths[hand.pen.width]):
        assert button.isChecked()
        button.click()
        assert button.isChecked()
    for name, use in (("stamp", Use.STAMP), ("lasso", Use.LASSO), ("eraser", Use.ERASER)):
        tools.choose(name)
        chosen = [each for each, button in palette._tools.items() if button.isChecked()]
        assert chosen == [use], "it is seen which tool is in hand"
    assert tools.leave() and hand.use is Use.NOTHING, "Esc puts it down"
    assert not tools.leave()
    tools.choose("pen")
    hand.set_private(True)
    palette._private.click()
    tools._show()
    assert palette._private.isChecked() is hand.private


def test_marks_that_were_drawn_in_different_briefings_stay_apart(mine: Mine, qtbot: QtBot) -> None:
    pages = mine.desk.paper.edition.pages[:2]
    for page, n in zip(pages, (1, 2), strict=True):
        ink = Ink({page.page_id: {MarkId(OWNER, 0): with_fields(stroke(n), id=MarkId(OWNER, 0))}})
        mine.marks._notes.write(page.ref.blob, page.ref.index, written_marks(ink, page.page_id))
    again = Mine(mine.desk, mine.marks._notes, qtbot).page.private_ink
    both = [drawn for page in pages for drawn in again.seen(page.page_id)]
    assert [drawn.mark for drawn in both] == [stroke(1).mark, stroke(2).mark]
    assert len({drawn.id for drawn in both}) == 2 and again.next_n[OWNER] == 2
