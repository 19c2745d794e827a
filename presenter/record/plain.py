"""A record as plain text, and as one block to paste into a chat or a mail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from presenter.record.dates import clock, day, day_alone, page, short_span, source, span, within
from presenter.record.facts import Attendee, CorrectionFact, How, Open, PaperFact, RecordFacts, day_due
from presenter.record.record import Record, Section, Sentence

TITLE = "打合せ記録"
NONE, UNKNOWN = "なし", "―"
PAGES_SHOWN = "説明したページ"
"""The head of small pictures of them."""
HIRAGANA = re.compile(r"[ぁ-ん]$")
CHAT_MOST = 20
"""Lines below one heading."""
CHAT = "連絡文"
"""What the block for a chat is called as a file."""


def status(record: Record) -> str:
    """下書き, or who confirmed it and when."""
    if record.confirmed is not None:
        when = record.confirmed.when
        return f"確認済み（{record.confirmed.by}　{day(when)}{clock(when)}）"
    if record.follows is not None:
        when = record.follows.when
        return f"下書き（{record.follows.by}が{day(when)}{clock(when)}に確認した後、変更あり）"
    return "下書き（確認前）"


def closed(text: str) -> str:
    """One line that ends as its kind of sentence does: one that ends in a noun bears no full stop."""
    words = " ".join(text.split())
    return f"{words}。" if HIRAGANA.search(words) else words


def attendee(each: Attendee) -> str:
    """A name, and from when to when where that is known."""
    note = [each.how.value] if each.how is not How.TYPED else []
    if each.came is not None and each.left is not None:
        note.append(within(each.came, each.left))
    return f"{each.name}（{'、'.join(note)}）" if note else each.name


def who_until(owner: str, due: str) -> str:
    """担当：河川課 中村、期限：12月4日（金）まで, with what nobody has said yet."""
    if not owner and not due:
        return "担当及び期限は未定"
    who = f"担当：{owner}" if owner else "担当は未定"
    return f"{who}、{f'期限：{day_due(due)}まで' if due else '期限は未定'}"


def open_line(each: Open, papers: Sequence[PaperFact]) -> str:
    """What is left for afterwards, by whom and until when."""
    where = page(each.place, papers)
    since = f"{day_alone(each.former.when)}から、" if each.former is not None else ""
    who = who_until(each.owner, each.due)
    return f"［{each.kind}］{closed(each.text)}（{since}{f'{where}、' if where else ''}{who}）"


def planned(paper: PaperFact, *known: str) -> str:
    """What the agenda said of a paper: （予定15分、説明：河川課 中村）, "" for nothing. ``known``: told
    before it in the same brackets."""
    told = [*known, f"予定{paper.minutes}分"] if paper.minutes else [*known]
    told += [f"説明：{paper.explainer}"] if paper.explainer else []
    return f"（{'、'.join(told)}）" if told else ""


def text_of(record: Record) -> str:
    """The whole record in lines of plain text."""
    return "\n".join(_lines(record)) + "\n"


def _lines(record: Record) -> Iterator[str]:
    facts = record.facts
    papers = facts.papers
    yield f"{TITLE}　【{status(record)}】"
    yield ""
    yield f"件名　　{facts.subject}"
    yield f"日時　　{span(facts.began, facts.ended)}"
    yield f"場所　　{'、'.join(facts.rooms) or UNKNOWN}"
    yield f"説明者　{' '.join(filter(None, (facts.department, facts.presenter))) or UNKNOWN}"
    people = [attendee(each) for each in facts.people]
    yield f"出席者　{people[0] if people else UNKNOWN}"
    yield from (f"　　　　{each}" for each in people[1:])
    yield "資料" if papers else f"資料　　{NONE}"
    for n, paper in enumerate(papers, 1):
        head = f"資料{n}　" if len(papers) > 1 else ""
        yield f"　{head}{paper.title}{planned(paper, f'{paper.pages}ページ', f'第{paper.edition}版')}"
    number = 0
    for section in (Section.OUTLINE, Section.DECISIONS, Section.INSTRUCTIONS):
        number += 1
        yield from ("", f"{number}　{section.value}")
        told = record.section(section)
        yield from (f"　・{line(record, sentence)}" for sentence in told)
        if not told:
            yield f"　{NONE}"
    yield from ("", f"{number + 1}　今後の対応")
    yield from (f"　・{open_line(each, papers)}" for each in facts.open)
    if not facts.open:
        yield f"　{NONE}"
    yield from ("", f"{number + 2}　修正一覧")
    yield from (f"　{correction_line(each, facts)}" for each in facts.corrections)
    if not facts.corrections:
        yield f"　{NONE}"
    remarks = record.section(Section.REMARKS)
    if remarks:
        yield from ("", f"{number + 3}　備考")
        yield from (f"　・{each.text}" for each in remarks)


def correction_line(each: CorrectionFact, facts: RecordFacts) -> str:
    """修正1　7ページ　old → new　［state］"""
    where, old = page(each.place, facts.papers), each.before or "（示した箇所）"
    return f"修正{each.number}　{where}　{old}　→　{corrected_to(each)}　［{each.state}］"


def corrected_to(each: CorrectionFact) -> str:
    """The words after a correction, or that nobody has said them yet, or ever will."""
    return each.after or ("未定" if each.open else UNKNOWN)


def line(record: Record, sentence: Sentence) -> str:
    """A sentence as `said`, marked in a draft."""
    return said(record, sentence) + mark(record, sentence)


def said(record: Record, sentence: Sentence) -> str:
    """A sentence; with who sees to it and until when, where it was given to somebody."""
    if sentence.section is not Section.INSTRUCTIONS or sentence.item is None:
        return sentence.text
    item = record.facts.minutes[sentence.item]
    given = item.owner or item.due
    return f"{sentence.text}（{who_until(item.owner, item.due)}）" if given else sentence.text


def mark(record: Record, sentence: Sentence) -> str:
    """What a sentence of a draft bears: that it is one, and where in the log it comes from, or that a
    transcript says it."""
    if record.confirmed is not None:
        return ""
    item = record.facts.minutes[sentence.item] if sentence.item is not None else None
    origin = "文字起こし" if item is not None and item.imported else "下書き"
    where = source(sentence.at, sentence.place, record.facts.papers)
    return f"〔{origin} {where}〕" if where else f"〔{origin}〕"


def chat_of(record: Record, kept: str = "") -> str:
    """What people need at once, in few lines. ``kept``: where the whole record is."""
    facts = record.facts
    state = "" if record.confirmed is not None else "（下書き）"
    lines = [f"【{TITLE}{state}】{facts.subject}", short_span(facts.began, facts.ended)]
    if facts.rooms:
        lines[-1] += f"　{'、'.join(facts.rooms)}"
    for heading, section in (("決定", Section.DECISIONS), ("指示", Section.INSTRUCTIONS)):
        told = record.section(section)
        if told:
            lines += [f"■{heading}", *_first([said(record, each) for each in told])]
    lines.append(f"■持ち帰り　{len(facts.open)}件")
    lines += _first([open_line(replace(each, place=None), ()) for each in facts.open])
    if facts.corrections:
        settled = sum(each.settled for each in facts.corrections)
        lines.append(f"■修正　{len(facts.corrections)}件（うち修正済み{settled}件）")
    if kept:
        lines.append(f"保存先：{kept}")
    return "\n".join(lines) + "\n"


def _first(lines: Sequence[str]) -> list[str]:
    """As many as people read in a chat, and how many more the record has."""
    more = [f"・ほか{len(lines) - CHAT_MOST}件"] if len(lines) > CHAT_MOST else []
    return [*(f"・{each}" for each in lines[:CHAT_MOST]), *more]
