"""The console as a program: from an empty house to a display in service; its log of actions."""

from __future__ import annotations

import asyncio
import os
import threading
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.fleet import ca, ca_command
from kiosk.fleet.adding import AddingPage
from kiosk.fleet.app import Program, alone, main, parser
from kiosk.fleet.audit import Action, Audit
from kiosk.fleet.dialogs import Advice
from kiosk.fleet.enrolling import to_type_again
from kiosk.fleet.folder import NoIdentity
from kiosk.fleet.model import Cause, Condition, Fleet
from kiosk.fleet.parts import Words
from kiosk.fleet.templates import HOUSE, Level, Place, Templates
from kiosk.fleet.waves import Through
from kiosk.fleet.window import Page
from kiosk.settings import template_keys
from protocol.manage import ChangeSettings, Check, Identify, Notice, Outcome, Phase, Setting, Verdict
from protocol.pairing_checks import HandshakeRefused, Why
from protocol.transport.addresses import Endpoint
from protocol.transport.candidates import Announcement, Candidate
from protocol.transport.manage_events import OrderAnswered, Ordered
from protocol.transport.tls import DeviceKey
from tests.kiosk.consoles import PASSPHRASE, registered
from tests.kiosk.fleet_rooms import device_of, house, status
from tests.kiosk.rooms import kiosk

__all__ = ["registered"]


@pytest.fixture
def program(qtbot: QtBot, dressed: QApplication, registered: Path) -> Program:
    """`kamizero fleet` there."""
    made = Program(parser().parse_args(["--state", str(registered), "--mdns-interface", "127.0.0.1"]))
    qtbot.addWidget(made.window)
    return made


