"""By which the demo and the tests tell that a wall shows a page: it must not read what is no longer there."""

from __future__ import annotations

from PySide6.QtGui import QColor, QImage

from presenter.proof import mean_difference


def test_pictures_differ_by_their_colours_and_by_nothing_else() -> None:
    white, black = (QImage(1920, 1080, QImage.Format.Format_RGB32) for _ in range(2))
    white.fill(QColor("white"))
    black.fill(QColor("black"))
    assert mean_difference(white, white.copy()) == 0.0
    assert mean_difference(white, black) == 255.0
