"""How one row of the minutes is set out and painted: time, kind, text; below it where, by whom, how far."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextLayout, QTextOption

from pageview import icons, theme
from pageview.theme import Desk
from pageview.wording import era_date, say
from presenter.minutes.carets import paint_caret
from presenter.minutes.field import LINE, points, utf16
from presenter.minutes.rows import KIND, KIND_WORDS, STATE_WORDS, MinutesRow, has_owner
from protocol.minutes import ItemState

SIZE, SMALL = 18, 16
CHIP = {
    KIND.SAID: (Desk.BG, Desk.TEXT2),
    KIND.QUESTION: (Desk.PRIMARY_WEAK, Desk.HOVER),
    KIND.DECISION: (Desk.OK_BG, Desk.OK_TEXT),
    KIND.INSTRUCTION: (Desk.ERR_BG, Desk.ERR),
    KIND.HOMEWORK: (Desk.WARN_BG, Desk.WARN_TEXT),
    KIND.NOTE: (Desk.BG, Desk.TEXT2),
}
STATE_LOOK = {
    ItemState.WAITING: ("hourglass_empty", Desk.TEXT2),
    ItemState.ANSWERED: ("check_circle-fill", Desk.OK),
    ItemState.CARRIED: ("assignment_returned", Desk.WARN_TEXT),
    ItemState.DONE: ("check_circle-fill", Desk.OK),
    ItemState.WITHDRAWN: ("remove", Desk.TEXT2),
}
GAP, ICON = 20, 20
BELOW = 28
"""Height of a line below the text."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where things stand from the left; ``right``: what is kept free there. ``pad``: above and below."""

    time: int
    chip: int
    chip_width: int
    text: int
    right: int
    pad: int


WIDE = Columns(24, 94, 68, 177, 52, 16)
DENSE = Columns(12, 58, 60, 130, 40, 12)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words below a text. ``does``: what a click on it is for; "": nothing."""

    words: str
    colour: str = Desk.TEXT2
    icon: str = ""
    does: str = ""


@cache
def _font(size: int, bold: bool = False) -> tuple[QFont, QFontMetricsF]:
    font = theme.font(size, theme.BOLD if bold else theme.REGULAR)
    return font, QFontMetricsF(font)


def fitting(words: str, width: float, size: int, *, bold: bool) -> QFont:
    """The largest face up to this size in which these words have room; 12 at least."""
    while size > 12 and _font(size, bold)[1].horizontalAdvance(words) > width:
        size -= 1
    return _font(size, bold)[0]


class RowLook:
    """One row at one width. ``places``: where each piece stands, from the row's corner."""

    def __init__(self, row: MinutesRow, width: int, columns: Columns, *, writable: bool) -> None:
        self.row, self.columns = row, columns
        self._width = max(80, width - columns.text - columns.right)
        self._layout: QTextLayout | None = None
        self.lines = self._count_lines()
        self.places: list[tuple[QRectF, Piece]] = []
        top = self.text_rect.bottom() + 4
        for line in pieces_of(row, writable=writable):
            top = self._flow(line, top)
        self.height = round(top + columns.pad - 4)

    @property
    def text_rect(self) -> QRectF:
        """Of the text, from the row's corner."""
        return QRectF(self.columns.text, self.columns.pad, self._width, self.lines * round(SIZE * LINE))

    def with_row(self, row: MinutesRow) -> RowLook | None:
        """For a row that differs in nothing but carets; None: it has to be set out anew."""
        if replace(row, carets=self.row.carets) != self.row:
            return None
        self.row = row
        return self

    # --- setting out --------------------------------------------------------------------------------------

    def _count_lines(self) -> int:
        text = self.row.text
        if "\n" not in text and _font(SIZE)[1].horizontalAdvance(text) < self._width:
            return 1
        return max(1, self._laid_out().lineCount())

    def _laid_out(self) -> QTextLayout:
        if self._layout is None:
            layout = QTextLayout(self.row.text.replace("\n", "\u2028"), _font(SIZE)[0])
            option = QTextOption()
            option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
            layout.setTextOption(option)
            layout.beginLayout()
            top, pitch = 0.0, round(SIZE * LINE)
            while (line := layout.createLine()).isValid():
                line.setLineWidth(self._width)
                line.setPosition(QPointF(0, top + (pitch - line.height()) / 2))
                top += pitch
            layout.endLayout()
            self._layout = layout
        return self._layout

    def _flow(self, pieces: list[Piece], top: float) -> float:
        metrics, left = _font(SMALL)[1], 0.0
        for piece in pieces:
            wide = metrics.horizontalAdvance(piece.words) + (ICON + 4 if piece.icon else 0)
            if left and left + wide > self._width:
                left, top = 0.0, top + BELOW
            wide = min(wide, self._width)
            self.places.append((QRectF(self.columns.text + left, top, wide, BELOW), piece))
            left += wide + GAP
        return top + BELOW

    # --- painting -----------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, top: int, *, text: bool = True) -> None:
        """``text`` False: a field stands in its place."""
        row, columns, pad = self.row, self.columns, self.columns.pad + top
        line = round(SIZE * LINE)
        painter.setFont(_font(SMALL)[0])
        painter.setPen(QColor(Desk.TEXT2))
        painter.drawText(
            QRectF(columns.time, pad, columns.chip - columns.time, line),
            Qt.AlignmentFlag.AlignVCenter,
            say("前回") if row.former is not None else row.time,
        )
        ground, ink = CHIP[row.kind]
        chip = QRectF(columns.chip, pad + (line - 32) / 2, columns.chip_width, 32)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(chip, 6, 6)
        painter.setPen(QColor(ink))
        kind = say(KIND_WORDS[row.kind])
        painter.setFont(fitting(kind, chip.width() - 4, SMALL, bold=True))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, kind)
        if not text:
            return
        painter.setPen(QColor(Desk.TEXT))
        self._laid_out().draw(painter, QPointF(columns.text, pad))
        for caret in row.carets:
            paint_caret(painter, self.caret_rect(caret.place).translated(0, top), caret.peer)
        for place, piece in self.places:
            _paint_piece(painter, place.translated(0, top), piece)

    def place_at(self, x: int, y: int) -> int:
        """The code point before which a click there, from the row's corner, puts a caret; −1 beside it."""
        layout, area = self._laid_out(), self.text_rect
        at = int((y - area.top()) // round(SIZE * LINE))
        if x < area.left() or not 0 <= at < layout.lineCount():
            return -1
        return points(self.row.text, layout.lineAt(at).xToCursor(x - area.left()))

    def flag_rect(self, place: int) -> tuple[QRect, bool]:
        """Where a name covers no letter: above the caret in the first line (True), else behind its line."""
        layout = self._laid_out()
        line = layout.lineForTextPosition(utf16(self.row.text, min(place, len(self.row.text))))
        if line.lineNumber() <= 0:
            return self.caret_rect(place), True
        end = line.textStart() + line.textLength()
        return self.caret_rect(points(self.row.text, end), line.lineNumber()), False

    def caret_rect(self, place: int, number: int | None = None) -> QRect:
        """Of a caret before that code point, from the row's corner; ``number``: of the line, where it could
        stand at the end of one or the beginning of the next."""
        layout = self._laid_out()
        at = utf16(self.row.text, min(place, len(self.row.text)))
        line = layout.lineForTextPosition(at) if number is None else layout.lineAt(number)
        pitch = round(SIZE * LINE)
        left = float(line.cursorToX(at)[0])  # type: ignore[index]
        top = self.columns.pad + max(0, line.lineNumber()) * pitch
        return QRect(round(self.columns.text + left), top + 2, 2, pitch - 4)


def _paint_piece(painter: QPainter, place: QRectF, piece: Piece) -> None:
    left = place.left()
    if piece.icon:
        icons.paint(
            painter, piece.icon, QRectF(left, place.center().y() - ICON / 2, ICON, ICON), piece.colour
        )
        left += ICON + 4
    font = QFont(_font(SMALL)[0])
    font.setUnderline(bool(piece.does))
    painter.setFont(font)
    painter.setPen(QColor(piece.colour))
    area = QRectF(left, place.top(), place.right() - left + 2, place.height())
    shown = painter.fontMetrics().elidedText(piece.words, Qt.TextElideMode.ElideRight, int(area.width()) + 1)
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)


