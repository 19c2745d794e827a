"""What is told of a file that others save: once it is whole, and not for the moment in which it is away."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from presenter.file_watch import MISSING_S, FileWatch, Looks, Seen, Stamp, stamp_of

OLD, PART, NEW = Stamp(1, 10, 100), Stamp(2, 20, 40), Stamp(2, 30, 90)


def told(*looks: tuple[float, Stamp | None]) -> list[tuple[float, Seen]]:
    state, events = Looks(OLD, OLD, 0.0), []
    for at, stamp in looks:
        state, seen = state.looked(stamp, at)
        if seen is not None:
            events.append((at, seen))
    return events


def test_a_file_that_is_still_being_written_is_waited_for() -> None:
    assert told((1.0, PART), (1.25, NEW), (2.0, NEW), (9.0, NEW)) == [(2.0, Seen.SAVED)]


def test_one_that_is_away_for_a_moment_was_saved_and_never_missing() -> None:
    assert told((1.0, None), (1.5, NEW), (2.0, NEW)) == [(2.0, Seen.SAVED)]


def test_one_that_stays_away_is_missing_once_and_told_when_it_is_back_as_it_was() -> None:
    away = [(1.0, None), (1.0 + MISSING_S, None), (9.0, None)]
    assert told(*away, (10.0, OLD), (10.1, OLD), (10.2, OLD)) == [
        (1.0 + MISSING_S, Seen.MISSING),
        (10.1, Seen.BACK),
    ]


def test_a_real_file_put_in_the_place_of_another_of_the_same_length_and_time(tmp_path: Path) -> None:
    file, other = tmp_path / "資料.pdf", tmp_path / "neu"
    file.write_bytes(b"old")
    other.write_bytes(b"new")
    for each in (file, other):
        os.utime(each, ns=(5, 5))
    seen: list[Seen] = []
    saved = threading.Event()

    def tell(_path: Path, what: Seen, _stamp: Stamp | None) -> None:
        seen.append(what)
        saved.set()

    stamp = stamp_of(file)
    assert stamp is not None
    clock = iter(range(1_000_000))
    watch = FileWatch(tell, lambda: float(next(clock)))
    try:
        watch.watch(file, stamp)
        other.replace(file)
        assert saved.wait(20)
    finally:
        watch.close()
    assert seen == [Seen.SAVED]
