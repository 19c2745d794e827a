"""How the briefing stands against its plan: which paper is due now, and by how much it is late or early."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

ON_TIME_S = 60


class Due(Enum):
    """Where an item of the agenda stands."""

    DONE = auto()
    NOW = auto()
    AHEAD = auto()


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One paper's share of the time."""

    title: str
    minutes: int
    due: Due
    explainer: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """A paper with its planned minutes, its number of pages, and who explains it; "": whoever presents.

    ``key``: which paper, of those chosen before the briefing, of the briefing's own while it runs.
    """

    title: str
    minutes: int
    pages: int
    explainer: str = ""
    key: int = 0


def shared_out(total: int, pages: Sequence[int]) -> tuple[int, ...]:
    """Whole minutes for each paper by its pages; they add up to ``total``."""
    if not pages:
        return ()
    everything = max(1, sum(pages))
    ends = []
    so_far = 0
    for count in pages:
        so_far += count
        ends.append(round(total * so_far / everything))
    return tuple(end - start for start, end in zip((0, *ends), ends, strict=False))


def agenda(papers: Sequence[Planned], now: int) -> tuple[AgendaItem, ...]:
    """The agenda while paper ``now`` (from 0) is being shown."""
    return tuple(
        AgendaItem(paper.title, paper.minutes, _due(n, now), paper.explainer)
        for n, paper in enumerate(papers)
    )


def _due(n: int, now: int) -> Due:
    return Due.DONE if n < now else Due.NOW if n == now else Due.AHEAD


def left_s(papers: Sequence[Planned], now: int, elapsed_s: float) -> float | None:
    """Seconds until paper ``now`` (from 0) is to be through, negative when it should have been; None where
    nothing is planned for it."""
    if not 0 <= now < len(papers) or not papers[now].minutes:
        return None
    return sum(paper.minutes for paper in papers[: now + 1]) * 60.0 - elapsed_s


def behind_s(papers: Sequence[Planned], now: int, page: int, elapsed_s: float) -> float:
    """Seconds behind the plan (negative: ahead) on page ``page`` (from 0) of paper ``now``.

    A page counts as running on time as long as the time planned for it lasts; a paper that joined without
    minutes, looked up perhaps, says nothing of the plan.
    """
    if not 0 <= now < len(papers) or not papers[now].minutes:
        return 0.0
    before = sum(paper.minutes for paper in papers[:now]) * 60.0
    a_page = papers[now].minutes * 60.0 / max(1, papers[now].pages)
    begins, ends = before + page * a_page, before + (page + 1) * a_page
    if elapsed_s < begins:
        return elapsed_s - begins
    return max(0.0, elapsed_s - ends)


def clock(seconds: float) -> str:
    """20:12, or 1:02:03 from an hour on."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
