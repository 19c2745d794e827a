"""A record as it is typeset by us: the layout of a 打合せ記録, for a PDF."""

from __future__ import annotations

from collections.abc import Sequence

from pageview.export_jobs import Column, Grid, Heading, Line, Pairs, Picture, Pictures, RecordJob
from presenter.record.dates import span
from presenter.record.fields import values_of
from presenter.record.plain import NONE, PAGES_SHOWN, TITLE, UNKNOWN, line, mark, status
from presenter.record.record import Record, Section
from presenter.record.thumbnails import Thumbnail

TO_DO = (
    ("番号", 7, True),
    ("種別", 9, True),
    ("内容", 44, False),
    ("ページ", 19, True),
    ("担当", 18, True),
    ("期限", 20, True),
)
CORRECTED = (
    ("番号", 7, True),
    ("ページ", 19, True),
    ("修正前", 32, False),
    ("修正後", 32, False),
    ("状態", 14, True),
)


def record_job(record: Record, pictures: Sequence[Thumbnail] = ()) -> RecordJob:
    """To be typeset in the caged process; ``pictures`` of pages stand behind it."""
    facts, values = record.facts, values_of(record)
    who = "　".join(filter(None, (facts.department, facts.presenter)))
    pairs = (
        ("件　　名", facts.subject),
        ("日　　時", span(facts.began, facts.ended)),
        ("場　　所", values.single["場所"]),
        ("説 明 者", who or UNKNOWN),
        ("出 席 者", values.single["出席者"]),
        ("議題・資料", values.single["資料"]),
    )
    blocks: list[Heading | Line | Pairs | Grid | Pictures] = [Pairs(pairs)]
    for number, section in enumerate((Section.OUTLINE, Section.DECISIONS, Section.INSTRUCTIONS), 1):
        blocks.append(Heading(f"{number}　{section.value}"))
        for each in record.section(section):
            note = mark(record, each)
            blocks.append(Line(line(record, each).removesuffix(note), note))
        if not record.section(section):
            blocks.append(Line(NONE, dot=False))
    for heading, name, columns in (
        ("4　今後の対応", "今後の対応", TO_DO),
        ("5　修正一覧", "修正", CORRECTED),
    ):
        blocks.append(Heading(heading))
        rows = tuple(tuple(row[column] for column, _, _ in columns) for row in values.repeated[name])
        blocks.append(_grid(columns, rows) if rows else Line(NONE, dot=False))
    remarks = record.section(Section.REMARKS)
    if remarks:
        blocks += [Heading("6　備考"), *(Line(each.text) for each in remarks)]
    if pictures:
        shown = (Picture(each.jpeg, each.width, each.height, each.caption) for each in pictures)
        blocks.append(Pictures(PAGES_SHOWN, tuple(shown)))
    return RecordJob(TITLE, facts.subject, status(record), tuple(blocks))


def _grid(columns: tuple[tuple[str, int, bool], ...], rows: tuple[tuple[str, ...], ...]) -> Grid:
    return Grid(tuple(Column(heading, share, centred) for heading, share, centred in columns), rows)
