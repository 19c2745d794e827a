"""`kamizero check`: one verdict a file, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pymupdf
import pytest

from pageview.check import Checker, main
from tests.pageview.papers import endless, many_pages, one_page


def verdicts(files: list[Path], capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, list[dict]]:
    status = main([*options, "--json", *map(str, files)])
    out, err = capsys.readouterr()
    assert not err
    return status, [json.loads(line) for line in out.splitlines()]


@pytest.mark.bad_input(row=45)
def test_each_kind_of_file_gets_its_verdict_and_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pymupdf.open(stream=one_page(), filetype="pdf") as doc:
        locked = doc.tobytes(encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="x", owner_pw="y")
    whole = many_pages(3)
    contents = {
        "資料.pdf": whole,
        "repaired.pdf": whole.replace(b"startxref", b"startxxxx"),
        "locked.pdf": locked,
        "empty.pdf": b"",
        "words.pdf": b"hello",
        "説明.pptx": b"PK",
        "表.XLSX": b"PK",
    }
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "folder.pdf").mkdir()
    os.mkfifo(tmp_path / "pipe.pdf")
    names = [*contents, "folder.pdf", "pipe.pdf", "missing.pdf"]
    status, lines = verdicts([tmp_path / name for name in names], capsys)
    assert status == 1
    assert [Path(line["file"]).name for line in lines] == names
    assert [(line["verdict"], line["pages"], line["sentence"]) for line in lines] == [
        ("ok", 3, "表示できます"),
        ("ok", 3, "壊れていた所を直して表示します"),
        ("password", 0, "パスワードが必要です"),
        ("damaged", 0, "壊れているため開けません"),
        ("damaged", 0, "壊れているため開けません"),
        ("refused", 0, "PDFで保存してから開いてください"),
        ("refused", 0, "PDFで保存してから開いてください"),
        ("refused", 0, "フォルダーです。PDFのファイルを選んでください"),
        ("refused", 0, "読めません。ファイルの権限を確かめてください"),
        ("refused", 0, "ファイルがありません。場所と名前を確かめてください"),
    ]
    assert all((line["first_page_ms"] is None) == (line["verdict"] != "ok") for line in lines)


def test_a_paper_that_hangs_is_given_up_and_the_next_one_is_checked(tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.pdf", tmp_path / "good.pdf"
    bad.write_bytes(endless())
    good.write_bytes(one_page())
    checker = Checker(deadline_s=1.0)
    try:
        findings = [checker.check(path) for path in (bad, good)]
    finally:
        checker.close()
    assert [finding.verdict for finding in findings] == ["refused", "ok"]
    assert findings[0].sentence == "このページは表示できません"


@pytest.mark.parametrize("option", ["--json", "--language=ja"])
@pytest.mark.bad_input(row=44)
def test_a_name_made_to_deceive_does_no_harm_to_a_terminal_or_an_encoding(
    tmp_path: Path, option: str
) -> None:
    """Row 44: a line of its own, colours, letters from right to left, bytes that are no text at all."""
    names = [b"a\nb.pdf", b"\x1b[31mred.pdf", "報告\u202efdp.exe.pdf".encode(), b"\xff\xfe.pdf"]
    places = [os.fsencode(tmp_path) + b"/" + name for name in names]
    done = subprocess.run(
        [sys.executable, "kamizero.py", "check", option, *places],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8:strict"},
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.rstrip("\n").split("\n")
    assert all(line.isprintable() for line in lines)
    if option == "--json":
        assert [os.fsencode(json.loads(line)["file"]) for line in lines] == places
    else:
        assert [line.partition(".pdf")[0].rpartition("/")[2] for line in lines] == [
            "ab",
            "[31mred",
            "報告fdp.exe",
            "",
        ]


def test_a_reader_that_goes_away_is_no_error_of_ours(tmp_path: Path) -> None:
    words = [sys.executable, "kamizero.py", "check", "--json", str(tmp_path / "missing.pdf")]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdout=pipe, stderr=pipe, cwd=Path(__file__).parents[2]) as checking:
        assert checking.stdout is not None
        assert checking.stderr is not None
        checking.stdout.close()
        assert checking.stderr.read() == b""
    assert checking.returncode == 1


def test_the_command_speaks_to_people_and_loads_no_window_system(tmp_path: Path) -> None:
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(many_pages(2))
    program = "import sys, kamizero; s = kamizero.main(sys.argv[1:]); sys.exit(s or 'PySide6' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program, "check", str(paper)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"○  {paper}: 表示できます（2ページ、最初のページまで")
    assert not done.stderr
