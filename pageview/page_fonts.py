"""What words can be written with: the page's own fonts, glyph by glyph, else bundled ones cut to measure.

Only in the render process. A PDF says little of what its fonts can do, and some of it is wrong: a subset
lists letters whose outlines it has dropped. So every glyph is tried: codes are drawn on a sheet of their own,
and MuPDF says which sign, which glyph and which width came of each.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from unicodedata import combining

import pymupdf
import uharfbuzz

from pageview import fonts_in_pdf
from pageview.page_characters import known_sign
from pageview.page_glyphs import drawn_glyphs

mupdf = pymupdf.mupdf

MAX_FONTS = 100
MAX_FORMS = 200
MAX_CODES = 3_000
MAX_SIGNS = 100_000
SHEET, PACE = 14_000, 10
# Encodings whose codes are those of a codec, for fonts that tell no more (often not in the file at all).
CODECS = (
    (re.compile(r"^90m?sp?-RKSJ-H$"), "cp932"),
    (re.compile(r"^UniJIS\d*-(UCS2|UTF16)(-HW)?-H$"), "utf-16-be"),
    (re.compile(r"^EUC-H$"), "euc_jp"),
)
for _, _codec in CODECS:
    codecs.lookup(_codec)  # Python loads a codec with its first use, which the cage would refuse
# Whatever a font's encoding is, it has something for one of these (A, あ).
SOME_CODES = (b"A", b"\0\1", b"\x82\xa0", b"\x30\x42", b"\xa4\xa2")
TO_UNICODE_LIMIT = 2 * 2**20


Wish = tuple[int, str, tuple[int, int] | None]
"""MuPDF's font, sign, and which (glyph, CID) it must be; None: any that reads as the sign."""


@dataclass(frozen=True)
class Coded:
    """A sign as it is written with one font: what the page calls the font by, code, width in ems."""

    font: int
    """Number of the font's object."""
    code: bytes
    advance: float


@dataclass(frozen=True)
class _Tried:
    sign: str
    pointer: int
    gid: int
    advance: float
    has_shape: bool


class PageFonts:
    """The fonts that the single page of a document uses."""

    def __init__(self, doc: Any) -> None:
        self._doc = doc
        self._pdf = mupdf.pdf_document_from_fz_document(doc.this)
        self._kinds: dict[int, tuple[str, str]] = {}
        for number, _, kind, _, _, encoding, *_ in doc.get_page_fonts(0, full=True)[:MAX_FONTS]:
            if number > 0 and not encoding.endswith("-V"):
                self._kinds[number] = (kind, encoding)
        self._tables: dict[int, dict[str, set[bytes]]] = {}
        self._numbers: dict[int, int] = {}
        self._kept: list[dict[int, Any]] = []
        """Fonts that were met: as long as they are kept, no other gets the number of one."""
        self._found: dict[Wish, Coded | None] = {}
        ones = [
            (number, code)
            for number, (kind, _) in self._kinds.items()
            for code in (SOME_CODES if kind == "Type0" else SOME_CODES[:1])
        ]
        for (number, _), tried in zip(ones, self._try(ones), strict=True):
            if tried is not None:
                self._numbers.setdefault(tried.pointer, number)

    def learn(self, wishes: Iterable[Wish]) -> None:
        """Finds out how fonts write signs, all at once; then ``coded`` knows."""
        fresh = dict.fromkeys(wish for wish in wishes if wish not in self._found)
        if not fresh:
            return
        codes = [
            (wish, number, code)
            for wish in fresh
            if (number := self._numbers.get(wish[0])) is not None
            for code in self._codes(number, wish)
        ][:MAX_CODES]
        self._found.update(dict.fromkeys(fresh))
        tries = self._try([(number, code) for _, number, code in codes])
        for (wish, number, code), tried in zip(codes, tries, strict=True):
            if tried is None or self._found[wish] is not None:
                continue
            _, sign, glyph = wish
            usable = tried.sign == sign and tried.has_shape and (tried.advance > 0 or combining(sign) > 0)
            if usable if glyph is None else tried.gid == glyph[0]:
                self._found[wish] = Coded(number, code, tried.advance)

    def coded(self, wish: Wish) -> Coded | None:
        """How a font writes a sign; None when it cannot, or when nobody had it learnt."""
        return self._found.get(wish)

    def _codes(self, number: int, wish: Wish) -> list[bytes]:
        """Codes that may write a sign, the likeliest first: that by which the page itself writes it."""
        _, sign, glyph = wish
        kind, encoding = self._kinds[number]
        codes: list[bytes] = []
        if glyph is not None and kind != "Type0" and 0 <= glyph[1] < 256:
            codes.append(bytes([glyph[1]]))
        if glyph is not None and encoding.startswith("Identity") and 0 <= glyph[1] < 0x10000:
            codes.append(glyph[1].to_bytes(2, "big"))
        if kind == "Type0":
            codes += [sign.encode(codec, "ignore") for name, codec in CODECS if name.match(encoding)]
        codes += sorted(self._table(number).get(sign, ()))
        return [code for code in dict.fromkeys(codes) if code]

    def _table(self, number: int) -> dict[str, set[bytes]]:
        """Sign → codes, as the font tells (Type0), or as MuPDF understands it (fonts of 256 codes)."""
        if number not in self._tables:
            table: dict[str, set[bytes]] = {}
            if self._kinds[number][0] == "Type0":
                pairs: Iterator[tuple[bytes, str]] = islice(_to_unicode(self._doc, number), MAX_SIGNS)
            else:
                every = [(number, bytes([code])) for code in range(256)]
                tries = self._try(every)
                pairs = ((code, t.sign) for (_, code), t in zip(every, tries, strict=True) if t is not None)
            for code, sign in pairs:
                table.setdefault(sign, set()).add(code)
            self._tables[number] = table
        return self._tables[number]

    def _try(self, codes: list[tuple[int, bytes]]) -> list[_Tried | None]:
        """Draws each code on a sheet that is thrown away."""
        if not codes:
            return []
        numbers = {number for number, _ in codes}
        fonts = mupdf.pdf_new_dict(self._pdf, len(numbers))
        for number in numbers:
            mupdf.pdf_dict_puts(fonts, f"F{number}", mupdf.pdf_new_indirect(self._pdf, number, 0))
        resources = mupdf.pdf_new_dict(self._pdf, 1)
        mupdf.pdf_dict_puts(resources, "Font", fonts)
        marks = [
            f"/F{number} 1 Tf 1 0 0 1 {_column(at)} {_row(at)} Tm <{code.hex()}> Tj"
            for at, (number, code) in enumerate(codes)
        ]
        content = f"BT {' '.join(marks)} ET".encode()
        box = mupdf.FzRect(0, 0, SHEET, SHEET)
        drawing = mupdf.fz_new_buffer_from_copied_data(content)
        sheet = mupdf.pdf_add_page(self._pdf, box, 0, resources, drawing)
        mupdf.pdf_insert_page(self._pdf, -1, sheet)
        try:
            page = mupdf.fz_load_page(mupdf.FzDocument(self._pdf), 1)
            found, fonts = _read_sheet(page, len(codes))
            self._kept.append(fonts)
            return found
        finally:
            mupdf.pdf_delete_page(self._pdf, 1)


