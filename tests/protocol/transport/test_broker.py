"""Displays and consoles at a real broker, which is trusted with nothing: what counts, and who may do what."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from protocol.by_broker import EVERY_ROOM, RoomHere, order_topic, orders_for, room_topic, status_topic
from protocol.by_broker import test_topic as topic_of_test
from protocol.codec import encode
from protocol.facilities import Facilities, RevocationList, sign_revocations
from protocol.manage import (
    Activity,
    Answered,
    Check,
    CheckResult,
    FetchLog,
    Hindrance,
    Identify,
    Order,
    OrderBody,
    Outcome,
    Phase,
    SelfTest,
    Status,
    Verdict,
)
from protocol.orders import sign_order
from protocol.transport import broker as broker_module
from protocol.transport import broker_display
from protocol.transport.addresses import Endpoint, networks
from protocol.transport.broker import BrokerLink, Came, Post
from protocol.transport.broker_console import BrokerConsole
from protocol.transport.broker_display import BrokerDisplay
from protocol.transport.broker_rooms import BrokerRoom, BrokerRooms
from protocol.transport.manage_events import (
    OrderAnswered,
    OrderCame,
    RevocationsCame,
    SelfTestSeen,
    Silent,
    StatusKept,
    StatusSeen,
)
from protocol.transport.managed import REFUSALS_A_MINUTE, Managed
from protocol.transport.settings import PRIVATE_NETWORKS
from protocol.transport.tls import DeviceKey
from tests.kiosk.fleet_rooms import status as told
from tests.protocol.handshakes import certificate_for, console_certificate, device, facilities
from tests.protocol.transport.briefings import Inbox, run
from tests.protocol.transport.mosquitto import Broker, Relay, mosquitto, needs_mosquitto, paper, papers

ROOM = 27
pytestmark = needs_mosquitto


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> object:
    with mosquitto(tmp_path_factory.mktemp("broker")) as made:
        yield made


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker_display, "ANSWER_SPREAD", 0.0)
    monkeypatch.setattr(broker_module, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(broker_module, "CONNECT", 1.0)


class Wall:
    """A display at the broker."""

    def __init__(self, folder: Path, at: Endpoint, name: str = "wall") -> None:
        self.inbox = Inbox()
        self.key = DeviceKey.load_or_create(folder / name)
        self.managed = Managed(self.key.device_id, facilities(), lambda event: self.inbox.take((event,)))
        own = certificate_for(self.key, ROOM)
        self.side = BrokerDisplay(at, self.key, own, paper(folder, self.key), self.managed, spread=0.0)

    def status(self, **changes: object) -> Status:
        now = time.time()
        changes = {"run": self.managed.run, **changes}
        return told(ROOM, "第三会議室", "本庁舎 3階", now, **changes)


class Desk:
    """A console at the broker."""

    def __init__(
        self, folder: Path, at: Endpoint, name: str = "console", revocations: bytes | None = None
    ) -> None:
        self.inbox = Inbox()
        self.key = DeviceKey.load_or_create(folder / name)
        known = facilities() if revocations is None else facilities().with_revocations(revocations)
        self.side = BrokerConsole(
            at,
            self.key,
            console_certificate(self.key),
            known,
            revocations,
            paper(folder, self.key, console=True),
            lambda event: self.inbox.take((event,)),
        )


@asynccontextmanager
async def at_work(*sides: Wall | Desk) -> AsyncIterator[None]:
    for each in sides:
        each.side.start()
    try:
        yield
    finally:
        for each in reversed(sides):
            await each.side.stop()


def test_a_display_is_seen_ordered_and_missed_through_the_broker(tmp_path: Path, broker: Broker) -> None:
    async def test() -> None:
        async with Relay(broker.devices) as cable:
            wall, desk = Wall(tmp_path, cable.at), Desk(tmp_path, broker.devices)
            wall.managed.set_status(wall.status())
            told = SelfTest(Phase.DONE, Hindrance.NOTHING, 900, 950, (CheckResult(Check.DISK, Verdict.LOOK),))
            wall.managed.set_self_test(told)
            async with at_work(wall, desk):
                seen = await desk.inbox.until(StatusSeen)
                assert (await desk.inbox.until(SelfTestSeen)).test == told
                assert (seen.device, seen.status.name) == (wall.key.device_id, "第三会議室")
                serial = desk.side.order(seen.device, FetchLog())
                came = await wall.inbox.until(OrderCame)
                wall.managed.answer(came.asker, serial, Outcome.DONE, "started\n")
                answered = await desk.inbox.until(OrderAnswered)
                assert (answered.serial, answered.outcome, answered.text) == (
                    serial,
                    Outcome.DONE,
                    "started\n",
                )
                wall.managed.set_status(wall.status(activity=Activity.BRIEFING))
                await desk.inbox.until(StatusSeen, lambda seen: seen.status.activity is Activity.BRIEFING)
                later = msgspec.structs.replace(told, phase=Phase.RUNNING)
                wall.managed.set_self_test(later)
                assert (await desk.inbox.until(SelfTestSeen)).test == later
                cable.cut()  # its will, which the broker says at once
                await desk.inbox.until(Silent)
                await desk.inbox.until(StatusSeen)  # and back by itself

    run(test, 30)


@pytest.mark.expected_logs("was refused")
def test_an_order_that_the_broker_repeats_is_done_once(tmp_path: Path, broker: Broker) -> None:
    async def test() -> None:
        wall, desk = Wall(tmp_path, broker.devices), Desk(tmp_path, broker.devices)
        wall.managed.set_status(wall.status())
        sent: list[Post] = []
        post = desk.side._link.post
        desk.side._link.post = lambda each: (sent.append(each), post(each))[1]  # type: ignore[method-assign, assignment, return-value]
        async with at_work(wall, desk):
            seen = await desk.inbox.until(StatusSeen)
            desk.side.order(seen.device, Identify(5))
            came = await wall.inbox.until(OrderCame)
            wall.managed.answer(came.asker, came.order.serial, Outcome.DONE)
            assert (await desk.inbox.until(OrderAnswered)).outcome is Outcome.DONE
            (order,) = [each for each in sent if each.expiry == 30 and each.answer_to]
            desk.side._asked[came.order.serial] = seen.device
            post(order)
            assert (await desk.inbox.until(OrderAnswered)).outcome is Outcome.REPLAYED
            assert len(wall.inbox.of(OrderCame)) == 1

    run(test, 30)


def test_a_status_that_is_only_kept_makes_nobody_live(tmp_path: Path, broker: Broker) -> None:
    async def test() -> None:
        wall = Wall(tmp_path, broker.devices, "kept")
        wall.managed.set_status(wall.status())
        heard = Inbox()
        listener = Desk(tmp_path, broker.devices, "other")
        async with at_work(wall, listener):
            await listener.inbox.until(StatusSeen)
            topic = status_topic(wall.key.device_id)
            kept = wall.side._post(wall.status())
            await wall.side._link.stop()  # it neither says goodbye nor is it lost
        desk = Desk(tmp_path, broker.devices)
        desk.side._take(Came(topic, kept.payload, True, "", b""))
        await desk.inbox.until(StatusKept)
        assert not desk.inbox.of(StatusSeen)
        assert not heard.of(StatusSeen)

    run(test, 30)


def test_a_revocation_comes_by_the_broker_to_whoever_comes_later(tmp_path: Path, broker: Broker) -> None:
    async def test() -> None:
        out = sign_revocations(device("facilities").sign, RevocationList(7, (b"x" * 32,)))
        wall, desk = Wall(tmp_path, broker.devices), Desk(tmp_path, broker.devices, revocations=out)
        wall.managed.set_status(wall.status())
        async with at_work(desk), at_work(wall):
            assert (await wall.inbox.until(RevocationsCame)).frame == out
            assert wall.managed.revocations == 7

    run(test, 30)


def test_presenters_of_other_networks_find_rooms_by_what_displays_say_of_themselves(
    tmp_path: Path, broker: Broker
) -> None:
    async def test() -> None:
        changed = asyncio.Event()
        told: list[dict[int, BrokerRoom]] = []

        def take(rooms: object) -> None:
            told.append(dict(rooms))  # type: ignore[call-overload]
            changed.set()

        wall = Wall(tmp_path, broker.devices)
        rooms = BrokerRooms(broker.presenters, facilities(), networks(PRIVATE_NETWORKS), 47_400, take)
        rooms.start()
        wall.side.set_here(RoomHere(False, False, ("10.1.6.27:47400", "8.8.8.8:47400", "127.0.0.1:1")))
        try:
            async with at_work(wall), asyncio.timeout(20):
                await changed.wait()
                assert told[-1][ROOM] == BrokerRoom(
                    ROOM, "第一応接室", False, (Endpoint("10.1.6.27", 47_400),)
                )
                changed.clear()
                wall.side.set_here(RoomHere(False, True, ("10.1.6.27:47400",)))
                await changed.wait()
                assert ROOM not in told[-1]
        finally:
            await rooms.stop()

    run(test, 30)


def test_an_order_for_each_of_a_thousand_displays_arrives_in_its_order(
    tmp_path: Path, broker: Broker
) -> None:
    async def test() -> None:
        wall_key, desk_key = (DeviceKey.load_or_create(tmp_path / name) for name in ("wall", "desk"))
        wall = Peer(
            broker.devices,
            orders_for(wall_key.device_id),
            key=wall_key,
            file=paper(tmp_path, wall_key),
        )
        wall.link._per_second = 5_000
        desk = Desk(tmp_path, broker.devices, "desk")
        async with wall, at_work(desk):
            topic = order_topic(desk_key.device_id, wall_key.device_id)
            for n in range(400):
                desk.side._link.post(Post(topic, b"%d" % n, expiry=30))
            async with asyncio.timeout(20):
                for n in range(400):
                    assert (await wall.heard.get()).payload == b"%d" % n

    run(test, 30)


# --- who may do what ------------------------------------------------------------------------------------


class Peer:
    """Somebody at the broker, who says and hears what it likes."""

    def __init__(self, at: Endpoint, *topics: str, key: DeviceKey | None = None, file: Path | None = None):
        self.heard: asyncio.Queue[Came] = asyncio.Queue()
        self.up = asyncio.Event()
        self.link = BrokerLink(
            at,
            facilities(),
            dict.fromkeys(topics, 1),
            self.up.set,
            lambda: None,
            self.heard.put_nowait,
            certificate=file,
            key=None if key is None else key.path,
        )

    async def __aenter__(self) -> Peer:
        self.link.start()
        async with asyncio.timeout(20):
            await self.up.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.link.stop()


def test_a_device_writes_about_itself_alone_and_a_presenter_nothing(tmp_path: Path, broker: Broker) -> None:
    async def test() -> None:
        thief, desk_key = (DeviceKey.load_or_create(tmp_path / name) for name in ("thief", "desk"))
        other = DeviceKey.load_or_create(tmp_path / "other").device_id
        console = Peer(
            broker.devices,
            "kamizero/1/display/+/status",
            "kamizero/1/#",
            key=desk_key,
            file=paper(tmp_path, desk_key, console=True),
        )
        guest = Peer(broker.presenters, EVERY_ROOM, "kamizero/1/display/+/status")
        peer = Peer(broker.devices, "kamizero/1/#", key=thief, file=paper(tmp_path, thief))
        async with console, guest, peer:
            for post in (
                Post(status_topic(other), b"forged", retain=True),
                Post(order_topic(desk_key.device_id, other), b"forged"),
                Post(room_topic(other), b"forged", retain=True),
                Post(topic_of_test(other), b"forged", retain=True),
                Post(status_topic(thief.device_id), b"own"),
            ):
                peer.link.post(post)
            guest.link.post(Post(room_topic(other), b"forged", retain=True))
            guest.link.post(Post(status_topic(other), b"forged"))
            console.link.post(Post(order_topic(desk_key.device_id, thief.device_id), b"order"))
            async with asyncio.timeout(20):
                while (came := await console.heard.get()).topic != status_topic(thief.device_id):
                    assert came.payload != b"forged"
                assert came.payload == b"own"
                while (came := await peer.heard.get()).payload != b"order":
                    assert came.payload != b"forged"
            assert guest.heard.empty() or (await guest.heard.get()).payload != b"forged"

    run(test, 30)


@pytest.mark.expected_logs("its certificate is not the facilities")
@pytest.mark.parametrize("how", ["nobody", "revoked", "other house"])
def test_who_has_no_good_paper_is_not_let_in(tmp_path: Path, broker: Broker, how: str) -> None:
    async def test() -> None:
        key = DeviceKey.load_or_create(tmp_path / "key")
        file = None if how == "nobody" else paper(tmp_path, key)
        known = Facilities(device("thief").key.public_key()) if how == "other house" else facilities()
        peer = Peer(at, "kamizero/1/#", key=key, file=file)
        peer.link._facilities = known
        tried = asyncio.Event()
        visit = peer.link._visit

        async def once() -> None:
            try:
                await visit()
            finally:
                tried.set()

        peer.link._visit = once  # type: ignore[method-assign]
        peer.link.start()
        async with asyncio.timeout(20):
            await tried.wait()
        assert not peer.up.is_set()
        await peer.link.stop()

    if how == "revoked":
        out = DeviceKey.load_or_create(tmp_path / "key").device_id
        with mosquitto(tmp_path / "broker", (out,)) as strict:
            at = strict.devices
            run(test, 30)
    else:
        at = broker.devices
        run(test, 30)


def test_a_display_whose_broker_is_away_goes_on_and_ends_at_once(tmp_path: Path) -> None:
    async def test() -> None:
        wall = Wall(tmp_path, Endpoint("127.0.0.1", 1))
        async with at_work(wall):
            for activity in (Activity.STANDBY, Activity.BRIEFING):
                wall.managed.set_status(wall.status(activity=activity))
            order = sign_order(
                device("console").sign,
                device("console").spki,
                console_certificate(device("console")),
                OrderBody(wall.key.device_id, wall.managed.run, 1, int(time.time()) + 20, Identify(5)),
            )
            wall.managed.take(order, lambda answered: None, "a link")
            await wall.inbox.until(OrderCame)

    run(test, 10)


# --- a broker that lies ---------------------------------------------------------------------------------


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
        for context in (None, papers_of(tmp_path / "papers")):
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


def papers_of(folder: Path) -> ssl.SSLContext:
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
        self._context = papers_of(folder)

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
