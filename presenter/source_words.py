"""What the presenter is told of a source that was saved anew: the words, and their values. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pageview.wording import say
from presenter.console_state import Words
from presenter.source_turn import Turn
from protocol.model import Briefing

MISSING = "「{title}」の元のファイルが見つかりません。最後に読んだ版を映しています。"
UNREADABLE = "「{title}」の新しい内容を読めないため、前の版を映しています。{why}"
UNFINISHED = "「{title}」は、まだ保存の途中です。終わるまで、前の版を映しています。"
LOCKED_AWAY = "「{title}」を、ほかのソフトが使っています。閉じるまで、前の版を映しています。"


@dataclass(frozen=True)
class HowMuch:
    """How many pages are otherwise, new and gone; said in the language of the moment."""

    changed: int
    fresh: int
    gone: int

    def __str__(self) -> str:
        parts = (
            ("{n}ページが変わりました。", self.changed),
            ("{n}ページ増えました。", self.fresh),
            ("{n}ページ減りました。", self.gone),
        )
        told = [say(words, n=n) for words, n in parts if n]
        return "".join(told) if told else say("ページの順番が変わりました。")


@dataclass(frozen=True)
class Numbers:
    """Corrections by their numbers, as people say them."""

    numbers: tuple[int, ...]

    def __str__(self) -> str:
        return say("・").join(str(number) for number in self.numbers)


def told(turn: Turn, briefing: Briefing) -> tuple[Words, ...]:
    """What an edition did, the most important last: that is read first."""
    paper = briefing.paper(turn.paper)
    words: list[Words] = []
    found = turn.evidence
    for items, sentence in (
        (found.proposed, "修正{numbers}の文言が、新しい資料にあります。見て、修正済みにしてください。"),
        (found.settles, "修正{numbers}は、新しい資料で直っていました。修正済みにしました。"),
        (found.reopens, "修正{numbers}の文言が新しい資料にないため、未修正に戻しました。"),
    ):
        if items:
            words.append((sentence, {"numbers": Numbers(_numbers(briefing, items))}))
    lost = sum(
        op.page_id is None and op.item in briefing.corrections and briefing.corrections[op.item].is_open
        for op in found.places
    )
    if lost:
        words.append(("修正{n}件は、新しい資料のどこの言葉か分かりません。一覧で見てください。", {"n": lost}))
    if turn.in_tray:
        words.append(
            (
                "書き込み{n}個の置き場所が分かりません。「修正」の欄から、ページに置けます。",
                {"n": turn.in_tray},
            )
        )
    if paper is not None:
        much = HowMuch(len(turn.changed), len(turn.fresh), turn.gone)
        edition = paper.edition.number
        words.append(
            (
                "「{title}」が新しくなりました（第{edition}版）。{much}",
                {"title": paper.title, "edition": edition, "much": much},
            )
        )
    return tuple(words)


def _numbers(briefing: Briefing, items: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(briefing.corrections[item].number for item in items if item in briefing.corrections))
