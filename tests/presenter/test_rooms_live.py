"""Several rooms and several presenters as real processes: one wall's trouble is its own; next in a room."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import assets
from presenter import stage
from presenter.stage import Program

LOOPBACK = ("--mdns-interface", "127.0.0.1")
# Other tests may run on this machine at the same time, and mDNS hears them all.
FIRST = 2_000 + os.getpid() % 45_000 * 2
SECOND = FIRST + 1


@pytest.fixture
def programs(tmp_path: Path) -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def wall(programs: ExitStack, folder: Path, number: int) -> Program:
    return programs.enter_context(
        stage.kiosk(folder / f"wall-{number}", *LOOPBACK, number=number, size="640x360")
    )


def desk(programs: ExitStack, folder: Path, name: str) -> Program:
    words = (*LOOPBACK, str(assets.SAMPLE_BUDGET))
    program = programs.enter_context(stage.presenter(folder / name, *words, size="1366x768"))
    program.wait("opened")
    return program


def paired(presenter: Program, room: int, code: str) -> None:
    presenter.tell("connect", room=room)
    presenter.wait("found", lambda e: e["room"] == room)
    presenter.tell("code", code=code)
    presenter.wait("paired", lambda e: e["room"] == room)


def page(shown: Program, number: int) -> None:
    shown.wait("painted", lambda e: e["page"] == number and e["sharp"])


def test_one_wall_s_trouble_never_touches_the_other(programs: ExitStack, tmp_path: Path) -> None:
    first, second = wall(programs, tmp_path, FIRST), wall(programs, tmp_path, SECOND)
    presenter = desk(programs, tmp_path, "desk")
    paired(presenter, FIRST, first.wait("code")["code"])
    presenter.tell("start")
    page(first, 1)
    paired(presenter, SECOND, second.wait("code")["code"])
    presenter.tell("start")
    page(second, 1)
    presenter.tell("wall_key", room=SECOND, name="hide")
    second.wait("screen", lambda e: e["screen"] == "hidden")
    presenter.tell("jump", page=2)
    page(first, 2)
    presenter.tell("wall_key", room=SECOND, name="show")
    page(second, 2)
    os.killpg(second.pid, signal.SIGKILL)
    presenter.wait("lost", lambda e: e["room"] == SECOND)
    presenter.tell("jump", page=3)
    page(first, 3)
    again = wall(programs, tmp_path, SECOND)
    code = again.wait("code")["code"]
    presenter.wait("gone", lambda e: e["room"] == SECOND and e["reason"] == "FORGOTTEN")
    paired(presenter, SECOND, code)
    presenter.tell("start")
    page(again, 3)
    first.skip()
    presenter.tell("drop", room=FIRST)
    first.wait("wiped")
    first.wait("screen", lambda e: e["screen"] == "standby")
    presenter.tell("jump", page=4)
    page(again, 4)
    presenter.tell("end")
    assert presenter.wait("ended")["wiped"] == [SECOND]


@pytest.mark.parametrize("meanwhile", [pytest.param("on the screen", marks=pytest.mark.long), "elsewhere"])
def test_who_waits_for_a_room_is_told_and_types_its_new_number(
    programs: ExitStack, tmp_path: Path, meanwhile: str
) -> None:
    room = wall(programs, tmp_path, FIRST)
    code = room.wait("code")["code"]
    present, waiting = desk(programs, tmp_path, "now"), desk(programs, tmp_path, "next")
    paired(present, FIRST, code)
    present.tell("start")
    page(room, 1)
    waiting.wait("room_seen", lambda e: e["room"] == FIRST and e["in_use"])
    waiting.tell("connect", room=FIRST)
    waiting.wait("found")
    if meanwhile == "elsewhere":
        waiting.tell("action", name="back_to_start")
        waiting.wait("action", lambda e: e["name"] == "back_to_start")
    room.skip()
    present.tell("end")
    present.wait("ended")
    fresh = room.wait("code")["code"]
    if meanwhile == "elsewhere":
        waiting.wait("freed")
        waiting.tell("remove", n=1)
        waiting.tell("action", name="freed_room")
        waiting.wait("refused_action")
        waiting.tell("open", files=[str(assets.SAMPLE_BUDGET)])
        waiting.wait("opened")
        waiting.tell("key", key="Ctrl+N")
        waiting.wait("found")
    else:
        waiting.wait("room_seen", lambda e: e["room"] == FIRST and not e["in_use"])
    for digit in fresh:
        waiting.tell("key", key=digit)
    waiting.tell("key", key="Return")
    waiting.wait("paired")
    waiting.tell("start")
    page(room, 1)
    waiting.tell("end")
    waiting.wait("ended")
