"""One paper through MuPDF: its pages' sizes, drawing, lines of text, parts of it. Only in the render process.

Page space is what MuPDF calls the page's bounds (visible box, turned, times UserUnit), origin top-left, here
in 1/100 point. Nothing of a paper is ever run or followed: no script, no link, no embedded file.
"""

from __future__ import annotations

import math
import re
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

import pymupdf

from pageview.render_messages import MAX_PAGES
from protocol.errors import Fault
from protocol.values import Rect

mupdf = pymupdf.mupdf

CENTIPOINT = 100
A4 = (59_528, 84_189)
SMALLEST_SIDE = 1.0
LARGEST_SIDE = 100_000.0
KEPT_LISTS = 5
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
# Comments that people leave for each other; a printout has none of them, whatever their Print flag says.
COMMENTS = (
    mupdf.PDF_ANNOT_TEXT,
    mupdf.PDF_ANNOT_POPUP,
    mupdf.PDF_ANNOT_FILE_ATTACHMENT,
    mupdf.PDF_ANNOT_SOUND,
)
HIDDEN_FLAG = 2


class CannotShow(Exception):
    """A paper or a page that cannot be shown; the process goes on."""

    def __init__(self, verdict: str, fault: Fault) -> None:
        super().__init__(verdict)
        self.verdict = verdict
        self.fault = fault


