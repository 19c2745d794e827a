"""The demo's papers as files that somebody works on: the memo is saved again while the room looks on."""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRect

import assets
from presenter.proof import ALIKE, Proof, has_colour
from presenter.stage import Event
from protocol.values import Rect

PAGE = 4
"""Of the memo; its annex 3."""
DOWN = 41.1
"""So many points further down is everything that stands below the new paragraph."""
RING = 126.0, 232.0, 62.0, 12.0
"""Around a heading of that page: middle and half axes, in points."""
WITHIN_S = 30.0
INK = 0xCE, 0x00, 0x00


def copied(papers: Sequence[Path], folder: Path) -> list[Path]:
    """The papers in a folder of their own, where they may be written to."""
    folder.mkdir(parents=True)
    return [Path(shutil.copy(paper, folder)) for paper in papers]


class NewMemo:
    """The memo with one paragraph more, set meanwhile by the script that makes the samples."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / assets.SAMPLE_MEMO.name
        self._fresh = folder / "fresh.pdf"
        words = [sys.executable, "-m", "assets.papers.reissue", str(self._fresh)]
        offscreen = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        self._process = subprocess.Popen(words, env=offscreen, stderr=subprocess.DEVNULL)

    def save(self) -> bool:
        """As office programs do: a new file takes the old one's name. False where there is none."""
        try:
            made = self._process.wait(WITHIN_S) == 0
        except subprocess.TimeoutExpired:
            self._process.kill()
            made = False
        if made:
            self._fresh.replace(self.file)
        return made


def ring(painted: Event) -> list[tuple[float, float]]:
    """The ring as a hand draws it, as shares of what the wall shows of the page."""
    x0, y0, x1, y1 = painted["part"]
    x, y, a, b = RING
    way = [(x + a * math.cos(n / 5), y + b * math.sin(n / 5)) for n in range(33)]
    return [((x * 100 - x0) / (x1 - x0), (y * 100 - y0) / (y1 - y0)) for x, y in way]


def _foot_of_ring(painted: Event, down: float) -> QRect:
    """Where its lower edge is on the wall when it lies so many points further down."""
    x0, y0, x1, _ = painted["part"]
    left, top, wide, _ = painted["pixels"]
    unit = wide * 100 / (x1 - x0)
    x, y, a, b = RING
    at = left + (x - x0 / 100) * unit, top + (y + b + down - y0 / 100) * unit
    return QRect(round(at[0] - a * unit / 4), round(at[1] - 3 * unit), round(a * unit / 2), round(6 * unit))


def what_is_wrong(shot: Path, painted: Event, saved: Path, proof: Proof, page: int) -> str:
    """Why a picture of the wall is not the page of the memo ``saved``, with the ring around its words; ""
    when it is. ``proof`` has the former one, as ``page``."""
    part, pixels = Rect(*painted["part"]), QRect(*painted["pixels"])
    with Proof([saved]) as new:
        off = new.difference(shot, PAGE, part, pixels)
    if off > ALIKE or off > proof.difference(shot, page, part, pixels):
        return f"the wall does not show the new page: {off:.0f} of 255 away"
    before, after = (_foot_of_ring(painted, down) for down in (0.0, DOWN))
    if has_colour(shot, before, INK) or not has_colour(shot, after, INK):
        return "the ring is not around its words on the new page"
    return ""
