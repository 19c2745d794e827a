"""The handshake of a link: who is there, that both know the code (or the secret), that nobody sits between.

Values in, values out: frames go in, the next state with the frame to send comes out, and what must not be
raises `HandshakeRefused`. No clock, no socket; randomness is an argument. Each state is a class of its own,
so that no step can be left out::

    dialer     Dialing -> Met      prover     Met -> Guessing -> Proving -> Proved
    listener   meet()  -> Met      verifier   Met -> Answering -> Expecting -> Confirming -> secret

The prover is the side that types the code (the owner a wall's, a participant the owner's join code), and on
resume the session owner; whoever dialled has no say in it. A console stands where an owner stands.
The wire and the reasons are in PROTOCOL.md. Every check stands in `pairing_checks`.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from spake2 import SPAKE2_A, SPAKE2_B, SPAKEError
from spake2.ed25519_basic import NotOnCurve

from protocol import pairing_checks as checks
from protocol.errors import Misuse
from protocol.facilities import ConsoleCertificate, Facilities, Sign, device_id
from protocol.messages import VERSION
from protocol.pairing_checks import HandshakeRefused, Why
from protocol.pairing_messages import (
    SLOTS,
    Answer,
    Guess,
    Hello,
    Mode,
    Proof,
    Ready,
    decode_answer,
    decode_guess,
    decode_hello,
    decode_proof,
    decode_ready,
    encode,
)
from protocol.values import Role

__all__ = [
    "Answering",
    "Confirming",
    "Dialing",
    "Entropy",
    "Expecting",
    "Guessing",
    "HandshakeRefused",
    "Met",
    "Mode",
    "PeerFacts",
    "Proved",
    "Proving",
    "Us",
    "Why",
    "digest",
    "meet",
]

PROTOCOL = b"kamizero.v1"
_NO_SECRET = bytes(32)
"""In mode manage nothing is secret: the signatures and certificates say who is there."""
_OWNERS = (Role.PRESENTER, Role.CONSOLE)
Entropy = Callable[[int], bytes]
"""That many random bytes, fit for keys."""


@dataclass(frozen=True, slots=True)
class Us:
    """What one side brings to a link.

    ``room`` None (the session owner, dialled by a kiosk): whatever room the other side says it is; the caller
    decides then. ``code_length``: digits of the code shown here, 0 where none is shown (an owner's join code
    is shown to participants only). ``enrolling``: a display
    that waits to be enrolled, and a console that does it.
    """

    role: Role
    room: int | None
    spki: bytes
    sign: Sign
    code_length: int = 0
    certificate: bytes | None = None
    facilities: Facilities | None = None
    enrolling: bool = False


@dataclass(frozen=True, slots=True)
class PeerFacts:
    """Who is at the other end. Proven once the link is authenticated, only said before.

    ``registered``: the facilities' certificate names this device as the display of ``room_number``;
    ``room_name`` is that certificate's. ``code_length``: digits of the code it shows, 0 for none.
    ``console``: what the facilities say of a console.
    """

    role: Role
    device_id: bytes
    registered: bool
    room_number: int
    room_name: str | None
    version: int
    code_length: int
    revocations: int
    console: ConsoleCertificate | None = None
    spki: bytes = b""


def digest(*parts: bytes) -> bytes:
    """SHA-256 of the parts, each behind its length (4 bytes, big-endian)."""
    return sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).digest()


def _hello(us: Us, mode: Mode, room: int, nonce: bytes, other: Role) -> Hello:
    """``other``: the other side's role, as far as it is known."""
    revocations = 0 if us.facilities is None else us.facilities.revoked.number
    hidden = us.role is Role.PRESENTER and other is not Role.PARTICIPANT
    digits = 0 if hidden else us.code_length
    return Hello(VERSION, VERSION, mode, us.role, room, us.spki, nonce, digits, us.certificate, revocations)


