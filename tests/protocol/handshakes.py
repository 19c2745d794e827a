"""Devices, and whole handshakes between two honest sides, as values for the tests of pairing."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from protocol.facilities import (
    ConsoleCertificate,
    ConsoleRole,
    Facilities,
    RoomCertificate,
    device_id,
    sign_console,
    sign_room,
)
from protocol.pairing import Dialing, Entropy, Met, Us, meet
from protocol.pairing_messages import Mode
from protocol.transport.tls import DeviceKey
from protocol.values import Role

ROOM = 27
CODE = "481903"


@dataclass(frozen=True)
class Device:
    """A machine with a key. Its TLS certificate is any bytes that only its key could stand behind."""

    key: ec.EllipticCurvePrivateKey
    spki: bytes

    @property
    def certificate(self) -> bytes:
        return b"certificate of " + self.spki

    @property
    def pem(self) -> bytes:
        """Its public key as a file has it."""
        return self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def sign(self, data: bytes) -> bytes:
        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))


def spki_of(key) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


@cache
def device(name: str) -> Device:
    """The same device for the same name, in every test run."""
    number = int.from_bytes(sha256(name.encode()).digest(), "big") >> 1
    key = ec.derive_private_key(number, ec.SECP256R1())
    return Device(key, spki_of(key))


def facilities() -> Facilities:
    return Facilities(device("facilities").key.public_key())


def certificate_for(holder: Device | DeviceKey, number: int = ROOM, name: str = "第一応接室") -> bytes:
    certificate = RoomCertificate(device_id(holder.spki), number, name)
    return sign_room(device("facilities").sign, certificate)


def console_certificate(holder: Device | DeviceKey, role: ConsoleRole = ConsoleRole.FACILITIES) -> bytes:
    certificate = ConsoleCertificate(device_id(holder.spki), role, "管財課 設備担当")
    return sign_console(device("facilities").sign, certificate)


def console(**changes: object) -> Us:
    holder = device("console")
    us = Us(Role.CONSOLE, ROOM, holder.spki, holder.sign, facilities=facilities())
    return replace(us, **{"certificate": console_certificate(holder), **changes})


def managed(**changes: object) -> Us:
    """A display as the facilities have registered it."""
    return kiosk(**{"certificate": certificate_for(device("kiosk")), "facilities": facilities(), **changes})


def presenter(**changes: object) -> Us:
    us = Us(Role.PRESENTER, ROOM, device("presenter").spki, device("presenter").sign)
    return replace(us, **changes)


def kiosk(**changes: object) -> Us:
    us = Us(Role.DISPLAY, ROOM, device("kiosk").spki, device("kiosk").sign, code_length=6)
    return replace(us, **changes)


def participant(**changes: object) -> Us:
    us = Us(Role.PARTICIPANT, ROOM, device("participant").spki, device("participant").sign)
    return replace(us, **changes)


def open_presenter(**changes: object) -> Us:
    """A presenter whose join code people may type; it listens, about whatever room they say."""
    return presenter(**{"room": None, "code_length": 6, **changes})


def seeded(seed: int) -> Entropy:
    """Random bytes that are the same each time; never for anything but a test."""
    return random.Random(seed).randbytes


@dataclass
class Outcome:
    """What each side holds at the end, and every frame that went by, in order."""

    owner_secret: bytes
    guest_secret: bytes
    slot: int
    frames: list[bytes] = field(default_factory=list)


def greet(
    dialer: Us, listener: Us, mode: Mode, entropy: Entropy, listening: Device
) -> tuple[Met, Met, list[bytes]]:
    """The HELLOs of an undisturbed link: the dialer's state, the listener's, the two frames."""
    dialing = Dialing(dialer, mode, entropy(32))
    listened, reply = meet(listener, dialing.frame, entropy(32), listening.certificate)
    dialed = dialing.receive(reply, listening.certificate, listening.spki)
    return dialed, listened, [dialing.frame, reply]


def run(
    owner: Us,
    guest: Us,
    *,
    mode: Mode = Mode.PAIR,
    owner_dials: bool = True,
    typed: str = CODE,
    shown: Sequence[str] = (CODE,),
    secrets: tuple[bytes, bytes] = (b"", b""),
    seed: int = 1,
) -> Outcome:
    """A whole handshake between two honest sides; what they refuse is raised."""
    entropy = seeded(seed)
    if owner_dials:
        met, met_guest, frames = greet(owner, guest, mode, entropy, device("kiosk"))
    else:
        met_guest, met, frames = greet(guest, owner, mode, entropy, device("presenter"))
    if mode is Mode.PAIR:
        typing, showing = (met, met_guest) if met.types else (met_guest, met)
        guessing = typing.guess(typed, entropy)
        answering = showing.receive_guess(guessing.frame, shown, entropy)
        frames += [guessing.frame, answering.frame]
        proving, expecting = guessing.receive(answering.frame), answering.then
    elif mode is Mode.MANAGE:
        proving, expecting = met.prove_key(), met_guest.expect_key()
    else:
        proving, expecting = met.prove(secrets[0]), met_guest.expect_proof(secrets[1])
    confirming = expecting.receive(proving.frame)
    proved = proving.receive(confirming.frame)
    frames += [proving.frame, confirming.frame, proved.frame]
    held = proved.secret, confirming.receive(proved.frame)
    return Outcome(*(held if proving.met.owner else reversed(held)), confirming.slot, frames)
