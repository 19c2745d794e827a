"""The end's screen in its states, and what was kept of a briefing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from PySide6.QtWidgets import QWidget

from presenter.actions import Actions
from presenter.end import EndScreen
from presenter.end_state import EndState, Keep, Keeping, KeptHere, NotKept, PlaceEnd, Wipe
from presenter.record.draft import drafted
from presenter.record.facts import Turned
from presenter.record.transcript import transcript_of
from tests.presenter.record.sample import FACTS
from tests.presenter.screen_parts import actions_of


def end(*places: PlaceEnd, keep: Keep | None = None) -> QWidget:
    actions = Actions()
    screen = EndScreen(actions)
    began, ended = datetime(2026, 11, 24, 14, 0), datetime(2026, 11, 24, 14, 31)
    names = tuple(place.name for place in places if place.name)
    keep = keep or (Keeping() if places else NotKept())
    screen.show_state(EndState("令和9年度 重点施策の予算案", names, began, ended, 30, 22, 24, places, keep))
    return actions_of(screen, actions)


RECORD = drafted(FACTS)
PLACE = "\\\\fs01\\財政課\\令和8年度\\重点施策\\20261124_令和9年度 重点施策の予算案_第1版"
KEPT = KeptHere(RECORD, PLACE)
AWAY = "保管先「{folder}」がありません。この端末に保存してあり、つながったときに保管します。"
MANY = replace(
    FACTS, corrections=tuple(replace(each, number=n) for n, each in enumerate(FACTS.corrections * 6, 1))
)
SPEAKERS = ("財政課 佐藤", "副知事", "危機管理監 㐂多")
TALK = transcript_of(
    "\n".join(
        f"[00:{n:02}:05] {SPEAKERS[n % 3]}：{'増額の考え方を説明します。' * (1 + n % 4)}" for n in range(28)
    )
)
TALKED = replace(FACTS, turns=tuple(Turned(each.first, each.place) for each in FACTS.page_times))
WIPED = PlaceEnd("第三会議室", Wipe.WIPED, datetime(2026, 11, 24, 14, 31, 7))
