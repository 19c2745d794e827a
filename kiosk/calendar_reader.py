"""Reads a room's calendar in a process of its own: what comes from a share or a server may be anything.

Its word is a `Wanted` as JSON; it writes one line, a `Found`. Memory and processor time are limited by the
system where it can (rlimits), the whole by who started it. Nothing here ever leaves the house's networks.
"""

from __future__ import annotations

import codecs
import http.client
import ipaddress
import re
import socket
import ssl
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from email.message import Message
from http.client import HTTPResponse
from io import BufferedReader
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, urlsplit

import msgspec
import recurring_ical_events
from icalendar import Calendar, Component, Event

from kiosk.calendar_found import Found, Read, Wanted
from pageview.paper_words import clean_name
from pageview.priority import give_way

FILE_LIMIT = 4 * 2**20
FILES_LIMIT = 64
BOOKINGS_LIMIT = 300
DAYS = 7
"""So many days are kept, for when the server is away."""
SOCKET_SECONDS = 8.0
READ_SECONDS = 15.0
CPU_SECONDS = 15
MEMORY = 512 * 2**20
NAME_LIMIT = 40
_NONSENSE = (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError)
"""What the libraries raise for calendars that make no sense."""
_TOO_OFTEN = {"SECONDLY", "MINUTELY"}
_AN_HOUR = 12
"""So often within an hour may one series begin."""
_HIDDEN = {"PRIVATE", "CONFIDENTIAL"}
_OF_ADDRESSES = "%:/?#[]@!$&'()*+,;="
"""What stays as it is in an address; the rest, such as a room's name, is sent as UTF-8 with percent signs."""
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"
_LINE_END = re.compile(r"\r*\n|\r+")
_FOLD = re.compile(rb"(?<!\r)\r*\n[ \t]")
"""Both look at each sign once, also in megabytes of line ends."""


class NotReadable(Exception):
    """The source cannot be read; the text says why."""


def main(words: Sequence[str]) -> int:
    """Writes what it found."""
    _limit()
    wanted = msgspec.json.decode(words[0], type=Wanted)
    try:
        found = Found(bookings(wanted))
    except NotReadable as error:
        found = Found((), str(error))
    sys.stdout.buffer.write(msgspec.json.encode(found) + b"\n")
    sys.stdout.buffer.flush()
    return 0


def _limit() -> None:
    give_way(idle=True)  # a calendar that takes all its time holds up no page
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def bookings(wanted: Wanted) -> tuple[Read, ...]:
    """Of the week that begins today, by their start; `NotReadable` when nothing can be said of it."""
    first = datetime.combine(wanted.today, datetime.min.time())
    found: set[tuple[datetime, datetime, str, bool]] = set()
    for data in _contents(wanted):
        for event in _events(data, first):
            read = _read(event, wanted.show)
            if read is not None and read.end > first:
                found.add((read.start, read.end, read.who, read.whole_day))
    return tuple(Read(*each) for each in sorted(found)[:BOOKINGS_LIMIT])


# --- where it is read from ----------------------------------------------------------------------------------


def _contents(wanted: Wanted) -> Iterator[bytes]:
    if "://" in wanted.source:
        yield _fetched(wanted)
        return
    place = Path(wanted.source)
    try:
        files = _files(place) if place.is_dir() else [place]
        if len(files) > FILES_LIMIT:
            raise NotReadable(f"more than {FILES_LIMIT} files")
        for file in files:
            with file.open("rb") as opened:
                yield _bounded(opened)
    except OSError as error:
        raise NotReadable(error.strerror or str(error)) from error


def _files(folder: Path) -> list[Path]:
    files = sorted(folder.glob("*.[iI][cC][sS]"))
    if not files:  # a share that is not mounted looks like this: it does not say that nothing is booked
        raise NotReadable("no .ics file in the folder")
    return files


def _bounded(source: HTTPResponse | BufferedReader) -> bytes:
    """All of it, as it comes: a server that drips is not waited for without end."""
    until = time.monotonic() + READ_SECONDS
    data = bytearray()
    while piece := source.read1(65_536):  # `read` would wait until it has so much
        data += piece
        if len(data) > FILE_LIMIT:
            raise NotReadable(f"more than {FILE_LIMIT // 2**20} MiB")
        if time.monotonic() > until:
            raise NotReadable("too slow")
    return bytes(data)


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirection could lead out of the house."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        return None


def _fetched(wanted: Wanted) -> bytes:
    parts = urlsplit(wanted.source)
    try:
        _within(parts.hostname or "", parts.port or {"https": 443}.get(parts.scheme, 80), wanted.own_networks)
        context = ssl.create_default_context(cafile=wanted.ca or None)
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), _Stay, urllib.request.HTTPSHandler(context=context)
        )
        with opener.open(quote(wanted.source, safe=_OF_ADDRESSES), timeout=SOCKET_SECONDS) as answer:
            return _bounded(answer)
    except urllib.error.HTTPError as error:
        error.close()
        raise NotReadable(f"the server says {error.code}") from error
    except http.client.HTTPException as error:  # its words may quote what the server sent
        raise NotReadable(f"no HTTP: {type(error).__name__}") from error
    except (OSError, ValueError) as error:  # no answer, no name, a certificate of somebody else's
        raise NotReadable(str(error)) from error


