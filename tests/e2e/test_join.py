"""A participant beside wall and presenter, in real processes: joins, looks, saves, is wiped, takes over."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import assets
from presenter import stage
from presenter.stage import Event, Program
from protocol.values import OWNER
from tests.kiosk.rooms import memory_holds

LOOPBACK = ("--mdns-interface", "127.0.0.1")
# Other tests may run on this machine at the same time, and mDNS hears them all.
ROOM = 1_000 + (os.getpid() * 7) % 90_000


class Scene:
    """A wall that shows two papers, and a participant's program with the join code at hand."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.wall = stack.enter_context(stage.kiosk(folder / "kiosk", *LOOPBACK, number=ROOM, size="640x360"))
        papers = str(assets.SAMPLE_BUDGET), str(assets.SAMPLE_MEMO)
        self.desk = stack.enter_context(stage.presenter(folder / "desk", *LOOPBACK, *papers, size="1366x768"))
        self.wire = folder / "join.wire"
        mine = ("--name", "財政課 鈴木", "--wire-log", str(self.wire))
        self.me = stack.enter_context(stage.join(folder / "join", *LOOPBACK, *mine, size="1366x768"))
        code = self.wall.wait("code")
        for _ in papers:
            self.desk.wait("opened")
        self.desk.known("room_seen", lambda e: e["room"] == ROOM)
        self.desk.tell("connect", room=ROOM)
        self.desk.wait("found")
        self.desk.tell("code", code=code["code"])
        self.desk.wait("paired")
        self.desk.tell("start")
        self.wall.wait("painted", lambda e: e["sharp"])
        self.desk.tell("people", wish="joining_wanted", values=[True])
        self.code = self.desk.wait("joining", lambda e: e["code"])["code"]
        self.me.wait("ready")

    def join(self) -> Event:
        """Types room and code, and sees the first page."""
        self.me.tell("join", room=ROOM, code=self.code)
        joined = self.me.wait("joined")
        self.me.wait("painted", lambda e: e.get("sharp"))
        return joined

    def paints(self, who: Program, page: int) -> Event:
        """Waits for that page on somebody's screen."""
        return who.wait("painted", lambda e: e["page"] == page and e["sharp"])


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with ExitStack() as stack:
        yield Scene(tmp_path, stack)


