"""Attacks on both pairings, by the room's code and by the join code; what each check is good for."""

from __future__ import annotations

import msgspec
import pytest
from spake2 import SPAKE2_A, SPAKE2_B

from protocol.pairing_checks import HandshakeRefused
from protocol.pairing_messages import Guess
from tests.protocol.attackers import (
    BINDING_OF_CERTIFICATE,
    BINDING_OF_HELLOS,
    BINDING_OF_IDENTITIES,
    BY_JOIN_CODE,
    BY_ROOM_CODE,
    MACS,
    REFLECTION,
    REGISTRATION,
    SIGNATURE,
    TLS_KEY,
    Pairing,
    attacks,
    encode,
)
from tests.protocol.elements import BAD_ELEMENTS, GOOD_POINT, from_the_other_side
from tests.protocol.handshakes import CODE, seeded

pytestmark = pytest.mark.usefixtures("products_kept")

WAYS = [pytest.param(BY_ROOM_CODE, id="room code"), pytest.param(BY_JOIN_CODE, id="join code")]

# Where two locks hang on one door, both must be taken away; each alone still holds, and a row says so.
EITHER = [
    ([MACS], "guesser without the code", True),
    ([SIGNATURE], "thief of a public key", True),
    ([TLS_KEY], "a relay", False),
    ([BINDING_OF_CERTIFICATE], "a relay", False),
    ([TLS_KEY, BINDING_OF_CERTIFICATE], "a relay", True),
    ([TLS_KEY, BINDING_OF_CERTIFICATE], "a relay of a resume", True),
    ([TLS_KEY, BINDING_OF_CERTIFICATE], "a relay turning bulk into resume", False),
    ([TLS_KEY, BINDING_OF_HELLOS], "a relay turning bulk into resume", True),
    ([BINDING_OF_HELLOS], "a relay with its own keys", False),
    ([BINDING_OF_IDENTITIES], "a relay with its own keys", False),
    ([BINDING_OF_HELLOS, BINDING_OF_IDENTITIES], "a relay with its own keys", True),
    ([MACS], "replayed run", False),
    ([MACS, SIGNATURE], "replayed run", True),
    ([SIGNATURE], "listener without the code", False),
    ([MACS], "listener without the code", True),
    ([REFLECTION], "reflection", False),
    ([MACS, SIGNATURE], "reflection", False),
]
WITH_A_WALL = [
    ([SIGNATURE], "thief who dials with code and copied certificate", True),
    ([REGISTRATION], "uncertified kiosk with the code", True),
    ([TLS_KEY], "thief who listens with code and copied certificate", False),
    ([TLS_KEY, SIGNATURE], "thief who listens with code and copied certificate", True),
    ([MACS, SIGNATURE], "replayed resume", True),
]


@pytest.mark.parametrize(
    ("way", "name"),
    [(BY_ROOM_CODE, name) for name in attacks(BY_ROOM_CODE)]
    + [(BY_JOIN_CODE, name) for name in attacks(BY_JOIN_CODE)],
)
def test_nobody_takes_the_attacker_for_the_peer(way: Pairing, name: str) -> None:
    assert attacks(way)[name]() == set()


@pytest.mark.parametrize(
    ("way", "removed", "name", "gets_through"),
    [(way, *row) for way in (BY_ROOM_CODE, BY_JOIN_CODE) for row in EITHER]
    + [(BY_ROOM_CODE, *row) for row in WITH_A_WALL],
)
def test_what_each_check_stops(
    way: Pairing, removed, name: str, gets_through: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, check, instead in removed:
        monkeypatch.setattr(module, check, instead)
    assert bool(attacks(way)[name]()) is gets_through


# --- points that are none --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BAD_ELEMENTS)
@pytest.mark.parametrize("way", WAYS)
def test_a_bad_element_is_refused_in_every_slot_and_direction(way: Pairing, name: str) -> None:
    for slot in range(way.slots):
        met, there = way.greeted(3)
        by_owner, by_guest = [SPAKE2_A(b"code").start()] * way.slots, [SPAKE2_B(b"code").start()] * way.slots
        by_owner[slot] = BAD_ELEMENTS[name]
        by_guest[slot] = from_the_other_side(BAD_ELEMENTS[name])
        guess, answer = (by_owner, by_guest) if way.owner_dials else (by_guest, by_owner)
        with pytest.raises(HandshakeRefused) as refused:
            there.receive_guess(encode([193, guess]), (CODE,), seeded(4))
        assert refused.value.close_code == 4401
        with pytest.raises(HandshakeRefused):
            met.guess(CODE, seeded(4)).receive(encode([194, answer]))


@pytest.mark.parametrize("way", WAYS)
def test_an_element_sent_back_as_the_other_sides_is_refused(way: Pairing) -> None:
    met, _ = way.greeted(3)
    guessing = met.guess(CODE, seeded(4))
    own = msgspec.msgpack.decode(guessing.frame, type=Guess).elements
    with pytest.raises(HandshakeRefused):
        guessing.receive(encode([194, list(map(from_the_other_side, own))]))


@pytest.mark.parametrize("count", [0, 1, 2, 3])
@pytest.mark.parametrize("way", WAYS)
def test_another_number_of_codes_at_once_is_refused(way: Pairing, count: int) -> None:
    if count == way.slots:
        return
    met, there = way.greeted(3)
    sides = (b"A", b"B") if way.owner_dials else (b"B", b"A")
    guess, answer = ([side + GOOD_POINT] * count for side in sides)
    with pytest.raises(HandshakeRefused):
        there.receive_guess(encode([193, guess]), (CODE,), seeded(4))
    with pytest.raises(HandshakeRefused):
        met.guess(CODE, seeded(4)).receive(encode([194, answer]))
