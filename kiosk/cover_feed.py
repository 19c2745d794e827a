"""From the machine's state to what the cover says. Pure."""

from __future__ import annotations

from datetime import datetime

from kiosk.cover import CoverState, Moment
from kiosk.kiosk_state import Following, Paired, State, Trouble, Wiping, trouble
from kiosk.settings import Settings
from kiosk.wall_feed import asker
from pageview.wording import language
from protocol.values import Screen


def cover_state(
    settings: Settings,
    state: State,
    now: datetime,
    clock: float,
    *,
    touch: bool,
    code: str,
    join_code: str = "",
    unusable: bool = False,
) -> CoverState:
    """The cover at this moment, in the language that `say` speaks. ``unusable``: the paper followed is."""
    room, english = settings.room, language() == "en"
    stage = trouble(state, clock, settings.deadlines)
    presenter = state.presenter if isinstance(state, Paired | Following | Wiping) else None
    question = asker(state.question, clock) if isinstance(state, Paired | Following) else None
    return CoverState(
        name=room.name_en if english and room.name_en else room.name,
        place=room.place_en if english and room.place_en else room.place,
        now=now.replace(second=0, microsecond=0),
        moment=_moment(state, stage, unusable),
        presenter=presenter.name if presenter is not None else "",
        department=presenter.department if presenter is not None else "",
        participants=presenter.participants if presenter is not None else None,
        asker=question.name if question is not None else "",
        asker_department=question.department if question is not None else "",
        asker_seconds=question.seconds if question is not None else 0,
        number=room.number,
        code=code if stage >= Trouble.CODE_TOO else "",
        join_code=join_code,
        touch=touch,
    )


def _moment(state: State, stage: Trouble, unusable: bool) -> Moment:
    if isinstance(state, Wiping):
        return Moment.ENDING
    if stage is not Trouble.NONE or (isinstance(state, Paired) and state.presenter is None):
        return Moment.RECONNECTING
    if unusable:
        return Moment.UNUSABLE
    if isinstance(state, Following) and state.screen is not Screen.COVER:
        return Moment.RECONNECTING  # a page should be seen, and has not come
    return Moment.HELD if isinstance(state, Following) else Moment.READY
