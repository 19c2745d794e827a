"""What the facilities put over the wall and tell it, and what of it lasts."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.darkness import Darkness
from kiosk.display_power import DisplayPower
from kiosk.house_settings import Timetable
from kiosk.kiosk_state import Standby
from kiosk.machine import Machine
from kiosk.managing import Managing
from kiosk.notice import BAND, Kind, NoticeLayer, NoticeState
from kiosk.settings import Deadlines, Room, Settings
from kiosk.settings_trial import TRIAL_FILE, SettingsTrial
from protocol.facilities import ConsoleCertificate, ConsoleRole, RevocationList, sign_revocations
from protocol.manage import NOTICE_LIMIT, ChangeSettings, Notice, Outcome, RestartMachine, Setting
from protocol.orders import Accepted
from protocol.transport.facilities_file import load_facilities
from protocol.transport.manage_events import OrderCame, RevocationsCame
from tests.kiosk.rooms import has_one_address
from tests.kiosk.screens import NOW, clipped, kiosk_app, overlapping
from tests.protocol.handshakes import device

__all__ = ["kiosk_app"]

ROOM = Room(27, "第三会議室")
CONSOLE = ConsoleCertificate(bytes(32), ConsoleRole.FACILITIES, "管財課")


class _NoNetwork:
    """Of the kiosk's network what `Managing` asks for; what goes out is not looked at here."""

    run, revocations = bytes(16), 0

    def answer_order(self, *_: object) -> None: ...

    def set_status(self, *_: object) -> None: ...


class _Glass(QWidget):
    resized = Signal()

    def lay_over(self, over: QWidget) -> None:
        over.setParent(self)

    def device_size(self) -> tuple[int, int]:
        return 640, 400


def _managing(glass: _Glass, state: Path, clock: Callable[[], float]) -> Managing:
    trial = SettingsTrial(state / "kiosk.toml", state)
    trial.begin_run(clock())
    return Managing(
        Settings(ROOM),
        Namespace(state=state, config=state / "kiosk.toml"),
        trial,
        _NoNetwork(),  # type: ignore[arg-type]
        glass,  # type: ignore[arg-type]
        Machine(Deadlines(), Standby()),
        restart=lambda: None,
        touch=lambda: False,
        test_itself=lambda: None,
        booked=lambda: (0, 0),
        reboot=(sys.executable, "-c", ""),
        clock=clock,
    )


def test_that_it_went_back_is_told_until_the_machine_is_started_anew(
    qtbot: QtBot, kiosk_app: QApplication, tmp_path: Path
) -> None:
    (tmp_path / TRIAL_FILE).write_text('{"before": "", "after": "", "starts": 0, "returned": 5}', "utf-8")
    glass = _Glass()
    qtbot.addWidget(glass)
    managing = _managing(glass, tmp_path, NOW.timestamp)
    assert managing._trial.returned == 5
    managing.take(OrderCame(1, Accepted(1, RestartMachine(over_briefing=False), CONSOLE)))
    qtbot.waitUntil(lambda: not managing._trial.returned)
    assert not (tmp_path / TRIAL_FILE).exists()


