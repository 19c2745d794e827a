"""Where the two windows of the demo stand on a person's desktop."""

from __future__ import annotations

FRAME = 40
"""What a window's title and edges may take of the desktop."""
DESK_LEAST = 1024
CONSOLE_LEAST = 1280, 672
"""Logical pixels that the console needs: on a small desktop it is drawn smaller."""


def beside(left: int, top: int, width: int, height: int) -> tuple[str, str, float]:
    """Where desk and wall go on a desktop of this place and size, for ``--windowed``; the desk's scale.

    The wall has a third of the width, or what the desk can spare; neither covers the other. What is said of
    the desk is in its own logical pixels: so many to one of the desktop's as the scale has it.
    """
    wall = max(320, min(width // 3, width - DESK_LEAST) - 8)
    desk = max(DESK_LEAST, width - wall - 8)
    high = wall * 9 // 16
    scale = min(1.0, desk / CONSOLE_LEAST[0], (height - FRAME) / CONSOLE_LEAST[1])
    own = [int(side / scale) for side in (desk, height - FRAME, left, top)]
    return "{}x{}+{}+{}".format(*own), f"{wall}x{high}+{left + width - wall - 4}+{top}", scale


def desktop() -> tuple[int, int, int, int]:
    """Left, top, width and height of what windows may use, in logical pixels."""
    from PySide6.QtGui import QGuiApplication

    app = QGuiApplication(["kamizero"])
    area = app.primaryScreen().availableGeometry()
    return area.x(), area.y(), area.width(), area.height()
