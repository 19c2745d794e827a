"""Papers in shared memory: verified, bounded, overwritten; slots are free only when their last picture is."""

from __future__ import annotations

import gc
import hashlib
import mmap
import os
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtGui import QImage, QPixmap

from pageview.segments import BRIEFING_LIMIT, PAPER_LIMIT, EmptyPaper, Segment, SegmentStore
from pageview.slots import SMALL_FRAME, FrameSlots
from protocol.errors import Unavailable

PAPER = b"words of a draft " * 5_000
SUM = hashlib.sha256(PAPER).digest()


def test_a_paper_is_there_only_when_its_sum_is_right() -> None:
    store = SegmentStore()
    view = store.allocate(SUM, len(PAPER))
    assert store.allocate(SUM, len(PAPER)).obj is view.obj, "a resumed transfer goes on in the same memory"
    view[:10] = PAPER[:10]
    assert SUM not in store
    view[10:] = PAPER[10:]
    assert store.complete(SUM)
    assert bytes(store.data(SUM)) == PAPER
    wrong = store.allocate(b"\1" * 32, 100)
    wrong[:] = b"x" * 100
    assert not store.complete(b"\1" * 32)
    assert bytes(wrong) == bytes(100), "what was refused is overwritten"
    store.wipe()
    assert store.bytes_held == 0


def test_dropped_papers_are_overwritten_under_every_view_of_them() -> None:
    store = SegmentStore()
    sha256 = store.add(PAPER)
    view = store.data(sha256)
    store.drop(sha256)
    store.drop(sha256)
    assert bytes(view) == bytes(len(PAPER))
    assert sha256 not in store


def test_limits_hold_for_a_paper_and_for_all_together(tmp_path: Path) -> None:
    assert (PAPER_LIMIT, BRIEFING_LIMIT) == (500 * 2**20, 2**30)
    store = SegmentStore(paper_limit=1_000, briefing_limit=1_500)
    store.allocate(b"\1" * 32, 1_000)
    with pytest.raises(Unavailable):
        store.allocate(b"\2" * 32, 501)
    with pytest.raises(Unavailable):
        store.allocate(b"\3" * 32, 1_001)
    with pytest.raises(Unavailable):
        store.allocate(b"\1" * 32, 900)
    file = tmp_path / "large.pdf"
    file.write_bytes(bytes(1_001))
    with pytest.raises(Unavailable):
        store.add_file(file)
    file.write_bytes(b"")
    with pytest.raises(EmptyPaper):
        store.add_file(file)
    with pytest.raises(OSError, match="not a file"):
        store.add_file(tmp_path)
    store.wipe()


@pytest.mark.bad_input(row=52)
def test_a_file_is_taken_as_it_was_when_it_was_read(tmp_path: Path) -> None:
    file = tmp_path / "draft.pdf"
    file.write_bytes(PAPER)
    store = SegmentStore()
    assert store.add_file(file) == SUM
    file.write_bytes(b"saved over")  # row 52 of docs/bad-input.md
    assert bytes(store.data(SUM)) == PAPER
    store.wipe()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_bytes_that_are_not_kept_leave_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same file a second time, and one that becomes shorter while it is read."""
    file = tmp_path / "draft.pdf"
    file.write_bytes(PAPER)
    store = SegmentStore()
    store.add_file(file)
    before = len(os.listdir("/proc/self/fd"))
    assert store.add_file(file) == SUM
    grown = os.stat_result((*os.stat(file)[:6], len(PAPER) + 1, *os.stat(file)[7:]))
    monkeypatch.setattr("pageview.segments.os.fstat", lambda fd: grown)
    with pytest.raises(OSError, match="shorter"):
        store.add_file(file)
    assert len(os.listdir("/proc/self/fd")) == before
    assert bytes(store.data(SUM)) == PAPER
    store.wipe()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody tells what has memory")
def test_wiping_overwrites_what_was_written_and_makes_no_memory_for_the_rest() -> None:
    segment = Segment(64 * mmap.PAGESIZE)
    kept = segment.view[:]
    for page in (3, 4, 63):
        segment.view[page * mmap.PAGESIZE] = 7
    had = os.fstat(segment._fd).st_blocks
    assert had == 3 * mmap.PAGESIZE // 512
    segment.seal()  # a sealed one keeps its pages: it shows that each was overwritten, and none made
    segment.wipe()
    assert os.fstat(segment._fd).st_blocks == had
    assert not any(kept)
    segment.close()


@pytest.mark.skipif(sys.platform != "linux", reason="seals are of Linux")
def test_a_sealed_paper_can_be_mapped_for_reading_only_and_never_resized() -> None:
    names = os.listdir("/dev/shm")
    segment = Segment(4096)
    segment.seal()
    assert os.listdir("/dev/shm") == names, (
        "shared memory has no name that anybody could open or leave behind"
    )
    fd = segment._fd
    with pytest.raises(PermissionError):
        mmap.mmap(fd, 4096)
    with pytest.raises(PermissionError):
        os.ftruncate(fd, 0)
    assert bytes(mmap.mmap(fd, 4096, prot=mmap.PROT_READ)[:4]) == bytes(4)
    segment.close()


def test_a_slot_is_free_again_when_the_last_picture_of_any_kind_is_gone(qapp: object) -> None:
    freed: list[str] = []
    slots = FrameSlots(
        1_000, 1_000, 2, small=1, on_free=lambda: freed.append(threading.current_thread().name)
    )
    slot = slots.take(4_000_000)
    assert slot == 0
    image = slots.picture(slot, 1_000, 1_000)
    copy, pixmap = QImage(image), QPixmap.fromImage(image)
    assert slots.take(4_000_000) == 1
    assert slots.take(4_000_000) is None
    del image, copy
    gc.collect()
    assert not freed
    assert slots.take(4_000_000) is None, "the pixmap still stands on it"
    del pixmap
    assert len(freed) == 1
    assert slots.take(4_000_000) == 0
    slots.give_back(0)
    held = [slots.picture(0, 10, 10)]
    dropper = threading.Thread(target=held.clear, name="paints elsewhere")
    dropper.start()
    dropper.join()
    assert freed[1:] == ["paints elsewhere"]
    slots.wipe()


def test_small_pictures_are_copies_and_hold_no_slot() -> None:
    slots = FrameSlots(1_000, 1_000, 1, small=1)
    big = slots.take(4_000_000)
    small = slots.take(SMALL_FRAME)
    assert big == 0
    assert small == 1
    assert slots.take(100) is None
    start = slots.offset(small)
    slots.segment.view[start : start + 4] = b"\1\2\3\xff"
    image = slots.picture(small, 16, 16)
    assert slots.take(100) == small
    slots.segment.view[start : start + 4] = bytes(4)
    assert image.pixel(0, 0) == 0xFF030201
    slots.wipe()


def test_pictures_that_outlive_the_wipe_turn_black_and_stay_paintable(qapp: object) -> None:
    slots = FrameSlots(1_000, 1_000, 1, small=0)
    slot = slots.take(4_000_000)
    assert slot is not None
    slots.segment.view[:] = b"\x80" * len(slots.segment.view)
    image = slots.picture(slot, 1_000, 1_000)
    assert slots.shown == 1
    slots.wipe()
    slots.wipe()
    assert image.pixel(500, 500) == 0
    assert QPixmap.fromImage(image).toImage().pixel(999, 999) in (0, 0xFF000000)
    assert slots.shown == 1
    del image
    assert slots.shown == 0
