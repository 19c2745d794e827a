"""Which bytes a page is drawn from: its paper, until that is here its stand-in; or why from none."""

from __future__ import annotations

from protocol.errors import Fault
from protocol.values import PageRef


class PageBlobs:
    """What the renderer has opened, and what stands in for what."""

    def __init__(self) -> None:
        self._opened: set[bytes] = set()
        self._refused: dict[bytes, Fault] = {}
        self._stand_ins: dict[PageRef, bytes] = {}
        self._stood_for: dict[bytes, PageRef] = {}

    def opened(self, sha256: bytes) -> set[bytes]:
        """The stand-ins that are no longer needed, each told once."""
        self._refused.pop(sha256, None)
        self._opened.add(sha256)
        over = [ref for ref, by in self._stand_ins.items() if ref.blob in self._opened and by in self._opened]
        let_go = {self._stand_ins.pop(ref) for ref in over}
        return let_go.difference(self._stand_ins.values())

    def refused(self, sha256: bytes, fault: Fault) -> None:
        self._opened.discard(sha256)
        self._refused[sha256] = fault

    def stand_in(self, ref: PageRef, sha256: bytes) -> None:
        """Page 0 of the blob ``sha256`` looks like ``ref``."""
        self._stand_ins[ref] = sha256
        self._stood_for[sha256] = ref

    def knows(self, sha256: bytes) -> bool:
        """Whether the renderer has answered for this blob."""
        return sha256 in self._opened or sha256 in self._refused

    def source(self, ref: PageRef) -> PageRef | None:
        """The page of an opened blob that ``ref`` is drawn from now; None while there is none."""
        if ref.blob in self._opened:
            return ref
        stand_in = self._stand_ins.get(ref)
        return PageRef(stand_in, 0) if stand_in in self._opened and stand_in is not None else None

    def drawn_for(self, source: PageRef) -> PageRef:
        """The page of the briefing that a drawing of ``source`` shows."""
        return self._stood_for.get(source.blob, source)

    def fault(self, ref: PageRef) -> Fault | None:
        """Why ``ref`` cannot be drawn at all; None when it can, or when its bytes may still come."""
        return None if self.source(ref) else self._refused.get(ref.blob)

    def clear(self) -> None:
        self._opened.clear()
        self._refused.clear()
        self._stand_ins.clear()
        self._stood_for.clear()
