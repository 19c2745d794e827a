"""Carries out one change of one page, in a copy of that page alone. Only in the render process.

What came of it is read back: every glyph that was not meant must stand where it stood, and every new one
where it was put; else the change is not made. No page is changed otherwise than was asked for in silence.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import pymupdf

from pageview.drawn_bars import Box, Rule
from pageview.edit_breaks import what_breaks
from pageview.page_characters import Reading
from pageview.page_contents import Walk
from pageview.page_edits import (
    NEED_CONSENT,
    AddWords,
    Breaks,
    Change,
    Made,
    MovePicture,
    MoveWords,
    NotMade,
    Outcome,
    RemovePicture,
    RemoveWords,
    ReplaceWords,
    Rotate,
    Route,
    WhiteOut,
    WhyNot,
)
from pageview.page_fonts import PageFonts, give_numbers
from pageview.page_glyphs import (
    BOTH,
    Glyph,
    Glyphs,
    Matrix,
    PageGlyphs,
    drawn_glyphs,
    inverted,
    joined,
    page_matrix,
    written_glyphs,
)
from pageview.page_pictures import Picture, blanked, picture_at, pictures
from pageview.page_text import Ranges
from pageview.page_writer import PageWriter, Placed, with_twins
from pageview.pdf_paper import CENTIPOINT, CannotShow, PdfPaper
from pageview.word_setting import WordSetting, bundled
from protocol.values import Rect

mupdf = pymupdf.mupdf

ASCENT, DESCENT = 0.95, 0.25
LINE = 1.0
"""Half of the width (points) of a line that is drawn under words."""
SAME = 0.1
"""How far (points) a glyph may stand from where it stood and still be unmoved."""
WHITE = 0xFFFFFF
Corners = list[tuple[float, float]]


class Refused(Exception):
    """A change that is not made; the copy that was worked on is thrown away."""

    def __init__(self, answer: NotMade) -> None:
        super().__init__(answer.why.name)
        self.answer = answer


def edit_page(paper: PdfPaper, index: int, change: Change, accepted: int) -> tuple[bytes, int, int, Outcome]:
    """A PDF of the changed page alone, its size, and what was done; no bytes when the change is not made."""
    breaks = what_breaks(paper)
    wanting = breaks & NEED_CONSENT & ~Breaks(accepted)
    if wanting:
        return b"", 1, 1, NotMade(WhyNot.BREAKS, breaks=int(wanting))
    try:
        copy = paper.alone(index)
        made = _Editor(copy).carry_out(change)
        pdf, width, height = copy.saved()
    except Refused as refused:
        return b"", 1, 1, refused.answer
    except CannotShow:
        return b"", 1, 1, NotMade(WhyNot.UNSHOWABLE)
    return pdf, width, height, Made(**made, breaks=int(breaks))


class _Editor:
    """One page, one change. What it does is told as the fields of a Made."""

    def __init__(self, copy: PdfPaper) -> None:
        self._copy = copy
        self._doc = copy.document
        give_numbers(self._doc)
        self._page = copy.page(0)
        bounds = mupdf.fz_bound_page(self._page)
        self._width, self._height = bounds.x1 - bounds.x0, bounds.y1 - bounds.y0

    def carry_out(self, change: Change) -> dict[str, Any]:
        match change:
            case ReplaceWords():
                return self._replace(change)
            case RemoveWords(ranges, old):
                return self._move(ranges, old, None)
            case MoveWords(ranges, old, dx, dy):
                return self._move(ranges, old, (dx / CENTIPOINT, dy / CENTIPOINT))
            case AddWords():
                return self._add(change)
            case RemovePicture(x, y):
                return self._picture(x / CENTIPOINT, y / CENTIPOINT, None)
            case MovePicture(x, y, dx, dy):
                return self._picture(x / CENTIPOINT, y / CENTIPOINT, (dx / CENTIPOINT, dy / CENTIPOINT))
            case WhiteOut(rect):
                return self._white_out(rect)
            case Rotate(quarters):
                return self._rotate(quarters)

    # --- words --------------------------------------------------------------------------------------------

    def _read(self, ranges: Ranges, old: str) -> WordSetting:
        """The page, ready to have words set; Refused unless the ranges read ``old`` and can be edited."""
        reading = Reading(self._page)
        once = len({part.line for part in ranges}) == len(ranges)
        if not once or not all(map(reading.text.has, ranges)) or reading.text.words(ranges) != old:
            raise Refused(NotMade(WhyNot.NO_SUCH_WORDS))
        if any(reading.text.lines[part.line].vertical for part in ranges):
            raise Refused(NotMade(WhyNot.VERTICAL))
        glyphs = PageGlyphs(self._page)
        return WordSetting(self._doc, self._page, reading, glyphs, PageFonts(self._doc), self._width)

    def _replace(self, change: ReplaceWords) -> dict[str, Any]:
        setting = self._read(change.ranges, change.old)
        answer = setting.replace(change)
        if isinstance(answer, NotMade):
            raise Refused(answer)
        barred = self._swap(answer.removed, answer.placed, answer.rules)
        return {
            "route": answer.route,
            "changed": _hull(answer.removed, answer.placed, barred),
            "old": change.old,
            "old_width": _length(answer.old_width),
            "new_width": _length(answer.new_width),
            "past_column": _length(answer.past_column),
            "squeezed": answer.squeezed,
        }

    def _move(self, ranges: Ranges, old: str, by: tuple[float, float] | None) -> dict[str, Any]:
        setting = self._read(ranges, old)
        answer = setting.take([setting.piece(part.line, part.start, part.end) for part in ranges], by)
        if isinstance(answer, NotMade):
            raise Refused(answer)
        barred = self._swap(answer.removed, answer.placed, answer.rules)
        return {
            "route": answer.route,
            "changed": _hull(answer.removed, answer.placed, barred),
            "old": old,
            "old_width": _length(answer.old_width),
            "new_width": _length(answer.new_width),
        }

    def _add(self, change: AddWords) -> dict[str, Any]:
        cut = bundled(change.words, serif=change.serif, bold=change.bold)
        if cut.missing or not change.words.strip():
            raise Refused(NotMade(WhyNot.NO_GLYPHS, signs=cut.missing[:200]))
        coded = cut.put_into(self._doc)
        size, x, y = change.size / CENTIPOINT, change.x / CENTIPOINT, change.y / CENTIPOINT
        start, placed = x, []
        for sign in change.words:
            placed.append(Placed(coded[sign], x, y, (size, 0.0, 0.0, -size), change.colour))
            x += coded[sign].advance * size
        self._swap([], placed)
        route = Route.MINCHO if change.serif else Route.GOTHIC
        return {"route": route, "changed": _hull([], placed), "new_width": _length(x - start)}

    def _swap(self, removed: list[Glyph], placed: list[Placed], rules: Sequence[Rule] = ()) -> list[Box]:
        """Takes glyphs out, writes others, has bars go by ``rules``, and reads the page again; Refused when
        it is not as meant. Where bars were changed."""
        placed = with_twins(placed)
        self._stay_on_page(placed)
        going = Glyphs(removed)
        before = [glyph for glyph in drawn_glyphs(self._page)[0] if not glyph.is_rider]
        kept = [glyph for glyph in before if going.find(*glyph.where) is None]
        order = written_glyphs(self._page)
        found = {number: going.find(*written) for number, written in enumerate(order)}
        widths = {number: glyph.width for number, glyph in found.items() if glyph is not None}
        walk = Walk(self._doc, widths, rules=rules, onto=page_matrix(self._page))
        walk.run(self._page)
        if walk.seen != len(order) or walk.taken != len(widths):
            raise Refused(NotMade(WhyNot.ELSEWHERE))
        self._write(walk, placed)
        after = [glyph for glyph in drawn_glyphs(self._page)[0] if not glyph.is_rider]
        if not as_meant(kept, after, placed):
            raise Refused(NotMade(WhyNot.ELSEWHERE))
        return walk.barred

    def _write(self, walk: Walk, placed: Sequence[Placed]) -> None:
        writer = PageWriter(self._doc, self._page)
        writer.write(placed)
        writer.finish(walk.opened, walk.closed)
        self._page = self._copy.page(0)

    def _stay_on_page(self, placed: Sequence[Placed]) -> None:
        box = _hull([], placed) if placed else Rect(0, 0, 1, 1)
        width, height = _length(self._width), _length(self._height)
        slack = 100
        if box.x0 < -slack or box.y0 < -slack or box.x1 > width + slack or box.y1 > height + slack:
            raise Refused(NotMade(WhyNot.TOO_WIDE, _length((box.x1 - box.x0) / CENTIPOINT), width))

    # --- pictures and the page ----------------------------------------------------------------------------

    def _picture(self, x: float, y: float, by: tuple[float, float] | None) -> dict[str, Any]:
        picture = picture_at(self._page, x, y)
        if picture is None:
            raise Refused(NotMade(WhyNot.NOTHING_THERE))
        if by is not None and picture.is_stencil:
            raise Refused(NotMade(WhyNot.ELSEWHERE))
        count = len(pictures(self._page))
        walk = Walk(self._doc, pictures=[(self._in_pdf(picture), None)])
        walk.run(self._page)
        writer = PageWriter(self._doc, self._page)
        corners = _corners(picture.seen)
        if by is not None:
            a, b, c, d, e, f = picture.onto
            x0, y0, x1, y1 = picture.seen
            seen = x0 + by[0], y0 + by[1], x1 + by[0], y1 + by[1]
            writer.picture(picture.image, (a, b, c, d, e + by[0], f + by[1]), seen)
            corners += _corners(seen)
        writer.finish(walk.opened, walk.closed)
        self._page = self._copy.page(0)
        left = count - walk.taken_pictures + (by is not None)
        if not walk.taken_pictures or len(pictures(self._page)) != left:
            raise Refused(NotMade(WhyNot.ELSEWHERE))
        return {"route": Route.NONE, "changed": _box(corners)}

    def _white_out(self, rect: Rect) -> dict[str, Any]:
        x0, y0, x1, y1 = (edge / CENTIPOINT for edge in (rect.x0, rect.y0, rect.x1, rect.y1))
        if not (x0 < x1 and y0 < y1):
            raise Refused(NotMade(WhyNot.NOTHING_THERE))
        under = [
            glyph
            for glyph in drawn_glyphs(self._page)[0]
            if x0 <= _middle(glyph)[0] <= x1 and y0 <= _middle(glyph)[1] <= y1
        ]
        if under:
            self._swap(under, [])
        walk = Walk(self._doc, pictures=self._blanked((x0, y0, x1, y1)))
        walk.run(self._page)
        if walk.taken_pictures < len(walk.pictures):
            raise Refused(NotMade(WhyNot.ELSEWHERE))
        writer = PageWriter(self._doc, self._page)
        writer.fill(x0, y0, x1, y1, WHITE)
        writer.finish(walk.opened, walk.closed)
        return {"route": Route.NONE, "changed": rect}

    def _blanked(self, box: tuple[float, float, float, float]) -> list[tuple[Matrix, Any]]:
        """The pictures that are seen under the box, and what is to be drawn in their stead."""
        pdf = mupdf.pdf_document_from_fz_document(self._doc.this)
        found: list[tuple[Matrix, Any]] = []
        for picture in pictures(self._page):
            x0, y0, x1, y1 = picture.seen
            if x1 <= box[0] or box[2] <= x0 or y1 <= box[1] or box[3] <= y0:
                continue
            if box[0] <= x0 and box[1] <= y0 and x1 <= box[2] and y1 <= box[3]:
                found.append((self._in_pdf(picture), None))
            elif picture.is_stencil:
                raise Refused(NotMade(WhyNot.ELSEWHERE))
            else:
                found.append((self._in_pdf(picture), mupdf.pdf_add_image(pdf, blanked(picture, box))))
        return found

    def _in_pdf(self, picture: Picture) -> Matrix:
        """Where a picture's unit square lies in the page's own space of PDF."""
        return joined(picture.onto, inverted(page_matrix(self._page)))

    def _rotate(self, quarters: int) -> dict[str, Any]:
        sheet = mupdf.pdf_page_from_fz_page(self._page).obj()
        key = mupdf.pdf_new_name("Rotate")
        now = mupdf.pdf_to_int(mupdf.pdf_dict_get_inheritable(sheet, key))
        mupdf.pdf_dict_put_int(sheet, key, (now + 90 * quarters) % 360)
        return {"route": Route.NONE, "changed": Rect(0, 0, _length(self._width), _length(self._height))}


def as_meant(kept: list[Glyph], now: list[Glyph], placed: Sequence[Placed]) -> bool:
    """Whether the page has what was kept, in its order, and then what was written, and nothing else."""
    old, new = now[: len(kept)], now[len(kept) :]
    if len(old) != len(kept) or not all(map(_stands_at, kept, old)):
        return False
    wanted = sorted((round(wish.x), round(wish.y)) for wish in placed)
    got = {(round(glyph.x) + x, round(glyph.y) + y) for glyph in new for x in (-1, 0, 1) for y in (-1, 0, 1)}
    twice = sum(wish.render == BOTH for wish in placed)
    return len(new) == len(placed) + twice and got.issuperset(wanted)


def _stands_at(one: Glyph, other: Glyph) -> bool:
    same = one.sign == other.sign and one.gid == other.gid
    return same and math.dist((one.x, one.y), (other.x, other.y)) <= SAME


def _middle(glyph: Glyph) -> tuple[float, float]:
    a, b, c, d = glyph.em
    along = glyph.advance / 2 / math.hypot(a, b)
    return glyph.x + a * along + 0.35 * c, glyph.y + b * along + 0.35 * d


def _hull(glyphs: Iterable[Glyph], placed: Iterable[Placed], barred: Iterable[Box] = ()) -> Rect:
    """The box around glyphs and bars, in 1/100 point."""
    corners: Corners = []
    for x0, y0, x1, y1 in barred:
        corners += [(x0 - LINE, y0 - LINE), (x1 + LINE, y1 + LINE)]
    for glyph in glyphs:
        a, b, _, _ = glyph.em
        corners += _letter_corners(glyph.x, glyph.y, glyph.em, glyph.advance / math.hypot(a, b))
    for new in placed:
        corners += _letter_corners(new.x, new.y, new.em, new.coded.advance)
    return _box(corners)


def _letter_corners(x: float, y: float, em: tuple[float, float, float, float], advance: float) -> Corners:
    a, b, c, d = em
    places = [(along, up) for along in (0.0, advance) for up in (ASCENT, -DESCENT)]
    return [(x + along * a + up * c, y + along * b + up * d) for along, up in places]


def _corners(box: tuple[float, float, float, float]) -> Corners:
    return [(box[0], box[1]), (box[2], box[3])]


def _box(corners: Corners) -> Rect:
    x0, y0 = (math.floor(min(at[axis] for at in corners) * CENTIPOINT) for axis in (0, 1))
    x1, y1 = (math.ceil(max(at[axis] for at in corners) * CENTIPOINT) for axis in (0, 1))
    return Rect(x0, y0, max(x1, x0 + 1), max(y1, y0 + 1))


def _length(points: float) -> int:
    return max(0, round(points * CENTIPOINT))
