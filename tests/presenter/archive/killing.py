"""Puts a set among the waiting ones and delivers it, killed (SIGKILL) at each file operation in turn.

A program of its own, because it forks: ``python -m tests.presenter.archive.killing FOLDER``. Prints one line
of JSON: at how many places it was killed, and what was lost or doubled.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random

from presenter.archive.delivery import deliver
from presenter.archive.kept_set import read_set
from presenter.archive.rule import Named, Rule
from presenter.archive.waiting import Waiting

OPERATIONS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.listdir", "os.scandir"}
NAMED = Named(date(2026, 11, 24), "財政課", "重点施策", "予算案")
FORMER = {"記録.txt": b"former", "原本.pdf": b"pdf" * 1_000}
FILES = {"記録.txt": b"newer", "原本.pdf": b"pdf" * 300_000, "log.jsonl": b"{}"}
ID = "0123456789abcdef"


def work(folder: Path) -> None:
    """What the desk does at the end of a briefing."""
    waiting = Waiting(folder / "waiting")
    waiting.sweep()
    waiting.put(ID, NAMED, FILES.items())
    (folder / "safe").touch()
    deliver(waiting, ID, folder / "archive", Rule())


def finish(folder: Path) -> None:
    """What the next start does."""
    waiting = Waiting(folder / "waiting")
    waiting.sweep()
    for _, made in waiting.sets():
        deliver(waiting, made.id, folder / "archive", Rule())


def died(do: Callable[[Path], None], folder: Path, after: int, seconds: float = 60.0) -> bool:
    """Whether it was killed at that operation, or after that time; False when it came to its end."""
    child = os.fork()
    if child == 0:
        left = after

        def hook(event: str, _arguments: object) -> None:
            nonlocal left
            if event in OPERATIONS:
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        do(folder)
        os._exit(0)
    alarm = threading.Timer(seconds, os.kill, (child, signal.SIGKILL))
    alarm.start()
    status = os.waitpid(child, 0)[1]
    alarm.cancel()
    alarm.join()
    return os.WIFSIGNALED(status)


def seen(folder: Path) -> tuple[list[dict[str, bytes]], list[str]]:
    """The sets that people find in the archive, and what else lies there."""
    sets, others = [], []
    for list_file in sorted((folder / "archive").rglob("目録.json")):
        place = list_file.parent
        if place.name.startswith("."):
            continue
        sets.append(
            {file.name: (place / f"{place.name}_{file.name}").read_bytes() for file in read_set(place).files}
        )
    for place in (folder / "archive").rglob(".*"):
        others.append(str(place))
    return sets, others


def main(folder: Path) -> None:
    random = Random(27)
    wrong: list[str] = []
    killed, timed = 0, 20
    after = -1
    while True:
        after += 1
        here = folder / str(after)
        (here / "archive").mkdir(parents=True)
        before = after % 2 == 1
        if before:
            Waiting(here / "waiting").put(ID, NAMED, FORMER.items())
        if after < timed:
            died(work, here, 10_000, random.random() * 0.03)
        elif not died(work, here, after - timed):
            break
        killed += 1
        half = [each for each in seen(here)[0] if each not in (FILES, FORMER)]
        if half:
            wrong.append(f"{after}: half a set is seen")
        kept = read_any(here)
        if before and not kept:
            wrong.append(f"{after}: the former set is gone")
        if random.random() < 0.5:
            died(finish, here, random.randrange(60))
        finish(here)
        sets, others = seen(here)
        safe = (here / "safe").exists()
        if len(sets) > 1 or ((before or safe) and len(sets) != 1) or (safe and sets != [FILES]):
            wrong.append(f"{after}: {len(sets)} sets")
        if others or list((here / "waiting").glob("*")) or list((here / "waiting").glob(".*")):
            wrong.append(f"{after}: left {others}")
    print(json.dumps({"killed": killed, "wrong": wrong}, ensure_ascii=False))


def read_any(folder: Path) -> bool:
    """Whether a whole set is anywhere."""
    waiting = Waiting(folder / "waiting")
    waiting.sweep()
    return bool(waiting.sets() or seen(folder)[0])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
