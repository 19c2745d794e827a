"""A rollout on the console: what it says, and what its keys do."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.fleet.model import Cause
from kiosk.fleet.settings_flow import SettingsFlow, Then
from kiosk.fleet.settings_page import SettingsPage
from kiosk.fleet.templates import HOUSE
from protocol.manage import ChangeSettings, Command, Outcome
from tests.kiosk.rollout_house import NOW, PORT, House, named


class Console:
    """The page of the settings over that house; `notes` is what the log of actions would have."""

    def __init__(self, house: House) -> None:
        self.house, self.notes, self.told = house, list[str](), list[tuple[str, str]]()
        self.page = SettingsPage(house.fleet, house.folder, house.rollout, may=True)
        self.flow = SettingsFlow(
            house.fleet, house.folder, house.rollout, self.page, self, "山﨑", True, lambda: house.now
        )

    def order(self, devices: tuple[bytes, ...], command: Command, then: Then | None = None) -> None:
        assert isinstance(command, ChangeSettings)
        assert then is not None
        then(self.house.obeys(devices[0], command), "設定 network.port の 48000 は使えません。")

    def ask(self, device: bytes, command: Command, then: Then) -> None:
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
    console.flow.write(file)
    console.flow.read(file)
    assert console.notes[-1] == "設定のひな形：「ひな形.toml」を読み込む", "no sign that turns the log around"
