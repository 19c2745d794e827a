"""What the presenter does with papers in a room that a seed drives (see ``rooms``)."""

from __future__ import annotations

from random import Random

from protocol.authority import Authority
from protocol.errors import Refusal
from protocol.ops import NewEdition, OfferPaper, OrderPapers, WithdrawPaper
from protocol.values import Blob, EditionPage, PageRef
from tests.protocol.values import A4


class Papering:
    """``random`` is the whole room's, so that a seed stays one run."""

    def __init__(self, random: Random, authority: Authority) -> None:
        self._random = random
        self._authority = authority

    def something(self) -> None:
        doing = self._random.choice([self.offer, self._edition, self._edition, self._edition, self._order])
        if self._random.random() < 0.1 and len(self._authority.briefing.papers) > 1:
            self._authority.edit(WithdrawPaper(self._random.choice(self._authority.briefing.papers).paper))
        else:
            doing()

    def offer(self) -> None:
        briefing = self._authority.briefing
        if len(briefing.papers) < 4:
            blob = self._blob()
            number = 1 + max((paper.paper for paper in briefing.papers), default=0)
            pages = self._pages(blob, self._random.randint(1, 5))
            self._authority.edit(OfferPaper(number, "資料", blob, pages))

    def _order(self) -> None:
        numbers = [paper.paper for paper in self._authority.briefing.papers]
        self._random.shuffle(numbers)
        self._authority.edit(OrderPapers(tuple(numbers)))

    def _edition(self) -> None:
        if not self._authority.briefing.papers:
            return
        paper = self._random.choice(self._authority.briefing.papers)
        base = self._random.randint(max(1, len(paper.editions) - 1), len(paper.editions))
        pages = paper.editions[base - 1].pages
        at = self._random.randint(0, len(pages))
        removed = self._random.randint(0, min(2, len(pages) - at))
        blob = self._blob()
        new = self._pages(blob, self._random.randint(0, 2))
        if removed and self._random.random() < 0.6:
            new = tuple(
                EditionPage(page.page_id, PageRef(blob.sha256, n), *A4)
                for n, page in enumerate(pages[at : at + removed])
            )
        try:
            self._authority.edit(NewEdition(paper.paper, base, at, removed, new, (blob,)))
        except Refusal:
            return

    def _blob(self) -> Blob:
        return Blob(self._random.randbytes(32), 1_000)

    def _pages(self, blob: Blob, count: int) -> tuple[EditionPage, ...]:
        first = self._authority.briefing.next_page_id
        return tuple(EditionPage(first + n, PageRef(blob.sha256, n), *A4) for n in range(count))
