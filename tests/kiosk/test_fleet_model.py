"""What the console makes of what displays say: conditions, causes, order; its log and its list on disk."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from kiosk.fleet.answers import Refusal
from kiosk.fleet.audit import Action, Audit, as_csv
from kiosk.fleet.chips import Chip, lay_out
from kiosk.fleet.detail import facts
from kiosk.fleet.floors import by_floor
from kiosk.fleet.known import keep_known, places, read_known
from kiosk.fleet.model import Cause, Condition, Fleet
from kiosk.fleet.place_names import building_and_floor
from kiosk.fleet.room_list import BadRoomList, RoomLine, load_rooms, read_rooms, take_rooms
from kiosk.fleet.words import advice, advice_title, cause_words
from protocol.manage import Activity
from tests.kiosk.fleet_rooms import device_of, house, large, status

NOW = 1_795_500_000.0


def seen(fleet: Fleet, number: int, now: float = NOW, clock_off: int = 0, **changes: object) -> bytes:
    device = device_of(number)
    told = status(number, f"{number}会議室", "本庁舎 3階", now, **changes)
    fleet.saw(device, told, "10.1.3.27:47400", clock_off, now)
    return device


def test_eighty_displays_are_counted_as_they_are() -> None:
    fleet = house(NOW)
    counts = {condition: fleet.count(condition) for condition in Condition}
    assert counts == {
        Condition.READY: 65,
        Condition.BRIEFING: 9,
        Condition.CAUTION: 3,
        Condition.SILENT: 1,
        Condition.OUT: 2,
        Condition.ASKING: 0,
    }
    concerns = [(fleet.displays[each.device].name, each.cause) for each in fleet.concerns()]
    assert concerns == [
        ("博物館", Cause.SILENT),
        ("604会議室", Cause.HOT),
        ("E33会議室", Cause.SLOW),
        ("水産", Cause.CLOCK),
    ]


@pytest.mark.parametrize(
    ("changes", "cause", "value"),
    [
        ({"temperature": 750}, Cause.HOT, 75),
        ({"disk_free": 499}, Cause.DISK, 499),
        ({"memory": 1_000, "memory_free": 79}, Cause.MEMORY, 79),
        ({"clock_off": -121}, Cause.CLOCK, -2),
    ],
)
def test_each_cause_begins_at_its_mark_and_ends_with_it(
    changes: dict[str, int], cause: Cause, value: int
) -> None:
    fleet = Fleet()
    device = seen(fleet, 27, **changes)
    (concern,) = fleet.concerns()
    assert (concern.cause, concern.value, concern.since) == (cause, value, NOW)
    seen(fleet, 27, NOW + 60, **changes)
    assert fleet.concerns()[0].since == NOW
    seen(fleet, 27, NOW + 120)
    assert not fleet.concerns()
    assert fleet.condition(device) is Condition.READY


def test_what_is_unknown_alarms_nobody() -> None:
    fleet = Fleet()
    seen(fleet, 27, temperature=None, memory=0, memory_free=0)
    assert not fleet.concerns()


def test_a_display_gone_silent_is_so_since_then_and_out_of_service_is_no_concern() -> None:
    fleet = Fleet()
    device = seen(fleet, 27)
    out = seen(fleet, 28, activity=Activity.OUT_OF_SERVICE)
    fleet.went_silent(device, NOW + 5)
    fleet.went_silent(out, NOW + 5)
    assert [(each.device, each.since) for each in fleet.concerns()] == [(device, NOW + 5)]
    assert fleet.condition(device) is Condition.SILENT
    assert fleet.condition(out) is Condition.OUT
    seen(fleet, 27, NOW + 9)
    assert not fleet.concerns()


@pytest.mark.bad_input(row=27)
@pytest.mark.bad_input(row=54)
def test_two_displays_of_one_number_and_a_stranger_are_told() -> None:
    fleet = Fleet()
    seen(fleet, 27)
    fleet.saw(b"x" * 32, status(27, "別の部屋", "東庁舎", NOW), "10.1.9.9:47400", 0, NOW)
    assert [each.cause for each in fleet.concerns()] == [Cause.SAME_NUMBER] * 2
    fleet.forget(b"x" * 32, NOW)
    assert not fleet.concerns()
    for _ in range(3):
        fleet.met_stranger(27, "10.1.9.66:47400", NOW)
    assert [(each.cause, each.number) for each in fleet.concerns()] == [(Cause.UNREGISTERED, 27)]


def test_a_display_that_is_revoked_is_out_and_leaves_its_number_to_another() -> None:
    fleet = house(NOW)
    stolen, other = device_of(1), b"o" * 32
    fleet.saw(other, status(1, "特別会議室", "本庁舎 8階", NOW), "", 0, NOW)
    assert Cause.SAME_NUMBER in {each.cause for each in fleet.concerns_of(other)}
    fleet.revoke(frozenset({stolen}), NOW)
    fleet.went_silent(stolen, NOW)
    assert fleet.condition(stolen) is Condition.OUT
    assert [each.cause for each in fleet.concerns_of(stolen)] == [Cause.REVOKED]
    assert fleet.concerns_of(other) == ()
    fleet.leave_behind(frozenset({other}), NOW)
    assert [(each.device, each.value) for each in fleet.concerns() if each.cause is Cause.REVOKED] == [
        (b"", 1)
    ]


def test_where_nobody_answers_one_line_of_the_house_asks_for_this_consoles_own_network_first() -> None:
    fleet = Fleet()
    devices = [seen(fleet, number) for number in (1, 2, 3)]
    for device in devices[:2]:
        fleet.went_silent(device, NOW)
    assert [each.cause for each in fleet.concerns()] == [Cause.SILENT] * 2
    fleet.went_silent(devices[2], NOW + 1)
    (told,) = fleet.concerns()
    assert (told.cause, told.device, told.value, told.since) == (Cause.NOBODY, b"", 3, NOW + 1)
    assert cause_words(told) and advice(told) and advice_title(told)
    assert fleet.count(Condition.SILENT) == 3, "and each is red"
    seen(fleet, 1, NOW + 2)
    assert [(each.cause, each.number) for each in fleet.concerns()] == [(Cause.SILENT, 2), (Cause.SILENT, 3)]


def test_a_console_that_no_display_takes_says_that_of_itself_and_calls_nobody_silent() -> None:
    fleet = Fleet()
    one, two, dark = (seen(fleet, number) for number in (1, 2, 3))
    for device in (one, two, dark):
        fleet.went_silent(device, NOW)
    fleet.turned_away(one, Refusal.UNTOLD, NOW)
    assert [each.cause for each in fleet.concerns()] == [Cause.SILENT] * 3, "the others may be dark"
    assert len({cause_words(each) for each in fleet.concerns()}) == 2, "and the one says that it is not"
    fleet.forget_refusals(NOW + 61)
    assert [each.cause for each in fleet.concerns()] == [Cause.NOBODY], "now it may be dark, too"
    fleet.turned_away(one, Refusal.UNTOLD, NOW + 61)
    fleet.turned_away(two, Refusal.UNTOLD, NOW)
    fleet.lose_broker(True, NOW)
    assert [each.cause for each in fleet.concerns()] == [Cause.SHUT_OUT]
    assert {fleet.condition(each) for each in (one, two, dark)} == {Condition.ASKING}
    seen(fleet, 1, NOW + 60)
    assert [(each.cause, each.number, each.since) for each in fleet.concerns()] == [
        (Cause.BROKER, 0, NOW),
        (Cause.SILENT, 2, NOW),
        (Cause.SILENT, 3, NOW),
    ]
    fleet.leave(NOW + 60)
    told = fleet.concerns()
    assert [(each.cause, each.value) for each in told] == [(Cause.SHUT_OUT, Refusal.REVOKED)]
    assert "ca request --new-key" in advice(told[0]) and advice_title(told[0])


def test_a_console_too_many_is_told_to_close_others_and_sends_nobody_to_the_rooms() -> None:
    fleet = Fleet()
    devices = [seen(fleet, number) for number in (1, 2, 3)]
    for device in devices:
        fleet.went_silent(device, NOW)
    fleet.turned_away(devices[0], Refusal.FULL, NOW)
    one = next(each for each in fleet.concerns() if each.device == devices[0])
    assert [fleet.condition(each) for each in devices] == [Condition.ASKING, *[Condition.SILENT] * 2]
    fleet.turned_away(devices[1], Refusal.FULL, NOW)
    (house,) = fleet.concerns()
    assert (house.cause, house.value) == (Cause.SHUT_OUT, Refusal.FULL)
    for concern in (one, house):
        assert "8台" in cause_words(concern) and "閉じて" in advice(concern)
        assert "多すぎます" in advice_title(concern)
    for device in devices[:2]:
        fleet.turned_away(device, Refusal.UNTOLD, NOW)
    assert [each.value for each in fleet.concerns()] == [Refusal.UNTOLD], "since then it was revoked, maybe"
    fresh = Fleet()
    fresh.turned_away(devices[0], Refusal.UNTOLD, NOW)
    assert not fresh.displays, "anybody may have that key"
    fresh.turned_away(devices[0], Refusal.FULL, NOW, 27, "第三会議室")
    assert [(each.number, each.name) for each in fresh.displays.values()] == [(27, "第三会議室")]
    assert [each.value for each in fresh.concerns()] == [Refusal.FULL], "and not an empty house"


def test_a_display_that_was_revoked_is_not_counted_among_those_that_do_not_answer() -> None:
    fleet = Fleet()
    devices = [seen(fleet, number) for number in range(1, 6)]
    fleet.revoke(frozenset(devices[3:4]), NOW)
    for device in devices:
        fleet.went_silent(device, NOW)
    assert [(each.cause, each.value) for each in fleet.concerns()] == [(Cause.NOBODY, 4)]
    fleet.revoke(frozenset(devices[2:]), NOW)
    assert [each.cause for each in fleet.concerns()] == [Cause.SILENT] * 2


def test_a_second_machine_of_one_key_is_told_as_long_as_both_are_there() -> None:
    fleet = Fleet()
    device = seen(fleet, 27)
    fleet.copied(device, "10.1.3.28:47400", NOW)
    told = fleet.concerns_of(device)[0]
    assert (told.cause, fleet.condition(device)) == (Cause.COPIED, Condition.CAUTION)
    assert cause_words(told) and advice(told) and advice_title(told)
    assert ("同じ鍵の端末", "10.1.3.28:\u200b47400") in facts(
        fleet.displays[device], fleet.condition(device), NOW
    )
    seen(fleet, 27)
    assert fleet.concerns_of(device), "what it says of itself changes nothing"
    fleet.copied(device, "", NOW)
    assert not fleet.concerns_of(device)
    fleet.copied(device, "10.1.3.28:47400", NOW)
    fleet.went_silent(device, NOW)
    assert [each.cause for each in fleet.concerns_of(device)] == [Cause.SILENT]


def test_displays_known_from_before_are_asked_first_and_silent_only_then(tmp_path: Path) -> None:
    fleet = Fleet()
    device = seen(fleet, 27)
    seen(fleet, 28)
    keep_known(tmp_path / "displays.json", fleet.displays.values())
    known = read_known(tmp_path / "displays.json", NOW)
    assert [place.number for _, place in places(known, 47_400)] == [27, 28]
    again = Fleet()
    for display in known:
        again.put(display, NOW)
    assert again.condition(device) is Condition.ASKING
    assert not again.concerns()
    seen(again, 27, NOW + 1)
    again.settle(NOW + 10)
    assert again.condition(device) is Condition.READY
    assert [each.number for each in again.concerns()] == [28]


@pytest.mark.parametrize(
    "damage", ["", "nothing", "[{}]", '[{"device": "zz", "number": 1}]', '[{"device": "00", "number": 0}]']
)
def test_a_damaged_list_of_displays_is_put_aside(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "displays.json"
    file.write_text(damage, "utf-8")
    assert read_known(file, NOW) == ()
    assert file.with_suffix(".damaged").read_text("utf-8") == damage


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("本庁舎 6階", ("本庁舎", 6)),
        ("県庁 本庁舎 3階", ("県庁 本庁舎", 3)),
        ("本庁舎 地下1階", ("本庁舎", -1)),
        ("東庁舎", ("東庁舎", 0)),
        ("6階", ("6階", 0)),
        ("", ("", 0)),
    ],
)
def test_building_and_floor_are_read_from_the_place(place: str, found: tuple[str, int]) -> None:
    assert building_and_floor(place) == found


def test_buildings_stand_by_their_numbers_and_floors_from_the_top() -> None:
    groups = by_floor(house(NOW))
    assert [group.place for group in groups] == [
        *("本庁舎 8階", "本庁舎 6階", "本庁舎 5階", "本庁舎 4階", "本庁舎 3階"),
        *("東庁舎", "議会棟", "地方事務所"),
    ]
    assert [group.place for group in by_floor(house(NOW), "604")] == ["本庁舎 6階"]
    assert len(by_floor(house(NOW), "", Condition.OUT)[0].devices) == 2


def test_a_chip_is_found_where_it_was_laid_also_among_ten_thousand() -> None:
    fleet = large(10_000, NOW)
    board = lay_out(by_floor(fleet), 1_200, lambda _device: 40, None)
    row = board.rows[len(board.rows) // 2]
    found = board.at(row.chips[1].x + 5, row.y + 10)
    assert isinstance(found, Chip)
    assert found == row.chips[1]
    assert sum(len(each.chips) for each in board.rows) == 10_000
    closed = lay_out(by_floor(fleet), 1_200, lambda _device: 40, frozenset())
    assert all(each.bar for each in closed.rows)
    assert len(closed.rows) == len({group.building for group in by_floor(fleet)})


# --- the log of actions ---------------------------------------------------------------------------------


def action(n: int, **changes: object) -> Action:
    values = {"when": NOW + n, "who": "管財課", "device": "00", "room": 27, "name": "第三会議室"}
    return Action(**{**values, "what": f"{n}", "result": "できました", **changes})


def test_the_log_is_read_back_and_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    Audit(file).add(action(1), action(2))
    again = Audit(file)
    again.add(action(3))
    assert Audit(file).actions == [action(1), action(2), action(3)]
    assert Audit(file).broken == 0


def test_a_changed_or_missing_line_breaks_the_chain_and_a_torn_one_is_put_aside(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    Audit(file).add(action(1), action(2), action(3))
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join([lines[0], lines[1].replace("第三", "第四"), lines[2]]), "utf-8")
    assert Audit(file).broken == 2
    file.write_text(lines[0] + lines[2], "utf-8")
    assert Audit(file).broken == 2
    for torn in ('{"when": 1', '{"when": 2, "wh'):
        file.write_text("".join(lines) + torn, "utf-8")
        assert Audit(file).actions == [action(1), action(2), action(3)]
    assert file.with_suffix(".torn").read_text("utf-8") == '{"when": 1\n{"when": 2, "wh\n'
    assert all(json.loads(line) for line in file.read_text("utf-8").splitlines())


def test_a_log_that_somebody_cuts_while_it_is_open_goes_on_and_says_so(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    opened, other = Audit(file), Audit(file)
    opened.add(action(1), action(2))
    other.add(action(3))
    assert opened.look()
    assert not opened.look()
    assert (opened.actions, opened.broken) == ([action(1), action(2), action(3)], 0)
    file.write_text(file.read_text("utf-8").splitlines(keepends=True)[0], "utf-8")
    assert opened.look(), "it is to be said"
    assert (opened.actions, opened.broken) == ([action(1), action(2), action(3)], 4)
    opened.add(action(4))
    assert (Audit(file).actions, Audit(file).broken) == ([action(1), action(4)], 0)
    again = Audit(file)
    file.unlink()
    assert (again.look(), again.broken, again.look()) == (True, 3, False)
    again.add(action(5))
    assert (Audit(file).actions, Audit(file).broken) == ([action(5)], 0)


def test_a_spreadsheet_takes_no_action_for_a_formula(tmp_path: Path) -> None:
    data = as_csv([action(1, what="=HYPERLINK(1)")], ("日時", "だれが", "番号", "部屋", "したこと", "結果"))
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[1][4] == "'=HYPERLINK(1)"


# --- the list of rooms ----------------------------------------------------------------------------------


def test_a_list_of_rooms_is_read_as_spreadsheets_write_it(tmp_path: Path) -> None:
    text = "番号,名前,建物と階,備考\r\n27,第三会議室,本庁舎 3階,鍵は管財課\r\n\r\n28,応接室\r\n"
    for data in (text.encode("utf-8-sig"), text.encode("cp932")):
        rooms = read_rooms(data)
        assert rooms == {27: RoomLine(27, "第三会議室", place="本庁舎 3階"), 28: RoomLine(28, "応接室")}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "列の名前"),
        ("名前\n第三会議室\n", "「番号」"),
        ("番号,名前\n0,x\n", "2行目"),
        ("番号,名前\n27,\n", "2行目：名前"),
        ("番号,名前\n27,x\n27,y\n", "3行目：27番が2回"),
        (f"番号,名前\n27,{'あ' * 41}\n", "長すぎる"),
        ("番号,名前\n27,x\u202ey\n", "使えない文字"),
    ],
)
def test_a_list_with_anything_wrong_is_not_taken_and_says_where(tmp_path: Path, text: str, why: str) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("番号,名前\n5,旧会議室\n", "utf-8")
    bad.write_text(text, "utf-8")
    take_rooms(tmp_path, good)
    with pytest.raises(BadRoomList, match=why):
        take_rooms(tmp_path, bad)
    assert load_rooms(tmp_path) == {5: RoomLine(5, "旧会議室")}
