"""Participants where neither their PC nor the presenter's takes a connection: only the wall does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.protocol.transport.house import Machine, Program, house

ROOM = 27


def presenting(wall: Machine, desk: Machine, folder: Path) -> tuple[Program, Program, str]:
    """A briefing runs on the wall and people may join; its join code."""
    kiosk, presenter = wall.start("kiosk", folder, ROOM), desk.start("presenter", folder, ROOM)
    code = str(kiosk.until("code")[1])
    presenter.call("connect", ROOM)
    presenter.until("room", "Found")
    presenter.call("code", ROOM, code)
    presenter.until("room", "Paired")
    presenter.call("offer", 400_000)
    presenter.call("show", 100)
    presenter.call("begin", ROOM)
    kiosk.until("page", 100)
    presenter.call("open")
    return kiosk, presenter, str(kiosk.until("join code")[1])


@pytest.mark.parametrize("typed", [False, True], ids=("by the room number", "by the address"))
def test_a_participant_joins_through_the_wall_and_comes_back_after_a_cut(typed: bool, tmp_path: Path) -> None:
    with house(3) as (wall, desk, pc):
        desk.refuse_whoever_dials()
        pc.refuse_whoever_dials()
        kiosk, presenter, code = presenting(wall, desk, tmp_path)
        joiner = pc.start("participant", tmp_path, ROOM)
        joiner.call("join", ROOM, code, "鈴木", f"{wall.address}:47400" if typed else None)
        joiner.until("state", "Joined")
        joiner.until("paper")
        presenter.until("participant", "鈴木", "LINKED")
        presenter.call("show", 102)
        joiner.until("page", 102)
        # With a room number it tries first what it has heard of the presenter's announcement.
        joiner.call("knows", ROOM)
        joiner.until("knows")
        joiner.call("cut", 0.0)
        joiner.until("back")
        assert (desk.refused() > 0) is not typed
        presenter.until("participant", "鈴木", "LINKED")
        # A PC whose cable is out may forget what was announced, and is back all the same.
        pc.plug(False)
        joiner.until("lost")
        presenter.until("participant", "鈴木", "LOST")
        presenter.call("show", 101)
        kiosk.until("page", 101)
        pc.plug(True)
        joiner.until("back")
        joiner.until("page", 101)
        presenter.until("participant", "鈴木", "LINKED")
