"""Screens as a person sees them: dressed, in either language."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from pageview import theme, wording
from pageview.english import ENGLISH as SHARED
from pageview.focus_ring import FocusRing
from presenter.english import ENGLISH
from presenter.join.english import ENGLISH as JOIN_ENGLISH

Shown = Callable[..., QWidget]


@pytest.fixture(scope="module")
def dressed(qapp: QApplication) -> Iterator[QApplication]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wording, "_english", SHARED | ENGLISH | JOIN_ENGLISH)
        theme.apply_desk(qapp)
        yield qapp
    qapp.setStyleSheet("")
    for ring in qapp.findChildren(FocusRing):
        qapp.focusChanged.disconnect(ring._moved)
        ring.deleteLater()


@pytest.fixture
def shown(qtbot: QtBot, dressed: QApplication) -> Shown:
    """``shown(make, size, language)``: what ``make()`` gives, laid out. ``size`` None: its own."""

    def show(
        make: Callable[[], QWidget], size: tuple[int, int] | None, language: wording.Language = "ja"
    ) -> QWidget:
        wording.set_language(language)
        screen = make()
        qtbot.addWidget(screen)
        if size is not None:
            screen.resize(*size)
        screen.show()
        settle()
        return screen

    return show


def settle() -> None:
    """What was asked of the screens so far is laid out."""
    for _ in range(4):
        QApplication.processEvents()
