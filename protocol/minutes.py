"""Minutes (記録): what was said, asked, decided and given out, while it is said.

An item of the minutes is a text that several people type in (`protocol.texts.Item`, in ``Briefing.items``)
and, under the same number, a `MinutesItem`: everything about it but its text. What is taken out is kept
aside, so that it can come back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta
from msgspec.structs import replace

from protocol import corrections
from protocol.errors import Reason, Refusal
from protocol.ink import When
from protocol.values import PageId, PeerId, PersonName, Value

if TYPE_CHECKING:
    from protocol.ops import AssignMinutes, OpenMinutes, RemoveMinutes, SetMinutes, SetReply

MINUTES_LIMIT = 5_000
"""Items of one briefing, with those that were taken out."""
ANSWER_LIMIT = 2_000
DUE_LIMIT = 40


class MinutesKind(IntEnum):
    """What an item is (発言・説明、質問、決定、指示、宿題、備考)."""

    SAID = 0
    QUESTION = 1
    DECISION = 2
    INSTRUCTION = 3
    HOMEWORK = 4
    NOTE = 5


class ItemState(IntEnum):
    """How far a question is (回答を待っています、その場で回答、持ち帰り), or homework (済み); both may
    be withdrawn (取下げ)."""

    WAITING = 0
    ANSWERED = 1
    CARRIED = 2
    TO_DO = 3
    DONE = 4
    WITHDRAWN = 5


class Answered(Value, frozen=True, tag=1):
    """A question was answered here. Its evidence: the page shown then, or None, and words, or none."""

    page_id: PageId | None
    text: Annotated[str, Meta(max_length=ANSWER_LIMIT)] = ""


class Carried(Value, frozen=True, tag=2):
    """A question was taken back to be answered; who and until when are the item's ``owner`` and ``due``."""


class Done(Value, frozen=True, tag=3):
    """Homework is done (済み)."""


class Withdrawn(Value, frozen=True, tag=4):
    """Nobody needs to see to a question or homework any more (取下げ)."""


Reply = Answered | Carried | Done | Withdrawn
REPLIES: dict[MinutesKind, tuple[type[Reply], ...]] = {
    MinutesKind.QUESTION: (Answered, Carried, Withdrawn),
    MinutesKind.HOMEWORK: (Done, Withdrawn),
}
"""What may become of an item of that kind; of others nothing."""
CARD_LENGTH = 16
SOURCE_LIMIT = 200


class Former(Value, frozen=True):
    """Where an item that a former briefing left open comes from (前回から). ``card``: the same in every
    briefing that it is carried to. ``when``: when it was first said, a label; ``source``: where, for people.
    """

    card: Annotated[bytes, Meta(min_length=CARD_LENGTH, max_length=CARD_LENGTH)]
    when: When
    source: Annotated[str, Meta(max_length=SOURCE_LIMIT)]


class MinutesItem(Value, frozen=True):
    """``item``: its identity, and that of its text. ``number``: from 1, in the order of opening.

    ``page_id``: the page it was said at; None: at no page. ``when``: the clock of ``author``, who began it,
    in seconds since 1970, a label. ``speaker``, ``owner``, ``due``: as people wrote them; empty: nobody said.
    ``reply``: what became of a question or of homework (see `REPLIES`); None: it is as it was said.
    ``former``: None for what was first said in this briefing.
    """

    item: Annotated[int, Meta(ge=0, le=2**40)]
    number: Annotated[int, Meta(ge=1, le=MINUTES_LIMIT)]
    kind: MinutesKind
    page_id: PageId | None
    author: PeerId
    when: When
    speaker: PersonName = ""
    owner: PersonName = ""
    due: Annotated[str, Meta(max_length=DUE_LIMIT)] = ""
    reply: Reply | None = None
    reply_by: PeerId = 0
    reply_when: When = 0
    former: Former | None = None

    @property
    def state(self) -> ItemState | None:
        """How far it is; None for what is neither question nor homework."""
        match self.reply:
            case Answered():
                return ItemState.ANSWERED
            case Carried():
                return ItemState.CARRIED
            case Done():
                return ItemState.DONE
            case Withdrawn():
                return ItemState.WITHDRAWN
            case None if self.kind is MinutesKind.QUESTION:
                return ItemState.WAITING
            case None if self.kind is MinutesKind.HOMEWORK:
                return ItemState.TO_DO
        return None

    @property
    def is_carried(self) -> bool:
        """Whether it counts as 持ち帰り while people talk: a question that was carried, homework to be done.
        An instruction does not, nor a question that may still be answered here."""
        return self.state in (ItemState.CARRIED, ItemState.TO_DO)


