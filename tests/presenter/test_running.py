"""A running briefing changes: papers come and go, a room joins. What the room sees is what counts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pymupdf

import assets
from benchmarks.staging import free_port
from pageview.blank_page import blank_page
from presenter import stage
from presenter.stage import Program

ROOM = 4_711


@contextmanager
def both(folder: Path, more: str = "") -> Iterator[tuple[Program, Program, str]]:
    """A wall, a desk with the memo, and the wall's address: mDNS hears every test on this machine."""
    port = free_port()
    words = ("--mdns-interface", "127.0.0.1", "--port", str(port))
    with (
        stage.kiosk(folder / "kiosk", *words, number=ROOM, size="640x360", more=more) as wall,
        stage.presenter(folder / "desk", "--no-mdns", str(assets.SAMPLE_MEMO), size="1366x768") as desk,
    ):
        yield wall, desk, f"127.0.0.1:{port}"


def pair(wall: Program, desk: Program, address: str) -> None:
    code = wall.wait("code")["code"]
    desk.tell("connect", room=ROOM, address=address)
    desk.wait("found")
    desk.tell("code", code=code)
    desk.wait("paired")


def test_a_key_after_a_jump_goes_on_from_the_page_jumped_to(tmp_path: Path) -> None:
    """The desk itself shows the page a moment after the walls: keys do not wait for that."""
    with stage.presenter(tmp_path, "--no-mdns", str(assets.SAMPLE_MEMO), size="1366x768") as desk:
        desk.wait("opened")
        desk.tell("rehearse")
        desk.wait("showing")
        desk.tell("jump", page=3)
        desk.tell("key", key="Shift+Right")
        desk.tell("key", key="Shift+Right")
        desk.wait("moved", lambda e: e["page"] == 5)


def test_a_room_joins_a_rehearsal_only_at_its_own_start(tmp_path: Path) -> None:
    with both(tmp_path) as (wall, desk, address):
        desk.wait("opened")
        desk.tell("rehearse")
        desk.wait("showing")
        desk.tell("jump", page=4)
        desk.wait("moved", lambda e: e["page"] == 4)
        pair(wall, desk, address)
        wall.wait("screen", lambda e: e["screen"] == "cover")
        desk.tell("action", name="back_to_start")
        wall.wait("screen", lambda e: e["screen"] == "standby")
        assert not [e for e in wall.events if e["event"] == "painted"], "without 開始 it saw no page"
        desk.tell("action", name="add_room")
        desk.tell("action", name="rehearse")
        pair(wall, desk, address)
        desk.tell("action", name="start")
        assert wall.wait("painted")["page"] == 4, "what is being shown, not the first page once more"
        desk.wait("says", lambda e: e["truth"] == "会議室と同じ画面です")
        desk.tell("end")
        assert desk.wait("ended")["wiped"] == [ROOM]


def test_papers_come_and_go_while_the_room_looks_on(tmp_path: Path) -> None:
    office, damaged = tmp_path / "案.jtd", tmp_path / "壊れ.pdf"
    office.write_bytes(b"PK\x03\x04")
    damaged.write_bytes(b"%PDF-1.7\n")
    with both(tmp_path) as (wall, desk, address):
        memo = desk.wait("opened")["pages"]
        pair(wall, desk, address)
        desk.tell("start")
        wall.wait("painted", lambda e: e["sharp"] and e["page"] == 1)
        desk.tell("open", files=[str(office), str(damaged)])
        for sentence in ("PDFで保存してから開いてください", "壊れているため開けません"):
            assert sentence in desk.wait("notice")["text"]
        desk.tell("open", files=[str(assets.SAMPLE_WIDE)])
        deck = desk.wait("opened")["pages"]
        desk.wait("papers", lambda e: e["count"] == 2)
        desk.tell("action", name="last")
        wall.wait("painted", lambda e: e["sharp"] and e["page"] == memo + deck)
        desk.tell("action", name="withdraw_paper")
        desk.tell("key", key="Tab")
        desk.tell("key", key="Return")
        desk.wait("papers", lambda e: e["count"] == 1)
        wall.wait("painted", lambda e: e["sharp"] and e["page"] == 1)
        desk.tell("action", name="last")
        wall.wait("painted", lambda e: e["sharp"] and e["page"] == memo)
        desk.tell("end")
        assert desk.wait("ended")["wiped"] == [ROOM]


def test_a_room_that_gives_up_waiting_for_開始_is_called_again(tmp_path: Path) -> None:
    with both(tmp_path, more="\n[deadlines]\nstart = 0.5\n") as (wall, desk, address):
        desk.wait("opened")
        pair(wall, desk, address)
        assert desk.wait("gone")["reason"] == "LEFT"
        desk.tell("action", name="start")
        desk.wait("found")
        assert not [e for e in desk.events if e["event"] == "showing"], "no briefing without a place"


