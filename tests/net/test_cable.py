"""A wall's own connection: its cable is pulled, and it comes back under another address, as from DHCP."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.net.house import address, why_not
from tests.net.hub import Wire
from tests.net.test_bad_networks import DESK, WALL, Rooms, rooms

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())


def cable(played: Rooms, *words: str) -> None:
    """``ip`` on the wall's machine."""
    subprocess.run(["ip", "-n", played.house.spaces[WALL - 1], *words], check=True)


@pytest.mark.long
def test_a_pulled_cable_and_another_address_cost_no_briefing(tmp_path: Path) -> None:
    """The page stands meanwhile; then comes what the presenter shows by then."""
    other = address(DESK + 7)
    with rooms(tmp_path, Wire(delay=0.001, rate=100e6)) as played:
        played.start()
        played.wall.skip()
        cable(played, "link", "set", "lan0", "down")
        played.wall.wait("lost")
        played.turn()
        cable(played, "addr", "flush", "dev", "lan0")
        cable(played, "addr", "add", f"{other}/24", "dev", "lan0")
        cable(played, "link", "set", "lan0", "up")
        played.wall.wait("painted", played.right)
        assert not played.wall.has("code"), "nobody was asked to type"
        assert not [e for e in played.wall.events if e["event"] == "screen" and e["screen"] == "standby"][1:]
