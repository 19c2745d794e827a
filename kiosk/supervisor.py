"""The small process that outlives every screen: it starts the screen, and starts it again when it dies.

Standard library only, and no Qt: it must not be able to fail the way a screen fails. It keeps the session
secret in its memory (never on disk), so that a screen that crashed resumes without anybody typing; it feeds
the system's watchdog; after a crash loop it forgets the secret and shows a safe fault page for a while.

It speaks with the screen in JSON lines over the screen's stdin and stdout:
  to the screen    {"hello": secret|null, "hidden": bool} first · {"script": command} · {"quit": true}
                   {"show": true}  to one that was started with --held: what is to lie beneath it does
                   {"restarts": n, "briefings": n}  how often since this process started
                   {"go": true}  the former screen has ended, the network is free
  from the screen  {"painted": true} · {"event": {…}}
                   {"alive": true}  its window is painted and its network thread answers (`pulse`)
                   {"patience": seconds}  it has something to do that may take so long
                   {"ready": true}  it was started with --held, and could be shown now
                   {"room": …}  what the ground may say (`ground.GroundState`): nothing of a briefing
                   {"log_to": folder} · {"log": {…}}  a line of the log (`log_file`)
                   {"secret": hex|null} · {"hidden": a person hid this wall}
                   {"replace": overlap}  all is wiped: start a fresh screen now, or when this one ends
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from kiosk import display_server, log_file
from kiosk.child import Child, Inbox
from kiosk.grounding import BEAT, Ground, Grounding
from kiosk.service_manager import notify, watchdog_interval

QUIT, USAGE, REPLACED = 0, 2, 75
"""Exit statuses of a screen that are not crashes."""
ONLY_PRINTED = {"-h", "--help", "--example-config"}
"""Words that print something and end: no screen is started, whose standard output is not the person's."""
CRASH_LOOP_FAULT = 305
"""`protocol.errors.Fault.SCREEN_STOPPED`, which this process does not import."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, and how many crashes within `window` make a loop. Tests inject others."""

    start: float = 30.0
    """A screen has so long from its start to its first sign of life."""
    silences: tuple[float, ...] = (2.0, 4.0, 8.0, 16.0, 30.0)
    """A screen without a sign of life for so long is frozen: it is killed. The later ones after so many
    crashes: on a machine that is merely slow this ends."""
    window: float = 60.0
    crashes: int = 5
    fault_page: float = 60.0
    """The fault page stays so long, then the usual screen is tried again."""
    farewell: float = 3.0
    """A screen that was asked to end, or has been replaced, is killed after this."""
    delays: tuple[float, ...] = (0.0, 0.25, 0.5, 1.0, 2.0)
    display: float = 0.25
    """The display server is asked so often whether it is back, and has so long to answer."""
    ground: float = 1.0
    """A screen that could be shown, above the ground, waits so long for it, and then does without."""
    ground_silence: float = 4 * BEAT


@dataclass(slots=True)
class Crashes:
    """Counts crashes; time is the caller's."""

    limits: Limits
    times: deque[float] = field(default_factory=deque)

    def delay_after(self, now: float) -> float | None:
        """Seconds to wait before the next start; None when this crash makes it a loop."""
        self.times.append(now)
        self._forget_old(now)
        if len(self.times) >= self.limits.crashes:
            self.times.clear()
            return None
        return self.limits.delays[min(len(self.times), len(self.limits.delays)) - 1]

    def silence(self, now: float) -> float:
        """Seconds that a screen may give no sign of life."""
        self._forget_old(now)
        return self.limits.silences[min(len(self.times), len(self.limits.silences) - 1)]

    def _forget_old(self, now: float) -> None:
        while self.times and now - self.times[0] > self.limits.window:
            self.times.popleft()


class Screen(Child):
    """One screen process, and until when it has to have said what. ``held``: it is not yet to be seen."""

    def __init__(
        self,
        arguments: list[str],
        inbox: Inbox,
        secret: str | None,
        hidden: bool,
        held: bool,
        patience: float,
    ) -> None:
        super().__init__("kiosk.app", arguments, inbox)
        self.quiet_until = time.monotonic() + patience
        self.kill_at: float | None = None
        self.held = held
        self.tell(hello=secret, hidden=hidden)


