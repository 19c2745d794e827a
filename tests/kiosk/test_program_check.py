"""`--check` says what does not work, and does not begin what cannot. (That it passes: `tests/deploy`.)"""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from kiosk.supervisor import main


def test_settings_that_this_version_refuses_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "kiosk.toml"
    config.write_text('[room]\nnumber = 27\nname = "第三会議室"\nseats = 12\n', encoding="utf-8")
    assert main(["--check", "--config", str(config)]) == 1
    said = capsys.readouterr().out
    assert "✕ 設定を読める" in said
    assert "room.seats" in said


def test_a_program_that_ends_is_told_with_its_last_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho a library is missing >&2\nexit 1\n")
    broken.chmod(broken.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(sys, "executable", str(broken))
    assert main(["--check", "--config", str(tmp_path / "none.toml")]) == 1
    said = capsys.readouterr().out
    assert "✕ 画面が出る" in said
    assert "a library is missing" in said
