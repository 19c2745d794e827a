"""What stands in the minutes, row by row, as a person reads it: frozen values and their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from presenter.console_state import NumberOf
from protocol.minutes import Answered, MinutesItem, MinutesKind, QuestionState
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
    QuestionState.WAITING: "回答を待っています",
    QuestionState.ANSWERED: "その場で回答",
    QuestionState.CARRIED: "持ち帰り",
}


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
    ``may_remove``: whether whoever looks may take it out.
    """

    item: int
    number: int
    kind: MinutesKind
    time: str
    text: str
    page_id: PageId | None = None
    page: int = 0
    speaker: str = ""
    state: QuestionState | None = None
    answer: str = ""
    evidence: PageId | None = None
    evidence_page: int = 0
    owner: str = ""
    due: str = ""
    may_remove: bool = True
    carets: tuple[Caret, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """``items``: all of them; of the questions, how many there are, were answered here, and are carried."""

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
        datetime.fromtimestamp(item.when).strftime("%H:%M") if item.when else "",
        text,
        page_id,
        number_of(page_id) if page_id is not None else 0,
        item.speaker,
        item.question_state,
        reply.text if isinstance(reply, Answered) else "",
        evidence,
        number_of(evidence) if evidence is not None else 0,
        item.owner,
        item.due,
        may_remove,
        tuple(carets),
    )


def counts_of(minutes: Mapping[int, MinutesItem]) -> Counts:
    """How many of each."""
    states = [each.question_state for each in minutes.values()]
    return Counts(
        len(states),
        sum(state is not None for state in states),
        states.count(QuestionState.ANSWERED),
        states.count(QuestionState.CARRIED),
    )


def has_owner(kind: MinutesKind, state: QuestionState | None) -> bool:
    """Whether somebody is to see to it until some day."""
    return kind in (KIND.INSTRUCTION, KIND.HOMEWORK) or state is QuestionState.CARRIED
