"""Every display as one line of a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.fleet.model import Fleet
from kiosk.fleet.words import cause_words, condition_word
from pageview.spreadsheet import spreadsheet
from pageview.wording import say


def displays_csv(fleet: Fleet) -> bytes:
    """By room number."""
    heads = (
        say("番号"),
        say("名前"),
        say("建物と階"),
        say("状態"),
        say("要対応"),
        say("版"),
        say("アドレス"),
        say("端末"),
    )
    return spreadsheet(heads, _rows(fleet))


def _rows(fleet: Fleet) -> Iterator[tuple[str, ...]]:
    for each in sorted(fleet.displays.values(), key=lambda display: (display.number, display.device)):
        concerns = fleet.concerns_of(each.device)
        yield (
            str(each.number),
            each.name,
            each.place,
            condition_word(fleet.condition(each.device)),
            cause_words(concerns[0]) if concerns else "",
            each.status.version if each.status is not None else "",
            each.address,
            each.device.hex(),
        )
