"""What the screen for picking a room shows, as frozen values, and the words for why a room did not answer."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import Enum, auto

from pageview.wording import say
from protocol.transport.events import FailureReason


class RoomStatus(Enum):
    """What is known of a room from the outside."""

    FREE = auto()
    IN_USE = auto()
    SILENT = auto()
    UNHEARD = auto()
    """Only its number is known, because somebody typed it."""


class Phase(Enum):
    """How far connecting to the chosen room is."""

    NONE = auto()
    FINDING = auto()
    FOUND = auto()
    PROVING = auto()
    ASKING = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class RoomRow:
    """One room of the list. ``name`` None: not known yet. ``used``: the day of last time, "" for never."""

    number: int
    name: str | None = None
    place: str = ""
    status: RoomStatus = RoomStatus.FREE
    used: str = ""

    @property
    def title(self) -> str:
        """The room's name, or what it is called until its name is known."""
        return room_title(self.number, self.name)

    @property
    def note(self) -> str:
        """What stands beside the state."""
        match self.status:
            case RoomStatus.SILENT:
                return say("電源と配線を確認してください")
            case RoomStatus.IN_USE:
                return say("空いたらお知らせします")
            case _:
                return say("{day}に使用", day=self.used) if self.used else ""


@dataclass(frozen=True, slots=True)
class RoomsState:
    """The whole screen. ``renumbered``: the number on the wall changed while it was being typed.

    ``lost``: the chosen room was connected before, and its link ended.
    ``running``: a room is added to a briefing that is being shown or rehearsed. ``awaited``: the chosen room
    was in use when it was chosen; ``freed``: it is free by now. ``held``: it still shows this briefing.
    """

    rooms: tuple[RoomRow, ...] = ()
    chosen: int | None = None
    chosen_name: str | None = None
    phase: Phase = Phase.NONE
    code_length: int = 6
    failure: FailureReason | None = None
    renumbered: bool = False
    lost: bool = False
    title: str = ""
    papers: int = 0
    pages: int = 0
    running: bool = False
    awaited: bool = False
    freed: bool = False
    held: bool = False


def room_title(number: int, name: str | None) -> str:
    """第三会議室, or 会議室ディスプレイ 27番 while its name is not known."""
    return name or say("会議室ディスプレイ {number}番", number=number)


def matches(row: RoomRow, search: str) -> bool:
    """Whether every word searched for stands in the room's name, place or number."""
    text = _plain(f"{row.title} {row.place} {row.number}")
    return all(word in text for word in _plain(search).split())


def typed_room(search: str) -> int | None:
    """The room number that was typed into the search field, if it is one."""
    plain = _plain(search).strip().rstrip("番")
    if plain.isascii() and plain.isdigit() and len(plain) <= 5 and int(plain):
        return int(plain)
    return None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


FAILURES = {
    FailureReason.NO_ANSWER: "会議室から返事がありません。電源と配線を確認してください。",
    FailureReason.REFUSED: "番号が違うか、古くなっています。",
    FailureReason.NOT_REGISTERED: "登録されていない端末のため、つなぎません。管財課へご連絡ください。",
    FailureReason.OTHER_VERSION_HERE_OLDER: "この端末の紙ゼロが古くて、つなげません。新しくしてください。",
    FailureReason.OTHER_VERSION_THERE_OLDER: "会議室の紙ゼロが古くて、つなげません。管財課へご連絡ください。",
    FailureReason.TAKEN: "この会議室では、ほかの説明が続いています。",
}
