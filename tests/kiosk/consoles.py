"""The folder of a console that has the facilities' key, made by the commands with which a house makes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.fleet import ca, ca_command

PASSPHRASE = "correct horse battery"


@pytest.fixture
def registered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`kamizero ca new` and `ca console`; its passphrase opens quickly."""
    folder = tmp_path / "fleet"
    monkeypatch.setattr(ca, "_ROUNDS", 1_000)
    for words in (["new"], ["console", "--name", "管財課 山﨑"]):
        assert ca_command.main(["--state", str(folder), *words], lambda _prompt: PASSPHRASE) == 0
    return folder
