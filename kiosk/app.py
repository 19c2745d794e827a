"""The screen process: constructs the parts and connects them. Standby is painted before the rest is loaded.

Started by `kiosk.supervisor`. First Qt, the settings and standby; after the first paint the network and what
a briefing needs (`kiosk.display`).
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import time
from argparse import Namespace
from dataclasses import asdict
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from kamizero import VERSION
from kiosk.fault import FaultPage
from kiosk.fault_feed import fault_state
from kiosk.glass import FirstSight, Glass, TouchWatch, has_touch
from kiosk.ground_feed import ground_state
from kiosk.installed import has_certificate, must_enrol
from kiosk.log_lines import LogLines
from kiosk.options import parse
from kiosk.pipe import SupervisorPipe
from kiosk.pulse import Call, Pulse
from kiosk.screens import Screens
from kiosk.settings import Settings, read
from kiosk.settings_checks import SettingsError
from kiosk.settings_trial import SettingsTrial
from kiosk.supervisor import REPLACED
from pageview import priority, theme, wording
from pageview.loading import loading

if TYPE_CHECKING:
    from kiosk.display import Display
    from kiosk.enrolment import Enrolment

log = logging.getLogger(__name__)

SETTINGS_FAULT = 301
"""`protocol.errors.Fault.SETTINGS`, which is not loaded yet when it is needed."""


class Program(QObject):
    """One screen process, from its window to its exit status."""

    def __init__(self, options: Namespace, pipe: SupervisorPipe) -> None:
        super().__init__()
        self.options = options
        self.pipe = pipe
        self.glass: Glass | None = None
        self._secret: str | None = None
        self._hidden = False
        self._waits = {"hello", "paint"} | (set() if options.alone else {"go"})
        self._commands: list[dict[str, Any]] = []
        self._display: Display | None = None
        self._enrolment: Enrolment | None = None
        pipe.hello.connect(self._hello)
        self._counts = 0, 0
        pipe.counts.connect(self._count)
        pipe.go.connect(lambda: self._arrived("go"))
        pipe.script.connect(self._obey)
        pipe.quit.connect(lambda: QApplication.exit(0))
        self._pulse: Pulse | None = None
        self._trial = SettingsTrial(options.config, options.state)

    def open(self) -> None:
        """The first screen: shown when this returns."""
        self._trial.begin_run(time.time(), crashed=self.options.fault is not None)
        enrols = self.options.enrol and not has_certificate(self.options.state)
        try:
            settings = read(self.options.config)
        except SettingsError as error:
            if enrols:
                self._show_enrolment(None)
                return
            print(f"kiosk: {error}", file=sys.stderr, flush=True)
            self._show_fault(SETTINGS_FAULT, tuple(str(error).split("\n")))
        else:
            wording.set_language(settings.language)
            self.pipe.tell(room=asdict(ground_state(settings)))
            if enrols or (self.options.fault is None and must_enrol(settings, self.options)):
                self._show_enrolment(settings)
                return
            if self.options.fault is not None:
                self._show_fault(self.options.fault, (), settings)
            else:
                self._show_standby(settings)
                return
        self.pipe.tell(painted=True)

    def _begin_pulse(self, call: Call | None = None) -> None:
        """From now on the supervisor expects signs of life; before, it waits for the start to be over."""
        assert self.glass is not None
        if self._pulse is None:
            self._pulse = Pulse(self.glass, lambda: self.pipe.tell(alive=True), parent=self)
            self._pulse.start()
        if call is not None:
            self._pulse.watch(call)

    def _show_fault(self, code: int, details: tuple[str, ...], settings: Settings | None = None) -> None:
        page = FaultPage()
        page.show_state(fault_state(code, details, settings, self.options.mdns_interface))
        if self.glass is None:
            self.glass = Glass("largest", self.options.windowed)
            self.glass.open()
        self.glass.add(page)
        self.glass.bring(page)
        self._tell_screen("fault")
        self._begin_pulse()
        if self._trial.go_back(time.time()):
            QTimer.singleShot(0, self, self._start_anew)

    def _start_anew(self) -> None:
        """A fresh screen, in place of one that only shows why it cannot work."""
        self.pipe.replace()
        QApplication.exit(REPLACED)

    def _show_enrolment(self, settings: Settings | None) -> None:
        """登録, painted when this returns; its network begins when the supervisor has spoken."""
        from kiosk.enrolment import Enrolment
        from kiosk.network import Unusable

        self.glass = Glass("largest", self.options.windowed)
        try:
            self._enrolment = Enrolment(settings, self.options, self.glass, self.pipe, parent=self)
        except Unusable as error:
            print(f"kiosk: {error}", file=sys.stderr, flush=True)
            self.glass.open()
            self._show_fault(error.fault, (str(error),))
        else:
            self.glass.open()
            self._enrolment.open()
            self._tell_screen("enrolment")
            self._arrived("paint")
        self.pipe.tell(painted=True)

    def _tell_screen(self, name: str) -> None:
        """To the script, after the paint; later screens are told by `kiosk.telling`."""
        if self.options.script:
            self.pipe.tell(event={"event": "screen", "screen": name, "t": time.monotonic_ns()})

    def _show_standby(self, settings: Settings) -> None:
        self.settings = settings
        touch = settings.display.touch == "on"
        if settings.display.touch == "auto":
            # At a window on somebody's desk the mouse is the finger.
            touch = self.options.windowed is not None or has_touch()
        self.glass = Glass(settings.display.screen, self.options.windowed)
        self.screens = Screens(settings, self.glass, touch, parent=self)
        if self.options.resuming:
            from kiosk.resuming import Resuming

            resuming = Resuming(settings)
            self.glass.add(resuming.cover)
            self.screens.attach(resuming)
        self.glass.open()
        if settings.display.touch == "auto" and not touch:
            self._touch = TouchWatch(self.glass)
            self._touch.found.connect(self._touch_found)
        self.screens.refresh()
        self._tell_screen(self.screens.front)
        FirstSight(self.glass).came.connect(self._seen)

    def _seen(self) -> None:
        self.pipe.tell(painted=True)
        self._arrived("paint")

    def _touch_found(self) -> None:
        self.screens.change_facts(touch=True)
        if self._display is not None:
            self._display.tell_facts()

    def _hello(self, secret: str | None, hidden: bool) -> None:
        self._secret, self._hidden = secret, hidden
        self._arrived("hello")

    def _count(self, restarts: int, briefings: int) -> None:
        self._counts = restarts, briefings
        if self._display is not None:
            self._display.count(restarts, briefings)

    def _arrived(self, what: str) -> None:
        """The rest is loaded when standby stands; begins once the supervisor spoke and the port is free."""
        self._waits.discard(what)
        if "paint" in self._waits or self._display is not None or self.glass is None:
            return
        if self._enrolment is not None:
            if not self._waits:
                self._begin_pulse(self._enrolment.start())
            return
        with loading():
            from kiosk.display import Display
            from kiosk.network import Unusable

        if self._waits:
            return
        kept = bytes.fromhex(self._secret) if self._secret else None
        self._secret = None
        try:
            self._display = Display(
                self.options,
                self.settings,
                self._trial,
                self.glass,
                self.screens,
                self.pipe,
                kept,
                self._hidden,
                parent=self,
            )
        except Unusable as error:
            print(f"kiosk: {error}", file=sys.stderr, flush=True)
            self._show_fault(error.fault, (str(error),), self.settings)
            return
        # What stands by now stays until the process ends. Collections of garbage that looked through it held
        # up pages and network alike for 95 ms (seen while strangers stood at the door).
        gc.freeze()
        self._display.count(*self._counts)
        self._begin_pulse(self._display.network.call)
        for command in self._commands:
            self._display.script.obey(command)
        self._commands.clear()

    def _obey(self, command: dict[str, Any]) -> None:
        """Commands that come early wait until there is somebody to obey them."""
        if self._display is not None:
            self._display.script.obey(command)
        else:
            self._commands.append(command)

    def close(self) -> None:
        """Nothing of a briefing is left behind when the program ends."""
        if self._display is not None:
            self._display.close()
        if self._enrolment is not None:
            self._enrolment.close()


def main(arguments: list[str]) -> int:
    """The screen's whole life; its exit status is for the supervisor."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.basicConfig(level=logging.INFO, format="kiosk: %(levelname)s %(name)s: %(message)s")
    options = parse(arguments)
    priority.give_up_memory(priority.SCREEN)
    _keep_out_of_core_dumps(readable=bool(options.script))
    pipe = SupervisorPipe()
    pipe.tell(log_to=str(options.state))
    logging.getLogger().addHandler(LogLines(lambda line: pipe.tell(log=line)))
    log.info("a screen of version %s begins", VERSION)
    sys.excepthook = _fail
    app = QApplication(["kamizero"])
    app.setQuitOnLastWindowClosed(False)
    theme.apply_kiosk(app)
    program = Program(options, pipe)
    if options.held:
        pipe.wait_to_be_shown()
    program.open()
    pipe.start()
    status = app.exec()
    program.close()
    return status


def _fail(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What nobody expected ends this process: the supervisor starts a fresh one, which resumes."""
    log.critical("unexpected error", exc_info=(kind, error, trace))
    os._exit(1)


def _keep_out_of_core_dumps(readable: bool) -> None:
    """No core dump of a paper; and no other program of this user reads this memory, except when measured."""
    if sys.platform != "linux":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not readable:
        import ctypes

        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE
