"""A picture in a file of its own, PNG or JPEG, as it is to be seen. Only in the render process."""

from __future__ import annotations

from typing import Any

import pymupdf

from pageview.pdf_paper import CannotShow
from protocol.errors import Fault

mupdf = pymupdf.mupdf
_START, _SCAN, _END = b"\xff\xd8", b"\xff\xda", b"\xff\xd9"
"""Markers of a JPEG."""


class ImageFile:
    """Upright, as a camera meant it; nothing is decoded before it is painted. CannotShow, also for a JPEG
    that is still being copied: what is missing of it would be painted grey."""

    def __init__(self, data: bytes) -> None:
        if _is_cut_short(data):
            raise CannotShow("cut short", Fault.PAGE_UNSHOWABLE)
        try:
            self._image = mupdf.fz_new_image_from_buffer(mupdf.fz_new_buffer_from_copied_data(data))
            self._turn = mupdf.fz_image_orientation_matrix(self._image)
            self._size = self._image.w(), self._image.h()
        except Exception as error:
            raise CannotShow("damaged", Fault.PAGE_UNSHOWABLE) from error
        if abs(self._turn.b) > abs(self._turn.a):
            self._size = self._size[1], self._size[0]

    def within(self, width: int, height: int) -> tuple[int, int]:
        """Its size in pixels, made smaller where it would not fit there, never larger."""
        scale = min(1.0, width / self._size[0], height / self._size[1])
        return max(1, round(self._size[0] * scale)), max(1, round(self._size[1] * scale))

    def paint(self, pixmap: Any, width: int, height: int) -> None:
        """Fills ``pixmap`` of that size, on white; CannotShow when MuPDF gives up."""
        try:
            mupdf.fz_clear_pixmap_with_value(pixmap, 255)
            device = mupdf.fz_new_draw_device(mupdf.FzMatrix(), pixmap)
            onto = mupdf.fz_concat(self._turn, mupdf.FzMatrix(width, 0, 0, height, 0, 0))
            mupdf.fz_fill_image(device, self._image, onto, 1.0, mupdf.FzColorParams())
            mupdf.fz_close_device(device)
        except Exception as error:
            raise CannotShow("damaged", Fault.PAGE_UNSHOWABLE) from error


def _is_cut_short(data: bytes) -> bool:
    """Whether this is a JPEG whose own scan has no end; a preview within its segments has one of its own, and
    so has what some cameras append (ISO/IEC 10918-1, B.1.1)."""
    if not data.startswith(_START):
        return False
    at = len(_START)
    while data[at : at + 1] == b"\xff" and data[at : at + 2] != _SCAN:
        is_fill = data[at + 1 : at + 2] == b"\xff"  # any number of them may stand before a marker
        at += 1 if is_fill else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return data.find(_END, at) < 0
