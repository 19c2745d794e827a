"""Settings of a display that were changed last at another console of the house."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from kiosk.fleet.model import Display
from kiosk.fleet.words import moment_words
from pageview.paper_words import clean_name
from pageview.wording import say
from protocol.manage import CHANGED_BY, Seconds

NAME_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Hand:
    """``by``: as that console's certificate has it; ``when``: seconds since 1970 by the display's clock;
    ``templates``: the mark of those that said so, empty for a person's own change."""

    by: str
    console: bytes
    when: int
    templates: bytes = b""


Hands = Mapping[bytes, Mapping[str, Hand]]
"""By device id and the setting's name."""


def hands_told(text: str, own: bytes) -> Mapping[str, Hand]:
    """What a display says beside its settings, without what was changed from the console ``own``. A version
    before templates had marks says none."""
    try:
        said = msgspec.convert(json.loads(text)[CHANGED_BY], dict[str, list[Any]])
        whole = {key: [*hand, ""] if len(hand) == 3 else hand for key, hand in said.items()}
        found = msgspec.convert(whole, dict[str, tuple[str, str, Seconds, str]])
        told = {
            key: Hand(by, bytes.fromhex(console), when, bytes.fromhex(templates))
            for key, (by, console, when, templates) in found.items()
        }
    except (ValueError, TypeError, KeyError, RecursionError):
        return {}
    return {key: hand for key, hand in told.items() if hand.console != own}


def hand_words(hand: Hand, display: Display) -> str:
    """``display``: where it was changed; the moment is told by this console's clock."""
    when, who = moment_words(display.our_time(hand.when)), clean_name(hand.by, NAME_SHOWN)
    if hand.templates:
        return say("{who}が{when}に、ひな形で変更", who=who, when=when)
    return say("{who}が{when}に変更", who=who, when=when)
