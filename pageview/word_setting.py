"""Sets new words where old ones stood: in the page's own fonts if they can, else in a bundled one.

Only in the render process. Everything is in page space, in points, along the baseline of each line.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Any

import pymupdf

import assets
from pageview import fonts_in_pdf
from pageview.drawn_bars import Letters, Rule, rule_of_replaced, rule_of_taken
from pageview.drawn_grounds import without_grounds
from pageview.leaders import LEAST, after_leader, leader_to, led
from pageview.line_pieces import (
    Piece,
    is_western,
    spacing_of,
    stretch_of,
    together,
)
from pageview.line_setting import (
    Part,
    Plan,
    Room,
    Side,
    Stretch,
    TooWide,
    is_in_cells,
    parts_near,
    plan,
    room_of,
    upright_edges,
)
from pageview.page_characters import Reading
from pageview.page_edits import NotMade, ReplaceWords, Route, Setting, WhyNot
from pageview.page_fonts import Coded, CutFont, PageFonts, Wish
from pageview.page_glyphs import BOTH, FILLED, SINGLE, Glyph, Offset, PageGlyphs
from pageview.page_text import TextLine
from pageview.page_writer import Placed
from pageview.rulings import rulings

mupdf = pymupdf.mupdf

FULL_LINE = 1.02
# What does not begin a line.
CLINGS = frozenset("、。，．,.・：；:;？！?!」』）〕］｝〉》】)]}％%ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ")


@dataclass
class Arranged:
    """What goes, what comes; widths in points."""

    route: Route = Route.NONE
    removed: list[Glyph] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    """For bars under and through the words, and grounds behind them."""
    old_width: float = 0.0
    new_width: float = 0.0
    past_column: float = 0.0
    squeezed: int = 0


@dataclass(frozen=True)
class Letter:
    """A sign as it will be written: code, one em, width in points."""

    sign: str
    coded: Coded
    em: tuple[float, float, float, float]
    render: int
    twin: Offset = SINGLE

    @property
    def width(self) -> float:
        return self.coded.advance * math.hypot(self.em[0], self.em[1])


class WordSetting:
    """The setting of words on one page."""

    def __init__(
        self,
        doc: Any,
        page: Any,
        reading: Reading,
        glyphs: PageGlyphs,
        fonts: PageFonts,
        width: float,
    ) -> None:
        self._doc = doc
        self._rulings = without_grounds(rulings(page), reading.text.lines, doc, page)
        self._reading = reading
        self._glyphs = glyphs
        self._fonts = fonts
        self._width = width

    def replace(self, change: ReplaceWords) -> Arranged | NotMade:
        """Works out a replacement; nothing on the page is touched but that a bundled font may be put in."""
        pieces = [self.piece(part.line, part.start, part.end) for part in change.ranges]
        fault = _fault_of(pieces)
        if fault is not None:
            return NotMade(fault)
        if change.new and self._is_in_cells(pieces):
            return NotMade(WhyNot.CELLS)
        letters, route = self._letters(pieces, change.new)
        if isinstance(letters, str):
            return NotMade(WhyNot.NO_GLYPHS, signs=letters[:200])
        done = Arranged(route)
        for piece, part in zip(pieces, _shared_out(pieces, letters), strict=True):
            setting = change.setting if piece is pieces[-1] else Setting.EITHER
            refusal = self._set(piece, part, setting, done)
            if refusal is not None:
                return refusal
        return done

    def take(self, pieces: Sequence[Piece], by: tuple[float, float] | None) -> Arranged | NotMade:
        """Words that go, or go elsewhere (``by``: right, down) in their own fonts; and with them what is
        drawn under or through them, and a leader that leads to nothing then."""
        fault = _fault_of(pieces)
        if fault is not None:
            return NotMade(fault)
        done = Arranged()
        for piece in pieces:
            text_line = self._reading.text.lines[piece.number]
            if text_line.is_level:
                done.rules.append(rule_of_taken(Letters(piece, self._edges(text_line)), by))
            done.removed += piece.old
            done.old_width += sum(glyph.advance for glyph in piece.old)
        known = {glyph.where for glyph in done.removed}
        led = (glyph for piece in pieces if _is_all(piece) for glyph in self._leader(piece))
        done.removed += [glyph for glyph in led if glyph.where not in known]
        return done if by is None else self._elsewhere(done, *by)

    def _elsewhere(self, done: Arranged, dx: float, dy: float) -> Arranged | NotMade:
        """What is taken, written again there."""
        moving = [glyph for glyph in done.removed if not glyph.is_rider]
        self._fonts.learn(map(_wish, moving))
        for glyph in moving:
            again = self._again(glyph, glyph.x + dx, glyph.y + dy)
            if again is None:
                return NotMade(WhyNot.ELSEWHERE)
            done.placed.append(again)
        done.route, done.new_width = Route.ORIGINAL, done.old_width
        return done

    def piece(self, number: int, start: int, end: int) -> Piece:
        """A part of a line with its glyphs and looks."""
        line = self._reading.text.lines[number]
        styles = [self._reading.text.styles[line.style(at)] for at in range(len(line.text))]
        glyphs = self._glyphs.of_line(self._reading, number)
        low, high = together(line, glyphs, start, end, self._edges(line))
        low = after_leader(glyphs, low, start)
        return Piece(number, start, end, glyphs, styles, low, high)

    def _edges(self, line: TextLine) -> list[int]:
        return upright_edges(self._rulings, line.hull()) if line.is_level else []

    def _is_in_cells(self, pieces: Sequence[Piece]) -> bool:
        boxes = []
        for piece in pieces:
            line = self._reading.text.lines[piece.number]
            if line.is_level:
                inked = (at for at in range(piece.start, piece.end) if not line.text[at].isspace())
                boxes += [line.box(at) for at in inked]
        return is_in_cells(boxes, self._rulings)

    # --- letters ------------------------------------------------------------------------------------------

    def _letters(self, pieces: Sequence[Piece], new: str) -> tuple[list[Letter] | str, Route]:
        """The new words as letters, and what they are set in; the signs that no font has."""
        if not new:
            return [], Route.NONE
        own = self._own_letters(pieces, new)
        if own is not None:
            return own, Route.ORIGINAL
        piece = pieces[0]
        at = _like(piece, new)
        style, first = piece.styles[at], piece.glyphs[at] or piece.first
        # What is drawn twice to look bold is lighter than a bold face: so are the new words.
        bold = (style.bold or first.render == BOTH) and first.twin == SINGLE
        face = fonts_in_pdf.face_for(style.font, serif=style.serif, bold=bold)
        noto = assets.SCREEN_BOLD if bold else assets.SCREEN_REGULAR
        for path in (face, noto):
            cut = CutFont(path, new)
            if not cut.missing:
                coded = cut.put_into(self._doc)
                mincho = path in (assets.PAPER_MINCHO, assets.PAPER_MINCHO_FIXED)
                # There is no bold mincho among the bundled ones: its letters are made thicker.
                render = BOTH if mincho and bold else FILLED
                route = Route.MINCHO if mincho else Route.GOTHIC
                return [Letter(sign, coded[sign], first.em, render, first.twin) for sign in new], route
        return cut.missing, Route.NONE

    def _own_letters(self, pieces: Sequence[Piece], new: str) -> list[Letter] | None:
        """All of them in fonts that the line uses already, each kind of sign in the font of its like."""
        models = _models(pieces)
        fonts = list(dict.fromkeys(glyph.font for glyph in models))
        self._fonts.learn((font, sign, None) for font in fonts for sign in set(new))
        letters = []
        for sign in new:
            like = sorted(models, key=lambda glyph: is_western(glyph.sign) != is_western(sign))
            model = next((g for g in like if self._fonts.coded((g.font, sign, None)) is not None), None)
            if model is None:
                return None
            coded = self._fonts.coded((model.font, sign, None))
            assert coded is not None
            letters.append(Letter(sign, coded, model.em, model.render, model.twin))
        return letters

    # --- places -------------------------------------------------------------------------------------------

    def _set(self, piece: Piece, letters: list[Letter], setting: Setting, done: Arranged) -> NotMade | None:
        spacing = spacing_of(piece)
        own = done.route is Route.ORIGINAL
        spaces = [spacing.between(one.sign, other.sign, own=own) for one, other in pairwise(letters)]
        advances = [letter.width + space for letter, space in zip(letters, [*spaces, 0.0], strict=False)]
        starts = [0.0, *accumulate(advances)]
        width = starts[-1]
        line = stretch_of(piece, width)
        leader = self._leader(piece)
        room = self._room(piece, leader)
        where = plan(line, room, setting)
        if isinstance(where, TooWide):
            return NotMade(WhyNot.TOO_WIDE, round(where.needed * 100), round(where.room * 100))
        done.removed += piece.old
        done.old_width += line.old_width
        done.new_width += width
        done.past_column = max(done.past_column, where.past_column)
        done.squeezed = max(done.squeezed, where.squeezed)
        places = [line.old_start + where.words + start for start in starts[:-1]]
        fitted = _fitted(places, [letter.width for letter in letters], where, line)
        new = [self._new(piece, letter, at, where) for letter, at in zip(letters, fitted, strict=True)]
        if self._reading.text.lines[piece.number].is_level:
            done.rules.append(self._rule(piece, line, where, (fitted, letters)))
        around = self._around(piece, where, done)
        if around is None:
            return NotMade(WhyNot.ELSEWHERE)
        done.placed += [*around[0], *new, *around[1]]
        return None if where.words_only else self._lead(piece, leader, where.anchor, done)

    def _rule(self, piece: Piece, line: Stretch, where: Plan, new: tuple[list[float], list[Letter]]) -> Rule:
        places, letters = new
        edges = self._edges(self._reading.text.lines[piece.number])
        start = end = line.old_start + where.words
        if places:
            start, end = places[0], places[-1] + letters[-1].width * min(1.0, where.scale)
        return rule_of_replaced(Letters(piece, edges), line, where, (start, end))

    def _leader(self, piece: Piece) -> list[Glyph]:
        edges = self._edges(self._reading.text.lines[piece.number])
        return leader_to(piece, self._reading, self._glyphs, edges)

    def _lead(self, piece: Piece, leader: Sequence[Glyph], start: float, done: Arranged) -> NotMade | None:
        going, further = led(piece, leader, start)
        done.removed += going
        if further:
            self._fonts.learn([_wish(leader[-1])])
        for x in further:
            again = self._again(leader[-1], x, leader[-1].y)
            if again is None:
                return NotMade(WhyNot.ELSEWHERE)
            done.placed.append(again)
        return None

    def _new(self, piece: Piece, letter: Letter, at: float, where: Plan) -> Placed:
        x, y = piece.shifted(at - piece.along(piece.first.x, piece.first.y), piece.first.x, piece.first.y)
        em, first = _narrowed(letter.em, where.scale), piece.first
        return Placed(letter.coded, x, y, em, first.colour, first.alpha, letter.render, letter.twin)

    def _around(self, piece: Piece, where: Plan, done: Arranged) -> tuple[list[Placed], list[Placed]] | None:
        """What stands before and after the words, where it goes; None when one of it cannot be written."""
        sides: list[list[Placed]] = []
        parts = ((range(piece.low, piece.start), where.head), (range(piece.end, piece.high), where.tail))
        for part, shift in parts:
            written: list[Placed] = []
            sides.append(written)
            if shift == 0 and (where.scale == 1 or where.words_only):
                continue
            self._learn(piece)
            for at in part:
                glyph = piece.glyphs[at]
                if glyph is None or glyph.is_rider:
                    continue
                now = piece.along(glyph.x, glyph.y)
                then = where.anchor + (now + shift - where.anchor) * where.scale
                x, y = piece.shifted(then - now, glyph.x, glyph.y)
                again = self._again(glyph, x, y, where.scale)
                if again is None:
                    return None
                written.append(again)
                done.removed.append(glyph)
        return sides[0], sides[1]

    def _learn(self, piece: Piece) -> None:
        self._fonts.learn(_wish(glyph) for glyph in piece.glyphs if glyph is not None)

    def _again(self, glyph: Glyph, x: float, y: float, scale: float = 1.0) -> Placed | None:
        """A glyph of the page at another place; None when its font does not tell how it is written."""
        coded = self._fonts.coded(_wish(glyph))
        if coded is None:
            return None
        em = _narrowed(glyph.em, scale)
        return Placed(coded, x, y, em, glyph.colour, glyph.alpha, glyph.render, glyph.twin)

    def _room(self, piece: Piece, leader: Sequence[Glyph]) -> Room:
        line = self._reading.text.lines[piece.number]
        if not line.is_level:
            return Room(Side.LEFT, -1e6, 1e6)
        text = line.text[piece.low : piece.high]
        low = piece.low + (len(text) - len(text.lstrip()) if text.strip() else 0)
        own = Part(line.hull(low, piece.high), text, line.block, piece.number)
        others = [*parts_near(self._reading.text, own, self._rulings), *_beside(line, own, piece)]
        room = room_of(own, others, self._width, self._rulings)
        if leader:
            # It gives way, but for its beginning, and what it leads to ends where the others end.
            return Room(Side.RIGHT, leader[LEAST].x, max(room.right, own.box.x1 / 100))
        return room


def _beside(line: TextLine, own: Part, piece: Piece) -> Iterator[Part]:
    """What stands before and after a piece on its line, wherever that is parted."""
    for start, end in ((0, piece.low), (piece.high, len(line.text))):
        if line.text[start:end].strip():
            yield Part(line.hull(start, end), line.text[start:end], own.block, own.line)


def bundled(words: str, *, serif: bool, bold: bool) -> CutFont:
    """A bundled face cut to ``words``, for words that follow no others; some may be missing in it."""
    face = assets.PAPER_MINCHO if serif else assets.PAPER_GOTHIC_BOLD if bold else assets.PAPER_GOTHIC
    cut = CutFont(face, words)
    return CutFont(assets.SCREEN_BOLD if bold else assets.SCREEN_REGULAR, words) if cut.missing else cut


def _like(piece: Piece, new: str) -> int:
    """Which old sign shows how the new words are to look: a Japanese one, where they are not all Western."""
    western = all(is_western(sign) for sign in new)
    signs = ((at, piece.glyphs[at]) for at in range(piece.start, piece.end))
    return next((at for at, glyph in signs if glyph and is_western(glyph.sign) == western), piece.start)


def _fault_of(pieces: Sequence[Piece]) -> WhyNot | None:
    """Of the first that has one."""
    return next((fault for piece in pieces if (fault := _fault(piece)) is not None), None)


def _is_all(piece: Piece) -> bool:
    """Whether nothing is left of what is set together with it."""
    rest = (*piece.glyphs[piece.low : piece.start], *piece.glyphs[piece.end : piece.high])
    return all(glyph is None or glyph.sign.isspace() for glyph in rest)


def _fault(piece: Piece) -> WhyNot | None:
    """Why the old words of a piece cannot be taken out one by one."""
    line = piece.glyphs
    if not piece.old:
        return WhyNot.ELSEWHERE
    for at in range(piece.start, piece.end):
        glyph = line[at]
        if glyph is not None and not glyph.is_seen:
            return WhyNot.PICTURE
    after = line[piece.end] if piece.end < len(line) else None
    if piece.first.is_rider or (after is not None and after.is_rider):
        return WhyNot.ELSEWHERE  # half of a ligature
    return None


def _models(pieces: Sequence[Piece]) -> list[Glyph]:
    """Glyphs that new words may be modelled on, the best first: the old ones, then their like on the line."""
    first, style = pieces[0].first, pieces[0].styles[pieces[0].start]
    own = [glyph for piece in pieces for glyph in piece.old]
    line = [
        glyph
        for piece in pieces
        for glyph, other in zip(piece.glyphs, piece.styles, strict=True)
        if glyph is not None and other.bold == style.bold and other.serif == style.serif
    ]
    return [
        glyph
        for glyph in (*own, *line)
        if glyph.is_seen and not glyph.is_rider and abs(glyph.size / first.size - 1) < 0.15
    ]


def _wish(glyph: Glyph) -> Wish:
    return glyph.font, glyph.sign, (glyph.gid, glyph.cid)


def _fitted(places: list[float], widths: list[float], where: Plan, line: Stretch) -> list[float]:
    """Where the new letters begin: narrowed about the plan's anchor, or put further apart."""
    if where.scale <= 1 or not where.words_only:
        return [where.anchor + (at - where.anchor) * where.scale if where.scale != 1 else at for at in places]
    spare = line.old_width - line.new_width
    if len(places) == 1:
        return [places[0] + spare / 2]
    return [at + n * spare / (len(places) - 1) for n, at in enumerate(places)]


def _shared_out(pieces: Sequence[Piece], letters: list[Letter]) -> list[list[Letter]]:
    """The new letters on the lines of the old ones: each line is filled before the next is begun."""
    shares: list[list[Letter]] = []
    left = list(letters)
    for piece in pieces[:-1]:
        line = stretch_of(piece, 0.0)
        spaced, used, count = spacing_of(piece).alike, 0.0, 0
        while count < len(left):
            used += left[count].width + spaced
            if used - spaced > line.old_width * FULL_LINE and left[count].sign not in CLINGS:
                break
            count += 1
        shares.append(left[:count])
        left = left[count:]
    return [*shares, left]


def _narrowed(em: tuple[float, float, float, float], scale: float) -> tuple[float, float, float, float]:
    a, b, c, d = em
    by = min(1.0, scale)
    return a * by, b * by, c, d
