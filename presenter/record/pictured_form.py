"""Pictures of pages at the end of a filled form, beside each other, with what each is below it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Emu, Pt

from presenter.record.plain import PAGES_SHOWN
from presenter.record.thumbnails import Thumbnail

PAPER = {"page_width": Cm(21), "page_height": Cm(29.7), "left_margin": Cm(2), "right_margin": Cm(2)}
LEAST_WIDE = Cm(8)
LEAST_ACROSS, ROOM, GAP = 2, Pt(240), Pt(12)
HIGHEST = Pt(150)
HEAD, CAPTION = Pt(10.5), Pt(8.5)
EDGE = f'<a:ln {nsdecls("a")} w="6350"><a:solidFill><a:srgbClr val="B3B3B3"/></a:solidFill></a:ln>'


def pictured(form: bytes, pictures: Sequence[Thumbnail]) -> bytes:
    """The form with a sheet of pictures, and as many more as they take, behind it."""
    document = Document(io.BytesIO(form))
    wide = _between_margins(document)
    heading = document.add_paragraph()
    heading.paragraph_format.page_break_before = True
    heading.paragraph_format.keep_with_next = True
    heading.paragraph_format.space_after = Pt(6)
    run = heading.add_run(PAGES_SHOWN)
    run.bold, run.font.size = True, HEAD
    across = max(LEAST_ACROSS, wide // ROOM)
    for start in range(0, len(pictures), across):
        _row(document, pictures[start : start + across], across, wide)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _between_margins(document: Any) -> int:
    """Of its last part; where a form says nothing of its paper, that is A4, upright."""
    document.element.body.get_or_add_sectPr()
    section = document.sections[-1]
    for name, usual in PAPER.items():
        if getattr(section, name) is None:
            setattr(section, name, usual)
    return max(LEAST_WIDE, section.page_width - section.left_margin - section.right_margin)


def _row(document: Any, row: Sequence[Thumbnail], across: int, wide: int) -> None:
    """A table of one row that no sheet's end divides."""
    table = document.add_table(rows=1, cols=across)
    table.autofit = False
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(properties.makeelement(qn("w:cantSplit"), {}))
    room = wide // across - GAP
    for cell, each in zip(table.rows[0].cells, row, strict=False):
        cell.width = Emu(wide // across)
        scale = min(room / each.width, HIGHEST / each.height)
        paragraph = cell.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = True
        run = paragraph.add_run()
        size = Emu(round(each.width * scale)), Emu(round(each.height * scale))
        run.add_picture(io.BytesIO(each.jpeg), *size)
        _described(run, each.caption)
        below = cell.add_paragraph()
        below.alignment = WD_ALIGN_PARAGRAPH.CENTER
        below.paragraph_format.space_after = Pt(6)
        below.add_run(each.caption).font.size = CAPTION


def _described(run: Any, words: str) -> None:
    """Words for who cannot see it, and an edge: a page is as white as the sheet."""
    for properties in run._r.iter(qn("wp:docPr")):
        properties.set("descr", words)
    for shape in run._r.iter(qn("pic:spPr")):
        shape.append(parse_xml(EDGE))
