"""The kiosk's side: its code, its network, its deadlines, and presenters in processes that die or stop."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from protocol import journal
from protocol.messages import WallReport
from protocol.model import Briefing
from protocol.transport.addresses import Interface
from protocol.transport.candidates import Announcement
from protocol.transport.discovery import Discovery
from protocol.transport.doorway import Wall
from protocol.transport.events import (
    Back,
    BlobFailed,
    BlobFault,
    Changed,
    Choosers,
    CodeShown,
    Ended,
    Found,
    Gone,
    GoneReason,
    LinkBack,
    LinkLost,
    Lost,
    NetworkState,
    PairedWith,
    SecretKept,
    WallFacts,
    WallReported,
)
from protocol.transport.join_events import LeftReason
from protocol.transport.owner_session import Recovered
from protocol.transport.resuming import Secrets
from protocol.values import Screen, View
from tests.protocol.transport.briefings import (
    DEADLINES,
    ROOM,
    WHOLE,
    Kiosk,
    Presenter,
    facts,
    run,
    running,
    settings,
)
from tests.protocol.transport.mdns_attacker import GROUP, attacker, datagram

ROOT = Path(__file__).parents[3]


async def started(kiosk: Kiosk, presenter: Presenter) -> None:
    await presenter.brief(kiosk)


def test_choosers_are_counted_while_they_choose(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk = Kiosk(tmp_path, settings(replace(DEADLINES, step=0.1)))
        first, second = Presenter(tmp_path, settings()), Presenter(tmp_path, settings(), "田中")
        async with running(kiosk, first, second):
            first.owner.connect(ROOM, kiosk.address)
            await kiosk.inbox.until(Choosers, lambda event: event.count == 1)
            second.owner.connect(ROOM, kiosk.address)
            await kiosk.inbox.until(Choosers, lambda event: event.count == 2)
            first.owner.cancel(ROOM)
            await kiosk.inbox.until(Choosers)
            assert [event.count for event in kiosk.inbox.of(Choosers)] == [1, 2, 1]
            assert not kiosk.inbox.of(PairedWith)

    run(test)


def test_the_code_changes_by_time_and_the_former_one_still_pairs(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk = Kiosk(tmp_path, settings(replace(DEADLINES, code_life=0.4)))
        presenter = Presenter(tmp_path, settings())
        async with running(kiosk, presenter):
            presenter.owner.connect(ROOM, kiosk.address)
            await presenter.inbox.state(Found)
            typed = kiosk.code
            await kiosk.inbox.until(CodeShown, lambda event: event.code != typed)
            presenter.owner.submit_code(ROOM, typed)
            await kiosk.inbox.until(PairedWith)

    run(test)


def test_paired_and_never_started_the_wall_goes_free_again(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk = Kiosk(tmp_path, settings(replace(DEADLINES, unstarted=0.2)))
        presenter = Presenter(tmp_path, settings())
        async with running(kiosk, presenter):
            await presenter.pair(kiosk)
            assert (await kiosk.inbox.until(Ended)).reason is LeftReason.TIMEOUT
            kiosk.side.wiped()
            assert await presenter.inbox.state(Gone) == Gone(GoneReason.LEFT)

    run(test)


def test_a_link_lost_for_too_long_ends_the_briefing_and_forgets_the_secret(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk = Kiosk(tmp_path, settings(replace(DEADLINES, wipe=0.2)))
        presenter = Presenter(tmp_path, settings())
        async with running(kiosk):
            async with running(presenter):
                await started(kiosk, presenter)
            await kiosk.inbox.until(LinkLost)
            assert (await kiosk.inbox.until(Ended)).reason is LeftReason.TIMEOUT
            assert kiosk.inbox.of(SecretKept)[-1].blob is None
            kiosk.side.wiped()

    run(test)


def test_another_glass_and_a_page_that_cannot_be_shown_are_told(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter = Kiosk(tmp_path, settings()), Presenter(tmp_path, settings())
        async with running(kiosk, presenter):
            await started(kiosk, presenter)
            smaller = msgspec.structs.replace(facts(ROOM), width=1280, height=720)
            kiosk.side.set_facts(smaller)
            await presenter.inbox.until(WallFacts, lambda event: event.facts == smaller)
            ref = presenter.briefing.page(100)[2].ref  # type: ignore[index]
            kiosk.side.send(WallReport(ref, 106))
            assert (await presenter.inbox.until(WallReported)).report == WallReport(ref, 106)

    run(test)


@pytest.mark.bad_input(row=42)
def test_bytes_that_are_not_the_paper_end_as_a_fault_and_the_session_goes_on(tmp_path: Path) -> None:
    """Row 42, through real links."""

    async def test() -> None:
        kiosk, presenter = Kiosk(tmp_path, settings()), Presenter(tmp_path, settings())
        async with running(kiosk, presenter):
            await presenter.pair(kiosk)
            refs = presenter.offer(1, os.urandom(700_000))
            presenter.owner.session.add_blob(refs[0].blob, os.urandom(700_000))
            presenter.show(100)
            presenter.begin()
            failed = await kiosk.inbox.until(BlobFailed)
            assert failed == BlobFailed(refs[0].blob, BlobFault.WRONG_HASH)
            presenter.show(101)
            await kiosk.inbox.until(Changed, lambda c: c.briefing.registers.view == View(101, WHOLE))

    run(test)


# --- the network --------------------------------------------------------------------------------------------


@pytest.mark.bad_input(row=55)
def test_a_forged_goodbye_changes_nothing_for_a_session(tmp_path: Path) -> None:
    """Row 55."""

    async def test() -> None:
        kiosk = Kiosk(tmp_path, settings(mdns=True))
        presenter = Presenter(tmp_path, settings(mdns=True))
        heard = asyncio.Event()
        spy = Discovery((), heard.set)
        async with running(kiosk, presenter):
            spy.start()
            spy.set_interfaces((Interface("lo", 1, ("127.0.0.1",), True),))
            await started(kiosk, presenter)
            while not (heard_of := spy.candidates.kiosks(ROOM)):
                heard.clear()
                await heard.wait()
            name = heard_of[0].instance.partition(".")[0]
            port = heard_of[0].endpoints[0].port
            with attacker() as sender:
                text = Announcement(ROOM, in_use=True).text
                sender.sendto(datagram(name, text, "127.0.0.1", ttl=0, port=port), GROUP)
            while spy.candidates.kiosks(ROOM):
                heard.clear()
                await heard.wait()
            presenter.show(102)
            await kiosk.inbox.until(Changed, lambda c: c.briefing.registers.view == View(102, WHOLE))
            assert not kiosk.inbox.of(LinkLost)
            await spy.stop()

    run(test)


def test_a_kiosk_announces_whether_it_is_in_use_and_waits_without_a_network(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter = Kiosk(tmp_path, settings()), Presenter(tmp_path, settings())
        async with running(kiosk, presenter):
            assert kiosk.inbox.of(NetworkState)[-1].ok
            await started(kiosk, presenter)
            assert kiosk.side._doorway._wall is Wall.FOLLOWING
            kiosk.side._doorway.moved((), ())
            assert kiosk.inbox.of(NetworkState)[-1] == NetworkState(False, ())
            presenter.show(102)
            await kiosk.inbox.until(Changed, lambda c: c.briefing.registers.view == View(102, WHOLE))

    run(test)


def what_is_shown(briefing: Briefing) -> tuple[object, ...]:
    return briefing.papers, briefing.registers.view, briefing.registers.screen


# --- real processes -----------------------------------------------------------------------------------------


class Desk:
    """A presenter in another process, by what it prints."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.journal: list[bytes] = []
        self.secrets = b""

    async def until(self, *words: str) -> None:
        assert self.process.stdout is not None
        async with asyncio.timeout(15):
            while True:
                line = (await self.process.stdout.readline()).decode().split()
                assert line, "the presenter's process ended"
                if line[0] == "journal":
                    self.journal.append(bytes.fromhex(line[1]))
                elif line[0] == "secrets":
                    self.secrets = bytes.fromhex(line[1])
                if tuple(line[: len(words)]) == words:
                    return


