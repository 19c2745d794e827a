"""From the network's thread into Qt: in order, one signal for many events, nothing after the end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from pytestqt.qtbot import QtBot

from pageview.bridge import SessionBridge, newest
from protocol.changes import PapersOrdered, PresenceSeen, RegisterSet
from protocol.model import Briefing
from protocol.presence import Pointer, PointerAway
from protocol.registers import SetHold, ShowView
from protocol.transport.events import (
    BlobProgress,
    BlobReady,
    Changed,
    Choosers,
    Event,
    LinkBack,
    LinkLost,
)
from protocol.values import Rect, View


def view(page: int) -> RegisterSet:
    return RegisterSet(ShowView(View(page, Rect(0, 0, 1, 1))))


def pointer(peer: int, x: int) -> PresenceSeen:
    return PresenceSeen(peer, Pointer(1, x, 0))


def test_everything_arrives_once_in_order_in_the_thread_of_the_window(qtbot: QtBot) -> None:
    bridge = SessionBridge()
    got: list[Event] = []
    threads: set[int] = set()

    def take(events: tuple[Event, ...]) -> None:
        threads.add(threading.get_ident())
        got.extend(events)

    bridge.received.connect(take)
    senders = [
        threading.Thread(
            target=lambda who=who: [bridge.post((Choosers(who * 1_000 + n),)) for n in range(500)]
        )
        for who in range(3)
    ]
    for sender in senders:
        sender.start()
    qtbot.waitUntil(lambda: len(got) == 1_500, timeout=20_000)
    for sender in senders:
        sender.join()
    for who in range(3):
        counts = [event.count for event in got if isinstance(event, Choosers) and event.count // 1_000 == who]
        assert counts == [who * 1_000 + n for n in range(500)]
    assert threads == {threading.get_ident()}
    bridge.close()


def test_one_signal_for_all_that_waited(qtbot: QtBot) -> None:
    bridge = SessionBridge()
    got: list[tuple[Event, ...]] = []
    bridge.received.connect(got.append)
    sender = threading.Thread(target=lambda: [bridge.post((LinkLost(float(n)),)) for n in range(1_000)])
    sender.start()
    sender.join()
    bridge.post(())
    assert got == [], "handed over in the thread of the sender"
    qtbot.waitUntil(lambda: bool(got))
    assert [len(events) for events in got] == [1_000]
    bridge.close()


def test_nothing_after_the_end_even_when_the_network_goes_on(qtbot: QtBot) -> None:
    bridge = SessionBridge()
    got: list[object] = []
    bridge.received.connect(got.append)
    stop = threading.Event()

    def flood(post: Callable[[Iterable[Event]], None]) -> None:
        while not stop.is_set():
            post((LinkBack(),))

    sender = threading.Thread(target=flood, args=(bridge.post,))
    sender.start()
    qtbot.waitUntil(lambda: bool(got))
    bridge.close()
    got.clear()
    bridge.destroyed.connect(stop.set)
    bridge.deleteLater()
    qtbot.waitUntil(stop.is_set)
    sender.join()
    assert got == []


def test_what_posting_from_a_slot_adds_comes_with_the_next_signal(qtbot: QtBot) -> None:
    bridge = SessionBridge()
    got: list[tuple[Event, ...]] = []

    def take(events: tuple[Event, ...]) -> None:
        got.append(events)
        if len(got) == 1:
            bridge.post((LinkBack(),))

    bridge.received.connect(take)
    bridge.post((LinkLost(1.0),))
    qtbot.waitUntil(lambda: len(got) == 2)
    assert got == [(LinkLost(1.0),), (LinkBack(),)]
    bridge.close()


def test_only_the_newest_of_what_has_one_present_value() -> None:
    early, late = Briefing(revision=1), Briefing(revision=2)
    events: list[Event] = [
        Changed(early, (view(1), pointer(1, 10), pointer(2, 20))),
        BlobProgress(b"a" * 32, 1, 9),
        BlobProgress(b"b" * 32, 2, 9),
        BlobProgress(b"a" * 32, 5, 9),
        Changed(late, (view(2), RegisterSet(SetHold(True)), pointer(1, 11))),
    ]
    assert newest(events) == (
        Changed(early, (pointer(2, 20),)),
        BlobProgress(b"b" * 32, 2, 9),
        BlobProgress(b"a" * 32, 5, 9),
        Changed(late, (view(2), RegisterSet(SetHold(True)), pointer(1, 11))),
    )


def test_durable_changes_are_never_dropped_and_neighbours_become_one() -> None:
    events: list[Event] = [
        Changed(Briefing(revision=1), (PapersOrdered(), view(1))),
        Changed(Briefing(revision=2), (PapersOrdered(),)),
        Changed(Briefing(revision=3), (view(3),)),
        BlobReady(b"a" * 32),
        Changed(Briefing(revision=4), ()),
    ]
    assert newest(events) == (
        Changed(Briefing(revision=3), (PapersOrdered(), PapersOrdered(), view(3))),
        BlobReady(b"a" * 32),
        Changed(Briefing(revision=4), ()),
    )


def test_pointer_that_left_stays_away() -> None:
    away = PresenceSeen(1, PointerAway())
    events: list[Event] = [Changed(Briefing(), (pointer(1, 5), pointer(1, 6), away))]
    assert newest(events) == (Changed(Briefing(), (pointer(1, 6), away)),)
