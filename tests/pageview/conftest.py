"""A table for papers: real render processes, once for a module, and a briefing of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from pageview.renderer import Renderer
from pageview.segments import SegmentStore
from tests.pageview.editing import Editing
from tests.pageview.shown_papers import Table, briefing_on, running


@pytest.fixture(scope="module")
def processes(qapp: object) -> Iterator[tuple[SegmentStore, Renderer]]:
    with running() as both:
        yield both


@pytest.fixture
def desk(qtbot: QtBot, processes: tuple[SegmentStore, Renderer]) -> Iterator[Table]:
    with briefing_on(qtbot, *processes) as laid:
        yield laid


@pytest.fixture
def editing(qtbot: QtBot, processes: tuple[SegmentStore, Renderer]) -> Editing:
    return Editing(qtbot, *processes)
