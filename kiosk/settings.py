"""The settings of one kiosk: a TOML file, read once at start and checked whole.

`read(path)` gives a frozen `Settings` or raises `SettingsError`, whose problems name the key, the value and
what is allowed. Unknown keys are problems too: a misspelt deadline must not silently become the default.
Standard library only, so that a wrong file is told about before anything else is loaded.
"""

from __future__ import annotations

import ipaddress
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from pageview.wording import say

TouchMode = Literal["auto", "on", "off"]
Side = Literal["right", "left"]
PRIVATE_NETWORKS = (
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
    *("169.254.0.0/16", "fe80::/10", "fc00::/7"),
)


@dataclass(frozen=True, slots=True)
class Room:
    """Which room this is. `number` is given by facilities; English texts fall back to the Japanese ones."""

    number: int
    name: str
    name_en: str = ""
    place: str = ""
    place_en: str = ""
    out_of_service: bool = False


@dataclass(frozen=True, slots=True)
class Display:
    """The glass: diagonal in inches, metres to the farthest seat, and which monitor when there are several.

    `screen` is `primary`, `largest`, or the name or serial number of a monitor.
    """

    inches: float = 55.0
    distance_m: float = 3.0
    screen: str = "largest"
    touch: TouchMode = "auto"
    rail: Side = "right"


@dataclass(frozen=True, slots=True)
class Help:
    """Whom people in the room call."""

    contact: str = ""
    contact_en: str = ""
    extension: str = ""


@dataclass(frozen=True, slots=True)
class Network:
    """Ports, the networks that count as the house's own, and the CA file ("": the usual place)."""

    port: int = 47_400
    rendezvous_port: int = 47_401
    own_networks: tuple[str, ...] = PRIVATE_NETWORKS
    facilities: str = ""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds. The first five count from the moment the presenter's link died, in this order."""

    card: float = 5.0
    code: float = 10.0
    message: float = 60.0
    cover: float = 180.0
    wipe: float = 900.0
    start: float = 180.0
    """Paired, but 開始 does not come: back to standby."""
    code_life: float = 600.0
    another: float = 60.0
    """How long the room code stays on the wall after 別の端末をつなぐ."""


