"""What the presenter looks at before anybody else does: the find chosen, or another page of its file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath

from PySide6.QtCore import QObject, QRectF, QUrl, Signal

from pageview.page_source import PageSource
from pageview.page_texts import PageTexts
from pageview.paper_words import fault_words
from pageview.wording import say
from presenter.lookup.archive_files import PAGED
from presenter.lookup.cards import Card
from presenter.lookup.dialog import Lookup
from presenter.lookup.finds import (
    UNREADABLE,
    Find,
    Here,
    InArchive,
    Outside,
    Passed,
    Prepared,
    Words,
    source_words,
)
from presenter.lookup.found_pages import FoundPages, InBriefing, InFile, InMemory, Look, Looked, Place
from presenter.lookup.hit_places import hit_places
from presenter.lookup.index import State
from presenter.lookup.searching import Searching
from protocol.errors import Fault
from protocol.values import Rect

SILENT = "フォルダが応答しません。しばらくしてから、もう一度選んでください。"
STOPPED = "開いている途中で止まりました。Enterで、もう一度開きます。"


class Looking(QObject):
    """Fills the preview."""

    changed = Signal()
    """Something else is looked at, or it is there now."""

    def __init__(
        self,
        dialog: Lookup,
        source: PageSource,
        searching: Searching,
        pages: FoundPages,
        texts: PageTexts,
        opener: Callable[[QUrl], bool],
        parent: QObject | None = None,
    ) -> None:
        """``texts``: where the characters of the briefing's pages are had; ``opener`` is given an address for
        the system's browser, and tells whether it took it."""
        super().__init__(parent)
        self._opener = opener
        self._texts = texts
        texts.known.connect(self._text_known)
        self._dialog, self._source = dialog, source
        self._searching, self._pages = searching, pages
        self.passed: Callable[[Passed], tuple[bytes, str]] = lambda _passed: (b"", "")
        """The pages of what passes between participants and the presenter, and its source."""
        self.find: Find | None = None
        self._turned = 0
        self._looked: Looked | None = None
        dialog.wanted.connect(searching.search)
        dialog.chosen.connect(self.choose)
        dialog.opened.connect(self.open)
        dialog.turned.connect(self.turn)
        searching.changed.connect(self._show_rows)
        pages.looked.connect(self._on_looked)
        source.thumbnail_ready.connect(self._thumbnail_ready)

    def begin(self) -> None:
        """The dialog is opened, on what was looked at last."""
        self._dialog.open()
        self._searching.begin()
        self.choose(self._dialog.list.current)

    def rest(self) -> None:
        """The dialog is put away; nothing more is searched or drawn for it."""
        self._dialog.hide()
        self._searching.rest()
        self._pages.rest()

    def choose(self, find: Find | None) -> None:
        """Looks at this."""
        self.find, self._looked, self._turned = find, None, 0
        self._look()

    def open(self, find: Find) -> None:
        """Enter on it, to look and never to show: what nothing came of is looked at again, and a search
        outside opens in the browser."""
        if isinstance(find.target, Outside):
            if not self._opener(QUrl(find.target.search.address(find.target.words))):
                self._dialog.tell("ブラウザを開けません。この端末の既定のブラウザを確かめてください。", "err")
        elif find != self.find or (self._looked is not None and not self.is_there):
            self.choose(find)

    def _show_rows(self) -> None:
        if not self._dialog.isVisible():
            return
        self._dialog.show_rows(self._searching.rows())
        if self._dialog.list.current is None and self.find is not None:
            self.choose(None)

    def turn(self, by: int) -> None:
        """The next or former page of what is looked at."""
        find, pages = self.find, self._looked.pages if self._looked is not None else 0
        if self._in_memory is not None and 0 <= self._turned + by < pages:
            self._turned += by
            self._look()
        if find is None or not isinstance(find.target, InArchive):
            return
        index = find.target.index + by
        if 0 <= index < pages:
            self.find = replace(find, target=replace(find.target, index=index))
            self._look()

    # --- what it is -----------------------------------------------------------------------------------------

    @property
    def is_there(self) -> bool:
        """Whether it can be shown or kept."""
        if self.find is None or isinstance(self.find.target, Outside):
            return False
        looked = self._looked
        to_be_seen = isinstance(self.find.target, InArchive | Passed)
        return not to_be_seen or (looked is not None and bool(looked.image or looked.text))

    @property
    def card(self) -> Card | None:
        """The card that is looked at."""
        target = self.find.target if self.find is not None else None
        return self._searching.cards.of(target.number) if isinstance(target, Prepared) else None

    @property
    def _in_memory(self) -> InMemory | None:
        """The page that is looked at of what is made already, or came from somebody."""
        target = self.find.target if self.find is not None else None
        card = self.card
        pdf = card.pdf if card is not None else b""
        if isinstance(target, Passed):
            pdf = self.passed(target)[0]
        return InMemory(pdf, self._turned) if pdf else None

    @property
    def place(self) -> Place | None:
        """Where a page can be made from; None for what is no page, or is made already."""
        match self.find.target if self.find is not None else None:
            case Here(page_id):
                page = self._source.page(page_id)
                return InBriefing(page.ref.blob, page.ref.index) if page is not None else None
            case InArchive(path, index, State.READ):
                return InFile(path, index)
            case _:
                return None

    @property
    def title(self) -> str:
        """How it is called."""
        return say(self.find.title[0], **self.find.title[1]) if self.find is not None else ""

    @property
    def source_words(self) -> str:
        """Its source as it will stand below it."""
        card = self.card
        if card is not None:
            return card.source.words
        if self.find is not None and isinstance(self.find.target, Passed):
            return self.passed(self.find.target)[1]
        return source_words(self.find) if self.find is not None else ""

    def part(self, of: QRectF) -> Rect | None:
        """A part, in fractions of the page, as a rectangle of page space."""
        size = None
        match self.find.target if self.find is not None else None:
            case Here(page_id):
                page = self._source.page(page_id)
                size = (page.width, page.height) if page is not None else None
            case InArchive() if self._looked is not None and self._looked.size is not None:
                size = self._looked.size.width, self._looked.size.height
        if size is None:
            return None
        edges = (of.left() * size[0], of.top() * size[1], of.right() * size[0], of.bottom() * size[1])
        return Rect(*map(round, edges))

    @property
    def hits(self) -> tuple[Rect, ...]:
        """Where the words that were searched for stand on the page that is looked at."""
        match self.find.target if self.find is not None else None:
            case Here(page_id) if (page := self._source.page(page_id)) is not None and self._searching.wanted:
                text = self._texts.of(page.ref)
                return hit_places(text, self._searching.wanted) if text is not None else ()
            case InArchive() if self._looked is not None:
                return self._looked.hits
            case _:
                return ()

    def _marked(self, width: int, height: int) -> list[QRectF]:
        """The same, in fractions of a page of that size."""
        return [
            QRectF(hit.x0 / width, hit.y0 / height, (hit.x1 - hit.x0) / width, (hit.y1 - hit.y0) / height)
            for hit in self.hits
        ]

    def _text_known(self, _ref: object) -> None:
        if self._dialog.isVisible() and self.find is not None and isinstance(self.find.target, Here):
            self._show_here(self.find.target.page_id)

    # --- the preview ----------------------------------------------------------------------------------------

    def _look(self) -> None:
        preview = self._dialog.preview
        match self.find.target if self.find is not None else None:
            case Here(page_id):
                self._show_here(page_id)
            case InArchive(path, index, State.READ):
                self._ask(InFile(path, index), self._searching.wanted)
            case InArchive(_, _, state):
                words, values = UNREADABLE[state]
                preview.show_words(say(words, **values))
            case Prepared() | Passed():
                made = self._in_memory
                if made is not None:
                    self._ask(made)
                else:
                    preview.show_words("")
            case Outside():
                preview.show_words(say("Enterで、ブラウザを開きます。"))
            case _:
                preview.show_words(say("選んだものが、ここに出ます。"))
        self._tell()

    def _ask(self, place: InFile | InMemory, wanted: tuple[str, ...] = ()) -> None:
        box = self._dialog.preview_box()
        self._pages.look(Look(place, box.width(), box.height(), wanted))

    def _show_here(self, page_id: int) -> None:
        box = self._dialog.preview_box()
        image = self._source.thumbnail(page_id, box.width(), box.height())
        page = self._source.page(page_id)
        if image is not None and page is not None:
            self._dialog.show_image(image, self._marked(page.width, page.height))
        else:
            self._dialog.preview.show_words(say("読み込んでいます"))

    def _thumbnail_ready(self, page_id: int) -> None:
        if self._dialog.isVisible() and self.find is not None and self.find.target == Here(page_id):
            self._show_here(page_id)
            self.changed.emit()

    def _on_looked(self, looked: Looked) -> None:
        wanted = self._in_memory or self.place
        if looked.look.place != wanted:
            return
        self._looked = looked
        preview = self._dialog.preview
        if looked.image is not None and looked.size is not None:
            self._dialog.show_image(looked.image, self._marked(looked.size.width, looked.size.height))
        elif looked.text:
            preview.show_text(looked.text)
        elif looked.silent and isinstance(looked.look.place, InFile):
            preview.show_words(say(SILENT))
        elif looked.silent or looked.why is Fault.RENDER_TIMEOUT:
            preview.show_words(say(STOPPED))
        else:
            preview.show_words(say(fault_words(looked.why) if looked.why else "何も書かれていません"))
        self._tell()

    def _tell(self) -> None:
        place: Words | None = None
        match self.find.target if self.find is not None else None:
            case Here(page_id):
                number, pages = self._source.page_number(page_id)
                place = "{page} / {pages}ページ", {"page": number, "pages": pages}
            case InArchive(path, index, _) if (
                self._looked is not None and self._looked.pages and PurePath(path).suffix.lower() in PAGED
            ):
                place = "{page} / {pages}ページ", {"page": index + 1, "pages": self._looked.pages}
            case Passed() if self._looked is None or self._looked.pages == 1:
                place = self.find.place if self.find is not None else None
            case Prepared() | Passed() if self._looked is not None and self._looked.pages > 1:
                place = "{page} / {pages}ページ", {"page": self._turned + 1, "pages": self._looked.pages}
        self._dialog.show_place(place, self.source_words)
        self.changed.emit()
