"""After an end, a crash of the screen, a kill of everything: not a mark of the paper is left anywhere."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from benchmarks.staging import free_port
from presenter.stage import Program
from protocol.transport.events import Paired
from tests.kiosk.desk import Desk
from tests.kiosk.remains import marked_paper, markers, remains
from tests.kiosk.rooms import ROOM, alive, kill_screen, kiosk, memory_holds, renderers, screen_process

WAYS = ("end", "crash", "kill")
PATIENCE_S = 120.0
"""A hundred walls take minutes: one that meets a busy moment of the machine is no finding."""


class Searched:
    """One wall after the other; each shows the paper, loses it in one way, and is searched."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.folder, self._qtbot = folder, qtbot
        self.paper = marked_paper(folder)
        self.place = folder / "kiosk"

    @contextmanager
    def wall(self) -> Iterator[tuple[Program, int]]:
        port = free_port()
        with kiosk(self.place, "--no-mdns", "--port", str(port)) as program:
            yield program, port

    def search(self, way: str) -> list[str]:
        with self.wall() as (wall, port), Desk(self.folder / "desk", mdns=False) as desk:
            code = wall.wait("code", within=PATIENCE_S)["code"]
            assert isinstance(desk.pair(ROOM, code, f"127.0.0.1:{port}"), Paired)
            desk.offer(self.paper)
            desk.start(ROOM)
            self._painted(wall)
            held = memory_holds(screen_process(wall), *markers(self.paper))
            assert len(held) >= 3, "the search finds what is there"
            return self._lose(way, wall, desk)

    def _lose(self, way: str, wall: Program, desk: Desk) -> list[str]:
        before = wall.processes()[1:]
        if way == "kill":
            wall.kill()
            self._qtbot.waitUntil(lambda: not any(map(alive, before)), timeout=round(PATIENCE_S * 1_000))
            with self.wall() as (again, _):
                again.wait("code", within=PATIENCE_S)
                return remains(again, self.place, self.paper)
        if way == "crash":
            kill_screen(wall)
            self._painted(wall)
            self._qtbot.waitUntil(lambda: not any(map(alive, before)), timeout=round(PATIENCE_S * 1_000))
        else:
            # A renderer that dies while it draws leaves nothing either.
            os.kill(renderers(wall)[0], signal.SIGKILL)
        desk.end()
        wall.wait("wiped", within=PATIENCE_S)
        wall.wait("code", within=PATIENCE_S)
        return remains(wall, self.place, self.paper)

    def _painted(self, wall: Program) -> None:
        wall.wait("painted", lambda e: e["sharp"] and e["page"] == 1, within=PATIENCE_S)


@pytest.mark.parametrize("times", [1, pytest.param(100, marks=pytest.mark.long)])
def test_nothing_of_a_paper_remains(
    tmp_path: Path, qtbot: QtBot, figure: Callable[..., None], times: int
) -> None:
    searched = Searched(tmp_path, qtbot)
    found = [(way, mark) for n in range(times) for way in (WAYS[n % 3],) for mark in searched.search(way)]
    got = {"searches": times, "found": found}
    figure("remains", reach=f"0 markers in {times} searches", got=got, ok=not found)
