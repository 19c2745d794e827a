"""The desk is killed while a document is converted: nothing of converter and document remains."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from presenter import passing_folder, stage
from presenter.passing_folder import PassingFolder
from tests.kiosk.rooms import alive
from tests.presenter.office import word

MARK = "marker of the document 6031"
# It copies as converters do, starts another process as LibreOffice's does, and hangs.
HANGS = """#!/bin/sh
eval "document=\\${$#}"
cp "$document" "$TMPDIR/unpacked"
sleep 1000 &
echo $$ $! $PPID > "%(pids)s.part" && mv "%(pids)s.part" "%(pids)s"
wait
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's place for temporary files, here and in what is started."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@contextmanager
def left_behind(temporary: Path) -> Iterator[Path]:
    """The folder of another program that uses it, until that one is killed."""
    script = (
        "import sys; from presenter.passing_folder import PassingFolder; f = PassingFolder();"
        "(f.path / 'copy').write_bytes(b'x'); print(f.path, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield Path(process.stdout.readline().strip())
        process.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_desk_that_is_killed_leaves_nothing_of_what_it_converted(
    temporary: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    pids = tmp_path / "pids"
    soffice = tmp_path / "bin" / "soffice"
    soffice.parent.mkdir()
    soffice.write_text(HANGS % {"pids": pids})
    soffice.chmod(0o755)
    monkeypatch.setenv("PATH", f"{soffice.parent}:{os.environ['PATH']}")
    document = word(tmp_path / "案.docx", [MARK])
    part = document.read_bytes()[100:160]
    holds = lambda: [each for each in temporary.rglob("*") if each.is_file() and part in each.read_bytes()]  # noqa: E731

    with stage.presenter(tmp_path / "desk", "--no-mdns", str(document), size="640x360") as desk:
        qtbot.waitUntil(pids.exists, timeout=60_000)
        assert len(holds()) == 2, "the search finds what is there"
        running = [int(each) for each in pids.read_text().split()]
        desk.kill()
        qtbot.waitUntil(lambda: not any(map(alive, running)), timeout=60_000)
    assert not holds()

    with left_behind(temporary) as of_another:
        ours = PassingFolder()
        passing_folder.sweep()
        assert {of_another, ours.path} == set(temporary.iterdir()), (
            "what is in use stays, what was left is gone"
        )
    passing_folder.sweep()
    assert [ours.path] == list(temporary.iterdir())
    ours.remove()


def test_only_what_is_ones_own_is_swept(temporary: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").write_bytes(b"x")
    (temporary / f"{passing_folder.PREFIX}link").symlink_to(elsewhere)
    (temporary / "of-others").mkdir()
    passing_folder.sweep()
    assert (elsewhere / "kept").exists() and len(list(temporary.iterdir())) == 2
