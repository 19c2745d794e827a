"""Drawn bars that begin and end with letters, under or through them, and grounds behind them: where they go
when the letters do.

Only in the render process. Found and changed in the contents that draw them, so that colour, width and what
lies above them stay. (Boxes that MuPDF tells are too large by as much as a line is wide in its own space.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from pageview.content_tokens import Token
from pageview.line_pieces import Piece
from pageview.line_setting import Plan, Stretch
from pageview.page_glyphs import Matrix, inverted, through

THICK = 0.25
ABOVE, BELOW = 0.6, 0.3
"""Of a bar, in ems: how thick at most, and where its middle is from the baseline: a line through letters is
above it."""
NEAR = 0.2
"""How far (ems) from a letter's edge a bar may begin or end that belongs to it."""
GROUND, MIDDLE, OFF = (0.7, 1.8), 0.38, 0.5
"""Of a ground, in ems: how high it is, how far above the baseline letters have their middle, and how far from
there its own may be."""
GAP, TOUCHES = 0.6, 0.8
"""How wide (ems) a gap between letters is at most, and how far (points) what is drawn in it
ends from them."""
MEETS = 1.0
"""How far (points) the border of a cell ends from an upright line: no cell has its words so near to it."""
LEAST = 0.5
FILLING = frozenset((b"f", b"F", b"f*"))
PAINTING = FILLING | frozenset((b"S", b"s", b"B", b"B*", b"b", b"b*"))
Edit = tuple[int, int, bytes]
Box = tuple[float, float, float, float]


Part = tuple[float, float, float]
"""From where to where a part of a bar is to reach, and how far down it lies from where the bar is."""
Rule = Callable[[Box, bool], Sequence[Part] | None]
"""What is to become of something that is drawn in that box (points of page space), only filled or also with
a line: nothing, where it has no parts; None: it stays."""


Span = tuple[int, float, float]
"""The number of a letter on its line, and from where to where it reaches."""


class Letters:
    """The letters of a level piece, and which of them a bar or a ground has. ``edges``: the x (1/100 point)
    of upright lines through its line."""

    def __init__(self, piece: Piece, edges: Sequence[int]) -> None:
        self.piece = piece
        self._size, self._baseline = piece.first.size, piece.first.y
        self._edges = [edge / 100 for edge in edges]
        glyphs = [(at, piece.glyphs[at]) for at in range(piece.low, piece.high)]
        self._spans = [(at, *piece.span(glyph)) for at, glyph in glyphs if glyph and not glyph.is_rider]
        self._inked = [span for span in self._spans if not _is_space(piece, span[0])]

    def drawn_for(self, box: Box, filled: bool) -> list[Span]:
        """Those that it begins with to those that it ends with; none where it is no bar and no ground."""
        if not (self._is_bar(box) or (filled and is_ground(box, self._baseline, self._size))):
            return []
        if any(abs(edge - end) <= MEETS for edge in self._edges for end in (box[0], box[2])):
            return []  # the border of a cell, or its colour
        return self._has(box) or self._beside(box)

    def _is_bar(self, box: Box) -> bool:
        size, (_, y0, _, y1) = self._size, box
        return y1 - y0 <= THICK * size and -ABOVE * size <= (y0 + y1) / 2 - self._baseline <= BELOW * size

    def _has(self, box: Box) -> list[Span]:
        size, (x0, _, x1, _) = self._size, box
        first = min(self._spans, key=lambda span: abs(span[1] - x0))
        last = min(self._spans, key=lambda span: abs(span[2] - x1))
        if max(abs(first[1] - x0), abs(last[2] - x1)) > NEAR * size:
            return []
        return [span for span in self._spans if first[0] <= span[0] <= last[0]]

    def _beside(self, box: Box) -> list[Span]:
        """Where it is the part in a gap between letters, as LibreOffice draws it between kanji and figures:
        the letters at its ends, without their widths; of one alone, with the whole of it."""
        size, (x0, _, x1, _) = self._size, box
        if x1 - x0 > GAP * size:
            return []
        before = [(at, end, end) for at, _, end in self._inked if abs(end - x0) <= TOUCHES]
        after = [(at, start, start) for at, start, _ in self._inked if abs(start - x1) <= TOUCHES]
        if before and after:
            return [before[-1], after[0]] if before[-1][0] < after[0][0] else []
        return [(at, x0, x1) for at, _, _ in (*before[-1:], *after[:1])]


def is_ground(box: Box, baseline: float, size: float) -> bool:
    """Whether something drawn is as high as a ground behind letters of that size, and about their line."""
    middle, high = baseline - MIDDLE * size, box[3] - box[1]
    return GROUND[0] * size <= high <= GROUND[1] * size and abs((box[1] + box[3]) / 2 - middle) <= OFF * size


def _is_space(piece: Piece, at: int) -> bool:
    glyph = piece.glyphs[at]
    return glyph is not None and glyph.sign.isspace()


