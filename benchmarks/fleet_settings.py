"""Ten thousand displays in the settings of the console: asked some at a time while the page is open; then
what would change is counted, put into effect, and the first wave planned."""

from __future__ import annotations

import gc
import json
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.harness import Figure, Limit, figure, told_by

if TYPE_CHECKING:
    from kiosk.fleet.template_flow import Then
    from protocol.manage import Command

NAMES = ("fleet_settings",)
DISPLAYS = 10_000
ASKED = 2_000
"""So many answer while it is measured."""
ANSWER = 0.05
"""Seconds until a display answers."""
FRAME = 1 / 60


def run() -> Iterable[Figure]:
    """Milliseconds of a frame: what has come in it, and what the window does with it."""
    frames = told_by("fleet_settings")
    how = f"none: absolute; {ASKED} of {DISPLAYS} displays tell their settings, then a rollout is planned"
    yield figure("fleet_settings", "ms", frames, Limit("p95", 16.7), how=how)


class House:
    """Displays that answer a moment later, as the console's orders go out."""

    def __init__(self, settings: str) -> None:
        self._settings = settings
        self._waiting: deque[tuple[float, Callable[[], None]]] = deque()
        self.answers = 0

    def order(self, devices: tuple[bytes, ...], command: Command, then: Then | None = None) -> None:
        """Nobody is told to change anything here."""

    def ask(self, device: bytes, command: Command, then: Then | None = None) -> None:
        from protocol.manage import Outcome

        assert then is not None
        self._waiting.append((time.perf_counter() + ANSWER, partial(then, Outcome.DONE, self._settings)))

    def note(self, what: str) -> bool:
        return True

    def record(self, words: str, tone: str) -> None:
        """Nothing is written down here."""

    def tell(self, words: str, tone: str = "") -> None:
        """Nobody reads it."""

    def answer(self) -> None:
        """Those whose time has come."""
        while self._waiting and self._waiting[0][0] < time.perf_counter():
            self._waiting.popleft()[1]()
            self.answers += 1


def _window(place: Path) -> None:
    from PySide6.QtWidgets import QApplication

    from kiosk.fleet.adding import AddingPage
    from kiosk.fleet.english import ENGLISH
    from kiosk.fleet.forecast import Forecast
    from kiosk.fleet.log_page import LogPage
    from kiosk.fleet.rollout import Rollout
    from kiosk.fleet.rollout_question import RolloutQuestion
    from kiosk.fleet.settings_flow import SettingsFlow
    from kiosk.fleet.settings_page import SettingsPage
    from kiosk.fleet.template_folder import TemplateFolder
    from kiosk.fleet.templates import HOUSE, Templates
    from kiosk.fleet.window import FleetWindow, Page
    from pageview import theme, wording
    from protocol.facilities import ConsoleCertificate, ConsoleRole
    from tests.kiosk.fleet_rooms import large

    app = QApplication([])
    wording.register(ENGLISH)
    theme.apply_desk(app)
    now = time.time()
    fleet, who = large(DISPLAYS, now), ConsoleCertificate(bytes(32), ConsoleRole.FACILITIES, "管財課")
    folder = TemplateFolder(place)
    folder.keep(Templates().with_value(HOUSE, "network.port", 48_000), now, "", "")
    rollout, house = Rollout(folder), House(json.dumps({"network.port": 47_400, "help.contact": "管財課"}))
    page = SettingsPage(fleet, folder, rollout, may=True)
    flow = SettingsFlow(fleet, folder, rollout, page, house, who.name, who.device, True, time.time)
    adding = AddingPage(fleet, lambda: folder.current, "", 47_400)
    window = FleetWindow(fleet, who, LogPage([], 0), adding, page)
    window.resize(1920, 1080)
    window.show()
    window.show_page(Page.SETTINGS)
    flow.start()
    gc.freeze()  # as the program does
    frames: list[float] = []

    def until(done: Callable[[], bool]) -> None:
        refreshed = 0.0
        while not done():
            begun = time.perf_counter()
            house.answer()
            if begun - refreshed > 0.1:
                refreshed = begun
                window.refresh(time.time())
            app.processEvents()
            frames.append(1_000 * (time.perf_counter() - begun))
            time.sleep(max(0.0, begun + FRAME - time.perf_counter()))

    until(lambda: house.answers >= ASKED)
    asked = time.perf_counter()
    displays = page.displays_of(HOUSE)
    question = RolloutQuestion(window, Forecast(fleet, rollout, displays, now), rollout.files.hands())
    question.show()
    frames.append(1_000 * (time.perf_counter() - asked))
    until(question.yes.isEnabled)
    pressed = time.perf_counter()
    question.close()
    flow.put_into_effect(HOUSE, displays)
    frames.append(1_000 * (time.perf_counter() - pressed))
    until(lambda: rollout.stage.wave > 0)
    flow.stop()
    print(json.dumps(frames))
    window.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        _window(Path(made))
