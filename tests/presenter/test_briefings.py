"""Briefings on the disk: locked while they run, offered when left, gone when closed or too old."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pageview.segments import SegmentStore
from presenter.at_rest import AtRestKey, NotOurs
from presenter.briefing_disk import BriefingDisk
from presenter.briefings import About, Briefings
from presenter.paper_copies import CHUNK, LARGE, PaperCopies, copy_file, read_copy
from protocol.journal import Chain

ABOUT = About(
    "2026-11-24T10:26:00", "初動体制の見直し（案）", ("第三会議室",), 3, 30, {b"\1" * 32: b"\2" * 32}
)
SHA = b"\7" * 32


@pytest.fixture
def key(tmp_path: Path) -> AtRestKey:
    return AtRestKey.load_or_create(tmp_path / "state")


@pytest.fixture
def briefings(tmp_path: Path, key: AtRestKey) -> Briefings:
    return Briefings(tmp_path / "briefings", key)


def left_behind(briefings: Briefings, about: About = ABOUT) -> Path:
    """A briefing whose desk is gone without closing it."""
    disk = briefings.begin()
    disk.journal.append(b"record")
    disk.tell(about)
    disk.close(erase=False)
    return disk.folder


def test_one_that_was_not_closed_is_offered_and_nothing_of_it_is_legible(briefings: Briefings) -> None:
    folder = left_behind(briefings)
    left = briefings.left()
    assert left is not None
    assert (left.about, left.records) == (ABOUT, (b"record",))
    assert not any("初動".encode() in file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_one_that_its_person_closed_is_gone(briefings: Briefings) -> None:
    disk = briefings.begin()
    disk.journal.append(b"record")
    disk.close(erase=True)
    assert briefings.left() is None
    assert not disk.folder.exists()


def test_one_that_runs_is_not_offered_to_a_second_desk(briefings: Briefings) -> None:
    disk = briefings.begin()
    disk.journal.append(b"record")
    assert disk.journal.wait_written(10)
    look = (
        "import sys\nfrom pathlib import Path\nfrom presenter.at_rest import AtRestKey\n"
        "from presenter.briefings import Briefings\n"
        "key = AtRestKey.load_or_create(Path(sys.argv[1]).parent / 'state')\n"
        "print(Briefings(Path(sys.argv[1]), key).left())"
    )
    other = subprocess.run(
        [sys.executable, "-c", look, str(briefings.folder)], capture_output=True, text=True, check=True
    )
    assert other.stdout.strip() == "None"
    disk.close(erase=False)
    assert briefings.left() is not None


def test_the_newest_is_offered_first(briefings: Briefings) -> None:
    left_behind(briefings, About("2026-11-20T09:00:00", "古い", (), 1, 1))
    left_behind(briefings)
    left = briefings.left()
    assert left is not None
    assert left.about.title == ABOUT.title


def test_older_than_30_days_is_offered_once_more_then_deleted_and_counted(briefings: Briefings) -> None:
    folder = left_behind(briefings)
    now = datetime.now()
    assert briefings.expire(now + timedelta(days=29)) == 0
    assert briefings.expire(now + timedelta(days=31)) == 0
    assert briefings.left() is not None
    assert briefings.expire(now + timedelta(days=31, hours=23)) == 0
    assert briefings.expire(now + timedelta(days=32)) == 1
    assert not folder.exists()


@pytest.mark.parametrize("wrong", [datetime(1970, 1, 2), datetime.now() + timedelta(days=3_650)])
@pytest.mark.bad_input(row=56)
def test_a_wrong_clock_deletes_nothing_that_nobody_was_offered(briefings: Briefings, wrong: datetime) -> None:
    """Row 56: the clock was wrong while it was written, or is wrong now and right afterwards."""
    folder = left_behind(briefings)
    for file in folder.rglob("*"):
        os.utime(file, (wrong.timestamp(),) * 2)
    assert briefings.expire(datetime.now()) == 0
    assert briefings.left() is not None
    for file in folder.rglob("*"):
        os.utime(file)
    assert briefings.expire(wrong) == 0
    assert briefings.expire(datetime.now()) == 0
    assert briefings.left() is not None


def test_a_journal_without_its_label_is_still_offered(briefings: Briefings) -> None:
    folder = left_behind(briefings)
    (folder / "about").unlink()
    left = briefings.left()
    assert left is not None
    assert left.records == (b"record",)


# --- copies of papers -------------------------------------------------------------------------------------


def test_a_copy_comes_back_whole_and_is_not_legible(tmp_path: Path, key: AtRestKey) -> None:
    paper = random.Random(1).randbytes(3 * CHUNK + 17)
    copies = PaperCopies(tmp_path / "papers", key)
    copies.keep(SHA, memoryview(paper))
    copies.wait_written()
    copies.close()
    back = bytearray(len(paper))
    read_copy(tmp_path / "papers", key, SHA, memoryview(back))
    assert bytes(back) == paper
    assert paper[:64] not in copy_file(tmp_path / "papers", key, SHA).read_bytes()


def test_a_large_copy_lets_the_first_page_go_first_and_is_not_forgotten(
    tmp_path: Path, key: AtRestKey
) -> None:
    large = memoryview(bytes(LARGE + 1))
    copies = PaperCopies(tmp_path / "papers", key, patience_s=3600)
    copies.keep(SHA, large)
    assert not (tmp_path / "papers").exists()
    copies.wait_written()
    copies.close()
    assert copy_file(tmp_path / "papers", key, SHA).stat().st_size > LARGE


@pytest.mark.parametrize("harm", ["torn", "flipped", "shorter paper", "missing"])
def test_a_copy_that_is_not_whole_is_never_taken_for_one(tmp_path: Path, key: AtRestKey, harm: str) -> None:
    paper = random.Random(2).randbytes(2 * CHUNK)
    copies = PaperCopies(tmp_path, key)
    copies.keep(SHA, memoryview(paper))
    copies.wait_written()
    copies.close()
    file = copy_file(tmp_path, key, SHA)
    content = bytearray(file.read_bytes())
    length = len(paper)
    match harm:
        case "torn":
            file.write_bytes(content[: len(content) // 2])
        case "flipped":
            content[CHUNK] ^= 1
            file.write_bytes(content)
        case "shorter paper":
            length = CHUNK
        case "missing":
            file.unlink()
    with pytest.raises((NotOurs, OSError)):
        read_copy(tmp_path, key, SHA, memoryview(bytearray(length)))


# --- a disk that takes nothing ----------------------------------------------------------------------------


def test_a_disk_without_room_at_the_beginning_loses_nothing(
    qapp, qtbot, tmp_path: Path, key: AtRestKey
) -> None:
    """Row 57, from the first moment: no folder can even be made. A file stands in its place."""
    place = tmp_path / "briefings"
    place.write_bytes(b"")
    disk = BriefingDisk(Briefings(place, key), SegmentStore(), retry_ms=1)
    told: list[bool] = []
    disk.full.connect(told.append)
    sink = disk.begin(datetime(2026, 11, 24, 14, 0))
    entries = [b"entry %d" % n for n in range(50)]
    writer = threading.Thread(target=lambda: [sink(entry) for entry in entries[:25]])
    writer.start()
    writer.join()
    assert set(told) == {True}
    with qtbot.waitSignal(disk.begun, timeout=5_000):
        place.unlink()
    for entry in entries[25:]:
        sink(entry)
    assert told[-1] is False
    disk.close(erase=False)
    left = Briefings(place, key).left()
    assert left is not None
    chain = Chain()
    assert left.records == tuple(chain.add(entry) for entry in entries)
