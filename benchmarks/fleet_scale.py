"""Ten thousand displays at a real mosquitto: a call to all of them, and all of them on a console just opened.

10,000 connections without TLS from four processes, each with a genuine, signed status; 200 real displays over
TLS; a real console over TLS. Reference: mosquitto_pub and mosquitto_sub with the same topics. And a display
whose process is stopped (SIGSTOP: no byte, no FIN) is missed.
"""

from __future__ import annotations

import asyncio
import functools
import json
import logging
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from benchmarks.fleet_house import KEY, sign, status_of
from benchmarks.harness import Figure, Limit, figure
from benchmarks.mosquitto import PROGRAM, mosquitto, papers
from benchmarks.mqtt_client import MqttClient
from benchmarks.staging import free_port
from kiosk.fleet import broker_papers
from protocol.by_broker import (
    EVERY_CALL,
    EVERY_STATUS,
    SaidBody,
    call_topic,
    kind_of,
    sign_said,
    status_topic,
)
from protocol.facilities import (
    ConsoleCertificate,
    ConsoleRole,
    Facilities,
    RoomCertificate,
    device_id,
    sign_console,
    sign_room,
)
from protocol.orders import OrderMaker
from protocol.transport.addresses import Endpoint
from protocol.transport.broker import KEEP_ALIVE, Came
from protocol.transport.broker_console import BrokerConsole
from protocol.transport.broker_display import BrokerDisplay
from protocol.transport.manage_events import Silent, StatusKept, StatusSeen
from protocol.transport.managed import Managed
from protocol.transport.tls import DeviceKey

NAMES = ("fleet_scale_call", "fleet_scale_opened", "fleet_scale_cut")
CONNECTIONS, PROCESSES, DISPLAYS = 10_000, 4, 200
RUNS = 5
FILES = 16_384
GIVE_UP = 60.0
QUIET = 600
"""Keep-alive of the many, who say nothing while it is measured."""


