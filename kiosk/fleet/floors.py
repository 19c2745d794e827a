"""The displays of the house by building and floor. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.fleet.model import Condition, Display, Fleet
from kiosk.fleet.place_names import building_and_floor


@dataclass(frozen=True, slots=True)
class Group:
    """The displays of one floor of one building, by number."""

    building: str
    place: str
    devices: tuple[bytes, ...]


def by_floor(fleet: Fleet, wanted: str = "", only: Condition | None = None) -> tuple[Group, ...]:
    """The top floor of a building first; buildings by their lowest room number. ``wanted``: a
    word of name, place or number; ``only``: displays in that condition."""
    floors: dict[tuple[str, int, str], list[Display]] = {}
    lowest: dict[str, int] = {}
    word = wanted.strip().casefold()
    for display in fleet.displays.values():
        if only is not None and fleet.condition(display.device) is not only:
            continue
        if word and not _matches(display, word):
            continue
        building, floor = building_and_floor(display.place)
        floors.setdefault((building, floor, display.place), []).append(display)
        lowest[building] = min(lowest.get(building, display.number), display.number)
    order = sorted(floors, key=lambda key: (lowest[key[0]], key[0], -key[1], key[2]))
    return tuple(
        Group(
            building,
            place,
            tuple(
                each.device
                for each in sorted(
                    floors[building, floor, place], key=lambda display: (display.number, display.device)
                )
            ),
        )
        for building, floor, place in order
    )


def _matches(display: Display, word: str) -> bool:
    texts = (display.name, display.name_en, display.place, display.place_en, str(display.number))
    return any(word in text.casefold() for text in texts)