@dataclass(frozen=True, slots=True)
class Met:
    """Both HELLOs were exchanged and fit. Nothing is proven yet."""

    us: Us
    peer: PeerFacts
    mode: Mode
    th0: bytes
    theirs: Hello

    @property
    def owner(self) -> bool:
        """Whether this side owns the session, or is the console (SPAKE2's side A)."""
        return self.us.role in _OWNERS

    @property
    def joining(self) -> bool:
        """Whether the code is a join code: the guest types it. Else it is a wall's, and the owner does."""
        return Role.PARTICIPANT in (self.us.role, self.theirs.role)

    @property
    def types(self) -> bool:
        """Whether the code is typed at this side."""
        return self.owner is not self.joining

    @property
    def slots(self) -> int:
        """How many codes one guess is tried against."""
        return 1 if self.joining else SLOTS

    def guess(self, code: str, entropy: Entropy) -> Guessing:
        """The prover of PAIR speaks first, with the code as it was typed."""
        if self.mode is not Mode.PAIR or not self.types:
            raise Misuse("only the side that types the code guesses")
        password = self._password(code)
        runs = tuple(_Run(self, password, entropy) for _ in range(self.slots))
        return Guessing(self, runs, encode(Guess(tuple(run.element for run in runs))))

    def receive_guess(self, frame: bytes, codes: Sequence[str], entropy: Entropy) -> Answering:
        """The verifier of PAIR answers; ``codes`` are those good now, the newest first, at most one a slot.

        A slot without a code runs with a password that nobody has. The caller has counted the guess.
        """
        if self.mode is not Mode.PAIR or self.types or len(codes) > self.slots:
            raise Misuse("only the side that shows the code answers a guess")
        theirs = decode_guess(frame).elements
        checks.elements(theirs, owner=not self.owner, slots=self.slots)
        runs = []
        for slot in range(self.slots):
            code = codes[slot] if slot < len(codes) else None
            password = entropy(32) if code is None else self._password(code)
            runs.append(_Run(self, password, entropy))
        ours = tuple(run.element for run in runs)
        th = self.transcript(ours, theirs)
        schedules = tuple(
            _Schedule(th, run.finish(element)) for run, element in zip(runs, theirs, strict=True)
        )
        return Answering(encode(Answer(ours)), Expecting(self, th, schedules))

    def transcript(self, ours: Sequence[bytes], theirs: Sequence[bytes]) -> bytes:
        """All that was said so far; the owner's elements first, whoever guessed."""
        first, second = (ours, theirs) if self.owner else (theirs, ours)
        return digest(self.th0, b"".join(first), b"".join(second))

    def _password(self, code: str) -> bytes:
        return _password(b"join" if self.joining else b"code", self.theirs.room, code)

    def prove(self, secret: bytes) -> Proving:
        """The session owner proves the secret of a session that lives (RESUME, BULK)."""
        if self.mode not in (Mode.RESUME, Mode.BULK) or not self.owner:
            raise Misuse("only the session owner resumes")
        return self._proves(secret)

    def expect_proof(self, secret: bytes) -> Expecting:
        """The guest waits for the owner's proof of that secret (RESUME, BULK)."""
        if self.mode not in (Mode.RESUME, Mode.BULK) or self.owner:
            raise Misuse("only the guest of a session is resumed")
        return self._expects(secret)

    def prove_key(self) -> Proving:
        """The console proves its key (MANAGE)."""
        if self.mode is not Mode.MANAGE or not self.owner:
            raise Misuse("only a console manages")
        return self._proves(_NO_SECRET)

    def expect_key(self) -> Expecting:
        """The display waits for the console's proof of its key (MANAGE)."""
        if self.mode is not Mode.MANAGE or self.owner:
            raise Misuse("only a display is managed")
        return self._expects(_NO_SECRET)

    def _proves(self, secret: bytes) -> Proving:
        th = self.transcript((), ())
        return _proving(self, th, (_Schedule(th, secret, resumed=True),))

    def _expects(self, secret: bytes) -> Expecting:
        th = self.transcript((), ())
        return Expecting(self, th, (_Schedule(th, secret, resumed=True),))


