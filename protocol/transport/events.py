"""What the network tells the rest of a program: frozen values, handed over as tuples, in any thread.

``on_events(tuple)`` is called in the loop thread; `pageview.bridge` carries the tuples into Qt. Monotonic
times are seconds of ``time.monotonic()``. Nothing a peer wrote is in an event before that peer is
authenticated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from protocol.changes import Change
from protocol.messages import Introduce, RoomFacts, StandIn, WallReport
from protocol.model import Briefing
from protocol.presence import Position
from protocol.transport.join_events import JoinEvent, LeftReason
from protocol.transport.manage_events import ManageEvent
from protocol.values import PageRef, PeerId

# --- rooms, as the presenter finds them ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RoomSeen:
    """A room of the room file, or a kiosk heard on the network; again at each change of it.

    ``name`` and ``place`` come from the signed room file or a former pairing, never from the network.
    ``address`` is ``host:port`` in small print, "" while only the room file knows the room.
    """

    number: int
    name: str | None
    place: str | None
    in_use: bool
    address: str


@dataclass(frozen=True, slots=True)
class RoomLost:
    """Nobody announces this room any more. A session with it is not touched by that."""

    number: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Looking for the room; nothing answered yet."""


@dataclass(frozen=True, slots=True)
class Found:
    """The room answers and waits for its code of ``code_length`` digits (6 or 10)."""

    code_length: int


@dataclass(frozen=True, slots=True)
class Proving:
    """The code was sent, or a resume runs."""


@dataclass(frozen=True, slots=True)
class Asking:
    """The code was right, but somebody else presents there: they and the wall are being asked (15 s)."""


@dataclass(frozen=True, slots=True)
class Paired:
    """The room follows. ``registered``: it showed a certificate of the facilities' key for this room."""

    name: str
    place: str
    registered: bool


class FailureReason(Enum):
    """Why a room did not come about; known locally, never from the peer's words. TAKEN: they said no."""

    NO_ANSWER = auto()
    REFUSED = auto()
    NOT_REGISTERED = auto()
    OTHER_VERSION_HERE_OLDER = auto()
    OTHER_VERSION_THERE_OLDER = auto()
    TAKEN = auto()


@dataclass(frozen=True, slots=True)
class Failed:
    """After REFUSED another code may be submitted at once; the others need a new ``connect``."""

    reason: FailureReason


@dataclass(frozen=True, slots=True)
class Lost:
    """The link is dead since ``since`` (monotonic); redialling goes on by itself."""

    since: float


@dataclass(frozen=True, slots=True)
class Back:
    """The same room again, by its secret, nothing typed."""


@dataclass(frozen=True, slots=True)
class Slow:
    """The link lives, but takes ``seconds`` there and back. Ends with ``Back``."""

    seconds: float


class GoneReason(Enum):
    """Why a room that was paired is no longer part of the briefing."""

    DROPPED = auto()
    LEFT = auto()
    TAKEN_OVER = auto()
    FORGOTTEN = auto()
    FAULT = auto()


@dataclass(frozen=True, slots=True)
class Gone:
    """The room is out of the briefing: dropped here, left there (接続を切る), taken over by another
    presenter, it broke the protocol, or it forgot us (power cut, deadline): then ``Found`` follows by itself
    and its code may be typed again."""

    reason: GoneReason


LinkState = Finding | Found | Proving | Asking | Paired | Failed | Lost | Back | Slow | Gone


@dataclass(frozen=True, slots=True)
class RoomLinkState:
    """The state of the one session with room ``number``."""

    number: int
    state: LinkState


@dataclass(frozen=True, slots=True)
class WallFacts:
    """What the wall is (name, place, pixels, distance); after pairing and at each change."""

    number: int
    facts: RoomFacts


@dataclass(frozen=True, slots=True)
class WallPosition:
    """What that wall really has on its glass, sent by it after painting."""

    number: int
    position: Position


@dataclass(frozen=True, slots=True)
class WallWiped:
    """That wall says that everything of this briefing is gone; ``at`` monotonic."""

    number: int
    at: float


@dataclass(frozen=True, slots=True)
class WallReported:
    """A page that wall could not show."""

    number: int
    report: WallReport


@dataclass(frozen=True, slots=True)
class TakeoverRequested:
    """Somebody with the right code asks for that wall; answer with ``answer_takeover`` (default no)."""

    number: int
    name: str
    department: str


