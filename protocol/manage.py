"""Mode manage: how a display is, and what the facilities order it to do. No message here can name a document.

``>`` console to display, ``<`` display to console. An `Order` is good by itself: it carries the console's key
and certificate, so that a display judges it alike from a link and from a broker (`protocol.orders`).
"""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated

from msgspec import Meta

from protocol.facilities import CERTIFICATE_LIMIT, DeviceId, ListNumber
from protocol.messages import Ping, Pong
from protocol.values import PersonName, RoomNumber, Value

CONSOLES = 8
"""So many at a time are served by a display; one more is sent away."""
ORDER_LIMIT = 32_768
"""Bytes: every setting of a display at its longest."""
SETTINGS_LIMIT = 65_536
LOG_LIMIT = 200_000
NOTICE_LIMIT = 120
CHANGES_LIMIT = 64
ROW_LIMIT = 400
"""Texts of one setting: the days on which a house is closed, for years."""
NOTICE_MINUTES = 20_160
"""Two weeks: a closed lift is announced for as long."""
RESULTS_LIMIT = 16
ROLLOUTS = 4
"""So many consoles' are told at one time."""
ANNOUNCED = 600
"""Seconds for which a rollout is told at the most: whoever says more is not believed for longer."""
MARK = 16
"""Bytes by which a console's templates are known again."""
HOT = 750
"""Tenths of a degree Celsius from which a display is too hot."""

Run = Annotated[bytes, Meta(min_length=16, max_length=16)]
Seconds = Annotated[int, Meta(ge=0, le=2**40)]
"""Since 1970, by the clock of the display."""
Megabytes = Annotated[int, Meta(ge=0, le=2**40)]
Serial = Annotated[int, Meta(ge=0, le=2**50)]
Count = Annotated[int, Meta(ge=0, le=2**20)]
Pixels = Annotated[int, Meta(ge=0, le=20_000)]
Spki = Annotated[bytes, Meta(max_length=128)]
Certificate = Annotated[bytes, Meta(max_length=CERTIFICATE_LIMIT)]


class Activity(IntEnum):
    """What a display is used for at the moment."""

    STANDBY = 0
    BRIEFING = 1
    OUT_OF_SERVICE = 2


class Announced(Value, frozen=True):
    """A console, kept by whom the name says, takes settings through the house. ``begun``: by its clock;
    ``until``: so long it is told, by the display's; not ``active``: it waits for somebody's decision, or for
    displays that are away. ``done`` of ``count`` displays are back."""

    by: PersonName
    console: DeviceId
    begun: Seconds
    until: Seconds
    active: bool
    done: Count
    count: Count


class Status(Value, frozen=True, tag=200):
    """< How this display is: first on each link, then at each change and each half minute.

    ``run``: chosen by each start of the program. ``temperature``: tenths of a degree Celsius, None where
    nothing measures it. ``memory`` and ``memory_free``, ``disk_free`` in MiB; 0 of both memories: not known.
    ``booked_from`` and ``booked_until``: of the booking that runs, else of the next one today; 0: none. Whose
    it is is nobody's business here. ``on_trial``: the settings were changed by an order, and stay only if
    an order arrives in this run; ``returned``: when the display took its former ones back by itself.
    ``rollouts``: what consoles have it tell to the others.
    """

    run: Run
    clock: Seconds
    activity: Activity
    since: Seconds
    number: RoomNumber
    name: PersonName
    name_en: PersonName
    place: PersonName
    place_en: PersonName
    version: Annotated[str, Meta(max_length=40)]
    started: Seconds
    width: Pixels
    height: Pixels
    touch: bool
    memory: Megabytes
    memory_free: Megabytes
    disk_free: Megabytes
    temperature: Annotated[int, Meta(ge=-1_000, le=2_000)] | None
    revocations: ListNumber
    booked_from: Seconds = 0
    booked_until: Seconds = 0
    on_trial: bool = False
    returned: Seconds = 0
    rollouts: Annotated[tuple[Announced, ...], Meta(max_length=ROLLOUTS)] = ()


