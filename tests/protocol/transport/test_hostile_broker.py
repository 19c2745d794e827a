"""A broker that lies, floods, says nothing or talks nonsense: it is trusted with nothing."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import msgspec
import pytest

from protocol.by_broker import order_topic, status_topic
from protocol.codec import encode
from protocol.manage import Answered, Order, Outcome
from protocol.transport import broker as broker_module
from protocol.transport.addresses import Endpoint
from protocol.transport.broker import Came, Post
from protocol.transport.managed import REFUSALS_A_MINUTE
from protocol.transport.tls import DeviceKey
from tests.protocol.transport.briefings import run
from tests.protocol.transport.broker_sides import ROOM, Desk, Peer, Wall
from tests.protocol.transport.mosquitto import Broker, paper, papers

pytestmark = pytest.mark.usefixtures("quick_links")


@pytest.mark.expected_logs("counts for nothing")
def test_what_a_lying_broker_invents_counts_for_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def test() -> None:
        nowhere = Endpoint("127.0.0.1", 1)
        wall, desk = Wall(tmp_path, nowhere), Desk(tmp_path, nowhere)
        other = Wall(tmp_path, nowhere, "other")
        own, console = status_topic(wall.key.device_id), desk.key.device_id
        genuine = wall.side._post(wall.status()).payload
        for topic, payload in (
            (own, b"\xc1" * 50),
            (own, b"\x91" * 100_000),
            (own, genuine[:-4]),
            (own, genuine.replace(b"\xe7\xac\xac", b"\xe5\xbe\x8c")),
            (status_topic(other.key.device_id), genuine),
            (own, wall.side._post(msgspec.structs.replace(wall.status(), number=ROOM + 1)).payload),
        ):
            desk.side._take(Came(topic, payload, True, "", b""))
        order = order_topic(console, wall.key.device_id)
        for payload, answer_to in (
            (b"\xc1", f"kamizero/1/console/{console.hex()}/answer/{wall.key.device_id.hex()}"),
            (encode(wall.status()), ""),
            (genuine, "kamizero/1/display/x/status"),
        ):
            wall.side._take(Came(order, payload, False, answer_to, b""))
        wall.side._take(Came(f"kamizero/1/console/{console.hex()}/call", genuine, False, "", b""))
        wall.side._take(Came(f"kamizero/1/console/{console.hex()}/revoked", b"junk", True, "", b""))
        wall.side._take(Came("something/else", b"", False, "", b""))
        for _ in range(1_000):
            desk.side._take(Came(own, b"\xc1", True, "", b""))
        assert len([line for line in caplog.messages if "1000 times" in line]) == 1
        assert len(caplog.messages) < 12  # a lie does not fill a disk
        assert not desk.inbox.events
        assert not wall.inbox.events
        assert wall.managed.revocations == 0

    run(test, 30)


@pytest.mark.expected_logs("was refused")
def test_orders_that_are_repeated_without_end_fill_no_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wall = Wall(tmp_path, Endpoint("127.0.0.1", 1))
    answers: list[Answered] = []
    for _ in range(1_000):
        wall.managed.take(Order(b"", b"", b"", b""), answers.append, "the broker")
    assert {each.outcome for each in answers} == {Outcome.UNREADABLE}
    assert len(answers) == 1_000
    assert len(caplog.messages) == REFUSALS_A_MINUTE


@pytest.mark.expected_logs("it floods")
def test_a_broker_that_floods_is_left_and_tried_again(tmp_path: Path, broker: Broker) -> None:
    async def test() -> None:
        key = DeviceKey.load_or_create(tmp_path / "key")
        own = status_topic(key.device_id)
        desk_key = DeviceKey.load_or_create(tmp_path / "desk")
        desk = Peer(broker.devices, own, key=desk_key, file=paper(tmp_path, desk_key, console=True))
        desk.link._per_second = 5
        down = asyncio.Event()
        desk.link._closed = down.set
        peer = Peer(broker.devices, key=key, file=paper(tmp_path, key))
        async with desk, peer:
            for _ in range(100):
                peer.link.post(Post(own, b"again"))
            async with asyncio.timeout(20):
                await down.wait()
                desk.up.clear()
                await desk.up.wait()

    run(test, 30)


# Of a handshake that fails the library leaves its socket to the collector.
@pytest.mark.filterwarnings("ignore:unclosed <ssl.SSLSocket:ResourceWarning")
def test_nobody_waits_for_a_broker_that_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker_module, "CONNECT", 300.0)
    monkeypatch.setattr(broker_module, "KEEP_ALIVE", 300)
    monkeypatch.setattr(broker_module, "GOODBYE", 0.01)

    async def test() -> None:
        for context in (None, tls_of_house(tmp_path / "papers")):
            began = asyncio.Event()
            done = asyncio.Event()

            async def serve(
                reader: asyncio.StreamReader, writer: asyncio.StreamWriter, began=began, done=done
            ) -> None:
                await reader.read(1)  # of TLS, or in it of what the link begins with
                began.set()
                await done.wait()
                writer.transport.abort()

            server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
            peer = Peer(Endpoint("127.0.0.1", server.sockets[0].getsockname()[1]), "kamizero/1/#")
            peer.link.start()
            await began.wait()
            await peer.link.stop()
            done.set()
            server.close()
            await server.wait_closed()

    run(test, 30)


def tls_of_house(folder: Path) -> ssl.SSLContext:
    papers(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "broker.crt", folder / "broker.key")
    return context


class Liar:
    """A broker with the house's papers that says what it likes after the first handshake."""

    def __init__(self, folder: Path, lie: bytes) -> None:
        self._lie = lie
        self.came = 0
        self._again = asyncio.Event()
        self._tasks: list[asyncio.Task[None] | None] = []
        self._context = tls_of_house(folder)

    async def __aenter__(self) -> Endpoint:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._context)
        return Endpoint("127.0.0.1", self._server.sockets[0].getsockname()[1])

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            assert task is not None
            task.cancel()
            await asyncio.wait([task])

    async def tried(self, times: int) -> None:
        while self.came < times:
            self._again.clear()
            await self._again.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.append(asyncio.current_task())
        self.came += 1
        self._again.set()
        try:
            await reader.read(4_096)
            writer.write(b"\x20\x03\0\0\0")  # CONNACK
            subscribed = await reader.read(4_096)
            writer.write(b"\x90\x04" + subscribed[2:4] + b"\0\1")  # SUBACK
            while not reader.at_eof() and not writer.is_closing():
                writer.write(self._lie)
                await asyncio.wait_for(writer.drain(), 5)
                await asyncio.sleep(0)
        except (OSError, TimeoutError, asyncio.CancelledError):
            return
        finally:
            writer.transport.abort()


@pytest.mark.expected_logs("too large|floods|the broker at")
@pytest.mark.parametrize(
    "lie",
    [
        b"\x30\xff\xff\xff\x7f" + bytes(60_000),
        b"\x30\x04\xff\xff\0\0",
        b"\xff" * 1_000,
        b"\x30\x09\0\4xxxx\0a\0",
    ],
    ids=["256 MB", "half a topic", "noise", "flood"],
)
def test_a_broker_that_sends_nonsense_is_left_and_tried_again(tmp_path: Path, lie: bytes) -> None:
    async def test() -> None:
        liar = Liar(tmp_path / "papers", lie)
        async with liar as at:
            peer = Peer(at, "kamizero/1/#")
            peer.link._per_second = 50
            peer.link.start()
            async with asyncio.timeout(25):
                await liar.tried(2)
            await peer.link.stop()

    run(test, 30)
