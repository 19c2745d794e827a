"""Writing on the wall by touch: the rail's pen draws with one finger, stays to be seen, and is put away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import cast

import pytest
from msgspec.structs import replace as with_fields
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.follower import Follower
from kiosk.keys import Key
from kiosk.kiosk_state import Trouble
from kiosk.network import Network
from kiosk.wall import Wall
from kiosk.writing import TOOLS, Writing
from pageview.beside import Half, Halves
from pageview.geometry import Placement
from pageview.hand import Use
from pageview.page_view import PageView
from pageview.segments import SegmentStore
from protocol.ops import Draw, Op
from protocol.values import Rect
from tests.kiosk.screens import NOW, WALL, kiosk_app, shown, untouched
from tests.pageview.shown_papers import paper_of, table

__all__ = ["kiosk_app"]

SIZE = (768, 432)
"""Offscreen, fingers are felt on the screen's own 800 pixels only."""


class Glass:
    """A wall that shows a 16:9 page, and fingers on it."""

    def __init__(self, wall: Wall) -> None:
        self.wall, self.hand = wall, wall.view.hand
        self.ops: list[Op] = []
        self.turned: list[str] = []
        self._fingers = QTest.createTouchDevice()
        self.hand.done.connect(self.ops.append)
        self.hand.changed.connect(self.refresh)
        wall.pressed.connect(self._pressed)
        self.refresh()

    def refresh(self) -> None:
        self.wall.show_state(replace(WALL, now=NOW, writes=True, tool=self.hand.use))

    def _pressed(self, name: str) -> None:
        if name in TOOLS:
            self.hand.take_up(TOOLS[name])
        else:
            self.turned.append(name)

    def drag(
        self,
        *points: tuple[int, int],
        on: QWidget | None = None,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        widget = on or self.wall.view
        QTest.touchEvent(widget, self._fingers).press(0, QPoint(*points[0]), widget).commit()
        meanwhile()
        for point in points[1:]:
            QTest.touchEvent(widget, self._fingers).move(0, QPoint(*point), widget).commit()
        QTest.touchEvent(widget, self._fingers).release(0, QPoint(*points[-1]), widget).commit()

    def press(self, name: str, meanwhile: Callable[[], None] = lambda: None) -> None:
        """``meanwhile``: while the finger is on the key."""
        keys = {key.accessibleName(): key for key in self.wall.rail.findChildren(Key) if key.isVisible()}
        self.drag((20, 10), on=keys[name], meanwhile=meanwhile)


@pytest.fixture
def glass(kiosk_app: QApplication, qtbot: QtBot) -> Iterator[Glass]:
    with table(qtbot, SIZE) as laid:
        view = PageView(laid.source)
        wall = Wall(view, 55, 3)
        with shown(wall, SIZE):
            (page,) = laid.lay(paper_of([((1600, 900), "")]))
            view.show_view(page)
            laid.wait_sharp(view, page)
            wall.set_placement(Placement(Rect(0, 0, 1, 1), 0, 0, *SIZE))
            yield Glass(wall)
            view.set_source(None)


def test_a_finger_draws_with_the_rails_pen_which_stays_in_sight_until_it_is_put_away(
    glass: Glass,
) -> None:
    across = (10, 200), (60, 210), (300, 240)
    glass.drag(*across)
    assert glass.wall.rail_shown and not glass.ops, "the first touch only brings the rail"
    glass.press("ペン")
    untouched(glass.wall)
    assert glass.wall.rail_shown, "whoever holds a pen sees how to put it down"
    glass.drag(*across)
    assert [type(op) for op in glass.ops] == [Draw]
    glass.drag((10, 300))
    assert len(glass.ops) == 2 and not glass.turned, "a dot at the edge turns no page"
    glass.press("しまう")
    assert (glass.hand.use, glass.wall.rail_shown) == (Use.NOTHING, False)
    glass.drag(*across)
    assert glass.wall.rail_shown and len(glass.ops) == 2


def test_two_pages_side_by_side_make_room_for_the_tools_in_hand_and_for_a_card(glass: Glass) -> None:
    wall, view = glass.wall, glass.wall.view
    source = view._source
    assert view.view is not None and source is not None
    half = Half(source.page(view.view.page_id), view.view, "資料1", "1ページ")
    for other_left in (True, False):
        wall.show_halves(Halves(half, half, other_left), source)
        assert wall.halves.geometry() == wall.rect()
        glass.drag((10, 200))
        glass.press("ペン")
        assert not wall.halves.geometry().intersects(wall.rail.geometry())
        assert wall.halves.geometry().height() == wall.height()
        glass.press("しまう", meanwhile=glass.refresh)
        assert wall.halves.geometry() == wall.rect()
        state = wall.state
        assert state is not None
        wall.show_state(replace(state, trouble=Trouble.RECONNECTING))
        for _ in range(2):
            assert not wall.halves.geometry().intersects(wall.card.geometry())
            wall.reveal()  # the rail over the card: the pages stay where they are
        untouched(wall)
        wall.show_state(state)
        assert wall.halves.geometry() == wall.rect()
    wall.show_halves(None, None)
    glass.drag((10, 200))
    glass.press("ペン")
    assert wall.halves.geometry() == wall.rect(), "over one page the rail floats"


class Unsent:
    """A network on which nothing goes."""

    def present(self, _presence: object) -> None:
        pass

    def edit(self, _op: object) -> None:
        pass


def test_the_key_of_the_stamp_takes_up_one_after_the_other(kiosk_app: QApplication) -> None:
    store = SegmentStore()
    follower = Follower(store)
    allowed = with_fields(follower.registers, writing=True)
    follower.briefing = replace(follower.briefing, registers=allowed)
    hand = follower.page.hand
    writing = Writing(follower, cast(Network, Unsent()))
    seen = []
    for name in ("stamp", "stamp", "stamp", "stamp", "move", "stamp"):
        writing.choose(name)
        seen.append(hand.stamp if hand.use is Use.STAMP else "")
    assert seen == ["確認", "要修正", "済", "確認", "", "確認"]
    follower.page.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    store.wipe()
