"""The wall's machine: which stage comes when, what ends a briefing, and that nothing is left showing."""

from __future__ import annotations

import itertools

import pytest

from kiosk.happenings import happening_of
from kiosk.kiosk_state import (
    Asked,
    BriefingOver,
    ChosenBy,
    DisconnectChosen,
    Effect,
    Following,
    Happening,
    HiddenHere,
    LinkDied,
    LinkReturned,
    Paired,
    Presenter,
    PresenterPaired,
    PresenterSeen,
    Question,
    ScreenSet,
    Showing,
    Standby,
    State,
    Tick,
    Trouble,
    Wiping,
    next_change,
    showing,
    step,
    trouble,
)
from kiosk.settings import Deadlines
from protocol.messages import Introduce
from protocol.transport.events import IntroduceSeen, PairedWith, TakeoverState
from protocol.values import Screen

LIMITS = Deadlines()
SATO = Presenter("佐藤", "財政課")
PAIRED = Paired(SATO, since=0)
FOLLOWING = Following(SATO, Screen.SHOW)


def after(state: State, *events: Happening, now: float = 0.0) -> tuple[State, tuple[Effect, ...]]:
    effects: tuple[Effect, ...] = ()
    for event in events:
        state, more = step(state, event, now, LIMITS)
        effects += more
    return state, effects


def test_a_pairing_covers_the_wall_and_only_開始_shows_a_page() -> None:
    state, effects = after(Standby(), ChosenBy(1), PresenterPaired(SATO))
    assert isinstance(state, Paired)
    assert effects == (Effect.PREPARE,)
    assert showing(state, 0, LIMITS) is Showing.COVER
    state, _ = after(state, ScreenSet(Screen.COVER), PresenterSeen("佐藤", "財政課", 4))
    assert showing(state, 1, LIMITS) is Showing.COVER
    state, _ = after(state, ScreenSet(Screen.SHOW))
    assert showing(state, 2, LIMITS) is Showing.PAGE
    assert isinstance(state, Following)
    assert state.presenter.participants == 4


def test_the_stages_of_a_dead_link_come_in_order_and_end_in_a_wipe() -> None:
    """Walks from one announced change to the next, as the timer does."""
    state, _ = after(FOLLOWING, LinkDied(100.0), now=100)
    seen, now = [], 100.0
    while not isinstance(state, Wiping):
        at = next_change(state, now, LIMITS)
        assert at is not None
        now = at
        state, effects = step(state, Tick(), now, LIMITS)
        seen.append((now - 100, trouble(state, now, LIMITS), showing(state, now, LIMITS)))
    assert seen[:4] == [
        (5, Trouble.RECONNECTING, Showing.PAGE),
        (10, Trouble.CODE_TOO, Showing.PAGE),
        (60, Trouble.CHECK_NETWORK, Showing.PAGE),
        (180, Trouble.COVERED, Showing.COVER),
    ]
    assert (now - 100, effects) == (900, (Effect.LEAVE, Effect.WIPE))
    assert showing(state, now, LIMITS) is Showing.COVER


def test_a_link_that_returns_forgets_how_long_it_was_dead() -> None:
    state, _ = after(FOLLOWING, LinkDied(0), LinkReturned(), now=170)
    assert trouble(state, 170, LIMITS) is Trouble.NONE
    state, _ = after(state, LinkDied(200), LinkDied(210), now=210)
    assert trouble(state, 204, LIMITS) is Trouble.NONE
    assert trouble(state, 205, LIMITS) is Trouble.RECONNECTING


def test_a_pairing_that_never_starts_goes_back_to_standby() -> None:
    assert after(PAIRED, Tick(), now=179)[1] == ()
    state, effects = after(PAIRED, Tick(), now=180)
    assert isinstance(state, Wiping)
    assert effects == (Effect.LEAVE, Effect.WIPE)
    resumed = Paired(None, since=0, lost_at=0)
    assert after(resumed, Tick(), now=899)[1] == ()
    assert after(resumed, Tick(), now=900)[1] == (Effect.LEAVE, Effect.WIPE)


@pytest.mark.parametrize(
    "state", [PAIRED, FOLLOWING, Following(SATO, Screen.SHOW, hidden_here=True, lost_at=3)]
)
@pytest.mark.parametrize("event", [BriefingOver(), DisconnectChosen()])
def test_an_end_wipes_once_from_every_state(state: State, event: Happening) -> None:
    state, effects = after(state, event)
    assert effects[-1] is Effect.WIPE
    assert (Effect.LEAVE in effects) == isinstance(event, DisconnectChosen)
    others = [event, ScreenSet(Screen.SHOW), LinkReturned(), PresenterPaired(SATO), Tick(), HiddenHere(False)]
    assert after(state, *others, now=10_000) == (state, ())
    assert showing(state, 10_000, LIMITS) is Showing.COVER


def test_standby_never_shows_anything_of_a_briefing() -> None:
    events = [
        ScreenSet(Screen.SHOW),
        LinkDied(0),
        BriefingOver(),
        HiddenHere(True),
        Tick(),
        DisconnectChosen(),
    ]
    for order in itertools.permutations(events, 3):
        assert after(Standby(), *order) == (Standby(), ())


def test_a_second_presenters_question_goes_away_with_its_answer_or_the_link() -> None:
    question = Question("田中", "企画課", 15)
    state, _ = after(FOLLOWING, Asked(question))
    assert isinstance(state, Following)
    assert state.question == question
    assert after(state, Asked(None))[0] == FOLLOWING
    died, _ = after(state, LinkDied(1))
    assert isinstance(died, Following)
    assert died.question is None


def test_a_restarted_screen_waits_behind_its_cover_for_the_presenter() -> None:
    waiting = Paired(None, since=0, lost_at=0)
    assert showing(waiting, 100, LIMITS) is Showing.COVER
    assert after(waiting, ScreenSet(Screen.SHOW))[0] == waiting
    state, effects = after(
        waiting, PresenterPaired(SATO), LinkDied(0), LinkReturned(), ScreenSet(Screen.SHOW)
    )
    assert state == FOLLOWING
    assert effects == (Effect.PREPARE,)


def test_names_come_to_the_wall_as_one_plain_line() -> None:
    paired = happening_of(PairedWith("佐\u202e藤\n登録された端末です", "財\0政課"), 0)
    assert paired == PresenterPaired(Presenter("佐藤登録された端末です", "財政課"))
    asked = happening_of(TakeoverState("田\u2066中", "", 15.0), 0)
    assert asked == Asked(Question("田中", "", 15.0))
    assert happening_of(IntroduceSeen(Introduce("", "\r財政課", 0)), 0) == PresenterSeen("", "財政課", 0)
