"""The second pairing, by the join code: honest runs, role mix-ups, and the attacks of the first one on it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from protocol import pairing, pairing_checks
from protocol.errors import Misuse
from protocol.pairing import Dialing, Us, meet
from protocol.pairing_checks import HandshakeRefused
from protocol.pairing_messages import Answer, Guess, Mode, Proof
from protocol.values import Role
from tests.protocol.handshakes import (
    CODE,
    Device,
    device,
    greet,
    kiosk,
    open_presenter,
    participant,
    presenter,
    run,
    seeded,
)
from tests.protocol.test_pairing_attacks import BAD_ELEMENTS, GOOD_POINT, Fooled, signed_anew, with_fields

encode = msgspec.msgpack.encode


def joined(**changes: object):
    """A participant dials a presenter, as it always does, and types the code."""
    return run(open_presenter(), participant(), owner_dials=False, **changes)


def test_the_join_code_gives_both_sides_one_secret() -> None:
    outcome = joined()
    assert outcome.owner_secret == outcome.guest_secret
    assert outcome.slot == 0
    assert outcome.owner_secret != joined(seed=2).owner_secret


@pytest.mark.parametrize("mode", [Mode.RESUME, Mode.BULK])
def test_a_participants_session_resumes_by_its_secret(mode: Mode) -> None:
    outcome = joined(mode=mode, secrets=(b"s" * 32, b"s" * 32))
    assert outcome.owner_secret == outcome.guest_secret == b"s" * 32
    with pytest.raises(HandshakeRefused):
        joined(mode=mode, secrets=(b"s" * 32, b"t" * 32))


def test_a_wrong_join_code_is_refused() -> None:
    with pytest.raises(HandshakeRefused) as refused:
        joined(typed="481904")
    assert (refused.value.close_code, refused.value.reason) == (4401, "auth")


def test_the_join_code_is_tried_against_one_code_and_told_of_to_participants_only() -> None:
    entropy = seeded(1)
    met, met_owner, _ = greet(participant(), open_presenter(), Mode.PAIR, entropy, device("presenter"))
    assert met.peer.code_length == 6
    guessing = met.guess(CODE, entropy)
    assert len(msgspec.msgpack.decode(guessing.frame, type=Guess).elements) == 1
    with pytest.raises(Misuse):
        met_owner.receive_guess(guessing.frame, (CODE, "222222"), entropy)
    met, _, _ = greet(kiosk(), open_presenter(), Mode.PAIR, entropy, device("presenter"))
    assert met.peer.code_length == 0


def test_only_the_side_where_a_code_is_typed_guesses() -> None:
    entropy = seeded(1)
    met, met_owner, _ = greet(participant(), open_presenter(), Mode.PAIR, entropy, device("presenter"))
    with pytest.raises(Misuse):
        met_owner.guess(CODE, entropy)
    with pytest.raises(Misuse):
        met.receive_guess(b"", (CODE,), entropy)


# --- roles mixed up -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (participant, kiosk),
        (participant, lambda: participant(spki=device("second").spki, sign=device("second").sign)),
        (lambda: participant(role=Role.ANNOTATOR), open_presenter),
        (kiosk, participant),
    ],
)
def test_roles_that_do_not_fit_are_refused(one: Callable[[], Us], other: Callable[[], Us]) -> None:
    with pytest.raises(HandshakeRefused):
        greet(one(), other(), Mode.PAIR, seeded(1), device("presenter"))


def test_a_rooms_code_lets_no_participant_in_even_when_the_digits_are_the_same() -> None:
    """The label of the password is another: what a wall showed is worth nothing at the presenter's."""
    entropy = seeded(4)
    met, met_owner, _ = greet(participant(), open_presenter(), Mode.PAIR, entropy, device("presenter"))
    thief = pairing._Run(met, pairing._password(b"code", 27, CODE), entropy)
    answering = met_owner.receive_guess(encode(Guess((thief.element,))), (CODE,), entropy)
    answer = msgspec.msgpack.decode(answering.frame, type=Answer).elements
    th = met.transcript([thief.element], answer)
    keys = pairing._Schedule(th, thief.finish(answer[0]))
    forged = Proof((keys.mac(False, th),), met.us.sign(pairing._statement(False, th)))
    with pytest.raises(HandshakeRefused):
        answering.then.receive(encode(forged))


def test_who_has_the_join_code_is_no_wall() -> None:
    """Claiming to be a display, a participant has to answer a guess, not to make one, and cannot."""
    entropy = seeded(5)
    impostor = kiosk(spki=device("participant").spki, sign=device("participant").sign)
    met, met_owner, _ = greet(impostor, open_presenter(), Mode.PAIR, entropy, device("presenter"))
    assert met_owner.types
    guessing = met_owner.guess("777777", entropy)
    answering = met.receive_guess(guessing.frame, (CODE,), entropy)
    with pytest.raises(HandshakeRefused):
        answering.then.receive(guessing.receive(answering.frame).frame)