@dataclass(frozen=True, slots=True)
class Booking:
    """One booking of this room, in the room's own time. Titles are not kept: people pass by."""

    start: datetime
    end: datetime
    department: str = ""
    department_en: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    room: Room
    language: Literal["ja", "en"] = "ja"
    display: Display = Display()
    help: Help = Help()
    network: Network = Network()
    deadlines: Deadlines = Deadlines()
    bookings: tuple[Booking, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: the key as it stands in the file, its value, and what is allowed there."""

    key: str
    value: str
    allowed: str

    def sentence(self) -> str:
        if not self.value:
            return say("設定 {key} がありません。{allowed}", key=self.key, allowed=self.allowed)
        return say("設定 {key} の {value} は使えません。{allowed}", **_three(self))


def _three(problem: Problem) -> dict[str, str]:
    return {"key": problem.key, "value": problem.value, "allowed": problem.allowed}


class SettingsError(Exception):
    """The settings cannot be used; `problems` says why, one sentence each."""

    def __init__(self, problems: tuple[Problem, ...], sentence: str = "") -> None:
        self.problems = problems
        super().__init__("\n".join([sentence] if sentence else [p.sentence() for p in problems]))


def read(path: Path) -> Settings:
    """The settings in this file; SettingsError when it is missing, is not TOML, or holds anything wrong."""
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise SettingsError(
            (), say("設定ファイル {path} を読めません（{reason}）。", path=path, reason=reason)
        ) from None
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            (), say("設定ファイル {path} の書き方が正しくありません（{reason}）。", path=path, reason=error)
        ) from None
    return check(table)


def check(table: Mapping[str, Any]) -> Settings:
    """The settings in this parsed table; SettingsError naming every wrong key at once."""
    reading = _Reading()
    values: dict[str, Any] = {}
    for section, (made, fields) in _SECTIONS.items():
        found = table.get(section, {})
        if not isinstance(found, Mapping):
            reading.wrong(section, found, say("[{section}] の表にしてください。", section=section))
            continue
        part = reading.section(section, found, fields)
        if part is not None:
            values[section] = made(**part)
    language = table.get("language", "ja")
    if language not in ("ja", "en"):
        reading.wrong("language", language, say("「ja」か「en」にしてください。"))
    bookings = _bookings(reading, table.get("booking", []))
    for key in table:
        if key not in _SECTIONS and key not in ("language", "booking"):
            reading.unknown(key, table[key], sorted([*_SECTIONS, "language", "booking"]))
    if not reading.problems:
        _order(reading, values["deadlines"])
    if reading.problems:
        raise SettingsError(tuple(reading.problems))
    return Settings(language=language, bookings=bookings, **values)


Check = Callable[[Any], Any]


class _Wrong(Exception):
    """The value is not one of the allowed ones; the text says which are."""


@dataclass(frozen=True, slots=True)
class _Field:
    check: Check
    required: bool = False


@dataclass(slots=True)
class _Reading:
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, key: str, value: Any, allowed: str) -> None:
        self.problems.append(Problem(key, _shown(value), allowed))

    def unknown(self, key: str, value: Any, known: list[str]) -> None:
        self.wrong(
            key, value, say("この名前の設定はありません。あるのは {known} です。", known=", ".join(known))
        )

    def section(
        self, section: str, found: Mapping[str, Any], fields: Mapping[str, _Field]
    ) -> dict[str, Any] | None:
        """The checked values of one table that are present; None when a required one is missing."""
        made: dict[str, Any] = {}
        complete = True
        for name, kind in fields.items():
            key = f"{section}.{name}"
            if name not in found:
                if kind.required:
                    complete = False
                    self.problems.append(Problem(key, "", _allowed(kind.check)))
                continue
            try:
                made[name] = kind.check(found[name])
            except _Wrong as wrong:
                complete = False
                self.wrong(key, found[name], str(wrong))
        for name in found:
            if name not in fields:
                self.unknown(f"{section}.{name}", found[name], sorted(fields))
        return made if complete else None


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{…}"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _allowed(check_value: Check) -> str:
    try:
        check_value(None)
    except _Wrong as wrong:
        return str(wrong)
    return ""


def _whole(lowest: int, highest: int) -> Check:
    def checked(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            raise _Wrong(say("{low}から{high}までの整数にしてください。", low=lowest, high=highest))
        return value

    return checked


def _number(lowest: float, highest: float) -> Check:
    def checked(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not lowest <= value <= highest:
            raise _Wrong(say("{low:g}から{high:g}までの数にしてください。", low=lowest, high=highest))
        return float(value)

    return checked


def _text(longest: int, shortest: int = 0) -> Check:
    def checked(value: Any) -> str:
        fits = isinstance(value, str) and shortest <= len(value.strip()) and len(value) <= longest
        if not fits or not value.isprintable():
            raise _Wrong(say("{low}から{high}文字までの文字列にしてください。", low=shortest, high=longest))
        return str(value).strip()

    return checked


def _one_of(*choices: str) -> Check:
    def checked(value: Any) -> str:
        if value not in choices:
            raise _Wrong(say("{choices} のどれかにしてください。", choices=", ".join(choices)))
        return str(value)

    return checked


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Wrong(say("true か false にしてください。"))
    return value


def _networks(value: Any) -> tuple[str, ...]:
    allowed = say("「10.0.0.0/8」のような、1個から64個までのネットワークの並びにしてください。")
    if not isinstance(value, list) or not 1 <= len(value) <= 64:
        raise _Wrong(allowed)
    try:
        return tuple(str(ipaddress.ip_network(item)) for item in value if _is_text(item, allowed))
    except ValueError:
        raise _Wrong(allowed) from None


def _is_text(item: Any, allowed: str) -> bool:
    if not isinstance(item, str):
        raise _Wrong(allowed)
    return True


def _local_time(value: Any) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is not None:
        raise _Wrong(say("「2026-11-24T14:00:00」のような、その部屋の日時にしてください。"))
    return value


_SECONDS = _number(0.01, 86_400)
_SECTIONS: dict[str, tuple[Callable[..., Any], dict[str, _Field]]] = {
    "room": (
        Room,
        {
            "number": _Field(_whole(1, 99_999), required=True),
            "name": _Field(_text(40, 1), required=True),
            "name_en": _Field(_text(60)),
            "place": _Field(_text(40)),
            "place_en": _Field(_text(60)),
            "out_of_service": _Field(_yes_or_no),
        },
    ),
    "display": (
        Display,
        {
            "inches": _Field(_number(10, 500)),
            "distance_m": _Field(_number(0.3, 50)),
            "screen": _Field(_text(120, 1)),
            "touch": _Field(_one_of("auto", "on", "off")),
            "rail": _Field(_one_of("right", "left")),
        },
    ),
    "help": (Help, {n: _Field(_text(40)) for n in ("contact", "contact_en", "extension")}),
    "network": (
        Network,
        {
            "port": _Field(_whole(0, 65_535)),
            "rendezvous_port": _Field(_whole(0, 65_535)),
            "own_networks": _Field(_networks),
            "facilities": _Field(_text(400)),
        },
    ),
    "deadlines": (Deadlines, {name: _Field(_SECONDS) for name in Deadlines.__dataclass_fields__}),
}
_BOOKING = {
    "start": _Field(_local_time, required=True),
    "end": _Field(_local_time, required=True),
    "department": _Field(_text(40)),
    "department_en": _Field(_text(60)),
}


def _bookings(reading: _Reading, found: Any) -> tuple[Booking, ...]:
    if not isinstance(found, list) or not all(isinstance(item, Mapping) for item in found):
        reading.wrong("booking", found, say("[[booking]] の表を並べてください。"))
        return ()
    made = []
    for number, item in enumerate(found, 1):
        part = reading.section(f"booking[{number}]", item, _BOOKING)
        if part is None:
            continue
        if part["end"] <= part["start"]:
            reading.wrong(f"booking[{number}].end", part["end"], say("start より後にしてください。"))
            continue
        made.append(Booking(**part))
    return tuple(sorted(made, key=lambda booking: booking.start))


def _order(reading: _Reading, deadlines: Deadlines) -> None:
    names = ("card", "code", "message", "cover", "wipe")
    for earlier, later in pairwise(names):
        if getattr(deadlines, later) < getattr(deadlines, earlier):
            reading.wrong(
                f"deadlines.{later}",
                getattr(deadlines, later),
                say("deadlines.{earlier} 以上にしてください。", earlier=earlier),
            )
