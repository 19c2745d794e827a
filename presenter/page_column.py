"""The page in its window, above it a line of what is true of it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from pageview.page_view import PageView
from pageview.side_by_side import IN_A_WINDOW, SideBySide
from pageview.theme import Desk
from pageview.wording import say
from presenter.console_state import PageFacts, TruthLine
from presenter.labels import TONES, Elided, Icon, Label


class PageColumn(QWidget):
    """Page number and step, the line that is true, a key beside it; then the page.

    ``between``: what stands between line and page; ``aside``: at the end of the line.
    """

    def __init__(
        self,
        page: PageView,
        key: QPushButton,
        between: QWidget | None = None,
        aside: QWidget | None = None,
    ) -> None:
        super().__init__()
        self.page = page
        self._column = QVBoxLayout(self)
        self._column.setSpacing(10)
        self._number, self._step = Label(role="h2"), Label(role="body")
        self._sign = Icon("check_circle-fill", 22, Desk.OK)
        self._line = Elided()
        key.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._jump = QLabel()
        self._jump.setStyleSheet(
            f"background: {Desk.TEXT}; color: #FFFFFF; border-radius: 6px; padding: 4px 14px;"
            "font-size: 18px; font-weight: 700;"
        )
        self._jump.hide()
        holder = QWidget()
        holder.setFixedHeight(44)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        for widget in (self._number, self._step, self._sign):
            row.addWidget(widget)
        row.addWidget(self._line, 1)
        if aside is not None:
            row.addWidget(aside)
        row.addWidget(key)
        row.addWidget(self._jump)
        self._column.addWidget(holder)
        if between is not None:
            self._column.addWidget(between, 0, Qt.AlignmentFlag.AlignHCenter)
        self.pages = SideBySide(page, IN_A_WINDOW)
        self.pages.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._column.addWidget(self.pages, 1)
        self._veil = _Veil(self.pages)

    def set_dense(self, dense: bool) -> None:
        """The small form."""
        self._column.setContentsMargins(*((16, 4, 16, 12) if dense else (24, 14, 24, 24)))

    def show_page(self, page: PageFacts, line: TruthLine) -> None:
        """Where one is, and what is true of it."""
        self._number.set_words("{page}ページ", page=page.number)
        self._number.setVisible(bool(page.number))
        self._step.set_words("{text}", text=page.step)
        self._step.setVisible(bool(page.step))
        self._sign.set_icon(line.icon, TONES[line.tone])
        words, values = line.words
        self._line.set_words(words, **values)
        self._line.set_tone("" if line.tone in ("ok", "on") else line.tone)

    def show_veil(self, words: str) -> None:
        """Half covers the page, with these words on it; "" for none."""
        self._veil.show_words(words)

    def show_jump(self, digits: str) -> None:
        """The page number being typed; "" for none."""
        self._jump.setVisible(bool(digits))
        self._jump.setText(say("{page}ページへ　Enter", page=digits))


class _Veil(QWidget):
    """A half-clear sheet over the page, with words on it."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._label = Label(role="h2")
        self._label.setParent(self)
        self._label.setStyleSheet(
            f"background: {Desk.TEXT}; color: #FFFFFF; border-radius: 8px;"
            " padding: 14px 28px; font-size: 22px;"
        )
        over.installEventFilter(self)
        self.hide()

    def show_words(self, words: str) -> None:
        self.setVisible(bool(words))
        if words:
            self._label.set_words(words)
            self._place()

    def _place(self) -> None:
        self.setGeometry(self._over.rect())
        self._label.adjustSize()
        self._label.move(
            (self.width() - self._label.width()) // 2, (self.height() - self._label.height()) // 2
        )

    def eventFilter(self, _watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        veil = QColor(Desk.BG)
        veil.setAlphaF(0.5)
        painter.fillRect(self.rect(), veil)
