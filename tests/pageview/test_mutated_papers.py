"""Thousands of spoiled papers: each gets an answer in time, and the process that asks lives on."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

import assets
from pageview.render_results import Opened
from pageview.renderer import Renderer
from pageview.segments import SegmentStore
from tests.pageview.mutator import mutated
from tests.pageview.papers import one_page, opened, running
from tests.pageview.test_bad_papers import goes_on, shown_or_not
from tests.pageview.test_corpus import CORPUS

LARGEST = 1_000_000
DEADLINE_S, SLACK_S = 5.0, 1.0
"""A paper is given up after so long; the rest is this test's own loop on a busy machine."""


def sources() -> list[bytes]:
    """Our samples, and the corpus where there is one."""
    files = [assets.SAMPLE_MEMO, assets.SAMPLE_BUDGET, assets.SAMPLE_WIDE]
    files += [file for file in sorted(CORPUS.rglob("*.pdf")) if file.stat().st_size <= LARGEST]
    return [file.read_bytes() for file in files]


def answered(qtbot: QtBot, store: SegmentStore, renderer: Renderer, data: bytes) -> tuple[bool, float]:
    """Whether it opens; the longest of what was asked of it, in seconds."""
    sha256, times = store.add(data), []

    def timed(ask):
        began = time.monotonic()
        answer = ask()
        times.append(time.monotonic() - began)
        return answer

    paper = timed(lambda: opened(qtbot, renderer, sha256))
    if isinstance(paper, Opened):
        for index in sorted({0, len(paper.pages) - 1}):
            timed(lambda index=index: shown_or_not(qtbot, renderer, paper, index))
    renderer.drop(sha256)
    store.drop(sha256)
    return isinstance(paper, Opened), max(times)


@pytest.mark.parametrize("count", [30, pytest.param(2_000, marks=pytest.mark.long)])
def test_every_spoiled_paper_gets_an_answer(qtbot: QtBot, figure: Callable[..., None], count: int) -> None:
    whole, opens, longest = sources(), 0, 0.0
    with running() as (store, renderer):
        for seed in range(count):
            shown, took = answered(qtbot, store, renderer, mutated(whole[seed % len(whole)], seed))
            opens += shown
            longest = max(longest, took)
        alive = goes_on(qtbot, renderer, store.add(one_page()))
    got = {"papers": count, "opened": opens, "longest_s": round(longest, 2), "deaths": 0}
    assert alive
    ok = longest <= DEADLINE_S + SLACK_S
    figure("mutated_papers", reach="0 deaths, ≤ 5 s each", got=got, ok=ok, speed=True)
    assert opens > count / 10, "a mutator that leaves nothing to draw tests nothing"
