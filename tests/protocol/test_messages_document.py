"""PROTOCOL.md says of messages and texts what the code does; a stranger arrives at the same."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from protocol import by_broker, manage, ops, presence, registers
from protocol import messages as m
from protocol.codec import decode_control, encode
from protocol.errors import Reason
from protocol.texts import rebase, spliced
from tests.protocol.test_texts import ONE, TEXT, TWO

DOCUMENT = (Path(__file__).parents[2] / "protocol" / "PROTOCOL.md").read_text(encoding="utf-8")
KINDS = [
    kind
    for union in (m.Message, m.BulkMessage, ops.Op, registers.Register, presence.Presence, manage.Command)
    for kind in get_args(union)
] + [kind for kind in get_args(manage.ManageMessage) if kind not in get_args(m.Message)]
KINDS += [by_broker.Gone, by_broker.RoomHere]


def block(key: str) -> dict[str, Any]:
    blocks = map(json.loads, re.findall(r"```json\n(\{.*?\n\})\n```", DOCUMENT, re.DOTALL))
    return next(each for each in blocks if key in each)


def rows() -> dict[str, tuple[int, int]]:
    """name → (tag, number of elements), of every row of a table that has a tag."""
    found = re.findall(r"^\| (\d+) \|(?: [<>]+ \|)? (\w+) \|([^|]*)\|", DOCUMENT, re.MULTILINE)
    return {
        name: (int(tag), len(re.sub(r"\([^)]*\)", "", elements).split(",")) if elements.strip() else 0)
        for tag, name, elements in found
    }


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_message_stands_in_a_table_as_it_is(kind: type[msgspec.Struct]) -> None:
    assert rows()[kind.__name__] == (kind.__struct_config__.tag, len(kind.__struct_fields__))


def test_nothing_stands_in_a_table_that_is_no_message() -> None:
    assert set(rows()) == {kind.__name__ for kind in KINDS}


def test_the_reasons_are_those_of_the_code() -> None:
    section = DOCUMENT.split("### Refusals")[1].split("### Papers")[0].split("\n\n")[-2]
    ours_alone = {Reason.NOT_JOINED, Reason.OTHER_BRIEFING}
    assert set(re.findall(r"`(\w+)`", section)) == {str(reason) for reason in Reason} - ours_alone


def test_the_frames_are_those_of_the_code() -> None:
    frames = block("frames")["frames"]
    for name, frame in frames.items():
        message = decode_control(bytes.fromhex(frame))
        assert encode(message).hex() == frame
        assert name.startswith(type(message).__name__)


def test_the_rebases_are_those_of_the_code() -> None:
    for case in block("rebase")["rebase"]:
        edit, over = tuple(case["edit"]), tuple(case["over"])
        assert rebase(edit, over, first=case["first"]) == tuple(case["gives"])
        then = spliced(spliced(case["text"], over), tuple(case["gives"]))
        assert then == case["text_then"]


# --- by the text alone, character by character ---------------------------------------------------------


def laid_out(edit: tuple, length: int) -> tuple[list[str], list[bool]]:
    """What is inserted in front of each place, and which characters are kept."""
    inserted, kept = [""] * (length + 1), [True] * length
    at = 0
    for part in edit:
        if isinstance(part, str):
            inserted[at] += part
        else:
            kept[at : at + abs(part)] = [part > 0] * abs(part)
            at += abs(part)
    return inserted, kept


def strangers_rebase(edit: tuple, over: tuple, first: bool) -> tuple:
    (mine, keep), (theirs, stays) = laid_out(edit, len(TEXT)), laid_out(over, len(TEXT))
    parts: list[int | str] = []
    for at in range(len(TEXT) + 1):
        there = [1] * len(theirs[at])
        parts += [mine[at], *there] if first else [*there, mine[at]]
        if at < len(TEXT) and stays[at]:
            parts.append(1 if keep[at] else -1)
    return canonical(parts)


def canonical(parts: list[int | str]) -> tuple:
    out: list[int | str] = []
    for part in filter(None, parts):
        if isinstance(part, str) and out and isinstance(out[-1], int) and out[-1] < 0:
            removal = out.pop()
            if out and isinstance(out[-1], str):
                out[-1] += part
            else:
                out.append(part)
            out.append(removal)
        elif out and type(out[-1]) is type(part) and (isinstance(part, str) or (out[-1] < 0) == (part < 0)):
            out[-1] += part
        else:
            out.append(part)
    while out and isinstance(out[-1], int) and out[-1] > 0:
        out.pop()
    return tuple(out)


def test_a_stranger_rebases_as_we_do() -> None:
    for edit, over in product(ONE[::2], TWO):
        for first in (True, False):
            assert rebase(edit, over, first=first) == strangers_rebase(edit, over, first), (edit, over, first)
