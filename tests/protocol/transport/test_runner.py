"""The loop thread: starts, stops, carries calls in order, and never loses an exception."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator

import pytest

from protocol.errors import Misuse
from protocol.transport.runner import BEAT, STALL, Runner


@pytest.fixture
def errors() -> list[BaseException]:
    return []


@pytest.fixture
def runner(errors: list[BaseException]) -> Iterator[Runner]:
    made = Runner("kamizero-net-test", errors.append)
    made.start()
    yield made
    made.stop()


def test_calls_run_in_the_one_named_thread_in_the_order_they_were_made(runner: Runner) -> None:
    seen: list[tuple[int, str]] = []
    done = threading.Event()
    for n in range(100):
        runner.call(lambda n=n: seen.append((n, threading.current_thread().name)))
    runner.call(done.set)
    assert done.wait(5)
    assert seen == [(n, "kamizero-net-test") for n in range(100)]


def test_a_coroutine_gives_its_result_or_its_exception_to_whoever_waits(
    runner: Runner, errors: list[BaseException]
) -> None:
    async def answer() -> int:
        return 42

    async def fail() -> None:
        raise ValueError("asked for")

    assert runner.submit(answer()).result(5) == 42
    with pytest.raises(ValueError, match="asked for"):
        runner.submit(fail()).result(5)
    assert errors == []


def test_what_nobody_waits_for_fails_into_on_error(runner: Runner, errors: list[BaseException]) -> None:
    def call() -> None:
        raise ValueError("call")

    async def spawned() -> None:
        raise ValueError("spawned")

    def callback() -> None:
        asyncio.get_running_loop().call_soon(call)

    runner.call(call)
    runner.spawn(spawned())
    runner.call(callback)

    async def settled() -> None:
        while len(errors) < 3:
            await asyncio.wait([asyncio.ensure_future(asyncio.to_thread(lambda: None))])

    runner.submit(settled()).result(5)
    assert sorted(str(error) for error in errors) == ["call", "call", "spawned"]


def test_stop_cancels_what_runs_and_waits_for_its_cleaning_up(errors: list[BaseException]) -> None:
    runner = Runner(on_error=errors.append)
    runner.start()
    began, order = threading.Event(), []

    async def endless() -> None:
        try:
            began.set()
            await asyncio.Event().wait()
        finally:
            await asyncio.to_thread(order.append, "cleaned up")

    runner.spawn(endless())
    assert began.wait(5)
    runner.stop()
    order.append("stopped")
    assert order == ["cleaned up", "stopped"]
    assert errors == []
    assert not any(thread.name == "kamizero-net" for thread in threading.enumerate())


def test_stop_cuts_connections_that_nobody_closed(errors: list[BaseException]) -> None:
    """A link forgotten or still closing politely does not wait for the garbage collector."""
    runner = Runner("kamizero-net-test", errors.append)
    runner.start()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        held = runner.submit(asyncio.open_connection(*listener.getsockname())).result(5)
        peer, _ = listener.accept()
        with peer:
            peer.settimeout(5)
            runner.stop()
            assert peer.recv(1) == b""
    assert held
    assert not errors


def test_after_stop_calls_have_no_effect_and_work_is_refused(errors: list[BaseException]) -> None:
    runner = Runner(on_error=errors.append)
    runner.start()
    runner.stop()
    runner.stop()
    runner.call(errors.append, ValueError("called"))

    async def work() -> None:
        errors.append(ValueError("worked"))

    runner.spawn(work())
    with pytest.raises(Misuse):
        runner.submit(work())
    with pytest.raises(Misuse):
        runner.start()
    assert errors == []


def test_the_loop_thread_cannot_stop_itself(runner: Runner, errors: list[BaseException]) -> None:
    async def stop() -> None:
        runner.stop()

    with pytest.raises(Misuse):
        runner.submit(stop()).result(5)


def test_a_loop_that_was_held_is_counted_as_a_stall(runner: Runner) -> None:
    hold = threading.Event()
    runner.call(lambda: hold.wait(BEAT + 2 * STALL))

    async def counted() -> None:
        while not runner.stalls:
            await asyncio.wait([asyncio.ensure_future(asyncio.to_thread(lambda: None))])

    runner.submit(counted()).result(5)
    assert runner.worst_stall > STALL


@pytest.mark.expected_logs("network thread")
def test_without_an_error_callback_the_error_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise ValueError("nobody looks")

    runner = Runner()
    runner.start()
    runner.call(fail)
    runner.stop()
    assert "nobody looks" in caplog.text
