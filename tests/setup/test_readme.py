"""What the two READMEs promise is there: the reason codes, the commands, the files they point to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import kamizero
from protocol.errors import Fault

ROOT = Path(__file__).parent.parent.parent
READMES = ("README.md", "README.ja.md")
LINKING = (*READMES, "deploy/README.ja.md", "docs/facilities.ja.md", "docs/network.ja.md")


@pytest.mark.parametrize("name", READMES)
def test_every_reason_code_is_explained_once(name: str) -> None:
    listed = [
        int(code) for code in re.findall(r"^\| (\d{3}) \|", (ROOT / name).read_text("utf-8"), re.MULTILINE)
    ]
    assert listed == sorted(map(int, Fault))


@pytest.mark.parametrize("name", READMES)
def test_every_command_is_listed(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert not [word for word in kamizero.WORDS if f"./run {word}" not in text]


@pytest.mark.parametrize("name", LINKING)
def test_what_is_linked_exists(name: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / name).read_text("utf-8"))
    assert links
    assert not [link for link in links if not (ROOT / name).parent.joinpath(link).exists()]
