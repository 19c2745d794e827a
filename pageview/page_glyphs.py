"""The glyphs that a page draws, one by one, with everything that is needed to write them again elsewhere.

Only in the render process.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import pymupdf

from pageview.page_characters import UNKNOWN, Reading, known_sign
from pageview.pdf_paper import CannotShow
from protocol.errors import Fault

mupdf = pymupdf.mupdf

Matrix = tuple[float, float, float, float, float, float]
FILLED, STROKED, BOTH, UNSEEN, CLIP = 0, 1, 2, 3, 7
"""How a glyph is drawn; the numbers are those of PDF's Tr."""
SAME_PLACE = 0.12
"""Glyphs of one sign this near (in ems) are one letter drawn twice, to look bold."""
MAX_GLYPHS = 200_000
CELL = 4.0
Offset = tuple[float, float]
SINGLE: Offset = (0.0, 0.0)


@dataclass(frozen=True)
class Glyph:
    """One glyph as drawn. Page space in points: origin, ``em`` (one em along, one em up), width."""

    sign: str
    x: float
    y: float
    em: tuple[float, float, float, float]
    advance: float
    font: int
    """Which of MuPDF's fonts, for as long as the page is loaded."""
    gid: int
    cid: int
    render: int
    alpha: float
    colour: int
    run: int = 0
    """Which piece of text of the page it belongs to: what was written in one go."""
    twin: Offset = SINGLE
    """How far off (points) it is drawn once more, to look bold."""

    @property
    def where(self) -> Written:
        """By what it is known again."""
        return self.sign, self.x, self.y

    @property
    def width(self) -> float:
        """Its advance in ems."""
        return self.advance / math.hypot(self.em[0], self.em[1])

    @property
    def is_rider(self) -> bool:
        """Whether it is a further letter of a ligature, drawn with the glyph before it."""
        return self.gid < 0

    @property
    def is_seen(self) -> bool:
        """Whether it is drawn itself: neither invisible over a picture nor only a clip for one."""
        return self.render <= BOTH and self.alpha > 0

    @property
    def size(self) -> float:
        a, b, c, d = self.em
        return math.sqrt(abs(a * d - b * c))


class PageGlyphs:
    """The glyphs of a loaded page, by where they stand."""

    def __init__(self, page: Any) -> None:
        """CannotShow for a page whose contents cannot be read."""
        self._cells: dict[tuple[int, int], list[Glyph]] = {}
        glyphs, self.fonts = drawn_glyphs(page)
        for glyph in glyphs:
            self._cells.setdefault(_cell(glyph.x, glyph.y), []).append(glyph)

    def of_line(self, reading: Reading, number: int) -> list[Glyph | None]:
        """The glyph of each character of a line; None where none is drawn (spaces that a reader adds)."""
        signs = reading.text.lines[number].text
        return [self._at(sign, at) for sign, at in zip(signs, reading.origins[number], strict=True)]

    def _at(self, sign: str, origin: tuple[float, float]) -> Glyph | None:
        x, y = _cell(*origin)
        near = [
            (math.dist((glyph.x, glyph.y), origin), glyph)
            for across in (-1, 0, 1)
            for down in (-1, 0, 1)
            for glyph in self._cells.get((x + across, y + down), ())
            if _is_same(glyph, sign, *origin)
        ]
        if not near:
            return None
        nearest = min(near, key=lambda pair: pair[0])[1]
        return merged([nearest, *(glyph for _, glyph in near if glyph is not nearest)])[0]


