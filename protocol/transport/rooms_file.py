"""The room file: names, places and addresses of all rooms, signed with the facilities key.

A folder or share holds ``rooms.toml`` and ``rooms.toml.sig``::

    [[room]]
    number = 27
    name = "第三会議室"
    name_en = "Conference Room 3"
    place = "本庁舎6階"
    address = "10.1.6.27"

``address`` may be left out. The signature is ECDSA P-256 with SHA-256 (DER) over a label of ours and the
file's bytes. Without a right signature the file does not count: its names are what a presenter trusts.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from protocol.errors import Misuse, Unavailable
from protocol.facilities import Facilities, Sign, signature_holds
from protocol.transport.addresses import Endpoint, read_endpoint

FILE = "rooms.toml"
SIGNATURE = "rooms.toml.sig"
SIZE_LIMIT = 8 * 2**20
_LABEL = b"kamizero.v1 room file\0"
_FIELDS = {"number": int, "name": str, "name_en": str, "place": str, "address": str}


@dataclass(frozen=True, slots=True)
class RoomEntry:
    """One room as facilities know it; ``endpoint`` None when they give no address."""

    number: int
    name: str
    name_en: str
    place: str
    endpoint: Endpoint | None


def sign_rooms(sign: Sign, text: bytes) -> bytes:
    """The content of ``rooms.toml.sig``."""
    return sign(_LABEL + text)


def load_rooms(folder: Path, facilities: Facilities, port: int) -> dict[int, RoomEntry]:
    """The rooms by number. ``Unavailable`` when the file is away, unsigned, or not as described above.

    Blocks on the disk or share: call it in a thread.
    """
    path = folder / FILE
    try:
        text = _read(path)
        signature = _read(folder / SIGNATURE)
    except OSError as error:
        raise Unavailable(f"{path}: {error.strerror}") from error
    if not signature_holds(facilities.key, signature, _LABEL + text):
        raise Unavailable(f"{path}: the signature is not that of the facilities key")
    try:
        rooms = tomllib.loads(text.decode()).get("room", [])
        entries = [_entry(room, port) for room in rooms]
    except (ValueError, TypeError, AttributeError, Misuse) as error:
        raise Unavailable(f"{path}: {error}") from error
    return {entry.number: entry for entry in entries}


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(SIZE_LIMIT + 1)
    if len(content) > SIZE_LIMIT:
        raise Unavailable(f"{path}: larger than {SIZE_LIMIT} bytes")
    return content


def _entry(room: dict[str, Any], port: int) -> RoomEntry:
    for key, value in room.items():
        if key not in _FIELDS or type(value) is not _FIELDS[key]:
            raise ValueError(f"a room has {key} = {value!r}; allowed are {', '.join(_FIELDS)}")
    number = room.get("number", 0)
    if not 1 <= number <= 99_999:
        raise ValueError(f"a room has number = {number}; allowed is 1 to 99999")
    address = room.get("address", "")
    return RoomEntry(
        number,
        room.get("name", ""),
        room.get("name_en", ""),
        room.get("place", ""),
        read_endpoint(address, port) if address else None,
    )
