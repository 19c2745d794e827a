"""Subject and agenda, before the briefing and while it runs; and what former briefings left open of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from presenter.archive.cards import Card, CarriedOver
from presenter.archive.clerk import subject_in
from presenter.archiving import Archiving
from presenter.chosen import Chosen
from presenter.console_flow import ConsoleFlow
from presenter.network import Network
from presenter.pace import Planned, shared_out
from presenter.papers import Papers
from presenter.plan_sheet import PlanSheet
from presenter.session import Session
from presenter.settings import Settings
from presenter.start_flow import StartFlow
from protocol.minutes import Former, MinutesKind, free_former
from protocol.model import Briefing
from protocol.ops import NameSubject, Op, OpenMinutes, PlanPaper
from protocol.values import OWNER, OpId

KINDS = {"question": MinutesKind.QUESTION, "homework": MinutesKind.HOMEWORK}
ASKED_AFTER_MS = 300
"""Several papers chosen at once are one question to the archive."""


class PlanFlow(QObject):
    """``begin`` brings all of it into a briefing. The archive is asked in a thread; what it says after the
    beginning comes in then."""

    def __init__(
        self,
        papers: Papers,
        start: StartFlow,
        console: ConsoleFlow,
        session: Session,
        network: Network,
        archiving: Archiving,
        settings: Callable[[], Settings],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._papers, self._start, self._console = papers, start, console
        self._session, self._network, self._archiving = session, network, archiving
        self._settings = settings
        self._subject = ""
        self._plans: dict[int, Planned] = {}
        self._carried = CarriedOver()
        self._asked: tuple[str, str] | None = None
        self._again = False
        """The archive is asked once more: it could not tell everything, or may tell otherwise now."""
        self._takes = True
        self._soon = QTimer(self, singleShot=True, interval=ASKED_AFTER_MS)
        self._soon.timeout.connect(self._ask)
        papers.changed.connect(self._ask_soon)
        archiving.carried.connect(self._found)
        start.screen.carried.taken.connect(self._take_or_not)

    # --- before the briefing ------------------------------------------------------------------------------

    @property
    def subject(self) -> str:
        """What the briefing is about: as its person typed it, else as the first paper's title has it."""
        if self._session.running:
            return self._session.briefing.subject
        chosen = self._papers.showable
        return self._subject or (subject_in(chosen[0].title) if chosen else "")

    def planned(self) -> tuple[Planned, ...]:
        """The papers with their minutes: as they were planned, else shared out by their pages."""
        if self._session.running:
            return self._session.time.planned()
        chosen = self._papers.showable
        shared = shared_out(self._settings().planned_minutes, [len(each.sizes) for each in chosen])
        return tuple(self._plan_of(each, n) for each, n in zip(chosen, shared, strict=True))

    def minutes(self) -> int:
        """All of them together."""
        return sum(each.minutes for each in self.planned())

    def _plan_of(self, chosen: Chosen, shared: int) -> Planned:
        fresh = Planned(chosen.title, 0 if self._plans else shared, len(chosen.sizes), key=chosen.key)
        return replace(self._plans.get(chosen.key, fresh), title=chosen.title, pages=len(chosen.sizes))

    def look_again(self) -> None:
        """Another department or archive, or the next briefing: what is open may be something else."""
        self._again = True
        self._ask_soon()

    def forget(self) -> None:
        """The briefing is over, or one goes on that has all of this already: the next one has a subject and
        an agenda of its own, and what the archive still answers is of no briefing."""
        self._soon.stop()
        self._subject, self._takes, self._asked = "", True, None
        self._plans.clear()
        self._carried = CarriedOver()
        self._start.show_carried(self._carried, takes=True)

    def keep(self, briefing: Briefing, on_walls: bool) -> None:
        """A rehearsal is over: what was decided in it is decided for the briefing that follows."""
        papers = {paper.blob.sha256: paper for paper in briefing.papers}
        rehearsed = tuple(
            replace(plan, minutes=paper.minutes, explainer=paper.explainer) if paper is not None else plan
            for plan, chosen in zip(self.planned(), self._papers.showable, strict=True)
            for paper in (papers.get(chosen.sha256),)
        )
        if rehearsed != self.planned():
            self._plans = {plan.key: plan for plan in rehearsed}
        if briefing.subject != self.subject:
            self._subject = briefing.subject
        self._session.set_time_on_walls(on_walls)
        self._start.show_carried(self._carried, takes=self._takes)
        self._start.refresh()

    # --- the sheet ----------------------------------------------------------------------------------------

    def open(self, parent: QWidget) -> None:
        """次第, to be decided."""
        planned = self.planned()
        if not planned:
            return
        sheet = PlanSheet(parent, self.subject, planned, on_walls=self._session.time.on_walls)
        sheet.planned.connect(self.decide)
        sheet.open()

    def decide(self, subject: str, planned: Sequence[Planned], on_walls: bool) -> None:
        """This is the agenda from now on, for the papers in their order."""
        self._session.set_time_on_walls(on_walls)
        if self._session.running:
            self._change(subject, planned)
            return
        self._plans = {plan.key: plan for plan in planned}
        self._subject = subject
        self._start.refresh()
        self._ask()

    def _change(self, subject: str, planned: Sequence[Planned]) -> None:
        briefing = self._session.briefing
        for op in _plan_ops(briefing, subject, planned):
            self._network.edit(op)
        if subject != briefing.subject:
            self._look_for(subject)

    # --- what former briefings left open ------------------------------------------------------------------

    def _ask_soon(self) -> None:
        if not self._session.running:
            self._soon.start()

    def _ask(self) -> None:
        if not self._session.running:
            self._look_for(self.subject)

    def _look_for(self, subject: str) -> None:
        asked = self._settings().department, subject
        if asked != self._asked:
            self._asked, self._takes = asked, True
            self._found(CarriedOver(*asked))  # nothing of another subject, until the archive answers
        elif not self._again:
            return
        self._again = False
        if subject:
            self._archiving.look_for_carried(*asked)

    def _found(self, carried: CarriedOver) -> None:
        if (carried.department, carried.subject) != self._asked:
            return
        for words, values in self._carried.told:
            if (words, values) not in carried.told:
                self._start.retract(words, **values)
        self._carried, self._again = carried, bool(carried.told)
        running = self._session.running
        for words, values in carried.told:
            (self._console.notice if running else self._start.notice)(words, **values)
        if running:
            self._take_in_now()
        else:
            self._start.show_carried(carried, takes=self._takes)

    def _take_or_not(self, takes: bool) -> None:
        self._takes = takes

    def begin(self, briefing: Briefing) -> Briefing:
        """Commits subject, agenda, and what was left open; the briefing with it."""
        self._soon.stop()
        planned = (
            replace(plan, key=paper.paper)
            for plan, paper in zip(self.planned(), briefing.papers, strict=True)
        )
        ops = _plan_ops(briefing, self.subject, planned)
        self._look_for(self.subject)  # the session is not running yet
        return self._committed(self._committed(briefing, ops), self._cards(briefing))

    def _take_in_now(self) -> None:
        briefing = self._session.briefing
        ops = self._cards(briefing)
        self._committed(briefing, ops)
        if ops:
            self._console.notice("前回の持ち帰り{n}件を、記録に入れました。", n=len(ops))

    def _committed(self, briefing: Briefing, ops: Sequence[Op]) -> Briefing:
        for op in ops:
            self._network.edit(op)
            briefing = briefing.apply(op, OpId(OWNER, briefing.revision))
        return briefing

    def _cards(self, briefing: Briefing) -> Sequence[Op]:
        """What brings those in that are not there yet."""
        if not self._takes:
            return ()
        known = {
            each.former.card.hex()
            for each in (*briefing.minutes.values(), *briefing.removed_minutes.values())
            if each.former is not None
        }
        item = free_former(briefing.items, OWNER)
        ops: list[Op] = []
        for card in self._carried.cards:
            if card.card not in known:
                ops.append(_opened(item, card))
                item += 1
        return ops


def _plan_ops(briefing: Briefing, subject: str, planned: Iterable[Planned]) -> tuple[Op, ...]:
    """What makes this the plan of a briefing; nothing where it is already, or for a paper that is gone."""
    ops: list[Op] = [] if subject == briefing.subject else [NameSubject(subject)]
    papers = {paper.paper: paper for paper in briefing.papers}
    for plan in planned:
        paper = papers.get(plan.key)
        if paper is not None and (paper.minutes, paper.explainer) != (plan.minutes, plan.explainer):
            ops.append(PlanPaper(paper.paper, plan.minutes, plan.explainer))
    return tuple(ops)


def _opened(item: int, card: Card) -> OpenMinutes:
    former = Former(bytes.fromhex(card.card), card.when, card.source)
    now = round(datetime.now().timestamp())
    kind = KINDS[card.kind]
    return OpenMinutes(item, kind, None, card.text, now, card.speaker, former, card.owner, card.due)