def give_numbers(doc: Any) -> None:
    """Makes objects of fonts that stand in the only page's resources themselves: others are not found."""
    pdf = mupdf.pdf_document_from_fz_document(doc.this)
    sheet = mupdf.pdf_lookup_page_obj(pdf, 0)
    waiting = [mupdf.pdf_dict_get_inheritable(sheet, mupdf.pdf_new_name("Resources"))]
    for _ in range(MAX_FORMS):
        if not waiting:
            return
        resources = waiting.pop()
        fonts = mupdf.pdf_dict_gets(resources, "Font")
        for at in range(mupdf.pdf_dict_len(fonts)):
            font = mupdf.pdf_dict_get_val(fonts, at)
            if mupdf.pdf_is_dict(font) and not mupdf.pdf_is_indirect(font):
                mupdf.pdf_dict_put(fonts, mupdf.pdf_dict_get_key(fonts, at), mupdf.pdf_add_object(pdf, font))
        forms = mupdf.pdf_dict_gets(resources, "XObject")
        for at in range(mupdf.pdf_dict_len(forms)):
            inner = mupdf.pdf_dict_gets(mupdf.pdf_dict_get_val(forms, at), "Resources")
            if inner.m_internal:
                waiting.append(inner)


class CutFont:
    """A bundled face with the glyphs of some words only."""

    def __init__(self, face: Path, words: str) -> None:
        """``missing`` tells which signs the face does not have."""
        source = uharfbuzz.Face(uharfbuzz.Blob(bytes(fonts_in_pdf.face_data(face))))
        wish = uharfbuzz.SubsetInput()
        wish.unicode_set.update(map(ord, words))
        wish.flags = uharfbuzz.SubsetFlags.NO_HINTING
        wish.drop_table_tag_set.update(map(_tag, ("GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx")))
        data = uharfbuzz.subset(source, wish).blob.data
        buffer = mupdf.fz_new_buffer_from_copied_data(data)
        self._font = mupdf.fz_new_font_from_buffer(face.stem, buffer, 0, 0)
        self._gids = {sign: mupdf.fz_encode_character(self._font, ord(sign)) for sign in set(words)}
        self.missing = "".join(sorted(sign for sign, gid in self._gids.items() if gid <= 0))

    def put_into(self, doc: Any) -> dict[str, Coded]:
        """Embeds it; how each sign is written with it."""
        pdf = mupdf.pdf_document_from_fz_document(doc.this)
        font = mupdf.pdf_add_cid_font(pdf, self._font)
        if any(ord(sign) > 0xFFFF for sign in self._gids):
            # MuPDF writes 𠮷 as <20BB7>, which everybody reads as another sign and a 7.
            buffer = mupdf.fz_new_buffer_from_copied_data(_unicode_map(self._gids).encode())
            mupdf.pdf_update_stream(pdf, mupdf.pdf_dict_gets(font, "ToUnicode"), buffer, 0)
        number = mupdf.pdf_to_num(font)
        return {
            sign: Coded(number, gid.to_bytes(2, "big"), mupdf.fz_advance_glyph(self._font, gid, 0))
            for sign, gid in self._gids.items()
        }

    def advance(self, sign: str) -> float:
        """Width in ems."""
        return float(mupdf.fz_advance_glyph(self._font, self._gids[sign], 0))


