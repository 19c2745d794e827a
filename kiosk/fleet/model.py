"""The house as the console knows it: every display, its condition, and what needs doing. No clock, no Qt.

Times are seconds since 1970 by the console's own clock, given by the caller.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum, IntEnum, auto

from kiosk.fleet.answers import Answers, Refusal
from kiosk.fleet.history import History
from kiosk.fleet.place_names import building_and_floor
from protocol.manage import HOT, Activity, CheckResult, SelfTest, Status, Verdict

LITTLE_DISK = 500
LITTLE_MEMORY = 0.08
SLOW_MS = 500
CLOCK_OFF = 120
REFUSAL_COUNTS = 60.0
ALARM_LIMIT = 200
"""So many machines of no certificate are remembered."""
_FIRST, _LAST = 86_400.0, 2.0**34
"""Seconds since 1970: what Windows, too, can say in hours and days."""


class Condition(Enum):
    """What a display is to people: an icon, a word and a colour."""

    READY = auto()
    BRIEFING = auto()
    CAUTION = auto()
    SILENT = auto()
    OUT = auto()
    ASKING = auto()
    """Known from before; the console was opened just now, and it has not answered yet."""


class Cause(IntEnum):
    """Why something needs doing; the first has the greatest effect."""

    SHUT_OUT = -3
    """This console is out: of the house, and what it does not hear says nothing of the displays. ``value``:
    `Refusal`."""
    NOBODY = -4
    """None of ``value`` displays answers: of the house, and most likely of this console's own network."""
    BROKER = -2
    """The broker of the house is not reached: of the house, too."""
    HALTED = -1
    """A rollout of settings waits for somebody's decision: of the house, and one line at the most."""
    SILENT = 0
    """``value``: `Refusal`."""
    SAME_NUMBER = 1
    COPIED = 2
    """A second machine has its key."""
    UNREGISTERED = 3
    SELF_TEST = 4
    """``value``: the check that failed (`protocol.manage.Check`)."""
    RETURNED = 5
    """It took its former settings back by itself."""
    HOT = 6
    DISK = 7
    MEMORY = 8
    SLOW = 9
    CLOCK = 10
    REVOKED = 11
    """Of the house: ``value`` displays do not know yet who is out. Of a display: it is."""


@dataclass(frozen=True, slots=True)
class Concern:
    """``device`` empty: of a machine that is no display of ours, or of the whole house. ``value``: in
    the unit of the cause."""

    cause: Cause
    device: bytes
    number: int
    since: float
    value: int = 0


@dataclass(frozen=True, slots=True)
class Display:
    """``status`` is the last that was heard; None since this console was started. ``address``: "" unknown;
    ``revocations``: number of the newest list that it was ever heard to know; ``copy``: where a second
    machine of the same key is, "" where there is none; ``refuses``: why it has no link, while it has none."""

    device: bytes
    number: int
    name: str
    name_en: str = ""
    place: str = ""
    place_en: str = ""
    address: str = ""
    status: Status | None = None
    linked: bool = False
    asking: bool = False
    silent_since: float = 0.0
    latency: int | None = None
    clock_off: int = 0
    test: SelfTest | None = None
    revocations: int = 0
    copy: str = ""
    refuses: Refusal = Refusal.SILENT

    @property
    def building(self) -> str:
        """The place without its floor."""
        return building_and_floor(self.place)[0]

    @property
    def refusal(self) -> Refusal | None:
        """None where it has a link, or may still answer."""
        return None if self.linked or self.asking else self.refuses

    def our_time(self, theirs: int) -> float:
        """A moment that it told, by our own clock; of a clock that is beyond all calendars the nearest day
        that every system has."""
        return min(max(float(theirs - self.clock_off), _FIRST), _LAST)


def worst_of(results: Iterable[CheckResult]) -> CheckResult | None:
    """What is to be said first of a self-test; None of one without results."""
    return min(results, key=lambda each: (-each.verdict, each.check), default=None)


