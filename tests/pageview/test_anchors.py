"""Ink finds its words again in a new edition: rewritten by chance, with the truth known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from benchmarks.rewritten import SIZE, Author, Laid, laid_out
from pageview.anchors import Placement, Reanchoring, anchors_of, reanchor
from pageview.page_text import PageText
from protocol.values import Rect

SEEDS = range(20)


def strokes(author: Author, old: Laid, count: int) -> list[tuple[int, Rect, list[int]]]:
    """Circles around words: page, box, and the numbers of the signs inside."""
    on_line: dict[tuple[int, int], list[int]] = {}
    for number, (page, line, _) in old.places.items():
        on_line.setdefault((page, line), []).append(number)
    lines = sorted(on_line)
    found = []
    for _ in range(count):
        page, line = author.chance.choice(lines)
        signs = sorted(on_line[page, line], key=lambda number: old.places[number][2])
        start = author.chance.randrange(len(signs))
        inside = signs[start : start + author.chance.randint(2, 12)]
        boxes = [old.box(number)[1] for number in inside]
        margin = author.chance.randint(0, 400)
        rect = Rect(boxes[0].x0 - margin, boxes[0].y0 - margin, boxes[-1].x1 + margin, boxes[0].y1 + margin)
        found.append((page, rect, inside))
    return found


def judged(place: Placement | None, box: Rect, inside: list[int], new: Laid, order: list[int]) -> str:
    """right, wrong, or tray for what should have found its place."""
    living = [number for number in inside if number in new.places]
    if place is None:
        return "right" if len(living) * 2 < len(inside) else "tray"
    moved = place.moved(box)
    middle = ((moved.x0 + moved.x1) // 2, (moved.y0 + moved.y1) // 2)
    # Where all was reworded, right is between what stood before and what stood after it.
    where = living or _around(inside, order, new)
    for page, row in {new.places[number][:2] for number in where}:
        part = [new.box(number)[1] for number in where if new.places[number][:2] == (page, row)]
        hull = Rect(min(b.x0 for b in part), part[0].y0, max(b.x1 for b in part), part[0].y1)
        near = hull.x0 - 2 * SIZE <= middle[0] <= hull.x1 + 2 * SIZE
        if page == place.page and near and hull.y0 - 200 <= middle[1] <= hull.y1 + 200:
            return "right"
    return "wrong"


def _around(inside: list[int], order: list[int], new: Laid) -> list[int]:
    at = order.index(inside[0])
    before = next((n for n in reversed(order[max(0, at - 8) : at]) if n in new.places), None)
    after = next((n for n in order[at : at + len(inside) + 8] if n in new.places), None)
    return [number for number in (before, after) if number is not None]


def outcome(seed: int, pages: int = 12, count: int = 150) -> Counter[str]:
    author = Author(seed)
    paper = author.paper(pages * 9)
    old = laid_out(paper, 40)
    new = laid_out(
        author.rewritten(paper), author.chance.choice((30, 34, 40, 46)), author.chance.choice((SIZE, 1_200))
    )
    order = [number for paragraph in paper for number, _ in paragraph]
    reanchoring = Reanchoring(new.pages)
    result: Counter[str] = Counter()
    for page, box, inside in strokes(author, old, count):
        anchor = anchors_of(old.pages[page], [box])[0]
        assert anchor is not None
        result[judged(reanchoring.place(anchor, page), box, inside, new, order)] += 1
    return result


def test_ink_finds_its_words_in_papers_rewritten_by_chance(figure: Callable[..., None]) -> None:
    results = [outcome(seed) for seed in SEEDS]
    right = min(result["right"] / result.total() for result in results)
    wrong = sum(result["wrong"] for result in results) / sum(result.total() for result in results)
    figure("reanchored, worst of 20", reach=0.95, got=round(right, 3), ok=right >= 0.95)
    figure("placed wrongly", reach=0.01, got=round(wrong, 4), ok=wrong <= 0.01)


def page_of(*lines: str, size: int = SIZE) -> PageText:
    paragraphs = [[(n * 1_000 + at, sign) for at, sign in enumerate(line)] for n, line in enumerate(lines)]
    return laid_out(paragraphs, 60, size).pages[0]


OLD = (
    "重点施策の見直しについて、次のとおり定める。",
    "本庁の会議で配る紙の資料を減らし、画面に映す。",
    "この要領は四月一日から施行する。",
)


def test_an_anchor_has_its_words_and_what_stands_around_them() -> None:
    page = page_of(*OLD)
    boxes = page.lines[1]
    circle = Rect(boxes.box(8).x0 - 50, boxes.hull().y0 - 100, boxes.box(11).x1 + 50, boxes.hull().y1 + 100)
    anchor = anchors_of(page, [circle])[0]
    assert anchor is not None
    assert (anchor.before[-4:], anchor.words, anchor.after[:4]) == ("議で配る", "紙の資料", "を減らし")
    assert anchor.box == page.lines[1].hull(8, 12)
    assert max(map(len, (anchor.before, anchor.words, anchor.after))) <= 64
    beside = anchors_of(page, [Rect(50_000, boxes.hull().y0, 52_000, boxes.hull().y1)])[0]
    assert beside is not None and beside.words.endswith("画面に映す。"[-4:]), (
        "a mark in the margin has its line"
    )
    assert anchors_of(PageText(), [circle])[0] is None


def test_moved_words_take_their_ink_along_and_larger_ones_make_it_larger() -> None:
    old = page_of(*OLD)
    box = old.lines[1].hull(8, 12)
    new = page_of("新しい段落がはじめに入り、あとのものはさがった。", *OLD)
    (matrix,) = reanchor(old, new, [box])
    assert matrix is not None
    assert Placement(0, matrix).moved(box) == new.lines[2].hull(8, 12)
    (larger,) = reanchor(old, page_of(*OLD, size=2 * SIZE), [box])
    assert larger is not None and larger[0] == pytest.approx(2)


def test_words_that_are_gone_or_could_be_two_go_to_the_tray() -> None:
    old = page_of(*OLD)
    box = old.lines[1].hull(8, 12)
    assert reanchor(old, page_of(OLD[0], OLD[2]), [box]) == [None]
    assert reanchor(old, PageText(), [box]) == [None]
    twice = Reanchoring([page_of(OLD[1]), page_of(OLD[1])])
    anchor = anchors_of(page_of(OLD[1]), [page_of(OLD[1]).lines[0].hull(8, 12)])[0]
    assert anchor is not None
    assert twice.place(anchor) is None
    hinted = twice.place(anchor, 1)
    assert hinted is not None and hinted.page == 1, "alike in all: the page where it was"


def test_no_ink_is_lost_whatever_the_page() -> None:
    blank = [PageText(), page_of("　　"), page_of("あ")]
    boxes = [Rect(0, 0, 10, 10), Rect(-500, -500, 90_000, 90_000)]
    for old in blank:
        for new in blank:
            assert len(reanchor(old, new, boxes)) == len(anchors_of(old, boxes)) == 2
