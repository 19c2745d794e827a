"""Every process of a wall, killed in every state: the cover or the right page comes back by itself."""

from __future__ import annotations

import pytest

from benchmarks import restart

QUICK = ("cover", "hidden")


@pytest.mark.parametrize(
    "state", [s if s in QUICK else pytest.param(s, marks=pytest.mark.long) for s in restart.STATES]
)
def test_a_killed_process_of_a_wall_is_replaced_and_nobody_types(state: str) -> None:
    with restart.scene() as played:
        played.play(state)
