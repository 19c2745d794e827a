"""What a person is told of a paper that cannot be shown, or not as it is: the same words on every screen."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from pageview.wording import say
from protocol.errors import Fault

OFFICE = {
    *(".pptx", ".ppt", ".pptm", ".docx", ".doc", ".docm", ".xlsx", ".xls", ".xlsm"),
    *(".odp", ".odt", ".ods", ".jtd", ".jtdc", ".rtf"),
}


def clean_name(text: str, limit: int = 120) -> str:
    """A file's name as it may be shown: no control or direction signs, one line, cut in the middle."""
    signs = (" " if unicodedata.category(sign) == "Zs" else sign for sign in text)
    kept = "".join(sign for sign in signs if sign.isprintable() and sign not in _UNSEEN)
    kept = " ".join(kept.split()) or "…"
    if len(kept) <= limit:
        return kept
    return f"{kept[: limit - 13]}…{kept[-12:]}"


_UNSEEN = frozenset(
    chr(code)
    for start, end in (
        (0x200B, 0x200F),
        (0x202A, 0x202E),
        (0x2060, 0x206F),
        (0xFEFF, 0xFEFF),
        (0xFFF9, 0xFFFB),
    )
    for code in range(start, end + 1)
)


def is_office_file(path: Path) -> bool:
    """Whether the name is that of an office document, which must be made a PDF first."""
    return path.suffix.lower() in OFFICE


OFFICE_WORDS = "PDFで保存してから開いてください"
"""For office documents; to be said with `say`."""


def office_sentence() -> str:
    """The same in the present language."""
    return say(OFFICE_WORDS)


def is_no_pdf(path: Path, data: memoryview) -> bool:
    """Whether neither the name nor the beginning says PDF: a picture or a text, and nothing damaged."""
    named = path.suffix.lower() == ".pdf" or is_office_file(path)
    return not named and b"%PDF" not in bytes(data[:1024])


def fault_words(fault: Fault) -> str:
    """Why a paper, or a page of one, is not shown; to be said with `say`."""
    match fault:
        case Fault.PASSWORD:
            return "パスワードが必要です"
        case Fault.PAPER_DAMAGED | Fault.NO_PAGES:
            return "壊れているため開けません"
        case Fault.TOO_LARGE:
            return "大きすぎるため開けません"
        case _:
            return "このページは表示できません"


def sentence(fault: Fault) -> str:
    """The same in the present language."""
    return say(fault_words(fault))
