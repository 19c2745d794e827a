"""The characters of a page, read from its contents. Only in the render process.

Annotations and form fields are not read: what is selected here can be edited in the page itself.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pymupdf

from pageview import fonts_in_pdf
from pageview.page_text import MAX_CHARACTERS, MAX_LINES, MAX_STYLES, PageText, Style, TextLine
from pageview.pdf_paper import CENTIPOINT, CannotShow, PdfPaper
from protocol.errors import Fault

mupdf = pymupdf.mupdf

READ_AS = mupdf.FZ_STEXT_PRESERVE_LIGATURES | mupdf.FZ_STEXT_PRESERVE_WHITESPACE
FURTHEST = 20_000_000
SUBSET_NAME = re.compile(r"^[A-Z]{6}\+")
UNKNOWN = "\ufffd"


class Reading:
    """The text of one page, and where each of its characters stands in MuPDF's page space (points)."""

    def __init__(self, page: Any) -> None:
        """CannotShow for a page that cannot be read."""
        self.origins: list[list[tuple[float, float]]] = []
        """For each line of ``text``, the origin of each character; the same as what MuPDF draws at."""
        self._styles: dict[Style, int] = {}
        self._left = MAX_CHARACTERS
        self._complete = True
        try:
            read = mupdf.FzStextPage(page, mupdf.FzStextOptions(READ_AS))
            blocks = pymupdf.TextPage(read).extractRAWDICT()["blocks"]
        except Exception as error:
            raise CannotShow("damaged", Fault.PAGE_UNSHOWABLE) from error
        lines: list[TextLine] = []
        for number, block in enumerate(blocks[:MAX_LINES]):
            for line in block.get("lines", ()):
                if len(lines) == MAX_LINES or self._left <= 0:
                    self._complete = False
                    break
                taken = self._line(number, line)
                if taken is not None:
                    lines.append(taken)
        self.text = PageText(tuple(lines), tuple(self._styles), self._complete)

    def _line(self, block: int, line: dict[str, Any]) -> TextLine | None:
        signs: list[str] = []
        edges: list[int] = []
        origins: list[tuple[float, float]] = []
        runs: list[int] = []
        every = [each["c"] for span in line["spans"] for each in span["chars"]]
        seen = -1
        for span in line["spans"]:
            start = len(signs)
            for each in span["chars"]:
                seen += 1
                box = _edges(each["bbox"])
                if box is not None and not (each["synthetic"] and _is_by_wide(every, seen)):
                    signs.append(known_sign(each["c"]))
                    edges += box
                    origins.append(each["origin"])
            if len(signs) > start:
                runs += (start, self._style(span))
        if len(signs) > self._left:
            self._complete = False
        if not "".join(signs).strip() or len(signs) > self._left:
            return None
        self._left -= len(signs)
        self.origins.append(origins)
        (across, down), (x, y) = line["dir"], origins[0]
        return TextLine(
            block=block,
            text="".join(signs),
            edges=tuple(edges),
            origin=(_within(x * CENTIPOINT), _within(y * CENTIPOINT)),
            runs=tuple(runs),
            along=(_within(across * 1000, 1000), _within(down * 1000, 1000)),
            vertical=bool(line["wmode"]),
        )

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


def _is_by_wide(signs: list[str], at: int) -> bool:
    """Whether a Japanese sign stands beside: a gap there is a matter of setting, not of words."""
    beside = signs[max(0, at - 1) : at] + signs[at + 1 : at + 2]
    return any(unicodedata.east_asian_width(sign) in "WF" for sign in beside)


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


def _edges(box: tuple[float, ...]) -> tuple[int, ...] | None:
    if not all(abs(edge) * CENTIPOINT < FURTHEST for edge in box):  # also refuses NaN
        return None
    x0, y0, x1, y1 = (round(edge * CENTIPOINT) for edge in box)
    return x0, y0, max(x1, x0 + 1), max(y1, y0 + 1)
