"""Searching the words of a briefing: line ends, widths and capitals hide no word; marks stand right."""

from __future__ import annotations

import pytest

from presenter.lookup.folding import folded, found_in


def find(text: str, words: str) -> tuple[int, list[str]] | None:
    found = found_in(text, [folded(word)[0] for word in words.split()])
    if found is None:
        return None
    places, snippet, marks = found
    return places, [snippet[start:end] for start, end in marks]


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("考え方と財 源について", "財源", ["財 源"]),
        ("全体の８７．３％を占める", "87.3%", ["８７．３％"]),
        ("𠮷野川の𠮷田橋", "𠮷", ["𠮷", "𠮷"]),
        ("ﾃﾞｼﾞﾀﾙ化の推進", "デジタル", ["ﾃﾞｼﾞﾀﾙ"]),
        ("PDF and pdf", "Pdf", ["PDF", "pdf"]),
        ("㍻31年", "平成", ["㍻"]),
        ("財源は国、国は財源", "国 財源", ["財源", "国", "国", "財源"]),
    ],
)
def test_a_word_is_found_however_it_is_written(text: str, words: str, marked: list[str]) -> None:
    assert find(text, words) == (len(marked), marked)


def test_every_word_must_be_there() -> None:
    assert find("財源について", "財源 内示") is None
    assert find("", "財源") is None


def test_the_snippet_begins_shortly_before_the_first_place_and_keeps_its_marks() -> None:
    found = found_in("あ" * 200 + "財源" + "い" * 200, ["財源"])
    assert found is not None
    places, snippet, ((start, end),) = found
    assert (places, snippet[start:end]) == (1, "財源")
    assert snippet.startswith("…あ") and snippet.endswith("い…") and len(snippet) < 100
