"""Which files of the facilities are on this machine. Standard library only: asked before the first paint."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path

from kiosk.settings import Settings
from pageview.toml_text import parse_toml

CERTIFICATE_FILE = "room.cert"
FACILITIES_FILE = "facilities.pem"


def has_certificate(state: Path) -> bool:
    """Whether the facilities have said which room this is."""
    return (state / CERTIFICATE_FILE).is_file()


def facilities_files(settings: Settings | None, options: Namespace) -> tuple[Path, ...]:
    """Where the facilities' public key may be installed, in the order in which it is looked for: the place
    that the settings name, the state folder, and beside the program. Without settings (they are still to
    come, or cannot be used) the place counts that stands in their file all the same."""
    named = _named(options.config) if settings is None else settings.network.facilities
    beside = Path(__file__).resolve().parent.parent / FACILITIES_FILE
    return (*((Path(named),) if named else ()), options.state / FACILITIES_FILE, beside)


def installed_file(settings: Settings | None, options: Namespace) -> Path | None:
    """The facilities' public key of this house, as every part of the display knows it; None: no house yet."""
    return next((file for file in facilities_files(settings, options) if os.path.exists(file)), None)


def _named(config: Path) -> str:
    try:
        place = parse_toml(config.read_text("utf-8-sig"))["network"]["facilities"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return place if isinstance(place, str) and "\0" not in place else ""


def must_enrol(settings: Settings, options: Namespace) -> bool:
    """The facilities' key is here and their word about this display is not: no presenter would take it."""
    return installed_file(settings, options) is not None and not has_certificate(options.state)
