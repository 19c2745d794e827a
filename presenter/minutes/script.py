"""What a window obeys about its minutes when it is told by a program, and what it tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from presenter.actions import Actions
from presenter.commands import Commands
from presenter.minutes.editor import MinutesEditor
from presenter.minutes.minuting import Minuting
from presenter.minutes.panel import KEY_NAMES, MinutesPanel
from presenter.minutes.rows import MinutesRow
from protocol.minutes import ItemState, MinutesKind

Arguments = dict[str, Any]


class MinutesScript:
    """Types as a person would: in the row that is in hand, else in the field for a new item."""

    def __init__(self, commands: Commands, actions: Actions, minuting: Minuting, panel: MinutesPanel) -> None:
        self._commands, self._actions = commands, actions
        self._minuting, self._panel = minuting, panel
        self._told: list[list[object]] = []
        panel.list.painted.connect(self._painted)

    def obeys(self) -> dict[str, Callable[[Arguments], None]]:
        """``minutes_type``: a text at the caret; with ``kind``, for a new item of that kind.
        ``minutes_take_up``: the item of that number, with the caret ``at`` a place.
        ``minutes_enter``; ``minutes_reply``: a state, such as answered or done."""
        return {
            "minutes_type": self._type,
            "minutes_take_up": self._take_up,
            "minutes_enter": lambda _a: self._editor().entered.emit(),
            "minutes_reply": self._reply,
        }

    def _editor(self) -> MinutesEditor:
        there = self._panel.there
        return self._panel.new if there.isHidden() else there

    def _type(self, a: Arguments) -> None:
        if "kind" in a:
            self._minuting.put_down()
            self._actions.run(KEY_NAMES[MinutesKind[a["kind"]]])
        self._editor().field.insertPlainText(a["text"])

    def _take_up(self, a: Arguments) -> None:
        self._minuting.take_up(self._item(a["number"]))
        self._panel.there.field.set_place(a["at"])

    def _reply(self, a: Arguments) -> None:
        self._minuting.reply(self._item(a["number"]), ItemState[a["reply"].upper()])

    def _item(self, number: int) -> int:
        minutes = self._minuting.briefing.minutes
        found = next((item for item, each in minutes.items() if each.number == number), None)
        if found is None:
            raise ValueError(f"no item {number}")
        return found

    def _painted(self, rows: tuple[MinutesRow, ...]) -> None:
        """What is on the glass, whenever that is something else."""
        seen = [
            [row.number, row.kind.name, row.text, row.state.name if row.state is not None else ""]
            for row in rows
        ]
        if seen != self._told:
            self._told = seen
            self._commands.tell("minutes", rows=seen)
