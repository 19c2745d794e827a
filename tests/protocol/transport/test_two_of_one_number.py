"""Row 54: two kiosks say that they are the same room; the code that a person reads decides."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from protocol.errors import CloseCode
from protocol.transport import doorway, room_connector
from protocol.transport.events import Choosers, CodeWrong, Ended, Found, Gone, Paired, PairedWith
from protocol.transport.handshake import Greeted, Party
from tests.protocol.transport.briefings import DEADLINES, ROOM, Kiosk, Presenter, run, running, settings
from tests.protocol.transport.joiners import opened

NUMBER = ROOM + 1
HEARD = settings(replace(DEADLINES, no_answer=30.0), mdns=True, rendezvous_port=0)


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.bad_input(row=54)
def test_two_kiosks_of_one_number_the_code_decides(tmp_path: Path, first: bool) -> None:
    async def test() -> None:
        one = Kiosk(tmp_path / "one", HEARD, NUMBER)
        other = Kiosk(tmp_path / "other", HEARD, NUMBER)
        presenter = Presenter(tmp_path, HEARD)
        async with running(one, other, presenter):
            wall, stranger = (one, other) if first else (other, one)
            presenter.owner.connect(NUMBER)
            await presenter.inbox.state(Found)
            presenter.owner.submit_code(NUMBER, wall.code)
            await presenter.inbox.state(Paired)
            await wall.inbox.until(PairedWith)
            assert not stranger.inbox.of(PairedWith)
            # What it was asked by the way counts as a guess there and nothing else.
            assert len(stranger.inbox.of(CodeWrong)) <= 1
            presenter.owner.drop(NUMBER)
            await wall.inbox.until(Ended)
            wall.side.wiped()
            await presenter.inbox.state(Gone)

            presenter.owner.connect(NUMBER)
            await presenter.inbox.state(Found)
            presenter.owner.submit_code(NUMBER, stranger.code)
            await presenter.inbox.state(Paired)
            await stranger.inbox.until(PairedWith)
            assert len(wall.inbox.of(PairedWith)) == 1

    run(test)


@pytest.mark.parametrize("code", [CloseCode.NOT_CHOSEN, CloseCode.NORMAL])
def test_the_other_display_neither_counts_nor_besets_a_presenter_that_is_open_to_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: CloseCode
) -> None:
    """Its presenter announces the room's number to those who join, and takes no second display. Whoever else
    announces that number and lets a display go at once keeps it no busier."""
    monkeypatch.setattr(room_connector, "NOT_CHOSEN", code)
    real, dials, several = doorway.dial, list[Any](), asyncio.Event()

    async def counted(party: Party, *more: Any) -> Greeted:
        dials.append(more)
        if len(dials) == 5:
            several.set()
        return await real(party, *more)

    monkeypatch.setattr(doorway, "dial", counted)

    async def test() -> None:
        wall, other = Kiosk(tmp_path / "one", HEARD, NUMBER), Kiosk(tmp_path / "other", HEARD, NUMBER)
        presenter = Presenter(tmp_path, HEARD)
        async with running(wall, other, presenter):
            presenter.owner.connect(NUMBER)
            await other.inbox.until(Choosers)  # of which nobody knows yet that it is the other one
            presenter.owner.submit_code(NUMBER, wall.code)
            await presenter.inbox.state(Paired)
            presenter.begin(NUMBER)
            await opened(wall, presenter)
            await several.wait()
            await other.inbox.until(Choosers, lambda event: event.count == 0)
            assert [event.count for event in other.inbox.of(Choosers)] == [1, 0]
            assert len(dials) < 20

    run(test)
