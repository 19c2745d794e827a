"""How the displays stand to the templates, by place: brought up to date display by display, as ten thousand
are too many to look at again with each answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kiosk.fleet.hands import Hand
from kiosk.fleet.model import Display, Fleet
from kiosk.fleet.rollout import Rollout
from kiosk.fleet.template_folder import TemplateFolder
from kiosk.fleet.templates import HOUSE, Level, Place

PIECE = 300
"""Displays that are looked at in one go."""


@dataclass(frozen=True, slots=True)
class Stand:
    """One display. ``differing``: settings that are not as the templates say; ``others``: those of them that
    were changed last at another console; ``foreign``: something there comes from templates that this console
    does not have; ``unknown``: it has not told what stands in its file."""

    differing: int
    others: int
    foreign: bool
    unknown: bool
    waiting: bool
    refused: bool


@dataclass(slots=True)
class Tally:
    """The displays of a place; each number but ``others`` counts displays."""

    displays: int = 0
    differing: int = 0
    others: int = 0
    foreign: int = 0
    unknown: int = 0
    waiting: int = 0
    refused: int = 0

    def add(self, stand: Stand, sign: int) -> None:
        """One display more, or (-1) less."""
        self.displays += sign
        self.differing += sign * bool(stand.differing)
        self.others += sign * stand.others
        self.foreign += sign * stand.foreign
        self.unknown += sign * stand.unknown
        self.waiting += sign * stand.waiting
        self.refused += sign * stand.refused


@dataclass(frozen=True, slots=True)
class _Known:
    """``laid``: by which its places follow."""

    laid: tuple[str, int]
    places: tuple[Place, ...]
    stand: Stand


class Drift:
    """What can be asked is as it was at the last `refresh`."""

    def __init__(self, fleet: Fleet, rollout: Rollout, folder: TemplateFolder) -> None:
        self._fleet, self._rollout, self._folder = fleet, rollout, folder
        self._laid: tuple[int, int] | None = None
        self._stands: dict[bytes, _Known] = {}
        self._waiting: set[bytes] = set()
        self._tallies: dict[Place, Tally] = {}
        self._members: dict[Place, set[bytes]] = {}
        self._changed: set[Place] = set()

    def refresh(self) -> bool:
        """Looks again at some of the displays of which something else is known; whether that was all."""
        laid = self._fleet.layout, self._folder.newest
        touched = self._rollout.files.touched
        if laid != self._laid:
            self._laid = laid
            touched.update(self._stands, self._fleet.displays)
        self._waiting |= touched
        touched.clear()
        for _ in range(min(PIECE, len(self._waiting))):
            self._changed.update(self._put(self._waiting.pop()))
        return not self._waiting

    def changed(self) -> frozenset[Place]:
        """The places at which something may be otherwise than when this was asked last."""
        places = frozenset(self._changed)
        self._changed.clear()
        return places

    def _put(self, device: bytes) -> Iterable[Place]:
        former, display = self._stands.pop(device, None), self._fleet.displays.get(device)
        if former is not None:
            self._count(device, former, -1)
        if display is None:
            return () if former is None else former.places
        laid = display.place, display.number
        if former is not None and former.laid == laid:
            places = former.places
        else:
            building, room = Place(Level.BUILDING, display.building), Place(Level.ROOM, str(display.number))
            places = HOUSE, building, room
        known = self._stands[device] = _Known(laid, places, self._stand(display))
        self._count(device, known, 1)
        return places if former is None or former.places is places else {*former.places, *places}

    def _count(self, device: bytes, known: _Known, sign: int) -> None:
        for place in known.places:
            here = self._tallies.get(place)
            if here is None:
                here = self._tallies[place] = Tally()
            here.add(known.stand, sign)
            members = self._members.setdefault(place, set())
            (members.add if sign > 0 else members.discard)(device)

    def _stand(self, display: Display) -> Stand:
        device, rollout = display.device, self._rollout
        standing, found = rollout.standing(device), rollout.differences(display)
        hands = rollout.files.hands_of(device)
        others = sum(each.key in hands for each in found) if hands else 0
        foreign = any(map(self._is_foreign, hands.values()))
        unknown = rollout.files.values(device) is None
        return Stand(len(found), others, foreign, unknown, standing.waiting, bool(standing.refused))

    def _is_foreign(self, hand: Hand) -> bool:
        return bool(hand.templates) and not self._folder.knows(hand.templates)

    def _here(self, place: Place) -> set[bytes]:
        """Those there that are displays still: one may have been taken out of the list since."""
        return self._members.get(place, set()) & self._fleet.displays.keys()

    def displays(self, place: Place) -> list[Display]:
        """Those there, by number."""
        found = [self._fleet.displays[each] for each in self._here(place)]
        return sorted(found, key=lambda each: (each.number, each.device))

    def tally(self, place: Place) -> Tally:
        """Of all displays there."""
        return self._tallies.get(place) or Tally()

    def newest(self, place: Place) -> tuple[Display, Hand] | None:
        """The last change at another console by which a display there differs."""
        devices = [each for each in self._here(place) if self._stands[each].stand.others]
        found = self._rollout.by_others(self._fleet.displays[each] for each in devices)
        return max(found, key=lambda each: each[0].our_time(each[1].when), default=None)

    def foreign(self, place: Place) -> tuple[Display, Hand] | None:
        """The last change there by templates that this console does not have."""
        found = [
            (self._fleet.displays[each], hand)
            for each in self._here(place)
            if self._stands[each].stand.foreign
            for hand in self._rollout.files.hands_of(each).values()
            if self._is_foreign(hand)
        ]
        return max(found, key=lambda each: each[0].our_time(each[1].when), default=None)
