"""What waits for a render process, and in which order it goes. No Qt.

The page to be shown goes first and the newest wish for one before older ones; then papers to open and pages
to cut out for others, in the order they came; then pages rendered ahead; thumbnails last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, IntEnum

from pageview.page_edits import Change
from protocol.values import Rect


class Priority(IntEnum):
    """How soon a drawing is needed."""

    NOW = 0
    NEXT = 1
    NEAR = 2
    THUMB = 3


@dataclass(frozen=True)
class RenderRequest:
    """``rect`` (page space) of page ``index`` of a paper, drawn to exactly ``width`` × ``height`` pixels."""

    blob: bytes
    index: int
    rect: Rect
    width: int
    height: int
    priority: Priority

    @property
    def picture(self) -> tuple[bytes, int, Rect, int, int]:
        """What will be seen, whatever its priority."""
        return self.blob, self.index, self.rect, self.width, self.height


class Kind(Enum):
    """What a render process is asked to do."""

    OPEN = "open"
    DRAW = "draw"
    LINES = "lines"
    SUBSET = "subset"
    UNLOCK = "unlock"
    CHARACTERS = "characters"
    EDIT = "edit"
    TEXT = "text"
    PICTURE = "picture"
    SURVEY = "survey"


DRAW_RANKS = {Priority.NOW: 0, Priority.NEXT: 2, Priority.NEAR: 4, Priority.THUMB: 5}
OTHER_RANKS = dict.fromkeys(Kind, 1) | {Kind.LINES: 3, Kind.TEXT: 5, Kind.SURVEY: 5}
URGENT_RANK, LAST_RANK = 1, 5


@dataclass(frozen=True)
class Task:
    """One thing to be done with a paper; ``number`` grows with each wish and goes over the pipe."""

    kind: Kind
    blob: bytes
    index: int
    number: int = 0
    request: RenderRequest | None = None
    password: str | None = None
    change: Change | None = None
    accepted: int = 0

    @property
    def rank(self) -> int:
        """The lower, the sooner."""
        return OTHER_RANKS[self.kind] if self.request is None else DRAW_RANKS[self.request.priority]

    @property
    def key(self) -> object:
        """Two tasks of one key have the same result."""
        what = (self.kind, self.blob, self.index, self.password, self.change, self.accepted)
        return self.request.picture if self.request else what

    @property
    def fault_key(self) -> tuple[Kind, bytes, int]:
        """What is to blame when a process dies of it."""
        return self.kind, self.blob, self.index


class RenderQueue:
    """Tasks that wait, each wish once."""

    def __init__(self) -> None:
        self._waiting: dict[object, Task] = {}
        self._number = 0

    def put(self, task: Task) -> None:
        """Adds a wish; the same wish again takes the place of the former, its priority too."""
        self._number += 1
        self._waiting[task.key] = replace(task, number=self._number)

    def in_order(self) -> Iterator[Task]:
        """Everything that waits, the next one first."""
        return iter(sorted(self._waiting.values(), key=_order))

    def remove(self, task: Task) -> None:
        """Takes out one task that waits."""
        del self._waiting[task.key]

    def drop(self, unwanted: Callable[[Task], bool]) -> list[Task]:
        """Takes out and returns all that ``unwanted`` says."""
        dropped = [task for task in self._waiting.values() if unwanted(task)]
        for task in dropped:
            self.remove(task)
        return dropped


def _order(task: Task) -> tuple[int, int]:
    return task.rank, -task.number if task.kind is Kind.DRAW else task.number
