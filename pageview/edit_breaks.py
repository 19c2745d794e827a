"""What an edit of a paper would break, said before it is made. Only in the render process."""

from __future__ import annotations

from typing import Any

import pymupdf

from pageview.page_edits import Breaks
from pageview.pdf_paper import PdfPaper

mupdf = pymupdf.mupdf

MAX_FIELDS = 2_000
SIGNATURES_EXIST = 1


def what_breaks(paper: PdfPaper) -> Breaks:
    """Of the paper as its author gave it away; an edited page is a file of its own without these."""
    document = paper.document
    pdf = mupdf.pdf_document_from_fz_document(document.this)
    trailer = mupdf.pdf_trailer(pdf)
    root = mupdf.pdf_dict_gets(trailer, "Root")
    found = Breaks.NOTHING
    if mupdf.pdf_dict_gets(trailer, "Encrypt").m_internal:
        found |= Breaks.ENCRYPTED
        if not document.permissions & pymupdf.PDF_PERM_MODIFY:
            found |= Breaks.FORBIDDEN
    form = mupdf.pdf_dict_gets(root, "AcroForm")
    fields = mupdf.pdf_dict_gets(form, "Fields")
    flags = mupdf.pdf_to_int(mupdf.pdf_dict_gets(form, "SigFlags"))
    certified = mupdf.pdf_dict_gets(mupdf.pdf_dict_gets(root, "Perms"), "DocMDP").m_internal
    if flags & SIGNATURES_EXIST or certified or _has_signature(fields):
        found |= Breaks.SIGNED
    if mupdf.pdf_array_len(fields) or mupdf.pdf_dict_gets(form, "XFA").m_internal:
        found |= Breaks.FORM
    if mupdf.pdf_dict_gets(root, "StructTreeRoot").m_internal:
        found |= Breaks.TAGGED
    if paper.repaired:
        found |= Breaks.DAMAGED
    return found


def _has_signature(fields: Any) -> bool:
    """Whether a field is signed; an empty place for a signature breaks nothing."""
    waiting, seen = [fields], 0
    while waiting:
        array = waiting.pop()
        for at in range(mupdf.pdf_array_len(array)):
            seen += 1
            if seen > MAX_FIELDS:
                return True  # nobody can say; better said once too often
            field = mupdf.pdf_array_get(array, at)
            kind = mupdf.pdf_to_name(mupdf.pdf_dict_get_inheritable(field, mupdf.pdf_new_name("FT")))
            if kind == "Sig" and mupdf.pdf_dict_gets(field, "V").m_internal:
                return True
            waiting.append(mupdf.pdf_dict_gets(field, "Kids"))
    return False
