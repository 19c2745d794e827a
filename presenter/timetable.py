"""How long a briefing has been going on, and the minutes that are planned for each of its papers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from presenter.pace import Planned
from protocol.model import Place
from protocol.papers import Paper
from protocol.registers import SetTimer


class Timetable:
    """``clock`` gives monotonic seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.began_at: datetime | None = None
        """None while no briefing runs."""
        self._began = 0.0
        self._before = 0.0
        self._papers: Sequence[Paper] = ()
        self._told: SetTimer | None = None
        self.on_walls = False
        """Whether walls tell how long the paper presented still has."""

    def begin(self, papers: Sequence[Paper], elapsed_s: float) -> None:
        """The clock starts, ``elapsed_s`` after the beginning."""
        self.began_at = datetime.now() - timedelta(seconds=elapsed_s)
        self._began, self._before = self._clock(), elapsed_s
        self._papers, self._told = papers, None

    def end(self) -> None:
        """The clock stops."""
        self.began_at, self.on_walls = None, False

    def take(self, papers: Sequence[Paper]) -> None:
        """The papers are these now."""
        self._papers = papers

    @property
    def elapsed_s(self) -> float:
        """Since 開始, and what a briefing that goes on had before."""
        return self._before + self._clock() - self._began if self.began_at is not None else 0.0

    @property
    def planned_minutes(self) -> int:
        """The whole plan; 0 for none."""
        return sum(each.minutes for each in self.planned())

    def planned(self) -> tuple[Planned, ...]:
        """The papers with their minutes and pages."""
        return tuple(
            Planned(paper.title, paper.minutes, len(paper.edition.pages), paper.explainer, paper.paper)
            for paper in self._papers
        )

    def news(self, presented: Place | None) -> SetTimer | None:
        """As everybody is told it, where the plan is another than was told last; ``presented``: what walls
        show."""
        due = None
        if self.on_walls and presented is not None and presented[0].minutes:
            ids = [paper.paper for paper in self._papers]
            due = sum(each.minutes for each in self._papers[: ids.index(presented[0].paper) + 1]) * 60_000
        told = SetTimer(round(self.elapsed_s * 1_000), self.planned_minutes * 60_000, True, due)
        if self._told is not None and (told.planned, told.due) == (self._told.planned, self._told.due):
            return None
        self._told = told
        return told
