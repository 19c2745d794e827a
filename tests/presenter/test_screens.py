"""Every screen, in both languages and on small and large windows: whole, named, and for the keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from pageview import wording
from presenter.buttons import ToolKey, WideButton
from presenter.labels import Elided, Label
from tests.presenter.conftest import Shown
from tests.presenter.screens import SCREENS

SIZES = ((1280, 672), (1366, 768), (1920, 1080))


def scrolls(widget: QWidget, top: QWidget) -> bool:
    """Whether it stands in something that can be scrolled to it."""
    walker = widget.parentWidget()
    while walker is not None and walker is not top:
        if isinstance(walker, QAbstractScrollArea):
            return True
        walker = walker.parentWidget()
    return False


def clipped(screen: QWidget) -> list[str]:
    """What does not get the room that its words need, or stands outside the window."""
    found = []
    for widget in screen.findChildren(QWidget):
        if not widget.isVisible() or widget.width() == 0:
            continue
        area = QRect(widget.mapTo(screen, QPoint(0, 0)), widget.size())
        inside = screen.rect().contains(area) or scrolls(widget, screen)
        words = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
        if words and not inside and widget.objectName() != "focusRing":
            found.append(f"outside {words!r} {area}")
        if isinstance(widget, QSpinBox) and (field := widget.lineEdit()) is not None:
            need = field.fontMetrics().horizontalAdvance(widget.text())
            if field.width() < need or field.height() < field.fontMetrics().height():
                found.append(f"number {widget.text()!r} in {field.size()} needs {need}")
        if isinstance(widget, QLabel) and words and not isinstance(widget, Elided):
            need = widget.heightForWidth(widget.width()) if widget.wordWrap() else widget.sizeHint().height()
            if need > widget.height() + 1 or (
                not widget.wordWrap() and widget.sizeHint().width() > widget.width() + 1
            ):
                found.append(f"label {words!r} {widget.size()} needs {widget.sizeHint()}, {need}")
        is_button = isinstance(widget, QPushButton | ToolKey) and not isinstance(widget, WideButton)
        if is_button and words and widget.sizeHint().width() > widget.width() + 1:
            found.append(f"button {words!r} {widget.width()} needs {widget.sizeHint().width()}")
    return found


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", SCREENS)
def test_nothing_is_clipped(
    shown: Shown, name: str, size: tuple[int, int], language: wording.Language
) -> None:
    screen = shown(SCREENS[name], None if name.startswith("sheet") else size, language)
    if not name.startswith("sheet"):
        assert (screen.width(), screen.height()) == size, "the window cannot be that small"
    assert not clipped(screen)


@pytest.mark.parametrize("name", SCREENS)
def test_every_control_has_a_name_and_a_place_to_hit(shown: Shown, name: str) -> None:
    screen = shown(SCREENS[name], None if name.startswith("sheet") else (1366, 768))
    for widget in screen.findChildren(QWidget):
        if not widget.isVisible() or widget.window() is not screen:
            continue
        if isinstance(widget, QAbstractButton) and widget.objectName() != "qt_spinbox_lineedit":
            assert widget.accessibleName() or widget.text(), f"{type(widget).__name__} without a name"
            if not isinstance(widget.parentWidget(), QLineEdit):
                assert min(widget.width(), widget.height()) >= 44, (
                    f"{widget.accessibleName()} {widget.size()}"
                )
        if isinstance(widget, QLineEdit | QPlainTextEdit | QSpinBox) and not isinstance(
            widget.parentWidget(), QSpinBox
        ):
            assert widget.accessibleName(), f"{type(widget).__name__} without a name"


@pytest.mark.parametrize("name", ["start_stages", "rooms", "ready", "console", "people_waiting", "end"])
def test_every_control_is_reached_by_tab(shown: Shown, name: str) -> None:
    screen = shown(SCREENS[name], (1920, 1080))
    screen.activateWindow()
    wanted = {
        widget
        for widget in screen.findChildren(QWidget)
        if isinstance(widget, QAbstractButton | QLineEdit | QPlainTextEdit | QAbstractItemView)
        and widget.isVisible()
        and widget.isEnabled()
        and not isinstance(widget.parentWidget(), QLineEdit)
    }
    reached = set()
    walker = screen.nextInFocusChain()
    while walker is not screen:
        if walker.focusPolicy() & Qt.FocusPolicy.TabFocus:
            reached.add(walker)
        walker = walker.nextInFocusChain()
    assert not [f"{type(widget).__name__} {widget.accessibleName()}" for widget in wanted - reached]


def test_words_follow_the_language_while_a_screen_is_shown(shown: Shown, dressed: QApplication) -> None:
    from pageview import translator

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wording, "_listeners", [])
        translator.install(dressed)
        screen = shown(SCREENS["console"], (1920, 1080))
        before = {label.text() for label in screen.findChildren(Label)}
        assert "手元メモ" in before
        wording.set_language("en")
        for _ in range(4):
            dressed.processEvents()
        texts = {label.text() for label in screen.findChildren(Label) if label.isVisible()}
        assert "Private notes" in texts
        assert "Next page" in texts
        keys = {key.text() for key in screen.findChildren(ToolKey)}
        assert {"Hold screen", "Hide screen", "Free viewing: on"} <= keys
        wording.set_language("ja")
        dressed.processEvents()
