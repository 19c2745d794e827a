"""What can go wrong, with the blame in the type."""

from __future__ import annotations

from enum import IntEnum


class KamizeroError(Exception):
    """Everything this program raises on purpose."""


class Misuse(KamizeroError):
    """Our own caller's mistake."""


class PeerFault(KamizeroError):
    """The other side's fault: the link ends with ``close_code``."""

    def __init__(self, close_code: int, reason: str) -> None:
        super().__init__(f"{close_code} {reason}")
        self.close_code = close_code
        self.reason = reason


class Unavailable(KamizeroError):
    """The surroundings' fault: disk, network, memory."""


class Fault(IntEnum):
    """Reason codes that screens show and ``WallReport`` carries; listed in the README. 3xx: the kiosk's own."""

    PAGE_UNSHOWABLE = 101
    PAPER_DAMAGED = 102
    PASSWORD = 103
    TOO_LARGE = 104
    NO_PAGES = 105
    RENDER_TIMEOUT = 106
