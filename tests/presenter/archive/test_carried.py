"""What is left open is found by the next briefing on the same subject, once, whatever else lies there."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from presenter.archive import carried
from presenter.archive.cards import Card
from presenter.archive.carried import (
    CARDS_LIMIT,
    CARRIED,
    FOLDER,
    CarriedFile,
    carried_of,
    decoded,
    encoded,
    folder_of,
    look,
    subject_key,
)
from presenter.archive.delivery import Away, deliver
from presenter.archive.rule import Named, Rule
from presenter.archive.waiting import Waiting
from presenter.record.facts import Answered, Done, Former, MinutesFact, RecordFacts
from tests.presenter.record.sample import FACTS

SUBJECT = "河川改修計画"
ENDED = datetime(2026, 11, 24, 14, 31)


def facts(*items: MinutesFact, ended: datetime = ENDED, **others: object) -> RecordFacts:
    return replace(FACTS, subject=SUBJECT, minutes=items, corrections=(), ended=ended, **others)


def item(n: int, **fields: object) -> MinutesFact:
    kind = FACTS.minutes[5].kind if fields.pop("homework", True) else FACTS.minutes[2].kind
    return MinutesFact(kind, f"項目{n}", ENDED, card=f"{n:032x}", **fields)


def again(made: MinutesFact, **fields: object) -> MinutesFact:
    return replace(made, former=Former(ENDED, f"{SUBJECT}　7ページ"), **fields)


def file(root: Path, id: str, told: RecordFacts) -> None:
    """The briefing of that id is filed."""
    waiting = Waiting(root.parent / "waiting")
    named = Named(date(2026, 11, 24), told.department, told.subject, "資料")
    waiting.put(id, named, [(CARRIED, encoded(carried_of(told)))])
    deliver(waiting, id, root, Rule())


def found(root: Path, subject: str = SUBJECT) -> list[str]:
    return [card.text for card in look(root, FACTS.department, subject, ()).cards]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "archive"
    made.mkdir()
    return made


def test_questions_homework_and_open_corrections_come_back_with_owner_due_day_and_source(root: Path) -> None:
    told = replace(
        FACTS, minutes=tuple(replace(each, card=f"{n:032x}") for n, each in enumerate(FACTS.minutes))
    )
    told = replace(told, corrections=tuple(replace(each, card="f" * 32) for each in told.corrections))
    file(root, "a", told)
    cards = look(root, told.department, told.subject, ()).cards
    assert [(card.kind, card.owner, card.due) for card in cards] == [
        ("question", "財政課 佐藤", "11月27日（金）"),
        ("homework", "河川課 中村", "11月27日（金）"),
        ("homework", "", ""),
    ]
    assert cards[0].source == f"7ページ　{told.papers[0].title}"
    assert datetime.fromtimestamp(cards[0].when) == told.began
    assert cards[2].text == "修正4：「東部 12か所」を「設置場所の図を加える」に改める。"


@pytest.mark.parametrize(
    "title",
    [
        *("20261208_河川改修計画_第3版", "河川改修計画（最終_修正2）", "令和8年12月8日　河川改修計画"),
        *("河川　改修計画", "河川改修計画　第12版", "河川改修計画（20261208）"),
        *("河川改修計画（第2回）", "第１２回 河川改修計画", "【最終】河川改修計画"),
    ],
)
def test_the_naming_clerk_knows_the_same_subject_in_the_next_papers_title(root: Path, title: str) -> None:
    file(root, "a", facts(item(1)))
    assert found(root, title) == ["項目1"]
    assert found(root, "道路改修計画") == []
    assert look(root, f"　{FACTS.department} ", title, ()).cards, "blanks make no other department"
    assert (
        subject_key("見直し（案）_第2版")
        == subject_key("見直し（案）（最終）")
        == subject_key("見直し（案）")
    )
    assert subject_key("第2回") == "第2回", "what has no other name keeps this one"
    assert subject_key("㐂多 𠮷田 ﾊﾝｶｸ") == "㐂多𠮷田ハンカク"


def test_a_card_is_there_until_somebody_has_closed_it_and_never_twice(root: Path) -> None:
    one, two = item(1), item(2, homework=False)
    file(root, "a", facts(one, two))
    # Two presenters take up the same cards at once: one answers, the other carries both again.
    later = ENDED.replace(day=25)
    file(root, "b", facts(again(one), again(two, reply=Answered("8か所")), ended=later))
    file(root, "c", facts(again(one, owner="中村"), again(two), ended=later.replace(hour=16)))
    (card,) = look(root, FACTS.department, SUBJECT, ()).cards
    assert (card.text, card.owner, card.when) == ("項目1", "中村", round(ENDED.timestamp()))
    file(root, "d", facts(again(one, reply=Done("佐藤")), ended=later.replace(hour=17)))
    assert found(root) == []


def test_what_is_taken_out_of_the_minutes_or_made_a_note_of_stays_open(root: Path) -> None:
    file(root, "a", facts(item(1), item(2)))
    note = replace(again(item(2)), kind=FACTS.minutes[6].kind)
    file(root, "b", facts(note))
    assert sorted(found(root)) == ["項目1", "項目2"]


def test_a_bad_file_is_named_left_alone_and_loses_nothing(root: Path) -> None:
    file(root, "a", facts(item(1)))
    folder = folder_of(root, FACTS.department, SUBJECT)
    good = (folder / "a.json").read_bytes()
    foreign = b'{"menu": ["soba"]}'
    newer = json.dumps({"kamizero": "carried", "version": 2, "cards": "another form"}).encode()
    bad = {
        "half.json": good[: len(good) // 2],
        "foreign.json": foreign,
        "newer.json": newer,
        "utf16.json": b"\xff\xfe{",
    }
    bad["nested.json"] = good.replace(b"{", b'{"x": ' + b"[" * 100_000, 1)
    bad["turned.json"] = good.replace("項目1".encode(), "項目\u202e1".encode())
    bad["late.json"] = good.replace(b'"when": ', b'"when": 9999999')
    bad["wrong.json"] = good.replace(b'"question"', b'"x"').replace(b'"homework"', b'"x"')
    for name, data in bad.items():
        (folder / name).write_bytes(data)
    (folder / ".0123.part").write_bytes(b"half")
    (folder / "メモ.txt").write_text("人のファイル")
    seen = look(root, FACTS.department, SUBJECT, ())
    assert [card.text for card in seen.cards] == ["項目1"]
    assert sorted(str(values["name"]) for _, values in seen.told) == sorted(bad)
    assert next(words for words, values in seen.told if values["name"] == "newer.json").startswith(
        "持ち帰り「{name}」は、新しい版"
    )
    assert {name: (folder / name).read_bytes() for name in bad} == bad


def test_while_the_share_is_away_it_waits_with_its_set_and_the_next_briefing_here_has_it(
    tmp_path: Path,
) -> None:
    root = tmp_path / "archive"
    with pytest.raises(Away):
        file(root, "a", facts(item(1)))
    waiting = Waiting(tmp_path / "waiting")
    seen = look(root, FACTS.department, SUBJECT, [(waiting.of("a") / CARRIED).read_bytes(), b"damaged"])
    assert [card.text for card in seen.cards] == ["項目1"]
    assert "つながりません" in seen.told[0][0]
    root.mkdir()
    deliver(waiting, "a", root, Rule())
    assert found(root) == ["項目1"]
    assert len(list((root / FOLDER).rglob("*.json"))) == 1


def test_nothing_open_writes_nothing_and_many_come_oldest_first(root: Path) -> None:
    file(root, "a", facts())
    assert not (root / FOLDER).exists()
    file(root, "b", facts(*(item(n) for n in range(CARDS_LIMIT + 1))))
    seen = look(root, FACTS.department, SUBJECT, ())
    assert len(seen.cards) == CARDS_LIMIT
    assert seen.told == (("前回の持ち帰りは、古いものから{n}件までです。", {"n": CARDS_LIMIT}),)


def test_of_too_many_files_the_newest_are_read_and_that_is_said(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carried, "FILES_LIMIT", 2)
    for n, id in enumerate("cab"):
        file(root, id, facts(item(n)))
        os.utime(folder_of(root, FACTS.department, SUBJECT) / f"{id}.json", (n, n))
    seen = look(root, FACTS.department, SUBJECT, ())
    assert sorted(card.text for card in seen.cards) == ["項目1", "項目2"]
    assert [values for _, values in seen.told] == [{"n": 2}]


def test_subjects_that_share_a_folder_keep_their_cards_apart(root: Path) -> None:
    long = "河川改修計画の" + "とても長い件名" * 20
    file(root, "a", replace(facts(item(1)), subject=f"{long}その1"))
    file(root, "b", replace(facts(item(2)), subject=f"{long}その2"))
    assert folder_of(root, "財政課", f"{long}その1") == folder_of(root, "財政課", f"{long}その2")
    assert found(root, f"{long}その2") == ["項目2"]
    assert folder_of(root, "", "con").name == "con_"


def test_what_is_written_is_read() -> None:
    card = Card("0" * 32, "question", "𠮷田", 5, "㐂 7ページ", "副知事", "佐藤", "11/27")
    made = CarriedFile(1, "財政課", SUBJECT, 9, (card,), ("1" * 32,))
    assert decoded(encoded(made)) == made
