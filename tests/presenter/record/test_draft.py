"""The automatic draft reads as an office writes, invents nothing, and knows where each sentence is from."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from presenter.record.draft import drafted
from presenter.record.facts import (
    Answered,
    Carried,
    Done,
    Former,
    Kind,
    MinutesFact,
    PageTime,
    Place,
    RecordFacts,
    Withdrawn,
)
from presenter.record.fields import values_of
from presenter.record.plain import chat_of, text_of
from presenter.record.record import Section, Sentence, decoded, encoded
from tests.presenter.record.sample import CORRECTIONS, FACTS, at

FORMER = Former(datetime(2026, 11, 10), "河川改修計画　7ページ")
CONFIRMED = datetime(2026, 11, 24, 15, 0)


def sentences(*items: MinutesFact) -> list[str]:
    facts = replace(FACTS, minutes=items, corrections=(), page_times=())
    return [each.text for each in drafted(facts).section(Section.OUTLINE)]


@pytest.mark.parametrize(
    ("item", "wanted"),
    [
        (MinutesFact(Kind.DECISION, "更新を前倒しする"), "更新を前倒しすることとした。"),
        (MinutesFact(Kind.DECISION, "更新を前倒しすること。"), "更新を前倒しすることとした。"),
        (MinutesFact(Kind.DECISION, "原案のとおり了承された"), "原案のとおり了承された。"),
        (MinutesFact(Kind.DECISION, "令和9年度に前倒し"), "「令和9年度に前倒し」と決定した。"),
        (MinutesFact(Kind.DECISION, "前倒しします"), "「前倒しします」と決定した。"),
        (
            MinutesFact(Kind.INSTRUCTION, "図で示すこと", speaker="部長"),
            "部長から、図で示すよう指示があった。",
        ),
        (MinutesFact(Kind.INSTRUCTION, "図で示してください"), "「図で示してください」との指示があった。"),
        (
            MinutesFact(Kind.QUESTION, "いつ\n始めるか？", speaker="知事"),
            "知事から、「いつ 始めるか」との質問があり、回答は後日とした（担当及び期限は未定）。",
        ),
        (
            MinutesFact(Kind.QUESTION, "「例」は何か", reply=Answered()),
            "「『例』は何か」との質問があり、その場で回答した。",
        ),
        (
            MinutesFact(Kind.QUESTION, "いつか", owner="鈴木", reply=Carried()),
            "「いつか」との質問があり、持ち帰って回答することとした（担当：鈴木、期限は未定）。",
        ),
        (
            MinutesFact(Kind.HOMEWORK, "額をまとめる。", owner="中村", due="11月27日まで"),
            "中村が11月27日までに額をまとめることとした。",
        ),
        (MinutesFact(Kind.HOMEWORK, "額の一覧"), "「額の一覧」を今後の対応とした（担当及び期限は未定）。"),
        (
            MinutesFact(Kind.HOMEWORK, "額の一覧", reply=Done()),
            "「額の一覧」は、その場で済ませた。",
        ),
        (
            MinutesFact(Kind.HOMEWORK, "過去の額を調べる", reply=Done()),
            "過去の額を調べることとし、その場で済ませた。",
        ),
        (
            MinutesFact(Kind.HOMEWORK, "額を、課ごとにまとめる。", owner="中村", due="11月27日まで"),
            "中村が、11月27日までに、額を、課ごとにまとめることとした。",
        ),
        (MinutesFact(Kind.DECISION, "原案のとおり"), "原案のとおりとした。"),
        (
            MinutesFact(Kind.HOMEWORK, "額の一覧", reply=Done(), former=FORMER),
            "前回（11月10日）に今後の対応とした「額の一覧」は、済んだことを確認した。",
        ),
        (
            MinutesFact(Kind.HOMEWORK, "額の一覧", owner="中村", due="12月1日", former=FORMER),
            "前回（11月10日）に今後の対応とした「額の一覧」は、引き続き行うこととした（担当：中村、期限：12月1日まで）。",
        ),
        (
            MinutesFact(Kind.QUESTION, "いつか", reply=Answered("4月から"), former=FORMER),
            "前回（11月10日）の質問「いつか」について、「4月から」と回答した。",
        ),
        (
            MinutesFact(Kind.QUESTION, "いつか", reply=Withdrawn(), former=FORMER),
            "前回（11月10日）の質問「いつか」について、回答は不要とした。",
        ),
        (MinutesFact(Kind.SAID, "予定どおり", speaker="佐藤"), "佐藤が「予定どおり」と説明した。"),
        (
            MinutesFact(Kind.SAID, "髙𠮷さんに聞く", speaker="㐂多"),
            "㐂多から、「髙𠮷さんに聞く」との発言があった。",
        ),
    ],
)
def test_what_was_typed_becomes_a_sentence_of_an_office(item: MinutesFact, wanted: str) -> None:
    assert sentences(item) == [wanted]


def test_every_sentence_of_a_draft_says_that_it_is_one_and_where_it_comes_from() -> None:
    record = drafted(FACTS)
    said = [line for line in text_of(record).splitlines() if line.endswith("〕")]
    assert len(said) == len(record.sentences) - 1, "remarks are as they were typed"
    assert "指示があった。〔下書き 14:18 資料1の8ページ〕" in text_of(record)
    assert "〔下書き" not in text_of(record.confirm("佐藤", CONFIRMED))
    times = [each.at for each in record.section(Section.OUTLINE)]
    assert times == sorted(times)  # type: ignore[type-var]


def test_who_explains_a_paper_is_named_with_it_and_the_agenda_stands_beside_its_title() -> None:
    papers = (replace(FACTS.papers[0], minutes=15, explainer="河川課 𠮷田"), *FACTS.papers[1:])
    text = text_of(drafted(replace(FACTS, papers=papers)))
    title = papers[0].title
    assert f"河川課 𠮷田が「{title}」について説明した。" in text
    assert "（24ページ、第4版、予定15分、説明：河川課 𠮷田）" in text


def test_what_was_looked_up_was_shown_and_is_no_paper_that_somebody_explained() -> None:
    looked_up = PageTime(Place("調べたもの", 1), at(20), 30.0)
    text = text_of(drafted(replace(FACTS, page_times=(*FACTS.page_times, looked_up))))
    assert "その場で調べたものを、画面で示した。〔下書き 14:20 " in text and "「調べたもの」" not in text


def test_what_is_left_is_questions_homework_and_open_corrections() -> None:
    assert [each.kind for each in FACTS.open] == ["質問", "宿題", "修正4"]
    given = FACTS.assigned(FACTS.open[2].key, "鈴木", "12月1日")
    assert [each.assigned for each in given.open] == [True, True, True]
    assert "担当：鈴木、期限：12月1日まで" in chat_of(drafted(given))


def test_an_empty_briefing_is_a_record_too() -> None:
    record = drafted(RecordFacts("", "", "", at(0), at(0)))
    assert text_of(record).count("　なし") == 6
    assert decoded(encoded(record)) == record


def test_a_confirmed_record_takes_no_silent_change() -> None:
    confirmed = drafted(FACTS).confirm("佐藤", CONFIRMED)
    assert "確認済み（佐藤　令和8年11月24日（火）15時00分）" in text_of(confirmed)
    assert decoded(encoded(confirmed)) == confirmed
    other = confirmed.changed(sentences=(*confirmed.sentences, Sentence(Section.REMARKS, "追記")))
    assert other.confirmed is None
    assert "佐藤が令和8年11月24日（火）15時00分に確認した後、変更あり" in text_of(other)
    assert confirmed.changed(facts=FACTS) is confirmed
    behind = decoded(encoded(confirmed).replace("部長".encode(), "課長".encode()))
    assert (behind.confirmed, behind.follows) == (None, confirmed.confirmed)
    with pytest.raises(ValueError):
        decoded(b"{}")
    with pytest.raises(ValueError):
        decoded(encoded(confirmed).replace(b"{", b'{"x": ' + b"[" * 100_000, 1))


def test_the_block_for_a_chat_has_what_people_need_and_no_page_of_an_unnamed_paper() -> None:
    block = chat_of(drafted(FACTS), r"\\fs01\財政課")
    assert block.startswith(
        "【打合せ記録（下書き）】令和9年度 重点施策の予算案\n11月24日（火）14:00〜14:31　第三会議室\n"
    )
    assert "■持ち帰り　3件" in block
    assert f"■修正　{len(CORRECTIONS)}件（うち修正済み3件）" in block
    assert "資料1" not in block


def test_lists_end_as_an_office_writes_them_and_the_presenter_stands_last() -> None:
    items = (
        MinutesFact(Kind.INSTRUCTION, "図で示す", owner="中村", due="12月2日（水）まで"),
        MinutesFact(Kind.INSTRUCTION, "図で示すこと。"),
        MinutesFact(Kind.HOMEWORK, "分類の表", owner="田中"),
    )
    record = drafted(replace(FACTS, minutes=items, corrections=()))
    assert [each.text for each in record.section(Section.INSTRUCTIONS)] == ["図で示すこと。"] * 2
    values = values_of(record)
    assert [row["期限"] for row in values.repeated["指示事項"]] == ["12月2日（水）", "未定"]
    assert values.single["今後の対応"] == "［宿題］分類の表（担当：田中、期限は未定）"
    assert values.single["出席者"].splitlines() == [
        "副知事 山本",
        "総務部長 髙𠮷",
        "河川課 中村（端末から参加、14時02分から14時31分まで）",
        "財政課 佐藤（説明者）",
    ]


def test_what_is_pasted_into_a_chat_stays_short_however_long_the_briefing_was() -> None:
    many = tuple(MinutesFact(Kind.HOMEWORK, f"{n}つ目をまとめる。") for n in range(2_000))
    chat = chat_of(drafted(replace(FACTS, minutes=many))).splitlines()
    assert len(chat) < 30 and "・ほか1981件" in chat and "■持ち帰り　2001件" in chat
