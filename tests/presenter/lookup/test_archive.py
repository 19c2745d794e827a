"""The archive read by a process of its own: what is in it, what it makes of bad files, and of a bad day."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from multiprocessing import Pipe
from pathlib import Path

import pymupdf
import pytest
from pytestqt.qtbot import QtBot

import assets
from presenter.lookup.archive import Answer, Archive, Asked
from presenter.lookup.finds import InArchive
from presenter.lookup.folding import words_of
from presenter.lookup.index import Index, State
from presenter.lookup.indexer import SOON_S, Indexer, Order, Progress, decode_progress
from presenter.lookup.reading import Reader
from tests.pageview.papers import one_page

KEY = bytes(32)
Open = Callable[..., Archive]
REACH_MS = 20_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "資料庫"
    (made / "河川課").mkdir(parents=True)
    shutil.copy(assets.SAMPLE_MEMO, made / "河川課" / "初動㐂𠮷ﾊﾝｶｸ.pdf")
    return made


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    archives: list[Archive] = []

    def make(silent_ms: int = 30_000) -> Archive:
        archives.append(Archive(tmp_path / "state" / "index", KEY, silent_ms))
        return archives[-1]

    yield make
    for archive in archives:
        archive.close()


def read(qtbot: QtBot, archive: Archive, folder: Path) -> Progress:
    """Has the folder read; what was said at the end."""
    with qtbot.waitSignal(archive.progressed, timeout=REACH_MS, check_params_cb=lambda p: p.resting) as said:
        archive.set_folders([str(folder)])
    assert said.args is not None
    return said.args[0]


def found(qtbot: QtBot, archive: Archive, typed: str) -> Answer:
    with qtbot.waitSignal(archive.found, timeout=REACH_MS) as told:
        archive.find(Asked(1, words_of(typed)))
    assert told.args is not None
    answer: Answer = told.args[0]
    assert answer.readable
    return answer


def test_every_kind_of_file_is_read_or_found_by_its_name(qtbot: QtBot, opened: Open, folder: Path) -> None:
    (folder / "連絡.txt").write_bytes("夜間の連絡簿".encode("cp932"))
    (folder / "壊れ.pdf").write_bytes(b"%PDF-1.7\n")
    (folder / "空.pdf").touch()
    (folder / "試算.xls").write_bytes(b"x")
    (folder / "偽物.docx").write_bytes(b"PK")
    with pymupdf.open(stream=one_page()) as paper:
        paper.save(folder / "鍵.pdf", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="x", owner_pw="y")
    os.mkfifo(folder / "管.pdf")
    archive = opened()
    progress = read(qtbot, archive, folder)
    assert (progress.done, progress.of, progress.silent, progress.rebuilt) == (7, 7, (), False)
    (find,) = found(qtbot, archive, "夜間の参集訓練（第1回）").finds
    assert isinstance(find.target, InArchive) and find.target.index == 5
    assert found(qtbot, archive, "連絡簿").count == 1
    states = {
        name: [find.target.state for find in found(qtbot, archive, name).finds]
        for name in ("鍵", "壊れ", "空", "試算", "偽物")
    }
    assert states == {
        "鍵": [State.LOCKED],
        "壊れ": [State.DAMAGED],
        "空": [State.DAMAGED],
        "試算": [State.BY_NAME],
        "偽物": [State.DAMAGED],
    }


def test_a_machine_too_busy_to_start_a_process_damages_no_file(folder: Path, tmp_path: Path) -> None:
    ours, theirs = Pipe()
    busy = Indexer(
        Order((str(folder),), str(tmp_path / "index"), KEY, os.getpid()), theirs, Reader(start_s=0)
    )
    with ours, theirs:
        busy.look_through()
        while ours.poll():
            said = decode_progress(ours.recv_bytes())
    assert (said.done, said.of, said.resting) == (0, 1, False), "it is not done, and tried again soon"
    assert busy.pause_s == SOON_S
    with Index(tmp_path / "index", KEY) as index:
        assert not index.known()


def test_a_damaged_index_is_made_anew_and_said(
    qtbot: QtBot, opened: Open, folder: Path, tmp_path: Path
) -> None:
    first = opened()
    read(qtbot, first, folder)
    first.close()
    (tmp_path / "state" / "index").write_bytes(b"not an index" * 1_000)
    second = opened()
    with qtbot.waitSignal(second.found, timeout=REACH_MS) as told:
        second.find(Asked(1, ("予算",)))
    assert told.args is not None
    assert not told.args[0].readable, "damaged is not the same as nothing found"
    assert read(qtbot, second, folder).rebuilt
    assert found(qtbot, second, "夜間の参集訓練（第1回）").count == 1


def test_two_desks_of_one_person_share_the_index(qtbot: QtBot, opened: Open, folder: Path) -> None:
    for copy in range(20):
        (folder / f"写し{copy}.txt").write_text(f"夜間の連絡 その{copy}", "utf-8")
    one, other = opened(), opened()
    with qtbot.waitSignals(
        [one.progressed, other.progressed],
        timeout=REACH_MS,
        check_params_cbs=[lambda p: p.resting and p.done == 21] * 2,
    ):
        one.set_folders([str(folder)])
        other.set_folders([str(folder)])
    assert found(qtbot, one, "夜間の連絡").count == 20
    assert found(qtbot, other, "夜間の連絡").count == 20


def test_a_share_that_hangs_is_said_and_hangs_nothing_else(qtbot: QtBot, opened: Open, folder: Path) -> None:
    archive = opened(silent_ms=300)
    read(qtbot, archive, folder)
    for copy in range(40):
        shutil.copy(assets.SAMPLE_BUDGET, folder / f"{copy}.pdf")
    assert archive._process is not None
    with qtbot.waitSignal(archive.progressed, timeout=REACH_MS, check_params_cb=lambda p: not p.resting):
        archive.look_again()
    pid = archive._process._process.pid
    with qtbot.waitSignal(archive.silenced, timeout=REACH_MS, check_params_cb=bool):
        os.kill(pid, signal.SIGSTOP)  # as a read of a share that does not come back
    assert found(qtbot, archive, "参集").count
    with qtbot.waitSignal(archive.silenced, timeout=REACH_MS, check_params_cb=lambda on: not on):
        os.kill(pid, signal.SIGCONT)


def test_an_indexer_that_is_killed_goes_on_where_it_was(qtbot: QtBot, opened: Open, folder: Path) -> None:
    archive = opened()
    with qtbot.waitSignal(archive.progressed, timeout=REACH_MS):
        archive.set_folders([str(folder)])
    assert archive._process is not None
    with qtbot.waitSignal(archive.progressed, timeout=REACH_MS, check_params_cb=lambda p: p.done == 1):
        os.kill(archive._process._process.pid, signal.SIGKILL)
    assert found(qtbot, archive, "夜間の参集訓練（第1回）").count == 1


def test_without_folders_nothing_of_what_was_read_stays(
    qtbot: QtBot, opened: Open, folder: Path, tmp_path: Path
) -> None:
    archive = opened()
    read(qtbot, archive, folder)
    archive.set_folders([])
    assert not list((tmp_path / "state").iterdir())
