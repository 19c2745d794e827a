"""What a wall is doing, as a pure machine: standby → paired (cover) → following → … → wiping.

`step(state, happening, now, deadlines)` gives the next state and what must be done once. What is on the glass
is a function of the state and the time (`showing`, `trouble`), so nothing can be left showing by mistake.
Times are seconds of one monotonic clock; `next_change` says when the picture changes by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, IntEnum, auto

from kiosk.settings import Deadlines
from protocol.values import Screen

# --- states -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Presenter:
    """Who is connected, in their own words."""

    name: str
    department: str
    participants: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """A second presenter with the right code asks for this wall until `until`."""

    name: str
    department: str
    until: float


@dataclass(frozen=True, slots=True)
class Standby:
    """Nobody is connected. `choosers`: machines that chose this room and have not typed its code."""

    choosers: int = 0


@dataclass(frozen=True, slots=True)
class Paired:
    """Connected, and nothing shown yet. `presenter` is None while a restarted screen resumes, which is when
    `hidden_here` may be true: a person hid the wall before.
    """

    presenter: Presenter | None
    since: float
    lost_at: float | None = None
    question: Question | None = None
    hidden_here: bool = False


@dataclass(frozen=True, slots=True)
class Following:
    """The briefing runs: the wall shows what the presenter set, unless hidden here (画面を隠す)."""

    presenter: Presenter
    screen: Screen
    hidden_here: bool = False
    lost_at: float | None = None
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class Wiping:
    """Cover painted first, then everything of the briefing goes. Ends with this process."""

    presenter: Presenter | None


State = Standby | Paired | Following | Wiping

# --- what happens -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChosenBy:
    count: int


@dataclass(frozen=True, slots=True)
class PresenterPaired:
    presenter: Presenter


@dataclass(frozen=True, slots=True)
class PresenterSeen:
    """Their name or the number of participants changed."""

    name: str
    department: str
    participants: int


@dataclass(frozen=True, slots=True)
class ScreenSet:
    screen: Screen


@dataclass(frozen=True, slots=True)
class HiddenHere:
    hidden: bool


@dataclass(frozen=True, slots=True)
class LinkDied:
    at: float


@dataclass(frozen=True, slots=True)
class LinkReturned:
    pass


@dataclass(frozen=True, slots=True)
class Asked:
    """A second presenter asks; None: the question is over."""

    question: Question | None


@dataclass(frozen=True, slots=True)
class DisconnectChosen:
    """A person in the room confirmed 接続を切る."""


@dataclass(frozen=True, slots=True)
class BriefingOver:
    """Ended by the presenter, by a deadline of the network's, or by a take-over."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed."""


Happening = (
    ChosenBy
    | PresenterPaired
    | PresenterSeen
    | ScreenSet
    | HiddenHere
    | LinkDied
    | LinkReturned
    | Asked
    | DisconnectChosen
    | BriefingOver
    | Tick
)


class Effect(Enum):
    """Done once, in this order."""

    PREPARE = auto()
    """A pairing begins: start the renderers and make the frame slots."""
    LEAVE = auto()
    """Tell the presenter that this room goes, and forget the session."""
    WIPE = auto()
    """After the cover was painted: renderers dead, segments gone, briefing dropped, a fresh screen."""


# --- the machine --------------------------------------------------------------------------------------------


def step(state: State, event: Happening, now: float, limits: Deadlines) -> tuple[State, tuple[Effect, ...]]:
    """The state after `event`, and what must be done once because of it."""
    if isinstance(state, Wiping):
        return state, ()
    if isinstance(event, PresenterPaired):
        return _paired(state, event.presenter, now)
    if isinstance(state, Standby):
        return (Standby(event.count), ()) if isinstance(event, ChosenBy) else (state, ())
    return _connected(state, event, now, limits)


