"""Small pictures of whole pages, as copies in ordinary memory, so that they hold no slot of the renderer."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtGui import QImage

from protocol.values import PageRef

BUDGET = 32 * 2**20


class Thumbnails:
    """Pictures by page and size, at most ``budget`` bytes; the one unused for longest goes first."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._bytes = 0
        self._images: OrderedDict[tuple[PageRef, int, int], QImage] = OrderedDict()
        self._sizes: dict[PageRef, set[tuple[int, int]]] = {}

    @property
    def bytes(self) -> int:
        return self._bytes

    def room_for(self, width: int, height: int) -> bool:
        """Whether another picture of this size fits without pushing one out."""
        return self._bytes + 4 * width * height <= self._budget

    def get(self, ref: PageRef, width: int, height: int) -> QImage | None:
        """The picture of exactly this size."""
        key = (ref, width, height)
        image = self._images.get(key)
        if image is not None:
            self._images.move_to_end(key)
        return image

    def best(self, ref: PageRef) -> QImage | None:
        """The largest picture of the page, of whatever size."""
        sizes = self._sizes.get(ref)
        return self.get(ref, *max(sizes)) if sizes else None

    def put(self, ref: PageRef, image: QImage) -> None:
        """Keeps a copy of ``image``."""
        key = (ref, image.width(), image.height())
        if key in self._images:
            self._remove(key)
        copy = image.copy()
        self._images[key] = copy
        self._sizes.setdefault(ref, set()).add(key[1:])
        self._bytes += copy.sizeInBytes()
        while self._bytes > self._budget and len(self._images) > 1:
            self._remove(next(iter(self._images)))

    def drop(self, unwanted: Callable[[PageRef], bool]) -> None:
        """Lets go of every picture whose page ``unwanted`` names."""
        for key in [key for key in self._images if unwanted(key[0])]:
            self._remove(key)

    def clear(self) -> None:
        self._images.clear()
        self._sizes.clear()
        self._bytes = 0

    def _remove(self, key: tuple[PageRef, int, int]) -> None:
        self._bytes -= self._images.pop(key).sizeInBytes()
        sizes = self._sizes[key[0]]
        sizes.discard(key[1:])
        if not sizes:
            del self._sizes[key[0]]
