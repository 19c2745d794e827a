"""The log of a briefing as lines of JSON, each bound to the former one: what is missing or moved is found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from protocol.journal import Entry

BEGINNING = "0" * 64


@dataclass(frozen=True, slots=True)
class Checked:
    """How many lines hold together; ``broken``: the number (from 1) of the first that does not, or None.

    ``ended``: whether the last line says that it is the last; a log that was cut short does not.
    """

    lines: int
    broken: int | None
    ended: bool

    @property
    def whole(self) -> bool:
        """Whether it is as it was written."""
        return self.broken is None and self.ended


def log_lines(entries: Iterable[Entry]) -> bytes:
    """One line for each entry, and one that ends them."""
    link = BEGINNING
    lines = []
    for n, entry in enumerate(entries, 1):
        at = datetime.fromtimestamp(entry.at / 1000, UTC).isoformat(timespec="milliseconds")
        line = {"n": n, "at": at, "what": type(_subject(entry)).__name__, "entry": _plain(entry.record)}
        link = _link(link, line)
        lines.append(_json({**line, "link": link}))
    end = {"n": len(lines) + 1, "what": "End"}
    lines.append(_json({**end, "link": _link(link, end)}))
    return ("\n".join(lines) + "\n").encode()


def check_log(data: bytes) -> Checked:
    """Reads what `log_lines` wrote."""
    link = BEGINNING
    ended = False
    number = 0
    for number, raw in enumerate(data.splitlines(), 1):
        try:
            line = json.loads(raw)
            said = line.pop("link")
        except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
            return Checked(number - 1, number, False)
        link = _link(link, line)
        if ended or said != link or line.get("n") != number:
            return Checked(number - 1, number, False)
        ended = line.get("what") == "End"
    return Checked(number, None, ended)


def _subject(entry: Entry) -> object:
    return getattr(entry.record, "op", entry.record)


def _plain(record: object) -> object:
    return msgspec.to_builtins(record)


def _json(line: dict[str, object]) -> str:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def _link(former: str, line: dict[str, object]) -> str:
    return hashlib.sha256((former + _json(line)).encode("utf-8", "surrogatepass")).hexdigest()
