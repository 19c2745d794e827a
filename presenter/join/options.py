"""The command line of `kamizero join`. Settings, notes and keys are those of `kamizero present`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from pageview.command_line import CommandLine
from pageview.wording import both, register
from presenter.english import ENGLISH as DESK_ENGLISH
from presenter.join.english import ENGLISH
from presenter.join.over import OPTION, Over
from presenter.options import Options, add_places, placed
from presenter.rooms_state import typed_room


@dataclass(frozen=True, slots=True)
class JoinOptions:
    """``desk``: what it has in common with the presenter's program. ``room`` None: chosen in the window.

    ``over``: the briefing that the process held which this one has replaced.
    """

    desk: Options
    room: int | None
    name: str
    address: str
    over: Over | None


def parser() -> CommandLine:
    """The words after `kamizero join`."""
    for table in (DESK_ENGLISH, ENGLISH):
        register(table)
    made = CommandLine(prog="kamizero join", description=both("自分の端末で説明に参加する"))
    made.add_argument("room", nargs="?", type=_room, metavar="ROOM", help=both("会議室番号"))
    made.add_argument("--name", default="", metavar="TEXT", help=both("説明者に見える、あなたの名前"))
    made.add_argument(
        "--address", default="", metavar="HOST[:PORT]", help=both("会議室の画面の下に小さく出ているアドレス")
    )
    made.add_argument(OPTION, type=Over.parse, help=argparse.SUPPRESS)
    add_places(made)
    return made


def read_options(words: Sequence[str]) -> JoinOptions:
    """Reads the command line; SystemExit with a sentence when it is wrong."""
    given = parser().parse_intermixed_args(words)
    room = given.room or (given.over.room if given.over is not None else None)
    return JoinOptions(placed(given, (), 0), room, given.name, given.address, given.over)


def _room(text: str) -> int:
    number = typed_room(text)
    if number is None:
        raise argparse.ArgumentTypeError(f"{text!r}: {both('部屋の番号は、1から99999までの数字です。')}")
    return number
