"""Attacks on the handshake by somebody who controls every frame and ends TLS; what each check is good for.

An attack returns the honest sides that took it for their peer. With the checks in place that is always nobody
(security.md §8, rows 19-24 and 26); with a check taken away, the attack it stops gets through.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from spake2 import SPAKE2_A
from spake2.ed25519_basic import Base, L, Q

from protocol import pairing, pairing_checks
from protocol.pairing import Dialing, Us, digest, meet
from protocol.pairing_checks import HandshakeRefused
from protocol.pairing_messages import Answer, Guess, Hello, Mode, Proof
from protocol.values import Role
from tests.protocol.handshakes import (
    CODE,
    Device,
    certificate_for,
    device,
    facilities,
    greet,
    kiosk,
    presenter,
    run,
    seeded,
)

encode = msgspec.msgpack.encode
Fooled = set[str]


def with_fields(frame: bytes, **fields: object) -> bytes:
    return encode(msgspec.structs.replace(msgspec.msgpack.decode(frame, type=Hello), **fields))


def signed_anew(frame: bytes, thief: Device, owner: bool, th: bytes) -> bytes:
    proof = msgspec.msgpack.decode(frame, type=Proof)
    return encode(Proof(proof.macs, thief.sign(pairing._statement(owner, th))))


def relay(*, swap_keys: bool = False, mode: Mode = Mode.PAIR, mode_there: Mode | None = None) -> Fooled:
    """A presenter dials a relay that ends TLS and dials the kiosk. It puts its own key in, or does not."""
    fooled: Fooled = set()
    thief, entropy = device("thief"), seeded(5)
    theirs = {"spki": thief.spki} if swap_keys else {}
    there = {} if mode_there is None else {"mode": mode_there}
    try:
        dialing = Dialing(presenter(), mode, entropy(32))
        to_kiosk = with_fields(dialing.frame, **theirs, **there)
        met_kiosk, reply = meet(kiosk(), to_kiosk, entropy(32), device("kiosk").certificate)
        to_presenter = with_fields(reply, **theirs, **({} if mode_there is None else {"mode": mode}))
        met = dialing.receive(to_presenter, thief.certificate, thief.spki)
        if mode is Mode.PAIR:
            guessing = met.guess(CODE, entropy)
            answering = met_kiosk.receive_guess(guessing.frame, (CODE,), entropy)
            proving, expecting = guessing.receive(answering.frame), answering.then
        else:
            proving, expecting = met.prove(b"s" * 32), met_kiosk.expect_proof(b"s" * 32)
        proof = proving.frame
        if swap_keys:
            proof = signed_anew(proof, thief, True, expecting.th)
        confirming = expecting.receive(proof)
        fooled.add("kiosk")
        proof = confirming.frame
        if swap_keys:
            proof = signed_anew(proof, thief, False, proving.th)
        proving.receive(proof)
        fooled.add("presenter")
    except HandshakeRefused:
        pass
    return fooled


def relay_unchanged() -> Fooled:
    return relay()


def relay_with_its_own_keys() -> Fooled:
    return relay(swap_keys=True)


def relay_of_a_resume() -> Fooled:
    return relay(mode=Mode.RESUME)


def relay_turning_bulk_into_resume() -> Fooled:
    return relay(mode=Mode.BULK, mode_there=Mode.RESUME)


def against_presenter(us: Us, sign_as: Device, shown: Device | None, facilities_key=None) -> Fooled:
    """Somebody who knows the code plays the kiosk; ``shown``: whose TLS certificate, None when it dials."""
    entropy = seeded(6)
    wanted = presenter(facilities=facilities_key)
    impostor = kiosk(spki=us.spki, certificate=us.certificate, sign=sign_as.sign)
    try:
        if shown is None:
            met_impostor, met, _ = greet(impostor, wanted, Mode.PAIR, entropy, device("presenter"))
        else:
            dialing = Dialing(wanted, Mode.PAIR, entropy(32))
            met_impostor, reply = meet(impostor, dialing.frame, entropy(32), shown.certificate)
            met = dialing.receive(reply, shown.certificate, shown.spki)
        guessing = met.guess(CODE, entropy)
        answering = met_impostor.receive_guess(guessing.frame, (CODE,), entropy)
        proving = guessing.receive(answering.frame)
        proving.receive(answering.then.receive(proving.frame).frame)
    except HandshakeRefused:
        return set()
    return {"presenter"}


def thief_who_dials_with_code_and_copied_certificate() -> Fooled:
    copied = kiosk(certificate=certificate_for(device("kiosk")))
    return against_presenter(copied, device("thief"), None, facilities())


def thief_who_listens_with_code_and_copied_certificate() -> Fooled:
    copied = kiosk(certificate=certificate_for(device("kiosk")))
    return against_presenter(copied, device("thief"), device("thief"), facilities())


def uncertified_kiosk_with_the_code() -> Fooled:
    thief = device("thief")
    return against_presenter(kiosk(spki=thief.spki), thief, thief, facilities())


def guesser_without_the_code() -> Fooled:
    try:
        run(presenter(), kiosk(), typed="000000")
    except HandshakeRefused:
        return set()
    return {"kiosk"}


def replayed_run() -> Fooled:
    """Every frame that a presenter sent in a good run, once more to the same kiosk with the same code."""
    recorded = run(presenter(), kiosk(), seed=7).frames
    entropy = seeded(8)
    try:
        met, _ = meet(kiosk(), recorded[0], entropy(32), device("kiosk").certificate)
        answering = met.receive_guess(recorded[2], (CODE,), entropy)
        answering.then.receive(recorded[4]).receive(recorded[6])
    except HandshakeRefused:
        return set()
    return {"kiosk"}


def replayed_resume() -> Fooled:
    recorded = run(presenter(), kiosk(), mode=Mode.RESUME, secrets=(b"s" * 32,) * 2, seed=7).frames
    try:
        met, _ = meet(kiosk(), recorded[0], seeded(8)(32), device("kiosk").certificate)
        met.expect_proof(b"s" * 32).receive(recorded[2])
    except HandshakeRefused:
        return set()
    return {"kiosk"}


def reflected_presenter() -> Fooled:
    """A presenter's own HELLO comes back as a kiosk's; then its own elements and its own proof."""
    entropy = seeded(9)
    dialing = Dialing(presenter(), Mode.PAIR, entropy(32))
    try:
        back = with_fields(dialing.frame, role=Role.DISPLAY)
        met = dialing.receive(back, device("presenter").certificate, device("presenter").spki)
        guessing = met.guess(CODE, entropy)
        own = msgspec.msgpack.decode(guessing.frame, type=Guess).elements
        answer = encode(Answer(tuple(b"B" + element[1:] for element in own)))
        proving = guessing.receive(answer)
        proof = msgspec.msgpack.decode(proving.frame, type=Proof)
        proving.receive(encode(Proof(proof.macs[:1], proof.signature)))
    except HandshakeRefused:
        return set()
    return {"presenter"}


ATTACKS: list[Callable[[], Fooled]] = [
    relay_unchanged,
    relay_with_its_own_keys,
    relay_of_a_resume,
    relay_turning_bulk_into_resume,
    thief_who_dials_with_code_and_copied_certificate,
    thief_who_listens_with_code_and_copied_certificate,
    uncertified_kiosk_with_the_code,
    guesser_without_the_code,
    replayed_run,
    replayed_resume,
    reflected_presenter,
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_nobody_takes_the_attacker_for_the_peer(attack: Callable[[], Fooled]) -> None:
    assert attack() == set()


# --- what each check is good for -------------------------------------------------------------------------


def holds(*args: object, **kwargs: object) -> None:
    """A check that lets everything pass."""


def first_slot(*args: object) -> int:
    return 0


def without_certificate(frames: tuple[bytes, bytes], certificate: bytes) -> bytes:
    return digest(pairing.PROTOCOL, *frames)


def without_hellos(frames: tuple[bytes, bytes], certificate: bytes) -> bytes:
    return digest(pairing.PROTOCOL)


def nobody(role: Role, spki: bytes) -> bytes:
    return b"nobody"


MACS = (pairing_checks, "macs", first_slot)
SIGNATURE = (pairing_checks, "signature", holds)
TLS_KEY = (pairing_checks, "tls_key", holds)
REGISTRATION = (pairing_checks, "registration", holds)
REFLECTION = (pairing_checks, "reflection", holds)
BINDING_OF_CERTIFICATE = (pairing, "_th0", without_certificate)
BINDING_OF_HELLOS = (pairing, "_th0", without_hellos)
BINDING_OF_IDENTITIES = (pairing, "_identity", nobody)

# Where two locks hang on one door, both must be taken away; each alone still holds, and a row says so.
REMOVED = [
    ([MACS], guesser_without_the_code, True),
    ([SIGNATURE], thief_who_dials_with_code_and_copied_certificate, True),
    ([REGISTRATION], uncertified_kiosk_with_the_code, True),
    ([TLS_KEY], thief_who_listens_with_code_and_copied_certificate, False),
    ([TLS_KEY, SIGNATURE], thief_who_listens_with_code_and_copied_certificate, True),
    ([TLS_KEY], relay_unchanged, False),
    ([BINDING_OF_CERTIFICATE], relay_unchanged, False),
    ([TLS_KEY, BINDING_OF_CERTIFICATE], relay_unchanged, True),
    ([TLS_KEY, BINDING_OF_CERTIFICATE], relay_of_a_resume, True),
    ([TLS_KEY, BINDING_OF_CERTIFICATE], relay_turning_bulk_into_resume, False),
    ([TLS_KEY, BINDING_OF_HELLOS], relay_turning_bulk_into_resume, True),
    ([BINDING_OF_HELLOS], relay_with_its_own_keys, False),
    ([BINDING_OF_IDENTITIES], relay_with_its_own_keys, False),
    ([BINDING_OF_HELLOS, BINDING_OF_IDENTITIES], relay_with_its_own_keys, True),
    ([MACS], replayed_run, False),
    ([MACS, SIGNATURE], replayed_run, True),
    ([MACS, SIGNATURE], replayed_resume, True),
    ([REFLECTION], reflected_presenter, False),
    ([MACS, SIGNATURE], reflected_presenter, False),
]


@pytest.mark.parametrize(("removed", "attack", "gets_through"), REMOVED)
def test_what_each_check_stops(removed, attack, gets_through: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, instead in removed:
        monkeypatch.setattr(module, name, instead)
    assert bool(attack()) is gets_through


# --- points that are none --------------------------------------------------------------------------------


def point(y: int, sign: int = 0) -> bytes:
    return (y | sign << 255).to_bytes(32, "little")


def of_order_eight() -> bytes:
    """A point outside the prime-order group: some curve point times L."""
    from spake2.ed25519_basic import ElementOfUnknownGroup, NotOnCurve, decodepoint, xform_affine_to_extended

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


@pytest.mark.parametrize("slot", [0, 1])
@pytest.mark.parametrize("name", BAD_ELEMENTS)
def test_a_bad_element_is_refused_in_either_slot_and_direction(name: str, slot: int) -> None:
    def pair_of(bad: bytes, good: bytes) -> tuple[bytes, bytes]:
        return (bad, good) if slot == 0 else (good, bad)

    entropy = seeded(3)
    met, met_kiosk, _ = greet(presenter(), kiosk(), Mode.PAIR, entropy, device("kiosk"))
    bad = BAD_ELEMENTS[name]
    good = SPAKE2_A(b"code").start()
    with pytest.raises(HandshakeRefused) as refused:
        met_kiosk.receive_guess(encode([193, list(pair_of(bad, good))]), (CODE,), entropy)
    assert refused.value.close_code == 4401
    there = {b"A": b"B", b"B": b"A"}.get(bad[:1], bad[:1]) + bad[1:]
    with pytest.raises(HandshakeRefused):
        met.guess(CODE, entropy).receive(encode([194, list(pair_of(there, b"B" + GOOD_POINT))]))


def test_an_element_sent_back_as_the_other_sides_is_refused() -> None:
    entropy = seeded(3)
    met, _, _ = greet(presenter(), kiosk(), Mode.PAIR, entropy, device("kiosk"))
    guessing = met.guess(CODE, entropy)
    mirrored = [b"B" + element[1:] for element in msgspec.msgpack.decode(guessing.frame, type=Guess).elements]
    with pytest.raises(HandshakeRefused):
        guessing.receive(encode([194, mirrored]))
