"""What is believed of a broker: signed words of this house's displays, and as live what echoes a call."""

from __future__ import annotations

import pytest

from protocol.by_broker import (
    Calls,
    Gone,
    Liveness,
    NotBelieved,
    Pulses,
    RoomHere,
    SaidBody,
    read_call,
    read_said,
    sign_call,
    sign_said,
)
from protocol.facilities import ConsoleCertificate, ConsoleRole, RevocationList, device_id, sign_revocations
from tests.protocol.handshakes import certificate_for, console_certificate, device, facilities

WALL = device("kiosk")
WALL_ID = device_id(WALL.spki)
DESK = device("console")
HERE = RoomHere(False, False, ("10.1.6.27:47400",))


def body(serial: int = 1, run: bytes = b"r" * 16, *calls: bytes) -> SaidBody:
    return SaidBody(WALL_ID, run, serial, calls, HERE)


def said(of: SaidBody, certificate: bytes | None = None, signer: str = "kiosk") -> bytes:
    return sign_said(device(signer).sign, WALL.spki, certificate or certificate_for(WALL), of)


def test_a_display_is_believed_by_its_own_key_and_the_facilities_word_alone() -> None:
    assert read_said(said(body()), facilities()).body == body()
    out = sign_revocations(device("facilities").sign, RevocationList(1, (WALL_ID,)))
    for frame, known in (
        (said(body(), signer="thief"), facilities()),
        (said(body(), certificate=certificate_for(device("other"))), facilities()),
        (said(SaidBody(device_id(DESK.spki), b"r" * 16, 1, (), HERE)), facilities()),
        (said(body()), facilities().with_revocations(out)),
        (said(body())[:-1], facilities()),
        (b"", facilities()),
    ):
        with pytest.raises(NotBelieved):
            read_said(frame, known)


def test_a_call_is_a_consoles_and_no_displays() -> None:
    nonce = b"n" * 16
    console, heard = read_call(
        sign_call(DESK.sign, DESK.spki, console_certificate(DESK), nonce), facilities()
    )
    assert (console.device, heard) == (device_id(DESK.spki), nonce)
    for frame in (
        sign_call(WALL.sign, WALL.spki, certificate_for(WALL), nonce),
        sign_call(device("thief").sign, DESK.spki, console_certificate(DESK), nonce),
        b"\xc1",
    ):
        with pytest.raises(NotBelieved):
            read_call(frame, facilities())


def test_only_what_echoes_a_call_of_now_is_live_and_only_once() -> None:
    live = Liveness(75.0)
    old, former, present = (bytes([n]) * 16 for n in (1, 2, 3))
    for nonce in (old, former, present):
        live.calling(nonce)
    assert not live.hear(body(1), 0.0)
    assert not live.hear(body(1, b"r" * 16, old), 0.0)
    assert live.hear(body(5, b"r" * 16, b"x" * 16, former), 0.0)
    assert not live.hear(body(5, b"r" * 16, present), 0.0)  # repeated
    assert not live.hear(body(4, b"r" * 16, present), 0.0)  # kept back
    assert live.hear(body(1, b"s" * 16, present), 1.0)  # started anew
    assert live.run_of(WALL_ID) == b"s" * 16
    assert not live.gone(SaidBody(WALL_ID, b"r" * 16, 9, (), Gone()))  # the will of its former run
    assert not list(live.expired(76.0))
    assert list(live.expired(76.1)) == [WALL_ID]
    assert live.hear(body(2, b"s" * 16, present), 80.0)
    assert live.gone(SaidBody(WALL_ID, b"s" * 16, 0, (), Gone()))
    assert not live.is_live(WALL_ID)


def test_who_has_a_pulse_is_missed_without_it_and_nobody_else() -> None:
    pulses, other, old = Pulses(12.0), b"o" * 32, b"q" * 32
    pulses.heard(old, 0.0)  # a version that has none
    assert not any(pulses.came(each, 0.0) for each in (WALL_ID, other))
    pulses.heard(other, 5.0)
    assert pulses.late(12.0) == []
    assert (pulses.late(12.1), pulses.late(12.2)) == ([WALL_ID], [])
    assert pulses.is_missed(WALL_ID)
    assert pulses.came(WALL_ID, 13.0), "and is back at once"
    pulses.excuse(30.0)
    assert pulses.late(41.0) == [], "this machine had not listened"
    pulses.drop(WALL_ID)
    assert pulses.late(60.0) == [other]


def test_a_display_echoes_the_newest_call_of_each_console_and_of_not_too_many() -> None:
    calls = Calls()
    for n in range(20):
        assert calls.take(ConsoleCertificate(bytes([n]) * 32, ConsoleRole.READ_ONLY, ""), bytes([n]) * 16)
    console = ConsoleCertificate(bytes([19]) * 32, ConsoleRole.READ_ONLY, "")
    assert not calls.take(console, bytes([19]) * 16)
    assert calls.take(console, b"y" * 16)
    assert calls.all() == (*(bytes([n]) * 16 for n in range(12, 19)), b"y" * 16)
