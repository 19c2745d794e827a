"""Settings by template: what a room inherits, what is told of a wrong file, and how it comes to displays."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.fleet.model import Condition, Display, Fleet
from kiosk.fleet.rollout import Rollout
from kiosk.fleet.template_folder import TemplateFolder
from kiosk.fleet.templates import (
    HOUSE,
    BadTemplates,
    Chosen,
    Level,
    Place,
    Templates,
    read_templates,
    read_value,
    settings_file,
    value_words,
    write_templates,
)
from kiosk.settings import check
from kiosk.settings_change import checked
from protocol.manage import ChangeSettings, FetchSettings, Outcome, Setting
from tests.kiosk.fleet_rooms import device_of, status

ANNEX, ROOM = Place(Level.BUILDING, "東庁舎"), Place(Level.ROOM, "27")
NOW = 1_795_500_000.0
FILE = """# 紙ゼロ 設定のひな形

[house.help]
contact = "管財課"
extension = "2345"

[house.network]
own_networks = ["10.0.0.0/8"]

[building."東庁舎".help]
extension = "5120"

[building."議会棟".display]
touch = "off"

[room.9.display]
inches = 43.5

[room.27.display]
inches = 75
touch = "on"
"""


def test_the_narrowest_template_counts_and_each_value_says_where_it_comes_from() -> None:
    templates = read_templates(FILE.encode())
    assert templates.of_room("東庁舎", 27) == {
        "help.contact": Chosen("管財課", HOUSE),
        "help.extension": Chosen("5120", ANNEX),
        "network.own_networks": Chosen(("10.0.0.0/8",), HOUSE),
        "display.inches": Chosen(75, ROOM),
        "display.touch": Chosen("on", ROOM),
    }
    assert templates.inherited(ROOM, "東庁舎")["help.extension"] == Chosen("5120", ANNEX)
    assert templates.with_value(ANNEX, "help.extension", None).of_room("東庁舎", 1)["help.extension"] == (
        Chosen("2345", HOUSE)
    )
    room = {"number": 27, "name": "E31会議室", "name_en": "", "place": "東庁舎 3階", "place_en": ""}
    assert checked(settings_file(templates, "東庁舎", room)).help.extension == "5120"


def test_a_file_is_always_written_in_the_same_order_and_reads_back() -> None:
    templates = read_templates(FILE.encode())
    assert write_templates(templates) == FILE
    turned = Templates(dict(reversed(templates.values.items())))
    assert write_templates(turned) == FILE


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[house.help]\ncontakt = 1", ("庁内全体", "help.contakt", "contact_en")),
        ('[room.27.display]\ninches = "wide"', ("会議室27番", 'display.inches の "wide"', "10から500まで")),
        ("[room.27.room]\nnumber = 28", ("会議室27番", "room", "ひな形には置けません")),
        ('[room."二十七".help]\ncontact = "x"', ("room.二十七", "［room.27］")),
        ('[house.broker]\naddress = "https://mqtt"', ("庁内全体", "broker.address", "mqtt.pref.lg.jp:8883")),
        ("[haus]\n", ("haus", "house, building, room")),
        ("house = 5", ("house の 5",)),
        ("[house.deadlines]\ncard = 100\ncode = 50", ("deadlines.code の 50", "deadlines.card 以上")),
        ("[house", ("TOML",)),
        ("a = " + "[" * 50_000, ("TOML",)),
        ("x" * 10_000_000, ("大きすぎます", "1 MB")),
    ],
)
def test_a_wrong_file_is_not_taken_and_says_what_where_and_what_is_allowed(
    text: str, told: tuple[str, ...]
) -> None:
    with pytest.raises(BadTemplates) as refused:
        read_templates(text.encode())
    assert all(words in str(refused.value) for words in told), refused.value


def test_what_is_typed_is_a_value() -> None:
    for text, value in (("55", 55), ("true", True), ('["a"]', ("a",)), ("管財課", "管財課"), ("1-2", "1-2")):
        assert read_value(text) == value
        assert value_words(read_value(text)) == text
    with pytest.raises(BadTemplates, match="連絡先の内線"):
        Templates().with_value(HOUSE, "help.extension", 5)


@pytest.mark.expected_logs("cannot be read")
def test_every_edition_is_kept_and_a_damaged_one_is_left_out_and_told(tmp_path: Path) -> None:
    folder = TemplateFolder(tmp_path)
    first = Templates().with_value(HOUSE, "help.contact", "管財課")
    folder.keep(first, NOW, "山﨑", "一つ目")
    folder.keep(first.with_value(ROOM, "display.inches", 75), NOW, "山﨑", "二つ目")
    assert [each.what for each in TemplateFolder(tmp_path).editions] == ["一つ目", "二つ目"]
    (tmp_path / "templates" / "000002.json").write_text("{", "utf-8")
    again = TemplateFolder(tmp_path)
    assert (again.current, again.damaged) == (first, 1)
    assert again.keep(first, NOW, "山﨑", "三つ目").number == 3


# --- to the displays ------------------------------------------------------------------------------------


class House:
    """One display, and what a console would do there."""

    def __init__(self, folder: Path, **values: object) -> None:
        self.folder = TemplateFolder(folder)
        templates = Templates()
        for key, value in values.items():
            templates = templates.with_value(HOUSE, key.replace("__", "."), value)  # type: ignore[arg-type]
        self.folder.keep(templates, NOW, "", "")
        self.rollout = Rollout(self.folder)
        told = status(27, "第三会議室", "本庁舎 3階", NOW)
        self.display = Display(device_of(27), 27, told.name, place=told.place, status=told, linked=True)

    def turn(self, condition: Condition = Condition.READY) -> object:
        fleet = Fleet()
        fleet.put(self.display, NOW)
        if condition is Condition.READY:
            self.rollout.tick(fleet, NOW)
        return self.rollout.turn(self.display, condition)

    def wish(self) -> None:
        self.rollout.wish([self.display])

    def known(self, **present: object) -> None:
        """It was asked, and has this in its file."""
        assert self.turn() == FetchSettings()
        text = json.dumps({key.replace("__", "."): value for key, value in present.items()})
        self.rollout.answered(self.display, FetchSettings(), Outcome.DONE, text)


def test_a_display_that_was_away_or_in_a_briefing_has_its_settings_when_it_is_back(tmp_path: Path) -> None:
    house = House(tmp_path, help__contact="管財課", display__inches=55)
    house.display = replace(house.display, linked=False)
    house.wish()
    assert house.turn() is None
    house.rollout = Rollout(house.folder)  # the console was closed in between
    house.display = replace(house.display, linked=True)
    house.known(display__inches=55.0)
    assert house.turn(Condition.BRIEFING) is None
    change = ChangeSettings((Setting("help.contact", "管財課"),), False, house.folder.current.mark)
    assert house.turn() == change
    assert house.turn() is None  # it is under way
    house.rollout.answered(house.display, change, None, "")
    house.known(display__inches=55.0)  # the link was lost before an answer: maybe it has obeyed
    assert house.turn() == change
    house.rollout.answered(house.display, change, Outcome.DONE, "")
    assert not house.rollout.standing(house.display.device).waiting
    assert not house.rollout.differences(house.display)


def test_a_drift_shows_and_is_not_touched_until_somebody_says_so(tmp_path: Path) -> None:
    house = House(tmp_path, display__touch="on")
    house.known(display__touch="off", help__contact="own")
    assert [(each.key, each.now, each.then) for each in house.rollout.differences(house.display)] == [
        ("display.touch", "off", "on")
    ]
    assert house.turn() is None


def test_going_back_takes_out_what_a_later_edition_had_put_in(tmp_path: Path) -> None:
    house = House(tmp_path, display__touch="on")
    house.known(help__contact="own")
    house.wish()
    change = house.turn()
    assert isinstance(change, ChangeSettings)
    house.rollout.answered(house.display, change, Outcome.DONE, "")
    house.folder.keep(Templates(), NOW, "", "back")
    assert [(each.key, each.then) for each in house.rollout.differences(house.display)] == [
        ("display.touch", None)
    ]
    house.wish()
    assert house.turn() == ChangeSettings((Setting("display.touch", None),), over_briefing=False)


def test_a_display_that_refuses_is_not_asked_again_and_again(tmp_path: Path) -> None:
    house = House(tmp_path, display__touch="on")
    house.known()
    house.wish()
    change = house.turn()
    assert isinstance(change, ChangeSettings)
    house.rollout.answered(house.display, change, Outcome.UNREADABLE, "")
    assert house.turn() is None, "what it cannot read is not said again and again"
    house.wish()
    change = house.turn()
    house.rollout.answered(house.display, change, Outcome.SETTINGS, "設定 display.touch の …")
    assert house.rollout.standing(house.display.device).refused.startswith("設定 display.touch")
    assert house.turn() is None


def test_what_a_display_says_of_its_file_is_read_as_a_strangers(tmp_path: Path) -> None:
    for text in ("", "[]", "{", '{"a": {"b": 1}}', "[" * 100_000):
        house = House(tmp_path / str(len(text)), display__touch="on")
        assert house.turn() == FetchSettings()
        house.rollout.answered(house.display, FetchSettings(), Outcome.DONE, text)
        assert [each.key for each in house.rollout.differences(house.display)] == ["display.touch"]


def test_a_template_may_say_all_that_a_display_knows_but_its_room(tmp_path: Path) -> None:
    with pytest.raises(BadTemplates, match="room"):
        Templates().with_value(HOUSE, "room.name", "x")
    assert check({"room": {"number": 1, "name": "x"}, "display": {"inches": 55}}).display.inches == 55
