"""Nothing leaves the house: no packet beyond mDNS and the network itself, no question to any resolver."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

import assets
from presenter import stage
from tests.net.house import ROOT, House, why_not

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())

HOUSE = "10.77.0.0/24"


@contextmanager
def sniffed(house: House, machine: int) -> Iterator[dict[str, Any]]:
    """What the sniffer of that machine told, when the block is over."""
    told: dict[str, Any] = {}
    with house.inside(machine):
        words = [sys.executable, "-m", "tests.net.sniffer", HOUSE]
        sniffer = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert sniffer.stdout is not None
    assert sniffer.stdout.readline() == "ready\n"
    try:
        yield told
    finally:
        told.update(json.loads(sniffer.communicate()[0]))


def test_the_sniffer_hears_what_must_not_be() -> None:
    """A question to a resolver here, one to a resolver next door, and a packet to the world."""
    with House() as house:
        house.route_through(2)
        with (
            sniffed(house, 1) as told,
            house.inside(1),
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asks,
        ):
            asks.sendto(b"?", ("127.0.0.1", 53))
            asks.sendto(b"?", ("192.0.2.1", 9))
            asks.connect(("10.77.0.2", 53))
            asks.send(b"?")
            with pytest.raises(ConnectionRefusedError):
                asks.recv(1)
        assert any("192.0.2.1 " in one for one in told["beyond"])
        assert any("127.0.0.1" in one for one in told["beyond"])
        assert any("10.77.0.2 " in one for one in told["beyond"])


def test_a_briefing_sends_nothing_beyond_the_house(tmp_path: Path, figure: Callable[..., None]) -> None:
    """Wall and desk on two machines, and a third that listens."""
    with House(3) as house, ExitStack() as leaving:
        house.route_through(3)
        at_wall, at_desk, peer = (leaving.enter_context(sniffed(house, n)) for n in (1, 2, 3))
        with ExitStack() as programs:
            with house.inside(1):
                wall = programs.enter_context(stage.kiosk(tmp_path / "kiosk", number=27, size="640x360"))
            with house.inside(2):
                papers = (str(assets.SAMPLE_MEMO),)
                desk = programs.enter_context(stage.presenter(tmp_path / "desk", *papers, size="1366x768"))
            code = wall.wait("code")["code"]
            desk.wait("opened")
            desk.known("room_seen", lambda e: e["room"] == 27)
            desk.tell("connect", room=27)
            desk.wait("found")
            desk.tell("code", code=code)
            desk.wait("paired")
            desk.tell("start")
            wall.wait("painted", lambda e: e["sharp"])
            desk.tell("key", key="Shift+Right")
            wall.wait("painted", lambda e: e["sharp"] and e["page"] == 2)
            desk.tell("end")
            wall.wait("wiped")
            desk.wait("ended")
    beyond = peer["beyond"] + at_wall["beyond"] + at_desk["beyond"]
    got = {"packets": at_wall["packets"] + at_desk["packets"], "beyond": len(beyond)}
    figure("outbound", reach="0 packets beyond mDNS and the house", got=got, ok=not beyond)
    assert at_wall["packets"] > 50
    assert at_desk["packets"] > 50
    assert peer["packets"] > 0


@pytest.mark.long
def test_the_demo_sends_nothing_at_all(tmp_path: Path, figure: Callable[..., None]) -> None:
    with House() as house:
        house.route_through(2)
        with sniffed(house, 1) as told, house.inside(1):
            words = ["demo", "--headless", "--evidence", str(tmp_path)]
            done = subprocess.run(
                [sys.executable, "-m", "kamizero", *words], cwd=ROOT, capture_output=True, text=True
            )
        assert done.returncode == 0, done.stdout
    got = {"packets": told["packets"], "beyond": len(told["beyond"])}
    figure("outbound, demo", reach="0", got=got, ok=not told["beyond"])
