"""What is worded otherwise on two states of a page: pieces with their places on both. Pure; page space.

For the number of changes of an edition (変更箇所の数) and for before and after, side by side. What has no
words is compared by its look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from pageview.page_text import PageText, TextRange
from pageview.text_selection import word_ends
from protocol.values import Rect

MOST_WORDS = 6_000
"""A page with more is compared line by line."""
BESIDE = 1


@dataclass(frozen=True)
class Difference:
    """Words before and after (either may be empty: put in, taken out), and their boxes on each state."""

    before: str
    after: str
    boxes_before: tuple[Rect, ...]
    boxes_after: tuple[Rect, ...]


@dataclass(frozen=True)
class _Word:
    text: str
    part: TextRange


def differences(before: PageText, after: PageText) -> list[Difference]:
    """Every piece that differs, in the order of the page. Spaces and line breaks do not count."""
    coarse = _lines(before), _lines(after)
    found: list[Difference] = []
    for lines_before, lines_after in _unlike(*coarse):
        old = [word for line in lines_before for word in _words(before, line.part)]
        new = [word for line in lines_after for word in _words(after, line.part)]
        if len(old) + len(new) > MOST_WORDS:
            found.append(_difference(before, lines_before, after, lines_after))
            continue
        found += [_difference(before, was, after, is_) for was, is_ in _unlike(old, new)]
    return [each for each in found if each.before != each.after]


def _unlike(old: Sequence[_Word], new: Sequence[_Word]) -> list[tuple[list[_Word], list[_Word]]]:
    """Stretches that differ; those with a single short word between them are one."""
    # What stands in a hundredth of all places begins no match: a table of noughts would take minutes.
    matcher = SequenceMatcher(None, [word.text for word in old], [word.text for word in new])
    stretches: list[tuple[int, int, int, int]] = []
    for tag, a0, a1, b0, b1 in matcher.get_opcodes():
        if tag == "equal":
            continue
        if (
            stretches
            and a0 - stretches[-1][1] <= BESIDE
            and all(len(w.text) == 1 for w in old[stretches[-1][1] : a0])
        ):
            a0, b0 = stretches[-1][0], stretches[-1][2]
            stretches.pop()
        stretches.append((a0, a1, b0, b1))
    return [(list(old[a0:a1]), list(new[b0:b1])) for a0, a1, b0, b1 in stretches]


def _lines(page: PageText) -> list[_Word]:
    return [
        _Word("".join(line.text.split()), TextRange(number, 0, len(line.text)))
        for number, line in enumerate(page.lines)
        if line.text.strip()
    ]


def _words(page: PageText, line: TextRange) -> list[_Word]:
    text = page.lines[line.line].text
    words, start = [], 0
    for end in word_ends(text):
        if text[start:end].strip():
            words.append(_Word(text[start:end], TextRange(line.line, start, end)))
        start = end
    return words


def _difference(before: PageText, old: Sequence[_Word], after: PageText, new: Sequence[_Word]) -> Difference:
    was, is_ = _joined(old), _joined(new)
    return Difference(
        "".join(word.text for word in old),
        "".join(word.text for word in new),
        before.boxes(was) if was else (),
        after.boxes(is_) if is_ else (),
    )


def _joined(words: Sequence[_Word]) -> tuple[TextRange, ...]:
    """One range for each line."""
    ranges: list[TextRange] = []
    for word in words:
        if ranges and ranges[-1].line == word.part.line:
            ranges[-1] = TextRange(word.part.line, ranges[-1].start, word.part.end)
        else:
            ranges.append(word.part)
    return tuple(ranges)


# --- what only looks otherwise ------------------------------------------------------------------------------


@dataclass(frozen=True)
class SmallPicture:
    """A page in small: pixels in a row, and the grey of each, row by row."""

    width: int
    pixels: bytes

    @property
    def height(self) -> int:
        """Rows of pixels."""
        return len(self.pixels) // self.width


BLOCK = 6
"""Pixels of the small picture: what is compared as one."""
DARKER = 28
"""Of 255: less is the edge of a line that was drawn a hair further on."""
Block = tuple[int, int]


def looks_otherwise(
    before: SmallPicture, after: SmallPicture, words: Sequence[Rect], width: int, height: int
) -> tuple[Rect, ...]:
    """Places of a page of that size where figures, colours or rules are others; all of it where its shape is.

    ``words``: boxes of the text on both states, which `differences` compares.
    """
    if not before.pixels or not after.pixels:
        return ()
    if (before.width, before.height) != (after.width, after.height):
        return (Rect(0, 0, width, height),)
    text = _text_blocks(words, before.width / width)
    across, down = width * BLOCK / before.width, height * BLOCK / before.height
    return tuple(
        Rect(
            round(min(x for x, _ in group) * across),
            round(min(y for _, y in group) * down),
            min(width, round((max(x for x, _ in group) + 1) * across)),
            min(height, round((max(y for _, y in group) + 1) * down)),
        )
        for group in _groups(_unlike_blocks(before, after) - text)
    )


def _unlike_blocks(before: SmallPicture, after: SmallPicture) -> set[Block]:
    found: set[Block] = set()
    wide = before.width
    for row in range(before.height):
        start = row * wide
        if before.pixels[start : start + wide] == after.pixels[start : start + wide]:
            continue
        for left in range(0, wide, BLOCK):
            block = left // BLOCK, row // BLOCK
            low, high = start + left, start + min(left + BLOCK, wide)
            if block not in found and before.pixels[low:high] != after.pixels[low:high]:
                pairs = zip(before.pixels[low:high], after.pixels[low:high], strict=True)
                if any(abs(one - other) >= DARKER for one, other in pairs):
                    found.add(block)
    return found


def _text_blocks(words: Sequence[Rect], scale: float) -> set[Block]:
    """Blocks that text reaches into, or almost; ``scale``: pixels of the small picture in 1/100 point."""
    blocks: set[Block] = set()
    for box in words:
        x0, x1 = int(box.x0 * scale - 1) // BLOCK, int(box.x1 * scale + 1) // BLOCK
        y0, y1 = int(box.y0 * scale - 1) // BLOCK, int(box.y1 * scale + 1) // BLOCK
        blocks.update((x, y) for x in range(x0, x1 + 1) for y in range(y0, y1 + 1))
    return blocks


def _groups(blocks: set[Block]) -> list[list[Block]]:
    """Blocks that touch, or have one between them, together; from the top."""
    left, groups = set(blocks), []
    for first in sorted(blocks, key=lambda block: (block[1], block[0])):
        if first not in left:
            continue
        left.discard(first)
        group, edge = [first], [first]
        while edge:
            x, y = edge.pop()
            near = {(x + dx, y + dy) for dx in range(-2, 3) for dy in range(-2, 3)} & left
            left -= near
            group += near
            edge += near
        groups.append(group)
    return groups
