"""Tells the script what happened, after it happened on the glass."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QPoint, SignalInstance

from kiosk.follower import Follower
from kiosk.screens import Screens
from kiosk.script import Script
from kiosk.standby_state import StandbyState
from pageview.beside import Halves
from pageview.correction_layer import Typed
from pageview.page_view import Painted
from pageview.text_selection import Selection
from protocol.ink import STEP_BYTES
from protocol.presence import Wet
from protocol.transport.events import CodeShown, Event, LinkBack, LinkLost, PairedWith
from protocol.transport.join_events import JoinCodeShown
from protocol.values import Screen

_NAMES = {Screen.COVER: "cover", Screen.SHOW: "show", Screen.HIDDEN: "hidden", Screen.WHITE: "white"}


class Telling(QObject):
    """Listens to the parts; `network` is told by hand."""

    def __init__(
        self,
        script: Script,
        follower: Follower,
        screens: Screens,
        halves: SignalInstance,
        parent: QObject | None = None,
    ) -> None:
        """``halves``: tells what stands side by side now."""
        super().__init__(parent)
        self._script = script
        self._follower = follower
        self._screen = screens.front
        self._choosers = 0
        follower.painted.connect(self._painted)
        halves.connect(self._beside)
        follower.pointed.connect(lambda x, y: script.tell("pointer", x=x, y=y))
        follower.inked.connect(self._inked)
        follower.corrected.connect(self._corrected)
        follower.page.hand.selected.connect(lambda chosen: self._selected(chosen[1]))
        screens.shown.connect(self._shown)
        screens.standby_said.connect(self._standby_said)

    def _beside(self, halves: Halves | None) -> None:
        other = halves.other if halves is not None else None
        marked = len(halves.followed.marked) if halves is not None else 0
        self._script.tell("beside", place=other.place if other is not None else None, marked=marked)

    def _inked(self, piece: Wet) -> None:
        self._script.tell("inked", n=piece.n, points=len(piece.path) // STEP_BYTES)

    def _corrected(self, typed: tuple[Typed, ...]) -> None:
        self._script.tell("corrections", typed=[each.text for each in typed])

    def _selected(self, words: Selection | None) -> None:
        self._script.tell("selected", characters=len(words.text) if words is not None else 0)

    def network(self, event: Event) -> None:
        """An event of the network, after it was acted upon."""
        match event:
            case CodeShown(room, code):
                self._script.tell("code", room=room, code=code)
            case JoinCodeShown(room, code):
                self._script.tell("join_code", room=room, code=code)
            case PairedWith():
                self._script.tell("paired")
            case LinkLost():
                self._script.tell("lost")
            case LinkBack():
                self._script.tell("back")

    def _shown(self, name: str) -> None:
        if name != "show":
            self._tell_screen(name, time.monotonic_ns())

    def _standby_said(self, state: StandbyState) -> None:
        if state.choosers != self._choosers:
            self._choosers = state.choosers
            self._script.tell("choosers", count=state.choosers)

    def _tell_screen(self, name: str, at: int) -> None:
        if name != self._screen:
            self._screen = name
            self._script.tell("screen", screen=name, t=at)

    def _painted(self, painted: Painted) -> None:
        at = time.monotonic_ns()
        if not self._script.enabled or not self._follower.page.isVisible():
            return
        self._tell_screen(_NAMES[painted.screen], at)
        if painted.page_id is None or painted.rect is None:
            return
        rect, view = painted.rect, self._follower.page.view
        part, page = self._follower.page_placement(), self._follower.page
        corner = page.mapTo(page.window(), QPoint(0, 0)) * page.devicePixelRatioF()
        self._script.tell(
            "painted",
            page_id=painted.page_id,
            page=self._follower.number_of(painted.page_id),
            rect=[rect.x0, rect.y0, rect.x1, rect.y1],
            part=[part.rect.x0, part.rect.y0, part.rect.x1, part.rect.y1] if part is not None else None,
            pixels=[corner.x() + part.x, corner.y() + part.y, part.width, part.height]
            if part is not None
            else None,
            sharp=painted.sharp,
            step=view.step if view is not None else 0,
            steps=view.steps if view is not None else 1,
            fault=painted.fault,
            t=at,
        )
