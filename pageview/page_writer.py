"""Writes glyphs at exact places onto a page, above all else. Only in the render process."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pymupdf

from pageview.page_fonts import Coded
from pageview.page_glyphs import (
    BOTH,
    FILLED,
    SINGLE,
    STROKED,
    Matrix,
    Offset,
    inverted,
    joined,
    page_matrix,
    through,
)

mupdf = pymupdf.mupdf

THICKENING = 0.03
"""Width of the line that makes a letter look bold, in ems: what office programs use."""
NEAR_ENOUGH = 0.02


@dataclass(frozen=True)
class Placed:
    """A glyph to be written: how it is coded, origin and ``em`` in page space, colour 0xRRGGBB.

    ``twin``: how far off it is drawn once more, to look bold. ``echo``: it is such a second one, no further
    letter to whoever reads the text.
    """

    coded: Coded
    x: float
    y: float
    em: tuple[float, float, float, float]
    colour: int
    alpha: float = 1.0
    render: int = FILLED
    twin: Offset = SINGLE
    echo: bool = False


def with_twins(glyphs: Sequence[Placed]) -> list[Placed]:
    """Every glyph that is drawn, those that are drawn twice for a second time behind all others."""
    again = [
        replace(each, x=each.x + each.twin[0], y=each.y + each.twin[1], twin=SINGLE, echo=True)
        for each in glyphs
        if each.twin != SINGLE
    ]
    return [*glyphs, *again]


class PageWriter:
    """Adds content to the only page of a document."""

    def __init__(self, doc: Any, page: Any) -> None:
        self._doc = doc
        self._pdf = mupdf.pdf_document_from_fz_document(doc.this)
        self._page = page
        self._to_pdf = inverted(page_matrix(page))
        self._marks: list[str] = []
        self._resources: dict[tuple[str, str], Any] = {}

    def write(self, glyphs: Iterable[Placed]) -> None:
        """Glyphs that follow each other on a line are written as one piece of text."""
        for run in _runs(list(glyphs)):
            self._marks.append(self._run(run))

    def fill(self, x0: float, y0: float, x1: float, y1: float, colour: int) -> None:
        """A rectangle of page space."""
        self._marks.append(f"{_colour(colour)} rg {self._path(x0, y0, x1, y1)} f")

    def line(self, x0: float, y0: float, x1: float, y1: float, width: float, colour: int) -> None:
        """A straight line of page space; ``width`` in points."""
        (ax, ay), (bx, by) = through(self._to_pdf, x0, y0), through(self._to_pdf, x1, y1)
        ends = f"{_number(ax)} {_number(ay)} m {_number(bx)} {_number(by)} l"
        self._marks.append(f"{_colour(colour)} RG {_number(width)} w 0 J [] 0 d {ends} S")

    def picture(self, image: Any, onto: Matrix, seen: tuple[float, float, float, float]) -> None:
        """An image, its unit square laid ``onto`` page space and cut to what is ``seen`` of it."""
        value = mupdf.pdf_add_image(self._pdf, image)
        name = self._name("XObject", f"KzI{mupdf.pdf_to_num(value)}", value)
        drawn = f"{_matrix(joined(onto, self._to_pdf))} cm /{name} Do"
        self._marks.append(f"{self._path(*seen)} W n {drawn}")

    def form(self, form: Any) -> None:
        """A drawing in the page's own space of PDF."""
        name = self._name("XObject", f"KzA{mupdf.pdf_to_num(form)}", form)
        self._marks.append(f"/{name} Do")

    def finish(self, opened: int, closed: int) -> None:
        """Puts all that was written onto the page.

        ``opened``, ``closed``: how many saved states the page's own contents leave open, or close too often.
        """
        if not self._marks:
            return
        sheet = mupdf.pdf_page_from_fz_page(self._page).obj()
        self._add_resources(sheet)
        content = "".join(f"\nq {mark} Q" for mark in self._marks).encode()
        former = mupdf.pdf_dict_gets(sheet, "Contents")
        parts = mupdf.pdf_new_array(self._pdf, 3)
        # Whatever the page's own contents leave open or set is shut away from what is written here.
        mupdf.pdf_array_push(parts, self._stream(b"q\n" * (1 + closed)))
        for part in _parts(former):
            mupdf.pdf_array_push(parts, part)
        mupdf.pdf_array_push(parts, self._stream(b"\nQ" * (1 + opened) + content))
        mupdf.pdf_dict_puts(sheet, "Contents", parts)

    def _stream(self, data: bytes) -> Any:
        buffer = mupdf.fz_new_buffer_from_copied_data(data)
        return mupdf.pdf_add_stream(self._pdf, buffer, mupdf.PdfObj(), 0)

    def _add_resources(self, sheet: Any) -> None:
        found = mupdf.pdf_dict_get_inheritable(sheet, mupdf.pdf_new_name("Resources"))
        resources = (
            mupdf.pdf_copy_dict(found) if mupdf.pdf_is_dict(found) else mupdf.pdf_new_dict(self._pdf, 2)
        )
        for (kind, name), value in self._resources.items():
            group = mupdf.pdf_dict_gets(resources, kind)
            group = (
                mupdf.pdf_copy_dict(group) if mupdf.pdf_is_dict(group) else mupdf.pdf_new_dict(self._pdf, 2)
            )
            mupdf.pdf_dict_puts(group, name, value)
            mupdf.pdf_dict_puts(resources, kind, group)
        mupdf.pdf_dict_puts(sheet, "Resources", resources)

    def _copy(self, found: Any) -> Any:
        return mupdf.pdf_copy_dict(found) if mupdf.pdf_is_dict(found) else mupdf.pdf_new_dict(self._pdf, 2)

    def _name(self, kind: str, wish: str, value: Any) -> str:
        """A name by which the page's contents call ``value``: an earlier edit's names are not taken over."""
        name, sheet = wish, mupdf.pdf_page_from_fz_page(self._page).obj()
        resources = mupdf.pdf_dict_get_inheritable(sheet, mupdf.pdf_new_name("Resources"))
        while mupdf.pdf_dict_gets(mupdf.pdf_dict_gets(resources, kind), name).m_internal:
            name += "x"
        self._resources[kind, name] = value
        return name

    def _run(self, run: list[Placed]) -> str:
        first = run[0]
        number = first.coded.font
        font = self._name("Font", f"KzF{number}", mupdf.pdf_new_indirect(self._pdf, number, 0))
        a, b, c, d = first.em
        onto = joined((a, b, c, d, first.x, first.y), self._to_pdf)
        look = _look(first, math.sqrt(abs(onto[0] * onto[3] - onto[1] * onto[2])))
        if first.alpha < 1:
            look = f"/{self._transparency(first.alpha)} gs {look}"
        em = math.hypot(a, b)
        shown, pen = [], 0.0
        for placed in run:
            offset = ((placed.x - first.x) * a + (placed.y - first.y) * b) / (em * em)
            if abs(offset - pen) > 0.0005:
                shown.append(_number((pen - offset) * 1000))
            shown.append(f"<{placed.coded.code.hex()}>")
            pen = offset + placed.coded.advance
        text = f"BT /{font} 1 Tf {look} {_matrix(onto)} Tm [{' '.join(shown)}] TJ ET"
        return f"/Span <</ActualText ()>> BDC {text} EMC" if first.echo else text

    def _transparency(self, alpha: float) -> str:
        state = mupdf.pdf_new_dict(self._pdf, 2)
        for key in ("ca", "CA"):
            mupdf.pdf_dict_puts(state, key, mupdf.pdf_new_real(alpha))
        return self._name("ExtGState", f"KzG{round(alpha * 1000)}", state)

    def _path(self, x0: float, y0: float, x1: float, y1: float) -> str:
        corners = [through(self._to_pdf, *at) for at in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]
        first, *rest = [f"{_number(x)} {_number(y)}" for x, y in corners]
        return f"{first} m " + " ".join(f"{each} l" for each in rest) + " h"


