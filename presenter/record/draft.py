"""The automatic draft: from the facts to sentences as an office writes them (公用文、である体).

Nothing is invented: each sentence says one thing of the log and knows where that stands. What somebody typed
is put into a sentence where its grammar is plain, else it is quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pageview.wording import say
from presenter.lookup.shown_paper import TITLE as LOOKED_UP
from presenter.record.dates import day_alone, page
from presenter.record.facts import (
    Answered,
    Carried,
    CorrectionFact,
    Done,
    Former,
    Kind,
    MinutesFact,
    RecordFacts,
    Withdrawn,
    day_due,
)
from presenter.record.plain import closed, who_until
from presenter.record.record import Record, Section, Sentence

VERB = re.compile(r"(?:[うくぐすつぬぶむる]|ない)$")
POLITE = re.compile(r"(?:です|ます|ません|ください|下さい)$")
PAST = re.compile(r"(?<=[いきしっんえけげせてねべめれ])[ただ]$")
LISTED = {
    Kind.DECISION: Section.DECISIONS,
    Kind.INSTRUCTION: Section.INSTRUCTIONS,
    Kind.REMARK: Section.REMARKS,
}


def drafted(facts: RecordFacts) -> Record:
    """The record of these facts, nothing of it confirmed."""
    outline = sorted(_outline(facts), key=lambda each: each.at or facts.began)
    lists = [
        Sentence(LISTED[item.kind], _listed(item), item.at, item.place, n)
        for n, item in enumerate(facts.minutes)
        if item.kind in LISTED and item.text.strip()
    ]
    return Record(facts, (*outline, *lists))


def _outline(facts: RecordFacts) -> Iterator[Sentence]:
    presenter = " ".join(filter(None, (facts.department, facts.presenter)))
    explainers = {paper.title: paper.explainer for paper in facts.papers}
    shown: set[str] = set()
    for time in facts.page_times:
        title = time.place.paper
        if title not in shown:
            shown.add(title)
            who = explainers.get(title) or presenter
            said = f"{who}が「{title}」について説明した。" if who else f"「{title}」について説明があった。"
            if title in (LOOKED_UP, say(LOOKED_UP)):
                said = "その場で調べたものを、画面で示した。"
            yield Sentence(Section.OUTLINE, said, time.first, time.place)
    for n, item in enumerate(facts.minutes):
        if item.text.strip() and item.kind is not Kind.REMARK:
            said = said_of(item, facts)
            yield Sentence(Section.OUTLINE, said, item.at, item.place, n)
    if facts.corrections:
        yield Sentence(Section.OUTLINE, _corrected(facts.corrections), facts.ended or facts.began, None)


# --- one item ---------------------------------------------------------------------------------------------


def said_of(item: MinutesFact, facts: RecordFacts) -> str:
    """The sentence that says it."""
    return _SAYING[item.kind](item, facts)


def _said(item: MinutesFact, facts: RecordFacts) -> str:
    words = _quoted(item.text)
    if item.speaker and item.speaker in (facts.presenter, f"{facts.department} {facts.presenter}"):
        return f"{item.speaker}が{words}と説明した。"
    return f"{_from(item)}{words}との発言があった。"


def _asked(item: MinutesFact, facts: RecordFacts) -> str:
    words = _quoted(item.text)
    if item.former is not None:
        return _asked_before(f"{_before(item.former)}の質問{words}について、", item, facts)
    asked = f"{_from(item)}{words}との質問があり、"
    match item.reply:
        case Answered():
            return f"{asked}{_answer(item.reply, facts)}"
        case Carried():
            return f"{asked}持ち帰って回答することとした{_in_brackets(item)}。"
        case Withdrawn():
            return f"{_from(item)}{words}との質問があったが、取り下げられた。"
        case _:
            return f"{asked}回答は後日とした{_in_brackets(item)}。"


def _asked_before(about: str, item: MinutesFact, facts: RecordFacts) -> str:
    match item.reply:
        case Answered():
            return f"{about}{_answer(item.reply, facts)}"
        case Withdrawn():
            return f"{about}回答は不要とした。"
        case _:
            return f"{about}引き続き持ち帰って回答することとした{_in_brackets(item)}。"


def _answer(reply: Answered, facts: RecordFacts) -> str:
    shown = f"{page(reply.evidence, facts.papers)}を示して" if reply.evidence is not None else ""
    if reply.text.strip():
        return f"{shown}{_quoted(reply.text)}と回答した。"
    return f"{shown or 'その場で'}回答した。"


def _decided(item: MinutesFact, facts: RecordFacts) -> str:
    words = _plain(item.text)
    if _is_verb(words):
        return f"{words}こととした。"
    if words.endswith(("こと", "とおり")):
        return f"{words}とした。"
    if PAST.search(words) and "。" not in words:
        return f"{words}。"
    return f"{_quoted(words)}と決定した。"


def _instructed(item: MinutesFact, facts: RecordFacts) -> str:
    words = _plain(item.text)
    if _is_verb(words.removesuffix("こと")):
        said = f"{_from(item)}{words.removesuffix('こと')}よう指示があった"
    else:
        said = f"{_from(item)}{_quoted(words)}との指示があった"
    return f"{said}{_in_brackets(item) if item.owner or item.due else ''}。"


def _homework(item: MinutesFact, facts: RecordFacts) -> str:
    words = _plain(item.text)
    if item.former is not None:
        given = f"{_before(item.former)}に今後の対応とした{_quoted(words)}は、"
        match item.reply:
            case Done():
                return f"{given}済んだことを確認した。"
            case Withdrawn():
                return f"{given}取り下げた。"
        return f"{given}引き続き行うこととした{_in_brackets(item)}。"
    bare, noted = words.removesuffix("こと"), f"{_quoted(words)}を今後の対応とした"
    verb = _is_verb(bare)
    match item.reply:
        case Done():
            return (
                f"{bare}こととし、その場で済ませた。" if verb else f"{_quoted(words)}は、その場で済ませた。"
            )
        case Withdrawn():
            return f"{bare}こととしたが、取り下げた。" if verb else f"{noted}が、取り下げた。"
    if not verb:
        return f"{noted}{_in_brackets(item)}。"
    words = bare
    if item.owner:
        pause = "、" if "、" in words else ""
        until = f"{pause}{day_due(item.due)}までに{pause}" if item.due else pause
        return f"{item.owner}が{until}{words}こととした{'' if item.due else '（期限は未定）'}。"
    return f"今後の対応として、{words}こととした{_in_brackets(item)}。"


_SAYING = {
    Kind.SAID: _said,
    Kind.QUESTION: _asked,
    Kind.DECISION: _decided,
    Kind.INSTRUCTION: _instructed,
    Kind.HOMEWORK: _homework,
}


def _corrected(corrections: tuple[CorrectionFact, ...]) -> str:
    settled = sum(each.settled for each in corrections)
    later = sum(each.open for each in corrections)
    withdrawn = len(corrections) - settled - later
    said = f"資料の修正{len(corrections)}件"
    if settled == len(corrections):
        return f"{said}を、その場で改めた。"
    parts = [
        (settled, "をその場で改め", "をその場で改めた"),
        (later, "を後日修正することとし", "を後日修正することとした"),
        (withdrawn, "を取り下げ", "を取り下げた"),
    ]
    some = [(count, goes_on, ends) for count, goes_on, ends in parts if count]
    if len(some) == 1:
        return f"{said}{some[0][2]}。"
    *first, last = some
    told = "、".join([*(f"{count}件{goes_on}" for count, goes_on, _ in first), f"{last[0]}件{last[2]}"])
    return f"{said}のうち、{told}。"


# --- words ------------------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    """One line without its full stop or question mark."""
    return " ".join(text.split()).rstrip("。．.？?！! ")


def _listed(item: MinutesFact) -> str:
    """As it stands in the list of its kind; what is to be done is told as こと."""
    words = _plain(item.text)
    if item.kind is Kind.INSTRUCTION and _is_verb(words):
        return f"{words}こと。"
    return closed(item.text)


def _quoted(text: str) -> str:
    return f"「{_plain(text).replace('「', '『').replace('」', '』')}」"


def _is_verb(words: str) -> bool:
    return bool(VERB.search(words)) and not POLITE.search(words) and "。" not in words


def _before(former: Former) -> str:
    return f"前回（{day_alone(former.when)}）"


def _from(item: MinutesFact) -> str:
    return f"{item.speaker}から、" if item.speaker else ""


def _in_brackets(item: MinutesFact) -> str:
    return f"（{who_until(item.owner, item.due)}）"
