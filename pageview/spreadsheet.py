"""A table as a file for spreadsheets: CSV in UTF-8 with the mark by which they know it, no cell a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

FORMULA = re.compile(r"[=+\-@\t\r](?![\d.,]+[%％]?$)")
"""What a spreadsheet takes for the beginning of a formula; a number with its sign is none."""


def spreadsheet(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    """``heads`` of the columns, then a line for each row."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(heads)
    for row in rows:
        writer.writerow([f"'{cell}" if FORMULA.match(cell) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig", "replace")
