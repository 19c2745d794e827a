"""The rooms of the house stay apart: read from the imports of the source, not from memory."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROGRAM = ("assets", "kiosk", "pageview", "presenter", "protocol")
ROOMS = {*PROGRAM, "benchmarks", "tests", "kamizero"}

# The pure core says what is true; it moves no bytes, draws nothing and reads no clock.
NOT_IN_THE_CORE = {
    *("PySide6", "pymupdf", "fitz", "websockets", "zeroconf", "asyncio", "socket", "ssl", "threading"),
    *("time", "multiprocessing", "subprocess", "os", "pathlib", "platformdirs"),
}
SETTINGS = ("kiosk.settings", "kiosk.settings_checks", "kiosk.english")
"""What a display may be set to, and the English of it: the console judges its templates by the same words."""
MAY_IMPORT = {
    "assets": {"assets"},
    "protocol": {"protocol"},
    "protocol.transport": {"protocol", "protocol.transport"},
    "pageview": {"assets", "pageview", "protocol", "protocol.transport"},
    "kiosk": {"assets", "kamizero", "kiosk", *SETTINGS, "pageview", "protocol", "protocol.transport"},
    **{each: {"kiosk", *SETTINGS, "pageview"} for each in SETTINGS},
    "kiosk.fleet": {"assets", "kiosk.fleet", *SETTINGS, "pageview", "protocol", "protocol.transport"},
    "presenter": {"assets", "presenter", "pageview", "protocol", "protocol.transport"},
    "presenter.join": {"presenter", "presenter.join", "pageview", "protocol", "protocol.transport"},
}
APART = ("protocol.transport", "presenter.join", "kiosk.fleet", *SETTINGS)
"""Rooms within a folder of another."""


DOCUMENT = (ROOT / "docs" / "architecture.md").read_text("utf-8")
NAMED = re.compile(r"`([^`]+)`")
HOP = re.compile(r"`([\w/]+\.py(?::\w+(?:\.\w+)?)?)`")


def sources(*folders: str) -> list[Path]:
    return [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]


@cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_bytes(), str(file))


def imported(file: Path) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of everything the file imports, wherever in it the import stands."""
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield node.lineno, name.name
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: relative import"
            for name in node.names:
                yield node.lineno, f"{node.module}.{name.name}"


def room(dotted: str) -> str:
    """The room that a module or an imported name belongs to."""
    apart = (name for name in APART if f"{dotted}.".startswith(f"{name}."))
    return next(apart, dotted.split(".")[0])


def test_every_room_imports_only_the_rooms_below_it() -> None:
    wrong = []
    for file in sources(*PROGRAM):
        here = room(".".join(file.relative_to(ROOT).with_suffix("").parts))
        for line, name in imported(file):
            if room(name).split(".")[0] in ROOMS and room(name) not in MAY_IMPORT[here]:
                wrong.append(f"{file.relative_to(ROOT)}:{line} imports {name}")
    assert not wrong


def test_the_document_draws_the_house_as_it_is_enforced() -> None:
    table = DOCUMENT.partition("\n## What a")[0]
    drawn = {
        name: {name, *NAMED.findall(others)}
        for rooms, others in re.findall(r"^\| (`[^|]+`) \| ([^|]+) \|$", table, re.MULTILINE)
        for name in NAMED.findall(rooms)
    }
    assert drawn == {name: {name, *others} for name, others in MAY_IMPORT.items()}


def test_every_hop_of_the_document_is_found_in_the_code() -> None:
    assert not [hop for hop in HOP.findall(DOCUMENT) if not _is_there(*hop.partition(":")[::2])]


def _is_there(file: str, name: str) -> bool:
    """Whether the file has that class or function, or that class this function."""
    if not (ROOT / file).is_file():
        return False
    body: list[ast.stmt] = parsed(ROOT / file).body
    for part in filter(None, name.split(".")):
        kinds = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        found = next((each for each in body if isinstance(each, kinds) and each.name == part), None)
        if found is None:
            return False
        body = found.body
    return True


def test_every_file_of_the_documents_rooms_is_there() -> None:
    missing = []
    for folder, text in re.findall(r"^### ([\w/]+):.*\n((?:(?!##).*\n)*)", DOCUMENT, re.MULTILINE):
        for line in text.splitlines():
            inner = re.match(r"\| `(\w+)/` ", line)
            place = ROOT / folder / (inner[1] if inner else "")
            names = [name for name in NAMED.findall(line) if name.isidentifier()]
            missing += [f"{place}/{name}" for name in names if not (place / f"{name}.py").exists()]
    assert not missing


def test_the_core_touches_no_socket_no_clock_no_window() -> None:
    wrong = [
        f"{file.relative_to(ROOT)}:{line} imports {name}"
        for file in sorted((ROOT / "protocol").glob("*.py"))
        for line, name in imported(file)
        if name.split(".")[0] in NOT_IN_THE_CORE
    ]
    assert not wrong


@pytest.mark.parametrize("program", ["kiosk.app", "presenter.app", "pageview.check"])
def test_no_program_with_a_window_loads_the_parser(program: str) -> None:
    """pymupdf holds the interpreter for a whole render and can hang: only the caged process imports it."""
    loaded = subprocess.run(
        [sys.executable, "-c", f"import {program}, sys; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "pymupdf" not in loaded


def test_the_supervisor_is_standard_library_only() -> None:
    """It must live when everything else fails, and be up before Qt is loaded."""
    supervisor = ROOT / "kiosk" / "supervisor.py"
    outside = [
        name
        for _, name in imported(supervisor)
        if name.split(".")[0] in {"PySide6", "msgspec", "websockets", "zeroconf", "pymupdf", "cryptography"}
        or room(name) in {"pageview", "presenter", "protocol.transport"}
    ]
    assert not outside


def test_the_command_stays_one_small_file() -> None:
    assert len((ROOT / "kamizero.py").read_text("utf-8").splitlines()) <= 60


def test_every_file_is_one_room() -> None:
    """No file grows into the one controller that knows everything."""
    long = {
        str(file.relative_to(ROOT)): lines
        for file in sources(*PROGRAM)
        if (lines := len(file.read_text("utf-8").splitlines())) > 450
    }
    assert not long


# Spelled in pieces, so that this file does not find itself.
LEAKS = re.compile(
    "|".join(
        ("/(wo" + "rk|ro" + "ot|ho" + "me/[a-z])/", "/tmp" + "/team", r"\.lib" + "rary/", "pypi" + r"\.")
    ),
    re.IGNORECASE,
)


def test_nothing_of_the_builders_machine_is_in_the_source() -> None:
    """No path of a machine, no registry's host: a person's pip settings say where packages come from."""
    texts = [*sources(*PROGRAM, "benchmarks", "tests"), *ROOT.glob("*.*"), ROOT / "run", ROOT / ".ci" / "run"]
    texts += [file for file in (ROOT / "deploy").rglob("*") if file.is_file()]
    texts += [*(ROOT / "docs").rglob("*.md"), *(ROOT / "protocol").glob("*.md")]
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for file in texts
        if file.is_file() and file.name not in (".git", "LICENSE")
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if LEAKS.search(line)
    ]
    assert not found
