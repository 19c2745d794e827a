"""Wheel, drag, pinch and keys: what a person asks for, of everybody or for themselves alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pageview.geometry import covers, height_of, page_rect, width_of
from pageview.gestures import KEYS
from pageview.page_view import PageView
from pageview.steps import whole
from protocol.values import EditionPage, Rect, Screen, View
from tests.pageview.shown_papers import LANDSCAPE, PORTRAIT, Table, coloured

NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def glass(desk: Table) -> Iterator[PageView]:
    """A view of 1280 × 720 whose wishes come true at once, as on the presenter's desk."""
    view = PageView(desk.source, clock=Clock())
    view.interactive = True
    view.view_wanted.connect(view.show_view)
    view.resize(1280, 720)
    view.show()
    desk.qtbot.waitExposed(view)
    yield view
    view.set_source(None)
    view.close()
    view.deleteLater()


def wheel(
    glass: PageView, notches: float, at: QPointF | None = None, keys: Qt.KeyboardModifier = NONE
) -> None:
    at = at or QPointF(640, 360)
    turn = QPoint(0, round(notches * 120))
    phase, buttons = Qt.ScrollPhase.NoScrollPhase, Qt.MouseButton.NoButton
    event = QWheelEvent(at, glass.mapToGlobal(at), QPoint(), turn, buttons, keys, phase, False)
    QApplication.sendEvent(glass, event)


def page_of(glass: PageView, desk: Table) -> EditionPage:
    assert glass.view is not None
    page = desk.source.page(glass.view.page_id)
    assert page is not None
    return page


def test_ctrl_and_wheel_zoom_about_the_mouse(desk: Table, glass: PageView) -> None:
    pages = desk.lay(coloured(2))
    glass.show_view(View(pages[0].page_id, Rect(10_000, 10_000, 74_000, 46_000)))
    at = QPointF(800, 200)
    before = glass.page_at(at)
    for _ in range(4):
        wheel(glass, 1, at, CTRL)
    assert glass.view is not None
    assert width_of(glass.view.rect) == pytest.approx(64_000 / 1.25**4, rel=0.01)
    assert height_of(glass.view.rect) == pytest.approx(36_000 / 1.25**4, rel=0.01)
    after = glass.page_at(at)
    assert before is not None
    assert after is not None
    assert after[1:] == pytest.approx(before[1:], abs=50)
    for _ in range(8):
        wheel(glass, -1, at, CTRL)
    assert glass.view == whole(page_of(glass, desk))


def test_wheel_steps_through_pages_and_moves_a_zoomed_one(desk: Table, glass: PageView) -> None:
    pages = desk.lay(coloured(3, PORTRAIT))
    steps = desk.source.steps_of(pages[0].page_id)
    glass.show_view(steps[0])
    wheel(glass, -1)
    assert glass.view == steps[1]
    wheel(glass, -0.4)
    wheel(glass, -0.4)
    assert glass.view == steps[1], "less than a notch turned the page"
    wheel(glass, -0.4)
    assert glass.view == steps[2]
    wheel(glass, 2)
    assert glass.view == steps[0]
    glass.show_view(View(pages[1].page_id, Rect(10_000, 10_000, 40_000, 26_875)))
    wheel(glass, -1)
    assert glass.view is not None
    assert glass.view.page_id == pages[1].page_id
    assert glass.view.rect.y0 > 10_000
    assert glass.view.rect.x0 == 10_000


def test_drag_moves_a_zoomed_page_with_the_hand(desk: Table, glass: PageView) -> None:
    pages = desk.lay(coloured(2))
    glass.show_view(View(pages[0].page_id, Rect(20_000, 20_000, 52_000, 38_000)))
    held = glass.page_at(QPointF(600, 300))
    QTest.mousePress(glass, Qt.MouseButton.LeftButton, pos=QPoint(600, 300))
    for x in range(600, 399, -20):
        QTest.mouseMove(glass, QPoint(x, 300))
    QTest.mouseRelease(glass, Qt.MouseButton.LeftButton, pos=QPoint(400, 300))
    assert held is not None
    dropped = glass.page_at(QPointF(400, 300))
    assert dropped is not None
    assert dropped[1:] == pytest.approx(held[1:], abs=50)


