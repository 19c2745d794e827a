"""The hand that draws on a page: what mouse, finger and pen do while a tool is chosen.

It belongs to one `PageView` and says what it did as values: wet ink while it moves, an op when it is done.
Nothing of it depends on the network: what one draws is seen here at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, QTimer, Signal
from PySide6.QtGui import QPainter

from pageview import grips, hand_painting, ink_painting, marks_at, text_selection
from pageview.ink_layer import InkLayer
from pageview.lasso import Lasso
from pageview.page_text import PageText
from pageview.stroke import StrokeUnderWay, pressed
from pageview.text_selection import Selection
from pageview.wet_telling import WetTelling
from protocol.ink import Colour, Drawn, Mark, MarkId, MarkIds, NewMark, Pen, Tool, Words
from protocol.marks import Ink
from protocol.ops import Draw, Erase, MoveMarks, Op
from protocol.values import OWNER, PageId, PageRef, PeerId

if TYPE_CHECKING:
    from pageview.page_view import PageView

STILL_MS: Final = 600
"""Holding so long makes a shape of a stroke."""
ERASER: Final = 12.0
"""The radius of the eraser's tip in design pixels; of the one that rubs out a part, twice that."""
THIN, MEDIUM, THICK = 180, 330, 600
"""Of a pen, in 1/100 point."""
HIGHLIGHT_WIDTH: Final = 1_870
STAMP_SIZE: Final = 1_600


class Use(Enum):
    """What the hand does on the page."""

    NOTHING = auto()
    """The hand moves the page, or points: this is not our matter."""
    PEN = auto()
    HIGHLIGHTER = auto()
    ERASER = auto()
    RUBBER = auto()
    """Erases what it touches and no more."""
    LASSO = auto()
    WORDS = auto()
    STAMP = auto()
    SELECT = auto()
    """Words of the page."""


