"""The command `kamizero`: its first word names a function of one program, and only that is loaded."""

from __future__ import annotations

import sys
from importlib import import_module
from io import TextIOWrapper

VERSION = "0.1.0"

# word → (where it starts, Japanese, English). A target takes the other words and returns an exit status.
WORDS = {
    "kiosk": ("kiosk.supervisor:main", "会議室ディスプレイを動かす", "run a meeting-room display"),
    "present": ("presenter.app:main", "資料を開いて説明する", "open papers and present them"),
    "join": ("presenter.join.app:main", "自分の端末で説明に参加する", "take part in a briefing"),
    "export": ("presenter.export_command:main", "説明の資料を書き出す", "export papers of a briefing"),
    "record": ("presenter.record_command:main", "打合せ記録を作る", "make the record of a briefing"),
    "check": ("pageview.check:main", "資料を映せるかどうかを確かめる", "say whether papers can be shown"),
    "doctor": ("pageview.doctor:main", "この端末で使えるかどうかを調べる", "say whether this machine is fit"),
    "fleet": ("kiosk.fleet.app:main", "全ての会議室ディスプレイを見る", "see to all displays of the house"),
    "ca": ("kiosk.fleet.ca_command:main", "設備の鍵で署名する", "sign with the facilities' key"),
    "demo": ("presenter.demo:main", "1台で両方の画面を試す", "try both windows on this machine"),
}


def usage() -> str:
    """The list of words in Japanese and English, as `--help` prints it."""
    lines = ["紙ゼロ Kamizero " + VERSION, "", "  kamizero WORD [OPTIONS]", ""]
    lines += [f"  {word:<8} {japanese} / {english}" for word, (_, japanese, english) in WORDS.items()]
    return "\n".join([*lines, "", "  kamizero WORD --help"])


def main(arguments: list[str] | None = None) -> int:
    """Runs the program named by the first word; 2 when there is no such word, 130 when Ctrl-C ends it."""
    _write_what_can_be_written()
    words = sys.argv[1:] if arguments is None else arguments
    if words[:1] in (["--version"], ["--help"], ["-h"]):
        print(VERSION if words[0] == "--version" else usage())
        return 0
    if not words or words[0] not in WORDS:
        print(usage(), file=sys.stderr)
        return 2
    module, _, function = WORDS[words[0]][0].partition(":")
    try:
        return int(getattr(import_module(module), function)(words[1:]))
    except KeyboardInterrupt:
        return 130


def _write_what_can_be_written() -> None:
    """A terminal that lacks a letter gets its number; no file name and no sentence ends the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
