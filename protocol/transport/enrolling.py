"""A display that belongs to no house yet: it shows a code, and the console at which it is typed takes it
in."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from protocol.codec import decode_manage, encode
from protocol.errors import CloseCode, KamizeroError, PeerFault
from protocol.facilities import Facilities
from protocol.manage import Enrol, Enrolled, Outcome
from protocol.messages import Ping, Pong
from protocol.transport.addresses import Endpoint, Interface
from protocol.transport.candidates import Announcement
from protocol.transport.code_on_glass import CodeOnGlass
from protocol.transport.events import Event
from protocol.transport.handshake import Greeted, Party
from protocol.transport.link import Link
from protocol.transport.manage_events import EnrolCame
from protocol.transport.settings import TransportSettings
from protocol.transport.surroundings import Surroundings, network_state
from protocol.transport.tls import DeviceKey
from protocol.values import Role

log = logging.getLogger(__name__)

NO_ROOM = 99_999
"""What a display says in the place of its number while it has none."""
PATIENCE = 60.0
"""Seconds after the code for the facilities' person to type the passphrase."""


class Enrolling:
    """All methods are called in the loop. With ``facilities`` installed, only their consoles come in."""

    def __init__(
        self,
        settings: TransportSettings,
        device: DeviceKey,
        facilities: Facilities | None,
        emit: Callable[[Event], None],
    ) -> None:
        self._settings = settings
        self._emit = emit
        deadlines = settings.deadlines
        self._code = CodeOnGlass(NO_ROOM, deadlines, emit)
        party = Party(
            device=device,
            role=Role.DISPLAY,
            deadlines=deadlines,
            secret_for=lambda peer: None,
            room=NO_ROOM,
            codes=self._code.codes,
            on_code=self._code.heard,
            facilities=facilities,
            enrolling=True,
        )
        self._surroundings = Surroundings(settings, party, self)
        self._link: Link | None = None

    def start(self) -> None:
        """Begins in the running loop: shows a code, listens, announces."""
        self._surroundings.announce([Announcement(NO_ROOM, in_use=False, closed=True)])
        self._surroundings.start()
        self._code.show()

    async def stop(self) -> None:
        """Every link ends."""
        self._code.stop()
        if self._link is not None:
            await self._link.close()
        await self._surroundings.stop()

    def answer(self, outcome: Outcome, text: str = "") -> None:
        """What became of the enrolment; no effect when its console has gone."""
        if self._link is not None:
            self._link.post(encode(Enrolled(outcome, text)))

    # --- what the surroundings call -----------------------------------------------------------------------

    async def greeted(self, greeted: Greeted) -> None:
        """A console whose HELLO fits. One at a time; returns when it is over."""
        try:
            link = await greeted.answer()
        except KamizeroError as error:
            log.debug("a link was not proven: %s", error)
            return
        if self._link is not None:
            await link.close(CloseCode.NOT_CHOSEN)
            return
        self._link = link
        try:
            await self._hear(link)
        except TimeoutError:
            link.abort()
        except PeerFault as fault:
            log.warning("the console at %s: %s", link.address, fault)
            link.fail(fault.close_code)
        except KamizeroError as error:
            log.debug("a console's link ended: %s", error)
        finally:
            self._link = None

    async def _hear(self, link: Link) -> None:
        while True:
            async with asyncio.timeout(PATIENCE):
                frame = await link.recv()
            match decode_manage(frame):
                case Ping(n):
                    link.post(encode(Pong(n)))
                case Enrol() as enrol:
                    self._emit(EnrolCame(enrol))
                case other:
                    raise PeerFault(CloseCode.ROLE, f"{type(other).__name__} before it is enrolled")

    def heard(self) -> None:
        """Whoever announces is no business of ours."""

    def moved(self, interfaces: tuple[Interface, ...], endpoints: tuple[Endpoint, ...]) -> None:
        """The network changed."""
        self._emit(network_state(self._settings, interfaces, endpoints))

    def woke(self) -> None:
        """Nothing is under way that sleep could have broken."""
