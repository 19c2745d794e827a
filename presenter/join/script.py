"""The participant's window told by a program: JSON commands, a line each, and events, as the presenter's."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication

from pageview.page_view import Painted
from pageview.wording import say
from presenter.actions import Where
from presenter.console_state import Words
from presenter.evidence import Evidence
from presenter.join.desk import ParticipantDesk
from presenter.join.entrance_state import EntranceState
from presenter.join.window_state import Find, WindowState, caption, pill
from presenter.keys import chord
from presenter.stdin_lines import StdinLines, tell
from protocol.transport.events import Event, LinkBack, LinkLost, RoomSeen

Arguments = dict[str, Any]


class JoinScript(QObject):
    """Obeys commands and tells what happens."""

    def __init__(
        self, desk: ParticipantDesk, evidence: Path | None, painted_ns: int, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._evidence = Evidence(evidence) if evidence is not None else None
        flow = desk.parts.flow
        self._obeys: dict[str, Callable[[Arguments], None]] = {
            "join": self._join,
            "action": lambda a: self._run(a["name"]),
            "key": self._key,
            "jump": lambda a: flow.go_to_overall(a["page"]),
            "find": self._find,
            "note": lambda a: flow.screen.side.notes.field.setPlainText(a["text"]),
            "save": lambda a: flow.save(Path(a["file"])),
            "take_over": lambda _a: desk.take_over(),
            "shot": self._shoot,
            "cut": lambda a: desk.parts.network.cut(a["seconds"]),
            "leave": lambda _a: desk.parts.network.leave(),
            "quit": lambda _a: desk.quit(),
        }
        self._said: tuple[str, ...] = ()
        self._notices: tuple[Words, ...] = ()
        self._lines = StdinLines()
        self._lines.came.connect(self._obey)
        self._listen()
        self.tell("ready", painted=painted_ns)

    def let_go(self) -> StdinLines:
        """Obeys no more; somebody else may."""
        self._lines.came.disconnect(self._obey)
        return self._lines

    def tell(self, event: str, **values: object) -> None:
        """Writes one event."""
        if not tell(event, **values):
            self._desk.quit()

    def _listen(self) -> None:
        desk, parts = self._desk, self._desk.parts
        desk.happened.connect(self._happened)
        desk.joined.connect(lambda joined: self.tell("joined", role=joined.role.name, peer=joined.peer))
        desk.wiped.connect(lambda reason: self.tell("wiped", reason=reason.name))
        desk.taken_over.connect(lambda _inherited: self.tell("taken_over"))
        parts.entrance.stage_changed.connect(self._stage)
        parts.follower.painted.connect(self._painted)
        parts.flow.found.connect(self._found)
        parts.flow.shown.connect(self._shown)
        parts.flow.saving.done.connect(lambda name: self.tell("saved", file=name))

    def _obey(self, line: str) -> None:
        try:
            command = json.loads(line)
            self._obeys[command["do"]](command)
        except (ValueError, KeyError, TypeError) as wrong:
            self.tell("misunderstood", line=line.strip()[:200], why=f"{type(wrong).__name__}: {wrong}")

    # --- commands -----------------------------------------------------------------------------------------

    def _run(self, name: str) -> None:
        if not self._desk.parts.actions.run(name):
            self.tell("refused_action", name=name)

    def _join(self, a: Arguments) -> None:
        if self._desk.parts.window.where is Where.END:
            self._run("again")
        self._desk.parts.entrance.choose(a["room"])
        card = self._desk.parts.entrance.screen.card
        card.code.setText(a["code"])
        card.address.setText(a.get("address", ""))
        if "name" in a:
            card.name.setText(a["name"])
        self._run("join")

    def _key(self, a: Arguments) -> None:
        key, modifiers = chord(a["key"])
        # A question has the keyboard from the moment it is there, which the window system tells only later.
        modal = QApplication.activeModalWidget()
        window = modal.windowHandle() if modal is not None else QGuiApplication.focusWindow()
        window = window or self._desk.parts.window.windowHandle()
        text = a["key"].lower() if len(a["key"]) == 1 else ""
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.postEvent(window, QKeyEvent(kind, key, modifiers, text))

    def _find(self, a: Arguments) -> None:
        flow = self._desk.parts.flow
        flow.open_find()
        flow.screen.side.finder.field.setText(a["text"])

    def _shoot(self, a: Arguments) -> None:
        if self._evidence is None:
            self.tell("misunderstood", line="shot", why="start with --evidence DIR")
            return
        self.tell("shot", file=str(self._evidence.shoot(self._desk.parts.window, a["name"])))

    # --- events -------------------------------------------------------------------------------------------

    def _happened(self, event: Event) -> None:
        match event:
            case RoomSeen():
                self.tell("room_seen", room=event.number)
            case LinkLost():
                self.tell("lost")
            case LinkBack():
                self.tell("back")
            case _:
                pass

    def _stage(self, state: EntranceState) -> None:
        reason = state.failure.name if state.failure is not None else ""
        self.tell("stage", stage=state.stage.name, reason=reason)

    def _painted(self, painted: Painted) -> None:
        follower = self._desk.parts.follower
        if follower.source is None or painted.page_id is None or painted.rect is None:
            self.tell("painted", page_id=None, page=0, screen=painted.screen.name)
            return
        ids = [page.page_id for page in follower.briefing.pages()]
        rect = painted.rect
        self.tell(
            "painted",
            page_id=painted.page_id,
            page=ids.index(painted.page_id) + 1 if painted.page_id in ids else 0,
            rect=[rect.x0, rect.y0, rect.x1, rect.y1],
            sharp=painted.sharp,
            looking=follower.looking.name,
        )

    def _found(self, finds: tuple[Find, ...], read: int, pages: int) -> None:
        if read == pages:
            self.tell("finds", finds=[[find.title, find.number, find.places] for find in finds])

    def _shown(self, state: WindowState) -> None:
        """What the window says, whenever that is something else; and new notices."""
        said = tuple(
            say(words, **values)
            for words, values in (pill(state).title, pill(state).detail, caption(state).words)
        )
        said = (*said, state.looking.name, state.viewing.name, str(state.may_take_over), str(state.saving))
        if said != self._said:
            self._said = said
            self.tell(
                "says",
                pill=said[0],
                room=said[1],
                caption=said[2],
                looking=state.looking.name,
                viewing=state.viewing.name,
                saving=state.saving,
                take_over=state.may_take_over,
            )
        for words, values in state.notices:
            if (words, values) not in self._notices:
                self.tell("notice", text=say(words, **values))
        self._notices = state.notices
