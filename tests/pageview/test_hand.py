"""Drawing on a page: what mouse, finger and pen do with each tool, and what stands on the glass then."""

from __future__ import annotations

import math
from datetime import datetime
from itertools import count, pairwise

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from pageview import ink_painting
from pageview.beside import Half, Halves
from pageview.desk_style import desk_sheet
from pageview.hand import Use
from pageview.ink_layer import AT_ONCE
from pageview.mark_tip import MarkTip
from pageview.side_by_side import IN_A_WINDOW, SideBySide
from pageview.stroke import StrokeUnderWay
from pageview.theme import FAMILY, Desk, font, load_fonts
from pageview.words_box import WordsBox
from protocol.changes import ink_changes
from protocol.ink import (
    POINTS_LIMIT,
    Colour,
    MarkId,
    NewMark,
    Pen,
    Stroke,
    Tool,
    Words,
    is_too_long,
    unpacked,
)
from protocol.ops import Draw, Erase, MoveMarks, Named, Op
from protocol.values import OWNER, Rect, Screen, View
from tests.pageview.paper_in_hand import LEFT, NONE, RED, WHITE, Paper, paper, processes
from tests.pageview.shown_papers import on_screen

__all__ = ["paper", "processes"]


def test_without_a_tool_the_hand_draws_nothing(paper: Paper) -> None:
    paper.draw((100, 100), (200, 100))
    assert (paper.ops, paper.wet) == ([], [])


def test_a_stroke_is_on_glass_while_the_pen_moves_and_stays_when_it_is_done(paper: Paper) -> None:
    paper.hand.take_up(Use.PEN)
    paper.draw((100, 100), (200, 100), lift=False)
    assert paper.colour(150, 100) == RED
    assert [piece.fresh for piece in paper.wet] == [True] + [False] * (len(paper.wet) - 1)
    QTest.mouseRelease(paper.glass, LEFT, NONE, QPoint(200, 100))
    (op,) = paper.ops
    assert isinstance(op, Draw)
    assert paper.colour(150, 100) == RED
    pieces = b"".join(piece.path if n else piece.path[4:] for n, piece in enumerate(paper.wet))
    (mark,) = op.marks
    assert isinstance(mark.mark, Stroke)
    assert pieces == mark.mark.path, "what was told wet is what is drawn"


def test_a_stroke_that_has_not_arrived_looks_so(paper: Paper) -> None:
    paper.hand.take_up(Use.PEN)
    paper.arrives = False
    paper.draw((100, 100), (200, 100))
    waiting = paper.colour(150, 100)
    assert waiting not in (RED, WHITE)
    paper.commit(paper.ops[0])
    assert paper.colour(150, 100) == RED


def test_the_highlighter_leaves_the_black_of_the_text_black(paper: Paper) -> None:
    paper.hand.take_up(Use.HIGHLIGHTER)
    paper.draw((250, 300), (550, 300), lift=False)
    for _ in range(2):
        assert paper.colour(400, 300).lightness() < 5
        beside = paper.colour(280, 300)
        assert beside.red() > beside.blue() + 50
        QTest.mouseRelease(paper.glass, LEFT, NONE, QPoint(550, 300))


def test_a_tap_leaves_a_dot(paper: Paper) -> None:
    paper.hand.take_up(Use.PEN)
    paper.draw((100, 100))
    assert paper.colour(100, 100) == RED
    assert len(paper.seen()) == 1


def test_holding_still_makes_a_line_straight_and_a_circle_round(paper: Paper) -> None:
    paper.hand.take_up(Use.PEN)
    paper.draw((100, 100), (200, 104), (300, 98), lift=False)
    paper.hand._held_still()
    paper.hand.end()
    ring = [(400 + 80 * math.cos(t / 5), 450 + (60 + t % 2 * 3) * math.sin(t / 5)) for t in range(32)]
    paper.draw(*ring, lift=False)
    paper.hand._held_still()
    paper.hand.end()
    assert any(piece.fresh for piece in paper.wet[-3:])
    straight, round_one = (op.marks[0].mark for op in paper.ops if isinstance(op, Draw))
    assert isinstance(straight, Stroke)
    assert isinstance(round_one, Stroke)
    assert len(straight.path) == 8, "three points on a line"
    assert len(round_one.path) == 4 * 48
    assert paper.colour(320, 450) == paper.colour(480, 450) == RED


