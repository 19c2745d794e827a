"""The handshake of two honest sides, and HELLOs that must not do (docs/bad-input.md, rows 12-19, 25-27)."""

from __future__ import annotations

import math
from collections.abc import Callable

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from protocol.errors import Misuse
from protocol.pairing import Dialing, PeerFacts, meet
from protocol.pairing_checks import HandshakeRefused, Why
from protocol.pairing_messages import Hello, Mode
from protocol.values import Role
from tests.protocol.handshakes import (
    CODE,
    ROOM,
    certificate_for,
    device,
    facilities,
    greet,
    kiosk,
    presenter,
    run,
    seeded,
    spki_of,
)


@pytest.mark.parametrize("owner_dials", [True, False])
def test_the_right_code_gives_both_sides_one_secret_whoever_dials(owner_dials: bool) -> None:
    outcome = run(presenter(), kiosk(), owner_dials=owner_dials)
    assert outcome.owner_secret == outcome.guest_secret
    assert len(outcome.owner_secret) == 32


def test_two_pairings_with_the_same_code_share_no_secret() -> None:
    assert run(presenter(), kiosk(), seed=1).owner_secret != run(presenter(), kiosk(), seed=2).owner_secret


@pytest.mark.parametrize(("typed", "slot"), [("111111", 0), ("222222", 1)])
def test_the_code_on_the_wall_and_the_former_one_are_both_good(typed: str, slot: int) -> None:
    assert run(presenter(), kiosk(), typed=typed, shown=("111111", "222222")).slot == slot


@pytest.mark.parametrize("owner_dials", [True, False])
@pytest.mark.parametrize("mode", [Mode.RESUME, Mode.BULK])
def test_a_session_that_lives_resumes_by_its_secret_and_keeps_it(mode: Mode, owner_dials: bool) -> None:
    secret = b"s" * 32
    outcome = run(presenter(), kiosk(), mode=mode, owner_dials=owner_dials, secrets=(secret, secret))
    assert outcome.owner_secret == outcome.guest_secret == secret


@pytest.mark.parametrize("mode", [Mode.RESUME, Mode.BULK])
def test_the_secret_of_an_ended_session_is_refused(mode: Mode) -> None:
    with pytest.raises(HandshakeRefused) as refused:
        run(presenter(), kiosk(), mode=mode, secrets=(b"old" + b"s" * 29, b"s" * 32))
    assert refused.value.why is Why.REFUSED


@pytest.mark.parametrize("shown", [(CODE,), (CODE, "222222"), ()])
def test_a_wrong_code_is_refused_by_the_side_that_shows_it(shown: tuple[str, ...]) -> None:
    with pytest.raises(HandshakeRefused) as refused:
        run(presenter(), kiosk(), typed="481904", shown=shown)
    assert (refused.value.close_code, refused.value.reason) == (4401, "auth")


def test_the_code_of_another_room_is_another_code() -> None:
    entropy = seeded(1)
    met, met_guest, _ = greet(presenter(), kiosk(), Mode.PAIR, entropy, device("kiosk"))
    other, _, _ = greet(presenter(room=28), kiosk(room=28), Mode.PAIR, seeded(1), device("kiosk"))
    guessing = other.guess(CODE, entropy)
    answering = met_guest.receive_guess(guessing.frame, (CODE,), entropy)
    with pytest.raises(HandshakeRefused):
        answering.then.receive(guessing.receive(answering.frame).frame)
    assert met.peer.room_number == ROOM


def test_what_a_side_learns_of_the_other() -> None:
    holder = device("kiosk")
    met, met_guest, _ = greet(
        presenter(facilities=facilities()),
        kiosk(certificate=certificate_for(holder)),
        Mode.PAIR,
        seeded(1),
        holder,
    )
    assert met.peer == PeerFacts(
        role=Role.DISPLAY,
        device_id=met.peer.device_id,
        registered=True,
        room_number=ROOM,
        room_name="第一応接室",
        version=1,
        code_length=6,
        revocations=0,
        spki=holder.spki,
    )
    assert (met_guest.peer.role, met_guest.peer.registered) == (Role.PRESENTER, False)


def test_without_a_facilities_key_nobody_is_registered_and_everybody_pairs() -> None:
    met, _, _ = greet(
        presenter(),
        kiosk(certificate=certificate_for(device("kiosk"))),
        Mode.PAIR,
        seeded(1),
        device("kiosk"),
    )
    assert (met.peer.registered, met.peer.room_name) == (False, None)


def test_a_session_owner_who_is_dialled_takes_the_room_that_the_kiosk_says() -> None:
    _, met, frames = greet(kiosk(), presenter(room=None), Mode.PAIR, seeded(1), device("presenter"))
    assert met.peer.room_number == ROOM
    assert msgspec.msgpack.decode(frames[1])[5] == ROOM


