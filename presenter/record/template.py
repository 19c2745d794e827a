"""A department's own form: a Word file with named fields, found and filled even where Word has split them.

``{{件名}}`` is filled where it stands. ``{{今後の対応.担当}}``, a field of something that there are several
of, repeats its row for each of them, or its paragraph where it stands in no table's row. Full-width braces
are braces too.
"""

from __future__ import annotations

import copy
import difflib
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from docx import Document

from presenter.console_state import Words
from presenter.record.fields import REPEATED, SINGLE, TELLING, Row, Values
from presenter.record.form_text import TR, FormText, paragraphs, texts_of
from presenter.record.plain import NONE

SIZE_LIMIT = 20 * 2**20
UNPACKED_LIMIT = 200 * 2**20
BRACES = re.compile(r"\{\{|｛｛|\}\}|｝｝")
BULLETS = " 　・●○◆■-*"
OLD_WORD = b"\xd0\xcf\x11\xe0"
PARTS = re.compile(r"/word/(document|header\d*|footer\d*)\.xml")
PART_WORDS = {"document": "本文", "header": "ヘッダー", "footer": "フッター"}


class NoTemplate(ValueError):
    """It is no form that can be filled; ``told`` says why, and what to do."""

    def __init__(self, *told: Words) -> None:
        super().__init__(told[0][0])
        self.told = told


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a field, told with its place. Not ``fatal``: it is filled in nevertheless."""

    told: Words
    fatal: bool = True


@dataclass(frozen=True, slots=True)
class Field:
    """A field in the text of a paragraph, from ``start`` to ``end``; ``column`` "" for a single one."""

    name: str
    column: str
    start: int
    end: int


class Template:
    """A form that was read. ``problems``: everything about its fields that its author should know."""

    def __init__(self, data: bytes) -> None:
        self._document = _opened(data)
        self.problems: tuple[Problem, ...] = tuple(self._check())

    def filled(self, values: Values) -> bytes:
        """The form with these values, as a Word file; NoTemplate when a problem is fatal. Only once."""
        fatal = [problem.told for problem in self.problems if problem.fatal]
        if fatal:
            raise NoTemplate(*fatal)
        for _, root in self._parts():
            _fill_all(root, values)
        out = io.BytesIO()
        self._document.save(out)
        return out.getvalue()

    def _parts(self) -> Iterator[tuple[str, Any]]:
        for part in self._document.part.package.iter_parts():
            match = PARTS.fullmatch(str(part.partname))
            if match is not None and hasattr(part, "element"):
                yield PART_WORDS[match[1].rstrip("0123456789")], part.element

    def _check(self) -> Iterator[Problem]:
        for part in self._document.part.package.iter_parts():
            if "notes" in str(part.partname) and b"{{" in part.blob:
                yield Problem(("脚注に欄があります。脚注の欄には書き込めません。", {}))
        empty = True
        for where, root in self._parts():
            yield from _check_part(where, root)
            empty = empty and not any(BRACES.search(text.text) for text in texts_of(root))
        if empty:
            words = "欄が1つもありません。内容を入れたい所に、{{件名}}のように書いてください。"
            yield Problem((words, {}), fatal=False)


def _check_part(where: str, root: Any) -> Iterator[Problem]:
    seen: set[str] = set()
    lists: dict[Any, str] = {}
    for place, text in paragraphs(where, root):
        fields, wrong = _fields(text.text)
        yield from (Problem((words, {"place": place, **values})) for words, values in wrong)
        for field in fields:
            unknown = tuple(_known(field, place))
            yield from unknown
            if not field.column:
                if not unknown and field.name in seen and where == PART_WORDS["document"]:
                    words = "{place}：「{field}」の欄は、前にもあります。どちらにも同じ内容が入ります。"
                    yield Problem((words, {"place": place, "field": field.name}), fatal=False)
                seen.add(field.name)
                continue
            block = _block(text)
            around = [block, *block.iterancestors(TR)] if text.row is not None else [block]
            other = next((lists[each] for each in around if each in lists), field.name)
            if other != field.name or any(each in lists for each in around[1:]):
                words = "{place}：1つの行に「{one}」と「{other}」の欄があります。行を分けてください。"
                yield Problem((words, {"place": place, "one": other, "other": field.name}))
            lists.setdefault(block, field.name)


def _opened(data: bytes) -> Any:
    if data[:4] == OLD_WORD:
        raise NoTemplate(
            (
                "パスワードが付いているか、古い形式（.doc）の文書です。Wordで「.docx」に保存し直してください。",
                {},
            )
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
        if len(data) > SIZE_LIMIT or unpacked > UNPACKED_LIMIT:
            raise NoTemplate(("様式が大きすぎます。画像を減らしてください。", {}))
        return Document(io.BytesIO(data))
    except NoTemplate:
        raise
    except Exception as refused:
        raise NoTemplate(
            ("Wordの文書（.docx）ではありません。Wordで「.docx」に保存し直してください。", {})
        ) from refused


def _fields(text: str) -> tuple[list[Field], list[Words]]:
    """The fields of a paragraph, and what is wrong between its braces."""
    found: list[Field] = []
    wrong: list[Words] = []
    start: int | None = None
    nested = 0
    for brace in BRACES.finditer(text):
        opens = brace[0] in ("{{", "｛｛")
        if opens and start is not None:
            wrong.append(
                ("{place}：「{text}」は、欄の中に欄があります。", {"text": text[start : brace.end()]})
            )
            start, nested = brace.start(), nested + 1
        elif opens:
            start = brace.start()
        elif start is None and nested:
            nested -= 1  # the other end of what was told
        elif start is None:
            words = "{place}：「{text}」の前に、欄の始まり「{{{{」がありません。"
            wrong.append((words, {"text": text[max(0, brace.start() - 10) : brace.end()]}))
        else:
            inside = unicodedata.normalize("NFKC", text[start + 2 : brace.start()])
            name, _, column = "".join(inside.split()).partition(".")
            found.append(Field(name, column, start, brace.end()))
            start = None
    if start is not None:
        words = "{place}：「{text}」に、欄の終わり「}}}}」がありません。"
        wrong.append((words, {"text": text[start : start + 20]}))
    return found, wrong


def _known(field: Field, place: str) -> Iterator[Problem]:
    """What is wrong with a field's name."""
    whole = f"{field.name}.{field.column}" if field.column else field.name
    if (field.column in REPEATED.get(field.name, ())) if field.column else field.name in SINGLE:
        return
    if not whole:
        yield Problem(("{place}：二重の波かっこの中に、欄の名前がありません。", {"place": place}))
        return
    columns = REPEATED.get(field.name, ())
    if field.column and columns and not difflib.get_close_matches(field.column, columns, 1, 0.5):
        words = "{place}：「{field}」という欄はありません。「{name}」にあるのは、{columns}です。"
        told: dict[str, object] = {"place": place, "field": whole, "name": field.name}
        told["columns"] = "、".join(columns)
        yield Problem((words, told))
        return
    names = [*SINGLE, *(f"{name}.{column}" for name, columns in REPEATED.items() for column in columns)]
    near = difflib.get_close_matches(whole, names, 1, 0.5)
    values: dict[str, object] = {"place": place, "field": whole}
    if near:
        words = "{place}：「{field}」という欄はありません。「{near}」の誤りではありませんか。"
        yield Problem((words, {**values, "near": near[0]}))
    else:
        yield Problem(("{place}：「{field}」という欄はありません。", values))


