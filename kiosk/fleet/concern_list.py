"""要対応: one line for each display that needs somebody, the greatest effect first. Only what is seen is
painted."""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QSizePolicy

from kiosk.fleet.answers import Refusal
from kiosk.fleet.model import Cause, Concern, Fleet
from kiosk.fleet.parts import face
from kiosk.fleet.templates import HOUSE, place_words
from kiosk.fleet.words import booked_words, cause_words, name_of, place_of, since_words
from pageview import icons
from pageview.theme import Desk
from pageview.wording import phrase_break, say

_ICONS = {
    Cause.SHUT_OUT: ("key", Desk.ERR),
    Cause.NOBODY: ("wifi_off", Desk.ERR),
    Cause.SILENT: ("wifi_off", Desk.ERR),
    Cause.BROKER: ("wifi_off", Desk.ERR),
}
_LOOK_AT_IT = ("warning-fill", Desk.WARN_TEXT)
ROW = 62
NARROW = 900
"""Below this width the time stands under the cause."""
_BUTTON = QSize(150, 44)
_WRAPPED = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap


class ConcernList(QAbstractScrollArea):
    """`show_concerns`; a click or Enter opens what the line is about. ``lines``: so many are asked for at
    most."""

    chosen = Signal(object)
    """Concern"""

    def __init__(self, fleet: Fleet, lines: int = 0) -> None:
        super().__init__()
        self._fleet, self._lines = fleet, lines
        self._concerns: tuple[Concern, ...] = ()
        self._now = 0.0
        self._current = 0
        self._device: bytes | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focusRing", False)  # the line has one
        self.setAccessibleName(say("要対応"))
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(ROW)
        if lines:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def show_concerns(self, concerns: tuple[Concern, ...], now: float) -> None:
        """These lines, in this order; ``now``: seconds since 1970."""
        if len(concerns) != len(self._concerns):
            self._concerns = concerns
            self.updateGeometry()
            self._range()
        self._concerns, self._now = concerns, now
        self._current = min(self._current, max(0, len(concerns) - 1))
        self.viewport().update()

    def show_current(self, device: bytes | None) -> None:
        """The line of this display has the bar."""
        self._device = device
        self.viewport().update()

    def set_lines(self, lines: int) -> None:
        """So many are asked for at most."""
        if lines != self._lines:
            self._lines = lines
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        count = len(self._concerns)
        return QSize(600, ROW * max(1, min(count, self._lines) if self._lines else count))

    def minimumSizeHint(self) -> QSize:
        return QSize(320, ROW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._range()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self.viewport().update()

    def _range(self) -> None:
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, ROW * len(self._concerns) - self.viewport().height()))
        bar.setPageStep(self.viewport().height())

    # --- painting ---------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if not self._concerns:
                self._paint_none(painter)
                return
            top = self.verticalScrollBar().value()
            painter.translate(0, -top)
            first = (top + event.rect().top()) // ROW
            last = min(len(self._concerns), (top + event.rect().bottom()) // ROW + 1)
            for number in range(first, last):
                self._paint(painter, number, QRect(0, number * ROW, self.viewport().width(), ROW))

    def _paint_none(self, painter: QPainter) -> None:
        picture = icons.pixmap("check_circle-fill", Desk.OK, 24, self.devicePixelRatioF())
        painter.drawPixmap(20, (ROW - 24) // 2, picture)
        painter.setFont(face(18))
        painter.setPen(QColor(Desk.OK_TEXT))
        where = QRect(56, 0, self.viewport().width() - 56, ROW)
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, say("いま、することはありません。"))

    def _paint(self, painter: QPainter, number: int, row: QRect) -> None:
        concern = self._concerns[number]
        if concern.device and concern.device == self._device:
            painter.fillRect(row, QColor(Desk.PRIMARY_WEAK))
            painter.fillRect(QRect(row.left(), row.top(), 4, ROW), QColor(Desk.PRIMARY))
        painter.fillRect(QRect(row.left(), row.bottom(), row.width(), 1), QColor("#EEF1F6"))
        if self.hasFocus() and number == self._current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(Desk.TEXT), 3))
            painter.drawRect(row.adjusted(2, 2, -3, -3))
        icon, color = _ICONS.get(concern.cause, _LOOK_AT_IT)
        if concern.cause is Cause.SILENT and concern.value == Refusal.FULL:
            icon, color = _LOOK_AT_IT
        picture = icons.pixmap(icon, color, 26, self.devicePixelRatioF())
        painter.drawPixmap(row.left() + 20, row.center().y() - 13, picture)
        self._paint_room(painter, concern, row)
        button = self._button(row)
        since = since_words(concern.since, self._now)
        words = cause_words(concern) + booked_words(self._fleet.displays.get(concern.device), self._now)
        painter.setPen(QColor(Desk.TEXT))
        if row.width() < NARROW:
            painter.setFont(face(15))
            cause = QRect(row.left() + 200, row.top() + 4, button.left() - row.left() - 212, ROW - 8)
            _lines(painter, cause, say("{since}：{words}", since=since, words=words))
        else:
            painter.setFont(face(17))
            cause = QRect(row.left() + 262, row.top(), button.left() - row.left() - 262 - 160, ROW)
            _lines(painter, cause, words)
            painter.setFont(face(16))
            painter.setPen(QColor(Desk.TEXT2))
            _line(painter, QRect(button.left() - 146, row.top(), 136, ROW), since)
        painter.setPen(QColor(Desk.PRIMARY))
        painter.setBrush(QColor(Desk.CARD))
        painter.drawRoundedRect(QRectF(button).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.setFont(face(16, True))
        painter.drawText(button, Qt.AlignmentFlag.AlignCenter, self._action(concern))

    def _paint_room(self, painter: QPainter, concern: Concern, row: QRect) -> None:
        display = self._fleet.displays.get(concern.device)
        if display is not None:
            name, place = name_of(display), place_of(display)
        elif concern.cause is Cause.HALTED:
            name, place = place_words(HOUSE), say("設定のひな形")
        elif concern.cause is Cause.BROKER:
            name, place = place_words(HOUSE), say("ブローカー")
        elif concern.cause is Cause.NOBODY:
            name, place = place_words(HOUSE), say("応答なし")
        elif concern.cause is Cause.SHUT_OUT:
            full = concern.value == Refusal.FULL
            name, place = say("この管理の端末"), say("台数の上限") if full else say("登録")
        elif concern.cause is Cause.REVOKED:
            name, place = place_words(HOUSE), say("端末の取り消し")
        else:
            name, place = say("{number}番", number=concern.number), say("登録なし")
        left = QRect(row.left() + 62, row.top() + 7, 130 if row.width() < NARROW else 186, 26)
        painter.setFont(face(17, True))
        painter.setPen(QColor(Desk.TEXT))
        _line(painter, left, name)
        painter.setFont(face(15))
        painter.setPen(QColor(Desk.TEXT2))
        _line(painter, left.translated(0, 24), place)

    @staticmethod
    def _action(concern: Concern) -> str:
        match concern.cause:
            case Cause.HALTED:
                return say("設定で決める")
            case Cause.SLOW | Cause.MEMORY | Cause.DISK:
                return say("経過を見る")
            case _:
                return say("手順を見る")

    @staticmethod
    def _button(row: QRect) -> QRect:
        left = row.right() - 20 - _BUTTON.width()
        return QRect(left, row.center().y() - _BUTTON.height() // 2, _BUTTON.width(), _BUTTON.height())

    # --- hands ------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = (int(event.position().y()) + self.verticalScrollBar().value()) // ROW
        if 0 <= number < len(self._concerns):
            self._current = number
            self.chosen.emit(self._concerns[number])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = (int(event.position().y()) + self.verticalScrollBar().value()) // ROW < len(self._concerns)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if not self._concerns:
            super().keyPressEvent(event)
        elif move is not None:
            self._current = max(0, min(len(self._concerns) - 1, self._current + move))
            self.setAccessibleDescription(cause_words(self._concerns[self._current]))
            bar, y = self.verticalScrollBar(), self._current * ROW
            bar.setValue(max(y + ROW - self.viewport().height(), min(bar.value(), y)))
            self.viewport().update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self._concerns[self._current])
        else:
            super().keyPressEvent(event)


def _line(painter: QPainter, box: QRect, text: str) -> None:
    shown = QFontMetrics(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)


def _lines(painter: QPainter, box: QRect, text: str) -> None:
    """In as many lines as the box has room for; where that is too little, shortened."""
    painter.drawText(box, _WRAPPED, _fitted(text, box.width(), box.height(), painter.font().pixelSize()))


@lru_cache(256)
def _fitted(text: str, width: int, height: int, pixels: int) -> str:
    """As `_lines` draws it. To find the phrases of a few lines takes most of a frame."""
    box, metrics = QRect(0, 0, width, height), QFontMetrics(face(pixels))

    def fits(words: str) -> bool:
        return metrics.boundingRect(box, _WRAPPED, phrase_break(words)).height() <= height

    if not fits(text):
        cut = bisect_left(range(len(text)), True, key=lambda n: not fits(f"{text[:n].rstrip()}…")) - 1
        text = f"{text[: max(0, cut)].rstrip()}…"
    return phrase_break(text)
