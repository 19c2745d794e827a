"""A part of the screen is clipped while the window is away; it is there again whatever was done."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from presenter.lookup import screen_clip
from presenter.lookup.preview import Preview
from presenter.lookup.screen_clip import ScreenClip


@pytest.mark.parametrize("taken", [True, False])
def test_what_lies_behind_the_window_is_clipped_and_the_window_comes_back(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, taken: bool
) -> None:
    monkeypatch.setattr(screen_clip, "GONE_MS", 0)
    behind, window = QLabel("資料"), QWidget()
    for widget in (behind, window):
        qtbot.addWidget(widget)
        widget.show()
    clip = ScreenClip(window)
    came: list[QImage] = []
    clip.taken.connect(came.append)
    clip.begin()
    assert window.isHidden()

    def sheet() -> Preview | None:
        tops = QGuiApplication.instance().topLevelWidgets()  # type: ignore[union-attr]
        return next((found for top in tops for found in top.findChildren(Preview)), None)

    qtbot.waitUntil(lambda: sheet() is not None)
    preview = sheet()
    assert preview is not None and preview.clipping
    assert any("Escでやめます" in said.text() for said in preview.window().findChildren(QLabel))
    qtbot.keyClick(preview, Qt.Key.Key_Return if taken else Qt.Key.Key_Escape)
    assert window.isVisible() and QGuiApplication.quitOnLastWindowClosed()
    assert bool(came) is taken
    whole = window.screen().size()
    assert not came or 0 < came[0].width() < whole.width()
