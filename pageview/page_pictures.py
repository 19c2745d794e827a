"""The pictures of a page, and which one lies at a point. Only in the render process."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pymupdf

from pageview.page_glyphs import Matrix, inverted, joined
from pageview.pdf_paper import CannotShow
from protocol.errors import Fault

mupdf = pymupdf.mupdf

Box = tuple[float, float, float, float]
MAX_PICTURES = 2_000
FILLS_PAGE = 0.95
JPEG_QUALITY = 92
# MuPDF lays pictures from the top down, PDF from the bottom up.
UPSIDE_DOWN: Matrix = (1.0, 0.0, 0.0, -1.0, 0.0, 1.0)
EVERYWHERE: Box = (-1e6, -1e6, 1e6, 1e6)


@dataclass(frozen=True)
class Picture:
    """A picture as it is drawn: where its unit square lies in page space, and what is seen of it."""

    image: Any
    onto: Matrix
    seen: Box
    is_stencil: bool
    """Whether it is a shape for colour to be drawn through."""


def pictures(page: Any) -> list[Picture]:
    """All pictures that the contents draw, in that order; CannotShow."""
    watch = _Watch()
    try:
        mupdf.fz_run_page_contents(page, watch, mupdf.FzMatrix(), mupdf.FzCookie())
        mupdf.fz_close_device(watch)
    except Exception as error:
        raise CannotShow("damaged", Fault.PAGE_UNSHOWABLE) from error
    return watch.found


def picture_at(page: Any, x: float, y: float) -> Picture | None:
    """The topmost picture that is seen at the point (page space, points); no ground that fills the page."""
    bounds = mupdf.fz_bound_page(page)
    area = (bounds.x1 - bounds.x0) * (bounds.y1 - bounds.y0)
    for picture in reversed(pictures(page)):
        x0, y0, x1, y1 = picture.seen
        if x0 <= x <= x1 and y0 <= y <= y1 and (x1 - x0) * (y1 - y0) < FILLS_PAGE * area:
            return picture
    return None


def blanked(picture: Picture, box: Box) -> Any:
    """The image of a picture, white where ``box`` (page space) lies over it; its mask stays."""
    source = mupdf.fz_get_unscaled_pixmap_from_image(picture.image)
    # White is all of every colour on a screen and none of any in print: so on a screen.
    spaces, params = mupdf.FzDefaultColorspaces(), mupdf.FzColorParams()
    pixmap = mupdf.fz_convert_pixmap(source, mupdf.fz_device_rgb(), mupdf.FzColorspace(), spaces, params, 1)
    width, height = mupdf.fz_pixmap_width(pixmap), mupdf.fz_pixmap_height(pixmap)
    a, b, c, d, e, f = inverted(picture.onto)
    across = [(a * x + c * y + e) * width for x in (box[0], box[2]) for y in (box[1], box[3])]
    down = [(1 - b * x - d * y - f) * height for x in (box[0], box[2]) for y in (box[1], box[3])]
    area = mupdf.FzIrect(
        *(max(0, math.floor(min(across))), max(0, math.floor(min(down)))),
        *(min(width, math.ceil(max(across))), min(height, math.ceil(max(down)))),
    )
    mupdf.fz_clear_pixmap_rect_with_value(pixmap, 255, area)
    mask = picture.image.m_internal.mask
    kept = mupdf.FzImage(mupdf.ll_fz_keep_image(mask)) if mask else mupdf.FzImage()
    image = mupdf.fz_new_image_from_pixmap(pixmap, kept)
    if mask or not mupdf.fz_is_lossy_image(picture.image):
        return image
    # A photograph of some hundred kilobytes would else become one of many megabytes.
    jpeg = mupdf.fz_new_buffer_from_image_as_jpeg(image, params, JPEG_QUALITY, 0)
    return mupdf.fz_new_image_from_buffer(jpeg)


class _Watch(pymupdf.mupdf.FzDevice2):  # type: ignore[misc]  # MuPDF comes without types
    """Hears of every picture, and of what it is cut off by."""

    def __init__(self) -> None:
        super().__init__()
        self.use_virtual_fill_image()
        self.use_virtual_fill_image_mask()
        self.use_virtual_clip_path()
        self.use_virtual_clip_stroke_path()
        self.use_virtual_clip_text()
        self.use_virtual_clip_stroke_text()
        self.use_virtual_clip_image_mask()
        self.use_virtual_end_mask()
        self.use_virtual_pop_clip()
        self.found: list[Picture] = []
        self._clips: list[Box] = [EVERYWHERE]

    def fill_image(self, _: Any, image: Any, ctm: Any, *__: Any) -> None:
        self._note(image, ctm, is_stencil=False)

    def fill_image_mask(self, _: Any, image: Any, ctm: Any, *__: Any) -> None:
        self._note(image, ctm, is_stencil=True)

    def clip_path(self, _: Any, path: Any, even_odd: int, ctm: Any, scissor: Any) -> None:
        kept = mupdf.FzPath(mupdf.ll_fz_keep_path(path))
        box = mupdf.fz_bound_path(kept, mupdf.FzStrokeState(), mupdf.FzMatrix(ctm))
        self._clips.append(_cut(self._clips[-1], (box.x0, box.y0, box.x1, box.y1)))

    def clip_stroke_path(self, *_: Any) -> None:
        self._clips.append(self._clips[-1])

    def clip_text(self, *_: Any) -> None:
        self._clips.append(self._clips[-1])

    def clip_stroke_text(self, *_: Any) -> None:
        self._clips.append(self._clips[-1])

    def clip_image_mask(self, *_: Any) -> None:
        self._clips.append(self._clips[-1])

    def end_mask(self, *_: Any) -> None:
        self._clips.append(self._clips[-1])

    def pop_clip(self, *_: Any) -> None:
        if len(self._clips) > 1:
            self._clips.pop()

    def _note(self, image: Any, ctm: Any, *, is_stencil: bool) -> None:
        if len(self.found) < MAX_PICTURES:
            onto = joined(UPSIDE_DOWN, (ctm.a, ctm.b, ctm.c, ctm.d, ctm.e, ctm.f))
            seen = _cut(_unit_square(onto), self._clips[-1])
            kept = mupdf.FzImage(mupdf.ll_fz_keep_image(image))
            self.found.append(Picture(kept, onto, seen, is_stencil))


def _unit_square(onto: Matrix) -> Box:
    """The box that the unit square comes to lie in."""
    a, b, c, d, e, f = onto
    return (
        e + min(0, a) + min(0, c),
        f + min(0, b) + min(0, d),
        e + max(0, a) + max(0, c),
        f + max(0, b) + max(0, d),
    )


def _cut(one: Box, other: Box) -> Box:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])
