"""Looking up: a phrase over 10,000 pages of an archive, and reading one while a briefing runs at 4K.

``search``: from the question to the rows of the list, the index opened anew for each as the desk does; one or
two words of one sign to twelve. The reference is a bare scan of the same pages in memory.
``index``: milliseconds a page, from the first file to the last, while somebody turns pages.
``index_turn``: those turns; the reference is the median of the turns between them, with the reading held.
``presenter_memory``: all processes of that desk when everything is read.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path

import pymupdf

import assets
from benchmarks.harness import Figure, Limit, figure, process_tree, pss_mib
from benchmarks.page_turn import to_and_fro
from benchmarks.staging import Staged, paired
from pageview.priority import IDLING
from presenter.lookup.archive import SHOWN
from presenter.lookup.finds import archive_find
from presenter.lookup.folding import folded, words_of
from presenter.lookup.index import Index, Stamp, State

NAMES = ("search", "index", "index_turn", "presenter_memory")
SAMPLES = (assets.SAMPLE_BUDGET, assets.SAMPLE_MEMO, assets.SAMPLE_WIDE)
PAGES, A_FILE, SIGNS = 10_000, 20, 600
QUESTIONS = 200
NAME = "㐂"
"""Of every file: a sign that stands on no page."""
SETS = 200
"""So many that a hundred turns and more meet the reading, also where it is fast."""
BEGUN_S = 120
"""At most: the reading gives way to whatever else the machine does."""
TURNS, WARM_UP, PAUSE_S = 6, 8, 0.35


def run() -> Iterable[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        yield search(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        yield from reading(Path(folder))


def search(folder: Path) -> Figure:
    rand = random.Random(27)
    key = os.urandom(32)
    pages = _pages(rand)
    with Index(folder / "index", key) as index:
        for start in range(0, PAGES, A_FILE):
            index.put(f"/庫/{start}.pdf", NAME, Stamp(start, 1), State.READ, pages[start : start + A_FILE])
    plain = [folded(page)[0] for page in pages]
    samples, references = [], []
    for _ in range(QUESTIONS):
        words = words_of(_question(rand, pages))
        began = time.perf_counter()
        with Index(folder / "index", key) as index:
            hits = index.find(words, SHOWN)
        rows = [archive_find(hit, words) for hit in hits.first]
        samples.append((time.perf_counter() - began) * 1_000)
        began = time.perf_counter()
        found = sum(all(word in page for word in words) for page in plain)
        references.append((time.perf_counter() - began) * 1_000)
        if min(map(len, words)) > 1 and not (hits.count == found and rows):
            raise RuntimeError(f"{words}: {hits.count} pages found, there are {found}")
    how = f"a bare scan in memory; {PAGES} pages of {SIGNS} signs, {QUESTIONS} questions"
    return figure(
        "search", "ms", samples, Limit("p95", 100), reference=statistics.median(references), how=how
    )


def reading(folder: Path) -> Iterable[Figure]:
    """Turns by turns: while the archive is read, and while its reading is held. What else the machine does
    meets both alike."""
    archive = folder / "資料庫"
    pages = _fill(folder / "later")
    archive.mkdir()
    with paired(settings=f"\n[archive]\nfolder = '{archive}'\n") as staged:
        staged.start()
        moves = to_and_fro()
        for move in islice(moves, WARM_UP):
            _turn(staged, *move)
        (folder / "later").rename(archive / "more")
        for key in ("Ctrl+K", "Escape"):  # who opens the look-up has the folders looked through
            staged.desk.tell("key", key=key)
        began = staged.desk.wait("archive", lambda e: e["of"] and not e["resting"], within=BEGUN_S)["t"]
        turns = _few_turns(staged, moves)
        idle: list[float] = []
        held = 0
        while (done := _done(staged, began)) is None:
            since = time.monotonic_ns()
            with _held(staged):
                idle += _few_turns(staged, moves)
            held += time.monotonic_ns() - since
            turns += _few_turns(staged, moves)
        memory = pss_mib(process_tree(staged.desk.pid))
    a_page = (done - began - held) / 1e6 / pages
    how = f"none: absolute (20 ms: 50 pages a second); {pages} pages, {len(turns)} turns at 4K meanwhile"
    yield figure("index", "ms", [a_page], Limit("max", 20), how=how)
    how = f"the median of {len(idle)} turns in between, with the reading held; by turns of {TURNS}"
    yield figure("index_turn", "ms", turns, Limit("ratio", 1.1), reference=idle, how=how)
    how = "none: absolute; the desk and its processes, a briefing shown at 4K, the archive just read"
    yield figure("presenter_memory", "MiB", [memory], Limit("max", 600), how=how)


@contextmanager
def _held(staged: Staged) -> Iterator[None]:
    """What reads the archive stands still (Linux): known by how far it gives way."""
    tree = process_tree(staged.desk.pid)
    reading = [process for process in tree if os.getpriority(os.PRIO_PROCESS, process) >= IDLING]
    for process in reading:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in reading:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGCONT)


def _few_turns(staged: Staged, moves: Iterator[tuple[str, int]]) -> list[float]:
    """Without the first, before which the reading was begun or held."""
    return [_turn(staged, *move) for move in islice(moves, TURNS)][1:]


def _turn(staged: Staged, key: str, page: int) -> float:
    """One turn after a pause."""
    time.sleep(PAUSE_S)
    return staged.turn(key, page)


def _done(staged: Staged, began: int) -> int | None:
    """When the desk said that everything was read (monotonic ns); None: not yet."""
    said = (event for event in staged.desk.events if event["event"] == "archive" and event["t"] > began)
    return next((event["t"] for event in said if event["resting"] and event["done"]), None)


def _fill(archive: Path) -> int:
    """Files of the samples, over and over, each by many names; how many pages."""
    archive.mkdir()
    count = 0
    for sample in SAMPLES:
        first = archive / f"0 {sample.name}"
        shutil.copy(sample, first)
        for number in range(1, SETS):
            os.link(first, archive / f"{number} {sample.name}")
        with pymupdf.open(sample) as paper:
            count += paper.page_count * SETS
    return count


def _pages(rand: random.Random) -> list[str]:
    """Pages of the samples' lines in any order, each with figures of its own."""
    lines: list[str] = []
    for sample in SAMPLES:
        with pymupdf.open(sample) as paper:
            lines += [line for page in paper for line in page.get_text().split("\n") if len(line) > 6]
    pages = []
    for _ in range(PAGES):
        page: list[str] = []
        while sum(map(len, page)) < SIGNS:
            page.append(f"{rand.choice(lines)}{rand.randint(1, 99_999):,}")
        pages.append("\n".join(page))
    return pages


def _question(rand: random.Random, pages: list[str]) -> str:
    """Words that stand on a page, as somebody would type them."""
    line = rand.choice(rand.choice(pages).split("\n"))
    words = []
    for _ in range(rand.choice((1, 1, 2))):
        length = rand.choice((1, 2, 2, 3, 4, 6, 12))
        at = rand.randrange(max(1, len(line) - length))
        words.append(line[at : at + length].strip() or line[:2])
    return " ".join(words)
