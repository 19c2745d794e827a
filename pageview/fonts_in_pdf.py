"""Japanese fonts for papers that name one without carrying it (MS-Mincho and its like, everyday in offices).

MuPDF's own fallback has one CJK face in Chinese shapes. Here its hook is given the bundled fonts instead.
For the render process only; ``install`` before the cage shuts.
"""

from __future__ import annotations

import mmap
import re
import unicodedata
from dataclasses import astuple, dataclass
from pathlib import Path

import pymupdf

import assets

mupdf = pymupdf.mupdf

ADOBE_JAPAN1 = 2
GOTHIC = re.compile(
    r"goth|kaku|maru|sans|meiryo|ゴシック|arial|helv|verdana|tahoma|calibri|segoe|roboto|univers|frutig|futura",
    re.IGNORECASE,
)
MINCHO = re.compile(r"min(cho|pr[o56]|std|a\d|[-,]|$)|serif|明朝", re.IGNORECASE)
BOLD = re.compile(r"bold|heavy|black|demi|w[6-9]\b|-[bhu]\b|gothicmb|midashi|見出", re.IGNORECASE)


@dataclass(frozen=True)
class Faces:
    """What stands in for a kind of font."""

    mincho: Path
    gothic: Path
    gothic_bold: Path


# The widths that a paper gives are those of the font it names: a face of other proportions runs letters
# together or tears them apart.
KINDS = (
    # Kana, letters and figures each of their own width, as in MS PGothic and MS PMincho.
    (
        re.compile(r"p ?(gothic|mincho|ゴシック|明朝)|hg[ps]|udp", re.IGNORECASE),
        Faces(assets.PAPER_MINCHO, assets.PAPER_GOTHIC, assets.PAPER_GOTHIC_BOLD),
    ),
    # Kana of a full em, letters and figures of their own width: everything newer.
    (
        re.compile(r"meiryo|メイリオ|\byu ?(go|mi)|游|hira|koz|noto|pr[o56]", re.IGNORECASE),
        Faces(assets.PAPER_MINCHO_FIXED, assets.SCREEN_REGULAR, assets.SCREEN_BOLD),
    ),
    # Letters and figures of half an em: MS Gothic, MS Mincho, and the printers' fonts before them.
    (
        re.compile(""),
        Faces(assets.PAPER_MINCHO_FIXED, assets.PAPER_GOTHIC_FIXED, assets.PAPER_GOTHIC_FIXED_BOLD),
    ),
)

_files: dict[Path, memoryview] = {}


def install() -> None:
    """Maps the bundled fonts (shared with every other process that does) and answers MuPDF's questions."""
    for path in {path for _, faces in KINDS for path in astuple(faces)}:
        with path.open("rb") as file:
            _files[path] = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    mupdf.fz_install_load_system_font_funcs(f=_simple_font, f_cjk=_cjk_font, f_fallback=_fallback_font)


def face_for(name: str, *, serif: bool = False, bold: bool = False) -> Path:
    """Which bundled face stands in for a font of this name; the name counts more than ``serif``."""
    faces = next(faces for pattern, faces in KINDS if pattern.search(unicodedata.normalize("NFKC", name)))
    if is_mincho(name, serif=serif):
        return faces.mincho
    return faces.gothic_bold if bold or BOLD.search(name) else faces.gothic


def is_mincho(name: str, *, serif: bool) -> bool:
    """Whether a font has serifs: its name says more than the ``serif`` that its paper claims."""
    name = unicodedata.normalize("NFKC", name)
    return bool(MINCHO.search(name) or (serif and not GOTHIC.search(name)))


def face_data(face: Path) -> memoryview:
    """The bytes of a bundled face; KeyError for one that ``install`` has not mapped."""
    return _files[face]


def _simple_font(name: str, bold: int, italic: int, exact_metrics: int) -> object:
    """A font without Japanese encoding: only where its name is Japanese; Latin ones MuPDF has itself."""
    is_japanese = MINCHO.search(name) or re.search(r"^(ms|yu|biz)[- ]?u?d?p?goth|meiryo", name, re.IGNORECASE)
    return _load(face_for(name, bold=bool(bold))) if is_japanese or not name.isascii() else None


def _cjk_font(name: str, ordering: int, serif: int) -> object:
    return _load(face_for(name, serif=bool(serif))) if ordering == ADOBE_JAPAN1 else None


def _fallback_font(script: int, language: int, serif: int, bold: int, italic: int) -> object:
    """Glyphs that a synthesised appearance lacks: Japanese for kana and, unless said otherwise, for kanji."""
    kana_or_han = (mupdf.UCDN_SCRIPT_HIRAGANA, mupdf.UCDN_SCRIPT_KATAKANA, mupdf.UCDN_SCRIPT_HAN)
    other = (mupdf.FZ_LANG_zh_Hans, mupdf.FZ_LANG_zh_Hant, mupdf.FZ_LANG_ko, mupdf.FZ_LANG_zh)
    if script not in kana_or_han or language in other:
        return None
    return _load(face_for("Pro", serif=bool(serif), bold=bool(bold)))


def _load(path: Path) -> object:
    """A font object of its own for each PDF font: MuPDF writes that font's widths into it. Takes 0.1 ms."""
    data = _files[path]
    return mupdf.fz_new_font_from_memory(path.stem, mupdf.python_buffer_data(data), len(data), 0, 0)
