"""A notice and who cannot take it yet."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial

from kiosk.fleet.model import Fleet
from kiosk.fleet.posting import Posting
from protocol.manage import NOTICE_MINUTES, Activity, Notice, Outcome
from tests.kiosk.fleet_rooms import device_of, status

READY, SILENT, BUSY = (device_of(number) for number in (1, 2, 3))
START = 1_795_500_000.0
NONE = Notice("", 1, emergency=False)


@dataclass
class House:
    """Three displays, what is sent to them, and what they answer."""

    now: float = START
    answer: Outcome | None = Outcome.DONE
    sent: list[tuple[bytes, Notice]] = field(default_factory=list)
    later: list[Callable[[], None]] | None = None
    """Answers under way, where nobody answers at once."""

    def __post_init__(self) -> None:
        self.fleet = Fleet()
        for number in (1, 2, 3):
            self.tells(number)
        self.tells(3, Activity.BRIEFING)
        self.fleet.went_silent(SILENT, self.now)
        self.posting = Posting(self.fleet, self, lambda: self.now)

    def tells(self, number: int, activity: Activity = Activity.STANDBY) -> None:
        told = status(number, f"{number}", "本庁舎", self.now, activity=activity)
        self.fleet.saw(device_of(number), told, "10.1.1.9:47400", 0, self.now)

    def order(
        self,
        devices: tuple[bytes, ...],
        command: Notice,
        *,
        heard: Callable[[bytes, Outcome | None], None],
        again: Collection[Outcome | None],
    ) -> None:
        for each in devices:
            self.sent.append((each, command))
            if self.later is None:
                heard(each, self.answer)
            else:
                self.later.append(partial(heard, each, self.answer))

    def comes_back(self, number: int) -> list[Notice]:
        """What it is sent when it has told how it is, each half minute."""
        self.sent.clear()
        for _ in range(3):
            self.tells(number)
            self.posting.saw(device_of(number))
        return [notice for _, notice in self.sent]


ALL = (READY, SILENT, BUSY)


def test_who_is_silent_or_in_a_briefing_has_it_later_and_for_what_is_left_of_it() -> None:
    house, notice = House(), Notice("停電します", 30, emergency=False)
    house.posting.post(notice, ALL)
    assert house.sent == [(READY, notice)]
    house.now += 600
    assert house.comes_back(1) == []
    for number in (2, 3):
        assert house.comes_back(number) == [Notice("停電します", 20, emergency=False)]


def test_what_is_over_or_was_taken_away_meanwhile_comes_no_more() -> None:
    house, notice = House(), Notice("停電します", 30, emergency=False)
    house.posting.post(notice, ALL)
    house.posting.post(NONE, (BUSY, SILENT))
    assert house.sent == [(READY, notice), (BUSY, NONE)], "taken away over a briefing, too"
    assert house.comes_back(2) == [NONE]
    house.posting.post(notice, (BUSY,))
    house.now += 1_800
    assert house.comes_back(3) == []
    assert house.comes_back(2) == []


def test_an_emergency_is_over_briefings_at_once_and_what_did_not_arrive_is_sent_again() -> None:
    house, notice = House(answer=None), Notice("地震です", NOTICE_MINUTES, emergency=True)
    house.posting.post(notice, (READY, BUSY))
    assert house.sent == [(READY, notice), (BUSY, notice)]
    assert house.comes_back(1) == [notice] * 3
    house.answer = Outcome.DONE
    assert house.comes_back(1) == [notice]
    house.answer = Outcome.ROLE
    assert house.comes_back(3) == [notice], "nobody who refuses it is asked again"


def test_another_notice_before_the_first_was_answered_is_sent_once() -> None:
    house = House(later=[])
    assert house.later is not None
    first, second = (Notice(text, 30, emergency=False) for text in ("停電します", "延期です"))
    for notice in (first, second):
        house.posting.post(notice, (READY,))
    for answered in house.later:
        answered()
    assert house.sent == [(READY, first), (READY, second)]
    assert house.comes_back(1) == []
    house.posting.post(first, (READY,))
    house.tells(1, Activity.BRIEFING)
    house.posting.post(second, (READY,))
    assert house.sent == [(READY, first)]
    assert house.comes_back(1) == [], "the first is under way"
    house.later[-1]()
    assert house.sent == [(READY, second)]
