"""Every screen, in both languages and on small and large windows: whole, named, and for the keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
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
from pytestqt.qtbot import QtBot

from pageview import wording
from presenter.buttons import ToolKey, WideButton
from presenter.console import Console
from presenter.labels import Elided, FewLines, Label
from presenter.strip import PageStrip
from tests.presenter.conftest import Shown, settle
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


def fits(screen: QWidget, size: tuple[int, int]) -> list[str]:
    """The same screen in a window of that size: what does not fit."""
    screen.resize(*size)
    settle()
    small = (screen.width(), screen.height()) != size
    return [f"{size}: {what}" for what in ["the window cannot be that small"] * small + clipped(screen)]


def unnamed(screen: QWidget) -> list[str]:
    """What a screen reader could not name, and keys too small to hit."""
    found = []
    for widget in screen.findChildren(QWidget):
        if not widget.isVisible() or widget.window() is not screen:
            continue
        words = widget.accessibleName()
        if isinstance(widget, QAbstractButton) and widget.objectName() != "qt_spinbox_lineedit":
            if not words and not widget.text():
                found.append(f"{type(widget).__name__} without a name")
            small = min(widget.width(), widget.height()) < 44
            if small and not isinstance(widget.parentWidget(), QLineEdit):
                found.append(f"{words} {widget.size()}")
        field = isinstance(widget, QLineEdit | QPlainTextEdit | QSpinBox)
        if field and not isinstance(widget.parentWidget(), QSpinBox) and not words:
            found.append(f"{type(widget).__name__} without a name")
    return found


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", SCREENS)
def test_nothing_is_clipped_and_every_control_has_a_name_and_a_place_to_hit(
    shown: Shown, name: str, language: wording.Language
) -> None:
    """First in the smallest window, as on the smallest laptop; then the person makes it larger."""
    sheet = name.startswith("sheet")
    screen = shown(SCREENS[name], None if sheet else SIZES[0], language)
    assert not clipped(screen)
    assert not unnamed(screen)
    assert not [what for size in SIZES if not sheet for what in fits(screen, size)]


class Painted(QObject):
    """Where a widget stood each time it was painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.places: list[QRect] = []
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            self.places.append(watched.geometry())
        return False


def test_a_bar_that_comes_is_painted_in_its_place_alone(shown: Shown) -> None:
    """The page paints itself at once: it must not take along what the layout has yet to put in its place."""
    screen = shown(SCREENS["console"], (1920, 1080))
    assert isinstance(screen, Console)
    painted = Painted(screen.finds)
    screen.finds.setVisible(True)
    settle()
    assert set(painted.places) == {screen.finds.geometry()}


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
        screen = shown(SCREENS["console"], SIZES[0])
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
        assert not clipped(screen)
        wording.set_language("ja")
        dressed.processEvents()


def test_words_that_become_fewer_give_their_lines_back(dressed: QApplication) -> None:
    wrapped, one_line, few = Label("", wrap=True), Elided(), FewLines(3, 16)
    for label in (wrapped, one_line):
        label.resize(300, 100)
        label.set_plain("点施策\n総額307億円と分野別の内訳、お諮りすること")
    assert wrapped.minimumHeight() > wrapped.fontMetrics().height()
    wrapped.set_plain("短い")
    assert wrapped.minimumHeight() == wrapped.heightForWidth(300) < 2 * wrapped.fontMetrics().height()
    assert "\n" not in one_line.text()
    few.resize(200, 100)
    few.set_plain("/home/" + "long-name-of-a-folder" * 4)
    assert few.sizeHint().height() == 3 * 24


def test_a_label_measures_its_words_once_for_each_width(
    dressed: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its claim has the window laid out anew, which ends in just such a change of its height."""
    label = Label("資料を開いて、会議室につなぎます。" * 4, wrap=True)
    qtbot.addWidget(label)
    label.resize(300, 400)
    label.show()
    needed, claimed = label.minimumHeight(), list[int]()
    monkeypatch.setattr(label, "setMinimumHeight", claimed.append)
    label.resize(300, 500)
    assert needed > 0
    assert not claimed
    label.resize(200, 500)
    assert claimed[-1] > 0
    label.set_words("別の文です。")
    assert len(claimed) == 4


def test_an_ampersand_in_a_name_is_shown_and_is_no_key(qtbot: QtBot) -> None:
    button = WideButton("", "cast", "primary", "lg")
    qtbot.addWidget(button)
    button.set_words("{room}とつなぐ", room="R&D会議室")
    for width, tip in ((600, ""), (100, "R&D会議室とつなぐ")):
        button.resize(width, 56)
        button.grab()  # it is told its size
        assert (button.toolTip(), button.accessibleName()) == (tip, "R&D会議室とつなぐ")
        assert button.text().count("&") in (0, 2)
        assert tip or button.text().strip() == "R&&D会議室とつなぐ"
    assert button.shortcut().isEmpty()


@pytest.mark.parametrize("dense", [False, True])
def test_the_page_that_is_shown_is_whole_in_the_strip(
    qtbot: QtBot, dressed: QApplication, dense: bool
) -> None:
    """Also the last one, in a height that is no number of whole pages."""
    strip = PageStrip(lambda *_: None)
    qtbot.addWidget(strip)
    strip.set_dense(dense)
    strip.resize(200, 531)
    strip.show()
    for current in (0, 15, 28, 29):
        strip.show_pages(range(30), current)
        dressed.processEvents()
        page = strip.visualRect(strip.currentIndex())
        assert page.top() >= 0
        assert page.bottom() < strip.viewport().height()
