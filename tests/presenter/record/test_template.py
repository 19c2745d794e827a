"""A department's own form: filled wherever its fields stand, and every wrong field named with its place."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from pageview.wording import say
from presenter.record.draft import drafted
from presenter.record.fields import REPEATED, SINGLE, values_of
from presenter.record.forms import NAMES, forms
from presenter.record.outputs import Output, made
from presenter.record.template import NoTemplate, Template
from tests.presenter.record.sample import FACTS, at

VALUES = values_of(drafted(FACTS).confirm("佐藤", at(40)))
DOCUMENT = Path(__file__).parents[3] / "docs" / "record-forms.ja.md"


def form(write: Callable[[Any], object]) -> bytes:
    document = Document()
    write(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def filled(write: Callable[[Any], object]) -> Any:
    return Document(io.BytesIO(Template(form(write)).filled(VALUES)))


def told(write: Callable[[Any], object]) -> list[str]:
    return [say(words, **values) for words, values in (each.told for each in Template(form(write)).problems)]


def split(document: Any, *runs: str) -> None:
    paragraph = document.add_paragraph()
    for n, words in enumerate(runs):
        paragraph.add_run(words).bold = bool(n % 2)


def table(document: Any, *rows: tuple[str, ...]) -> Any:
    made = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, words in zip(made.rows, rows, strict=True):
        for cell, text in zip(row.cells, words, strict=True):
            cell.text = text
    return made


# --- filling ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "runs",
    [
        ("件名は{{件名}}です",),
        ("件名は{", "{件", "名}", "}です"),
        ("件名は", "{{", " 件 名 ", "}}", "です"),
        ("件名は｛｛件", "名｝｝です"),
    ],
)
def test_a_field_is_filled_however_word_has_split_it(runs: tuple[str, ...]) -> None:
    (paragraph,) = filled(lambda document: split(document, *runs)).paragraphs
    assert paragraph.text == f"件名は{FACTS.subject}です"


def test_the_words_around_a_split_field_keep_their_look() -> None:
    (paragraph,) = filled(lambda document: split(document, "A{{件", "名}}B", "C")).paragraphs
    assert [(run.text, bool(run.bold)) for run in paragraph.runs] == [
        (f"A{FACTS.subject}", False),
        ("B", True),
        ("C", False),
    ]


def test_a_row_is_repeated_for_each_and_says_none_where_there_is_nothing() -> None:
    document = filled(
        lambda document: table(
            document, ("番号", "内容"), ("{{修正.番号}}", "{{修正.修正前}}→{{修正.修正後}}")
        )
    )
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows[1] == ["1", "87.0％（見込み）→87.3％（確定）"]
    assert len(rows) == 1 + len(FACTS.corrections)
    nothing = values_of(drafted(replace(FACTS, minutes=(), corrections=())))
    data = form(lambda document: table(document, ("{{今後の対応.番号}}", "{{今後の対応.内容}}")))
    (row,) = Document(io.BytesIO(Template(data).filled(nothing))).tables[0].rows
    assert [cell.text for cell in row.cells] == ["", "なし"]


def test_paragraphs_headers_and_nested_tables_are_filled() -> None:
    def write(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "{{状態}}"
        document.add_paragraph("・{{資料.名称}}（{{資料.版}}）")
        document.add_paragraph("・{{出席者}}")
        document.add_paragraph("宛先：{{出席者}} 様")
        inner = document.add_table(rows=1, cols=1).rows[0].cells[0]
        table(inner, ("{{記録.時刻}}", "{{記録.内容}}"))

    document = filled(write)
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[:2] == ["・令和9年度 重点施策の予算案（第4版）", "・打合せを紙から画面へ（第1版）"]
    assert texts[2:6] == [f"・{line}" for line in VALUES.single["出席者"].split("\n")], "each a paragraph"
    assert texts[6] == f"宛先：{VALUES.single['出席者']} 様"
    assert document.sections[0].header.paragraphs[0].text.startswith("確認済み（佐藤")
    (inner,) = document.tables[0].rows[0].cells[0].tables
    assert len(inner.rows) == len(FACTS.minutes)


def test_a_value_that_xml_cannot_hold_and_one_that_looks_like_a_field_are_words() -> None:
    said = replace(FACTS.minutes[0], text="{{x}}と{{")
    facts = replace(FACTS, subject="{{日時}}\x0b<&>\ufffe𠮷", minutes=(said,))

    def write(document: Any) -> None:
        document.add_paragraph("{{件名}}")
        table(document, ("{{記録.内容}}",))

    document = Document(io.BytesIO(Template(form(write)).filled(values_of(drafted(facts)))))
    assert document.paragraphs[0].text == "{{日時}}<&>𠮷"
    assert document.tables[0].rows[0].cells[0].text == "{{x}}と{{"


# --- what is wrong ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("{{件銘}}", "「件銘」という欄はありません。「件名」の誤りではありませんか。"),
        ("{{xyz}}", "「xyz」という欄はありません。"),
        ("{{修正.後}}", "「修正.後」という欄はありません。「修正.修正後」の誤りではありませんか。"),
        ("{{件名", "「{{件名」に、欄の終わり「}}」がありません。"),
        ("件名}}", "「件名}}」の前に、欄の始まり「{{」がありません。"),
        (
            "{{決定事項.だれ}}",
            "「決定事項.だれ」という欄はありません。「決定事項」にあるのは、番号、内容、時刻、ページです。",
        ),
        ("{{ }}", "二重の波かっこの中に、欄の名前がありません。"),
        ("{{件{{名}}", "「{{件{{」は、欄の中に欄があります。"),
    ],
)
@pytest.mark.bad_input(row=64)
def test_a_wrong_field_is_named_with_its_place(words: str, wanted: str) -> None:
    def write(document: Any) -> None:
        document.add_paragraph("1段落目")
        document.add_paragraph(words)

        document.add_paragraph(words)

    problems = told(write)
    assert problems[0] == f"本文の2段落目：{wanted}"
    assert not any("前にもあります" in each for each in problems), "it is no field that is there twice"
    with pytest.raises(NoTemplate):
        filled(write)


def test_places_in_tables_and_headers_two_lists_in_a_row_and_a_field_twice() -> None:
    def write(document: Any) -> None:
        document.sections[0].footer.paragraphs[0].text = "{{年号}}"
        table(document, ("", "{{件}}"))
        table(document, ("{{修正.番号}}", "{{記録.内容}}"))
        document.add_paragraph("{{件名}}")
        document.add_paragraph("{{件名}}")

    assert told(write) == [
        "本文の表1の1行目2列目：「件」という欄はありません。「件名」の誤りではありませんか。",
        "本文の表2の1行目2列目：1つの行に「修正」と「記録」の欄があります。行を分けてください。",
        "本文の2段落目：「件名」の欄は、前にもあります。どちらにも同じ内容が入ります。",
        "フッターの1段落目：「年号」という欄はありません。「年度」の誤りではありませんか。",
    ]


def test_a_repeated_row_within_a_repeated_row_is_named() -> None:
    def write(document: Any) -> None:
        outer = table(document, ("{{修正.番号}}",)).rows[0].cells[0]
        table(outer, ("{{修正.状態}}",))

    assert told(write) == [
        "本文の表2の1行目1列目：1つの行に「修正」と「修正」の欄があります。行を分けてください。"
    ]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", bytes(210 * 2**20))
    return out.getvalue()


def entity() -> bytes:
    data = form(lambda document: document.add_paragraph("MARK"))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as packed:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "word/document.xml":
                head, _, rest = content.partition(b"?>")
                declared = b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
                content = head + b"?>" + declared + rest.replace(b"MARK", b"&x;")
            packed.writestr(entry.filename, content)
    return out.getvalue()


def damaged(part: str, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(form(lambda _: None))) as source, zipfile.ZipFile(out, "w") as packed:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == part:
                assert old in content
                content = content.replace(old, new, 1)
            packed.writestr(entry.filename, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (damaged("_rels/.rels", b"Target=", b"Tarnet="), "Wordの文書（.docx）ではありません"),
        (damaged("[Content_Types].xml", b"<Types", b"<w:Typed xmlns:w='w'/><Types"), "Wordの文書（.docx）"),
        (damaged("[Content_Types].xml", b"PartName=", b"PartNome="), "Wordの文書（.docx）ではありません"),
        (b"", "Wordの文書（.docx）ではありません"),
        (b"%PDF-1.7", "Wordの文書（.docx）ではありません"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "古い形式（.doc）"),
        (form(lambda _: None)[:2_000], "Wordの文書（.docx）ではありません"),
        (bomb(), "様式が大きすぎます"),
    ],
)
@pytest.mark.bad_input(row=64)
def test_what_is_no_word_file_is_refused_with_a_sentence(data: bytes, wanted: str) -> None:
    with pytest.raises(NoTemplate) as refused:
        Template(data)
    assert wanted in refused.value.told[0][0]


def test_a_form_cannot_read_files_of_this_machine() -> None:
    try:
        out = Template(entity()).filled(VALUES)
    except NoTemplate:
        return
    with zipfile.ZipFile(io.BytesIO(out)) as packed:
        assert b"root:" not in packed.read("word/document.xml")


# --- the forms of the program -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_our_own_forms_are_right_and_leave_no_field(name: str) -> None:
    template = Template(forms(None)[name].read_bytes())
    assert not template.problems
    document = Document(io.BytesIO(template.filled(VALUES)))
    assert "{{" not in document.element.xml
    assert FACTS.subject in document.element.xml


def test_the_document_lists_every_field_and_no_other() -> None:
    text = DOCUMENT.read_text("utf-8")
    fields = {*SINGLE, *(f"{name}.{column}" for name, columns in REPEATED.items() for column in columns)}
    listed = {part.split("}}")[0] for part in text.split("`{{")[1:]}
    assert listed == fields


def test_a_departments_form_takes_the_place_of_ours_and_a_wrong_one_costs_no_other(tmp_path: Path) -> None:
    (tmp_path / "打合せ記録.docx").write_bytes(form(lambda document: document.add_paragraph("課：{{件名}}")))
    (tmp_path / "誤り.docx").write_bytes(form(lambda document: document.add_paragraph("{{件}}")))
    (tmp_path / "~$誤り.docx").write_bytes(b"")
    names = ["打合せ記録", "誤り", "復命書"]
    out = made(drafted(FACTS), frozenset({Output.DOCX, Output.CHAT}), names, tmp_path, None)  # type: ignore[arg-type]
    assert sorted(out.files) == sorted(["打合せ記録.docx", "復命書.docx", "連絡文.txt"])
    assert Document(io.BytesIO(out.files["打合せ記録.docx"])).paragraphs[0].text == f"課：{FACTS.subject}"
    alone = made(drafted(FACTS), frozenset({Output.DOCX}), ["誤り"], tmp_path, None)  # type: ignore[arg-type]
    assert alone.missing and "重点施策" in Document(io.BytesIO(alone.files["打合せ記録.docx"])).element.xml
    assert out.missing and out.told[0] == ("様式「{form}」に書き込めません。", {"form": "誤り.docx"})
