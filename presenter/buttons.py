"""Buttons of the desk: each is a line of the table of actions, or says its own words."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QSizePolicy, QToolButton

from pageview import icons, theme
from pageview.theme import Desk
from pageview.wording import plain, say, tip

ICON_COLORS = {"primary": "#FFFFFF", "danger": Desk.ERR, "tool": Desk.BODY}


class Button(QPushButton):
    """A button by its Japanese words. ``kind`` and ``size`` as `pageview.theme.apply_desk` has them."""

    def __init__(self, words: str = "", icon: str = "", kind: str = "", size: str = "") -> None:
        super().__init__()
        self._words: tuple[str, dict[str, object]] = (words, {})
        self._whole = ""
        self._cap: QLabel | None = None
        self.setProperty("kind", kind)
        self.setProperty("buttonSize", size)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        if icon:
            self.setIconSize(QSize(24, 24))
            self.setIcon(icons.icon(icon, ICON_COLORS.get(kind, Desk.PRIMARY), 24))
        self._say()

    def set_words(self, words: str, **values: object) -> None:
        """Says other words."""
        if (words, values) != self._words:
            self._words = words, values
            self._say()

    def show_keycap(self, key: str) -> None:
        """Puts the keyboard's key for it inside the button, after its words."""
        cap = QLabel(key, self)
        cap.setProperty("role", "keycap")
        cap.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        cap.ensurePolished()
        cap.resize(cap.sizeHint().width(), 24)
        self._cap = cap
        self.setStyleSheet(f"QPushButton {{ padding-right: {cap.width() + 36}px; }}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._cap is not None:
            self._cap.move(self.width() - self._cap.width() - 28, (self.height() - self._cap.height()) // 2)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _say(self) -> None:
        words, values = self._words
        text = say(words, **values) if words else ""
        # A space keeps the words off the icon; Qt's own gap is 4 px.
        self._whole = f" {text}" if not self.icon().isNull() else text
        self.setText(plain(self._whole))
        self.setAccessibleName(text)


class WideButton(Button):
    """A button as wide as its place, whose words end in … when they are longer than that."""

    def __init__(self, words: str = "", icon: str = "", kind: str = "", size: str = "") -> None:
        super().__init__(words, icon, kind, size)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _say(self) -> None:
        super()._say()
        self._fit()

    def _fit(self) -> None:
        room = self.width() - 40 - (0 if self.icon().isNull() else self.iconSize().width() + 8)
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideMiddle, room)
        self.setText(plain(shown))
        self.setToolTip(tip(self._whole.strip()) if shown != self._whole else "")


class ActionButton(Button):
    """A button that runs an action and shows its state, under the words that fit its place."""

    def __init__(self, action: QAction, words: str, icon: str = "", kind: str = "", size: str = "") -> None:
        super().__init__(words, icon, kind, size)
        self.action = action
        self.clicked.connect(lambda _checked=False: action.trigger())
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.setEnabled(self.action.isEnabled())
        self.setToolTip("" if self.action.isEnabled() else self.action.toolTip())


class Link(QToolButton):
    """Words that act, underlined, inside a line of text; 44 px to hit."""

    def __init__(self, words: str, does: Callable[[], object]) -> None:
        super().__init__()
        self._words: tuple[str, dict[str, object]] = (words, {})
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setStyleSheet(
            f"QToolButton {{ color: {Desk.PRIMARY}; text-decoration: underline;"
            f" min-height: {Desk.TARGET}px; font-size: 16px; padding: 0 6px; }}"
        )
        self.clicked.connect(lambda _checked=False: does())
        self._say()

    def set_words(self, words: str, **values: object) -> None:
        """Says other words."""
        self._words = words, values
        self._say()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _say(self) -> None:
        words, values = self._words
        text = say(words, **values) if words else ""
        self.setText(text)
        self.setAccessibleName(text)


class IconButton(QToolButton):
    """A button that is only an icon to the eye; its words are its name for others, and its tooltip."""

    def __init__(self, icon: str, words: str, color: str = Desk.BODY) -> None:
        super().__init__()
        self._words: tuple[str, dict[str, object]] = (words, {})
        self.setIcon(icons.icon(icon, color))
        self.setIconSize(QSize(24, 24))
        self.setStyleSheet(f"QToolButton {{ min-width: {Desk.TARGET}px; min-height: {Desk.TARGET}px; }}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._say()

    def set_words(self, words: str, **values: object) -> None:
        """Another name for it."""
        self._words = words, values
        self._say()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _say(self) -> None:
        words, values = self._words
        self.setAccessibleName(say(words, **values))
        self.setToolTip(say(words, **values))


class ToolKey(QAbstractButton):
    """A key of the footer: icon over its word, with the keyboard's key where there is room for it."""

    def __init__(self, action: QAction, words: str, icon: str, on_icon: str = "", keycap: str = "") -> None:
        super().__init__()
        self.action = action
        self._words, self._keycap = words, keycap
        self._icons = icon, on_icon or icon
        self._dense = False
        self.setCheckable(action.isCheckable())
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._run)
        action.changed.connect(self._follow)
        self._follow()

    def set_dense(self, dense: bool) -> None:
        """The small form: no key cap, less air."""
        self._dense = dense
        self.updateGeometry()
        self.update()

    def set_words(self, words: str) -> None:
        """Says other words (a switch says its state)."""
        self._words = words
        self._follow()
        self.updateGeometry()

    def _run(self) -> None:
        if self.isCheckable():
            self.setChecked(self.action.isChecked())
        self.action.trigger()

    def _follow(self) -> None:
        text = say(self._words)
        self.setText(text)
        self.setAccessibleName(text)
        self.setToolTip(f"{text}  {self._keycap}" if self._keycap else text)
        self.setEnabled(self.action.isEnabled())
        self.setChecked(self.action.isChecked())
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._follow()
            self.updateGeometry()
        super().changeEvent(event)

    def _font_size(self) -> int:
        return 15 if self._dense else 16

    def sizeHint(self) -> QSize:
        width = QFontMetrics(theme.font(self._font_size(), theme.BOLD)).horizontalAdvance(self.text())
        if self._keycap and not self._dense:
            width += 28
        return QSize(
            max(width + (10 if self._dense else 20), 56 if self._dense else 84), 68 if self._dense else 76
        )

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        if on or self.underMouse() or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(Desk.PRIMARY_WEAK2 if on or self.isDown() else Desk.PRIMARY_WEAK))
            painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        color = Desk.DISABLED_TEXT if not self.isEnabled() else Desk.HOVER if on else Desk.BODY
        size, top = 28, 6 if self._dense else 10
        icons.paint(painter, self._icons[on], QRectF((self.width() - size) / 2, top, size, size), color)
        self._paint_words(
            painter, QRect(0, top + size, self.width(), self.height() - top - size - 4), color, on
        )

    def _paint_words(self, painter: QPainter, area: QRect, color: str, bold: bool) -> None:
        painter.setFont(theme.font(self._font_size(), theme.BOLD if bold else theme.REGULAR))
        painter.setPen(QColor(color))
        if not self._keycap or self._dense:
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.text())
            return
        width = painter.fontMetrics().horizontalAdvance(self.text())
        left = (self.width() - width - 26) // 2
        painter.drawText(area.adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
        cap = QRectF(left + width + 5, area.center().y() - 9.5, 21, 20)
        painter.setPen(QPen(QColor(Desk.BORDER), 1))
        painter.setBrush(QColor(Desk.CARD))
        painter.drawRoundedRect(cap, 4, 4)
        painter.setPen(QColor(Desk.TEXT2))
        painter.setFont(theme.font(14))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self._keycap)
