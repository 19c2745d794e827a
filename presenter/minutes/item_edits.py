"""What a person changes of an item of the minutes but its text."""

from __future__ import annotations

from collections.abc import Callable

from presenter.minutes.editor import Details
from presenter.minutes.typed_texts import Way
from protocol.minutes import Answered, Carried, Done, MinutesKind, Reply, Withdrawn, free_item
from protocol.model import Briefing
from protocol.ops import AssignMinutes, OpenMinutes, RemoveMinutes, SetMinutes, SetReply
from protocol.values import OWNER, PageId, PeerId


class ItemEdits:
    """``briefing`` as it is known here, ``peer``: whose edits they are. ``page_now``: the page that is talked
    about; ``clock``: seconds since 1970, for labels."""

    def __init__(self, way: Way, page_now: Callable[[], PageId | None], clock: Callable[[], float]) -> None:
        self._way, self._page_now, self._clock = way, page_now, clock
        self.briefing = Briefing()
        self.peer: PeerId = OWNER
        self._last: tuple[PeerId, int] = OWNER, 0
        self._later: dict[int, list[Callable[[], None]]] = {}

    def clear(self) -> None:
        """The briefing is over."""
        self.briefing = Briefing()
        self._last = OWNER, 0
        self._later.clear()

    # --- there or not -------------------------------------------------------------------------------------

    def free_item(self) -> int:
        """The number of the next new one."""
        item = free_item(self.briefing.items, self.peer)
        author, last = self._last
        if author == self.peer:
            item = max(item, last + 1)  # the log may not have the last one yet
        self._last = self.peer, item
        return item

    def open(self, item: int, kind: MinutesKind, text: str, details: Details) -> None:
        """A new one, with a number that is free."""
        self._way.edit(OpenMinutes(item, kind, self._page_now(), text, self._now(), details.speaker))
        self.set_details(item, details)

    def opened(self, item: int) -> None:
        """The log has it now: what was to be changed of it meanwhile is."""
        for do in self._later.pop(item, ()):
            do()

    def forget(self, item: int) -> None:
        """It was not taken."""
        self._later.pop(item, None)

    def remove(self, item: int) -> None:
        """It is taken out; Ctrl+Z brings it back."""
        self._way.edit(RemoveMinutes(item, True))

    def _when_there(self, item: int, do: Callable[[], None]) -> None:
        if item in self.briefing.minutes:
            do()
        else:
            self._later.setdefault(item, []).append(do)

    # --- what it is ---------------------------------------------------------------------------------------

    def set_kind(self, item: int, kind: MinutesKind) -> None:
        """It is one of that kind."""
        self._when_there(item, lambda: self._describe(item, kind=kind))

    def set_here(self, item: int) -> None:
        """It was said at the page that is talked about now."""
        self._when_there(item, lambda: self._describe(item, page_id=self._page_now()))

    def set_details(self, item: int, details: Details) -> None:
        """By whom, who sees to it until when, and the words of the answer."""
        self._when_there(item, lambda: self._detail(item, details))

    def _describe(self, item: int, **changed: object) -> None:
        """Nothing where it is as wished already."""
        each = self.briefing.minutes[item]
        now = {"kind": each.kind, "page_id": each.page_id, "speaker": each.speaker}
        if {**now, **changed} != now:
            self._way.edit(SetMinutes(item, **{**now, **changed}))  # type: ignore[arg-type]

    def _detail(self, item: int, details: Details) -> None:
        each = self.briefing.minutes[item]
        self._describe(item, speaker=details.speaker)
        if (details.owner, details.due) != (each.owner, each.due):
            self._way.edit(AssignMinutes(item, details.owner, details.due))
        if isinstance(each.reply, Answered) and details.answer != each.reply.text:
            self._reply(item, Answered(each.reply.page_id, details.answer))

    # --- replies ------------------------------------------------------------------------------------------

    def answer(self, item: int) -> None:
        """その場で回答: the page that is talked about is its evidence. An answer that is there stays."""
        each = self.briefing.minutes.get(item)
        if each is not None and not isinstance(each.reply, Answered):
            self._reply(item, Answered(self._page_now()))

    def carry(self, item: int) -> None:
        """持ち帰り."""
        self._reply(item, Carried())

    def wait(self, item: int) -> None:
        """It is as it was said: a question waits for its answer, homework is to be done."""
        self._reply(item, None)

    def finish(self, item: int) -> None:
        """済み."""
        self._reply(item, Done())

    def withdraw(self, item: int) -> None:
        """取下げ: nobody needs to see to it any more."""
        self._reply(item, Withdrawn())

    def _reply(self, item: int, reply: Reply | None) -> None:
        each = self.briefing.minutes.get(item)
        if each is not None and each.reply != reply:
            self._way.edit(SetReply(item, reply, self._now()))

    def _now(self) -> int:
        return round(self._clock())
