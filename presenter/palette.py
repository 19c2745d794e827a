"""What the tool in hand can be: colours, widths, its kin. A row above the page, there while one draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QWidget

from pageview import icons
from pageview.hand import MEDIUM, THICK, THIN, Use
from pageview.ink_painting import HIGHLIGHT, RGB
from pageview.theme import Desk
from pageview.wording import say
from presenter.actions import Actions
from presenter.buttons import Button, IconButton
from protocol.ink import Colour

COLOUR_NAMES = {
    Colour.RED: "赤",
    Colour.BLUE: "青",
    Colour.BLACK: "黒",
    Colour.GREEN: "緑",
    Colour.ORANGE: "橙",
    Colour.PURPLE: "紫",
    Colour.YELLOW: "黄",
}
WIDTHS = {"細": THIN, "中": MEDIUM, "太": THICK}
PEN_COLOURS = (Colour.RED, Colour.BLUE, Colour.BLACK, Colour.GREEN, Colour.ORANGE, Colour.PURPLE)
HIGHLIGHT_COLOURS = (Colour.YELLOW, Colour.GREEN, Colour.BLUE, Colour.RED, Colour.ORANGE, Colour.PURPLE)
WRITES = (Use.PEN, Use.WORDS, Use.STAMP)
ERASES = (Use.ERASER, Use.RUBBER)


class Palette(QWidget):
    """Hidden while the pointer or the hand is chosen."""

    coloured = Signal(object)
    """Colour"""
    widened = Signal(int)
    """Width in 1/100 point."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._tools = {
            Use.PEN: _tool(actions, "pen", "ink_pen"),
            Use.WORDS: _tool(actions, "words", "text_fields"),
            Use.STAMP: _tool(actions, "stamp", "approval"),
            Use.ERASER: _tool(actions, "eraser", "ink_eraser"),
            Use.RUBBER: _tool(actions, "rubber", "ink_eraser-fill"),
            Use.LASSO: _tool(actions, "lasso", "lasso_select"),
        }
        for button in self._tools.values():
            button.setCheckable(True)
        self.stamp = Button("印：{word}", "approval", size="sm")
        self._clear_mine = _tool(actions, "clear_mine", "delete")
        self._clear_page = _tool(actions, "clear_page", "delete_sweep")
        self._erase_held = _tool(actions, "erase_held", "delete")
        self._correct = Button("修正にする", "edit_note", "primary", "sm")
        self._correct.clicked.connect(lambda _=False: actions.run("add_correction"))
        self._private = _LayerKey("自分だけに書く", "lock", size="sm")
        self._private.setCheckable(True)
        self._has_layers = any(entry.name == "private" for entry in actions.entries)
        self._private.clicked.connect(lambda _=False: actions.run("private"))
        self._shows: tuple[object, ...] = ()
        self._pens = self._row_of_colours(PEN_COLOURS, RGB)
        self._highlighters = self._row_of_colours(HIGHLIGHT_COLOURS, HIGHLIGHT)
        self._widths = {width: Width(name, width) for name, width in WIDTHS.items()}
        for width in self._widths.values():
            width.clicked.connect(lambda _=False, wide=width.width_points: self.widened.emit(wide))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for widget in (
            *self._pens.values(),
            *self._highlighters.values(),
            *self._widths.values(),
            *self._tools.values(),
            self.stamp,
            self._clear_mine,
            self._clear_page,
            self._erase_held,
            self._private,
            self._correct,
        ):
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(widget)
        self.hide()

    def set_dense(self, dense: bool) -> None:
        """The small form."""
        self._private.set_narrow(dense)

    def show_tool(
        self, use: Use, colour: Colour, width: int, holds: bool, private: bool, chosen: bool
    ) -> None:
        """The choices of this tool, and what is chosen; ``holds``: marks by the lasso, ``chosen``: words."""
        writes = use in WRITES
        # A click on what is chosen already has unchecked it.
        self._private.setChecked(private)
        _choose(self._pens, colour, writes)
        _choose(self._highlighters, colour, use is Use.HIGHLIGHTER)
        _choose(self._widths, width, use is Use.PEN)
        for each, button in self._tools.items():
            button.setChecked(each is use)
        shows = (use, colour, width, holds, private, chosen)
        if shows == self._shows:
            return  # after each stroke the same
        self._shows = shows
        self._private.setVisible(self._has_layers and use not in (Use.NOTHING, Use.SELECT))
        self._private.set_words("自分だけに見えます" if private else "自分だけに書く")
        self.stamp.setVisible(use is Use.STAMP)
        for each, button in self._tools.items():
            kin = WRITES if writes else ERASES if use in ERASES else ()
            button.setVisible(each in kin or (each is Use.LASSO and (writes or use is Use.LASSO)))
        self._clear_mine.setVisible(use in ERASES)
        self._clear_page.setVisible(use in ERASES and not private)
        self._erase_held.setVisible(use is Use.LASSO)
        self._erase_held.setEnabled(holds)
        self._correct.setVisible(use is Use.SELECT)
        self._correct.setEnabled(chosen)
        self.setVisible(use is not Use.NOTHING)

    def _row_of_colours(self, colours: Sequence[Colour], looks: dict[Colour, QColor]) -> dict[Colour, Swatch]:
        swatches = {colour: Swatch(colour, looks[colour]) for colour in colours}
        for colour, swatch in swatches.items():
            swatch.clicked.connect(lambda _=False, colour=colour: self.coloured.emit(colour))
        return swatches


