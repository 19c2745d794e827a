"""The participants at the desk: what is known of them, what the head says, and their panel by keyboard."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from presenter.buttons import IconButton
from presenter.console import Console
from presenter.labels import Chip
from presenter.people_panel import PeoplePanel
from presenter.people_rows import InsideRow
from presenter.people_state import People, doing, headline
from protocol.presence import Position
from protocol.transport.events import Event, FloorRequested
from protocol.transport.join_events import (
    JoiningState,
    LeftReason,
    ParticipantGone,
    ParticipantLink,
    ParticipantPosition,
    ParticipantSeen,
)
from protocol.values import OWNER, Rect
from tests.presenter.conftest import Shown
from tests.presenter.screens import HERE, INSIDE, SCREENS, WAITING, console_with, people, person

WHOLE = Rect(0, 0, 84_200, 59_500)
SUZUKI, TAKAHASHI = person(4, "鈴木"), person(5, "高橋")


def after(*events: Event) -> People:
    made = People(rooms=HERE)
    for event in events:
        made = made.after(event)
    return made


def seen(*names: str, approved: bool = True) -> tuple[Event, ...]:
    return tuple(
        ParticipantSeen(person(peer, name, approved=approved).facts) for peer, name in enumerate(names, 4)
    )


def said(who: People, peer: int) -> str:
    (words, values), _tone = doing(who.everybody[peer], who.floor, lambda page_id: page_id)
    return words.format(**values)


def head(who: People) -> tuple[str, str, bool]:
    (title, values), (detail, more), awaited = headline(who)
    return title.format(**values), detail.format(**more), awaited


def test_the_head_counts_who_is_in_and_says_who_awaits_an_answer() -> None:
    assert head(after()) == ("参加者 0人", "受け付けていません", False)
    opened = after(JoiningState("481903", True), *seen("鈴木"))
    assert head(opened) == ("参加者 1人", "受け付けています", False)
    asked = opened.after(FloorRequested(4))
    assert head(asked) == ("参加者 1人", "鈴木さんが発言を求めています", True)
    waiting = asked.after(ParticipantSeen(person(9, "田中", approved=False).facts))
    assert head(waiting) == ("参加者 1人", "1人が待っています", True)
    assert head(waiting.after(ParticipantGone(9, "田中", LeftReason.DECLINED)))[1].startswith("鈴木")


def test_what_each_one_has_before_them() -> None:
    who = after(*seen("鈴木", "高橋"))
    assert said(who, 4) == "まだ何も表示していません"
    who = who.after(ParticipantPosition(4, Position(True, 7, WHOLE, True)))
    assert said(who, 4) == "説明に合わせています"
    who = who.after(ParticipantPosition(4, Position(False, 3, WHOLE, True)))
    assert said(who, 4) == "自分で3ページを見ています"
    lost = who.after(ParticipantSeen(replace(SUZUKI.facts, link=ParticipantLink.LOST)))
    assert said(lost, 4) == "つながりません。つなぎ直しています"
    assert said(who.presented_by(4), 4) == "いま説明しています"


def test_a_request_ends_with_the_floor_or_with_not_now() -> None:
    who = after(*seen("鈴木", "高橋"), FloorRequested(5))
    assert [each.facts.peer for each in who.inside] == [5, 4], "who asks stands first"
    assert not who.answered(5).asking
    assert (who.presented_by(5).asking, who.presented_by(5).presenter) == ((), "高橋")
    assert not who.presented_by(5).after(FloorRequested(5)).asking, "who presents has nothing to ask for"
    assert who.presented_by(5).presented_by(OWNER).presenter == ""


def test_two_of_one_name_are_told_apart() -> None:
    who = after(*seen("山本", "山本", "鈴木"))
    names = [who.name_of(each) for each in who.everybody.values()]
    assert len(set(names)) == 3
    assert names[2] == "鈴木"


# --- the panel --------------------------------------------------------------------------------------------


def console_of(qtbot, who: People) -> Console:
    console = console_with(who)
    assert isinstance(console, Console)
    qtbot.addWidget(console)
    console.resize(1366, 768)
    console.show()
    console.activateWindow()
    qtbot.waitUntil(console.isActiveWindow)
    console.people.take_keyboard()
    return console


def press(panel: PeoplePanel, key: Qt.Key) -> None:
    target = panel.window().focusWidget()
    assert target is not None
    QTest.keyClick(target, key)


def test_everybody_who_waits_is_let_in_by_one_key_each(qtbot) -> None:
    console = console_of(qtbot, people(*WAITING))
    panel = console.people
    let_in: list[tuple[int, ...]] = []
    panel.let_in.connect(let_in.append)
    press(panel, Qt.Key.Key_Space)
    press(panel, Qt.Key.Key_Space)
    assert let_in == [(11,), (12,)], "also before the network has answered"
    panel.show_people(people(WAITING[2]), lambda page: page)
    press(panel, Qt.Key.Key_Space)
    assert let_in == [(11,), (12,), (13,)], "the keyboard goes to the next one by itself"
    assert panel.has_keyboard(), "nobody waits any more, but the keyboard is still here"
    panel.show_people(people(), lambda page: page)
    assert panel.has_keyboard()


def test_delete_declines_and_all_at_once_means_those_that_are_shown(qtbot) -> None:
    console = console_of(qtbot, people(*WAITING))
    panel = console.people
    declined: list[tuple[int, ...]] = []
    panel.declined.connect(declined.append)
    press(panel, Qt.Key.Key_Delete)
    button = next(b for b in panel.findChildren(QAbstractButton) if b.text() == "全員を断る")
    button.click()
    assert declined == [(11,), (11, 12, 13)]


def test_a_person_s_menu_grants_and_takes_back(qtbot) -> None:
    console = console_of(qtbot, people(*INSIDE))
    panel = console.people
    allowed: list[tuple[int, bool, bool, bool, bool]] = []
    panel.allowed.connect(lambda a: allowed.append((a.peer, a.saving, a.takeover, a.minutes, a.finds)))
    written: list[tuple[int, bool]] = []
    panel.let_write.connect(lambda *grant: written.append(grant))
    for peer in (4, 5):
        row = panel.inside.row(peer)
        assert isinstance(row, InsideRow)
        for line in row.menu().actions():
            if line.isCheckable():
                assert line.isChecked() is (peer == 5)
                line.trigger()
    assert allowed == [
        (4, False, False, True, False),
        (4, False, False, False, True),
        (4, True, False, False, False),
        (4, False, True, False, False),
        (5, True, True, False, True),
        (5, True, True, True, False),
        (5, False, True, True, True),
        (5, True, False, True, True),
    ]
    assert written == [(4, True), (5, False)]


@pytest.mark.parametrize("joining", [True, False])
def test_a_switch_shows_the_answer_and_not_the_press(qtbot, joining: bool) -> None:
    who = people(code="481903" if joining else None)
    console = console_of(qtbot, who)
    panel = console.people
    wanted: list[bool] = []
    panel.joining_wanted.connect(wanted.append)
    press(panel, Qt.Key.Key_Space)
    assert wanted == [not joining]
    panel.show_people(who, lambda page: page)
    switch = panel.window().focusWidget()
    assert isinstance(switch, QAbstractButton)
    assert switch.isChecked() is joining


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_grant_has_its_room_beside_the_menu_on_a_small_window(shown: Shown, language) -> None:
    screen = shown(SCREENS["people"], (1366, 768), language)
    panel = screen.findChild(PeoplePanel)
    assert panel is not None
    row = panel.inside.row(5)
    for part in (*row.findChildren(Chip), *row.findChildren(IconButton)):
        assert part.isVisible() and part.mapTo(panel, part.rect().topRight()).x() < panel.width() - 20
