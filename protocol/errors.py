"""Errors that carry the blame in their type, and the reason codes that people read on a screen."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class KamizeroError(Exception):
    """Root of our own errors; never raised itself."""


class Misuse(KamizeroError):
    """Our own caller did what its contract forbids: a mistake in this program."""


class Unavailable(KamizeroError):
    """The surroundings failed us: disk, memory, network, key store."""


class Reason(StrEnum):
    """Why an edit, a register or a presence was refused."""

    UNKNOWN_PAPER = "unknown_paper"
    UNKNOWN_PAGE = "unknown_page"
    UNKNOWN_BLOB = "unknown_blob"
    UNKNOWN_ITEM = "unknown_item"
    UNKNOWN_MARK = "unknown_mark"
    UNKNOWN_REVISION = "unknown_revision"
    NOTHING_CHANGED = "nothing_changed"
    SETTLED = "settled"
    ALREADY_THERE = "already_there"
    OLDER_EDITION = "older_edition"
    NO_PAGES = "no_pages"
    NOT_ALL_PAPERS = "not_all_papers"
    OUTSIDE_PAGE = "outside_page"
    OUTSIDE_TEXT = "outside_text"
    CHARACTERS = "characters"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    NOT_PRESENTING = "not_presenting"
    NOT_ALLOWED = "not_allowed"
    NOT_JOINED = "not_joined"
    OTHER_BRIEFING = "other_briefing"


class Refusal(KamizeroError):
    """What reads well and does not apply; the sentence for people belongs to the screens."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class CloseCode(IntEnum):
    """Why a link is closed, as the WebSocket close code."""

    NORMAL = 1000
    SIZE = 1009
    PROTOCOL = 4400
    AUTH = 4401
    ROLE = 4403
    NOT_CHOSEN = 4409
    VERSION = 4426


class PeerFault(KamizeroError):
    """The peer did what the protocol forbids: close its link with ``close_code``.

    ``reason`` goes to our own log, never to the peer.
    """

    def __init__(self, close_code: int, reason: str) -> None:
        super().__init__(f"{close_code} {reason}")
        self.close_code = close_code
        self.reason = reason


class Fault(IntEnum):
    """Reason codes shown on a screen for whoever is called to help; the README lists them.

    1xx: this page or paper; 3xx: this kiosk.
    """

    PAGE_UNSHOWABLE = 101
    PAPER_DAMAGED = 102
    PASSWORD = 103
    TOO_LARGE = 104
    NO_PAGES = 105
    RENDER_TIMEOUT = 106
    PAPER_NOT_AS_ANNOUNCED = 107
    SETTINGS = 301
    DEVICE_KEY = 302
    PORT_IN_USE = 303
    NO_SCREEN = 304
    SCREEN_STOPPED = 305
    RENDERER_STOPPED = 306
    NO_MEMORY = 307


def fault_of(code: int, otherwise: Fault) -> Fault:
    """The fault of a code; a code that is none comes from a process that lies."""
    return Fault(code) if code in list(Fault) else otherwise
