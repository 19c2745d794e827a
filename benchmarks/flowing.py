"""Papers of running text, as an office's program saves them: the same paragraphs, set anew each time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pymupdf

import assets
from benchmarks.rewritten import Author

PAGE = pymupdf.paper_rect("a4")
MARGIN, SIZE, LEADING, SIGNS, LINES = 62.0, 11.0, 20.0, 42, 34


def flowing(paragraphs: Sequence[str], signs: int = SIGNS) -> bytes:
    """A PDF of these paragraphs, ``signs`` to a line. Breaks between pages are where they fall."""
    lines = [part for words in paragraphs for part in _lines(words, signs)]
    font = pymupdf.Font(fontfile=str(assets.PAPER_GOTHIC))
    paper = pymupdf.open()
    for start in range(0, max(1, len(lines)), LINES):
        page = paper.new_page(width=PAGE.width, height=PAGE.height)
        writer = pymupdf.TextWriter(page.rect)
        for row, line in enumerate(lines[start : start + LINES]):
            writer.append((MARGIN, MARGIN + SIZE + row * LEADING), line, font=font, fontsize=SIZE)
        writer.append((PAGE.width / 2, PAGE.height - 36), str(len(paper)), font=font, fontsize=SIZE)
        writer.write_text(page)
    paper.subset_fonts()
    data: bytes = paper.tobytes(garbage=3, deflate=True)
    return data


def paragraphs(count: int) -> list[str]:
    """Paragraphs of a few lines, each with a sum of its own in the first: 費用1000万円, 費用1037万円, …"""
    author = Author(1)
    texts = ["".join(sign for _, sign in author.paragraph(30)) for _ in range(count)]
    return [f"{n + 1}　{text[:12]}費用{1_000 + 37 * n}万円{text[12:]}" for n, text in enumerate(texts)]


def save(file: Path, data: bytes) -> None:
    """As programs save: a new file takes the old one's name."""
    beside = file.with_name(f".{file.name}.new")
    beside.write_bytes(data)
    beside.replace(file)


def _lines(words: str, signs: int) -> list[str]:
    return [words[at : at + signs] for at in range(0, len(words), signs)]