def _paired(state: State, presenter: Presenter, now: float) -> tuple[State, tuple[Effect, ...]]:
    match state:
        case Standby():
            return Paired(presenter, now), (Effect.PREPARE,)
        case Paired(presenter=None):
            return Paired(presenter, now, hidden_here=state.hidden_here), (Effect.PREPARE,)
        case Paired():
            return replace(state, presenter=presenter, lost_at=None), ()
        case Following():
            return replace(state, presenter=presenter, lost_at=None), ()
        case Wiping():
            return state, ()


def _connected(
    state: Paired | Following, event: Happening, now: float, limits: Deadlines
) -> tuple[State, tuple[Effect, ...]]:
    match event:
        case BriefingOver():
            return Wiping(state.presenter), (Effect.WIPE,)
        case DisconnectChosen():
            return Wiping(state.presenter), (Effect.LEAVE, Effect.WIPE)
        case Tick():
            over = _over_at(state, limits)
            return (
                (Wiping(state.presenter), (Effect.LEAVE, Effect.WIPE))
                if over is not None and now >= over
                else (state, ())
            )
        case LinkDied(at):
            return replace(state, lost_at=state.lost_at or at, question=None), ()
        case LinkReturned():
            return replace(state, lost_at=None), ()
        case Asked(question):
            return replace(state, question=question), ()
        case PresenterSeen(name, department, participants) if state.presenter is not None:
            seen = replace(state.presenter, name=name, department=department, participants=participants)
            return replace(state, presenter=seen), ()
        case ScreenSet(screen):
            return _screen_set(state, screen, now), ()
        case HiddenHere(hidden) if isinstance(state, Following):
            return replace(state, hidden_here=hidden), ()
    return state, ()


def _screen_set(state: Paired | Following, screen: Screen, now: float) -> State:
    if isinstance(state, Following):
        return replace(state, screen=screen)
    if screen is Screen.COVER or state.presenter is None:
        return state
    return Following(state.presenter, screen, state.hidden_here, state.lost_at, state.question)


def _over_at(state: Paired | Following, limits: Deadlines) -> float | None:
    """When this briefing ends by itself."""
    dead = None if state.lost_at is None else state.lost_at + limits.wipe
    if isinstance(state, Paired) and state.presenter is not None:
        unstarted = state.since + limits.start
        return unstarted if dead is None else min(dead, unstarted)
    return dead


# --- what is seen -------------------------------------------------------------------------------------------


class Showing(Enum):
    """What fills the glass."""

    STANDBY = auto()
    COVER = auto()
    PAGE = auto()


class Trouble(IntEnum):
    """How far a dead link has come; each stage keeps what the former showed."""

    NONE = 0
    RECONNECTING = 1
    CODE_TOO = 2
    CHECK_NETWORK = 3
    COVERED = 4


def trouble(state: State, now: float, limits: Deadlines) -> Trouble:
    """The stage of a dead link at `now`."""
    if isinstance(state, Standby | Wiping) or state.lost_at is None:
        return Trouble.NONE
    gone = now - state.lost_at
    stages = (limits.card, limits.code, limits.message, limits.cover)
    return Trouble(sum(gone >= at for at in stages))


def showing(state: State, now: float, limits: Deadlines) -> Showing:
    """What must be on the glass at `now`."""
    match state:
        case Standby():
            return Showing.STANDBY
        case Following(screen=screen) if screen is not Screen.COVER:
            covered = trouble(state, now, limits) is Trouble.COVERED
            return Showing.COVER if covered else Showing.PAGE
    return Showing.COVER


def next_change(state: State, now: float, limits: Deadlines) -> float | None:
    """The next moment after `now` at which `Tick` or a fresh look at the state changes something."""
    if isinstance(state, Standby | Wiping):
        return None
    times = [_over_at(state, limits)]
    if state.lost_at is not None:
        stages = (limits.card, limits.code, limits.message, limits.cover)
        times += [state.lost_at + at for at in stages if state.lost_at + at > now]
    return min((at for at in times if at is not None), default=None)
