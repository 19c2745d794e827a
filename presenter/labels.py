"""Words on the desk: labels that say themselves again in the other language, chips, discs and lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QScrollArea, QSizePolicy, QWidget

from pageview import icons, theme
from pageview.theme import Desk
from pageview.wording import phrase_break, phrases, say, tip

TONES = {
    "": Desk.TEXT,
    "ok": Desk.OK,
    "warn": Desk.WARN_TEXT,
    "err": Desk.ERR,
    "muted": Desk.TEXT2,
    "on": Desk.PRIMARY,
}


class Label(QLabel):
    """A sentence by its Japanese words. ``wrap`` breaks lines between phrases only."""

    def __init__(self, words: str = "", role: str = "body", tone: str = "", wrap: bool = False) -> None:
        super().__init__()
        self._words: tuple[str, dict[str, object]] = (words, {})
        self._measured: tuple[str, int, QFont] | None = None
        self.setProperty("role", role)
        self.setProperty("tone", tone)
        self.setWordWrap(wrap)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        self._say()

    def set_words(self, words: str, **values: object) -> None:
        """Says another sentence."""
        if (words, values) != self._words:
            self._words = words, values
            self._say()

    def set_plain(self, text: str) -> None:
        """Shows a text that is the same in every language: a name, a title, a number."""
        self.set_words("{text}", text=text)

    def set_tone(self, tone: str) -> None:
        """ok, warn, err, muted or none; always beside a word or an icon that says the same."""
        if tone != self.property("tone"):
            theme.restyle(self, tone=tone)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._measured = None
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._claim_height()

    def _claim_height(self) -> None:
        """A window's layout does not ask wrapped text for the height of its width: it is claimed, once for
        each text, width and font. A claim has the whole window laid out anew."""
        measured = self.text(), self.width(), self.font()
        if self.wordWrap() and self.width() > 0 and measured != self._measured:
            self._measured = measured
            # What it claimed before would be the least of what it says that it needs.
            self.setMinimumHeight(0)
            self.setMinimumHeight(max(0, self.heightForWidth(self.width())))

    def _say(self) -> None:
        words, values = self._words
        text = say(words, **values) if words else ""
        self.setAccessibleName(text)
        self._show(phrase_break(text) if self.wordWrap() else text)
        self._claim_height()

    def _show(self, text: str) -> None:
        self.setText(text)


class Elided(Label):
    """One line that gives way: what does not fit ends in …, and the whole is its tooltip.

    ``middle``: both ends stay, as with the name of a file.
    """

    def __init__(self, words: str = "", role: str = "body", tone: str = "", *, middle: bool = False) -> None:
        self._whole = ""
        self._mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
        super().__init__(words, role, tone)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _show(self, text: str) -> None:
        self._whole = " ".join(text.splitlines())
        self._fit()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self._whole) + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), 72), super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()
            self.updateGeometry()

    def _fit(self) -> None:
        width = (
            self.contentsRect().width()
            if self.testAttribute(Qt.WidgetAttribute.WA_WState_Created) or self.isVisible()
            else 10_000
        )
        shown = QFontMetrics(self.font()).elidedText(self._whole, self._mode, width)
        super().setText(shown)
        self.setToolTip(tip(self._whole) if shown != self._whole else "")


class FewLines(QWidget):
    """Text of any length on at most so many lines of its width, broken between phrases; the rest is …"""

    def __init__(self, lines: int, size: int, bold: bool = False, color: str = Desk.BODY) -> None:
        super().__init__()
        self._lines, self._color = lines, color
        self._font = theme.font(size, theme.BOLD if bold else theme.REGULAR)
        self._height = round(size * 1.5)
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_plain(self, text: str) -> None:
        """A text that is the same in every language."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.setToolTip(tip(text))
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, self._height * (len(self._broken()) if self._text else 0))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def _phrases(self, metrics: QFontMetrics, width: int) -> Iterator[str]:
        """What a line may end after; within what is too long for a line, after any sign."""
        parts = re.findall(r"\S+\s*", self._text) if self._text.isascii() else phrases(self._text)
        for part in parts:
            yield from [part] if metrics.horizontalAdvance(part.rstrip()) <= width else part

    def _broken(self) -> list[str]:
        metrics, width = QFontMetrics(self._font), max(self.width(), 60)
        lines = [""]
        for phrase in self._phrases(metrics, width):
            if lines[-1] and metrics.horizontalAdvance((lines[-1] + phrase).rstrip()) > width:
                lines.append("")
            lines[-1] += phrase
        if len(lines) > self._lines:
            lines[self._lines - 1 :] = ["".join(lines[self._lines - 1 :])]
        return [metrics.elidedText(line.rstrip(), Qt.TextElideMode.ElideRight, width) for line in lines]

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._font)
        painter.setPen(QColor(self._color))
        for n, line in enumerate(self._broken() if self._text else ()):
            area = QRectF(0, n * self._height, self.width(), self._height)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, line)


class Icon(QWidget):
    """A bundled icon at a fixed size; its meaning is said by the words beside it."""

    def __init__(self, name: str, size: int = 24, color: str = Desk.TEXT2) -> None:
        super().__init__()
        self._name, self._color = name, color
        self.setFixedSize(size, size)

    def set_icon(self, name: str, color: str) -> None:
        """Another picture in the same place."""
        if (name, color) != (self._name, self._color):
            self._name, self._color = name, color
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        picture = icons.pixmap(self._name, self._color, self.width(), self.devicePixelRatioF())
        painter.drawPixmap(0, 0, picture)


class Chip(QFrame):
    """A state in a word, an icon where there is one, and a colour, on a tinted ground."""

    GROUNDS = {
        "ok": (Desk.OK_BG, Desk.OK_TEXT),
        "warn": (Desk.WARN, Desk.TEXT),
        "carried": (Desk.WARN_BG, Desk.WARN_TEXT),
        "err": (Desk.ERR_BG, Desk.ERR),
        "on": (Desk.PRIMARY_WEAK, Desk.HOVER),
        "muted": (Desk.BG, Desk.TEXT2),
    }

    def __init__(self, icon: str, words: str, tone: str) -> None:
        super().__init__()
        ground, ink = self.GROUNDS[tone]
        self._ground = QColor(ground)
        self._ink = ink
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 5, 12, 5)
        row.setSpacing(6)
        self.label = Label(words)
        self.label.setFont(theme.font(16))
        self.label.setStyleSheet(f"font-size: 16px; color: {ink};")
        if icon:
            row.addWidget(Icon(icon, 20, ink))
        row.addWidget(self.label)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._ground)
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)


def frame(role: str) -> QFrame:
    """A box of the desk: card, sunk, warn, header, footer; or a line, a vline."""
    made = QFrame()
    made.setProperty("role", role)
    return made


def clear_out(layout: QLayout) -> None:
    """Takes every widget out of a layout, for good."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


class Scrolled(QScrollArea):
    """A column that is as wide as its place and scrolled where it is longer."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inside)


class Body(Scrolled):
    """What stands under a screen's head: scrolled where the window is lower than it."""

    def __init__(self, inside: QLayout) -> None:
        holder = QWidget()
        holder.setLayout(inside)
        super().__init__(holder)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 200)
