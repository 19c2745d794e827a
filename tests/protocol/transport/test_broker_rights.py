"""Who may do what at a real broker."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from protocol.by_broker import EVERY_ROOM, order_topic, room_topic, status_topic
from protocol.by_broker import test_topic as topic_of_test
from protocol.facilities import Facilities
from protocol.transport.broker import Post
from protocol.transport.tls import DeviceKey
from tests.protocol.handshakes import device, facilities
from tests.protocol.transport.briefings import run
from tests.protocol.transport.broker_sides import Peer
from tests.protocol.transport.mosquitto import Broker, mosquitto, paper

pytestmark = pytest.mark.usefixtures("quick_links")


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