@pytest.mark.bad_input(row=68)
def test_no_display_is_put_outside_of_its_own_house(
    qtbot: QtBot, kiosk_app: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_one_address(monkeypatch)
    file, text = tmp_path / "kiosk.toml", '[room]\nnumber = 27\nname = "第三会議室"\n'
    file.write_text(text, "utf-8")
    glass = _Glass()
    qtbot.addWidget(glass)
    managing = _managing(glass, tmp_path, NOW.timestamp)

    def set_to(*networks: str) -> tuple[Outcome, str]:
        change = ChangeSettings((Setting("network.own_networks", networks),), over_briefing=False)
        return managing._do(change, CONSOLE, [])

    outcome, why = set_to("192.168.0.0/16")
    assert (outcome, "10.1.6.27" in why, file.read_text("utf-8")) == (Outcome.SETTINGS, True, text)
    assert set_to("no network")[0] is Outcome.SETTINGS
    assert set_to("192.168.0.0/16", "10.1.0.0/16") == (Outcome.DONE, "")
    changed = file.read_text("utf-8")
    assert "10.1.0.0/16" in changed
    unseen = ChangeSettings((Setting("network.own_networks", None),), over_briefing=False)
    other = ConsoleCertificate(b"\1" * 32, ConsoleRole.IT, "情報課")
    assert managing._do(unseen, other, [])[0] is Outcome.NOT_FOR_THIS, "it has not seen that change"
    assert file.read_text("utf-8") == changed
    assert set_to("10.0.0.0/8") == (Outcome.DONE, ""), "who made it may change it again"


def test_revocations_outlive_the_program_also_those_that_a_later_list_does_not_name(
    qtbot: QtBot, kiosk_app: QApplication, tmp_path: Path
) -> None:
    glass, key = _Glass(), device("facilities")
    qtbot.addWidget(glass)
    managing = _managing(glass, tmp_path, NOW.timestamp)
    pem = tmp_path / "facilities.pem"
    pem.write_bytes(key.pem)
    stolen, lost = b"s" * 32, b"l" * 32
    for number, devices, whole in ((5, (stolen,), True), (6, (lost,), False), (7, (stolen, lost), True)):
        frame = sign_revocations(key.sign, RevocationList(number, devices))
        managing.take(RevocationsCame(frame, number, whole))
        known = load_facilities(pem).revoked
        assert known.number == number
        assert stolen in known.devices
    assert lost in known.devices
    assert [each.name for each in tmp_path.glob("*.list")] == ["revoked-7.list"]


def test_a_word_of_the_facilities_wakes_a_dark_wall_and_a_notice_goes_dark_with_it(
    qtbot: QtBot, kiosk_app: QApplication, tmp_path: Path
) -> None:
    now = [datetime(2026, 11, 24, 6)]
    glass = _Glass()
    qtbot.addWidget(glass)
    managing = _managing(glass, tmp_path, lambda: now[0].timestamp())
    dark = Darkness(
        Timetable(off="black"),
        DisplayPower(None, tmp_path),
        lambda: managing.holds_the_wall,
        lambda: None,
        lambda: now[0],
    )
    qtbot.addWidget(dark.black)
    dark.turned.connect(managing.set_dark)
    managing.put_up.connect(dark.wake)
    dark.look()
    assert dark.dark

    def ordered(notice: Notice) -> tuple[bool, Kind | None]:
        managing._do(notice, CONSOLE, [])
        return dark.dark, managing.layer.state.kind if managing.layer.state is not None else None

    assert ordered(Notice("停電します", 600, False)) == (False, Kind.NOTICE)
    now[0] += timedelta(minutes=11)
    dark.look()
    assert (dark.dark, managing.layer.state) == (True, None)
    assert ordered(Notice("地震です", 60, True)) == (False, Kind.EMERGENCY)
    now[0] += timedelta(minutes=11)
    dark.look()
    assert not dark.dark  # as long as it stands
    dark.close()


@pytest.mark.expected_logs("the notice will not outlive this screen")
def test_a_disk_that_takes_nothing_more_keeps_no_emergency_off_the_wall(
    qtbot: QtBot, kiosk_app: QApplication, tmp_path: Path
) -> None:
    (tmp_path / "notice.json").mkdir()  # nothing can be written there
    glass = _Glass()
    qtbot.addWidget(glass)
    now = [1e9]
    managing = _managing(glass, tmp_path, lambda: now[0])
    assert managing._do(Notice("地震です", 60, True), CONSOLE, []) == (Outcome.DONE, "")
    assert managing.covers
    assert managing._do(Notice("", 1, True), CONSOLE, [])[0] is Outcome.FAILED, "it may come back"
    assert not managing.covers
    managing._do(Notice("地震です", 60, True), CONSOLE, [])
    now[0] += 3_600
    managing.set_dark(False)
    assert not managing.covers


@pytest.mark.parametrize("kind", [Kind.NOTICE, Kind.EMERGENCY])
@pytest.mark.parametrize(
    "words",
    [
        "本日17時から、全館で停電します。エレベーターも止まります。お急ぎの方は16時30分までにお移りください。"
        * 3,
        "あ" * NOTICE_LIMIT,
        "https://www.pref.example.lg.jp/kanzai/oshirase/20261127/" * 3,
    ],
    ids=["sentences", "one phrase", "an address"],
)
def test_a_long_notice_is_read_from_the_farthest_seat(
    qtbot: QtBot, kiosk_app: QApplication, kind: Kind, words: str
) -> None:
    wall = QWidget()
    qtbot.addWidget(wall)
    layer = NoticeLayer(55, 3.0)
    layer.setParent(wall)
    layer.resize(1_920, 1_080)
    layer.show_state(NoticeState(kind, words[:NOTICE_LIMIT]))
    layer.grab()
    assert min(each.pixels for each in layer.placed) >= 36
    assert not clipped(layer.placed)
    assert not overlapping(layer.placed)
    top = 1_080 - BAND if kind is Kind.NOTICE else 0
    assert all(top <= each.rect.top() and each.rect.bottom() <= 1_080 for each in layer.placed)
    assert "".join(each.text for each in layer.placed).endswith(words[:NOTICE_LIMIT][-5:])