def causes(display: Display) -> dict[Cause, int]:
    """What is wrong with this display by itself, with the value that says so."""
    status = display.status
    if not display.linked:
        return {} if display.refusal is None else {Cause.SILENT: display.refusal}
    if status is None:
        return {}
    found: dict[Cause, int] = {}
    if display.copy:
        found[Cause.COPIED] = 0
    if status.returned:
        found[Cause.RETURNED] = 0
    if status.temperature is not None and status.temperature >= HOT:
        found[Cause.HOT] = round(status.temperature / 10)
    if status.disk_free < LITTLE_DISK:
        found[Cause.DISK] = status.disk_free
    if status.memory and status.memory_free < LITTLE_MEMORY * status.memory:
        found[Cause.MEMORY] = status.memory_free
    if display.latency is not None and display.latency >= SLOW_MS:
        found[Cause.SLOW] = display.latency
    worst = None if display.test is None else worst_of(display.test.results)
    if worst is not None and worst.verdict is Verdict.BAD:
        found[Cause.SELF_TEST] = int(worst.check)
    if abs(display.clock_off) > CLOCK_OFF:
        found[Cause.CLOCK] = round(display.clock_off / 60)
    return found


class Fleet:
    """Every display by its device id. ``layout`` grows when a display comes, goes or moves."""

    def __init__(self) -> None:
        self.displays: dict[bytes, Display] = {}
        self.history = History()
        self.layout = 0
        self.turns = 0
        """Grows when a display's condition becomes another."""
        self.tests = 0
        """Grows when one tells of its self-test."""
        self._conditions: dict[bytes, Condition] = {}
        self._counts: Counter[Condition] = Counter()
        self._since: dict[tuple[Cause, bytes], float] = {}
        self._concerned: dict[bytes, tuple[Concern, ...]] = {}
        """Of displays that have any."""
        self._listed: tuple[Concern, ...] | None = None
        self._numbers: dict[int, set[bytes]] = {}
        self._strangers: dict[tuple[int, str], float] = {}
        self._of_house: dict[Cause, Concern] = {}
        self.behind: frozenset[bytes] = frozenset()
        """Displays that do not know yet who is out."""
        self.revoked: frozenset[bytes] = frozenset()
        """Registered no longer, whatever they say."""
        self._answers = Answers()
        self._is_out_itself = False
        self._refusals: dict[bytes, float] = {}
        """When each said last that it does not take this console."""

    # --- what comes -------------------------------------------------------------------------------------

    def put(self, display: Display, now: float) -> None:
        """A display as it is from now on."""
        former = self.displays.get(display.device)
        self.displays[display.device] = display
        turned = former is None or former.refusal is not display.refusal
        if turned and display.device not in self.revoked:
            self._answers.put(display.device, display.refusal)
        if former is None or _laid_by(former) != _laid_by(display):
            self.layout += 1
            self._renumber(former, display, now)
        self._judge(display, now)
        if turned:
            self._look_at_ourselves(now)

    def saw(self, device: bytes, status: Status, address: str, clock_off: int, now: float) -> None:
        """It said how it is. ``address``: "" where it is not known."""
        former = self.displays.get(device) or Display(device, status.number, status.name)
        told = replace(
            former,
            number=status.number,
            name=status.name,
            name_en=status.name_en,
            place=status.place,
            place_en=status.place_en,
            address=address or former.address,
            status=status,
            linked=True,
            asking=False,
            refuses=Refusal.SILENT,
            clock_off=clock_off,
            revocations=max(former.revocations, status.revocations),
        )
        self.history.saw(device, status, told.latency, now)
        self.put(told, now)

    def kept(self, device: bytes, status: Status, now: float) -> None:
        """It may be there: so it was when a broker last heard of it."""
        former = self.displays.get(device)
        if former is None:
            names = (status.number, status.name, status.name_en, status.place, status.place_en)
            told = status.revocations
            self.put(Display(device, *names, silent_since=now, asking=True, revocations=told), now)
        elif not former.linked:
            told = max(former.revocations, status.revocations)
            self.put(replace(former, asking=True, revocations=told), now)

    def tested(self, device: bytes, test: SelfTest, now: float) -> None:
        """It told of its self-test."""
        former = self.displays.get(device)
        if former is not None and former.test != test:
            self.tests += 1
            self.put(replace(former, test=test), now)

    def measured(self, device: bytes, milliseconds: int, now: float) -> None:
        """There and back took so long."""
        former = self.displays.get(device)
        if former is not None:
            self.put(replace(former, latency=milliseconds), now)

    def copied(self, device: bytes, address: str, now: float) -> None:
        """A second machine of the same key is there; "": it is not."""
        former = self.displays.get(device)
        if former is not None:
            self.put(replace(former, copy=address), now)

    def turned_away(self, device: bytes, why: Refusal, now: float, number: int = 0, name: str = "") -> None:
        """It is there, and does not take this console; said anew as long as that is so. With a ``number`` it
        is a display of this house, though it may never have told how it is."""
        former = self.displays.get(device) or (Display(device, number, name) if number else None)
        if former is None or former.linked:
            return
        self._refusals[device] = now
        if former.refuses is not why:
            since = former.silent_since or now
            self.put(replace(former, asking=False, refuses=why, silent_since=since), now)

    def forget_refusals(self, now: float) -> None:
        """Those that have said nothing for a while are silent like any other."""
        for device in [each for each, at in self._refusals.items() if now - at > REFUSAL_COUNTS]:
            del self._refusals[device]
            if device in self.displays:
                self.put(replace(self.displays[device], refuses=Refusal.SILENT), now)

    def went_silent(self, device: bytes, now: float) -> None:
        """Its link is gone."""
        former = self.displays.get(device)
        if former is not None and former.linked:
            self.put(replace(former, linked=False, silent_since=now, latency=None, copy=""), now)

    def settle(self, now: float) -> None:
        """Those that were known and have not answered by now are silent."""
        for display in [each for each in self.displays.values() if each.asking]:
            self.put(replace(display, asking=False), now)

    def met_stranger(self, number: int, address: str, now: float) -> None:
        """A machine without a good certificate says that it is this room's display."""
        if len(self._strangers) < ALARM_LIMIT:
            self._strangers.setdefault((number, address), now)
            self._listed = None

    def halt(self, halted: bool, now: float) -> None:
        """Whether a rollout of settings waits for somebody's decision."""
        self._concern_house(Cause.HALTED, halted, now)

    def lose_broker(self, lost: bool, now: float) -> None:
        """Whether the broker, by which displays of other networks are heard, is out of reach."""
        self._concern_house(Cause.BROKER, lost, now)

    def leave(self, now: float) -> None:
        """This console is registered no longer."""
        self._is_out_itself = True
        self._look_at_ourselves(now)

    def _look_at_ourselves(self, now: float) -> None:
        """Whether it is this console that is out, where no display takes it."""
        why = Refusal.REVOKED if self._is_out_itself else self._answers.refusal
        missing = self._answers.missing if why is None else 0
        self._concern_house(Cause.NOBODY, missing > 0, now, missing)
        was = self._of_house.get(Cause.SHUT_OUT)
        if why == (None if was is None else was.value):
            return
        self._concern_house(Cause.SHUT_OUT, why is not None, now, why or 0)
        for display in tuple(self.displays.values()):
            self._judge(display, now)

    def revoke(self, devices: frozenset[bytes], now: float) -> None:
        """These are registered no longer, whatever they say."""
        self.revoked = devices
        numbers = {self.displays[each].number for each in devices & self.displays.keys()}
        for device in [each for number in numbers for each in self._numbers[number]]:
            self._judge(self.displays[device], now)
        for device in devices:
            self._answers.forget(device)
        self._look_at_ourselves(now)

    def leave_behind(self, devices: frozenset[bytes], now: float) -> None:
        """Which displays do not know yet who is out."""
        self.behind = devices
        self._concern_house(Cause.REVOKED, bool(devices), now, len(devices))

    def _concern_house(self, cause: Cause, so: bool, now: float, value: int = 0) -> None:
        former = self._of_house.pop(cause, None)
        if so:
            since = now if former is None else former.since
            self._of_house[cause] = Concern(cause, b"", 0, since, value)
        if former != self._of_house.get(cause):
            self._listed = None

    def forget(self, device: bytes, now: float) -> None:
        """It is no display of this house any more."""
        former = self.displays.pop(device, None)
        if former is None:
            return
        self.layout += 1
        self._counts[self._conditions.pop(device)] -= 1
        self._answers.forget(device)
        for concern in self._concerned.pop(device, ()):
            del self._since[concern.cause, device]
        self._listed = None
        self.history.forget(device)
        same = self._numbers[former.number]
        same.discard(device)
        for other in tuple(same):
            self._judge(self.displays[other], now)
        self._look_at_ourselves(now)

    def _renumber(self, former: Display | None, display: Display, now: float) -> None:
        touched: set[bytes] = set()
        if former is not None:
            self._numbers[former.number].discard(display.device)
            touched |= self._numbers[former.number]
        self._numbers.setdefault(display.number, set()).add(display.device)
        touched |= self._numbers[display.number]
        for other in touched - {display.device}:
            self._judge(self.displays[other], now)

    def _judge(self, display: Display, now: float) -> None:
        device = display.device
        out, found = device in self.revoked, causes(display)
        if self.shut_out:
            found.pop(Cause.SILENT, None)
        same = len(self._numbers.get(display.number, set()) - self.revoked)
        if out:
            found = {Cause.REVOKED: 0}
        elif same > 1:
            found[Cause.SAME_NUMBER] = same
        for concern in self._concerned.get(device, ()):
            if concern.cause not in found:
                del self._since[concern.cause, device]
        concerns = []
        for cause, value in sorted(found.items()):
            begun = display.silent_since if cause is Cause.SILENT else now
            since = self._since.setdefault((cause, device), begun or now)
            concerns.append(Concern(cause, device, display.number, since, value))
        condition = Condition.OUT if out else _condition(display, found)
        if self.shut_out and condition is Condition.SILENT:
            condition = Condition.ASKING
        former = self._conditions.get(device)
        if condition is not former or tuple(concerns) != self._concerned.get(device, ()):
            self._listed = None
        if concerns:
            self._concerned[device] = tuple(concerns)
        else:
            self._concerned.pop(device, None)
        if former is not None:
            self._counts[former] -= 1
        self._counts[condition] += 1
        self.turns += former is not condition
        self._conditions[device] = condition

    # --- what is asked ----------------------------------------------------------------------------------

    @property
    def shut_out(self) -> bool:
        """This console is out: that a display does not answer says nothing of it."""
        return Cause.SHUT_OUT in self._of_house

    def condition(self, device: bytes) -> Condition:
        return self._conditions[device]

    def count(self, condition: Condition) -> int:
        return self._counts[condition]

    def concerns_of(self, device: bytes) -> tuple[Concern, ...]:
        """What needs doing there, the greatest effect first."""
        return self._concerned.get(device, ())

    def concerns(self) -> tuple[Concern, ...]:
        """Everything that needs doing: one line a display, the greatest effect first, then the oldest."""
        if self._listed is not None:
            return self._listed
        of_all = {Cause.SILENT} if Cause.NOBODY in self._of_house else set()
        found = [
            concerns[0]
            for device, concerns in self._concerned.items()
            if self._conditions[device] is not Condition.OUT and concerns[0].cause not in of_all
        ]
        found += [
            Concern(Cause.UNREGISTERED, b"", number, since) for (number, _), since in self._strangers.items()
        ]
        turned_away = {Cause.BROKER} if self.shut_out else set()  # by the broker, too
        found += [each for cause, each in self._of_house.items() if cause not in turned_away]
        found.sort(key=lambda concern: (concern.cause, concern.since, concern.number))
        self._listed = tuple(found)
        return self._listed


def _condition(display: Display, found: dict[Cause, int]) -> Condition:
    status = display.status
    if status is not None and status.activity is Activity.OUT_OF_SERVICE:
        return Condition.OUT
    if not display.linked:
        return Condition.ASKING if display.refusal in (None, Refusal.FULL) else Condition.SILENT
    if status is not None and status.activity is Activity.BRIEFING:
        return Condition.BRIEFING
    return Condition.CAUTION if found else Condition.READY


def _laid_by(display: Display) -> tuple[object, ...]:
    """What the place and the width of its chip depend on, and where it is found."""
    return display.place, display.number, display.name, display.name_en
