"""W1: no word is clipped; 接続を切る is asked once, and the safe answer stands where the finger is."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.cover import Cover, CoverState, Moment, draw_cover
from kiosk.cover_feed import cover_state
from kiosk.fault import FaultState, draw_fault
from kiosk.ground import GroundState, draw_ground
from kiosk.keys import Key
from kiosk.kiosk_state import Following, Paired, Presenter, Question, Standby, State, Wiping
from kiosk.settings import Room, Settings
from pageview import wording
from pageview.wording import in_both
from protocol.values import Screen
from tests.kiosk.screens import (
    LONG_ROOM,
    LONG_ROOM_EN,
    NOW,
    SIZES,
    clipped,
    drawn,
    kiosk_app,
    overlapping,
    shown,
)

__all__ = ["kiosk_app"]

SATO = Presenter("佐藤", "財政課", participants=0)
STATES: dict[str, tuple[State, float]] = {
    "ready": (Paired(SATO, 0), 1),
    "joining": (Paired(replace(SATO, participants=5), 0), 1),
    "asked": (Paired(SATO, 0, question=Question("田中", "危機管理防災課", 15)), 1),
    "reconnecting": (Following(SATO, Screen.SHOW, lost_at=0), 200),
    "resuming": (Paired(None, 0, 0), 1),
    "put aside": (Following(SATO, Screen.COVER), 1),
    "unusable": (Following(SATO, Screen.SHOW), 1),
    "ending": (Wiping(SATO), 1),
}


def of(
    state: State, clock: float, room: str = "第三会議室", room_en: str = "Conference Room 3"
) -> CoverState:
    """A room into which people may join."""
    settings = Settings(Room(27, room, room_en, "県庁 本庁舎 3階"))
    unusable = (state, clock) == STATES["unusable"]
    return cover_state(
        settings, state, NOW, clock, touch=True, code="481903", join_code="730264", unusable=unusable
    )


def keys(cover: Cover) -> dict[str, Key]:
    return {key.text(): key for key in cover.findChildren(Key) if key.isVisible()}


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", STATES)
def test_no_word_is_clipped_or_covered(
    kiosk_app: QApplication, name: str, size: tuple[int, int], language: wording.Language
) -> None:
    wording.set_language(language)
    for rooms in (("第三会議室", "Conference Room 3"), (LONG_ROOM, LONG_ROOM_EN)):
        for asking in (False, name in ("ready", "put aside")):
            state = of(*STATES[name], *rooms)
            words = drawn(partial(draw_cover, state=state, asking=asking), size, (55, 3))
            assert not clipped(words)
            assert not overlapping(words)


def test_disconnecting_is_asked_once_and_the_safe_answer_is_under_the_finger(
    kiosk_app: QApplication, qtbot: QtBot
) -> None:
    cover = Cover(55, 3)
    with shown(cover, (1920, 1080)):
        cover.show_state(of(*STATES["ready"]))
        first = keys(cover)["接続を切る"]
        place = first.geometry()
        qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
        assert set(keys(cover)) == {"切る", "続ける"}
        assert keys(cover)["続ける"].geometry() == place
        qtbot.mouseClick(keys(cover)["続ける"], Qt.MouseButton.LeftButton)
        assert set(keys(cover)) == {"接続を切る"}
        qtbot.mouseClick(keys(cover)["接続を切る"], Qt.MouseButton.LeftButton)
        with qtbot.waitSignal(cover.disconnect_confirmed):
            qtbot.mouseClick(keys(cover)["切る"], Qt.MouseButton.LeftButton)


def test_a_second_presenters_question_has_both_answers(kiosk_app: QApplication, qtbot: QtBot) -> None:
    cover = Cover(55, 3)
    with shown(cover, (1920, 1080)):
        cover.show_state(of(*STATES["asked"]))
        for words, answer in (("替わる", True), ("断る", False)):
            with qtbot.waitSignal(cover.takeover_answered) as given:
                qtbot.mouseClick(keys(cover)[words], Qt.MouseButton.LeftButton)
            assert given.args == [answer]


def test_the_cover_names_people_and_never_a_paper(kiosk_app: QApplication) -> None:
    ready = of(*STATES["ready"])
    assert (ready.moment, ready.presenter, ready.code) == (Moment.READY, "佐藤", "")
    lost = of(*STATES["reconnecting"])
    assert (lost.moment, lost.code) == (Moment.RECONNECTING, "481903")
    assert of(*STATES["resuming"]).moment is Moment.RECONNECTING
    assert of(*STATES["ending"]).moment is Moment.ENDING
    assert of(*STATES["unusable"]).moment is Moment.UNUSABLE
    assert of(Standby(), 0).participants is None


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_fault_page_says_whom_to_call_and_the_reason(
    kiosk_app: QApplication, size: tuple[int, int], language: wording.Language
) -> None:
    wording.set_language(language)
    details = ("設定 room.number の 0 は使えません。1から99999までの整数にしてください。",) * 6
    where = (99_999, "総合政策局デジタル推進課第二打合せ室", "県庁 本庁舎 3階", "fe80::1234:5678:9abc:def0")
    state = FaultState(301, "管財課", "2345", *where, details=details)
    placed = drawn(lambda canvas: draw_fault(canvas, state), size, (55, 3))
    assert not clipped(placed)
    assert not overlapping(placed)
    words = " ".join(words.text for words in placed)
    for said in ("301", "2345", "管財課", "99999", where[1], where[2], where[3]):
        assert said in words


@pytest.mark.parametrize("english", [False, True])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_ground_says_in_both_languages_that_it_is_soon_over(
    kiosk_app: QApplication, size: tuple[int, int], english: bool
) -> None:
    wording.set_language("en" if english else "ja")
    name = LONG_ROOM_EN if english else LONG_ROOM
    known = GroundState(99_999, name, "県庁 本庁舎 3階", 32, 4, english)
    for state in (GroundState(), known):
        placed = drawn(partial(draw_ground, state=state), size, (state.inches, state.distance_m))
        assert not clipped(placed)
        assert not overlapping(placed)
        words = [words.text for words in placed]
        assert words[-2:] == list(in_both("画面を準備しています。このままお待ちください。"))
        assert ("99999" in "".join(words), name in words) == (state is known,) * 2