def test_a_secret_proven_in_one_role_is_no_proof_in_another() -> None:
    """A relay turns a participant's resume into a wall's: the transcripts differ."""
    entropy = seeded(6)
    dialing = Dialing(participant(), Mode.RESUME, entropy(32))
    turned = with_fields(dialing.frame, role=Role.DISPLAY)
    met_owner, reply = meet(open_presenter(), turned, entropy(32), device("presenter").certificate)
    met = dialing.receive(reply, device("presenter").certificate, device("presenter").spki)
    proving = met_owner.prove(b"s" * 32)
    with pytest.raises(HandshakeRefused):
        met.expect_proof(b"s" * 32).receive(proving.frame)


# --- the attacks of the first pairing ---------------------------------------------------------------------


def relay(*, swap_keys: bool = False, mode: Mode = Mode.PAIR, mode_there: Mode | None = None) -> Fooled:
    """A participant dials a relay (a wall that went bad) that ends TLS and dials the presenter."""
    fooled: Fooled = set()
    thief, entropy = device("thief"), seeded(5)
    theirs = {"spki": thief.spki} if swap_keys else {}
    there = {} if mode_there is None else {"mode": mode_there}
    try:
        dialing = Dialing(participant(), mode, entropy(32))
        to_owner = with_fields(dialing.frame, **theirs, **there)
        met_owner, reply = meet(open_presenter(), to_owner, entropy(32), device("presenter").certificate)
        back = with_fields(reply, **theirs, **({} if mode_there is None else {"mode": mode}))
        met = dialing.receive(back, thief.certificate, thief.spki)
        if mode is Mode.PAIR:
            guessing = met.guess(CODE, entropy)
            answering = met_owner.receive_guess(guessing.frame, (CODE,), entropy)
            proving, expecting, owner_proves = guessing.receive(answering.frame), answering.then, False
        else:
            proving, expecting, owner_proves = met_owner.prove(b"s" * 32), met.expect_proof(b"s" * 32), True
        proof = proving.frame
        if swap_keys:
            proof = signed_anew(proof, thief, owner_proves, expecting.th)
        confirming = expecting.receive(proof)
        fooled.add("verifier")
        proof = confirming.frame
        if swap_keys:
            proof = signed_anew(proof, thief, not owner_proves, proving.th)
        proving.receive(proof)
        fooled.add("prover")
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


def guesser_without_the_code() -> Fooled:
    try:
        joined(typed="000000")
    except HandshakeRefused:
        return set()
    return {"presenter"}


def replayed_join() -> Fooled:
    """Every frame that a participant sent in a good run, once more to the same presenter, same code."""
    recorded = joined(seed=7).frames
    entropy = seeded(8)
    try:
        met, _ = meet(open_presenter(), recorded[0], entropy(32), device("presenter").certificate)
        answering = met.receive_guess(recorded[2], (CODE,), entropy)
        answering.then.receive(recorded[4]).receive(recorded[6])
    except HandshakeRefused:
        return set()
    return {"presenter"}


def thief_with_the_code_as(role_of: Device) -> Fooled:
    """Somebody who knows the code presents another's public key, without the private one."""
    entropy, thief = seeded(6), device("thief")
    impostor = participant(spki=role_of.spki, sign=thief.sign)
    try:
        met, met_owner, _ = greet(impostor, open_presenter(), Mode.PAIR, entropy, device("presenter"))
        guessing = met.guess(CODE, entropy)
        answering = met_owner.receive_guess(guessing.frame, (CODE,), entropy)
        answering.then.receive(guessing.receive(answering.frame).frame)
    except HandshakeRefused:
        return set()
    return {"presenter"}


def thief_of_a_participants_key() -> Fooled:
    return thief_with_the_code_as(device("participant"))


def presenter_without_the_code() -> Fooled:
    """A machine that answers in the presenter's place learns nothing and is believed by nobody."""
    entropy, thief = seeded(9), device("thief")
    try:
        dialing = Dialing(participant(), Mode.PAIR, entropy(32))
        false = open_presenter(spki=thief.spki, sign=thief.sign)
        met_thief, reply = meet(false, dialing.frame, entropy(32), thief.certificate)
        met = dialing.receive(reply, thief.certificate, thief.spki)
        guessing = met.guess(CODE, entropy)
        answering = met_thief.receive_guess(guessing.frame, ("000000",), entropy)
        proving = guessing.receive(answering.frame)
        macs = (answering.then.schedules[0].mac(True, answering.then.th),)
        signature = thief.sign(pairing._statement(True, answering.then.th))
        proving.receive(encode(Proof(macs, signature)))
    except HandshakeRefused:
        return set()
    return {"participant"}


