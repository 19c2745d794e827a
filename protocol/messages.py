"""The whole wire after authentication, on one screen. (The handshake's own messages: ``pairing``.)

``>`` owner to guest, ``<`` guest to owner. Control frames hold one message; bulk frames hold one as well.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from protocol.ops import Op
from protocol.presence import Presence
from protocol.registers import Register, Registers
from protocol.values import (
    BlobLength,
    Counter,
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

Epoch = Annotated[bytes, Meta(min_length=16, max_length=16)]


# --- joining ------------------------------------------------------------------------------------------


class Introduce(Value, tag=128):
    """> Who presents, for the cover; and how many join. Sent first and at each change."""

    name: PersonName
    department: PersonName
    participants: Annotated[int, Meta(ge=0, le=65_535)]


class RoomFacts(Value, tag=129):
    """< What a wall is: its place and its glass. Pixels are device pixels; inches 0 means unknown."""

    number: RoomNumber
    name: PersonName
    name_en: PersonName
    place: PersonName
    width: Annotated[int, Meta(ge=64, le=20_000)]
    height: Annotated[int, Meta(ge=64, le=20_000)]
    inches: Annotated[int, Meta(ge=0, le=500)]
    distance_cm: Annotated[int, Meta(ge=0, le=5_000)]
    touch: bool


class Join(Value, tag=130):
    """< I have this log up to ``revision``; these own ops are in doubt (numbers, ascending)."""

    epoch: Epoch | None
    revision: Revision
    in_doubt: Annotated[tuple[Counter, ...], Meta(max_length=1_000)]


class Welcome(Value, tag=131):
    """> The answer to Join, before anything else: who you are, and the registers, view first."""

    epoch: Epoch
    peer: PeerId
    role: Role
    registers: Registers


class Committed(Value, tag=132):
    """> One op of the log at its revision (the number of ops before it, plus one)."""

    revision: Revision
    id: OpId
    op: Op


class CatchUp(Value, tag=133):
    """> The log from the joiner's revision on; ``settled`` are its doubtful ops that the log has."""

    epoch: Epoch
    settled: Annotated[tuple[Counter, ...], Meta(max_length=1_000)]
    ops: Annotated[tuple[Committed, ...], Meta(max_length=5_000)]


class SnapshotAt(Value, tag=134):
    """> The log is too long to replay: its state at ``revision`` is this blob, on the bulk connection."""

    epoch: Epoch
    revision: Revision
    sha256: Sha256
    length: BlobLength
    settled: Annotated[tuple[Counter, ...], Meta(max_length=1_000)]


# --- edits, registers, presence ----------------------------------------------------------------------------


class Submit(Value, tag=135):
    """< A durable edit of mine, made on top of ``revision`` and of my own earlier ops."""

    id: OpId
    revision: Revision
    op: Op


class Refused(Value, tag=136):
    """> An edit that decodes but does not apply; the guest drops it and tells its person."""

    id: OpId
    reason: Annotated[str, Meta(max_length=40)]


class Set(Value, tag=137):
    """> A register's newest value with its number; < the floor holder's wish (number ignored)."""

    number: Counter
    register: Register


class Now(Value, tag=138):
    """Presence of one peer; ``n`` grows, an older one is dropped. < ``peer`` must be the sender's own."""

    peer: PeerId
    n: Counter
    presence: Presence


class FloorAsked(Value, tag=139):
    """< May I present? > (to the owner's desk it is an event, not a message.)"""


# --- papers ------------------------------------------------------------------------------------------------


class StandIn(Value, tag=140):
    """> Until the whole paper is there, page ``ref`` may be drawn from this one-page PDF."""

    ref: PageRef
    sha256: Sha256
    length: BlobLength
    width: Extent
    height: Extent


class Want(Value, tag=141):
    """bulk < Send this blob from ``offset`` on. The newest want goes first."""

    sha256: Sha256
    offset: Annotated[int, Meta(ge=0, le=500 * 2**20)]


class Unwant(Value, tag=142):
    """bulk < Stop sending this blob."""

    sha256: Sha256


class Chunk(Value, tag=143):
    """bulk > Bytes of a blob at ``offset``."""

    sha256: Sha256
    offset: Annotated[int, Meta(ge=0, le=500 * 2**20)]
    data: Annotated[bytes, Meta(max_length=CHUNK)]


class Missing(Value, tag=144):
    """bulk > This blob is not to be had here."""

    sha256: Sha256


# --- the room ----------------------------------------------------------------------------------------------


class WallKey(Value, tag=145):
    """> The presenter's room menu presses a key of the rail, by its action name."""

    action: Annotated[str, Meta(max_length=40)]


class WallReport(Value, tag=146):
    """< A page this wall could not show, by reason code (a number of ``protocol.errors.Fault``)."""

    ref: PageRef
    reason: Annotated[int, Meta(ge=0, le=999)]


class TakeoverAsked(Value, tag=147):
    """< Another presenter with the right code asks for this wall; 15 s, default no."""

    name: PersonName
    department: PersonName


class TakeoverAnswer(Value, tag=148):
    """> The first presenter's answer."""

    yes: bool


class End(Value, tag=149):
    """> The briefing is over for this guest: cover, wipe, forget the secret."""


class Leave(Value, tag=150):
    """< The guest goes on purpose (接続を切る)."""


class Wiped(Value, tag=151):
    """< Cover painted, renderers killed, segments overwritten and gone."""


class Ping(Value, tag=152):
    """Heartbeat, each 2 s; answered at once. ``n`` is the sender's own."""

    n: Counter


class Pong(Value, tag=153):
    """The answer to Ping."""

    n: Counter


Message = (
    Introduce
    | RoomFacts
    | Join
    | Welcome
    | Committed
    | CatchUp
    | SnapshotAt
    | Submit
    | Refused
    | Set
    | Now
    | FloorAsked
    | StandIn
    | WallKey
    | WallReport
    | TakeoverAsked
    | TakeoverAnswer
    | End
    | Leave
    | Wiped
    | Ping
    | Pong
)
BulkMessage = Want | Unwant | Chunk | Missing