def test_one_joins_looks_freely_searches_and_is_wiped_at_the_end(scene: Scene, tmp_path: Path) -> None:
    me, desk, wall = scene.me, scene.desk, scene.wall
    me.tell("join", room=ROOM, code=f"{(int(scene.code) + 1) % 1_000_000:06}")
    assert me.wait("stage", lambda e: e["stage"] != "LOOKING")["reason"] == "REFUSED"
    joined = scene.join()
    assert joined["role"] == "PARTICIPANT"
    desk.tell("jump", page=7)
    scene.paints(wall, 7)
    scene.paints(me, 7)
    desk.wait("participant_at", lambda e: (e["page"], e["following"]) == (7, True))
    me.tell("key", key="Right")
    scene.paints(me, 8)
    desk.wait("participant_at", lambda e: (e["page"], e["following"]) == (8, False))
    wall.skip()
    me.tell("find", text="財源")
    finds = me.wait("finds", lambda e: e["finds"])["finds"]
    assert [find[1] for find in finds] == [2, 22, 5]
    locked = time.monotonic_ns()
    desk.tell("viewing", viewing="LOCKED")
    assert scene.paints(me, 7)["looking"] == "FOLLOWING"
    me.known("notice")
    me.known("finds", lambda e: e["t"] > locked and not e["finds"])
    desk.tell("viewing", viewing="NOT_AHEAD")
    says = me.wait("says", lambda e: e["viewing"] == "NOT_AHEAD")
    assert not says["notices"], "what the presenter had turned off is not off any more"
    me.tell("key", key="Escape")
    me.tell("action", name="save")
    assert me.wait("refused_action")["name"] == "save"
    desk.tell("people", wish="allowed", values=[joined["peer"], True, False, False, False])
    me.wait("says", lambda e: e["saving"])
    me.tell("save", file=str(tmp_path / "saved.pdf"))
    me.wait("saved")
    assert (tmp_path / "saved.pdf").read_bytes() == assets.SAMPLE_BUDGET.read_bytes()
    me.tell("cut", seconds=0.5)
    me.wait("lost")
    me.wait("back")
    assert not wall.has("painted"), "nothing of all this has touched the wall"
    finds_something(scene, joined["peer"])
    whole = assets.SAMPLE_BUDGET.read_bytes()
    markers = whole[len(whole) // 2 :][:48], "国庫支出金".encode("utf-16-le"), b"kamizero-note"
    me.tell("note", text="kamizero-note")
    assert memory_holds(me.pid, *markers[:2]) == list(markers[:2])
    desk.tell("end")
    assert me.wait("wiped")["reason"] == "ENDED"
    assert desk.wait("ended")["wiped"] == [ROOM]
    me.wait("ready")
    assert not memory_holds(me.pid, *markers), "the cover stands in a process that never held anything"
    me.tell("join", room=ROOM, code=scene.code)
    me.wait("stage", lambda e: e["stage"] == "LOOKING")


def finds_something(scene: Scene, peer: int) -> None:
    """With the presenter's grant; nobody but the presenter sees it before it is shown, or declined."""
    me, desk, wall = scene.me, scene.desk, scene.wall
    me.tell("key", key="Ctrl+K")
    me.wait("notice", lambda e: "説明者の許可が必要です" in e["text"] and "発言を求める" in e["text"])
    desk.tell("viewing", viewing="FREE")
    desk.tell("people", wish="allowed", values=[peer, False, False, False, True])
    me.wait("says", lambda e: e["finds"])
    for words in ("介護人材", "ドクターヘリ"):
        me.tell("key", key="Ctrl+K")
        me.tell("lookup", words=words)
        me.wait("looked", lambda e: e["there"] and e["source"].startswith("出典：「"))
        me.tell("lookup", send=True)
        assert me.wait("sent")["ok"]
        me.tell("key", key="Escape")
    desk.wait("finds", lambda e: e["waiting"] == 2)
    wall.skip()
    desk.tell("key", key="Ctrl+K")
    looked = desk.wait("looked", lambda e: e["there"])
    assert looked["source"].startswith("出典：「")
    assert not wall.has("painted"), "the presenter alone sees it"
    pages = sum(event["pages"] for event in desk.events if event["event"] == "opened")
    desk.tell("key", key="Ctrl+Return")
    scene.paints(wall, pages + 1)
    scene.paints(me, pages + 1)
    assert me.known("decided")["outcome"] == "SHOWN"
    desk.tell("key", key="Ctrl+K")
    desk.wait("looked", lambda e: e["there"])
    desk.tell("press", words="断る")
    desk.tell("key", key="Return")
    assert me.wait("decided", lambda e: e["outcome"] != "SHOWN")["outcome"] == "DECLINED"
    desk.wait("finds", lambda e: e["waiting"] == 0)
    assert not wall.has("painted")
    me.tell("key", key="Ctrl+K")
    me.tell("lookup", words="財源")
    me.wait("looked", lambda e: e["there"])
    me.tell("lookup", send=True)
    desk.wait("finds", lambda e: e["waiting"] == 1)
    me.tell("lookup", words="")
    me.wait("looked", lambda e: e["there"] and e["sent"])
    me.tell("press", words="外す")
    desk.wait("finds", lambda e: e["waiting"] == 0)
    me.tell("key", key="Escape")


def test_the_floor_is_refused_in_words_then_given_given_back_and_taken_back(scene: Scene) -> None:
    me, desk = scene.me, scene.desk
    scene.join()
    me.tell("action", name="ask_floor")
    peer = desk.wait("floor_asked")["peer"]
    desk.tell("people", wish="floor_declined", values=[peer])
    assert me.wait("notice")["text"].startswith("説明者が、このまま説明を続けます")
    me.tell("action", name="ask_floor")
    desk.wait("floor_asked")
    for page, back in ((2, lambda: me.tell("key", key="T")), (3, lambda: desk.tell("key", key="T"))):
        desk.tell("people", wish="floor_given", values=[peer])
        me.wait("says", lambda e: (e["looking"], e["pill"]) == ("PRESENTING", "財政課 鈴木さんの説明"))
        me.tell("key", key="Right")
        scene.paints(scene.wall, page)
        back()
        desk.wait("floor", lambda e: e["now"] == OWNER)
        me.wait("says", lambda e: (e["looking"], e["pill"]) == ("FOLLOWING", "財政課 佐藤さんの説明"))
    me.tell("leave")
    assert me.wait("wiped")["reason"] == "HERE"
    desk.wait("participant_gone")
    me.wait("ready")
    me.tell("key", key="Return")
    assert me.stay() == 0, "the key that has the focus on the last cover closes it"


def types_a_wording_with_the_desk(scene: Scene) -> None:
    """Both at once: all that is typed is on the wall, also when one puts it down, and the desk applies it."""
    me, desk, wall = scene.me, scene.desk, scene.wall
    desk.tell("jump", page=7)
    scene.paints(me, 7)
    desk.tell("action", name="add_correction")
    desk.known("characters")
    desk.tell("draw", points=[[0.21, 0.765], [0.36, 0.765]])
    desk.tell("action", name="add_correction")
    desk.wait("correction", lambda e: e["state"] == "TYPING")
    desk.tell("wording", text="見直した額")
    me.wait("corrections", lambda e: e["typed"] == ["見直した額"])
    me.tell("correct", number=1)
    me.tell("wording", text="見直した額の案")
    desk.tell("wording", text="令和に", in_front=True)
    wall.wait("corrections", lambda e: e["typed"] == ["令和に見直した額の案"])
    me.wait("corrections", lambda e: e["typed"] == ["令和に見直した額の案"])
    me.tell("press", words="説明者に渡す")
    desk.wait("correction", lambda e: e["state"] == "OPEN")
    desk.wait("correction", lambda e: e["state"] == "TYPING")
    desk.tell("press", words="反映する")
    desk.wait("correction", lambda e: e["state"] == "DONE")
    desk.tell("jump", page=1)
    scene.paints(me, 1)


def test_one_draws_for_oneself_alone_until_it_is_granted_for_everybody(scene: Scene) -> None:
    me, desk, wall = scene.me, scene.desk, scene.wall
    peer = scene.join()["peer"]
    line = [[0.2, 0.3], [0.4, 0.35], [0.6, 0.3]]
    for marks in (1, 2):
        me.tell("draw", tool="pen", points=line)
        me.wait("own_marks", lambda e, marks=marks: e["marks"] == marks)
    me.tell("action", name="undo")
    me.wait("own_marks", lambda e: e["marks"] == 1)
    me.tell("action", name="move")
    said = scene.wire.read_text(encoding="utf-8")
    assert "Position" in said, "what is on the screen is told"
    assert "Draw" not in said and "Wet" not in said, "nothing of one's own marks has left this PC"
    desk.tell("people", wish="let_write", values=[peer, True])
    assert me.wait("joined")["role"] == "ANNOTATOR"
    desk.tell("draw", tool="pen", points=line)
    me.wait("marks", lambda e: e["by"] == ["佐藤"])
    me.tell("draw", tool="pen", points=line)
    wall.wait("inked")
    wall.wait("inked")
    for each in (desk, me):
        each.wait("marks", lambda e: e["by"] == ["佐藤", "財政課 鈴木"])
    for clear, left in (("clear_mine", ["財政課 鈴木"]), ("clear_page", [])):
        desk.tell("action", name=clear)
        me.wait("marks", lambda e, left=left: e["by"] == left)
        desk.tell("key", key="Ctrl+Z")
        me.wait("marks", lambda e: e["by"] == ["佐藤", "財政課 鈴木"])
        desk.wait("marks", lambda e: e["by"] == ["佐藤", "財政課 鈴木"])
    me.tell("draw", tool="eraser", points=line)
    desk.wait("marks", lambda e: e["by"] == ["佐藤"])
    me.tell("key", key="Ctrl+Z")
    desk.wait("marks", lambda e: e["by"] == ["佐藤", "財政課 鈴木"])
    types_a_wording_with_the_desk(scene)
    desk.tell("people", wish="floor_given", values=[peer])
    assert me.wait("joined")["role"] == "PRESENTER"
    me.wait("says", lambda e: e["looking"] == "PRESENTING")
    desk.wait("floor", lambda e: e["now"] == peer)
    desk.tell("action", name="pen")
    assert desk.wait("refused_action")["name"] == "pen"
    me.tell("draw", points=line)
    desk.wait("marks", lambda e: e["by"] == [])
    me.tell("key", key="T")
    assert me.wait("joined")["role"] == "ANNOTATOR", "what was granted before is granted still"
    desk.tell("jump", page=7)
    scene.paints(me, 7)
    desk.tell("key", key="Ctrl+Z")  # the edition that set the correction: it is open again
    desk.wait("correction", lambda e: e["state"] == "OPEN")
    scene.paints(me, 7)
    me.tell("correct", number=1)
    desk.wait("correction", lambda e: e["state"] == "TYPING")
    desk.tell("people", wish="let_write", values=[peer, False])
    desk.wait("correction", lambda e: e["state"] == "OPEN")
    assert me.wait("joined")["role"] == "PARTICIPANT"
    desk.tell("jump", page=1)
    scene.paints(me, 1)
    me.tell("action", name="select")
    assert me.wait("refused_action")["name"] == "select"
    wire = scene.wire.read_text(encoding="utf-8")
    me.tell("draw", tool="eraser", points=line)
    me.wait("own_marks", lambda e: e["marks"] == 0)
    assert scene.wire.read_text(encoding="utf-8").count("Erase") == wire.count("Erase")


@pytest.mark.long
def test_a_briefing_goes_on_from_a_replica_when_the_presenter_is_gone(scene: Scene) -> None:
    me, desk, wall = scene.me, scene.desk, scene.wall
    joined = scene.join()
    desk.tell("jump", page=8)
    scene.paints(me, 8)
    desk.tell("people", wish="allowed", values=[joined["peer"], False, True, False, False])
    me.tell("find", text="財源")
    me.wait("finds", lambda e: e["finds"])
    desk.kill()
    me.wait("says", lambda e: e["take_over"], within=30)
    me.tell("take_over")
    me.wait("taken_over")
    me.wait("showing")
    me.wait("found", lambda e: e["room"] == ROOM)
    code = [e for e in wall.events if e["event"] == "code"][-1]
    me.tell("code", code=code["code"])
    me.wait("paired")
    me.tell("start")
    scene.paints(wall, 8)
    me.tell("key", key="Right")
    scene.paints(wall, 9)
    me.tell("jump", page=30)
    scene.paints(wall, 30)
