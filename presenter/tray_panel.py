"""置き場所の分からない書き込み: below the corrections, while there are any."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QTransform
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from pageview.ink_painting import extent, paint_drawn
from pageview.theme import Desk
from pageview.wording import say
from presenter.buttons import Button, IconButton
from presenter.labels import Elided, Label, Scrolled, clear_out
from presenter.tray import Lost
from protocol.values import PageId

ROW = 76
ROWS_SHOWN = 2
PICTURE = QSize(76, 58)


@dataclass(frozen=True, slots=True)
class TrayRow:
    """``page``: the number of the page it was on, 0 when that is gone; ``by``: "" for one's own."""

    lost: Lost
    page: int
    by: str
    at: str


def row_of(entry: Lost, number_of: Callable[[PageId], int], by: str) -> TrayRow:
    """What is said of something in the tray. ``number_of`` gives the number of a page in its paper."""
    when = max(drawn.when for drawn in entry.marks)
    at = datetime.fromtimestamp(when).strftime("%H:%M") if when else ""
    page = number_of(entry.origin) if entry.origin is not None else 0
    return TrayRow(entry, page, say("自分だけに見えます") if entry.private else by, at)


class TrayPanel(QFrame):
    """A row for each drawing: its picture, where it comes from, and what can be done with it."""

    place_wanted = Signal(object)
    """Lost, onto the page shown."""
    erase_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(
            f"TrayPanel {{ background: {Desk.WARN_BG}; border-top: 1px solid {Desk.WARN_BORDER}; }}"
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._title = Label("置き場所の分からない書き込み", "title")
        self._title.setContentsMargins(16, 10, 16, 2)
        self._hint = Label("ページに置いたら、「囲んで選ぶ」で動かせます。", "secondary", wrap=True)
        self._hint.setContentsMargins(16, 0, 16, 8)
        column.addWidget(self._title)
        column.addWidget(self._hint)
        inside = QWidget()
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self._scrolled = Scrolled(inside)
        column.addWidget(self._scrolled)
        self._shown: tuple[TrayRow, ...] = ()
        self._most = ROWS_SHOWN
        self.hide()

    def set_dense(self, dense: bool) -> None:
        """The small form."""
        self._most = 1 if dense else ROWS_SHOWN
        self._hint.setVisible(not dense)
        self._make_room()

    def _make_room(self) -> None:
        self._scrolled.setFixedHeight(ROW * min(len(self._shown), self._most))

    def show_rows(self, rows: Sequence[TrayRow]) -> None:
        """Shows these and nothing else; without any it is away."""
        if tuple(rows) == self._shown:
            return
        self._shown = tuple(rows)
        clear_out(self._rows)
        for row in rows:
            self._rows.addWidget(_Row(self, row))
        self._title.set_words("置き場所の分からない書き込み　{n}", n=sum(len(r.lost.marks) for r in rows))
        self._make_room()
        self.setVisible(bool(rows))


class _Row(QFrame):
    def __init__(self, panel: TrayPanel, row: TrayRow) -> None:
        super().__init__()
        self.setFixedHeight(ROW)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 8, 16, 8)
        line.setSpacing(12)
        line.addWidget(_Drawing(row.lost))
        words = QVBoxLayout()
        words.setSpacing(0)
        where = Elided()
        if row.page:
            where.set_words("{page}ページ", page=row.page)
        else:
            where.set_words("なくなったページ")
        who = Elided(role="secondary")
        who.set_plain("　".join(part for part in (row.at, row.by) if part))
        words.addStretch(1)
        words.addWidget(where)
        words.addWidget(who)
        words.addStretch(1)
        line.addLayout(words, 1)
        place, erase = Button("ここに置く", size="sm"), IconButton("delete", "消す")
        place.clicked.connect(lambda _=False: panel.place_wanted.emit(row.lost))
        erase.clicked.connect(lambda _=False: panel.erase_wanted.emit(row.lost))
        for button in (place, erase):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleDescription(where.accessibleName())
            line.addWidget(button)
        self.setAccessibleName(f"{where.accessibleName()} {who.accessibleName()}")


class _Drawing(QWidget):
    """What was drawn, small, on white."""

    def __init__(self, lost: Lost) -> None:
        super().__init__()
        self._lost = lost
        self.setFixedSize(PICTURE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        with QPainter(self) as painter:
            painter.fillRect(area, QColor("#FFFFFF"))
            painter.setPen(QPen(QColor(Desk.LINE), 1))
            painter.drawRect(area)
            box = QRectF()
            for drawn in self._lost.marks:
                box = box.united(extent(drawn.mark, drawn.placement))
            room = area.adjusted(5, 5, -5, -5)
            scale = min(room.width() / max(1.0, box.width()), room.height() / max(1.0, box.height()), 0.02)
            onto = QTransform()
            onto.translate(room.center().x(), room.center().y())
            onto.scale(scale, scale)
            onto.translate(-box.center().x(), -box.center().y())
            painter.setClipRect(area)
            for drawn in self._lost.marks:
                paint_drawn(painter, drawn, onto)
