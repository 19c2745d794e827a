"""The table of corrections as a Word file."""

from __future__ import annotations

import io
import unicodedata
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from pageview.export_jobs import Cell
from presenter.correction_table import CENTRED, HEADINGS, SHARES, Table

FACE = "Yu Gothic"
A4 = Mm(297), Mm(210)
MARGIN = Mm(15)
GREY = "F0F0F0"


def docx_of(table: Table) -> bytes:
    """A4, lying; the head is repeated on each page, no row is broken, what differs is underlined."""
    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = A4
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    _set_font(document.styles["Normal"], 10)
    document.core_properties.title = table.title
    document.core_properties.author = ""
    document.core_properties.comments = ""
    title = document.add_paragraph()
    run = title.add_run(table.title)
    run.bold, run.font.size = True, Pt(16)
    document.add_paragraph(_legible(table.facts))
    _fill(document, table)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _fill(document: Any, table: Table) -> None:
    shares = [SHARES[place] for place in table.columns]
    widths = [int((A4[0] - 2 * MARGIN) * share / sum(shares)) for share in shares]
    centred = [HEADINGS[place] in CENTRED for place in table.columns]
    grid = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    grid.autofit = False
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    head = grid.add_row()
    for cell, words, width in zip(head.cells, table.headings, widths, strict=True):
        cell.width = width
        cell.paragraphs[0].add_run(words).bold = True
        cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        shade = OxmlElement("w:shd")
        for key, value in (("val", "clear"), ("color", "auto"), ("fill", GREY)):
            shade.set(qn(f"w:{key}"), value)
        cell._tc.get_or_add_tcPr().append(shade)
    _mark_row(head, "w:tblHeader")
    for row in table.rows:
        made = grid.add_row()
        _mark_row(made, "w:cantSplit")
        for cell, said, width, middle in zip(made.cells, table.cells(row), widths, centred, strict=True):
            cell.width = width
            _write(cell.paragraphs[0], said)
            if middle:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER


def _write(paragraph: Any, cell: Cell) -> None:
    words, start, end = cell.text, cell.start, cell.end
    for part, underlined in ((words[:start], False), (words[start:end], True), (words[end:], False)):
        if part:
            paragraph.add_run(_legible(part)).underline = underlined or None


def _mark_row(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _set_font(style: Any, size: int) -> None:
    style.font.name, style.font.size = FACE, Pt(size)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FACE)
    style.paragraph_format.space_after = Pt(0)


def _legible(words: str) -> str:
    """Without what XML cannot hold."""
    return "".join(sign for sign in words if sign == "\n" or unicodedata.category(sign)[0] != "C")
