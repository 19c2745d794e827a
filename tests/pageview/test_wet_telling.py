"""A fast mouse: the first point goes at once, the next ones together, and none is missing."""

from __future__ import annotations

from pageview.stroke import StrokeUnderWay
from pageview.wet_telling import EACH_S, WetTelling
from protocol.ink import Colour, Pen, Tool, unpacked
from protocol.presence import Wet

PEN = Pen(Tool.PEN, Colour.RED, 330)


def test_what_comes_too_soon_waits_and_goes_together(qapp: object) -> None:
    now = 10.0
    telling = WetTelling(lambda: now)
    said: list[Wet] = []
    telling.said.connect(said.append)
    stroke = StrokeUnderWay(1, 0, PEN, (0, 0, None))

    def move(x: int, after: float) -> None:
        nonlocal now
        now += after
        stroke.move((x, 0, None))
        telling.tell(stroke)

    telling.tell(stroke)
    assert len(said) == 1 and said[0].fresh
    for x in (10, 20, 30):
        move(x, EACH_S / 4)
    assert len(said) == 1 and telling.later.isActive()
    telling.later.timeout.emit()
    assert [unpacked(piece.x, piece.y, piece.path)[0] for piece in said[1:]] == [[0, 10, 20, 30]]
    move(40, EACH_S)
    assert len(said) == 3, "who is slow enough is told at once"
    move(50, EACH_S / 2)
    telling.finish()
    assert said[-1].x == 40 and not telling.later.isActive(), "what waited goes when the pen is up"
    telling.tell(StrokeUnderWay(1, 1, PEN, (7, 7, None)))
    telling.stop()
    assert [piece.n for piece in said] == [0] * 4, "of what will not be nothing more is told"
