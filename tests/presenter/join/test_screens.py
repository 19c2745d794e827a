"""Every screen of the participant's program, in both languages and on small and large windows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from pageview import theme, wording
from pageview.focus_ring import FocusRing
from presenter.english import ENGLISH as DESK_ENGLISH
from presenter.join.english import ENGLISH
from presenter.join.window_state import Looking
from tests.presenter.join.screens import SCREENS
from tests.presenter.test_screens import SIZES, clipped


@pytest.fixture(scope="module")
def dressed(qapp: QApplication) -> Iterator[QApplication]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wording, "_english", DESK_ENGLISH | ENGLISH)
        theme.apply_desk(qapp)
        yield qapp
    qapp.setStyleSheet("")
    for ring in qapp.findChildren(FocusRing):
        qapp.focusChanged.disconnect(ring._moved)
        ring.deleteLater()


def shown(
    qtbot, dressed: QApplication, name: str, size: tuple[int, int], language: wording.Language
) -> QWidget:
    wording.set_language(language)
    screen = SCREENS[name]()
    qtbot.addWidget(screen)
    screen.resize(*size)
    screen.show()
    for _ in range(4):
        dressed.processEvents()
    return screen


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", SCREENS)
def test_nothing_is_clipped(
    qtbot, dressed: QApplication, name: str, size: tuple[int, int], language: wording.Language
) -> None:
    screen = shown(qtbot, dressed, name, size, language)
    assert (screen.width(), screen.height()) == size, "the window cannot be that small"
    assert not clipped(screen)


@pytest.mark.parametrize("name", SCREENS)
def test_every_control_has_a_name_a_place_to_hit_and_a_way_by_tab(
    qtbot, dressed: QApplication, name: str
) -> None:
    screen = shown(qtbot, dressed, name, (1366, 768), "ja")
    reached = set()
    walker = screen.nextInFocusChain()
    while walker is not screen:
        if walker.focusPolicy() & Qt.FocusPolicy.TabFocus:
            reached.add(walker)
        walker = walker.nextInFocusChain()
    for widget in screen.findChildren(QWidget):
        control = isinstance(widget, QAbstractButton | QLineEdit | QPlainTextEdit | QAbstractItemView)
        if not control or not widget.isVisible() or isinstance(widget.parentWidget(), QLineEdit):
            continue
        assert widget.accessibleName(), f"{type(widget).__name__} without a name"
        if isinstance(widget, QAbstractButton):
            assert min(widget.width(), widget.height()) >= 44, f"{widget.accessibleName()} {widget.size()}"
        sign = widget.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        assert widget in reached or not widget.isEnabled() or sign, widget.accessibleName()


def test_the_way_on_stands_out_only_where_it_leaves_nothing(qtbot, dressed: QApplication) -> None:
    from tests.presenter.join.screens import FOLLOWING, FREELY

    screen = shown(qtbot, dressed, "window_following", (1920, 1080), "ja")
    assert screen.footer.next.property("kind") == ""
    assert not screen.centre.back.isVisible()
    screen.show_state(FREELY)
    assert screen.footer.next.property("kind") == "primary"
    assert screen.centre.back.isVisible()
    assert screen.strip.pages.presented == 7
    screen.show_state(FOLLOWING)
    assert screen.strip.pages.presented is None
    assert FREELY.looking is Looking.FREELY