def _parts(contents: Any) -> Iterator[Any]:
    if mupdf.pdf_is_array(contents):
        for at in range(mupdf.pdf_array_len(contents)):
            yield mupdf.pdf_array_get(contents, at)
    elif contents.m_internal:
        yield contents


def _runs(glyphs: list[Placed]) -> Iterator[list[Placed]]:
    run: list[Placed] = []
    for glyph in glyphs:
        if run and not _goes_on(run[-1], glyph):
            yield run
            run = []
        run.append(glyph)
    if run:
        yield run


def _goes_on(one: Placed, other: Placed) -> bool:
    """Whether ``other`` stands on the line of ``one`` and looks the same."""
    a, b, _, _ = one.em
    look = (one.coded.font, one.colour, one.alpha, one.render, one.echo)
    if look != (other.coded.font, other.colour, other.alpha, other.render, other.echo):
        return False
    if any(abs(p - q) > 0.001 for p, q in zip(one.em, other.em, strict=True)):
        return False
    aside = ((other.x - one.x) * b - (other.y - one.y) * a) / (a * a + b * b)
    return abs(aside) < NEAR_ENOUGH


def _look(placed: Placed, size: float) -> str:
    colour = _colour(placed.colour)
    strokes = placed.render in (STROKED, BOTH)
    line = f" {colour} RG {_number(THICKENING * size)} w 0 J 0 j [] 0 d" if strokes else ""
    return f"{colour} rg{line} {placed.render} Tr 0 Tc 0 Tw 100 Tz 0 Ts"


def _colour(colour: int) -> str:
    return " ".join(_number(part / 255) for part in colour.to_bytes(3, "big"))


def _matrix(matrix: Matrix) -> str:
    return " ".join(_number(part) for part in matrix)


def _number(number: float) -> str:
    return f"{number:.5f}".rstrip("0").rstrip(".") or "0"
