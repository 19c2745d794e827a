"""Tables and charts in the look of the sample papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assets.papers.typeset import GREY, INK, Align, Sheet, Style

NAVY, BLUE, LIGHT, PALE = "#0B3B75", "#0B4EA2", "#A9BCD6", "#DCE4F0"
HEAD, SUNK, ROW, GRID, DEEP = "#E9EEF5", "#F6F8FB", "#D5DAE1", "#E6E9EE", "#12233F"
GREEN, AMBER = "#197A4B", "#B58A00"

SMALL = Style(22, color=GREY, spacing=0.01)
CELL = Style(24, spacing=0.01)


@dataclass(frozen=True)
class Column:
    """One column of a table: where its words stand (`x` of their left end, middle or right end)."""

    name: str
    x: float
    align: Align = "right"
    bold: bool = False


def table(
    sheet: Sheet,
    x: float,
    y: float,
    width: float,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    *,
    total: bool = False,
    row: float = 65.0,
    head: float = 52.0,
    style: Style = CELL,
    ground: str = HEAD,
) -> float:
    """A table with a shaded head and fine rules; the last row is a bold sum if `total`. Returns its lower edge."""
    up = style.size * 0.36
    sheet.rect(x, y, width, head, ground)
    for column in columns:
        place = style.of(bold=True, size=style.size - 2)
        sheet.text(column.x, y + head / 2 + up, column.name, place, column.align)
    y += head
    for number, cells in enumerate(rows):
        summed = total and number == len(rows) - 1
        for column, cell in zip(columns, cells, strict=True):
            place = style.of(bold=column.bold or summed)
            sheet.text(column.x, y + row / 2 + up, cell, place, column.align)
        y += row
        last = number == len(rows) - 1
        sheet.line(x, y, x + width, y, DEEP if last else ROW, 2.5 if last else 1.2)
    return y


@dataclass(frozen=True)
class Scale:
    """The vertical scale of a chart: its lowest and highest mark and the step between marks."""

    low: float
    high: float
    step: float

    def marks(self) -> list[float]:
        count = round((self.high - self.low) / self.step)
        return [self.low + self.step * n for n in range(count + 1)]


def _grid(sheet: Sheet, x: float, y: float, width: float, height: float, scale: Scale) -> None:
    for mark in scale.marks():
        at = y + height * (1 - (mark - scale.low) / (scale.high - scale.low))
        base = mark == scale.low
        sheet.line(x, at, x + width, at, "#B9BEC6" if base else GRID, 1.6 if base else 1.4)
        sheet.text(x - 12, at + 7, f"{mark:,.0f}", SMALL.of(size=20), "right")


def bars(
    sheet: Sheet,
    x: float,
    y: float,
    width: float,
    height: float,
    values: Sequence[tuple[str, float]],
    scale: Scale,
    *,
    unit: str = "",
    strong: int = -1,
    digits: int = 0,
    tint: tuple[str, str] = (BLUE, LIGHT),
) -> None:
    """Upright bars over their names; the bar number `strong` in full colour. The box is what is plotted."""
    sheet.text(x - 52, y - 84, unit, SMALL.of(size=21))
    _grid(sheet, x, y, width, height, scale)
    pitch = width / (len(values) + 0.12)
    bar = pitch * 0.7
    for number, (name, value) in enumerate(values):
        chosen = number == strong % len(values)
        left = x + pitch * 0.31 + pitch * number
        top = y + height * (1 - (value - scale.low) / (scale.high - scale.low))
        sheet.rect(left, top, bar, y + height - top, tint[not chosen])
        number_style = Style(30 if chosen else 25, True, tint[0] if chosen else "#333333", spacing=0.01)
        sheet.text(left + bar / 2, top - 14, f"{value:,.{digits}f}", number_style, "center")
        name_style = Style(20, chosen, INK if chosen else GREY)
        sheet.text(left + bar / 2, y + height + 34, name, name_style, "center")


def across(
    sheet: Sheet,
    x: float,
    y: float,
    width: float,
    values: Sequence[tuple[str, float, str]],
    whole: float,
    *,
    name_width: float = 250.0,
    pitch: float = 92.0,
    thick: float = 50.0,
    strong: int | None = None,
) -> float:
    """Bars lying down: name, bar on its pale full length, figure. Returns the lower edge."""
    for number, (name, value, figure) in enumerate(values):
        top = y + pitch * number
        middle = top + thick / 2 + 9
        room = width - name_width - 130
        chosen = strong is None or number == strong
        sheet.text(x, middle, name, Style(25))
        sheet.rect(x + name_width, top, room, thick, PALE)
        sheet.rect(x + name_width, top, room * value / whole, thick, BLUE if chosen else LIGHT)
        sheet.text(x + width, middle, figure, Style(26, True, BLUE if chosen else INK), "right")
    return y + pitch * len(values)


def curves(
    sheet: Sheet,
    x: float,
    y: float,
    width: float,
    height: float,
    names: Sequence[str],
    series: Sequence[tuple[str, Sequence[float], str]],
    scale: Scale,
    *,
    unit: str = "",
) -> None:
    """Lines over time with a point a value; each series is named at its right end."""
    sheet.text(x - 52, y - 84, unit, SMALL.of(size=21))
    _grid(sheet, x, y, width, height, scale)
    step = width / len(names)
    xs = [x + step * (number + 0.5) for number in range(len(names))]
    for at, name in zip(xs, names, strict=True):
        sheet.text(at, y + height + 34, name, Style(20, color=GREY), "center")
    for name, values, color in series:
        points = [
            (at, y + height * (1 - (value - scale.low) / (scale.high - scale.low)))
            for at, value in zip(xs, values, strict=True)
        ]
        sheet.path(points, color, 5)
        for (at, top), value in zip(points, values, strict=True):
            sheet.disc(at, top, 8, "#FFFFFF", color)
            sheet.text(at, top - 22, f"{value:,.0f}", Style(21, True, color), "center")
        if name:
            sheet.text(points[-1][0] + 30, points[-1][1] + 9, name, Style(24, True, color))


def stacked(
    sheet: Sheet,
    x: float,
    y: float,
    width: float,
    height: float,
    parts: Sequence[tuple[str, float, str]],
    digits: int = 0,
) -> None:
    """One bar lying down, cut into its parts; name and figure under each."""
    whole = sum(value for _, value, _ in parts)
    for name, value, color in parts:
        length = width * value / whole
        sheet.rect(x, y, length - 3, height, color)
        light = color in (LIGHT, PALE, HEAD)
        share = f"{100 * value / whole:.0f}%"
        if length > 90:
            sheet.text(
                x + length / 2,
                y + height / 2 + 10,
                share,
                Style(27, True, INK if light else "#FFFFFF"),
                "center",
            )
        sheet.text(x + 2, y + height + 40, name, Style(23, True))
        sheet.text(x + 2, y + height + 74, f"{value:,.{digits}f}億円", Style(23, color=GREY))
        x += length
