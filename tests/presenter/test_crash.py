"""A desk killed in the middle of a briefing: nothing is lost; room and participants return without a code."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pymupdf

import assets
from presenter import stage
from presenter.at_rest import AtRestKey
from presenter.notes import Notes
from protocol.transport.events import LinkBack, LinkLost
from protocol.transport.join_events import AwaitingStart, Joined, Left, LeftReason
from tests.presenter.joiner import Joiner

LOOPBACK = ("--mdns-interface", "127.0.0.1")
# Other tests may run on this machine at the same time, and mDNS hears them all.
ROOM = 1_000 + os.getpid() % 90_000
NOTE = "三つ目の約束をゆっくり"


def locked_paper(folder: Path) -> Path:
    """A paper with a password, and the presenter's own note at its third page."""
    paper = folder / "初動体制.pdf"
    with pymupdf.open(assets.SAMPLE_MEMO) as document:
        document.save(paper, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="sora")
    state = folder / "desk" / "state"
    notes = Notes(state / "notes", AtRestKey.load_or_create(state))
    notes.write(hashlib.sha256(paper.read_bytes()).digest(), 2, NOTE)
    notes.save()
    return paper


def test_after_kill_9_the_briefing_is_offered_back_and_its_guests_return_by_themselves(
    tmp_path: Path,
) -> None:
    """The participant came before 開始, and had to wait for it. What is shown had a password."""
    paper = locked_paper(tmp_path)
    with (
        stage.kiosk(tmp_path / "kiosk", *LOOPBACK, number=ROOM, size="640x360") as wall,
        Joiner(tmp_path / "joiner", "鈴木") as suzuki,
    ):
        code = wall.wait("code")
        desk = stage.presenter(tmp_path / "desk", *LOOPBACK, str(paper), size="1366x768")
        try:
            desk.wait("refused")
            desk.tell("password", file=str(paper), password="sora")
            desk.wait("opened")
            desk.known("room_seen", lambda e: e["room"] == ROOM)
            desk.tell("connect", room=ROOM)
            desk.wait("found")
            desk.tell("code", code=code["code"])
            desk.wait("paired")
            desk.tell("action", name="let_join")
            suzuki.join(ROOM, desk.wait("joining", lambda e: e["code"])["code"])
            suzuki.state(AwaitingStart)
            desk.tell("start")
            joined = suzuki.state(Joined)
            wall.wait("painted", lambda e: e["sharp"])
            desk.tell("jump", page=3)
            shown = wall.wait("painted", lambda e: e["page"] == 3 and e["sharp"])
            desk.wait("wall", lambda e: e["page"] == 3)
            desk.tell("journal")
            assert desk.wait("journal")["written"]
            desk.kill()
            wall.wait("lost")
            suzuki.until(LinkLost)
        finally:
            desk.end()
        with stage.presenter(tmp_path / "desk", *LOOPBACK, size="1366x768") as again:
            again.wait("unclosed")
            again.tell("resume")
            again.wait("showing")
            again.wait("back", lambda e: e["room"] == ROOM)
            wall.wait("back")
            still = again.wait("wall", lambda e: e["sharp"])
            assert (still["page"], still["rect"]) == (3, shown["rect"])
            assert still["counted"], "the desk must not say that nothing is shown in a room"
            suzuki.until(LinkBack)
            assert again.known("participant", lambda e: e["link"] == "LINKED")["peer"] == joined.peer
            again.known("says", lambda e: e["truth"] == "会議室と同じ画面です")
            again.known("note", lambda e: e["text"] == NOTE)
            again.tell("key", key="Shift+Right")
            wall.wait("painted", lambda e: e["page"] == 4 and e["sharp"])
            fourth = [page.page_id for page in suzuki.briefing.pages()][3]
            suzuki.sees(fourth)
            again.tell("end")
            assert suzuki.state(Left).reason is LeftReason.ENDED
            wall.wait("wiped")
            assert again.wait("ended")["wiped"] == [ROOM]
            again.known("kept")
    assert not list((tmp_path / "desk" / "state" / "briefings").glob("*/journal")), (
        "closed by its person: gone"
    )
