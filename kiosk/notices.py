"""The facilities' notice of this wall: kept in the state folder, so that it outlives the screen that shows
it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pageview.whole_file import PRIVATE, write_whole

FILE = "notice.json"


@dataclass(frozen=True, slots=True)
class Posted:
    """``until``: seconds since 1970."""

    text: str
    until: float
    emergency: bool


def read_posted(state: Path, now: float) -> Posted | None:
    """What is to be shown now; None also for a file that is damaged or over."""
    try:
        found = json.loads((state / FILE).read_text("utf-8"))
        posted = Posted(str(found["text"]), float(found["until"]), bool(found["emergency"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return posted if posted.until > now else None


def keep_posted(state: Path, posted: Posted | None) -> None:
    """Shown by every screen from now on; None: no more. OSError leaves what was there."""
    if posted is None:
        (state / FILE).unlink(missing_ok=True)
        return
    kept = {"text": posted.text, "until": posted.until, "emergency": posted.emergency}
    write_whole(json.dumps(kept, ensure_ascii=False).encode(), state / FILE, PRIVATE)
