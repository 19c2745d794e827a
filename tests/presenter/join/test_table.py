"""The participant's table of actions: every one does something, and no key stands for two."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pageview.hand import Use
from presenter.actions import Actions, Where
from presenter.dialogs import Question
from presenter.join.actions import ENTRIES
from presenter.join.bindings import bind
from presenter.join.desk import ParticipantDesk
from presenter.join.ended import EndedScreen
from presenter.join.entrance import EntranceScreen
from presenter.join.entrance_state import Stage
from presenter.join.options import read_options
from presenter.join.parts import made_parts
from presenter.keys import bindings, chord
from presenter.settings_file import SettingsFile
from presenter.window import ProgramWindow
from protocol.changes import Reloaded
from protocol.corrections import Correction, CorrectionState
from protocol.model import Briefing
from protocol.ops import SetCorrection, SpliceText
from protocol.texts import Item
from protocol.transport.events import Changed, RoomLost, RoomSeen
from protocol.transport.join_events import (
    AwaitingApproval,
    AwaitingStart,
    Joined,
    JoinFailure,
    JoinState,
    Left,
    LeftReason,
    NoAnswer,
    Refused,
)
from protocol.values import Role


@pytest.mark.parametrize("where", list(Where.ANY))
@pytest.mark.parametrize("typing", [False, True])
def test_no_key_stands_for_two_actions_on_a_screen(where: Where, typing: bool) -> None:
    bound = bindings(where, typing, ENTRIES)
    for key, entry in bound.items():
        assert key[0], entry.name
    assert bound[chord("Ctrl+Q")].name == "quit"


def test_what_the_presenter_s_keys_do_they_do_here() -> None:
    here, there = bindings(Where.CONSOLE, False, ENTRIES), bindings(Where.CONSOLE)
    for text in ("Right", "Left", "Space", "Home", "End", "Shift+Right", "0", "+", "-", "G", "F1", "F11"):
        assert here[chord(text)] == there[chord(text)]


class Program:
    """The participant's program with every part but the network, whose events are told by hand."""

    def __init__(self, qtbot, folder: Path) -> None:
        options = read_options(["--state", str(folder), "--no-mdns", "--name", "鈴木"])
        actions = Actions(ENTRIES)
        self.window = ProgramWindow()
        qtbot.addWidget(self.window)
        entrance = EntranceScreen(actions)
        self.window.add_screen(Where.START, entrance)
        settings = SettingsFile(options.desk.config)
        ended = EndedScreen(actions)
        self.window.add_screen(Where.END, ended)
        self.parts = made_parts(options, settings, self.window, entrance, ended, actions)
        self.desk = ParticipantDesk(self.parts)
        bind(self.desk)
        self.card = entrance.card
        self.card.name.setText("鈴木")
        self.window.resize(1366, 768)
        self.window.show()

    def tell(self, *events: object) -> None:
        self.parts.network.received.emit(tuple(events))

    @property
    def stage(self) -> Stage:
        return self.parts.entrance.state.stage


@pytest.fixture
def program(qtbot, tmp_path: Path):
    made = Program(qtbot, tmp_path / "state")
    yield made
    made.parts.close()
    made.window.end()


def test_every_action_does_something(program: Program) -> None:
    assert not program.parts.actions.unbound()


def test_without_the_grant_the_pen_writes_for_oneself_alone_with_it_for_everybody(program: Program) -> None:
    actions, hand = program.parts.actions, program.parts.follower.page.hand
    assert not actions.run("select")
    assert actions["select"].toolTip() == "書き込みには、説明者の許可が必要です"
    assert actions.run("pen")
    assert (hand.use, hand.private) == (Use.PEN, True)
    actions.run("private")
    assert hand.private, "there is nobody else to write for"
    program.tell(JoinState(Joined(Role.ANNOTATOR, 3)))
    assert hand.private, "what is in hand stays what it was"
    actions.run("highlighter")
    assert hand.private, "also with another tool: nobody is surprised under the pen"
    actions.run("highlighter")
    actions.run("pen")
    assert not hand.private, "the next one is for everybody"
    actions.run("private")
    actions.run("highlighter")
    assert hand.private, "as it was chosen"
    actions.run("private")
    actions.run("pen")
    assert not actions.run("clear_page")
    assert (hand.use, hand.peer, hand.all_marks, hand.private) == (Use.PEN, 3, False, False)
    actions.run("pen")
    assert hand.use is Use.NOTHING, "its own key puts it down"
    actions.run("highlighter")
    assert not hand.private
    program.tell(JoinState(Joined(Role.PARTICIPANT, 3)))
    assert (hand.use, hand.private) == (Use.NOTHING, True)


