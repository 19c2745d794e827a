"""The characters of a page, read from its contents. Only in the render process.

Annotations and form fields are not read: what is selected here can be edited in the page itself.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import cache
from typing import Any

import pymupdf

from pageview import fonts_in_pdf
from pageview.page_text import MAX_CHARACTERS, MAX_LINES, MAX_STYLES, PageText, Style
from pageview.pdf_paper import CENTIPOINT, CannotShow, PdfPaper
from pageview.raw_lines import Letter, RawLine, joined_lines, with_columns
from pageview.rulings import rulings
from protocol.errors import Fault

mupdf = pymupdf.mupdf

READ_AS = mupdf.FZ_STEXT_PRESERVE_LIGATURES | mupdf.FZ_STEXT_PRESERVE_WHITESPACE
FURTHEST = 20_000_000
codecs.lookup("cp932")  # Python loads a codec with its first use, which the cage would refuse
SUBSET_NAME = re.compile(r"^[A-Z]{6}\+")
UNKNOWN = "\ufffd"


class Reading:
    """The text of one page, and where each of its characters stands in MuPDF's page space (points)."""

    def __init__(self, page: Any) -> None:
        """CannotShow for a page that cannot be read."""
        self.origins: list[list[tuple[float, float]]]
        """For each line of ``text``, the origin of each character; the same as what MuPDF draws at."""
        self._styles: dict[Style, int] = {}
        self._left = MAX_CHARACTERS
        self._lines = 0
        self._complete = True
        try:
            read = mupdf.FzStextPage(page, mupdf.FzStextOptions(READ_AS))
            blocks = pymupdf.TextPage(read).extractRAWDICT()["blocks"]
        except Exception as error:
            raise CannotShow("damaged", Fault.PAGE_UNSHOWABLE) from error
        raw = [
            taken
            for number, block in enumerate(blocks[:MAX_LINES])
            for line in block.get("lines", ())
            if (taken := self._line(number, line)) is not None
        ]
        lines = [line.text_line() for line in joined_lines(with_columns(raw, cache(lambda: rulings(page))))]
        self.origins = [origins for _, origins in lines]
        self.text = PageText(tuple(line for line, _ in lines), tuple(self._styles), self._complete)

    def _line(self, block: int, line: dict[str, Any]) -> RawLine | None:
        letters: list[Letter] = []
        for span in line["spans"]:
            style = self._style(span)
            for each in span["chars"]:
                box = _edges(each["bbox"])
                if box is not None:
                    sign = known_sign(each["c"])
                    letters.append(Letter(sign, box, each["origin"], style, each["synthetic"]))
        if all(letter.sign.isspace() for letter in letters):
            return None
        self._lines += 1
        self._left -= len(letters)
        if self._left < 0 or self._lines > MAX_LINES:
            self._complete = False
            return None
        across, down = line["dir"]
        along = (_within(across * 1000, 1000), _within(down * 1000, 1000))
        return RawLine(block, letters, along, bool(line["wmode"]))

    def _style(self, span: dict[str, Any]) -> int:
        flags = span["flags"]
        name = font_name(span["font"])
        style = Style(
            font=name,
            size=max(0, _within(span["size"] * CENTIPOINT, 10_000_000)),
            colour=span["color"] & 0xFFFFFF,
            bold=bool(flags & pymupdf.TEXT_FONT_BOLD or span.get("char_flags", 0) & mupdf.FZ_STEXT_BOLD),
            serif=fonts_in_pdf.is_mincho(name, serif=bool(flags & pymupdf.TEXT_FONT_SERIFED)),
        )
        if style not in self._styles and len(self._styles) == MAX_STYLES:
            return MAX_STYLES - 1
        return self._styles.setdefault(style, len(self._styles))


def read_characters(paper: PdfPaper, index: int) -> PageText:
    """The characters of a page in page space; CannotShow."""
    return Reading(paper.page(index)).text


def known_sign(sign: str) -> str:
    """A character as people mean it: radicals as the kanji they look like, nothing unseen or half."""
    if "\u2e80" <= sign <= "\u2fd5":  # Qt and others name 日 by its radical, whose glyph is the same
        kanji = unicodedata.normalize("NFKC", sign)
        return kanji if len(kanji) == 1 else sign
    if sign == "\xad":
        return "-"
    return sign if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn") else UNKNOWN


def font_name(name: str) -> str:
    """A font's name without the letters of its subset; Japanese ones are often written in code page 932."""
    if not name.isascii():
        name = name.encode("utf-8", "surrogateescape").decode("cp932", "replace") if _is_raw(name) else name
    clean = "".join(known_sign(sign) for sign in name[:200])
    return SUBSET_NAME.sub("", clean)[:80]


def _is_raw(name: str) -> bool:
    return any("\udc80" <= sign <= "\udcff" for sign in name)


def _within(number: float, most: int = FURTHEST) -> int:
    """To the nearest whole number, in bounds; 0 for what is none."""
    return round(min(max(number, -most), most)) if number == number else 0


def _edges(box: tuple[float, ...]) -> tuple[int, int, int, int] | None:
    if not all(abs(edge) * CENTIPOINT < FURTHEST for edge in box):  # also refuses NaN
        return None
    x0, y0, x1, y1 = (round(edge * CENTIPOINT) for edge in box)
    return x0, y0, max(x1, x0 + 1), max(y1, y0 + 1)