def test_drag_leaves_a_whole_page_alone_and_a_click_is_a_tap(desk: Table, glass: PageView) -> None:
    pages = desk.lay(coloured(2))
    glass.show_view(pages[0])
    taps: list[QPointF] = []
    glass.tapped.connect(taps.append)
    QTest.mousePress(glass, Qt.MouseButton.LeftButton, pos=QPoint(600, 300))
    QTest.mouseMove(glass, QPoint(300, 300))
    QTest.mouseRelease(glass, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    assert glass.view == pages[0]
    assert not taps
    QTest.mouseClick(glass, Qt.MouseButton.LeftButton, pos=QPoint(20, 30))
    assert taps == [QPointF(20, 30)]


@pytest.fixture(scope="module")
def touch_device() -> QPointingDevice:
    return QTest.createTouchDevice()


def test_two_fingers_zoom_about_their_middle(
    desk: Table, glass: PageView, touch_device: QPointingDevice
) -> None:
    pages = desk.lay(coloured(2))
    glass.show_view(pages[0])
    taps: list[QPointF] = []
    glass.tapped.connect(taps.append)
    between = glass.page_at(QPointF(640, 360))
    QTest.touchEvent(glass, touch_device).press(0, QPoint(540, 360), glass).press(
        1, QPoint(740, 360), glass
    ).commit()
    for apart in range(110, 301, 10):
        QTest.touchEvent(glass, touch_device).move(0, QPoint(640 - apart, 360), glass).move(
            1, QPoint(640 + apart, 360), glass
        ).commit()
    QTest.touchEvent(glass, touch_device).release(0, QPoint(340, 360), glass).stationary(1).commit()
    QTest.touchEvent(glass, touch_device).move(1, QPoint(700, 500), glass).commit()
    view = glass.view
    QTest.touchEvent(glass, touch_device).release(1, QPoint(700, 500), glass).commit()
    assert view is not None
    assert height_of(view.rect) == pytest.approx(59_500 / 3, rel=0.02)
    now = glass.page_at(QPointF(640, 360))
    assert now is not None
    assert between is not None
    assert now[1:] == pytest.approx(between[1:], abs=500)
    assert glass.view == view
    assert not taps, "the last finger of a pinch tapped"


def test_one_finger_taps_or_moves_a_zoomed_page(
    desk: Table, glass: PageView, touch_device: QPointingDevice
) -> None:
    pages = desk.lay(coloured(2))
    glass.show_view(pages[0])
    taps: list[QPointF] = []
    glass.tapped.connect(taps.append)
    QTest.touchEvent(glass, touch_device).press(0, QPoint(100, 100), glass).commit()
    QTest.touchEvent(glass, touch_device).release(0, QPoint(100, 100), glass).commit()
    assert taps == [QPointF(100, 100)]
    assert glass.view == pages[0], "a touch turned the page"
    glass.show_view(View(pages[0].page_id, Rect(20_000, 20_000, 52_000, 38_000)))
    QTest.touchEvent(glass, touch_device).press(0, QPoint(600, 300), glass).commit()
    QTest.touchEvent(glass, touch_device).move(0, QPoint(500, 300), glass).commit()
    QTest.touchEvent(glass, touch_device).release(0, QPoint(500, 300), glass).commit()
    assert glass.view is not None
    assert glass.view.rect.x0 == pytest.approx(20_000 + 100 / 1280 * 32_000, abs=100)


def test_keys_zoom_and_move(desk: Table, glass: PageView) -> None:
    pages = desk.lay(coloured(2))
    glass.show_view(pages[0])
    QTest.keyClick(glass, Qt.Key.Key_Plus)
    QTest.keyClick(glass, Qt.Key.Key_Plus, CTRL)
    QTest.keyClick(glass, Qt.Key.Key_Plus, CTRL)
    assert glass.view is not None
    assert height_of(glass.view.rect) == pytest.approx(59_500 / 1.25**3, rel=0.01)
    x0, y0 = glass.view.rect.x0, glass.view.rect.y0
    QTest.keyClick(glass, Qt.Key.Key_Right, CTRL)
    QTest.keyClick(glass, Qt.Key.Key_Down, CTRL)
    assert glass.view.rect.x0 > x0
    assert glass.view.rect.y0 > y0
    right = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Right, NONE)
    glass.event(right)
    assert not right.isAccepted(), "→ belongs to the program, not to the page"
    glass.whole_page()
    assert glass.view == pages[0]
    QTest.keyClick(glass, Qt.Key.Key_Minus)
    assert glass.view == pages[0]
    assert len(set(KEYS)) == len(KEYS)


