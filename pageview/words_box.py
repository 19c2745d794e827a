"""A text box on the page: typed where it will stand, in its size and colour, the input method's words too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPalette
from PySide6.QtWidgets import QFrame, QTextEdit

from pageview import ink_painting
from pageview.geometry import Placement
from pageview.page_canvas import Painted
from pageview.theme import font_on_paper
from pageview.wording import say
from protocol.ink import WORDS_LIMIT, Colour, Words
from protocol.texts import cleaned
from protocol.values import PageId

if TYPE_CHECKING:
    from pageview.page_view import PageView

LEAST_WIDTH: Final = 8.0
"""In letters: so much room there is at the right edge of a page too."""


class WordsBox(QTextEdit):
    """Ctrl+Enter, a click elsewhere or another page writes, Esc does not. It has every key while it has the
    focus, but that of a correction."""

    written = Signal(int, object)
    """(page_id, Words)"""

    def __init__(
        self, view: PageView, page_id: PageId, at: tuple[int, int], size: int, colour: Colour
    ) -> None:
        super().__init__(view)
        self._view = view
        self._left = False
        self._page_id, self._size, self._colour = page_id, size, colour
        place, page = view.placement(), view.briefing.page(page_id)
        assert place is not None and page is not None
        least = round(LEAST_WIDTH * size)
        self._x = max(0, min(at[0], page[2].width - least))
        self._y = at[1]
        self._width = page[2].width - self._x
        self._lie(place)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Text, ink_painting.RGB[colour])
        self.setPalette(palette)
        self.setTextColor(ink_painting.RGB[colour])
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.document().setDocumentMargin(0)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("ownKeys", True)
        self.setProperty("keysLeft", ["add_correction"])
        self.setAccessibleName(say("文字を書く"))
        self.textChanged.connect(self._fit)
        self._fit()
        view.painted.connect(self._follow)
        self.show()
        self.setFocus()

    def finish(self) -> None:
        """What is typed is written; nothing where nothing is typed."""
        text = cleaned(self.toPlainText()).strip("\n")[:WORDS_LIMIT]
        self._leave()
        if text.strip():
            words = Words(False, self._colour, self._size, self._x, self._y, self._width, text)
            self.written.emit(self._page_id, words)

    def _leave(self) -> None:
        typed, self._left = self.hasFocus(), True  # hiding takes the focus away, which must write nothing
        self.hide()
        if typed:
            self._view.setFocus()  # Qt has put the keyboard on the window's first key
        self.deleteLater()

    def _follow(self, painted: Painted) -> None:
        """Another page turns up under it, and what is typed is for its own; or its page lies elsewhere."""
        if self._left:
            return
        if painted.page_id != self._page_id:
            self.finish()
        elif painted.place is not None and painted.place != self._place:
            self._lie(painted.place)

    def _lie(self, place: Placement) -> None:
        self._place, ratio = place, self._view.devicePixelRatioF()
        self._scale = place.scale / ratio
        font = font_on_paper(self._size * self._scale)
        self.setFont(font)
        # The window's style gives fields air and an edge; here letters begin where the page will have them.
        self.setStyleSheet(
            f"QTextEdit {{ font-size: {font.pixelSize()}px; background: rgba(255, 255, 255, 200);"
            " padding: 0; border: 0; border-radius: 0; }"
        )
        self.move((QPointF(*place.to_pixels(self._x, self._y)) / ratio).toPoint())
        self._fit()

    def _fit(self) -> None:
        """As high as its lines."""
        width = round(self._width * self._scale)
        line = self.fontMetrics().lineSpacing()
        self.document().setTextWidth(width)
        self.resize(width, max(line, round(self.document().size().height())) + round(line * 0.3))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.finish()
        elif event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if not self._left and event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.finish()
