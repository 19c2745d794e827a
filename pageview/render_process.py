"""The caged process that draws papers: attach the frames, load the fonts, shut the cage, then parse.

``main`` is the target of a spawned process and light to import: MuPDF is loaded inside it only.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from pageview import cage, heap, priority
from pageview.loading import loading
from pageview.render_messages import (
    AreYouThere,
    CannotOpen,
    Characters,
    Draw,
    DrawImage,
    Drawn,
    DropPaper,
    Edited,
    EditPage,
    Export,
    Exported,
    Failed,
    Here,
    ImageDrawn,
    Lines,
    Look,
    MakeSubset,
    OfPaper,
    Open,
    Opened,
    Order,
    Parts,
    Pdf,
    Picture,
    ReadCharacters,
    ReadLines,
    ReadLook,
    ReadOffice,
    ReadPicture,
    ReadText,
    ReadWords,
    Ready,
    Reply,
    Setup,
    Slim,
    Survey,
    Surveyed,
    TakePaper,
    Text,
    Tried,
    TryDoors,
    Unlock,
    Words,
    decode_order,
    encode,
)
from pageview.segments import address_of, attach
from protocol.errors import Fault

if TYPE_CHECKING:
    from pageview.pdf_paper import PdfPaper

PRIVATE_MEMORY = 48 * 2**20
"""Above this much memory of its own the process gives back what can be drawn again."""


MADV_POPULATE_WRITE = 23  # not in Python's mmap


def main(connection: Connection) -> None:
    """Runs until the pipe closes; the parent kills it for anything else."""
    with contextlib.suppress(EOFError, ConnectionError, KeyboardInterrupt):
        setup = decode_order(connection.recv_bytes())
        assert isinstance(setup, Setup)
        cage.die_with_parent(setup.parent)
        priority.give_way(idle=setup.idle)
        priority.give_up_memory(priority.RENDERER)
        frames = attach(connection, setup.frame_bytes, writable=True) if setup.frame_bytes else None
        with loading():
            renderer = CagedRenderer(connection, frames)
        _silence()
        connection.send_bytes(encode(Ready(cage.shut(setup.frame_bytes))))
        if frames is not None and setup.warm:
            _lay_under(frames)
        while True:
            renderer.obey(decode_order(connection.recv_bytes()))


def _lay_under(frames: memoryview) -> None:
    """Has the system put memory under the slots now: a first picture need not wait 20 ms for its pages."""
    memory = frames.obj
    if sys.platform == "linux" and isinstance(memory, mmap.mmap):
        with contextlib.suppress(OSError):  # a kernel before 5.14 does it page by page, as they are drawn on
            memory.madvise(MADV_POPULATE_WRITE)


def _silence() -> None:
    """Nothing that a paper makes MuPDF say reaches a terminal or a log: it may be the paper's own words."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