def test_zoom_never_leaks_from_one_page_to_the_next(desk: Table, glass: PageView) -> None:
    pages = desk.lay(coloured(3))
    for move in (glass.forward, lambda: glass.turn(1), glass.back, lambda: glass.turn(-1)):
        glass.show_view(View(pages[1].page_id, Rect(10_000, 10_000, 20_000, 15_000)))
        move()
        page = page_of(glass, desk)
        assert page.page_id != pages[1].page_id
        assert glass.view == whole(page)


def test_who_may_not_move_asks_for_nothing(desk: Table, glass: PageView) -> None:
    pages = desk.lay(coloured(3))
    asked: list[View] = []
    glass.view_wanted.connect(asked.append)
    glass.interactive = False
    glass.show_view(pages[1])
    everything(glass)
    glass.interactive = True
    glass.set_screen(Screen.HIDDEN)
    wheel(glass, -1)
    wheel(glass, 1, keys=CTRL)
    assert asked == []
    assert glass.view == pages[1]


def everything(glass: PageView) -> None:
    wheel(glass, -1)
    wheel(glass, 1, keys=CTRL)
    QTest.keyClick(glass, Qt.Key.Key_Plus)
    glass.zoom(2)
    glass.forward()
    glass.fit_width()


def test_moves_add_up_while_the_echo_is_on_its_way(desk: Table, glass: PageView) -> None:
    """The wish goes over the network; what comes back late must not undo the notches turned since."""
    pages = desk.lay(coloured(20))
    glass.show_view(pages[0])
    glass.view_wanted.disconnect(glass.show_view)
    asked: list[View] = []
    glass.view_wanted.connect(asked.append)
    for _ in range(5):
        wheel(glass, -1)
    assert [view.page_id for view in asked] == [page.page_id for page in pages[1:6]]
    assert glass.view == pages[0]
    glass._clock.now += 1.0  # type: ignore[attr-defined]
    wheel(glass, -1)
    assert asked[-1] == pages[1], "a wish that was never granted still counts"


def test_looking_freely_moves_nobody_else_and_returns(desk: Table, glass: PageView) -> None:
    pages = desk.lay(coloured(6))
    asked: list[View] = []
    looked: list[View] = []
    glass.interactive = False
    glass.show_view(pages[0])
    glass.view_wanted.connect(asked.append)
    glass.looked.connect(looked.append)
    glass.look(pages[0])
    wheel(glass, -1)
    wheel(glass, 1, keys=CTRL)
    assert glass.free
    assert [view.page_id for view in looked] == [pages[1].page_id] * 2
    mine = glass.view
    glass.show_view(pages[4])
    assert glass.view == mine, "the presenter's page turn took the page away"
    assert not asked
    glass.follow()
    assert glass.view == pages[4]
    desk.wait_sharp(glass, pages[4])


def test_mouse_is_told_in_page_space_for_the_pointer(desk: Table, glass: PageView) -> None:
    pages = desk.lay(coloured(1))
    glass.show_view(pages[0])
    told: list[tuple[int, int, int] | None] = []
    glass.hovered.connect(told.append)
    QTest.mouseMove(glass, QPoint(640, 360))
    QTest.mouseMove(glass, QPoint(10, 360))
    assert told[0] == (pages[0].page_id, *(pytest.approx(half, abs=100) for half in (42_100, 29_750)))
    assert told[-1] is None


def test_fit_width_shows_all_of_the_width(desk: Table, glass: PageView) -> None:
    pages = desk.lay(coloured(1, (LANDSCAPE[1], LANDSCAPE[0])))
    glass.show_view(pages[0])
    glass.fit_width()
    page = page_of(glass, desk)
    assert glass.view is not None
    assert width_of(glass.view.rect) == page.width
    assert covers(page_rect(page), glass.view.rect)
    assert glass.zoomed_in
