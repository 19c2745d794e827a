"""The log of actions is written in a thread of its own."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from kiosk.fleet.audit import Audit
from kiosk.fleet.model import Display
from kiosk.fleet.scribe import Scribe


def test_what_comes_together_is_written_with_one_sync_in_its_order_and_then_told(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, told, synced = tmp_path / "audit.jsonl", [], []
    begun, may = threading.Event(), threading.Event()
    real = os.fsync

    def slow(descriptor: int) -> None:
        synced.append(descriptor)
        begun.set()
        assert may.wait(20)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", slow)
    scribe, grown = Scribe(Audit(file), "管財課", lambda: 0.0), []
    scribe.recorded.connect(lambda: grown.append(len(told)))
    for number in range(1, 1_001):
        then = lambda error, number=number: told.append((number, error))  # noqa: E731
        scribe.write([Display(b"", number, "")], "", "", then)
        if number == 1:
            assert begun.wait(20)
    assert not told, "the disk is still at work"
    may.set()
    scribe.close()
    assert told == [(number, None) for number in range(1, 1_001)]
    assert [each.room for each in Audit(file).actions] == list(range(1, 1_001))
    assert len(synced) == len(grown) == 2
    scribe.write([Display(b"", 7, "")], "", "", lambda error: told.append((7, error)))
    assert told[-1] == (7, None), "an answer that came with the end"
