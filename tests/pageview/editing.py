"""Asking a renderer for edits of a page, and looking at what comes of them."""

from __future__ import annotations

from dataclasses import dataclass

import pymupdf
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

import assets
from pageview.page_edits import (
    Breaks,
    Change,
    Made,
    NotMade,
    ReplaceWords,
    Setting,
)
from pageview.page_text import PageText, TextRange
from pageview.render_results import EditRefused, Frame, Opened, PageCharacters, PageEdited
from pageview.renderer import Renderer
from pageview.segments import SegmentStore
from protocol.values import Rect
from tests.pageview.papers import opened, wish

PIXELS = (794, 1123)
DARK = 0x60
HELVETICA = "/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>"


@dataclass
class Editing:
    """A renderer, and what tests ask of it; each answer is waited for."""

    qtbot: QtBot
    store: SegmentStore
    renderer: Renderer

    def paper(self, data: bytes, password: str | None = None) -> bytes:
        sha256 = self.store.add(data)
        assert isinstance(opened(self.qtbot, self.renderer, sha256, password), Opened)
        return sha256

    def text(self, blob: bytes, index: int = 0) -> PageText:
        with self.qtbot.waitSignal(self.renderer.characters, timeout=20_000) as answer:
            self.renderer.ask_characters(blob, index)
        assert answer.args is not None
        read: PageCharacters = answer.args[0]
        assert (read.blob, read.index) == (blob, index)
        return read.text

    def edit(
        self, blob: bytes, change: Change, index: int = 0, accepted: Breaks = Breaks.NOTHING
    ) -> PageEdited | NotMade:
        answers: list[PageEdited | EditRefused] = []
        for signal in (self.renderer.edited, self.renderer.edit_refused):
            signal.connect(answers.append)
        self.renderer.ask_edit(blob, index, change, accepted)
        self.qtbot.waitUntil(lambda: bool(answers), timeout=20_000)
        for signal in (self.renderer.edited, self.renderer.edit_refused):
            signal.disconnect(answers.append)
        answer = answers[0]
        assert (answer.blob, answer.index, answer.change) == (blob, index, change)
        return answer.not_made if isinstance(answer, EditRefused) else answer

    def made(self, blob: bytes, change: Change, index: int = 0) -> tuple[bytes, Made]:
        """The blob of the changed page alone, opened, and how it was made."""
        answer = self.edit(blob, change, index)
        assert isinstance(answer, PageEdited), answer
        return self.paper(answer.pdf), answer.made

    def picture(self, blob: bytes, index: int = 0) -> QImage:
        with self.qtbot.waitSignal(self.renderer.drawn, timeout=20_000) as answer:
            self.renderer.ask(wish(blob, index, size=PIXELS))
        assert answer.args is not None
        frame: Frame = answer.args[0]
        return frame.image.copy()

    def replace(
        self, blob: bytes, old: str, new: str, setting: Setting = Setting.EITHER, index: int = 0
    ) -> ReplaceWords:
        return ReplaceWords((place(self.text(blob, index), old),), old, new, setting)


def page_words(page: PageText) -> str:
    """All of a page's text, a line feed after each block."""
    return page.words(tuple(TextRange(number, 0, len(line.text)) for number, line in enumerate(page.lines)))


def place(page: PageText, words: str) -> TextRange:
    for number, line in enumerate(page.lines):
        at = line.text.find(words)
        if at >= 0:
            return TextRange(number, at, at + len(words))
    raise AssertionError(f"{words} is not on the page: {page_words(page)}")


def hull(page: PageText, words: str) -> Rect:
    return page.boxes((place(page, words),))[0]


def ink(image: QImage, box: Rect | None = None, wide: int = 59_500, high: int = 84_200) -> Rect | None:
    """The box (1/100 point) of what is dark, within ``box``."""
    across, down = image.width() / wide, image.height() / high
    area = box or Rect(0, 0, wide, high)
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    shades, width = bytes(grey.constBits()), grey.bytesPerLine()
    first, last = max(0, int(area.x0 * across)), min(image.width(), int(area.x1 * across))
    dark = [
        (y, [x for x, shade in enumerate(row, first) if shade < DARK])
        for y in range(max(0, int(area.y0 * down)), min(image.height(), int(area.y1 * down)))
        if min(row := shades[y * width + first : y * width + last]) < DARK
    ]
    if not dark:
        return None
    left, right = min(xs[0] for _, xs in dark), max(xs[-1] for _, xs in dark) + 1
    top, bottom = dark[0][0], dark[-1][0] + 1
    return Rect(int(left / across), int(top / down), int(right / across), int(bottom / down))


def unlike_outside(before: QImage, after: QImage, box: Rect, wide: int = 59_500, high: int = 84_200) -> int:
    """How many pixels differ outside of ``box`` and a hair around it."""
    across, down = before.width() / wide, before.height() / high
    rows = range(int(box.y0 * down) - 2, int(box.y1 * down) + 3)
    columns = slice(4 * max(0, int(box.x0 * across) - 2), 4 * max(0, int(box.x1 * across) + 3))
    width, one, other = before.bytesPerLine(), bytearray(before.constBits()), bytearray(after.constBits())
    for y in rows:
        for lines in (one, other):
            if 0 <= y < before.height():
                row = slice(y * width, (y + 1) * width)
                piece = lines[row]
                piece[columns] = bytes(len(piece[columns]))
                lines[row] = piece
    return sum(p != q for p, q in zip(one[::4], other[::4], strict=True)) if one != other else 0


def typed(*lines: tuple[float, float, str], font: str = "Mincho", size: float = 12, draw: str = "") -> bytes:
    """An A4 page with lines of Japanese in an embedded subset; ``draw``: extra page contents, before them."""
    doc = pymupdf.open()
    page = doc.new_page(width=595, height=842)
    face = assets.PAPER_MINCHO if font == "Mincho" else assets.PAPER_GOTHIC
    writer = pymupdf.TextWriter(page.rect)
    for x, y, words in lines:
        writer.append((x, y), words, font=pymupdf.Font(fontfile=str(face)), fontsize=size)
    if draw:
        shape = page.new_shape()
        for box in draw.split(";"):
            shape.draw_rect(pymupdf.Rect(*map(float, box.split())))
        shape.finish(color=(0, 0, 0), width=0.5)
        shape.commit()
    writer.write_text(page)
    doc.subset_fonts()
    return bytes(doc.tobytes(garbage=3, deflate=True))


def width(words: str) -> float:
    """Of words as ``typed`` sets them, in points."""
    return float(pymupdf.Font(fontfile=str(assets.PAPER_MINCHO)).text_length(words, 12))
