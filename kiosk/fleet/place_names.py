"""What a display's place says: its building, and the floor."""

from __future__ import annotations

import re
from functools import lru_cache

_FLOOR = re.compile(r"(.*?)[ 　]*(地下)?([0-9]+)(?:階|F)?$")


@lru_cache(4_096)
def building_and_floor(place: str) -> tuple[str, int]:
    """("本庁舎", 6) of 「本庁舎 6階」; floor 0 where there is none, below 0 in the basement."""
    match = _FLOOR.fullmatch(place.strip())
    if match is None or not match[1]:
        return place.strip(), 0
    return match[1].strip(), -int(match[3]) if match[2] else int(match[3])
