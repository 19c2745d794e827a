"""A window of a wanted size at a wanted place: for programs that stand side by side on one desktop."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from PySide6.QtWidgets import QWidget

LEAST = 180
_FORM = re.compile(r"(\d{1,5})x(\d{1,5})(?:\+(\d{1,5})\+(\d{1,5}))?")


@dataclass(frozen=True, slots=True)
class WindowPlace:
    """Logical pixels; without `at` (left, top, of the frame) the system finds the place."""

    width: int
    height: int
    at: tuple[int, int] | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """From ``1280x720`` or ``1280x720+0+40``; ValueError for other text and for sides below 180."""
        found = _FORM.fullmatch(text.lower())
        if found is None:
            raise ValueError(text)
        width, height = int(found[1]), int(found[2])
        if min(width, height) < LEAST:
            raise ValueError(text)
        return cls(width, height, (int(found[3]), int(found[4])) if found[3] else None)

    def put(self, window: QWidget) -> None:
        """Gives the window this size and place; call before it is shown."""
        window.resize(self.width, self.height)
        if self.at is not None:
            window.move(*self.at)
