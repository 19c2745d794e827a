"""Marks on the pages of a PDF: as annotations, or as part of the page. Only in the render process.

Each annotation has its own appearance, drawn as on the screens (smooth, with the pen's pressure), so that
viewers need not guess one. Strokes that one person drew in one colour and width are one annotation: a page
with hundreds of them takes seconds to open otherwise.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pymupdf

import assets
from pageview import ink_look
from pageview.lettering import ASCENT, DESCENT, Lettering, anywhere
from pageview.marks_at import ground_box, words_box
from pageview.page_contents import Walk
from pageview.page_glyphs import Matrix, inverted, joined, page_matrix
from pageview.page_writer import PageWriter
from pageview.pdf_paper import CENTIPOINT, PdfPaper
from protocol.ink import Drawn, Placement, Stroke, Tool, Words, unpacked
from protocol.values import PeerId

mupdf = pymupdf.mupdf

PRINTED = 4
"""The flag of an annotation that is printed."""
FRAME, CORNER, INSET = 0.09, 0.3, 0.05
"""Of a stamp, in its letters' size."""
ROUND = 0.5523
"""How far the handles of a quarter circle reach, of its radius."""
Points = list[tuple[float, float]]


@dataclass
class Drawing:
    """What one annotation shows, in the page's own space of PDF."""

    subtype: str
    rgb: int
    author: PeerId
    when: int = 0
    width: float = 0.0
    text: str = ""
    highlights: bool = False
    grounded: bool = False
    size: float = 0.0
    content: list[str] = field(default_factory=list)
    lines: list[Points] = field(default_factory=list)
    fonts: dict[str, Any] = field(default_factory=dict)
    box: tuple[float, float, float, float] = (math.inf, math.inf, -math.inf, -math.inf)
    around: float = 0.0

    def reach(self, points: Iterable[tuple[float, float]], around: float) -> None:
        """The box takes in these points and what is ``around`` them."""
        x0, y0, x1, y1 = self.box
        for x, y in points:
            x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
        self.box = x0, y0, x1, y1
        self.around = max(around, self.around)


