"""A tiny process that holds the guests' session secrets in its memory while the desk runs, and if it crashes.

Secrets never touch a disk and are gone with the power; yet a desk that crashed and was started again brings
rooms and participants back without a code. The desk writes lines to its standard input: the password for
handing over, then each new state of the secrets in hex. An empty line means: forget and end. When the desk is
gone without that, they are handed, once, to whoever knows the password, for as long as walls wait for their
presenter.
Once means: until that one says that its own keeper has them. A desk may crash while it goes on, too.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Listener
from pathlib import Path

KEPT_S = 900.0
LOOK_EACH_S = 5.0
ANSWER_S = 5.0
_KEPT = b"kept"
_PR_SET_DUMPABLE = 4


def address(state: Path) -> str:
    """Where the keeper of that state folder answers: a socket, or a pipe on Windows."""
    name = f"kamizero-{sha256(str(state).encode()).hexdigest()[:24]}"
    if sys.platform == "win32":
        return rf"\\.\pipe\{name}"
    folders = (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp")
    places = [os.path.join(folder, f"{name}.sock") for folder in folders if folder]
    # The name of a socket has room for 107 bytes.
    return next((place for place in places if len(os.fsencode(place)) < 104), places[-1])


def take_over(state: Path, password: bytes, keep: Callable[[bytes], None]) -> bytes | None:
    """What the keeper of a crashed desk holds; None when there is none, or it answers to another password.

    That keeper lets go only when ``keep`` has returned.
    """
    try:
        with Client(address(state), authkey=password) as connection:
            if not connection.poll(ANSWER_S):
                return None
            held = connection.recv_bytes(2**20)
            keep(held)
            connection.send_bytes(_KEPT)
            connection.poll(ANSWER_S)  # its end: the name is free before a keeper of ours may want it
            return held
    except (OSError, EOFError, AuthenticationError):
        return None


class Keeper:
    """The desk's end. The process is started by `prepare`, or with the first secret."""

    def __init__(self, state: Path, password: bytes) -> None:
        self._state, self._password = state, password
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def prepare(self) -> None:
        """Starts the process while nobody waits for it; from any thread."""
        with self._lock:
            self._start()

    def keep(self, secrets: bytes) -> None:
        """Holds these instead of those before; from any thread."""
        with self._lock:
            self._start()
            self._say(secrets.hex().encode())

    def forget(self) -> None:
        """Nothing is held any more."""
        with self._lock:
            process, self._process = self._process, None
            if process is None or process.stdin is None:
                return
            with suppress(OSError):
                process.stdin.write(b"\n")
                process.stdin.close()
            process.wait()

    def leave(self) -> None:
        """The desk ends, and what is held stays for the next one."""
        with self._lock:
            process, self._process = self._process, None
            if process is not None and process.stdin is not None:
                with suppress(OSError):
                    process.stdin.close()

    def _start(self) -> None:
        if self._process is not None:
            return
        self._process = subprocess.Popen(
            [sys.executable, "-m", "presenter.keeper", str(self._state)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).resolve().parent.parent,
            start_new_session=True,
        )
        self._say(self._password.hex().encode())

    def _say(self, line: bytes) -> None:
        if self._process is not None and self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.write(line + b"\n")
                self._process.stdin.flush()


def main(arguments: list[str]) -> int:
    """Keeps what comes on standard input; hands it over once, or lets it go."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    state = Path(arguments[0])
    password = bytes.fromhex(sys.stdin.readline())
    held = b""
    for line in sys.stdin:
        if not line.strip():
            return 0
        held = bytes.fromhex(line)
    if held:
        _hand_over(state, password, held)
    return 0


def _hand_over(state: Path, password: bytes, held: bytes) -> None:
    where = address(state)
    with suppress(OSError):
        os.unlink(where)
    over = threading.Event()
    threading.Thread(target=_serve, args=(where, password, held, over), daemon=True).start()
    for _ in range(int(KEPT_S / LOOK_EACH_S)):
        if over.wait(LOOK_EACH_S) or not state.is_dir():
            break
    if not over.is_set():
        with suppress(OSError):
            os.unlink(where)


def _serve(where: str, password: bytes, held: bytes, over: threading.Event) -> None:
    with Listener(where, authkey=password) as listener:
        while not over.is_set():
            try:
                with listener.accept() as connection:
                    connection.send_bytes(held)
                    if connection.poll(ANSWER_S) and connection.recv_bytes(len(_KEPT)) == _KEPT:
                        listener.close()
                        over.set()
            except (AuthenticationError, OSError, EOFError):
                continue  # somebody else, or it crashed as well; what is held stays


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
