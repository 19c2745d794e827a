"""Displays and consoles at a real broker: seen, ordered and missed, found by presenters."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import msgspec
import pytest

from protocol.by_broker import RoomHere, order_topic, orders_for
from protocol.facilities import RevocationList, sign_revocations
from protocol.manage import (
    Activity,
    Check,
    CheckResult,
    FetchLog,
    Hindrance,
    Identify,
    OrderBody,
    Outcome,
    Phase,
    SelfTest,
    Verdict,
)
from protocol.orders import sign_order
from protocol.transport import broker_console, broker_display
from protocol.transport.addresses import Endpoint, networks
from protocol.transport.broker import Post
from protocol.transport.broker_rooms import BrokerRoom, BrokerRooms
from protocol.transport.manage_events import (
    AtBroker,
    OrderAnswered,
    OrderCame,
    RevocationsCame,
    SelfTestSeen,
    Silent,
    StatusKept,
    StatusSeen,
)
from protocol.transport.settings import PRIVATE_NETWORKS
from protocol.transport.tls import DeviceKey
from tests.protocol.handshakes import console_certificate, device, facilities
from tests.protocol.transport.briefings import run
from tests.protocol.transport.broker_sides import ROOM, Desk, Peer, Wall, at_work
from tests.protocol.transport.mosquitto import Broker, Relay, paper

pytestmark = pytest.mark.usefixtures("quick_links")


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


def test_a_display_whose_pulse_stops_is_silent_before_the_broker_knows_and_back_with_the_next(
    tmp_path: Path, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test() -> None:
        monkeypatch.setattr(broker_display, "PULSE", 0.05)
        monkeypatch.setattr(broker_console, "LOOK", 0.05)
        monkeypatch.setattr(broker_console, "MISSED", 0.5)
        wall, desk = Wall(tmp_path, broker.devices), Desk(tmp_path, broker.devices)
        wall.managed.set_status(wall.status())
        felt, came = asyncio.Event(), desk.side._pulses.came
        monkeypatch.setattr(desk.side._pulses, "came", lambda *pulse: felt.set() or came(*pulse))
        async with at_work(wall, desk):
            device = (await desk.inbox.until(StatusSeen)).device
            await felt.wait()
            wall.side._closed()  # a program that hangs: its link stands
            await desk.inbox.until(Silent)
            assert desk.side.order(device, Identify(5)) == 0
            wall.side._beat()
            assert (await desk.inbox.until(StatusSeen)).device == device
            assert desk.side.order(device, Identify(5)) > 0
            await wall.inbox.until(OrderCame)

    run(test, 30)


def test_a_console_knows_whether_it_reaches_the_broker(
    tmp_path: Path, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker_console, "REACHED", 0.1)

    async def test() -> None:
        async with Relay(broker.devices) as cable:
            desk, nowhere = Desk(tmp_path, cable.at), Desk(tmp_path, Endpoint("127.0.0.1", 1), "other")
            async with at_work(desk, nowhere):
                assert not (await nowhere.inbox.until(AtBroker)).up
                await desk.inbox.until(AtBroker, lambda told: told.up)
                cable.cut()
                assert not (await desk.inbox.until(AtBroker)).up
                assert (await desk.inbox.until(AtBroker)).up

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
        wall, live = Wall(tmp_path, broker.devices, "kept"), Wall(tmp_path, broker.devices, "live")
        for each in (wall, live):
            each.managed.set_status(each.status())
        listener = Desk(tmp_path, broker.devices, "other")
        async with at_work(wall, listener):
            await listener.inbox.until(StatusSeen)
            await wall.side._link.stop()  # it neither says goodbye nor is it lost
        desk = Desk(tmp_path, broker.devices)
        async with at_work(desk):
            await desk.inbox.until(StatusKept, lambda kept: kept.device == wall.key.device_id)
            async with at_work(live):
                await desk.inbox.until(StatusSeen, lambda seen: seen.device == live.key.device_id)
            assert {seen.device for seen in desk.inbox.of(StatusSeen)} == {live.key.device_id}

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


@pytest.mark.expected_logs("not registered")
def test_a_newer_list_reaches_whoever_is_there_and_who_is_named_is_believed_no_more(
    tmp_path: Path, broker: Broker
) -> None:
    async def test() -> None:
        wall, lost, desk = (
            Wall(tmp_path, broker.devices),
            Wall(tmp_path, broker.devices, "lost"),
            Desk(tmp_path, broker.devices),
        )
        for each in (wall, lost):
            each.managed.set_status(each.status())
        async with at_work(desk, wall, lost):
            seen = {(await desk.inbox.until(StatusSeen)).device for _ in range(2)}
            assert seen == {wall.key.device_id, lost.key.device_id}
            out = sign_revocations(device("facilities").sign, RevocationList(8, (lost.key.device_id,)))
            desk.side.revoke(out)
            assert (await desk.inbox.until(Silent)).device == lost.key.device_id
            other = Desk(tmp_path, broker.devices, "other")
            async with at_work(other):
                for each in (wall, other):
                    while (await each.inbox.until(RevocationsCame)).frame != out:
                        pass  # what another test has left at the broker
            own = [each.frame for each in desk.inbox.of(RevocationsCame)]
            assert out not in own, "what it says itself is no news"

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
