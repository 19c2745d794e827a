"""What people do with the minutes in a room that a seed drives (see ``rooms``)."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from protocol.authority import Authority
from protocol.minutes import REPLIES, Answered, Carried, Done, Former, MinutesKind, Withdrawn
from protocol.model import Briefing
from protocol.ops import (
    Allow,
    AssignMinutes,
    NameSubject,
    Op,
    OpenMinutes,
    PlanPaper,
    RemoveMinutes,
    SetMinutes,
    SetReply,
)
from protocol.replica import Replica
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

    def plan(self, authority: Authority) -> None:
        """What only the owner does: the agenda, and what a former briefing left open."""
        random, briefing = self._random, authority.briefing
        if random.random() < 0.5 and briefing.papers:
            paper = random.choice(briefing.papers).paper
            self._edit(authority, PlanPaper(paper, random.randrange(3), random.choice(["", "佐藤"])))
        elif random.random() < 0.3:
            self._edit(authority, NameSubject(random.choice(["", "河川改修"])))
        else:
            self._next += 1
            kind = random.choice(list(MinutesKind))
            former = Former(bytes([random.randrange(8)] * 16), 0, "前回 7ページ")
            self._edit(authority, OpenMinutes(self._next, kind, None, "前回から", 0, "", former))

    def _op(self, briefing: Briefing) -> Op:
        random = self._random
        there = [*briefing.minutes, *briefing.removed_minutes]
        page_id = random.choice([None, *(page.page_id for page in briefing.pages())])
        kind = random.choice(list(MinutesKind))
        if not there or random.random() < 0.3:
            self._next += 1
            return OpenMinutes(self._next, kind, page_id, "", 0)
        item = random.choice(there)
        replies = [None, Carried(), Done(), Withdrawn(), Answered(page_id, "8か所")]
        return random.choice(
            [
                SetMinutes(item, kind, page_id, random.choice(["", "副知事"])),
                SetReply(item, random.choice(replies), 0),
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
        cards = [each.former.card for each in both.values() if each.former is not None]
        assert len(cards) == len(set(cards)), "a card is taken up once"
        assert all(each.reply is None or isinstance(each.reply, REPLIES[each.kind]) for each in both.values())
