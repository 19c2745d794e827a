"""The figures of a display in the text format of Prometheus, and the small server that gives them out.

Counts and measures only: no name of a person or of a document, and nothing that tells what is shown.
"""

from __future__ import annotations

import io
import logging
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from kiosk.health import Health

log = logging.getLogger(__name__)

STATES = ("standby", "briefing", "out_of_service")
BUCKETS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds from a page turn that arrives to that page, sharp, on the glass."""
TYPE = "text/plain; version=0.0.4; charset=utf-8"
PATIENCE = 2.0
"""Seconds for one who asks, all in all: they are served one after the other, in one thread."""


@dataclass(frozen=True, slots=True)
class PageTimes:
    """A histogram: how many page turns took how long."""

    counts: tuple[int, ...] = (0,) * len(BUCKETS)
    count: int = 0
    seconds: float = 0.0

    def with_one(self, seconds: float) -> PageTimes:
        """And one page turn more."""
        counts = tuple(count + (seconds <= most) for count, most in zip(self.counts, BUCKETS, strict=True))
        return PageTimes(counts, self.count + 1, self.seconds + seconds)


@dataclass(frozen=True, slots=True)
class Figures:
    """What is told. ``started``: seconds since 1970; ``memory``: bytes of all processes of the display."""

    version: str
    number: int
    state: str
    linked: bool
    started: int
    restarts: int
    briefings: int
    memory: int
    health: Health


def exposition(figures: Figures, pages: PageTimes) -> str:
    """The whole page."""
    health = figures.health
    rows = [
        *_one(
            "info", "gauge", "Version and room number.", 1, version=figures.version, room=str(figures.number)
        ),
        "# HELP kamizero_state What the display is used for.",
        "# TYPE kamizero_state gauge",
        *(f'kamizero_state{{state="{each}"}} {int(each == figures.state)}' for each in STATES),
        *_one(
            "presenter_linked", "gauge", "Whether the link to the presenter is alive.", int(figures.linked)
        ),
        *_one("start_time_seconds", "gauge", "Start of this screen, since 1970.", figures.started),
        *_one("screen_restarts_total", "counter", "Screens that ended unexpectedly.", figures.restarts),
        *_one("briefings_total", "counter", "Briefings begun.", figures.briefings),
        *_one("memory_bytes", "gauge", "Resident memory of all its processes.", figures.memory),
        *_one("machine_memory_bytes", "gauge", "Memory of the machine.", health.memory * 2**20),
        *_one("machine_memory_free_bytes", "gauge", "Of that, available.", health.memory_free * 2**20),
        *_one("disk_free_bytes", "gauge", "Free space of the state folder.", health.disk_free * 2**20),
        "# HELP kamizero_page_seconds From a page turn's arrival to the sharp page.",
        "# TYPE kamizero_page_seconds histogram",
        *(
            f'kamizero_page_seconds_bucket{{le="{most:g}"}} {count}'
            for most, count in zip(BUCKETS, pages.counts, strict=True)
        ),
        f'kamizero_page_seconds_bucket{{le="+Inf"}} {pages.count}',
        f"kamizero_page_seconds_sum {pages.seconds:.3f}",
        f"kamizero_page_seconds_count {pages.count}",
    ]
    if health.temperature is not None:
        rows += _one("temperature_celsius", "gauge", "The hottest part.", health.temperature / 10)
    return "\n".join(rows) + "\n"


def _one(name: str, kind: str, help_: str, value: float, **labels: str) -> list[str]:
    inside = ",".join(f'{key}="{text}"' for key, text in labels.items())
    at = f"kamizero_{name}{{{inside}}}" if inside else f"kamizero_{name}"
    return [f"# HELP kamizero_{name} {help_}", f"# TYPE kamizero_{name} {kind}", f"{at} {value}"]


class MetricsServer:
    """Listens from `open` to `close`; OSError when it cannot. ``text``: what is given out, in its thread."""

    def __init__(self, address: str, port: int, text: Callable[[], str]) -> None:
        self._at = address, port
        self._text = text
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """Where it listens; 0 when it does not."""
        return 0 if self._server is None else int(self._server.server_address[1])

    def open(self) -> None:
        """Beside the screen before this one, too, which still has the port."""
        family = socket.AF_INET6 if ":" in self._at[0] else socket.AF_INET
        kind = type("Server", (_Server,), {"address_family": family})
        text = self._text

        class Answer(_Answer):
            page = staticmethod(text)

        self._server = kind(self._at, Answer)
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="kamizero-metrics", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Twice is the same as once. Who asks just now is left: the program may be about to wipe a page."""
        if self._server is not None and self._thread is not None:
            self._server.ending = True
            self._server.break_off()
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._server = None


class _Server(HTTPServer):
    allow_reuse_port = True
    ending = False
    _asking: socket.socket | None = None

    def process_request(self, request: Any, client_address: Any) -> None:
        self._asking = request
        if self.ending:  # it came while `close` looked
            self.break_off()
        super().process_request(request, client_address)

    def break_off(self) -> None:
        """The one who is served hears no more."""
        asking = self._asking
        if asking is not None:
            with suppress(OSError):  # it has gone by itself
                asking.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """One who asked went away: nobody's business. The library would write a traceback."""
        if not isinstance(sys.exc_info()[1], OSError):
            log.exception("the figures were not given out")


class _InTime(io.RawIOBase):
    """What one who asks sends, until its time is over, however slowly it comes."""

    def __init__(self, source: socket.socket) -> None:
        self._source, self._until = source, time.monotonic() + PATIENCE

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._source.settimeout(left)
        return self._source.recv_into(buffer)


class _Answer(BaseHTTPRequestHandler):
    timeout = PATIENCE
    page: Callable[[], str]

    def setup(self) -> None:
        super().setup()
        self.rfile.close()
        self.rfile = io.BufferedReader(_InTime(self.connection))

    def do_GET(self) -> None:
        found = self.path.partition("?")[0] == "/metrics"
        body = type(self).page().encode() if found else b""
        self.send_response_only(200 if found else 404)
        self.send_header("Content-Type", TYPE)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Who asks is nobody's business here."""
