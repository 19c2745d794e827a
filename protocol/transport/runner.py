"""The one asyncio loop of a program, in its one thread. Everything of the network lives there."""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import sys
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, ParamSpec, TypeVar

from protocol.errors import Misuse

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")
OnError = Callable[[BaseException], None]

BEAT = 0.25
STALL = 0.05
TURN = 0.0005
"""Seconds for which a busy window may keep the interpreter from this thread. Python's own 5 ms are felt: a
paper takes many turns of the loop, and each may wait that long."""


def _log_error(error: BaseException) -> None:
    log.error("unexpected error in the network thread", exc_info=error)


class Runner:
    """Owns the loop thread. ``start`` and ``stop`` once each; the rest from any thread in between.

    ``on_error`` is called in the loop thread with every exception that nobody waits for; by default it is
    logged. ``stalls`` counts the times the loop was more than 50 ms late, ``worst_stall`` is the worst one in
    seconds: something held it, or the processor was taken away.
    """

    def __init__(self, name: str = "kamizero-net", on_error: OnError = _log_error) -> None:
        self._name = name
        self._on_error = on_error
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self.stalls = 0
        self.worst_stall = 0.0

    def start(self) -> None:
        """Start the thread; returns when the loop runs."""
        if self._thread is not None:
            raise Misuse("a runner is started once")
        sys.setswitchinterval(TURN)
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        """Cancel what runs, wait for it, end the thread. Safe to call twice."""
        thread, loop, stopping = self._thread, self._loop, self._stopping
        if thread is None or not thread.is_alive() or loop is None or stopping is None:
            return
        if threading.current_thread() is thread:
            raise Misuse("the network thread cannot wait for itself")
        try:
            loop.call_soon_threadsafe(stopping.set)
        except RuntimeError:
            log.debug("the loop had just ended by itself")
        thread.join()

    def stop_after(self, work: Coroutine[Any, Any, object], seconds: float) -> None:
        """Run a coroutine that ends things, wait for it that long at most, and stop."""
        ended = self.submit(work)
        with suppress(TimeoutError):
            ended.result(seconds)
        self.stop()

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop itself, for code that already runs in it."""
        if self._loop is None:
            raise Misuse("the runner is not started")
        return self._loop

    def call(self, function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """Call ``function`` in the loop thread, soon, in the order of the calls; no effect after ``stop``."""

        def guarded() -> None:
            try:
                function(*args, **kwargs)
            except Exception as error:  # noqa: BLE001 - handed to on_error, whatever it is
                self._on_error(error)

        self._soon(guarded)

    def submit(self, work: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        """Run a coroutine in the loop; its result or exception is the future's, whose holder must look."""
        try:
            return asyncio.run_coroutine_threadsafe(work, self.loop)
        except RuntimeError as error:
            work.close()
            raise Misuse("the runner is stopped") from error

    def spawn(self, work: Coroutine[Any, Any, object]) -> None:
        """Run a coroutine in the loop that nobody waits for; an exception goes to ``on_error``."""

        def begin() -> None:
            task = self.loop.create_task(work)
            self._tasks.add(task)
            task.add_done_callback(self._done)

        if not self._soon(begin):
            work.close()

    def take_stalls(self) -> tuple[int, float]:
        """``stalls`` and ``worst_stall`` since the last call, from any thread."""
        taken = self.stalls, self.worst_stall
        self.stalls, self.worst_stall = 0, 0.0
        return taken

    def _soon(self, function: Callable[[], None]) -> bool:
        try:
            self.loop.call_soon_threadsafe(function)
        except RuntimeError:
            log.debug("the runner is stopped; a call came too late")
            return False
        return True

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._on_error(error)

    def _run(self) -> None:
        try:
            asyncio.run(self._live())
        except BaseException as error:  # noqa: BLE001 - the thread's last word
            self._on_error(error)
        finally:
            self._ready.set()

    async def _live(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(self._unhandled)
        self._stopping = asyncio.Event()
        beat = self._loop.call_later(BEAT, self._beat, self._loop.time() + BEAT)
        self._beating = beat
        self._ready.set()
        await self._stopping.wait()
        self._beating.cancel()
        await self._end_what_is_left()

    async def _end_what_is_left(self) -> None:
        """Tasks are cancelled and waited for; then every connection still open or closing politely is cut.

        asyncio would close the loop over them and leave the sockets to the garbage collector.
        """
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        # The only list of them is asyncio's own. Windows' loop has none: there they end with the process.
        for transport in list(getattr(self.loop, "_transports", {}).values()):
            transport.abort()
        await asyncio.sleep(0)

    def _beat(self, due: float) -> None:
        loop = self.loop
        late = loop.time() - due
        if late > STALL:
            self.stalls += 1
            self.worst_stall = max(self.worst_stall, late)
        self._beating = loop.call_later(BEAT, self._beat, loop.time() + BEAT)

    def _unhandled(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if not isinstance(error, BaseException):
            error = RuntimeError(context.get("message", "unknown error of the event loop"))
        self._on_error(error)
