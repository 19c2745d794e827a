"""Frame slots: the pixels that the caged renderer draws and Qt paints, in one shared segment.

A slot has one owner at a time: free → renderer → pictures (the cache and whoever paints) → free. The last
owner is counted by the QImages themselves: PySide holds the buffer object a QImage was made on until its last
copy, pixmaps included, is gone; a finaliser on that object frees the slot. Anything less is a crash in paint.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from enum import Enum

from PySide6.QtGui import QImage

from pageview.segments import Segment

BYTES_PER_PIXEL = 4
SMALL_FRAME = 2 * 2**20
"""Frames up to this many bytes (thumbnails) are copied out, so that they never hold a slot."""


PAGE = 4096
STAGGER = 16
"""A slot begins this far into a memory page. One that begins on a page's edge, as Qt's own window memory
does, shares its cache lines' sets with it, and the blit of a 4K frame takes up to twice as long."""


class Owner(Enum):
    """Who may touch the pixels of a slot."""

    NOBODY = 0
    RENDERER = 1
    PICTURES = 2


class FrameSlots:
    """``count`` slots of ``width`` × ``height`` pixels, then ``small`` areas for frames that are copied out.

    Slots are numbered through; the small ones come last. ``on_free`` is called, in any thread, when the
    last picture on a slot is gone.
    """

    def __init__(
        self, width: int, height: int, count: int, small: int, on_free: Callable[[], None] | None = None
    ) -> None:
        self.slot_bytes = width * height * BYTES_PER_PIXEL
        self.count = count
        self._pitch = -(-self.slot_bytes // PAGE) * PAGE + PAGE
        self.segment = Segment(self._pitch * count + SMALL_FRAME * small)
        self.on_free = on_free
        self._lock = threading.RLock()  # a collection inside may run a finaliser
        self._owners = [Owner.NOBODY] * (count + small)

    def offset(self, slot: int) -> int:
        """Where a slot begins in the segment."""
        if slot < self.count:
            return slot * self._pitch + STAGGER
        return self.count * self._pitch + (slot - self.count) * SMALL_FRAME

    def take(self, nbytes: int) -> int | None:
        """Free → renderer. A slot for ``nbytes``, or None when all are in use."""
        with self._lock:
            is_small = nbytes <= SMALL_FRAME
            numbers = range(self.count, len(self._owners)) if is_small else range(self.count)
            for number in numbers:
                if self._is_free(number) and nbytes <= max(self.slot_bytes, SMALL_FRAME):
                    self._owners[number] = Owner.RENDERER
                    return number
            return None

    def give_back(self, slot: int) -> None:
        """Renderer → free, without a picture."""
        with self._lock:
            self._owners[slot] = Owner.NOBODY

    def picture(self, slot: int, width: int, height: int) -> QImage:
        """Renderer → pictures: an opaque image on the slot, or, of a small one, a copy that frees it."""
        stride = width * BYTES_PER_PIXEL
        start = self.offset(slot)
        # A memoryview of its own for each picture: it is what the finaliser hangs on.
        pixels = self.segment.view[start : start + stride * height].toreadonly()
        image = QImage(pixels, width, height, stride, QImage.Format.Format_ARGB32_Premultiplied)
        if slot >= self.count:
            copied = image.copy()
            self.give_back(slot)
            return copied
        with self._lock:
            self._owners[slot] = Owner.PICTURES
        weakref.finalize(pixels, self._gone, slot).atexit = False
        return image

    @property
    def free(self) -> int:
        """How many full-size slots nobody has."""
        with self._lock:
            return sum(self._is_free(n) for n in range(self.count))

    @property
    def shown(self) -> int:
        """How many slots pictures still stand on."""
        with self._lock:
            return self._owners.count(Owner.PICTURES)

    def wipe(self) -> None:
        """Overwrites every slot at once and lets go of the segment; only after the renderers are dead.

        Pictures that are still alive turn black where they stand; their memory stays mapped, as zeros, until
        the last of them is gone. Twice is the same as once.
        """
        self.segment.wipe()
        self.on_free = None
        self.segment.close()

    def _is_free(self, slot: int) -> bool:
        return self._owners[slot] is Owner.NOBODY

    def _gone(self, slot: int) -> None:
        self.give_back(slot)
        if self.on_free is not None:
            self.on_free()
