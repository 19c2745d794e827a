"""The command line of `kamizero kiosk`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kiosk.english import ENGLISH
from pageview.command_line import CommandLine
from pageview.window_place import WindowPlace
from pageview.wording import both, register


def parse(arguments: list[str]) -> argparse.Namespace:
    """The options as attributes; exits with status 2 and a sentence when they are wrong."""
    register(ENGLISH)
    parser = CommandLine(
        prog="kamizero kiosk", description=both("会議室ディスプレイを動かす"), allow_abbrev=False
    )
    add = parser.add_argument
    add("--config", type=Path, metavar="FILE", help=both("設定ファイル（TOML）"))
    add("--state", type=Path, default=default_state(), metavar="DIR", help=both("端末の鍵を置くフォルダ"))
    add("--windowed", type=_place, metavar="WxH[+X+Y]", help=both("全画面にせず、この大きさの窓で映す"))
    add("--port", type=int, metavar="N", help=both("設定の network.port に代わるポート番号"))
    add("--mdns-interface", action="append", default=[], metavar="IP", help=both("mDNSで話す自分のアドレス"))
    add("--no-mdns", action="store_true", help=both("mDNSを使わない"))
    add("--wire-log", type=Path, metavar="FILE", help=both("通信の記録（資料の中身は書かない）"))
    add("--evidence", type=Path, metavar="DIR", help=both("画面の写しを書き出すフォルダ（試験用）"))
    add("--script", choices=["-"], help=both("標準入力から1行ずつ命令を読む（試験用）"))
    add("--example-config", action=_Example, help=both("設定ファイルの見本を書き出して終わる"))
    add("--enrol", action="store_true", help=both("登録されていなければ、登録の番号を映す"))
    add("--check", action="store_true", help=both("この版が動くかどうかを確かめて終わる"))
    add("--held", action="store_true", help=argparse.SUPPRESS)
    add("--alone", action="store_true", help=argparse.SUPPRESS)
    add("--resuming", action="store_true", help=argparse.SUPPRESS)
    add("--fault", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.config is None:
        given.config = _usual_config(given.state, given.enrol)
    return given


def _usual_config(state: Path, enrol: bool) -> Path:
    """A display that a console has enrolled keeps its settings with its key, where it may write."""
    kept, usual = state / "kiosk.toml", default_config()
    return kept if kept.exists() or (enrol and not usual.exists()) else usual


class _Example(argparse.Action):
    """Prints the example as it stands in its file, UTF-8 on any system, and ends like `--help`."""

    def __init__(self, option_strings: Sequence[str], dest: str, **more: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, **more)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        sys.stdout.buffer.write(Path(__file__).with_name("example.toml").read_bytes())
        parser.exit()


def _place(text: str) -> WindowPlace:
    try:
        return WindowPlace.parse(text)
    except ValueError:
        raise argparse.ArgumentTypeError(both("「1280x720」のように書いてください。")) from None


def default_config() -> Path:
    """`$CONFIGURATION_DIRECTORY` of the service, /etc/kamizero, or beside the state on Windows."""
    if given := os.environ.get("CONFIGURATION_DIRECTORY"):
        return Path(given.split(":")[0]) / "kiosk.toml"
    if sys.platform == "win32":
        return default_state() / "kiosk.toml"
    return Path("/etc/kamizero/kiosk.toml")


def default_state() -> Path:
    """`$STATE_DIRECTORY` of the service, else the user's state folder."""
    if given := os.environ.get("STATE_DIRECTORY"):
        return Path(given.split(":")[0])
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData/Local")) / "Kamizero/kiosk"
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state") / "kamizero/kiosk"