@dataclass(frozen=True, slots=True)
class BriefingEnded:
    """``end()`` is over: which rooms said ``Wiped``, which did not in time; how many participants."""

    wiped: tuple[int, ...]
    silent: tuple[int, ...]
    participants_wiped: int = 0
    participants_silent: int = 0


# --- the briefing, on both sides ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Changed:
    """The briefing as it is now, and what changed since the last ``Changed``.

    ``shown``: at a guest, how often texts have changed up to here; it goes with an edit made on them.
    """

    briefing: Briefing
    changes: tuple[Change, ...]
    shown: int = 0


@dataclass(frozen=True, slots=True)
class FloorRequested:
    """A follower asks to present."""

    peer: int


# --- papers -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StandInWanted:
    """Owner side: a wall lacks the blob of this page; make its one-page PDF and ``add_stand_in`` it."""

    ref: PageRef


@dataclass(frozen=True, slots=True)
class JoinedAs:
    """Guest side: who this one is in the briefing. At each joining, before any `Changed` of it."""

    peer: PeerId


@dataclass(frozen=True, slots=True)
class BlobProgress:
    """Guest side: so many bytes of a blob are here."""

    sha256: bytes
    received: int
    length: int


@dataclass(frozen=True, slots=True)
class BlobReady:
    """Guest side: a blob is whole, and its hash was checked."""

    sha256: bytes


class BlobFault(Enum):
    """Why a blob will not come."""

    TOO_LARGE = auto()
    WRONG_HASH = auto()
    MISSING = auto()


@dataclass(frozen=True, slots=True)
class BlobFailed:
    """Guest side: this blob does not come. WRONG_HASH: wrong twice, the wall goes to its cover."""

    sha256: bytes
    fault: BlobFault


@dataclass(frozen=True, slots=True)
class StandInOffered:
    """Guest side: until the whole blob is here, the page may be drawn from this one-page PDF."""

    stand_in: StandIn


# --- the kiosk's side ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CodeShown:
    """The code for standby and the reconnect card, until ``expires_at`` (monotonic)."""

    room: int
    code: str
    expires_at: float


@dataclass(frozen=True, slots=True)
class CodeWrong:
    """Somebody typed a wrong code; the code on the wall stays."""


@dataclass(frozen=True, slots=True)
class Choosers:
    """How many machines have chosen this room and not typed its code yet."""

    count: int


@dataclass(frozen=True, slots=True)
class PairedWith:
    """A presenter is connected: cover. Both are their own words."""

    name: str
    department: str


@dataclass(frozen=True, slots=True)
class IntroduceSeen:
    """Who presents and how many join; first with the pairing, then at each change."""

    introduce: Introduce


@dataclass(frozen=True, slots=True)
class LinkLost:
    """The presenter's link is dead since ``at`` (monotonic); the page stays."""

    at: float


@dataclass(frozen=True, slots=True)
class LinkBack:
    """The same presenter again."""


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """The presenter's room menu pressed a key of this wall's rail."""

    action: str


@dataclass(frozen=True, slots=True)
class Ended:
    """Cover, wipe, then call ``RoomSide.wiped()``. Nothing further of this briefing follows."""

    reason: LeftReason


@dataclass(frozen=True, slots=True)
class TakeoverState:
    """A second presenter with the right code waits for ``seconds`` at most; None: the question is over."""

    name: str | None
    department: str
    seconds: float


@dataclass(frozen=True, slots=True)
class NetworkState:
    """Whether this machine is on a network of the house, and its ``host:port`` addresses."""

    ok: bool
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SecretKept:
    """For the supervisor's RAM: with this a restarted screen resumes. None: forget it now."""

    blob: bytes | None


Event = (
    RoomSeen
    | RoomLost
    | RoomLinkState
    | WallFacts
    | WallPosition
    | WallWiped
    | WallReported
    | TakeoverRequested
    | BriefingEnded
    | Changed
    | FloorRequested
    | StandInWanted
    | JoinedAs
    | BlobProgress
    | BlobReady
    | BlobFailed
    | StandInOffered
    | CodeShown
    | CodeWrong
    | Choosers
    | PairedWith
    | IntroduceSeen
    | LinkLost
    | LinkBack
    | KeyPressed
    | Ended
    | TakeoverState
    | NetworkState
    | SecretKept
    | ManageEvent
    | JoinEvent
)
OnEvents = Callable[[tuple[Event, ...]], None]
