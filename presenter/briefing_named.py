"""The unclosed briefing that somebody names on a command line."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from pageview.wording import say
from presenter.at_rest import AtRestKey
from presenter.briefings import Briefings, Left


class NotOne(Exception):
    """No briefing, or several. ``sentence`` says so; ``found``: which there are."""

    def __init__(self, sentence: str, found: Sequence[Left] = ()) -> None:
        super().__init__(sentence)
        self.sentence, self.found = sentence, found


def briefing_named(name: str, state: Path) -> tuple[Left, AtRestKey]:
    """The one whose folder, or whose paper, is called that, or alone has it in its paper's name; and the key
    that opens it. NotOne."""
    if not (state / "briefings").is_dir():
        raise NotOne(say("終えていない説明はありません。"))
    key = AtRestKey.load_or_create(state)
    found = Briefings(state / "briefings", key).all_left()
    if not found:
        raise NotOne(say("終えていない説明はありません。"))
    matching = [left for left in found if name in (left.folder.name, left.about.title, str(left.folder))]
    matching = matching or [left for left in found if Path(name).absolute() == left.folder]
    part = _folded(name.strip())
    matching = matching or [left for left in found if part and part in _folded(left.about.title)]
    if len(matching) == 1:
        return matching[0], key
    if matching:
        words = "「{name}」に当たる説明が{n}件あります。フォルダの名前で、1つを指定してください。"
        raise NotOne(say(words, name=name, n=len(matching)), matching)
    words = "「{name}」に当たる、終えていない説明はありません。次の中から指定してください。"
    raise NotOne(say(words, name=name), found)


def _folded(name: str) -> str:
    """As it is compared: however it is composed, wide or narrow, large or small."""
    return unicodedata.normalize("NFKC", name).casefold()


def complain(sentence: str, found: Sequence[Left] = ()) -> int:
    """Says it on the terminal, and which briefings there are; the exit status."""
    print(sentence, file=sys.stderr)
    for left in found:
        about = left.about
        print(f"  {left.folder.name}  {about.began}  {about.title}", file=sys.stderr)
    return 1
