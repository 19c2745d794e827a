"""What the lasso holds: marks of one page, to be moved or erased together."""

from __future__ import annotations

from PySide6.QtCore import QPointF

from pageview import ink_painting, marks_at
from protocol.ink import Drawn, MarkId
from protocol.marks import Marks


class Lasso:
    """``marks``: as they lie now, as far as it is known here."""

    def __init__(self) -> None:
        self.marks: list[Drawn] = []

    @property
    def ids(self) -> tuple[MarkId, ...]:
        """Of what is held."""
        return tuple(drawn.id for drawn in self.marks)

    def is_on(self, x: float, y: float) -> bool:
        """Whether that point of the page is on something that is held."""
        return any(
            ink_painting.extent(drawn.mark, drawn.placement).contains(QPointF(x, y)) for drawn in self.marks
        )

    def further(self, dx: int, dy: int) -> list[Drawn]:
        """What is held, so far away."""
        return [marks_at.further(drawn, dx, dy) for drawn in self.marks]

    def take(self, there: Marks) -> bool:
        """``there``: the marks of the page now. What others moved is held where it lies since, what they
        erased or took elsewhere is held no more. Whether anything is otherwise."""
        former = self.marks
        now = [there[id] for id in self.ids if id in there]
        self.marks = [drawn for drawn in now if not drawn.erased]
        return self.marks != former
