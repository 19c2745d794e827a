"""A real relay that ends TLS between a presenter and a kiosk (docs/bad-input.md, rows 19, 24, 26)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from protocol.pairing import Mode
from protocol.pairing_checks import HandshakeRefused, Why
from protocol.transport.dial import dial
from protocol.transport.handshake import CodeEvent, Greeted, Party
from protocol.transport.listen import serve
from protocol.transport.tls import DeviceKey
from tests.protocol.handshakes import certificate_for, facilities
from tests.protocol.transport.raw_peer import client_tls
from tests.protocol.transport.rooms import ROOM, device, room, run

Change = Callable[[bytes], bytes]


@asynccontextmanager
async def relay(thief: DeviceKey, port: int, to_presenter: Change) -> AsyncIterator[int]:
    """Takes connections with its own certificate and passes on what is in them, every byte in its hands."""
    running: set[asyncio.Task[None]] = set()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, change: Change) -> None:
        try:
            while content := await reader.read(65_536):
                writer.write(change(content))
                await writer.drain()
        except OSError:
            return
        finally:
            writer.close()

    async def serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port, ssl=client_tls(), server_hostname="x")
        carried = [carry(reader, back, lambda content: content), carry(there, writer, to_presenter)]
        running.update(asyncio.ensure_future(each) for each in carried)

    server = await asyncio.start_server(serve_one, "127.0.0.1", 0, ssl=thief.server_context())
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


@pytest.mark.bad_input(row=24)
def test_a_relay_that_changes_nothing_is_refused_by_both_sides_before_any_guess(tmp_path: Path) -> None:
    async def attack() -> None:
        async with room(tmp_path) as kiosk:
            thief = device(tmp_path, "thief")
            async with relay(thief, kiosk.port, lambda content: content) as port:
                with pytest.raises(HandshakeRefused) as refused:
                    await dial(kiosk.presenter, "127.0.0.1", port, Mode.PAIR, ROOM)
                assert refused.value.why is Why.REFUSED
                assert isinstance(await kiosk.failures.get(), HandshakeRefused)
            assert kiosk.events == ["greeted", "failed"]

    run(attack())


@pytest.mark.bad_input(row=19)
@pytest.mark.bad_input(row=24)
def test_a_relay_that_puts_its_own_key_into_the_hello_is_refused_and_the_guess_counted(
    tmp_path: Path,
) -> None:
    async def attack() -> None:
        async with room(tmp_path) as kiosk:
            thief = device(tmp_path, "thief")

            def swap(content: bytes) -> bytes:
                return content.replace(kiosk.kiosk.device.spki, thief.spki)

            async with relay(thief, kiosk.port, swap) as port:
                greeted = await dial(kiosk.presenter, "127.0.0.1", port, Mode.PAIR, ROOM)
                assert greeted.peer.device_id == thief.device_id
                with pytest.raises(HandshakeRefused):
                    await greeted.prove_code(kiosk.code)
                assert isinstance(await kiosk.failures.get(), HandshakeRefused)
            assert kiosk.events == ["greeted", CodeEvent.WRONG, "failed"]
            assert kiosk.kiosk.codes is not None
            assert len(kiosk.kiosk.codes._tested) == 1

    run(attack())


class Borrowed(DeviceKey):
    """A device that says another's public key and cannot sign for it."""

    def lend(self, spki: bytes) -> Borrowed:
        self.spki = spki
        return self


@pytest.mark.parametrize("kiosk_dials", [False, True])
@pytest.mark.bad_input(row=26)
def test_a_thief_with_the_code_and_a_copied_certificate_is_refused(kiosk_dials: bool, tmp_path: Path) -> None:
    """Listening, its TLS key gives it away; dialling, its signature."""

    async def attack() -> None:
        robbed = device(tmp_path, "robbed")
        thief = Borrowed.load_or_create(tmp_path / "thief").lend(robbed.spki)
        async with room(tmp_path, device=thief, certificate=certificate_for(robbed)) as kiosk:
            careful = replace(kiosk.presenter, facilities=facilities())
            if not kiosk_dials:
                with pytest.raises(HandshakeRefused) as refused:
                    await kiosk.dialled(party=careful)
                assert refused.value.why is Why.REFUSED
                assert isinstance(await kiosk.failures.get(), HandshakeRefused)
                return
            await thief_dials(kiosk.kiosk, careful, kiosk.code)

    run(attack())


async def thief_dials(thief: Party, careful: Party, code: str) -> None:
    refusals: asyncio.Queue[HandshakeRefused] = asyncio.Queue()

    async def typed(greeted: Greeted) -> None:
        assert greeted.peer.registered
        with pytest.raises(HandshakeRefused) as refused:
            await greeted.prove_code(code)
        refusals.put_nowait(refused.value)

    listener = await serve(careful, typed, ["127.0.0.1"], 0)
    greeted = await dial(thief, "127.0.0.1", listener.ports[0], Mode.PAIR, ROOM)
    with pytest.raises(HandshakeRefused):
        await greeted.answer()
    assert (await refusals.get()).why is Why.REFUSED
    await listener.close()