def test_words_are_typed_where_they_will_stand_and_esc_writes_none(paper: Paper) -> None:
    load_fonts()
    paper.glass.setFont(font(20))  # as close as the window's own letters
    paper.glass.setStyleSheet(desk_sheet(Desk, FAMILY, 1.0, contrast=False))
    paper.hand.take_up(Use.WORDS)
    paper.hand.words_wanted.connect(
        lambda page_id, x, y: WordsBox(paper.glass, page_id, (x, y), 2_400, Colour.RED)
    )

    def typed(text: str) -> WordsBox:
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        paper.draw((100, 400))
        (box,) = paper.glass.findChildren(WordsBox)
        box.written.connect(paper.hand.write)
        box.insertPlainText(text)
        return box

    QTest.keyClick(typed("HHHH"), Qt.Key.Key_Escape)
    assert not paper.ops and QApplication.focusWidget() is paper.glass, "no key of the window is pressed next"
    box = typed("国、、、、国")
    box.setCursorWidth(0)
    while_typed = red_box(paper.glass.grab().toImage())
    box.finish()
    assert len(paper.ops) == 1
    written = red_box(paper.glass.grab().toImage())
    assert all(abs(one - other) <= 2 for one, other in zip(while_typed, written, strict=True))
    box = typed("国")
    former = box.geometry()
    zoomed = View(paper.view.page_id, Rect(0, 15_000, 40_000, 45_000))
    paper.glass.show_view(zoomed)
    place = paper.glass.placement()
    assert place is not None
    assert box.pos() == QPointF(*place.to_pixels(box._x, box._y)).toPoint() != former.topLeft()
    assert box.height() > 1.5 * former.height(), "it is as large as it will be"
    paper.glass.show_view(View(paper.view.page_id + 1, paper.view.rect))
    assert not box.isVisible() and len(paper.ops) == 2, "what is typed lies over no other page"


def test_a_stamps_frame_is_around_its_word_in_both_languages(qapp: QApplication) -> None:
    load_fonts()
    every = "".join(map(chr, range(0x21, 0x7F)))
    for word, slack in (
        ("確認", 0.9),
        ("Confirmed", 2.0),
        ("To correct", 2.6),
        *((sign, 1.3) for sign in every),
    ):
        mark = Words(True, Colour.RED, 1_000, 0, 0, 0, word)
        wide = QFontMetricsF(ink_painting.words_font(mark)).horizontalAdvance(word)
        assert 700 < ink_painting.words_rect(mark).width() - wide <= 1_000 * slack, word


