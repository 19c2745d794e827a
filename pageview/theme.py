"""Colours, sizes and type of both programs, after the design system of Japan's Digital Agency (DADS).

Desk sizes are logical pixels. Kiosk sizes are *units*: what `unit()` gives, so that words have the same
visual angle on every panel. Widgets choose their look by dynamic properties, see `apply_desk`.
"""

from __future__ import annotations

import sys
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

import assets
from pageview.desk_style import desk_sheet
from pageview.focus_ring import FocusRing

FAMILY: Final = "Noto Sans JP"
REGULAR: Final = QFont.Weight.Normal
BOLD: Final = QFont.Weight.Bold


class Kiosk:
    """The wall: dark, calm, low glare. Every text colour is ≥ 7:1 on INK_900."""

    INK_950: Final = "#050B1F"
    INK_900: Final = "#0A1430"
    INK_800: Final = "#111F45"
    INK_700: Final = "#1B2C5E"
    TEXT: Final = "#FFFFFF"
    TEXT2: Final = "#C5D7FB"
    MUTED: Final = "#9DB7F9"
    OK: Final = "#51B883"
    WARN: Final = "#FFD43D"
    ERR: Final = "#FF9696"
    FIX: Final = "#FF9696"
    SURROUND: Final = "#0B0D13"
    RAIL: Final = "#1A1E2B"
    RAIL_KEY: Final = "#262C3D"
    ON: Final = "#D9E6FF"
    ON_TEXT: Final = "#00118F"
    CARD: Final = "#FFFFFF"
    CARD_TEXT: Final = "#1A1A1A"
    CARD_TEXT2: Final = "#4D4D4D"
    CODE_PANEL: Final = "#E8F1FE"
    CODE: Final = "#00118F"
    CODE_ROOM: Final = "#34459C"
    DISC: Final = "#0017C1"

    # Type, in units.
    ROOM: Final = 168
    ROOM_EN: Final = 136
    ROOM_LEAST: Final = 96
    CLOCK: Final = 72
    CODE_SIZE: Final = 122
    CODE_SIZE_LONG: Final = 104
    PAGE_NUMBER: Final = 64
    TITLE: Final = 44
    STATUS: Final = 40
    BODY: Final = 36
    SECONDARY: Final = 32
    LABEL: Final = 24

    RADIUS_KEY: Final = 20
    RADIUS_PANEL: Final = 32
    MARGIN: Final = 96
    RAIL_HIDES_MS: Final = 6000


class Desk:
    """The presenter's window: light. Contrasts on CARD are in the design; none of text is below 4.5:1."""

    BG: Final = "#EEF1F6"
    CARD: Final = "#FFFFFF"
    SUNK: Final = "#F8F9FD"
    LINE: Final = "#D3D9E3"
    TEXT: Final = "#1A1A1A"
    BODY: Final = "#333333"
    TEXT2: Final = "#4D4D4D"
    BORDER: Final = "#666666"
    PLACEHOLDER: Final = "#767676"
    PRIMARY: Final = "#0017C1"
    HOVER: Final = "#00118F"
    ACTIVE: Final = "#000060"
    PRIMARY_WEAK: Final = "#E8F1FE"
    PRIMARY_WEAK2: Final = "#D9E6FF"
    DISABLED_BG: Final = "#E6E6E6"
    DISABLED_TEXT: Final = "#666666"
    OK: Final = "#197A4B"
    OK_BG: Final = "#E6F5EC"
    OK_TEXT: Final = "#115A36"
    WARN: Final = "#FFD43D"
    WARN_BG: Final = "#FBF5E0"
    WARN_TEXT: Final = "#6B5300"
    WARN_BORDER: Final = "#B58A00"
    ERR: Final = "#CE0000"
    ERR_BG: Final = "#FDEEEE"
    HIT: Final = "#FFE27A"

    # Type, in logical pixels.
    TEXT_SIZE: Final = 18

    TARGET: Final = 44
    HEADER: Final = 80
    FOOTER: Final = 96
    STRIP: Final = 212
    SIDE: Final = 520


FOCUS_BLACK: Final = "#000000"
FOCUS_YELLOW: Final = "#FFD43D"


def load_fonts() -> None:
    """Registers the bundled fonts with Qt; FileNotFoundError when the installation lacks one."""
    for file in (assets.SCREEN_REGULAR, assets.SCREEN_BOLD):
        if FAMILY not in QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(file))):
            raise FileNotFoundError(f"the bundled font {file.name} cannot be read")


def font(pixels: float, weight: QFont.Weight = REGULAR) -> QFont:
    """The bundled face at this height in logical pixels (not below 1); kana and brackets proportional."""
    made = QFont(FAMILY)
    made.setPixelSize(max(1, round(pixels)))
    made.setWeight(weight)
    made.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setFeature(QFont.Tag("palt"), 1)
    return made


