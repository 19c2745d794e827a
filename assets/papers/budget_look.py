"""The look of the budget paper: head, foot, headings, numbered sentences."""

from __future__ import annotations

from assets.papers.charts import BLUE, DEEP, NAVY, SUNK
from assets.papers.typeset import GREY, Sheet, Style

TITLE = "令和9年度 重点施策の予算案"
DAY = "令和8年11月24日"
UNITS = (1528, 1080)
LEFT, RIGHT = 76, 1450
WIDE = RIGHT - LEFT

HEADING = Style(48, True, DEEP, spacing=0.01)
SECTION = Style(30, True, DEEP)
BODY = Style(27)
NOTE = Style(22, color=GREY)


def start(sheet: Sheet, title: str) -> None:
    """The head and foot that every page but the cover has."""
    sheet.bookmark(title)
    sheet.rect(0, 0, sheet.width, 17, NAVY)
    sheet.text(LEFT, 98, title, HEADING)
    sheet.text(RIGHT, 66, "財政課", NOTE, "right")
    sheet.text(RIGHT, 98, DAY, NOTE, "right")
    sheet.line(LEFT, 127.5, RIGHT, 127.5, NAVY, 3)
    sheet.text(RIGHT, 1044, str(sheet.page), NOTE, "right")


def section(sheet: Sheet, x: float, baseline: float, number: str, name: str) -> None:
    """A numbered heading, as 「1　総額の推移」."""
    sheet.text(x, baseline, number, SECTION)
    sheet.text(x + 48, baseline, name, SECTION)


def points(
    sheet: Sheet, x: float, baseline: float, width: float, items: list[tuple[str, str]], gap: float = 16
) -> float:
    """Numbered sentences that hang beside their numbers."""
    for label, words in items:
        column = 62 if label.startswith("（") else 50
        baseline = gap + sheet.block(x, baseline, width, words, BODY, 1.6, label=label, label_width=column)
    return baseline


def panel(sheet: Sheet, y: float, height: float) -> None:
    """The ground of what is asked or concluded."""
    sheet.rect(LEFT, y, WIDE, height, SUNK)
    sheet.rect(LEFT, y, 9, height, BLUE)
