"""Whose hand each setting was changed by last: a house may have several consoles, and none of them overwrites
unknowingly what was changed at another."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from kiosk.settings_change import Value
from pageview.whole_file import PRIVATE, write_whole
from protocol.facilities import ConsoleCertificate

log = logging.getLogger(__name__)

FILE = "settings-hands.json"


class Hand(msgspec.Struct, frozen=True):
    """As it stands in the state folder. ``console``: its device id in hex; ``at``: seconds since 1970;
    ``templates``: the mark of those that said so, in hex, "" for a person's own change."""

    by: str
    console: str
    at: int
    value: bool | int | float | str | list[str] | None
    templates: str = ""


class SettingsHands:
    """Kept in the folder ``state``; one that cannot be read knows of nobody."""

    def __init__(self, state: Path) -> None:
        self._file = state / FILE

    def note(
        self,
        console: ConsoleCertificate,
        changes: Iterable[tuple[str, Value]],
        now: float,
        templates: bytes = b"",
    ) -> None:
        """They were changed from there, just now. ``templates``: the mark of those that say so."""
        kept = self._read()
        for key, value in changes:
            said = list(value) if isinstance(value, tuple) else value
            at = max(0, int(now))
            kept[key] = Hand(console.name, console.device.hex(), at, said, templates.hex())
        try:
            write_whole(msgspec.json.encode(kept), self._file, PRIVATE)
        except OSError as error:
            log.error("by whom settings were changed cannot be kept: %s", error)

    def told(self, present: Mapping[str, Any]) -> dict[str, tuple[str, str, int, str]]:
        """By whom, from which console, when and by which templates, for what still stands as it was changed
        then."""
        return {
            key: (hand.by, hand.console, hand.at, hand.templates)
            for key, hand in self._read().items()
            if present.get(key) == hand.value
        }

    def _read(self) -> dict[str, Hand]:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=dict[str, Hand])
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.MsgspecError) as error:
            log.error("%s cannot be read: %s", self._file, error)
            return {}
