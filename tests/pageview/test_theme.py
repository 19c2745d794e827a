"""Tokens that people depend on: contrast, size for distance, the focus ring, sharp icons, bundled glyphs."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QRawFont
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget

import assets
from pageview import icons, theme
from pageview.focus_ring import FocusRing
from pageview.theme import Desk, Kiosk

ROOT = Path(__file__).parent.parent.parent


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast of two colours, 1…21."""

    def luminance(name: str) -> float:
        parts = QColor(name).getRgbF()[:3]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *((text, ground) for text in (Desk.TEXT, Desk.BODY, Desk.TEXT2) for ground in (Desk.BG, Desk.CARD)),
        *((Desk.PRIMARY, ground) for ground in (Desk.BG, Desk.PRIMARY_WEAK, Desk.PRIMARY_WEAK2)),
        *((Desk.CARD, ground) for ground in (Desk.PRIMARY, Desk.HOVER, Desk.ACTIVE)),
        (Desk.PLACEHOLDER, Desk.CARD),
        (Desk.DISABLED_TEXT, Desk.DISABLED_BG),
        (Desk.OK_TEXT, Desk.OK_BG),
        (Desk.WARN_TEXT, Desk.WARN_BG),
        (Desk.TEXT, Desk.WARN),
        (Desk.ERR, Desk.ERR_BG),
        *((text, Kiosk.INK_900) for text in (Kiosk.TEXT2, Kiosk.MUTED, Kiosk.OK, Kiosk.WARN, Kiosk.ERR)),
        *((Kiosk.TEXT2, ground) for ground in (Kiosk.RAIL, Kiosk.RAIL_KEY, Kiosk.INK_700)),
        (Kiosk.ON_TEXT, Kiosk.ON),
        (Kiosk.CODE_ROOM, Kiosk.CODE_PANEL),
        (Kiosk.CARD_TEXT2, Kiosk.CODE_PANEL),
    ],
)
def test_text_stands_out_from_its_ground(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize(
    ("width", "height", "dpr", "inches", "distance", "unit"),
    [
        (1920, 1080, 1, 55, 3, 1.0),
        (3840, 2160, 1, 55, 3, 2.0),
        (3840, 2160, 2, 55, 3, 1.0),
        (1920, 1080, 1, 55, 4, 4 / 3),
        (1920, 1080, 1, 43, 5, 1.5),
        (1920, 1080, 1, 86, 1, 0.85),
        (1920, 1200, 1, 55, 3, 1.0),
        (1366, 768, 1.5, 55, 3, 768 / 1080 / 1.5),
    ],
)
def test_words_keep_their_visual_angle(
    width: int, height: int, dpr: float, inches: float, distance: float, unit: float
) -> None:
    assert theme.unit(width, height, dpr, inches, distance) == pytest.approx(unit, rel=1e-3)


def test_the_bundled_faces_carry_rare_names_and_japanese_signs(qapp: QApplication) -> None:
    files = (assets.SCREEN_REGULAR, assets.SCREEN_BOLD)
    for file in files:
        face = QRawFont(str(file), 32)
        for character in "𠮷髙﨑葛辻直骨令誤角①㈱〜▲":
            assert face.supportsCharacter(ord(character)), f"{file.name} lacks {character}"


@pytest.fixture
def window(qapp: QApplication, qtbot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    column = QVBoxLayout(made)
    column.setContentsMargins(40, 40, 40, 40)
    for name, child in {
        "field": QLineEdit(),
        "key": QPushButton("説明を始める"),
        "other": QPushButton("戻る"),
    }.items():
        child.setObjectName(name)
        column.addWidget(child)
    ring = FocusRing(qapp, outer="#000000", inner="#FFD43D")
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    yield made
    qapp.focusChanged.disconnect(ring._moved)
    ring.deleteLater()


def ring_of(window: QWidget) -> QWidget | None:
    shown = [child for child in window.children() if child.objectName() == "focusRing" and child.isVisible()]
    return shown[0] if shown else None


def test_the_focus_ring_stands_round_the_focused_key_outside_of_it(window: QWidget, qtbot) -> None:
    key = window.findChild(QPushButton, "key")
    key.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lambda: ring_of(window) is not None)
    ring = ring_of(window)
    assert ring.geometry() == key.geometry().adjusted(-6, -6, 6, 6)
    picture = window.grab().toImage()
    middle = key.geometry().center().y()
    assert picture.pixelColor(key.geometry().left() - 4, middle) == QColor("#000000")
    assert picture.pixelColor(key.geometry().left() - 1, middle) == QColor("#FFD43D")
    window.resize(window.width() + 100, window.height())
    qtbot.waitUntil(lambda: ring.geometry() == key.geometry().adjusted(-6, -6, 6, 6))


def test_a_mouse_click_rings_fields_but_not_keys(window: QWidget, qtbot) -> None:
    qtbot.mouseClick(window.findChild(QPushButton, "key"), Qt.MouseButton.LeftButton)
    assert ring_of(window) is None
    qtbot.mouseClick(window.findChild(QLineEdit, "field"), Qt.MouseButton.LeftButton)
    assert ring_of(window) is not None


def test_icons_are_sharp_and_coloured_at_every_scale(qapp: QApplication) -> None:
    picture = icons.pixmap("close", "#CE0000", 24, 1.5)
    assert (picture.width(), picture.devicePixelRatio()) == (36, 1.5)
    image = picture.toImage()
    reds = [image.pixelColor(x, x) for x in range(36) if image.pixelColor(x, x).alpha() == 255]
    assert reds
    assert {color.name() for color in reds} == {"#ce0000"}
    with pytest.raises(KeyError, match="no_such_icon"):
        icons.icon("no_such_icon")


def test_every_icon_named_in_the_source_is_bundled_and_drawable(qapp: QApplication) -> None:
    known = {file.stem for file in assets.ICONS.glob("*.svg")}
    for name in known:
        assert icons._drawing(name, "#000000").isValid(), name
    for file in (f for package in ("kiosk", "presenter", "pageview") for f in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ("icon", "pixmap") and isinstance(node.args[0].value, str):
                assert node.args[0].value in known, f"{file.name}:{node.lineno}: {node.args[0].value}"
