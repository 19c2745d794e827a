"""A command on a leash: it ends, with everything it started and with its folder, as soon as whoever started
it lets go of it or is gone, killed or not.

    python -I -S leash.py FOLDER COMMAND…

A converter works on a copy of a paper that may be confidential. One that hangs must not outlive its desk, and
neither must that copy. The leash is held through the standard input; its end is the end of everything. When
the command has ended, a byte says so on the standard output. Standard library only: it starts in some 20 ms.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

ENDED = b"."
OFFICE = "office.pid"
"""Where a command names a process that is no child of its own, in its folder."""


def main(words: list[str]) -> int:
    """Returns when the leash was let go of; everything is gone then."""
    folder, *command = words
    try:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
        )
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        return 1
    threading.Thread(target=_tell_end, args=(process,), daemon=True).start()
    sys.stdin.buffer.read()
    _end(process, Path(folder))
    shutil.rmtree(folder, ignore_errors=True)
    return 0


def _tell_end(process: subprocess.Popen[bytes]) -> None:
    process.wait()
    with suppress(OSError):  # nobody listens any more
        sys.stdout.buffer.write(ENDED)
        sys.stdout.buffer.flush()


def _end(process: subprocess.Popen[bytes], folder: Path) -> None:
    """The command with everything that it started; what has ended may have left something running."""
    if sys.platform == "win32":  # by documentation, and never run
        if process.poll() is None:
            with suppress(OSError):
                _end_by_id((folder / OFFICE).read_text("ascii").strip())
            _end_by_id(str(process.pid))
    else:
        with suppress(ProcessLookupError):  # all of it has ended
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _end_by_id(process_id: str) -> None:
    subprocess.run(["taskkill", "/F", "/T", "/PID", process_id], capture_output=True, check=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