def test_a_new_display_is_found_enrolled_seen_and_told_what_to_do(
    qtbot: QtBot, tmp_path: Path, registered: Path, program: Program
) -> None:
    folder = registered
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
            program.desk.settings.templates.change(Place(Level.BUILDING, "本庁舎"), "help.contact", "管財課")
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
            qtbot.waitUntil(lambda: len(audit(folder)) >= 10 and done(), timeout=10_000)
            put_into_effect(qtbot, program, folder, tmp_path / "kiosk" / "kiosk.toml")
            _somebody_is_out(qtbot, program, folder)
        qtbot.waitUntil(lambda: program.fleet.condition(display.device) is Condition.SILENT, timeout=20_000)
    finally:
        program.desk.stop()
    assert [(each.what, each.result) for each in audit(folder)[-13:]] == [
        ("点検する", "指示しました"),
        ("点検する", "できました"),
        ("画面に番号を出す", "指示しました"),
        ("画面に番号を出す", "できました"),
        ("設定のひな形：庁内全体の「連絡先の内線」を「2345」に", "できました"),
        ("設定のひな形：庁内全体の1台に反映する", "できました"),
        ("設定の反映：第1波、1台（第三会議室（27番））", "できました"),
        ("設定を変える：「連絡先の内線」を「2345」に", "指示しました"),
        ("設定を変える：「連絡先の内線」を「2345」に", "できました"),
        ("登録を取り消す", "指示しました"),
        ("登録を取り消す", "できました"),
        ("端末の取り消しを、全てのディスプレイへ伝える", "できました"),
        ("端末の取り消し：1台のうち1台に届きました。", "できました"),
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


def _somebody_is_out(qtbot: QtBot, program: Program, folder: Path) -> None:
    """Told to the display at once, though the console is open; how many have it is said."""
    stolen = DeviceKey.load_or_create(folder / "stolen").device_id.hex()
    assert ca_command.main(["--state", str(folder), "revoke", stolen], lambda _prompt: PASSPHRASE) == 0
    program.desk.revoking.look()
    assert [each.cause for each in program.fleet.concerns()] == [Cause.REVOKED]
    qtbot.waitUntil(lambda: not program.fleet.concerns(), timeout=10_000)
    told = program.window._told.accessibleName
    qtbot.waitUntil(lambda: told() == "端末の取り消し：1台のうち1台に届きました。", timeout=10_000)


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


def audit(folder: Path) -> list[Action]:
    return Audit(folder / "audit.jsonl").actions


def test_a_console_that_is_none_yet_says_so_in_a_window_where_there_is_no_terminal(
    dressed: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    def read() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, Advice)
        said.extend(words.accessibleName() for words in box.findChildren(Words))
        box.accept()

    monkeypatch.setattr("sys.stderr", None)
    monkeypatch.delenv("KAMIZERO_COMMAND", raising=False)
    QTimer.singleShot(0, read)
    assert main(["--state", str(tmp_path)]) == 1
    assert any("kamizero ca new" in words for words in said), said


def test_a_console_is_opened_once(tmp_path: Path) -> None:
    """Two would write over each other's templates, and both go on with the one rollout."""
    first = alone(tmp_path)
    with pytest.raises(NoIdentity, match="もう開いています"):
        alone(tmp_path)
    first.unlock()
    alone(tmp_path).unlock()
    assert not alone(tmp_path / "none yet").isLocked()


def test_a_number_typed_fills_in_the_room_from_the_list_that_was_read(
    qtbot: QtBot, tmp_path: Path, program: Program
) -> None:
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
    for words, wrong in (("番号が違います。", page.code), ("「第三会議室」を登録しました。", None)):
        page.show_result(words, wrong)
        page.refresh(() if wrong is None else (waiting,))
        assert page._said.accessibleName() == words
    assert (page.where.currentText(), page.code.text()) == ("", ""), "that display waits no more"
    qtbot.keyClicks(page.code, "1")
    assert page._said.accessibleName().startswith("まだ入力されていないもの")


def test_what_was_mistaken_is_typed_again_at_once_and_a_passphrase_never_where_it_can_be_read(
    qtbot: QtBot, dressed: QApplication
) -> None:
    page = AddingPage(Fleet(), Templates, "", 47_400)
    qtbot.addWidget(page)
    page.show()
    assert QTest.qWaitForWindowActive(page)
    page.where.setEditText("10.1.6.27:47400")
    for field, typed in ((page.code, "481 903"), (page.number, "27"), (page.passphrase, "wrong")):
        qtbot.keyClicks(field, typed)
    wrong_code = HandshakeRefused(Why.REFUSED)
    for result, field in ((ca.CaError("合言葉が違います。"), page.passphrase), (wrong_code, page.code)):
        page.show_result("", to_type_again(result, page))
        assert field.hasFocus()
    assert page.code.selectedText() == "481 903"
    page.show_result("登録しました。", None)
    assert (page.where.currentText(), page.where.hasFocus()) == ("", True), "the next one is elsewhere"


def test_an_action_that_cannot_be_written_down_is_not_done(
    qtbot: QtBot, registered: Path, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    (registered / "audit.jsonl").unlink()
    (registered / "audit.jsonl").mkdir()
    sent: list[object] = []
    monkeypatch.setattr(program.desk.orders._network, "order", lambda *order: sent.append(order))
    program.fleet = house(time.time())
    program.desk.orders._fleet = program.fleet
    heard: list[object] = []
    program.desk.orders.order((device_of(1),), Identify(5), lambda *answer: heard.append(answer))
    qtbot.waitUntil(lambda: bool(heard), timeout=10_000)
    assert heard == [(None, "")] and not sent
    assert "操作の記録に書けない" in program.window._told.accessibleName()
    program.desk.orders.record("設定の反映：1台に終わった", "")
    program.desk._news.stop()
    program.desk._scribe.close()
    assert "操作の記録に書けません" in program.window._told.accessibleName(), "it has been done all the same"


def test_settings_are_not_sent_to_a_display_that_has_started_anew_while_they_were_written_down(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have another console's by now."""
    orders, sent, heard = program.desk.orders, list[object](), list[object]()
    fleet = orders._fleet = house(time.time())
    written = list[Callable[[OSError | None], None]]()
    monkeypatch.setattr(orders._scribe, "write", lambda *words: written.append(words[-1]))
    monkeypatch.setattr(orders._network, "order", lambda *order: sent.append(order))
    change = ChangeSettings((Setting("help.extension", "2345"),), over_briefing=False)
    for run in (bytes(16), b"\1" * 16):
        orders.order((device_of(1),), change, lambda *answer: heard.append(answer))
        display = fleet.displays[device_of(1)]
        fleet.saw(display.device, status(1, display.name, display.place, 0.0, run=run), "", 0, 0.0)
        written.pop(0)(None)
    assert (len(sent), heard) == (1, [(Outcome.NOT_FOR_THIS, "")])


def test_of_an_order_to_several_displays_all_answers_are_said(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = program.desk.orders
    orders._fleet = house(time.time())
    monkeypatch.setattr(orders._scribe, "write", lambda *words: words[-1](None))
    posted = lambda device, _command, sent: orders.ordered(Ordered(device, device[-1], sent))  # noqa: E731
    monkeypatch.setattr(orders._network, "order", posted)
    devices = tuple(map(device_of, (1, 2, 3)))
    orders.order(devices, Notice("停電します", 30, emergency=False), again={None})
    told = program.window._told
    for device, outcome in zip(devices, (Outcome.ROLE, Outcome.DONE, None), strict=True):
        orders.answered(OrderAnswered(device, device[-1], outcome, ""))
        assert ("できました。" in told.accessibleName()) is (device != devices[0])
    assert told.accessibleName().partition("→")[2].strip() == (
        "1台でできました。1台には、応答が戻るか、説明が終わったときに、もう一度送ります。"
        "1台では、できませんでした。わけは「操作の記録」にあります。"
    )
    orders.order(devices[:1], Notice("停電します", 30, emergency=False), again={None})
    orders.answered(OrderAnswered(devices[0], devices[0][-1], None, ""))
    assert "もう一度送ります" in told.accessibleName()
    assert told.property("tone") == "warn"


def test_what_becomes_of_a_wave_is_told_when_it_is_written_and_no_window_waits_for_that(
    registered: Path, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may, real = threading.Event(), threading.Event(), os.fsync

    def slow(descriptor: int) -> None:
        begun.set()
        assert may.wait(20)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", slow)
    monkeypatch.setattr(program.desk.settings._rollout, "told", lambda: (Through(3),))
    program.desk.settings.beat()
    assert begun.wait(20)
    told = program.window._told
    assert not told.accessibleName(), "the disk is still at work"
    may.set()
    program.desk._news.stop()
    program.desk._scribe.close()
    assert [(each.what, each.result) for each in audit(registered)][-1:] == [
        ("設定の反映：3台に終わった", "できました")
    ]
    assert told.accessibleName() == "設定の反映：3台に終わった"


def test_an_answer_does_not_overtake_its_order_to_a_window_that_is_busy(
    qtbot: QtBot, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    network, answered, heard = program.desk.orders._network, threading.Event(), list[object]()

    def order(device: bytes, _command: object) -> int:
        def answer() -> None:
            network._bridge.post((OrderAnswered(device, 7, Outcome.DONE, ""),))
            answered.set()

        network._runner.call(answer)
        return 7

    monkeypatch.setattr(network._console, "order", order)
    network._runner.start()
    program.desk.orders.ask(device_of(1), Identify(5), lambda *answer: heard.append(answer))
    assert answered.wait(20)  # and the window has not looked yet
    qtbot.waitUntil(lambda: bool(heard), timeout=10_000)
    assert heard == [(Outcome.DONE, "")]
    program.desk._news.stop()
    program.desk._scribe.close()
    network._bridge.close()
    network._runner.stop_after(asyncio.sleep(0), 1.0)
