"""Participants at a real desk with a real wall: let in, seen, allowed, presenting, sent home."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

import assets
from presenter import stage
from presenter.record.record import decoded
from presenter.stage import Program
from protocol.registers import ShowView
from protocol.transport.events import Changed
from protocol.transport.join_events import AwaitingApproval, Joined, Left, LeftReason
from protocol.values import OWNER, Role, View
from tests.presenter.joiner import Joiner

LOOPBACK = ("--mdns-interface", "127.0.0.1")
ROOM = 3_000 + os.getpid() % 90_000


@dataclass
class Briefing:
    wall: Program
    desk: Program
    folder: Path
    stack: ExitStack

    def opened(self, approval: bool = False) -> str:
        """The join code."""
        if approval:
            self.desk.tell("people", wish="approval_wanted", values=[True])
        self.desk.tell("people", wish="joining_wanted", values=[True])
        code: str = self.desk.wait("joining", lambda e: e["code"] is not None)["code"]
        return code

    def joiner(self, name: str, code: str) -> Joiner:
        made = self.stack.enter_context(Joiner(self.folder / name, name))
        made.join(ROOM, code)
        return made

    def peer(self, name: str) -> int:
        peer: int = self.desk.known("participant", lambda e: e["name"] == name)["peer"]
        return peer

    def page(self, number: int) -> None:
        self.wall.wait("painted", lambda e: e["page"] == number and e["sharp"])


@pytest.fixture
def briefing(tmp_path: Path) -> Iterator[Briefing]:
    with ExitStack() as stack:
        wall = stack.enter_context(stage.kiosk(tmp_path / "wall", *LOOPBACK, number=ROOM, size="640x360"))
        paper = str(assets.SAMPLE_BUDGET)
        desk = stack.enter_context(stage.presenter(tmp_path / "desk", *LOOPBACK, paper, size="1366x768"))
        code = wall.wait("code")["code"]
        desk.wait("opened")
        desk.tell("connect", room=ROOM)
        desk.wait("found")
        desk.tell("code", code=code)
        desk.wait("paired")
        desk.tell("start")
        made = Briefing(wall, desk, tmp_path, stack)
        made.page(1)
        yield made
        desk.tell("end")
        desk.known("ended")


def test_people_are_let_in_one_by_one_and_sent_home_at_the_end(briefing: Briefing) -> None:
    code = briefing.opened(approval=True)
    assert briefing.wall.wait("join_code")["code"] == code
    suzuki, tanaka = briefing.joiner("鈴木", code), briefing.joiner("田中", code)
    for each in (suzuki, tanaka):
        each.state(AwaitingApproval)
    briefing.desk.tell("people", wish="let_in", values=[[briefing.peer("鈴木")]])
    assert suzuki.state(Joined).role is Role.PARTICIPANT
    briefing.desk.tell("people", wish="declined", values=[[briefing.peer("田中")]])
    assert tanaka.state(Left).reason is LeftReason.DECLINED
    briefing.desk.tell("people", wish="allowed", values=[briefing.peer("鈴木"), True, False, False, False])
    granted = briefing.desk.wait("participant", lambda e: e["saving"])
    assert (granted["name"], granted["takeover"]) == ("鈴木", False)
    briefing.desk.tell("people", wish="new_code_wanted")
    fresh = briefing.desk.wait("joining", lambda e: e["code"] not in (None, code))["code"]
    assert briefing.wall.wait("join_code")["code"] == fresh
    briefing.desk.tell("end")
    assert suzuki.state(Left).reason is LeftReason.ENDED
    briefing.desk.wait("ended")
    kept = decoded((Path(briefing.desk.known("kept")["folder"]) / "打合せ記録.json").read_bytes())
    assert [each.name for each in kept.facts.people] == ["鈴木", "財政課 佐藤"], (
        "who was let in, and nobody else"
    )


def test_the_floor_goes_to_one_who_asks_and_comes_back_in_every_way_without_a_flicker(
    briefing: Briefing,
) -> None:
    suzuki = briefing.joiner("鈴木", briefing.opened())
    suzuki.state(Joined)
    peer = briefing.peer("鈴木")
    suzuki.call(suzuki.side.ask_floor)
    briefing.desk.wait("floor_asked", lambda e: e["peer"] == peer)
    briefing.desk.tell("people", wish="floor_given", values=[peer])
    briefing.desk.wait("floor", lambda e: e["now"] == peer)
    suzuki.state(Joined)
    suzuki.until(Changed, lambda c: c.briefing.registers.floor == peer)
    pages = [page.page_id for page in suzuki.briefing.pages()]
    view = suzuki.briefing.registers.view
    assert view is not None
    suzuki.call(suzuki.side.set, ShowView(View(pages[4], view.rect)))
    briefing.page(5)
    briefing.desk.wait("moved", lambda e: e["page"] == 5)
    briefing.desk.tell("action", name="next")
    briefing.desk.wait("refused_action")
    briefing.wall.skip()
    briefing.desk.tell("key", key="T")
    assert briefing.desk.wait("floor")["now"] == OWNER
    assert suzuki.state(Joined).role is Role.PARTICIPANT
    briefing.desk.tell("action", name="next")
    briefing.page(6)
    seen = {event["page"] for event in briefing.wall.events if event["event"] == "painted"}
    assert seen == {1, 5, 6}, "the wall never went back to the desk's old page"
    hiding_takes_the_floor_back_and_so_does_a_dead_link(briefing, suzuki, peer)


def hiding_takes_the_floor_back_and_so_does_a_dead_link(
    briefing: Briefing, suzuki: Joiner, peer: int
) -> None:
    for _ in range(2):
        briefing.desk.tell("people", wish="floor_given", values=[peer])
        briefing.desk.wait("floor", lambda e: e["now"] == peer)
        briefing.desk.tell("key", key="B")
        assert briefing.desk.wait("floor")["now"] == OWNER
        briefing.wall.wait("screen", lambda e: e["screen"] == "hidden")
        briefing.desk.tell("key", key="B")
        briefing.wall.wait("screen", lambda e: e["screen"] == "show")
    briefing.desk.tell("people", wish="floor_given", values=[peer])
    briefing.desk.wait("floor", lambda e: e["now"] == peer)
    suzuki.call(suzuki.side.cut, 60.0)
    assert briefing.desk.wait("floor")["now"] == OWNER
    briefing.desk.tell("action", name="next")
    briefing.page(7)


def test_a_briefing_that_ends_while_another_presents_leaves_the_desk_its_keys(briefing: Briefing) -> None:
    suzuki = briefing.joiner("鈴木", briefing.opened())
    suzuki.state(Joined)
    briefing.desk.tell("people", wish="floor_given", values=[briefing.peer("鈴木")])
    briefing.desk.wait("floor")
    briefing.desk.tell("end")
    suzuki.state(Left)
    briefing.desk.wait("ended")
    briefing.desk.tell("action", name="close")
    briefing.desk.tell("open", files=[str(assets.SAMPLE_MEMO)])
    briefing.desk.wait("opened")
    briefing.desk.tell("action", name="rehearse")
    briefing.desk.wait("moved", lambda e: e["page"] == 1)
    briefing.desk.tell("action", name="next_page")
    briefing.desk.wait("moved", lambda e: e["page"] == 2)