def red_box(image: QImage) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is red below the middle."""
    spots = [
        (x, y)
        for y in range(320, image.height())
        for x in range(image.width())
        if (colour := image.pixelColor(x, y)).red() > 180 and colour.green() < 90
    ]
    xs, ys = [x for x, _ in spots], [y for _, y in spots]
    return min(xs), min(ys), max(xs), max(ys)


@pytest.mark.parametrize("use", [Use.PEN, Use.HIGHLIGHTER, Use.ERASER, Use.RUBBER])
def test_what_was_painted_bit_by_bit_is_what_a_late_comer_paints(paper: Paper, use: Use) -> None:
    paper.hand.take_up(Use.PEN)
    paper.draw((100, 100), (600, 140), (120, 400))
    paper.draw((200, 80), (220, 420))
    paper.hand.take_up(Use.HIGHLIGHTER)
    paper.draw((90, 300), (700, 310))
    paper.hand.take_up(use)
    paper.draw((210, 200), (400, 230), (400, 320))
    QApplication.processEvents()  # the eraser's tip is gone
    grown = on_screen(paper.glass)
    assert grown == paper.fresh_picture()


def test_the_eraser_takes_whole_strokes_and_the_rubber_a_part(paper: Paper) -> None:
    paper.hand.take_up(Use.PEN)
    paper.draw((100, 100), (300, 100))
    paper.draw((100, 500), (300, 500))
    paper.hand.take_up(Use.ERASER)
    paper.draw((200, 80), (200, 120))
    assert paper.seen() == [MarkId(OWNER, 1)]
    assert paper.colour(120, 100) == WHITE
    paper.hand.take_up(Use.RUBBER)
    paper.draw((200, 480), (200, 520))
    assert paper.colour(200, 500) == WHITE
    assert paper.colour(120, 500) == paper.colour(280, 500) == RED
    paper.desk.apply(Erase(paper.view.page_id, tuple(paper.seen()), (MarkId(OWNER, 1),)))
    paper.glass.take_ink(ink_changes(Erase(paper.view.page_id, (), ()), OWNER)[0])
    assert paper.colour(200, 500) == RED, "undone"


def test_the_eraser_shows_what_it_takes_before_it_is_lifted_and_esc_gives_it_back(paper: Paper) -> None:
    paper.hand.take_up(Use.PEN)
    paper.draw((100, 100), (300, 100))
    paper.hand.take_up(Use.ERASER)
    paper.draw((250, 80), (250, 120), lift=False)
    assert paper.colour(120, 100) == WHITE
    paper.hand.cancel()
    assert paper.colour(120, 100) == RED
    assert len(paper.ops) == 1


def test_the_lasso_holds_moves_and_erases_what_it_goes_around(paper: Paper) -> None:
    paper.hand.take_up(Use.PEN)
    paper.draw((100, 100), (160, 100))
    paper.draw((600, 500), (700, 500))
    paper.hand.take_up(Use.LASSO)
    paper.draw((60, 60), (220, 60), (220, 140), (60, 140), (60, 70))
    assert paper.hand.holds
    paper.draw((130, 100), (130, 200))
    assert isinstance(paper.ops[-1], MoveMarks)
    assert (paper.colour(130, 100), paper.colour(130, 200)) == (WHITE, RED)
    paper.hand.erase_held()
    assert (paper.seen(), paper.colour(130, 200)) == ([MarkId(OWNER, 1)], WHITE)


def test_the_lasso_holds_what_others_moved_where_it_lies_and_nothing_that_they_erased(paper: Paper) -> None:
    paper.hand.take_up(Use.PEN)
    paper.draw((100, 100), (160, 100))
    paper.draw((100, 140), (160, 140))
    paper.hand.take_up(Use.LASSO)
    paper.draw((60, 60), (220, 60), (220, 180), (60, 180), (60, 70))
    first, second = paper.seen()
    paper.commit(MoveMarks(paper.view.page_id, (first,), 0, 20_000))
    paper.draw((130, 300), (130, 350))
    assert isinstance(paper.ops[-1], MoveMarks), "it is taken hold of where it lies now"
    paper.commit(Erase(paper.view.page_id, (second,)))
    paper.hand.erase_held()
    assert paper.ops[-1] == Erase(paper.view.page_id, (first,))


def test_a_stroke_under_way_is_of_the_page_that_the_pen_was_put_down_on(paper: Paper) -> None:
    fresh = paper.another_page()
    paper.desk.apply(fresh)
    paper.hand.take_up(Use.PEN)
    paper.draw((100, 100), (200, 100), lift=False)
    paper.desk.apply(replace(fresh, base=2))
    QTest.mouseRelease(paper.glass, LEFT, NONE, QPoint(200, 100))
    (op,) = paper.ops
    assert isinstance(op, Draw) and op.edition == 2


def test_only_ones_own_marks_are_taken_where_one_does_not_present(paper: Paper) -> None:
    paper.hand.take_up(Use.PEN)
    paper.draw((100, 100), (300, 100))
    paper.hand.peer, paper.hand.all_marks = 5, False
    paper.hand.take_up(Use.ERASER)
    paper.draw((200, 80), (200, 120))
    assert paper.seen() == [MarkId(OWNER, 0)]


def test_a_stamp_and_words_stand_where_they_were_put(paper: Paper) -> None:
    paper.hand.take_up(Use.STAMP)
    paper.draw((150, 150))
    (op,) = paper.ops
    assert isinstance(op, Draw)
    (mark,) = op.marks
    assert isinstance(mark.mark, Words)
    assert mark.mark.stamp
    inked = on_screen(paper.glass).copy(100, 120, 100, 60)
    assert any(inked.pixelColor(x, 30) == RED for x in range(100))
    asked: list[tuple[int, int, int]] = []
    paper.hand.words_wanted.connect(lambda *place: asked.append(place))
    paper.hand.take_up(Use.WORDS)
    paper.draw((400, 50))
    assert asked == [(paper.view.page_id, 40_000, 5_000)]


def test_whoever_may_not_draws_nothing(paper: Paper) -> None:
    paper.hand.take_up(Use.PEN)
    paper.hand.may = lambda: False
    paper.draw((100, 100), (300, 100))
    assert (paper.ops, paper.wet) == ([], [])


def test_ink_stays_at_its_place_at_every_zoom_and_is_cut_at_the_pages_edge(paper: Paper) -> None:
    paper.hand.take_up(Use.PEN)
    paper.draw((400, 100), (700, 100))
    paper.draw((700, 300), (850, 300))
    zoomed = View(paper.view.page_id, Rect(30_000, 0, 70_000, 30_000))
    paper.glass.show_view(zoomed)
    paper.desk.wait_sharp(paper.glass, zoomed)
    assert paper.colour(400, 200) == RED
    paper.glass.show_view(paper.view)
    assert (paper.colour(500, 100), paper.colour(400, 200)) == (RED, WHITE)


def test_many_marks_are_drawn_in_a_thread_and_look_the_same(paper: Paper, qtbot: QtBot) -> None:
    marks = []
    for n in range(AT_ONCE * 4):
        x, y = 5_000 + n % 20 * 3_000, 5_000 + n // 20 * 3_000
        marks.append(NewMark(n, Stroke(paper.hand.pen, x, y, b"\x00\x01\x00\x01" * 8)))
    draw = Draw(paper.view.page_id, 1, 0, tuple(marks))
    paper.commit(draw)
    grown = on_screen(paper.glass)
    paper.glass.ink.clear()
    paper.glass.show_view(paper.view)
    qtbot.waitUntil(lambda: on_screen(paper.glass) == grown, timeout=10_000)


def test_one_finger_draws_and_a_second_one_takes_it_back_and_zooms(paper: Paper) -> None:
    paper.hand.take_up(Use.PEN)
    glass, device = paper.glass, QTest.createTouchDevice()
    QTest.touchEvent(glass, device).press(0, QPoint(200, 200), glass).commit()
    QTest.touchEvent(glass, device).move(0, QPoint(260, 200), glass).commit()
    assert paper.colour(230, 200) == RED
    QTest.touchEvent(glass, device).stationary(0).press(1, QPoint(300, 300), glass).commit()
    assert paper.colour(230, 200) == WHITE
    assert paper.wet[-1].fresh
    assert not paper.wet[-1].path
    QTest.touchEvent(glass, device).release(0, QPoint(260, 200), glass).release(
        1, QPoint(300, 300), glass
    ).commit()
    assert paper.ops == []


def test_resting_on_a_mark_says_who_drew_it_and_when_and_under_a_tool_nothing(paper: Paper) -> None:
    tip = MarkTip(paper.glass)
    paper.hand.take_up(Use.PEN)
    paper.draw((100, 100), (200, 100))
    paper.desk.apply(Named(OWNER, "総務部長"))

    def said(x: int, y: int) -> str:
        paper.glass.hover(QPointF(x, y))
        return tip.words()

    assert said(150, 100) == ""
    paper.hand.take_up(Use.NOTHING)
    when = next(paper.desk.briefing.ink.seen(paper.view.page_id)).when
    assert said(150, 104) == f"総務部長　{datetime.fromtimestamp(when):%H:%M}"
    tip.rest.timeout.emit()
    assert QToolTip.text() == tip.words()
    assert said(150, 130) == ""
    paper.hand.take_up(Use.ERASER)
    paper.draw((150, 90), (150, 110))
    paper.hand.take_up(Use.NOTHING)
    assert said(150, 104) == ""


def test_a_colour_is_of_the_tool_in_hand(paper: Paper) -> None:
    paper.hand.take_up(Use.HIGHLIGHTER)
    paper.hand.set_colour(Colour.GREEN)
    paper.hand.take_up(Use.PEN)
    assert paper.hand.colour() is Colour.RED
    paper.hand.set_colour(Colour.BLUE)
    paper.draw((100, 100), (200, 100))
    assert paper.colour(150, 100) == QColor("#0066BE")


def test_a_stroke_that_is_refused_goes_away(paper: Paper) -> None:
    paper.hand.take_up(Use.PEN)
    paper.arrives = False
    paper.draw((100, 100), (200, 100))
    assert paper.colour(150, 100) != WHITE
    paper.hand.refused(paper.ops[0])
    assert paper.colour(150, 100) == WHITE


def test_what_is_drawn_for_oneself_is_told_to_nobody(paper: Paper) -> None:
    private: list[Op] = []
    paper.hand.private_done.connect(private.append)
    paper.hand.set_private(True)
    paper.hand.take_up(Use.PEN)
    paper.draw((100, 100), (200, 100))
    assert (paper.ops, paper.wet, len(private)) == ([], [], 1)
    assert paper.colour(150, 100) != WHITE
    paper.hand.set_private(False)
    paper.draw((100, 300), (200, 300))
    assert len(paper.ops) == 1
    (mine,), (shared,) = (op.marks for op in (*private, *paper.ops) if isinstance(op, Draw))
    assert mine.n != shared.n


def test_a_stroke_of_twenty_thousand_points_is_several_and_nothing_between_them_is_missing(
    paper: Paper,
) -> None:
    paper.hand.take_up(Use.PEN)
    assert paper.hand.begin(QPointF(10, 10))
    paper.glass.set_screen(Screen.HIDDEN)  # to paint them all is not what is asked here
    for n in range(1, 20_001):  # from left to right and back, a little lower each time
        row, column = divmod(n, 250)
        paper.hand.move(QPointF(10 + 3 * (column if row % 2 == 0 else 249 - column), 10 + 7 * row))
    paper.hand.end()
    marks = [new.mark for op in paper.ops if isinstance(op, Draw) for new in op.marks]
    lines = [unpacked(mark.x, mark.y, mark.path) for mark in marks if isinstance(mark, Stroke)]
    assert len(lines) == 3
    assert sum(len(xs) for xs, _ in lines) == 20_001 + 2
    for (xs, ys), (next_xs, next_ys) in pairwise(lines):
        assert (xs[-1], ys[-1]) == (next_xs[0], next_ys[0])


def test_what_is_drawn_is_in_the_other_half_too_where_that_is_the_same_page(
    paper: Paper, qtbot: QtBot
) -> None:
    sides = SideBySide(paper.glass, IN_A_WINDOW)
    qtbot.addWidget(sides)
    sides.resize(1_016, 500)
    sides.show()
    half = Half(paper.desk.source.page(paper.view.page_id), paper.view, "資料1", "1ページ")
    sides.show_halves(Halves(half, half, True), paper.desk.source)
    paper.desk.wait_sharp(sides.other, paper.view)
    paper.hand.take_up(Use.PEN)
    paper.draw((100, 200), (300, 200))
    assert len(sides.other.ink._wanted) == 1
    sides.show_halves(None, None)


@pytest.mark.parametrize("across", [10, 84_200])
def test_a_line_without_end_goes_on_as_another_before_anybody_refuses_it(across: int) -> None:
    stroke = StrokeUnderWay(1, 0, Pen(Tool.PEN, Colour.RED, 330), (0, 0, None))
    moves = count(1)
    while not stroke.full:
        n = next(moves)
        stroke.move((across * (n % 2), n, None))
    mark = stroke.mark().mark
    assert isinstance(mark, Stroke) and not is_too_long(mark)
    assert len(mark.path) <= 4 * (POINTS_LIMIT - 1)
