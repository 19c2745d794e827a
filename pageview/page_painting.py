"""What a `PageCanvas` consists of: letterbox, picture, and the plate for a page that cannot be shown."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from pageview.cache import Shot
from pageview.geometry import Placement, height_of, overlap, width_of
from pageview.picture import Picture
from pageview.theme import FAMILY
from pageview.wording import phrase_break, say
from protocol.errors import Fault
from protocol.values import View

PAPER = QColor("#FFFFFF")
LITTLE = 0.06
_DARK_PLATE = QColor("#1A1E2B"), QColor("#C5D7FB")
_LIGHT_PLATE = QColor("#F8F9FD"), QColor("#4D4D4D")


def area(place: Placement) -> QRect:
    return QRect(place.x, place.y, place.width, place.height)


def letterbox(
    painter: QPainter,
    place: Placement,
    shot: Shot | None,
    size: tuple[int, int],
    colour: QColor,
    dirty: QRect,
) -> None:
    """Fills everything that no part of the page covers, in as few full-width bands as there are; nothing
    where ``dirty`` lies within the page, as it does around a pen."""
    width, height = size
    if shot is None:
        painter.fillRect(0, 0, width, height, colour)
        return
    page = area(place.part(shot.rect))
    if page.contains(dirty):
        return
    bottom, right = page.y() + page.height(), page.x() + page.width()
    for x, y, across, down in (
        (0, 0, width, page.y()),
        (0, page.y(), page.x(), page.height()),
        (right, page.y(), width - right, page.height()),
        (0, bottom, width, height - bottom),
    ):
        if across > 0 and down > 0:
            painter.fillRect(x, y, across, down, colour)


def paper_beyond(
    painter: QPainter, place: Placement, view: View, found: Picture, size: tuple[int, int]
) -> None:
    """Blank paper where a step ends between two lines and the glass is a little higher: no dark hairline.

    It has the colour of the paper's own edge; where the page itself ends, the letterbox stays.
    """
    end = place.y + place.height
    above, below = (view.step > 0, 0, place.y, 0), (view.step + 1 < view.steps, end, size[1] - end, 1)
    for goes_on, y, down, edge in (above, below):
        if goes_on and 0 < down <= LITTLE * size[1]:
            painter.fillRect(place.x, y, place.width, down, _edge_colour(found, edge))


def _edge_colour(found: Picture, edge: int) -> QColor:
    if not found.layers:
        return PAPER
    image = found.layers[-1][0]
    return image.pixelColor(0, (image.height() - 1) * edge)


def picture(painter: QPainter, place: Placement, shot: Shot, found: Picture) -> None:
    """Paints the sharp picture pixel for pixel; else what there is, stretched, on the white of paper."""
    target = place.part(shot.rect)
    if found.sharp:
        painter.drawImage(QPoint(target.x, target.y), found.layers[0][0])
        return
    if not found.layers or overlap(found.layers[0][1], shot.rect) != shot.rect:
        painter.fillRect(area(target), PAPER)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for image, rect in found.layers:
        shared = overlap(rect, shot.rect)
        if shared is None:
            continue
        across, down = image.width() / width_of(rect), image.height() / height_of(rect)
        source = QRectF(
            (shared.x0 - rect.x0) * across,
            (shared.y0 - rect.y0) * down,
            width_of(shared) * across,
            height_of(shared) * down,
        )
        painter.drawImage(QRectF(area(place.part(shared))), image, source)


def plate(painter: QPainter, place: Placement, fault: Fault, size: tuple[int, int], surround: QColor) -> None:
    """A calm plate in the shape of the page, with the sentence and, small, the reason code."""
    ground, text = _DARK_PLATE if surround.lightnessF() < 0.5 else _LIGHT_PLATE
    painter.fillRect(area(place), ground)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    painter.setPen(text)
    unit = min(size[0] / 1920, size[1] / 1080)
    font = QFont(FAMILY)
    font.setPixelSize(max(14, round(40 * unit)))
    painter.setFont(font)
    lines = QRectF(area(place)).adjusted(0, 0, 0, -place.height * 0.06)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(lines, flags, phrase_break(say("このページは表示できません")))
    font.setPixelSize(max(12, round(28 * unit)))
    painter.setFont(font)
    below = QRectF(lines.x(), lines.center().y() + 52 * unit, lines.width(), 48 * unit + 16)
    painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, say("理由番号 {code}", code=int(fault)))
