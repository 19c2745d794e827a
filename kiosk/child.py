"""A process that the supervisor started: JSON lines over its stdin and stdout. Standard library only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import Any

Inbox = SimpleQueue[tuple[Any, ...]]
"""("said", child, line) and at last ("ended", child), beside what others put there."""


class Child:
    """Runs `main` of a module of ours with these words; its exit status is the process's."""

    def __init__(self, module: str, words: list[str], inbox: Inbox) -> None:
        environment = dict(os.environ)
        root = str(Path(__file__).resolve().parent.parent)
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [root, environment.get("PYTHONPATH", "")]))
        start = f"import sys; from {module} import main; sys.exit(main(sys.argv[1:]))"
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", start, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        self._inbox = inbox
        threading.Thread(target=self._listen, name=f"{module} listener", daemon=True).start()

    def tell(self, **message: Any) -> None:
        """One line to it; nothing when it has just died (its end is told by the listener)."""
        pipe = self.process.stdin
        assert pipe is not None
        try:
            pipe.write(json.dumps(message).encode() + b"\n")
            pipe.flush()
        except (BrokenPipeError, ValueError):
            return

    def close(self) -> int:
        """Collects the process that has ended and its pipes; its exit status."""
        status = self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue
        return status

    def _listen(self) -> None:
        pipe = self.process.stdout
        assert pipe is not None
        for line in pipe:
            self._inbox.put(("said", self, line))
        self._inbox.put(("ended", self))
