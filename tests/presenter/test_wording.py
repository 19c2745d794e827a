"""A wording that several type at once, each a thread or a network away from the log: all see the same."""

from __future__ import annotations

from collections import deque
from random import Random

import pytest

from presenter.wording import Wording
from protocol.authority import Authority
from protocol.ops import AddItem, SpliceText
from protocol.texts import splice
from protocol.values import OWNER, OpId
from tests.protocol.values import EPOCH

ITEM = 7


class Desk:
    """The desk's field, its authority a while away, and somebody else whose edits come in between."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.authority = Authority(EPOCH)
        self.authority.edit(AddItem(ITEM, None, "令和8年度"))
        self.revision = self.authority.briefing.revision
        self.wording = Wording(ITEM, "令和8年度")
        self.up: deque[tuple[SpliceText, int]] = deque()
        self.down: deque[tuple[SpliceText, bool, int]] = deque()

    def log(self) -> str:
        return self.authority.briefing.items[ITEM].text

    def send(self) -> None:
        op = self.wording.to_send()
        if op is not None:
            self.up.append((op, self.revision))

    def deliver(self) -> None:
        """The authority takes the desk's next edit, or the desk hears of the next one."""
        if self.up and self.random.random() < 0.5:
            op, revision = self.up.popleft()
            self.authority.edit(op, revision)
            self._told(own=True)
        elif self.down:
            told, own, self.revision = self.down.popleft()
            self.wording.came(told.parts, own)
            self.send()

    def _told(self, *, own: bool) -> None:
        committed = self.authority.log[-1]
        assert isinstance(committed.op, SpliceText)
        self.down.append((committed.op, own, committed.revision))

    def type(self) -> None:
        text = self.wording.text
        at = self.random.randint(0, len(text))
        self.wording.type(
            text[:at] + self.random.choice("補正予算案𠮷") + text[at + self.random.randint(0, 1) :]
        )
        self.send()

    def other(self) -> None:
        """Somebody else's edit, committed at once."""
        text = self.log()
        at = self.random.randint(0, len(text))
        self.authority._commit(splice(ITEM, at, 0, self.random.choice("県庁財政課")), _other(self.authority))
        self._told(own=False)


def _other(authority: Authority) -> OpId:
    return OpId(5, authority._log.next_n(5))


@pytest.mark.parametrize("seed", range(60))
def test_the_field_and_the_log_end_the_same_whoever_types_when(seed: int) -> None:
    desk = Desk(seed)
    for _ in range(150):
        desk.random.choice([desk.type, desk.other, desk.deliver, desk.deliver])()
    while desk.up or desk.down:
        desk.deliver()
    assert desk.wording.text == desk.log()


def test_what_is_given_up_is_undone_behind_what_is_still_under_way() -> None:
    desk = Desk(1)
    desk.wording.type("令和9年度")
    desk.send()
    desk.wording.type("令和9年度末")
    op = desk.wording.last_to_send("令和8年度")
    assert op is not None
    desk.authority.edit(desk.up.popleft()[0])
    desk.authority.edit(op)
    assert (desk.log(), desk.wording.last_to_send("令和9年度")) == ("令和8年度", None)
    assert desk.authority.log[-1].id.author == OWNER