# --- the self-test --------------------------------------------------------------------------------------


class Check(IntEnum):
    """What a display tests of itself, the greatest effect first."""

    PAGE = 0
    """A page drawn by the caged process and found again, spot by spot, in what the screen was given."""
    PAIRING = 1
    """A presenter of its own: code, keys, a paper and a page turn, over TLS on loopback. Milliseconds."""
    DISPLAY = 2
    NETWORK = 3
    MULTICAST = 4
    """Hears itself. Interfaces that do not."""
    TEMPERATURE = 5
    """Tenths of a degree."""
    DISK = 6
    """MiB that are free."""
    MEMORY = 7
    """MiB that are free."""
    CAGE = 8
    """Doors that stand open."""
    CLOCK = 9
    BOOKINGS = 10
    """The calendar was read. Minutes since it was, the last time."""
    PICTURES = 11
    """The house's pictures can be shown. Files that are left out."""


class Verdict(IntEnum):
    """LOOK: it works, and somebody should know. BAD: something will not work."""

    GOOD = 0
    LOOK = 1
    BAD = 2


class CheckResult(Value, frozen=True):
    """``value``: in the unit of the check; 0 where it says nothing."""

    check: Check
    verdict: Verdict
    value: Annotated[int, Meta(ge=-1_000, le=2**40)] = 0


class Phase(IntEnum):
    """How far the self-test of the day, or the one that was ordered, has come."""

    NONE = 0
    WAITING = 1
    RUNNING = 2
    DONE = 3
    SKIPPED = 4
    """The day went by, and there was no moment for it."""


class Hindrance(IntEnum):
    """Why a self-test waits, or was left out."""

    NOTHING = 0
    BRIEFING = 1
    CHOSEN = 2
    """Somebody chose this room and is about to type its code."""
    NOTICE = 3
    """An emergency notice, or the room's number, stands on the wall."""


class SelfTest(Value, frozen=True, tag=206):
    """< The self-test: after the first Status of each link, and at each change. ``due``: when it was to be,
    0 for never; ``tested``: when these results were found, 0 for never. By the display's clock."""

    phase: Phase
    hindrance: Hindrance
    due: Seconds
    tested: Seconds
    results: Annotated[tuple[CheckResult, ...], Meta(max_length=RESULTS_LIMIT)]


# --- what may be ordered --------------------------------------------------------------------------------


class Identify(Value, frozen=True, tag=210):
    """The wall shows its number large for so long. Not over a briefing."""

    seconds: Annotated[int, Meta(ge=1, le=120)]


class Notice(Value, frozen=True, tag=211):
    """Words on the wall for so many minutes, on standby; over a briefing only as an emergency. "": taken
    away."""

    text: Annotated[str, Meta(max_length=NOTICE_LIMIT)]
    minutes: Annotated[int, Meta(ge=1, le=NOTICE_MINUTES)]
    emergency: bool


class RestartProgram(Value, frozen=True, tag=212):
    """A fresh program. ``over_briefing``: also when that ends a briefing on this wall."""

    over_briefing: bool


class RestartMachine(Value, frozen=True, tag=213):
    """The machine starts anew."""

    over_briefing: bool


class SetService(Value, frozen=True, tag=214):
    """Taken out of service, or back into it."""

    out: bool
    over_briefing: bool


class FetchLog(Value, frozen=True, tag=215):
    """The answer's text is the newest of the display's log; no line of it has content."""


class Setting(Value, frozen=True):
    """One setting by its name in the file (``room.name``), and its new value; None: what counts when it is
    left out."""

    key: Annotated[str, Meta(max_length=80)]
    value: (
        bool
        | Annotated[int, Meta(ge=0, le=2**40)]
        | float
        | Annotated[str, Meta(max_length=400)]
        | Annotated[tuple[Annotated[str, Meta(max_length=400)], ...], Meta(max_length=ROW_LIMIT)]
        | None
    )