class Hand(QObject):
    """``peer``: who draws here. ``may``: whether they may, asked at each touch. ``all_marks``: whether it
    erases and moves also what others drew."""

    wet = Signal(object)
    """Wet."""
    done = Signal(object)
    """Draw, Erase or MoveMarks: to be made an edit."""
    private_done = Signal(object)
    """The same on one's own layer, which goes nowhere."""
    words_wanted = Signal(int, int, int)
    """(page_id, x, y) where a text box is to be opened."""
    selected = Signal(object)
    """(page_id, Selection): words chosen on a page; with none, nothing is chosen any more."""
    changed = Signal()
    """Another tool, colour or width."""

    def __init__(self, view: PageView, clock: Callable[[], float] = time.time) -> None:
        super().__init__(view)
        self._view = view
        self._clock = clock
        self.peer: PeerId = OWNER
        """Who draws on everybody's layer; one's own marks are nobody's but the owner's of their file."""
        self.may: Callable[[], bool] = lambda: True
        self.all_marks = True
        self.private = False
        """Whether it draws on one's own layer, which nobody else sees."""
        self.text_of: Callable[[PageId], PageText | None] = lambda _page_id: None
        """The characters of a page, as soon as they are known."""
        self.selection: Selection | None = None
        self.use = Use.NOTHING
        self.pen = Pen(Tool.PEN, Colour.RED, MEDIUM)
        self.highlighter = Pen(Tool.HIGHLIGHTER, Colour.YELLOW, HIGHLIGHT_WIDTH)
        self.grip = grips.FOR_A_MOUSE
        """How large the grips of chosen words are, in design pixels."""
        self.stamp = ""
        """The word of the stamp in hand."""
        self._next_n = 0
        self._stroke: StrokeUnderWay | None = None
        self._way: list[tuple[float, float]] = []
        self._page_id: PageId | None = None
        self._lasso = Lasso()
        self._touched: tuple[int, PageRef | None] = 1, None
        self._moving = False
        self._grip: grips.Held | None = None
        self._still = QTimer(self, singleShot=True, interval=STILL_MS)
        self._still.timeout.connect(self._held_still)
        self._others = WetTelling(parent=self)
        self._others.said.connect(self.wet)

    # --- tools --------------------------------------------------------------------------------------------

    def take_up(self, use: Use) -> None:
        """Another tool, from the next touch on."""
        if use is not self.use:
            self.cancel()
            self.let_go()
            self.use = use
            self._view.update()
            self.changed.emit()

    def colour(self) -> Colour:
        """Of the tool in hand."""
        return (self.highlighter if self.use is Use.HIGHLIGHTER else self.pen).colour

    def set_colour(self, colour: Colour) -> None:
        """Of the tool in hand."""
        if self.use is Use.HIGHLIGHTER:
            self.highlighter = Pen(Tool.HIGHLIGHTER, colour, self.highlighter.width)
        else:
            self.pen = Pen(Tool.PEN, colour, self.pen.width)
        self.changed.emit()

    def set_width(self, width: int) -> None:
        """Of the pen, in 1/100 point."""
        self.pen = Pen(Tool.PEN, self.pen.colour, width)
        self.changed.emit()

    def page_area(self) -> QRectF:
        """Where the page lies, in logical pixels of its view."""
        return self._view.page_area()

    @property
    def draws(self) -> bool:
        """Whether a touch is the hand's, and not the page's."""
        return self.use is not Use.NOTHING

    @property
    def busy(self) -> bool:
        """Whether a touch is under way."""
        return self._stroke is not None or bool(self._way)

    def set_private(self, private: bool) -> None:
        """One's own layer from the next touch on, or everybody's."""
        if private != self.private:
            self.cancel()
            self.let_go()
            self.private = private
            self._view.update()
            self.changed.emit()

    @property
    def _author(self) -> PeerId:
        return OWNER if self.private else self.peer

    @property
    def _layer(self) -> InkLayer:
        return self._view.private if self.private else self._view.ink

    @property
    def _ink(self) -> Ink:
        return self._view.private_ink if self.private else self._view.briefing.ink

    def _say(self, op: Draw | Erase | MoveMarks) -> None:
        (self.private_done if self.private else self.done).emit(op)

    @property
    def selected_on(self) -> PageId | None:
        """The page whose words are chosen."""
        return self._page_id if self.selection is not None else None

    # --- a touch ------------------------------------------------------------------------------------------

    def begin(self, at: QPointF, pressure: float | None = None) -> bool:
        """Mouse, finger or pen goes down at a logical pixel; whether that is on the page and allowed."""
        spot = self._view.page_at(at)
        if not self.draws or spot is None or not self.may():
            return False
        self.cancel()
        page_id, x, y = spot
        if page_id != self._page_id:
            self.let_go()  # what is held or chosen is of another page
        self._page_id, self._touched = page_id, self._as_it_is(page_id)
        match self.use:
            case Use.PEN | Use.HIGHLIGHTER:
                pen = self.pen if self.use is Use.PEN else self.highlighter
                self._stroke = StrokeUnderWay(page_id, self._number(), pen, (x, y, pressed(pressure)))
                self._tell_wet()
                self._still.start()
            case Use.WORDS:
                self.words_wanted.emit(page_id, x, y)
            case Use.STAMP:
                self._put_stamp(page_id, x, y)
            case _:
                self._moving = self.use is Use.LASSO and self._lasso.is_on(x, y)
                self._grip = self._grip_at(x, y)
                if self._grip is not None:
                    self._way = [self._grip.fixed, self._grip.edge(x, y)]
                    return True
                if not self._moving:
                    self.let_go()
                self._way = [(x, y)]
                self._preview()
        return True

    def _grip_at(self, x: float, y: float) -> grips.Held | None:
        unit, chosen = self._view.page_units(), self.selection
        return grips.held(chosen, (x, y), self.grip * unit, unit) if chosen is not None else None

    def double(self, at: QPointF) -> bool:
        """A double-click: the word under it is chosen."""
        spot = self._view.page_at(at)
        text = self.text_of(spot[0]) if spot is not None else None
        if self.use is not Use.SELECT or spot is None or text is None:
            return False
        self._way = []
        self._page_id, self._touched = spot[0], self._as_it_is(spot[0])
        self._choose(text_selection.word(text, spot[1:]))
        return True

    def _choose(self, selection: Selection | None) -> None:
        self.selection = selection if selection else None
        self._view.update()
        self.selected.emit((self._page_id, self.selection))

    def move(self, at: QPointF, pressure: float | None = None) -> None:
        """It moves; beside the page a stroke goes on along the edge of what may be drawn on."""
        if not self.busy or self._page_id is None:
            return
        x, y = self._view.page_near(at, self._page_id)
        if self._grip is not None:
            self._way.append(self._grip.edge(x, y))
            self._preview()
            return
        if self._stroke is not None:
            if self._stroke.move((x, y, pressed(pressure))):
                self._still.start()
                self._tell_wet()
            if self._stroke.full:
                self._go_on_as_another()
            return
        if (x, y) != self._way[-1]:
            self._way.append((x, y))
            self._preview()

    def end(self) -> None:
        """It goes up: what was done is said."""
        self._still.stop()
        if self._stroke is not None:
            stroke, self._stroke = self._stroke, None
            self._say_drawn(stroke)
        elif self._way:
            way, self._way, self._grip = self._way, [], None
            self._finish(way)

    def cancel(self) -> None:
        """What is under way is void: a second finger, Esc, another tool."""
        self._still.stop()
        if self._stroke is not None:
            gone, self._stroke = self._stroke.cancelled(), None
            self._layer.wet(self._author, gone)
            self._others.stop()
            if not self.private:
                self.wet.emit(gone)
        if self._way:
            self._way = []
            self._moving, self._grip = False, None
            self._layer.preview((), ())

    def refused(self, op: Op) -> None:
        """An edit of this hand was not taken: what waited to arrive will not."""
        if isinstance(op, Draw):
            self._view.ink.arrived(MarkId(self.peer, mark.n) for mark in op.marks)

    # --- strokes ------------------------------------------------------------------------------------------

    def _number(self) -> int:
        known = self._ink.next_n.get(self._author, 0)
        self._next_n = max(self._next_n, known) + 1  # private or not: one number is one mark
        return self._next_n - 1

    def _tell_wet(self) -> None:
        assert self._stroke is not None
        for piece in self._stroke.wet():
            self._layer.wet(self._author, piece)
        if not self.private:
            self._others.tell(self._stroke)

    def _held_still(self) -> None:
        if self._stroke is not None and self._stroke.still():
            self._tell_wet()

    def _go_on_as_another(self) -> None:
        former = self._stroke
        assert former is not None
        self._say_drawn(former)
        self._stroke = StrokeUnderWay(former.page_id, self._number(), former.pen, former.last)
        self._tell_wet()

    def _say_drawn(self, stroke: StrokeUnderWay) -> None:
        self._others.finish()
        self._draw(stroke.page_id, (stroke.mark(),), (), self._touched[0])

    def _draw(self, page_id: PageId, marks: Sequence[NewMark], erased: MarkIds, edition: int = 0) -> None:
        edition, when = edition or self._as_it_is(page_id)[0], round(self._clock())
        new = [Drawn(MarkId(self._author, mark.n), mark.mark, edition, when) for mark in marks]
        self._layer.unsent(page_id, new)
        self._say(Draw(page_id, edition, when, tuple(marks), erased))

    def _as_it_is(self, page_id: PageId) -> tuple[int, PageRef | None]:
        place = self._view.briefing.page(page_id)
        return (place[0].edition.number, place[2].ref) if place is not None else (1, None)

    def _put_stamp(self, page_id: PageId, x: int, y: int) -> None:
        words = Words(True, self.colour(), STAMP_SIZE, x, y, 0, self.stamp)
        if (place := self._view.briefing.page(page_id)) is not None:
            self.write(page_id, marks_at.stamp_around(words, place[2]))

    def write(self, page_id: PageId, words: Words, instead_of: MarkId | None = None) -> None:
        """A text box or a stamp is done; perhaps in place of an earlier one."""
        self._draw(page_id, (NewMark(self._number(), words),), (instead_of,) if instead_of else ())

    def put(self, page_id: PageId, marks: Sequence[Mark]) -> None:
        """Marks that were made otherwise than by a touch, as one edit."""
        self._draw(page_id, [NewMark(self._number(), mark) for mark in marks], ())

    # --- eraser and lasso ---------------------------------------------------------------------------------

    def _marks(self) -> list[Drawn]:
        """What may be erased or moved, on the page of this touch."""
        seen = self._ink.seen(self._page_id)
        return [drawn for drawn in seen if self.all_marks or drawn.id.author == self._author]

    def _radius(self) -> float:
        wide = 2.0 if self.use is Use.RUBBER else 1.0
        return ERASER * wide * self._view.page_units()

    def _preview(self) -> None:
        """What would be if the hand went up now."""
        match self.use:
            case Use.ERASER:
                hit = marks_at.touched(self._marks(), self._way, self._radius())
                self._layer.preview([drawn.id for drawn in hit], ())
            case Use.RUBBER:
                gone, pieces = marks_at.rubbed(self._marks(), self._way, self._radius())
                new = [Drawn(MarkId(self.peer, -1 - n), piece, 1, 0) for n, piece in enumerate(pieces)]
                self._layer.preview(gone, new)
            case Use.LASSO if self._moving:
                dx, dy = self._offset()
                self._layer.preview(self._lasso.ids, self._lasso.further(dx, dy))
            case Use.SELECT:
                text = self.text_of(self._page_id) if self._page_id is not None else None
                if text is not None:
                    start, end = self._way[0], self._way[-1]
                    ends = (round(start[0]), round(start[1])), (round(end[0]), round(end[1]))
                    self.selection = text_selection.drag(text, *ends) or None
        self._view.update()

    def _finish(self, way: list[tuple[float, float]]) -> None:
        page_id = self._page_id
        assert page_id is not None
        op: Erase | MoveMarks | None = None
        match self.use:
            case Use.ERASER:
                hit = marks_at.touched(self._marks(), way, self._radius())
                op = Erase(page_id, tuple(drawn.id for drawn in hit)) if hit else None
            case Use.RUBBER:
                gone, pieces = marks_at.rubbed(self._marks(), way, self._radius())
                if pieces:
                    self._draw(page_id, [NewMark(self._number(), piece) for piece in pieces], tuple(gone))
                elif gone:
                    op = Erase(page_id, tuple(gone))
            case Use.LASSO if self._moving:
                dx, dy = round(way[-1][0] - way[0][0]), round(way[-1][1] - way[0][1])
                self._moving = False
                if dx or dy:
                    op = MoveMarks(page_id, self._lasso.ids, dx, dy)
                    self._lasso.marks = self._lasso.further(dx, dy)
            case Use.SELECT:
                self._choose(self.selection if len(way) > 1 else None)
            case Use.LASSO:
                self._lasso.marks = marks_at.within(self._marks(), way) if len(way) > 2 else []
        if op is not None:
            self._say(op)
        self._layer.preview((), ())
        self._view.update()

    def _offset(self) -> tuple[int, int]:
        return round(self._way[-1][0] - self._way[0][0]), round(self._way[-1][1] - self._way[0][1])

    @property
    def holds(self) -> bool:
        """Whether the lasso has marks."""
        return bool(self._lasso.marks)

    def erase_held(self) -> None:
        """What the lasso holds goes."""
        if self.holds and self._page_id is not None:
            self._say(Erase(self._page_id, self._lasso.ids))
            self.let_go()

    def let_go(self) -> None:
        """The lasso holds nothing any more, and no words are chosen."""
        if self.selection is not None:
            self._choose(None)
        if self.holds:
            self._lasso.marks = []
            self._view.update()

    def look_again(self) -> None:
        """Marks or pages are others. No words stay chosen on a page that has become another one."""
        page_id = self._page_id
        if (
            self.selection is not None
            and page_id is not None
            and self._as_it_is(page_id)[1] != self._touched[1]
        ):
            self.cancel()
            self._choose(None)
        if self.holds and self._lasso.take(self._ink.at(page_id)):
            self._view.update()
            self.changed.emit()

    def paint(self, painter: QPainter, area: QRect) -> None:
        """The page's frame while a tool is in hand, and what it does now; in device pixels of the view."""
        place, view = self._view.placement(), self._view.view
        if place is None or view is None:
            return
        unit = 2 * self._view.devicePixelRatioF()
        if self.draws:
            hand_painting.frame(painter, place, unit, area, private=self.private)
        if view.page_id != self._page_id:
            return
        onto = ink_painting.to_pixels(place)
        if self.selection is not None:
            hand_painting.selection(painter, onto, self.selection.boxes)
            grips.paint(painter, onto, self.selection, self.grip * self._view.page_units())
        dx, dy = self._offset() if self._moving and self._way else (0, 0)
        line = self._way if self.use is Use.LASSO and not self._moving else ()
        hand_painting.lasso(painter, onto, unit, line, self._lasso.further(dx, dy))
        if self.use in (Use.ERASER, Use.RUBBER) and self._way:
            hand_painting.tip(painter, onto, unit, self._way[-1], self._radius())
