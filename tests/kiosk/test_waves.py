"""Who is next when a change goes through a house."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from kiosk.fleet.model import Condition, Display
from kiosk.fleet.waves import Candidate, candidate, neighbourhood, next_wave
from tests.kiosk.fleet_rooms import device_of, status
from tests.kiosk.rollout_house import NOW


def test_waves_grow_with_what_has_come_back_in_the_house_and_in_each_place() -> None:
    waiting = [Candidate(bytes([n, m]), (f"{n % 6}", f"{n}"), ()) for n in range(8) for m in range(10)]
    place = {each.device: each.place for each in waiting}
    passed: list[tuple[str, str]] = []
    sizes, buildings = list[int](), set[str]()
    while waiting:
        wave = next_wave(waiting, passed, 5)
        back, out = Counter(passed), Counter(place[each] for each in wave)
        assert len(wave) <= max(1, 5 * len(passed))
        assert all(out[each] <= max(1, 5 * back[each]) for each in out)
        assert len(out) == min(len(wave), len({each.place for each in waiting})), (
            "every place before any twice"
        )
        sizes.append(len(wave))
        buildings |= {place[each][0] for each in wave}
        assert len(buildings) == min(6, sum(sizes)), "every building before any twice"
        passed += [place[each] for each in wave]
        waiting = [each for each in waiting if each.device not in wave]
    assert sizes == [1, 5, 30, 36, 8]
    assert next_wave([], passed, 5) == ()


def test_the_first_one_is_on_standby_well_long_unused_and_not_wanted_soon() -> None:
    def rank(condition: Condition, **changes: object) -> tuple[float, ...] | None:
        heard = status(27, "a", "本庁舎 3階", NOW, **changes)
        found = candidate(Display(device_of(27), 27, "a", status=heard, linked=True), condition, NOW)
        return None if found is None else found.rank

    booked = {"booked_from": int(NOW) + 600, "booked_until": int(NOW) + 4_200}
    order = [
        rank(Condition.READY, since=int(NOW) - 9_000),
        rank(Condition.READY, since=int(NOW) - 60),
        rank(Condition.OUT),
        rank(Condition.CAUTION),
        rank(Condition.READY, **booked),
    ]
    assert order == sorted(each for each in order if each is not None)
    assert rank(Condition.BRIEFING) is rank(Condition.SILENT) is rank(Condition.ASKING) is None


def test_a_place_is_a_building_and_its_subnet() -> None:
    display = Display(b"", 1, "a", place="東庁舎 3階", address="10.1.6.27:47400")
    assert neighbourhood(display) == neighbourhood(replace(display, address="10.1.6.200:1"))
    assert neighbourhood(display) != neighbourhood(replace(display, address="10.1.7.27:47400"))
    assert neighbourhood(replace(display, address="[fd00::5]:47400")) == ("東庁舎", "fd00::/64")
    for unknown in ("", "?"):
        assert neighbourhood(replace(display, address=unknown)) == ("東庁舎", "")
