"""Finding over mDNS with real datagrams on loopback: what is believed, what is dropped, how much of it."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from zeroconf import DNSOutgoing, DNSText, ServiceInfo, Zeroconf, current_time_millis
from zeroconf._cache import DNSCache

from protocol.transport.addresses import (
    Endpoint,
)
from protocol.transport.candidates import (
    LIMIT,
    SERVICE,
    Announcement,
    Candidate,
    Candidates,
    read_announcement,
)
from protocol.transport.discovery import Discovery
from protocol.transport.mdns import (
    CLASS_IN,
    DATAGRAM_LIMIT,
    SOURCE_PER_SECOND,
    TYPE_TXT,
    DatagramGate,
    newest_text,
    random_name,
)
from tests.protocol.transport.mdns_attacker import GROUP, attacker, datagram
from tests.protocol.transport.test_addresses import LOOPBACK, OWN, WIRE

KIOSK = Announcement(27, in_use=False)
PATIENCE = 10.0


class Browser:
    """A Discovery on loopback that a test can wait on."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()
        self.discovery = Discovery(OWN, self._changed.set)

    async def __aenter__(self) -> Browser:
        self.discovery.start()
        self.discovery.set_interfaces((LOOPBACK,))
        await self.discovery.settled()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.discovery.stop()

    async def until(self, holds: Callable[[Candidates], bool]) -> Candidates:
        async with asyncio.timeout(PATIENCE):
            while not holds(self.discovery.candidates):
                self._changed.clear()
                await self._changed.wait()
        return self.discovery.candidates


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(test())


def test_two_programs_find_each_other_and_a_goodbye_takes_the_entry_away() -> None:
    async def both_ways() -> None:
        async with Browser() as kiosk, Browser() as presenter:
            kiosk.discovery.announce([KIOSK], 47_400)
            presenter.discovery.announce([Announcement(27, None)], 47_411)
            seen = await presenter.until(lambda c: bool(c.kiosks(27)))
            assert [c.endpoints for c in seen.kiosks(27)] == [(Endpoint("127.0.0.1", 47_400),)]
            assert [c.source for c in seen.kiosks(27)] == ["127.0.0.1"]
            seen = await kiosk.until(lambda c: bool(c.presenters(27)))
            assert [c.endpoints for c in seen.presenters(27)] == [(Endpoint("127.0.0.1", 47_411),)]
            assert not kiosk.discovery.candidates.displays()

            kiosk.discovery.announce([Announcement(27, in_use=True)], 47_400)
            await presenter.until(lambda c: any(k.announcement.in_use for k in c.kiosks(27)))
            kiosk.discovery.announce([], 47_400)
            await presenter.until(lambda c: not c.displays())

    run(both_ways)


def test_instance_and_host_names_are_random_and_say_nothing() -> None:
    async def heard() -> None:
        async with Browser() as one, Browser() as other, Browser() as listener:
            one.discovery.announce([KIOSK], 1)
            other.discovery.announce([KIOSK], 2)
            both = await listener.until(lambda c: len(c.kiosks(27)) == 2)
            names = [c.instance.partition(".")[0] for c in both.kiosks(27)]
            assert len(set(names)) == 2
            assert all(len(name) == 16 and int(name, 16) >= 0 for name in names)

    run(heard)


def test_nothing_that_is_no_longer_true_is_said_after_what_is() -> None:
    """The library repeats what it said, and answers late with what was true when it was asked."""

    async def changed() -> None:
        async with Browser() as kiosk:
            kiosk.discovery.announce([KIOSK], 47_400)
            await kiosk.discovery.settled()
            (speaker,) = kiosk.discovery._speakers.values()
            assert speaker._zeroconf is not None
            zeroconf, (saying,) = speaker._zeroconf.zeroconf, speaker._saying.values()
            free = DNSText(f"{random_name()}.{SERVICE}", TYPE_TXT, CLASS_IN, 4_500, KIOSK.text, 0.0)
            queues = zeroconf.out_queue, zeroconf.out_delay_queue
            for queue in queues:
                queue.async_add(current_time_millis(), {free: set()})
            kiosk.discovery.announce([replace(KIOSK, in_use=True)], 47_400)
            await kiosk.discovery.settled()
            with pytest.raises(asyncio.CancelledError):
                await saying
            assert not [group for queue in queues for group in queue.queue if free in group.answers]

    run(changed)


def test_only_of_rooms_that_are_missed_it_is_said_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async def missed() -> None:
        async with Browser() as presenter:
            presenter.discovery.announce([Announcement(27, None), Announcement(28, None)], 47_411)
            await presenter.discovery.settled()
            (speaker,) = presenter.discovery._speakers.values()
            assert speaker._zeroconf is not None
            for saying in speaker._saying.values():
                saying.cancel()
            said: asyncio.Queue[str] = asyncio.Queue()

            def broadcast(info: ServiceInfo, ttl: int | None) -> DNSOutgoing:
                said.put_nowait(info.name)
                return DNSOutgoing(0x8400)

            monkeypatch.setattr(speaker._zeroconf.zeroconf, "generate_service_broadcast", broadcast)
            for room, other in ((27, 28), (28, 27)):
                presenter.discovery.repeat(0.001, {room: math.inf, other: 0.0, 29: math.inf})
                name = f"{presenter.discovery._instances[room]}.{SERVICE}"
                assert [await said.get() for _ in range(3)] == [name] * 3
                while not said.empty():
                    said.get_nowait()

    run(missed)


