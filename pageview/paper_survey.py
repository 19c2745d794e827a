"""What somebody should know of a page before it is shown: fonts that it does not carry, comments that were
left in it, and who made the paper. Only in the render process.
"""

from __future__ import annotations

from typing import Any

import pymupdf

from pageview.pdf_paper import CONTROLS, CannotShow, PdfPaper
from pageview.render_messages import FONT_NAME, FONTS_NAMED, MADE_BY
from protocol.errors import Fault

mupdf = pymupdf.mupdf

NOT_IN_FILE = "n/a"
DRAWN_BY_ITSELF = "Type3"
EVERYWHERE = frozenset({"Symbol", "ZapfDingbats"})
"""Beside Helvetica, Times and Courier: what every program that shows a PDF has."""
ALSO_EVERYWHERE = ("Helvetica", "Times-", "Courier")
NO_COMMENTS = frozenset(
    {
        mupdf.PDF_ANNOT_LINK,
        mupdf.PDF_ANNOT_POPUP,
        mupdf.PDF_ANNOT_WIDGET,
        mupdf.PDF_ANNOT_WATERMARK,
        mupdf.PDF_ANNOT_PRINTER_MARK,
        mupdf.PDF_ANNOT_TRAP_NET,
    }
)


def survey(paper: PdfPaper, index: int) -> tuple[tuple[str, ...], int, str]:
    """(names of fonts that are not in the file, number of comments, who made the paper: with page 0)."""
    try:
        page = paper.document[index]
        fonts = sorted({_plain(font[3]) for font in page.get_fonts() if _is_lacking(*font[1:4])})
        comments = sum(annotation.type[0] not in NO_COMMENTS for annotation in page.annots())
        author = (paper.document.metadata or {}).get("author") or "" if index == 0 else ""
    except Exception as error:
        raise CannotShow("damaged", Fault.PAGE_UNSHOWABLE) from error
    return tuple(fonts[:FONTS_NAMED]), min(comments, 10_000), _plain(author)[:MADE_BY]


def _is_lacking(ending: str, kind: str, name: Any) -> bool:
    plain = str(name)
    usual = plain in EVERYWHERE or plain.startswith(ALSO_EVERYWHERE)
    return ending == NOT_IN_FILE and kind != DRAWN_BY_ITSELF and not usual


def _plain(name: Any) -> str:
    return CONTROLS.sub("", str(name)).encode("utf-8", "replace").decode().strip()[:FONT_NAME]
