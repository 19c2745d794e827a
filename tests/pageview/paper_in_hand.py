"""A page on glass that a hand draws on, and the briefing behind it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pageview.page_view import PageView
from pageview.renderer import Renderer
from pageview.segments import SegmentStore
from protocol.changes import ink_changes
from protocol.ink import MarkId
from protocol.ops import Draw, Erase, MoveMarks, NewEdition, Op
from protocol.presence import Wet
from protocol.values import OWNER, Blob, EditionPage, PageRef
from tests.pageview.shown_papers import Table, briefing_on, on_screen, paper_of, running

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
RED, WHITE = QColor("#CE0000"), QColor("#FFFFFF")
PAGE = ((800, 600), "0 0 0 rg 300 250 200 100 re f")
"""White, with a black box in the middle; shown one to one on glass of 800 × 600."""


@pytest.fixture(scope="module")
def processes(qapp: object) -> Iterator[tuple[SegmentStore, Renderer]]:
    with running((800, 600)) as both:
        yield both


class Paper:
    """A page on glass, and the briefing that takes what the hand did."""

    def __init__(self, qtbot: QtBot, desk: Table) -> None:
        self.desk = desk
        self.glass = PageView(desk.source)
        self.glass.resize(800, 600)
        self.glass.show()
        qtbot.waitExposed(self.glass)
        (self.view,) = desk.lay(paper_of([PAGE]))
        self.glass.show_view(self.view)
        desk.wait_sharp(self.glass, self.view)
        self.hand = self.glass.hand
        self.hand.set_width(600)
        self.ops: list[Op] = []
        self.wet: list[Wet] = []
        self.arrives = True
        self.hand.done.connect(self._take)
        self.hand.wet.connect(self.wet.append)

    def _take(self, op: Draw | Erase | MoveMarks) -> None:
        self.ops.append(op)
        if self.arrives:
            self.commit(op)

    def commit(self, op: Draw | Erase | MoveMarks, author: int = OWNER) -> None:
        assert author == OWNER
        self.desk.apply(op)
        for change in ink_changes(op, author):
            self.glass.take_ink(change)

    def another_page(self) -> NewEdition:
        """What puts a blank page in the place of its first edition's."""
        pdf = paper_of([((800, 600), "")])
        sha256 = self.desk.store.add(pdf)
        self.desk.renderer.open(sha256)
        blank = EditionPage(self.view.page_id, PageRef(sha256, 0), 80_000, 60_000)
        return NewEdition(0, 1, 0, 1, (blank,), (Blob(sha256, len(pdf)),), when=0)

    def draw(self, *points: tuple[float, float], lift: bool = True) -> None:
        """With the mouse; a few points between each two."""
        QTest.mousePress(self.glass, LEFT, NONE, QPoint(*map(round, points[0])))
        for (x0, y0), (x1, y1) in pairwise(points):
            for n in range(1, 6):
                self._mouse_to(x0 + (x1 - x0) * n / 5, y0 + (y1 - y0) * n / 5)
        if lift:
            QTest.mouseRelease(self.glass, LEFT, NONE, QPoint(*map(round, points[-1])))

    def _mouse_to(self, x: float, y: float) -> None:
        at = QPointF(x, y)
        kind = QEvent.Type.MouseMove
        QApplication.sendEvent(
            self.glass, QMouseEvent(kind, at, self.glass.mapToGlobal(at), LEFT, LEFT, NONE)
        )

    def colour(self, x: int, y: int) -> QColor:
        return on_screen(self.glass).pixelColor(x, y)

    def seen(self) -> list[MarkId]:
        return [drawn.id for drawn in self.desk.briefing.ink.seen(self.view.page_id)]

    def fresh_picture(self) -> QImage:
        """The same marks as somebody paints them who has just come."""
        self.glass.ink.clear()
        self.glass.show_view(self.view)
        return on_screen(self.glass)


@pytest.fixture
def paper(qtbot: QtBot, processes: tuple[SegmentStore, Renderer]) -> Iterator[Paper]:
    with briefing_on(qtbot, *processes) as desk:
        laid = Paper(qtbot, desk)
        yield laid
        laid.glass.set_source(None)
        laid.glass.close()
        laid.glass.deleteLater()
