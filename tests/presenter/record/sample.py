"""The story of the mock-ups as facts: 第三会議室, 24 November 令和8年, 14:00 to 14:31."""

from __future__ import annotations

from datetime import datetime

from presenter.record.facts import (
    Answered,
    Attendee,
    Carried,
    CorrectionFact,
    How,
    Kind,
    MinutesFact,
    PageTime,
    PaperFact,
    Place,
    RecordFacts,
)

BUDGET = "令和9年度 重点施策の予算案"


def at(minute: int, second: int = 0) -> datetime:
    return datetime(2026, 11, 24, 14, minute, second)


def p(page: int) -> Place:
    return Place(BUDGET, page)


MINUTES = (
    MinutesFact(Kind.SAID, "増額25億円のうち18億円は国庫補助の見込み", at(3), p(3), "財政課 佐藤"),
    MinutesFact(
        Kind.QUESTION,
        "前年度の執行率は確定しているか。",
        at(7),
        p(6),
        "部長",
        reply=Answered("87.3％で確定している", p(6)),
    ),
    MinutesFact(
        Kind.QUESTION,
        "国庫補助の内示が遅れた場合、一般財源で先に執行できるか。",
        at(12),
        p(7),
        "副知事",
        "財政課 佐藤",
        "11月27日（金）",
        Carried(),
    ),
    MinutesFact(Kind.DECISION, "河川監視カメラ26か所の更新を令和9年度に前倒しする", at(15), p(8)),
    MinutesFact(Kind.INSTRUCTION, "設置場所を図で示すこと", at(18), p(8), "部長"),
    MinutesFact(
        Kind.HOMEWORK,
        "前倒しに必要な額を、土木事務所ごとにまとめる。",
        at(20),
        p(8),
        "",
        "河川課 中村",
        "11月27日（金）",
    ),
    MinutesFact(Kind.REMARK, "次回は12月8日（火）に行う予定", at(29)),
)
CORRECTIONS = (
    CorrectionFact(1, p(6), "87.0％（見込み）", "87.3％（確定）", "佐藤", at(8), "確認済み", True, False),
    CorrectionFact(
        2, p(7), "考え方について", "考え方と財源について", "佐藤", at(13), "確認済み", True, False
    ),
    CorrectionFact(
        3, p(7), "令和10年度に延ばす", "令和9年度に前倒しする", "佐藤", at(16), "確認済み", True, False
    ),
    CorrectionFact(4, p(8), "東部 12か所", "設置場所の図を加える", "部長", at(18), "未修正", False, True),
)
FACTS = RecordFacts(
    BUDGET,
    "財政課",
    "佐藤",
    at(0),
    at(31),
    ("第三会議室",),
    30,
    (
        Attendee("財政課 佐藤", How.PRESENTING),
        Attendee("第三会議室", How.ROOM, at(0), at(31)),
        Attendee("河川課 中村", How.LINKED, at(2), at(31)),
        Attendee("副知事 山本", How.TYPED),
        Attendee("総務部長 髙𠮷", How.TYPED),
    ),
    (PaperFact(BUDGET, 24, 4), PaperFact("打合せを紙から画面へ", 12, 1)),
    (
        PageTime(p(1), at(0, 10), 95.0),
        PageTime(p(7), at(9), 320.0),
        PageTime(Place("打合せを紙から画面へ", 1), at(24), 60.0),
    ),
    CORRECTIONS,
    MINUTES,
)