def merged(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Each letter once: filled and stroked is drawn twice, and so is what is to look bold."""
    cells: dict[tuple[int, int], list[int]] = {}
    found: list[Glyph] = []
    for glyph in glyphs:
        x, y = _cell(glyph.x, glyph.y)
        near = [
            at
            for across in (-1, 0, 1)
            for down in (-1, 0, 1)
            for at in cells.get((x + across, y + down), ())
            if _is_same(found[at], glyph.sign, glyph.x, glyph.y)
        ]
        if not near:
            cells.setdefault((x, y), []).append(len(found))
            found.append(glyph)
            continue
        one = found[near[0]]
        if {one.render, glyph.render} == {FILLED, STROKED}:
            found[near[0]] = replace(one, render=BOTH)
        elif math.dist((one.x, one.y), (glyph.x, glyph.y)) > 0.01 * one.size and glyph.is_seen:
            found[near[0]] = replace(one, twin=(glyph.x - one.x, glyph.y - one.y))
    return found


def _is_same(glyph: Glyph, sign: str, x: float, y: float) -> bool:
    return glyph.sign == sign and math.dist((glyph.x, glyph.y), (x, y)) <= SAME_PLACE * glyph.size


def page_matrix(page: Any) -> Matrix:
    """From the page's own space of PDF to page space in points."""
    box, matrix = mupdf.FzRect(), mupdf.FzMatrix()
    mupdf.pdf_page_transform(mupdf.pdf_page_from_fz_page(page), box, matrix)
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def joined(one: Matrix, other: Matrix) -> Matrix:
    """First ``one``, then ``other``."""
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def through(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """Where a point comes to lie."""
    a, b, c, d, e, f = matrix
    return x * a + y * c + e, x * b + y * d + f


def inverted(matrix: Matrix) -> Matrix:
    """The way back; ZeroDivisionError where there is none."""
    a, b, c, d, e, f = matrix
    det = a * d - b * c
    return d / det, -b / det, -c / det, a / det, (c * f - d * e) / det, (b * e - a * f) / det


# --- seeing -------------------------------------------------------------------------------------------------


class _Item(ctypes.Structure):
    """MuPDF's fz_text_item, which its Python side names but does not let one count through."""

    _fields_ = (
        ("x", ctypes.c_float),
        ("y", ctypes.c_float),
        ("advance", ctypes.c_float),
        ("gid", ctypes.c_int),
        ("ucs", ctypes.c_int),
        ("cid", ctypes.c_int),
    )


class _Watch(pymupdf.mupdf.FzDevice2):  # type: ignore[misc]  # MuPDF comes without types
    """Hears of everything that is written on a page."""

    def __init__(self) -> None:
        super().__init__()
        self.use_virtual_fill_text()
        self.use_virtual_stroke_text()
        self.use_virtual_clip_text()
        self.use_virtual_clip_stroke_text()
        self.use_virtual_ignore_text()
        self.glyphs: list[Glyph] = []
        self.fonts: dict[int, Any] = {}
        self._runs = 0

    def fill_text(self, _: Any, text: Any, ctm: Any, space: Any, colour: Any, alpha: float, *__: Any) -> None:
        self._note(text, ctm, FILLED, alpha, _rgb(space, colour))

    def stroke_text(
        self, _: Any, text: Any, pen: Any, ctm: Any, space: Any, colour: Any, alpha: float, *__: Any
    ) -> None:
        self._note(text, ctm, STROKED, alpha, _rgb(space, colour))

    def clip_text(self, _: Any, text: Any, ctm: Any, *__: Any) -> None:
        self._note(text, ctm, CLIP, 1.0, 0)

    def clip_stroke_text(self, _: Any, text: Any, pen: Any, ctm: Any, *__: Any) -> None:
        self._note(text, ctm, CLIP, 1.0, 0)

    def ignore_text(self, _: Any, text: Any, ctm: Any) -> None:
        self._note(text, ctm, UNSEEN, 1.0, 0)

    def _note(self, text: Any, ctm: Any, render: int, alpha: float, colour: int) -> None:
        self._runs += 1
        page = (ctm.a, ctm.b, ctm.c, ctm.d, ctm.e, ctm.f)
        span = text.head
        while span:
            trm, font = span.trm, int(span.font.this)
            a, b, c, d, _, _ = joined((trm.a, trm.b, trm.c, trm.d, 0.0, 0.0), page)
            along = math.hypot(a, b)
            if font not in self.fonts:
                self.fonts[font] = mupdf.FzFont(mupdf.ll_fz_keep_font(span.font))
            if len(self.glyphs) + span.len > MAX_GLYPHS:
                return
            items = (_Item * span.len).from_address(int(span.items.this)) if span.len else ()
            for item in items:
                x = item.x * ctm.a + item.y * ctm.c + ctm.e
                y = item.x * ctm.b + item.y * ctm.d + ctm.f
                if abs(x) < 1e6 and abs(y) < 1e6 and along and a * d != b * c:  # also refuses NaN
                    sign, wide = _sign(item.ucs), item.advance * along
                    what = (font, item.gid, item.cid, render, alpha, colour, self._runs)
                    self.glyphs.append(Glyph(sign, x, y, (a, b, c, d), wide, *what))
            span = span.next


def drawn_glyphs(page: Any) -> tuple[list[Glyph], dict[int, Any]]:
    """Everything that the contents of a loaded page write, in the order it is drawn; CannotShow.

    With MuPDF's fonts by their number: as long as these are kept, no other font gets the number of one.
    """
    watch = _Watch()
    try:
        mupdf.fz_run_page_contents(page, watch, mupdf.FzMatrix(), mupdf.FzCookie())
        mupdf.fz_close_device(watch)
    except Exception as error:
        raise CannotShow("damaged", Fault.PAGE_UNSHOWABLE) from error
    return watch.glyphs, watch.fonts


def _sign(code: int) -> str:
    return known_sign(chr(code)) if 0 < code < 0x110000 else UNKNOWN


def _rgb(space: Any, colour: Any) -> int:
    """A colour as MuPDF has it, as 0xRRGGBB."""
    if not space:
        return 0
    source = mupdf.FzColorspace(mupdf.ll_fz_keep_colorspace(space))
    params = mupdf.FzColorParams()
    parts = mupdf.fz_convert_color(source, colour, mupdf.fz_device_rgb(), mupdf.FzColorspace(), params)[:3]
    return int.from_bytes(bytes(min(255, max(0, round(255 * part))) for part in parts), "big")


def _cell(x: float, y: float) -> tuple[int, int]:
    return int(x // CELL), int(y // CELL)


# --- in the order of writing --------------------------------------------------------------------------------

Written = tuple[str, float, float]
"""Sign and origin in page space."""


class Glyphs:
    """A set of glyphs, asked by sign and place; doubles belong to them."""

    def __init__(self, glyphs: Iterable[Glyph]) -> None:
        self._cells: dict[tuple[int, int], list[Glyph]] = {}
        for glyph in glyphs:
            x, y = _cell(glyph.x, glyph.y)
            for across in (-1, 0, 1):
                for down in (-1, 0, 1):
                    self._cells.setdefault((x + across, y + down), []).append(glyph)

    def find(self, sign: str, x: float, y: float) -> Glyph | None:
        """The one that stands there; of an unknown sign (fonts that do not name their space), any."""
        near = self._cells.get(_cell(x, y), ())
        known = sign != UNKNOWN
        return next((glyph for glyph in near if _is_same(glyph, sign if known else glyph.sign, x, y)), None)


def written_glyphs(page: Any) -> list[Written]:
    """Every glyph in the order in which the contents write them, hidden layers included; CannotShow."""
    order: list[Written] = []
    factory = _Factory(_Listen(page_matrix(page), order))
    wish = mupdf.PdfFilterOptions()
    wish.recurse = wish.instance_forms = wish.no_update = 1
    wish.add_factory(factory.internal())
    sheet = mupdf.pdf_page_from_fz_page(page)
    try:
        mupdf.pdf_filter_page_contents(sheet.doc(), sheet, wish)
    except Exception as error:
        raise CannotShow("damaged", Fault.PAGE_UNSHOWABLE) from error
    return order


class _Listen(pymupdf.mupdf.PdfSanitizeFilterOptions2):  # type: ignore[misc]
    """What MuPDF calls for each glyph."""

    def __init__(self, to_page: Matrix, order: list[Written]) -> None:
        super().__init__()
        self.use_virtual_text_filter()
        self._to_page = to_page
        self._order = order

    def text_filter(self, _: Any, signs: Any, count: int, trm: Any, ctm: Any, *__: Any) -> int:
        code = ctypes.c_int.from_address(int(signs)).value if count > 0 else 0
        x, y = trm.e * ctm.a + trm.f * ctm.c + ctm.e, trm.e * ctm.b + trm.f * ctm.d + ctm.f
        x, y = through(self._to_page, x, y)
        far = not (abs(x) < 1e6 and abs(y) < 1e6)
        self._order.append(("", 0.0, 0.0) if far else (_sign(code), x, y))
        return 0


class _Factory(pymupdf.mupdf.PdfFilterFactory2):  # type: ignore[misc]
    """Makes MuPDF's filter for the page and for each form on it."""

    def __init__(self, options: _Listen) -> None:
        super().__init__()
        self.use_virtual_filter()
        self._options = options

    def filter(self, _: Any, doc: Any, chain: Any, parents: int, transform: Any, options: Any) -> Any:
        inside = self._options.internal()
        return mupdf.ll_pdf_new_sanitize_filter(doc, chain, parents, transform, options, inside)
