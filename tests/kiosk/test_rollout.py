"""A change goes through a house in waves: what halts it, what becomes of those it reached."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.fleet import planning
from kiosk.fleet.model import Cause, Condition
from kiosk.fleet.rollout_words import news_words, stage_words
from kiosk.fleet.templates import HOUSE, Templates
from kiosk.fleet.waves import Halted, Through, WaveBegun, Why, next_wave
from protocol.manage import Activity, ChangeSettings, FetchSettings, Outcome, Setting
from tests.kiosk.fleet_rooms import device_of
from tests.kiosk.rollout_house import NOW, PORT, House, named


def test_each_wave_waits_until_the_one_before_is_back_and_well(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.put()
    assert len(house.changed()) == 1
    house.step(1)
    house.step(8)
    assert len(house.changed()) == 1, "it has not been well for long enough"
    sizes = []
    for _ in range(6):
        house.step(1)
        house.step(10)
        sizes.append(len(house.changed()))
    assert sizes == [6, 20, 20, 20, 20, 20]
    assert [each.wave for each in house.news if isinstance(each, WaveBegun)] == [1, 2, 3]
    assert house.news[-1] == Through(20)
    assert not house.rollout.still(house.fleet)
    assert house.rollout.stage.wave == 0


def fails(why: Why) -> Callable[[House, bytes, ChangeSettings], Outcome | None]:
    def obeys(house: House, device: bytes, command: ChangeSettings) -> Outcome | None:
        number = house.fleet.displays[device].number
        match why:
            case Why.REFUSED:
                return Outcome.SETTINGS
            case Why.LATE:
                house.change(device, command)
                return None
            case Why.RETURNED:
                house.hear(number, run=b"\xfe" * 16, returned=int(NOW) + 5)
                return None
            case Why.DIFFERS:
                house.starts[device] += 1  # it starts anew, and its file is as it was
                return Outcome.DONE
            case _:
                house.hear = lambda number: House.hear(house, number, disk_free=10)  # type: ignore[method-assign]
                return house.change(device, command)

    return obeys


@pytest.mark.bad_input(row=68)
@pytest.mark.parametrize("why", [Why.REFUSED, Why.LATE, Why.DIFFERS, Why.TROUBLE])
def test_the_first_that_fails_halts_it_and_nobody_else_is_touched(why: Why, tmp_path: Path) -> None:
    house = House(tmp_path)
    house.obeys = lambda device, command: fails(why)(house, device, command)
    house.put()
    house.steps(4, 60)
    halted = house.halted
    assert (halted.why, halted) == (why, house.news[-1])
    assert len([each for each in house.news if isinstance(each, Halted)]) == 1
    assert halted.device not in house.rollout.still(house.fleet) or why is Why.LATE
    assert halted.cause == (Cause.DISK if why is Why.TROUBLE else 0)
    assert len(house.changed()) <= 1
    assert sum(each.waiting for each in map(house.rollout.standing, house.files)) >= 19


def test_a_display_that_went_back_by_itself_halts_it(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.put()
    first = next(iter(house.changed()))
    house.files[first] = {PORT: 47_400}
    house.starts[first] += 1
    house.hear(house.fleet.displays[first].number, returned=int(NOW))
    house.step(1)
    assert house.news[-1] == Halted(Why.RETURNED, first)


def halted_late(house: House) -> bytes:
    """The second wave has one that does not come back: it."""
    house.put()
    house.step(1)

    def one_is_lost(device: bytes, command: ChangeSettings) -> Outcome | None:
        house.change(device, command)
        return None if len(house.changed()) == 6 else Outcome.DONE

    house.obeys = one_is_lost
    house.step(10)
    house.obeys = house.change
    house.step(1)
    house.step(121)
    assert house.halted.why is Why.LATE
    lost = house.halted.device
    words, _ = stage_words(house.rollout, house.fleet, 2)
    assert words.endswith("まだの14台は、いまの設定のままです。反映したのは6台です。"), "one may have it"
    assert len(house.changed()) == 6
    return lost


def test_going_on_leaves_the_one_that_failed_as_it_is(tmp_path: Path) -> None:
    house = House(tmp_path)
    lost = halted_late(house)
    house.rollout.go_on()
    house.steps(6, 11)
    assert len(house.changed()) == 20
    assert house.rollout.stage.halted is None
    house.hear(house.fleet.displays[lost].number)
    house.steps(4, 11)
    assert house.news[-1] == Through(19), "it had obeyed, and nobody waited to see how it is"


def test_taking_back_gives_everybody_what_stood_there_before(tmp_path: Path) -> None:
    house = House(tmp_path)
    lost = halted_late(house)
    house.rollout.take_back()
    house.open()  # the console is closed and opened again
    house.serve()
    house.step(1)
    assert house.changed() == {lost}
    assert house.rollout.stage.back == {lost}
    house.starts[lost] += 1
    house.hear(house.fleet.displays[lost].number)
    house.serve()
    house.step(1)
    assert not house.changed()
    assert house.news[-1] == Through(6, back=True)
    house.step(60)
    assert not house.rollout.still(house.fleet)
    assert not any(house.rollout.standing(each).put for each in house.files), (
        "templates have put nothing there"
    )


@pytest.mark.parametrize("refuses", [True, False])
def test_who_does_not_get_its_former_settings_is_not_counted_and_need_not_be_waited_for(
    refuses: bool, tmp_path: Path
) -> None:
    house = House(tmp_path)
    lost = halted_late(house)
    house.rollout.take_back()
    if refuses:
        house.obeys = lambda device, command: Outcome.SETTINGS
        house.hear(house.fleet.displays[lost].number)
        house.serve()
        house.step()
        assert house.news[-1] == Through(0, back=True, left=6)
        return
    house.serve()
    words, _ = stage_words(house.rollout, house.fleet, 2)
    assert (
        words
        == f"前の設定に戻しています。残り1台。{named(house, lost)}は、応答するか説明が終わると戻ります。"
    )
    house.rollout.go_on()
    house.step()
    assert house.news[-1] == Through(5, back=True, left=1)
    assert (
        news_words(house.news[-1], house.fleet, 2) == "設定の反映：5台が前の設定に戻った（1台は戻っていない）"
    )
    assert (stage_words(house.rollout, house.fleet, 2), house.changed()) == (("", ""), {lost})


def test_who_has_it_already_when_its_wave_comes_is_not_waited_for(tmp_path: Path) -> None:
    house = House(tmp_path, 2)
    first = house.begin()
    house.files[first] = {PORT: 48_000}  # by hand, at the display
    house.rollout.files.forget([first])
    house.serve()
    house.steps(4, 60)
    assert house.rollout.stage.halted is None
    assert len(house.changed()) == 2


def test_what_nobody_can_take_now_is_not_planned_again_each_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, planned = House(tmp_path, 2), list[int]()
    house.fleet.went_silent(device_of(2), NOW)
    monkeypatch.setattr(
        planning,
        "next_wave",
        lambda *given: planned.append(1) or next_wave(*given),  # type: ignore[func-returns-value]
    )
    house.put()
    house.steps(9, 11)
    assert len(house.changed()) == 1
    assert len(planned) <= 4
    house.hear(2)
    house.step(11)
    assert len(house.changed()) == 2


def test_taking_back_while_an_order_is_under_way_takes_that_back_too(tmp_path: Path) -> None:
    house = House(tmp_path, 1)
    display = house.fleet.displays[device_of(1)]
    house.rollout.wish([display])
    house.news += house.rollout.tick(house.fleet, house.now)
    command = house.rollout.turn(display, Condition.READY)
    assert isinstance(command, ChangeSettings)
    house.rollout.take_back()
    house.rollout.answered(display, command, house.change(display.device, command), "")
    assert house.rollout.turn(display, Condition.READY) == ChangeSettings((Setting(PORT, 47_400),), False)


def test_who_is_silent_or_in_a_briefing_comes_later_in_a_wave_of_its_own(tmp_path: Path) -> None:
    house = House(tmp_path, 3)
    house.fleet.went_silent(device_of(1), NOW)
    house.hear(2, activity=Activity.BRIEFING)
    house.put()
    house.steps(3, 11)
    assert house.changed() == {device_of(3)}
    assert not house.rollout.stage.members
    house.hear(1)
    house.hear(2)
    house.serve()
    house.steps(4, 11)
    assert len(house.changed()) == 3
    assert house.news[-1] == Through(3)


def test_a_member_that_begins_a_briefing_before_it_is_told_holds_nobody_up(tmp_path: Path) -> None:
    house = House(tmp_path, 2)
    first = house.fleet.displays[house.begin()].number
    house.hear(first, activity=Activity.BRIEFING)
    house.step(1)
    assert house.changed() == {device_of(3 - first)}


def test_a_console_that_was_closed_in_a_wave_still_misses_who_does_not_come_back(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.obeys = lambda device, command: fails(Why.LATE)(house, device, command)
    house.put()
    house.open()
    for device in house.files.keys() - house.changed():
        house.hear(house.fleet.displays[device].number)
    house.serve()
    house.step(1)
    house.step(121)
    assert isinstance(house.news[-1], Halted)
    assert len(house.changed()) == 1


def test_a_console_that_was_closed_in_a_wave_waits_for_no_briefing_that_has_begun_since(
    tmp_path: Path,
) -> None:
    house = House(tmp_path, 2)
    first = house.fleet.displays[house.begin()].number
    house.open()
    house.hear(first, activity=Activity.BRIEFING)
    house.serve()
    house.step(1)
    house.step(1)
    assert house.changed() == {device_of(3 - first)}


def test_a_new_wish_while_something_is_given_back_is_the_one_that_counts(tmp_path: Path) -> None:
    house = House(tmp_path, 1)
    display = house.fleet.displays[device_of(1)]
    house.put()
    house.rollout.take_back()
    display = house.fleet.displays[display.device]
    while isinstance(command := house.rollout.turn(display, Condition.READY), FetchSettings):
        house.rollout.answered(display, command, Outcome.DONE, json.dumps(house.files[display.device]))
    assert isinstance(command, ChangeSettings)
    house.rollout.wish([display])
    house.rollout.answered(display, command, house.change(display.device, command), "")
    house.steps(3, 11)
    assert house.files[display.device] == {PORT: 48_000}
    assert house.news[-1] == Through(1)


def test_what_is_put_into_effect_is_what_was_looked_at(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.put()
    house.folder.keep(house.folder.current.with_value(HOUSE, PORT, 1), NOW, "", "a draft")
    house.steps(8, 11)
    assert {file[PORT] for file in house.files.values()} == {48_000}
    assert all(house.rollout.differences(each) for each in house.fleet.displays.values()), (
        "and that is a drift"
    )


def test_what_needs_no_change_is_settled_at_once_and_written_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(tmp_path)
    for file in house.files.values():
        file[PORT] = 48_000
    house.rollout.files.forget(house.files)
    house.serve()
    writes: list[object] = []
    monkeypatch.setattr(house.folder, "keep_rollout", writes.append)
    house.put()
    assert (len(writes), house.news, house.rollout.still(house.fleet)) == (1, [], [])


def test_who_answers_while_a_wish_is_thought_about_is_thought_about_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.fleet.rollout.PIECE", 2)
    house = House(tmp_path, 3)
    first = house.fleet.displays[house.begin()]
    command = house.rollout.turn(first, house.fleet.condition(first.device))
    assert isinstance(command, ChangeSettings)
    house.folder.keep(Templates(), NOW, "", "")
    others = [each for each in house.fleet.displays.values() if each is not first]
    wishing = house.rollout.wishing([first, *others])
    next(wishing)
    house.rollout.answered(first, command, Outcome.DONE, "")
    deque(wishing, maxlen=0)
    standing = house.rollout.standing(first.device)
    assert (dict(standing.put), standing.edition) == ({PORT: 48_000}, house.folder.newest)


def test_halting_by_hand_and_a_new_wish_begin_with_one_display_again(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.put()
    house.rollout.halt()
    house.steps(3, 60)
    assert len(house.changed()) == 1
    house.folder.keep(house.folder.current.with_value(HOUSE, PORT, 49_000), NOW, "", "mended")
    few = sorted(house.fleet.displays.values(), key=lambda each: each.number)[:7]
    house.rollout.wish(few)
    house.step()
    assert sum(file[PORT] == 49_000 for file in house.files.values()) == 1
    house.steps(6, 11)
    assert sum(file[PORT] == 49_000 for file in house.files.values()) == 7
    assert not house.rollout.still(house.fleet), "who was not reached by the first stays as it was"


def test_what_changes_while_a_wave_is_looked_for_is_not_overlooked(tmp_path: Path) -> None:
    house = House(tmp_path, 2 * planning.PIECE)
    numbers = range(1, 2 * planning.PIECE + 1)
    for number in numbers:
        house.hear(number, activity=Activity.BRIEFING)
    house.rollout.wish(house.fleet.displays.values())
    work = house.rollout.work(house.fleet, house.now)
    next(work)
    house.hear(1)  # it was in a briefing when it was thought about
    deque(work, 0)
    (begun,) = house.rollout.tick(house.fleet, house.now)
    assert begun == WaveBegun(1, (device_of(1),))


def test_who_is_told_while_its_wave_is_judged_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "PIECE", 2)
    house = House(tmp_path)
    house.put()
    house.step(1)
    house.now += 10
    house.rollout.tick(house.fleet, house.now)
    member, *_ = house.rollout.stage.members
    assert len(house.rollout.stage.members) == 5
    number = house.fleet.displays[member].number
    house.hear(number, activity=Activity.BRIEFING)
    work = house.rollout.work(house.fleet, house.now)
    next(work)
    house.hear(number)
    house.serve()
    deque(work, 0)
    assert member in house.rollout.stage.members
