"""Somebody writes on a wall: over a real link, while it is cut, and not when the presenter forbids it."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocol.changes import InkChanged, OpRefused, PresenceSeen
from protocol.errors import Reason
from protocol.ink import Colour, MarkId, NewMark, Pen, Stroke, Tool, packed
from protocol.ops import Draw
from protocol.presence import Wet
from protocol.registers import SetWriting
from protocol.transport.events import Changed, JoinedAs, LinkBack, LinkLost, Paired
from tests.protocol.transport.briefings import Kiosk, Presenter, run, running, settings

RED = Pen(Tool.PEN, Colour.RED, 330)
PAGE = 100


def stroke(n: int) -> Draw:
    return Draw(PAGE, 1, 0, (NewMark(n, Stroke(RED, 500, 500, packed([500, 900], [500, 600]))),))


def inked(changed: Changed, *marks: MarkId) -> bool:
    return [drawn.id for drawn in changed.briefing.ink.seen(PAGE)] == list(marks)


async def begun(kiosk: Kiosk, presenter: Presenter) -> int:
    """Paired, shown, and written on: the wall's number in the briefing."""
    presenter.offer(1, b"%PDF of a test")
    presenter.show(PAGE)
    assert isinstance(await presenter.pair(kiosk), Paired)
    presenter.owner.session.set(SetWriting(True))
    presenter.begin()
    joined = await kiosk.inbox.until(JoinedAs)
    await kiosk.inbox.until(
        Changed, lambda e: e.briefing.page(PAGE) is not None and e.briefing.registers.writing
    )
    return joined.peer


def test_a_stroke_on_the_wall_is_at_the_desk_while_it_is_drawn_and_after(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter = Kiosk(tmp_path, settings()), Presenter(tmp_path, settings())
        async with running(kiosk, presenter):
            peer = await begun(kiosk, presenter)
            wet = Wet(PAGE, 0, RED, True, 500, 500, packed([500, 900], [500, 600]))
            kiosk.side.present(wet)
            await presenter.inbox.until(Changed, lambda e: PresenceSeen(peer, wet) in e.changes)
            kiosk.side.edit(stroke(0))
            mine = MarkId(peer, 0)
            await presenter.inbox.until(Changed, lambda e: inked(e, mine))
            waiting, arrived = InkChanged(PAGE, (mine,), True, True), InkChanged(PAGE, (mine,), True)
            await kiosk.inbox.until(Changed, lambda e: waiting in e.changes)
            await kiosk.inbox.until(Changed, lambda e: arrived in e.changes)
            presenter.owner.session.edit(stroke(0))
            await kiosk.inbox.until(Changed, lambda e: inked(e, mine, MarkId(0, 0)))
            kiosk.side.undo()
            await presenter.inbox.until(Changed, lambda e: inked(e, MarkId(0, 0)))

    run(test)


def test_what_is_drawn_while_the_link_is_dead_arrives_once_when_it_is_back(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter = Kiosk(tmp_path, settings()), Presenter(tmp_path, settings())
        async with running(kiosk, presenter):
            peer = await begun(kiosk, presenter)
            kiosk.side.cut(0.2)
            await kiosk.inbox.until(LinkLost)
            kiosk.side.edit(stroke(0))
            await kiosk.inbox.until(LinkBack)
            await presenter.inbox.until(Changed, lambda e: inked(e, MarkId(peer, 0)))
            await kiosk.inbox.until(
                Changed, lambda e: InkChanged(PAGE, (MarkId(peer, 0),), True) in e.changes
            )

    run(test)


def test_what_was_drawn_in_a_cut_and_is_forbidden_by_then_costs_the_wall_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("protocol.guests.ROLE_GRACE", 0.0)

    async def test() -> None:
        kiosk, presenter = Kiosk(tmp_path, settings()), Presenter(tmp_path, settings())
        async with running(kiosk, presenter):
            await begun(kiosk, presenter)
            presenter.owner.session.edit(stroke(0))
            await kiosk.inbox.until(Changed, lambda e: inked(e, MarkId(0, 0)))
            kiosk.side.cut(0.2)
            await kiosk.inbox.until(LinkLost)
            for n in range(30):
                kiosk.side.edit(stroke(n))
            presenter.owner.session.set(SetWriting(False))
            refused = await kiosk.inbox.until(
                Changed, lambda e: any(isinstance(each, OpRefused) for each in e.changes)
            )
            assert inked(refused, MarkId(0, 0))
            gone = [each for each in refused.changes if isinstance(each, InkChanged)]
            assert len(gone) == 30 and not any(each.pending for each in gone)
            presenter.owner.session.edit(stroke(1))
            await kiosk.inbox.until(Changed, lambda e: inked(e, MarkId(0, 0), MarkId(0, 1)))
            assert len(kiosk.inbox.of(LinkLost)) == 1

    run(test)


def test_a_wall_that_may_not_write_any_more_is_told_and_its_link_lives(tmp_path: Path) -> None:
    async def test() -> None:
        kiosk, presenter = Kiosk(tmp_path, settings()), Presenter(tmp_path, settings())
        async with running(kiosk, presenter):
            await begun(kiosk, presenter)
            # On its way when it is forbidden: it must not cost the wall its link.
            presenter.owner.session.set(SetWriting(False))
            kiosk.side.edit(stroke(0))
            refused = await kiosk.inbox.until(
                Changed, lambda e: any(isinstance(each, OpRefused) for each in e.changes)
            )
            assert [each.reason for each in refused.changes if isinstance(each, OpRefused)] == [
                Reason.NOT_ALLOWED
            ]
            presenter.owner.session.edit(stroke(0))
            await kiosk.inbox.until(Changed, lambda e: inked(e, MarkId(0, 0)))
            assert not kiosk.inbox.of(LinkLost)

    run(test)