def _unicode_map(gids: Mapping[str, int]) -> str:
    """The ToUnicode map of a font whose codes are its glyphs' numbers."""
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CMapName /KzToUnicode def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    signs = [f"<{gid:04X}> <{sign.encode('utf-16-be').hex()}>" for sign, gid in gids.items() if gid > 0]
    for start in range(0, len(signs), 100):
        part = signs[start : start + 100]
        lines += [f"{len(part)} beginbfchar", *part, "endbfchar"]
    return "\n".join([*lines, "endcmap CMapName currentdict /CMap defineresource pop end end"])


def _tag(name: str) -> int:
    return int.from_bytes(name.encode(), "big")


def _column(at: int) -> int:
    return PACE + PACE * (at % (SHEET // PACE - 2))


def _row(at: int) -> int:
    return SHEET - PACE - PACE * (at // (SHEET // PACE - 2))


def _read_sheet(page: Any, count: int) -> tuple[list[_Tried | None], dict[int, Any]]:
    places = {(_column(at), SHEET - _row(at)): at for at in range(count)}
    found: list[_Tried | None] = [None] * count
    glyphs, fonts = drawn_glyphs(page)
    for glyph in glyphs:
        at = places.get((round(glyph.x), round(glyph.y)))
        if at is not None and found[at] is None:
            has_shape = glyph.gid > 0 and (glyph.sign.isspace() or _has_outline(fonts[glyph.font], glyph.gid))
            found[at] = _Tried(glyph.sign, glyph.font, glyph.gid, glyph.advance, has_shape)
    return found, fonts


def _has_outline(font: Any, gid: int) -> bool:
    path = mupdf.fz_outline_glyph(font, gid, mupdf.FzMatrix())
    if not path.m_internal:
        return True  # a font of pictures (Type 3) has none; what it lists, it draws
    box = mupdf.fz_bound_path(path, mupdf.FzStrokeState(), mupdf.FzMatrix())
    return bool(box.x1 > box.x0 or box.y1 > box.y0)


BLOCKS = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
CODE = rb"<\s*((?:[0-9A-Fa-f]{2}){1,4})\s*>"
PAIR = re.compile(CODE + rb"\s*<\s*([0-9A-Fa-f\s]{2,40}?)\s*>")
SPAN = re.compile(CODE + rb"\s*" + CODE + rb"\s*(?:<\s*([0-9A-Fa-f]{2,40})\s*>|\[([^\]]*)\])")


def _to_unicode(doc: Any, number: int) -> Iterator[tuple[bytes, str]]:
    """(code, sign) of a font's ToUnicode map; signs of several letters are left out."""
    kind, value = doc.xref_get_key(number, "ToUnicode")
    if kind != "xref":
        return
    data = (doc.xref_stream(int(value.split()[0])) or b"")[:TO_UNICODE_LIMIT]
    for block, body in BLOCKS.findall(data):
        if block == b"bfchar":
            for code, sign in PAIR.findall(body):
                yield from _named(bytes.fromhex(code.decode()), sign)
            continue
        for first, last, sign, listed in SPAN.findall(body):
            size, start = len(first) // 2, int(first, 16)
            end = min(int(last, 16), start + 0xFFFF, 256**size - 1)
            if listed:
                signs = re.findall(rb"<\s*([0-9A-Fa-f]{2,40})\s*>", listed)
                for step, each in enumerate(signs[: end - start + 1]):
                    yield from _named((start + step).to_bytes(size, "big"), each)
            elif sign:
                for step in range(end - start + 1):
                    up = int(sign, 16) + step
                    yield from _named((start + step).to_bytes(size, "big"), b"%0*x" % (len(sign), up))


def _named(code: bytes, sign: bytes) -> Iterator[tuple[bytes, str]]:
    compact = sign.translate(None, b" \t\r\n\f")
    if len(compact) % 2 or not compact.isalnum():
        return
    text = bytes.fromhex(compact.decode()).decode("utf-16-be", "ignore")
    if len(text) == 1:
        yield code, known_sign(text)