def test_what_a_room_announced_last_counts_also_where_it_announced_that_before() -> None:
    """In use for a moment only: the former text is still in the library's cache when it comes again."""
    name, now = f"0123456789abcdef.{SERVICE}", current_time_millis()
    cache = DNSCache()
    for text, ago in ((b"free", 900), (b"taken", 500), (b"free", 10)):
        cache.async_add_records([DNSText(name, TYPE_TXT, CLASS_IN, 4_500, text, now - ago)])
    known = cast(Zeroconf, SimpleNamespace(cache=cache))
    assert newest_text(known, ServiceInfo(SERVICE, name)) == b"free"


def test_a_change_is_known_however_long_the_former_text_has_been_so() -> None:
    """The library dates what is put out to the moment of what puts it out, once it is older than a second."""
    name, cache = f"{random_name()}.{SERVICE}", DNSCache()
    known = cast(Zeroconf, SimpleNamespace(cache=cache))
    began = current_time_millis()
    for minute, text in enumerate((b"free", b"taken", b"free", b"taken")):
        now = began + minute * 60_000
        record = DNSText(name, TYPE_TXT, CLASS_IN | 0x8000, 4_500, text, now)
        cache.async_mark_unique_records_older_than_1s_to_expire({(name, TYPE_TXT, CLASS_IN)}, [record], now)
        cache.async_add_records([record])
        assert newest_text(known, ServiceInfo(SERVICE, name)) == text


@pytest.mark.bad_input(row=53)
def test_what_is_not_exactly_an_announcement_of_ours_is_dropped() -> None:
    """Row 53: names with NUL or emoji, a TXT record of 60 kB, addresses that are nobody's of the house."""

    async def bad_then_good() -> None:
        async with Browser() as browser:
            with attacker() as sender:
                good = KIOSK.text
                bad = [
                    datagram(random_name(), good, "8.8.8.8"),
                    datagram(random_name(), good, "0.0.0.0"),
                    datagram(random_name(), good, "224.0.0.251"),
                    datagram("", good, "127.0.0.1", label=b"0123\x00567890abcde"),
                    datagram("", good, "127.0.0.1", label="0123456789ab😀".encode()),
                    datagram("", good, "127.0.0.1", label=b"f" * 40),
                    datagram(random_name(), b"\xff" * 60_000, "127.0.0.1"),
                    datagram(random_name(), good + b"\x06n=Sato", "127.0.0.1"),
                    datagram(random_name(), good, "127.0.0.1")[:-9],
                    b"",
                    b"\xff" * 12,
                ]
                for each in bad:
                    sender.sendto(each, GROUP)
                name = random_name()
                sender.sendto(datagram(name, good, "127.0.0.1"), GROUP)
            seen = await browser.until(lambda c: bool(c.displays()))
            assert [c.instance.partition(".")[0] for c in seen.known()] == [name]
            assert len(seen) == 1

    run(bad_then_good)


@pytest.mark.bad_input(row=53)
def test_ten_thousand_fakes_leave_at_most_256() -> None:
    async def flood() -> None:
        async with Browser() as browser:
            with ExitStack() as leaving:
                senders = [leaving.enter_context(attacker(f"127.0.0.{n}")) for n in range(10, 20)]
                fakes = 0

                def fake_some() -> None:
                    nonlocal fakes
                    for _ in range(500):
                        text = Announcement(1 + fakes % 9_999, False).text
                        fake = datagram(random_name(), text, "127.0.0.1")
                        senders[fakes % len(senders)].sendto(fake, GROUP)
                        fakes += 1
                    if fakes < 10_000:
                        asyncio.get_running_loop().call_later(0.05, fake_some)

                fake_some()
                largest = await browser.until(lambda c: fakes >= 10_000 and len(c) >= LIMIT)
            assert len(largest) == LIMIT
            assert all(endpoint.host == "127.0.0.1" for c in largest.known() for endpoint in c.endpoints)

    run(flood)


def test_whoever_found_no_room_is_known_when_everybody_is_asked_again() -> None:
    async def later() -> None:
        async with Browser() as browser:
            with attacker() as sender:
                sender.sendto(datagram(random_name(), KIOSK.text, "127.0.0.1"), GROUP)
            (known,) = (await browser.until(lambda c: bool(c.kiosks(27)))).kiosks(27)
            browser.discovery.candidates.forget(known.instance)
            await browser.discovery.look_again()
            assert (await browser.until(lambda c: bool(c.kiosks(27)))).kiosks(27) == (known,)

    run(later)


