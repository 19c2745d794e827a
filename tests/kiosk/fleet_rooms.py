"""A prefecture's eighty displays as the console would know them, and houses of any size."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from kiosk.fleet.model import Display, Fleet
from protocol.manage import Activity, Check, CheckResult, Hindrance, Phase, SelfTest, Status, Verdict

FLOORS: dict[str, tuple[str, ...]] = {
    "本庁舎 8階": ("知事応接室", "特別会議室", "庁議室", "第1応接", "第2応接", "秘書控室"),
    "本庁舎 6階": (*(f"{n}会議室" for n in range(601, 608)), "災対本部"),
    "本庁舎 5階": tuple(f"{n}会議室" for n in range(501, 511)),
    "本庁舎 4階": tuple(f"{n}会議室" for n in range(401, 412)),
    "本庁舎 3階": (
        "第一会議室",
        "第二会議室",
        "第三会議室",
        "第四会議室",
        *(f"{n}会議室" for n in range(304, 309)),
    ),
    "東庁舎": tuple(f"E{n}会議室" for n in (21, 22, 23, 24, 31, 32, 33, 34, 41, 42, 43, 44)),
    "議会棟": ("全員協議", "第1委員会", "第2委員会", "第3委員会", "応接A", "応接B"),
    "地方事務所": (
        *("中央", "東部", "西部", "南部", "北部", "海岸", "土木東", "土木西", "保健東", "保健西", "農林"),
        *("水産", "空港", "港湾", "試験場", "研修", "消防学校", "博物館"),
    ),
}
LIVE = (
    "特別会議室",
    "502会議室",
    "507会議室",
    "405会議室",
    "第三会議室",
    "E22会議室",
    "E41会議室",
    "第1委員会",
    "中央",
)


def device_of(number: int) -> bytes:
    return hashlib.sha256(number.to_bytes(4, "big")).digest()


def status(number: int, name: str, place: str, now: float, **changes: object) -> Status:
    values: dict[str, object] = {
        "run": bytes(16),
        "clock": int(now),
        "activity": Activity.STANDBY,
        "since": int(now) - 5_000,
        "number": number,
        "name": name,
        "name_en": f"Room {number}",
        "place": place,
        "place_en": "",
        "version": "1.4.2",
        "started": int(now) - 373_000,
        "width": 3_840,
        "height": 2_160,
        "touch": True,
        "memory": 7_800,
        "memory_free": 5_100,
        "disk_free": 21_000,
        "temperature": 470,
        "revocations": 0,
    }
    return Status(**{**values, **changes})  # type: ignore[arg-type]


def house(now: float) -> Fleet:
    """Eighty displays in an ordinary hour: nine briefings, three that want looking at, one dark, two out."""
    fleet = Fleet()
    number = 1
    for place, names in FLOORS.items():
        for name in names:
            _seen(fleet, number, name, place, now)
            number += 1
    return fleet


def _seen(fleet: Fleet, number: int, name: str, place: str, now: float) -> None:
    device = device_of(number)
    changes: dict[str, object] = {}
    clock_off = 0
    if name in LIVE:
        changes["activity"] = Activity.BRIEFING
    if name in ("409会議室", "410会議室"):
        changes["activity"] = Activity.OUT_OF_SERVICE
    if name == "水産":
        clock_off = 180
    if name in ("第2委員会", "604会議室", "博物館"):
        changes |= {"booked_from": int(now) + 2_040, "booked_until": int(now) + 5_640}
    often = name in ("604会議室", "E33会議室")
    for minute in range(360, -1, -4 if often else -60):
        then = now - minute * 60
        heat = (380 if minute > 60 else 560 + 4 * (60 - minute)) if name == "604会議室" else 470
        fleet.saw(
            device,
            status(number, name, place, now, **{**changes, "temperature": heat}),
            f"10.1.{number}.9:47400",
            clock_off,
            then,
        )
        fleet.measured(device, 620 if name == "E33会議室" else 3, then)
    if name == "604会議室":
        hot = status(number, name, place, now, **{**changes, "temperature": 820})
        fleet.saw(device, hot, f"10.1.{number}.9:47400", 0, now - 420)
    if name == "博物館":
        fleet.went_silent(device, now - 1_440)


def large(count: int, now: float) -> Fleet:
    """So many displays in buildings of a hundred."""
    fleet = Fleet()
    for number in range(1, count + 1):
        building, floor = divmod(number, 100)
        place = f"第{building + 1}庁舎 {floor // 10 + 1}階"
        display = Display(device_of(number), number, f"{floor:03d}会議室")
        told = status(number, display.name, place, now)
        known = replace(display, name_en=told.name_en, place=place, status=told, linked=True, latency=3)
        fleet.put(known, now)
    return fleet


def with_self_tests(fleet: Fleet, now: float) -> None:
    """The morning's self-tests of that house: most are good, some are not, some are still to come."""
    for display in tuple(fleet.displays.values()):
        at = int(now) - 600 + display.number
        found = {check: CheckResult(check, Verdict.GOOD) for check in Check}
        phase, hindrance = Phase.DONE, Hindrance.NOTHING
        match display.name:
            case "604会議室":
                found[Check.TEMPERATURE] = CheckResult(Check.TEMPERATURE, Verdict.LOOK, 820)
            case "第2委員会":
                found[Check.PAGE] = CheckResult(Check.PAGE, Verdict.BAD, 32)
                found[Check.DISPLAY] = CheckResult(Check.DISPLAY, Verdict.LOOK)
            case "E33会議室":
                found[Check.MULTICAST] = CheckResult(Check.MULTICAST, Verdict.LOOK, 1)
            case "306会議室":
                found[Check.DISK] = CheckResult(Check.DISK, Verdict.LOOK, 412)
            case "港湾":
                phase = Phase.NONE
            case "特別会議室" | "第三会議室":
                phase, hindrance = Phase.WAITING, Hindrance.BRIEFING
        if phase is Phase.DONE:
            test = SelfTest(phase, hindrance, at - 30, at, tuple(found.values()))
        else:
            test = SelfTest(phase, hindrance, int(now) - 660, 0, ())
        fleet.tested(display.device, test, now)
