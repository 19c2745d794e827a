"""Subject, agenda and what former briefings left open: how they come into a briefing, and when."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Signal

from presenter.archive.cards import Card, CarriedOver
from presenter.pace import Planned
from presenter.plan_flow import PlanFlow
from presenter.settings import Settings
from protocol.authority import Authority
from protocol.minutes import ItemState, MinutesKind, free_item
from protocol.model import Briefing
from protocol.ops import Op, OpenMinutes, OrderPapers, WithdrawPaper
from protocol.values import OWNER
from tests.protocol.values import EPOCH, offer

CARDS = tuple(
    Card(f"{n:032x}", kind, f"項目{n}", 1_790_000_000 + n, "7ページ　予算案", "", "中村", "12月1日")
    for n, kind in enumerate(("question", "homework"))
)


class Signals(QObject):
    changed = Signal()
    carried = Signal(object)
    taken = Signal(bool)


@dataclass
class Desk:
    """What surrounds a `PlanFlow`; the log is a real one. ``asked``: of the archive."""

    signals: Signals = field(default_factory=Signals)
    authority: Authority = field(default_factory=lambda: Authority(EPOCH))
    running: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    shown: CarriedOver = field(default_factory=CarriedOver)

    def __post_init__(self) -> None:
        self.papers = SimpleNamespace(
            changed=self.signals.changed,
            showable=[
                SimpleNamespace(
                    key=n, title=title, sizes=(0,) * pages, sha256=offer(n, n * 100, 3).blob.sha256
                )
                for n, title, pages in ((1, "20261208_予算案_第2版", 10), (2, "資料", 20))
            ],
        )
        start = SimpleNamespace(
            screen=SimpleNamespace(carried=SimpleNamespace(taken=self.signals.taken)),
            show_carried=self._show,
            notice=lambda words, **_: self.notices.append(words),
            retract=lambda words, **_: self.notices.remove(words),
            refresh=lambda: None,
        )
        self.session = SimpleNamespace(set_time_on_walls=lambda _on: None, running=False)
        self.flow = PlanFlow(
            self.papers,
            start,
            SimpleNamespace(notice=lambda words, **_: self.notices.append(words)),
            self.session,
            SimpleNamespace(edit=self.edit),
            SimpleNamespace(
                carried=self.signals.carried, look_for_carried=lambda *asked: self.asked.append(asked)
            ),
            lambda: Settings(department="財政課", planned_minutes=30),
            self.signals,
        )
        self.flow._soon.setInterval(0)

    def _show(self, carried: CarriedOver, *, takes: bool) -> None:
        self.shown = carried

    def edit(self, op: Op) -> None:
        self.authority.edit(op)
        self.session.briefing = self.authority.briefing

    def choose(self, qtbot: object) -> None:
        for _ in range(3):
            self.signals.changed.emit()
        qtbot.waitUntil(lambda: bool(self.asked))

    def begin(self) -> Briefing:
        for paper in (1, 2):
            self.edit(offer(paper, paper * 100, 3))
        briefing = self.flow.begin(self.authority.briefing)
        self.session.running = True
        self.session.time = SimpleNamespace(planned=self.planned)
        assert briefing == self.authority.briefing
        return briefing

    def planned(self) -> tuple[Planned, ...]:
        papers = self.authority.briefing.papers
        return tuple(Planned(each.title, each.minutes, 3, each.explainer, each.paper) for each in papers)

    def answer(self, *cards: Card) -> None:
        self.signals.carried.emit(CarriedOver(*self.asked[-1], cards))


@pytest.fixture
def desk(qapp: object) -> Desk:
    return Desk()


def test_the_archive_is_asked_once_for_the_subject_and_its_cards_begin_the_minutes(desk: Desk, qtbot) -> None:
    desk.choose(qtbot)
    assert desk.asked == [("財政課", "予算案")]
    desk.answer(*CARDS)
    assert desk.shown.cards == CARDS
    briefing = desk.begin()
    assert briefing.subject == "予算案"
    assert [paper.minutes for paper in briefing.papers] == [10, 20], "the usual plan, by pages"
    items = list(briefing.minutes.values())
    assert [briefing.items[each.item].text for each in items] == ["項目0", "項目1"]
    assert [(each.state, each.owner, each.due) for each in items] == [
        (ItemState.WAITING, "中村", "12月1日"),
        (ItemState.TO_DO, "中村", "12月1日"),
    ]
    desk.answer(*CARDS)
    assert len(desk.authority.briefing.minutes) == 2, "the same cards are not there twice"


def test_what_the_archive_says_after_the_beginning_comes_in_then(desk: Desk, qtbot) -> None:
    desk.choose(qtbot)
    assert not desk.begin().minutes
    desk.answer(*CARDS)
    assert len(desk.authority.briefing.minutes) == 2
    assert desk.notices == ["前回の持ち帰り{n}件を、記録に入れました。"]


def test_cards_that_come_in_while_an_item_is_begun_take_nothing_of_it(desk: Desk, qtbot) -> None:
    desk.choose(qtbot)
    desk.begin()
    item = free_item(desk.session.briefing.items, OWNER)
    # The desk does not know of it yet.
    desk.authority.edit(OpenMinutes(item, MinutesKind.NOTE, None, "書き始めた", 0))
    desk.answer(*CARDS)
    briefing = desk.authority.briefing
    assert [briefing.items[each].text for each in briefing.minutes] == ["書き始めた", "項目0", "項目1"]


def test_who_does_not_want_the_cards_has_none(desk: Desk, qtbot) -> None:
    desk.choose(qtbot)
    desk.answer(*CARDS)
    desk.signals.taken.emit(False)
    assert not desk.flow._cards(Briefing())
    desk.flow.decide("河川改修", desk.flow.planned(), False)
    assert not desk.shown.cards, "they were of another subject"
    desk.answer(*CARDS)
    assert desk.flow._cards(Briefing()), "those of another subject are another question"
    desk.signals.taken.emit(False)
    assert not desk.begin().minutes


def test_a_subject_and_an_agenda_that_were_typed_hold_and_may_change_while_it_runs(desk: Desk, qtbot) -> None:
    desk.choose(qtbot)
    first, second = desk.flow.planned()
    decided = (replace(first, minutes=5, explainer="河川課 𠮷田"), replace(second, minutes=7))
    desk.flow.decide("河川改修", decided, False)
    assert desk.asked[-1] == ("財政課", "河川改修")
    desk.signals.carried.emit(CarriedOver("財政課", "予算案", CARDS))
    assert not desk.shown.cards, "an answer to a former question"
    briefing = desk.begin()
    assert [(paper.minutes, paper.explainer) for paper in briefing.papers] == [(5, "河川課 𠮷田"), (7, "")]
    desk.flow.decide("予算案", desk.planned(), False)
    assert desk.authority.briefing.subject == "予算案"
    desk.answer(*CARDS)
    assert len(desk.authority.briefing.minutes) == 2
    desk.session.running = False
    desk.flow.forget()
    assert desk.flow.subject == "予算案", "of the papers that are chosen next"
    assert desk.flow.minutes() == 30


def test_an_archive_that_was_away_is_asked_again_and_the_choice_stays(desk: Desk, qtbot) -> None:
    desk.choose(qtbot)
    away = ("保管先「{folder}」につながりません。", {"folder": "//share"})
    desk.signals.carried.emit(CarriedOver(*desk.asked[-1], CARDS[:1], (away,)))
    desk.signals.taken.emit(False)
    desk.signals.changed.emit()
    qtbot.waitUntil(lambda: len(desk.asked) == 2)
    assert desk.shown.cards == CARDS[:1], "what is here stays while it is asked"
    assert desk.notices == [away[0]]
    desk.answer(*CARDS)
    assert not desk.notices, "it is there again"
    desk.begin()
    assert len(desk.asked) == 2, "it has told everything"
    assert not desk.authority.briefing.minutes, "its person wanted none"


def test_the_next_briefing_asks_anew_what_others_have_closed_meanwhile(desk: Desk, qtbot) -> None:
    desk.choose(qtbot)
    desk.answer(*CARDS)
    desk.flow.look_again()
    qtbot.waitUntil(lambda: len(desk.asked) == 2)
    desk.answer(CARDS[1])
    assert [desk.authority.briefing.items[each].text for each in desk.begin().minutes] == ["項目1"]


def test_what_the_archive_answers_late_never_comes_into_a_briefing_that_goes_on(desk: Desk, qtbot) -> None:
    desk.choose(qtbot)
    desk.flow.forget()  # one that was left goes on instead
    desk.edit(offer(1, 100, 3))
    desk.session.running = True
    desk.answer(*CARDS)
    assert not desk.authority.briefing.minutes


def test_what_was_decided_stays_with_its_paper_whatever_came_while_the_sheet_was_open(
    desk: Desk, qtbot
) -> None:
    desk.choose(qtbot)
    first, second = desk.flow.planned()
    decided = (replace(first, minutes=5), replace(second, minutes=7))
    desk.papers.showable[1:1] = [SimpleNamespace(key=3, title="別紙", sizes=(0,))]
    desk.flow.decide("予算案", decided, False)
    assert [each.minutes for each in desk.flow.planned()] == [5, 0, 7]
    del desk.papers.showable[1]
    desk.begin()
    decided = desk.planned()
    desk.edit(OrderPapers((2, 1)))
    desk.edit(WithdrawPaper(1))
    desk.flow.decide("予算案", [replace(each, minutes=9) for each in decided], False)
    assert [(each.paper, each.minutes) for each in desk.authority.briefing.papers] == [(2, 9)]


def test_what_is_decided_in_a_rehearsal_is_decided_for_the_briefing(desk: Desk, qtbot) -> None:
    desk.choose(qtbot)
    desk.begin()
    first, second = desk.planned()
    desk.flow.decide("補正予算", (replace(first, minutes=5, explainer="鈴木"), second), True)
    desk.session.running = False
    desk.flow.keep(desk.authority.briefing, True)
    assert desk.flow.subject == "補正予算"
    assert [(plan.minutes, plan.explainer) for plan in desk.flow.planned()] == [(5, "鈴木"), (20, "")]
