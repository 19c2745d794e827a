"""The command line of `kamizero present`, and where the program keeps its things."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from pageview.window_place import WindowPlace

FACILITIES = "facilities.pem"


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked on the command line, with every place filled in."""

    files: tuple[Path, ...]
    state: Path
    config: Path
    evidence: Path | None
    script: bool
    mdns: bool
    mdns_interfaces: tuple[str, ...]
    port: int
    wire_log: Path | None
    room_file: Path | None
    windowed: WindowPlace | None

    @property
    def facilities(self) -> Path | None:
        """The facilities' key beside the program, the settings or the state; None when there is none."""
        beside = Path(__file__).resolve().parent.parent
        for folder in (self.state, self.config.parent, beside, Path(platformdirs.site_data_dir("kamizero"))):
            if (folder / FACILITIES).exists():
                return folder / FACILITIES
        return None


def parser() -> argparse.ArgumentParser:
    """The words after `kamizero present`."""
    made = argparse.ArgumentParser(prog="kamizero present", description="Open papers and present them.")
    made.add_argument("files", nargs="*", type=Path, metavar="FILE", help="papers to open (PDF)")
    made.add_argument(
        "--state", type=Path, metavar="DIR", help="where keys, notes and unclosed briefings are kept"
    )
    made.add_argument("--config", type=Path, metavar="FILE", help="the settings file (TOML)")
    made.add_argument(
        "--evidence", type=Path, metavar="DIR", help="write screenshots there when the script asks"
    )
    made.add_argument(
        "--script", choices=["-"], help="JSON commands on standard input, events on standard output"
    )
    made.add_argument(
        "--mdns-interface", action="append", default=[], metavar="IP", help="speak mDNS only there"
    )
    made.add_argument("--no-mdns", action="store_true", help="do not look for rooms by mDNS")
    made.add_argument(
        "--port", type=int, default=0, metavar="N", help="the port rooms may dial (0: a free one)"
    )
    made.add_argument(
        "--wire-log", type=Path, metavar="FILE", help="write every message as JSON, without texts"
    )
    made.add_argument(
        "--room-file", type=Path, metavar="DIR", help="the folder with rooms.toml and its signature"
    )
    made.add_argument(
        "--windowed",
        type=WindowPlace.parse,
        metavar="WxH[+X+Y]",
        help="a window of this size, not the former",
    )
    return made


def read_options(words: Sequence[str]) -> Options:
    """Reads the command line; SystemExit with a sentence when it is wrong."""
    given = parser().parse_args(words)
    state = given.state or Path(platformdirs.user_state_dir("kamizero")) / "presenter"
    default = state if given.state else Path(platformdirs.user_config_dir("kamizero"))
    options = Options(
        tuple(file.absolute() for file in given.files),
        state.absolute(),
        (given.config or default / "presenter.toml").absolute(),
        given.evidence,
        given.script is not None,
        not given.no_mdns,
        tuple(given.mdns_interface),
        given.port,
        given.wire_log,
        given.room_file,
        given.windowed,
    )
    if options.evidence is not None and options.facilities is not None:
        raise SystemExit(
            "この端末は登録されているため、画面の写しは作れません"
            " / This computer is registered: no screenshots"
        )
    return options
