"""A participant through the wall, from the code to the end: real sockets and TLS on loopback."""

from __future__ import annotations

from pathlib import Path

from protocol.transport.events import BlobReady
from protocol.transport.join_events import Joined
from protocol.values import Role
from tests.protocol.transport.briefings import Kiosk, Presenter, run, settings
from tests.protocol.transport.joiners import Joiner, briefing

OURS = settings(rendezvous_port=0)


def test_a_participant_joins_through_the_wall_and_follows(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter, joiner = Kiosk(tmp_path, OURS), Presenter(tmp_path, OURS), Joiner(tmp_path, OURS)
        async with briefing(kiosk, presenter, joiner) as code:
            joined = await joiner.join(kiosk, code)
            assert joined == Joined(Role.PARTICIPANT, joined.peer)
            await joiner.inbox.until(BlobReady)
            presenter.show(102)
            await joiner.inbox.settled(lambda: joiner.briefing == presenter.briefing)

    run(test)
