"""The sample papers: whole, searchable, carrying their own fonts, and what our script makes."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from pathlib import Path

import pymupdf
import pytest

import assets

ROOT = Path(__file__).parent.parent.parent
SAMPLES = {
    assets.SAMPLE_BUDGET: (24, (842, 595), "河川監視カメラの更新時期を令和10年度に延ばす案について"),
    assets.SAMPLE_WIDE: (12, (960, 540), "会議室の番号は、使うたびに変わる。"),
    assets.SAMPLE_MEMO: (6, (595, 842), "夜間の参集を、職員の居住地に応じた三つの班に改める。"),
}


def words(paper: pymupdf.Document) -> list[str]:
    return [page.get_text() for page in paper]


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
def test_a_sample_paper_is_whole_small_and_searchable(file: Path) -> None:
    pages, size, sentence = SAMPLES[file]
    with pymupdf.open(file) as paper:
        assert len(paper) == pages
        assert {(round(page.rect.width), round(page.rect.height)) for page in paper} == {size}
        assert any(page.search_for(sentence) for page in paper)
        # Qt writes some letters as the radical of the same shape; nobody finds 日 by typing U+2F47.
        radicals = {c for text in words(paper) for c in text if unicodedata.name(c, "").startswith("KANGXI")}
        assert not radicals
        for page in paper:
            for number, kind, *_ in page.get_fonts():
                assert kind == "ttf", "embedded, so that every machine draws the same"
                assert paper.extract_font(number)[3]
    assert file.stat().st_size < 1_000_000


def test_the_script_still_makes_them(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "assets.papers.make", str(tmp_path)], cwd=ROOT, check=True)
    for file in SAMPLES:
        with pymupdf.open(file) as kept, pymupdf.open(tmp_path / file.name) as made:
            assert words(made) == words(kept), f"run python -m assets.papers.make and look at {file.name}"
