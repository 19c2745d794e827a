"""Pages side by side on a screen on the cable and on the console."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from pageview.beside import Half, Halves
from pageview.hand import MEDIUM, Use
from pageview.page_source import PageSource
from pageview.renderer import Renderer
from pageview.segments import SegmentStore
from presenter.console import Console
from presenter.second_screen import SecondScreen
from protocol.ink import Colour
from protocol.values import EditionPage, PageRef, Rect, Screen, View
from tests.presenter.conftest import Shown, settle
from tests.presenter.screens import SCREENS

PAGE = EditionPage(4, PageRef(bytes(32), 0), 60_000, 40_000)
HALF = Half(PAGE, View(4, Rect(0, 0, 60_000, 40_000)), "予算", "1ページ")


@pytest.mark.parametrize("hidden", [Screen.HIDDEN, Screen.WHITE, Screen.COVER])
def test_what_is_hidden_is_hidden_in_both_halves(qtbot: QtBot, hidden: Screen) -> None:
    renderer = Renderer(SegmentStore(), (64, 64), 2)
    source = PageSource(renderer)
    screens = SecondScreen(lambda: source)
    screens.show_screen(Screen.SHOW)
    screens.show_halves(Halves(HALF, HALF, True))
    screens.show_on(QGuiApplication.primaryScreen())
    assert screens._window is not None
    pages = screens._window.pages
    assert pages.halves is not None and pages.other.isVisible()
    screens.show_screen(hidden)
    assert pages.halves is None and not pages.other.isVisible()
    screens.show_screen(Screen.SHOW)
    assert pages.other.isVisible()
    screens.put_away()
    renderer.stop()


def test_a_pen_in_hand_has_room_for_its_choices_in_a_small_window(shown: Shown) -> None:
    screen = shown(SCREENS["console_beside"], (1366, 768))
    assert isinstance(screen, Console)
    screen.centre.choices.show_tool(Use.PEN, Colour.RED, MEDIUM, holds=False, private=False, chosen=False)
    screen.centre.page.hand.take_up(Use.PEN)
    settle()
    assert screen.minimumSizeHint().width() <= 1366
    assert screen.centre.alone.isVisible()
