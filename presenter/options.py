"""The command line of `kamizero present`, and where the program keeps its things."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from pageview.broker_place import broker_option
from pageview.command_line import CommandLine
from pageview.window_place import WindowPlace
from pageview.wording import both, register
from presenter.english import ENGLISH

ARCHIVE = "Kamizero"
"""Where briefings are kept while no archive is set, among the person's documents."""
FACILITIES = "facilities.pem"


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked on the command line, with every place filled in."""

    files: tuple[Path, ...]
    state: Path
    archive: Path
    config: Path
    evidence: Path | None
    script: bool
    mdns: bool
    mdns_interfaces: tuple[str, ...]
    port: int
    wire_log: Path | None
    room_file: Path | None
    broker: str
    windowed: WindowPlace | None

    @property
    def facilities(self) -> Path | None:
        """The facilities' key beside the program, the settings or the state; None when there is none."""
        beside = Path(__file__).resolve().parent.parent
        for folder in (self.state, self.config.parent, beside, Path(platformdirs.site_data_dir("kamizero"))):
            if (folder / FACILITIES).exists():
                return folder / FACILITIES
        return None


def parser() -> CommandLine:
    """The words after `kamizero present`."""
    register(ENGLISH)
    made = CommandLine(prog="kamizero present", description=both("資料を開いて説明する"))
    made.add_argument("files", nargs="*", type=Path, metavar="FILE", help=both("開く資料（PDF、Office文書）"))
    made.add_argument(
        "--port", type=int, default=0, metavar="N", help=both("会議室がつなぐポート番号（0：空き番号）")
    )
    add_places(made)
    return made


def add_places(made: argparse.ArgumentParser) -> None:
    """What every program with a desk's window is told: where things are kept, and about the network."""
    add = made.add_argument
    add("--state", type=Path, metavar="DIR", help=both("鍵、手元メモ、終えていない説明を置くフォルダ"))
    add("--config", type=Path, metavar="FILE", help=both("設定ファイル（TOML）"))
    add("--evidence", type=Path, metavar="DIR", help=both("画面の写しを書き出すフォルダ（試験用）"))
    add("--script", choices=["-"], help=both("標準入力から1行ずつ命令を読む（試験用）"))
    add("--mdns-interface", action="append", default=[], metavar="IP", help=both("mDNSで話す自分のアドレス"))
    add("--no-mdns", action="store_true", help=both("mDNSを使わない"))
    add("--wire-log", type=Path, metavar="FILE", help=both("通信の記録（資料の中身は書かない）"))
    add(
        "--broker",
        default="",
        type=broker_option,
        metavar="HOST",
        help=both("別のネットワークの会議室を知るブローカー"),
    )
    add("--room-file", type=Path, metavar="DIR", help=both("rooms.tomlとその署名のあるフォルダ"))
    add("--windowed", type=WindowPlace.parse, metavar="WxH[+X+Y]", help=both("前の窓でなく、この大きさの窓"))


def read_options(words: Sequence[str]) -> Options:
    """Reads the command line; SystemExit with a sentence when it is wrong."""
    given = parser().parse_intermixed_args(words)
    return placed(given, given.files, given.port)


def state_and_settings(given: argparse.Namespace) -> tuple[Path, Path]:
    """The state folder and the settings' file: as said, or where they usually are."""
    state = given.state or Path(platformdirs.user_state_dir("kamizero")) / "presenter"
    default = state if given.state else Path(platformdirs.user_config_dir("kamizero"))
    return state.absolute(), (given.config or default / "presenter.toml").absolute()


def placed(given: argparse.Namespace, files: Sequence[Path], port: int) -> Options:
    """The options with every place filled in; SystemExit with a sentence when they are not allowed here."""
    state, config = state_and_settings(given)
    documents = given.state or Path(platformdirs.user_documents_dir())
    options = Options(
        tuple(file.absolute() for file in files),
        state,
        documents.absolute() / ARCHIVE,
        config,
        given.evidence,
        given.script is not None,
        not given.no_mdns,
        tuple(given.mdns_interface),
        port,
        given.wire_log,
        given.room_file,
        given.broker,
        given.windowed,
    )
    if options.evidence is not None and options.facilities is not None:
        raise SystemExit(both("管財課の証明書がある端末では、--evidenceを使えません"))
    return options
