"""The pages of a paper put in order at the desk: each change is an edition, made in the overview of pages."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from pageview.blank_page import blank_page
from pageview.page_edits import Change, NotMade, Rotate
from pageview.segments import SegmentStore
from pageview.wording import say
from presenter import paging
from presenter.chosen import Chosen
from presenter.correction_words import WHY_NOT
from presenter.dialogs import PagesSheet
from presenter.network import Network
from presenter.overview import Deed, Overview
from presenter.page_change import PageChange
from presenter.papers import Papers
from presenter.session import Session
from protocol.model import Briefing
from protocol.ops import NewEdition
from protocol.values import Blob, EditionPage, PageId, PageRef


class PagesFlow(QObject):
    """Carries the deeds of the overview out. ``clock``: seconds since 1970, for labels."""

    def __init__(
        self,
        overview: Overview,
        session: Session,
        network: Network,
        change: PageChange,
        store: SegmentStore,
        papers: Papers,
        clock: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._overview, self._session, self._network = overview, session, network
        self._change, self._store, self._papers, self._clock = change, store, papers, clock
        self._quarters: dict[PageId, dict[PageRef, int]] = {}
        """How far each picture of a page that was turned here is turned."""
        self._stands: dict[PageId, EditionPage] = {}
        self._awaited: dict[Path, PageId] = {}
        overview.deed_wanted.connect(self._do)
        change.made.connect(self._made)
        change.refused.connect(self._refused)

    # --- deeds --------------------------------------------------------------------------------------------

    def _do(self, deed: Deed, page_id: PageId) -> None:
        briefing = self._session.briefing
        match deed:
            case Deed.UNDO:
                self._network.undo()
            case Deed.REDO:
                self._network.redo()
            case _ if not self._session.presents or briefing.page(page_id) is None:
                return
            case Deed.REMOVE:
                self._remove(page_id)
            case Deed.EARLIER:
                self._edit(paging.move(briefing, page_id, -1, self._now()))
            case Deed.LATER:
                self._edit(paging.move(briefing, page_id, 1, self._now()))
            case Deed.BLANK:
                self._insert_blank(page_id)
            case Deed.INSERT:
                self._choose_file(page_id)
            case Deed.TURN:
                self._change.make(page_id, Rotate(1))

    def _remove(self, page_id: PageId) -> None:
        op = paging.removal(self._session.briefing, page_id, self._now())
        if op is None:
            self._overview.tell(
                "最後の1ページは消せません。資料ごと外すには、資料の名前から「資料を外す」を選びます。"
            )
            return
        pages = self._session.pages_of_paper()
        place = pages.index(page_id) if page_id in pages else 0
        beside = pages[place + 1] if place + 1 < len(pages) else pages[place - 1]
        view = self._session.showing.desk
        if view is not None and view.page_id == page_id:
            self._session.go_to(beside)
        self._overview.keep_at(beside)
        self._edit(op)
        self._overview.tell("{n}ページを消しました。Ctrl+Zで戻せます。", n=place + 1)

    def _insert_blank(self, after: PageId) -> None:
        place = self._session.briefing.page(after)
        if place is not None:
            page = place[2]
            blob = self._change.take_in(blank_page(page.width, page.height))
            self._insert_from(blob, after, [EditionPage(0, PageRef(blob.sha256, 0), page.width, page.height)])

    def _insert_from(self, blob: Blob, after: PageId, pages: list[EditionPage]) -> None:
        op = paging.insertion(self._session.briefing, after, pages, blob, self._now())
        if op is not None:
            self._overview.keep_at(op.pages[0].page_id)
            self._edit(op)

    def _made(self, before: EditionPage, after: EditionPage, change: Change) -> None:
        if isinstance(change, Rotate):
            known = self._quarters.setdefault(before.page_id, {before.ref: 0})
            known.setdefault(after.ref, known.get(before.ref, 0) + change.quarters)
            self._stands.setdefault(before.page_id, before)

    def _refused(self, why: NotMade) -> None:
        self._overview.tell(WHY_NOT[why.why], signs=why.signs)

    # --- pages of another file ----------------------------------------------------------------------------

    def _choose_file(self, after: PageId) -> None:
        dialog = QFileDialog(self._overview, say("ページを入れるファイルを選ぶ"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([say("PDFの資料 (*.pdf)"), say("全てのファイル (*)")])
        dialog.fileSelected.connect(lambda name: self.await_file(Path(name), after))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def await_file(self, path: Path, after: PageId) -> None:
        """Pages of that file are to come behind that page: asked for, once it is read."""
        self._awaited[path] = after
        self._papers.add([path])

    def takes(self, chosen: Chosen) -> bool:
        """Whether that file was chosen for its pages, not as a paper of the briefing."""
        after = self._awaited.pop(chosen.path, None)
        if after is None:
            return False
        if len(chosen.sizes) == 1:
            self._take_pages(chosen, after, (0,))
            return True
        sheet = PagesSheet(self._overview, chosen.name, len(chosen.sizes))
        sheet.given.connect(lambda numbers: self._take_pages(chosen, after, numbers))
        sheet.rejected.connect(lambda: self._papers.remove(chosen.key))
        sheet.open()
        return True

    def _take_pages(self, chosen: Chosen, after: PageId, numbers: tuple[int, ...]) -> None:
        sizes = chosen.sizes
        pages = [
            EditionPage(0, PageRef(chosen.sha256, number), sizes[number].width, sizes[number].height)
            for number in numbers
        ]
        self._network.add_blob(chosen.sha256, self._store.data(chosen.sha256))
        self._insert_from(Blob(chosen.sha256, chosen.length), after, pages)

    # --- what comes of it ---------------------------------------------------------------------------------

    def take(self, briefing: Briefing) -> None:
        """The briefing as the authority has it now: what was turned takes its marks along, back too."""
        for page_id, quarters in self._quarters.items():
            place, before = briefing.page(page_id), self._stands.get(page_id)
            if place is None or before is None or place[2].ref == before.ref:
                continue
            page = self._stands[page_id] = place[2]
            was = quarters.get(before.ref, 0)
            now = quarters.setdefault(page.ref, was)
            for op in paging.turned_with(briefing, page_id, before, now - was):
                self._network.edit(op)
        if self._overview.isVisible():
            self._overview.show_pages(self._session.pages_of_paper())

    def end(self) -> None:
        """The briefing is over."""
        self._quarters.clear()
        self._stands.clear()
        self._awaited.clear()

    def _edit(self, op: NewEdition | None) -> None:
        if op is not None:
            self._network.edit(op)

    def _now(self) -> int:
        return round(self._clock())
