"""A ground for tests that says nothing of itself, only what it was told."""

from __future__ import annotations

import sys


def main(_words: list[str]) -> int:
    for line in sys.stdin:
        print(line, end="", flush=True)
    return 0
