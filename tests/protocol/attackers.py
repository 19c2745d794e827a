"""Attackers of a whole handshake, who control every frame and end TLS; the checks that can be taken away.

An attack returns the honest sides that took the attacker for their peer. With the checks in place that is
always nobody (docs/bad-input.md, rows 19-24 and 26).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import msgspec

from protocol import pairing, pairing_checks
from protocol.pairing import Dialing, Met, Us, digest, meet
from protocol.pairing_checks import HandshakeRefused
from protocol.pairing_messages import Answer, Guess, Hello, Mode, Proof
from protocol.values import Role
from tests.protocol.elements import from_the_other_side
from tests.protocol.handshakes import (
    CODE,
    Device,
    Outcome,
    certificate_for,
    device,
    facilities,
    greet,
    kiosk,
    open_presenter,
    participant,
    presenter,
    run,
    seeded,
)

encode = msgspec.msgpack.encode
Fooled = set[str]
Attack = Callable[[], Fooled]


@dataclass(frozen=True)
class Pairing:
    """Two honest sides, the dialer being the one where the code is typed; the names of their devices."""

    dialer: Callable[..., Us]
    listener: Callable[..., Us]
    dials: str
    listens: str
    slots: int
    owner_dials: bool

    def run(self, **changes: object) -> Outcome:
        sides = (self.dialer(), self.listener()) if self.owner_dials else (self.listener(), self.dialer())
        return run(*sides, owner_dials=self.owner_dials, **changes)

    def greeted(self, seed: int) -> tuple[Met, Met]:
        """Dialer and listener after their HELLOs."""
        met, there, _ = greet(self.dialer(), self.listener(), Mode.PAIR, seeded(seed), device(self.listens))
        return met, there


BY_ROOM_CODE = Pairing(presenter, kiosk, "presenter", "kiosk", 2, owner_dials=True)
BY_JOIN_CODE = Pairing(participant, open_presenter, "participant", "presenter", 1, owner_dials=False)


def with_fields(frame: bytes, **fields: object) -> bytes:
    return encode(msgspec.structs.replace(msgspec.msgpack.decode(frame, type=Hello), **fields))


def signed_anew(frame: bytes, thief: Device, owner: bool, th: bytes) -> bytes:
    proof = msgspec.msgpack.decode(frame, type=Proof)
    return encode(Proof(proof.macs, thief.sign(pairing._statement(owner, th))))


def relay(
    way: Pairing, *, swap_keys: bool = False, mode: Mode = Mode.PAIR, mode_there: Mode | None = None
) -> Fooled:
    """One dials a relay that ends TLS and dials the other. It puts its own key in, or does not."""
    fooled: Fooled = set()
    thief, entropy, listening = device("thief"), seeded(5), device(way.listens)
    theirs = {"spki": thief.spki} if swap_keys else {}
    there, here = ({}, {}) if mode_there is None else ({"mode": mode_there}, {"mode": mode})
    try:
        dialing = Dialing(way.dialer(), mode, entropy(32))
        to_listener = with_fields(dialing.frame, **theirs, **there)
        listened, reply = meet(way.listener(), to_listener, entropy(32), listening.certificate)
        dialed = dialing.receive(with_fields(reply, **theirs, **here), thief.certificate, thief.spki)
        if mode is Mode.PAIR:
            guessing = dialed.guess(CODE, entropy)
            answering = listened.receive_guess(guessing.frame, (CODE,), entropy)
            proving, expecting = guessing.receive(answering.frame), answering.then
        else:
            owner, guest = (dialed, listened) if way.owner_dials else (listened, dialed)
            proving, expecting = owner.prove(b"s" * 32), guest.expect_proof(b"s" * 32)
        first = proving.met.owner
        proof = signed_anew(proving.frame, thief, first, expecting.th) if swap_keys else proving.frame
        confirming = expecting.receive(proof)
        fooled.add("who expects the proof")
        proof = confirming.frame
        proving.receive(signed_anew(proof, thief, not first, proving.th) if swap_keys else proof)
        fooled.add("who proves")
    except HandshakeRefused:
        pass
    return fooled


def guesser_without_the_code(way: Pairing) -> Fooled:
    try:
        way.run(typed="000000")
    except HandshakeRefused:
        return set()
    return {way.listens}


def replayed_run(way: Pairing) -> Fooled:
    """Every frame that the dialer sent in a good run, once more to the same listener with the same code."""
    recorded = way.run(seed=7).frames
    entropy = seeded(8)
    try:
        met, _ = meet(way.listener(), recorded[0], entropy(32), device(way.listens).certificate)
        answering = met.receive_guess(recorded[2], (CODE,), entropy)
        answering.then.receive(recorded[4]).receive(recorded[6])
    except HandshakeRefused:
        return set()
    return {way.listens}


def thief_of_a_public_key(way: Pairing) -> Fooled:
    """Somebody who knows the code presents the dialer's public key, without the private one."""
    entropy = seeded(6)
    impostor = way.dialer(spki=device(way.dials).spki, sign=device("thief").sign)
    try:
        met, there, _ = greet(impostor, way.listener(), Mode.PAIR, entropy, device(way.listens))
        guessing = met.guess(CODE, entropy)
        answering = there.receive_guess(guessing.frame, (CODE,), entropy)
        answering.then.receive(guessing.receive(answering.frame).frame)
    except HandshakeRefused:
        return set()
    return {way.listens}


