"""A real mosquitto with the configuration of ``deploy/mosquitto``, on ports of its own; and a way to cut a
link."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.staging import free_port
from kiosk.fleet import broker_papers
from protocol.transport.addresses import Endpoint
from protocol.transport.tls import DeviceKey
from tests.protocol.handshakes import device

DEPLOY = Path(__file__).parents[3] / "deploy" / "mosquitto"
PROGRAM = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
KEY = device("facilities").key


@dataclass(frozen=True, slots=True)
class Broker:
    """Where displays and consoles come, and where presenters do."""

    devices: Endpoint
    presenters: Endpoint


def papers(folder: Path, revoked: tuple[bytes, ...] = ()) -> None:
    """What `kamizero ca broker` writes, and the lists of who may do what."""
    folder.mkdir(parents=True)
    private, certificate = broker_papers.of_broker(KEY, ["127.0.0.1"])
    for name, data in (
        ("ca.crt", broker_papers.root(KEY)),
        ("broker.key", private),
        ("broker.crt", certificate),
        ("revoked.crl", broker_papers.revoked(KEY, revoked)),
    ):
        (folder / name).write_bytes(data)
    for name in ("acl.devices", "acl.presenters"):
        shutil.copy(DEPLOY / name, folder / name)
        (folder / name).chmod(0o600)


def paper(folder: Path, key: DeviceKey, console: bool = False) -> Path:
    """That device's paper for the broker."""
    file = folder / f"{key.device_id.hex()[:8]}.crt"
    file.write_bytes(broker_papers.of_device(KEY, key.spki, console))
    return file


@contextmanager
def mosquitto(folder: Path, revoked: tuple[bytes, ...] = ()) -> Iterator[Broker]:
    assert PROGRAM is not None
    papers(folder / "papers", revoked)
    ports = free_port(), free_port()
    config = (DEPLOY / "mosquitto.conf").read_text("utf-8")
    config = config.replace("/etc/mosquitto/kamizero", str(folder / "papers"))
    config = config.replace("/var/lib/mosquitto/", f"{folder}/")
    for usual, port in zip((8883, 8884), ports, strict=True):
        assert f"listener {usual}\n" in config
        config = config.replace(f"listener {usual}\n", f"listener {port} 127.0.0.1\n")
    if os.getuid() == 0:
        config += "user root\n"
    (folder / "mosquitto.conf").write_text(config, "utf-8")
    log = (folder / "mosquitto.log").open("wb")
    process = subprocess.Popen([PROGRAM, "-c", str(folder / "mosquitto.conf")], stdout=log, stderr=log)
    try:
        for port in ports:
            _wait(port, process, folder / "mosquitto.log")
        yield Broker(*(Endpoint("127.0.0.1", port) for port in ports))
    finally:
        process.terminate()
        process.wait(10)
        log.close()


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 10
    while True:
        with socket.socket() as sock:
            if not sock.connect_ex(("127.0.0.1", port)):
                return
        if process.poll() is not None or time.monotonic() > until:
            pytest.fail(f"mosquitto does not run: {log.read_text('utf-8')}")


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
