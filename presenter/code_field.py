"""The boxes in which the number on the room's screen is typed: 27 │ 481 903."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QApplication, QLineEdit, QSizePolicy

from pageview import theme
from pageview.theme import Desk

BOX_WIDTH, BOX_HEIGHT = 64, 88
GAP, GROUP_GAP, RULE_GAP = 8, 20, 36


# Dashes, rules, points and the long-vowel sign that stands for a dash on a Japanese keyboard.
_BETWEEN = frozenset(
    map(
        chr,
        (
            0x2D,
            0x2E,
            0x2C,
            0x7C,
            0xB7,
            *range(0x2010, 0x2016),
            0x2212,
            0x2500,
            0x2502,
            0x3001,
            0x30FB,
            0x30FC,
        ),
    )
)


def digits_of(text: str) -> str:
    """The digits in a typed or pasted text: full-width ones count, spaces, dashes and rules do not.

    "" when anything else stands among them, so that a pasted sentence is not taken for a number.
    """
    plain = unicodedata.normalize("NFKC", text)
    kept = [sign for sign in plain if not sign.isspace() and sign not in _BETWEEN]
    return "".join(kept) if all(sign in "0123456789" for sign in kept) else ""


class CodeField(QLineEdit):
    """One line of digits drawn as boxes, as many as ``length``; the room's number stands grey before them.

    It is a line edit underneath, so that keyboard, paste, input methods and screen readers work as anywhere.
    """

    complete = Signal(str)
    """All digits are there."""

    def __init__(self) -> None:
        super().__init__()
        self._room, self._length, self._wrong = "", 6, False
        self.setMaxLength(6)
        self.setFrame(False)
        self.setProperty("focusRing", False)
        self.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.DefaultContextMenu)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.textChanged.connect(self._changed)

    def set_room(self, number: int | None) -> None:
        """The number that is there already; None when the room is not known yet."""
        self._room = str(number) if number is not None else ""
        self.update()

    def set_length(self, length: int) -> None:
        """As many boxes as the room asks for."""
        if length != self._length:
            self._length = length
            self.setMaxLength(length)
            self.updateGeometry()
            self.update()

    def set_wrong(self, wrong: bool) -> None:
        """Red boxes until the next key."""
        self._wrong = wrong
        self.update()

    @property
    def is_complete(self) -> bool:
        """Whether every box has its digit."""
        return len(self.text()) == self._length

    def insert_digits(self, text: str) -> None:
        """Takes what was pasted or committed; more digits than boxes are cut, other text is not taken.

        A paste that begins with the room's own number is understood.
        """
        digits = digits_of(text)
        if self._room and len(digits) == len(self._room) + self._length and digits.startswith(self._room):
            digits = digits[len(self._room) :]
        if digits:
            self.insert(digits[: self._length])

    def sizeHint(self) -> QSize:
        return QSize(round(self._natural_width()) + 12, BOX_HEIGHT + 12)

    def minimumSizeHint(self) -> QSize:
        return QSize(280, BOX_HEIGHT + 12)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(_PASTE):
            self.insert_digits(QApplication.clipboard().text())
        elif event.text() and event.text().isprintable() and not event.modifiers() & _COMMANDS:
            self.insert_digits(event.text())
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if event.commitString():
            self.insert_digits(event.commitString())
        event.setCommitString("")
        super().inputMethodEvent(event)

    def contextMenuEvent(self, event: object) -> None:
        """No menu: its paste would go round the cleaning. Ctrl+V does the same."""

    def _changed(self, text: str) -> None:
        self._wrong = False
        self.setAccessibleDescription(f"{len(text)} / {self._length}")
        self.update()
        if len(text) == self._length:
            self.complete.emit(text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.update()

    # --- drawing ------------------------------------------------------------------------------------------

    def _gap_before(self, place: int) -> int:
        """Groups are of three, and of five in a number of ten."""
        if place == 0:
            return 0
        return GROUP_GAP if place % (5 if self._length > 6 else 3) == 0 else GAP

    def _natural_width(self) -> float:
        room = len(self._room) * (BOX_WIDTH + GAP) - GAP + RULE_GAP if self._room else 0
        return room + self._length * BOX_WIDTH + sum(self._gap_before(place) for place in range(self._length))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = min(1.0, (self.width() - 12) / self._natural_width())
        width, height = BOX_WIDTH * scale, BOX_HEIGHT * (0.6 + 0.4 * scale)
        x, top = 6.0, (self.height() - height) / 2
        size = round(min(46, width * 0.78))
        for digit in self._room:
            self._box(painter, QRectF(x, top, width, height), digit, theme.font(size), grey=True)
            x += width + GAP * scale
        if self._room:
            x += (RULE_GAP / 2 - GAP) * scale
            painter.fillRect(QRectF(x - 1, top + 6, 2, height - 12), QColor(Desk.LINE))
            x += RULE_GAP / 2 * scale
        typed = self.text()
        for place in range(self._length):
            x += self._gap_before(place) * scale
            box = QRectF(x, top, width, height)
            self._box(painter, box, typed[place : place + 1], theme.font(size, theme.BOLD), grey=False)
            if self.hasFocus() and place == min(len(typed), self._length - 1):
                self._ring(painter, box)
            x += width

    def _box(self, painter: QPainter, box: QRectF, digit: str, font: QFont, grey: bool) -> None:
        enabled = self.isEnabled()
        edge, line = (Desk.ERR, 2.0) if self._wrong else (Desk.BORDER if enabled else Desk.LINE, 1.5)
        painter.setPen(Qt.PenStyle.NoPen if grey else QPen(QColor(edge), line))
        painter.setBrush(QColor(Desk.BG if grey or not enabled else Desk.CARD))
        painter.drawRoundedRect(box, 8, 8)
        painter.setFont(font)
        painter.setPen(QColor("#34459C" if grey else Desk.TEXT))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, digit)

    def _ring(self, painter: QPainter, box: QRectF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width, out in (("#000000", 4.0, 4.0), (theme.FOCUS_YELLOW, 2.0, 1.0)):
            painter.setPen(QPen(QColor(color), width))
            painter.drawRoundedRect(box.adjusted(-out, -out, out, out), 8 + out, 8 + out)


_COMMANDS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)
_PASTE = QKeySequence.StandardKey.Paste
