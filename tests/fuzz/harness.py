"""Coverage-guided fuzzing of one target with atheris: ``python -m tests.fuzz.harness TARGET FOLDER SECONDS``.

FOLDER keeps the corpus between runs, and what failed (``crash-…``). It ends with a status other than 0 when
something failed; its last lines say how many inputs were tried.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(
    include=["protocol", "presenter.read_back", "presenter.archive", "presenter.record"]
):
    from tests.fuzz.pieces import mutated
    from tests.fuzz.targets import PLAIN, TARGETS

LONGEST = 4_096


def _mutator(data: bytes, limit: int, seed: int) -> bytes:
    chosen = random.Random(seed)
    if chosen.random() < 0.3:
        return atheris.Mutate(data, limit)
    return mutated(data, chosen.randrange, lambda each: atheris.Mutate(each, len(each) + 8))[:limit]


def main(target: str, folder: str, seconds: str) -> None:
    """Does not return: libFuzzer ends the process."""
    judge, seeds = TARGETS[target]
    corpus = Path(folder) / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for n, seed in enumerate(seeds()):
        (corpus / f"seed-{n}").write_bytes(seed)
    options = {
        "max_total_time": seconds,
        "max_len": LONGEST,
        "timeout": 10,
        "rss_limit_mb": 1_024,
        "print_final_stats": 1,
        "artifact_prefix": f"{folder}/",
    }
    own = {} if target in PLAIN else {"custom_mutator": _mutator}
    arguments = [f"-{name}={value}" for name, value in options.items()]
    atheris.Setup([sys.argv[0], *arguments, str(corpus)], judge, **own)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
