"""A catalogue of attacks on one handshake, each a change of what one side hears or of who a side is.

The one in the middle is stronger than there can be: it stands inside TLS, so that only what the handshake
itself checks is in its way. An attack's outcome says how far it came; the honest outcome of every one of them
is a refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from protocol import pairing_checks
from protocol.facilities import Facilities, RevocationList, device_id
from protocol.messages import VERSION
from protocol.pairing import Dialing, Us, meet
from protocol.pairing_checks import HandshakeRefused
from protocol.pairing_messages import Mode
from protocol.values import Role
from tests.protocol.attackers import BY_JOIN_CODE, BY_ROOM_CODE, attacks, encode, with_fields
from tests.protocol.elements import BAD_ELEMENTS, GOOD_POINT, from_the_other_side
from tests.protocol.handshakes import (
    CODE,
    ROOM,
    certificate_for,
    console,
    console_certificate,
    device,
    facilities,
    kiosk,
    managed,
    presenter,
    run,
    seeded,
    spki_of,
)

Change = Callable[[bytes], bytes]
Attack = Callable[[list[str]], object]
"""Writes down each step that it passed."""

DIALER, LISTENER, GUESS, ANSWER, PROOF, CONFIRM, READY = range(7)
RESUME_PROOF = 2
OTHER_CODE = "000000"


def outcome(attack: Attack) -> str:
    """How far it came; a refusal names its reason, anything else is not what an attack should meet."""
    passed: list[str] = []
    try:
        fooled = attack(passed)
    except HandshakeRefused as refused:
        return f"refused after {passed[-1:]}: {refused.why.name}"
    except Exception as error:  # noqa: BLE001 - a side that dies of an attack is one of the outcomes
        return f"died of {type(error).__name__}"
    return f"through: {fooled}" if fooled != set() else "refused"


def attacked(
    passed: list[str],
    changes: Mapping[int, Change] | None = None,
    owner: Us | None = None,
    guest: Us | None = None,
    mode: Mode = Mode.PAIR,
    typed: str = CODE,
    secrets: tuple[bytes, bytes] = (b"s" * 32, b"s" * 32),
) -> None:
    """A presenter dials a kiosk; ``changes``: what becomes of the frames on their way, by their place."""

    def way(place: int, frame: bytes) -> bytes:
        return (changes or {}).get(place, bytes)(frame)

    entropy, listening = seeded(11), device("kiosk")
    dialing = Dialing(owner or presenter(), mode, entropy(32))
    hello = way(DIALER, dialing.frame)
    listened, reply = meet(guest or kiosk(), hello, entropy(32), listening.certificate)
    passed.append("the dialer's hello")
    dialed = dialing.receive(way(LISTENER, reply), listening.certificate, listening.spki)
    passed.append("the listener's hello")
    if mode is Mode.PAIR:
        guessing = dialed.guess(typed, entropy)
        answering = listened.receive_guess(way(GUESS, guessing.frame), (CODE,), entropy)
        passed.append("the guess")
        proving, expecting = guessing.receive(way(ANSWER, answering.frame)), answering.then
        passed.append("the answer")
    elif mode is Mode.MANAGE:
        proving, expecting = dialed.prove_key(), listened.expect_key()
    else:
        proving, expecting = dialed.prove(secrets[0]), listened.expect_proof(secrets[1])
    confirming = expecting.receive(way(PROOF, proving.frame))
    passed.append("the owner's proof")
    proved = proving.receive(way(CONFIRM, confirming.frame))
    passed.append("the guest's proof")
    confirming.receive(way(READY, proved.frame))


def fields(**values: object) -> Change:
    return lambda frame: with_fields(frame, **values)


def raw(change: Callable[[list], list]) -> Change:
    """The frame's array changed as an array, whatever its types say."""
    return lambda frame: encode(change(msgspec.msgpack.decode(frame)))


def turned(frame: bytes) -> bytes:
    """One bit of the middle is another."""
    at = len(frame) // 2
    return frame[:at] + bytes([frame[at] ^ 1]) + frame[at + 1 :]


def former(place: int, secret: bytes | None = None) -> Change:
    """The frame that stood there in a former good run of the same two."""
    if secret is None:
        return lambda frame: run(presenter(), kiosk(), seed=77).frames[place]
    resumed = run(presenter(), kiosk(), mode=Mode.RESUME, secrets=(secret, secret), seed=77)
    return lambda frame: resumed.frames[place]


