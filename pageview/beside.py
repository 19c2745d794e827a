"""What every screen shows in two halves: the view followed, and what the presenter put beside it. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pageview.geometry import page_rect
from pageview.paper_words import clean_name
from pageview.steps import RAIL_SHARE, label
from pageview.wording import say
from protocol.model import Briefing
from protocol.papers import Paper
from protocol.registers import Beside, FormerEdition, OtherView, PageBefore
from protocol.values import EditionPage, Rect, View

HEAD: Final = 96.0
"""Of the line above each half, in units of a glass of 1920 × 1080."""
GAP: Final = 16.0


@dataclass(frozen=True, slots=True)
class Half:
    """What one half shows; no view where there is no such page. ``title`` and ``place`` say what it is.

    ``newest``: the page as it is now, with what is drawn on it; ``marked``: places that are otherwise there.
    """

    page: EditionPage | None
    view: View | None
    title: str
    place: str
    newest: bool = True
    marked: tuple[Rect, ...] = ()


@dataclass(frozen=True, slots=True)
class Halves:
    """The half of the view followed, where all is done, and the other, which is only looked at.

    ``compared``: two editions of one page.
    """

    followed: Half
    other: Half
    other_left: bool
    compared: bool = False


def halves(briefing: Briefing, followed: View | None, beside: Beside | None) -> Halves | None:
    """Both halves; None where the view followed is shown alone."""
    place = briefing.page(followed.page_id) if followed is not None else None
    if followed is None or place is None or beside is None:
        return None
    paper, index, page = place
    match beside:
        case PageBefore():
            former = paper.edition.pages[index - 1] if index else None
            view = _same_step(followed, former) if former is not None else None
            other = Half(former, view, clean_name(paper.title), _number(index - 1) if index else "")
            return Halves(_followed(paper, index, page, followed), other, True)
        case FormerEdition(of, number):
            if of != paper.paper or number >= paper.edition.number:
                return None
            return _editions(paper, index, page, followed, beside)
        case OtherView(view, on_left):
            there = briefing.page(view.page_id)
            if there is None:
                return None
            return Halves(_followed(paper, index, page, followed), _followed(*there, view), on_left)


def _editions(paper: Paper, index: int, page: EditionPage, followed: View, beside: FormerEdition) -> Halves:
    former = paper.editions[beside.edition - 1]
    at = next((n for n, each in enumerate(former.pages) if each.page_id == page.page_id), None)
    marked = beside.page_id == page.page_id
    title = clean_name(paper.title)
    was = former.pages[at] if at is not None else None
    other = Half(
        was,
        _same_part(followed, page, was) if was is not None else None,
        title,
        _edition(beside.edition, at),
        newest=was == page,
        marked=(*beside.was_at, *beside.looks_at) if marked else (),
    )
    half = Half(
        page,
        followed,
        title,
        _edition(paper.edition.number, index, label(followed)),
        marked=(*beside.now_at, *beside.looks_at) if marked else (),
    )
    return Halves(half, other, True, compared=True)


def _followed(paper: Paper, index: int, page: EditionPage, view: View) -> Half:
    return Half(page, view, clean_name(paper.title), _number(index, label(view)))


def _number(index: int, step: str = "") -> str:
    return "　".join(part for part in (say("{page}ページ", page=index + 1), step) if part)


def _edition(number: int, index: int | None, step: str = "") -> str:
    named = say("第{edition}版", edition=number)
    return f"{named}　{_number(index, step)}" if index is not None else named


def _same_step(followed: View, page: EditionPage) -> View:
    """The same part of a page of the same size, where the one followed is read in steps; else all of it."""
    rect = followed.rect
    if followed.steps > 1 and rect.x1 <= page.width and rect.y1 <= page.height:
        return View(page.page_id, rect, followed.step, followed.steps)
    return View(page.page_id, page_rect(page))


def _same_part(followed: View, page: EditionPage, was: EditionPage) -> View:
    if (page.width, page.height) == (was.width, was.height):
        return View(was.page_id, followed.rect, followed.step, followed.steps)
    return View(was.page_id, page_rect(was))


def half_aspect(aspect: float) -> float:
    """For `steps`: the shape of a glass whose steps fill a half of one of ``aspect`` (width / height)."""
    wide, high = (1080 * aspect, 1080.0) if aspect >= 16 / 9 else (1920.0, 1920 / aspect)
    return (wide - GAP) / 2 / (high - HEAD) / (1 - RAIL_SHARE)
