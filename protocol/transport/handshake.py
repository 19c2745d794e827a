"""The handshake on a real connection: frames, deadlines, the fixed 50 ms. Its rules: `protocol.pairing`."""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum, auto

from websockets.exceptions import ConnectionClosed

from protocol.errors import CloseCode, KamizeroError, Misuse, Unavailable
from protocol.facilities import Facilities, device_id
from protocol.guesses import Codes, Guess
from protocol.pairing import Confirming, Dialing, Entropy, Expecting, Met, PeerFacts, Proving, Us, meet
from protocol.pairing_checks import HandshakeRefused, Why
from protocol.pairing_messages import Mode
from protocol.transport.link import Link, LinkClosed, SecureClient, SecureServer, link_closed
from protocol.transport.settings import Deadlines
from protocol.transport.tls import DeviceKey, public_key
from protocol.transport.writer import Framed
from protocol.values import Role

NOT_CHOSEN = CloseCode.NOT_CHOSEN
BUSY_LOOK = 0.025
"""Seconds until a guess that waits for others of its source looks again."""


class NoAnswer(Unavailable):
    """Nobody there, nobody of ours, or somebody who fell silent."""


class CodeEvent(Enum):
    """What guesses did to the code that is shown here."""

    WRONG = auto()
    CHANGED = auto()


@dataclass(frozen=True, slots=True)
class Party:
    """What a program brings to all its links.

    ``room``: a kiosk's own number; None for the presenter. ``secret_for(peer)``: the secret of a session that
    lives with that device in that role, or None. ``codes``, ``on_code``: where a code is shown (a kiosk its
    own, to presenters; a presenter the join code, to participants). ``closed``: out of service, for consoles
    alone.
    """

    device: DeviceKey
    role: Role
    deadlines: Deadlines
    secret_for: Callable[[PeerFacts], bytes | None]
    room: int | None = None
    codes: Codes | None = None
    on_code: Callable[[CodeEvent], None] = lambda event: None
    certificate: bytes | None = None
    facilities: Facilities | None = None
    enrolling: bool = False
    closed: bool = False
    entropy: Entropy = os.urandom

    def us(self, room: int | None) -> Us:
        """The side we are of one link, about that room."""
        return Us(
            role=self.role,
            room=room,
            spki=self.device.spki,
            sign=self.device.sign,
            code_length=0 if self.codes is None else len(self.codes.code),
            certificate=self.certificate,
            facilities=self.facilities,
            enrolling=self.enrolling,
        )


