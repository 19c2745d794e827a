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


def happening_of(event: Event, now: float) -> Happening | None:
    """The happening, or None for what the machine does not care about. `now`: monotonic seconds."""
    match event:
        case Choosers(count):
            return ChosenBy(count)
        case PairedWith(name, department, registered):
            return PresenterPaired(Presenter(name, department, registered))
        case IntroduceSeen(introduce):
            return PresenterSeen(introduce.name, introduce.department, introduce.participants)
        case Changed(briefing):
            return ScreenSet(briefing.registers.screen)
        case LinkLost(at):
            return LinkDied(at)
        case LinkBack():
            return LinkReturned()
        case TakeoverState(None):
            return Asked(None)
        case TakeoverState(str(name), department, seconds):
            return Asked(Question(name, department, now + seconds))
        case Ended():
            return BriefingOver()
    return None
