"""Drawn bars that begin and end with letters, under or through them: where they go when the letters do.

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
MEETS = 1.0
"""How far (points) the border of a cell ends from an upright line: no cell has its words so near to it."""
LEAST = 0.5
PAINTING = frozenset((b"f", b"F", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*"))
Edit = tuple[int, int, bytes]
Box = tuple[float, float, float, float]


Part = tuple[float, float, float]
"""From where to where a part of a bar is to reach, and how far down it lies from where the bar is."""
Rule = Callable[[Box], Sequence[Part] | None]
"""What is to become of something that is drawn in that box (points of page space): nothing, where it has no
parts; None: it stays."""


class _Letters:
    """The letters of a level piece, and which of them a bar has. ``edges``: the x (1/100 point) of upright
    lines through its line."""

    def __init__(self, piece: Piece, edges: Sequence[int]) -> None:
        self._size, self._baseline = piece.first.size, piece.first.y
        self._edges = [edge / 100 for edge in edges]
        self._spans = [
            (at, *piece.span(glyph))
            for at in range(piece.low, piece.high)
            if (glyph := piece.glyphs[at]) is not None and not glyph.is_rider
        ]

    def barred(self, box: Box) -> list[tuple[int, float, float]]:
        """The number of each on its line, and from where to where it reaches; none where it is no bar."""
        size, (x0, y0, x1, y1) = self._size, box
        if y1 - y0 > THICK * size or not -ABOVE * size <= (y0 + y1) / 2 - self._baseline <= BELOW * size:
            return []
        if any(abs(edge - end) <= MEETS for edge in self._edges for end in (x0, x1)):
            return []  # the border of a cell
        first = min(self._spans, key=lambda span: abs(span[1] - x0))
        last = min(self._spans, key=lambda span: abs(span[2] - x1))
        if max(abs(first[1] - x0), abs(last[2] - x1)) > NEAR * size:
            return []
        return [span for span in self._spans if first[0] <= span[0] <= last[0]]


def rule_of_replaced(
    piece: Piece,
    edges: Sequence[int],
    line: Stretch,
    where: Plan,
    words: tuple[float, float],
) -> Rule:
    """For the bars of a level piece whose words are set anew. ``edges``: the x (1/100 point) of upright lines
    through its line; ``words``: from where to where the new ones reach."""
    letters = _Letters(piece, edges)

    def goes(at: int, x: float) -> float:
        if piece.start <= at < piece.end:
            share = (x - line.old_start) / line.old_width if line.old_width else 0.0
            return words[0] + share * (words[1] - words[0])
        if where.words_only:
            return x
        shift = where.head if at < piece.start else where.tail
        return where.anchor + (x + shift - where.anchor) * where.scale

    def rule(box: Box) -> Sequence[Part] | None:
        barred = letters.barred(box)
        if not barred:
            return None
        first, last = barred[0], barred[-1]
        head, tail = goes(first[0], first[1]) - first[1], goes(last[0], last[2]) - last[2]
        return [(box[0] + head, box[2] + tail, 0.0)] if max(abs(head), abs(tail)) > 0.05 else None

    return rule


def rule_of_taken(piece: Piece, edges: Sequence[int], by: tuple[float, float] | None) -> Rule:
    """For the bars of a level piece whose words go, or go elsewhere (``by``: right, down): what other words
    have of them stays where it is."""
    letters = _Letters(piece, edges)

    def rule(box: Box) -> Sequence[Part] | None:
        barred = letters.barred(box)
        signs = ((span, piece.glyphs[span[0]]) for span in barred)
        inked = [span for span, glyph in signs if glyph and not glyph.sign.isspace()] or barred
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
                return [edit for line in lines for edit in self._moved(line, onto)]
        return []

    def _moved(self, line: _Line, onto: Matrix) -> Iterator[Edit]:
        xs, ys = [x for x, _ in line.points], [y for _, y in line.points]
        box = min(xs), min(ys), max(xs), max(ys)
        if line.curved or len(line.points) not in (2, 4, 5):
            return
        parts = next((found for rule in self.rules if (found := rule(box)) is not None), None)
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
