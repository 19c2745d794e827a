"""What was changed at another console is seen before it is overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk.fleet.hands import Hand, hands_told
from kiosk.fleet.rollout_words import stage_words
from kiosk.fleet.settings_page import SettingsPage
from kiosk.fleet.templates import HOUSE, Templates, read_templates, write_templates
from kiosk.fleet.waves import Why
from kiosk.fleet.words import moment_words
from kiosk.settings_hands import SettingsHands
from protocol.facilities import ConsoleCertificate, ConsoleRole
from protocol.manage import CHANGED_BY, ChangeSettings, Outcome
from tests.kiosk.fleet_rooms import device_of
from tests.kiosk.rollout_house import NOW, OURS, PORT, THEIRS, House


def elsewhere(house: House, device: bytes) -> None:
    """Somebody at another console changes the setting; the display starts anew."""
    house.files[device] = {PORT: 50_000}
    house.hands[device] = {PORT: ("管財課 田中", THEIRS.hex(), int(NOW), "")}
    house.starts[device] += 1
    house.hear(house.fleet.displays[device].number)


def test_what_was_changed_at_another_console_is_not_overwritten_unseen(tmp_path: Path) -> None:
    house, seen, later = House(tmp_path, count=6), device_of(3), device_of(5)
    elsewhere(house, seen)
    house.serve()
    (difference,) = house.rollout.differences(house.fleet.displays[seen])
    hand = house.rollout.files.hand(seen, difference.key)
    assert hand is not None and (hand.by, hand.console) == ("管財課 田中", THEIRS)
    house.put()  # somebody looked at it, and decided
    elsewhere(house, later)
    for _ in range(6):
        house.step(1)
        house.step(10)
    assert house.files[later] == {PORT: 50_000}
    halted = house.halted
    assert (halted.why, halted.device) == (Why.ELSEWHERE, later)
    words, _ = stage_words(house.rollout, house.fleet, 2)
    assert "管財課 田中が11月24日" in words
    house.put()  # now it was seen, too
    for _ in range(6):
        house.step(1)
        house.step(10)
    assert all(file == {PORT: 48_000} for file in house.files.values())
    house.hands[later] = {PORT: ("管財課 山﨑", OURS.hex(), int(NOW), "")}
    house.rollout.files.forget([later])
    house.serve()
    assert house.rollout.files.hand(later, PORT) is None, "what was changed here is no news"


def test_of_two_consoles_that_begin_with_one_display_the_second_sees_the_firsts_change(
    tmp_path: Path,
) -> None:
    """Both chose it before either knew of the other: the display takes one change in a run."""
    house = House(tmp_path, count=3)

    def second(device: bytes, _command: ChangeSettings) -> Outcome:
        elsewhere(house, device)  # a moment before
        house.obeys = house.change
        return Outcome.NOT_FOR_THIS

    house.obeys = second
    house.put()
    first = house.halted.device
    assert house.halted.why is Why.ELSEWHERE
    assert house.files[first] == {PORT: 50_000}, "it stands"
    words, _ = stage_words(house.rollout, house.fleet, 2)
    assert "管財課 田中" in words
    assert not house.rollout.has_it(first)


def test_what_is_changed_elsewhere_while_somebody_looks_is_not_overwritten_either(tmp_path: Path) -> None:
    house = House(tmp_path, count=1)
    looked_at = house.rollout.files.hands()
    elsewhere(house, device_of(1))
    house.serve()
    house.rollout.wish(house.fleet.displays.values(), looked_at)
    house.step()
    assert house.files[device_of(1)] == {PORT: 50_000}
    assert house.halted.why is Why.ELSEWHERE


@pytest.mark.expected_logs("settings-hands.json cannot be read")
def test_a_display_tells_who_changed_what_still_stands(tmp_path: Path) -> None:
    hands, desk = SettingsHands(tmp_path), ConsoleCertificate(THEIRS, ConsoleRole.FACILITIES, "管財課 田中")
    hands.note(desk, [(PORT, 50_000), ("network.own_networks", ("10.0.0.0/8",)), ("help.contact", "a")], NOW)
    present = {PORT: 50_000, "network.own_networks": ["10.0.0.0/8"], "help.contact": "b"}
    told = SettingsHands(tmp_path).told(present)
    hand = ("管財課 田中", THEIRS.hex(), int(NOW), "")
    assert told == dict.fromkeys((PORT, "network.own_networks"), hand)
    endless = json.dumps({CHANGED_BY: {PORT: ("a", "00", 10**400, "")}})
    assert hands_told(endless, OURS) == {}, "what no clock can say is nobody's word"
    before = json.dumps({CHANGED_BY: {PORT: ("a", THEIRS.hex(), 5)}})
    assert hands_told(before, OURS) == {PORT: Hand("a", THEIRS, 5)}
    (tmp_path / "settings-hands.json").write_text("[1]", "utf-8")
    assert SettingsHands(tmp_path).told(present) == {}


def test_values_of_templates_that_are_not_here_are_said_until_their_file_is_read(
    qtbot: QtBot, dressed: QApplication, tmp_path: Path
) -> None:
    theirs = Templates().with_value(HOUSE, PORT, 50_000).with_value(HOUSE, "help.contact", "情報課")
    house, device = House(tmp_path, count=3), device_of(3)
    hands = SettingsHands(tmp_path)
    desk = ConsoleCertificate(THEIRS, ConsoleRole.FACILITIES, "情報課 佐藤")
    hands.note(desk, [(PORT, 50_000), ("help.contact", "情報課")], NOW, theirs.mark)
    house.files[device] = {PORT: 50_000, "help.contact": "情報課"}
    house.hands[device] = hands.told(house.files[device])
    house.rollout.files.forget([device])
    house.serve()
    page = SettingsPage(house.fleet, house.folder, house.rollout, may=True)
    qtbot.addWidget(page)
    page.refresh()
    said = page._said.accessibleName
    by = f"情報課 佐藤が{moment_words(NOW)}に、ひな形で変更"
    assert f"1台は、この端末に無いひな形の値です（{by}）。その端末で書き出した" in said()
    house.folder.keep(read_templates(write_templates(theirs).encode()), NOW, "山﨑", "読み込む")
    page.refresh()
    assert said().startswith("2台がひな形と違います。")
    assert "無いひな形" not in said(), "they are the same wherever they are written"
    assert not house.rollout.differences(house.fleet.displays[device])
