"""The console's window by hand and by keyboard."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from kiosk.fleet import writing_out
from kiosk.fleet.audit import Action
from kiosk.fleet.detail import facts
from kiosk.fleet.dialogs import Advice, Question, RestartQuestion, SettingQuestion, TextShown
from kiosk.fleet.log_page import LogPage
from kiosk.fleet.model import Cause, Condition
from kiosk.fleet.parts import Words
from kiosk.fleet.self_tests import Mark
from kiosk.fleet.templates import Level, Place
from kiosk.fleet.window import FleetWindow, Page
from pageview import wording
from protocol.facilities import ConsoleRole
from protocol.manage import Check, CheckResult, Hindrance, Notice, Phase, SelfTest, Verdict
from tests.kiosk.fleet_rooms import device_of, house, large
from tests.kiosk.fleet_windows import NOW, window

SIZES = [(1920, 1080), (1366, 768)]


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
    for place in (*Page, Page.OVERVIEW):
        made.show_page(place)
        made.open(device_of(10))
        dressed.processEvents()
    made.resize(*size)
    assert (made.width(), made.height()) == size
    for counter in made.overview.counters:
        for words in counter.findChildren(QLabel):
            assert not words.isVisible() or words.width() >= words.sizeHint().width(), words.text()
    if language == "en":
        units = {each._number.text(): each._unit.text() for each in made.overview.counters}
        assert (units["1"], units["2"]) == ("display", "displays")
    made.show_page(Page.ADDING)
    dressed.processEvents()
    assert made.adding._go.visibleRegion().contains(made.adding._go.rect().bottomRight())


def test_what_is_said_at_length_widens_no_window(qtbot: QtBot, dressed: QApplication) -> None:
    made = window(house(NOW))
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    made.open(device_of(10))
    sentences = "設定の反映：第三会議室が設定を断ったので、止めました（10.1.6.27 が入りません）。" * 6
    for words in ("W" * 200, sentences):
        made.tell(words, "err")
        dressed.processEvents()
        assert (made.width(), made.height()) == (1366, 768)
    told = made._told
    assert told.height() >= told.heightForWidth(told.width()) > 2 * told.fontMetrics().height()


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
    desk.settings.choose(Place(Level.ROOM, "1"))
    desk.self_tests.refresh(NOW)
    model = desk.self_tests.list.model()
    rows = (model.index(row, 0) for row in range(model.rowCount()))
    tips = [row.data(Qt.ItemDataRole.ToolTipRole) for row in rows]
    tips += [item.toolTip(0) for item in desk.settings.places._items.values()]
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


def test_a_console_that_is_out_calls_nobody_silent_and_says_the_way_back(
    qtbot: QtBot, desk: FleetWindow
) -> None:
    for display in tuple(desk._fleet.displays.values()):
        desk._fleet.went_silent(display.device, NOW)
    desk._fleet.leave(NOW)
    desk.show_page(Page.SELF_TESTS)
    assert not [row for row in desk.self_tests.rows if row.mark is Mark.SILENT]
    desk.show_page(Page.CONCERNS, along=True)
    qtbot.keyClick(desk.pages.currentWidget(), Qt.Key.Key_Tab)
    assert desk.focusWidget() is desk.concerns, "the next Tab is the page's first field"
    qtbot.keyClick(desk.concerns, Qt.Key.Key_Return)
    shown = desk.findChild(Advice)
    assert shown is not None
    assert any("ca request --new-key" in each.accessibleName() for each in shown.findChildren(Words))
    shown.accept()


def test_escape_leaves_the_detail_for_where_it_was_opened_and_then_the_search(
    qtbot: QtBot, desk: FleetWindow
) -> None:
    desk.overview.search.setText("会議室")
    desk.overview.search.setFocus()
    desk.open(device_of(10))
    desk.detail.buttons["identify"].setFocus()
    desk._leave()
    assert (desk.detail.isVisible(), desk.focusWidget()) == (False, desk.overview.search)
    assert desk.overview.search.text() == "会議室"
    desk._leave()
    assert not desk.overview.search.text()
    desk.open(device_of(10))
    desk.show_page(Page.LOG)
    desk.detail.buttons["identify"].setFocus()
    desk._leave()
    assert desk.focusWidget() is desk.log, "where it was opened nobody is any more"


def test_with_another_page_the_keyboard_goes_along_and_stands_on_no_key(desk: FleetWindow) -> None:
    desk.overview.search.setFocus()
    desk.show_page(Page.SETTINGS)
    assert desk.focusWidget() is desk.settings


def test_the_line_of_the_log_that_is_chosen_is_said_in_full(qtbot: QtBot, dressed: QApplication) -> None:
    long = "設定を変える：" + "、".join(f"「{n}」を「{n}」に" for n in range(20))
    actions = [Action(NOW, "管財課", "00", 27, "第三会議室", long, "できました")]
    page = LogPage(actions, 0)
    qtbot.addWidget(page)
    page.show()
    assert not page.whole.isVisible()
    page.table.selectRow(0)
    assert page.whole.accessibleName() == f"第三会議室　{long}　できました"
    actions.append(replace(actions[0], what="点検する"))
    page.told(0)
    assert page.table.currentIndex().row() == 1, "under one that came meanwhile"
    assert page.whole.isVisible() and long in page.whole.accessibleName()


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
    assert not made.notices.text.isEnabled()
    said = [each.accessibleName() for each in made.notices.findChildren(Words)]
    assert "この管理の端末は、見ることだけできます" in said, "and why"


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


def test_enter_behind_the_number_typed_does_what_was_asked_and_behind_another_nothing(
    qtbot: QtBot, desk: FleetWindow
) -> None:
    question = Question(desk, "緊急のお知らせを出しますか", "", "お知らせを出す", "27")
    qtbot.addWidget(question)
    question.open()
    qtbot.keyClicks(question.field, "72")
    qtbot.keyClick(question.field, Qt.Key.Key_Return)
    assert question.isVisible(), "somebody who mistyped in an emergency is still asked"
    question.field.setText("２７")
    qtbot.keyClick(question.field, Qt.Key.Key_Return)
    assert question.result() == QDialog.DialogCode.Accepted


def test_a_question_that_was_answered_is_gone(dressed: QApplication, desk: FleetWindow) -> None:
    question = Question(desk, "登録を取り消しますか", "", "はい")
    QTimer.singleShot(0, question.accept)
    assert question.agreed()
    assert question.field.text() == "", "what was typed is read after the answer"
    dressed.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert desk.findChildren(Question) == []


def test_a_value_is_changed_by_enter_behind_it(qtbot: QtBot, desk: FleetWindow) -> None:
    keys = {"room.name": "第三会議室", "help.extension": ""}
    question = SettingQuestion(desk, "", keys, "")
    qtbot.addWidget(question)
    question.open()
    assert question.focusWidget() is question._keys, "what is chosen first"
    assert question.setting == ("room.name", "第三会議室"), "what it is now"
    qtbot.keyClick(question._keys, Qt.Key.Key_Down)
    question._value.setFocus()
    qtbot.keyClicks(question._value, "5120")
    qtbot.keyClick(question._value, Qt.Key.Key_Return)
    assert question.result() == QDialog.DialogCode.Accepted
    assert question.setting == ("help.extension", "5120")


def test_of_a_log_the_newest_is_seen(qtbot: QtBot, dressed: QApplication, desk: FleetWindow) -> None:
    shown = TextShown(desk, "第三会議室の記録", "\n".join(f"{n} {'x' * 300}" for n in range(200)))
    qtbot.addWidget(shown)
    shown.show()
    dressed.processEvents()
    field = shown.findChild(QPlainTextEdit)
    down, aside = field.verticalScrollBar(), field.horizontalScrollBar()
    assert (down.value() == down.maximum() > 0, aside.value()) == (True, 0)


def test_a_long_address_stays_inside_the_panel(dressed: QApplication, desk: FleetWindow) -> None:
    fleet = desk._fleet
    fleet.put(replace(fleet.displays[device_of(10)], address="[fe80::8f9:b0ff:fe25:6347%2]:47400"), NOW)
    desk.open(device_of(10))
    dressed.processEvents()
    body = desk.detail.findChild(QScrollArea)
    assert body.widget().width() == body.viewport().width()
    value = next(value for _, value in desk.detail._rows if "fe80" in value.accessibleName())
    assert value.height() >= 2 * value.fontMetrics().height(), "it goes on in a second line"


def test_a_list_is_offered_among_the_documents_and_keeps_its_ending(
    qtbot: QtBot, desk: FleetWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing_out, "documents", lambda: tmp_path)
    offered: list[str] = []

    def save_under_another_name() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        offered.extend(dialog.selectedFiles())
        name = dialog.findChild(QLineEdit)
        name.setText("this week")
        qtbot.keyClick(name, Qt.Key.Key_Return)

    QTimer.singleShot(0, save_under_another_name)
    file = writing_out.ask_where(desk, "一覧を書き出す", Path("kamizero-actions.csv"), "CSV (*.csv)")
    assert offered == [str(tmp_path / "kamizero-actions.csv")]
    assert file == tmp_path / "this week.csv"


def test_it_is_said_where_a_notice_comes_later(desk: FleetWindow) -> None:
    posted: list[tuple[Notice, tuple[bytes, ...]]] = []
    page = desk.notices
    page.posted.connect(lambda notice, devices: posted.append((notice, devices)))
    page.refresh()
    page.text.setText("停電します")
    later = "説明中の9台には、終わってから出ます。応答しない1台には、戻ったときに出ます。"
    assert page._what.accessibleName() == f"70台に出ます。{later}"
    page.emergency.setChecked(True)
    over = "79台に出ます。うち9台は説明中で、資料の上に出ます。応答しない1台には、戻ったときに出ます。"
    assert page._what.accessibleName() == over
    page._send()
    assert [(notice.emergency, len(devices)) for notice, devices in posted] == [(True, 80)]
    silent = [each.device for each in desk._fleet.displays.values() if not each.linked]
    page.choose(silent[0])
    desk._fleet.revoke(frozenset(silent), NOW)
    page.refresh()
    assert (page.where.currentIndex(), len(page.devices())) == (0, 79), (
        "who was revoked is nobody to wait for"
    )
    assert "応答しない" not in page._what.accessibleName()


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