def _within(host: str, port: int, own: Sequence[str]) -> None:
    """`NotReadable` unless every address of that host is the house's own, or this machine's."""
    networks = [ipaddress.ip_network(each) for each in own]
    for _, _, _, _, where in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        address = ipaddress.ip_address(str(where[0]).partition("%")[0])
        if not address.is_loopback and not any(address in network for network in networks):
            raise NotReadable(f"{address} is not in own_networks")


# --- what stands in it --------------------------------------------------------------------------------------


def _events(data: bytes, first: datetime) -> list[Event]:
    """Every occurrence of those days. A series that makes no sense is left out, the rest counts."""
    try:
        calendars = Calendar.from_ical(_text(data), multiple=True)
    except _NONSENSE as error:
        raise NotReadable(f"no calendar: {type(error).__name__}") from error
    if not calendars:
        raise NotReadable("no calendar in it")
    found: list[Event] = []
    for calendar in calendars:
        calendar.subcomponents = [each for each in calendar.subcomponents if not _too_often(each)]
        try:
            found += _occurrences(calendar, first)
        except _NONSENSE:
            for series in _series(calendar):
                with suppress(*_NONSENSE):
                    found += _occurrences(series, first)
    return found


def _text(data: bytes) -> str:
    """In the lines of a calendar. A line may be folded between the bytes of one character (RFC 5545, 3.1),
    and programs of Japanese offices write the encodings of Windows too."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _LINE_END.sub("\r\n", data.decode("utf-16", "replace"))
    lines = _FOLD.sub(b"", data)
    for encoding in ("utf-8-sig", "cp932"):
        with suppress(UnicodeDecodeError):
            return _LINE_END.sub("\r\n", lines.decode(encoding))
    return _LINE_END.sub("\r\n", lines.decode("utf-8-sig", "replace"))


def _too_often(event: Component) -> bool:
    """No room is booked each second or minute, or again and again at one moment; who counts them all has no
    time for the others."""
    rules = event.get("RRULE", ())
    every = rules if isinstance(rules, list | tuple) else [rules]
    return any(isinstance(rule, dict) and _is_too_often(rule) for rule in every)


def _is_too_often(rule: dict[str, Any]) -> bool:
    within_hour = len(rule.get("BYMINUTE", ())) * max(1, len(rule.get("BYSECOND", ())))
    return (
        any(str(often).upper() in _TOO_OFTEN for often in rule.get("FREQ", ()))
        or 0 in rule.get("INTERVAL", ())
        or within_hour > _AN_HOUR
    )


def _occurrences(calendar: Calendar, first: datetime) -> list[Event]:
    made = recurring_ical_events.of(calendar, skip_bad_series=True)
    return list(made.between(first, first + timedelta(days=DAYS)))


def _series(calendar: Calendar) -> Iterator[Calendar]:
    """The same calendar in pieces, each with one event and what belongs to it."""
    events: dict[str, list[Component]] = {}
    for each in calendar.walk("VEVENT"):
        events.setdefault(str(each.get("UID", id(each))), []).append(each)
    for series in events.values():
        made = Calendar()
        made.subcomponents = [*calendar.walk("VTIMEZONE"), *series]
        yield made


def _read(event: Event, show: str) -> Read | None:
    """None: it does not take the room, or makes no sense."""
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return None
    if str(event.get("TRANSP", "")).upper() == "TRANSPARENT":
        return None
    try:
        start, end = _moment(event.start), _moment(event.end)
    except (ValueError, OverflowError):
        return None
    whole = not isinstance(event.start, datetime)
    if whole and end == start:  # some name the last day itself, not the day after it
        end += timedelta(days=1)
    if end <= start:
        return None
    return Read(start, end, _who(event, show), whole)


def _moment(value: date) -> datetime:
    """In the time of this machine, which is the room's."""
    if not isinstance(value, datetime):
        return datetime.combine(value, datetime.min.time())
    if value.tzinfo is None:
        return value
    return value.astimezone().replace(tzinfo=None)


def _who(event: Event, show: str) -> str:
    if show == "time" or str(event.get("CLASS", "")).upper() in _HIDDEN:
        return ""
    if show == "title":
        return _words(event.get("SUMMARY"))
    organizer = event.get("ORGANIZER")
    named = getattr(organizer, "params", {}).get("CN") if organizer is not None else None
    return _words("、".join(named) if isinstance(named, list) else named)  # a comma that was not quoted


def _words(value: Any) -> str:
    """As it may stand on a wall; nothing where some of it could not be read."""
    words = "" if value is None else str(value)
    return clean_name(words, NAME_LIMIT) if words.strip() and _UNREADABLE not in words else ""
