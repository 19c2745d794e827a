"""How participants come back: after the presenter's program died, and when the wall they came by is gone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from benchmarks.staging import free_port
from protocol import journal
from protocol.transport.events import BriefingEnded, Changed, Ended, IntroduceSeen, LinkBack, LinkLost
from protocol.transport.join_events import (
    FloorRefused,
    Joined,
    JoinState,
    Left,
    LeftReason,
    ParticipantLink,
    ParticipantSeen,
    WallsSeen,
)
from protocol.transport.owner_session import Recovered
from protocol.transport.resuming import Secrets
from protocol.transport.settings import TransportSettings
from protocol.values import Role
from tests.protocol.transport.briefings import (
    DEADLINES,
    ROOM,
    Kiosk,
    Presenter,
    run,
    running,
    settings,
)
from tests.protocol.transport.joiners import Joiner, briefing, joining, opened

# Who waits at a wall for a presenter who is away must not have to give up and dial again.
OURS = settings(replace(DEADLINES, step=600.0, handshake=600.0, rendezvous=600.0), rendezvous_port=0)
OTHER = ROOM + 1


class Keeping:
    """What a presenter's secrets are, at each change."""

    def __init__(self) -> None:
        self.newest = Secrets()

    def take(self, secrets: Secrets) -> None:
        self.newest = secrets

    @property
    def writers(self) -> list[str]:
        """Who would be back with the right to draw."""
        return [each.name for each in self.newest.joining.participants if each.writes]


def recovered(presenter: Presenter, secrets: Secrets) -> Recovered:
    chain = journal.Chain()
    kept = journal.read([chain.add(entry) for entry in presenter.records])
    return Recovered(kept.log, kept.registers, secrets)


