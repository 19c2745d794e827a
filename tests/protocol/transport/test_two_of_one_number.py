"""Row 54: two kiosks say that they are the same room; the code that a person reads decides."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from protocol.transport.events import CodeWrong, Ended, Found, Gone, Paired, PairedWith
from tests.protocol.transport.briefings import DEADLINES, ROOM, Kiosk, Presenter, run, running, settings

NUMBER = ROOM + 1
HEARD = settings(replace(DEADLINES, no_answer=30.0), mdns=True)


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
