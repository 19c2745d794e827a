"""What a new state of the source says to the corrections on its pages: where their words are, which are done
in it, which are undone by it. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from pageview.anchors import box_around
from pageview.correction_places import line_of
from pageview.page_text import PageText, TextRange
from presenter.reanchored import Places, Turned
from protocol.corrections import Correction, CorrectionState
from protocol.ink import PageIdOrTray
from protocol.model import Briefing
from protocol.ops import PlaceCorrection
from protocol.values import PageId, Rect

BESIDE = 6
"""Signs before and after the words that must read as before, for a correction to be found done."""
LEAST = 3
NEAR = 4.0
"""Words that are farther away than so many of their heights are others."""


@dataclass(slots=True)
class Evidence:
    """``places``: where words are now. Of corrections by their items: ``settles`` are done in the source,
    ``reopens`` were done here and are not in it, ``proposed`` may be done: a person has to look."""

    places: list[PlaceCorrection] = field(default_factory=list)
    settles: list[int] = field(default_factory=list)
    reopens: list[int] = field(default_factory=list)
    proposed: list[int] = field(default_factory=list)


def evidence(briefing: Briefing, turned: Turned, places: Places, edition: int) -> Evidence:
    """Of every correction on the pages that are otherwise in ``edition``."""
    found = Evidence()
    for correction in briefing.corrections.values():
        if correction.page_id not in turned.before or not correction.places:
            continue
        if correction.state is not CorrectionState.WITHDRAWN:
            _judge(found, correction, briefing, turned, places, edition)
    return found


def _judge(
    found: Evidence,
    correction: Correction,
    briefing: Briefing,
    turned: Turned,
    places: Places,
    edition: int,
) -> None:
    page_id = correction.page_id
    assert page_id is not None
    item, before = correction.item, _dense(correction.before)
    new = _dense(briefing.items[item].text) if item in briefing.items else before
    signs, box = _Signs(turned.before[page_id]), box_around(correction.places)
    around = signs.around(box) if new or not correction.settled else signs.beside(box)
    to, spot = _where(turned, places, page_id, box, around, (before, new))
    if to is None:
        found.places.append(PlaceCorrection(item, None, edition, ()))
        if correction.settled and correction.is_settled:
            found.reopens.append(item)
        return
    now = _Signs(places.text(to))
    there = now.near(new, spot) if new else now.closed(around)
    sides = now.sides(there, len(new), around) if there is not None else 0
    stood = now.near(before, spot) if before else None
    done = there is not None and sides > 0 and new != before
    if done and correction.state is CorrectionState.OPEN:
        clear = sides == 2 and (stood is None or before in new)
        (found.settles if clear else found.proposed).append(item)
    if there is None and correction.settled and correction.is_settled:
        found.reopens.append(item)
    at, count = (there, len(new)) if done or correction.is_settled else (stood, len(before))
    line = None
    boxes: tuple[Rect, ...] = () if before and count else (spot,)
    if at is not None and count:
        ranges = now.ranges(at, count)[:64]
        boxes, line = now.page.boxes(ranges), line_of(now.page, ranges, turned.sizes[to][0])
    found.places.append(PlaceCorrection(item, to, edition, boxes, line))


def _where(
    turned: Turned,
    places: Places,
    page_id: PageId,
    box: Rect,
    around: tuple[str, str],
    words: tuple[str, str],
) -> tuple[PageIdOrTray, Rect]:
    """The page and place of a correction: where its words, old or new, stand once between what stood around
    them; else by what else is known of the page."""
    if all(len(side) >= LEAST for side in around):
        pages = [(to, _Signs(text)) for to, text in turned.after]
        for each in words:
            whole = around[0] + each + around[1]
            found = [(to, signs, at) for to, signs in pages for at in signs.all(whole)]
            if len(found) == 1:
                to, signs, at = found[0]
                return to, signs.box(at + len(around[0]))
    return places.of_one(page_id, box)


class _Signs:
    """The signs of a page without spaces, and where each stands."""

    def __init__(self, page: PageText) -> None:
        self.page = page
        self._at = [(line, at) for line, at, sign in page.characters() if not sign.isspace()]
        self.text = "".join(page.lines[line].text[at] for line, at in self._at)

    def near(self, words: str, spot: Rect) -> int | None:
        """Where these words stand, nearest to ``spot`` and not far from it."""
        best, nearest = None, NEAR * max(1, spot.y1 - spot.y0)
        for at in self.all(words):
            box = self.box(at)
            away = math.hypot(box.x0 - spot.x0, (box.y0 + box.y1 - spot.y0 - spot.y1) / 2)
            if away < nearest:
                best, nearest = at, away
        return best

    def closed(self, around: tuple[str, str]) -> int | None:
        """Where what stood before and after words that went stands together now."""
        if any(len(side) < LEAST for side in around):
            return None
        at = self.text.find("".join(around))
        return at + len(around[0]) if at >= 0 else None

    def all(self, words: str) -> Iterator[int]:
        """Every place where these words begin."""
        at = self.text.find(words)
        while at >= 0:
            yield at
            at = self.text.find(words, at + 1)

    def around(self, box: Rect) -> tuple[str, str]:
        """The signs before and after those whose middles are in ``box``."""
        inside = [n for n in range(len(self._at)) if _is_in(self.box(n), box)]
        if not inside:
            return "", ""
        return self.text[: inside[0]][-BESIDE:], self.text[inside[-1] + 1 :][:BESIDE]

    def beside(self, box: Rect) -> tuple[str, str]:
        """The signs before and after the left edge of ``box``, where words went and the line closed up."""
        middle = (box.y0 + box.y1) / 2
        line = [n for n in range(len(self._at)) if self.box(n).y0 <= middle <= self.box(n).y1]
        if not line:
            return "", ""
        at = next((n for n in line if self.box(n).x0 + self.box(n).x1 > 2 * box.x0), line[-1] + 1)
        return self.text[:at][-BESIDE:], self.text[at:][:BESIDE]

    def sides(self, at: int, count: int, around: tuple[str, str]) -> int:
        """Beside how many ends of these signs stands what stood ``around``; 2 where that is all there was."""
        before, after = around
        same = [
            self.text[:at].endswith(before) if len(before) >= LEAST else None,
            self.text[at + count :].startswith(after) if len(after) >= LEAST else None,
        ]
        told = [each for each in same if each is not None]
        return 2 if told and all(told) else sum(told)

    def ranges(self, at: int, count: int) -> tuple[TextRange, ...]:
        """These signs, one range for each line."""
        ranges: list[TextRange] = []
        for line, place in self._at[at : at + count]:
            if ranges and ranges[-1].line == line:
                ranges[-1] = TextRange(line, ranges[-1].start, place + 1)
            else:
                ranges.append(TextRange(line, place, place + 1))
        return tuple(ranges)

    def box(self, n: int) -> Rect:
        """Of one sign."""
        line, at = self._at[n]
        return self.page.lines[line].box(at)


def _dense(text: str) -> str:
    return "".join(text.split())


def _is_in(box: Rect, around: Rect) -> bool:
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return around.x0 <= x <= around.x1 and around.y0 <= y <= around.y1
