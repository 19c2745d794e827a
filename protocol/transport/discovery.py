"""zeroconf both ways on every interface of the house: who announces, and our own announcement.

What should be is set at any moment (interfaces, announcement); one task makes it so. mDNS says only
"somebody is here": a goodbye takes an entry off a list and never ends anything.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from time import monotonic

from zeroconf import Error as ZeroconfError

from protocol.transport.addresses import Endpoint, Interface, IPNetwork
from protocol.transport.candidates import SERVICE, Announcement, Candidate, Candidates
from protocol.transport.mdns import InterfaceSpeaker, random_name

_log = logging.getLogger(__name__)
RETRY = 5.0


class Discovery:
    """``on_change()`` is called in the loop whenever ``candidates`` changed."""

    def __init__(
        self,
        own: Sequence[IPNetwork],
        on_change: Callable[[], None],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.candidates = Candidates()
        self._host = random_name()
        self._instances: dict[int, str] = {}
        self._own = own
        self._on_change = on_change
        self._clock = clock
        self._interfaces: tuple[Interface, ...] = ()
        self._announcements: frozenset[Announcement] = frozenset()
        self._port = 0
        self._speakers: dict[Interface, InterfaceSpeaker] = {}
        self._heard: dict[str, dict[Interface, Candidate]] = {}
        self._wish = asyncio.Event()
        self._settled = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._promotion: asyncio.TimerHandle | None = None
        self._renew = False
        self._repeat_until: dict[int, float] = {}
        self._repetition: asyncio.TimerHandle | None = None

    # --- wishes -------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begins in the running loop."""
        self._task = asyncio.get_running_loop().create_task(self._make_so())

    def set_interfaces(self, interfaces: tuple[Interface, ...]) -> None:
        """Speak on these from now on."""
        self._interfaces = interfaces
        self._wish_changed()

    def renew(self) -> None:
        """Announce and ask anew everywhere: after sleep, nobody knows what the network missed."""
        self._renew = True
        self._wish_changed()

    async def look_again(self) -> None:
        """Ask everywhere who is there."""
        await asyncio.gather(*(speaker.look_again() for speaker in list(self._speakers.values())))

    def announce(self, announcements: Iterable[Announcement], port: int) -> None:
        """Say just these from now on, at most one for each room."""
        wanted = frozenset(announcements)
        if (wanted, port) == (self._announcements, self._port):
            return
        self._announcements, self._port = wanted, port
        self._instances = {each.number: self._instances.get(each.number) or random_name() for each in wanted}
        self._wish_changed()

    def repeat(self, each: float, until: Mapping[int, float]) -> None:
        """Say it of these rooms also each so many seconds, to who may sit behind a dead wire. ``until``: when
        that ends, by number."""
        self._repeat_until = dict(until)
        if self._repetition is None:
            self._say_again(each)

    def _say_again(self, each: float) -> None:
        self._repetition = None
        now = self._clock()
        missed = [number for number, until in self._repeat_until.items() if now < until]
        if missed:
            again = {self._instances[number] for number in missed if number in self._instances}
            for speaker in self._speakers.values():
                speaker.repeat(again)
            self._repetition = asyncio.get_running_loop().call_later(each, self._say_again, each)

    async def settled(self) -> None:
        """Returns when what was wished has been tried on every interface."""
        await self._settled.wait()

    async def stop(self) -> None:
        """Goodbye everywhere."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self._repetition is not None:
            self._repetition.cancel()
        if self._promotion is not None:
            self._promotion.cancel()
        await asyncio.gather(*(self._close(interface) for interface in list(self._speakers)))

    def _wish_changed(self) -> None:
        self._settled.clear()
        self._wish.set()

    # --- making it so -------------------------------------------------------------------------------------

    async def _make_so(self) -> None:
        while True:
            await self._wish.wait()
            self._wish.clear()
            wanted = () if self._renew else self._interfaces
            self._renew = False
            gone = [interface for interface in self._speakers if interface not in wanted]
            await asyncio.gather(*(self._close(interface) for interface in gone))
            done = await asyncio.gather(*(self._bring_up(interface) for interface in self._interfaces))
            if not all(done):
                asyncio.get_running_loop().call_later(RETRY, self._wish.set)
            if not self._wish.is_set():
                self._settled.set()

    async def _bring_up(self, interface: Interface) -> bool:
        said = {self._instances[each.number]: each for each in self._announcements}
        try:
            speaker = self._speakers.get(interface)
            if speaker is None:
                speaker = InterfaceSpeaker(
                    interface,
                    self._own,
                    lambda candidate: self._hear(interface, candidate),
                    lambda instance: self._forget(interface, instance),
                    self._clock,
                )
                self._speakers[interface] = speaker
                await speaker.open()
            await speaker.announce(said, self._host, self._port)
        except (OSError, ZeroconfError, RuntimeError) as error:
            # An interface that comes and goes: its addresses may be gone between being seen and used.
            _log.info("mDNS on %s: %s; tried again in %d s", interface.name, error, RETRY)
            await self._close(interface)
            return False
        return True

    async def _close(self, interface: Interface) -> None:
        speaker = self._speakers.pop(interface, None)
        if speaker is not None:
            await speaker.close()
        for instance in [name for name, heard in self._heard.items() if interface in heard]:
            self._forget(interface, instance)

    # --- hearing ------------------------------------------------------------------------------------------

    def _hear(self, interface: Interface, candidate: Candidate) -> None:
        if candidate.instance.removesuffix(f".{SERVICE}") in self._instances.values():
            return
        heard = self._heard.setdefault(candidate.instance, {})
        heard[interface] = candidate
        endpoints: dict[Endpoint, None] = {}
        for each in heard.values():
            endpoints.update(dict.fromkeys(each.endpoints))
        if self.candidates.hear(replace(candidate, endpoints=tuple(endpoints))):
            gone = [name for name in self._heard if name not in self.candidates]
        else:
            gone = [candidate.instance]
        for name in gone:
            del self._heard[name]
        self._promote()

    def _forget(self, interface: Interface, instance: str) -> None:
        heard = self._heard.get(instance)
        if heard is None or heard.pop(interface, None) is None:
            return
        if not heard:
            del self._heard[instance]
            self.candidates.forget(instance)
            self._on_change()

    def _promote(self) -> None:
        again = self.candidates.promote(self._clock())
        if self._promotion is not None:
            self._promotion.cancel()
            self._promotion = None
        if again is not None:
            delay = max(0.0, again - self._clock())
            self._promotion = asyncio.get_running_loop().call_later(delay, self._promote)
        self._on_change()
