"""What a participant found and the presenter wants to show, where that fails: told, and open again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import assets
from presenter.app import Program
from presenter.desk import Desk
from presenter.labels import Label
from presenter.lookup import found_pages, preparing, showing, shown_paper
from presenter.options import read_options
from protocol.changes import FindCame
from protocol.corrections import Correction, CorrectionState
from protocol.finds import Find
from protocol.model import BRIEFING_LIMIT
from protocol.ops import OfferPaper, WithdrawPaper
from protocol.values import Blob, EditionPage, PageRef, Rect
from tests.pageview.papers import one_page
from tests.presenter.conftest import settle

STATE_MS = 20_000
LARGEST = 500 * 2**20
"""Bytes of one paper, at most."""


@pytest.fixture
def desk(qtbot: QtBot, dressed: QApplication, tmp_path: Path) -> Iterator[Desk]:
    """A rehearsal, with what one participant found looked at."""
    words = "--state", str(tmp_path / "desk"), "--no-mdns", "--windowed", "1366x768", str(assets.SAMPLE_MEMO)
    program = Program(read_options(words))
    program.show()
    qtbot.waitUntil(lambda: program.desk is not None, timeout=STATE_MS)
    desk = program.desk
    assert desk is not None
    qtbot.waitUntil(lambda: bool(desk.parts.papers.showable), timeout=STATE_MS)
    desk.rehearse()
    qtbot.waitUntil(lambda: len(desk.parts.session.briefing.papers) == 1, timeout=STATE_MS)
    desk.parts.lookup.take((FindCame(Find(4, 1, "地図", "出典：地図", one_page())),))
    look_at_the_find(qtbot, desk)
    yield desk
    desk.parts.session.finish()
    settle()
    desk.quit()
    program.window.deleteLater()


def look_at_the_find(qtbot: QtBot, desk: Desk) -> None:
    lookup = desk.parts.lookup
    lookup.open_finds()
    qtbot.waitUntil(lambda: lookup.looking.is_there and lookup.looking.title == "地図", timeout=STATE_MS)


def is_told(desk: Desk, words: str) -> bool:
    """Whether that sentence is to be seen in the look-up."""
    labels = desk.parts.lookup.dialog.findChildren(Label)
    return any(label.accessibleName() == words for label in labels)


def fill(desk: Desk) -> tuple[int, ...]:
    """Papers, by their numbers, that leave no room in the briefing for another."""
    briefing, network = desk.parts.session.briefing, desk.parts.network
    left = BRIEFING_LIMIT - sum(blob.length for blob in briefing.blobs().values())
    numbers = []
    while left:
        length, n = min(left, LARGEST), len(numbers) + 1
        sha256 = bytes([n]) * 32
        page = EditionPage(briefing.next_page_id + len(numbers), PageRef(sha256, 0), 100, 100)
        network.edit(OfferPaper(n, "大きいもの", Blob(sha256, length), (page,)))
        numbers.append(n)
        left -= length
    return tuple(numbers)


def test_a_find_that_the_briefing_or_its_process_refuses_waits_on_and_is_shown_the_next_time(
    qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    lookup, session, network = desk.parts.lookup, desk.parts.session, desk.parts.network
    waiting: list[int] = []
    lookup.waiting_changed.connect(waiting.append)

    filling = fill(desk)
    lookup.show()
    qtbot.waitUntil(lambda: is_told(desk, showing.FULL), timeout=STATE_MS)
    for paper in filling:
        network.edit(WithdrawPaper(paper))
    qtbot.waitUntil(lambda: len(session.briefing.papers) == 1, timeout=STATE_MS)

    with monkeypatch.context() as hung:
        hung.setattr(found_pages, "MADE_S", 0.0)
        lookup.show()
        qtbot.waitUntil(lambda: is_told(desk, preparing.STOPPED), timeout=STATE_MS)
    assert not waiting, "its finder is told nothing of what is no fault of the find"

    lookup.show()
    qtbot.waitUntil(lambda: waiting == [0], timeout=STATE_MS)
    view = session.showing.wall
    assert view is not None and session.title_of(view.page_id) == shown_paper.TITLE


def test_who_looks_up_while_typing_a_correction_goes_on_typing_it(qtbot: QtBot, desk: Desk) -> None:
    dock = desk.parts.console.console.centre.dock
    correction = Correction(1, 1, 4, 1, (Rect(0, 0, 100, 100),), "旧", None, 0, 0, CorrectionState.TYPING)
    dock.show_correction(correction, "旧", 2)
    page = desk.parts.console.console.centre.page
    desk.parts.lookup.close()
    for each in (dock.field, page):
        each.setFocus()
        desk.parts.lookup.toggle()
        assert desk.parts.window.focusWidget() not in (dock.field, page)
        desk.parts.lookup.toggle()
        assert desk.parts.window.focusWidget() is each
    dock.hide()
    desk.parts.lookup.toggle()
    desk.parts.lookup.close()
    assert desk.parts.window.focusWidget() is page
