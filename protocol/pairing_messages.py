"""The messages of the handshake, and the one way to read them: what does not decode is refused."""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from protocol import pairing_checks as checks
from protocol.facilities import CERTIFICATE_LIMIT
from protocol.pairing_checks import HandshakeRefused, Why
from protocol.values import Role, RoomNumber, Value

SLOTS = 2
"""Codes of a wall that may be good at one moment: the one on it and the former one. Of a join code: one."""

Version = Annotated[int, Meta(ge=1, le=65_535)]
Digest = Annotated[bytes, Meta(min_length=32, max_length=32)]
Element = Annotated[bytes, Meta(min_length=33, max_length=33)]
Elements = Annotated[tuple[Element, ...], Meta(min_length=1, max_length=SLOTS)]
Macs = Annotated[tuple[Digest, ...], Meta(min_length=1, max_length=SLOTS)]


class Mode(IntEnum):
    """What a link is for. RESUME and BULK prove the secret of a session that lives, MANAGE the
    facilities' word about both sides."""

    PAIR = 0
    RESUME = 1
    BULK = 2
    MANAGE = 3


class Hello(Value, frozen=True, tag=192):
    """The first frame of each side. ``lowest`` and ``highest`` stay where they are in every version."""

    lowest: Version
    highest: Version
    mode: Mode
    role: Role
    room: RoomNumber
    spki: Annotated[bytes, Meta(max_length=128)]
    nonce: Digest
    code_length: Annotated[int, Meta(ge=0, le=10)]
    certificate: Annotated[bytes, Meta(max_length=CERTIFICATE_LIMIT)] | None
    revocations: Annotated[int, Meta(ge=0, le=2**40)]


class Guess(Value, frozen=True, tag=193):
    """Prover, PAIR: one SPAKE2 element for each slot, each with its side byte."""

    elements: Elements


class Answer(Value, frozen=True, tag=194):
    """Verifier, PAIR: its elements, slot by slot."""

    elements: Elements


class Proof(Value, frozen=True, tag=195):
    """Each side: a MAC under the key of each slot it may have (the verifier: of the one), and a signature."""

    macs: Macs
    signature: Annotated[bytes, Meta(max_length=80)]


class Ready(Value, frozen=True, tag=196):
    """Prover: I hold your proof to be good; the link is open."""


class _Versions(msgspec.Struct, frozen=True, array_like=True, tag=192):
    """The beginning of every HELLO there will ever be."""

    lowest: Version
    highest: Version


_versions = msgspec.msgpack.Decoder(_Versions)
_hello = msgspec.msgpack.Decoder(Hello)
_guess = msgspec.msgpack.Decoder(Guess)
_answer = msgspec.msgpack.Decoder(Answer)
_proof = msgspec.msgpack.Decoder(Proof)
_ready = msgspec.msgpack.Decoder(Ready)
encode = msgspec.msgpack.Encoder().encode

T = TypeVar("T")


def _decode(decoder: msgspec.msgpack.Decoder[T], frame: bytes) -> T:
    try:
        return decoder.decode(frame)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise HandshakeRefused(Why.REFUSED) from error


def decode_hello(frame: bytes) -> Hello:
    """The versions first, which stand where they stand in every version; then all of it."""
    said = _decode(_versions, frame)
    checks.versions(said.lowest, said.highest)
    return _decode(_hello, frame)


def decode_guess(frame: bytes) -> Guess:
    return _decode(_guess, frame)


def decode_answer(frame: bytes) -> Answer:
    return _decode(_answer, frame)


def decode_proof(frame: bytes) -> Proof:
    return _decode(_proof, frame)


def decode_ready(frame: bytes) -> Ready:
    return _decode(_ready, frame)
