"""One caged render process as seen from outside: start it, give it orders, hear its replies, kill it. No Qt.

Used by ``Renderer`` (on the screen) and by ``check`` (on a terminal).
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable

import msgspec

from pageview import cage, render_process
from pageview.cage_windows import Job
from pageview.render_messages import (
    SHORT_REPLY,
    DropPaper,
    Edited,
    EditPage,
    Export,
    Exported,
    MakeSubset,
    Order,
    Pdf,
    Ready,
    Reply,
    Setup,
    TakePaper,
    Tried,
    TryDoors,
    Unlock,
    decode_reply,
    encode,
)
from pageview.segments import Segment

log = logging.getLogger(__name__)

ENDING_S = 0.2
"""A process whose pipe is closed is gone in no time."""
KILLED = -9
"""SIGKILL, as multiprocessing tells it; no process of ours ends so by itself."""


class Worker:
    """A render process. ``on_reply`` and, once at the end, ``on_end`` are called in a thread of its own.

    Every reply has been decoded and bounded (with the PDF that belongs to it, else nothing); whether it
    answers what was asked is the caller's to see. After ``on_end`` the caller kills it. ``idle``: it gives
    way to what somebody waits for.
    """

    def __init__(
        self,
        frames: Segment | None,
        on_reply: Callable[[Worker, Reply, bytes], None],
        on_end: Callable[[Worker], None],
        warm: bool = False,
        idle: bool = False,
    ) -> None:
        self.doors: cage.Doors | None = None
        self.papers: dict[bytes, str | None] = {}
        """Papers it was handed, each with its password."""
        self._frames = frames
        self._mapped = frames.size if frames else 0
        self._lengths: dict[bytes, int] = {}
        self._on_reply = on_reply
        self._on_end = on_end
        self._awaits_pdf = False
        context = multiprocessing.get_context("spawn")
        self._pipe, far_end = context.Pipe()
        self._process = context.Process(
            target=render_process.main, args=(far_end,), name="kamizero renderer", daemon=True
        )
        self._process.start()
        far_end.close()
        self._job = self._enclose()
        self._reader = threading.Thread(target=self._read, name="renderer pipe", daemon=True)
        self._begin(warm, idle)

    @property
    def pid(self) -> int:
        """The process id; 0 when it never came up."""
        return self._process.pid or 0

    @property
    def busy_s(self) -> float | None:
        """How long the process has been on a processor, in seconds; None where the system does not tell."""
        if sys.platform != "linux":
            return None
        try:
            return time.clock_gettime(~self.pid << 3 | 2)  # its clock, as clock_getcpuclockid(3) names it
        except OSError:
            return None  # it is gone

    def give(self, order: Order) -> None:
        """Sends an order; a process that is gone is told by ``on_end``, not here."""
        self._awaits_pdf = isinstance(order, MakeSubset | Unlock | EditPage | Export)
        try:
            self._pipe.send_bytes(encode(order))
        except OSError:
            log.debug("a render process is gone before its order")

    def hand(self, sha256: bytes, segment: Segment, password: str | None) -> None:
        """Lets it map a paper, read-only, and raises its memory limit by as much."""
        self.papers[sha256] = password
        self._lengths[sha256] = segment.size
        cage.allow_papers(self.pid, self._mapped + sum(self._lengths.values()))
        self.give(TakePaper(sha256, segment.size, password))
        self._hand_over(segment)

    def take_back(self, sha256: bytes) -> None:
        """Has it unmap a paper."""
        if sha256 in self.papers:
            del self.papers[sha256], self._lengths[sha256]
            self.give(DropPaper(sha256))

    @property
    def killed(self) -> bool:
        """Whether somebody else ended it: a person, or the system for want of memory."""
        self._process.join(ENDING_S)
        return self._process.exitcode == KILLED

    def kill(self) -> None:
        """Ends the process and its reader; returns when both are gone. Twice is the same as once."""
        self._process.kill()
        self._process.join()
        self._reader.join()
        self._pipe.close()
        if self._job is not None:
            self._job.close()

    def _enclose(self) -> Job | None:
        """Windows only: the part of the cage that is shut from outside, before anything is said."""
        if sys.platform != "win32":
            return None
        try:
            return Job(self.pid, cage.ADDRESS_SPACE)
        except OSError as error:
            log.warning("%s", error)
            return None

    def _begin(self, warm: bool, idle: bool) -> None:
        frame_bytes = self._frames.size if self._frames else 0
        self.give(Setup(frame_bytes, os.getpid(), warm, idle))
        if self._frames:
            self._hand_over(self._frames)
        self._reader.start()

    def _hand_over(self, segment: Segment) -> None:
        try:
            segment.hand_over(self._pipe, self.pid)
        except OSError:
            log.debug("a render process is gone before it was handed memory")

    def _read(self) -> None:
        try:
            while True:
                reply = decode_reply(self._pipe.recv_bytes(SHORT_REPLY))
                pdf = b""
                if isinstance(reply, Ready):
                    by_job = {"processes": True, "memory": True} if self._job else {}
                    self.doors = msgspec.structs.replace(reply.doors, **by_job)
                    reply = Ready(self.doors)
                elif isinstance(reply, Pdf | Exported) or (isinstance(reply, Edited) and reply.length):
                    if not self._awaits_pdf:
                        raise msgspec.DecodeError("a PDF that nobody asked for")
                    pdf = self._pipe.recv_bytes(reply.length)
                self._on_reply(self, reply, pdf)
        except (EOFError, OSError):
            log.debug("the pipe of a render process is closed")
        except msgspec.DecodeError:
            log.warning("a render process said what no renderer says; it is ended")
        self._on_end(self)


def probe() -> tuple[cage.Doors, dict[str, bool]]:
    """Starts a caged process that tries every door: what it says is shut, and what was really refused."""
    answers: list[Tried] = []
    ended = threading.Event()

    def on_reply(worker: Worker, reply: Reply, _: bytes) -> None:
        if isinstance(reply, Ready):
            worker.give(TryDoors(0))
        elif isinstance(reply, Tried):
            answers.append(reply)
            ended.set()

    worker = Worker(None, on_reply, lambda _: ended.set())
    ended.wait(30)
    worker.kill()
    return worker.doors or cage.Doors(False, False, False, False, False), answers[
        0
    ].refused if answers else {}
