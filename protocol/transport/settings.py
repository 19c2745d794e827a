"""What a program decides about its network: ports, networks, files, and every deadline (seconds)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

PRIVATE_NETWORKS = (
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "fe80::/10",
    "fc00::/7",
)


@dataclass(frozen=True, slots=True)
class Profile:
    """Who presents, in their own words; shown on the cover after pairing."""

    name: str
    department: str


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds until something counts as too late. Tests inject others; security.md names these."""

    ping: float = 2.0
    dead: float = 5.0
    slow: float = 1.0
    """A there-and-back longer than this is told to the presenter; half of it ends that."""
    step: float = 5.0
    handshake: float = 15.0
    answer_floor: float = 0.05
    code_life: float = 600.0
    former_code_life: float = 60.0
    redial_first: float = 0.05
    redial_soon: float = 0.5
    redial_late: float = 5.0
    redial_fresh: float = 1.0
    """A dial that hangs this long gets a second one beside it."""
    redial_missed: float = 0.25
    """While a session waits, this instead; and all dials but one give TCP up after ``redial_soon``."""
    direct: float = 0.5
    """A participant tries so long to reach the presenter itself before it goes through the wall."""
    rendezvous: float = 10.0
    """A guest waits so long at the wall for the presenter."""
    no_answer: float = 15.0
    """After this long without one answering address a room counts as not answering; looking goes on."""
    takeover_question: float = 15.0
    takeover_dead: float = 10.0
    """A right code wins at once when the first presenter's link has been dead this long."""
    unstarted: float = 180.0
    """Paired, but never shown: the kiosk goes back to standby."""
    wipe: float = 900.0
    """The kiosk ends a briefing whose link has been dead this long."""
    wiped: float = 5.0
    """``Owner.end()`` waits this long for the walls to say that they wiped."""


@dataclass(frozen=True, slots=True)
class TransportSettings:
    """``mdns_interfaces``: addresses to speak mDNS on; empty means every interface of the house's own
    networks. ``own_networks``: networks whose addresses are dialled when heard over mDNS or found in DNS.
    ``host_pattern``: a DNS name with ``{number}`` for the room, "" for none. ``room_file``: a folder or share
    with ``rooms.toml`` and ``rooms.toml.sig``. ``port`` is listened on; 0 takes a free one, as presenters do.
    ``kiosk_port``: where a room is dialled whose address names no port; ``rendezvous_port``: where its wall
    joins participants with their presenter (a wall: 0 takes a free one).
    """

    port: int = 47_400
    kiosk_port: int = 47_400
    rendezvous_port: int = 47_401
    listen_addresses: tuple[str, ...] = ("0.0.0.0", "::")
    own_networks: tuple[str, ...] = PRIVATE_NETWORKS
    mdns: bool = True
    mdns_interfaces: tuple[str, ...] = ()
    room_file: Path | None = None
    facilities: Path | None = None
    """``facilities.pem``: with it, machines without a certificate of its key are refused."""
    host_pattern: str = ""
    broker: str = ""
    """HOST:PORT of the house's MQTT broker; "" for none."""
    broker_certificate: Path | None = None
    """This device's certificate for it; None: it comes as nobody."""
    wire_log: Path | None = None
    deadlines: Deadlines = Deadlines()


class BlobStore(Protocol):
    """Where papers are received straight into: a kiosk's shared segments; thread-safe."""

    def allocate(self, sha256: bytes, length: int) -> memoryview:
        """Writable memory of ``length`` bytes; ``Unavailable`` when there is no room for it."""

    def complete(self, sha256: bytes) -> bool:
        """Every byte is there: checks the hash, in the thread that calls. False: wrong, and dropped."""

    def drop(self, sha256: bytes) -> None:
        """The bytes are not wanted any more: overwrite and free them. No effect when there are none."""
