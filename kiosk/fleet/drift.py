"""How the displays stand to the templates, by place: brought up to date display by display, as ten thousand
are too many to look at again with each answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
    were changed last at another console, ``other``: the last of these changes; ``foreign``: the last change
    by templates that this console does not have; ``unknown``: it has not told what stands in its file;
    ``refused``: why it refused the templates."""

    differing: int = 0
    others: int = 0
    other: Hand | None = None
    foreign: Hand | None = None
    unknown: bool = True
    waiting: bool = False
    refused: str = ""


NOTHING_KNOWN = Stand()


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
        self.foreign += sign * bool(stand.foreign)
        self.unknown += sign * stand.unknown
        self.waiting += sign * stand.waiting
        self.refused += sign * bool(stand.refused)


@dataclass(frozen=True, slots=True)
class _Known:
    places: tuple[Place, ...]
    stand: Stand


class Drift:
    """What can be asked is as it was at the last `refresh`."""

    def __init__(self, fleet: Fleet, rollout: Rollout, folder: TemplateFolder) -> None:
        self._fleet, self._rollout, self._folder = fleet, rollout, folder
        self._laid: tuple[int, int] | None = None
        self._stands: dict[bytes, _Known] = {}
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
        for _ in range(min(PIECE, len(touched))):
            self._changed.update(self._put(touched.pop()))
        return not touched

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
        places = HOUSE, Place(Level.BUILDING, display.building), Place(Level.ROOM, str(display.number))
        known = self._stands[device] = _Known(places, self._stand(display))
        self._count(device, known, 1)
        return places if former is None else {*former.places, *places}

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
        theirs = [hands[each.key] for each in found if each.key in hands] if hands else []
        return Stand(
            len(found),
            len(theirs),
            _last(theirs),
            _last([each for each in hands.values() if self._is_foreign(each)]),
            rollout.files.values(device) is None,
            standing.waiting,
            standing.refused,
        )

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

    def stand(self, device: bytes) -> Stand:
        """Of one display."""
        known = self._stands.get(device)
        return NOTHING_KNOWN if known is None else known.stand

    def newest(self, place: Place) -> tuple[Display, Hand] | None:
        """The last change at another console by which a display there differs."""
        return self._newest(place, lambda stand: stand.other)

    def foreign(self, place: Place) -> tuple[Display, Hand] | None:
        """The last change there by templates that this console does not have."""
        return self._newest(place, lambda stand: stand.foreign)

    def _newest(self, place: Place, of: Callable[[Stand], Hand | None]) -> tuple[Display, Hand] | None:
        found = [
            (self._fleet.displays[each], hand)
            for each in self._here(place)
            if (hand := of(self._stands[each].stand)) is not None
        ]
        return max(found, key=lambda each: each[0].our_time(each[1].when), default=None)


def _last(hands: list[Hand]) -> Hand | None:
    return max(hands, key=lambda each: each.when, default=None)
