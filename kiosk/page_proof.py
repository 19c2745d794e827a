"""A page drawn as in a briefing, put on the glass for a moment, and looked for in what the screen got."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from kiosk.proof_page import HEIGHT, WIDTH, proof_paper
from kiosk.proof_screen import ProofScreen
from pageview.render_queue import Priority, RenderRequest
from pageview.render_results import Frame
from pageview.renderer import Renderer
from pageview.segments import SegmentStore
from protocol.errors import Unavailable
from protocol.values import Rect

log = logging.getLogger(__name__)

PATIENCE_MS = 20_000
SHOWN_MS = 700
"""A compositor takes a moment to bring what was painted, and people take one to read what this is."""


class PageProof(QObject):
    """`begin` it when nobody uses the wall; `over` tells what was found, unless it was given up before."""

    over = Signal(int)
    """Fields of the page that are wrong; -1: it could not be drawn."""

    def __init__(
        self,
        screen: ProofScreen,
        refresh: Callable[[], None],
        shown_ms: int = SHOWN_MS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._screen, self._refresh = screen, refresh
        self._renderer: Renderer | None = None
        self._request: RenderRequest | None = None
        self._late = QTimer(self, singleShot=True)
        self._late.timeout.connect(self._cannot)
        self._shown = QTimer(self, singleShot=True, interval=shown_ms)
        self._shown.timeout.connect(self._look)

    def front(self) -> QWidget | None:
        """What stands in front of standby now (`screens.Screens.instead`)."""
        return self._screen if self._screen.picture is not None else None

    def begin(self) -> None:
        """Starts the caged processes; the wall still shows what it showed."""
        width, height = self._screen.page_px()
        self._late.start(PATIENCE_MS)
        try:
            self._start(width, height)
        except (Unavailable, OSError) as error:  # no memory for the page
            log.error("the test page cannot be drawn: %s", error)
            self._end(-1)

    def _start(self, width: int, height: int) -> None:
        store = SegmentStore()
        sha256 = store.add(proof_paper())
        whole = Rect(0, 0, WIDTH, HEIGHT)
        self._request = RenderRequest(sha256, 0, whole, width, height, Priority.NOW)
        renderer = self._renderer = Renderer(store, (width, height), slots=1, parent=self)
        renderer.opened.connect(self._ask)
        renderer.drawn.connect(self._drawn)
        renderer.failed.connect(self._refused)
        renderer.refused.connect(self._refused)
        renderer.start()
        renderer.open(sha256)

    def give_up(self) -> None:
        """Nothing of it is on the wall or in memory when this returns. Twice is the same as once."""
        self._late.stop()
        self._shown.stop()
        shown, self._screen.picture = self._screen.picture is not None, None
        if shown:
            self._refresh()
        renderer, self._renderer = self._renderer, None
        if renderer is not None:
            renderer.wipe()
            renderer.deleteLater()

    def _ask(self, _opened: object) -> None:
        if self._renderer is not None and self._request is not None:
            self._renderer.ask(self._request)

    def _drawn(self, frame: Frame) -> None:
        self._late.stop()
        self._screen.picture = frame.image
        self._refresh()
        self._screen.repaint()
        self._shown.start()

    def _refused(self, _why: object) -> None:
        self._late.start(0)  # not while the renderer is at it

    def _cannot(self) -> None:
        self._end(-1)

    def _look(self) -> None:
        self._end(self._screen.wrong_fields())

    def _end(self, wrong: int) -> None:
        if wrong:
            log.warning("the test page is not on the screen as it should be (%d)", wrong)
        self.give_up()
        self.over.emit(wrong)
