"""The page itself changed at the desk, beside corrections: words, pictures, white areas; by a menu on it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint

from pageview.marquee import Marquee
from pageview.page_edits import (
    AddWords,
    Change,
    MovePicture,
    MoveWords,
    NotMade,
    RemovePicture,
    RemoveWords,
    WhiteOut,
)
from pageview.page_text import PageText
from pageview.page_view import PageView
from pageview.text_selection import Selection
from pageview.wording import say
from pageview.words_box import WordsBox
from presenter.actions import BY_NAME, Actions
from presenter.console_flow import ConsoleFlow
from presenter.correcting import Correcting
from presenter.correction_words import WHY_NOT
from presenter.menus import PageMenu
from presenter.page_change import PageChange
from presenter.session import Session
from protocol.ink import Colour, Words
from protocol.values import PageId, Rect

Point = tuple[int, int]
ChangeOf = Callable[[Point, Point], Change]
"""From where a drag began and ended, in page space."""
USUAL_SIZE = 1_050
"""Of added words on a page without any, in 1/100 point."""
SIZES = 400, 20_000
_ASCENT = 0.88
"""From the top of a text box to the baseline, of the letters' size."""


class PageEditing(QObject):
    """Opens the menu, takes the drag it needs, and has the change made."""

    def __init__(
        self,
        page: PageView,
        session: Session,
        correcting: Correcting,
        change: PageChange,
        console: ConsoleFlow,
        actions: Actions,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._page, self._session, self._correcting = page, session, correcting
        self._change, self._console, self._actions = change, console, actions
        page.menu_wanted.connect(self._open)
        change.refused.connect(self._refused)

    def _open(self, where: QPoint, spot: tuple[PageId, int, int]) -> None:
        if not self._session.running or not self._session.presents:
            return
        self._correcting.prepare()
        selection = self._correcting.selection
        menu = PageMenu(self._page, words_chosen=selection is not None)
        menu.chosen.connect(lambda name: self._chosen(name, spot))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(where)

    def _chosen(self, name: str, spot: tuple[PageId, int, int]) -> None:
        if name in BY_NAME:
            self._actions.run(name)
        else:
            self.do(name, spot)

    def do(self, name: str, spot: tuple[PageId, int, int]) -> None:
        """A line of the menu, opened at that point of a page (page space)."""
        page_id, x, y = spot
        selection = self._correcting.selection
        match name:
            case "remove_words" if selection is not None:
                self._make(page_id, RemoveWords(selection.ranges, selection.text))
            case "move_words" if selection is not None:
                self._move_words(selection)
            case "add_words":
                self._add_words(page_id, x, y)
            case "remove_picture":
                self._make(page_id, RemovePicture(x, y))
            case "move_picture":
                words = say("図を、移す先まで引いてください（Escでやめる）")
                self._drag(Marquee(self._page, words, pulled=True), _picture_moved)
            case "white_out":
                words = say("白くする所を、角から角へ引いて囲んでください（Escでやめる）")
                self._drag(Marquee(self._page, words), _whitened)

    def _move_words(self, selection: Selection) -> None:
        def moved(start: Point, end: Point) -> Change:
            return MoveWords(selection.ranges, selection.text, end[0] - start[0], end[1] - start[1])

        words = say("選んだ言葉を、移す先まで引いてください（Escでやめる）")
        self._drag(Marquee(self._page, words, selection.boxes), moved)

    def _drag(self, marquee: Marquee, change_of: ChangeOf) -> None:
        marquee.drawn.connect(lambda page_id, start, end: self._make(page_id, change_of(start, end)))

    def _add_words(self, page_id: PageId, x: int, y: int) -> None:
        text = self._text_of(page_id)
        size, serif = _letters_near(text, y)
        box = WordsBox(self._page, page_id, (x, y), size, Colour.BLACK)
        box.written.connect(lambda where, words: self._write(where, words, serif))

    def _write(self, page_id: PageId, words: Words, serif: bool) -> None:
        line = "　".join(part.strip() for part in words.text.splitlines() if part.strip())
        baseline = words.y + round(_ASCENT * words.size)
        self._make(page_id, AddWords(words.x, baseline, line, words.size, 0, False, serif))

    def _text_of(self, page_id: PageId) -> PageText | None:
        place = self._session.briefing.page(page_id)
        return self._correcting.texts.of(place[2].ref) if place is not None else None

    def _make(self, page_id: PageId, change: Change) -> None:
        self._page.hand.let_go()
        self._change.make(page_id, change)

    def _refused(self, why: NotMade) -> None:
        self._console.notice(WHY_NOT[why.why], signs=why.signs)


def _picture_moved(start: Point, end: Point) -> Change:
    return MovePicture(*start, end[0] - start[0], end[1] - start[1])


def _whitened(start: Point, end: Point) -> Change:
    (x0, x1), (y0, y1) = sorted((start[0], end[0])), sorted((start[1], end[1]))
    return WhiteOut(Rect(x0, y0, max(x1, x0 + 1), max(y1, y0 + 1)))


def _letters_near(text: PageText | None, y: int) -> tuple[int, bool]:
    """(size, serif) of the line of the page nearest to that height."""
    lines = text.lines if text is not None else ()
    if text is None or not lines:
        return USUAL_SIZE, False
    nearest = min(lines, key=lambda line: abs(line.origin[1] - y))
    style = text.styles[nearest.style(0)]
    least, most = SIZES
    return min(max(style.size, least), most), style.serif
