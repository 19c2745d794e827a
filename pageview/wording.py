"""Words for people: each sentence stands in Japanese where it is used; `say` gives it in the language chosen.

English stands in one plain table per package (`ENGLISH` in `english.py`). This package's own is known from
the start; the kiosk and the presenter hand theirs in with `register`. A sentence without English is shown in
Japanese, and a test demands that there is none. Needs no Qt: `pageview.translator` tells the widgets.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any, Literal

from pageview.english import ENGLISH

Language = Literal["ja", "en"]
# One English text, or two where the number `n` decides: (for 1, for any other).
English = str | tuple[str, str]

_english: dict[str, English] = dict(ENGLISH)
_language: Language = "ja"
_listeners: list[Callable[[Language], None]] = []

_DAYS_JA = "月火水木金土日"
_DAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_ERAS = ((date(2019, 5, 1), "令和"), (date(1989, 1, 8), "平成"))
# What the model of phrases does not know: an era keeps its year, a counter its か, 第 its number, and short
# words in brackets stay together.
_HELD = re.compile(r"(?:令和|平成|昭和)\|[0-9元]|[0-9]か\||第\|")
_AT_SPACES = re.compile(r"[^ ]+ *| +")
_IN_BRACKETS = re.compile(r"（[^）]{0,12}$")
# Within a phrase no line may break (word joiner); between two phrases it may (zero-width space).
_JOIN, _BREAK = "\u2060", "\u200b"


def register(table: Mapping[str, English]) -> None:
    """Adds a package's English; ValueError when a sentence already has other English."""
    _add(_english, table)


def one_table(*tables: Mapping[str, English]) -> dict[str, English]:
    """All of them as one; ValueError when two have other English for a sentence."""
    joined: dict[str, English] = {}
    for table in tables:
        _add(joined, table)
    return joined


def _add(known: dict[str, English], table: Mapping[str, English]) -> None:
    for japanese, english in table.items():
        if known.setdefault(japanese, english) != english:
            raise ValueError(f"two English texts for 「{japanese}」: {known[japanese]!r} and {english!r}")


def say(japanese: str, /, **values: object) -> str:
    """The sentence in the current language, its `{names}` filled; `n` also chooses between 1 and many."""
    text: English = japanese
    if _language == "en":
        text = _english.get(japanese, japanese)
    if isinstance(text, tuple):
        text = text[0] if values.get("n") == 1 else text[1]
    return text.format(**values) if values else text


def both(japanese: str, /) -> str:
    """The sentence in both languages, for a terminal: who reads there has not chosen one."""
    return f"{japanese} / {_english[japanese]}"


def in_both(japanese: str, /) -> tuple[str, str]:
    """The sentence in the language chosen, and in the other one: for a wall that nobody has chosen for."""
    english = _english[japanese]
    assert isinstance(english, str)
    return (english, japanese) if _language == "en" else (japanese, english)


@dataclass(frozen=True, slots=True)
class Said:
    """Words that are a value in a sentence: said in the language of the moment at which that one is."""

    words: str
    values: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        return say(self.words, **dict(self.values))


def language() -> Language:
    """The language that `say` speaks now."""
    return _language


def set_language(wanted: Language) -> None:
    """Makes `say` speak this language from now on and tells those who asked by `on_language_change`."""
    global _language
    if wanted == _language:
        return
    _language = wanted
    for listener in tuple(_listeners):
        listener(wanted)


def on_language_change(listener: Callable[[Language], None]) -> None:
    """Calls `listener` with the new language after every change, for the life of the program."""
    _listeners.append(listener)


def era_date(day: date, *, year: bool = True, weekday: bool = True) -> str:
    """令和8年11月24日（火） or Tue 24 November 2026; without its year or its day of the week where asked."""
    if _language == "en":
        parts = [_DAYS_EN[day.weekday()]] if weekday else []
        parts += [str(day.day), _MONTHS_EN[day.month - 1]]
        return " ".join([*parts, str(day.year)] if year else parts)
    text = f"{day.month}月{day.day}日"
    if year:
        text = era_year(day) + text
    return f"{text}（{_DAYS_JA[day.weekday()]}）" if weekday else text


def era_month(day: date) -> str:
    """令和8年11月 or November 2026."""
    if _language == "en":
        return f"{_MONTHS_EN[day.month - 1]} {day.year}"
    return f"{era_year(day)}{day.month}月"


def era_year(day: date) -> str:
    """令和8年 (令和元年 for the first); the plain year before 平成."""
    for start, era in _ERAS:
        if day >= start:
            number = day.year - start.year + 1
            return f"{era}{'元' if number == 1 else number}年"
    return f"{day.year}年"


def phrases(text: str) -> list[str]:
    """Japanese text in the pieces that a line may be broken between; other text whole."""
    if not text or text.isascii():
        return [text] if text else []
    made: list[str] = []
    for piece in (part for phrase in _parser().parse(text) for part in _AT_SPACES.findall(phrase)):
        if made and piece[0] == "・":
            made[-1], piece = made[-1] + "・", piece[1:]
        if made and (_IN_BRACKETS.search(made[-1]) or _HELD.search(f"{made[-1][-3:]}|{piece[:1]}")):
            made[-1] += piece
        elif piece:
            made.append(piece)
    return made


def phrase_break(text: str) -> str:
    """The same text with invisible signs that let a label break its lines only between Japanese phrases.

    For display only: never put the result into a field, a file or a message. English comes back unchanged.
    """
    if text.isascii():
        return text
    return "\n".join(_BREAK.join(map(_joined, phrases(line))) for line in text.split("\n"))


def _joined(phrase: str) -> str:
    pieces = [phrase[:1]]
    for before, after in pairwise(phrase):
        pieces.append(after if " " in (before, after) else _JOIN + after)
    return "".join(pieces)


@cache
def _parser() -> Any:
    # Loaded at the first line that is really broken: the first paint of a screen does not wait for the model.
    import budoux

    return budoux.load_default_japanese_parser()


def plain(words: str) -> str:
    """Words of a person for a button or a line of a menu: Qt takes an & for the sign of a key."""
    return words.replace("&", "&&")


def tip(text: str) -> str:
    """A tool tip that says just this text: Qt takes one that looks like HTML for HTML, and would load its
    pictures from wherever they are said to be."""
    return f"<span>{html.escape(text)}</span>" if "<" in text else text