def rule_of_replaced(letters: Letters, line: Stretch, where: Plan, words: tuple[float, float]) -> Rule:
    """For the bars of words that are set anew; ``words``: from where to where the new ones reach."""
    piece = letters.piece

    def goes(at: int, x: float) -> float:
        if piece.start <= at < piece.end:
            share = (x - line.old_start) / line.old_width if line.old_width else 0.0
            return words[0] + share * (words[1] - words[0])
        if where.words_only:
            return x
        shift = where.head if at < piece.start else where.tail
        return where.anchor + (x + shift - where.anchor) * where.scale

    def rule(box: Box, filled: bool) -> Sequence[Part] | None:
        barred = letters.drawn_for(box, filled)
        if not barred:
            return None
        first, last = barred[0], barred[-1]
        head, tail = goes(first[0], first[1]) - first[1], goes(last[0], last[2]) - last[2]
        return [(box[0] + head, box[2] + tail, 0.0)] if max(abs(head), abs(tail)) > 0.05 else None

    return rule


def rule_of_taken(letters: Letters, by: tuple[float, float] | None) -> Rule:
    """For the bars of words that go, or go elsewhere (``by``: right, down): what other words have of them
    stays where it is."""
    piece = letters.piece

    def rule(box: Box, filled: bool) -> Sequence[Part] | None:
        barred = letters.drawn_for(box, filled)
        inked = [span for span in barred if not _is_space(piece, span[0])] or barred
        before = [span for span in inked if span[0] < piece.start]
        taken = [span for span in inked if piece.start <= span[0] < piece.end]
        after = [span for span in inked if span[0] >= piece.end]
        if not taken:
            return None
        x0, x1 = box[0] - barred[0][1], box[2] - barred[-1][2]
        parts = [(x0 + each[0][1], x1 + each[-1][2], 0.0) for each in (before, after) if each]
        if by is not None:
            parts.append((x0 + taken[0][1] + by[0], x1 + taken[-1][2] + by[0], by[1]))
        return parts

    return rule


@dataclass
class _Line:
    """A part of a path, in page space, and where it stands in the contents."""

    start: int
    end: int
    points: list[tuple[float, float]] = field(default_factory=list)
    closed: bool = False
    curved: bool = False


@dataclass
class BarReader:
    """Reads the paths of a piece of contents, and tells how those change that draw a bar. ``changed`` has the
    boxes (points of page space) of those, before and after."""

    rules: Sequence[Rule]
    changed: list[Box]
    _lines: list[_Line] = field(default_factory=list)
    _clips: bool = False

    def obey(self, operator: bytes, operands: Sequence[Token], end: int, onto: Matrix) -> list[Edit]:
        """One operator; ``onto``: from its space to page space. What is to stand there instead of a path."""
        numbers = [token.number for token in operands]
        if operator == b"m" and len(numbers) >= 2:
            self._lines.append(_Line(operands[-2].start, end, [through(onto, numbers[-2], numbers[-1])]))
        elif operator == b"re" and len(numbers) >= 4:
            x, y, wide, high = numbers[-4:]
            corners = ((x, y), (x + wide, y), (x + wide, y + high), (x, y + high))
            points = [through(onto, *corner) for corner in corners]
            self._lines.append(_Line(operands[-4].start, end, points, closed=True))
        elif operator in (b"l", b"c", b"v", b"y", b"h") and self._lines:
            line = self._lines[-1]
            line.end, line.closed = end, line.closed or operator == b"h"
            line.curved = line.curved or operator in (b"c", b"v", b"y")
            if operator == b"l" and len(numbers) >= 2 and len(line.points) < 8:
                line.points.append(through(onto, numbers[-2], numbers[-1]))
        elif operator in (b"W", b"W*"):
            self._clips = True
        elif operator in PAINTING or operator == b"n":
            lines, clips = self._lines, self._clips
            self._lines, self._clips = [], False
            if operator != b"n" and not clips:
                return [edit for line in lines for edit in self._moved(line, onto, operator in FILLING)]
        return []

    def _moved(self, line: _Line, onto: Matrix, filled: bool) -> Iterator[Edit]:
        xs, ys = [x for x, _ in line.points], [y for _, y in line.points]
        box = min(xs), min(ys), max(xs), max(ys)
        if line.curved or len(line.points) not in (2, 4, 5):
            return
        parts = next((found for rule in self.rules if (found := rule(box, filled)) is not None), None)
        if parts is None:
            return
        self.changed.append(box)
        middle, back, drawn = (box[0] + box[2]) / 2, inverted(onto), []
        for start, end, lower in parts:
            if end - start < LEAST:
                continue
            self.changed.append((start, box[1] + lower, end, box[3] + lower))
            for number, (x, y) in enumerate(line.points):
                to = x - box[0] + start if x < middle else x - box[2] + end
                across, down = through(back, to, y + lower)
                drawn.append(f"{across:.4f} {down:.4f} {'l' if number else 'm'}")
            drawn += ["h"] if line.closed else []
        yield line.start, line.end, " ".join(drawn).encode()
