"""Makes the three sample papers anew: `python -m assets.papers.make [FOLDER]`."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pymupdf
from PySide6.QtCore import QHashSeed
from PySide6.QtGui import QGuiApplication, QRawFont

import assets
from assets.papers import budget, memo, screens
from assets.papers.typeset import Sheet

DATE = "D:20261124090000+09'00'"
FACES = (
    *(assets.SCREEN_REGULAR, assets.SCREEN_BOLD),
    *(assets.PAPER_GOTHIC, assets.PAPER_GOTHIC_BOLD, assets.PAPER_MINCHO),
)


def main() -> None:
    """Writes the papers into the folder named on the command line, or where the program looks for them."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # The order in which Qt writes fonts follows its hash seed: the files are to be the same each time.
    QHashSeed.setDeterministicGlobalSeed()
    app = QGuiApplication(sys.argv[:1])
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else assets.PAPERS
    for sample, make, author in (
        (assets.SAMPLE_BUDGET, budget.make, "総務部 財政課"),
        (assets.SAMPLE_WIDE, screens.make, "総務部 行政経営課"),
        (assets.SAMPLE_MEMO, memo.make, "危機管理課"),
    ):
        file = folder / sample.name
        finish(file, make(file), author)
    app.quit()


def finish(file: Path, sheet: Sheet, author: str) -> None:
    """Gives the paper its outline, language and date, and letters that can be searched; makes it small."""
    paper = pymupdf.open(stream=file.read_bytes())
    _name_the_letters(paper, sheet.letters)
    paper.set_toc([[1, title, page] for page, title in sheet.outline])
    paper.set_metadata(
        {"title": file.stem, "author": author, "creationDate": DATE, "modDate": DATE, "producer": "Kamizero"}
    )
    paper.del_xml_metadata()
    paper.xref_set_key(-1, "ID", "null")
    paper.set_language("ja")
    paper.save(file, garbage=4, deflate=True, use_objstms=1, no_new_id=True)


def _name_the_letters(paper: pymupdf.Document, letters: set[str]) -> None:
    """Mends the names of letters: Qt writes 日 as the radical U+2F47, which has the same glyph."""
    faces = [QRawFont(str(face), 16) for face in FACES]
    drawn = [
        {tuple(face.glyphIndexesForString(letter)): letter for letter in sorted(letters)} for face in faces
    ]

    def named(match: re.Match[bytes]) -> bytes:
        letter = chr(int(match[1], 16))
        if letter in letters or not letter.strip("\0"):
            return match[0]
        for face, known in zip(faces, drawn, strict=True):
            same = known.get(tuple(face.glyphIndexesForString(letter)))
            if same and face.supportsCharacter(ord(letter)):
                return b"<%04X>" % ord(same)
        return match[0]

    for number in range(1, paper.xref_length()):
        kind, value = paper.xref_get_key(number, "ToUnicode")
        if kind == "xref":
            stream = int(value.split()[0])
            head, mark, names = paper.xref_stream(stream).partition(b"beginbfrange")
            paper.update_stream(
                stream, head + mark + re.sub(rb"(?<=[\[ ])<([0-9A-F]{4})>(?=[ \]])", named, names)
            )


if __name__ == "__main__":
    main()
