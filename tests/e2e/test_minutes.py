"""Minutes in real processes: two type in one item at once; and a desk that is killed keeps every item."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

import assets
from presenter import stage
from presenter.stage import Event, Program
from tests.e2e.test_join import Scene

DESK, GUEST = "令和八年度𠮷補正予算の", "土木事務所ごとまとめる"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with ExitStack() as stack:
        yield Scene(tmp_path, stack)


def rows_of(event: Event) -> list[str]:
    return [row[2] for row in event["rows"]]


def painted(who: Program, *texts: str) -> Event:
    """Those items and no others are on the glass."""
    return who.wait("minutes", lambda e: rows_of(e) == list(texts))


def in_order(text: str, typed: str) -> bool:
    rest: Any = iter(text)
    return all(letter in rest for letter in typed)


def test_two_type_in_one_item_at_once_and_both_read_the_same(scene: Scene) -> None:
    desk, me = scene.desk, scene.me
    peer = scene.join()["peer"]
    desk.tell("minutes_type", kind="QUESTION", text="質問：")
    me.tell("action", name="minutes")
    painted(me, "質問：")
    me.tell("minutes_type", text="読むだけの人")
    assert me.wait("notice")["text"] == "記録に入れられませんでした：読むだけの人"
    desk.tell("people", wish="allowed", values=[peer, False, False, True, False])
    me.wait("says", lambda e: e["minutes"])
    me.tell("minutes_take_up", number=1, at=3)
    for one, two in zip(DESK, GUEST, strict=True):
        desk.tell("minutes_type", text=one)
        me.tell("minutes_type", text=two)
    desk.tell("minutes_enter")
    length = len("質問：" + DESK + GUEST)
    both = [
        who.wait("minutes", lambda e: [len(text) for text in rows_of(e)] == [length]) for who in (desk, me)
    ]
    (text,) = rows_of(both[0])
    assert rows_of(both[1]) == [text]
    assert text.startswith("質問：")
    assert in_order(text, DESK)
    assert in_order(text, GUEST)
    me.tell("minutes_take_up", number=1, at=3)
    me.tell("cut", seconds=1)
    me.wait("lost")
    for one, two in zip("離れた間", "別の席の", strict=True):
        me.tell("minutes_type", text=one)
        desk.tell("minutes_take_up", number=1, at=0)
        desk.tell("minutes_type", text=two)
    me.wait("back")
    length += 8
    both = [
        who.wait("minutes", lambda e: [len(text) for text in rows_of(e)] == [length]) for who in (desk, me)
    ]
    (text,) = rows_of(both[0])
    assert rows_of(both[1]) == [text]
    assert in_order(text, "離れた間")
    me.tell("minutes_enter")
    me.tell("minutes_reply", number=1, reply="carried")
    assert desk.wait("minutes", lambda e: e["rows"][0][3] == "CARRIED")["rows"][0][2] == text
    desk.tell("people", wish="allowed", values=[peer, False, False, False, False])
    me.wait("says", lambda e: not e["minutes"])
    me.tell("minutes_type", text="もう書けない")
    assert me.wait("notice")["text"].endswith("もう書けない")
    desk.tell("minutes_type", kind="NOTE", text="備考")
    desk.tell("minutes_enter")
    painted(me, text, "備考")


def test_a_desk_that_is_killed_while_somebody_types_goes_on_with_every_item(tmp_path: Path) -> None:
    words = ("--no-mdns",)
    with stage.presenter(tmp_path, *words, str(assets.SAMPLE_MEMO), size="1366x768") as desk:
        desk.wait("opened")
        desk.tell("rehearse")
        desk.wait("moved")
        items = [f"{n}番目、𠮷田課長" for n in range(8)]
        for text in items:
            desk.tell("minutes_type", kind="HOMEWORK", text=text)
            desk.tell("minutes_enter")
        desk.tell("minutes_type", text="書きかけの")
        desk.tell("minutes_type", text="項")
        desk.wait("minutes", lambda e: rows_of(e)[-1:] == items[-1:])
        desk.tell("journal")
        assert desk.wait("journal")["written"]
        desk.kill()
    with stage.presenter(tmp_path, *words, size="1366x768") as desk:
        desk.wait("unclosed")
        desk.tell("resume")
        desk.wait("showing")
        desk.tell("action", name="minutes")
        seen = desk.wait("minutes")["rows"]
        assert [row[0] for row in seen][-1] == 9
        assert [row[2] for row in seen][-3:] == [*items[-2:], "書きかけの項"]
        desk.tell("minutes_type", kind="NOTE", text="続き")
        desk.tell("minutes_enter")
        desk.wait("minutes", lambda e: e["rows"][-1][:3] == [10, "NOTE", "続き"])
        desk.tell("end")
        desk.wait("ended")