def run() -> Iterable[Figure]:
    """Seconds. A mosquitto and its two tools have to be installed."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        plain, secure = stack.enter_context(_broker(folder))
        each = CONNECTIONS // PROCESSES
        many = [stack.enter_context(_child("many", plain, n * each, each)) for n in range(PROCESSES)]
        real = stack.enter_context(_child("real", secure, CONNECTIONS, DISPLAYS, folder))
        for child in (*many, real):
            child.told()
        yield from _calls(folder, plain, secure, [*many, real])
        yield _opened(folder, plain, secure)
        yield _cut(folder, secure)


def _calls(folder: Path, plain: int, secure: int, children: list[Child]) -> Iterable[Figure]:
    """A call of the console until the last has it; the same bytes by mosquitto_pub."""
    ours: list[float] = []
    console = folder / "console"

    async def calls() -> None:
        side = _console(console, secure, lambda event: None)
        side.start()
        await asyncio.to_thread(_all_told, children)  # it calls when it comes
        for _ in range(RUNS):
            begun = time.monotonic()
            side.call()
            ours.append(max(await asyncio.to_thread(_all_told, children)) - begun)
        await side.stop()

    asyncio.run(calls())
    theirs = []
    topic = call_topic(b"r" * 32)
    words = ["mosquitto_pub", "-V", "5", "-h", "127.0.0.1", "-p", str(plain), "-q", "1", "-r", "-t", topic]
    with subprocess.Popen([*words, "-l"], stdin=subprocess.PIPE) as tool:
        assert tool.stdin is not None
        for n in range(RUNS + 1):
            begun = time.monotonic()
            tool.stdin.write(b"x" * 400 + b"%d\n" % n)
            tool.stdin.flush()
            theirs.append(max(_all_told(children)) - begun)
        tool.stdin.close()
    how = f"mosquitto_pub, same topic and length; {CONNECTIONS} connections and {DISPLAYS} displays over TLS"
    # The first of each includes its connection.
    yield figure("fleet_scale_call", "s", ours, Limit("ratio", 1.3), reference=theirs[1:], how=how)


def _opened(folder: Path, plain: int, secure: int) -> Figure:
    everybody = CONNECTIONS + DISPLAYS

    async def opened() -> float:
        seen: set[bytes] = set()
        done = asyncio.Event()

        def take(event: object) -> None:
            if isinstance(event, StatusKept | StatusSeen):
                seen.add(event.device)
                if len(seen) == everybody:
                    done.set()

        side = _console(folder / "console", secure, take)
        begun = time.monotonic()
        side.start()
        try:
            async with asyncio.timeout(GIVE_UP):
                await done.wait()
            return time.monotonic() - begun
        except TimeoutError:
            print(f"only {len(seen)} of {everybody} statuses came", file=sys.stderr)
            return GIVE_UP
        finally:
            await side.stop()

    ours = [asyncio.run(opened()) for _ in range(RUNS)]
    words = ["mosquitto_sub", "-V", "5", "-h", "127.0.0.1", "-p", str(plain), "-t", EVERY_STATUS]
    theirs = []
    for _ in range(RUNS):
        begun = time.monotonic()
        subprocess.run([*words, "-C", str(everybody)], stdout=subprocess.DEVNULL, check=True, timeout=GIVE_UP)
        theirs.append(time.monotonic() - begun)
    how = "mosquitto_sub without TLS, which proves nothing; ours checks two signatures of each, over TLS"
    return figure("fleet_scale_opened", "s", ours, Limit("max", 2.0), reference=theirs, how=how)


def _cut(folder: Path, secure: int) -> Figure:
    with _child("real", secure, CONNECTIONS + DISPLAYS, 1, folder) as lonely:
        lonely.told()
        took = asyncio.run(_missed(folder, secure, lonely.process))
    reach = Limit("max", 1.5 * KEEP_ALIVE + 2)
    how = f"none: absolute; keep-alive {KEEP_ALIVE} s. The console misses the pulse before mosquitto looks"
    return figure("fleet_scale_cut", "s", [took], reach, how=how)


async def _missed(folder: Path, secure: int, process: subprocess.Popen[str]) -> float:
    wanted = DeviceKey.load_or_create(folder / f"display{CONNECTIONS + DISPLAYS}").device_id
    seen, silent = asyncio.Event(), asyncio.Event()

    def take(event: object) -> None:
        match event:
            case StatusSeen(device) if device == wanted:
                seen.set()
            case Silent(device) if device == wanted:
                silent.set()

    side = _console(folder / "console", secure, take)
    side.start()
    try:
        await seen.wait()
        os.kill(process.pid, signal.SIGSTOP)
        cut = time.monotonic()
        async with asyncio.timeout(GIVE_UP):
            await silent.wait()
        return time.monotonic() - cut
    except TimeoutError:
        return GIVE_UP
    finally:
        os.kill(process.pid, signal.SIGCONT)
        await side.stop()


# --- who is there ---------------------------------------------------------------------------------------


class Child:
    """A process with many clients, which tells with a line when all of them have what was sent."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def told(self) -> float:
        """When the last of its clients had it (monotonic, as all processes of a machine have it)."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("a process with clients has ended")
        return float(json.loads(line))


def _all_told(children: list[Child]) -> list[float]:
    return [child.told() for child in children]


@contextmanager
def _child(kind: str, port: int, first: int, count: int, folder: Path | None = None) -> Iterator[Child]:
    words = [sys.executable, "-m", "benchmarks.fleet_scale", kind, str(port), str(first), str(count)]
    process = subprocess.Popen(
        [*words, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
        preexec_fn=_many_files,
    )
    try:
        yield Child(process)
    finally:
        process.kill()
        process.communicate()


@contextmanager
def _broker(folder: Path) -> Iterator[tuple[int, int]]:
    """(port without TLS, port with it). The configuration of ``deploy/``, and a door without a lock."""
    if PROGRAM is None or shutil.which("mosquitto_pub") is None:
        raise SystemExit("fleet_scale needs mosquitto and mosquitto-clients")
    secure, other, plain = free_port(), free_port(), free_port()
    papers(folder / "papers", KEY)
    more = f"persistence false\nmax_keepalive {QUIET}\nlog_type error\n"
    more += f"listener {plain} 127.0.0.1\nallow_anonymous true\n"
    with mosquitto(folder, (secure, other, plain), more, _many_files):
        yield plain, secure


def _many_files() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))


def _console(folder: Path, port: int, emit: Callable[[object], None]) -> BrokerConsole:
    key = DeviceKey.load_or_create(folder)
    paper = folder / "paper.crt"
    paper.write_bytes(broker_papers.of_device(KEY, key.spki, console=True))
    certificate = sign_console(sign, ConsoleCertificate(key.device_id, ConsoleRole.FACILITIES, "管財課"))
    at = Endpoint("127.0.0.1", port)
    orders = OrderMaker(key.sign, key.spki, certificate)
    return BrokerConsole(at, key, certificate, Facilities(KEY.public_key()), None, orders, paper, emit)


# --- in the other processes -----------------------------------------------------------------------------


class Counting:
    """Tells with a line when so many have got one message each."""

    def __init__(self, count: int) -> None:
        self._count, self._got = count, 0

    def got(self, _payload: bytes = b"") -> None:
        self._got += 1
        if self._got == self._count:
            self._got = 0
            tell()


def tell() -> None:
    print(json.dumps(time.monotonic()), flush=True)


async def _many(port: int, first: int, count: int) -> None:
    """Clients that connect, say how they are, and wait for calls."""
    counting = Counting(count)
    clients = []
    loop = asyncio.get_running_loop()
    for n in range(first, first + count):
        device, payload = _status(n)
        client = MqttClient(f"m{n}", (EVERY_CALL,), counting.got, QUIET)
        await loop.create_connection(functools.partial(_itself, client), "127.0.0.1", port)
        await client.ready.wait()
        client.publish(status_topic(device), payload, retain=True)
        clients.append(client)
    tell()
    await asyncio.to_thread(sys.stdin.read)


def _itself(client: MqttClient) -> MqttClient:
    return client


def _status(number: int) -> tuple[bytes, bytes]:
    key = ec.derive_private_key(number + 7, ec.SECP256R1())
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    spki = key.public_key().public_bytes(serialization.Encoding.DER, form)
    device = device_id(spki)
    room = sign_room(sign, RoomCertificate(device, number + 1, f"{number}"))
    body = SaidBody(device, bytes(16), 1, (), status_of(bytes(16), number + 1))
    return device, sign_said(lambda data: key.sign(data, ec.ECDSA(hashes.SHA256())), spki, room, body)


class Watched(BrokerDisplay):
    """A display that tells when it is at the broker, and when a call comes."""

    def watch(self, opened: Counting, called: Counting) -> None:
        self._at_work, self._calls_come = opened, called

    def _opened(self) -> None:
        super()._opened()
        self._at_work.got()

    def _take(self, came: Came) -> None:
        if kind_of(came.topic) == "call":
            self._calls_come.got()
        super()._take(came)


async def _real(port: int, first: int, count: int, folder: Path) -> None:
    """Displays as they are in rooms."""
    counting, at_work = Counting(count), Counting(count)
    sides = []
    for n in range(first, first + count):
        key = DeviceKey.load_or_create(folder / f"display{n}")
        paper = folder / f"display{n}" / "paper.crt"
        paper.write_bytes(broker_papers.of_device(KEY, key.spki))
        room = sign_room(sign, RoomCertificate(key.device_id, n + 1, f"{n}"))
        managed = Managed(key.device_id, Facilities(KEY.public_key()), lambda event: None)
        side = Watched(Endpoint("127.0.0.1", port), key, room, paper, managed, spread=2.0)
        side.watch(at_work, counting)
        managed.set_status(status_of(managed.run, n + 1))
        side.start()
        sides.append(side)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)  # what the reference says counts for nothing at a display
    kind, port, first, count, where = sys.argv[1:]
    if kind == "many":
        asyncio.run(_many(int(port), int(first), int(count)))
    else:
        asyncio.run(_real(int(port), int(first), int(count), Path(where)))
