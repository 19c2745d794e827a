"""Ten thousand pairings and joinings with somebody in the middle who also loses and reorders frames."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from protocol.pairing_checks import HandshakeRefused, Why
from tests.protocol import test_pairing_middle as middle

RUNS = 100
LONG_RUNS = 10_000
FIRST_SEED = 1_000_000


class Storm(middle.Mallory):
    """Besides what Mallory does: a frame is lost, or held back and said in another's place later."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.held: list[bytes] = []
        self.done: set[str] = set()

    def frame(self, frame: bytes, th: bytes | None = None, owner: bool = False) -> bytes:
        what = self.random.random()
        if what < 0.04:
            self.done.add("lost")
            raise HandshakeRefused(Why.REFUSED)  # the one who waits for it is dropped after 5 s
        if what < 0.12 and self.held:
            self.done.add("reordered")
            self.held.append(frame)
            return self.held.pop(0)
        self.held.append(frame)
        changed = super().frame(frame, th, owner)
        if changed != frame:
            self.done.add("replayed" if changed in self.heard[:-1] else "edited")
        return changed


def storm(runs: int, figure: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    storms: list[Storm] = []

    def mallory(seed: int) -> Storm:
        storms.append(Storm(seed))
        return storms[-1]

    monkeypatch.setattr(middle, "Mallory", mallory)
    fooled = []
    for seed in range(FIRST_SEED, FIRST_SEED + runs):
        one = middle.one_joining if seed % 4 == 0 else middle.one_run
        fooled += [seed] if one(seed) else []
    done = {
        what: sum(what in each.done for each in storms)
        for what in ("edited", "lost", "replayed", "reordered")
    }
    figure(
        "somebody in the middle",
        reach=f"{runs} runs, 0 authenticated",
        got=f"{len(storms)} runs, {len(fooled)} authenticated {fooled[:5]}; runs with {done}",
        ok=len(storms) == runs and not fooled and all(done.values()),
    )


def test_random_runs_authenticate_nobody(
    figure: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    storm(RUNS, figure, monkeypatch)


@pytest.mark.long
def test_ten_thousand_random_runs_authenticate_nobody(
    figure: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    storm(LONG_RUNS, figure, monkeypatch)