class ChangeSettings(Value, frozen=True, tag=216):
    """All of them or none; they count from a fresh program on. The room's number stays: it is certified.
    ``templates``: the mark of those that say so, empty when a person does."""

    changes: Annotated[tuple[Setting, ...], Meta(min_length=1, max_length=CHANGES_LIMIT)]
    over_briefing: bool
    templates: Annotated[bytes, Meta(max_length=MARK)] = b""


CHANGED_BY = "changed_by"


class FetchSettings(Value, frozen=True, tag=218):
    """The answer's text is a JSON object of the settings as they stand in the file, by their names; without
    bookings. `CHANGED_BY` in it, an object by the same names, says of what still stands as a console left it
    [name of who keeps that console, its device id in hex, seconds since 1970, mark of the templates in hex or
    ""]."""


class RunSelfTest(Value, frozen=True, tag=217):
    """Tests itself now, or as soon as nobody uses the wall. Not over a briefing; what comes of it is told as
    `SelfTest`."""


class AnnounceRollout(Value, frozen=True, tag=219):
    """Every console hears from this display, for so many seconds, that the ordering console takes settings
    through the house, as `Announced` has it; 0: no longer."""

    seconds: Annotated[int, Meta(ge=0, le=ANNOUNCED)]
    begun: Seconds
    active: bool
    done: Count
    count: Count


Command = (
    Identify
    | Notice
    | RestartProgram
    | RestartMachine
    | SetService
    | FetchLog
    | ChangeSettings
    | FetchSettings
    | RunSelfTest
    | AnnounceRollout
)


class OrderBody(Value, frozen=True):
    """What a console signs. ``serial`` grows with each order to a run of a display; ``expires`` is told by
    the display's own clock, as its last Status said it: no two clocks need to agree."""

    device: DeviceId
    run: Run
    serial: Serial
    expires: Seconds
    command: Command


class Order(Value, frozen=True, tag=201):
    """> An encoded OrderBody, signed by the console's key (``spki``), which the facilities certified."""

    body: Annotated[bytes, Meta(max_length=ORDER_LIMIT)]
    signature: Annotated[bytes, Meta(max_length=80)]
    spki: Spki
    certificate: Certificate


class Outcome(IntEnum):
    """What became of an order, or of an enrolment."""

    DONE = 0
    UNREADABLE = 1
    NOT_REGISTERED = 2
    """No console of these facilities, or one whose key is revoked."""
    NOT_SIGNED = 3
    NOT_FOR_THIS = 4
    """For another display, or for a former run of this one."""
    EXPIRED = 5
    REPLAYED = 6
    ROLE = 7
    BRIEFING = 8
    """It would disturb a briefing, and does not say that it may."""
    SETTINGS = 9
    """The display would not start with these; the text says which."""
    FAILED = 10
    """The machine would not; the text is its reason."""


class Answered(Value, frozen=True, tag=202):
    """< What became of the order with this serial (0: it could not be read)."""

    serial: Serial
    outcome: Outcome
    text: Annotated[str, Meta(max_length=LOG_LIMIT)]


class Revocations(Value, frozen=True, tag=203):
    """The newest revocation list, signed by the facilities; either side has it from the other."""

    frame: bytes


# --- bringing a display in ------------------------------------------------------------------------------


class Enrol(Value, frozen=True, tag=204):
    """> After the code was proven: whose display this is from now on. ``facilities``: their public key (PEM);
    ``settings``: the whole settings file (TOML); ``broker``: its paper for the house's broker (X.509, PEM),
    which is not proven by us but by the broker."""

    facilities: Annotated[bytes, Meta(max_length=1_024)]
    certificate: Certificate
    revocations: bytes | None
    settings: Annotated[str, Meta(max_length=SETTINGS_LIMIT)]
    broker: Annotated[bytes, Meta(max_length=4_096)] | None


class Enrolled(Value, frozen=True, tag=205):
    """< It is kept, and counts from a fresh program on; or why not."""

    outcome: Outcome
    text: Annotated[str, Meta(max_length=2_000)]


ManageMessage = Status | SelfTest | Order | Answered | Revocations | Enrol | Enrolled | Ping | Pong
