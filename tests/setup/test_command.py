"""The command as a person types it: what goes to standard output, how it ends, on whatever terminal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import assets
from kamizero import WORDS
from presenter import stage

ROOT = Path(__file__).parent.parent.parent


def typed(*words: str | bytes, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, ROOT / "kamizero.py", *words]
    return subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, timeout=60, check=False
    )


def test_the_example_settings_can_be_written_into_a_file() -> None:
    done = typed("kiosk", "--example-config", PYTHONIOENCODING="cp1252")
    assert (done.stdout, done.stderr, done.returncode) == ((ROOT / "kiosk/example.toml").read_bytes(), b"", 0)


@pytest.mark.parametrize("word", WORDS)
def test_each_word_explains_itself_in_both_languages(word: str) -> None:
    help_text = typed(word, "--help", PYTHONUTF8="1").stdout.decode()
    _, japanese, english = WORDS[word]
    assert f"{japanese} / {english}" in help_text
    assert help_text.count(" / ") >= 3, "the word and its options"


@pytest.mark.parametrize("words", [("kiosk", "--prot", "1"), ("ca", "nwe"), ("join", "zero")])
def test_what_is_mistyped_is_said_in_both_languages(words: tuple[str, ...]) -> None:
    done = typed(*words, PYTHONUTF8="1")
    assert (done.stdout, done.returncode) == (b"", 2)
    assert "指定が正しくありません / this was not understood: " in done.stderr.decode()
    assert done.stderr.decode().endswith(f"kamizero {words[0]} --help\n")


def test_no_terminal_and_no_file_name_ends_the_check(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + (b"/\xff.pdf" if sys.platform == "linux" else b"/none.pdf")
    done = typed("check", str(assets.SAMPLE_MEMO), "--json", name, PYTHONIOENCODING="ascii")
    assert (len(done.stdout.splitlines()), done.stderr, done.returncode) == (2, b"", 1)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_desk_ends_in_order_when_the_system_asks(tmp_path: Path, number: signal.Signals) -> None:
    # A desk goes on ignoring what it was started to ignore: these tests may run in the background themselves.
    former = signal.signal(number, signal.SIG_DFL)
    try:
        desk = stage.presenter(tmp_path, "--no-mdns", str(assets.SAMPLE_MEMO))
    finally:
        signal.signal(number, former)
    with desk:
        desk.wait("opened")
        os.kill(desk.pid, number)
        assert desk.stay() == 0
    assert not desk.errors
    assert "window = " in (tmp_path / "presenter.toml").read_text("utf-8"), "put away as by its own quit"
