"""The record of a briefing in every form: an hour, 60 pages, 40 items, 30 corrections; from journal to files,
four forms filled, the render process's start included.

The reference is what the same library needs only to open and to write the form once.
"""

from __future__ import annotations

import io
import statistics
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from docx import Document

import assets
from benchmarks.harness import Figure, Limit, figure
from pageview.exporter import Exporter
from pageview.segments import SegmentStore
from pageview.whole_file import write_whole
from presenter.read_back import folded
from presenter.record import forms
from presenter.record.draft import drafted
from presenter.record.gathering import Occasion, facts_of
from presenter.record.outputs import EVERY, made
from protocol.journal import Attended, Entry, Noted
from protocol.messages import Committed
from protocol.minutes import Answered, Carried, MinutesKind
from protocol.ops import AssignMinutes, OfferPaper, Op, OpenCorrection, OpenMinutes, SetReply
from protocol.registers import Registers, SetScreen, ShowView, replaced
from protocol.values import OWNER, Blob, EditionPage, OpId, PageRef, Rect, Role, Screen, View

PAGES, ITEMS, CORRECTIONS, PEOPLE, MINUTES = 60, 40, 30, 12, 60
RUNS = 7
BEGAN = 1_795_750_000
SHA = bytes(32)


def run() -> Iterable[Figure]:
    """The figure."""
    entries = _entries()
    samples, references = [], []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as folder:
            samples.append(_record(entries, Path(folder)))
        references.append(_bare())
    count = len(forms.NAMES)
    how = f"{MINUTES} minutes, {PAGES} pages, {ITEMS} items, {CORRECTIONS} corrections, {count} forms"
    yield figure("record", "s", samples, Limit("max", 5.0), reference=statistics.median(references), how=how)


def _record(entries: tuple[Entry, ...], folder: Path) -> float:
    began = time.perf_counter()
    log = [entry.record for entry in entries if isinstance(entry.record, Committed)]
    record = drafted(facts_of(folded(log, Registers()), entries, Occasion("財政課", "佐藤")))
    exporter = Exporter(SegmentStore())
    try:
        out = made(record, EVERY, forms.NAMES, None, exporter)
    finally:
        exporter.close()
    for name, data in out.files.items():
        write_whole(data, folder / name)
    took = time.perf_counter() - began
    if out.missing or len(out.files) != len(forms.NAMES) + 3 or len(record.facts.minutes) != ITEMS:
        raise RuntimeError(f"not everything was made: {out.told}")
    return took


def _bare() -> float:
    began = time.perf_counter()
    Document(str(assets.FORMS / f"{forms.NAMES[0]}.docx")).save(io.BytesIO())
    return time.perf_counter() - began


def _entries() -> tuple[Entry, ...]:
    """A briefing of an hour in which each page is shown for a minute."""
    pages = tuple(EditionPage(n, PageRef(SHA, n), 84_200, 59_500) for n in range(PAGES))
    ops: list[tuple[int, Op]] = [(0, OfferPaper(1, "予算案", Blob(SHA, 1), pages))]
    for n in range(ITEMS):
        at, page = 60 + n * 85, n * PAGES // ITEMS
        kind = MinutesKind(n % 6)
        text = "前年度の実績を踏まえて、事業の規模を土木事務所ごとに見直す。" * (1 + n % 3)
        ops.append((at, OpenMinutes(n, kind, page, text, BEGAN + at, "総務部長")))
        if kind is MinutesKind.QUESTION:
            ops.append((at, SetReply(n, Carried() if n % 4 else Answered(page, "済み"), BEGAN + at)))
        ops.append((at, AssignMinutes(n, "河川課 中村", "12月4日")))
    for n in range(CORRECTIONS):
        at = 90 + n * 110
        place = (Rect(0, 0, 9_000, 1_000),)
        ops.append((at, OpenCorrection(1_000 + n, n, 1, place, "87.0％（見込み）", "87.3％", BEGAN + at)))
    ops.sort(key=lambda each: each[0])
    entries = [
        Entry(1000 * (BEGAN + at), Committed(n + 1, OpId(OWNER, n), op)) for n, (at, op) in enumerate(ops)
    ]
    shown = replaced(Registers(), SetScreen(Screen.SHOW), 1)
    for n in range(PAGES):
        view = ShowView(View(n, Rect(0, 0, 84_200, 59_500)))
        entries.append(Entry(1000 * (BEGAN + n * 60), Noted(replaced(shown, view, n + 2))))
    for n in range(PEOPLE):
        entries.append(Entry(1000 * (BEGAN + n), Attended(n + 1, f"参加者{n + 1}", Role.PARTICIPANT, True)))
    return tuple(sorted(entries, key=lambda entry: entry.at))
