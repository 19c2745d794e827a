"""The whole wire after authentication, on one screen. (The handshake's own messages: ``pairing``.)

``>`` owner to guest, ``<`` guest to owner. Control frames hold one message; bulk frames hold one as well.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from protocol.finds import FindAnswered, FindPiece, OfferFind, WantFind, WithdrawFind
from protocol.ops import Op
from protocol.presence import Presence
from protocol.registers import Register, Registers
from protocol.values import (
    BlobLength,
    Counter,
    EndReason,
    Extent,
    OpId,
    PageRef,
    PeerId,
    PersonName,
    Revision,
    Role,
    RoomNumber,
    Sha256,
    Value,
)

VERSION = 1
CONTROL_LIMIT = 256 * 1024
CHUNK = 256 * 1024
BULK_LIMIT = CHUNK + 1024

Epoch = Annotated[bytes, Meta(min_length=16, max_length=16)]


# --- joining ------------------------------------------------------------------------------------------


class Introduce(Value, frozen=True, tag=128):
    """> Who presents, for the cover; and how many join. Sent first and at each change."""

    name: PersonName
    department: PersonName
    participants: Annotated[int, Meta(ge=0, le=65_535)]


class RoomFacts(Value, frozen=True, tag=129):
    """< What a wall is: its place and its glass. Pixels are device pixels; inches 0 means unknown."""

    number: RoomNumber
    name: PersonName
    name_en: PersonName
    place: PersonName
    place_en: PersonName
    width: Annotated[int, Meta(ge=64, le=20_000)]
    height: Annotated[int, Meta(ge=64, le=20_000)]
    inches: Annotated[int, Meta(ge=0, le=500)]
    distance_cm: Annotated[int, Meta(ge=0, le=5_000)]
    touch: bool


class Introduction(Value, frozen=True, tag=157):
    """< A participant: who they say they are (自己申告). Sent first on each link."""

    name: PersonName


class Waiting(Value, frozen=True, tag=158):
    """> Your Join is not answered yet: your presenter has to let you in, or has to begin."""

    approval: bool


class Join(Value, frozen=True, tag=130):
    """< I have the log of ``epoch`` (None: of none) up to ``revision``. Everything before the answer is void.

    ``edits``: I hold edits that are not in it yet, so I need the log itself and no snapshot.
    """

    epoch: Epoch | None
    revision: Revision
    edits: bool


class Welcome(Value, frozen=True, tag=131):
    """> The answer to Join, before anything else: who you are, and the registers.

    ``next_n``: the first number of yours that was never committed.
    """

    epoch: Epoch
    peer: PeerId
    role: Role
    next_n: Counter
    registers: Registers


class Committed(Value, frozen=True, tag=132):
    """> One op of the log at its revision (the number of ops before it, plus one)."""

    revision: Revision
    id: OpId
    op: Op


class CatchUp(Value, frozen=True, tag=133):
    """> The log follows from ``revision`` on, op by op; at this moment it ends with ``head``.

    ``revision`` is the joiner's, or 0 when its log is not the beginning of this one: then it starts anew.
    """

    epoch: Epoch
    revision: Revision
    head: Revision


class SnapshotAt(Value, frozen=True, tag=134):
    """> Too much is missing for a replay: fetch this blob, the state at ``revision``, and join from there."""

    epoch: Epoch
    revision: Revision
    sha256: Sha256
    length: BlobLength


class Granted(Value, frozen=True, tag=154):
    """> Your role is this from now on."""

    role: Role


# --- edits, registers, presence ----------------------------------------------------------------------------


class Submit(Value, frozen=True, tag=135):
    """< A durable edit of mine, made on the log up to ``revision``; after a cut sent again until answered.

    Of one text only one splice is under way at a time.
    """

    id: OpId
    revision: Revision
    op: Op


class Refused(Value, frozen=True, tag=136):
    """> What you sent reads well and does not apply; drop it and tell your person.

    ``id`` is the edit's; None for a presence. ``reason``: a `protocol.errors.Reason`.
    """

    id: OpId | None
    reason: Annotated[str, Meta(max_length=40)]


class Set(Value, frozen=True, tag=137):
    """> A register's newest value with its number. It does not go to the guest whose wish it was."""

    number: Counter
    register: Register


class Wish(Value, frozen=True, tag=155):
    """< The floor holder sets a register. ``n`` grows; an unsent wish gives way to a newer one."""

    n: Counter
    register: Register


class Settled(Value, frozen=True, tag=156):
    """> Your wish ``n`` was taken (``reason`` None) or refused; this is how the registers stand after it.

    Of a register that one has a newer wish for, only the answer to that one counts.
    """

    n: Counter
    reason: Annotated[str, Meta(max_length=40)] | None
    registers: Registers


class Now(Value, frozen=True, tag=138):
    """Presence of one peer; ``n`` grows, an older one is dropped. < ``peer`` must be the sender's own."""

    peer: PeerId
    n: Counter
    presence: Presence


