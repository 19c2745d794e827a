"""What the desk says of its rooms must be true: the pill, the line above the page, the rooms, the pace."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from pageview import wording
from presenter.actions import Actions
from presenter.console_state import Link, Room, Showing, pill, truth, truth_of_comparing, wall_state
from presenter.network import Network
from presenter.pace import Due, Planned, agenda, behind_s, clock, left_s, shared_out
from presenter.page_words import split_words
from presenter.papers import Papers
from presenter.preflight import Glass
from presenter.room_book import RoomBook, pick_state
from presenter.room_flow import RoomFlow
from presenter.room_list import RoomModel
from presenter.rooms import RoomsScreen
from presenter.rooms_state import Phase, RoomRow, RoomStatus, matches, typed_room
from presenter.session import Session
from presenter.settings import RoomUsed, Settings
from presenter.timetable import Timetable
from protocol.messages import RoomFacts
from protocol.model import Briefing
from protocol.ops import PlanPaper
from protocol.presence import Position
from protocol.registers import SetTimer
from protocol.transport.events import (
    Asking,
    Back,
    Event,
    Failed,
    FailureReason,
    Finding,
    Found,
    Gone,
    GoneReason,
    Lost,
    Paired,
    Proving,
    RoomLinkState,
    RoomLost,
    RoomSeen,
    Slow,
    WallFacts,
    WallPosition,
)
from protocol.transport.rooms_file import FILE, SIGNATURE, sign_rooms
from protocol.transport.settings import Profile, TransportSettings
from protocol.values import OWNER, OpId, Rect, Screen, View
from tests.protocol.handshakes import device
from tests.protocol.values import offer

WHOLE = Rect(0, 0, 84_200, 59_500)
VIEW = View(7, WHOLE)
SHOWING = Showing(VIEW, VIEW, Screen.SHOW)
ROOM = Room(27, "第三会議室", "本庁舎 3階", True, Link.GOOD, 0.0, Position(True, 7, WHOLE, True))


def line(rooms: list[Room], showing: Showing = SHOWING, screens: tuple[str, ...] = ()) -> str:
    words, values = truth(rooms, screens, showing, lambda page_id: page_id).words
    return words.format(**values)


def test_walls_are_told_the_end_of_the_paper_on_them_and_only_where_that_is_wished() -> None:
    now = [0.0]
    table = Timetable(lambda: now[0])
    briefing = Briefing()
    for paper, minutes in ((0, 10), (1, 5), (2, 0)):
        op = offer(paper, 10 * paper, 3)
        briefing = briefing.apply(op, OpId(OWNER, paper))
        if minutes:
            briefing = briefing.apply(PlanPaper(paper, minutes, ""), OpId(OWNER, 90 + paper))
    table.begin(briefing.papers, 0.0)
    assert table.news(briefing.page(0)) == SetTimer(0, 900_000, True)
    now[0] = 60.0
    assert table.news(briefing.page(10)) is None
    table.on_walls = True
    assert table.news(briefing.page(1)) == SetTimer(60_000, 900_000, True, 600_000)
    assert table.news(briefing.page(2)) is None, "a page turn within the paper changes nothing"
    assert table.news(briefing.page(10)) == SetTimer(60_000, 900_000, True, 900_000)
    assert table.news(briefing.page(20)) == SetTimer(60_000, 900_000, True), "nothing is planned for it"


def test_same_only_when_every_wall_has_said_so() -> None:
    assert line([ROOM]) == "会議室と同じ画面です"
    for position in (
        None,
        Position(True, 6, WHOLE, True),
        Position(True, 7, Rect(0, 0, 42_100, 29_750), True),
        Position(True, None, None, True),
    ):
        assert line([ROOM, replace(ROOM, number=28, position=position)]) == "会議室に映しています"
    assert "細かい所" in line([replace(ROOM, position=Position(True, 7, WHOLE, False))])


def test_while_the_walls_compare_they_are_not_said_to_show_the_page() -> None:
    same, lost = truth([ROOM], (), SHOWING, lambda page: page), replace(ROOM, link=Link.LOST)
    assert truth_of_comparing(same).words[0] == "会議室には前と後を並べています"
    trouble = truth([lost], (), SHOWING, lambda page: page)
    assert truth_of_comparing(trouble) == trouble


def test_a_region_that_differs_by_rounding_is_the_same() -> None:
    near = Rect(100, -80, 84_400, 59_600)
    assert line([replace(ROOM, position=Position(True, 7, near, True))]) == "会議室と同じ画面です"


@pytest.mark.parametrize(
    ("room", "showing", "said"),
    [
        (replace(ROOM, link=Link.LOST), SHOWING, "第三会議室とつながりません。7ページが映ったままです"),
        (replace(ROOM, link=Link.GONE, position=None), SHOWING, "第三会議室とつながりません"),
        (replace(ROOM, position=Position(False, 3, WHOLE, True)), SHOWING, "第三会議室は3ページを見ています"),
        (
            replace(ROOM, position=Position(True, None, None, True, hidden_here=True)),
            SHOWING,
            "第三会議室は画面を隠しています",
        ),
        (
            replace(ROOM, position=Position(True, 7, WHOLE, True, covered=True)),
            SHOWING,
            "第三会議室には緊急のお知らせが出ています",
        ),
        (replace(ROOM, unshowable=7), SHOWING, "第三会議室では、このページを表示できません"),
        (ROOM, replace(SHOWING, screen=Screen.HIDDEN), "会議室には何も映っていません"),
        (ROOM, replace(SHOWING, screen=Screen.WHITE), "会議室の画面を白くしています"),
        (ROOM, replace(SHOWING, held=True, desk=View(9, WHOLE)), "会議室は7ページのまま止めています"),
    ],
)
def test_what_is_otherwise_is_said(room: Room, showing: Showing, said: str) -> None:
    assert line([room], showing) == said


def test_without_a_room_nothing_is_claimed() -> None:
    assert line([]) == "練習中です。会議室には映していません"
    assert pill([], ()).title[0] == "練習中（映していません）"
    assert pill([], ("EPSON",)).title[0] == "つないだ画面に表示中"


@pytest.mark.parametrize(
    ("rooms", "tone", "title"),
    [
        ([ROOM], "ok", "{room}に表示中"),
        ([replace(ROOM, link=Link.SLOW, seconds=1.8)], "warn", "{room}に表示中"),
        ([ROOM, replace(ROOM, number=28)], "ok", "{n}つの会議室に表示中"),
        ([ROOM, replace(ROOM, number=28, link=Link.LOST)], "err", "会議室とつながりません"),
    ],
)
def test_the_worst_room_decides_the_pill(rooms: list[Room], tone: str, title: str) -> None:
    made = pill(rooms, ())
    assert (made.tone, made.title[0]) == (tone, title)


# --- the book of rooms ------------------------------------------------------------------------------------


def book(*events: Event, chosen: int | None = None) -> RoomBook:
    made = RoomBook().choosing(chosen)
    for event in events:
        made = made.after(event)
    return made


def linked(*states: object, number: int = 27) -> tuple[Event, ...]:
    return tuple(RoomLinkState(number, state) for state in states)  # type: ignore[arg-type]


PAIRED = Paired("第三会議室", "本庁舎 3階", True)
TODAY = date(2026, 11, 24)


def phase_of(made: RoomBook) -> Phase:
    return pick_state(made, (), TODAY, "", 0, 0).phase


def test_the_phases_of_connecting() -> None:
    assert phase_of(book(chosen=27)) is Phase.FINDING
    assert phase_of(book(*linked(Finding(), Found(6)), chosen=27)) is Phase.FOUND
    assert phase_of(book(*linked(Found(6), Proving()), chosen=27)) is Phase.PROVING
    refused = book(*linked(Found(6), Proving(), Failed(FailureReason.REFUSED)), chosen=27)
    assert phase_of(refused) is Phase.FAILED
    assert pick_state(refused, (), TODAY, "", 0, 0).code_length == 6


def test_a_number_that_grew_to_ten_digits_while_typing_is_told() -> None:
    grown = book(*linked(Finding(), Found(6), Found(10)), chosen=27)
    assert (grown.code_length, grown.renumbered) == (10, True)
    first = book(*linked(Finding(), Found(10)), chosen=27)
    assert (first.code_length, first.renumbered) == (10, False)


def test_a_room_of_the_briefing_comes_goes_and_returns() -> None:
    made = book(*linked(PAIRED), WallPosition(27, Position(True, 7, WHOLE, True)))
    assert made.rooms()[0].position is not None
    for state, link in (
        (Slow(1.8), Link.SLOW),
        (Back(), Link.GOOD),
        (Lost(0.0), Link.LOST),
        (Back(), Link.GOOD),
    ):
        made = made.after(RoomLinkState(27, state))
        assert made.rooms()[0].link is link
    made = made.after(RoomLinkState(27, Gone(GoneReason.FORGOTTEN)))
    assert made.rooms()[0].link is Link.GONE
    assert not made.without(27).rooms()


BUSY, IDLE = RoomSeen(27, None, None, True, ""), RoomSeen(27, None, None, False, "")


def waits(made: RoomBook) -> tuple[bool, bool]:
    state = pick_state(made, (), TODAY, "", 0, 0)
    return state.awaited, state.freed


def test_a_room_in_use_is_waited_for_until_it_is_free() -> None:
    chosen = book(BUSY).choosing(27)
    assert waits(chosen) == (True, False)
    assert waits(book(IDLE).choosing(27)) == (False, False)
    assert waits(book(BUSY, chosen=27)) == (True, False), "heard only after its number was typed"
    assert waits(chosen.after(RoomLost(27)).after(IDLE)) == (True, True), "its screen is replaced in between"
    assert waits(chosen.after(IDLE).after(BUSY)) == (True, False), "somebody else was quicker"
    left = chosen.choosing(None).after(IDLE)
    assert (left.awaited, left.freed) == (27, True), "the person looks at something else meanwhile"
    assert waits(left.choosing(27)) == (True, True)
    assert chosen.choosing(34).awaited is None
    held = book(IDLE).choosing(27, held=True).after(IDLE).after(BUSY)  # a list of rooms knows it first
    assert waits(held) == (False, False), "it shows its number to whoever goes on with its briefing"
    assert waits(held.choosing(27)) == (True, False)
    assert waits(held.after(IDLE).after(BUSY)) == (True, False), "its display let go; somebody else has it"


def test_who_waits_for_a_room_asks_the_network_again_until_it_is_free(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a display says of itself may get lost."""
    asked: list[bool] = []
    network = Network(tmp_path, TransportSettings)
    monkeypatch.setattr(network, "look_again", lambda: asked.append(True))
    screen = RoomsScreen(Actions())
    qtbot.addWidget(screen)
    flow = RoomFlow(screen, network, cast(Papers, None), cast(Session, None), Settings)
    flow.book = book(BUSY).choosing(27)
    flow._asking.setInterval(1)
    qtbot.waitUntil(lambda: bool(asked))
    flow.book = flow.book.after(IDLE)
    asked.clear()
    flow._asking.timeout.emit()
    assert not asked


