"""Small pieces of the console's window: words, cards, buttons. Its language is chosen when it is started."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from pageview import icons, theme
from pageview.theme import Desk
from pageview.wording import phrase_break


class Words(QLabel):
    """A text as it is said; ``wrap`` breaks lines between phrases only and claims the height they need."""

    def __init__(self, text: str = "", role: str = "body", tone: str = "", wrap: bool = False) -> None:
        super().__init__()
        self.setProperty("role", role)
        self.setProperty("tone", tone)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        self.say(text)

    def say(self, text: str) -> None:
        """Another text."""
        self.setAccessibleName(text)
        self.setText(phrase_break(text) if self.wordWrap() else text)
        self._claim()

    def resizeEvent(self, _event: object) -> None:
        self._claim()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._claim()

    def _claim(self) -> None:
        """A layout does not ask wrapped text for the height of its width; what is hidden has none yet."""
        if self.wordWrap():
            self.setMinimumHeight(0)  # what it claimed before would be the least of what it says it needs
            if self.isVisible():
                self.setMinimumHeight(max(0, self.heightForWidth(self.width())))


class Picture(QLabel):
    """A bundled icon at a fixed size."""

    def __init__(self, name: str, size: int, color: str) -> None:
        super().__init__()
        self._size = size
        self.setFixedSize(size, size)
        self.show_icon(name, color)

    def show_icon(self, name: str, color: str) -> None:
        """Another picture in the same place."""
        self.setPixmap(icons.pixmap(name, color, self._size, self.devicePixelRatioF()))


@cache
def face(pixels: int, bold: bool = False) -> QFont:
    """The window's face; painting asks for it with every chip."""
    return theme.font(pixels, theme.BOLD if bold else theme.REGULAR)


def frame(role: str) -> QFrame:
    """A box of the desk: card, sunk, warn; or a line."""
    made = QFrame()
    made.setProperty("role", role)
    return made


def card(margin: int = 20, spacing: int = 12) -> tuple[QFrame, QVBoxLayout]:
    """A white box and the column in it."""
    made = frame("card")
    column = QVBoxLayout(made)
    column.setContentsMargins(margin, margin - 4, margin, margin - 4)
    column.setSpacing(spacing)
    return made, column


def button(
    text: str, icon: str, pressed: Callable[[], object], kind: str = "", size: str = ""
) -> QPushButton:
    """``kind``: primary, text, danger, or "" for an outline."""
    made = QPushButton()
    if kind:
        made.setProperty("kind", kind)
    if size:
        made.setProperty("buttonSize", size)
    if icon:
        color = {"primary": Desk.CARD, "danger": Desk.ERR}.get(kind, Desk.PRIMARY)
        made.setIcon(icons.icon(icon, color, 22))
        made.setIconSize(QSize(22, 22))
    label(made, text)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.clicked.connect(lambda: pressed())
    return made


def label(made: QPushButton, text: str) -> None:
    """What stands on a button, a little apart from its icon."""
    made.setText(text if made.icon().isNull() else f" {text}")
    made.setAccessibleName(text)


ROUND_HEAD = (
    "QHeaderView { background: transparent; } QHeaderView::section:first { border-top-left-radius: 11px; }"
    "QHeaderView::section:last { border-top-right-radius: 11px; }"
)
"""Of a table that fills its card from the top."""


def scrolled(inside: QWidget) -> QScrollArea:
    """A page that a low window shows a part of."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    return area


def page_column(page: QWidget, *, scrolls: bool = False) -> QVBoxLayout:
    """The column of a page of the window, which fills it; ``scrolls``: a low window shows a part of it."""
    inside = QWidget()
    inside.setProperty("role", "page")
    column = QVBoxLayout(inside)
    column.setContentsMargins(28, 24, 28, 20)
    column.setSpacing(12)
    outside = QVBoxLayout(page)
    outside.setContentsMargins(0, 0, 0, 0)
    outside.addWidget(scrolled(inside) if scrolls else inside)
    return column
