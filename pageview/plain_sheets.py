"""Texts without pages, in pieces of a page each. Pure."""

from __future__ import annotations

from collections.abc import Iterator

SHEET = 1_200
"""Signs of a text that make a page of it: where its pages end only its own program knows."""


def sheets(text: str) -> Iterator[str]:
    """A text in pieces of a page each, broken at line ends where there are any."""
    start = 0
    while start < len(text):
        end = min(start + SHEET, len(text))
        line = text.rfind("\n", start + SHEET // 2, end) + 1 if end < len(text) else 0
        end = line or end
        yield text[start:end].strip("\n")
        start = end
