"""The dark column at the left: the pages of the console, and whose console it is."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from kiosk.fleet.parts import Words
from pageview import icons
from pageview.theme import Desk, Kiosk
from pageview.wording import say
from protocol.facilities import ConsoleRole

WIDTH = 232
_SHEET = f"""
#navigation {{ background: {Kiosk.INK_900}; }}
QPushButton {{
  text-align: left; padding: 0 6px 0 14px; min-height: 52px; border: 0; border-radius: 8px; font-size: 17px;
  font-weight: 400; background: transparent; color: {Kiosk.TEXT};
}}
QPushButton:hover {{ background: {Kiosk.INK_700}; color: {Kiosk.TEXT}; text-decoration: none; }}
QPushButton:checked {{ background: {Desk.CARD}; color: {Desk.PRIMARY}; font-weight: 700; }}
"""


class Navigation(QWidget):
    """`chosen` names a page by its place."""

    chosen = Signal(int)

    def __init__(self, who: str, role: ConsoleRole, pages: list[tuple[str, str]]) -> None:
        """``pages``: icon and words of each."""
        super().__init__()
        self.setObjectName("navigation")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(_SHEET)
        self.setFixedWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 30, 16, 28)
        column.setSpacing(4)
        column.addLayout(self._name())
        column.addSpacing(18)
        self._group = QButtonGroup(self)
        self._icons: list[str] = []
        self._buttons: list[QPushButton] = []
        self._badge = Words()
        self._badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._badge.setStyleSheet(
            f"background: {Desk.WARN}; color: {Desk.TEXT}; border-radius: 13px; font-size: 16px;"
            " font-weight: 700; padding: 0 2px;"
        )
        self._badge.setFixedHeight(26)
        self._badge.setMinimumWidth(26)
        self._badge.hide()
        for place, (icon, words) in enumerate(pages):
            made = QPushButton(f" {words}")
            made.setAccessibleName(words)
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            made.setCheckable(True)
            made.setIconSize(QSize(24, 24))
            made.setCursor(Qt.CursorShape.PointingHandCursor)
            made.toggled.connect(self._paint)
            self._icons.append(icon)
            self._buttons.append(made)
            self._group.addButton(made, place)
            column.addWidget(made)
        row = QHBoxLayout(self._buttons[1])
        row.setContentsMargins(0, 0, 12, 0)
        row.addStretch(1)
        row.addWidget(self._badge, 0, Qt.AlignmentFlag.AlignVCenter)
        self._group.idClicked.connect(self.chosen)
        column.addStretch(1)
        self._add_foot(column, who, role)
        self.show_page(0)

    def _name(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(12, 0, 0, 0)
        column.setSpacing(2)
        title, under = Words(say("紙ゼロ")), Words(say("設備の管理"))
        title.setStyleSheet(f"color: {Kiosk.TEXT}; font-size: 21px; font-weight: 700;")
        under.setStyleSheet(f"color: {Kiosk.TEXT2}; font-size: 16px;")
        column.addWidget(title)
        column.addWidget(under)
        return column

    def _add_foot(self, column: QVBoxLayout, who: str, role: ConsoleRole) -> None:
        roles = {
            ConsoleRole.FACILITIES: say("設備の担当"),
            ConsoleRole.IT: say("情報システムの担当"),
            ConsoleRole.READ_ONLY: say("見ることだけ"),
        }
        for text in (roles[role], who):
            words = Words(text, wrap=True)
            words.setContentsMargins(12, 0, 0, 0)
            words.setStyleSheet(f"color: {Kiosk.TEXT2}; font-size: 16px;")
            column.addWidget(words)

    def show_page(self, place: int) -> None:
        """This page is the one that is shown."""
        self._buttons[place].setChecked(True)
        self._paint()

    def show_concerns(self, count: int) -> None:
        """How many things need doing."""
        self._badge.setVisible(count > 0)
        self._badge.say(str(count))
        self._buttons[1].setAccessibleName(f"{self._buttons[1].text().strip()} {count}")

    def _paint(self) -> None:
        for icon, each in zip(self._icons, self._buttons, strict=True):
            each.setIcon(icons.icon(icon, Desk.PRIMARY if each.isChecked() else Kiosk.TEXT, 24))
