"""Full-size pictures of parts of pages, each on a slot of the renderer; the most wanted ones stay."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pageview.geometry import height_of, overlap, width_of
from pageview.render_results import Frame
from protocol.values import PageRef, Rect


@dataclass(frozen=True, slots=True)
class Shot:
    """A part of a page (inside the page) drawn to exactly ``width`` × ``height`` device pixels."""

    ref: PageRef
    rect: Rect
    width: int
    height: int


class FrameCache:
    """At most ``capacity`` frames. A frame that is dropped frees its slot as soon as no paint uses it.

    Room for what is wanted and not here yet is made beforehand, since the renderer needs slots to draw on.
    """

    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ValueError(f"a cache of {capacity} frames")
        self._capacity = capacity
        self._frames: dict[Shot, Frame] = {}
        self._wanted: tuple[Shot, ...] = ()

    def __len__(self) -> int:
        return len(self._frames)

    def __contains__(self, shot: Shot) -> bool:
        return shot in self._frames

    @property
    def capacity(self) -> int:
        return self._capacity

    def want(self, shots: Sequence[Shot]) -> None:
        """What should be here, most important first. Other frames stay while there is room."""
        self._wanted = tuple(shots[: self._capacity])
        self._make_room()

    def put(self, shot: Shot, frame: Frame) -> None:
        """Keeps ``frame`` if there is room for it."""
        self._frames.pop(shot, None)
        self._frames[shot] = frame
        while len(self._frames) > self._capacity:
            self.let_one_go()
        self._make_room()

    def get(self, shot: Shot) -> Frame | None:
        return self._frames.get(shot)

    def nearest(self, shot: Shot) -> tuple[Shot, Frame] | None:
        """The frame of the same page that shows most of ``shot``, then the one of the likest size."""
        best: tuple[float, float] = (0.0, 0.0)
        found: tuple[Shot, Frame] | None = None
        for other, frame in self._frames.items():
            shared = overlap(other.rect, shot.rect) if other.ref == shot.ref else None
            if shared is None:
                continue
            share = width_of(shared) * height_of(shared) / (width_of(shot.rect) * height_of(shot.rect))
            fineness = (other.width / width_of(other.rect)) / (shot.width / width_of(shot.rect))
            likeness = min(fineness, 1 / fineness)
            if (share, likeness) > best:
                best, found = (share, likeness), (other, frame)
        return found

    def shows(self, ref: PageRef) -> bool:
        """Whether anything of the page is here."""
        return any(shot.ref == ref for shot in self._frames)

    def let_one_go(self) -> None:
        """Drops the frame that is wanted least."""
        # dicts keep their order: the first unwanted one is the oldest
        unwanted = next((shot for shot in self._frames if shot not in self._wanted), None)
        if unwanted is not None:
            del self._frames[unwanted]
        elif self._frames:
            del self._frames[max(self._frames, key=self._wanted.index)]

    def drop(self, unwanted: Callable[[PageRef], bool]) -> None:
        """Drops every frame whose page ``unwanted`` names."""
        for shot in [shot for shot in self._frames if unwanted(shot.ref)]:
            del self._frames[shot]

    def clear(self) -> None:
        self._frames.clear()
        self._wanted = ()

    def _make_room(self) -> None:
        missing = [shot for shot in self._wanted if shot not in self._frames]
        excess = len(self._frames) + len(missing) - self._capacity
        # What stands in for the most important one stays until that is here.
        stand_in = self.nearest(missing[0]) if missing and missing[0] == self._wanted[0] else None
        for shot in [shot for shot in self._frames if shot not in self._wanted]:
            if excess > 0 and (stand_in is None or shot != stand_in[0]):
                del self._frames[shot]
                excess -= 1


def merged(lists: Iterable[Sequence[Shot]], room: int) -> tuple[Shot, ...]:
    """``room`` shots of several viewers' lists: every viewer's first, then every second, each once."""
    queues = [list(shots) for shots in lists]
    found: dict[Shot, None] = {}
    for rank in range(max((len(queue) for queue in queues), default=0)):
        found.update((queue[rank], None) for queue in queues if rank < len(queue))
    return tuple(found)[:room]
