"""Every row of docs/bad-input.md is named by a test, and no test names a row that is not there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent


def test_every_row_of_bad_input_is_held_by_a_test_that_names_it() -> None:
    document = (ROOT.parent / "docs" / "bad-input.md").read_text("utf-8")
    rows = [int(row) for row in re.findall(r"^\| (\d+) \|", document, re.MULTILINE)]
    assert rows == list(range(1, len(rows) + 1))
    sources = (file.read_text("utf-8") for file in ROOT.rglob("test_*.py"))
    named = {
        int(row) for text in sources for row in re.findall(r"@pytest\.mark\.bad_input\(row=(\d+)\)", text)
    }
    assert named == set(rows)
