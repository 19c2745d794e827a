"""Which monitor is the wall, on machines with several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import QGuiApplication, QScreen


@dataclass(frozen=True, slots=True)
class Monitor:
    """What is known of a monitor: device pixels, and square millimetres (0 where it does not tell)."""

    name: str
    serial: str
    model: str
    pixels: int
    square_mm: float
    primary: bool


def choose(wanted: str, monitors: Sequence[Monitor]) -> int | None:
    """The index of the monitor to use: the wanted one, else the largest; None when there is none.

    `wanted`: `largest`, `primary`, or a name, serial number or model. Monitors without pixels do not count.
    """
    usable = [i for i, monitor in enumerate(monitors) if monitor.pixels > 0]
    if not usable:
        return None
    if wanted not in ("largest", "primary"):
        for i in usable:
            if wanted in (monitors[i].name, monitors[i].serial, monitors[i].model):
                return i
    if wanted == "primary":
        return next((i for i in usable if monitors[i].primary), usable[0])
    return max(usable, key=lambda i: (monitors[i].square_mm, monitors[i].pixels, monitors[i].primary))


def monitor_of(screen: QScreen) -> Monitor:
    """What Qt knows of it. A screen without a name is the one Qt invents while no monitor is plugged in."""
    size, mm, ratio = screen.size(), screen.physicalSize(), screen.devicePixelRatio()
    real = bool(screen.name()) or QGuiApplication.platformName() == "offscreen"
    return Monitor(
        screen.name(),
        screen.serialNumber(),
        screen.model(),
        round(size.width() * ratio) * round(size.height() * ratio) if real else 0,
        mm.width() * mm.height(),
        screen is QGuiApplication.primaryScreen(),
    )


def chosen_screen(wanted: str) -> QScreen | None:
    """The Qt screen to use now."""
    screens = QGuiApplication.screens()
    index = choose(wanted, [monitor_of(screen) for screen in screens])
    return None if index is None else screens[index]