# --- HELLOs that must not do -----------------------------------------------------------------------------


def the_fields() -> list[object]:
    """A presenter's HELLO as an array: tag, versions, mode, role, room, key, nonce, digits and so on."""
    return msgspec.msgpack.decode(Dialing(presenter(), Mode.PAIR, bytes(32)).frame)


def changed(index: int, value: object) -> bytes:
    fields = the_fields()
    fields[index] = value
    return msgspec.msgpack.encode(fields)


def nested(depth: int) -> bytes:
    return b"\x91" * depth + b"\xc0"


BAD_HELLOS: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "nil": lambda: b"\xc0",
    "nested 4,000 deep": lambda: nested(4_000),
    "nested 4,000 deep inside": lambda: msgspec.msgpack.encode(the_fields())[:-1] + nested(4_000),
    "not msgpack": lambda: b"\xc1" * 40,
    "one element too short": lambda: msgspec.msgpack.encode(the_fields()[:-1]),
    "one element too long": lambda: msgspec.msgpack.encode([*the_fields(), 0]),
    "trailing byte": lambda: msgspec.msgpack.encode(the_fields()) + b"\x00",
    "other tag": lambda: changed(0, 193),
    "bool for int": lambda: changed(1, True),
    "version 2^63": lambda: changed(2, 2**63),
    "version 0": lambda: changed(1, 0),
    "range upside down": lambda: changed(1, 2),
    "version NaN": lambda: changed(2, math.nan),
    "mode of later": lambda: changed(3, 3),
    "role god": lambda: changed(4, "god"),
    "role as list": lambda: changed(4, [0]),
    "role unknown": lambda: changed(4, 9),
    "two displays": lambda: changed(4, Role.DISPLAY),
    "a participant": lambda: changed(4, Role.PARTICIPANT),
    "room 0": lambda: changed(5, 0),
    "other room": lambda: changed(5, ROOM + 1),
    "own key back": lambda: changed(6, device("kiosk").spki),
    "key RSA": lambda: changed(6, spki_of(rsa.generate_private_key(65537, 1024))[:128]),
    "key P-384": lambda: changed(6, spki_of(ec.generate_private_key(ec.SECP384R1()))),
    "key garbage": lambda: changed(6, b"\x30" * 91),
    "key with trailing byte": lambda: changed(6, device("stranger").spki + b"\0"),
    "nonce 31 bytes": lambda: changed(7, bytes(31)),
    "own nonce back": lambda: changed(7, b"n" * 32),
    "11 digits": lambda: changed(8, 11),
    "certificate as text": lambda: changed(9, "certificate"),
    "certificate too large": lambda: changed(9, bytes(1_025)),
    "a paper's bytes": lambda: msgspec.msgpack.encode([143, bytes(32), 0, b"%PDF"]),
}


@pytest.mark.parametrize("name", BAD_HELLOS)
@pytest.mark.bad_input(row=12)
@pytest.mark.bad_input(row=13)
@pytest.mark.bad_input(row=14)
@pytest.mark.bad_input(row=15)
@pytest.mark.bad_input(row=16)
@pytest.mark.bad_input(row=17)
@pytest.mark.bad_input(row=18)
def test_a_bad_hello_is_refused_alike_by_listener_and_dialer(name: str) -> None:
    frame = BAD_HELLOS[name]()
    with pytest.raises(HandshakeRefused) as refused:
        meet(kiosk(), frame, b"n" * 32, b"certificate")
    assert (refused.value.close_code, refused.value.reply) == (4401, None)
    dialing = Dialing(kiosk(), Mode.PAIR, b"n" * 32)
    with pytest.raises(HandshakeRefused) as refused:
        dialing.receive(frame, b"certificate", said_key(frame))
    assert refused.value.close_code == 4401


def said_key(frame: bytes) -> bytes:
    """The key in that HELLO, so that the listener's TLS certificate is not what gives it away."""
    try:
        return msgspec.msgpack.decode(frame, type=Hello).spki
    except msgspec.MsgspecError:
        return device("presenter").spki


@pytest.mark.bad_input(row=16)
def test_two_presenters_do_not_pair() -> None:
    other = presenter(spki=device("stranger").spki, sign=device("stranger").sign)
    with pytest.raises(HandshakeRefused):
        meet(other, Dialing(presenter(), Mode.PAIR, bytes(32)).frame, b"n" * 32, b"certificate")


