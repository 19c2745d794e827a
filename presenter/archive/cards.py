"""What former briefings on a subject left open, as values: cards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from presenter.console_state import Words
from presenter.record.facts import day_due
from protocol.ink import When
from protocol.minutes import CARD_LENGTH, DUE_LIMIT, SOURCE_LIMIT

CardId = Annotated[str, Meta(pattern=f"^[0-9a-f]{{{2 * CARD_LENGTH}}}$")]


class Card(msgspec.Struct, frozen=True):
    """Something left open. ``kind``: a question, or anything else that is to be done. ``when``: when it was
    first said, in seconds since 1970; ``source``: where. ``owner``, ``due``: as people wrote them."""

    card: CardId
    kind: Literal["question", "homework"]
    text: Annotated[str, Meta(min_length=1, max_length=10_000)]
    when: When
    source: Annotated[str, Meta(max_length=SOURCE_LIMIT)] = ""
    speaker: Annotated[str, Meta(max_length=80)] = ""
    owner: Annotated[str, Meta(max_length=80)] = ""
    due: Annotated[str, Meta(max_length=DUE_LIMIT)] = ""

    @property
    def day(self) -> str:
        """Until when, as `day_due` has it."""
        return day_due(self.due)


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """What is open of a subject, oldest first; ``told``: files that could not be used, or a share that is
    away."""

    department: str = ""
    subject: str = ""
    cards: tuple[Card, ...] = ()
    told: tuple[Words, ...] = ()