class Dialing:
    """The side that dialled: ``frame`` is its HELLO, to be sent at once."""

    def __init__(self, us: Us, mode: Mode, nonce: bytes) -> None:
        if us.room is None:
            raise Misuse("who dials knows the room")
        self._us = us
        self._hello = _hello(us, mode, us.room, nonce, Role.DISPLAY)
        self.frame = encode(self._hello)

    def receive(self, frame: bytes, listener_certificate: bytes, tls_spki: bytes) -> Met:
        """The listener's HELLO; its TLS certificate (DER) and that certificate's key, as TLS gave them."""
        theirs = decode_hello(frame)
        checks.tls_key(theirs.spki, tls_spki)
        return _met(self._us, self._hello, theirs, (self.frame, frame), listener_certificate)


def meet(us: Us, frame: bytes, nonce: bytes, listener_certificate: bytes) -> tuple[Met, bytes]:
    """The side that was dialled: the dialer's HELLO in, the state and our own HELLO to send out.

    `HandshakeRefused` of another version carries our HELLO as ``reply``, so that both know who is older.
    """
    try:
        theirs = decode_hello(frame)
    except HandshakeRefused as refused:
        if refused.why in (Why.HERE_OLDER, Why.THERE_OLDER):
            refused.reply = encode(_hello(us, Mode.PAIR, us.room or 1, nonce, Role.DISPLAY))
        raise
    ours = _hello(us, theirs.mode, theirs.room if us.room is None else us.room, nonce, theirs.role)
    reply = encode(ours)
    return _met(us, ours, theirs, (frame, reply), listener_certificate), reply


def _met(us: Us, ours: Hello, theirs: Hello, frames: tuple[bytes, bytes], certificate: bytes) -> Met:
    """``frames``: the dialer's HELLO, then the listener's, as they went over the wire."""
    checks.reflection(ours.spki, theirs.spki, ours.nonce, theirs.nonce)
    checks.roles(ours.role, theirs.role)
    checks.mode(ours.mode, theirs.mode)
    checks.purpose(
        console=Role.CONSOLE in (ours.role, theirs.role),
        manages=ours.mode is Mode.MANAGE,
        pairs=ours.mode is Mode.PAIR,
        enrolling=us.enrolling,
    )
    checks.room(ours.room, theirs.room)
    checks.key_kind(theirs.spki)
    registration = None
    if us.facilities is not None and theirs.role is Role.DISPLAY and not us.enrolling:
        registration = us.facilities.room_of(theirs.certificate, theirs.spki)
        checks.registration(registration, theirs.room)
    console = None
    if theirs.role is Role.CONSOLE and us.facilities is not None:
        console = us.facilities.console_of(theirs.certificate, theirs.spki)
    if theirs.role is Role.CONSOLE and (us.facilities is not None or not us.enrolling):
        checks.console(console)
    peer = PeerFacts(
        role=theirs.role,
        device_id=device_id(theirs.spki),
        registered=registration is not None,
        room_number=theirs.room,
        room_name=None if registration is None else registration.name,
        version=min(VERSION, theirs.highest),
        code_length=theirs.code_length,
        revocations=theirs.revocations,
        console=console,
        spki=theirs.spki,
    )
    return Met(us, peer, ours.mode, _th0(frames, certificate), theirs)


def _th0(frames: tuple[bytes, bytes], listener_certificate: bytes) -> bytes:
    return digest(PROTOCOL, *frames, sha256(listener_certificate).digest())


class _Run:
    """One run of SPAKE2, for one slot. Sides go by role, identities bind role and key."""

    def __init__(self, met: Met, password: bytes, entropy: Entropy) -> None:
        ours = _identity(met.us.role, met.us.spki)
        theirs = _identity(met.theirs.role, met.theirs.spki)
        if met.owner:
            self._pake = SPAKE2_A(password, idA=ours, idB=theirs, entropy_f=entropy)
        else:
            self._pake = SPAKE2_B(password, idA=theirs, idB=ours, entropy_f=entropy)
        self.element: bytes = self._pake.start()

    def finish(self, element: bytes) -> bytes:
        try:
            key: bytes = self._pake.finish(element)
        except (SPAKEError, NotOnCurve, ValueError) as error:
            raise HandshakeRefused(Why.REFUSED) from error
        return key


def _identity(role: Role, spki: bytes) -> bytes:
    return digest(b"identity", bytes([role]), spki)


def _password(kind: bytes, room: int, code: str) -> bytes:
    return digest(kind, room.to_bytes(4, "big"), code.encode("ascii", "replace"))


