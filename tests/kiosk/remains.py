"""A paper full of marks, and the search for them in everything that a kiosk leaves or runs."""

from __future__ import annotations

from pathlib import Path

import pymupdf
from PySide6.QtGui import QColor

from presenter.stage import Program
from tests.kiosk.rooms import memory_holds

TITLE, WORDS, COLOUR = "marker-of-the-title-5917", "marker of the page 5917", (0.0, 1.0, 1.0)
PIXELS = QColor.fromRgbF(*COLOUR).rgba().to_bytes(4, "little") * 100


def marked_paper(folder: Path) -> Path:
    """Three pages in a colour that nothing else has, with words that nobody else says."""
    paper = folder / f"{TITLE}.pdf"
    with pymupdf.open() as document:
        for _ in range(3):
            page = document.new_page()
            page.draw_rect(page.rect, color=COLOUR, fill=COLOUR)
            page.insert_text((72, 72), WORDS, fontsize=30)
        paper.write_bytes(document.tobytes(deflate=False))
    return paper


def markers(paper: Path) -> list[bytes]:
    """What is searched for: its title in both encodings, its words, its bytes, its pixels."""
    return [TITLE.encode(), TITLE.encode("utf-16-le"), WORDS.encode(), paper.read_bytes()[20:60], PIXELS]


def remains(wall: Program, folder: Path, paper: Path) -> list[str]:
    """Where a mark was found: in the kiosk's processes, its folder, or the system's shared memory."""
    marks = markers(paper)
    found = [f"process {pid}: {held!r}" for pid in wall.processes() if (held := memory_holds(pid, *marks))]
    for file in [*folder.rglob("*"), *Path("/dev/shm").glob("*")]:
        if file.is_file() and any(mark in file.read_bytes() for mark in marks):
            found.append(str(file))
    return found
