"""The participant's program started from the presenter's: a process of its own, with the same places."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QProcess

from presenter.options import Options
from presenter.parts import Parts

COMMAND = Path(__file__).resolve().parent.parent / "kamizero.py"


def open_joining(parts: Parts) -> None:
    """ほかの人の説明に参加する: the participant's window, which lives on when this program ends."""
    if not _started(parts.options):
        parts.start.notice("参加の窓を開けません。もう一度押してください。")


def _started(options: Options) -> bool:
    process = QProcess()
    process.setProgram(sys.executable)
    process.setArguments([str(COMMAND), *join_words(options)])
    # Whoever reads what this program prints must not wait for the end of that one.
    process.setStandardInputFile(QProcess.nullDevice())
    process.setStandardOutputFile(QProcess.nullDevice())
    process.setStandardErrorFile(QProcess.nullDevice())
    return bool(process.startDetached()[0])


def join_words(options: Options) -> Iterator[str]:
    """The command line for the same settings, notes and network."""
    yield from ("join", "--state", str(options.state), "--config", str(options.config))
    for interface in options.mdns_interfaces:
        yield from ("--mdns-interface", interface)
    if not options.mdns:
        yield "--no-mdns"
    if options.broker:
        yield from ("--broker", options.broker)
    if options.room_file is not None:
        yield from ("--room-file", str(options.room_file))