def test_a_correction_put_down_while_the_log_is_loaded_anew_is_not_left_as_being_typed(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[object] = []
    monkeypatch.setattr(program.parts.network, "edit", lambda op, _shown=None: sent.append(op))
    typing = tuple(
        Correction(item, item, None, 1, (), "内示", None, 3, 1, CorrectionState.TYPING) for item in (1, 2)
    )
    briefing = Briefing(
        corrections={each.item: each for each in typing},
        items={each.item: Item(each.item, None, "内示", 3) for each in typing},
    )
    program.tell(JoinState(Joined(Role.ANNOTATOR, 3)), Changed(briefing, ()))
    dock = program.parts.flow.screen.centre.dock
    for correction in typing:
        program.parts.correcting.take_up(correction)
        dock.typed.emit("内示は12月", 6, "")
    program.parts.correcting.put_down()
    assert sent == [SpliceText(item, (2, "は12月")) for item in (1, 2)]
    sent.clear()
    anew = replace(briefing, corrections={2: typing[1]}, items={2: briefing.items[2]})
    program.tell(Changed(anew, (Reloaded(),)), Changed(anew, ()))
    [opened] = sent
    assert isinstance(opened, SetCorrection)
    assert (opened.item, opened.state) == (2, CorrectionState.OPEN)


def test_the_first_screen_tells_each_state_and_lets_one_try_again(program: Program) -> None:
    card = program.card
    assert not card.join.isEnabled()
    program.tell(RoomSeen(27, "第三会議室", "3階", True, ""), RoomSeen(34, None, None, False, ""))
    program.parts.entrance.screen.room_chosen.emit(27)
    assert card.room.text() == "27"
    card.code.setText("481903")
    assert card.join.isEnabled()
    card.join.click()
    assert (program.stage, card.code.isReadOnly()) == (Stage.LOOKING, True)
    assert program.window.focusWidget() is card.give_up, "nothing can be typed now"
    for state, stage in (
        (NoAnswer(), Stage.NO_ANSWER),
        (AwaitingApproval(), Stage.APPROVAL),
        (AwaitingStart(), Stage.START),
        (Refused(JoinFailure.REFUSED), Stage.REFUSED),
    ):
        program.tell(JoinState(state))
        assert program.stage is stage
    assert card.said.accessibleName().startswith("番号が違うか") and not card.code.isReadOnly()
    card.code.setText("481904")
    card.join.click()
    program.parts.actions.run("give_up")
    assert (program.stage, card.code.text()) == (Stage.NONE, "481904")
    assert program.window.focusWidget() is card.code
    program.tell(JoinState(AwaitingStart()))
    assert program.stage is Stage.NONE, "what was under way when one gave up counts no more"
    program.tell(RoomLost(27))
    assert [row.number for row in program.parts.entrance.state.rooms] == [34]


def test_who_was_not_let_in_is_told_so_on_the_first_screen(program: Program) -> None:
    program.parts.entrance.choose(27)
    program.card.code.setText("481903")
    program.card.join.click()
    program.tell(JoinState(AwaitingApproval()), JoinState(Left(LeftReason.DECLINED)))
    assert program.window.where is Where.START
    assert "承認しませんでした" in program.card.said.accessibleName()
    assert program.card.code.text() == ""


def test_quitting_asks_while_one_takes_part(program: Program) -> None:
    program.tell(JoinState(Joined(Role.PARTICIPANT, 3)))
    program.parts.actions.run("quit")
    question = program.window.findChild(Question)
    assert question is not None and program.window.isVisible()
    question.reject()