class _Schedule:
    """The keys that one shared secret gives under one transcript."""

    def __init__(self, th: bytes, shared: bytes, *, resumed: bool = False) -> None:
        self.owner = _expand(shared, th, b"confirm owner")
        self.guest = _expand(shared, th, b"confirm guest")
        self.secret = shared if resumed else _expand(shared, th, b"session")

    def mac(self, owner: bool, th: bytes) -> bytes:
        return hmac.digest(self.owner if owner else self.guest, th, "sha256")


def _expand(shared: bytes, th: bytes, label: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=th, info=PROTOCOL + b" " + label).derive(shared)


def _statement(owner: bool, th: bytes) -> bytes:
    """What a device signs: that it, in this role, took part in this very transcript."""
    return PROTOCOL + (b" proof owner\0" if owner else b" proof guest\0") + th


@dataclass(frozen=True, slots=True)
class Guessing:
    """The guess is made: send ``frame``, wait for the answer."""

    met: Met
    runs: tuple[_Run, ...]
    frame: bytes

    def receive(self, frame: bytes) -> Proving:
        """The verifier's elements; our proof comes out."""
        theirs = decode_answer(frame).elements
        checks.elements(theirs, owner=not self.met.owner, slots=self.met.slots)
        th = self.met.transcript([run.element for run in self.runs], theirs)
        shared = (run.finish(element) for run, element in zip(self.runs, theirs, strict=True))
        return _proving(self.met, th, tuple(_Schedule(th, key) for key in shared))


def _proving(met: Met, th: bytes, schedules: tuple[_Schedule, ...]) -> Proving:
    macs = tuple(schedule.mac(met.owner, th) for schedule in schedules)
    frame = encode(Proof(macs, met.us.sign(_statement(met.owner, th))))
    return Proving(met, th, schedules, frame)


@dataclass(frozen=True, slots=True)
class Proving:
    """The prover's proof is made: send ``frame``, wait for the verifier's."""

    met: Met
    th: bytes
    schedules: tuple[_Schedule, ...]
    frame: bytes

    def receive(self, frame: bytes) -> Proved:
        """The verifier's proof: it must hold before anything further is sent."""
        proof, they_own = decode_proof(frame), not self.met.owner
        found = checks.macs(
            tuple(schedule.mac(they_own, self.th) for schedule in self.schedules),
            proof.macs[:1] * len(self.schedules),
        )
        checks.signature(self.met.theirs.spki, proof.signature, _statement(they_own, self.th))
        return Proved(self.schedules[found].secret, encode(Ready()))


@dataclass(frozen=True, slots=True)
class Proved:
    """Both sides hold: send ``frame`` and go on. ``secret`` is the session's."""

    secret: bytes
    frame: bytes


@dataclass(frozen=True, slots=True)
class Answering:
    """The verifier sends ``frame`` and goes on with ``then``."""

    frame: bytes
    then: Expecting


@dataclass(frozen=True, slots=True)
class Expecting:
    """The verifier waits for the prover's proof."""

    met: Met
    th: bytes
    schedules: tuple[_Schedule, ...]

    def receive(self, frame: bytes) -> Confirming:
        """The prover's MACs and signature. Only when both hold, our own proof comes out."""
        proof, we_own = decode_proof(frame), self.met.owner
        theirs = tuple(schedule.mac(not we_own, self.th) for schedule in self.schedules)
        slot = checks.macs(theirs, proof.macs)
        checks.signature(self.met.theirs.spki, proof.signature, _statement(not we_own, self.th))
        mac = self.schedules[slot].mac(we_own, self.th)
        ours = Proof((mac,), self.met.us.sign(_statement(we_own, self.th)))
        return Confirming(self.met, self.schedules[slot].secret, slot, encode(ours))


@dataclass(frozen=True, slots=True)
class Confirming:
    """The prover is who it says: send ``frame``. ``slot``: which of the codes it knew."""

    met: Met
    secret: bytes
    slot: int
    frame: bytes

    def receive(self, frame: bytes) -> bytes:
        """The prover's Ready; the session's secret comes out."""
        decode_ready(frame)
        return self.secret
