"""The presenter's door for participants: bad frames and mixed-up roles against a real owner."""

from __future__ import annotations

import asyncio
import struct
from pathlib import Path

import msgspec
import pytest
from spake2.ed25519_basic import Base

from protocol.pairing import PeerFacts
from protocol.pairing_checks import HandshakeRefused
from protocol.pairing_messages import Guess, Mode
from protocol.transport.dial import dial
from protocol.transport.handshake import Party
from protocol.transport.join_events import JoinCodeWrong, ParticipantSeen
from protocol.values import Role
from tests.protocol.transport.briefings import ROOM, Kiosk, Presenter, run, settings
from tests.protocol.transport.joiners import Joiner, briefing
from tests.protocol.transport.raw_peer import BINARY, CLOSE, RawPeer, hello
from tests.protocol.transport.rooms import PATIENT

OURS = settings(rendezvous_port=0)
REFUSED = (CLOSE, struct.pack("!H", 4401) + b"auth")
ELEMENT = Base.scalarmult(5).to_bytes()
A_GUESS = msgspec.msgpack.encode(Guess((b"B" + ELEMENT,)))


async def participant_hello(presenter: Presenter, room: int = ROOM) -> RawPeer:
    peer = await RawPeer.upgraded(presenter.owner._surroundings.port)
    await peer.send(BINARY, hello(role=Role.PARTICIPANT, room=room))
    return peer


async def last_of(peer: RawPeer) -> tuple[int, bytes]:
    answer = await peer.receive()
    await peer.hang_up()
    return answer


def test_while_joining_is_closed_a_participant_gets_no_hello_back(tmp_path: Path) -> None:
    async def attack() -> None:
        kiosk, presenter = Kiosk(tmp_path, OURS), Presenter(tmp_path, OURS)
        async with briefing(kiosk, presenter):
            presenter.owner.participants.close()
            assert await last_of(await participant_hello(presenter)) == REFUSED
            presenter.owner.participants.open()
            peer = await participant_hello(presenter, ROOM + 1)
            assert (await peer.receive())[0] == BINARY
            assert (await last_of(peer))[1][:2] == struct.pack("!H", 4401), "no such room in this briefing"

    run(attack)


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(b"", id="empty"),
        pytest.param(A_GUESS[:-1], id="cut"),
        pytest.param(msgspec.msgpack.encode([193, [b"A" + ELEMENT]]), id="the owner's side"),
        pytest.param(msgspec.msgpack.encode([193, [b"B" + ELEMENT] * 2]), id="two at once"),
        pytest.param(msgspec.msgpack.encode([193, [b"B" + bytes(32)]]), id="low order"),
    ],
)
def test_a_bad_guess_is_refused_and_counted_and_the_sixth_is_not_tested(
    payload: bytes, tmp_path: Path
) -> None:
    async def attack() -> None:
        kiosk, presenter = Kiosk(tmp_path, OURS), Presenter(tmp_path, OURS)
        joiner = Joiner(tmp_path, OURS)
        async with briefing(kiosk, presenter, joiner):
            for wrong in range(5):
                peer = await participant_hello(presenter)
                assert (await peer.receive())[0] == BINARY
                await peer.send(BINARY, payload)
                assert await last_of(peer) == REFUSED
                assert len(presenter.inbox.of(JoinCodeWrong)) == wrong + 1
            peer = await participant_hello(presenter)
            assert (await peer.receive())[0] == BINARY
            await peer.send(BINARY, A_GUESS)
            assert await last_of(peer) == REFUSED, "else it would be answered"
            assert presenter.inbox.of(ParticipantSeen) == []

    run(attack)


def test_a_secret_lets_nobody_in_under_another_role(tmp_path: Path) -> None:
    """A participant that says it is the wall, and a wall that says it is a participant."""

    async def attack() -> None:
        kiosk, presenter, joiner = Kiosk(tmp_path, OURS), Presenter(tmp_path, OURS), Joiner(tmp_path, OURS)
        async with briefing(kiosk, presenter, joiner) as code:
            await joiner.join(kiosk, code)
            port = presenter.owner._surroundings.port
            sessions = {
                Role.DISPLAY: (joiner.side._party.device, joiner.side._session),
                Role.PARTICIPANT: (kiosk.side._doorway.party.device, kiosk.side._session),
            }
            for role, (device, session) in sessions.items():
                assert session is not None

                def secret_for(peer: PeerFacts, secret: bytes = session.kept.secret) -> bytes:
                    return secret

                for mode in (Mode.RESUME, Mode.BULK):
                    with pytest.raises(HandshakeRefused):
                        await dial(Party(device, role, PATIENT, secret_for), "127.0.0.1", port, mode, ROOM)
            presenter.show(102)
            await asyncio.gather(
                *(
                    one.inbox.settled(lambda one=one: one.briefing == presenter.briefing)
                    for one in (kiosk, joiner)
                )
            )

    run(attack)
