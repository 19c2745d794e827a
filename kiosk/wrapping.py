"""Words in narrow panels: broken between phrases, shrunk a little before a phrase is broken itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.canvas import Canvas
from pageview.wording import phrases

# つなぎ│直して│います: signs with the kana that follow them; the endings ください and います stand alone.
_KANA = r"[\u3041-\u3093\u3001\u3002]"
_ENDING = r"(?:\u304f\u3060\u3055\u3044|\u3044\u307e\u3059)"
_FINER = re.compile(rf"{_ENDING}\u3002?|[^\u3041-\u3093]*(?:(?!{_ENDING}){_KANA})*")


_LEAST_WORD = 20.0
_PITCH = 1.32
"""From one line to the next, in sizes."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines, and the size in units (viewing factor included) at which they fit."""

    lines: tuple[str, ...]
    size: float

    @property
    def height(self) -> float:
        """In units."""
        return len(self.lines) * self.size * _PITCH


def wrap(
    canvas: Canvas,
    text: str,
    size: float,
    bold: bool,
    width: float,
    least: float = 24,
    least_word: float = _LEAST_WORD,
) -> Lines:
    """`text` in lines of at most `width` units; made smaller down to `least` for a long phrase, and to
    `least_word` for a long word of letters, before it is broken."""

    def long(piece: str, at: float) -> float:
        return canvas.width_of(piece.strip(), at, bold, k=1.0)

    wanted = size * min(canvas.scale.k, 1.1)
    if long(text, wanted) <= width:  # most do: no model is loaded for them
        return Lines((text.strip(),), wanted)
    pieces = [
        part
        for piece in _pieces(text)
        for part in ([piece] if piece.isascii() or long(piece, wanted) <= width * 1.06 else _finer(piece))
    ]
    longest = max(pieces, key=lambda piece: long(piece, wanted))
    # A Japanese phrase can still be broken at the least size; a word of letters cannot. Letters have whole
    # pixels, so that a size in between may come out as the next larger one.
    floor = least_word if longest.isascii() else least
    while long(longest, wanted) > width and wanted > floor:
        wanted = max(floor, wanted - 0.25)
    pieces = [part for piece in pieces for part in _chunks(piece, lambda text: long(text, wanted) <= width)]
    lines: list[str] = [""]
    for piece in pieces:
        joined = lines[-1] + piece
        if lines[-1] and long(joined, wanted) > width:
            lines.append(piece)
        else:
            lines[-1] = joined
    return Lines(tuple(line.strip() for line in lines), wanted)


def _pieces(text: str) -> list[str]:
    """Words with the space behind them; Japanese ones in phrases."""
    words = [word + " " for word in text.split(" ")]
    words[-1] = words[-1][:-1]
    return [piece for word in words for piece in ([word] if word.isascii() else phrases(word))]


def _chunks(piece: str, fits: Callable[[str], bool]) -> list[str]:
    """A piece that is too long even at the least size, in parts of the same length: 危機管理│防災課."""
    for count in range(1, len(piece)):
        each = -(-len(piece) // count)
        made = [piece[start : start + each] for start in range(0, len(piece), each)]
        if all(fits(part) for part in made):
            return made
    return list(piece)


def _finer(piece: str) -> list[str]:
    """A phrase that is too long: つなぎ│直して│います."""
    return [part for part in _FINER.findall(piece) if part] or [piece]


def draw_lines(
    canvas: Canvas,
    lines: Lines,
    x: float,
    top: float,
    color: str,
    width: float,
    *,
    bold: bool = False,
) -> float:
    """Sets them about `x` from `top` down; where the next thing may begin."""
    step = lines.size * _PITCH
    for number, line in enumerate(lines.lines):
        y = top + step * (number + 0.5)
        canvas.text(
            line, x, y, lines.size, color, bold=bold, align="centre", width=width + 2, least=20, fixed=True
        )
    return top + lines.height
