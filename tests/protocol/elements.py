"""Points of the curve, good ones and those that no handshake may take."""

from __future__ import annotations

from spake2.ed25519_basic import (
    Base,
    ElementOfUnknownGroup,
    L,
    NotOnCurve,
    Q,
    decodepoint,
    xform_affine_to_extended,
)


def point(y: int, sign: int = 0) -> bytes:
    return (y | sign << 255).to_bytes(32, "little")


def of_order_eight() -> bytes:
    """A point outside the prime-order group: some curve point times L."""
    for y in range(2, 1_000):
        try:
            found = ElementOfUnknownGroup(xform_affine_to_extended(decodepoint(point(y)))).scalarmult(L)
        except NotOnCurve:
            continue
        encoded = found.to_bytes()
        if encoded not in (point(1), point(Q - 1)):
            return encoded
    raise AssertionError("there are such points")


GOOD_POINT = Base.scalarmult(12_345).to_bytes()
BAD_ELEMENTS = {
    "identity": b"A" + point(1),
    "identity with a sign": b"A" + point(1, 1),
    "identity, other encoding": b"A" + point(Q + 1),
    "order 2": b"A" + point(Q - 1),
    "order 4": b"A" + point(0),
    "order 8": b"A" + of_order_eight(),
    "not on the curve": b"A" + point(2),
    "32 bytes": GOOD_POINT,
    "34 bytes": b"A" + GOOD_POINT + b"\0",
    "wrong side byte": b"B" + GOOD_POINT,
    "symmetric side byte": b"S" + GOOD_POINT,
}
"""As the owner's side would send them."""


def from_the_other_side(element: bytes) -> bytes:
    """The same with the guest's side byte, where it has one at all."""
    return {b"A": b"B", b"B": b"A"}.get(element[:1], element[:1]) + element[1:]