class Supervisor:
    """Runs screens until one quits on purpose, or a signal asks for the end."""

    def __init__(self, arguments: list[str], limits: Limits = Limits()) -> None:
        self._arguments = arguments
        self._limits = limits
        self._inbox: Inbox = SimpleQueue()
        self._crashes = Crashes(limits)
        self._secret: str | None = None
        self._hidden = False
        self._screen: Screen | None = None
        self._leaving: Screen | None = None
        self._start_at: float | None = None
        self._in_fault_until: float | None = None
        self._stopping = False
        self._status = 0
        self._watchdog = watchdog_interval()
        self._feed_at = 0.0
        self._waits_for_display = False
        self._restarts = self._briefings = 0
        self._log = log_file.LogFile()
        self._grounding = Grounding(
            arguments,
            self._inbox,
            late=limits.ground,
            silence=limits.ground_silence,
            display=limits.display,
            say=self._say,
        )

    def run(self) -> int:
        """Blocks until the end; the exit status."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._inbox.put(("stop",)))
        self._start()
        _keep_out_of_core_dumps()
        if "--script" in self._arguments:
            threading.Thread(target=self._read_script, name="script-reader", daemon=True).start()
        while self._screen or self._leaving or self._start_at is not None:
            self._feed()
            wait = self._wait()
            until = time.monotonic() + wait
            with suppress(Empty):
                self._handle(self._inbox.get(timeout=wait))
            self._forgive(time.monotonic() - until)
            self._check_deadlines(time.monotonic())
        self._grounding.close()
        self._log.close()
        return self._status

    # --- what happens ---------------------------------------------------------------------------------

    def _handle(self, item: tuple[Any, ...]) -> None:
        match item:
            case ("stop",):
                self._stop()
            case ("script", line):
                self._obey(line)
            case ("said", Ground() as ground, line):
                self._grounding.said(ground, line)
            case ("ended", Ground() as ground):
                self._grounding.ended(ground)
            case ("said", screen, line):
                self._said(screen, line)
            case ("ended", screen):
                self._ended(screen, screen.close())

    def _obey(self, line: str) -> None:
        """The script's commands are the screen's, except the last."""
        try:
            command = json.loads(line)
        except ValueError:
            command = None
        if isinstance(command, dict) and command.get("do") == "quit":
            self._stop()
        elif isinstance(command, dict) and self._screen is not None:
            self._screen.tell(script=command)
        else:
            print(f"kiosk: not obeyed: {line.strip()[:200]}", file=sys.stderr, flush=True)

    def _said(self, screen: Screen, line: bytes) -> None:
        try:
            message = json.loads(line)
        except ValueError:
            print(line.decode(errors="replace").rstrip(), file=sys.stderr, flush=True)
            return
        match message:
            case {"secret": secret}:
                self._keep(secret)
            case {"log_to": str() as folder}:
                self._log.open(Path(folder))
            case {"log": dict() as entry}:
                self._log.add(entry)
            case {"hidden": hidden} if screen is self._screen:
                self._hidden = hidden
            case {"event": event}:
                print(json.dumps(event, ensure_ascii=False), flush=True)
            case {"alive": _}:
                now = time.monotonic()
                screen.quiet_until = now + self._crashes.silence(now)
            case {"patience": int() | float() as seconds}:
                screen.quiet_until = time.monotonic() + seconds
            case {"ready": _}:
                self._grounding.screen_waits()
            case {"room": dict() as room}:
                self._grounding.know(room)
            case {"painted": _}:
                notify("READY=1")
                self._grounding.after_paint()
            case {"replace": overlap} if screen is self._screen:
                self._leaving, self._screen = screen, None
                screen.kill_at = time.monotonic() + self._limits.farewell
                if overlap:
                    self._start()

    def _keep(self, secret: str | None) -> None:
        """A wall that a person hid stays hidden as long as its briefing, whatever crashes meanwhile."""
        if secret is not None and self._secret is None:
            self._briefings += 1
        self._secret = secret
        self._tell_counts()
        self._hidden = self._hidden and secret is not None

    def _ended(self, screen: Screen, status: int) -> None:
        if screen is self._leaving:
            self._leaving = None
            if self._screen is not None:
                self._screen.tell(go=True)
            elif not self._stopping:
                self._start()
            return
        self._screen = None
        if self._stopping or status in (QUIT, USAGE):
            self._status = 0 if self._stopping else status
            self._start_at = None
            self._stop()
            return
        now = time.monotonic()
        delay = self._crashes.delay_after(now)
        self._restarts += 1
        self._say(f"the screen ended with status {status}")
        if delay is None:
            self._keep(None)
            self._in_fault_until = now + self._limits.fault_page
            self._start(fault=CRASH_LOOP_FAULT)
        else:
            self._start_at = now + delay

    def _check_deadlines(self, now: float) -> None:
        if self._start_at is not None and now >= self._start_at:
            self._start_at = None
            self._start()
        if self._screen is not None and now > self._screen.quiet_until and self._inbox.empty():
            self._say("the screen gives no sign of life; it is started again")
            self._screen.quiet_until = now + self._limits.start
            self._screen.process.kill()
        if self._in_fault_until is not None and now >= self._in_fault_until and self._screen is not None:
            self._in_fault_until = None
            self._leaving, self._screen = self._screen, None
            self._leaving.tell(quit=True)
            self._leaving.kill_at = now + self._limits.farewell
        for screen in (self._screen, self._leaving):
            if screen is not None and screen.kill_at is not None and now >= screen.kill_at:
                screen.kill_at = None
                screen.process.kill()

        self._grounding.check(now)
        if self._screen is not None and self._screen.held and not self._grounding.holds:
            self._screen.held = False
            self._screen.tell(show=True)

    def _forgive(self, late: float) -> None:
        """Where this process was held up itself (the whole machine stood still), the others were too."""
        if late > 0:
            self._grounding.forgive(late)
        if late > 0 and self._screen is not None:
            self._screen.quiet_until += late

    def _start(self, fault: int | None = None) -> None:
        """A screen; later, as long as there is nothing that could draw it."""
        if not display_server.answers(os.environ, self._limits.display):
            self._start_at = time.monotonic() + self._limits.display
            self._in_fault_until = None
            if not self._waits_for_display:
                self._waits_for_display = True
                self._say("waits for the display server")
            return
        self._waits_for_display, self._start_at = False, None
        extra = [] if fault is None else ["--fault", str(fault)]
        if self._leaving is None:
            extra.append("--alone")
        if self._secret is not None:
            extra.append("--resuming")
        self._grounding.before_screen()
        held = self._grounding.holds
        arguments = [*self._arguments, *extra, *(["--held"] if held else [])]
        secret, hidden = self._secret, self._hidden
        try:
            self._screen = Screen(arguments, self._inbox, secret, hidden, held, self._limits.start)
        except OSError as error:  # no memory, no process number: not the end of a briefing
            self._say(f"no screen can be started: {error}")
            self._start_at = time.monotonic() + self._limits.delays[-1]
            self._in_fault_until = None
        self._tell_counts()

    def _stop(self) -> None:
        self._stopping = True
        self._start_at = None
        for screen in (self._screen, self._leaving):
            if screen is not None:
                screen.tell(quit=True)
                screen.kill_at = time.monotonic() + self._limits.farewell

    def _tell_counts(self) -> None:
        if self._screen is not None:
            self._screen.tell(restarts=self._restarts, briefings=self._briefings)

    def _say(self, text: str) -> None:
        print(f"kiosk: {text}", file=sys.stderr, flush=True)
        self._log.add(log_file.line("ERROR", "kiosk.supervisor", text, os.getpid()))

    # --- time, script, watchdog ---------------------------------------------------------------------

    def _wait(self) -> float:
        now = time.monotonic()
        times = [self._start_at, self._in_fault_until, *self._grounding.deadlines()]
        times += [screen.kill_at for screen in (self._screen, self._leaving) if screen is not None]
        if self._screen is not None:
            times.append(self._screen.quiet_until)
        if self._watchdog is not None:
            times.append(self._feed_at)
        return max(0.01, min((at for at in times if at is not None), default=now + 60.0) - now)

    def _read_script(self) -> None:
        for line in sys.stdin:
            if line.strip():
                self._inbox.put(("script", line))
        self._inbox.put(("stop",))

    def _feed(self) -> None:
        now = time.monotonic()
        if self._watchdog is not None and now >= self._feed_at:
            self._feed_at = now + self._watchdog / 3
            notify("WATCHDOG=1")


def _keep_out_of_core_dumps() -> None:
    """The secret is in this memory: no core dump of it, and no other program of this user reads it."""
    if sys.platform != "linux":
        return
    import ctypes
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE


def main(arguments: list[str]) -> int:
    """`kamizero kiosk …`: options are the screen's own (`kiosk.options`)."""
    if not ONLY_PRINTED.isdisjoint(arguments):
        from kiosk.options import parse

        parse(arguments)
    if "--check" in arguments:
        from kiosk.options import parse
        from kiosk.program_check import main as check

        return check(parse(arguments))
    return Supervisor(arguments).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