def font_on_paper(pixels: float, weight: QFont.Weight = REGULAR) -> QFont:
    """The bundled face as on a page: every letter as wide as it is. Said outright, because a painter and a
    field take what a font says nothing of from their widget, and nothing measures so."""
    made = QFont(FAMILY)
    made.setPixelSize(max(1, round(pixels)))
    made.setWeight(weight)
    made.setFeature(QFont.Tag("palt"), 0)
    return made


def unit(width: int, height: int, dpr: float, inches: float = 55.0, distance_m: float = 3.0) -> float:
    """One kiosk unit in logical pixels, for a screen of `width`×`height` device pixels.

    1.0 on a 55″ screen of 1920×1080 seen from 3 m; words grow on farther or smaller panels (0.85…1.5).
    """
    return min(width / 1920, height / 1080) * viewing_factor(inches, distance_m) / dpr


def viewing_factor(inches: float, distance_m: float) -> float:
    """`k` of the design: how much larger must-read words are than on 55″ at 3 m."""
    return max(0.85, min(1.5, (distance_m / 3.0) * (55.0 / inches)))


def system_text_scale() -> float:
    """How much larger than usual the person has set the system's text, 1.0…2.0.

    Only Windows tells by its font (9 pt at 100 %); elsewhere the setting acts on the pixel ratio.
    """
    if sys.platform != "win32":
        return 1.0
    points = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).pointSizeF()
    return max(1.0, min(2.0, points / 9.0))


def high_contrast() -> bool:
    """Whether the person has asked the system for high contrast."""
    # The hints live only as long as the Python object that they were asked from.
    hints = QGuiApplication.styleHints()
    return hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast


def apply_desk(app: QApplication) -> None:
    """Dresses a desk program: fonts, palette, style sheet and focus ring. Call once, before the first window.

    Dynamic properties choose the look:
    - QPushButton: `kind` = primary | (none: outline) | text | danger | tool; `buttonSize` = lg | (none) | sm
    - QLabel: `role` = h1 | h2 | title | body | secondary | chip | keycap; `tone` = ok | warn | err | muted
    - QFrame: `role` = card | sunk | warn | header | footer | line | vline; QWidget: `role` = page
    - QLineEdit: `state` = error
    """
    load_fonts()
    scale = system_text_scale()
    app.setStyle("Fusion")
    app.setFont(font(Desk.TEXT_SIZE * scale))
    app.setPalette(_palette(high_contrast()))
    app.setStyleSheet(desk_sheet(Desk, FAMILY, scale, high_contrast()))
    FocusRing(app, outer=FOCUS_BLACK, inner=FOCUS_YELLOW)


def apply_kiosk(app: QApplication) -> None:
    """Dresses the kiosk: fonts, a dark palette, the focus ring turned round for dark ground."""
    load_fonts()
    app.setStyle("Fusion")
    app.setFont(font(Kiosk.BODY))
    colours = QPalette()
    for role, colour in {
        QPalette.ColorRole.Window: Kiosk.INK_900,
        QPalette.ColorRole.Base: Kiosk.INK_800,
        QPalette.ColorRole.Button: Kiosk.RAIL_KEY,
        QPalette.ColorRole.WindowText: Kiosk.TEXT,
        QPalette.ColorRole.Text: Kiosk.TEXT,
        QPalette.ColorRole.ButtonText: Kiosk.TEXT,
        QPalette.ColorRole.Highlight: Kiosk.ON,
        QPalette.ColorRole.HighlightedText: Kiosk.ON_TEXT,
    }.items():
        colours.setColor(role, QColor(colour))
    app.setPalette(colours)
    FocusRing(app, outer=FOCUS_YELLOW, inner=FOCUS_BLACK)


def restyle(widget: QWidget, **properties: object) -> None:
    """Sets dynamic properties on a widget that is already shown and makes the style sheet look again."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def _palette(contrast: bool) -> QPalette:
    colours = QPalette()
    for role, colour in {
        QPalette.ColorRole.Window: Desk.BG,
        QPalette.ColorRole.WindowText: "#000000" if contrast else Desk.TEXT,
        QPalette.ColorRole.Base: Desk.CARD,
        QPalette.ColorRole.AlternateBase: Desk.SUNK,
        QPalette.ColorRole.Text: "#000000" if contrast else Desk.TEXT,
        QPalette.ColorRole.PlaceholderText: Desk.TEXT2 if contrast else Desk.PLACEHOLDER,
        QPalette.ColorRole.Button: Desk.CARD,
        QPalette.ColorRole.ButtonText: Desk.PRIMARY,
        QPalette.ColorRole.Highlight: Desk.PRIMARY,
        QPalette.ColorRole.HighlightedText: Desk.CARD,
        QPalette.ColorRole.Link: Desk.PRIMARY,
        QPalette.ColorRole.LinkVisited: Desk.PRIMARY,
        QPalette.ColorRole.ToolTipBase: Desk.TEXT,
        QPalette.ColorRole.ToolTipText: Desk.CARD,
    }.items():
        colours.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        colours.setColor(QPalette.ColorGroup.Disabled, role, QColor(Desk.DISABLED_TEXT))
    return colours
