"""What a person is told of a paper that cannot be shown, or not as it is: the same words on every screen."""

from __future__ import annotations

from pathlib import Path

from pageview.wording import say
from protocol.errors import Fault

OFFICE = {
    *(".pptx", ".ppt", ".pptm", ".docx", ".doc", ".docm", ".xlsx", ".xls", ".xlsm"),
    *(".odp", ".odt", ".ods", ".jtd", ".jtdc", ".rtf"),
}


def is_office_file(path: Path) -> bool:
    """Whether the name is that of an office document, which must be made a PDF first."""
    return path.suffix.lower() in OFFICE


def office_sentence() -> str:
    """For office documents."""
    return say("PDFで保存してから開いてください")


def sentence(fault: Fault) -> str:
    """Why a paper, or a page of one, is not shown."""
    match fault:
        case Fault.PASSWORD:
            return say("パスワードが必要です")
        case Fault.PAPER_DAMAGED | Fault.NO_PAGES:
            return say("壊れているため開けません")
        case Fault.TOO_LARGE:
            return say("大きすぎるため開けません")
        case _:
            return say("このページは表示できません")