def test_a_freed_room_is_told_beside_the_screen_only_where_it_is_not_chosen(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = Network(tmp_path, TransportSettings)
    for name in ("connect_room", "cancel"):
        monkeypatch.setattr(network, name, lambda *_: None)
    screen = RoomsScreen(Actions())
    qtbot.addWidget(screen)
    flow = RoomFlow(screen, network, cast(Papers, None), cast(Session, None), Settings)
    monkeypatch.setattr(flow, "refresh", lambda: None)
    told: list[str] = []
    flow.freed.connect(told.append)
    flow.book = book(BUSY).choosing(27).choosing(None).after(IDLE)
    flow._freed()
    flow.to_freed()
    flow.leave()
    assert [bool(title) for title in told] == [True, False, True]


def test_rooms_are_heard_of_whichever_way_the_network_came_to_be_started(
    qtbot: QtBot, tmp_path: Path
) -> None:
    """Such as by choosing other papers while an unclosed briefing is offered."""
    key = device("facilities")
    (tmp_path / "facilities.pem").write_bytes(key.pem)
    rooms = '[[room]]\nnumber = 27\nname = "第三会議室"\n'.encode()
    (tmp_path / FILE).write_bytes(rooms)
    (tmp_path / SIGNATURE).write_bytes(sign_rooms(key.sign, rooms))
    settings = TransportSettings(
        port=0, mdns=False, facilities=tmp_path / "facilities.pem", room_file=tmp_path
    )
    network = Network(tmp_path, lambda: settings)
    heard: list[Event] = []
    network.received.connect(heard.extend)
    network.start(Profile("佐藤", ""))
    qtbot.waitUntil(lambda: [each.number for each in heard if isinstance(each, RoomSeen)] == [27])
    network.stop()


def test_after_no_or_yes_to_a_take_over() -> None:
    asked = book(*linked(Found(6), Asking()), chosen=27)
    assert phase_of(asked) is Phase.ASKING
    assert waits(asked.after(BUSY).after(*linked(Failed(FailureReason.TAKEN)))) == (True, False)
    assert book(BUSY, *linked(PAIRED), BUSY, chosen=27).awaited is None


def test_a_room_s_line_in_the_list_says_what_its_wall_said() -> None:
    def said(room: Room) -> tuple[str, str]:
        _icon, tone, (words, values) = wall_state(room, SHOWING, lambda page_id: page_id)
        return tone, words.format(**values)

    own = replace(ROOM, position=Position(False, 3, WHOLE, True))
    assert said(ROOM) == ("ok", "7ページを表示中")
    assert said(replace(ROOM, position=None)) == ("ok", "通信良好")
    assert said(own) == ("warn", "自分で3ページを見ています")
    assert said(replace(own, link=Link.LOST)) == ("err", "つなぎ直しています")
    assert said(replace(own, link=Link.GONE)) == ("err", "接続が終わりました")
    assert said(replace(ROOM, unshowable=7)) == ("err", "このページを表示できません")
    hidden = replace(ROOM, position=Position(True, None, None, True, hidden_here=True))
    assert said(hidden) == ("warn", "画面を隠しています")
    covered = replace(ROOM, position=Position(True, 7, WHOLE, True, covered=True))
    assert said(covered) == ("warn", "緊急のお知らせが出ています")


def test_the_rooms_of_a_briefing_that_goes_on_are_out_of_reach_until_they_are_back() -> None:
    made = RoomBook().returning([Room(27, "第三会議室", "本庁舎 3階")])
    assert made.rooms()[0].link is Link.LOST
    assert line(list(made.rooms())) == "第三会議室とつながりません"
    made = made.after(RoomLinkState(27, Lost(0.0))).after(RoomLinkState(27, Back()))
    made = made.after(WallPosition(27, Position(True, 7, WHOLE, True)))
    assert line(list(made.rooms())) == "会議室と同じ画面です"


def test_a_removal_on_the_network_touches_no_session() -> None:
    made = book(RoomSeen(27, None, None, True, ""), *linked(PAIRED), RoomLost(27))
    assert made.rooms()[0].link is Link.GOOD


def test_the_wall_s_facts_give_name_and_glass() -> None:
    places = "本庁舎 3階", "Main Building, 3rd floor"
    facts = RoomFacts(27, "第三会議室", "Conference Room 3", *places, 3840, 2160, 75, 400, True)
    made = book(*linked(Paired("", "", False)), WallFacts(27, facts))
    assert made.rooms()[0].title == "第三会議室"
    assert made.glass() == Glass(16 / 9, 75.0, 4.0)
    wording.set_language("en")
    room = made.retranslated().rooms()[0]
    assert (room.title, room.place) == ("Conference Room 3", "Main Building, 3rd floor")


def test_the_list_has_rooms_used_before_first_and_says_which_are_silent() -> None:
    used = (RoomUsed(27, "第三会議室", "本庁舎 3階", date(2026, 11, 20)), RoomUsed(5, "博物館", "", TODAY))
    made = book(RoomSeen(34, None, None, True, ""), RoomSeen(27, None, None, False, ""))
    rows = pick_state(made, used, TODAY, "", 0, 0).rooms
    assert [(row.number, row.status) for row in rows] == [
        (27, RoomStatus.FREE),
        (5, RoomStatus.SILENT),
        (34, RoomStatus.IN_USE),
    ]
    assert rows[0].title == "第三会議室"
    assert rows[2].title == "会議室ディスプレイ 34番"


def test_a_number_that_was_only_typed_is_no_room_that_was_found() -> None:
    model = RoomModel()
    model.show([RoomRow(27), RoomRow(2, status=RoomStatus.UNHEARD)], None)
    told = [model.data(model.index(line)) for line in range(model.rowCount())]
    assert told[:3] == ["見つかった会議室", "会議室ディスプレイ 27番  空き ", "入力した番号"]
    assert "空き" not in told[3]


@pytest.mark.parametrize(
    ("search", "found"), [("三会", True), ("本庁舎 ３階", True), ("27", True), ("２７", True), ("8階", False)]
)
def test_search_by_name_place_and_number(search: str, found: bool) -> None:
    assert matches(RoomRow(27, "第三会議室", "本庁舎 3階"), search) is found


@pytest.mark.parametrize(
    ("typed", "number"),
    [("27", 27), ("２７番", 27), ("0", None), ("123456", None), ("第三", None), ("", None)],
)
def test_a_room_number_in_the_search_field(typed: str, number: int | None) -> None:
    assert typed_room(typed) == number


# --- time and words ---------------------------------------------------------------------------------------

PLAN = [Planned("全体", 10, 5), Planned("重点", 8, 4), Planned("カメラ", 12, 6)]


def test_the_plan_is_shared_out_by_pages_and_adds_up() -> None:
    for total in (0, 1, 29, 30, 600):
        assert sum(shared_out(total, [24, 12, 6])) == total
    assert shared_out(30, []) == ()


def test_pace_behind_on_time_and_ahead() -> None:
    assert behind_s(PLAN, 1, 0, 600) == 0, "the second paper begins with its tenth minute"
    assert behind_s(PLAN, 1, 0, 719) == 0, "its first page has two minutes"
    assert behind_s(PLAN, 1, 0, 840) == 120
    assert behind_s(PLAN, 1, 2, 600) == -240
    assert behind_s((*PLAN, Planned("調べたもの", 0, 1)), len(PLAN), 0, 60) == 0, "no plan speaks of it"
    assert behind_s([], 0, 0, 100) == 0
    assert left_s(PLAN, 1, 840) == sum(paper.minutes for paper in PLAN[:2]) * 60 - 840
    assert left_s((*PLAN, Planned("調べたもの", 0, 1)), len(PLAN), 60) is None


def test_the_agenda_marks_now() -> None:
    assert [item.due for item in agenda(PLAN, 1)] == [Due.DONE, Due.NOW, Due.AHEAD]


def test_clock_faces() -> None:
    assert [clock(seconds) for seconds in (0, 59.9, 1212, 3723)] == ["0:00", "0:59", "20:12", "1:02:03"]


def test_the_first_words_of_a_page_are_its_title() -> None:
    text = "8\n河川監視カメラの更新計画\n36か所のうち26か所を\n9年度に替える"
    assert split_words(text) == ("河川監視カメラの更新計画", "36か所のうち26か所を 9年度に替える")
    assert split_words("12\n34") == ("", "")
