"""Every screen of the participant's program, in both languages and on small and large windows."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLineEdit, QPlainTextEdit, QWidget

from pageview import wording
from presenter.corrections_panel import CorrectionRow, rows_of
from presenter.join.window_state import Looking
from protocol.corrections import Correction
from tests.presenter.conftest import Shown
from tests.presenter.join.screens import CORRECTED, CORRECTIONS, SCREENS
from tests.presenter.screen_parts import LONG_ROOM
from tests.presenter.test_screens import SIZES, clipped, fits


def unreached(screen: QWidget) -> list[str]:
    """Controls without a name, too small to hit, or past which the Tab key goes."""
    reached = set()
    walker = screen.nextInFocusChain()
    while walker is not screen:
        if walker.focusPolicy() & Qt.FocusPolicy.TabFocus:
            reached.add(walker)
        walker = walker.nextInFocusChain()
    found = []
    for widget in screen.findChildren(QWidget):
        control = isinstance(widget, QAbstractButton | QLineEdit | QPlainTextEdit | QAbstractItemView)
        if not control or not widget.isVisible() or isinstance(widget.parentWidget(), QLineEdit):
            continue
        words = widget.accessibleName()
        if not words:
            found.append(f"{type(widget).__name__} without a name")
        if isinstance(widget, QAbstractButton) and min(widget.width(), widget.height()) < 44:
            found.append(f"{words} {widget.size()}")
        sign = widget.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        if widget not in reached and widget.isEnabled() and not sign:
            found.append(f"{words} is not reached by Tab")
    return found


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", SCREENS)
def test_nothing_is_clipped_and_every_control_has_a_name_a_place_to_hit_and_a_way_by_tab(
    shown: Shown, name: str, language: wording.Language
) -> None:
    screen = shown(SCREENS[name], SIZES[0], language)
    assert not clipped(screen)
    assert not unreached(screen)
    assert not [what for size in SIZES for what in fits(screen, size)]


def test_the_way_on_stands_out_only_where_it_leaves_nothing(shown: Shown) -> None:
    from tests.presenter.join.screens import FOLLOWING, FREELY

    screen = shown(SCREENS["window_following"], (1920, 1080))
    assert screen.footer.next.property("kind") == ""
    assert not screen.centre.back.isVisible()
    screen.show_state(FREELY)
    assert screen.footer.next.property("kind") == "primary"
    assert screen.centre.back.isVisible()
    assert screen.strip.pages.presented == 7
    screen.show_state(FOLLOWING)
    assert screen.strip.pages.presented is None
    assert FREELY.looking is Looking.FREELY


@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_row_of_corrections_is_wider_than_what_is_seen_of_the_list(
    shown: Shown, language: wording.Language
) -> None:
    screen = shown(SCREENS["window_corrections_typing"], (1366, 768), language)
    rows = [row for row in screen.side.corrections.findChildren(CorrectionRow) if row.isVisible()]
    assert [row.visibleRegion().boundingRect().width() - row.width() for row in rows] == [0] * len(
        CORRECTIONS
    )


def test_corrections_are_shown_and_nothing_but_their_place_is_offered(shown: Shown) -> None:
    screen = shown(SCREENS["window_corrections"], (1366, 768))
    side = screen.side
    assert [row.by for row in rows_of(CORRECTED, lambda page: page, 5)] == ["佐藤", LONG_ROOM, ""]
    rows = [row for row in side.corrections.findChildren(CorrectionRow) if row.isVisible()]
    assert len(rows) == 3
    assert not [key for row in rows for key in row.findChildren(QAbstractButton) if key.isVisible()]
    gone_to: list[Correction] = []
    side.corrections.chosen.connect(gone_to.append)
    QTest.mouseClick(rows[2], Qt.MouseButton.LeftButton)
    assert [each.page_id for each in gone_to] == [9]
    side.open_find()
    side.close_find()
    assert side.corrections_open and side.corrections.isVisible(), "the search gives its place back"
