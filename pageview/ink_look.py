"""How marks look, as plain numbers: the same on every screen and in every exported file. No Qt."""

from __future__ import annotations

from typing import Final

from protocol.ink import Colour, Pen, Tool

RGB: Final = {
    Colour.RED: 0xCE0000,
    Colour.BLUE: 0x0066BE,
    Colour.BLACK: 0x1A1A1A,
    Colour.GREEN: 0x1D6B3E,
    Colour.ORANGE: 0xAD4A00,
    Colour.PURPLE: 0x6A3EA1,
    Colour.YELLOW: 0xFFD43D,
    Colour.WHITE: 0xFFFFFF,
}
"""On the white of a page each but yellow has 5:1 at least; highlighters take their light kin."""
HIGHLIGHT: Final = {
    **RGB,
    Colour.RED: 0xFF9C9C,
    Colour.BLUE: 0x9CD3FF,
    Colour.GREEN: 0x9BE3B4,
    Colour.ORANGE: 0xFFC48A,
    Colour.PURPLE: 0xD9BDFB,
}
HIGHLIGHT_SHARE: Final = 0.75
"""How much of the highlighter's colour is multiplied with the page."""
EDGE: Final = 0.06
"""Of the ground of words, in their letters' size: how wide its frame is."""
STAMPS: Final = ("確認", "要修正", "済")
"""The words of the usual stamps."""
PRESSED: Final = 0.4, 1.2
"""The share of a pen's width at no pressure and at full pressure."""


def rgb_of(pen: Pen) -> int:
    """What a pen leaves on the page, 0xRRGGBB; a highlighter's is multiplied with what is there."""
    return (RGB if pen.tool is Tool.PEN else HIGHLIGHT)[pen.colour]