def test_after_a_crash_of_the_presenter_participants_are_back_as_whom_they_were(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk = Kiosk(tmp_path, OURS)
        first, away, late = (Joiner(tmp_path, OURS, name) for name in ("鈴木", "田中", "高橋"))
        keeping = Keeping()
        presenter = Presenter(tmp_path, OURS, on_secrets=keeping.take)
        async with running(kiosk), joining(first, away, late):
            async with running(presenter):
                await presenter.pair(kiosk)
                presenter.offer(1, b"the paper's bytes" * 100)
                presenter.show(101)
                presenter.begin()
                code = await opened(kiosk, presenter)
                joined = await first.join(kiosk, code)
                sent_away = await away.join(kiosk, code)
                presenter.owner.participants.allow(joined.peer, saving=True, takeover=False, minutes=False)
                presenter.owner.participants.let_write(joined.peer, True)
                # What was settled about people is kept in the same moment: a crash may be the next one.
                assert keeping.writers == ["鈴木"]
                joined = await first.state(Joined)
                presenter.owner.participants.ask_approval(True)
                assert keeping.newest.joining.approval
                presenter.owner.participants.ask_approval(False)
                presenter.owner.participants.remove(sent_away.peer)
                secrets = keeping.newest
                assert (len(secrets.joining.barred), keeping.writers) == (1, ["鈴木"])
                await away.state(Left)
                away.side.wiped()
            await first.inbox.until(LinkLost)
            again = Presenter(
                tmp_path, OURS, recovered=recovered(presenter, secrets), on_secrets=keeping.take
            )
            async with running(again):
                assert keeping.newest == secrets, "it may crash again at once"
                back = await again.inbox.until(
                    ParticipantSeen, lambda seen: seen.participant.link is ParticipantLink.LINKED
                )
                assert (back.participant.peer, back.participant.name) == (joined.peer, "鈴木")
                assert back.participant.saving and back.participant.writes, "what was granted is granted"
                await first.inbox.until(LinkBack)
                again.show(102)
                await first.inbox.settled(lambda: first.briefing == again.briefing)
                assert [each.state for each in first.inbox.of(JoinState)][2:] == [joined]
                assert joined.role is Role.ANNOTATOR and first.briefing.names[joined.peer] == "鈴木"
                newcomer = await late.join(kiosk, code)
                assert newcomer.peer not in (joined.peer, 0), "the code is good as before, ids are new"
                away.side.join(ROOM, code, "田中", f"127.0.0.1:{kiosk.side._rendezvous.port}")
                unapproved = await again.inbox.until(
                    ParticipantSeen, lambda seen: seen.participant.name == "田中"
                )
                assert not unapproved.participant.approved, "who was sent away still has to be let in"
                again.owner.end()
                for one in (first, late):
                    assert await one.state(Left) == Left(LeftReason.ENDED)
                    one.side.wiped()
                away.side.leave()
                away.side.wiped()
                kiosk.side.wiped()
                await again.inbox.until(BriefingEnded)
                assert not keeping.newest and keeping.newest.joining.code == ""

    run(test)


def test_a_presenter_who_knows_nothing_of_a_session_ends_it_for_its_participants(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter, joiner = Kiosk(tmp_path, OURS), Presenter(tmp_path, OURS), Joiner(tmp_path, OURS)
        async with running(kiosk), joining(joiner):
            async with running(presenter):
                await presenter.pair(kiosk)
                presenter.begin()
                await joiner.join(kiosk, await opened(kiosk, presenter))
                secrets = Secrets((presenter.owner._rooms[ROOM].secret,))  # type: ignore[arg-type]
            again = Presenter(tmp_path, OURS, recovered=recovered(presenter, secrets))
            async with running(again):
                again.owner.participants.open()
                assert await joiner.state(Left) == Left(LeftReason.FORGOTTEN)

    run(test)


def two_walls(folder: Path, port: int) -> tuple[Kiosk, Kiosk, TransportSettings]:
    """Two kiosks of one house: the same port for the rendezvous, addresses of their own."""
    ours = settings(replace(DEADLINES, step=1.0), rendezvous_port=port)
    first = Kiosk(folder / "first", replace(ours, listen_addresses=("127.0.0.1",)))
    second = Kiosk(folder / "second", replace(ours, listen_addresses=("127.0.0.2",)), number=OTHER)
    return first, second, ours


def test_when_the_wall_one_came_by_is_dropped_another_one_is_the_way(tmp_path: Path) -> None:
    async def test() -> None:
        port = free_port()
        first, second, ours = two_walls(tmp_path, port)
        presenter, joiner = Presenter(tmp_path, ours), Joiner(tmp_path, ours)
        async with running(second), briefing(first, presenter, joiner) as code:
            await presenter.pair(second, second.address.replace("127.0.0.1", "127.0.0.2"), OTHER)
            presenter.begin(OTHER)
            await second.side._rendezvous.opened()
            await joiner.join(first, code)
            places = (await joiner.inbox.until(WallsSeen)).places
            assert [(each.number, each.name) for each in places] == [
                (ROOM, "第三会議室"),
                (OTHER, "第三会議室"),
            ]
            presenter.owner.drop(ROOM)
            await first.inbox.until(Ended)
            first.side.wiped()
            assert [each.number for each in (await joiner.inbox.until(WallsSeen)).places] == [OTHER]
            for stream in tuple(first.side._rendezvous.pairs):
                stream.cut()
            await joiner.inbox.until(LinkLost)
            await joiner.inbox.until(LinkBack)
            assert second.side._rendezvous.pairs
            presenter.show(102)
            await joiner.inbox.settled(lambda: joiner.briefing == presenter.briefing)
            presenter.owner.drop(OTHER)
            await second.inbox.until(Ended)
            second.side.wiped()
            # There is no way back, and that is said.
            await joiner.inbox.until(WallsSeen, lambda seen: not seen.places)

    run(test)


# --- the floor ----------------------------------------------------------------------------------------------


def test_walls_name_who_presents_until_the_floor_is_given_back(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter, joiner = Kiosk(tmp_path, OURS), Presenter(tmp_path, OURS), Joiner(tmp_path, OURS)
        async with briefing(kiosk, presenter, joiner) as code:
            peer = (await joiner.join(kiosk, code)).peer
            joiner.side.return_floor()
            joiner.side.ask_floor()
            presenter.owner.participants.decline_floor(peer)
            await joiner.inbox.until(FloorRefused)
            presenter.owner.grant(peer, Role.PRESENTER)
            presenter.owner.session.give_floor(peer)
            await kiosk.inbox.until(IntroduceSeen, lambda told: told.introduce.name == "鈴木")
            presenter.owner.introduce("佐藤", "秘書課")
            joiner.side.return_floor()
            await joiner.inbox.until(Changed, lambda told: told.briefing.registers.floor == 0)
            named = (
                await kiosk.inbox.until(IntroduceSeen, lambda told: told.introduce.name != "鈴木")
            ).introduce
            assert (named.name, named.department, named.participants) == ("佐藤", "秘書課", 1)
            joiner.side.cut(0.0)
            await joiner.inbox.until(LinkBack)
            assert isinstance(joiner.inbox.of(JoinState)[-1].state, Joined)

    run(test)
