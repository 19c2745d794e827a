"""Papers that are rewritten by chance, with the truth known: where every sign of the old one has gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from pageview.page_text import PageText, Style, TextLine
from protocol.values import Rect

TEXT = """
令和 年度 予算 編成 方針 重点 施策 県 市町村 住民 防災 対策 本部 医療 福祉 介護 教育 学校 道路 橋梁 耐震 改修
計画 推進 検討 会議 資料 見直し 人口 減少 物価 高騰 支援 補助 交付金 財源 歳入 歳出 執行 見込み 実績 目標
について により における に関する を定める を進める とする こととし ものとし である。 とした。 する。 した。
一方、 さらに、 このため、 また、 12 1,250 87.0％ 第3 令和9年度 約 億円 万円 件 人 割 増 減 デジタル システム
エネルギー 再生可能 脱炭素 観光 農業 林業 水産 産業 企業 雇用 若者 子育て 高齢者 障害者 地域 連携 協働 広報
サービス 窓口 事業 指標 評価
"""
WORDS = TEXT.split()
SIZE, LEADING, MARGIN = 1_050, 1_800, 6_000
LINES = 36

Sign = tuple[int, str]
"""A number of its own, and what it is."""
Paragraph = list[Sign]


@dataclass
class Laid:
    """A paper on pages, and where each sign stands: (page, line, place in it)."""

    pages: list[PageText] = field(default_factory=list)
    places: dict[int, tuple[int, int, int]] = field(default_factory=dict)

    def box(self, number: int) -> tuple[int, Rect]:
        page, line, at = self.places[number]
        return page, self.pages[page].lines[line].box(at)


class Author:
    """Writes paragraphs, and rewrites them."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self._count = 0

    def paragraph(self, words: int) -> Paragraph:
        return [sign for _ in range(words) for sign in self._signs(self.chance.choice(WORDS))]

    def paper(self, paragraphs: int) -> list[Paragraph]:
        return [self.paragraph(self.chance.randint(4, 70)) for _ in range(paragraphs)]

    def rewritten(self, paper: list[Paragraph]) -> list[Paragraph]:
        """Some paragraphs deleted, moved, inserted, and a third of the rest reworded (30 % at most)."""
        chance = self.chance
        kept = [self._reworded(p) if chance.random() < 0.35 else p for p in paper if chance.random() > 0.06]
        for _ in range(len(kept) // 12):
            moved = kept.pop(chance.randrange(len(kept)))
            kept.insert(chance.randrange(len(kept) + 1), moved)
        for _ in range(len(paper) // 10):
            kept.insert(chance.randrange(len(kept) + 1), self.paragraph(chance.randint(4, 70)))
        return kept

    def _reworded(self, paragraph: Paragraph) -> Paragraph:
        """Up to three tenths of its signs are others, in pieces as people change them."""
        left = int(self.chance.uniform(0.05, 0.30) * len(paragraph))
        result = list(paragraph)
        while left > 0:
            size = min(left, self.chance.randint(1, 8))
            at = self.chance.randrange(max(1, len(result) - size))
            new = [s for _ in range(1 + size // 3) for s in self._signs(self.chance.choice(WORDS))]
            result[at : at + size] = new[: size + self.chance.randint(-1, 2)]
            left -= size
        return result

    def _signs(self, word: str) -> Iterator[Sign]:
        for sign in word:
            self._count += 1
            yield self._count, sign


def laid_out(paper: list[Paragraph], columns: int, size: int = SIZE) -> Laid:
    """The paper on pages of ``LINES`` lines, each ``columns`` signs wide."""
    laid = Laid()
    style = Style("Mincho", size, 0, False, True)
    rows: list[tuple[int, Paragraph]] = [
        (block, paragraph[at : at + columns])
        for block, paragraph in enumerate(paper)
        for at in range(0, len(paragraph), columns)
    ]
    for first in range(0, len(rows), LINES):
        lines = []
        for row, (block, signs) in enumerate(rows[first : first + LINES]):
            top = MARGIN + row * LEADING
            edges = [
                edge
                for at in range(len(signs))
                for edge in (MARGIN + at * size, top, MARGIN + (at + 1) * size, top + size)
            ]
            for at, (number, _) in enumerate(signs):
                laid.places[number] = len(laid.pages), row, at
            text = "".join(sign for _, sign in signs)
            lines.append(TextLine(block % 5_000, text, tuple(edges), (MARGIN, top + size), (0, 0)))
        laid.pages.append(PageText(tuple(lines), (style,)))
    return laid
