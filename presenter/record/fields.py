"""The named fields of a form, and what a record puts into them. docs/record-forms.ja.md is their list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from presenter.archive.days import fiscal_year
from presenter.record.dates import clock, date_of, day_alone, minutes, page, span, within
from presenter.record.facts import Answered, Done, Kind, MinutesFact, RecordFacts, Withdrawn, day_due
from presenter.record.plain import (
    NONE,
    UNKNOWN,
    attendee,
    closed,
    corrected_to,
    correction_line,
    line,
    mark,
    open_line,
    planned,
    status,
)
from presenter.record.record import Record, Section, Sentence

SINGLE: dict[str, str] = {
    "件名": "説明の件名",
    "年度": "令和8年度",
    "日付": "令和8年11月24日",
    "日時": "令和8年11月24日（火）14時00分から14時31分まで",
    "開始": "14時00分",
    "終了": "14時31分",
    "所要時間": "31分",
    "場所": "会議室の名前",
    "所属": "説明者の所属",
    "説明者": "説明者の名前",
    "出席者": "1行に1人",
    "資料": "1行に1つ",
    "概要": "1行に1文。下書きでは、記録の時刻とページが付く",
    "決定事項": "1行に1件",
    "指示事項": "1行に1件",
    "今後の対応": "1行に1件。担当と期限が付く",
    "修正一覧": "1行に1件",
    "備考": "1行に1件",
    "状態": "下書き、又は確認した人と日時",
}
"""A field and an example of what stands in it, or what it is."""
REPEATED: dict[str, tuple[str, ...]] = {
    "出席者": ("氏名", "参加", "時間"),
    "資料": ("番号", "名称", "ページ数", "版"),
    "次第": ("番号", "件名", "説明者", "予定", "実際"),
    "概要": ("番号", "文", "出所"),
    "記録": ("番号", "時刻", "ページ", "種別", "発言者", "内容", "結果"),
    "決定事項": ("番号", "内容", "時刻", "ページ"),
    "指示事項": ("番号", "内容", "指示者", "担当", "期限", "時刻", "ページ"),
    "今後の対応": ("番号", "種別", "内容", "ページ", "担当", "期限"),
    "修正": ("番号", "ページ", "修正前", "修正後", "状態", "修正者", "担当", "期限"),
    "備考": ("番号", "内容"),
    "時間": ("ページ", "時間", "初め"),
}
"""``{{今後の対応.担当}}``: the row, or outside a table the paragraph, is repeated for each of them."""
TELLING = ("内容", "文", "修正前", "氏名", "名称", "件名")
"""The column that says it where there is nothing to repeat: the first of these that there is."""

Row = Mapping[str, str]


@dataclass(frozen=True)
class Values:
    """What goes into the fields; a value of several lines has a line feed between them."""

    single: Mapping[str, str]
    repeated: Mapping[str, tuple[Row, ...]]


def values_of(record: Record) -> Values:
    """A value for every field there is."""
    return Values(_single(record), _repeated(record))


def _single(record: Record) -> dict[str, str]:
    facts = record.facts
    ended = facts.ended or facts.began
    several = len(facts.papers) > 1
    papers = [
        f"{f'資料{n}　' if several else ''}{paper.title}{planned(paper)}"
        for n, paper in enumerate(facts.papers, 1)
    ]
    corrections = [correction_line(each, facts) for each in facts.corrections]
    return {
        "件名": facts.subject,
        "年度": fiscal_year(facts.began),
        "日付": date_of(facts.began),
        "日時": span(facts.began, facts.ended),
        "開始": clock(facts.began),
        "終了": clock(ended),
        "所要時間": f"{round((ended - facts.began).total_seconds() / 60)}分",
        "場所": "、".join(facts.rooms) or UNKNOWN,
        "所属": facts.department,
        "説明者": facts.presenter or UNKNOWN,
        "出席者": "\n".join(attendee(each) for each in facts.people) or UNKNOWN,
        "資料": _lines(papers),
        "概要": _lines(line(record, each) for each in record.section(Section.OUTLINE)),
        "決定事項": _lines(line(record, each) for each in record.section(Section.DECISIONS)),
        "指示事項": _lines(line(record, each) for each in record.section(Section.INSTRUCTIONS)),
        "今後の対応": _lines(open_line(each, facts.papers) for each in facts.open),
        "修正一覧": _lines(corrections),
        "備考": _lines(each.text for each in record.section(Section.REMARKS)),
        "状態": status(record),
    }


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines) or NONE


def _repeated(record: Record) -> dict[str, tuple[Row, ...]]:
    facts = record.facts

    def where(sentence: Sentence) -> dict[str, str]:
        at = f"{sentence.at:%H:%M}" if sentence.at else ""
        return {"内容": sentence.text, "時刻": at, "ページ": page(sentence.place, facts.papers)}

    def instruction(sentence: Sentence) -> dict[str, str]:
        item = (
            facts.minutes[sentence.item] if sentence.item is not None else MinutesFact(Kind.INSTRUCTION, "")
        )
        return {**where(sentence), "指示者": item.speaker, **_given(item.owner, item.due)}

    return {
        "出席者": tuple(
            {
                "氏名": each.name,
                "参加": each.how.value,
                "時間": within(each.came, each.left) if each.came and each.left else "",
            }
            for each in facts.people
        ),
        "資料": _numbered(
            {"名称": paper.title, "ページ数": str(paper.pages), "版": f"第{paper.edition}版"}
            for paper in facts.papers
        ),
        "次第": _agenda(facts),
        "概要": _numbered(
            {"文": each.text, "出所": mark(record, each)} for each in record.section(Section.OUTLINE)
        ),
        "記録": _numbered(_minutes(item, facts) for item in _in_time(facts)),
        "決定事項": _numbered(where(each) for each in record.section(Section.DECISIONS)),
        "指示事項": _numbered(instruction(each) for each in record.section(Section.INSTRUCTIONS)),
        "今後の対応": _numbered(
            {
                "種別": each.kind,
                "内容": closed(each.text),
                "ページ": page(each.place, facts.papers),
                **_given(each.owner, each.due),
            }
            for each in facts.open
        ),
        "修正": tuple(
            {
                "番号": str(each.number),
                "ページ": page(each.place, facts.papers),
                "修正前": each.before,
                "修正後": corrected_to(each),
                "状態": each.state,
                "修正者": each.by,
                "担当": each.owner,
                "期限": day_due(each.due),
            }
            for each in facts.corrections
        ),
        "備考": _numbered({"内容": each.text} for each in record.section(Section.REMARKS)),
        "時間": tuple(
            {
                "ページ": page(each.place, facts.papers),
                "時間": minutes(each.seconds),
                "初め": f"{each.first:%H:%M}",
            }
            for each in facts.page_times
        ),
    }


def _given(owner: str, due: str) -> dict[str, str]:
    """To whom, and until when."""
    return {"担当": owner or "未定", "期限": day_due(due) or "未定"}


def _in_time(facts: RecordFacts) -> list[MinutesFact]:
    """What people typed and what a transcript says, as it came; without a time at the end."""
    return sorted(facts.minutes, key=lambda item: (item.at is None, item.at or facts.began))


def _agenda(facts: RecordFacts) -> tuple[Row, ...]:
    """The papers in their order; how long their pages were on the walls."""
    shown: dict[str, float] = {}
    for each in facts.page_times:
        shown[each.place.paper] = shown.get(each.place.paper, 0.0) + each.seconds
    return _numbered(
        {
            "件名": paper.title,
            "説明者": paper.explainer or facts.presenter,
            "予定": f"{paper.minutes}分" if paper.minutes else "",
            "実際": minutes(shown.get(paper.title, 0.0)),
        }
        for paper in facts.papers
    )


def _numbered(rows: Iterable[dict[str, str]]) -> tuple[Row, ...]:
    return tuple({"番号": str(n), **row} for n, row in enumerate(rows, 1))


def _minutes(item: MinutesFact, facts: RecordFacts) -> dict[str, str]:
    match item.reply:
        case Answered(text):
            result = f"回答：{closed(text)}" if text else "その場で回答"
        case Done(by, when):
            told = "、".join(filter(None, (by, clock(when) if when else "")))
            result = f"済み（{told}）" if told else "済み"
        case Withdrawn():
            result = "取下げ"
        case _:
            result = "持ち帰り" if item.to_do else ""
    if item.imported:
        result = "文字起こし"
    origin = ""
    if item.former is not None:
        origin = f"（前回から　{day_alone(item.former.when)}　{item.former.source}）"
    return {
        "時刻": f"{item.at:%H:%M}" if item.at else "",
        "ページ": page(item.place, facts.papers),
        "種別": item.kind.value,
        "発言者": item.speaker,
        "内容": f"{closed(item.text)}{origin}",
        "結果": result,
    }
