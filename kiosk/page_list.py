"""K5: all pages as thumbnails, four by three; and what changes this wall only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from kiosk.actions import ACTIONS
from kiosk.canvas import Canvas, Placed, Scale
from kiosk.keys import Face, Key, Look
from kiosk.rail import rail_face
from kiosk.wall_state import WallState
from pageview.theme import Kiosk
from pageview.wording import say

COLUMNS, ROWS = 4, 3
THUMB_WIDTH, THUMB_HEIGHT = 400.0, 283.0
_GAP_X, _GAP_Y, _LEFT, _TOP = 20.0, 52.0, 40.0, 40.0
_IDLE_MS = 60_000
_SIDE_KEYS = ("larger", "invert", "swap_sides", "put_away")

Thumbnail = Callable[[int, int, int], QImage | None]
"""(page_id, width, height in device pixels) → its picture, or None until it is drawn."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One page. `title` only on the first page of a paper."""

    page_id: int
    number: int
    title: str = ""


class _Thumb(QAbstractButton):
    """One page of the list."""

    def __init__(self, parent: PageList) -> None:
        super().__init__(parent)
        self._list = parent
        self.entry: Entry | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.entry is not None:
            with QPainter(self) as painter:
                self._list.draw_thumb(painter, self, self.entry)


class PageList(QWidget):
    """Covers the wall while somebody looks for a page; put away by itself after a minute without a touch."""

    chosen = Signal(int)
    pressed = Signal(str)

    def __init__(self, thumbnail: Thumbnail, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnail = thumbnail
        self._entries: tuple[Entry, ...] = ()
        self._current: int | None = None
        self._state: WallState | None = None
        self._first = 0
        self._scale = Scale(1.0, 1.0, 1920, 1080)
        self.placed: list[Placed] = []
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._thumbs = [_Thumb(self) for _ in range(COLUMNS * ROWS)]
        for thumb in self._thumbs:
            thumb.clicked.connect(lambda _=False, thumb=thumb: self._choose(thumb))
        self._side = {name: Key(Look.FLAT, self) for name in _SIDE_KEYS}
        for name, key in self._side.items():
            key.clicked.connect(lambda _=False, name=name: self.pressed.emit(name))
        self._back, self._forward = Key(Look.RAISED, self), Key(Look.RAISED, self)
        self._back.clicked.connect(lambda: self._turn(-1))
        self._forward.clicked.connect(lambda: self._turn(1))
        self._idle = QTimer(self, singleShot=True, interval=_IDLE_MS)
        self._idle.timeout.connect(lambda: self.pressed.emit("put_away"))
        self.hide()

    def open(self, entries: tuple[Entry, ...], current: int | None, state: WallState) -> None:
        """Shows the screenful that has the current page."""
        self._entries, self._current, self._state = entries, current, state
        at = next((i for i, entry in enumerate(entries) if entry.page_id == current), 0)
        self._first = at - at % len(self._thumbs)
        self._arrange()
        self.show()
        self.raise_()
        self._idle.start()

    def show_state(self, entries: tuple[Entry, ...], current: int | None, state: WallState) -> None:
        """While open: pages, current page or keys changed."""
        if entries == self._entries and current == self._current and state == self._state:
            return
        self._entries, self._current, self._state = entries, current, state
        self._first = min(self._first, max(0, len(entries) - 1) // len(self._thumbs) * len(self._thumbs))
        self._arrange()

    def forget(self) -> None:
        """Nothing of the papers is kept."""
        self._entries, self._current, self._state = (), None, None
        for thumb in self._thumbs:
            thumb.entry = None
        self.hide()

    def thumbnail_ready(self, page_id: int) -> None:
        """A thumbnail was drawn."""
        for thumb in self._thumbs:
            if thumb.isVisible() and thumb.entry is not None and thumb.entry.page_id == page_id:
                thumb.update()

    def hideEvent(self, event: QEvent) -> None:
        self._idle.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._arrange()

    def _choose(self, thumb: _Thumb) -> None:
        if thumb.entry is not None:
            self.chosen.emit(thumb.entry.page_id)

    def _turn(self, by: int) -> None:
        self._first += by * len(self._thumbs)
        self._idle.start()
        self._arrange()

    def _arrange(self) -> None:
        if self._state is None:
            return
        self._scale = scale = Scale.of(self.width(), self.height(), self.devicePixelRatioF(), 55, 3)
        down = max(0.0, (scale.height - 1080) / 2)
        across = 0.0 if self._state.side == "right" else scale.width - 1700
        locked = not self._state.free_viewing
        for number, thumb in enumerate(self._thumbs):
            at = self._first + number
            thumb.entry = self._entries[at] if at < len(self._entries) else None
            row, column = divmod(number, COLUMNS)
            rect = scale.rect(
                _LEFT + across + column * (THUMB_WIDTH + _GAP_X),
                _TOP + down + row * (THUMB_HEIGHT + _GAP_Y),
                THUMB_WIDTH,
                THUMB_HEIGHT + 44,
            )
            thumb.setGeometry(rect.toAlignedRect())
            thumb.setVisible(thumb.entry is not None)
            thumb.setEnabled(not locked)
            if thumb.entry is not None:
                thumb.setAccessibleName(say("{n}ページ目", n=thumb.entry.number))
        self._arrange_side(scale)
        self.update()

    def _arrange_side(self, scale: Scale) -> None:
        assert self._state is not None
        x = scale.width - 172 if self._state.side == "right" else 24.0
        down = max(0.0, (scale.height - 1080) / 2)
        pages = -(-len(self._entries) // len(self._thumbs))
        now = self._first // len(self._thumbs)
        for key, icon, name, y, can in (
            (self._back, "keyboard_arrow_up", say("前の一覧"), 54, now > 0),
            (self._forward, "keyboard_arrow_down", say("次の一覧"), 268, now + 1 < pages),
        ):
            key.show_face(Face("", icon, enabled=can), name=name)
            key.place(scale, x + 14, y + down, 120, 108)
            key.setVisible(pages > 1)
        at = 560.0 + down
        for name, key in self._side.items():
            key.show_face(rail_face(name, self._state), name=ACTIONS[name].label)
            key.place(scale, x + 12, at, 124, 104)
            key.show()
            at += 108

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._state is None:
            return
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), Kiosk.SURROUND)
            canvas = Canvas(painter, self._scale, QRectF(self.rect()))
            x = self._scale.width - 172 if self._state.side == "right" else 24.0
            down = max(0.0, (self._scale.height - 1080) / 2)
            pages = -(-len(self._entries) // len(self._thumbs))
            if pages > 1:
                canvas.panel(x, 40 + down, 148, 350, 24, Kiosk.RAIL)
                words = f"{self._first // len(self._thumbs) + 1} / {pages}"
                canvas.text(
                    words,
                    x + 74,
                    215 + down,
                    36,
                    Kiosk.TEXT,
                    bold=True,
                    align="centre",
                    width=140,
                    fixed=True,
                )
            canvas.panel(x, 548 + down, 148, 452, 32, Kiosk.RAIL)
            self.placed = canvas.placed

    def draw_thumb(self, painter: QPainter, thumb: _Thumb, entry: Entry) -> None:
        """The page in its frame and its number below; the current one ringed."""
        scale = self._scale
        canvas = Canvas(painter, scale, QRectF(thumb.rect()))
        ratio = self.devicePixelRatioF()
        inset = 10.0
        box = scale.rect(inset, inset, THUMB_WIDTH - 2 * inset, THUMB_HEIGHT - 2 * inset)
        image = self._thumbnail(entry.page_id, int(box.width() * ratio), int(box.height() * ratio))
        if image is None or image.isNull():
            painter.fillRect(box, QColor(Kiosk.RAIL_KEY))
        else:
            size = image.size().scaled(box.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRectF(0, 0, size.width(), size.height())
            target.moveCenter(box.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(target, image)
        current = entry.page_id == self._current
        if current:
            edge = 6 * scale.unit
            painter.setPen(QPen(QColor(Kiosk.WARN), edge))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            whole = scale.rect(0, 0, THUMB_WIDTH, THUMB_HEIGHT).adjusted(
                edge / 2, edge / 2, -edge / 2, -edge / 2
            )
            painter.drawRoundedRect(whole, 8 * scale.unit, 8 * scale.unit)
        y, color = THUMB_HEIGHT + 21, Kiosk.TEXT if current else Kiosk.TEXT2
        used = canvas.text(str(entry.number), 10, y, 30, color, bold=True, width=120, fixed=True)
        canvas.text(entry.title, 10 + used + 18, y, 26, Kiosk.TEXT2, width=372 - used, fixed=True)
