"""Names that are likely to be typed: of whoever spoke, explains, is there. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from protocol.model import Briefing
from protocol.texts import folded

MOST = 6
"""Names that are offered at once."""


def known_names(briefing: Briefing, there: Iterable[str] = ()) -> tuple[str, ...]:
    """Each once: those typed in the minutes, the newest first; then of the agenda, of whoever is ``there``,
    and of whoever has written."""
    items = sorted(briefing.minutes.values(), key=lambda each: each.when, reverse=True)
    typed = (name for each in items for name in (each.speaker, each.owner))
    owners = (each.owner for each in briefing.corrections.values())
    explain = (paper.explainer for paper in briefing.papers)
    everybody = (*typed, *owners, *explain, *there, *briefing.names.values())
    return tuple(dict.fromkeys(name for name in everybody if name))


def offered(typed: str, names: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """Those of ``names`` that what is typed may become, and whether the first is the likeliest: it goes on as
    was typed. Where nothing is typed yet, all, and none is likelier."""
    wanted = folded(typed)
    if not wanted:
        return tuple(names[:MOST]), False
    if any(folded(name) == wanted for name in names):
        return (), False
    starting = [name for name in names if folded(name).startswith(wanted)]
    within = [name for name in names if wanted in folded(name) and name not in starting]
    return (*starting, *within)[:MOST], bool(starting)
