"""準備に加える: pages made unseen, of what is looked at, a part of it, the clipboard, a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog

from pageview.export_jobs import Source
from pageview.paper_words import clean_name, fault_words
from pageview.render_results import PageSize
from pageview.wording import era_date, say
from presenter.lookup.cards import Cards
from presenter.lookup.dialog import Lookup
from presenter.lookup.found_pages import Content, FoundPages, InFile, InMemory, Made, Make, PictureFile
from presenter.lookup.looking import SILENT, Looking
from presenter.lookup.passed import Waiting
from presenter.lookup.pasted import Pasted, pasted
from presenter.lookup.screen_clip import ScreenClip
from presenter.lookup.searching import Searching
from presenter.lookup.source_sheet import source_sheet
from protocol.errors import Fault
from protocol.values import Rect

STOPPED = "作っている途中で止まりました。もう一度押してください。"
NO_SCREEN = "ここでは画面を切り取れません。画面を写してから、「写したものを加える」を押してください。"
PICTURES = "PNG, JPEG, GIF, BMP, TIFF (*.png *.jpg *.jpeg *.gif *.bmp *.tif *.tiff)"


class Result(Enum):
    """What became of pages to be made."""

    MADE = auto()
    UNREADABLE = auto()
    """What they were to be made of cannot be opened; it never will be."""
    STOPPED = auto()
    """The making hung or broke off, or there was no room: it can be tried again."""


@dataclass(frozen=True)
class _Wish:
    """What is done with pages when they are made: a card under that title, or at once to the walls.

    ``cut``: there was more than fits. ``done``: told what became of them.
    """

    title: str
    source: Source
    show: Callable[[bytes, Sequence[PageSize]], None] | None = None
    cut: bool = False
    done: Callable[[Result], None] = lambda _result: None


class Preparing(QObject):
    """Keeps the cards."""

    changed = Signal()

    def __init__(
        self,
        dialog: Lookup,
        searching: Searching,
        looking: Looking,
        pages: FoundPages,
        clock: Callable[[], datetime] = datetime.now,
        *,
        bare: bool = False,
        parent: QObject | None = None,
    ) -> None:
        """``bare``: without the source below: whoever shows the pages puts it there."""
        super().__init__(parent)
        self._bare = bare
        self._dialog, self._searching, self._looking, self._pages = dialog, searching, looking, pages
        self._clock = clock
        self._wishes: dict[int, _Wish] = {}
        self._next = 1
        dialog.clipped.connect(self.keep_part)
        dialog.paste_wanted.connect(self.paste)
        dialog.picture_wanted.connect(self.ask_picture)
        dialog.screen_wanted.connect(self.clip_screen)
        pages.made.connect(self._on_made)

    def end(self) -> None:
        """What is still being made is nobody's."""
        self._wishes.clear()

    def keep(self) -> None:
        """What is looked at."""
        self._of_looked(None, None)

    def keep_part(self, part: QRectF) -> None:
        """A part (fractions) of the page that is looked at."""
        clip = self._looking.part(part)
        if clip is not None:
            self._of_looked(None, clip)

    def make_for(self, show: Callable[[bytes, Sequence[PageSize]], None]) -> None:
        """What is looked at, to be shown as soon as it is made; pressed twice is once."""
        if not any(wish.show for wish in self._wishes.values()):
            self._of_looked(show, None)

    def paste(self) -> None:
        """What lies on the clipboard, after asking whence it is."""
        found = pasted(QGuiApplication.clipboard().mimeData())
        if found is None:
            self._dialog.tell("写したものがありません。表、画像、文章を写してから押してください。")
            return

        def add(whence: str) -> None:
            source = self._source(say("出典：{title}", title=whence))
            self._make(found, _Wish(say(found.title, **found.values), source, cut=found.cut))

        self._ask_source(say("手元の資料"), add)

    def clip_screen(self) -> None:
        """A part of the screen behind this window, after asking whence it is."""
        clip = ScreenClip(self._dialog.window())
        clip.taken.connect(self._add_clip)
        clip.impossible.connect(lambda: self._dialog.tell(NO_SCREEN))
        clip.begin()

    def _add_clip(self, image: QImage) -> None:
        def add(whence: str) -> None:
            source = self._source(say("出典：{title}", title=whence))
            self._make(Pasted("画面の一部", {}, image), _Wish(say("画面の一部"), source))

        self._ask_source(say("手元の資料"), add)

    def ask_picture(self) -> None:
        """A picture of a file."""
        dialog = QFileDialog(self._dialog, say("画像を選ぶ"), "", PICTURES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda file: self.add_picture(Path(file)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def add_picture(self, file: Path) -> None:
        """That picture, after asking whence it is."""
        title = clean_name(file.stem)

        def add(whence: str) -> None:
            source = self._source(say("出典：{title}", title=whence))
            self._make(PictureFile(str(file)), _Wish(title, source))

        self._ask_source(title, add)

    def remove(self) -> None:
        """The card that is looked at."""
        card = self._looking.card
        if card is not None:
            self._set_cards(self._searching.cards.without(card.number))

    def make_passed(
        self,
        passed: Waiting,
        done: Callable[[Result], None],
        show: Callable[[bytes, Sequence[PageSize]], None] | None = None,
    ) -> None:
        """What a participant found: its pages anew, with who found it below; a card, or at once to the walls.
        ``done`` is told what became of them."""
        self._make(InMemory(passed.pdf), _Wish(passed.title, passed.source(), show, done=done))

    # --- making ---------------------------------------------------------------------------------------------

    def _of_looked(self, show: Callable[[bytes, Sequence[PageSize]], None] | None, clip: Rect | None) -> None:
        place = self._looking.place
        if place is not None:
            source = self._source(self._looking.source_words)
            self._make(place, _Wish(self._looking.title, source, show), clip)

    def _source(self, words: str) -> Source:
        now = self._clock()
        day = era_date(now.date(), year=False, weekday=False)
        return Source(words, say("{day} {time}に調べたもの", day=day, time=f"{now.hour}:{now.minute:02}"))

    def _make(self, what: Content, wish: _Wish, clip: Rect | None = None) -> None:
        number, self._next = self._next, self._next + 1
        self._wishes[number] = wish
        self._dialog.tell("紙面を作っています")
        self._pages.make(Make(number, what, Source("") if self._bare else wish.source, clip))

    def _on_made(self, made: Made) -> None:
        wish = self._wishes.pop(made.make.number, None)
        if wish is None:
            return  # of a briefing that is over
        cards = self._searching.cards
        if made.stopped:
            away = made.silent and isinstance(made.make.what, InFile | PictureFile)
            self._dialog.tell(SILENT if away else STOPPED, "err")
            wish.done(Result.STOPPED)
        elif not made.pdf:
            self._dialog.tell(fault_words(made.why or Fault.PAGE_UNSHOWABLE), "err")
            wish.done(Result.UNREADABLE)
        elif wish.show is not None:
            wish.show(made.pdf, made.sizes)
            wish.done(Result.MADE)
        elif not cards.has_room_for(len(made.pdf)):
            self._dialog.tell("準備したものが多すぎます。要らないものを外してください。", "err")
            wish.done(Result.STOPPED)
        else:
            self._set_cards(cards.with_card(wish.title, wish.source, made.pdf, made.sizes))
            wish.done(Result.MADE)
            if wish.cut:
                self._dialog.tell("長いため、入りきらない分を除きました。")
            else:
                self._dialog.tell("準備に加えました（{n}件）", n=len(self._searching.cards.cards))

    def _ask_source(self, usual: str, add: Callable[[str], None]) -> None:
        sheet = source_sheet(self._dialog, usual)
        sheet.given.connect(lambda typed: add(typed or usual))
        sheet.open()

    def _set_cards(self, cards: Cards) -> None:
        self._searching.set_cards(cards)
        self.changed.emit()
