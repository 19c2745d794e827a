"""What people do with the minutes in a room that a seed drives (see ``rooms``)."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from protocol.minutes import Answered, Carried, MinutesKind
from protocol.model import Briefing
from protocol.ops import (
    Allow,
    AnswerQuestion,
    AssignMinutes,
    Op,
    OpenMinutes,
    RemoveMinutes,
    SetMinutes,
)
from protocol.session import Authority, Replica
from protocol.values import OWNER

Side = Authority | Replica
FIRST = 50_000


class Minuting:
    """``edit`` makes an edit and keeps account of what is refused."""

    def __init__(self, random: Random, edit: Callable[[Side, Op], bool]) -> None:
        self._random, self._edit = random, edit
        self._next = FIRST

    def something(self, side: Side) -> None:
        if getattr(side, "peer", OWNER) is None:
            return
        self._edit(side, self._op(side.briefing))

    def grant(self, authority: Authority, peer: int) -> None:
        """That follower may write in the minutes, or may not any more."""
        self._edit(authority, Allow(peer, "鈴木", False, False, self._random.random() < 0.7))

    def _op(self, briefing: Briefing) -> Op:
        random = self._random
        there = [*briefing.minutes, *briefing.removed_minutes]
        page_id = random.choice([None, *(page.page_id for page in briefing.pages())])
        kind = random.choice(list(MinutesKind))
        if not there or random.random() < 0.3:
            self._next += 1
            return OpenMinutes(self._next, kind, page_id, "", 0)
        item = random.choice(there)
        return random.choice(
            [
                SetMinutes(item, kind, page_id, random.choice(["", "副知事"])),
                AnswerQuestion(item, random.choice([None, Carried(), Answered(page_id, "8か所")]), 0),
                AssignMinutes(item, random.choice(["", "佐藤"]), ""),
                RemoveMinutes(item, random.random() < 0.5),
            ]
        )

    def check(self, briefing: Briefing) -> None:
        """Everything that was opened is there once, in its order, with its text."""
        assert not set(briefing.minutes) & set(briefing.removed_minutes)
        for there in (briefing.minutes, briefing.removed_minutes):
            numbers = [each.number for each in there.values()]
            assert numbers == sorted(numbers)
            assert set(there) <= set(briefing.items)
        both = {**briefing.minutes, **briefing.removed_minutes}
        assert sorted(each.number for each in both.values()) == list(range(1, len(both) + 1))
