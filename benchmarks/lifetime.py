"""What the programs cost a machine: how soon they are there, what a kiosk uses while it waits and shows.

Kilobytes are counted as PSS over all processes of the kiosk: supervisor, screen, renderers.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from benchmarks.harness import Figure, Limit, cpu_seconds, figure, process_tree, pss_mib
from benchmarks.noise_paper import noise_paper
from benchmarks.page_turn import to_and_fro
from benchmarks.staging import FOUR_K, LOOPBACK, come_to_rest, free_port, paired
from presenter import stage

NAMES = (
    "start_kiosk",
    "start_presenter",
    "idle_cpu",
    "idle_memory",
    "following",
    "following_200mb",
    "cover",
    "wipe",
)
STARTS = 10
IDLE_SECONDS = 60
TURNS = 200

MINIMAL = """
import time
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
label = QLabel("紙ゼロ")
label.resize(1920, 1080)
label.show()
app.processEvents()
print(time.monotonic_ns(), flush=True)
"""


def run() -> Iterable[Figure]:
    yield from starts()
    yield from idle()
    yield from briefing()


def minimal_window(environment: dict[str, str]) -> float:
    """Milliseconds from the start of a process to the first paint of a bare Qt window."""
    began = time.monotonic_ns()
    done = subprocess.run([sys.executable, "-c", MINIMAL], capture_output=True, text=True, env=environment)
    return float(int(done.stdout) - began) / 1e6


def starts() -> Iterable[Figure]:
    kiosks, desks, references = [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {**os.environ, **stage.screen_environment(folder, "1920x1080")}
        for _ in range(STARTS + 1):
            references.append(minimal_window(environment))
            began = time.monotonic_ns()
            with stage.kiosk(folder / "kiosk", "--no-mdns", "--port", str(free_port())) as wall:
                standing = wall.wait("screen", lambda e: e["screen"] == "standby")
                kiosks.append((standing["t"] - began) / 1e6)
            began = time.monotonic_ns()
            with stage.presenter(folder / "desk", "--no-mdns") as desk:
                desks.append((desk.wait("ready")["painted"] - began) / 1e6)
    how = "process start to first paint of a minimal Qt window, between the samples; without the first start"
    kept = references[1:]
    yield figure("start_kiosk", "ms", kiosks[1:], Limit("p50", 500), reference=kept, how=how)
    yield figure("start_presenter", "ms", desks[1:], Limit("p50", 800), reference=kept, how=how)


def idle() -> Iterable[Figure]:
    with tempfile.TemporaryDirectory() as folder, stage.kiosk(Path(folder), *LOOPBACK, size=FOUR_K) as wall:
        wall.wait("code")
        time.sleep(5)
        processes = process_tree(wall.pid)
        before = cpu_seconds(processes)
        time.sleep(IDLE_SECONDS)
        used = (cpu_seconds(process_tree(wall.pid)) - before) / IDLE_SECONDS * 100
        memory = pss_mib(process_tree(wall.pid))
    how = f"none: absolute, {IDLE_SECONDS} s of standby on a 4K wall"
    yield figure("idle_cpu", "% of a core", [used], Limit("max", 1), how=how)
    yield figure("idle_memory", "MiB", [memory], Limit("max", 140), how=how)


def briefing() -> Iterable[Figure]:
    covers, wipes = [], []
    with tempfile.TemporaryDirectory() as folder:
        large = noise_paper(Path(folder) / "large.pdf", pages=60, megabytes=200)
        sixty = noise_paper(Path(folder) / "sixty.pdf", pages=60, megabytes=12)
        for name, paper, most in (("following", sixty, 400.0), ("following_200mb", large, 600.0)):
            memory = []
            with paired((paper,)) as staged:
                staged.start()
                come_to_rest(staged.wall, staged.desk)  # the whole paper is there
                for n, (key, page) in zip(range(TURNS), to_and_fro(), strict=False):
                    staged.turn(key, page)
                    if n >= 49 and n % 10 == 9:
                        memory.append(pss_mib(process_tree(staged.wall.pid)))
                began = time.monotonic_ns()
                staged.desk.tell("end")
                covers.append(
                    (staged.wall.wait("screen", lambda e: e["screen"] == "cover")["t"] - began) / 1e6
                )
                wipes.append((staged.wall.wait("wiped")["t"] - began) / 1e6)
            growth = memory[-1] / memory[0]
            how = f"reference: at turn 50, in the same run; from there to turn {TURNS} it grew {growth:.2f}×"
            limits = (Limit("max", most), Limit("ratio", 1.1))
            yield figure(name, "MiB", memory, *limits, reference=memory[0], how=how)
    how = "none: absolute, from the word end to the paint of the cover, and until all is wiped"
    yield figure("cover", "ms", covers, Limit("max", 100), how=how)
    yield figure("wipe", "ms", wipes, Limit("max", 1000), how=how)