def listener_without_the_code(way: Pairing) -> Fooled:
    """A machine that answers in the listener's place learns nothing and is believed by nobody."""
    entropy, thief = seeded(9), device("thief")
    try:
        dialing = Dialing(way.dialer(), Mode.PAIR, entropy(32))
        false = way.listener(spki=thief.spki, sign=thief.sign)
        met_thief, reply = meet(false, dialing.frame, entropy(32), thief.certificate)
        met = dialing.receive(reply, thief.certificate, thief.spki)
        guessing = met.guess(CODE, entropy)
        answering = met_thief.receive_guess(guessing.frame, ("000000",), entropy)
        proving = guessing.receive(answering.frame)
        owner, th = not proving.met.owner, answering.then.th
        macs = (answering.then.schedules[0].mac(owner, th),)
        proving.receive(encode(Proof(macs, thief.sign(pairing._statement(owner, th)))))
    except HandshakeRefused:
        return set()
    return {way.dials}


def reflection(way: Pairing) -> Fooled:
    """The dialer's own HELLO comes back as the listener's; then its own elements and its own proof."""
    entropy = seeded(9)
    dialing = Dialing(way.dialer(), Mode.PAIR, entropy(32))
    try:
        back = with_fields(dialing.frame, role=way.listener().role)
        met = dialing.receive(back, device(way.dials).certificate, device(way.dials).spki)
        guessing = met.guess(CODE, entropy)
        own = msgspec.msgpack.decode(guessing.frame, type=Guess).elements
        proving = guessing.receive(encode(Answer(tuple(map(from_the_other_side, own)))))
        proof = msgspec.msgpack.decode(proving.frame, type=Proof)
        proving.receive(encode(Proof(proof.macs[:1], proof.signature)))
    except HandshakeRefused:
        return set()
    return {way.dials}


# --- attacks on the pairing with a wall alone ---------------------------------------------------------------


def replayed_resume() -> Fooled:
    recorded = BY_ROOM_CODE.run(mode=Mode.RESUME, secrets=(b"s" * 32,) * 2, seed=7).frames
    try:
        met, _ = meet(kiosk(), recorded[0], seeded(8)(32), device("kiosk").certificate)
        met.expect_proof(b"s" * 32).receive(recorded[2])
    except HandshakeRefused:
        return set()
    return {"kiosk"}


def false_kiosk(us: Us, sign_as: Device, shown: Device | None) -> Fooled:
    """Somebody who knows the code plays the kiosk; ``shown``: whose TLS certificate, None when it dials."""
    entropy = seeded(6)
    wanted = presenter(facilities=facilities())
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
    return false_kiosk(kiosk(certificate=certificate_for(device("kiosk"))), device("thief"), None)


def thief_who_listens_with_code_and_copied_certificate() -> Fooled:
    copied = kiosk(certificate=certificate_for(device("kiosk")))
    return false_kiosk(copied, device("thief"), device("thief"))


def uncertified_kiosk_with_the_code() -> Fooled:
    thief = device("thief")
    return false_kiosk(kiosk(spki=thief.spki), thief, thief)


def attacks(way: Pairing) -> dict[str, Attack]:
    """Every attack on that pairing by its name."""
    found: dict[str, Attack] = {
        "a relay": partial(relay, way),
        "a relay with its own keys": partial(relay, way, swap_keys=True),
        "a relay of a resume": partial(relay, way, mode=Mode.RESUME),
        "a relay turning bulk into resume": partial(relay, way, mode=Mode.BULK, mode_there=Mode.RESUME),
    }
    ways = (
        guesser_without_the_code,
        replayed_run,
        thief_of_a_public_key,
        listener_without_the_code,
        reflection,
    )
    found |= {attack.__name__.replace("_", " "): partial(attack, way) for attack in ways}
    if way is BY_ROOM_CODE:
        alone = (
            replayed_resume,
            thief_who_dials_with_code_and_copied_certificate,
            thief_who_listens_with_code_and_copied_certificate,
            uncertified_kiosk_with_the_code,
        )
        found |= {attack.__name__.replace("_", " "): attack for attack in alone}
    return found


# --- checks taken away --------------------------------------------------------------------------------------


def _holds(*args: object, **kwargs: object) -> None:
    """A check that lets everything pass."""


def _first_slot(*args: object) -> int:
    return 0


def _without_certificate(frames: tuple[bytes, bytes], certificate: bytes) -> bytes:
    return digest(pairing.PROTOCOL, *frames)


def _without_hellos(frames: tuple[bytes, bytes], certificate: bytes) -> bytes:
    return digest(pairing.PROTOCOL)


def _nobody(role: Role, spki: bytes) -> bytes:
    return b"nobody"


MACS = (pairing_checks, "macs", _first_slot)
SIGNATURE = (pairing_checks, "signature", _holds)
TLS_KEY = (pairing_checks, "tls_key", _holds)
REGISTRATION = (pairing_checks, "registration", _holds)
REFLECTION = (pairing_checks, "reflection", _holds)
BINDING_OF_CERTIFICATE = (pairing, "_th0", _without_certificate)
BINDING_OF_HELLOS = (pairing, "_th0", _without_hellos)
BINDING_OF_IDENTITIES = (pairing, "_identity", _nobody)
