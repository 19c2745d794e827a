"""Carries out a job of exporting. Only in the render process."""

from __future__ import annotations

import pymupdf

from pageview.edit_breaks import what_breaks
from pageview.export_jobs import Form, Job, PaperJob, RecordJob, TableJob
from pageview.found_sheets import found_pdf
from pageview.ink_in_pdf import InkInPdf
from pageview.mark_up import MarkUps
from pageview.page_edits import Breaks
from pageview.pages_joined import Opened, joined_pages
from pageview.pdf_paper import PdfPaper
from pageview.record_pages import record_pdf
from pageview.table_pages import table_pdf


def exported(job: Job, opened: Opened) -> tuple[bytes, tuple[int, ...], bool]:
    """The PDF, numbers of corrections that are not on their page, and whether it was signed; CannotShow."""
    if isinstance(job, TableJob):
        return table_pdf(job), (), False
    if isinstance(job, RecordJob):
        return record_pdf(job), (), False
    if not isinstance(job, PaperJob):
        return found_pdf(job, opened), (), False
    signed = bool(what_breaks(opened(job.base)) & Breaks.SIGNED)
    paper = joined_pages(job.base, job.pages, opened)
    unplaced: list[int] = []
    if job.form is Form.MARKED_UP:
        unplaced = _mark_up(paper, job)
    else:
        ink = InkInPdf(paper, [drawn for page in job.pages for drawn in page.marks], job.names)
        for index, page in enumerate(job.pages):
            if page.marks:
                ink.lay(index, page.marks, flat=job.form is Form.FLATTENED)
    # 4: each edited page has brought the fonts of its paper along; the same stream is kept once.
    data = paper.document.tobytes(garbage=4, deflate=True, encryption=pymupdf.PDF_ENCRYPT_NONE)
    return data, tuple(unplaced), signed


def _mark_up(paper: PdfPaper, job: PaperJob) -> list[int]:
    shown = MarkUps(paper, [mark_up for page in job.pages for mark_up in page.mark_ups])
    for index, page in enumerate(job.pages):
        if page.mark_ups:
            shown.show(index, page.mark_ups)
        if page.gone:
            shown.cross_out(index)
    return shown.unplaced
