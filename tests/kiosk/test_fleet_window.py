"""The console's window by hand and by keyboard; and from an empty house to a display in service, for real."""

from __future__ import annotations

import os
import threading
import time
import tomllib
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from kiosk.fleet import ca, ca_command
from kiosk.fleet.adding import AddingPage
from kiosk.fleet.app import Program, parser
from kiosk.fleet.audit import Audit, read
from kiosk.fleet.detail import facts
from kiosk.fleet.dialogs import Advice, Question, RestartQuestion
from kiosk.fleet.log_page import LogPage
from kiosk.fleet.model import Cause, Condition, Display, Fleet
from kiosk.fleet.parts import Words
from kiosk.fleet.rollout import Rollout
from kiosk.fleet.scribe import Scribe
from kiosk.fleet.self_tests import Mark, as_csv
from kiosk.fleet.settings_page import SettingsPage
from kiosk.fleet.template_folder import TemplateFolder
from kiosk.fleet.templates import HOUSE, Level, Place, Templates
from kiosk.fleet.window import FleetWindow, Page
from kiosk.settings import template_keys
from pageview import wording
from protocol.facilities import ConsoleCertificate, ConsoleRole
from protocol.manage import Check, CheckResult, Hindrance, Identify, Phase, SelfTest, Verdict
from protocol.transport.addresses import Endpoint
from protocol.transport.candidates import Announcement, Candidate
from tests.kiosk.fleet_rooms import device_of, house, large, with_self_tests
from tests.kiosk.rooms import kiosk

NOW = 1_795_500_000.0
PASSPHRASE = "correct horse battery"
SIZES = [(1920, 1080), (1366, 768)]


def window(fleet: Fleet, role: ConsoleRole = ConsoleRole.FACILITIES) -> FleetWindow:
    who = ConsoleCertificate(bytes(32), role, "管財課 山﨑")
    folder = TemplateFolder(Path("no such folder"))
    page = SettingsPage(fleet, folder, Rollout(folder), role is not ConsoleRole.READ_ONLY)
    made = FleetWindow(
        fleet, who, LogPage([], 0), AddingPage(fleet, lambda: folder.current, "", 47_400), page
    )
    made.refresh(NOW)
    return made


@pytest.fixture
def desk(qtbot: QtBot, dressed: QApplication) -> FleetWindow:
    made = window(house(NOW))
    qtbot.addWidget(made)
    made.resize(1920, 1080)
    made.show()
    dressed.processEvents()
    return made


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_window_fits_where_it_is_opened(
    qtbot: QtBot, dressed: QApplication, size: tuple[int, int], language: wording.Language
) -> None:
    wording.set_language(language)
    made = window(house(NOW))
    qtbot.addWidget(made)
    made.resize(*size)
    made.show()
    for place in (
        Page.OVERVIEW,
        Page.CONCERNS,
        Page.NOTICES,
        Page.LOG,
        Page.ADDING,
        Page.SETTINGS,
        Page.SELF_TESTS,
        Page.OVERVIEW,
    ):
        made.show_page(place)
        made.open(device_of(10))
        dressed.processEvents()
    made.resize(*size)
    assert (made.width(), made.height()) == size
    for counter in made.overview.counters:
        for words in counter.findChildren(QLabel):
            assert not words.isVisible() or words.width() >= words.sizeHint().width(), words.text()
    made.show_page(Page.ADDING)
    dressed.processEvents()
    assert made.adding._go.visibleRegion().contains(made.adding._go.rect().bottomRight())


def test_words_claim_no_more_than_their_lines_and_give_back_what_they_no_longer_need(
    qtbot: QtBot, dressed: QApplication
) -> None:
    made, words = QWidget(), Words(wrap=True)
    qtbot.addWidget(made)
    QVBoxLayout(made).addWidget(words)
    words.hide()
    words.resize(20, 20)
    words.say("前の設定に戻しています。" * 8)  # before anybody sees them
    made.resize(700, 200)
    made.show()
    words.show()
    dressed.processEvents()
    assert (made.height(), words.minimumHeight() > 40) == (200, True)
    words.say("戻りました。")
    assert words.minimumHeight() < 40


def test_all_eighty_are_seen_at_once_on_a_full_screen(desk: FleetWindow) -> None:
    board = desk.overview.board
    assert board.wanted_height() <= board.viewport().height()


