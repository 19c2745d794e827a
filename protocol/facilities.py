"""What the facilities' key says: this device is the display of that room, that one a console; these are out.

The key itself never comes near this program: the console that holds it signs, everything else verifies. There
are no dates; a key leaves by the revocation list, whose number only grows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from typing import Annotated, TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import Meta

from protocol.errors import Misuse
from protocol.values import PersonName, RoomNumber, Value

CERTIFICATE_LIMIT = 1_024
_ROOM_LABEL = b"kamizero.v1 room certificate\0"
_CONSOLE_LABEL = b"kamizero.v1 console certificate\0"
_REVOKED_LABEL = b"kamizero.v1 revocation list\0"

DeviceId = Annotated[bytes, Meta(min_length=32, max_length=32)]
ListNumber = Annotated[int, Meta(ge=0, le=2**40)]
Sign = Callable[[bytes], bytes]
"""Signs bytes with ECDSA P-256 over SHA-256; the answer is DER."""


class RoomCertificate(Value, frozen=True):
    """This device id is the display of this room, which people call by this name."""

    device: DeviceId
    number: RoomNumber
    name: PersonName


class ConsoleRole(IntEnum):
    """What a console may do. READ_ONLY: look at how displays are."""

    FACILITIES = 0
    IT = 1
    READ_ONLY = 2


class ConsoleCertificate(Value, frozen=True):
    """This device id is a console of the facilities, in this role, kept by whom this name says."""

    device: DeviceId
    role: ConsoleRole
    name: PersonName

    @property
    def may_order(self) -> bool:
        """Whether displays do what it orders."""
        return self.role is not ConsoleRole.READ_ONLY


class RevocationList(Value, frozen=True):
    """Devices that are certified no longer. Number 0 is the empty list that everybody starts with."""

    number: ListNumber
    devices: Annotated[tuple[DeviceId, ...], Meta(max_length=100_000)]


class Signed(Value, frozen=True):
    """An encoded statement and the facilities' signature over its label and its bytes."""

    body: bytes
    signature: Annotated[bytes, Meta(max_length=80)]


S = TypeVar("S")
C = TypeVar("C", RoomCertificate, ConsoleCertificate)

_signed = msgspec.msgpack.Decoder(Signed)
_room_certificate = msgspec.msgpack.Decoder(RoomCertificate)
_console_certificate = msgspec.msgpack.Decoder(ConsoleCertificate)
_revocation_list = msgspec.msgpack.Decoder(RevocationList)


def device_id(spki: bytes) -> bytes:
    """The name of a device: SHA-256 of its public key (DER SubjectPublicKeyInfo)."""
    return sha256(spki).digest()


def load_p256(spki: bytes) -> ec.EllipticCurvePublicKey | None:
    """The public key of a DER SubjectPublicKeyInfo, or None unless it is a canonical P-256 key."""
    try:
        key = serialization.load_der_public_key(spki)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        return None
    canonical = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return key if canonical == spki else None


def signature_holds(key: ec.EllipticCurvePublicKey, signature: bytes, data: bytes) -> bool:
    """Whether ``signature`` (DER) over ``data`` was made with the private half of ``key``."""
    try:
        key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def sign_room(sign: Sign, certificate: RoomCertificate) -> bytes:
    """A room certificate as it stands in a kiosk's state folder and in its HELLO."""
    return _sign(sign, _ROOM_LABEL, certificate)


def sign_console(sign: Sign, certificate: ConsoleCertificate) -> bytes:
    """A console certificate as it stands in the console's folder, in its HELLO and in its orders."""
    return _sign(sign, _CONSOLE_LABEL, certificate)


def sign_revocations(sign: Sign, revoked: RevocationList) -> bytes:
    """A revocation list as it is passed on."""
    return _sign(sign, _REVOKED_LABEL, revoked)


def _sign(sign: Sign, label: bytes, statement: Value) -> bytes:
    body = msgspec.msgpack.encode(statement)
    return msgspec.msgpack.encode(Signed(body, sign(label + body)))


_NOBODY_REVOKED = RevocationList(0, ())


@dataclass(frozen=True, slots=True)
class Facilities:
    """The facilities' public key as installed here (``facilities.pem``), with the newest list known.
    ``newest``: that list as it is passed on, b"" where there is none."""

    key: ec.EllipticCurvePublicKey
    revoked: RevocationList = _NOBODY_REVOKED
    newest: bytes = b""

    @classmethod
    def from_pem(cls, pem: bytes) -> Facilities:
        """From a PEM public key. ``Misuse`` when it is anything but a P-256 key."""
        try:
            key = serialization.load_pem_public_key(pem)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise Misuse("facilities.pem is not a PEM public key") from error
        if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
            raise Misuse("facilities.pem is not a P-256 key")
        return cls(key)

    @classmethod
    def of_nobody(cls) -> Facilities:
        """A key that nobody holds: no machine is registered."""
        return cls(ec.generate_private_key(ec.SECP256R1()).public_key())

    def with_revocations(self, frame: bytes) -> Facilities:
        """With this list, if the facilities signed it and it tells anything new; otherwise unchanged.

        Nobody ever leaves: a list that was made from an old backup takes no revocation back.
        """
        told = self.list_in(frame)
        if told is None:
            return self
        known = self.revoked
        everybody = tuple(dict.fromkeys((*known.devices, *told.devices)))
        if told.number <= known.number and len(everybody) == len(known.devices):
            return self
        newest = frame if told.number >= known.number else self.newest
        return Facilities(self.key, RevocationList(max(known.number, told.number), everybody), newest)

    def list_in(self, frame: bytes) -> RevocationList | None:
        """The revocation list in ``frame``, if the facilities signed it."""
        return self._said(_REVOKED_LABEL, _revocation_list, frame)

    def room_of(self, frame: bytes | None, spki: bytes) -> RoomCertificate | None:
        """The certificate in ``frame`` if it is the facilities' word about the holder of ``spki``."""
        return self._certified(self._said(_ROOM_LABEL, _room_certificate, frame), spki)

    def console_of(self, frame: bytes | None, spki: bytes) -> ConsoleCertificate | None:
        """The certificate in ``frame`` if it says that the holder of ``spki`` is a console."""
        return self._certified(self._said(_CONSOLE_LABEL, _console_certificate, frame), spki)

    def _certified(self, certificate: C | None, spki: bytes) -> C | None:
        device = device_id(spki)
        if certificate is None or certificate.device != device or device in self.revoked.devices:
            return None
        return certificate

    def _said(self, label: bytes, decoder: msgspec.msgpack.Decoder[S], frame: bytes | None) -> S | None:
        """The statement in ``frame``, if the facilities signed it as one of that label."""
        body = None if frame is None else self._body(label, frame)
        try:
            return None if body is None else decoder.decode(body)
        except msgspec.MsgspecError:
            return None

    def _body(self, label: bytes, frame: bytes) -> bytes | None:
        try:
            signed = _signed.decode(frame)
        except msgspec.MsgspecError:
            return None
        return signed.body if signature_holds(self.key, signed.signature, label + signed.body) else None
