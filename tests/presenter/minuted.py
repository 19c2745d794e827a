"""Minutes as they stand in the middle of a briefing, in a pane that a person types in; no network between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from presenter.minutes.minuting import Minuting
from presenter.minutes.panel import MinutesPanel
from protocol.authority import Authority
from protocol.changes import Change, PresenceSeen, Reloaded
from protocol.errors import Refusal
from protocol.messages import Join, Submit
from protocol.minutes import Answered, Carried, MinutesKind
from protocol.ops import (
    Allow,
    AssignMinutes,
    Named,
    Op,
    OpenMinutes,
    SetMinutes,
    SetReply,
    SpliceText,
)
from protocol.presence import Presence, Typing
from protocol.values import OpId, Role
from tests.protocol.values import EPOCH, offer

KIND = MinutesKind
SUZUKI = 3
DAY = datetime(2026, 11, 24)


def at(time: str) -> int:
    hour, minute = (int(part) for part in time.split(":"))
    return round(DAY.replace(hour=hour, minute=minute).timestamp())


class Table:
    """A briefing with its owner's pane; others do what ``guest`` says. Nothing is told before ``deliver``."""

    def __init__(self, panel: MinutesPanel, *, at_once: bool = True) -> None:
        self.authority = Authority(EPOCH)
        self.said: list[Presence] = []
        self._changes: list[Change] = []
        self._at_once = at_once
        self._n = 0
        self.minuting = Minuting(
            panel, self, lambda: 8, lambda page_id: page_id, clock=lambda: at("14:26"), parent=panel
        )
        self.authority.edit(offer(1, 0, 24))
        assert self.authority.admit(Role.PARTICIPANT, SUZUKI) == SUZUKI
        self.authority.receive(SUZUKI, Join(None, 0, False), 0.0)
        for peer, name in ((0, "財政課 佐藤"), (SUZUKI, "財政課 鈴木")):
            self.authority.edit(Named(peer, name))
        self.authority.edit(Allow(SUZUKI, "財政課 鈴木", False, False, True))
        self.minuting.take(self.authority.briefing, (Reloaded(),), 0)
        self.deliver()

    # --- the window's network -----------------------------------------------------------------------------

    def edit(self, op: Op, revision: int | None = None) -> None:
        revision = revision if isinstance(op, SpliceText) else None
        self._do(lambda: self.authority.edit(op, revision))

    def undo(self) -> None:
        self._do(self.authority.undo)

    def redo(self) -> None:
        self._do(self.authority.redo)

    def present(self, presence: Presence) -> None:
        self.said.append(presence)

    # --- others -------------------------------------------------------------------------------------------

    def guest(self, op: Op) -> None:
        """Suzuki's edit is committed, made on what there is now."""
        submit = Submit(OpId(SUZUKI, self._n), self.authority.briefing.revision, op)
        self._n += 1
        self._do(lambda: self.authority.receive(SUZUKI, submit, self._n / 10))
        assert submit.id in self.authority._log, "it was refused"

    def guest_types(self, item: int, place: int) -> None:
        """Suzuki's caret."""
        self._do(lambda: (PresenceSeen(SUZUKI, Typing(item, place)),))

    def _do(self, doing: Callable[[], tuple[Change, ...]]) -> None:
        try:
            self._changes += doing()
        except Refusal:
            return
        if self._at_once:
            self.deliver()

    def deliver(self) -> None:
        """The window hears of it."""
        changes, self._changes = self._changes, []
        briefing = self.authority.briefing
        self.minuting.take(briefing, changes, briefing.revision)

    @property
    def texts(self) -> list[str]:
        briefing = self.authority.briefing
        return [briefing.items[item].text for item in briefing.minutes]


def as_in_a_meeting(table: Table) -> None:
    """Six items of every sort, with another's caret in the last."""
    items = (
        (KIND.QUESTION, 5, "国庫補助の内示が遅れた場合、一般財源で先に執行できるか。", "14:07", "副知事"),
        (KIND.DECISION, 6, "執行率は、確定値の87.3％を用いる。", "14:09", "総務部長"),
        (KIND.INSTRUCTION, 7, "増額の考え方に、財源の内訳を書き加えること。", "14:14", "総務部長"),
        (KIND.INSTRUCTION, 7, "河川監視カメラの更新は、令和9年度に前倒しすること。", "14:16", "副知事"),
        (KIND.QUESTION, 8, "東部の12か所のうち、夜間に見えないものは何か所か。", "14:23", "危機管理監"),
        (KIND.HOMEWORK, 8, "前倒しに必要な額を、土木事務所ごとにまとめる。", "14:24", ""),
    )
    for item, (kind, page, text, time, speaker) in enumerate(items, 101):
        table.guest(OpenMinutes(item, kind, page, text, at(time), speaker))
    table.edit(SetReply(101, Carried(), at("14:08")))
    table.edit(AssignMinutes(101, "財政課 佐藤", "11月27日まで"))
    table.edit(SetReply(105, Answered(12, "8か所（8年度 河川管理の概要）"), at("14:24")))
    table.edit(AssignMinutes(106, "河川課 中村", "11月27日まで"))
    table.guest_types(106, 17)


__all__ = ["KIND", "SUZUKI", "SetMinutes", "Table", "as_in_a_meeting", "at"]
