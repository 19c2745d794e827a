"""All displays by building and floor, each a chip with icon, word and colour. Only what is seen is
painted."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from kiosk.fleet.chips import CHIP, COLLAPSE_FROM, LABEL, PAD, Board, Chip, Row, lay_out
from kiosk.fleet.floors import by_floor
from kiosk.fleet.model import Condition, Display, Fleet
from kiosk.fleet.parts import face
from kiosk.fleet.words import CONDITION_ICONS, condition_word, name_of, place_of, short_name
from pageview import icons
from pageview.theme import Desk
from pageview.wording import say, tip

# ground, edge, ink
LOOKS = {
    Condition.READY: (Desk.CARD, Desk.LINE, Desk.BODY),
    Condition.BRIEFING: (Desk.PRIMARY, Desk.PRIMARY, Desk.CARD),
    Condition.CAUTION: (Desk.WARN, Desk.WARN_BORDER, Desk.TEXT),
    Condition.SILENT: (Desk.ERR, Desk.ERR, Desk.CARD),
    Condition.OUT: (Desk.DISABLED_BG, Desk.BORDER, Desk.TEXT2),
    Condition.ASKING: (Desk.SUNK, Desk.LINE, Desk.TEXT2),
}
_NAME, _LABEL, _SMALL = 17, 16, 15


class FleetBoard(QAbstractScrollArea):
    """`refresh` when displays changed; arrows move among the chips, Enter or a click opens one."""

    chosen = Signal(object)
    """device id"""

    def __init__(self, fleet: Fleet) -> None:
        super().__init__()
        self._fleet = fleet
        self._board = Board()
        self._count = 0
        self._laid: object = None
        self._wanted = ""
        self._only: Condition | None = None
        self._opened: frozenset[str] = frozenset()
        self._current: bytes | None = None
        self._metrics = QFontMetrics(face(_NAME))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focusRing", False)  # the chip has one
        self.setAccessibleName(say("全ての会議室"))
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(CHIP + 2 * PAD)

    # --- what is shown ----------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Displays have news: laid out anew only when one came, went or moved."""
        if self._laid != self._wish():
            self._lay_out()
        self.viewport().update()

    def search(self, wanted: str, only: Condition | None) -> None:
        """Only displays with this word, or in this condition."""
        self._wanted, self._only = wanted, only
        self.refresh()

    def show_current(self, device: bytes | None) -> None:
        """That one has the frame; None: none has."""
        self._current = device
        display = None if device is None else self._fleet.displays.get(device)
        self.setAccessibleDescription("" if display is None else self._said(display))
        self.viewport().update()

    def shown_count(self) -> int:
        """How many displays there are with this search."""
        return self._count

    def wanted_height(self) -> int:
        """Of all rows."""
        return self._board.height

    def _wish(self) -> object:
        turns = self._fleet.turns if self._only is not None else 0
        return self._fleet.layout, turns, self._wanted, self._only, self._opened, self.viewport().width()

    def _lay_out(self) -> None:
        groups = by_floor(self._fleet, self._wanted, self._only)
        self._count = sum(len(group.devices) for group in groups)
        opened = self._opened if self._count >= COLLAPSE_FROM else None
        self._board = lay_out(groups, self.viewport().width(), self._name_width, opened)
        self._laid = self._wish()
        self._range()
        self.updateGeometry()

    def _name_width(self, device: bytes) -> int:
        return self._metrics.horizontalAdvance(short_name(self._fleet.displays[device]))

    def _range(self) -> None:
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self._board.height - self.viewport().height()))
        bar.setPageStep(self.viewport().height())

    def _said(self, display: Display) -> str:
        word = condition_word(self._fleet.condition(display.device))
        return f"{name_of(display)} {place_of(display)} {word}"

    # --- painting ---------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            top = self.verticalScrollBar().value()
            area = event.rect()
            painter.translate(0, -top)
            for row in self._board.between(top + area.top(), top + area.bottom()):
                if row.bar:
                    self._paint_bar(painter, row)
                else:
                    self._paint_row(painter, row)

    def _paint_row(self, painter: QPainter, row: Row) -> None:
        width = self.viewport().width()
        if row.first and row.group is not None:
            display = self._fleet.displays.get(row.group.devices[0])
            place = place_of(display) if display is not None else row.group.place
            self._paint_label(painter, row, place or say("場所なし"), len(row.group.devices))
        for chip in row.chips:
            self._paint_chip(painter, row.y + PAD, chip)
        if row.last:
            painter.setPen(QColor("#EEF1F6"))
            painter.drawLine(0, row.y + row.height - 1, width, row.y + row.height - 1)

    def _paint_label(self, painter: QPainter, row: Row, place: str, count: int) -> None:
        number = say("{n}台", n=count)
        small = face(_SMALL)
        room = LABEL - 14 - QFontMetrics(small).horizontalAdvance(number) - 8
        bold = face(_LABEL, True)
        measure = QFontMetrics(bold)
        shown = measure.elidedText(place, Qt.TextElideMode.ElideRight, room)
        painter.setFont(bold)
        painter.setPen(QColor(Desk.TEXT))
        box = QRect(0, row.y, room + 2, row.height)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.setFont(small)
        painter.setPen(QColor(Desk.TEXT2))
        left = measure.horizontalAdvance(shown) + 8
        painter.drawText(QRect(left, row.y, LABEL, row.height), Qt.AlignmentFlag.AlignVCenter, number)

    def _paint_chip(self, painter: QPainter, y: int, chip: Chip) -> None:
        display = self._fleet.displays.get(chip.device)
        if display is None:
            return
        condition = self._fleet.condition(chip.device)
        ground, edge, ink = LOOKS[condition]
        box = QRectF(chip.x + 0.5, y + 0.5, chip.width - 1, CHIP - 1)
        painter.setBrush(QColor(ground))
        painter.setPen(QColor(edge))
        painter.drawRoundedRect(box, 6, 6)
        picture = icons.pixmap(CONDITION_ICONS[condition], ink, 18, self.devicePixelRatioF())
        painter.drawPixmap(chip.x + 10, y + (CHIP - 18) // 2, picture)
        heavy = condition not in (Condition.READY, Condition.OUT, Condition.ASKING)
        painter.setFont(face(_NAME, heavy))
        painter.setPen(QColor(ink))
        room = QRect(chip.x + 33, y, chip.width - 38, CHIP)
        name = self._metrics.elidedText(short_name(display), Qt.TextElideMode.ElideRight, room.width() + 4)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)
        if chip.device == self._current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(Desk.CARD), 6))
            painter.drawRoundedRect(box, 7, 7)
            painter.setPen(QPen(QColor(Desk.TEXT), 3))
            painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), 8, 8)

    def _paint_bar(self, painter: QPainter, row: Row) -> None:
        width = self.viewport().width()
        box = QRect(0, row.y + 2, width - 2, row.height - 6)
        painter.setPen(QColor(Desk.LINE))
        painter.setBrush(QColor(Desk.SUNK))
        painter.drawRoundedRect(box, 8, 8)
        arrow = "keyboard_arrow_down" if row.opened else "chevron_right"
        painter.drawPixmap(12, row.y + 14, icons.pixmap(arrow, Desk.TEXT2, 24, self.devicePixelRatioF()))
        painter.setFont(face(_NAME, True))
        painter.setPen(QColor(Desk.TEXT))
        name = row.building or say("場所なし")
        painter.drawText(box.adjusted(48, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, name)
        self._paint_counts(painter, row, box)

    def _paint_counts(self, painter: QPainter, row: Row, box: QRect) -> None:
        counts: dict[Condition, int] = {}
        for device in row.devices:
            if device in self._fleet.displays:
                condition = self._fleet.condition(device)
                counts[condition] = counts.get(condition, 0) + 1
        right = box.right() - 16
        painter.setFont(face(_LABEL))
        for condition in reversed(Condition):
            if not counts.get(condition):
                continue
            text = f"{condition_word(condition)} {counts[condition]}"
            wide = painter.fontMetrics().horizontalAdvance(text)
            bad = condition in (Condition.SILENT, Condition.CAUTION)
            ink = {Condition.SILENT: Desk.ERR, Condition.CAUTION: Desk.WARN_TEXT}.get(condition, Desk.TEXT2)
            painter.setPen(QColor(ink))
            painter.setFont(face(_LABEL, bad))
            where = QRect(right - wide - 6, box.top(), wide + 12, box.height())
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, text)
            picture = icons.pixmap(CONDITION_ICONS[condition], ink, 18, self.devicePixelRatioF())
            painter.drawPixmap(right - wide - 30, box.center().y() - 9, picture)
            right -= wide + 62

    # --- hands ------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._under(event.position().toPoint())
        if isinstance(found, Chip):
            self._choose(found.device)
        elif isinstance(found, Row):
            self._turn(found.building)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self._under(event.position().toPoint())
        hand = Qt.CursorShape.PointingHandCursor if found is not None else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(hand)
        display = self._fleet.displays.get(found.device) if isinstance(found, Chip) else None
        self.viewport().setToolTip("" if display is None else tip(self._said(display)))

    def _under(self, at: QPoint) -> Chip | Row | None:
        return self._board.at(at.x(), at.y() + self.verticalScrollBar().value())

    def open_all(self) -> None:
        """No building is closed to a bar."""
        self._opened = frozenset(row.building for row in self._board.rows)
        self.refresh()

    def _turn(self, building: str) -> None:
        self._opened = self._opened ^ {building}
        self.refresh()

    def _choose(self, device: bytes) -> None:
        self.show_current(device)
        self.chosen.emit(device)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }.get(Qt.Key(event.key()))
        if step is not None:
            self._walk(*step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._current:
            self.chosen.emit(self._current)
        elif event.key() == Qt.Key.Key_Plus:
            self.open_all()
        elif event.key() == Qt.Key.Key_Minus:
            self._opened = frozenset()
            self.refresh()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._current is None and event.reason() is not Qt.FocusReason.MouseFocusReason:
            self._walk(0, 0)

    def _walk(self, down: int, along: int) -> None:
        rows = [row for row in self._board.rows if row.chips]
        if not rows:
            return
        at = None if self._current is None else self._place(rows, self._current)
        if at is None:
            row, place = 0, 0
        elif along:
            flat = [(r, c) for r, each in enumerate(rows) for c in range(len(each.chips))]
            row, place = flat[max(0, min(len(flat) - 1, flat.index(at) + along))]
        else:
            row = max(0, min(len(rows) - 1, at[0] + down))
            x = rows[at[0]].chips[at[1]].x
            place = min(range(len(rows[row].chips)), key=lambda c: abs(rows[row].chips[c].x - x))
        self.show_current(rows[row].chips[place].device)
        self._bring_into_view(rows[row])

    @staticmethod
    def _place(rows: list[Row], device: bytes) -> tuple[int, int] | None:
        for number, row in enumerate(rows):
            for place, chip in enumerate(row.chips):
                if chip.device == device:
                    return number, place
        return None

    def _bring_into_view(self, row: Row) -> None:
        bar = self.verticalScrollBar()
        if row.y < bar.value():
            bar.setValue(row.y)
        elif row.y + row.height > bar.value() + self.viewport().height():
            bar.setValue(row.y + row.height - self.viewport().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refresh()
        self._range()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(900, self._board.height)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 3 * (CHIP + 2 * PAD))
