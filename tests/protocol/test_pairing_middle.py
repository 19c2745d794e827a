"""Somebody in the middle who tries anything, at random but the same each time: nobody is authenticated."""

from __future__ import annotations

import random
from functools import cache

import msgspec
import pytest
from spake2.ed25519_basic import Base, L

from protocol.pairing import Dialing, meet
from protocol.pairing_checks import HandshakeRefused
from protocol.pairing_messages import Mode
from protocol.values import Role
from tests.protocol.handshakes import (
    CODE,
    certificate_for,
    device,
    kiosk,
    open_presenter,
    participant,
    presenter,
    run,
    seeded,
)
from tests.protocol.test_pairing_attacks import (
    BINDING_OF_HELLOS,
    BINDING_OF_IDENTITIES,
    TLS_KEY,
    Fooled,
    encode,
    signed_anew,
    with_fields,
)


@cache
def a_former_run(seed: int) -> tuple[bytes, ...]:
    return tuple(run(presenter(), kiosk(), seed=seed).frames)


@cache
def a_former_joining(seed: int) -> tuple[bytes, ...]:
    return tuple(run(open_presenter(), participant(), owner_dials=False, seed=seed).frames)


class Mallory:
    """Ends TLS on both sides and, frame by frame, does one of the things that can be done, at random.

    It has a key of its own, everything said in a former good run of the two, and guesses codes.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.entropy = self.random.randbytes
        self.key = device("mallory")
        self.heard = list(a_former_run(seed % 8))
        self.identity = self.random.choice([{}, {"spki": self.key.spki}])

    def hello(self, frame: bytes) -> bytes:
        self.heard.append(frame)
        if self.random.random() < 0.85:
            return with_fields(frame, **self.identity)
        fields = {
            "spki": self.random.choice([self.key.spki, device("kiosk").spki, device("presenter").spki]),
            "nonce": self.entropy(32),
            "role": self.random.choice(list(Role)),
            "mode": self.random.choice(list(Mode)),
            "code_length": self.random.randrange(11),
            "certificate": self.random.choice([None, certificate_for(device("kiosk"))]),
            "revocations": self.random.randrange(5),
        }
        chosen = self.random.sample(sorted(fields), self.random.randint(1, 3))
        return with_fields(frame, **self.identity | {name: fields[name] for name in chosen})

    def frame(self, frame: bytes, th: bytes | None = None, owner: bool = False) -> bytes:
        """One of: as it is, signed anew, an old frame, slots swapped, a bit turned, an own element."""
        self.heard.append(frame)
        what = self.random.randrange(14)
        if what < 4 and self.identity and th is not None:
            return signed_anew(frame, self.key, owner, th)
        if what < 4:
            return frame
        if what == 4:
            return self.random.choice(self.heard)
        if what == 5:
            values = msgspec.msgpack.decode(frame)
            if len(values) > 1:
                values[1] = values[1][::-1]
            return encode(values)
        if what == 6:
            place = self.random.randrange(len(frame))
            return frame[:place] + bytes([frame[place] ^ 1 << self.random.randrange(8)]) + frame[place + 1 :]
        if what == 7:
            values = msgspec.msgpack.decode(frame)
            side = b"A" if values[0] == 193 else b"B"
            own = Base.scalarmult(self.random.randrange(1, L)).to_bytes()
            return encode([values[0], [side + own, side + own]])
        if what == 8:
            return self.entropy(len(frame))
        return frame


def one_run(seed: int) -> Fooled:
    """A presenter and a kiosk with the same code try to pair through Mallory, who stands in the middle."""
    fooled: Fooled = set()
    mallory, entropy = Mallory(seed), seeded(seed + 1_000_000)
    owner_dials = mallory.random.random() < 0.5
    dialer, listener = (presenter(), kiosk()) if owner_dials else (kiosk(), presenter())
    listening = device("kiosk") if owner_dials else device("presenter")
    # A stronger Mallory than there can be: its certificate may carry the very key that the HELLO names.
    shown = mallory.key if mallory.identity else listening
    certificate = mallory.key.certificate
    try:
        dialing = Dialing(dialer, Mode.PAIR, entropy(32))
        listened, reply = meet(listener, mallory.hello(dialing.frame), entropy(32), listening.certificate)
        dialed = dialing.receive(mallory.hello(reply), certificate, shown.spki)
        met, met_kiosk = (dialed, listened) if owner_dials else (listened, dialed)
        if not met.types or met_kiosk.types:
            return fooled  # one was made a participant: the program gives up a link of the wrong kind
        if met.mode is not Mode.PAIR or met_kiosk.mode is not Mode.PAIR:
            return fooled  # there is no session whose secret anybody could ask these two for
        guessing = met.guess(CODE, entropy)
        answering = met_kiosk.receive_guess(mallory.frame(guessing.frame), (CODE,), entropy)
        proving = guessing.receive(mallory.frame(answering.frame))
        confirming = answering.then.receive(mallory.frame(proving.frame, answering.then.th, owner=True))
        fooled.add("kiosk")
        proved = proving.receive(mallory.frame(confirming.frame, proving.th, owner=False))
        fooled.add("presenter")
        confirming.receive(mallory.frame(proved.frame))
    except HandshakeRefused:
        pass
    return fooled


def one_joining(seed: int) -> Fooled:
    """A participant with the join code dials the presenter through Mallory, who took the wall's place."""
    fooled: Fooled = set()
    mallory, entropy = Mallory(seed), seeded(seed + 2_000_000)
    mallory.heard = list(a_former_joining(seed % 8))
    shown = mallory.key if mallory.identity else device("presenter")
    try:
        dialing = Dialing(participant(), Mode.PAIR, entropy(32))
        to_owner = mallory.hello(dialing.frame)
        met_owner, reply = meet(open_presenter(), to_owner, entropy(32), device("presenter").certificate)
        met = dialing.receive(mallory.hello(reply), mallory.key.certificate, shown.spki)
        if met.mode is not Mode.PAIR or met_owner.mode is not Mode.PAIR or met_owner.types:
            return fooled  # taken for a wall, it would have to know what nobody has typed
        guessing = met.guess(CODE, entropy)
        answering = met_owner.receive_guess(mallory.frame(guessing.frame), (CODE,), entropy)
        proving = guessing.receive(mallory.frame(answering.frame))
        confirming = answering.then.receive(mallory.frame(proving.frame, answering.then.th, owner=False))
        fooled.add("presenter")
        proved = proving.receive(mallory.frame(confirming.frame, proving.th, owner=True))
        fooled.add("participant")
        confirming.receive(mallory.frame(proved.frame))
    except HandshakeRefused:
        pass
    return fooled


def test_300_random_joinings_with_somebody_in_the_middle_authenticate_nobody() -> None:
    assert [seed for seed in range(300) if one_joining(seed)] == []


@pytest.mark.long
def test_3000_more_random_joinings_authenticate_nobody() -> None:
    assert [seed for seed in range(300, 3_300) if one_joining(seed)] == []


def test_300_random_runs_with_somebody_in_the_middle_authenticate_nobody() -> None:
    assert [seed for seed in range(300) if one_run(seed)] == []


@pytest.mark.long
def test_3000_more_random_runs_authenticate_nobody() -> None:
    assert [seed for seed in range(300, 3_300) if one_run(seed)] == []


def test_the_random_runs_would_find_a_hole(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the certificate, the HELLOs and the identities unbound, some of the very same runs get through."""
    for module, name, instead in (TLS_KEY, BINDING_OF_HELLOS, BINDING_OF_IDENTITIES):
        monkeypatch.setattr(module, name, instead)
    assert any(one_run(seed) for seed in range(300))