def _keys() -> dict[str, bytes]:
    key = device("thief").key.public_key()
    info = serialization.PublicFormat.SubjectPublicKeyInfo
    point = key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
    compressed = bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200") + point
    p384 = ec.derive_private_key(12_345, ec.SECP384R1()).public_key()
    small = rsa.generate_private_key(65_537, 1_024).public_key()
    return {
        "RSA": small.public_bytes(serialization.Encoding.DER, info)[:128],
        "P-384": spki_of(ec.derive_private_key(12_345, ec.SECP384R1())),
        "P-384 as X9.62": p384.public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        ),
        "a compressed point": compressed,
        "a key with a tail": device("thief").spki + b"\0",
        "no key": b"",
    }


HELLOS: dict[str, Change] = {
    "versions the wrong way round": fields(lowest=VERSION + 1, highest=VERSION),
    "an older version only": raw(lambda hello: [hello[0], VERSION - 1, VERSION - 1, *hello[3:]]),
    "a newer version only": fields(lowest=VERSION + 1, highest=VERSION + 1),
    "a wider range of versions": fields(highest=VERSION + 5),
    "another mode": fields(mode=Mode.RESUME),
    "mode for papers": fields(mode=Mode.BULK),
    "another room": fields(room=ROOM + 1),
    "the role of nobody here": fields(role=Role.ANNOTATOR),
    "a role that there is not": raw(lambda hello: [*hello[:4], 9, *hello[5:]]),
    "a mode that there is not": raw(lambda hello: [*hello[:3], 9, *hello[4:]]),
    "a list for a role": raw(lambda hello: [*hello[:4], [0], *hello[5:]]),
    "the presenter's role": fields(role=Role.PRESENTER),
    "the display's role": fields(role=Role.DISPLAY),
    "another nonce": fields(nonce=b"n" * 32),
    "another code length": fields(code_length=10),
    "a certificate nobody asked for": fields(certificate=certificate_for(device("thief"))),
    "another revocation number": fields(revocations=7),
    "the thief's key": fields(spki=device("thief").spki),
    "one element less": raw(lambda hello: hello[:-1]),
    "one element more": raw(lambda hello: [*hello, 0]),
    "a short nonce": raw(lambda hello: [*hello[:7], hello[7][:-1], *hello[8:]]),
    "a word for a room": raw(lambda hello: [*hello[:5], "27", *hello[6:]]),
    "a bit turned": turned,
    "nothing": lambda frame: b"",
} | {f"a key that is none of ours: {name}": fields(spki=key) for name, key in _keys().items()}
# Honest and harmless: what is said to be what it is anyway changes nothing.
SAME = {(DIALER, "the presenter's role"), (LISTENER, "the display's role")}

LATER: dict[str, Mapping[int, Change]] = {
    "guess with its slots swapped": {GUESS: raw(lambda m: [m[0], m[1][::-1]])},
    "answer with its slots swapped": {ANSWER: raw(lambda m: [m[0], m[1][::-1]])},
    "one element in both slots": {GUESS: raw(lambda m: [m[0], [m[1][0]] * 2])},
    "a guess of one slot": {GUESS: raw(lambda m: [m[0], m[1][:1]])},
    "an element of the thief": {GUESS: raw(lambda m: [m[0], [b"A" + GOOD_POINT, m[1][1]]])},
    "the thief answers": {ANSWER: raw(lambda m: [m[0], [b"B" + GOOD_POINT] * 2])},
    "a former guess": {GUESS: former(GUESS)},
    "a former answer": {ANSWER: former(ANSWER)},
    "a former proof": {PROOF: former(PROOF)},
    "a former confirmation": {CONFIRM: former(CONFIRM)},
    "a guess for a proof": {PROOF: former(GUESS)},
    "an end before a proof": {PROOF: former(READY)},
    "an end before a confirmation": {CONFIRM: former(READY)},
    "a proof for an end": {READY: former(PROOF)},
    "the owner's proof comes back": {CONFIRM: former(PROOF)},
    "a proof with its MACs swapped": {PROOF: raw(lambda m: [m[0], [bytes(32), m[1][0]], m[2]])},
    "a proof with one MAC": {PROOF: raw(lambda m: [m[0], m[1][:1], m[2]])},
    "a proof with no MAC that holds": {PROOF: raw(lambda m: [m[0], [bytes(32)] * 2, m[2]])},
    "a proof without a signature": {PROOF: raw(lambda m: [m[0], m[1], b""])},
    "a proof with a signature that is none": {PROOF: raw(lambda m: [m[0], m[1], b"0" * 70])},
    "a confirmation with a MAC that is none": {CONFIRM: raw(lambda m: [m[0], [bytes(32)], m[2]])},
    "a confirmation signed by the thief": {
        CONFIRM: raw(lambda m: [m[0], m[1], device("thief").sign(b"anything")])
    },
    "a bit of the guess": {GUESS: turned},
    "a bit of the answer": {ANSWER: turned},
    "a bit of the confirmation": {CONFIRM: turned},
}


