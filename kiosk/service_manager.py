"""What the system's service manager is told (the protocol of sd_notify). Standard library only."""

from __future__ import annotations

import os
import socket
import sys


def watchdog_interval() -> float | None:
    """Seconds within which it must hear that we live; None where it does not watch."""
    text = os.environ.get("WATCHDOG_USEC", "")
    return int(text) / 1e6 if text.isdigit() and int(text) > 0 else None


def notify(state: str) -> None:
    """``READY=1``, ``WATCHDOG=1``, ``STATUS=…``; nothing where there is no service manager."""
    place = os.environ.get("NOTIFY_SOCKET", "")
    if not place:
        return
    address = "\0" + place[1:] if place.startswith("@") else place
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        try:
            sender.sendto(state.encode(), address)
        except OSError as error:
            print(f"kiosk: the service manager cannot be told: {error}", file=sys.stderr, flush=True)
