"""準備したもの: pages made and kept unseen until 見せる. Pure; nothing of it is on any disk."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pageview.export_jobs import Source
from pageview.render_results import PageSize

CARDS_LIMIT = 50
BYTES_LIMIT = 200 * 2**20


@dataclass(frozen=True)
class Card:
    """Pages ready to be shown: a PDF and its pages' sizes."""

    number: int
    title: str
    source: Source
    pdf: bytes
    sizes: tuple[PageSize, ...]


@dataclass(frozen=True)
class Cards:
    """The newest first."""

    cards: tuple[Card, ...] = ()
    next_number: int = 1

    def has_room_for(self, length: int) -> bool:
        """Whether one more of so many bytes may be kept."""
        held = sum(len(card.pdf) for card in self.cards)
        return len(self.cards) < CARDS_LIMIT and held + length <= BYTES_LIMIT

    def with_card(self, title: str, source: Source, pdf: bytes, sizes: tuple[PageSize, ...]) -> Cards:
        """One more, under the next number."""
        card = Card(self.next_number, title, source, pdf, sizes)
        return Cards((card, *self.cards), self.next_number + 1)

    def without(self, number: int) -> Cards:
        """The same without that one."""
        return replace(self, cards=tuple(card for card in self.cards if card.number != number))

    def of(self, number: int) -> Card | None:
        """The card of that number."""
        return next((card for card in self.cards if card.number == number), None)
