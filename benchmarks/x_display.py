"""An X server of one's own, whose monitor can be pulled and comes back with another resolution."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

SMALL = ("74.5", "1280", "1344", "1472", "1664", "720", "723", "728", "748")
HAS_X = shutil.which("Xvfb") is not None and shutil.which("xrandr") is not None


@contextmanager
def display() -> Iterator[dict[str, str]]:
    """An X server with one monitor of 1920×1080; the environment for its programs."""
    read, write = os.pipe()
    words = [
        "Xvfb",
        "-displayfd",
        str(write),
        "-screen",
        "0",
        "1920x1080x24",
        "-noreset",
        "+extension",
        "RANDR",
    ]
    server = subprocess.Popen(words, pass_fds=(write,), stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as told:
            number = told.readline().strip()
        yield {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait()


def xrandr(environment: dict[str, str], *words: str) -> None:
    subprocess.run(["xrandr", *words], check=True, env={**os.environ, **environment})