@asynccontextmanager
async def desk(folder: Path, kiosk: Kiosk) -> AsyncIterator[Desk]:
    """A presenter's process that has paired with the kiosk and shows a page."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.protocol.transport.desk_process"),
        *(str(folder), str(ROOM), kiosk.address),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    made = Desk(process)
    try:
        await made.until("found")
        assert process.stdin is not None
        process.stdin.write(kiosk.code.encode() + b"\n")
        await made.until("shown")
        await kiosk.inbox.until(Changed, lambda c: c.briefing.registers.screen is Screen.SHOW)
        yield made
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_killed_presenter_comes_back_from_its_journal_without_a_code(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk = Kiosk(tmp_path, settings())
        async with running(kiosk), desk(tmp_path, kiosk) as killed:
            killed.process.kill()
            await kiosk.inbox.until(LinkLost)
            chain = journal.Chain()
            content = journal.read([chain.add(entry) for entry in killed.journal])
            kept = msgspec.msgpack.decode(killed.secrets, type=Secrets)
            again = Presenter(tmp_path, settings(), recovered=Recovered(content.log, content.registers, kept))
            async with running(again):
                await kiosk.inbox.until(LinkBack)
                again.show(102)
                await kiosk.inbox.settled(lambda: kiosk.briefing == again.briefing)
                assert kiosk.briefing.registers.view == View(102, WHOLE)
                assert len(kiosk.inbox.of(PairedWith)) == 1

    run(test)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_presenter_that_stands_still_is_lost_and_comes_back_when_it_goes_on(tmp_path: Path) -> None:
    """What a laptop's lid does: TCP stays, nobody answers."""

    async def test() -> None:
        kiosk = Kiosk(tmp_path, settings(replace(DEADLINES, ping=0.05, dead=0.3)))
        async with running(kiosk), desk(tmp_path, kiosk) as stopped:
            stopped.process.send_signal(signal.SIGSTOP)
            await kiosk.inbox.until(LinkLost)
            assert not kiosk.inbox.of(Ended)
            stopped.process.send_signal(signal.SIGCONT)
            await stopped.until("state", Lost.__name__)
            await stopped.until("state", Back.__name__)
            await kiosk.inbox.until(LinkBack)

    run(test)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.bad_input(row=60)
def test_a_lid_closed_for_too_long_needs_the_code_again_and_loses_nothing(tmp_path: Path) -> None:
    """Row 60: the wall has wiped itself meanwhile; the briefing lives on at the presenter's."""

    async def test() -> None:
        kiosk = Kiosk(tmp_path, settings(replace(DEADLINES, ping=0.05, dead=0.3, wipe=0.3)))
        async with running(kiosk), desk(tmp_path, kiosk) as closed:
            before, former_code = kiosk.briefing, kiosk.code
            closed.process.send_signal(signal.SIGSTOP)
            assert (await kiosk.inbox.until(Ended)).reason is LeftReason.TIMEOUT
            kiosk.side.wiped()
            await kiosk.inbox.until(CodeShown, lambda shown: shown.code != former_code)
            closed.process.send_signal(signal.SIGCONT)
            await closed.until("state", Gone.__name__)
            await closed.until("state", Found.__name__)
            assert closed.process.stdin is not None
            closed.process.stdin.write(kiosk.code.encode() + b"\n")
            await closed.until("shown")
            # Not the registers' number: showing again counts as a change.
            await kiosk.inbox.until(Changed, lambda c: what_is_shown(c.briefing) == what_is_shown(before))

    run(test)