class CagedRenderer:
    """The inside of the process: papers taken, and one order after the other."""

    def __init__(self, connection: Connection, frames: memoryview | None) -> None:
        import pymupdf

        from pageview import (
            exported,
            fonts_in_pdf,
            image_file,
            office_text,
            page_characters,
            page_editor,
            page_look,
            paper_survey,
            pdf_paper,
            text_lines,
        )

        fonts_in_pdf.install()
        pymupdf.TOOLS.mupdf_display_errors(False)
        pymupdf.TOOLS.mupdf_display_warnings(False)
        self._mupdf = pymupdf.mupdf
        self._pdf_paper = pdf_paper
        self._image_file = image_file.ImageFile
        self._read_lines = text_lines.read_lines
        self._office_parts = office_text.office_parts
        self._read_text = text_lines.read_text
        self._read_characters = page_characters.read_characters
        self._look_of, self._words_of = page_look.look_of, page_look.words_of
        self._picture_of = page_look.picture_of
        self._edit_page = page_editor.edit_page
        self._exported = exported.exported
        self._survey = paper_survey.survey
        self._connection = connection
        self._frames = frames
        self._data: dict[bytes, tuple[memoryview, str | None]] = {}
        self._papers: dict[bytes, PdfPaper] = {}
        self._memory = _OwnMemory()
        self._opaque = b""

    def obey(self, order: Order) -> None:
        """Carries out one order and answers it."""
        match order:
            case TakePaper(sha256, length, password):
                self._data[sha256] = (attach(self._connection, length, writable=False), password)
            case DropPaper(sha256):
                self._papers.pop(sha256, None)
                self._data.pop(sha256, None)
                self._slim()
            case Slim():
                self._slim()
            case AreYouThere():
                self._connection.send_bytes(encode(Here()))
            case Setup():
                raise AssertionError("set up already")
            case _:
                reply, pdf = self._answer(order)
                self._connection.send_bytes(encode(reply))
                if pdf:
                    self._connection.send_bytes(pdf)
                if self._memory.bytes() > PRIVATE_MEMORY:
                    self._slim(keep=None if isinstance(order, TryDoors | Export) else order.sha256)

    def _answer(self, order: OfPaper | Export | TryDoors) -> tuple[Reply, bytes]:
        """The reply, and the PDF that follows it."""
        try:
            match order:
                case Open(n, sha256, password):
                    return self._open(n, sha256, password), b""
                case Draw():
                    return self._draw(order), b""
                case DrawImage():
                    return self._draw_image(order), b""
                case ReadLines(n, sha256, index):
                    return Lines(n, *self._read_lines(self._paper(sha256), index)), b""
                case Survey(n, sha256, index):
                    return Surveyed(n, *self._survey(self._paper(sha256), index)), b""
                case ReadCharacters(n, sha256, index):
                    return Characters(n, self._read_characters(self._paper(sha256), index)), b""
                case ReadOffice(n, sha256):
                    return Parts(n, self._office_parts(self._data[sha256][0])), b""
                case ReadText(n, sha256, index):
                    return Text(n, self._read_text(self._paper(sha256), index)), b""
                case ReadLook(n, sha256, index):
                    return Look(n, self._look_of(self._paper(sha256), index)), b""
                case ReadPicture(n, sha256, index):
                    return Picture(n, *self._picture_of(self._paper(sha256), index)), b""
                case ReadWords(n, sha256, index, count):
                    return Words(n, self._words_of(self._paper(sha256), index, count)), b""
                case EditPage(n, sha256, index, change, accepted):
                    done = self._edit_page(self._paper(sha256), index, change, accepted)
                    pdf, width, height, outcome = done
                    return Edited(n, outcome, len(pdf), width, height), pdf
                case Export(n, job):
                    pdf, unplaced, signed = self._exported(job, self._opened_anew)
                    return Exported(n, len(pdf), unplaced, signed), pdf
                case MakeSubset(n, sha256, index):
                    pdf, width, height = self._paper(sha256).subset(index)
                case Unlock(n, sha256):
                    pdf, width, height = self._paper(sha256).unlocked()
                case TryDoors(n):
                    return Tried(n, cage.try_the_doors()), b""
            return Pdf(n, len(pdf), width, height), pdf
        except self._pdf_paper.CannotShow as refusal:
            verdict, fault = refusal.verdict, refusal.fault
        except Exception:  # noqa: BLE001  (a paper may make MuPDF's wrapper throw anything, MemoryError too)
            self._slim()
            verdict, fault = "damaged", Fault.PAGE_UNSHOWABLE
        if isinstance(order, Open):
            return CannotOpen(order.n, verdict, fault), b""
        return Failed(order.n, fault), b""

    def _paper(self, sha256: bytes) -> PdfPaper:
        if sha256 not in self._papers:
            self._papers[sha256] = self._pdf_paper.PdfPaper(*self._data[sha256])
        return self._papers[sha256]

    def _opened_anew(self, sha256: bytes) -> PdfPaper:
        """A second one, to be changed; CannotShow for a paper that was not handed over."""
        if sha256 not in self._data:
            raise self._pdf_paper.CannotShow("refused", Fault.PAPER_DAMAGED)
        return self._pdf_paper.PdfPaper(*self._data[sha256])

    def _open(self, n: int, sha256: bytes, password: str | None) -> Opened:
        data, kept_password = self._data[sha256]
        self._data[sha256] = (data, password or kept_password)
        self._papers.pop(sha256, None)
        paper = self._paper(sha256)
        return Opened(n, tuple(paper.sizes()), paper.title, paper.repaired)

    def _draw(self, order: Draw) -> Drawn:
        paper = self._paper(order.sha256)

        def onto(pixmap: Any, width: int, height: int) -> None:
            paper.draw(order.index, order.rect, pixmap, width, height)

        self._paint(onto, order.offset, order.width, order.height)
        return Drawn(order.n)

    def _draw_image(self, order: DrawImage) -> ImageDrawn:
        image = self._image_file(bytes(self._data[order.sha256][0]))
        width, height = image.within(order.width, order.height)
        self._paint(image.paint, 0, width, height)
        return ImageDrawn(order.n, width, height)

    def _paint(self, onto: Callable[[Any, int, int], None], offset: int, width: int, height: int) -> None:
        """Has a pixmap painted that is a slot of the frames, every pixel opaque."""
        assert self._frames is not None
        nbytes = width * height * 4
        target = self._frames[offset : offset + nbytes]
        assert target.nbytes == nbytes, "a frame larger than its slot"
        pixmap = self._pixmap_on(target, width, height)
        if pixmap is not None:
            onto(pixmap, width, height)
        else:
            own = self._own_pixmap(width, height)
            onto(own, width, height)
            target[:] = self._mupdf.fz_pixmap_samples_memoryview(own)
        self._make_opaque(offset, nbytes)

    def _make_opaque(self, start: int, nbytes: int) -> None:
        """Alpha 255 everywhere: MuPDF leaves 254 by rounding, and less under text filled with a pattern."""
        assert self._frames is not None
        memory = (
            self._frames.obj
        )  # a slice of the mmap is set in one C loop, of a memoryview ten times slower
        assert isinstance(memory, mmap.mmap)
        if len(self._opaque) != nbytes // 4:
            self._opaque = b"\xff" * (nbytes // 4)
        memory[start + 3 : start + nbytes : 4] = self._opaque

    def _own_pixmap(self, width: int, height: int) -> Any:
        mupdf = self._mupdf
        return mupdf.FzPixmap(mupdf.fz_device_bgr(), width, height, mupdf.FzSeparations(), 1)

    def _pixmap_on(self, target: memoryview, width: int, height: int) -> Any:
        """A pixmap whose pixels are the slot itself; None where MuPDF would not use that very memory."""
        mupdf = self._mupdf
        samples = mupdf.python_mutable_buffer_data(target)
        separations = mupdf.FzSeparations()
        pixmap = mupdf.fz_new_pixmap_with_data(
            mupdf.fz_device_bgr(), width, height, separations, 1, width * 4, samples
        )
        return pixmap if mupdf.ll_fz_pixmap_samples_int(pixmap.m_internal) == address_of(target) else None

    def _slim(self, keep: bytes | None = None) -> None:
        """Lets go of what can be drawn again, but for the newest display list of the paper ``keep``."""
        for sha256, paper in self._papers.items():
            paper.forget_lists(keep=1 if sha256 == keep else 0)
        self._mupdf.fz_empty_store()
        heap.give_back()


class _OwnMemory:
    """How much memory this process has to itself; its source is opened before the cage shuts."""

    def __init__(self) -> None:
        self._statm = os.open("/proc/self/statm", os.O_RDONLY) if sys.platform == "linux" else -1

    def bytes(self) -> int:
        """Resident and not shared with any file or other process; 0 where the system does not say."""
        if self._statm < 0:
            return 0
        _, resident, shared, *_ = os.pread(self._statm, 200, 0).split()
        return (int(resident) - int(shared)) * mmap.PAGESIZE
