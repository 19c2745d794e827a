"""What an event of the network means for the machine. Pure."""

from __future__ import annotations

from kiosk.kiosk_state import (
    Asked,
    BriefingOver,
    ChosenBy,
    Happening,
    LinkDied,
    LinkReturned,
    Presenter,
    PresenterPaired,
    PresenterSeen,
    Question,
    ScreenSet,
)
from pageview.paper_words import clean_name
from protocol.transport.events import (
    Changed,
    Choosers,
    Ended,
    Event,
    IntroduceSeen,
    LinkBack,
    LinkLost,
    PairedWith,
    TakeoverState,
)

NAME_SHOWN = 80


def happening_of(event: Event, now: float) -> Happening | None:
    """The happening, or None for what the machine does not care about. `now`: monotonic seconds."""
    match event:
        case Choosers(count):
            return ChosenBy(count)
        case PairedWith(name, department):
            return PresenterPaired(Presenter(_plain(name), _plain(department)))
        case IntroduceSeen(introduce):
            name, department = _plain(introduce.name), _plain(introduce.department)
            return PresenterSeen(name, department, introduce.participants)
        case Changed(briefing):
            return ScreenSet(briefing.registers.screen)
        case LinkLost(at):
            return LinkDied(at)
        case LinkBack():
            return LinkReturned()
        case TakeoverState(None):
            return Asked(None)
        case TakeoverState(str(name), department, seconds):
            return Asked(Question(_plain(name), _plain(department), now + seconds))
        case Ended():
            return BriefingOver()
    return None


def _plain(name: str) -> str:
    """Whoever presents writes it; on the wall it is one line that reads in its own direction."""
    return clean_name(name, NAME_SHOWN) if name else ""
