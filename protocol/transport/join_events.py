"""What the network tells of people who join on their own PCs: at the presenter's, at the wall, at theirs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from protocol.errors import Reason
from protocol.finds import Outcome
from protocol.messages import WallPlace
from protocol.presence import Position
from protocol.values import Role

# --- the participant's own side -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Looking:
    """Looking for the room's presenter; nothing answered yet."""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Nobody answered for a while: no such room, nobody may join there, or no way to it. Looking goes on."""


class JoinFailure(Enum):
    """Why one is not let in. REFUSED: a wrong or old code, or too many wrong ones from here."""

    REFUSED = auto()
    OTHER_VERSION_HERE_OLDER = auto()
    OTHER_VERSION_THERE_OLDER = auto()


@dataclass(frozen=True, slots=True)
class Refused:
    """Looking has stopped; ``join`` again with another code."""

    reason: JoinFailure


@dataclass(frozen=True, slots=True)
class AwaitingApproval:
    """The code was right; the presenter lets people in one by one."""


@dataclass(frozen=True, slots=True)
class AwaitingStart:
    """Let in; the briefing has not begun in that room."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Following as ``peer``; again at each change of the role."""

    role: Role
    peer: int


class LeftReason(Enum):
    """Why the briefing is over for a guest. DECLINED, REMOVED: by the presenter, for this guest alone.
    FORGOTTEN: the presenter's program does not know it any more, so the code has to be typed again. FAULT: it
    broke the protocol. TAKEOVER: of a wall that another presenter has now."""

    ENDED = auto()
    DECLINED = auto()
    REMOVED = auto()
    HERE = auto()
    TIMEOUT = auto()
    FORGOTTEN = auto()
    FAULT = auto()
    TAKEOVER = auto()


@dataclass(frozen=True, slots=True)
class Left:
    """Cover, wipe, then call ``Participant.wiped()``. Nothing further of this briefing follows."""

    reason: LeftReason


State = Looking | NoAnswer | Refused | AwaitingApproval | AwaitingStart | Joined | Left


@dataclass(frozen=True, slots=True)
class JoinState:
    """How far this participant is."""

    state: State


@dataclass(frozen=True, slots=True)
class FloorRefused:
    """The presenter answered to the wish to present: not now."""


@dataclass(frozen=True, slots=True)
class FindOffered:
    """An own find is on its way under this number; or, with ``n`` None, it is not, for ``reason``."""

    n: int | None
    title: str
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class FindDecided:
    """What the presenter has done with an own find, and said to it."""

    n: int
    outcome: Outcome
    words: str


@dataclass(frozen=True, slots=True)
class WallsSeen:
    """The rooms of the briefing: through each of them one may come back after a cut."""

    places: tuple[WallPlace, ...]


# --- the presenter's side -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class JoiningState:
    """The join code, None while nobody new may join; and whether people are let in one by one."""

    code: str | None
    approval: bool


@dataclass(frozen=True, slots=True)
class JoinCodeWrong:
    """Somebody typed a wrong join code; the code stays."""


class ParticipantLink(Enum):
    """How a participant can be reached at this moment."""

    LINKED = auto()
    SLOW = auto()
    LOST = auto()


@dataclass(frozen=True, slots=True)
class ParticipantFacts:
    """Somebody who proved the join code of room ``room``.

    ``name`` is what they wrote (自己申告), without characters that would upset a line; ``device``: their
    machine's eight letters. ``approved`` False: waits to be let in. ``writes``, ``saving``,
    ``takeover``, ``minutes``, ``finds``: what the presenter granted.
    """

    peer: int
    name: str
    room: int
    device: str
    approved: bool
    link: ParticipantLink
    role: Role
    writes: bool
    saving: bool
    takeover: bool
    minutes: bool
    finds: bool = False


@dataclass(frozen=True, slots=True)
class ParticipantSeen:
    """A participant is new, or something of it changed."""

    participant: ParticipantFacts


@dataclass(frozen=True, slots=True)
class ParticipantPosition:
    """What that participant really has on the screen."""

    peer: int
    position: Position


@dataclass(frozen=True, slots=True)
class ParticipantGone:
    """That participant is out of the briefing."""

    peer: int
    name: str
    reason: LeftReason


# --- the wall's side ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class JoinCodeShown:
    """The join code, to be shown when it is asked for; None: nobody may join now."""

    room: int
    code: str | None


JoinEvent = (
    JoinState
    | FloorRefused
    | FindOffered
    | FindDecided
    | WallsSeen
    | JoiningState
    | JoinCodeWrong
    | ParticipantSeen
    | ParticipantPosition
    | ParticipantGone
    | JoinCodeShown
)
