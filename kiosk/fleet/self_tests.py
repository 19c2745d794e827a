"""The self-tests of the house: one row for each display, what is wrong first. No clock, no Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from kiosk.fleet.answers import Refusal
from kiosk.fleet.model import CLOCK_OFF, Display, Fleet, worst_of
from kiosk.fleet.self_test_words import (
    advice_words,
    check_word,
    found_words,
    skipped_words,
    waiting_words,
)
from kiosk.fleet.words import booked_words, name_of, place_of, refusal_words
from pageview.spreadsheet import spreadsheet
from pageview.wording import say
from protocol.manage import Check, CheckResult, Phase, Verdict


class Mark(IntEnum):
    """What a row is to people, in the order in which rows stand."""

    BAD = 0
    SILENT = 1
    LOOK = 2
    LEFT_OUT = 3
    WAITING = 4
    RUNNING = 5
    GOOD = 6


@dataclass(frozen=True, slots=True)
class Row:
    """``more``: further things that are not good. ``tested``: by the console's clock, 0 for not today."""

    device: bytes
    number: int
    name: str
    place: str
    mark: Mark
    reason: str
    advice: str
    tested: float
    more: int
    results: tuple[CheckResult, ...]


def mark_word(mark: Mark) -> str:
    return {
        Mark.BAD: say("要対応"),
        Mark.SILENT: say("応答なし"),
        Mark.LOOK: say("注意"),
        Mark.LEFT_OUT: say("未実施"),
        Mark.WAITING: say("順番待ち"),
        Mark.RUNNING: say("点検しています"),
        Mark.GOOD: say("良好"),
    }[mark]


def rows(fleet: Fleet, now: float) -> tuple[Row, ...]:
    """What is wrong first, then by room number."""
    found = (_row(each, each.asking or fleet.shut_out, now) for each in fleet.displays.values())
    return tuple(sorted(found, key=lambda row: (row.mark, row.number)))


def _row(display: Display, asking: bool, now: float) -> Row:
    tested = _tested_today(display, now)
    results = _results(display) if tested else ()
    mark, reason, advice = _judged(display, asking, results, bool(tested))
    if mark in (Mark.BAD, Mark.SILENT, Mark.LOOK):
        reason += booked_words(display, now)
    more = max(0, sum(each.verdict is not Verdict.GOOD for each in results) - 1)
    return Row(
        display.device,
        display.number,
        name_of(display),
        place_of(display),
        mark,
        reason,
        advice,
        tested,
        more if mark in (Mark.BAD, Mark.LOOK) else 0,
        results,
    )


def _tested_today(display: Display, now: float) -> float:
    """When, by our own clock; a display whose clock is wrong is not taken at its word."""
    test = display.test
    if test is None or not test.tested:
        return 0.0
    at = display.our_time(test.tested)
    return at if datetime.fromtimestamp(at).date() == datetime.fromtimestamp(now).date() else 0.0


def _results(display: Display) -> tuple[CheckResult, ...]:
    """The display's own, and what only another machine can see: how far its clock is off."""
    results = display.test.results if display.test is not None else ()
    if abs(display.clock_off) <= CLOCK_OFF:
        return results
    off = CheckResult(Check.CLOCK, Verdict.LOOK)
    return (*(each for each in results if each.check is not Check.CLOCK), off)


def _judged(
    display: Display, asking: bool, results: tuple[CheckResult, ...], today: bool
) -> tuple[Mark, str, str]:
    """Mark, reason, what to do."""
    test = display.test
    if not display.linked:
        if asking:
            return Mark.WAITING, say("確認中"), ""
        if display.refuses is not Refusal.SILENT:
            return Mark.SILENT, refusal_words(display.refuses), ""
        power = say("部屋で、画面と本体の電源、LANの線を順に確かめてください。")
        return Mark.SILENT, say("応答がありません。"), power
    again = say("「選んだ部屋を点検する」で、点検できます。")
    if test is not None and test.phase is Phase.RUNNING:
        return Mark.RUNNING, say("数秒で終わります。"), ""
    if test is not None and test.phase is Phase.WAITING:
        return Mark.WAITING, waiting_words(test.hindrance), ""
    worst = worst_of(results)
    if not today or worst is None:
        if test is not None and test.phase is Phase.SKIPPED:
            return Mark.LEFT_OUT, skipped_words(test.hindrance), again
        return Mark.LEFT_OUT, say("きょうは、まだ点検していません。"), again
    if worst.verdict is Verdict.GOOD:
        return Mark.GOOD, say("問題はありません。"), ""
    mark = Mark.BAD if worst.verdict is Verdict.BAD else Mark.LOOK
    return mark, found_words(worst), advice_words(worst)


def silent_names(found: Iterable[Row]) -> str:
    """Those that do not answer, by name."""
    return say("、").join(row.name for row in found if row.mark is Mark.SILENT)


def as_csv(found: Iterable[Row]) -> bytes:
    """For a spreadsheet, one column for each check."""
    heads = (say("番号"), say("名前"), say("建物と階"), say("結果"), say("見つかったこと"), say("すること"))
    checks = (check_word(each) for each in Check)
    return spreadsheet((*heads, say("点検した時刻"), *checks), map(_cells, found))


def _cells(row: Row) -> tuple[str, ...]:
    signs = {Verdict.GOOD: "○", Verdict.LOOK: "△", Verdict.BAD: "×"}
    by_check = {each.check: signs[each.verdict] for each in row.results}
    when = f"{datetime.fromtimestamp(row.tested):%Y-%m-%d %H:%M:%S}" if row.tested else ""
    said = (str(row.number), row.name, row.place, mark_word(row.mark), row.reason, row.advice, when)
    return (*said, *(by_check.get(each, "") for each in Check))
