"""From the follower and the machine's state to what stands around the page. Pure reading, nothing kept."""

from __future__ import annotations

import math
from datetime import datetime

from kiosk.follower import Follower
from kiosk.kiosk_state import Following, Question, trouble
from kiosk.page_list import Entry
from kiosk.settings import Settings, Side
from kiosk.wall_state import Asker, Code, Hidden, WallState
from pageview.paper_words import clean_name
from pageview.steps import label
from protocol.corrections import CorrectionState
from protocol.values import EditionPage, Screen, View, Viewing


def wall_state(
    settings: Settings,
    state: Following,
    follower: Follower,
    now: datetime,
    clock: float,
    *,
    side: Side,
    touch: bool,
    inverted: bool,
    more: bool,
    code: str,
    join_code: str,
    shown: Code,
) -> WallState:
    """Everything around the page at this moment."""
    source, view = follower.source, follower.page.view
    page = source.page(view.page_id) if source is not None and view is not None else None
    former, after = follower.neighbours()
    return WallState(
        now=now.replace(second=0, microsecond=0),
        number=settings.room.number,
        department=state.presenter.department,
        presenter=state.presenter.name,
        page=source.page_number(page.page_id) if source is not None and page is not None else None,
        presenter_page=_presenter_page(follower),
        step=view.step if view is not None else 0,
        steps=view.steps if view is not None else 1,
        step_label=label(view) if view is not None else "",
        part=_part(view, page),
        following=not follower.page.free,
        free_viewing=follower.registers.free_viewing,
        back=former is not None,
        forward=after is not None,
        hidden=_hidden(state),
        inverted=inverted,
        larger=follower.larger,
        touch=touch,
        writes=touch and follower.registers.writing,
        more=more,
        tool=follower.page.hand.use,
        words_chosen=follower.page.hand.selection is not None,
        colour=follower.page.hand.colour(),
        stamp=follower.page.hand.stamp,
        minutes_left=minutes_told(follower.paper_left_s(clock)),
        open_corrections=sum(each.is_open for each in follower.briefing.corrections.values()),
        typed=_typed(follower),
        side=side,
        trouble=trouble(state, clock, settings.deadlines),
        shown=shown,
        code=code,
        join_code=join_code,
        asker=asker(state.question, clock),
    )


def minutes_told(seconds: float | None) -> int | None:
    """Whole minutes, begun ones counted, on either side of the end."""
    return None if seconds is None else math.ceil(seconds / 60) if seconds > 0 else math.floor(seconds / 60)


def told_for_s(seconds: float | None) -> float:
    """How many seconds that number of minutes stands, at most an hour."""
    return 3600.0 if seconds is None else seconds % 60


def _typed(follower: Follower) -> tuple[tuple[int, float], ...]:
    """The corrections that are typed on the page shown, and where."""
    place, view = follower.placement(), follower.page.view
    if place is None or view is None:
        return ()
    high = max(1.0, follower.page.height() * follower.page.devicePixelRatioF())
    return tuple(
        (each.number, place.to_pixels(0, (each.places[-1].y0 + each.places[-1].y1) / 2)[1] / high)
        for each in follower.briefing.corrections.values()
        if each.state is CorrectionState.TYPING and each.page_id == view.page_id and each.places
    )


def _presenter_page(follower: Follower) -> int | None:
    """Where the presenter is, while this wall looks freely."""
    followed, source = follower.registers.view, follower.source
    if source is None or followed is None or not follower.page.free:
        return None
    return source.page_number(followed.page_id)[0] or None


def asker(question: Question | None, clock: float) -> Asker | None:
    """The second presenter's question with the seconds that are left."""
    if question is None:
        return None
    return Asker(question.name, question.department, max(0, -(-int((question.until - clock) * 10) // 10)))


def entries(follower: Follower) -> tuple[Entry, ...]:
    """The page list: numbers as people read them on their papers, a title where a paper begins.

    Where nothing beyond the page that is presented may be seen, the list ends with that page.
    """
    briefing = follower.briefing
    found = [
        Entry(page.page_id, index + 1, clean_name(paper.title) if index == 0 else "")
        for paper in briefing.papers
        for index, page in enumerate(paper.edition.pages)
    ]
    view = briefing.registers.view
    if briefing.registers.viewing is Viewing.NOT_AHEAD and view is not None:
        ids = [entry.page_id for entry in found]
        last = briefing.nearest_page(view.page_id)
        return tuple(found[: ids.index(last) + 1]) if last in ids else ()
    return tuple(found)


def _hidden(state: Following) -> Hidden:
    if state.hidden_here:
        return Hidden.HERE
    return {Screen.HIDDEN: Hidden.BY_PRESENTER, Screen.WHITE: Hidden.WHITE}.get(state.screen, Hidden.NO)


def _part(view: View | None, page: EditionPage | None) -> tuple[float, float]:
    """What is seen of the page's height, as shares."""
    if view is None or page is None:
        return 0.0, 1.0
    top, bottom = view.rect.y0 / page.height, view.rect.y1 / page.height
    return min(max(top, 0.0), 1.0), min(max(bottom, 0.0), 1.0)
