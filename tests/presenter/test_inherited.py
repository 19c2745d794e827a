"""A follower's replica makes the same briefing again: papers, editions, page ids, their order, the texts."""

from __future__ import annotations

import random
from hashlib import sha256

from pageview.segments import SegmentStore
from presenter.inherited import Inherited
from protocol.authority import Authority
from protocol.codec import encode
from protocol.ink import Colour, NewMark, Pen, Stroke, Tool
from protocol.messages import CONTROL_LIMIT, Committed
from protocol.model import Briefing
from protocol.ops import (
    AddItem,
    Draw,
    Named,
    NewEdition,
    OfferPaper,
    Op,
    OpenCorrection,
    OrderPapers,
    WithdrawPaper,
)
from protocol.values import OWNER, Blob, EditionPage, OpId, PageRef, Rect, Role
from tests.protocol.values import EPOCH, Pair


def blob(name: str) -> Blob:
    return Blob(sha256(name.encode()).digest(), len(name))


def pages(of: Blob, first: int, count: int) -> tuple[EditionPage, ...]:
    return tuple(EditionPage(first + n, PageRef(of.sha256, n), 59_500, 84_200) for n in range(count))


def fold(*ops: Op) -> Briefing:
    briefing = Briefing()
    for op in ops:
        briefing = briefing.apply(op, OpId(OWNER, briefing.revision))
    return briefing


def stored(*names: str) -> SegmentStore:
    store = SegmentStore()
    for name in names:
        store.add(name.encode())
    return store


def offer(paper: int, name: str, first: int, count: int) -> OfferPaper:
    return OfferPaper(paper, name, blob(name), pages(blob(name), first, count))


def test_papers_with_editions_that_were_made_in_turn_come_back_as_they_were() -> None:
    edit = blob("edit")
    (new, another) = pages(edit, 6, 2)
    briefing = fold(
        offer(1, "one", 0, 3),
        offer(2, "two", 3, 3),
        NewEdition(1, 1, 1, 1, (new,), (edit,)),
        NewEdition(2, 1, 3, 0, (), ()),
        NewEdition(2, 2, 0, 1, (another,), (edit,)),
        NewEdition(1, 2, 0, 0, pages(edit, 8, 3)[2:], ()),
        offer(3, "three", 20, 1),
        OrderPapers((2, 3, 1)),
        WithdrawPaper(3),
        AddItem(5, 6, "宿題𠮷"),
        AddItem(6, 20, "取り下げた資料の備考"),
    )
    store = stored("one", "two", "edit")
    again = Inherited(briefing, store, 27).renewed()
    assert again.papers == briefing.papers
    assert again.items[5] == briefing.items[5]
    assert (again.items[6].page_id, again.items[6].text) == (None, "取り下げた資料の備考")
    store.wipe()


def test_a_paper_that_had_not_arrived_is_named_and_left_out() -> None:
    briefing = fold(offer(1, "one", 0, 3), offer(2, "two", 3, 3), AddItem(5, 4, "二の備考"))
    store = stored("one")
    inherited = Inherited(briefing, store, None)
    assert inherited.missing == ("two",)
    assert [paper.title for paper in inherited.renewed().papers] == ["one"]
    assert inherited.renewed().items[5].page_id is None
    store.wipe()


def test_any_history_of_editions_comes_back() -> None:
    for seed in range(100):
        rng = random.Random(seed)
        briefing, names = fold(offer(0, "p0", 0, rng.randint(1, 4))), ["p0"]
        for step in range(rng.randint(0, 12)):
            first, name = briefing.next_page_id, f"e{seed}-{step}"
            if rng.random() < 0.3:
                op: Op = offer(len(briefing.papers), name, first, rng.randint(1, 3))
            else:
                paper = rng.choice(briefing.papers)
                count = len(paper.edition.pages)
                at = rng.randint(0, count)
                removed = rng.randint(0, count - at)
                fresh = pages(blob(name), first, rng.randint(0 if removed < count else 1, 2))
                op = NewEdition(paper.paper, paper.edition.number, at, removed, fresh, (blob(name),))
            briefing = briefing.apply(op, OpId(OWNER, briefing.revision))
            names.append(name)
        store = stored(*names)
        again = Inherited(briefing, store, None).renewed()
        assert [p.editions for p in again.papers] == [p.editions for p in briefing.papers], seed
        store.wipe()


def test_ink_corrections_and_names_go_over_with_their_authors() -> None:
    pair = Pair(Role.ANNOTATOR, writing=True)
    pair.authority.edit(offer(1, "補正予算案", 0, 3))
    pair.authority.edit(Named(1, "鈴木"))
    pair.move()
    long = Stroke(Pen(Tool.PEN, Colour.RED, 150), 500, 500, bytes(4 * 7_000))
    for n in range(9):
        pair.replicas[1].edit(Draw(1, 1, 0, (NewMark(n, long),)))
    pair.replicas[1].edit(OpenCorrection(7, 1, 1, (Rect(0, 0, 9, 9),), "旧", "新", 5))
    pair.move()
    again = Authority(EPOCH)
    for op in Inherited(pair.authority.briefing, stored("補正予算案"), None).ops():
        assert len(encode(Committed(1, OpId(0, 0), op))) < CONTROL_LIMIT
        again.edit(op)
    (correction,) = again.briefing.corrections.values()
    assert (again.briefing.names, correction.author, correction.before) == ({2: "鈴木"}, 2, "旧")
    assert [drawn.id.author for drawn in again.briefing.ink.seen(1)] == [2] * 9
    assert again.admit(Role.ANNOTATOR) == 3, "nobody who comes is taken for one of them"