class PdfPaper:
    """A paper opened on memory that stays mapped as long as this lives."""

    def __init__(self, data: memoryview, password: str | None) -> None:
        """CannotShow when it is no PDF, damaged, has no pages, or needs another password."""
        self._data = data
        self._password = password
        self.document = self._open()
        self._lists: OrderedDict[int, Any] = OrderedDict()
        self.count = self._count_pages()

    def sizes(self) -> list[int]:
        """Width and height of each page in 1/100 point, turn about; A4 for a page with a senseless box."""
        numbers: list[int] = []
        for index in range(self.count):
            try:
                numbers += _size(mupdf.fz_bound_page(self.page(index)))
            except CannotShow:
                numbers += A4
        return numbers

    def visible(self, index: int) -> tuple[int, int]:
        """Width and height of a page in 1/100 point; CannotShow."""
        return _size(mupdf.fz_bound_page(self.page(index)))

    @property
    def title(self) -> str:
        """The title the author gave it, cleaned; often empty, often wrong."""
        return CONTROLS.sub("", (self.document.metadata or {}).get("title") or "").strip()[:300]

    @property
    def repaired(self) -> bool:
        """Whether its cross-references had to be rebuilt: something may be missing."""
        return bool(self.document.is_repaired)

    def display_list(self, index: int) -> Any:
        """The page's drawing, kept for the last few pages asked for."""
        if index in self._lists:
            self._lists.move_to_end(index)
        else:
            self._lists[index] = self._record(index)
            while len(self._lists) > KEPT_LISTS:
                self._lists.popitem(last=False)
        return self._lists[index]

    def forget_lists(self, keep: int = 0) -> None:
        """Lets go of all but the ``keep`` newest display lists."""
        while len(self._lists) > keep:
            self._lists.popitem(last=False)

    def draw(self, index: int, rect: Rect, pixmap: Any, width: int, height: int) -> None:
        """Draws a rectangle of page space to fill ``pixmap``, on white; CannotShow when MuPDF gives up."""
        drawing = self.display_list(index)
        bounds = mupdf.fz_bound_display_list(drawing)
        page_width, page_height = _size(bounds)
        # The page's size was rounded to 1/100 point: its edges are the page's true edges all the same.
        across = width / (rect.x1 - rect.x0) * page_width / (bounds.x1 - bounds.x0)
        down = height / (rect.y1 - rect.y0) * page_height / (bounds.y1 - bounds.y0)
        left = rect.x0 * width / (rect.x1 - rect.x0)
        top = rect.y0 * height / (rect.y1 - rect.y0)
        onto = mupdf.FzMatrix(across, 0, 0, down, -left, -top)
        mupdf.fz_clear_pixmap_with_value(pixmap, 255)
        device = mupdf.fz_new_draw_device(mupdf.FzMatrix(), pixmap)
        try:
            whole = mupdf.fz_transform_rect(bounds, onto)
            mupdf.fz_run_display_list(drawing, device, onto, whole, mupdf.FzCookie())
            mupdf.fz_close_device(device)
        except Exception as error:
            raise CannotShow("damaged", Fault.PAGE_UNSHOWABLE) from error

    def subset(self, index: int) -> tuple[bytes, int, int]:
        """A PDF of this page alone, with its layers as they are, and the page's size."""
        width, height = _size(mupdf.fz_bound_page(self.page(index)))
        with self._open() as copy:
            copy.select([index])
            return _saved(copy), width, height

    def alone(self, index: int) -> PdfPaper:
        """A second paper of this page alone, to be changed and ``saved``; this one stays as it is."""
        self.page(index)
        other = PdfPaper(self._data, self._password)
        try:
            other.document.select([index])
        except Exception as error:
            raise CannotShow("damaged", Fault.PAGE_UNSHOWABLE) from error
        other.count = 1
        return other

    def saved(self) -> tuple[bytes, int, int]:
        """The paper as it now is, without encryption, and its first page's size."""
        return _saved(self.document), *self.visible(0)

    def unlocked(self) -> tuple[bytes, int, int]:
        """The whole paper without encryption, and its first page's size."""
        width, height = _size(mupdf.fz_bound_page(self.page(0)))
        with self._open() as copy:
            return _saved(copy), width, height

    def _open(self) -> Any:
        try:
            doc = pymupdf.open(stream=self._data, filetype="pdf")
        except Exception as error:
            raise CannotShow("damaged", Fault.PAPER_DAMAGED) from error
        if not doc.is_pdf:
            raise CannotShow("damaged", Fault.PAPER_DAMAGED)
        if doc.needs_pass and not (self._password and doc.authenticate(self._password)):
            raise CannotShow("password", Fault.PASSWORD)
        return doc

    def _count_pages(self) -> int:
        try:
            count = int(self.document.page_count)
        except Exception as error:
            raise CannotShow("damaged", Fault.PAPER_DAMAGED) from error
        if count < 1:
            raise CannotShow("damaged", Fault.NO_PAGES)
        if count > MAX_PAGES:
            raise CannotShow("refused", Fault.TOO_LARGE)
        return count

    def page(self, index: int) -> Any:
        """The loaded page, its box mended where it was senseless; CannotShow."""
        if not 0 <= index < self.count:
            raise CannotShow("refused", Fault.PAGE_UNSHOWABLE)
        try:
            page = mupdf.fz_load_page(self.document.this, index)
            if _is_sane(mupdf.fz_bound_page(page)):
                return page
            sheet = mupdf.pdf_page_from_fz_page(page).obj()
            a4 = mupdf.FzRect(0, 0, A4[0] / CENTIPOINT, A4[1] / CENTIPOINT)
            for name in ("MediaBox", "CropBox"):
                mupdf.pdf_dict_put_rect(sheet, mupdf.pdf_new_name(name), a4)
            mupdf.pdf_dict_del(sheet, mupdf.pdf_new_name("UserUnit"))
            return mupdf.fz_load_page(self.document.this, index)
        except Exception as error:
            raise CannotShow("damaged", Fault.PAGE_UNSHOWABLE) from error

    def _record(self, index: int) -> Any:
        page = self.page(index)
        try:
            recorded = mupdf.FzDisplayList(mupdf.fz_bound_page(page))
            device = mupdf.fz_new_list_device(recorded)
            mupdf.fz_run_page_contents(page, device, mupdf.FzMatrix(), mupdf.FzCookie())
            sheet = mupdf.pdf_page_from_fz_page(page)
            for annotation in _annotations(sheet):
                if mupdf.pdf_annot_type(annotation) in COMMENTS:
                    flags = mupdf.pdf_new_name("F")
                    mupdf.pdf_dict_put_int(mupdf.pdf_annot_obj(annotation), flags, HIDDEN_FLAG)
            for run in (mupdf.pdf_run_page_annots_with_usage, mupdf.pdf_run_page_widgets_with_usage):
                run(sheet, device, mupdf.FzMatrix(), "Print", mupdf.FzCookie())
            mupdf.fz_close_device(device)
        except Exception as error:
            raise CannotShow("damaged", Fault.PAGE_UNSHOWABLE) from error
        return recorded


def _annotations(page: Any) -> Iterator[Any]:
    annotation = mupdf.pdf_first_annot(page)
    while annotation.m_internal:
        yield annotation
        annotation = mupdf.pdf_next_annot(annotation)


def _is_sane(bounds: Any) -> bool:
    sides = (bounds.x1 - bounds.x0, bounds.y1 - bounds.y0)
    return all(math.isfinite(side) and SMALLEST_SIDE < side <= LARGEST_SIDE for side in sides)


def _size(bounds: Any) -> tuple[int, int]:
    return round((bounds.x1 - bounds.x0) * CENTIPOINT), round((bounds.y1 - bounds.y0) * CENTIPOINT)


def _saved(doc: Any) -> bytes:
    data: bytes = doc.tobytes(garbage=3, encryption=pymupdf.PDF_ENCRYPT_NONE)
    return data
