"""Japanese fonts for papers that name one without carrying it (MS-Mincho and its like, everyday in offices).

MuPDF's own fallback has one CJK face in Chinese shapes. Here its hook is given the bundled fonts instead.
For the render process only; ``install`` before the cage shuts.
"""

from __future__ import annotations

import mmap
import re
from pathlib import Path

import pymupdf

import assets

mupdf = pymupdf.mupdf

ADOBE_JAPAN1 = 2
# Names of mincho faces: MS-Mincho, HiraMinProN, HeiseiMin, Ryumin, A-OTF Reimin, YuMincho, Noto Serif, 明朝 …
MINCHO = re.compile(
    r"min(cho|pro|std|-|,|\d|$)|hirami|heiseimi|ry[uo]+mi|reimi|serif|song|明朝", re.IGNORECASE
)
SANS = re.compile(r"sans", re.IGNORECASE)
BOLD = re.compile(r"bold|heavy|black|demi|w[6-9]\b|-[bhu]\b|gothicmb|gothicbb|midashi|見出し", re.IGNORECASE)

_files: dict[Path, memoryview] = {}


def install() -> None:
    """Maps the bundled fonts (shared with every other process that does) and answers MuPDF's questions."""
    for path in (assets.PAPER_GOTHIC, assets.PAPER_GOTHIC_BOLD, assets.PAPER_MINCHO):
        with path.open("rb") as file:
            _files[path] = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    mupdf.fz_install_load_system_font_funcs(f=_no_font, f_cjk=_cjk_font, f_fallback=_fallback_font)


def face_for(name: str, *, serif: bool = False, bold: bool = False) -> Path:
    """Which bundled face stands in for a font of this name."""
    if not SANS.search(name) and (serif or MINCHO.search(name)):
        return assets.PAPER_MINCHO
    return assets.PAPER_GOTHIC_BOLD if bold or BOLD.search(name) else assets.PAPER_GOTHIC


def _no_font(name: str, bold: int, italic: int, exact_metrics: int) -> object:
    """A simple font by name: MuPDF has its own for Latin ones; Japanese names get ours."""
    return None if name.isascii() and not _sounds_japanese(name) else _load(face_for(name, bold=bool(bold)))


def _sounds_japanese(name: str) -> bool:
    return bool(re.search(r"mincho|gothic.*(ms|yu)|(ms|yu).*gothic|meiryo", name, re.IGNORECASE))


def _cjk_font(name: str, ordering: int, serif: int) -> object:
    return _load(face_for(name, serif=bool(serif))) if ordering == ADOBE_JAPAN1 else None


def _fallback_font(script: int, language: int, serif: int, bold: int, italic: int) -> object:
    """Glyphs that a synthesised appearance lacks: Japanese for kana and, unless said otherwise, for kanji."""
    kana_or_han = (mupdf.UCDN_SCRIPT_HIRAGANA, mupdf.UCDN_SCRIPT_KATAKANA, mupdf.UCDN_SCRIPT_HAN)
    other = (mupdf.FZ_LANG_zh_Hans, mupdf.FZ_LANG_zh_Hant, mupdf.FZ_LANG_ko, mupdf.FZ_LANG_zh)
    if script not in kana_or_han or language in other:
        return None
    return _load(face_for("", serif=bool(serif), bold=bool(bold)))


def _load(path: Path) -> object:
    """A font object of its own for each PDF font: MuPDF writes that font's widths into it. Takes 0.1 ms."""
    data = _files[path]
    return mupdf.fz_new_font_from_memory(path.stem, mupdf.python_buffer_data(data), len(data), 0, 0)
