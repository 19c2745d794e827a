"""The displays that this console has seen, kept: one that is dark when the console opens must be missed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from kiosk.fleet.model import Display
from pageview.whole_file import PRIVATE, write_whole
from protocol.errors import Misuse
from protocol.transport.addresses import Endpoint, read_endpoint
from protocol.transport.console import Place

_TEXTS = ("name", "name_en", "place", "place_en", "address")


def read_known(file: Path, now: float) -> tuple[Display, ...]:
    """Those of the file, silent since ``now``; a file that is damaged knows nobody and is put aside."""
    try:
        return _read(file, now)
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        file.replace(file.with_suffix(".damaged"))
        return ()


def names_known(file: Path) -> dict[str, tuple[int, str]]:
    """Number and name by device id in hex; of a file that cannot be read nobody's."""
    try:
        return {each.device.hex(): (each.number, each.name) for each in _read(file, 0.0)}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _read(file: Path, now: float) -> tuple[Display, ...]:
    return tuple(_display(each, now) for each in json.loads(file.read_text("utf-8")))


def _display(found: dict[str, object], now: float) -> Display:
    number = int(str(found["number"]))
    if not 1 <= number <= 99_999:
        raise ValueError(f"a display has number {number}")
    name, name_en, place, place_en, address = (str(found.get(each, "")) for each in _TEXTS)
    device, revocations = bytes.fromhex(str(found["device"])), int(str(found.get("revocations", 0)))
    texts = name, name_en, place, place_en, address
    return Display(device, number, *texts, silent_since=now, asking=True, revocations=revocations)


def keep_known(file: Path, displays: Iterable[Display]) -> None:
    """Writes them all in one step; OSError leaves what was there."""
    made = [
        {"device": each.device.hex(), "number": each.number, "revocations": each.revocations}
        | {name: getattr(each, name) for name in _TEXTS}
        for each in sorted(displays, key=lambda each: (each.number, each.device))
    ]
    write_whole(json.dumps(made, ensure_ascii=False, indent=1).encode(), file, PRIVATE)


def places(displays: Iterable[Display], port: int) -> tuple[tuple[bytes, Place], ...]:
    """Where they were last, for the network."""
    found = []
    for each in displays:
        endpoint = _endpoint(each.address, port)
        if endpoint is not None:
            found.append((each.device, Place(each.number, (endpoint,))))
    return tuple(found)


def _endpoint(address: str, port: int) -> Endpoint | None:
    try:
        return read_endpoint(address, port) if address else None
    except (Misuse, ValueError):
        return None
