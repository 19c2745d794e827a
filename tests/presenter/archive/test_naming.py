"""The naming clerk: names by the rule, every breach said and mended, and what it mends it finds right."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from random import Random

import pytest

from pageview.wording import say
from presenter.archive.clerk import Breach, advice, breaches, mended, proposed
from presenter.archive.days import DayStyle, fiscal_year, written
from presenter.archive.rule import FIELDS, BadRule, Named, Rule, checked, read_rule

RULE = Rule()
SIGNS = ["最終", "修正", "2", "_", " ", "　", ".", "-", "(1)", "CON", "nul", ":", "*", "ｶ", "ﾞ", "𠮷", "㐂"]
SIGNS += [
    "R8.11.24",
    "20261124",
    "令和8年11月24日",
    "261124",
    "予算",
    "v2",
    "final",
    "\u202e",
    "\x00",
    "Ａ",
    "コピー",
]


@pytest.mark.parametrize(
    ("name", "found", "right"),
    [
        ("予算案_最終_修正2", [Breach.VAGUE], "予算案"),
        ("予算案最終版", [Breach.VAGUE], "予算案"),
        ("予算案 - コピー (2)", [Breach.VAGUE], "予算案"),
        ("【最終】予算案", [Breach.VAGUE], "予算案"),
        ("予算案（修正）の概要", [Breach.VAGUE], "予算案の概要"),
        ("最終報告", [], "最終報告"),
        ("renew計画", [], "renew計画"),
        ("カラーコピー", [], "カラーコピー"),
        ("予算:案/1", [Breach.FORBIDDEN], "予算：案／1"),
        ("a\u202eb\x00", [Breach.FORBIDDEN], "ab"),
        ("CON", [Breach.RESERVED], "CON_"),
        ("com¹.案", [Breach.RESERVED], "com¹_.案"),
        ("CONTRACT", [], "CONTRACT"),
        ("ﾊﾝｶｸ資料", [Breach.HALF_KANA], "ハンカク資料"),
        ("R8.11.24予算案", [Breach.DAY], "20261124予算案"),
        ("令和元年5月1日予算案", [Breach.DAY], "20190501予算案"),
        ("2026-11-24_予算案", [Breach.DAY], "20261124_予算案"),
        ("20261124_予算案", [], "20261124_予算案"),
        ("資料261124千円", [], "資料261124千円"),
        (" 予算. ", [Breach.EDGES], "予算"),
        ("㐂𠮷" * 60, [Breach.LONG], "㐂𠮷" * 28 + "㐂"),
        ("．．", [], "．．"),
        (" . ", [Breach.EMPTY], "無題"),
    ],
)
@pytest.mark.bad_input(row=67)
def test_a_breach_is_said_and_mended(name: str, found: list[Breach], right: str) -> None:
    assert [each.breach for each in breaches(name, RULE)] == found
    assert mended(name, RULE) == right


def test_why_a_name_is_broken_is_said_in_a_sentence() -> None:
    told = [say(words, **values) for words, values in (f.told for f in breaches("R8.11.24案:_最終", RULE))]
    assert told == [
        "「最終」では、どれが新しいか分かりません。版の番号を付けます。",
        "ファイルの名前に使えない文字があります（:）。",
        "日付「R8.11.24」の書き方が、規則と違います（20261124）。",
    ]


def test_who_opens_a_paper_with_such_a_name_is_told_the_one_it_gets() -> None:
    told = advice("予算:案_最終_修正2_R8.11.24", RULE)
    assert told is not None
    assert told.right == "予算：案_20261124"
    assert [say(words, **values) for words, values in told.sentences] == [
        "「予算:案_最終_修正2_R8.11.24」は、保管するときに「予算：案_20261124」とします。",
        "「最終」「修正2」では、どれが新しいか分かりません。版の番号を付けます。",
        "ファイルの名前に使えない文字があります（:）。",
        "日付「R8.11.24」の書き方が、規則と違います（20261124）。",
    ]
    assert advice(told.right, RULE) is None, "called so, there is nothing to say"
    assert advice("令和9年度 重点施策の予算案", RULE) is None


@pytest.mark.parametrize("seed", range(40))
def test_what_the_clerk_mends_it_finds_right_and_leaves_alone(seed: int) -> None:
    random = Random(seed)
    for _ in range(50):
        name = "".join(random.choice(SIGNS) for _ in range(random.randint(0, 30)))
        for style in DayStyle:
            rule = Rule(days=style)
            right = mended(name, rule)
            assert not breaches(right, rule), (name, right)
            assert mended(right, rule) == right, name


@pytest.mark.parametrize("style", DayStyle)
def test_a_day_in_any_style_becomes_the_rules(style: DayStyle) -> None:
    day = date(2026, 11, 24)
    assert mended(f"{written(day, style)}_案", RULE) == "20261124_案"
    assert written(day, style) == style.value


def test_the_fiscal_year_begins_in_april() -> None:
    days = [date(2027, 3, 31), date(2027, 4, 1), date(2019, 4, 1), date(2019, 3, 31)]
    assert [fiscal_year(day) for day in days] == ["令和8年度", "令和9年度", "令和元年度", "平成30年度"]


def test_a_name_is_proposed_by_the_rule_and_always_breaks_nothing() -> None:
    rule = checked({"path": "{fiscal_year_short}/{department}/{subject}/{date}_{title}_{edition}.pdf"})
    named = Named(date(2026, 11, 24), "財政課", "重点施策", "R8.11.24予算案_最終_第2版")
    assert proposed(rule, named, 3) == ("R8", "財政課", "重点施策", "20261124_20261124予算案_第3版")
    assert proposed(RULE, Named(date(2026, 4, 1), "", "../..", "CON"), 1) == (
        "令和8年度",
        "無題",
        "／",
        "20260401_CON__第1版",
    )
    root = "\\\\fs01\\" + "x" * 60
    long = Named(date(2026, 11, 24), "財政課" * 40, "重" * 300, "𠮷" * 300)
    parts = proposed(RULE, long, 12, root)
    whole = "\\".join((root, *parts, f"{parts[-1]}_{'役' * 39}"))
    assert len(whole.encode("utf-16-le")) // 2 <= 259
    assert parts[-1].startswith("20261124_𠮷") and parts[-1].endswith("_第12版")
    assert not any(breaches(part, RULE) for part in parts)


def test_the_document_lists_every_field_and_shows_the_usual_rule() -> None:
    text = (Path(__file__).parents[3] / "docs" / "archive.ja.md").read_text("utf-8")
    listed = {part.split("}`")[0] for part in text.partition("| 欄 |")[2].partition("##")[0].split("`{")[1:]}
    assert listed == set(FIELDS)
    example = tomllib.loads(text.partition("```toml\n")[2].partition("```")[0])
    assert checked(example).parts == RULE.parts
    assert (checked(example).days, checked(example).limit) == (RULE.days, RULE.limit)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('path = "{fiscal}/{edition}"', "保管の規則の path の1番目の名前：{fiscal} という欄はありません。"),
        ('path = "{date}"', "保管の規則の path の最後の名前に {edition} を入れてください。"),
        ('path = "a//{edition}"', "保管の規則の path の2番目の名前がありません。"),
        ('path = "../{edition}"', "保管の規則の path の1番目の名前がありません。"),
        ('path = "{date/{edition}"', "保管の規則の path の1番目の名前：波かっこが合いません。"),
        ('date = "2026"', "保管の規則の date は、次のどれかです"),
        ("limit = 10", "保管の規則の limit は、80から32000までの整数です。"),
        ("paht = 1", "保管の規則の paht は、使われていない名前です。"),
        ("path = ", "保管の規則 naming.toml を読めません"),
    ],
)
def test_a_wrong_rule_is_said_with_its_place(tmp_path: Path, text: str, wanted: str) -> None:
    file = tmp_path / "naming.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(BadRule) as refused:
        read_rule(file)
    words, values = refused.value.told[0]
    assert say(words, **values).startswith(wanted)


def test_a_rule_as_windows_writes_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "naming.toml"
    file.write_bytes(b"\xef\xbb\xbf" + b"path = '{year}\\{title}_{edition}.pdf'\r\ndate = 'R8.11.24'")
    rule = read_rule(file)
    assert (rule.parts, rule.days) == (("{year}", "{title}_{edition}"), DayStyle.ERA_SHORT)