def revoking() -> Facilities:
    return Facilities(facilities().key, RevocationList(3, (device_id(device("kiosk").spki),)))


def registered(**changes: object) -> Us:
    return kiosk(**{"certificate": certificate_for(device("kiosk")), **changes})


SIDES: dict[str, Attack] = {
    "a wrong code": partial(attacked, typed=OTHER_CODE),
    "no certificate": partial(attacked, owner=presenter(facilities=facilities())),
    "another room's certificate": partial(
        attacked,
        owner=presenter(facilities=facilities()),
        guest=kiosk(certificate=certificate_for(device("kiosk"), ROOM + 1)),
    ),
    "another kiosk's certificate": partial(
        attacked,
        owner=presenter(facilities=facilities()),
        guest=kiosk(certificate=certificate_for(device("thief"))),
    ),
    "a certificate of other facilities": partial(
        attacked, owner=presenter(facilities=Facilities(device("thief").key.public_key())), guest=registered()
    ),
    "a certificate that is garbage": partial(
        attacked, owner=presenter(facilities=facilities()), guest=kiosk(certificate=b"\x92\xc4\x00\xc4\x00")
    ),
    "a revoked certificate": partial(attacked, owner=presenter(facilities=revoking()), guest=registered()),
    "a display that signs with another key": partial(attacked, guest=kiosk(sign=device("thief").sign)),
    "a presenter that signs with another key": partial(attacked, owner=presenter(sign=device("thief").sign)),
    "two presenters": partial(attacked, guest=presenter(spki=device("kiosk").spki)),
    "two displays": partial(attacked, owner=kiosk(spki=device("presenter").spki)),
    "the same key on both sides": partial(attacked, owner=presenter(spki=device("kiosk").spki)),
    "the secret of another session": partial(attacked, mode=Mode.RESUME, secrets=(b"o" * 32, b"s" * 32)),
    "a former proof of a resumed session": partial(
        attacked, changes={PROOF: former(RESUME_PROOF, b"s" * 32)}, mode=Mode.RESUME
    ),
    "a session resumed by another device": partial(
        attacked, mode=Mode.RESUME, owner=presenter(sign=device("thief").sign)
    ),
    "papers asked for by another device": partial(
        attacked, mode=Mode.BULK, owner=presenter(sign=device("thief").sign)
    ),
}


def managing(
    *, to: Us | None = None, mode: Mode = Mode.MANAGE, changes: object = None, **console_has: object
) -> Attack:
    """A console that is something else than it should be, at a display in order or ``to`` this one."""
    return partial(attacked, changes=changes, owner=console(**console_has), guest=to or managed(), mode=mode)


MANAGING: dict[str, Attack] = {
    "a console without a certificate": managing(certificate=None),
    "another console's certificate": managing(certificate=console_certificate(device("thief"))),
    "a console of other facilities": managing(
        to=managed(facilities=Facilities(device("thief").key.public_key()))
    ),
    "a room's certificate for a console's": managing(certificate=certificate_for(device("console"))),
    "a console's certificate that is garbage": managing(certificate=b"\x92\xc4\x00\xc4\x00"),
    "a revoked console": managing(
        to=managed(
            facilities=Facilities(facilities().key, RevocationList(3, (device_id(device("console").spki),)))
        )
    ),
    "a console at a display without the facilities' key": managing(to=managed(facilities=None)),
    "a console that signs with another key": managing(sign=device("thief").sign),
    "a managed display that signs with another key": managing(to=managed(sign=device("thief").sign)),
    "a console at a display of no certificate": managing(to=managed(certificate=None)),
    "a console by the code of a display in service": managing(mode=Mode.PAIR),
    "a console that resumes": managing(mode=Mode.RESUME),
    "a display that waits to be enrolled is managed": managing(to=managed(enrolling=True)),
    "a display that waits to be enrolled is resumed": managing(
        to=managed(enrolling=True), mode=Mode.RESUME, enrolling=True
    ),
    "a presenter at a display that waits to be enrolled": partial(attacked, guest=kiosk(enrolling=True)),
    "a presenter who manages": partial(attacked, guest=managed(), mode=Mode.MANAGE),
    "an unregistered console enrols where the facilities' key is": managing(
        to=managed(enrolling=True), mode=Mode.PAIR, enrolling=True, certificate=None
    ),
    "a former proof of a console": managing(changes={PROOF: lambda frame: former_management()}),
}