class _LayerKey(Button):
    """Whether one draws for oneself alone; where there is little room, without its words."""

    def __init__(self, words: str, icon: str, size: str) -> None:
        self._narrow = False
        super().__init__(words, icon, size=size)

    def set_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        self._say()

    def _say(self) -> None:
        super()._say()
        self.setToolTip(self.accessibleName())
        if self._narrow:
            self.setText("")
        self.setMinimumWidth(Desk.TARGET)


def _tool(actions: Actions, name: str, icon: str) -> IconButton:
    entry = next(entry for entry in actions.entries if entry.name == name)
    button = IconButton(icon, entry.words)
    button.clicked.connect(lambda _checked=False: actions.run(name))
    return button


def _choose(buttons: dict[Colour, Swatch] | dict[int, Width], chosen: object, shown: bool) -> None:
    for value, button in buttons.items():
        button.setVisible(shown)
        button.setChecked(value == chosen)


class Choice(QAbstractButton):
    """A round choice of 44 px; the chosen one has a ring, so that colour alone says nothing."""

    def __init__(self, words: Callable[[], str]) -> None:
        super().__init__()
        self._words = words
        self.setCheckable(True)
        self.setFixedSize(QSize(Desk.TARGET, Desk.TARGET))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._say()

    def nextCheckState(self) -> None:
        """What is chosen is shown from the truth, by whoever owns it."""

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _say(self) -> None:
        self.setAccessibleName(self._words())
        self.setToolTip(self._words())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked():
            painter.setPen(QPen(QColor(Desk.PRIMARY), 3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QRectF(self.rect()).adjusted(4.5, 4.5, -4.5, -4.5))
        self.paint_face(painter)

    def paint_face(self, painter: QPainter) -> None:
        """What is inside the ring."""


class Swatch(Choice):
    """A colour, whose name is its tip and its name for a screen reader."""

    def __init__(self, colour: Colour, look: QColor) -> None:
        self._look = look
        super().__init__(lambda: say("色：{colour}", colour=say(COLOUR_NAMES[colour])))

    def paint_face(self, painter: QPainter) -> None:
        painter.setPen(QPen(QColor("#666666"), 1) if self._look.lightness() > 160 else Qt.PenStyle.NoPen)
        painter.setBrush(self._look)
        painter.drawEllipse(QRectF(self.rect()).adjusted(10, 10, -10, -10))
        if self.isChecked():
            mark = "#1A1A1A" if self._look.lightness() > 160 else "#FFFFFF"
            icons.paint(painter, "check", QRectF(self.rect()).adjusted(13, 13, -13, -13), mark)


class Width(Choice):
    """A width of the pen, drawn as the dot that it leaves."""

    def __init__(self, name: str, width_points: int) -> None:
        self.width_points = width_points
        super().__init__(lambda: say("太さ：{width}", width=say(name)))

    def paint_face(self, painter: QPainter) -> None:
        size = 4 + self.width_points / 50
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(Desk.TEXT))
        painter.drawEllipse(QRectF((self.width() - size) / 2, (self.height() - size) / 2, size, size))
