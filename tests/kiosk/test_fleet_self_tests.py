"""The self-tests of a morning as the console lists them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.fleet.model import Cause
from kiosk.fleet.self_tests import Mark, as_csv
from kiosk.fleet.window import FleetWindow, Page
from protocol.manage import Check
from tests.kiosk.fleet_rooms import device_of, house, with_self_tests
from tests.kiosk.fleet_windows import window

MORNING = datetime(2026, 11, 24, 8, 26).timestamp()


@pytest.fixture
def morning(qtbot: QtBot, dressed: QApplication) -> FleetWindow:
    fleet = house(MORNING)
    with_self_tests(fleet, MORNING)
    made = window(fleet)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    made.refresh(MORNING)
    made.show_page(Page.SELF_TESTS)
    return made


def test_one_row_a_room_says_what_is_wrong_and_what_to_do_the_worst_first(morning: FleetWindow) -> None:
    rows = morning.self_tests.rows
    assert len(rows) == 80
    assert [(row.mark, row.name) for row in rows[:2]] == [
        (Mark.BAD, "第2委員会"),
        (Mark.SILENT, "博物館"),
    ]
    assert all(row.reason and row.advice for row in rows if row.mark in (Mark.BAD, Mark.SILENT, Mark.LOOK))
    assert rows[0].more == 1
    assert rows[0].reason.endswith("09:00 から予約があります。")
    waiting = [(row.name, row.reason) for row in rows if row.mark is Mark.WAITING]
    assert waiting == [
        ("特別会議室", "説明中です。終わると点検します。"),
        ("第三会議室", "説明中です。終わると点検します。"),
    ]
    clock = next(row for row in rows if row.name == "水産")
    assert (clock.mark, clock.reason) == (Mark.LOOK, "時計が合っていません。")  # only we could see that
    assert "博物館" in morning.self_tests._silent.accessibleName()
    assert Cause.SELF_TEST in {each.cause for each in morning._fleet.concerns()}


def test_a_test_of_yesterday_is_none_of_today(morning: FleetWindow) -> None:
    morning.refresh(MORNING + 86_400)
    marks = {row.mark for row in morning.self_tests.rows}
    assert marks == {Mark.LEFT_OUT, Mark.SILENT, Mark.WAITING}


def test_chosen_rooms_are_tested_unless_somebody_presents_there(morning: FleetWindow) -> None:
    asked: list[tuple[bytes, ...]] = []
    page = morning.self_tests
    page.asked.connect(asked.append)
    assert not page.run_chosen.isEnabled()
    page.list.selectAll()
    page.run_chosen.click()
    page.run_all.click()
    assert [len(devices) for devices in asked] == [70, 70]  # nine briefings, one dark
    page.list.clearSelection()
    page.list.setCurrentIndex(page.list.model().index(0))
    morning._fleet.went_silent(device_of(5), MORNING)
    morning.refresh(MORNING)
    assert page.list.chosen() == (device_of(59),)  # wherever its row stands now


def test_the_exported_list_has_every_check_and_no_formula(morning: FleetWindow) -> None:
    row = replace(morning.self_tests.rows[0], name="=1+1")
    heads, first = as_csv((row,)).decode("utf-8-sig").splitlines()
    assert heads.startswith("番号,名前,建物と階,結果,見つかったこと,すること,点検した時刻,ページの表示")
    assert first.startswith("59,'=1+1,議会棟,要対応,")
    assert first.endswith(",×,○,△" + ",○" * (len(Check) - 3))
