"""Where a broker is, as people write it: in settings and on the command line. Standard library only."""

from __future__ import annotations

import argparse
import re

from pageview.wording import both

_FORM = re.compile(
    r"(?:[A-Za-z0-9][A-Za-z0-9.-]{0,200}|\[[0-9A-Fa-f:.]+(?:%[A-Za-z0-9.-]+)?\])(?::([0-9]{1,5}))?"
)
LIKE_THIS = "「mqtt.pref.lg.jp」か「mqtt.pref.lg.jp:8883」のように書いてください。"


def is_broker_place(text: str) -> bool:
    """HOST, HOST:PORT, or "" for none."""
    found = _FORM.fullmatch(text)
    return not text or (found is not None and 1 <= int(found[1] or 1) <= 65_535)


def broker_option(text: str) -> str:
    """Of a command line: the text itself, or a sentence."""
    if not is_broker_place(text):
        raise argparse.ArgumentTypeError(both(LIKE_THIS))
    return text
