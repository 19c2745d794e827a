"""The kiosk as it runs in a room: real processes, TLS, mDNS on loopback, a real owner, real papers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage

import assets
from pageview.steps import steps
from presenter.stage import Event, Program
from protocol.errors import Fault
from protocol.registers import SetScreen, SetViewing, ShowView
from protocol.transport.events import (
    Back,
    Failed,
    Gone,
    GoneReason,
    Lost,
    Paired,
    TakeoverRequested,
    WallFacts,
    WallReported,
    WallWiped,
)
from protocol.values import Rect, Screen, Viewing
from tests.kiosk.desk import Desk
from tests.kiosk.remains import PIXELS, TITLE, marked_paper, markers, remains
from tests.kiosk.rooms import (
    ROOM,
    SETTINGS,
    alive,
    kill_screen,
    kiosk,
    memory_holds,
    renderers,
    screen_process,
)
from tests.protocol.handshakes import device

IMPATIENT = "[deadlines]\ncard = 0.1\ncode = 0.2\nmessage = 0.3\ncover = 0.5\nwipe = 1.5\n"


@pytest.fixture
def wall(tmp_path: Path) -> Iterator[Program]:
    with kiosk(tmp_path / "kiosk") as program:
        yield program


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Desk(tmp_path / "desk") as presenter:
        yield presenter


def painted(wall: Program, page: int) -> Event:
    return wall.wait("painted", lambda e: e["sharp"] and e["page"] == page)


def screen(wall: Program, name: str) -> Event:
    return wall.wait("screen", lambda e: e["screen"] == name)


PAGE = QRect(320, 100, 640, 500)
"""A part of a page on the wall of 1280 by 720."""


def shot(wall: Program, name: str) -> QImage:
    wall.tell("shot", name=name)
    return QImage(wall.wait("shot")["file"])


def following(wall: Program, desk: Desk) -> str:
    """Pairs by the code over mDNS and starts; the code."""
    code: str = wall.wait("code")["code"]
    assert isinstance(desk.pair(ROOM, code), Paired)
    screen(wall, "cover")
    desk.offer()
    desk.start(ROOM)
    painted(wall, 1)
    return code


def test_a_briefing_from_the_code_to_the_wipe(wall: Program, desk: Desk) -> None:
    code = wall.wait("code")["code"]
    wrong = "000000" if code != "000000" else "111111"
    assert isinstance(desk.pair(ROOM, wrong), Failed)
    assert wall.wait("choosers")["count"] == 1, "people see that somebody has chosen their room"
    desk.call(desk.owner.submit_code, ROOM, code)
    assert desk.state(Paired).name == "第三会議室"
    facts = desk.until(WallFacts).facts
    assert (facts.width, facts.height, facts.number) == (1280, 720, ROOM)
    screen(wall, "cover")
    assert not wall.has("painted")
    desk.offer(assets.SAMPLE_MEMO)
    desk.offer(assets.SAMPLE_BUDGET)
    parts = steps(desk.pages[0])
    desk.set(ShowView(parts[0]))
    desk.set(SetScreen(Screen.SHOW))
    desk.call(desk.owner.start, ROOM)
    assert wall.wait("painted", lambda e: e["sharp"])["steps"] == len(parts) > 1
    desk.set(ShowView(parts[1]))
    assert wall.wait("painted", lambda e: e["sharp"] and e["step"] == 1)["rect"][1] == parts[1].rect.y0
    glass = shot(wall, "step")
    assert QColor(glass.pixel(20, 360)) == QColor("white"), "a stepped page stands flush left"
    assert QColor(glass.pixel(1156, 420)) == QColor("#0B0D13"), "the letterbox is beside it"
    desk.show(7)
    painted(wall, 8)
    desk.point(7, 20_000, 20_000)
    assert wall.wait("pointer")["x"] == 20_000
    ended = desk.end()
    assert ended.wiped == (ROOM,)
    wall.wait("wiped")
    seen = [e.get("screen") or e["event"] for e in wall.events if e["event"] in ("screen", "wiped")]
    assert seen[-2:] == ["cover", "wiped"]
    screen(wall, "standby")
    assert wall.wait("code")["code"] != code


def test_after_the_end_nothing_of_the_paper_is_in_any_memory_or_file(
    wall: Program, desk: Desk, tmp_path: Path
) -> None:
    paper = marked_paper(tmp_path)
    code = wall.wait("code")["code"]
    assert isinstance(desk.pair(ROOM, code), Paired)
    desk.offer(paper)
    desk.start(ROOM)
    painted(wall, 1)
    screen_pid = screen_process(wall)
    found = memory_holds(screen_pid, *markers(paper))
    assert {PIXELS, TITLE.encode(), paper.read_bytes()[20:60]} <= set(found), "the search finds what is there"
    drawing = renderers(wall)
    assert len(drawing) == 2
    desk.end()
    wall.wait("wiped")
    assert [pid for pid in drawing if alive(pid)] == []
    wall.wait("code")
    assert not alive(screen_pid)
    assert remains(wall, tmp_path / "kiosk", paper) == []


@pytest.mark.bad_input(row=42)
def test_a_paper_that_is_not_the_one_announced_is_asked_for_once_more_and_then_covered(
    wall: Program, desk: Desk
) -> None:
    """Row 42: nothing of it is shown, the presenter is told, and the next paper comes as ever."""
    code = wall.wait("code")["code"]
    assert isinstance(desk.pair(ROOM, code), Paired)
    desk.offer(assets.SAMPLE_MEMO)
    blob = desk.pages[0].ref.blob

    def wrong(
        sha256: bytes, given: Callable[[bytes], memoryview | None] = desk.owner.session.blob
    ) -> memoryview | None:
        data = given(sha256)
        return data if sha256 != blob or data is None else memoryview(bytes(len(data)))

    desk.owner.session.blob = wrong  # type: ignore[method-assign]
    first = len(desk.pages)
    desk.offer(assets.SAMPLE_BUDGET)
    screen(wall, "cover")
    desk.start(ROOM)
    report = desk.until(WallReported).report
    assert (report.ref.blob, report.reason) == (blob, Fault.PAPER_NOT_AS_ANNOUNCED)
    desk.wall(lambda w: w.position.page_id is None)
    glass = shot(wall, "covered")
    assert glass.pixelColor(20, 360) != QColor("#0B0D13"), "the cover with its words, not a dark screen"
    desk.show(first)
    assert painted(wall, first + 1)["page_id"] == desk.pages[first].page_id
    shown = [e for e in wall.events if e["event"] == "painted" and e["page"] <= first]
    assert not [e for e in shown if e["sharp"]]


def test_a_link_cut_before_the_paper_came_leaves_the_cover_and_no_white_page(
    wall: Program, desk: Desk
) -> None:
    code = wall.wait("code")["code"]
    assert isinstance(desk.pair(ROOM, code), Paired)
    desk.offer(assets.SAMPLE_MEMO)
    given = desk.owner.session.blob
    desk.owner.session.blob = lambda sha256: None  # type: ignore[method-assign]
    desk.start(ROOM)
    screen(wall, "show")
    wall.tell("cut", seconds=1)
    screen(wall, "cover")
    desk.owner.session.blob = given  # type: ignore[method-assign]
    painted(wall, 1)


def test_the_room_menu_does_what_the_rail_does(wall: Program, desk: Desk) -> None:
    following(wall, desk)
    press = desk.owner.press_wall_key
    desk.call(press, ROOM, "hide")
    screen(wall, "hidden")
    assert desk.wall(lambda w: w.position.hidden_here).position.page_id is None
    black = shot(wall, "hidden")
    assert QColor(black.pixel(640, 360)) == QColor("black")
    desk.call(press, ROOM, "no such key")
    desk.call(press, ROOM, "show")
    screen(wall, "show")
    desk.call(press, ROOM, "next")
    own = desk.wall(lambda w: not w.position.following and w.position.sharp).position
    assert own.page_id == desk.pages[1].page_id
    desk.show(5)
    desk.call(press, ROOM, "previous")
    back = desk.wall(lambda w: w.position.page_id == desk.pages[0].page_id).position
    assert not back.following
    desk.call(press, ROOM, "follow")
    painted(wall, 6)
    desk.call(press, ROOM, "larger")
    larger = desk.wall(lambda w: not w.position.following and w.position.sharp).position
    assert larger.rect is not None
    assert larger.rect.x1 - larger.rect.x0 < desk.pages[5].width
    desk.set(SetViewing(Viewing.LOCKED))
    whole = desk.wall(lambda w: w.position.following).position
    assert whole.rect == Rect(0, 0, desk.pages[5].width, desk.pages[5].height)
    desk.call(press, ROOM, "next")
    desk.show(6)
    assert painted(wall, 7)["page_id"] == desk.pages[6].page_id


def test_a_wall_sees_nothing_beyond_the_page_that_is_presented(wall: Program, desk: Desk) -> None:
    following(wall, desk)
    press = desk.owner.press_wall_key
    desk.show(3)
    painted(wall, 4)
    desk.set(SetViewing(Viewing.NOT_AHEAD))
    desk.call(press, ROOM, "next")
    desk.call(press, ROOM, "previous")
    own = desk.wall(lambda w: not w.position.following and w.position.sharp).position
    assert own.page_id == desk.pages[2].page_id, "the key for the next page did nothing"
    desk.show(1)
    back = desk.wall(lambda w: w.position.sharp and w.position.page_id == desk.pages[1].page_id).position
    assert back.following, "the page it looked at is beyond the one presented now"


def test_a_crashed_screen_comes_back_without_typing(wall: Program, desk: Desk) -> None:
    following(wall, desk)
    before = wall.processes()
    kill_screen(wall)
    desk.state(Lost)
    screen(wall, "cover")
    desk.state(Back)
    assert painted(wall, 1)["page_id"] == desk.pages[0].page_id
    assert [pid for pid in before[1:] if alive(pid)] == [], "nothing of the dead screen is left"
    desk.show(2)
    painted(wall, 3)


def test_a_link_that_stays_dead_ends_in_cover_and_wipe(tmp_path: Path, desk: Desk) -> None:
    with kiosk(tmp_path / "kiosk", settings=SETTINGS + IMPATIENT) as wall:
        code = following(wall, desk)
        wall.tell("cut", seconds=60)
        wall.wait("lost")
        screen(wall, "cover")
        wall.wait("wiped")
        screen(wall, "standby")
        assert wall.wait("code")["code"] != code


def test_a_cut_link_returns_with_the_right_page(wall: Program, desk: Desk) -> None:
    following(wall, desk)
    wall.tell("cut", seconds=0.5)
    wall.wait("lost")
    desk.show(3)
    wall.wait("back")
    painted(wall, 4)
    assert not [e for e in wall.events if e["event"] == "screen" and e["screen"] == "cover"][1:]


def test_disconnecting_at_the_wall_wipes_it(wall: Program, desk: Desk, tmp_path: Path) -> None:
    code = wall.wait("code")["code"]
    assert isinstance(desk.pair(ROOM, code), Paired)
    screen(wall, "cover")
    wall.tell("action", name="disconnect")
    shot(wall, "asked")
    wall.tell("touch", x=930, y=650)
    assert desk.state(Gone).reason is GoneReason.LEFT
    desk.until(WallWiped)
    screen(wall, "standby")


def test_a_second_presenter_takes_the_wall_when_the_first_agrees(
    wall: Program, desk: Desk, tmp_path: Path
) -> None:
    following(wall, desk)
    page = shot(wall, "page").copy(PAGE)
    wall.tell("action", name="page_list")
    assert shot(wall, "page list").copy(PAGE) != page
    wall.tell("action", name="another")
    assert shot(wall, "code").copy(PAGE) == page, "no list hides the code that was called for"
    code = [e for e in wall.events if e["event"] == "code"][-1]["code"]
    with Desk(tmp_path / "second", "田中", "企画課") as second:
        second.call(second.owner.connect, ROOM)
        second.call(second.owner.submit_code, ROOM, code)
        asked = desk.until(TakeoverRequested)
        assert (asked.name, asked.department) == ("田中", "企画課")
        assert not wall.has("wiped")
        desk.call(desk.owner.answer_takeover, ROOM, True)
        wall.wait("wiped")
        desk.until(WallWiped)
        second.state(Paired)
        screen(wall, "cover")
        wall.wait("paired")
        second.offer(assets.SAMPLE_WIDE)
        second.start(ROOM)
        assert painted(wall, 1)["page_id"] == second.pages[0].page_id


def test_the_fault_page_after_a_crash_loop(wall: Program) -> None:
    for _ in range(5):
        screen(wall, "standby")
        kill_screen(wall)
    screen(wall, "fault")
    assert alive(screen_process(wall))


def test_wrong_settings_are_told_on_the_wall_and_in_the_log(tmp_path: Path) -> None:
    with kiosk(tmp_path / "kiosk", settings=SETTINGS.replace(str(ROOM), "0")) as wall:
        screen(wall, "fault")
    assert any("room.number" in line and "99999" in line for line in wall.errors)


def test_a_facilities_key_that_cannot_be_read_is_a_fault_and_not_ignored(tmp_path: Path) -> None:
    state = tmp_path / "kiosk" / "state"
    state.mkdir(parents=True)
    (state / "facilities.pem").write_text("not a key")
    with kiosk(tmp_path / "kiosk") as wall:
        screen(wall, "fault")
        assert not wall.has("code")


def test_a_facilities_key_that_the_settings_name_and_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    settings = SETTINGS + f'[network]\nfacilities = "{tmp_path / "facilities.pem"}"\n'
    with kiosk(tmp_path / "kiosk", settings=settings) as wall:
        screen(wall, "fault")
        assert not wall.has("code")
    assert any("network.facilities" in line for line in wall.errors)


def test_no_screenshot_where_a_facilities_key_is_installed(tmp_path: Path) -> None:
    state = tmp_path / "kiosk" / "state"
    state.mkdir(parents=True)
    (state / "facilities.pem").write_bytes(device("facilities").pem)
    (state / "room.cert").write_bytes(b"of whatever room")
    with kiosk(tmp_path / "kiosk") as wall:
        wall.wait("code")
        wall.tell("shot", name="page")
        assert "evidence" in wall.wait("error")["why"]
    assert not (tmp_path / "kiosk" / "shots").exists()


def test_nothing_is_left_running_after_the_end(wall: Program, desk: Desk) -> None:
    following(wall, desk)
    processes = wall.processes()
    assert len(processes) >= 4
    assert wall.end() == 0
    assert [pid for pid in processes if alive(pid)] == []