def full_of_fakes(sources: int, room: int | None = None) -> Candidates:
    """10,000 fakes from so many sources, of one room or of all there are."""
    candidates = Candidates()
    for n in range(10_000):
        about = Announcement(1 + n % 9_999 if room is None else room, False)
        candidates.hear(Candidate(f"fake{n}", about, (), f"10.9.0.{n % sources}"))
    return candidates


@pytest.mark.parametrize(("sources", "room"), [(1, None), (1, 27), (2, 27), (20, None), (255, None)])
def test_a_room_that_comes_after_the_flood_is_known_at_once(sources: int, room: int | None) -> None:
    candidates = full_of_fakes(sources, room)
    assert len(candidates) == min(LIMIT, sources * (4 if room else LIMIT))
    candidates.kiosks(27)
    candidates.promote(100.0)
    true = Candidate("true", KIOSK, (), "10.1.6.27")
    assert candidates.hear(true)
    assert len(candidates) <= LIMIT
    candidates.promote(101.0)
    assert true in candidates.kiosks(27)
    for n in range(10_000):
        candidates.hear(Candidate(f"more{n}", KIOSK, (), f"10.9.0.{n % sources}"))
    assert true in candidates.kiosks(27)
    assert len(candidates) <= LIMIT


def test_a_room_nobody_asked_for_is_known_beside_one_that_floods() -> None:
    candidates = full_of_fakes(1)
    assert candidates.hear(Candidate("true", KIOSK, (), "10.1.6.27"))
    assert not candidates.hear(Candidate("one more", Announcement(5, False), (), "10.9.0.0"))
    assert len(candidates) == LIMIT


def test_one_source_that_floods_leaves_the_others_their_datagrams() -> None:
    heard: list[bytes] = []
    now = 0.0

    class Listener:
        def datagram_received(self, data: bytes, addr: Any) -> None:
            heard.append(data)

    gate = DatagramGate(Listener(), WIRE, lambda: now)
    for n in range(10_000):
        now = n / 10_000
        gate.datagram_received(b"flood", ("10.1.6.66", 5353))
    gate.datagram_received(b"kiosk", ("10.1.6.27", 5353))
    assert heard.count(b"flood") <= 2 * SOURCE_PER_SECOND
    assert heard[-1] == b"kiosk"


@pytest.mark.bad_input(row=53)
def test_a_loopback_address_is_heard_on_the_loopback_interface_alone() -> None:
    """The gate goes by each datagram's source, which a wire cannot forge to be loopback."""
    let_through: list[bytes] = []

    class Listener:
        def datagram_received(self, data: bytes, addr: Any) -> None:
            let_through.append(data)

    on_loopback = DatagramGate(Listener(), LOOPBACK, lambda: 0.0)
    on_wire = DatagramGate(Listener(), WIRE, lambda: 0.0)
    on_loopback.datagram_received(b"own", ("127.0.0.1", 5353))
    on_loopback.datagram_received(b"wire to loopback", ("10.1.6.9", 5353))
    on_wire.datagram_received(b"loopback to wire", ("127.0.0.1", 5353))
    on_wire.datagram_received(b"wire", ("fe80::9%2", 5353, 0, 2))
    on_wire.datagram_received(b"x" * (DATAGRAM_LIMIT + 1), ("10.1.6.9", 5353))
    assert let_through == [b"own", b"wire"]


def test_text_records_read_back_and_nothing_else_does() -> None:
    for announcement in (KIOSK, Announcement(99_999, True), Announcement(1, None)):
        assert read_announcement(announcement.text) == announcement
    for text in (
        b"",
        b"\x03v=1",
        b"\x03v=2\x04k=27",
        b"\x03v=1\x05k=027",
        b"\x03v=1\x08k=100000",
        b"\x03v=1\x05k=27",
    ):
        assert read_announcement(text) is None


def test_a_room_gets_three_new_candidates_a_second() -> None:
    candidates = Candidates()
    for n in range(8):
        assert candidates.hear(Candidate(f"fake{n}", KIOSK, (), f"10.1.6.{n}"))
    other = Candidate("other room", Announcement(28, False), ())
    candidates.hear(other)
    assert candidates.promote(100.0) == 101.0
    assert len(candidates.kiosks(27)) == 3
    assert candidates.kiosks(28) == (other,)
    candidates.promote(100.9)
    assert len(candidates.kiosks(27)) == 3
    assert candidates.promote(101.0) == 102.0
    assert candidates.promote(102.0) is None
    assert len(candidates.kiosks(27)) == 8


def test_an_interface_that_comes_later_is_announced_on_and_asked() -> None:
    async def later() -> None:
        async with Browser() as kiosk:
            kiosk.discovery.announce([KIOSK], 47_400)
            kiosk.discovery.set_interfaces(())
            await kiosk.discovery.settled()
            async with Browser() as presenter:
                kiosk.discovery.set_interfaces((LOOPBACK,))
                await presenter.until(lambda c: bool(c.kiosks(27)))
                presenter.discovery.renew()
                await presenter.discovery.settled()
                await presenter.until(lambda c: bool(c.kiosks(27)))

    run(later)