class FloorAsked(Value, frozen=True, tag=139):
    """< May I present? > (to the owner's desk it is an event, not a message.)"""


class FloorDeclined(Value, frozen=True, tag=161):
    """> You asked to present: not now."""


class FloorReturned(Value, frozen=True, tag=162):
    """< I present no more. Without the floor it has no effect."""


# --- papers ------------------------------------------------------------------------------------------------


class StandIn(Value, frozen=True, tag=140):
    """> Until the whole paper is there, page ``ref`` may be drawn from this one-page PDF."""

    ref: PageRef
    sha256: Sha256
    length: BlobLength
    width: Extent
    height: Extent


class Want(Value, frozen=True, tag=141):
    """bulk < Send this blob from ``offset`` on. The newest want goes first."""

    sha256: Sha256
    offset: Annotated[int, Meta(ge=0, le=500 * 2**20)]


class Unwant(Value, frozen=True, tag=142):
    """bulk < Stop sending this blob."""

    sha256: Sha256


class Chunk(Value, frozen=True, tag=143):
    """bulk > Bytes of a blob at ``offset``."""

    sha256: Sha256
    offset: Annotated[int, Meta(ge=0, le=500 * 2**20)]
    data: Annotated[bytes, Meta(max_length=CHUNK)]


class Missing(Value, frozen=True, tag=144):
    """bulk > This blob is not to be had here."""

    sha256: Sha256


# --- the room ----------------------------------------------------------------------------------------------


class WallKey(Value, frozen=True, tag=145):
    """> The presenter's room menu presses a key of the rail, by its action name."""

    action: Annotated[str, Meta(max_length=40)]


class WallReport(Value, frozen=True, tag=146):
    """< A page this wall could not show, by reason code (a number of ``protocol.errors.Fault``)."""

    ref: PageRef
    reason: Annotated[int, Meta(ge=0, le=999)]


class TakeoverAsked(Value, frozen=True, tag=147):
    """< Another presenter with the right code asks for this wall; 15 s, default no."""

    name: PersonName
    department: PersonName


class TakeoverAnswer(Value, frozen=True, tag=148):
    """> The first presenter's answer."""

    yes: bool


class End(Value, frozen=True, tag=149):
    """> The briefing is over for this guest: cover, wipe, forget the secret."""

    reason: EndReason = EndReason.ENDED


class Joining(Value, frozen=True, tag=159):
    """> The join code, for the wall to show when it is asked to; None: nobody new may join now, or the
    briefing has not begun on this wall.

    ``rendezvous``: whether the wall's is open, for those who join or are in.
    """

    code: Annotated[str, Meta(min_length=6, max_length=6, pattern="^[0-9]+$")] | None
    rendezvous: bool


class WallPlace(Value, frozen=True):
    """A wall of the briefing: its room, and the address at which the presenter reaches it."""

    number: RoomNumber
    name: PersonName
    name_en: PersonName
    host: Annotated[str, Meta(max_length=64)]


class Walls(Value, frozen=True, tag=163):
    """> To a participant: the walls of the briefing, each of them a way back after a cut."""

    places: Annotated[tuple[WallPlace, ...], Meta(max_length=200)]


class GuestWaiting(Value, frozen=True, tag=160):
    """< Somebody at address ``source`` waits at this wall's rendezvous: dial its ``port``, say ``token``."""

    token: Annotated[bytes, Meta(min_length=32, max_length=32)]
    source: Annotated[str, Meta(max_length=64)]
    port: Annotated[int, Meta(ge=1, le=65_535)]


class Leave(Value, frozen=True, tag=150):
    """< The guest goes on purpose (接続を切る)."""


class Wiped(Value, frozen=True, tag=151):
    """< Cover painted, renderers killed, segments overwritten and gone."""


class Ping(Value, frozen=True, tag=152):
    """Heartbeat, each 2 s; answered at once. ``n`` is the sender's own."""

    n: Counter


class Pong(Value, frozen=True, tag=153):
    """The answer to Ping."""

    n: Counter


Message = (
    Introduce
    | RoomFacts
    | Introduction
    | Waiting
    | Join
    | Welcome
    | Committed
    | CatchUp
    | SnapshotAt
    | Granted
    | Submit
    | Refused
    | Set
    | Wish
    | Settled
    | Now
    | FloorAsked
    | FloorDeclined
    | FloorReturned
    | OfferFind
    | WantFind
    | FindPiece
    | WithdrawFind
    | FindAnswered
    | StandIn
    | WallKey
    | WallReport
    | TakeoverAsked
    | TakeoverAnswer
    | End
    | Joining
    | Walls
    | GuestWaiting
    | Leave
    | Wiped
    | Ping
    | Pong
)
BulkMessage = Want | Unwant | Chunk | Missing