def test_pages_are_put_in_order_before_the_room_and_back(tmp_path: Path) -> None:
    one_page = tmp_path / "追加.pdf"
    one_page.write_bytes(blank_page(84_200, 59_500))
    with both(tmp_path) as (wall, desk, address):
        desk.wait("opened")
        pair(wall, desk, address)
        desk.tell("start")
        desk.tell("jump", page=2)
        before = wall.wait("painted", lambda e: e["page"] == 2 and e["sharp"])
        desk.tell("page_deed", name="TURN", page=2)
        turned = wall.wait("painted", lambda e: e["page"] == 2 and e["sharp"] and e["steps"] == 1)
        assert turned["page_id"] == before["page_id"], "it is the same page, and lies on its side"
        desk.tell("page_deed", name="UNDO", page=2)
        wall.wait("painted", lambda e: e["page"] == 2 and e["sharp"] and e["steps"] > 1)
        desk.tell("page_deed", name="LATER", page=2)
        desk.wait("pages", lambda e: e["ids"][1:3] == [2, 1])
        desk.tell("jump", page=2)
        wall.wait("painted", lambda e: (e["page"], e["page_id"]) == (2, 2))
        desk.tell("jump", page=3)
        wall.wait("painted", lambda e: (e["page"], e["page_id"]) == (3, 1))
        desk.tell("page_deed", name="BLANK", page=3)
        desk.wait("pages", lambda e: e["ids"][2:4] == [1, 6])
        desk.tell("page_deed", name="REMOVE", page=3)
        # The wall goes there first and hears of the removal then: under which number it paints is chance.
        blank = wall.wait("painted", lambda e: e["page_id"] == 6 and e["sharp"])
        assert blank["steps"] == 3, "of the size of the page before"
        desk.wait("pages", lambda e: e["ids"][2] == 6)
        desk.tell("pages_of", file=str(one_page), after=3)
        desk.wait("pages", lambda e: e["ids"][2:4] == [6, 7])
        desk.tell("action", name="escape")  # closes the overview, wherever the keyboard is
        desk.tell("press", words="続ける")
        desk.wait("misunderstood")
        desk.tell("jump", page=4)
        wall.wait("painted", lambda e: e["page_id"] == 7 and e["sharp"])
        desk.tell("end")
        desk.wait("ended")


def test_words_pictures_and_areas_of_the_page_are_changed_before_the_room(tmp_path: Path) -> None:
    """Each is an edition that the wall paints, and Ctrl+Z takes back."""
    with both(tmp_path) as (wall, desk, address):
        desk.wait("opened")
        pair(wall, desk, address)
        desk.tell("start")
        wall.wait("painted", lambda e: e["page"] == 1 and e["sharp"])
        edits = (
            {"name": "white_out", "x": 0.1, "y": 0.1, "to": [0.6, 0.3]},
            {"name": "add_words", "x": 0.2, "y": 0.2, "text": "訂正：𠮷田課長が説明"},
        )
        for edition, edit in enumerate(edits, 2):
            desk.tell("page_edit", **edit)
            desk.wait("edition", lambda e, edition=edition: e["number"] == edition)
            wall.wait("painted", lambda e: not e["sharp"])
            wall.wait("painted", lambda e: e["page"] == 1 and e["sharp"])
        desk.tell("page_edit", name="remove_picture", x=0.95, y=0.95)
        desk.wait("notice", lambda e: e["text"] == "そこに図はありません。")
        desk.tell("key", key="Ctrl+Z")
        desk.wait("edition", lambda e: e["number"] == 4)
        desk.tell("end")
        desk.wait("ended")


def test_who_exports_a_paper_that_had_a_password_is_told_that_the_files_have_none(tmp_path: Path) -> None:
    locked = tmp_path / "内示.pdf"
    with pymupdf.open(assets.SAMPLE_MEMO) as document:
        document.save(locked, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="sora")
    with stage.presenter(tmp_path / "desk", "--no-mdns", str(locked), size="1366x768") as desk:
        desk.wait("refused")
        desk.tell("password", file=str(locked), password="sora")
        desk.wait("opened")
        desk.tell("rehearse")
        desk.wait("showing")
        desk.tell("export", folder=str(tmp_path))
        assert desk.wait("exported")["files"]
        desk.known("notice", lambda e: "パスワードがありません" in e["text"])
        desk.tell("end")
        desk.wait("ended")
        desk.tell("action", name="close")
        desk.tell("rehearse")
        desk.wait("showing")  # the paper is still chosen, and its password is not asked for again
