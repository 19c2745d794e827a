"""Which files of the facilities are on this machine. Standard library only: asked before the first paint."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from kiosk.settings import Settings

CERTIFICATE_FILE = "room.cert"
FACILITIES_FILE = "facilities.pem"


def has_certificate(state: Path) -> bool:
    """Whether the facilities have said which room this is."""
    return (state / CERTIFICATE_FILE).is_file()


def facilities_files(settings: Settings, options: Namespace) -> tuple[Path, ...]:
    """Where the facilities' public key may be installed, in the order in which it is looked for."""
    named = (Path(settings.network.facilities),) if settings.network.facilities else ()
    return (*named, *usual_facilities_files(options.state))


def usual_facilities_files(state: Path) -> tuple[Path, ...]:
    """In the state folder, and beside the program."""
    return state / FACILITIES_FILE, Path(__file__).resolve().parent.parent / FACILITIES_FILE


def must_enrol(settings: Settings, options: Namespace) -> bool:
    """The facilities' key is here and their word about this display is not: no presenter would take it."""
    installed = any(file.exists() for file in facilities_files(settings, options))
    return installed and not has_certificate(options.state)