# --- filling ----------------------------------------------------------------------------------------------


def _fill_all(root: Any, values: Values) -> None:
    """What is put in is never looked at again: a value may look like a field."""
    texts = list(texts_of(root))
    repeated = {_block(text) for text in texts if _list_of(text) is not None}
    for block in repeated:
        inside = [text for text in texts if _block(text) is block]
        fields = [field for text in inside for field in _fields(text.text)[0] if field.column]
        for row in values.repeated[fields[0].name] or (_nothing([field.column for field in fields]),):
            made = copy.deepcopy(block)
            block.addprevious(made)
            for text in list(texts_of(made)):
                _fill(text, values, row)
        block.getparent().remove(block)
    for text in texts:
        if _block(text) not in repeated:
            _fill(text, values, {})


def _block(text: FormText) -> Any:
    """What is repeated where a paragraph has a field of which there are several."""
    return text.row if text.row is not None else text.element


def _list_of(text: FormText) -> str | None:
    return next((field.name for field in _fields(text.text)[0] if field.column), None)


def _nothing(columns: list[str]) -> Row:
    """A row that says なし once and is empty otherwise."""
    telling = next((column for column in TELLING if column in columns), columns[0])
    return {column: NONE if column == telling else "" for column in columns}


def _fill(text: FormText, values: Values, row: Mapping[str, str]) -> None:
    fields = _fields(text.text)[0]
    around = text.text[: fields[0].start] + text.text[fields[0].end :] if len(fields) == 1 else "fields"
    alone = not around.strip(BULLETS)
    for field in reversed(fields):
        value = row[field.column] if field.column else values.single[field.name]
        lines = [_legible(each) for each in value.split("\n")]
        if alone and lines == [NONE]:
            text.put(0, field.end, lines)
        elif alone and len(lines) > 1:
            text.spread(field.start, field.end, lines)
        else:
            text.put(field.start, field.end, lines)


def _legible(words: str) -> str:
    """Without what XML cannot hold."""
    return "".join(sign for sign in words if unicodedata.category(sign)[0] != "C")
