"""Everybody undoes their own edits, and nobody else's."""

from __future__ import annotations

import pytest

from protocol import undo
from protocol.authority import Authority
from protocol.errors import Reason, Refusal
from protocol.ink import AS_DRAWN, Colour, MarkId, NewMark, Pen, Stroke, Tool
from protocol.ops import AddItem, Draw, NewEdition, OrderPapers, Reanchor, RemoveItem
from protocol.replica import Replica
from protocol.texts import Edit, rebase, splice
from protocol.values import OWNER, EditionPage, OpId, PageRef, Role
from tests.protocol.values import Pair, blob, offer, page

ITEM = 5


def room(*roles: Role) -> Pair:
    pair = Pair(*roles)
    pair.authority.edit(offer(1, 0, 3))
    pair.authority.edit(AddItem(ITEM, None, ""))
    pair.move()
    return pair


def text(side: Authority | Replica) -> str:
    return side.briefing.items[ITEM].text


def pages(side: Authority | Replica) -> list[tuple[int, PageRef]]:
    return [(each.page_id, each.ref) for each in side.briefing.pages()]


def corrected(base: int, page_id: int, name: str) -> NewEdition:
    return NewEdition(1, base, page_id, 1, (page(page_id, name),), (blob(name),))


def test_undo_takes_back_ones_own_typing_and_leaves_the_others() -> None:
    pair = room(Role.ANNOTATOR)
    replica = pair.replicas[1]
    replica.edit(splice(ITEM, 0, 0, "令和"))
    pair.move()
    pair.authority.edit(splice(ITEM, 1, 0, "𠮷"))
    pair.authority.edit(splice(ITEM, 3, 0, "年"))
    pair.move()
    assert text(replica) == "令𠮷和年"
    replica.undo()
    pair.move()
    assert text(pair.authority) == text(replica) == "𠮷年"
    replica.redo()
    pair.move()
    assert sorted(text(pair.authority)) == sorted("令和𠮷年")
    pair.authority.undo()
    assert "年" not in text(pair.authority)
    assert "令" in text(pair.authority)


def test_what_is_still_pending_can_be_undone() -> None:
    pair = room(Role.ANNOTATOR)
    replica = pair.replicas[1]
    for n, typed in enumerate("あいう"):
        replica.edit(splice(ITEM, n, 0, typed))
    replica.undo()
    assert text(replica) == "あい"
    pair.move()
    assert text(pair.authority) == "あい"
    while replica.undo():
        pair.move()
    assert text(pair.authority) == ""


def test_a_letter_costs_no_more_in_a_long_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """What others and oneself typed meanwhile is looked at when something is undone, not at each letter."""
    pair = room(Role.ANNOTATOR)
    replica, looked = pair.replicas[1], list[Edit]()

    def looking(edit: Edit, over: Edit, *, first: bool) -> Edit:
        looked.append(over)
        return rebase(edit, over, first=first)

    monkeypatch.setattr(undo, "rebase", looking)
    for n in range(20):
        pair.authority.edit(splice(ITEM, 2 * n, 0, "あ"))
        pair.move()
        replica.edit(splice(ITEM, 2 * n + 1, 0, "い"))
        pair.move()
    assert not looked
    pair.authority.undo()
    assert len(looked) == 1, "the one letter behind it"
    for _ in range(19):
        pair.authority.undo()
    pair.move()
    assert text(replica) == 20 * "い"
    while pair.authority.redo():
        pair.move()
    while replica.undo():
        pair.move()
    assert text(pair.authority) == text(replica) == 20 * "あ"


def test_redo_ends_with_the_next_edit() -> None:
    pair = room()
    pair.authority.edit(splice(ITEM, 0, 0, "あ"))
    pair.authority.undo()
    pair.authority.redo()
    assert text(pair.authority) == "あ"
    pair.authority.undo()
    pair.authority.edit(splice(ITEM, 0, 0, "い"))
    assert pair.authority.redo() == ()
    assert text(pair.authority) == "い"


def test_an_edition_is_undone_by_a_new_one_with_the_former_page() -> None:
    pair = room(Role.DISPLAY)
    first = pages(pair.authority)
    pair.authority.edit(corrected(1, 1, "24億円"))
    second = pages(pair.authority)
    pair.authority.edit(corrected(2, 1, "25億円"))
    pair.authority.undo()
    assert pages(pair.authority) == second
    pair.authority.undo()
    assert pages(pair.authority) == first
    pair.authority.redo()
    pair.move()
    assert pages(pair.replicas[1]) == second
    assert pair.replicas[1].briefing.papers[0].edition.number == 6


def test_marks_that_follow_an_undone_edition_do_not_end_redo() -> None:
    pair = room(Role.DISPLAY)
    page_id = pages(pair.authority)[0][0]
    mark = NewMark(1, Stroke(Pen(Tool.PEN, Colour.RED, 200), 100, 100))
    pair.authority.edit(Draw(page_id, 1, 5, (mark,)))
    pair.authority.edit(corrected(1, 1, "24億円"))
    second = pages(pair.authority)
    pair.authority.undo()
    pair.authority.edit(Reanchor(page_id, page_id, (MarkId(OWNER, 1),), AS_DRAWN.moved(10, 0)))
    pair.authority.redo()
    assert pages(pair.authority) == second


def test_a_page_that_was_taken_out_comes_back_under_its_id() -> None:
    pair = room()
    before = pages(pair.authority)
    pair.authority.edit(NewEdition(1, 1, 1, 1, (), ()))
    pair.authority.edit(offer(2, 3, 1))
    pair.authority.undo()
    assert pages(pair.authority)[:3] == before


def test_an_inserted_page_goes_again() -> None:
    pair = room()
    new = EditionPage(3, PageRef(blob("new").sha256, 0), 9, 9)
    pair.authority.edit(NewEdition(1, 1, 0, 0, (new,), (blob("new"),)))
    pair.authority.undo()
    assert [page_id for page_id, _ in pages(pair.authority)] == [0, 1, 2]


def test_texts_and_orders_come_and_go() -> None:
    pair = room()
    pair.authority.edit(splice(ITEM, 0, 0, "宿題"))
    pair.authority.edit(RemoveItem(ITEM))
    assert ITEM not in pair.authority.briefing.items
    pair.authority.undo()
    assert text(pair.authority) == "宿題"
    pair.authority.edit(offer(2, 3, 1))
    pair.authority.edit(OrderPapers((2, 1)))
    pair.authority.undo()
    assert [paper.paper for paper in pair.authority.briefing.papers] == [1, 2]


def test_what_others_made_impossible_is_refused_once_and_passed_over() -> None:
    pair = room(Role.ANNOTATOR)
    replica = pair.replicas[1]
    replica.edit(AddItem(6, None, ""))
    replica.edit(splice(6, 0, 0, "あ"))
    pair.move()
    pair.authority.edit(RemoveItem(6))
    pair.move()
    for _ in range(2):
        with pytest.raises(Refusal) as refused:
            replica.undo()
        assert refused.value.reason is Reason.UNKNOWN_ITEM
    assert replica.undo() == ()


def test_a_refused_edit_leaves_nothing_to_undo() -> None:
    pair = room(Role.ANNOTATOR)
    replica = pair.replicas[1]
    replica.edit(splice(ITEM, 0, 0, "あ"))
    replica.edit(AddItem(6, None, ""))
    pair.authority.edit(AddItem(6, None, "先"))
    pair.move()
    assert pair.authority.log[-1].id == OpId(1, 0)
    replica.undo()
    pair.move()
    assert text(pair.authority) == ""
    assert pair.authority.briefing.items[6].text == "先"
