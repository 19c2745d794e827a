"""The cage, tried from inside and from outside."""

from __future__ import annotations

import ast
import os
import queue
import signal
import subprocess
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from pageview import cage, worker
from pageview.render_messages import Failed, MakeSubset, Pdf, Ready, Reply, Tried, TryDoors, encode
from pageview.segments import Segment
from pageview.worker import Worker, probe

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="this cage is Linux's")

DOORS = ("open", "list", "socket", "connect", "fork", "exec", "kill", "trace")


class Listener:
    """A worker whose replies are waited for; None stands for its end."""

    def __init__(self, frames: Segment | None = None) -> None:
        self.replies: queue.Queue[Reply | None] = queue.Queue()
        self.worker = Worker(
            frames, lambda _, reply, __: self.replies.put(reply), lambda _: self.replies.put(None)
        )

    def __enter__(self) -> Listener:
        return self

    def __exit__(self, *_: object) -> None:
        self.worker.kill()

    def next(self) -> Reply | None:
        return self.replies.get(timeout=20)


def test_every_door_is_refused_from_inside() -> None:
    doors, refused = probe()
    assert doors.all_shut, str(doors)
    assert doors.seccomp
    assert doors.landlock >= 1
    assert refused == dict.fromkeys(DOORS, True)


def test_the_doors_are_really_tried() -> None:
    program = "from pageview.cage import try_the_doors; print(try_the_doors())"
    free = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ast.literal_eval(free.stdout) == dict.fromkeys(DOORS, False)


def test_memory_is_bounded_and_grows_by_the_papers_handed_over() -> None:
    frames, paper = Segment(10 * 2**20), Segment(64 * 2**20)
    with Listener(frames) as listener:
        assert isinstance(listener.next(), Ready)
        assert _limits(listener.worker.pid, "Max address space")[0] == cage.ADDRESS_SPACE + frames.size
        assert _limits(listener.worker.pid, "Max core file size") == (0, 0)
        listener.worker.hand(b"\1" * 32, paper, None)
        listener.worker.give(TryDoors(7))
        assert listener.next() == Tried(7, dict.fromkeys(DOORS, True))
        soft, hard = _limits(listener.worker.pid, "Max address space")
        assert soft == cage.ADDRESS_SPACE + frames.size + paper.size
        assert hard > soft
    frames.close()
    paper.close()


def test_it_ends_with_its_pipe_and_says_so_when_it_is_killed() -> None:
    with Listener() as listener:
        assert isinstance(listener.next(), Ready)
        os.kill(listener.worker.pid, signal.SIGKILL)
        assert listener.next() is None
        listener.worker.give(TryDoors(1))  # nobody is there; nothing is raised


def _say(connection: Connection, message: bytes, then: bytes = b"") -> None:
    connection.recv_bytes()
    connection.send_bytes(message)
    if then:
        connection.send_bytes(then)
    connection.recv_bytes()


def says_garbage(connection: Connection) -> None:
    _say(connection, b"\x93\x01\x02\x03")


def says_a_pickle(connection: Connection) -> None:
    connection.recv_bytes()
    connection.send({"a": 1})
    connection.recv_bytes()


def says_a_pdf_unasked(connection: Connection) -> None:
    _say(connection, encode(Pdf(0, 4, 1, 1)), b"%PDF")


def says_nonsense_sizes(connection: Connection) -> None:
    _say(connection, encode(Pdf(0, 2**40, 1, 1)))


def says_too_much(connection: Connection) -> None:
    _say(connection, encode(Failed(0, 1)) + bytes(9 * 2**20))


@pytest.mark.parametrize(
    "liar", [says_garbage, says_a_pickle, says_a_pdf_unasked, says_nonsense_sizes, says_too_much]
)
@pytest.mark.expected_logs("a render process said what no renderer says")
def test_a_process_that_says_what_no_renderer_says_is_not_believed(
    liar: Callable[[Connection], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker.render_process, "main", liar)
    with Listener() as listener:
        assert listener.next() is None


def test_a_pdf_is_read_only_when_one_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker.render_process, "main", answers_with_a_pdf)
    with Listener() as listener:
        listener.worker.give(MakeSubset(3, b"\1" * 32, 0))
        assert listener.next() == Pdf(3, 4, 1, 1)


def answers_with_a_pdf(connection: Connection) -> None:
    connection.recv_bytes()
    connection.recv_bytes()
    connection.send_bytes(encode(Pdf(3, 4, 1, 1)))
    connection.send_bytes(b"%PDF")
    connection.recv_bytes()


def _limits(process: int, name: str) -> tuple[int, int]:
    line = next(x for x in Path(f"/proc/{process}/limits").read_text().splitlines() if x.startswith(name))
    soft, hard, *_ = line[len(name) :].split()
    return int(soft), int(hard)