@pytest.mark.bad_input(row=19)
def test_a_listener_whose_tls_key_is_not_its_hello_key_is_refused() -> None:
    dialing = Dialing(presenter(), Mode.PAIR, bytes(32))
    _, reply = meet(kiosk(), dialing.frame, b"n" * 32, device("kiosk").certificate)
    with pytest.raises(HandshakeRefused):
        dialing.receive(reply, device("stranger").certificate, device("stranger").spki)


@pytest.mark.bad_input(row=14)
def test_no_common_version_closes_with_4426_and_both_know_who_is_older() -> None:
    newer = msgspec.msgpack.encode([192, 2, 3, "fields", "of later"])
    with pytest.raises(HandshakeRefused) as refused:
        meet(kiosk(), newer, b"n" * 32, b"certificate")
    assert (refused.value.close_code, refused.value.why) == (4426, Why.HERE_OLDER)
    said = msgspec.msgpack.decode(refused.value.reply, type=Hello)
    assert (said.lowest, said.highest) == (1, 1)


def test_an_older_listener_says_its_versions_before_it_closes() -> None:
    dialing = Dialing(presenter(), Mode.PAIR, bytes(32))
    newer = msgspec.msgpack.encode([192, 2, 2])
    with pytest.raises(HandshakeRefused) as refused:
        dialing.receive(newer, b"certificate", b"")
    assert (refused.value.close_code, refused.value.why) == (4426, Why.HERE_OLDER)


# --- the facilities' certificates ------------------------------------------------------------------------


def _revoked():
    from protocol.facilities import RevocationList, device_id, sign_revocations

    frame = sign_revocations(device("facilities").sign, RevocationList(1, (device_id(device("kiosk").spki),)))
    return facilities().with_revocations(frame)


@pytest.mark.parametrize(
    ("certificate", "installed"),
    [
        pytest.param(lambda: None, facilities, id="none"),
        pytest.param(lambda: b"garbage", facilities, id="garbage"),
        pytest.param(lambda: certificate_for(device("stranger")), facilities, id="another kiosk's"),
        pytest.param(lambda: certificate_for(device("kiosk"), ROOM + 1), facilities, id="another room's"),
        pytest.param(lambda: certificate_for(device("kiosk")), _revoked, id="revoked"),
        pytest.param(
            lambda: certificate_for(device("kiosk"))[:-1] + b"\0", facilities, id="another CA's signature"
        ),
    ],
)
@pytest.mark.bad_input(row=25)
@pytest.mark.bad_input(row=27)
def test_with_a_facilities_key_a_kiosk_without_its_certificate_is_refused_before_any_code(
    certificate, installed
) -> None:
    with pytest.raises(HandshakeRefused) as refused:
        greet(
            presenter(facilities=installed()),
            kiosk(certificate=certificate()),
            Mode.PAIR,
            seeded(1),
            device("kiosk"),
        )
    assert (refused.value.why, refused.value.close_code) == (Why.NOT_REGISTERED, 4401)


def test_steps_of_the_other_side_are_misuse() -> None:
    met, met_guest, _ = greet(presenter(), kiosk(), Mode.PAIR, seeded(1), device("kiosk"))
    for step in (
        lambda: met_guest.guess(CODE, seeded(1)),
        lambda: met.receive_guess(b"", (CODE,), seeded(1)),
        lambda: met.prove(b"s" * 32),
        lambda: met_guest.expect_proof(b"s" * 32),
        lambda: Dialing(presenter(room=None), Mode.PAIR, bytes(32)),
    ):
        with pytest.raises(Misuse):
            step()


def test_a_newer_program_knows_that_the_other_one_is_older(monkeypatch: pytest.MonkeyPatch) -> None:
    older = Dialing(presenter(), Mode.PAIR, bytes(32)).frame
    monkeypatch.setattr("protocol.pairing_checks.VERSION", 2)
    monkeypatch.setattr("protocol.pairing.VERSION", 2)
    with pytest.raises(HandshakeRefused) as refused:
        meet(kiosk(), older, b"n" * 32, b"certificate")
    assert (refused.value.close_code, refused.value.why) == (4426, Why.THERE_OLDER)
    with pytest.raises(HandshakeRefused) as refused:
        Dialing(presenter(), Mode.PAIR, bytes(32)).receive(older, b"certificate", b"")
    assert refused.value.why is Why.THERE_OLDER


def test_a_listener_that_means_another_kind_of_link_is_refused() -> None:
    dialing = Dialing(presenter(), Mode.RESUME, bytes(32))
    other = Dialing(presenter(), Mode.PAIR, b"m" * 32)
    _, reply = meet(kiosk(), other.frame, b"n" * 32, device("kiosk").certificate)
    with pytest.raises(HandshakeRefused):
        dialing.receive(reply, device("kiosk").certificate, device("kiosk").spki)
