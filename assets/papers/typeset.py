"""Sets Japanese type and simple shapes on PDF pages, in the units of the page's design grid.

Lines are broken here and not by Qt: never before a closing sign or a small kana, never after an opening one, never
inside a number with its counter. Each line is one run of text in the PDF, so that words can be searched and selected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

import budoux
from PySide6.QtCore import QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontDatabase,
    QPageSize,
    QPainter,
    QPainterPath,
    QPdfWriter,
    QPen,
    QPolygonF,
    QTextLayout,
)

import assets

GOTHIC, UD_GOTHIC, UD_MINCHO = "Noto Sans JP", "BIZ UDPGothic", "BIZ UDPMincho"
INK, GREY = "#1A1A1A", "#4D4D4D"

# Type is measured at this many times its size, so that rounding to whole pixels does not show.
FINE = 16

NOT_FIRST = frozenset(
    "、。，．・）」』】〕］｝”’％％ー々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ？！：；〜～…%)]},."
)
NOT_LAST = frozenset("（「『【〔［｛“‘([{第▲約計")
COUNTERS = frozenset("年月日時分秒人台円万億千件割名回枚度階課名部館所か版倍位歳本棟校点市町")

Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Style:
    """How words look. `size` is the em in units; `spacing` widens every letter by that share."""

    size: float
    bold: bool = False
    color: str = INK
    family: str = GOTHIC
    spacing: float = 0.02
    tight: bool = True

    def of(self, **changes: object) -> Style:
        return replace(self, **changes)  # type: ignore[arg-type]


@cache
def load_fonts() -> None:
    for file in (
        assets.SCREEN_REGULAR,
        assets.SCREEN_BOLD,
        assets.PAPER_GOTHIC,
        assets.PAPER_GOTHIC_BOLD,
        assets.PAPER_MINCHO,
    ):
        QFontDatabase.addApplicationFont(str(file))


@cache
def _font(style: Style) -> QFont:
    font = QFont(style.family)
    font.setPixelSize(round(style.size * FINE))
    font.setBold(style.bold)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if style.tight and style.family == GOTHIC:
        font.setFeature(QFont.Tag("palt"), 1)
    return font


# Proportional signs stand too close to the next sentence; these are widened to the percentage given.
PAUSES = {"。": 190.0, "、": 140.0}


@cache
def _line(text: str, style: Style, wider: float = 1.0) -> QTextLayout:
    """One line of type, every letter `wider` than it would be."""
    font = QFont(_font(style))
    spacing = 100 * (1 + style.spacing) * wider
    font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, spacing)
    layout = QTextLayout(text, font)
    ranges = []
    for place, character in enumerate(text[:-1] if style.tight and style.family == GOTHIC else ""):
        if character in PAUSES and text[place + 1] not in NOT_FIRST:
            pause = QTextLayout.FormatRange()
            pause.start, pause.length = place, 1
            pause.format.setFontLetterSpacingType(QFont.SpacingType.PercentageSpacing)
            pause.format.setFontLetterSpacing(PAUSES[character] * spacing / 100)
            ranges.append(pause)
    layout.setFormats(ranges)
    layout.beginLayout()
    layout.createLine().setLineWidth(1e6)
    layout.endLayout()
    return layout


def width_of(text: str, style: Style) -> float:
    """Width of one line in units."""
    return _line(text, style).lineAt(0).naturalTextWidth() / FINE if text else 0.0


def may_break(before: str, after: str) -> bool:
    """Whether a line may end between these two characters."""
    if after in NOT_FIRST or before in NOT_LAST:
        return False
    if before == " " or after == " ":
        return before == " "
    one, two = before.isascii() and before.isalnum(), after.isascii() and after.isalnum()
    if one and two:
        return False
    return not (before.isdigit() and after in COUNTERS) and not (
        before in "万億千" and after in "円人台枚件本"
    )


@cache
def _parser() -> budoux.Parser:
    return budoux.load_default_japanese_parser()


def _breaks(text: str, phrases: bool) -> list[int]:
    """Where a line may end, as lengths of the text before it."""
    allowed = [n for n in range(1, len(text)) if may_break(text[n - 1], text[n])]
    if not phrases:
        return [*allowed, len(text)]
    ends, done = set(), 0
    for phrase in _parser().parse(text):
        done += len(phrase)
        ends.add(done)
    return [*(n for n in allowed if n in ends), len(text)]


def broken(text: str, width: float, style: Style, *, phrases: bool, hang: float = 0.0) -> list[str]:
    """The lines of one paragraph; the first is wider by `hang` (a negative one is an indent)."""
    lines: list[str] = []
    rest = text
    while rest:
        room = width + (hang if not lines else 0.0)
        fitting = [n for n in _breaks(rest, phrases) if width_of(rest[:n].rstrip(), style) <= room + 0.01]
        if not fitting and phrases:
            fitting = [n for n in _breaks(rest, False) if width_of(rest[:n], style) <= room + 0.01]
        end = fitting[-1] if fitting else 1
        lines.append(rest[:end].strip())
        rest = rest[end:].lstrip(" ")
    return lines


def _well_ended(text: str, width: float, style: Style, hang: float) -> list[str]:
    """The lines of justified type; set a little closer where a line of one or two letters would be left over."""
    lines = broken(text, width, style, phrases=False, hang=hang)
    if len(lines) > 1 and len(lines[-1]) <= 3:
        closer = broken(text, width * 1.035, style, phrases=False, hang=hang)
        if len(closer) < len(lines):
            return closer
    return lines


class Sheet:
    """One PDF being written, page after page, in units of `units` = (width, height) on paper of `points`."""

    def __init__(
        self, file: Path, points: tuple[float, float], units: tuple[float, float], title: str
    ) -> None:
        load_fonts()
        self.width, self.height = units
        self.page = 1
        self.outline: list[tuple[int, str]] = []
        self.letters: set[str] = set()
        self._writer = QPdfWriter(str(file))
        self._writer.setPageSize(
            QPageSize(QSizeF(*points), QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch)
        )
        self._writer.setPageMargins(QMarginsF(0, 0, 0, 0))
        self._writer.setResolution(1200)
        self._writer.setTitle(title)
        self._painter = QPainter(self._writer)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = self._writer.width() / units[0]
        self._painter.scale(scale, scale)

    def next_page(self) -> None:
        self._writer.newPage()
        self.page += 1

    def bookmark(self, title: str) -> None:
        """Names this page in the PDF's outline."""
        self.outline.append((self.page, title))

    def close(self) -> None:
        self._painter.end()

    def text(self, x: float, baseline: float, words: str, style: Style, align: Align = "left") -> float:
        """One line; `x` is its left end, middle or right end. Returns its width."""
        width = width_of(words, style)
        left = x - {"left": 0.0, "center": width / 2, "right": width}[align]
        if words:
            self._run(left, baseline, _line(words, style), style.color)
        return width

    def _run(self, x: float, baseline: float, line: QTextLayout, color: str) -> None:
        painter = self._painter
        self.letters.update(line.text())
        painter.save()
        painter.translate(x, baseline)
        painter.scale(1 / FINE, 1 / FINE)
        painter.setPen(QColor(color))
        line.draw(painter, QPointF(0, -line.lineAt(0).ascent()))
        painter.restore()

    def block(
        self,
        x: float,
        baseline: float,
        width: float,
        words: str,
        style: Style,
        leading: float = 1.7,
        *,
        justify: bool = False,
        indent: float = 0.0,
        label: str = "",
        label_width: float = 0.0,
    ) -> float:
        """A paragraph (or lines, with newlines) from this baseline on; returns the baseline that would follow.

        `indent` moves the first line in, in ems; `label` stands left of it in a column of `label_width`.
        """
        if label:
            self.text(x, baseline, label, style)
        x, width = x + label_width, width - label_width
        lines: list[str] = []
        for part in words.split("\n"):
            hang = -indent * style.size if not lines else 0.0
            lines += (
                _well_ended(part, width, style, hang)
                if justify
                else broken(part, width, style, phrases=True, hang=hang)
            )
        for number, line in enumerate(lines):
            start = x + (indent * style.size if number == 0 else 0.0)
            room = width - (start - x)
            if justify and (number < len(lines) - 1 or width_of(line, style) > room):
                self._justified(start, baseline, line, room, style)
            else:
                self.text(start, baseline, line, style)
            baseline += style.size * leading
        return baseline

    def _justified(self, x: float, baseline: float, line: str, width: float, style: Style) -> None:
        self._run(x, baseline, _line(line, style, width / width_of(line, style)), style.color)

    def rect(self, x: float, y: float, width: float, height: float, fill: str, radius: float = 0.0) -> None:
        self._shape(fill)
        if radius:
            self._painter.drawRoundedRect(QRectF(x, y, width, height), radius, radius)
        else:
            self._painter.drawRect(QRectF(x, y, width, height))

    def frame(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        color: str,
        line: float = 1.5,
        radius: float = 0.0,
    ) -> None:
        self._outline(color, line)
        self._painter.drawRoundedRect(QRectF(x, y, width, height), radius, radius)

    def line(
        self, x1: float, y1: float, x2: float, y2: float, color: str, width: float = 1.5, dashed: bool = False
    ) -> None:
        self._outline(color, width, dashed)
        self._painter.drawLine(QPointF(x1, y1), QPointF(x2, y2))

    def path(
        self, points: Sequence[tuple[float, float]], color: str, width: float, smooth: bool = False
    ) -> None:
        """A line through the points, straight or rounded."""
        self._outline(color, width)
        self._painter.drawPath(_path(points, smooth))

    def area(self, points: Sequence[tuple[float, float]], fill: str, smooth: bool = False) -> None:
        """A filled shape with these corners."""
        self._shape(fill)
        if smooth:
            self._painter.drawPath(_path([*points, points[0], points[1]], True))
        else:
            self._painter.drawPolygon(QPolygonF([QPointF(*point) for point in points]))

    def disc(self, x: float, y: float, radius: float, fill: str, ring: str = "") -> None:
        self._shape(fill)
        if ring:
            self._painter.setPen(QPen(QColor(ring), radius * 0.35))
        self._painter.drawEllipse(QPointF(x, y), radius, radius)

    def slice(self, x: float, y: float, radius: float, start: float, share: float, fill: str) -> None:
        """A piece of pie from `start` (share of the turn after 12 o'clock), clockwise."""
        self._shape(fill)
        circle = QRectF(x - radius, y - radius, 2 * radius, 2 * radius)
        self._painter.drawPie(circle, round((90 - 360 * start) * 16), round(-360 * share * 16))

    def _shape(self, fill: str) -> None:
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QBrush(QColor(fill)))

    def _outline(self, color: str, width: float, dashed: bool = False) -> None:
        pen = QPen(QColor(color), width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if dashed:
            pen.setDashPattern([4, 3])
        self._painter.setPen(pen)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)


def _path(points: Sequence[tuple[float, float]], smooth: bool) -> QPainterPath:
    path = QPainterPath(QPointF(*points[0]))
    if not smooth:
        for point in points[1:]:
            path.lineTo(QPointF(*point))
        return path
    for (x1, y1), (x2, y2) in pairwise(points[1:]):
        path.quadTo(QPointF(x1, y1), QPointF((x1 + x2) / 2, (y1 + y2) / 2))
    path.lineTo(QPointF(*points[-1]))
    return path
