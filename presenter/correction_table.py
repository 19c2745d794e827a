"""修正一覧, which is also the 新旧対照表: every correction of a briefing as a row; and the rows as CSV."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pageview.export_jobs import Cell, Column, TableJob
from pageview.spreadsheet import spreadsheet
from pageview.wording import say
from presenter.correction_words import DELETED, STATE_WORDS, last_told, new_words
from presenter.record.gathering import Places
from protocol.corrections import Correction
from protocol.model import Briefing

HEADINGS = ("番号", "資料", "頁", "修正前", "修正後", "修正した人", "日時", "状態")
SHARES = (5, 14, 7, 30, 30, 12, 11, 9)
CENTRED = frozenset({"番号", "頁", "日時", "状態"})


@dataclass(frozen=True, slots=True)
class TableRow:
    """``state``: what is told of it; with who sees to it and until when, while it is open."""

    number: int
    paper: str
    page: str
    before: str
    after: str
    by: str
    when: str
    state: str


@dataclass(frozen=True, slots=True)
class Table:
    """``papers``: the titles, one or several; where there are several each row says its own."""

    papers: tuple[str, ...]
    rows: tuple[TableRow, ...]

    @property
    def columns(self) -> tuple[int, ...]:
        """Which of ``HEADINGS`` it has."""
        several = len(self.papers) > 1
        return tuple(place for place in range(len(HEADINGS)) if several or HEADINGS[place] != "資料")

    @property
    def headings(self) -> tuple[str, ...]:
        """In the present language."""
        return tuple(say(HEADINGS[place]) for place in self.columns)

    def cells(self, row: TableRow) -> tuple[Cell, ...]:
        """A row under those headings; what differs between old and new words is underlined."""
        old, new = differing(row.before, row.after)
        every = (
            Cell(str(row.number)),
            Cell(row.paper),
            Cell(row.page),
            Cell(row.before, *old),
            Cell(row.after, *new),
            Cell(row.by),
            Cell(row.when),
            Cell(row.state),
        )
        return tuple(every[place] for place in self.columns)

    @property
    def title(self) -> str:
        """What stands above it."""
        return say("修正一覧（新旧対照表）")

    @property
    def facts(self) -> str:
        """What stands under its title: the paper, and how many corrections."""
        count = say("修正{n}件", n=len(self.rows))
        return f"{self.papers[0]}　{count}" if len(self.papers) == 1 else count


def table_of(briefing: Briefing, names: dict[int, str]) -> Table:
    """Every correction by its number, withdrawn ones too: no number is missing."""
    corrections = sorted(briefing.corrections.values(), key=lambda each: each.number)
    places = Places(briefing)
    rows = tuple(_row(briefing, correction, places, names) for correction in corrections)
    return Table(tuple(paper.title for paper in briefing.papers), rows)


def table_job(table: Table) -> TableJob:
    """The same to be typeset."""
    columns = tuple(
        Column(say(HEADINGS[place]), SHARES[place], HEADINGS[place] in CENTRED) for place in table.columns
    )
    return TableJob(table.title, table.facts, columns, tuple(table.cells(row) for row in table.rows))


def differing(before: str, after: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """The part of each that the other does not have: (start, end), between what both begin and end with."""
    if not after:
        return (0, 0), (0, 0)
    most = min(len(before), len(after))
    start = next((at for at in range(most) if before[at] != after[at]), most)
    end = next((at for at in range(most - start) if before[-1 - at] != after[-1 - at]), most - start)
    return (start, len(before) - end), (start, len(after) - end)


def csv_of(table: Table) -> bytes:
    """For spreadsheets."""
    return spreadsheet(table.headings, ((cell.text for cell in table.cells(row)) for row in table.rows))


def _row(briefing: Briefing, correction: Correction, places: Places, names: dict[int, str]) -> TableRow:
    state = say(STATE_WORDS[correction.state])
    if correction.noted:
        state = say("{state}（注記）", state=state)
    if correction.is_open and (correction.owner or correction.due):
        state = "\n".join(part for part in (state, correction.owner, correction.due) if part)
    place, (by, when) = places.of(correction.page_id), last_told(correction)
    page = ""
    if place is not None:
        page = say("{page}（削除）", page=place.page) if place.gone else str(place.page)
    return TableRow(
        correction.number,
        place.paper if place is not None else "",
        page,
        correction.before,
        new_words(briefing, correction, say(DELETED)),
        names.get(by, ""),
        datetime.fromtimestamp(when).strftime("%Y-%m-%d %H:%M") if when else "",
        state,
    )
