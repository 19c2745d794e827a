"""An X server of one's own, whose monitor can be pulled and comes back with another resolution.

What is on its glass lies in a file, and can be looked at without asking it.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from mmap import PROT_READ, mmap
from pathlib import Path
from typing import Self

SMALL = ("74.5", "1280", "1344", "1472", "1664", "720", "723", "728", "748")
ACROSS, DOWN = 32, 18
HAS_X = shutil.which("Xvfb") is not None and shutil.which("xrandr") is not None


@contextmanager
def display(*more: str) -> Iterator[dict[str, str]]:
    """An X server with one monitor of 1920×1080; the environment for its programs. ``more``: its options."""
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
        *more,
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


class Looked:
    """An X server with its glass: `environment`, and `fields`."""

    def __enter__(self) -> Self:
        self._leaving = ExitStack()
        folder = self._leaving.enter_context(tempfile.TemporaryDirectory(prefix="kamizero-glass-"))
        self.environment = self._leaving.enter_context(display("-fbdir", folder))
        file = self._leaving.enter_context((Path(folder) / "Xvfb_screen0").open("rb"))
        self._glass = self._leaving.enter_context(mmap(file.fileno(), 0, prot=PROT_READ))
        # The header of an X window dump: 25 numbers, big-endian, then its name and its colours.
        head = struct.unpack_from(">25I", self._glass)
        self._width, self._height, self._line = head[4], head[5], head[12]
        self._begin = head[0] + 12 * head[19]
        return self

    def __exit__(self, *_: object) -> None:
        self._leaving.close()

    def fields(self) -> tuple[bytes, ...]:
        """The colours (blue, green, red) at `ACROSS` × `DOWN` places, row by row, at this moment."""
        return tuple(
            self._glass[at : at + 3]
            for row in range(DOWN)
            for column in range(ACROSS)
            for at in [
                self._begin
                + self._line * round((row + 0.5) * self._height / DOWN)
                + 4 * round((column + 0.5) * self._width / ACROSS)
            ]
        )


def xrandr(environment: dict[str, str], *words: str) -> None:
    subprocess.run(["xrandr", *words], check=True, env={**os.environ, **environment})