class Greeted:
    """A link whose HELLOs were exchanged and which is not authenticated yet.

    Exactly one of `prove_code` (where it was typed), `prove_secret` (session owner), `prove_key` (console)
    and `answer` (the other side of any) is called, once; or `close`. They raise `HandshakeRefused` (refused
    here or there), `NoAnswer` (silence, cut) or `LinkClosed` (4409: the other side went on with another
    link). After any of these the connection is over.
    """

    def __init__(self, party: Party, wire: Wire, met: Met) -> None:
        self._party = party
        self._wire = wire
        self._met = met
        self.peer: PeerFacts = met.peer
        self.mode: Mode = met.mode
        self.dialed = isinstance(wire.connection, SecureClient)

    async def prove_code(self, code: str) -> Link:
        """Prove the code that was typed here."""
        async with self._wire.guarded():
            guessing = await asyncio.to_thread(self._met.guess, code, self._party.entropy)
            await self._wire.send(guessing.frame)
            # At a join code many may stand in line for their turn.
            answer = await self._wire.receive(patient=self._met.joining)
            return await self._prove(await asyncio.to_thread(guessing.receive, answer))

    async def prove_secret(self, claim: Callable[[], bool] = lambda: True) -> Link:
        """Prove the secret of the session with this device (RESUME, BULK). ``claim`` is asked when the other
        side has proven it too: False gives this link up, because another was as far sooner."""
        async with self._wire.guarded():
            return await self._prove(self._met.prove(self._secret()), claim)

    async def prove_key(self) -> Link:
        """Prove the console's key (MANAGE)."""
        async with self._wire.guarded():
            return await self._prove(self._met.prove_key())

    async def answer(self) -> Link:
        """Wait for the other side's proof: of the code shown here, of the session's secret, of a console's
        key."""
        async with self._wire.guarded():
            if self.mode is Mode.PAIR:
                return await self._answer_guess()
            manages = self.mode is Mode.MANAGE
            expecting = self._met.expect_key() if manages else self._met.expect_proof(self._secret())
            return await self._open(expecting.receive(await self._wire.receive()))

    async def ended(self) -> None:
        """Wait until the connection is over, however that comes."""
        await self._wire.connection.wait_closed()

    async def close(self, code: int = NOT_CHOSEN) -> None:
        """Give this link up."""
        await self._wire.connection.close(code)

    def _secret(self) -> bytes:
        secret = self._party.secret_for(self.peer)
        if secret is None:
            raise HandshakeRefused(Why.REFUSED)
        return secret

    async def _prove(self, proving: Proving, claim: Callable[[], bool] = lambda: True) -> Link:
        proved = proving.receive(await self._wire.exchange(proving.frame))
        if not claim():
            self._wire.connection.fail(NOT_CHOSEN)
            raise LinkClosed(NOT_CHOSEN, ours=True)
        link = Link(self._wire.connection, self.peer, self.mode, proved.secret)
        # Not awaited: between the claim and the caller nobody else has a turn.
        if not self._wire.connection.writer.write(Framed(proved.frame)):
            raise NoAnswer("gone before it was let in")
        return link

    async def _answer_guess(self) -> Link:
        codes, on_code = self._party.codes, self._party.on_code
        if codes is None:
            raise Misuse("no code is shown here")
        frame = await self._wire.receive()
        while codes.busy(self._wire.source, self._wire.now()):
            await self._wire.pause(BUSY_LOOK)
        if self._wire.connection.raw.is_closing():
            raise NoAnswer("gone before its turn")
        arrived = self._wire.now()
        shown = codes.code
        guess = codes.guess(self._wire.source, arrived)
        if codes.code != shown:
            on_code(CodeEvent.CHANGED)
        try:
            if guess is None:
                await self._floor(arrived)
                raise HandshakeRefused(Why.REFUSED)
            if isinstance(self._wire.connection, SecureServer):
                self._wire.connection.leave_gate()
            confirming = await self._test(guess, codes, frame)
        except (HandshakeRefused, ConnectionClosed, TimeoutError):
            on_code(CodeEvent.WRONG)
            raise
        on_code(CodeEvent.CHANGED)
        return await self._open(confirming)

    async def _test(self, guess: Guess, codes: Codes, frame: bytes) -> Confirming:
        right = False
        try:
            proof, then = await self._answered(guess, frame)
            arrived = self._wire.now()
            try:
                confirming = then.receive(proof)
                right = codes.redeem(guess, confirming.slot, arrived)
                if not right:
                    raise HandshakeRefused(Why.REFUSED)
            finally:
                await self._floor(arrived)
        finally:
            if not right:
                codes.missed(guess)
        return confirming

    async def _answered(self, guess: Guess, frame: bytes) -> tuple[bytes, Expecting]:
        """The prover's proof, and what waits for it."""
        await asyncio.sleep(guess.serve_at - self._wire.now())
        try:
            answering = await asyncio.to_thread(
                self._met.receive_guess, frame, guess.digits, self._party.entropy
            )
        finally:
            await self._floor(guess.serve_at)
        return await self._wire.exchange(answering.frame), answering.then

    async def _open(self, confirming: Confirming) -> Link:
        """The prover may speak freely as soon as it has our proof: make room for that first."""
        self._wire.connection.allow(self.mode)
        secret = confirming.receive(await self._wire.exchange(confirming.frame))
        return Link(self._wire.connection, self.peer, self.mode, secret)

    async def _floor(self, since: float) -> None:
        """Wait for the fixed moment of the answer, so that its time tells nothing."""
        floor = self._party.deadlines.answer_floor
        if floor > 0:
            passed = self._wire.now() - since
            await asyncio.sleep(floor * math.ceil(passed / floor) - passed)


