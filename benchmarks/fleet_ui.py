"""Ten thousand displays in the console's window, every building opened: scrolled while 200 a second have
news."""

from __future__ import annotations

import gc
import json
import os
import time
from collections.abc import Iterable

from benchmarks.harness import Figure, Limit, figure, pss_mib, told_by

NAMES = ("fleet_ui", "fleet_ui_memory")
DISPLAYS, FRAMES, WARM_UP = 10_000, 400, 40
UPDATES_A_SECOND = 200
FRAME = 1 / 60
FRAMES_A_REFRESH = 6
STEP = 52
"""Pixels a frame: one row."""


def run() -> Iterable[Figure]:
    """Milliseconds of a frame: its news taken in, scrolled, painted. MiB of the whole process."""
    told = told_by("fleet_ui")
    how = f"none: absolute; {DISPLAYS} displays, all opened, 1920×1080"
    yield figure("fleet_ui", "ms", told["frames"], Limit("p95", 16.7), how=how)
    yield figure(
        "fleet_ui_memory", "MiB", [told["memory"]], Limit("max", 300), how="the same process, at the end"
    )


def _window() -> None:
    from PySide6.QtWidgets import QApplication

    from kiosk.fleet.english import ENGLISH
    from pageview import theme, wording
    from tests.kiosk import fleet_windows
    from tests.kiosk.fleet_rooms import device_of, large, status

    app = QApplication([])
    wording.register(ENGLISH)
    theme.apply_desk(app)
    now = time.time()
    fleet = large(DISPLAYS, now)
    window = fleet_windows.window(fleet)
    window.resize(1920, 1080)
    window.show()
    window.refresh(now)
    gc.freeze()  # as the program does
    board = window.overview.board
    board.open_all()
    app.processEvents()
    frames, number, due = [], 0, 0.0
    bar = board.verticalScrollBar()
    for frame in range(WARM_UP + FRAMES):
        begun = time.perf_counter()
        due += UPDATES_A_SECOND * FRAME
        while due >= 1:
            due -= 1
            number = number % DISPLAYS + 1
            display = fleet.displays[device_of(number)]
            heat = 470 + (number * 37 + frame) % 330
            told = status(number, display.name, display.place, now, temperature=heat)
            fleet.saw(display.device, told, "10.1.1.1:47400", 0, now + frame)
        if frame % FRAMES_A_REFRESH == 0:
            window.refresh(now + frame)
        bar.setValue((frame * STEP) % max(1, bar.maximum()))
        board.viewport().repaint()
        app.processEvents()
        if frame >= WARM_UP:
            frames.append(1_000 * (time.perf_counter() - begun))
    print(json.dumps({"frames": frames, "memory": pss_mib([os.getpid()])}))
    window.close()


if __name__ == "__main__":
    _window()