class InkInPdf:
    """Lays marks on pages of ``paper``. ``names``: who drew."""

    def __init__(self, paper: PdfPaper, marks: Iterable[Drawn], names: Mapping[PeerId, str]) -> None:
        self._paper, self._names = paper, names
        self._pdf = mupdf.pdf_document_from_fz_document(paper.document.this)
        plain, stamped = _texts(marks)
        self._faces = {
            stamp: Lettering(paper.document, face, texts)
            for stamp, face, texts in (
                (False, assets.SCREEN_REGULAR, plain),
                (True, assets.SCREEN_BOLD, stamped),
            )
            if texts
        }

    def lay(self, index: int, marks: Sequence[Drawn], *, flat: bool) -> None:
        """Lays marks on a page: ``flat`` into its contents, else as annotations."""
        page = self._paper.page(index)
        drawings = self._drawings(marks, inverted(page_matrix(page)))
        if flat:
            writer = PageWriter(self._paper.document, page)
            for drawing in drawings:
                writer.form(self._form(drawing))
            walk = Walk(self._paper.document)
            walk.run(page)
            writer.finish(walk.opened, walk.closed)
            return
        sheet = mupdf.pdf_lookup_page_obj(self._pdf, index)
        former = mupdf.pdf_dict_gets(sheet, "Annots")
        # An array of its own: Qt writes one for all pages, and each would show what was drawn on any.
        notes = mupdf.pdf_new_array(self._pdf, len(drawings))
        for at in range(mupdf.pdf_array_len(former) if mupdf.pdf_is_array(former) else 0):
            mupdf.pdf_array_push(notes, mupdf.pdf_array_get(former, at))
        for drawing in drawings:
            mupdf.pdf_array_push(notes, self._annotation(drawing, sheet))
        mupdf.pdf_dict_puts(sheet, "Annots", notes)

    def _drawings(self, marks: Sequence[Drawn], to_pdf: Matrix) -> list[Drawing]:
        """Highlighters first: they lie under everything else that was drawn."""
        found: dict[object, Drawing] = {}
        grounds = 0  # what was drawn over one does not go beneath it with what was drawn before
        for drawn in marks:
            mark = drawn.mark
            onto = joined(_placing(drawn.placement), to_pdf)
            if isinstance(mark, Words):
                found[drawn.id] = self._words(drawn, mark, onto)
                grounds += mark.ground
                continue
            key = (mark.pen, drawn.id.author, _scale(onto), grounds)
            if key not in found:
                highlights = mark.pen.tool is Tool.HIGHLIGHTER
                found[key] = Drawing(
                    "Ink",
                    ink_look.rgb_of(mark.pen),
                    drawn.id.author,
                    width=mark.pen.width * _scale(onto),
                    highlights=highlights,
                )
            _stroke(found[key], mark, onto)
            found[key].when = max(found[key].when, drawn.when)
        return sorted(found.values(), key=lambda each: not each.highlights)

    def _words(self, drawn: Drawn, mark: Words, onto: Matrix) -> Drawing:
        letters = self._faces[mark.stamp]
        drawing = Drawing(
            "Stamp" if mark.stamp else "FreeText",
            ink_look.RGB[mark.colour],
            drawn.id.author,
            drawn.when,
            text=mark.text,
            size=mark.size * _scale(onto),
            fonts={"KzF": letters.reference},
        )
        box = words_box(mark)
        size = mark.size
        if mark.ground:
            _lay_ground(drawing, mark, onto)
        if mark.stamp:
            wide = letters.advance(mark.text) * size
            x = (box.x0 + box.x1 - wide) / 2
            y = (box.y0 + box.y1) / 2 + (ASCENT - DESCENT) / 2 * size
            lines = [(mark.text, x, y)]
            drawing.content.append(_frame(box.x0, box.y0, box.x1, box.y1, size, onto))
        else:
            room = mark.width / size if mark.width else math.inf
            lines = [
                (line, mark.x, mark.y + (ASCENT + number * (ASCENT + DESCENT)) * size)
                for number, line in enumerate(anywhere(mark.text, room, letters.advance))
            ]
        for line, x, y in lines:
            a, b, c, d, e, f = joined((size, 0, 0, -size, x, y), onto)
            place = " ".join(_number(each, 5) for each in (a, b, c, d, e, f))
            drawing.content.append(f"BT /KzF 1 Tf {place} Tm {letters.code(line)} Tj ET")
            right = x + letters.advance(line) * size
            ends = ((x, y - ASCENT * size), (right, y + DESCENT * size))
            drawing.reach(_corners(*ends[0], *ends[1], onto), 0)
        drawing.reach(_corners(box.x0, box.y0, box.x1, box.y1, onto) if mark.stamp else (), 1)
        return drawing

    # --- PDF objects --------------------------------------------------------------------------------------

    def _form(self, drawing: Drawing) -> Any:
        dictionary = mupdf.pdf_new_dict(self._pdf, 6)
        mupdf.pdf_dict_puts(dictionary, "Type", mupdf.pdf_new_name("XObject"))
        mupdf.pdf_dict_puts(dictionary, "Subtype", mupdf.pdf_new_name("Form"))
        mupdf.pdf_dict_put_rect(dictionary, mupdf.pdf_new_name("BBox"), mupdf.FzRect(*_outer(drawing)))
        resources = mupdf.pdf_new_dict(self._pdf, 2)
        colour = " ".join(_number(part / 255, 4) for part in drawing.rgb.to_bytes(3, "big"))
        head = f"{colour} rg {colour} RG 1 J 1 j"
        if drawing.highlights:
            head = f"/KzM gs {head}"
            look = mupdf.pdf_new_dict(self._pdf, 3)
            mupdf.pdf_dict_puts(look, "BM", mupdf.pdf_new_name("Multiply"))
            mupdf.pdf_dict_puts(look, "CA", mupdf.pdf_new_real(ink_look.HIGHLIGHT_SHARE))
            states = mupdf.pdf_new_dict(self._pdf, 1)
            mupdf.pdf_dict_puts(states, "KzM", look)
            mupdf.pdf_dict_puts(resources, "ExtGState", states)
        if drawing.fonts:
            fonts = mupdf.pdf_new_dict(self._pdf, 1)
            for name, reference in drawing.fonts.items():
                mupdf.pdf_dict_puts(fonts, name, reference)
            mupdf.pdf_dict_puts(resources, "Font", fonts)
        mupdf.pdf_dict_puts(dictionary, "Resources", resources)
        content = f"q {head}\n".encode() + "\n".join(drawing.content).encode() + b"\nQ"
        return mupdf.pdf_add_stream(self._pdf, mupdf.fz_new_buffer_from_copied_data(content), dictionary, 0)

    def _annotation(self, drawing: Drawing, sheet: Any) -> Any:
        note = mupdf.pdf_new_dict(self._pdf, 12)
        put = mupdf.pdf_dict_puts
        put(note, "Type", mupdf.pdf_new_name("Annot"))
        put(note, "Subtype", mupdf.pdf_new_name(drawing.subtype))
        mupdf.pdf_dict_put_rect(note, mupdf.pdf_new_name("Rect"), mupdf.FzRect(*_outer(drawing)))
        mupdf.pdf_dict_put_int(note, mupdf.pdf_new_name("F"), PRINTED)
        put(note, "P", sheet)
        put(note, "T", mupdf.pdf_new_text_string(self._names.get(drawing.author, "")))
        put(note, "M", mupdf.pdf_new_string(_pdf_time(drawing.when), len(_pdf_time(drawing.when))))
        parts = [part / 255 for part in drawing.rgb.to_bytes(3, "big")]
        colour = " ".join(_number(part, 4) for part in parts)
        if drawing.subtype == "FreeText":
            setting = f"{colour} rg /KzF {_number(drawing.size, 2)} Tf"
            put(note, "DA", mupdf.pdf_new_string(setting, len(setting)))
            if drawing.grounded:  # of these alone it is the colour behind them
                put(note, "C", self._numbers((1, 1, 1)))
        else:
            put(note, "C", self._numbers(parts))
        if drawing.text:
            put(note, "Contents", mupdf.pdf_new_text_string(drawing.text))
        if drawing.lines:
            paths = mupdf.pdf_new_array(self._pdf, len(drawing.lines))
            for line in drawing.lines:
                mupdf.pdf_array_push(paths, self._numbers([part for point in line for part in point]))
            put(note, "InkList", paths)
            border = mupdf.pdf_new_dict(self._pdf, 1)
            put(border, "W", mupdf.pdf_new_real(drawing.width))
            put(note, "BS", border)
        if drawing.highlights:
            put(note, "CA", mupdf.pdf_new_real(ink_look.HIGHLIGHT_SHARE))
        appearance = mupdf.pdf_new_dict(self._pdf, 1)
        put(appearance, "N", self._form(drawing))
        put(note, "AP", appearance)
        return mupdf.pdf_add_object(self._pdf, note)

    def _numbers(self, values: Sequence[float]) -> Any:
        array = mupdf.pdf_new_array(self._pdf, len(values))
        for value in values:
            mupdf.pdf_array_push_real(array, round(value, 2))
        return array


