"""The second pairing, by the join code: honest runs, and roles mixed up."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from protocol import pairing
from protocol.errors import Misuse
from protocol.pairing import Dialing, Us, meet
from protocol.pairing_checks import HandshakeRefused
from protocol.pairing_messages import Answer, Guess, Mode, Proof
from protocol.values import Role
from tests.protocol.attackers import BY_JOIN_CODE, encode, with_fields
from tests.protocol.handshakes import (
    CODE,
    device,
    greet,
    kiosk,
    open_presenter,
    participant,
    seeded,
)


def test_the_join_code_gives_both_sides_one_secret() -> None:
    outcome = BY_JOIN_CODE.run()
    assert outcome.owner_secret == outcome.guest_secret
    assert outcome.slot == 0
    assert outcome.owner_secret != BY_JOIN_CODE.run(seed=2).owner_secret


@pytest.mark.parametrize("mode", [Mode.RESUME, Mode.BULK])
def test_a_participants_session_resumes_by_its_secret(mode: Mode) -> None:
    outcome = BY_JOIN_CODE.run(mode=mode, secrets=(b"s" * 32, b"s" * 32))
    assert outcome.owner_secret == outcome.guest_secret == b"s" * 32
    with pytest.raises(HandshakeRefused):
        BY_JOIN_CODE.run(mode=mode, secrets=(b"s" * 32, b"t" * 32))


def test_a_wrong_join_code_is_refused() -> None:
    with pytest.raises(HandshakeRefused) as refused:
        BY_JOIN_CODE.run(typed="481904")
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


def test_without_the_label_a_rooms_code_of_the_same_digits_would_do(monkeypatch: pytest.MonkeyPatch) -> None:
    password = pairing._password
    monkeypatch.setattr(pairing, "_password", lambda kind, room, code: password(b"", room, code))
    with pytest.raises(pytest.fail.Exception):
        test_a_rooms_code_lets_no_participant_in_even_when_the_digits_are_the_same()
