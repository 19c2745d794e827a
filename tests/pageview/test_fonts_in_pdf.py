"""Fonts that a paper names without carrying them are drawn with ours: Japanese shapes, never Chinese ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

import assets
from pageview.fonts_in_pdf import face_for
from pageview.render_results import Frame, Opened
from pageview.renderer import Renderer
from pageview.segments import SegmentStore
from tests.pageview.papers import naming_font, opened, running, wish

CHARACTERS = "直骨令誤"
SIZE = 120
INK = 128


@pytest.fixture(scope="module")
def both(qapp: object) -> Iterator[tuple[SegmentStore, Renderer]]:
    """A store and its renderer, for all tests that leave them as they were."""
    with running() as pair:
        yield pair


def outlines(font: pymupdf.Font) -> bytes:
    """Grey pixels of the characters as a font draws them, where the paper has them."""
    with pymupdf.open() as doc:
        page = doc.new_page(width=595, height=842)
        for number, character in enumerate(CHARACTERS):
            writer = pymupdf.TextWriter(page.rect)  # one each: it would space out a fixed font by half ems
            writer.append((40 + SIZE * number, 342), character, font=font, fontsize=SIZE)
            writer.write_text(page)
        return bytes(page.get_pixmap(colorspace=pymupdf.csGRAY).samples)


def grey_pixels(image: QImage) -> bytes:
    """The same of a picture; Qt pads its lines to four bytes."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    pixels, stride = bytes(grey.constBits()), grey.bytesPerLine()
    return b"".join(pixels[stride * y : stride * y + grey.width()] for y in range(grey.height()))


def ink_in_common(one: bytes, other: bytes) -> float:
    """The share of the dark pixels of either that are dark in both."""
    first, second = ({n for n, grey in enumerate(pixels) if grey < INK} for pixels in (one, other))
    return len(first & second) / len(first | second)


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("MS-Mincho", assets.PAPER_MINCHO_FIXED),
        ("MS-Gothic", assets.PAPER_GOTHIC_FIXED),
        ("MS-PMincho", assets.PAPER_MINCHO),
        ("MS-PGothic,Bold", assets.PAPER_GOTHIC_BOLD),
        ("Meiryo", assets.SCREEN_REGULAR),
    ],
)
def test_characters_have_the_outlines_of_the_bundled_font(
    qtbot: QtBot, both: tuple[SegmentStore, Renderer], name: str, ours: Path
) -> None:
    store, renderer = both
    sha256 = store.add(naming_font(name, CHARACTERS, SIZE))
    assert isinstance(opened(qtbot, renderer, sha256), Opened)
    with qtbot.waitSignal(renderer.drawn, timeout=20_000) as answer:
        renderer.ask(wish(sha256))
    assert answer.args is not None
    frame: Frame = answer.args[0]
    picture = grey_pixels(frame.image)
    assert ink_in_common(picture, outlines(pymupdf.Font(fontfile=str(ours)))) > 0.97
    assert ink_in_common(picture, outlines(pymupdf.Font("cjk"))) < 0.8, "this is MuPDF's own fallback"


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("HeiseiMin-W3", assets.PAPER_MINCHO_FIXED),
        ("Ryumin-Light", assets.PAPER_MINCHO_FIXED),
        ("ＭＳ 明朝", assets.PAPER_MINCHO_FIXED),
        ("ＭＳ Ｐゴシック", assets.PAPER_GOTHIC),
        ("MS-Gothic,Bold", assets.PAPER_GOTHIC_FIXED_BOLD),
        ("HeiseiKakuGo-W5", assets.PAPER_GOTHIC_FIXED),
        ("GothicBBB-Medium", assets.PAPER_GOTHIC_FIXED),
        ("YuMincho", assets.PAPER_MINCHO_FIXED),
        ("HiraMinProN-W6", assets.PAPER_MINCHO_FIXED),
        ("HiraKakuProN-W6", assets.SCREEN_BOLD),
        ("YuGothic-Bold", assets.SCREEN_BOLD),
        ("NeverHeardOf", assets.PAPER_GOTHIC_FIXED),
    ],
)
def test_the_name_chooses_gothic_or_mincho_and_its_widths(name: str, ours: Path) -> None:
    assert face_for(name) == ours
    assert face_for(name, serif=True).name.startswith(("BIZUDMincho", "BIZUDPMincho")) == (
        "ゴシック" not in name and "Go" not in name and "Kaku" not in name
    )
