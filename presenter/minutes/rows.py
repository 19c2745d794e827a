"""What stands in the minutes, row by row, as a person reads it: frozen values and their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from presenter.console_state import NumberOf
from protocol.minutes import Answered, Former, ItemState, MinutesItem, MinutesKind
from protocol.model import Briefing
from protocol.values import PageId, PeerId

KIND = MinutesKind
KIND_WORDS = {
    KIND.SAID: "発言",
    KIND.QUESTION: "質問",
    KIND.DECISION: "決定",
    KIND.INSTRUCTION: "指示",
    KIND.HOMEWORK: "宿題",
    KIND.NOTE: "備考",
}
STATE_WORDS = {
    ItemState.WAITING: "回答を待っています",
    ItemState.ANSWERED: "その場で回答",
    ItemState.CARRIED: "持ち帰り",
    ItemState.DONE: "済み",
    ItemState.WITHDRAWN: "取下げ",
}
"""Of homework that is to be done nothing is said: its kind says it."""


@dataclass(frozen=True, slots=True)
class Caret:
    """Where somebody else types: before code point ``place``. ``fresh``: a moment ago, so that their name
    stands at it."""

    peer: PeerId
    name: str
    place: int
    fresh: bool = True


@dataclass(frozen=True, slots=True)
class MinutesRow:
    """One item. ``page_id``: where one can go to see what it was said at, None: nowhere; ``page``: that
    page's number. ``answer``: the words of the answer, ``evidence``: the page shown with it, as those two.
    ``settled``: by whom it was done or withdrawn, and when. ``former``: where it comes from, of what a former
    briefing left open. ``may_remove``: whether whoever looks may take it out.
    """

    item: int
    number: int
    kind: MinutesKind
    time: str
    text: str
    page_id: PageId | None = None
    page: int = 0
    speaker: str = ""
    state: ItemState | None = None
    answer: str = ""
    evidence: PageId | None = None
    evidence_page: int = 0
    owner: str = ""
    due: str = ""
    settled: str = ""
    former: Former | None = None
    may_remove: bool = True
    carets: tuple[Caret, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """``items``: all of them; how many questions there are, and were answered here. ``carried``: 持ち帰り, as
    `MinutesItem.is_carried` has it."""

    items: int = 0
    questions: int = 0
    answered: int = 0
    carried: int = 0


def row_of(
    briefing: Briefing,
    item: MinutesItem,
    number_of: NumberOf,
    text: str | None = None,
    carets: Sequence[Caret] = (),
    *,
    may_remove: bool = True,
) -> MinutesRow:
    """``text``: as it is typed here, ahead of the log; None: as the briefing has it."""
    if text is None:
        text = briefing.items[item.item].text if item.item in briefing.items else ""
    reply = item.reply
    page_id = briefing.nearest_page(item.page_id)
    evidence = briefing.nearest_page(reply.page_id) if isinstance(reply, Answered) else None
    return MinutesRow(
        item.item,
        item.number,
        item.kind,
        _clock(item.when),
        text,
        page_id,
        number_of(page_id) if page_id is not None else 0,
        item.speaker,
        item.state,
        reply.text if isinstance(reply, Answered) else "",
        evidence,
        number_of(evidence) if evidence is not None else 0,
        item.owner,
        item.due,
        _settled(briefing, item),
        item.former,
        may_remove,
        tuple(carets),
    )


def _clock(when: int) -> str:
    return datetime.fromtimestamp(when).strftime("%H:%M") if when else ""


def _settled(briefing: Briefing, item: MinutesItem) -> str:
    if item.state not in (ItemState.DONE, ItemState.WITHDRAWN):
        return ""
    return " ".join(filter(None, (briefing.names.get(item.reply_by, ""), _clock(item.reply_when))))


def counts_of(minutes: Mapping[int, MinutesItem]) -> Counts:
    """How many of each."""
    items = minutes.values()
    return Counts(
        len(items),
        sum(each.kind is KIND.QUESTION for each in items),
        sum(each.state is ItemState.ANSWERED for each in items),
        sum(each.is_carried for each in items),
    )


def has_owner(kind: MinutesKind, state: ItemState | None) -> bool:
    """Whether somebody is to see to it until some day."""
    return kind is KIND.INSTRUCTION or state in (ItemState.CARRIED, ItemState.TO_DO)
