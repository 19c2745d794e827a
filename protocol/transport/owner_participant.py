"""Somebody who joined on their own PC, as the owner keeps them: from the right code until they are out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from time import monotonic
from typing import Protocol

from protocol.errors import CloseCode, PeerFault
from protocol.messages import End, Introduction, Join, Leave, Message, Waiting, Walls, Wiped
from protocol.presence import Position
from protocol.rate import Rate
from protocol.texts import one_line
from protocol.transport.join_events import LeftReason, ParticipantLink, ParticipantPosition
from protocol.transport.link import Link, LinkClosed
from protocol.transport.owner_guest import GuestHost, OwnerGuest
from protocol.transport.resuming import ParticipantSecret
from protocol.transport.tls import letters
from protocol.values import EndReason, PeerId, Role

log = logging.getLogger(__name__)

NAMES = (10, 60.0)
"""So often one may call oneself something else."""
END_REASONS = {LeftReason[reason.name]: reason for reason in EndReason}


class ParticipantHost(GuestHost, Protocol):
    """What a participant needs of its owner, beyond what every guest does."""

    @property
    def walls_word(self) -> Walls:
        """By which walls it may come back."""


class Keeper(Protocol):
    """Who keeps the list of participants."""

    def begun(self, room: int) -> bool:
        """Whether the briefing has begun there."""

    def tell(self, participant: OwnerParticipant) -> None:
        """Its name, its link, or whether it is let in has changed."""

    def out(self, participant: OwnerParticipant, reason: LeftReason) -> None:
        """It is no part of the briefing any more."""


class OwnerParticipant(OwnerGuest):
    """``peer`` is given with the first right code of this device; its links come and go."""

    _host: ParticipantHost

    def __init__(
        self, device_id: bytes, room: int, approved: bool, host: ParticipantHost, keeper: Keeper
    ) -> None:
        self.device_id = device_id
        self.letters = letters(device_id)
        super().__init__(f"participant {self.letters}", Role.PARTICIPANT, host)
        self._keeper = keeper
        self.room = room
        self.approved = approved
        self.peer: PeerId = 0
        self.name: str | None = None
        """None until it introduced itself."""
        self.secret: bytes | None = None
        self.wiped = False
        self.done = asyncio.Event()
        """After its end: it has wiped, or will not say so any more."""
        self._begun = False
        self._names = Rate(*NAMES)
        self._told: ParticipantLink | None = None
        self._timer: asyncio.TimerHandle | None = None

    # --- what it is -------------------------------------------------------------------------------------

    @property
    def let_in(self) -> bool:
        """Approved, and the briefing has begun in its room: once it has, that holds for good."""
        return self.approved and self._begun and not self.gone

    @property
    def known_as(self) -> str:
        """What it calls itself."""
        return self.name or ""

    @property
    def writes(self) -> bool:
        """Whether it may draw, whoever presents."""
        return self.role is Role.ANNOTATOR

    @writes.setter
    def writes(self, wanted: bool) -> None:
        self.role = Role.ANNOTATOR if wanted else Role.PARTICIPANT

    @property
    def awaits_papers(self) -> bool:
        """Only while it is there: nobody makes stand-ins for who may never come back."""
        return self.linked and self.let_in

    @property
    def link(self) -> ParticipantLink:
        """How it can be reached."""
        if not self.linked:
            return ParticipantLink.LOST
        return ParticipantLink.SLOW if self._slow else ParticipantLink.LINKED

    def positioned(self, position: Position) -> None:
        """What it looks at."""
        self._host.emit(ParticipantPosition(self.peer, position))

    def slowed(self, seconds: float | None) -> None:
        """Told once each way, not at every heartbeat."""
        if self._told is not self.link:
            self._changed()

    @property
    def kept(self) -> ParticipantSecret | None:
        """What it resumes with; None before it introduced itself, and after its end."""
        if self.secret is None or self.name is None:
            return None
        return ParticipantSecret(
            self.peer,
            self.device_id,
            self.secret,
            self.name,
            self.room,
            self.approved,
            self._begun,
            self.writes,
        )

    # --- its links --------------------------------------------------------------------------------------

    def recover(self, kept: ParticipantSecret) -> None:
        """It was in before this program crashed: it may come back as whom it was."""
        self.peer, self.secret, self.name, self._begun = kept.peer, kept.secret, kept.name, kept.begun
        self._changed()
        self._await_return()

    def arrived(self, link: Link) -> None:
        """It proved the code, or the secret, over this link."""
        self.secret = link.secret
        self.carry(link)
        if self.name is None:
            self._expect(self._host.deadlines.step, self.cut)
        else:
            self._expect(None)
            self._changed()

    def approve(self) -> None:
        """Let it in."""
        self.approved = True
        self._changed()
        self.look_again()

    def look_again(self) -> None:
        """Something it waits for may have come."""
        self._begun = self._begun or self._keeper.begun(self.room)
        self.answer_join()
        if self._join is not None:
            self.say(Waiting(approval=not self.approved))

    def answer_join(self) -> None:
        """Whoever is let in by now gets what it asked for, and knows the ways back."""
        asked = self._join is not None
        super().answer_join()
        if asked and self._join is None:
            self.tell_walls()

    def tell_walls(self) -> None:
        """Every wall of the briefing joins it with its presenter."""
        if self.let_in:
            self.say(self._host.walls_word)

    def end(self, reason: LeftReason) -> None:
        """The briefing is over for it: it is told so. `over` waits for its answer."""
        self.gone = True
        self.secret = None
        self._expect(None)
        self.say(End(END_REASONS[reason]))

    async def over(self) -> None:
        """Wait until it has wiped, its link is dead, or it takes too long; then its link is closed."""
        try:
            async with asyncio.timeout(self._host.deadlines.wiped):
                if self.linked:
                    await self.done.wait()
        except TimeoutError:
            log.info("%s did not say that it wiped", self.who)
        await self.close()

    async def close(self) -> None:
        """Nothing further with it."""
        self.gone = True
        self.secret = None
        self._expect(None)
        await self.hang_up()

    # --- what the pump calls ----------------------------------------------------------------------------

    def hear(self, message: Message) -> None:
        """One message of the participant."""
        if isinstance(message, Wiped):
            self.wiped = True
            self.done.set()
        elif self.gone:
            return
        elif isinstance(message, Introduction):
            self._introduced(one_line(message.name))
        elif self.name is None:
            raise PeerFault(CloseCode.PROTOCOL, "no introduction")
        elif isinstance(message, Join):
            self.joins(message)
            self.look_again()
        elif isinstance(message, Leave):
            self._out(LeftReason.HERE)
        elif not self.let_in:
            raise PeerFault(CloseCode.PROTOCOL, f"{type(message).__name__} before it was let in")
        else:
            self._host.session.said(self, message)

    def _introduced(self, name: str) -> None:
        if self.name is None:
            self._expect(None)
        if name != self.name:
            if self._names.exceeded(monotonic()):
                raise PeerFault(CloseCode.PROTOCOL, "too many names")
            self.name = name
            self._host.session.named(self)
            self._changed()

    def link_over(self, closed: LinkClosed) -> None:
        """Its link is dead: it stays a while, and may come back by its secret."""
        self._pump = None
        self._slow = False
        self._join = None
        if self.gone:
            self.done.set()
            return
        if closed.ours and closed.code in (CloseCode.PROTOCOL, CloseCode.ROLE, CloseCode.SIZE):
            log.warning("%s broke the protocol and is out: %s", self.who, closed)
            self._out(LeftReason.FAULT)
            return
        self._host.session.left(self, for_good=False)
        if self.name is None:
            self._out(LeftReason.TIMEOUT)
            return
        self._changed()
        self._await_return()

    def _await_return(self) -> None:
        self._expect(self._host.deadlines.wipe, lambda: self._out(LeftReason.TIMEOUT))

    def _out(self, reason: LeftReason) -> None:
        self.gone = True
        self.secret = None
        self._keeper.out(self, reason)

    def _changed(self) -> None:
        self._told = self.link
        self._keeper.tell(self)

    def _expect(self, seconds: float | None, late: Callable[[], None] = lambda: None) -> None:
        """After so many seconds without anything better, ``late`` is called."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if seconds is not None:
            self._timer = asyncio.get_running_loop().call_later(seconds, late)