def test_the_arrows_go_from_chip_to_chip_and_enter_opens_one(qtbot: QtBot, desk: FleetWindow) -> None:
    board = desk.overview.board
    board.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(board, Qt.Key.Key_Right)
    qtbot.keyClick(board, Qt.Key.Key_Down)
    qtbot.keyClick(board, Qt.Key.Key_Return)
    assert desk.detail.isVisible()
    assert desk.detail.device is not None
    assert desk._fleet.displays[desk.detail.device].place == "本庁舎 6階"
    qtbot.keyClick(desk, Qt.Key.Key_Escape)
    assert not desk.detail.isVisible()


def test_a_search_leaves_the_rooms_that_have_the_word(qtbot: QtBot, desk: FleetWindow) -> None:
    qtbot.keyClick(desk.overview, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert desk.overview.search.hasFocus()
    qtbot.keyClicks(desk.overview.search, "60")
    assert desk.overview.board.shown_count() == 8  # 601 to 607, and the room of number 60
    desk.overview.search.setText("ありません")
    assert desk.overview.board.shown_count() == 0


def test_a_counter_shows_its_displays_alone_and_follows_their_condition(desk: FleetWindow) -> None:
    silent = next(each for each in desk.overview.counters if each.key is Condition.SILENT)
    silent.pressed.emit(Condition.SILENT)
    assert desk.overview.board.shown_count() == 1
    desk._fleet.went_silent(device_of(1), NOW)
    desk.refresh(NOW)
    assert desk.overview.board.shown_count() == 2


@pytest.mark.parametrize("theirs", [0, 2**40])
def test_a_clock_beyond_all_calendars_hides_nobody(desk: FleetWindow, theirs: int) -> None:
    known = desk._fleet.displays[device_of(1)]
    assert known.status is not None
    moments = dict.fromkeys(("since", "started", "booked_from", "booked_until"), 2**40 - theirs)
    told = msgspec.structs.replace(known.status, clock=theirs, **moments)
    desk._fleet.saw(known.device, told, "", theirs - int(NOW), NOW)
    test = SelfTest(Phase.DONE, Hindrance.NOTHING, 0, 2**40 - theirs, (CheckResult(Check.DISK, Verdict.BAD),))
    desk._fleet.tested(known.device, test, NOW)
    desk.open(known.device)
    desk.refresh(NOW)
    desk.self_tests.refresh(NOW)
    assert len(desk.self_tests.rows) == len(desk._fleet.displays)


def test_a_name_that_looks_like_html_has_no_picture_loaded(desk: FleetWindow) -> None:
    evil = '<img src="//elsewhere/a.png">'
    known = desk._fleet.displays[device_of(1)]
    desk._fleet.put(replace(known, name=evil), NOW)
    desk.show_page(Page.SETTINGS)
    desk.refresh(NOW)
    desk.self_tests.refresh(NOW)
    model = desk.self_tests.list.model()
    rows = (model.index(row, 0) for row in range(model.rowCount()))
    tips = [row.data(Qt.ItemDataRole.ToolTipRole) for row in rows]
    tips += [item.toolTip(0) for item in desk.settings._items()]
    named = [each for each in tips if "elsewhere" in each]
    assert len(named) == 2
    assert not [each for each in named if evil in each]


def test_a_rollout_that_is_halted_is_the_first_thing_to_do_and_leads_to_the_settings(
    qtbot: QtBot, desk: FleetWindow
) -> None:
    before = len(desk._fleet.concerns())
    desk._fleet.halt(True, NOW)
    desk.refresh(NOW)
    assert desk.navigation._badge.text() == str(before + 1)
    desk.overview.concerns.setFocus()
    qtbot.keyClick(desk.overview.concerns, Qt.Key.Key_Return)
    assert desk.pages.currentIndex() == Page.SETTINGS
    desk._fleet.halt(False, NOW)
    assert len(desk._fleet.concerns()) == before


def test_a_broker_out_of_reach_comes_before_the_displays_that_are_silent_by_it(
    qtbot: QtBot, desk: FleetWindow
) -> None:
    before = len(desk._fleet.concerns())
    desk._fleet.lose_broker(True, NOW)
    desk._fleet.lose_broker(True, NOW + 1)
    assert [each.cause for each in desk._fleet.concerns()][:1] == [Cause.BROKER]
    desk.refresh(NOW)
    desk.overview.concerns.setFocus()
    qtbot.keyClick(desk.overview.concerns, Qt.Key.Key_Return)
    shown = desk.findChild(Advice)
    assert shown is not None
    shown.accept()
    desk._fleet.lose_broker(False, NOW)
    assert len(desk._fleet.concerns()) == before


def test_a_line_of_what_needs_doing_opens_its_display_with_the_advice_first(desk: FleetWindow) -> None:
    hot = next(each for each in desk._fleet.concerns() if each.cause is Cause.HOT)
    desk.overview.concerns.chosen.emit(hot)
    assert desk.detail.device == hot.device
    assert "通気口" in desk.detail._advice_text.accessibleName()
    told = dict(facts(desk._fleet.displays[hot.device], Condition.CAUTION, NOW))
    assert (
        told["次の予約"]
        == f"{datetime.fromtimestamp(NOW + 2_040):%H:%M}–{datetime.fromtimestamp(NOW + 5_640):%H:%M}"
    )
    later = dict(facts(desk._fleet.displays[hot.device], Condition.CAUTION, NOW + 5_640))
    assert "次の予約" not in later


def test_a_read_only_console_offers_no_action(qtbot: QtBot, dressed: QApplication) -> None:
    made = window(house(NOW), ConsoleRole.READ_ONLY)
    qtbot.addWidget(made)
    made.open(device_of(1))
    assert not any(each.isEnabled() for each in made.detail.buttons.values())
    assert not made.notices.isEnabled()


def test_what_disturbs_a_briefing_is_done_only_when_the_number_was_typed(
    qtbot: QtBot, desk: FleetWindow
) -> None:
    question = RestartQuestion(desk, "いま説明に使われています。", "27")
    qtbot.addWidget(question)
    assert not question.yes.isEnabled()
    question.field.setText("72")
    question.yes.click()
    assert question.result() != QDialog.DialogCode.Accepted
    question.field.setText("27")
    question.yes.click()
    assert question.result() == QDialog.DialogCode.Accepted


def test_enter_in_a_question_means_no(qtbot: QtBot, desk: FleetWindow) -> None:
    question = Question(desk, "利用を休止しますか", "説明に使えません。", "利用を休止する")
    qtbot.addWidget(question)
    question.show()
    qtbot.keyClick(question, Qt.Key.Key_Return)
    assert question.result() == QDialog.DialogCode.Rejected


def test_a_notice_skips_briefings_unless_it_is_an_emergency(desk: FleetWindow) -> None:
    posted: list[tuple[object, tuple[bytes, ...]]] = []
    page = desk.notices
    page.posted.connect(lambda notice, devices: posted.append((notice, devices)))
    page.refresh()
    page.text.setText("停電します")
    page._send()
    page.emergency.setChecked(True)
    page._send()
    assert [len(devices) for _, devices in posted] == [70, 79]


def test_ten_thousand_displays_are_bars_until_a_building_is_opened(
    qtbot: QtBot, dressed: QApplication
) -> None:
    made = window(large(10_000, NOW))
    qtbot.addWidget(made)
    made.resize(1920, 1080)
    made.show()
    dressed.processEvents()
    board = made.overview.board
    assert all(row.bar for row in board._board.rows)
    qtbot.mouseClick(board.viewport(), Qt.MouseButton.LeftButton, pos=board.viewport().rect().center())
    assert any(row.chips for row in board._board.rows)


# --- the self-test --------------------------------------------------------------------------------------


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


# --- for real -------------------------------------------------------------------------------------------


def console(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """`kamizero ca new`, `ca console`, `fleet`."""
    monkeypatch.setattr(ca, "_ROUNDS", 1_000)
    answers = [PASSPHRASE] * 3
    for words in (["new"], ["console", "--name", "管財課 山﨑"]):
        assert ca_command.main(["--state", str(folder), *words], lambda _prompt: answers.pop()) == 0
    return Program(parser().parse_args(["--state", str(folder), "--mdns-interface", "127.0.0.1"]))


def test_a_new_display_is_found_enrolled_seen_and_told_what_to_do(
    qtbot: QtBot, dressed: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "fleet"
    program = console(folder, monkeypatch)
    qtbot.addWidget(program.window)
    program.window.show()
    program.desk.start()
    page = program.window.adding
    try:
        with kiosk(tmp_path / "kiosk", "--enrol", settings="") as room:
            shown = room.wait("enrolment")
            found = lambda: page.where.findText(shown["address"]) >= 0  # noqa: E731
            qtbot.waitUntil(found, timeout=10_000)
            page.where.setCurrentIndex(page.where.findText(shown["address"]))
            page.code.setText(shown["code"])
            page.number.setText("27")
            page.name.setText("第三会議室")
            page.place.setText("本庁舎 3階")
            program.desk.settings.change(Place(Level.BUILDING, "本庁舎"), "help.contact", "管財課")
            page.passphrase.setText("wrong passphrase")
            page._add()
            qtbot.waitUntil(lambda: "合言葉が違います" in page._said.accessibleName(), timeout=10_000)
            page.passphrase.setText(PASSPHRASE)  # the code is as good as before
            page._add()
            qtbot.waitUntil(lambda: bool(program.fleet.displays), timeout=15_000)
            (display,) = program.fleet.displays.values()
            assert (display.number, display.name, display.place) == (27, "第三会議室", "本庁舎 3階")
            _tests_itself(qtbot, program, display.device)
            program.desk.act("identify", display.device)
            done = lambda: [each.result for each in audit(folder)][-1:] == ["できました"]  # noqa: E731
            qtbot.waitUntil(lambda: len(audit(folder)) >= 6 and done(), timeout=10_000)
            put_into_effect(qtbot, program, folder, tmp_path / "kiosk" / "kiosk.toml")
        qtbot.waitUntil(lambda: program.fleet.condition(display.device) is Condition.SILENT, timeout=20_000)
    finally:
        program.desk.stop()
    assert [(each.what, each.result) for each in audit(folder)[-9:]] == [
        ("点検する", "指示しました"),
        ("点検する", "できました"),
        ("画面に番号を出す", "指示しました"),
        ("画面に番号を出す", "できました"),
        ("設定のひな形：庁内全体の help.extension を 2345 に", "できました"),
        ("設定のひな形：庁内全体の1台に反映する", "できました"),
        ("設定の反映：第1波、1台（第三会議室（27番））", "できました"),
        ("設定を変える：help.extension", "指示しました"),
        ("設定を変える：help.extension", "できました"),
    ]


def put_into_effect(qtbot: QtBot, program: Program, folder: Path, file: Path) -> None:
    """The new display has its building's settings from the first; one more is put into effect."""
    assert tomllib.loads(file.read_text("utf-8"))["help"] == {"contact": "管財課"}
    page = program.window.settings
    program.window.show_page(Page.SETTINGS)
    page.choose(HOUSE)
    page.values.item(template_keys().index("help.extension"), 1).setText("2345")
    qtbot.waitUntil(lambda: "1台がひな形と違います" in page._said.accessibleName(), timeout=30_000)
    program.desk.settings.put_into_effect(HOUSE, page.displays_of(HOUSE))
    qtbot.waitUntil(lambda: "違いはありません。" in page._said.accessibleName(), timeout=30_000)
    assert tomllib.loads(file.read_text("utf-8"))["help"] == {"contact": "管財課", "extension": "2345"}


def _tests_itself(qtbot: QtBot, program: Program, device: bytes) -> None:
    """The wall shows the page for a moment; the console has a green row, or one that says what is wrong."""
    program.window.show_page(Page.SELF_TESTS)
    page = program.window.self_tests

    def may_be_asked() -> bool:
        program.window.refresh(time.time())
        page.list.selectAll()
        return page.run_chosen.isEnabled()

    qtbot.waitUntil(may_be_asked, timeout=15_000)
    page.run_chosen.click()
    display = lambda: program.fleet.displays[device]  # noqa: E731
    over = lambda: display().test is not None and display().test.phase is Phase.DONE  # noqa: E731
    qtbot.waitUntil(over, timeout=60_000)
    results = {each.check: each.verdict for each in display().test.results}
    assert {Check.PAGE, Check.PAIRING, Check.CAGE, Check.MULTICAST} <= set(results)
    assert [each for each in results if results[each] is Verdict.BAD] == []
    program.window.refresh(time.time())
    assert page.rows[0].tested


def audit(folder: Path) -> tuple:
    return read(folder / "audit.jsonl").actions


def test_a_number_typed_fills_in_the_room_from_the_list_that_was_read(
    qtbot: QtBot, dressed: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = console(tmp_path / "fleet", monkeypatch)
    qtbot.addWidget(program.window)
    (tmp_path / "rooms.csv").write_text("番号,名前,建物と階\n27,第三会議室,本庁舎 3階\n", "utf-8")
    program.desk.take_rooms(tmp_path / "rooms.csv")
    page = program.window.adding
    qtbot.keyClicks(page.number, "27")
    assert (page.name.text(), page.place.text()) == ("第三会議室", "本庁舎 3階")
    (tmp_path / "rooms.csv").write_text("番号\n27\n", "utf-8")
    program.desk.take_rooms(tmp_path / "rooms.csv")
    assert "列の名前" in program.window._told.accessibleName()


def test_what_came_of_a_new_display_is_said_until_the_next_one_is_typed(
    qtbot: QtBot, dressed: QApplication, tmp_path: Path
) -> None:
    page = AddingPage(Fleet(), Templates, "", 47_400)
    qtbot.addWidget(page)
    announced = Announcement(99_999, in_use=False)
    waiting = Candidate("a" * 16, announced, (Endpoint("10.1.6.27", 47_400),))
    page.refresh((waiting,))
    assert page._said.accessibleName().startswith("まだ入力されていないもの：画面の登録番号、会議室番号")
    page.name.setText("第三会議室")
    for field, typed in ((page.code, "481 903"), (page.number, "27")):
        qtbot.keyClicks(field, typed)
    qtbot.keyClicks(page.passphrase, "correct horse battery")
    assert (page._said.accessibleName(), page._go.isEnabled()) == ("", True)
    for words, good in (("番号が違います。", False), ("「第三会議室」を登録しました。", True)):
        page.show_result(words, good)
        page.refresh((waiting,) if not good else ())
        assert page._said.accessibleName() == words
    assert (page.where.currentText(), page.code.text()) == ("", ""), "that display waits no more"
    qtbot.keyClicks(page.code, "1")
    assert page._said.accessibleName().startswith("まだ入力されていないもの")


def test_an_action_that_cannot_be_written_down_is_not_done(
    qtbot: QtBot, dressed: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "fleet"
    program = console(folder, monkeypatch)
    qtbot.addWidget(program.window)
    (folder / "audit.jsonl").mkdir()
    sent: list[object] = []
    monkeypatch.setattr(program.desk._network, "order", lambda *order: sent.append(order))
    program.fleet = house(time.time())
    program.desk._fleet = program.fleet
    heard: list[object] = []
    program.desk.order((device_of(1),), Identify(5), lambda *answer: heard.append(answer))
    qtbot.waitUntil(lambda: bool(heard), timeout=10_000)
    assert heard == [(None, "")] and not sent
    assert "操作の記録に書けない" in program.window._told.accessibleName()
    program.desk._scribe.close()


def test_what_comes_together_is_written_with_one_sync_in_its_order_and_then_told(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, told, synced = tmp_path / "audit.jsonl", [], []
    begun, may = threading.Event(), threading.Event()
    real = os.fsync

    def slow(descriptor: int) -> None:
        synced.append(descriptor)
        begun.set()
        assert may.wait(20)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", slow)
    scribe, grown = Scribe(Audit(file), "管財課", lambda: 0.0), []
    scribe.recorded.connect(lambda: grown.append(len(told)))
    for number in range(1, 1_001):
        then = lambda error, number=number: told.append((number, error))  # noqa: E731
        scribe.write([Display(b"", number, "")], "", "", then)
        if number == 1:
            assert begun.wait(20)
    assert not told, "the disk is still at work"
    may.set()
    scribe.close()
    assert told == [(number, None) for number in range(1, 1_001)]
    assert [each.room for each in read(file).actions] == list(range(1, 1_001))
    assert len(synced) == len(grown) == 2
    scribe.write([Display(b"", 7, "")], "", "", lambda error: told.append((7, error)))
    assert told[-1] == (7, None), "an answer that came with the end"
