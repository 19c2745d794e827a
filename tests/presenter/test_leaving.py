"""A briefing with open corrections is not left without asking who sees to them, until when."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from presenter.leaving import LeaveSheet, unassigned
from protocol.corrections import CorrectionState
from protocol.ops import AssignCorrection, SetCorrection
from protocol.values import OWNER, OpId
from tests.presenter.conftest import Shown
from tests.presenter.screens import with_open


@pytest.mark.parametrize("leaves", [True, False])
def test_what_was_entered_is_told_before_the_briefing_ends_and_only_then(
    shown: Shown, qtbot: QtBot, leaves: bool
) -> None:
    briefing = with_open(2)
    sheet = shown(lambda: LeaveSheet(None, briefing, unassigned(briefing)), None)
    assert isinstance(sheet, LeaveSheet)
    told: list[object] = []
    sheet.assigned.connect(lambda *values: told.append(values))
    sheet.answered.connect(told.append)
    assert sheet.fields()[0].hasFocus(), "what is asked for can be typed at once"
    fields = {field.accessibleName(): field for field in sheet.fields()}
    fields["修正2の担当"].setText("河川課　中村\u202e")
    fields["修正2の期限"].setText("11月27日")
    fields["修正2の担当"].setFocus()
    QTest.keyClick(fields["修正2の担当"], Qt.Key.Key_Return)
    assert fields["修正2の期限"].hasFocus() and not told, "Enter throws nothing away"
    (sheet.yes if leaves else sheet.no).click()
    assert told == ([(2, "河川課 中村", "11月27日"), True] if leaves else [False])


def test_only_open_corrections_without_owner_or_day_are_asked_for() -> None:
    briefing = with_open(4)
    for n, op in enumerate(
        (
            AssignCorrection(1, "中村", "11月27日"),
            AssignCorrection(2, "中村", ""),
            SetCorrection(3, CorrectionState.WITHDRAWN, 2),
        )
    ):
        briefing = briefing.apply(op, OpId(OWNER, 10 + n))
    assert [each.number for each in unassigned(briefing)] == [2, 4]
