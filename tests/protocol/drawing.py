"""What people do with ink and corrections in a room that a seed drives (see ``rooms``)."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from protocol.authority import Authority
from protocol.corrections import CorrectionState
from protocol.errors import Refusal
from protocol.ink import Colour, MarkId, NewMark, Pen, Placement, Stroke, Tool, packed
from protocol.model import Briefing
from protocol.ops import (
    Draw,
    Erase,
    MoveMarks,
    Op,
    OpenCorrection,
    Reanchor,
    SetCorrection,
)
from protocol.presence import Wet
from protocol.replica import Replica
from protocol.values import OWNER, Rect

Side = Authority | Replica
PEN = Pen(Tool.PEN, Colour.RED, 150)


class Drawing:
    """``edit`` makes an edit and keeps account of what is refused."""

    def __init__(self, random: Random, edit: Callable[[Side, Op], bool]) -> None:
        self._random = random
        self._edit = edit
        self.drawn: set[MarkId] = set()
        self.items = 100
        self._numbers: dict[int, int] = {}

    def something(self, side: Side) -> None:
        pages = list(side.briefing.pages())
        if not pages or getattr(side, "peer", OWNER) is None:
            return
        doing = self._random.choice(
            [self._draw, self._draw, self._draw, self._wet, self._erase, self._move, self._correct, self._set]
        )
        doing(side, self._random.choice(pages).page_id)

    def _draw(self, side: Side, page_id: int) -> None:
        author = self._author(side)
        n = self._numbers[author] = self._numbers.get(author, -1) + 1
        xs = [self._random.randint(0, 50_000) for _ in range(3)]
        erased = self._some(side, page_id)[:1] if self._random.random() < 0.2 else ()
        mark = NewMark(n, Stroke(PEN, xs[0], xs[0], packed(xs, xs)))
        if self._edit(side, Draw(page_id, 1, 0, (mark,), erased)):
            self.drawn.add(MarkId(author, n))

    def _wet(self, side: Side, page_id: int) -> None:
        try:
            side.present(Wet(page_id, 1, PEN, True, 5, 5, b""))
        except Refusal:
            return

    def _erase(self, side: Side, page_id: int) -> None:
        ids = self._some(side, page_id)
        cut = self._random.randint(0, len(ids))
        self._edit(side, Erase(page_id, ids[:cut], ids[cut:]))

    def _move(self, side: Side, page_id: int) -> None:
        ids = self._some(side, page_id)
        if isinstance(side, Authority) and self._random.random() < 0.3:
            to = self._random.choice([None, page_id, *(page.page_id for page in side.briefing.pages())])
            self._edit(side, Reanchor(page_id, to, ids, Placement(10_000, 0, 0, 10_000, 7, 7)))
        else:
            self._edit(side, MoveMarks(page_id, ids, 10, -10))

    def _correct(self, side: Side, page_id: int) -> None:
        self.items += 1
        self._edit(side, OpenCorrection(self.items, page_id, 1, (Rect(1, 1, 9, 9),), "旧", "", 0))

    def _set(self, side: Side, page_id: int) -> None:
        corrections = list(side.briefing.corrections)
        if corrections:
            state = self._random.choice(list(CorrectionState))
            self._edit(side, SetCorrection(self._random.choice(corrections), state, 0))

    def _some(self, side: Side, page_id: int) -> tuple[MarkId, ...]:
        """A few marks, of those that this side may touch more often than not."""
        author, ids = self._author(side), list(side.briefing.ink.at(page_id))
        if author != OWNER and self._random.random() < 0.9:
            ids = [id for id in ids if id.author == author]
        return tuple(self._random.sample(ids, min(len(ids), self._random.randint(1, 3))))

    def _author(self, side: Side) -> int:
        return OWNER if isinstance(side, Authority) else side.peer or OWNER

    def check_nothing_lost(self, briefing: Briefing, refused: set[MarkId]) -> None:
        """Every mark that was drawn is there, on some page or in the tray, unless its author was told."""
        there = [id for marks in briefing.ink.pages.values() for id in marks]
        assert len(there) == len(set(there)) == briefing.ink.count
        assert set(there) == self.drawn - refused
        numbers = sorted(each.number for each in briefing.corrections.values())
        assert numbers == list(range(1, len(numbers) + 1))
