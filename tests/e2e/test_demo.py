"""The demo plays a whole briefing in real processes, and cannot pass when the wall shows something else."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QRect

from presenter.demo import PAPERS, STEPS
from presenter.proof import ALIKE, Proof
from protocol.values import Rect

WIDE = 480


def test_the_demo_plays_every_step_and_writes_its_report(tmp_path: Path) -> None:
    report = tmp_path / "new" / "report.json"
    words = ["demo", "--headless", "--report", str(report), "--evidence", str(tmp_path / "evidence")]
    done = subprocess.run([sys.executable, "-m", "kamizero", *words], capture_output=True, text=True)
    assert report.is_file(), done.stderr
    told = json.loads(report.read_text(encoding="utf-8"))
    assert told["ok"], "".join(
        f"{step['name']}: {step['detail']}" for step in told["steps"] if not step["ok"]
    )
    assert done.returncode == 0
    assert [step["name"] for step in told["steps"]] == list(STEPS)
    assert all(step["ms"] >= 0 and step["detail"] for step in told["steps"])
    assert all(Path(file).stat().st_size > 1_000 for file in told["screenshots"])
    for form in ("docx", "pdf"):
        found = [*(tmp_path / "evidence" / "filed").glob(f"*_打合せ記録.{form}")]
        assert found, "what was filed is there to be looked at"


def test_no_page_of_the_sample_papers_is_taken_for_its_neighbour(tmp_path: Path) -> None:
    with Proof(sorted(PAPERS.glob("*.pdf"))) as proof:
        shots = []
        for page in range(1, len(proof.sizes) + 1):
            width, height = proof.sizes[page - 1]
            place = QRect(0, 0, WIDE, WIDE * height // width)
            rect = Rect(0, 0, width, height)
            file = tmp_path / f"{page}.png"
            proof.drawn(page, rect, place.width(), place.height()).save(str(file))
            # Not always quite 0: a picture may be drawn from what was kept of it at another size.
            assert proof.difference(file, page, rect, place) < ALIKE / 10
            shots.append((page, rect, place, file))
        for one, other in pairwise(shots):
            page, rect, place, _ = one
            assert proof.difference(other[3], page, rect, place) > ALIKE, page
