"""A rollout on the console: what it says, and what its keys do."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.announced import Announcements
from kiosk.fleet import rollout_question
from kiosk.fleet.asking import FRESH, TOGETHER
from kiosk.fleet.drift import Drift
from kiosk.fleet.forecast import Forecast
from kiosk.fleet.model import Cause
from kiosk.fleet.others import TOLD_FOR, Others
from kiosk.fleet.planning import PIECE
from kiosk.fleet.rollout import Rollout
from kiosk.fleet.rollout_question import RolloutQuestion
from kiosk.fleet.settings_flow import ASKED, SettingsFlow
from kiosk.fleet.settings_page import SettingsPage
from kiosk.fleet.template_flow import Then
from kiosk.fleet.template_folder import TemplateFolder
from kiosk.fleet.templates import HOUSE, Level, Place, Templates
from kiosk.fleet.waves import Halted, Why
from kiosk.fleet.words import moment_words
from protocol.facilities import ConsoleCertificate, ConsoleRole
from protocol.manage import ANNOUNCED, Announced, AnnounceRollout, ChangeSettings, Command, Outcome
from tests.kiosk.fleet_rooms import device_of
from tests.kiosk.rollout_house import NOW, OURS, PACE, PORT, THEIRS, House, named

OURS_IS = ConsoleCertificate(OURS, ConsoleRole.FACILITIES, "管財課 山﨑")


class Console:
    """The page of the settings over that house; `notes` is what the log of actions would have."""

    def __init__(self, house: House, own: ConsoleCertificate = OURS_IS) -> None:
        self.house, self.notes, self.told, self.own = house, list[str](), list[tuple[str, str]](), own
        self.page = SettingsPage(house.fleet, house.folder, house.rollout, may=True)
        self.flow = SettingsFlow(
            house.fleet,
            house.folder,
            house.rollout,
            self.page,
            self,
            own.name,
            own.device,
            True,
            lambda: house.now,
        )

    def order(self, devices: tuple[bytes, ...], command: Command, then: Then | None = None) -> None:
        assert isinstance(command, ChangeSettings)
        assert then is not None
        then(self.house.obeys(devices[0], command), "設定 network.port の 48000 は使えません。")

    def ask(self, device: bytes, command: Command, then: Then | None = None) -> None:
        if isinstance(command, AnnounceRollout):
            self.house.announce(device, self.own, command)
            return
        assert then is not None
        then(Outcome.DONE, json.dumps(self.house.files[device]))

    def note(self, what: str) -> bool:
        self.notes.append(what)
        return True

    def record(self, words: str, tone: str) -> None:
        self.notes.append(words)
        self.told.append((words, tone))

    def tell(self, words: str, tone: str = "") -> None:
        self.told.append((words, tone))

    @property
    def words(self) -> str:
        return self.page.stage_words.accessibleName()


def test_a_rollout_that_is_halted_says_why_and_is_taken_back_with_one_press(
    qtbot: QtBot, dressed: QApplication, tmp_path: Path
) -> None:
    house = House(tmp_path)
    console = Console(house)
    page = console.page
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    assert not page.stage.isVisible()
    console.flow.put_into_effect(HOUSE, list(house.fleet.displays.values()))
    assert console.notes == [
        "設定のひな形：庁内全体の20台に反映する",
        f"設定の反映：第1波、1台（{named(house)}）",
    ]
    assert console.words == f"まず{named(house)}で確かめています。このあと19台です。"
    page.halt.click()
    assert console.words.startswith("反映を止めています。まだの19台は")
    page.on.click()
    (first,) = house.changed()
    house.files[first] = {PORT: 47_400}
    house.starts[first] += 1
    house.hear(house.fleet.displays[first].number, returned=int(NOW))
    why = f"{named(house, first)}が、つながらずに前の設定へ戻ったので、止めました。"
    house.now += 1
    console.flow.saw(first)
    console.flow.beat()
    assert console.told[-1] == (f"設定の反映：{why}", "err")
    assert console.words == f"{why}まだの19台は、いまの設定のままです。反映したのは1台です。"
    assert [each.cause for each in house.fleet.concerns()] == [Cause.HALTED, Cause.RETURNED]
    assert (page.halt.isVisible(), page.on.isVisible(), page.undo.isVisible()) == (False, True, True)
    page.undo.click()
    console.flow.beat()
    assert not page.stage.isVisible()
    assert [each.cause for each in house.fleet.concerns()] == [Cause.RETURNED]
    assert console.notes[2:] == [
        "設定の反映を止める",
        "設定の反映を続ける",
        f"設定の反映：{why}",
        "前の設定に戻す指示",
        "設定の反映：1台が前の設定に戻った",
    ]
    assert not house.changed()
    file = tmp_path / "ひな\u202e形.toml"
    console.flow.templates.write(file)
    console.flow.templates.read(file)
    assert console.notes[-1] == "設定のひな形：「ひな形.toml」を読み込む", "no sign that turns the log around"


def test_who_is_looked_at_is_asked_first_some_at_a_time_and_not_again_a_moment_later(
    qtbot: QtBot, dressed: QApplication, tmp_path: Path
) -> None:
    house = House(tmp_path, 200)
    house.open()  # nobody has told this console yet
    console, asked = Console(house), list[tuple[bytes, Then]]()
    console.ask = lambda device, command, then: asked.append((device, then))  # type: ignore[method-assign]
    page, flow = console.page, console.flow
    qtbot.addWidget(page)
    page.resize(1100, 700)
    flow._may = False
    page.show()
    page.refresh()
    assert not asked, "a console that may only look asks nobody"
    flow._may = True
    page.hide()
    page.show()
    flow._ask_next.stop()  # its turns are taken here
    flow._ask_some()
    assert len(asked) == 2 * ASKED
    for _ in range(4):
        flow._ask_some()
    assert len(asked) == TOGETHER, "the others wait for answers"
    assert "設定を確かめています（200台のうち0台）。" in page._said.accessibleName()
    page.choose(Place(Level.ROOM, "200"))
    for device, then in asked[:ASKED]:
        then(Outcome.DONE, json.dumps(house.files[device]))
    flow._ask_some()
    assert asked[TOGETHER][0] == device_of(200)
    while len(asked) < 200 or flow._asking.left:
        for device, then in asked[-TOGETHER:]:
            then(Outcome.DONE, json.dumps(house.files[device]))
        flow._ask_some()
    page.choose(HOUSE)
    page.refresh()
    assert page._said.accessibleName() == "200台がひな形と違います。"
    house.now += FRESH - 1
    page.choose(Place(Level.BUILDING, "第1庁舎"))
    assert len(asked) == 200
    house.now += 2
    page.choose(HOUSE)
    assert page._said.accessibleName().startswith("200台がひな形と違います。設定を確かめています（200台")
    assert len(asked) > 200, "what was told long ago is shown, and asked anew"
    flow._ask_next.stop()


def test_a_display_that_is_told_instead_of_asked_is_waited_for_no_longer_than_its_answer(
    qtbot: QtBot, dressed: QApplication, tmp_path: Path
) -> None:
    house = House(tmp_path, 3)
    console = Console(house)
    qtbot.addWidget(console.page)
    house.obeys = lambda _device, _command: Outcome.SETTINGS
    console.flow._ask([house.begin()])
    assert console.flow._asking.left == 0
    console.flow._ask_next.stop()


def test_what_somebody_decides_counts_though_the_next_wave_was_half_planned(
    qtbot: QtBot, dressed: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.fleet.settings_flow.PIECE", 0.0)
    house = House(tmp_path, 2 * PIECE)
    console = Console(house)
    qtbot.addWidget(console.page)
    everybody = list(house.fleet.displays.values())
    console.flow.put_into_effect(HOUSE, everybody)
    assert house.rollout.stage.wave == 0, "it is planned in pieces"
    console.page.undo_asked.emit()
    qtbot.waitUntil(lambda: console.flow._work is None, timeout=5_000)
    assert (house.rollout.stage.wave, house.rollout.still(house.fleet)) == (0, [])
    console.flow.put_into_effect(HOUSE, everybody)
    qtbot.waitUntil(lambda: house.rollout.stage.wave == 1, timeout=5_000)
    house.folder.keep(house.folder.current.with_value(HOUSE, "help.contact", "情報課"), NOW, "", "")
    console.flow.put_into_effect(HOUSE, everybody)
    console.flow.stop()
    assert len(house.rollout.still(house.fleet)) == len(everybody), "what was pressed is never half done"
    assert house.folder.kept_rollout().standings[everybody[-1].device].edition == house.folder.newest


@pytest.mark.bad_input(row=69)
def test_a_display_that_has_left_the_list_since_is_not_looked_for(tmp_path: Path) -> None:
    house = House(tmp_path, 3)
    drift = Drift(house.fleet, house.rollout, house.folder)
    assert drift.refresh()
    house.fleet.forget(device_of(2), NOW)
    assert [each.number for each in drift.displays(HOUSE)] == [1, 3]
    assert drift.newest(HOUSE) is None and drift.foreign(HOUSE) is None


def test_two_consoles_do_not_take_settings_through_one_house_at_once(
    qtbot: QtBot, dressed: QApplication, tmp_path: Path
) -> None:
    house = House(tmp_path)
    theirs = copy.copy(house)
    theirs.folder = TemplateFolder(tmp_path / "theirs")
    theirs.folder.keep(Templates().with_value(HOUSE, PORT, 50_000), NOW, "", "")
    theirs.rollout = Rollout(theirs.folder, PACE, THEIRS)
    here = Console(house)
    there = Console(theirs, ConsoleCertificate(THEIRS, ConsoleRole.IT, "情報課 佐藤"))
    for each in (here, there):
        qtbot.addWidget(each.page)
        each.page.resize(1100, 700)
        each.page.show()
        each.page.refresh()
    everybody = list(house.fleet.displays.values())

    def hear(console: Console) -> None:
        for device in house.fleet.displays:
            console.flow.saw(device)

    here.flow.put_into_effect(HOUSE, everybody)
    assert house.rollout.stage.wave == 1
    hear(there)
    assert (
        there.words == f"管財課 山﨑の端末が、{moment_words(NOW)}から設定を反映しています（20台のうち0台）。"
    )
    assert not there.page.apply.isEnabled()
    there.flow.put_into_effect(HOUSE, everybody)
    assert (theirs.rollout.still(house.fleet), there.told[-1][1]) == ([], "err")
    here.page.halt.click()
    hear(there)
    assert (
        there.words
        == f"管財課 山﨑の端末で{moment_words(NOW)}に始めた反映が、まだ終わっていません（20台のうち0台）。"
    )
    house.now = theirs.now = NOW + 60
    there.flow.put_into_effect(HOUSE, everybody)
    assert theirs.rollout.stage.wave == 1
    hear(here)
    here.page.on.click()
    assert house.rollout.stage.halted is not None, "now the other is under way"
    here.flow._others, hidden = Others(OURS), here.flow._others
    here.page.on.click()  # it had not been heard of yet
    here.flow._others = hidden
    for each in (here, there, here, there):
        hear(each)
        each.flow.beat()
    assert theirs.rollout.stage.halted == Halted(Why.SECOND, text="管財課 山﨑"), "it began later"
    assert there.told[-1] == (
        "設定の反映：管財課 山﨑も設定を反映しているので、止めました。そちらが終わってから続けてください。",
        "err",
    )
    assert house.rollout.stage.halted is None
    assert [words[:6] for words in there.words.splitlines()] == ["管財課 山﨑", "管財課 山﨑"]
    house.now = theirs.now = NOW + 60 + TOLD_FOR + 1  # a console that is closed says nothing more
    there.flow.beat()
    assert there.page.apply.isEnabled()


@pytest.mark.bad_input(row=69)
def test_nobody_is_held_up_by_what_a_display_makes_up_or_a_clock_that_is_put_back(tmp_path: Path) -> None:
    house, others = House(tmp_path, 1), Others(OURS)
    house.hear(1, rollouts=(Announced("情報課 佐藤", THEIRS, int(NOW), 2**40, True, 0, 20),))
    others.saw(house.fleet.displays[device_of(1)], NOW)
    assert others.running(NOW + ANNOUNCED - 1) is not None
    assert others.running(NOW + ANNOUNCED) is None
    told = Announcements()
    told.take(OURS_IS, AnnounceRollout(TOLD_FOR, int(NOW), True, 0, 20), NOW)
    assert [len(told.told(NOW + after)) for after in (0, TOLD_FOR, -86_400)] == [1, 0, 0]


def test_before_it_is_put_into_effect_each_room_says_what_would_change_however_many_there_are(
    qtbot: QtBot, dressed: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(tmp_path, 3)
    house.files[device_of(2)] = {PORT: 50_000}
    house.hands[device_of(2)] = {PORT: ("情報課 佐藤", THEIRS.hex(), int(NOW), "")}
    house.rollout.files.forget(house.files)
    house.serve()
    page = Console(house).page
    qtbot.addWidget(page)
    for opened in (3, 2):
        monkeypatch.setattr(rollout_question, "OPENED", opened)
        forecast = Forecast(house.fleet, house.rollout, page.displays_of(HOUSE), NOW)
        asked = RolloutQuestion(page, forecast, house.rollout.files.hands())
        qtbot.addWidget(asked)
        rooms = [asked.changes.topLevelItem(n) for n in range(3)]
        assert [room.childCount() for room in rooms] == [int(opened == 3)] * 3
        rooms[1].setExpanded(True)
        line = rooms[1].child(0)
        assert [line.text(n) for n in range(4)] == ["待ち受けるポート", "50000", "48000", "庁内全体"]
        assert line.child(0).text(0) == f"情報課 佐藤が{moment_words(NOW)}に変更"
