"""When a display tests itself: at the hour of the settings, once that day, whenever nobody uses the wall.

Pure: times are given. What is known of the test stands in a file of the state folder, which outlives the
screens that are replaced after every briefing.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from kiosk import house_settings
from pageview.whole_file import PRIVATE, write_whole
from protocol.manage import Check, CheckResult, Hindrance, Phase, SelfTest, Verdict

FILE = "self-test.json"
NEVER = SelfTest(Phase.NONE, Hindrance.NOTHING, 0, 0, ())
PROMISED = (Check.PAGE, Check.PAIRING, Check.DISPLAY, Check.DISK, Check.MEMORY, Check.CAGE, Check.CLOCK)
"""Of these there is a result, or it is bad: what was to say so did not come to an end."""


class Wanted(msgspec.Struct, frozen=True):
    """What the process of the checks is told: the state folder, and where the display speaks mDNS."""

    state: str
    own_networks: tuple[str, ...]
    mdns: bool
    mdns_interfaces: tuple[str, ...]


def due(settings: house_settings.SelfTest, now: datetime) -> int:
    """When today's test was to be, in seconds since 1970; 0: none today, or not yet."""
    at = datetime.combine(now.date(), settings.time)
    return int(at.timestamp()) if now.weekday() in settings.days and now >= at else 0


def judged(
    known: SelfTest, due_at: int, now: int, hindrance: Hindrance, its_turn: bool = True
) -> tuple[SelfTest, bool]:
    """What is true now of a test that does not run, and whether it begins at this moment.

    ``due_at``: 0, or when the newest test was to be; ``its_turn``: the displays of a house take turns.
    """
    tested = known.tested if known.tested <= now else 0  # a clock that was wrong
    if not due_at or tested >= due_at:
        unfinished = known.phase in (Phase.WAITING, Phase.RUNNING)
        return (msgspec.structs.replace(known, phase=Phase.SKIPPED) if unfinished else known), False
    if hindrance is not Hindrance.NOTHING or not its_turn:
        return SelfTest(Phase.WAITING, hindrance, due_at, tested, known.results), False
    return SelfTest(Phase.RUNNING, hindrance, due_at, tested, known.results), True


def finished(known: SelfTest, results: tuple[CheckResult, ...], now: int) -> SelfTest:
    """The test is over; what was promised and did not come is bad."""
    there = {each.check for each in results}
    missing = tuple(CheckResult(each, Verdict.BAD) for each in PROMISED if each not in there)
    return SelfTest(Phase.DONE, Hindrance.NOTHING, known.due, now, _ordered((*results, *missing)))


def _ordered(results: tuple[CheckResult, ...]) -> tuple[CheckResult, ...]:
    return tuple(sorted(results, key=lambda each: each.check))


def amended(known: SelfTest, others: tuple[CheckResult, ...]) -> SelfTest:
    """With these results in the place of former ones of the same checks; the test is as old as it was."""
    now = {each.check for each in others}
    results = (*(each for each in known.results if each.check not in now), *others)
    return msgspec.structs.replace(known, results=_ordered(results))


def after_crash(known: SelfTest, now: int) -> SelfTest:
    """A screen that ended in the middle of its test does not try again by itself: it would end again."""
    if known.phase is not Phase.RUNNING:
        return known
    return SelfTest(Phase.DONE, Hindrance.NOTHING, known.due, now, (CheckResult(Check.PAGE, Verdict.BAD),))


def read_kept(state: Path) -> SelfTest:
    """As the screen before this one left it; a file that is damaged knows of no test."""
    try:
        return msgspec.json.decode((state / FILE).read_bytes(), type=SelfTest)
    except (OSError, msgspec.MsgspecError):
        return NEVER


def keep(state: Path, test: SelfTest) -> None:
    """For the next screen; OSError leaves what was there."""
    write_whole(msgspec.json.encode(test), state / FILE, PRIVATE)