Minutes = Mapping[int, MinutesItem]


def free_item(items: Iterable[int], author: PeerId) -> int:
    """A number for one more item by ``author``, of all ``items`` of texts that there are."""
    return corrections.free_item(items, author, 2)


def free_former(items: Iterable[int], author: PeerId) -> int:
    """The same for what a former briefing left open: it may come in while ``author`` begins to type, and the
    log has neither yet."""
    return corrections.free_item(items, author, 3)


def opened(minutes: Minutes, removed: Minutes, op: OpenMinutes, author: PeerId) -> MinutesItem:
    """A new one, with the next number; `Refusal` when there are too many, or when what it goes on with is
    there already."""
    if op.former is not None:
        cards = (
            each.former.card for each in (*minutes.values(), *removed.values()) if each.former is not None
        )
        if op.former.card in cards:
            raise Refusal(Reason.ALREADY_THERE)
    number = _last_number(minutes, removed) + 1
    if number > MINUTES_LIMIT:
        raise Refusal(Reason.TOO_MANY)
    return MinutesItem(
        op.item,
        number,
        op.kind,
        op.page_id,
        author,
        op.when,
        op.speaker,
        op.owner,
        op.due,
        former=op.former,
    )


def described(item: MinutesItem, op: SetMinutes) -> MinutesItem:
    """As what, where and by whom it was said. `Refusal` when nothing changes, and when it has a reply and
    would be of another kind: a person takes the reply back first, so that no slip on a key loses it."""
    if item.reply is not None and op.kind is not item.kind:
        raise Refusal(Reason.SETTLED)
    return _other(item, replace(item, kind=op.kind, page_id=op.page_id, speaker=op.speaker))


def replied(item: MinutesItem, op: SetReply, author: PeerId) -> MinutesItem:
    """With another reply, or none again. `Refusal` when it has that one, or when its kind knows no
    such reply."""
    if op.reply is not None and not isinstance(op.reply, REPLIES.get(item.kind, ())):
        raise Refusal(Reason.NOT_ALLOWED)
    if item.reply == op.reply:
        raise Refusal(Reason.NOTHING_CHANGED)
    return replace(item, reply=op.reply, reply_by=author, reply_when=op.when)


def assigned(item: MinutesItem, op: AssignMinutes) -> MinutesItem:
    """With who sees to it, and until when. `Refusal` when nothing changes."""
    return _other(item, replace(item, owner=op.owner, due=op.due))


def moved(minutes: Minutes, removed: Minutes, op: RemoveMinutes) -> tuple[Minutes, Minutes]:
    """What stands and what is taken out, each in the order of opening, after one item changed sides."""
    source, target = (minutes, removed) if op.removed else (removed, minutes)
    if op.item not in source:
        raise Refusal(Reason.NOTHING_CHANGED if op.item in target else Reason.UNKNOWN_ITEM)
    left = {number: each for number, each in source.items() if number != op.item}
    grown = sorted((*target.values(), source[op.item]), key=lambda each: each.number)
    there = {each.item: each for each in grown}
    return (left, there) if op.removed else (there, left)


def adopted(minutes: Minutes, removed: Minutes, from_former: tuple[MinutesItem, ...]) -> Minutes:
    """With those of a former briefing; `Refusal` unless their numbers go on from the last one."""
    after = dict(minutes)
    last = _last_number(minutes, removed)
    for each in from_former:
        if each.number <= last or each.item in after or each.item in removed:
            raise Refusal(Reason.ALREADY_THERE)
        after[each.item] = each
        last = each.number
    return after


def _last_number(minutes: Minutes, removed: Minutes) -> int:
    return max((each.number for each in (*minutes.values(), *removed.values())), default=0)


def _other(before: MinutesItem, after: MinutesItem) -> MinutesItem:
    if after == before:
        raise Refusal(Reason.NOTHING_CHANGED)
    return after
