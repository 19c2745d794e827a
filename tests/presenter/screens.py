"""Every screen of the desk in its states, from frozen values: for tests and for looking at them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import QWidget

from pageview.beside import Half, Halves
from pageview.hand import MEDIUM, Use
from presenter.actions import Actions
from presenter.console import Console
from presenter.console_side import Side
from presenter.console_state import ConsoleState, Link, PageFacts, Room, Showing, pill, truth
from presenter.dialogs import KeysSheet, PasswordSheet, Question, SettingsSheet
from presenter.end_state import KeepFailed, PlaceEnd, Wipe
from presenter.keeping_sheet import KeepingSheet
from presenter.leaving import LeaveSheet, unassigned
from presenter.lookup.places import Places
from presenter.lookup.places_sheet import PlacesSheet
from presenter.lookup.source_sheet import source_sheet
from presenter.pace import Planned, agenda
from presenter.people_state import People, Person
from presenter.people_state import Room as PeopleRoom
from presenter.plan_sheet import PlanSheet
from presenter.record.draft import drafted
from presenter.record.transcribed import aligned, with_transcript
from presenter.record.transcript import transcript_of
from presenter.record_sheet import AssignSheet, RecordSheet
from presenter.rooms_state import Phase, RoomsState
from presenter.settings import Settings
from presenter.source_words import HowMuch
from presenter.stamps import StampSheet
from presenter.start_state import StartState
from presenter.transcript_sheet import TranscriptSheet
from presenter.tray import Lost
from presenter.tray_panel import TrayRow
from protocol.ink import Colour, Drawn, MarkId, Pen, Stroke, Tool, packed
from protocol.minutes import Done, Former, MinutesKind
from protocol.model import Briefing
from protocol.ops import AssignMinutes, OfferPaper, OpenCorrection, OpenMinutes, SetReply
from protocol.presence import Position
from protocol.transport.events import FailureReason
from protocol.transport.join_events import ParticipantFacts, ParticipantLink
from protocol.values import OWNER, Blob, EditionPage, OpId, PageRef, Rect, Role, Screen, View, Viewing
from tests.presenter.end_screens import AWAY, KEPT, MANY, PLACE, RECORD, TALK, TALKED, WIPED, end
from tests.presenter.lookup.screens import FOUND, NOTHING, look_up, passed, prepared
from tests.presenter.minuted import Table, as_in_a_meeting, at
from tests.presenter.record.sample import FACTS
from tests.presenter.screen_parts import LONG_ROOM, LONG_TITLE, VIEW, PaperWidget, actions_of, sheet_of_paper
from tests.presenter.start_screens import (
    CARRIED,
    IN_USE,
    PAPERS,
    PICKED,
    READY,
    RECENT,
    UNCLOSED,
    all_stages,
    office_stages,
    ready,
    rooms,
    start,
)

# --- console ----------------------------------------------------------------------------------------------


def room(
    number: int = 27, link: Link = Link.GOOD, name: str = "第三会議室", page: int = 7, following: bool = True
) -> Room:
    seconds = 1.8 if link is Link.SLOW else 0.0
    return Room(number, name, "本庁舎 3階", True, link, seconds, Position(following, page, VIEW.rect, True))


def console_state(
    rooms: tuple[Room, ...] | None = None, showing: Showing | None = None, screens: tuple[str, ...] = ()
) -> ConsoleState:
    rooms = (room(),) if rooms is None else rooms
    showing = showing or Showing(VIEW, VIEW, Screen.SHOW)
    return ConsoleState(
        rooms=rooms,
        screens=screens,
        showing=showing,
        pill=pill(rooms, screens),
        truth=truth(rooms, screens, showing, lambda page_id: page_id),
        paper_title="令和9年度 重点施策の予算案",
        paper_number=1,
        papers=("予算案", "重点施策", "カメラ"),
        page=PageFacts(7, 24),
        next_page=PageFacts(8, 24, "河川監視カメラの更新計画", "36か所のうち26か所を9年度に替える"),
        next_image=sheet_of_paper(),
        pages=tuple(range(1, 25)),
        elapsed_s=1212,
        planned_s=1800,
        agenda=agenda(
            [
                Planned("予算案の全体", 10, 8),
                Planned("重点施策", 8, 8, "企画課 田中"),
                Planned("カメラの更新", 12, 8, "河川課 𠮷田"),
            ],
            1,
        ),
        behind_s=125,
        left_s=-132,
        note="増額25億円のうち18億円は国庫補助の見込み。内示は12月下旬。前年度の執行率は87.3%。",
    )


def console(state: ConsoleState, on: str = "pointer", jump: str = "") -> QWidget:
    actions = Actions()
    screen = Console(actions, PaperWidget(), lambda _page, width, height: sheet_of_paper(width, height))
    actions.set_checked(on, True)
    screen.show_state(state)
    screen.show_jump(jump)
    return actions_of(screen, actions)


# --- participants -----------------------------------------------------------------------------------------


def person(
    peer: int,
    name: str,
    page: int | None = None,
    link: ParticipantLink = ParticipantLink.LINKED,
    asks: bool = False,
    grants: tuple[bool, ...] = (False,) * 5,
    approved: bool = True,
) -> Person:
    facts = ParticipantFacts(peer, name, 27, f"K7QM2R{peer:02}", approved, link, Role.PARTICIPANT, *grants)
    position = Position(page is None, page or 7, VIEW.rect, True) if approved else None
    return Person(facts, position, asks)


INSIDE = (
    person(4, "鈴木（河川課）"),
    person(5, "高橋", page=3, grants=(True,) * 5),
    person(6, "田中", link=ParticipantLink.SLOW),
    person(7, "伊藤", link=ParticipantLink.LOST),
    person(8, "県民生活部 消費生活センター 相談支援担当 渡辺"),
)
WAITING = tuple(
    person(peer, name, approved=False) for peer, name in ((11, "山本"), (12, "中村"), (13, "山本"))
)
HERE = (PeopleRoom(27, "第三会議室"), PeopleRoom(82, LONG_ROOM))


def people(
    *persons: Person, code: str | None = "481903", floor: int = OWNER, rooms: tuple[PeopleRoom, ...] = HERE
) -> People:
    return People(code, bool(WAITING), {each.facts.peer: each for each in persons}, rooms, floor)


def console_with(who: People, panel: bool = True) -> QWidget:
    screen = console(console_state())
    assert isinstance(screen, Console)
    screen.set_people_open(panel)
    screen.show_people(who, lambda page: page)
    return screen


def minutes(*, new: str = "", edited: int = 0, many: int = 0, former: bool = False) -> QWidget:
    """The console with the minutes open; ``new``: what is typed for the next item."""
    screen = console(console_state())
    assert isinstance(screen, Console)
    screen.show_side(Side.MINUTES)
    screen.resize(1920, 1080)
    table = Table(screen.side.minutes, at_once=not many)
    screen.table = table  # type: ignore[attr-defined]
    table.minuting.counted.connect(screen.side.show_minutes)
    if new or edited:
        as_in_a_meeting(table)
    for item in range(200, 200 + many):
        table.guest(OpenMinutes(item, MinutesKind(item % 6), 8, f"{item}番目の項目。" * (1 + item % 5), 0))
    table.deliver()
    table.minuting.choose_kind(MinutesKind.QUESTION)
    screen.side.minutes.new.field.insertPlainText(new)
    if edited:
        table.minuting.take_up(edited)
        table.minuting.refresh()
    for n, card in enumerate(CARRIED.cards[:3] if former else ()):
        kind = MinutesKind.QUESTION if card.kind == "question" else MinutesKind.HOMEWORK
        told = Former(bytes([n] * 16), card.when, "7ページ　重点施策の予算案")
        table.edit(OpenMinutes(600 + n, kind, None, card.text, 1, card.speaker, told))
        table.edit(AssignMinutes(600 + n, card.owner, card.due))
    if former:
        table.edit(SetReply(601, Done(), at("14:20")))
    return screen


SCREENS: dict[str, Callable[[], QWidget]] = {
    "start": lambda: start(StartState(PAPERS, RECENT, UNCLOSED)),
    "start_carried": lambda: start(StartState(PAPERS, RECENT, carried=CARRIED)),
    "start_empty": lambda: start(StartState()),
    "start_stages": lambda: start(all_stages()),
    "start_office": lambda: start(office_stages()),
    "rooms": lambda: rooms(PICKED, "4819"),
    "rooms_wrong": lambda: rooms(
        replace(PICKED, phase=Phase.FAILED, failure=FailureReason.REFUSED), "481903"
    ),
    "rooms_none": lambda: rooms(RoomsState(title="予算案", papers=1, pages=24)),
    "rooms_ten": lambda: rooms(
        replace(PICKED, chosen=12345, chosen_name=LONG_ROOM, code_length=10, renumbered=True), "48190352"
    ),
    "rooms_silent": lambda: rooms(
        replace(
            PICKED, chosen=5, chosen_name="博物館 会議室", phase=Phase.FAILED, failure=FailureReason.NO_ANSWER
        )
    ),
    "rooms_in_use": lambda: rooms(IN_USE),
    "rooms_freed": lambda: rooms(replace(IN_USE, freed=True)),
    "rooms_asking": lambda: rooms(replace(IN_USE, phase=Phase.ASKING), "481903"),
    "rooms_refused": lambda: rooms(replace(IN_USE, phase=Phase.FAILED, failure=FailureReason.TAKEN)),
    "rooms_running": lambda: rooms(replace(PICKED, running=True)),
    "ready": lambda: ready(replace(READY, first_page=sheet_of_paper())),
    "ready_long": lambda: ready(replace(READY, rooms=(LONG_ROOM, "庁議室"), registered=False)),
    "ready_joining": lambda: ready(
        replace(READY, first_page=sheet_of_paper(), join_room=27, join_code="481903", people=4)
    ),
    "ready_screen": lambda: ready(replace(READY, rooms=(), screen="EPSON EB-2265U 1920×1200")),
    "console": lambda: console(console_state()),
    "console_slow": lambda: console(console_state((room(link=Link.SLOW),))),
    "console_lost": lambda: console(replace(console_state((room(link=Link.LOST),)), disk_full=True)),
    "console_hidden": lambda: console(
        console_state(showing=Showing(VIEW, VIEW, Screen.HIDDEN)), "hide", "12"
    ),
    "console_held": lambda: console(
        replace(
            console_state(showing=Showing(replace_page(9), VIEW, Screen.SHOW, True, Viewing.NOT_AHEAD)),
            page=PageFacts(9, 24, step="中段"),
        ),
        "hold",
    ),
    "console_rehearsal": lambda: console(replace(console_state(()), next_page=None, note="", agenda=())),
    "console_several": lambda: console(
        replace(
            console_state((room(), room(82, name=LONG_ROOM, page=3, following=False))),
            paper_title=LONG_TITLE,
            notices=(
                (
                    "「{title}」が保存し直されました。説明では、開いたときの内容を映しています。",
                    {"title": "重点施策"},
                ),
            ),
        )
    ),
    "console_screen": lambda: console(console_state((), screens=("EPSON EB-2265U 1920×1200",))),
    "console_converting": lambda: converting(console(console_state())),
    "console_tray": lambda: with_tray(
        console(
            replace(
                console_state(),
                notices=(
                    (
                        "「{title}」が新しくなりました（第{edition}版）。{much}",
                        {"title": "重点施策", "edition": 2, "much": HowMuch(3, 1, 0)},
                    ),
                ),
            )
        )
    ),
    "people": lambda: console_with(people(*INSIDE)),
    "people_waiting": lambda: console_with(people(*WAITING, person(4, "鈴木", asks=True), *INSIDE[1:])),
    "people_off": lambda: console_with(people(code=None, rooms=())),
    "people_asking": lambda: console_with(people(person(4, "鈴木（河川課）", asks=True)), panel=False),
    "people_presenting": lambda: console_with(people(*INSIDE, floor=4)),
    "end": lambda: end(WIPED, PlaceEnd("", Wipe.WIPED, WIPED.at, 5), keep=KEPT),
    "end_confirmed": lambda: end(
        WIPED, keep=replace(KEPT, record=RECORD.confirm("佐藤", datetime(2026, 11, 24, 14, 35)))
    ),
    "end_away": lambda: end(WIPED, keep=replace(KEPT, away=(AWAY, {"folder": PLACE}), changing=True)),
    "end_failed": lambda: end(
        WIPED,
        keep=KeepFailed(
            ("「{name}」を書き込む空き容量がありません。元の資料と記録はそのままです。", {"name": "原本.pdf"})
        ),
    ),
    "end_many": lambda: end(WIPED, keep=replace(KEPT, record=drafted(MANY))),
    "end_nothing": lambda: end(
        WIPED, keep=replace(KEPT, record=drafted(replace(FACTS, minutes=(), corrections=())))
    ),
    "sheet_record": lambda: RecordSheet(None, RECORD),
    "end_transcript": lambda: end(
        WIPED,
        keep=replace(
            KEPT,
            record=with_transcript(
                RECORD, "20261124_会議の文字起こし.vtt", aligned(TALK, FACTS, 0), sentences=True
            ),
        ),
    ),
    "sheet_transcript": lambda: TranscriptSheet(None, "20261124_会議の文字起こし.vtt", TALK, TALKED),
    "sheet_transcript_plain": lambda: TranscriptSheet(
        None, "メモ.txt", transcript_of("始めます。\n終わります。"), TALKED
    ),
    "sheet_record_transcript": lambda: RecordSheet(
        None, with_transcript(RECORD, "会議.vtt", aligned(TALK, TALKED, 0)[:6], sentences=True)
    ),
    "sheet_assign": lambda: AssignSheet(None, FACTS.open[-1]),
    "minutes": lambda: minutes(new="監視員の巡回は減らせるのか"),
    "minutes_empty": minutes,
    "minutes_former": lambda: minutes(former=True),
    "minutes_edited": lambda: minutes(edited=105),
    "minutes_many": lambda: minutes(many=300),
    "end_wiping": lambda: end(PlaceEnd("第三会議室", Wipe.WIPING), replace(WIPED, name="庁議室")),
    "end_silent": lambda: end(PlaceEnd("第三会議室", Wipe.SILENT), replace(WIPED, name="庁議室")),
    "end_people": lambda: end(WIPED, PlaceEnd("", Wipe.WIPED, WIPED.at, 12)),
    "end_people_silent": lambda: end(WIPED, PlaceEnd("", Wipe.SILENT, None, 12, 2)),
    "end_rehearsal": lambda: end(),
    "sheet_end": lambda: Question(
        None, "説明を終えますか", "会議室の画面から、資料を消します。", yes="終える", no="続ける"
    ),
    "sheet_end_open": lambda: LeaveSheet(None, with_open(3), unassigned(with_open(3))),
    "console_beside": lambda: with_beside(console(console_state())),
    "console_pen": lambda: with_pen(console(console_state())),
    "sheet_stamp": lambda: StampSheet(None),
    "sheet_password": lambda: PasswordSheet(None, f"{LONG_TITLE}.pdf", wrong=True),
    "sheet_plan": lambda: PlanSheet(
        None, "重点施策の予算案", [Planned(LONG_TITLE, 10, 8, "河川課 𠮷田"), Planned("重点施策", 8, 8)]
    ),
    "sheet_settings": lambda: SettingsSheet(None, "佐藤", "財政課", "ja", looks_up=True, keeps=True),
    "sheet_keeping": lambda: KeepingSheet(
        None, Settings(archive_folder=PLACE), Path("Documents", "Kamizero")
    ),
    "sheet_keys": lambda: KeysSheet(None),
    "sheet_places": lambda: PlacesSheet(None, "/share/財政課/資料庫", Places((f"/share/{LONG_TITLE}",))),
    "sheet_source": lambda: source_sheet(None, "手元の資料"),
    "lookup": lambda: look_up(console(console_state()), FOUND, "河川監視カメラ 夜間", sheet_of_paper()),
    "lookup_nothing": lambda: look_up(console(console_state()), NOTHING, "ほげ", None),
    "lookup_passed": lambda: look_up(console(console_state()), passed(), "", sheet_of_paper(), found=True),
    "lookup_prepared": lambda: look_up(console(console_state()), prepared(), "", sheet_of_paper()),
}


def with_open(count: int) -> Briefing:
    """So many corrections that are open, of one page."""
    made = Briefing().apply(
        OfferPaper(1, "予算", Blob(bytes(32), 9), (EditionPage(0, PageRef(bytes(32), 0), 59_500, 84_200),)),
        OpId(OWNER, 0),
    )
    for n in range(count):
        words = (
            "河川監視カメラ36か所のうち、夜間に見えないものを9年度までに全て更新する",
            "全36か所を更新する",
        )
        op = OpenCorrection(n + 1, 0, 1, (Rect(0, 0, 9, 9),), words[0], words[1] if n else "", 1)
        made = made.apply(op, OpId(OWNER, n + 1))
    return made


def with_beside(screen: QWidget) -> QWidget:
    """Another page stands beside the one presented."""
    assert isinstance(screen, Console)
    screen.centre.show_beside(True, True)
    whole = View(0, Rect(0, 0, 59_500, 84_200))
    half = Half(None, whole, LONG_TITLE, "7ページ　上半分")
    screen.centre.pages.show_halves(Halves(half, replace(half, view=None, place="6ページ"), True), None)
    return screen


def with_pen(screen: QWidget) -> QWidget:
    """Somebody draws on a page that was corrected, with the corrections beside it."""
    assert isinstance(screen, Console)
    screen.show_side(Side.CORRECTIONS)
    screen.centre.offer_compare(True, False)
    screen.centre.page.hand.take_up(Use.PEN)
    screen.centre.choices.show_tool(Use.PEN, Colour.RED, MEDIUM, holds=False, private=False, chosen=False)
    screen.centre.page.hand.take_up(Use.PEN)
    return screen


def converting(screen: QWidget) -> QWidget:
    """An Office document was saved, and is made a PDF."""
    assert isinstance(screen, Console)
    screen.converting.show_title(LONG_TITLE)
    return screen


def with_tray(screen: QWidget, language_of_page: int = 7) -> QWidget:
    """Marks that nobody could place, below the corrections."""
    assert isinstance(screen, Console)
    screen.show_side(Side.CORRECTIONS)
    ring = Stroke(
        Pen(Tool.PEN, Colour.RED, 300),
        *(20_000, 10_000),
        packed(
            [round(20_000 + 4_000 * math.sin(n / 5)) for n in range(33)],
            [round(10_000 - 2_000 * math.cos(n / 5)) for n in range(33)],
        ),
    )
    mine, theirs = (Drawn(MarkId(author, 0), ring, 1, 1_795_750_000, origin=7) for author in (0, 4))
    rows = [
        TrayRow(Lost(OWNER, 7, (mine,)), language_of_page, "", "14:03"),
        TrayRow(Lost(4, 7, (theirs,)), language_of_page + 5, "県民生活部 消費生活センター 渡辺", "14:10"),
        TrayRow(Lost(5, None, (theirs,)), 0, "高橋", "14:12"),
    ]
    screen.side.corrections.tray.show_rows(rows)
    screen.strip.show_changed(frozenset({8, 9, 11}))
    return screen


def replace_page(page_id: int) -> View:
    return View(page_id, VIEW.rect)