class Wire:
    """A connection during the handshake: each step and the whole have their deadlines."""

    def __init__(self, connection: SecureServer | SecureClient, deadlines: Deadlines, opened: float) -> None:
        self.connection = connection
        self.source = connection.source
        self.other: bytes | None = None
        """The device that TLS has shown, at the dialer's."""
        self._step = deadlines.step
        self._until = opened + deadlines.handshake

    def now(self) -> float:
        return self.connection.loop.time()

    async def send(self, frame: bytes) -> None:
        await self.connection.send(frame)

    async def pause(self, seconds: float) -> None:
        """Wait so long, within the whole's deadline. `NoAnswer` when the connection ends meanwhile."""
        if self.now() >= self._until:
            raise TimeoutError
        try:
            async with asyncio.timeout(seconds):
                await self.connection.wait_closed()
        except TimeoutError:
            return
        raise NoAnswer("gone before its turn")

    async def receive(self, patient: bool = False) -> bytes:
        """The next frame, within a step's deadline; ``patient``: within the whole's."""
        until = self._until if patient else min(self._until, self.now() + self._step)
        async with asyncio.timeout_at(until):
            return await self.connection.recv(decode=False)

    async def exchange(self, frame: bytes) -> bytes:
        await self.send(frame)
        return await self.receive()

    @asynccontextmanager
    async def guarded(self) -> AsyncIterator[None]:
        """However a handshake fails, the connection ends with the one code, and the reason is ours."""
        try:
            yield
        except HandshakeRefused as refused:
            if refused.reply is not None:
                self.connection.writer.write(Framed(refused.reply))
            self.connection.fail(refused.close_code, refused.reason)
            raise
        except ConnectionClosed as error:
            concluded = _concluded(link_closed(error))
            if isinstance(concluded, HandshakeRefused):
                concluded.by = self.other
            raise concluded from error
        except TimeoutError as error:
            self.connection.fail(CloseCode.AUTH, "auth")
            raise NoAnswer("the other side fell silent") from error
        except BaseException:
            self.connection.abort()
            raise


def _concluded(closed: LinkClosed) -> KamizeroError:
    """What it means when a connection ends in the middle of a handshake."""
    if closed.code == NOT_CHOSEN:
        return closed
    if closed.code in (CloseCode.AUTH, CloseCode.VERSION) and not closed.ours:
        return HandshakeRefused(Why.REFUSED)
    return NoAnswer(str(closed))


async def greet_dialed(party: Party, connection: SecureClient, opened: float, dialing: Dialing) -> Greeted:
    """The dialer's half of the HELLOs; its own went out with the request."""
    wire = Wire(connection, party.deadlines, opened)
    async with wire.guarded():
        certificate = connection.shown_certificate()
        try:
            shown = public_key(certificate)
        except ValueError as error:
            raise HandshakeRefused(Why.REFUSED) from error
        wire.other = device_id(shown)
        reply = await wire.receive()
        return Greeted(party, wire, dialing.receive(reply, certificate, shown))


async def greet_listened(party: Party, connection: SecureServer) -> Greeted:
    """The listener's half of the HELLOs. Nobody gets ours who asks to resume what there is not, or to be let
    in by a code while none is good."""
    wire = Wire(connection, party.deadlines, connection.opened)
    async with wire.guarded():
        hello = await wire.receive()
        met, reply = meet(party.us(party.room), hello, party.entropy(32), party.device.certificate)
        if met.mode is Mode.PAIR:
            missing = not met.types and (party.codes is None or not party.codes.code)
        elif met.mode is not Mode.MANAGE:
            missing = party.secret_for(met.peer) is None
        else:
            missing = False
        missing = missing or (party.closed and met.mode is not Mode.MANAGE)
        if missing:
            raise HandshakeRefused(Why.REFUSED)
        await wire.send(reply)
        return Greeted(party, wire, met)
