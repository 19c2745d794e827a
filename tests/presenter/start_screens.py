"""The screens before a briefing in their states: the start, the rooms, ready."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import QWidget

from presenter import converter
from presenter.actions import Actions
from presenter.archive.cards import Card, CarriedOver
from presenter.preflight import hurry
from presenter.ready import ReadyScreen, ReadyState
from presenter.rooms import RoomsScreen
from presenter.rooms_state import Phase, RoomRow, RoomsState, RoomStatus
from presenter.start import StartScreen
from presenter.start_state import Finding, PaperRow, RecentRow, Stage, StartState, Unclosed
from protocol.transport.events import FailureReason
from tests.presenter.screen_parts import LONG_TITLE, actions_of

SMALL = (Finding(("{page}ページの文字が小さめです", {"page": 3}), (("", {}),)),)
TROUBLED = (
    Finding(("{page}ページほか{n}ページの文字が小さめです", {"page": 2, "n": 2}), (("", {}),)),
    Finding(("書体が入っていません", {}), (("", {}),)),
)
WORTH_A_LOOK = (Finding(("", {}), (("", {}),)),)
PAPERS = (
    PaperRow(1, "令和9年度 重点施策の予算案.pdf", Stage.READY, 24, findings=WORTH_A_LOOK),
    PaperRow(2, "災害対策本部の初動体制の見直し（案）.pdf", Stage.READY, 6, 3, SMALL),
)
RECENT = tuple(
    RecentRow(Path("/x"), name, folder, when)
    for name, folder, when in (
        ("令和9年度 当初予算案の概要.pdf", "財政課／令和9年度予算", "11月23日"),
        ("避難所の環境整備計画（案）.pdf", "危機管理課／防災", "11月20日"),
        (f"{LONG_TITLE}.pdf", "財政課／議会", "11月19日"),
    )
)
UNCLOSED = Unclosed(datetime(2026, 11, 24, 10, 26), "初動体制の見直し（案）", ("第三会議室",), 3, 30)
CARRIED = CarriedOver(
    "財政課",
    "令和9年度 重点施策の予算案",
    (
        Card(
            *(
                "0" * 32,
                "question",
                "国庫補助の内示が遅れた場合、一般財源で先に執行できるか。",
                1_794_000_000,
            ),
            *("", "副知事", "財政課 佐藤", "11月27日まで"),
        ),
        Card("1" * 32, "homework", "前倒しに必要な額を、土木事務所ごとにまとめる。" * 4, 1_794_000_000),
        *(Card(str(n) * 32, "homework", "図で示す。", 1_794_000_000, "", "", "㐂多") for n in range(2, 7)),
    ),
)


def start(state: StartState) -> QWidget:
    actions = Actions()
    screen = StartScreen(actions)
    screen.show_state(state)
    actions.set_enabled("choose_room", state.can_go_on)
    return actions_of(screen, actions)


def all_stages() -> StartState:
    rows = (
        PaperRow(1, f"{LONG_TITLE}.pdf", Stage.READY, 24, 1, TROUBLED),
        PaperRow(2, "秘密の資料.pdf", Stage.LOCKED),
        PaperRow(3, "秘密の資料2.pdf", Stage.WRONG_PASSWORD),
        PaperRow(4, "壊れた資料.pdf", Stage.REFUSED, why="壊れているため開けません"),
        PaperRow(5, "大きな資料.pdf", Stage.READING),
        PaperRow(6, "保存し直した資料.pdf", Stage.READY, 12, saved_over=True),
        PaperRow(7, "予算.jtd", Stage.REFUSED, why="PDFで保存してから開いてください"),
    )
    return StartState(rows, RECENT, None, (("30日を過ぎた説明の記録を{n}件消しました。", {"n": 1}),))


def office_stages() -> StartState:
    rows = (
        PaperRow(1, f"{LONG_TITLE}.docx", Stage.CONVERTING, office=True, seconds=12),
        PaperRow(2, "予算.xlsx", Stage.CONVERTING, office=True),
        PaperRow(3, "説明.pptx", Stage.READY, 30, office=True),
        PaperRow(4, "人事.docx", Stage.REFUSED, office=True, why=converter.PASSWORD),
        PaperRow(5, "重い.xlsx", Stage.REFUSED, office=True, why=converter.HANGS),
        PaperRow(6, "案.odt", Stage.REFUSED, office=True, why=converter.NO_CONVERTER),
    )
    return StartState(rows, RECENT, hurry=hurry(36, 30))


ROOMS = (
    RoomRow(27, "第三会議室", "本庁舎 3階", used="11月20日"),
    RoomRow(81, "庁議室", "本庁舎 8階", used="11月17日"),
    RoomRow(34, "第四会議室", "本庁舎 3階"),
    RoomRow(82, "特別会議室", "本庁舎 8階", RoomStatus.IN_USE),
    RoomRow(99),
    RoomRow(5, "博物館 会議室", "地方事務所", RoomStatus.SILENT, used="10月2日"),
)
PICKED = RoomsState(
    ROOMS, 27, "第三会議室", Phase.FOUND, title="令和9年度 重点施策の予算案", papers=2, pages=30
)
IN_USE = replace(PICKED, chosen=82, chosen_name="特別会議室", awaited=True)


def rooms(state: RoomsState, typed: str = "") -> QWidget:
    actions = Actions()
    screen = RoomsScreen(actions)
    screen.show_state(state)
    screen.card.code.setText(typed)
    if state.failure is FailureReason.REFUSED:
        screen.card.code.set_wrong(True)
    return actions_of(screen, actions)


def ready(state: ReadyState) -> QWidget:
    actions = Actions()
    screen = ReadyScreen(actions)
    screen.show_state(state)
    return actions_of(screen, actions)


READY = ReadyState(("第三会議室",), "本庁舎 3階", True, "", "令和9年度 重点施策の予算案", 24)
