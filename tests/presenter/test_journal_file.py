"""The journal survives a crash at any byte, tells of a full disk, and loses nothing meanwhile."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from presenter.at_rest import AtRestKey
from presenter.journal_file import JournalFile, read_journal, set_aside_torn

RECORDS = tuple(bytes([n]) * (n * 37 % 200 + 1) for n in range(20))


@pytest.fixture
def key(tmp_path: Path) -> AtRestKey:
    return AtRestKey.load_or_create(tmp_path / "state")


@pytest.fixture
def written(tmp_path: Path, key: AtRestKey) -> Path:
    file = tmp_path / "journal"
    journal = JournalFile(file, key)
    for record in RECORDS:
        journal.append(record)
    journal.close()
    return file


def test_what_was_written_is_read_and_nothing_of_it_is_legible(written: Path, key: AtRestKey) -> None:
    assert read_journal(written, key).records == RECORDS
    content = written.read_bytes()
    assert not any(record in content for record in RECORDS if len(record) > 8)
    assert os.stat(written).st_mode & 0o777 == 0o600


@pytest.mark.bad_input(row=58)
def test_cut_at_any_byte_it_opens_to_the_last_good_record_and_goes_on(
    written: Path, key: AtRestKey, tmp_path: Path
) -> None:
    whole = written.read_bytes()
    for cut in random.Random(58).sample(range(len(whole)), 60):
        file = tmp_path / f"cut-{cut}"
        file.write_bytes(whole[:cut])
        content = read_journal(file, key)
        assert content.records == RECORDS[: len(content.records)]
        assert content.good_until + content.torn == cut
        journal = JournalFile(file, key)
        journal.append(b"after the crash")
        journal.close()
        assert read_journal(file, key).records == (*content.records, b"after the crash")
        aside = file.with_name(f"{file.name}.torn-1")
        assert aside.exists() == bool(content.torn)
        if content.torn:
            assert aside.read_bytes() == whole[content.good_until : cut], "the torn tail is kept, not dropped"


@pytest.mark.bad_input(row=58)
def test_one_flipped_byte_anywhere_never_yields_a_changed_record(written: Path, key: AtRestKey) -> None:
    whole = written.read_bytes()
    for at in random.Random(1).sample(range(len(whole)), 80):
        broken = bytearray(whole)
        broken[at] ^= 0x40
        written.write_bytes(broken)
        records = read_journal(written, key).records
        assert records == RECORDS[: len(records)]
        assert len(records) < len(RECORDS)


def test_records_cannot_be_left_out_or_swapped(written: Path, key: AtRestKey) -> None:
    import struct

    content = written.read_bytes()
    frames, at = [], 20
    while at < len(content):
        (length,) = struct.unpack_from(">I", content, at)
        frames.append(content[at : at + 4 + length])
        at += 4 + length
    written.write_bytes(content[:20] + frames[1] + frames[0] + b"".join(frames[2:]))
    assert read_journal(written, key).records == ()
    written.write_bytes(content[:20] + b"".join(frames[:3] + frames[4:]))
    assert read_journal(written, key).records == RECORDS[:3]


def test_another_person_s_key_opens_nothing(written: Path, tmp_path: Path) -> None:
    other = AtRestKey.load_or_create(tmp_path / "other")
    assert read_journal(written, other).records == ()


def test_a_torn_tail_is_set_aside_each_time_under_a_name_of_its_own(written: Path, key: AtRestKey) -> None:
    for n in (1, 2):
        with written.open("ab") as journal:
            journal.write(b"torn")
        aside = set_aside_torn(written, read_journal(written, key))
        assert aside is not None
        assert aside.name == f"journal.torn-{n}"
    assert set_aside_torn(written, read_journal(written, key)) is None


WRITER = """
import sys, itertools
from pathlib import Path
from presenter.at_rest import AtRestKey
from presenter.journal_file import JournalFile
state, file = Path(sys.argv[1]), Path(sys.argv[2])
journal = JournalFile(file, AtRestKey.load_or_create(state))
for n in itertools.count():
    journal.append(b"%d" % n * 50)
    if n >= 200:
        journal.wait_written(10)
        print(n, flush=True)
"""


def test_after_kill_9_everything_that_was_told_to_be_written_is_there(tmp_path: Path) -> None:
    state, file = tmp_path / "state", tmp_path / "journal"
    key = AtRestKey.load_or_create(state)
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(state), str(file)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    told = [int(process.stdout.readline()) for _ in range(20)][-1]
    process.send_signal(signal.SIGKILL)
    process.communicate()
    content = read_journal(file, key)
    assert len(content.records) > told
    assert all(record == b"%d" % n * 50 for n, record in enumerate(content.records))


@pytest.mark.bad_input(row=57)
def test_a_full_disk_is_told_nothing_is_lost_and_the_order_stays(tmp_path: Path, key: AtRestKey) -> None:
    """Row 57. The limit on the size of files makes write fail in the middle, as a full disk does."""
    file = tmp_path / "journal"
    told: list[OSError | None] = []
    troubled, well = threading.Event(), threading.Event()

    def on_trouble(trouble: OSError | None) -> None:
        told.append(trouble)
        (troubled if trouble else well).set()

    journal = JournalFile(file, key, on_trouble, retry_s=0.01)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        journal.append(b"before")
        assert journal.wait_written(10)
        resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size + 100, hard))
        for n in range(10):
            journal.append(b"during %d" % n * 20)
        assert troubled.wait(10)
        assert read_journal(file, key).records == (b"before",), "no half record stays in the file"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    journal.append(b"after")
    assert well.wait(10)
    assert journal.wait_written(10)
    journal.close()
    assert isinstance(told[0], OSError)
    assert told[-1] is None
    records = read_journal(file, key).records
    assert records == (b"before", *(b"during %d" % n * 20 for n in range(10)), b"after")


def test_appending_never_waits_for_the_disk(tmp_path: Path, key: AtRestKey) -> None:
    journal = JournalFile(tmp_path / "journal", key)
    for n in range(2_000):
        journal.append(b"%d" % n)
    assert journal.wait_written(20)
    journal.close()
    assert len(read_journal(tmp_path / "journal", key).records) == 2_000
