"""What a presenter's journal says: log, registers and who was there, each with its time, in a hash chain.

A record is a link of 32 bytes and an encoded `Entry`; the link is SHA-256 of the former link and the entry.
So a record that was changed, taken out or moved ends what can be read. It proves order, not honesty.
How records lie in a file, sealed and with their lengths, is the file's business (presenter/journal_file.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated

import msgspec
from msgspec import Meta

from protocol.codec import encode
from protocol.messages import Committed
from protocol.registers import Registers
from protocol.values import PeerId, PersonName, Role, Value

WallClock = Annotated[int, Meta(ge=0, le=2**53)]
LINK = 32
BEGINNING = bytes(LINK)


class Noted(Value, frozen=True, tag=224):
    """The registers as they stood; written when they change, the newest counts."""

    registers: Registers


class Attended(Value, frozen=True, tag=225):
    """A wall or a participant is ``there`` from now on, or no longer. ``name``: a wall's is its room's."""

    peer: PeerId
    name: PersonName
    role: Role
    there: bool


Record = Committed | Noted | Attended


class Entry(Value, frozen=True):
    """A record at its time: wall clock, milliseconds since 1970, for people only."""

    at: WallClock
    record: Record


@dataclass(frozen=True, slots=True)
class Content:
    """What a journal tells. ``last``: the end of its chain, from which a `Chain` goes on."""

    entries: tuple[Entry, ...]
    last: bytes

    @property
    def log(self) -> tuple[Committed, ...]:
        """Every op, in order."""
        return tuple(entry.record for entry in self.entries if isinstance(entry.record, Committed))

    @property
    def registers(self) -> Registers | None:
        """As they stood last."""
        noted = [entry.record.registers for entry in self.entries if isinstance(entry.record, Noted)]
        return noted[-1] if noted else None


def entry(what: Committed | Registers | Attended, at: int) -> bytes:
    """An encoded `Entry`, for `Chain.add`."""
    return encode(Entry(at, Noted(what) if isinstance(what, Registers) else what))


class Chain:
    """Makes the records of one journal, in order. ``last``: the end of what it goes on with."""

    def __init__(self, last: bytes = BEGINNING) -> None:
        self._last = last

    def add(self, entry: bytes) -> bytes:
        """The record of this entry."""
        self._last = _link(self._last, entry)
        return self._last + entry


_decoder = msgspec.msgpack.Decoder(Entry)


def read(records: Iterable[bytes]) -> Content:
    """The entries up to the first record that does not fit; how many those are says what was left."""
    entries: list[Entry] = []
    last = BEGINNING
    for record in records:
        link, data = record[:LINK], record[LINK:]
        if link != _link(last, data):
            break
        try:
            entries.append(_decoder.decode(data))
        except (msgspec.DecodeError, UnicodeDecodeError):
            break
        last = link
    return Content(tuple(entries), last)


def _link(last: bytes, entry: bytes) -> bytes:
    return sha256(last + entry).digest()
