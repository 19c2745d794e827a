"""What the owner of a session keeps in memory, so that its guests find it again after its program crashed."""

from __future__ import annotations

from dataclasses import dataclass

from protocol.transport.addresses import Endpoint


@dataclass(frozen=True, slots=True)
class RoomSecret:
    """What a room resumes with. ``peer``: who its wall is in the briefing; 0 until it has that."""

    number: int
    device_id: bytes
    secret: bytes
    started: bool
    endpoint: Endpoint | None
    peer: int = 0


@dataclass(frozen=True, slots=True)
class ParticipantSecret:
    """What a participant resumes with, and what was settled about them. ``begun``: had the briefing;
    ``writes``: may draw."""

    peer: int
    device_id: bytes
    secret: bytes
    name: str
    room: int
    approved: bool
    begun: bool
    writes: bool = False


@dataclass(frozen=True, slots=True)
class JoiningSecret:
    """How joining stood. ``code``: "" when there was none; ``barred``: devices that were sent away."""

    code: str = ""
    open: bool = False
    approval: bool = False
    barred: tuple[bytes, ...] = ()
    participants: tuple[ParticipantSecret, ...] = ()


@dataclass(frozen=True, slots=True)
class Secrets:
    """Of a whole session. False when nobody has anything to come back to."""

    rooms: tuple[RoomSecret, ...] = ()
    joining: JoiningSecret = JoiningSecret()

    def __bool__(self) -> bool:
        return bool(self.rooms or self.joining.participants)


NOBODY = Secrets()
