"""A real mosquitto of a house of ours; and a way to cut a link."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import mosquitto as house
from benchmarks.staging import free_port
from kiosk.fleet import broker_papers
from protocol.transport.addresses import Endpoint
from protocol.transport.tls import DeviceKey
from tests.protocol.handshakes import device

PROGRAM = house.PROGRAM
KEY = device("facilities").key


@dataclass(frozen=True, slots=True)
class Broker:
    """Where displays and consoles come, and where presenters do."""

    devices: Endpoint
    presenters: Endpoint


def papers(folder: Path, revoked: tuple[bytes, ...] = ()) -> None:
    """Those of a house whose key we have."""
    house.papers(folder, KEY, revoked)


def paper(folder: Path, key: DeviceKey, console: bool = False) -> Path:
    """That device's paper for the broker."""
    file = folder / f"{key.device_id.hex()[:8]}.crt"
    file.write_bytes(broker_papers.of_device(KEY, key.spki, console))
    return file


@contextmanager
def mosquitto(folder: Path, revoked: tuple[bytes, ...] = ()) -> Iterator[Broker]:
    papers(folder / "papers", revoked)
    ports = free_port(), free_port()
    with house.mosquitto(folder, ports):
        yield Broker(*(Endpoint("127.0.0.1", port) for port in ports))


class Relay:
    """Passes bytes on to a broker, until it is cut: then no byte comes through, and nobody is told."""

    def __init__(self, to: Endpoint) -> None:
        self._to = to
        self._links: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.at = to

    async def __aenter__(self) -> Relay:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.at = Endpoint("127.0.0.1", self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self) -> None:
        """Every connection is over at both ends, without a goodbye."""
        for writer in self._links:
            writer.transport.abort()
        self._links.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self._to.host, self._to.port)
        self._links += [writer, back]
        for source, target in ((reader, back), (there, writer)):
            task = asyncio.create_task(self._pass(source, target))
            self._tasks.add(task)

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65_536):
                target.write(data)
        except OSError:
            return
        finally:
            target.transport.abort()