def pieces_of(row: MinutesRow, *, writable: bool) -> list[list[Piece]]:
    """The lines below the text, each from the left."""
    line: list[Piece] = []
    if row.page:
        line.append(Piece(say("{page}ページ", page=row.page), Desk.PRIMARY, does="page"))
    if row.speaker:
        line.append(Piece(row.speaker))
    if row.state in STATE_LOOK:
        icon, colour = STATE_LOOK[row.state]
        words = "　".join(filter(None, (say(STATE_WORDS[row.state]), row.settled)))
        line.append(Piece(words, colour, icon))
    if row.state is ItemState.WAITING and writable:
        line.append(Piece(say("その場で回答"), Desk.PRIMARY, does="answer"))
        line.append(Piece(say("持ち帰り"), Desk.PRIMARY, does="carry"))
    if row.state is ItemState.TO_DO and writable:
        line.append(Piece(say("済みにする"), Desk.PRIMARY, does="done"))
    line += _owner_and_due(row, asks=writable and has_owner(row.kind, row.state))
    lines = [line] if line else []
    if row.former is not None:
        day = era_date(datetime.fromtimestamp(row.former.when).date(), year=False, weekday=False)
        since = Piece(say("前回から（{day}）", day=day), Desk.WARN_TEXT, "history")
        lines.append([since, Piece(row.former.source)] if row.former.source else [since])
    if row.answer or row.evidence_page:
        answer = [Piece(row.answer, Desk.BODY)] if row.answer else []
        if row.evidence_page:
            answer.append(
                Piece(say("根拠 {page}ページ", page=row.evidence_page), Desk.PRIMARY, does="evidence")
            )
        lines.append(answer)
    return lines


def _owner_and_due(row: MinutesRow, *, asks: bool) -> list[Piece]:
    pieces = []
    if row.owner:
        pieces.append(Piece(row.owner, icon="person-fill"))
    if row.due:
        pieces.append(Piece(row.due, icon="event"))
    if asks and not (row.owner and row.due):
        missing = "担当と期限を入れる" if not (row.owner or row.due) else "期限を入れる"
        if row.due and not row.owner:
            missing = "担当を入れる"
        pieces.append(Piece(say(missing), Desk.PRIMARY, does="owner"))
    return pieces
