"""The settings of one kiosk: a TOML file, read once at start and checked whole.

`read(path)` gives a frozen `Settings` or raises `SettingsError`, whose problems name the key, the value and
what is allowed. Unknown keys are problems too: a misspelt deadline must not silently become the default.
Standard library only, so that a wrong file is told about before anything else is loaded.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from kiosk import house_settings as house
from kiosk import settings_checks as allowed
from kiosk.settings_checks import Field, Reading, SettingsError
from pageview.toml_text import parse_toml
from pageview.wording import say

SIZE_LIMIT = 1_000_000
"""Bytes of the file."""
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
    metrics_port: int = 0
    """Figures for Prometheus are given out here; 0: nowhere."""
    metrics_address: str = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the house's MQTT broker is (HOST or HOST:PORT), "" for none: for houses of many subnets."""

    address: str = ""


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
    trial: float = 300.0
    """Changed by a console, and none was heard since: back to the former settings."""


@dataclass(frozen=True, slots=True)
class Booking:
    """One booking of this room, in the room's own time. `department`: what stands beside the time."""

    start: datetime
    end: datetime
    department: str = ""
    department_en: str = ""
    whole_day: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    room: Room
    language: Literal["ja", "en"] = "ja"
    display: Display = Display()
    help: Help = Help()
    network: Network = Network()
    deadlines: Deadlines = Deadlines()
    broker: Broker = Broker()
    bookings: tuple[Booking, ...] = ()
    self_test: house.SelfTest = field(default_factory=house.SelfTest)
    calendar: house.Calendar = field(default_factory=house.Calendar)
    standby: house.StandbyContent = field(default_factory=house.StandbyContent)
    timetable: house.Timetable = field(default_factory=house.Timetable)


def read(path: Path) -> Settings:
    """The settings in this file; SettingsError when it is missing, is not TOML, or holds anything wrong."""
    try:
        with path.open("rb") as file:
            data = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise SettingsError(
            (), say("設定ファイル {path} を読めません（{reason}）。", path=path, reason=reason)
        ) from None
    if len(data) > SIZE_LIMIT:
        size = SIZE_LIMIT // 1_000_000
        raise SettingsError((), say("設定ファイル {path} が大きすぎます（{n} MBまで）。", path=path, n=size))
    try:
        table = parse_toml(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            (), say("設定ファイル {path} の書き方が正しくありません（{reason}）。", path=path, reason=error)
        ) from None
    return check(table)


def check(table: Mapping[str, Any]) -> Settings:
    """The settings in this parsed table; SettingsError naming every wrong key at once."""
    reading = Reading()
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
        _two_ports(reading, values["network"])
    if reading.problems:
        raise SettingsError(tuple(reading.problems))
    return Settings(language=language, bookings=bookings, **values)


ROOMS_OWN = ("room", "booking")
"""What a template says nothing of."""


def check_template(table: Mapping[str, Any]) -> None:
    """Whether a display may have these settings, whichever room it is in; SettingsError names every wrong
    key."""
    reading = Reading()
    for key in ROOMS_OWN:
        if key in table:
            reading.wrong(key, table[key], say("部屋ごとの設定なので、ひな形には置けません。"))
    if reading.problems:
        raise SettingsError(tuple(reading.problems))
    check({**table, "room": {"number": 1, "name": "-"}})


@cache
def template_keys() -> tuple[str, ...]:
    """The name of every setting that a template may have, in the order of the file."""
    named = [(section, fields) for section, (_, fields) in _SECTIONS.items() if section not in ROOMS_OWN]
    return ("language", *(f"{section}.{name}" for section, fields in named for name in fields))


_SECONDS = allowed.number(0.01, 86_400)
_SECTIONS: dict[str, tuple[Callable[..., Any], dict[str, Field]]] = {
    "room": (
        Room,
        {
            "number": Field(allowed.whole(1, 99_999), required=True),
            "name": Field(allowed.text(40, 1), required=True),
            "name_en": Field(allowed.text(60)),
            "place": Field(allowed.text(40)),
            "place_en": Field(allowed.text(60)),
            "out_of_service": Field(allowed.yes_or_no),
        },
    ),
    "display": (
        Display,
        {
            "inches": Field(allowed.number(10, 500)),
            "distance_m": Field(allowed.number(0.3, 50)),
            "screen": Field(allowed.text(120, 1)),
            "touch": Field(allowed.one_of("auto", "on", "off")),
            "rail": Field(allowed.one_of("right", "left")),
        },
    ),
    "help": (Help, {n: Field(allowed.text(40)) for n in ("contact", "contact_en", "extension")}),
    "network": (
        Network,
        {
            "port": Field(allowed.whole(0, 65_535)),
            "rendezvous_port": Field(allowed.whole(0, 65_535)),
            "own_networks": Field(allowed.networks),
            "facilities": Field(allowed.text(400)),
            "metrics_port": Field(allowed.whole(0, 65_535)),
            "metrics_address": Field(allowed.address),
        },
    ),
    "broker": (Broker, {"address": Field(allowed.broker)}),
    "deadlines": (Deadlines, {name: Field(_SECONDS) for name in Deadlines.__dataclass_fields__}),
    **house.SECTIONS,
}
_BOOKING = {
    "start": Field(allowed.local_time, required=True),
    "end": Field(allowed.local_time, required=True),
    "department": Field(allowed.text(40)),
    "department_en": Field(allowed.text(60)),
}


def _bookings(reading: Reading, found: Any) -> tuple[Booking, ...]:
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


def _two_ports(reading: Reading, network: Network) -> None:
    if network.port and network.port == network.rendezvous_port:
        allowed = say("network.port とは別の番号にしてください。")
        reading.wrong("network.rendezvous_port", network.rendezvous_port, allowed)


def _order(reading: Reading, deadlines: Deadlines) -> None:
    names = ("card", "code", "message", "cover", "wipe")
    for earlier, later in pairwise(names):
        if getattr(deadlines, later) < getattr(deadlines, earlier):
            reading.wrong(
                f"deadlines.{later}",
                getattr(deadlines, later),
                say("deadlines.{earlier} 以上にしてください。", earlier=earlier),
            )