def _texts(marks: Iterable[Drawn]) -> tuple[list[str], list[str]]:
    texts = [drawn.mark for drawn in marks if isinstance(drawn.mark, Words)]
    return [mark.text for mark in texts if not mark.stamp], [mark.text for mark in texts if mark.stamp]


def _placing(placement: Placement) -> Matrix:
    """From where a mark was drawn, in 1/100 point, to where it lies on the page, in points."""
    p = placement
    turn = [part / 10_000 / CENTIPOINT for part in (p.a, p.b, p.c, p.d)]
    return turn[0], turn[1], turn[2], turn[3], p.e / CENTIPOINT, p.f / CENTIPOINT


def _scale(matrix: Matrix) -> float:
    return math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))


def _laid(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _stroke(drawing: Drawing, stroke: Stroke, onto: Matrix) -> None:
    xs, ys = unpacked(stroke.x, stroke.y, stroke.path)
    points = [_laid(onto, x, y) for x, y in zip(xs, ys, strict=True)]
    width = stroke.pen.width * _scale(onto)
    drawing.lines.append(points)
    drawing.reach(points, width * (ink_look.PRESSED[1] if stroke.pressures else 1.0) / 2)
    if stroke.pressures and stroke.pen.tool is Tool.PEN:
        low, high = ink_look.PRESSED
        widths = [width * (low + (high - low) * each / 255) for each in stroke.pressures]
        drawing.content += _pressed(points, widths)
    else:
        drawing.content.append(f"{_number(width, 3)} w {_smooth(points)} S")


def _smooth(points: Points) -> str:
    """The curve of the screens: it bends at each point, and runs straight to the first and from the last."""
    x, y = points[0]
    parts = [f"{x:.2f} {y:.2f} m"]
    for (qx, qy), (nx, ny) in pairwise(points[1:]):
        ex, ey = (qx + nx) / 2, (qy + ny) / 2
        parts.append(
            f"{x + (qx - x) / 1.5:.2f} {y + (qy - y) / 1.5:.2f}"
            f" {ex + (qx - ex) / 1.5:.2f} {ey + (qy - ey) / 1.5:.2f} {ex:.2f} {ey:.2f} c"
        )
        x, y = ex, ey
    parts.append(f"{points[-1][0]:.2f} {points[-1][1]:.2f} l")
    return " ".join(parts)


def _pressed(points: Points, widths: Sequence[float]) -> Iterator[str]:
    """Each piece as wide as the pen was pressed."""
    for at in range(max(1, len(points) - 1)):
        to = min(at + 1, len(points) - 1)
        (x0, y0), (x1, y1) = points[at], points[to]
        yield f"{(widths[at] + widths[to]) / 2:.3f} w {x0:.2f} {y0:.2f} m {x1:.2f} {y1:.2f} l S"


def _frame(x0: float, y0: float, x1: float, y1: float, size: float, onto: Matrix) -> str:
    """A stamp's frame with round corners."""
    inset, radius = INSET * size, CORNER * size
    x0, y0, x1, y1 = x0 + inset, y0 + inset, x1 - inset, y1 - inset
    k = radius * (1 - ROUND)

    def at(*points: tuple[float, float]) -> str:
        return " ".join(f"{x:.3f} {y:.3f}" for x, y in (_laid(onto, *point) for point in points))

    return (
        f"{_number(FRAME * size * _scale(onto), 3)} w {at((x0 + radius, y0))} m {at((x1 - radius, y0))} l"
        f" {at((x1 - k, y0), (x1, y0 + k), (x1, y0 + radius))} c {at((x1, y1 - radius))} l"
        f" {at((x1, y1 - k), (x1 - k, y1), (x1 - radius, y1))} c {at((x0 + radius, y1))} l"
        f" {at((x0 + k, y1), (x0, y1 - k), (x0, y1 - radius))} c {at((x0, y0 + radius))} l"
        f" {at((x0, y0 + k), (x0 + k, y0), (x0 + radius, y0))} c h S"
    )


def _lay_ground(drawing: Drawing, mark: Words, onto: Matrix) -> None:
    """A white area in a frame, behind the words."""
    box = ground_box(mark)
    edge = ink_look.EDGE * mark.size * _scale(onto)
    a, b, d, c = _corners(box.x0, box.y0, box.x1, box.y1, onto)
    way = " l ".join(f"{x:.3f} {y:.3f}" for x, y in (a, b, c, d))
    drawing.content.append(f"q 1 1 1 rg 0 j {_number(edge, 3)} w {way.replace(' l ', ' m ', 1)} l h B Q")
    drawing.reach((a, b, c, d), edge / 2)
    drawing.grounded = True


def _corners(x0: float, y0: float, x1: float, y1: float, onto: Matrix) -> Points:
    return [_laid(onto, x, y) for x in (x0, x1) for y in (y0, y1)]


def _outer(drawing: Drawing) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = drawing.box
    around = drawing.around + 1
    return x0 - around, y0 - around, x1 + around, y1 + around


def _pdf_time(when: int) -> str:
    return time.strftime("D:%Y%m%d%H%M%SZ", time.gmtime(when))


def _number(number: float, places: int) -> str:
    return f"{number:.{places}f}".rstrip("0").rstrip(".") or "0"
