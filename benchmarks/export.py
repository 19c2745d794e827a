"""Everything that a briefing is exported to: 60 pages, 1,000 strokes, 30 corrections that are done; from the
wish to the last file on the disk, the render process's start included.

The reference is what the same library needs only to write the paper of 60 pages four times.
"""

from __future__ import annotations

import math
import random
import statistics
import tempfile
import time
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pymupdf

import assets
from benchmarks.harness import Figure, Limit, figure
from pageview.exporter import Exporter
from pageview.segments import SegmentStore
from presenter.export import USUAL, plan
from presenter.export_files import Originals, export
from protocol.corrections import Correction, CorrectionState
from protocol.ink import Colour, Drawn, MarkId, Pen, Stroke, Tool, packed
from protocol.marks import Ink
from protocol.model import Briefing, Edition, Item, Paper
from protocol.values import Blob, EditionPage, PageRef, Rect

PAGES, STROKES, CORRECTIONS, POINTS = 60, 1_000, 30, 50
RUNS = 7
WHEN = 1_795_750_000


def run() -> Iterable[Figure]:
    """The figure."""
    store = SegmentStore()
    briefing = _briefing(store)
    samples, references = [], []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as folder:
            samples.append(_export(briefing, store, Path(folder)))
        references.append(_bare(bytes(store.data(briefing.papers[0].blob.sha256))))
    store.wipe()
    how = f"{PAGES} pages, {STROKES} strokes of {POINTS} points, {CORRECTIONS} corrections"
    yield figure("export", "s", samples, Limit("max", 5.0), reference=statistics.median(references), how=how)


def _export(briefing: Briefing, store: SegmentStore, folder: Path) -> float:
    began = time.perf_counter()
    exporter = Exporter(store)
    try:
        originals = Originals((), (paper.blob for paper in briefing.papers))
        outcome = export(plan(briefing, USUAL, "財政課"), folder, exporter, originals, lambda *_: None)
    finally:
        exporter.close()
    took = time.perf_counter() - began
    if outcome.failed or len(outcome.written) != 6 or len(outcome.told) > 1:
        raise RuntimeError(f"not everything was exported: {outcome.told}")
    return took


def _bare(data: bytes) -> float:
    began = time.perf_counter()
    for _ in range(4):
        with pymupdf.open(stream=data, filetype="pdf") as doc:
            doc.tobytes(garbage=3, deflate=True)
    return time.perf_counter() - began


def _briefing(store: SegmentStore) -> Briefing:
    """The sample of 24 pages two and a half times over; half of its pages were corrected."""
    with pymupdf.open(assets.SAMPLE_BUDGET) as sample, pymupdf.open() as doc:
        for start in range(0, PAGES, sample.page_count):
            doc.insert_pdf(sample, to_page=min(sample.page_count, PAGES - start) - 1)
        data = doc.tobytes(garbage=3)
    blob = Blob(sha256(data).digest(), len(data))
    store.add(data)
    with pymupdf.open(stream=data, filetype="pdf") as doc:
        sizes = [(round(page.rect.width * 100), round(page.rect.height * 100)) for page in doc]
        words = {index: _words(doc[index]) for index in range(CORRECTIONS)}
    pages = tuple(EditionPage(n, PageRef(blob.sha256, n), *size) for n, size in enumerate(sizes))
    edits = {index: _edit(store, data, index) for index in words}
    newest = tuple(
        _from_edit(page, edits[page.page_id].sha256) if page.page_id in edits else page for page in pages
    )
    paper = Paper(1, "予算案", blob, (Edition(1, pages), Edition(2, newest)), tuple(edits.values()))
    corrections = {
        index: Correction(
            index, index + 1, index, 1, (box,), before, None, 0, WHEN, CorrectionState.DONE, settled=2
        )
        for index, (before, box) in words.items()
    }
    items = {index: Item(index, index, "新しい文言", 0) for index in words}
    return replace(Briefing(), papers=(paper,), items=items, corrections=corrections, ink=_ink(sizes))


def _from_edit(page: EditionPage, blob: bytes) -> EditionPage:
    """The page, from an edit of it."""
    return EditionPage(page.page_id, PageRef(blob, 0), page.width, page.height)


def _edit(store: SegmentStore, data: bytes, index: int) -> Blob:
    """What an edit leaves: the page alone, with the fonts that it uses."""
    with pymupdf.open(stream=data, filetype="pdf") as doc:
        doc.select([index])
        doc[0].insert_text((40, 40), f"edit {index}", fontsize=8)
        pdf = doc.tobytes(garbage=3)
    store.add(pdf)
    return Blob(sha256(pdf).digest(), len(pdf))


def _words(page: pymupdf.Page) -> tuple[str, Rect]:
    """The longest line of a page, and where it stands."""
    lines = [line for block in page.get_text("dict")["blocks"] for line in block.get("lines", ())]
    longest = max(lines, key=lambda line: len(line["spans"][0]["text"]))
    span = longest["spans"][0]
    return span["text"].strip()[:20], Rect(*(round(edge * 100) for edge in span["bbox"]))


def _ink(sizes: list[tuple[int, int]]) -> Ink:
    rand = random.Random(27)
    pages: dict[int | None, dict[MarkId, Drawn]] = {}
    for n in range(STROKES):
        page_id = n % PAGES
        width, height = sizes[page_id]
        x, y, turn = rand.randint(0, width), rand.randint(0, height), rand.random() * 6
        xs, ys = [x], [y]
        for _ in range(POINTS - 1):
            turn += rand.uniform(-0.5, 0.5)
            xs.append(min(width, max(0, xs[-1] + round(200 * math.cos(turn)))))
            ys.append(min(height, max(0, ys[-1] + round(200 * math.sin(turn)))))
        tool = Tool.HIGHLIGHTER if n % 10 == 0 else Tool.PEN
        pen = Pen(tool, Colour(n // PAGES % 7), 1_200 if tool is Tool.HIGHLIGHTER else 150)
        pressures = bytes(rand.randint(60, 255) for _ in xs) if tool is Tool.PEN and n % 2 else b""
        id = MarkId(0, n)
        pages.setdefault(page_id, {})[id] = Drawn(
            id, Stroke(pen, xs[0], ys[0], packed(xs, ys), pressures), 2, WHEN
        )
    return Ink(pages, {0: STROKES}, STROKES)