def former_management() -> bytes:
    return run(console(), managed(), mode=Mode.MANAGE, seed=78).frames[RESUME_PROOF]


def same_nonce(passed: list[str]) -> None:
    """The listener's HELLO carries the dialer's own nonce."""
    heard: list[bytes] = []

    def keep(frame: bytes) -> bytes:
        heard.append(msgspec.msgpack.decode(frame)[7])
        return frame

    attacked(passed, {DIALER: keep, LISTENER: lambda frame: with_fields(frame, nonce=heard[0])})


def own_hello(passed: list[str]) -> None:
    """The dialer hears its own HELLO in the other's role, key and all, over TLS of that very key."""
    dialing = Dialing(presenter(), Mode.PAIR, seeded(4)(32))
    back = with_fields(dialing.frame, role=Role.DISPLAY, nonce=b"n" * 32)
    dialing.receive(back, device("presenter").certificate, device("presenter").spki)


def elements(name: str, slot: int, place: int) -> Attack:
    bad = BAD_ELEMENTS[name]
    if place == ANSWER:
        bad = from_the_other_side(bad)

    def change(message: list) -> list:
        message[1][slot] = bad
        return message

    return partial(attacked, changes={place: raw(change)})


def mirrored(passed: list[str]) -> None:
    """The guesser's own elements come back as the other side's."""
    kept: list[list[bytes]] = []

    def keep(message: list) -> list:
        kept.append(message[1])
        return message

    back = raw(lambda message: [message[0], [b"B" + each[1:] for each in kept[0]]])
    attacked(passed, {GUESS: raw(keep), ANSWER: back})


def versions_alone(passed: list[str]) -> None:
    """A peer that is older than every version there has been: no HELLO can say that today."""
    pairing_checks.versions(VERSION - 1, VERSION - 1)


def signature_alone(passed: list[str]) -> None:
    """A signature under what is no key: a HELLO with one has been refused before."""
    pairing_checks.signature(b"no key", b"", b"")


def element_alone(element: bytes) -> Attack:
    """A bad element before this check alone; reading and the library refuse some of them as well."""

    def judged(passed: list[str]) -> None:
        pairing_checks.elements((element,), owner=True, slots=1)

    return judged


ALONE = (same_nonce, own_hello, mirrored, versions_alone, signature_alone)
JUDGED = ("32 bytes", "34 bytes", "wrong side byte", "identity", "identity, other encoding", "order 2")


def catalogue() -> dict[str, Attack]:
    """Every attack by its name, those that are over soonest first."""
    found: dict[str, Attack] = {each.__name__: each for each in ALONE}
    found |= {f"{name}, judged alone": element_alone(BAD_ELEMENTS[name]) for name in JUDGED}
    for place, where in ((DIALER, "dialer"), (LISTENER, "listener")):
        found |= {
            f"{where}'s hello: {name}": partial(attacked, changes={place: change})
            for name, change in HELLOS.items()
            if (place, name) not in SAME
        }
    found |= SIDES | MANAGING
    found |= {name: partial(attacked, changes=changes) for name, changes in LATER.items()}
    found |= {
        f"{name} in slot {slot} of frame {place}": elements(name, slot, place)
        for name in BAD_ELEMENTS
        for slot in (0, 1)
        for place in (GUESS, ANSWER)
    }
    for kind, way in (("pairing", BY_ROOM_CODE), ("joining", BY_JOIN_CODE)):
        found |= {
            f"{kind}: {name}": lambda _, attack=attack: attack() for name, attack in attacks(way).items()
        }
    return found
