"""Every check of the handshake, each under its own name; all of them fail alike.

They are called through this module, so that a test can take one away and show which attack it stops.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from enum import Enum, auto

from protocol.errors import CloseCode, PeerFault
from protocol.facilities import ConsoleCertificate, RoomCertificate, load_p256, signature_holds
from protocol.messages import VERSION
from protocol.values import Role

_FIELD = 2**255 - 19


class Why(Enum):
    """Why a handshake failed, as this side alone concludes it. On the wire all but the version look alike."""

    REFUSED = auto()
    NOT_REGISTERED = auto()
    HERE_OLDER = auto()
    THERE_OLDER = auto()


class HandshakeRefused(PeerFault):
    """The handshake cannot go on. ``reply``: a frame to send before closing, if any. ``by``: whose device TLS
    has shown to be at the other end, where that is known."""

    def __init__(self, why: Why) -> None:
        other_version = why in (Why.HERE_OLDER, Why.THERE_OLDER)
        code = CloseCode.VERSION if other_version else CloseCode.AUTH
        super().__init__(code, code.name.lower())
        self.why = why
        self.reply: bytes | None = None
        self.by: bytes | None = None


def _demand(holds: bool, why: Why = Why.REFUSED) -> None:
    if not holds:
        raise HandshakeRefused(why)


def versions(lowest: int, highest: int) -> None:
    """The ranges must meet. (Ours is one version long.)"""
    _demand(lowest <= highest)
    _demand(highest >= VERSION, Why.THERE_OLDER)
    _demand(lowest <= VERSION, Why.HERE_OLDER)


def tls_key(said: bytes, shown: bytes) -> None:
    """The key in the listener's HELLO is the key of its TLS certificate."""
    _demand(said == shown)


def reflection(ours: bytes, theirs: bytes, our_nonce: bytes, their_nonce: bytes) -> None:
    """Nobody may hand us our own key or our own nonce."""
    _demand(ours != theirs and our_nonce != their_nonce)


def roles(ours: Role, theirs: Role) -> None:
    """One presenter, and one display or participant; or a console and a display."""
    pair = {ours, theirs}
    _demand(
        pair
        in (
            {Role.PRESENTER, Role.DISPLAY},
            {Role.PRESENTER, Role.PARTICIPANT},
            {Role.CONSOLE, Role.DISPLAY},
        )
    )


def purpose(*, console: bool, manages: bool, pairs: bool, enrolling: bool) -> None:
    """A console manages, or types the code of a display that waits to be enrolled. Such a display takes
    nobody else, and nobody else manages."""
    if console:
        _demand(pairs if enrolling else manages)
    else:
        _demand(not manages and not enrolling)


def mode(ours: int, theirs: int) -> None:
    """Both mean the same kind of link."""
    _demand(ours == theirs)


def room(ours: int, theirs: int) -> None:
    """Both mean the same room."""
    _demand(ours == theirs)


def key_kind(spki: bytes) -> None:
    """A device key is ECDSA P-256, canonically encoded."""
    _demand(load_p256(spki) is not None)


def registration(certificate: RoomCertificate | None, number: int) -> None:
    """Where the facilities' key is installed, a display shows its certificate for this very room."""
    _demand(certificate is not None and certificate.number == number, Why.NOT_REGISTERED)


def console(certificate: ConsoleCertificate | None) -> None:
    """A console shows the facilities' certificate of its key."""
    _demand(certificate is not None)


def elements(received: Sequence[bytes], *, owner: bool, slots: int) -> None:
    """SPAKE2 elements of the other side, one for each slot: its side byte, then the one canonical encoding of
    a point.

    The curve and the subgroup are the library's check; it would let other encodings of the identity pass.
    """
    _demand(len(received) == slots)
    for element in received:
        y = int.from_bytes(element[1:], "little") & ((1 << 255) - 1)
        _demand(len(element) == 33 and element[:1] == (b"A" if owner else b"B") and 1 < y < _FIELD - 1)


def macs(expected: Sequence[bytes], received: Sequence[bytes]) -> int:
    """The slot whose MAC holds."""
    _demand(len(expected) == len(received))
    held = [hmac.compare_digest(ours, theirs) for ours, theirs in zip(expected, received, strict=True)]
    _demand(any(held))
    return held.index(True)


def signature(spki: bytes, received: bytes, statement: bytes) -> None:
    """The device whose key stands in the HELLO signed this very transcript."""
    key = load_p256(spki)
    _demand(key is not None and signature_holds(key, received, statement))
