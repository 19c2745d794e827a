"""Where a page of a briefing stands in a file."""

from __future__ import annotations

from protocol.model import Briefing
from protocol.values import PageId, PageRef


def born_at(briefing: Briefing, page_id: PageId) -> PageRef | None:
    """Where a page stands in the file that it came with, whatever editions came since."""
    place = briefing.page(page_id)
    if place is None:
        return None
    return next(page.ref for each in place[0].editions for page in each.pages if page.page_id == page_id)