def reflected_participant() -> Fooled:
    """A participant's own HELLO comes back as a presenter's; then its own element and its own proof."""
    entropy = seeded(9)
    dialing = Dialing(participant(), Mode.PAIR, entropy(32))
    try:
        back = with_fields(dialing.frame, role=Role.PRESENTER)
        met = dialing.receive(back, device("participant").certificate, device("participant").spki)
        guessing = met.guess(CODE, entropy)
        own = msgspec.msgpack.decode(guessing.frame, type=Guess).elements
        proving = guessing.receive(encode(Answer(tuple(b"A" + element[1:] for element in own))))
        proving.receive(proving.frame)
    except HandshakeRefused:
        return set()
    return {"participant"}


ATTACKS: list[Callable[[], Fooled]] = [
    relay_unchanged,
    relay_with_its_own_keys,
    relay_of_a_resume,
    relay_turning_bulk_into_resume,
    guesser_without_the_code,
    replayed_join,
    thief_of_a_participants_key,
    presenter_without_the_code,
    reflected_participant,
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_nobody_takes_the_attacker_for_the_peer(attack: Callable[[], Fooled]) -> None:
    assert attack() == set()


def holds(*args: object, **kwargs: object) -> None:
    """A check that lets everything pass."""


MACS = (pairing_checks, "macs", lambda *args: 0)
SIGNATURE = (pairing_checks, "signature", holds)
TLS_KEY = (pairing_checks, "tls_key", holds)
NO_CERTIFICATE = (pairing, "_th0", lambda frames, certificate: pairing.digest(pairing.PROTOCOL, *frames))
NO_HELLOS = (pairing, "_th0", lambda frames, certificate: pairing.digest(pairing.PROTOCOL))
NO_IDENTITIES = (pairing, "_identity", lambda role, spki: b"nobody")

REMOVED = [
    ([MACS], guesser_without_the_code, True),
    ([SIGNATURE], thief_of_a_participants_key, True),
    ([TLS_KEY], relay_unchanged, False),
    ([NO_CERTIFICATE], relay_unchanged, False),
    ([TLS_KEY, NO_CERTIFICATE], relay_unchanged, True),
    ([TLS_KEY, NO_CERTIFICATE], relay_of_a_resume, True),
    ([TLS_KEY, NO_HELLOS], relay_turning_bulk_into_resume, True),
    ([NO_HELLOS], relay_with_its_own_keys, False),
    ([NO_IDENTITIES], relay_with_its_own_keys, False),
    ([NO_HELLOS, NO_IDENTITIES], relay_with_its_own_keys, True),
    ([MACS], replayed_join, False),
    ([MACS, SIGNATURE], replayed_join, True),
    ([SIGNATURE], presenter_without_the_code, False),
    ([MACS], presenter_without_the_code, True),
]


@pytest.mark.parametrize(("removed", "attack", "gets_through"), REMOVED)
def test_what_each_check_stops(removed, attack, gets_through: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, instead in removed:
        monkeypatch.setattr(module, name, instead)
    assert bool(attack()) is gets_through


def test_without_the_label_a_rooms_code_of_the_same_digits_would_do(monkeypatch: pytest.MonkeyPatch) -> None:
    password = pairing._password
    monkeypatch.setattr(pairing, "_password", lambda kind, room, code: password(b"", room, code))
    with pytest.raises(pytest.fail.Exception):
        test_a_rooms_code_lets_no_participant_in_even_when_the_digits_are_the_same()


@pytest.mark.parametrize("name", BAD_ELEMENTS)
def test_a_bad_element_is_refused_in_either_direction(name: str) -> None:
    entropy = seeded(3)
    met, met_owner, _ = greet(participant(), open_presenter(), Mode.PAIR, entropy, device("presenter"))
    bad = BAD_ELEMENTS[name]
    there = {b"A": b"B", b"B": b"A"}.get(bad[:1], bad[:1]) + bad[1:]
    with pytest.raises(HandshakeRefused):
        met_owner.receive_guess(encode([193, [there]]), (CODE,), entropy)
    with pytest.raises(HandshakeRefused):
        met.guess(CODE, entropy).receive(encode([194, [bad]]))


@pytest.mark.parametrize("count", [0, 2, 3])
def test_a_guess_at_two_codes_at_once_is_refused(count: int) -> None:
    entropy = seeded(3)
    met, met_owner, _ = greet(participant(), open_presenter(), Mode.PAIR, entropy, device("presenter"))
    with pytest.raises(HandshakeRefused):
        met_owner.receive_guess(encode([193, [b"B" + GOOD_POINT] * count]), (CODE,), entropy)
    with pytest.raises(HandshakeRefused):
        met.guess(CODE, entropy).receive(encode([194, [b"A" + GOOD_POINT] * count]))


def test_a_wall_takes_no_guess_at_one_code_alone() -> None:
    entropy = seeded(3)
    _, met_kiosk, _ = greet(presenter(), kiosk(), Mode.PAIR, entropy, device("kiosk"))
    with pytest.raises(HandshakeRefused):
        met_kiosk.receive_guess(encode([193, [b"A" + GOOD_POINT]]), (CODE,), entropy)
