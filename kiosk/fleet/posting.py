"""Notices that not every wall can take at once: those that are silent have it when they are back, those in a
briefing when it is over; and what was taken away goes there, too. For as long as the console is open.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from msgspec.structs import replace

from kiosk.fleet.model import Condition, Fleet
from protocol.manage import NOTICE_MINUTES, Notice, Outcome

_AGAIN = {None, Outcome.BRIEFING, Outcome.NOT_FOR_THIS, Outcome.EXPIRED}
"""It did not arrive, or came at the wrong moment."""


class Orders(Protocol):
    """What is asked of `ordering.Ordering`."""

    def order(
        self,
        devices: tuple[bytes, ...],
        command: Notice,
        *,
        heard: Callable[[bytes, Outcome | None], None],
        again: Collection[Outcome | None],
    ) -> None: ...


@dataclass(frozen=True, slots=True, eq=False)
class _Due:
    """``until``: seconds since 1970; later it is nobody's business any more."""

    notice: Notice
    until: float


class Posting:
    """`post` says what is to stand where, `saw` that a display has told how it is."""

    def __init__(self, fleet: Fleet, orders: Orders, clock: Callable[[], float]) -> None:
        self._fleet, self._orders, self._clock = fleet, orders, clock
        self._due: dict[bytes, _Due] = {}
        self._under_way: dict[bytes, _Due] = {}
        """What was sent last, and is not answered."""

    def post(self, notice: Notice, devices: Iterable[bytes]) -> int:
        """In place of whatever was to stand there before; without words: nothing is to stand there. How many
        can take it now."""
        minutes = notice.minutes if notice.text else NOTICE_MINUTES
        due = _Due(notice, self._clock() + 60 * minutes)
        meant = tuple(devices)
        self._due.update(dict.fromkeys(meant, due))
        able = tuple(each for each in meant if self._can_take(each, notice))
        self._send(able, due)
        return len(able)

    def saw(self, device: bytes) -> None:
        """It may be able to take now what it could not before."""
        due = self._due.get(device)
        if due is None:
            return
        if due.until <= self._clock():
            del self._due[device]
        elif device not in self._under_way and self._can_take(device, due.notice):
            self._send((device,), due)

    def _can_take(self, device: bytes, notice: Notice) -> bool:
        display = self._fleet.displays.get(device)
        if display is None or not display.linked:
            return False
        busy = self._fleet.condition(device) is Condition.BRIEFING
        return not busy or notice.emergency or not notice.text

    def _send(self, devices: tuple[bytes, ...], due: _Due) -> None:
        notice = due.notice
        if notice.text:
            left = max(1, -(-int(due.until - self._clock()) // 60))
            notice = replace(notice, minutes=min(notice.minutes, left))
        self._under_way.update(dict.fromkeys(devices, due))
        if devices:
            self._orders.order(devices, notice, heard=partial(self._heard, due), again=_AGAIN)

    def _heard(self, due: _Due, device: bytes, outcome: Outcome | None) -> None:
        if self._under_way.get(device) is not due:
            return  # something else has been sent there since
        del self._under_way[device]
        if self._due.get(device) is not due:
            self.saw(device)  # something else is to stand there by now
        elif outcome not in _AGAIN:
            del self._due[device]
