"""Every screen of the participant's program in its states, from frozen values: for tests and for looking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import msgspec
from PySide6.QtWidgets import QWidget

from pageview.hand import MEDIUM, Use
from presenter.actions import Actions
from presenter.console_state import PageFacts
from presenter.corrections_panel import rows_of
from presenter.join.actions import ENTRIES
from presenter.join.ended import EndedScreen
from presenter.join.entrance import EntranceScreen
from presenter.join.entrance_state import EntranceState, JoinRow, Stage
from presenter.join.screen import WindowScreen
from presenter.join.window_flow import NOT_NOW
from presenter.join.window_state import Looking, Presented, WindowState
from presenter.join.writing import FOR_EVERYBODY
from presenter.lookup.all_words import Find
from presenter.rooms_state import RoomStatus
from protocol.corrections import Correction, CorrectionState
from protocol.ink import Colour
from protocol.model import Briefing, Item
from protocol.transport.join_events import JoinFailure, LeftReason
from protocol.values import Role, Screen, Viewing
from tests.presenter.minuted import SUZUKI, Table, as_in_a_meeting
from tests.presenter.screen_parts import LONG_ROOM, LONG_TITLE, PaperWidget, actions_of, sheet_of_paper

ROOMS = (
    JoinRow(27, "第三会議室", "本庁舎 3階", RoomStatus.IN_USE),
    JoinRow(82, LONG_ROOM, "本庁舎 8階", RoomStatus.IN_USE),
    JoinRow(99),
)
CHOSEN = EntranceState(ROOMS, 27, "第三会議室")
FOLLOWING = WindowState(
    name="佐藤",
    department="財政課",
    room="第三会議室",
    paper_title="令和9年度 重点施策の予算案",
    paper_number=1,
    papers=("予算案", "重点施策", "カメラ"),
    page=PageFacts(7, 24),
    page_id=7,
    pages=tuple(range(1, 25)),
    presented=Presented(7, 7),
    note="増額25億円のうち18億円は国庫補助の見込み。内示は12月下旬。",
)
FREELY = replace(FOLLOWING, looking=Looking.FREELY, page=PageFacts(9, 24), page_id=9)
CORRECTIONS = (
    Correction(1, 1, 7, 1, (), "2,500百万円", None, 0, 1, CorrectionState.CONFIRMED),
    Correction(2, 2, 7, 1, (), "本年度の見込み額を次のとおりとする。" * 2, None, 4, 1, CorrectionState.DONE),
    Correction(3, 3, 9, 1, (), "内示は12月", None, 5, 1),
)
CORRECTED = Briefing(
    corrections={each.item: each for each in CORRECTIONS},
    items={1: Item(1, 7, "2,550百万円", 0), 2: Item(2, 7, "見直した額", 4), 3: Item(3, 9, "内示は12月", 5)},
    names={0: "佐藤", 4: LONG_ROOM, 5: "鈴木"},
)
FINDS = (
    Find(3, "令和9年度 重点施策の予算案", 3, 2, "…考え方は、国庫補助を先に充てる。", ((6, 10),)),
    Find(9, LONG_TITLE, 9, 12, "𠮷野川の国庫補助の内示は12月下旬。" * 4, ((4, 8), (22, 26))),
)


def entrance(state: EntranceState, code: str = "", name: str = "財政課 鈴木") -> QWidget:
    actions = Actions(ENTRIES)
    screen = EntranceScreen(actions)
    if state.room is not None:
        screen.card.room.setText(str(state.room))
    screen.card.code.setText(code)
    screen.card.name.setText(name)
    screen.show_state(state)
    return actions_of(screen, actions)


def window(
    state: WindowState, finds: tuple[Find, ...] | None = None, words: str = "", use: Use | None = None
) -> QWidget:
    actions = Actions(ENTRIES)
    screen = WindowScreen(actions, PaperWidget(), lambda _page, w, h: sheet_of_paper(w, h))
    actions.set_checked("follow", state.looking is Looking.FOLLOWING)
    actions.set_checked("look_freely", state.looking is Looking.FREELY)
    stopped = state.viewing is Viewing.LOCKED
    for name in ("look_freely", "next", "back", "find"):
        actions.set_enabled(name, not stopped, "説明者が、各自の閲覧を止めています。")
    actions.set_enabled("save", state.saving)
    for name in FOR_EVERYBODY:
        actions.set_enabled(name, use is not None, "書き込みには、説明者の許可が必要です")
    if use is not None:
        screen.centre.choices.show_tool(use, Colour.RED, MEDIUM, holds=False, private=False, chosen=True)
        actions.set_checked("pen", use is Use.PEN)
    screen.show_state(state)
    if finds is not None:
        screen.side.finder.field.setText(words)
        screen.side.finder.show_finds(finds, 30, 30)
        screen.side.open_find()
    return actions_of(screen, actions)


def ended(reason: LeftReason | None, notes: bool = True) -> QWidget:
    actions = Actions(ENTRIES)
    screen = EndedScreen(actions)
    if reason is not None:
        screen.show_wiped(reason, notes)
    return actions_of(screen, actions)


def with_corrections(*, may_type: bool = False) -> QWidget:
    """``may_type``: one is typed by somebody, and every open wording may be typed here."""
    top = window(FOLLOWING)
    screen = top if isinstance(top, WindowScreen) else top.findChild(WindowScreen)
    assert screen is not None
    briefing = CORRECTED
    if may_type:
        typed = msgspec.structs.replace(CORRECTIONS[2], state=CorrectionState.TYPING)
        briefing = replace(CORRECTED, corrections=CORRECTED.corrections | {3: typed})
    screen.side.corrections.may_type = may_type
    screen.side.show_corrections(rows_of(briefing, lambda page_id: page_id, 5))
    screen.side.set_corrections_open(True)
    return top


def with_minutes(*, granted: bool) -> QWidget:
    top = window(FOLLOWING)
    screen = top if isinstance(top, WindowScreen) else top.findChild(WindowScreen)
    assert screen is not None
    screen.side.set_minutes_open(True)
    screen.resize(1366, 768)
    table = Table(screen.side.minutes)
    table.minuting.counted.connect(screen.side.show_minutes)
    top.table = table  # type: ignore[attr-defined]
    as_in_a_meeting(table)
    table.minuting.set_role(SUZUKI if granted else 9, Role.PARTICIPANT)
    return top


SCREENS: dict[str, Callable[[], QWidget]] = {
    "entrance_empty": lambda: entrance(EntranceState(), name=""),
    "entrance": lambda: entrance(CHOSEN, "4819"),
    "entrance_refused": lambda: entrance(
        replace(CHOSEN, stage=Stage.REFUSED, failure=JoinFailure.REFUSED), "481903"
    ),
    "entrance_old": lambda: entrance(
        replace(CHOSEN, stage=Stage.REFUSED, failure=JoinFailure.OTHER_VERSION_THERE_OLDER), "481903"
    ),
    "entrance_no_answer": lambda: entrance(
        replace(CHOSEN, room=82, room_name=LONG_ROOM, stage=Stage.NO_ANSWER), "481903"
    ),
    "entrance_approval": lambda: entrance(replace(CHOSEN, stage=Stage.APPROVAL), "481903"),
    "entrance_start": lambda: entrance(replace(CHOSEN, stage=Stage.START), "481903"),
    "entrance_lost": lambda: entrance(replace(CHOSEN, stage=Stage.LOST), "481903"),
    "entrance_declined": lambda: entrance(replace(CHOSEN, left=LeftReason.DECLINED)),
    "window": lambda: window(FREELY),
    "window_following": lambda: window(FOLLOWING),
    "window_other_paper": lambda: window(
        replace(
            FREELY,
            department="県民生活部消費生活センター",
            room=LONG_ROOM,
            paper_title=LONG_TITLE,
            presented=Presented(40, 16, LONG_TITLE),
            saving=True,
            notices=(("説明中のページより先は、まだ見られません。", {}),),
        )
    ),
    "window_stopped": lambda: window(replace(FOLLOWING, viewing=Viewing.LOCKED, pages=(7,), first_page=7)),
    "window_presenting": lambda: window(replace(FOLLOWING, looking=Looking.PRESENTING)),
    "window_writing": lambda: window(replace(FOLLOWING, saving=True), use=Use.PEN),
    "window_selecting": lambda: window(replace(FOLLOWING, saving=True), use=Use.SELECT),
    "window_erasing": lambda: window(replace(FREELY, asked=True), use=Use.ERASER),
    "window_presenting_writing": lambda: window(replace(FOLLOWING, looking=Looking.PRESENTING), use=Use.PEN),
    "window_corrections": with_corrections,
    "window_corrections_typing": lambda: with_corrections(may_type=True),
    "window_minutes": lambda: with_minutes(granted=True),
    "window_minutes_read": lambda: with_minutes(granted=False),
    "window_hidden": lambda: window(replace(FOLLOWING, screen=Screen.HIDDEN, asked=True)),
    "window_receiving": lambda: window(replace(FOLLOWING, received=0.43)),
    "window_lost": lambda: window(replace(FREELY, lost_s=4.0, disk_full=True)),
    "window_take_over": lambda: window(replace(FOLLOWING, lost_s=130.0, takeover=True)),
    "window_no_wall": lambda: window(replace(FOLLOWING, lost_s=130.0, walls=0)),
    "window_not_now": lambda: window(replace(FOLLOWING, notices=((NOT_NOW, {}),))),
    "window_find": lambda: window(FREELY, FINDS, "国庫補助"),
    "window_find_none": lambda: window(FREELY, (), "無い言葉"),
    "ended": lambda: ended(LeftReason.ENDED),
    "ended_wiping": lambda: ended(None),
    "ended_removed": lambda: ended(LeftReason.REMOVED, notes=False),
    "ended_forgotten": lambda: ended(LeftReason.FORGOTTEN),
}
