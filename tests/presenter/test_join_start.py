"""ほかの人の説明に参加する on the first screen: the participant's program, told the same places."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from presenter.join.options import read_options as read_join_options
from presenter.join_start import COMMAND, join_words
from presenter.options import read_options


def test_the_participant_s_program_is_told_where_everything_is(tmp_path: Path) -> None:
    words = ["--state", "state", "--mdns-interface", "127.0.0.1", "--no-mdns", "--room-file", str(tmp_path)]
    desk = read_options([*words, "paper.pdf", "--port", "5"])
    word, *rest = join_words(desk)
    assert (word, COMMAND.is_file()) == ("join", True)
    assert read_join_options(rest).desk == replace(desk, files=(), port=0)
