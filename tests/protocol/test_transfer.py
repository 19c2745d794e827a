"""Papers by their hash: resumable, newest want first, asked again once."""

from __future__ import annotations

from random import Random

import pytest

from protocol.errors import PeerFault
from protocol.messages import Chunk, Missing, Unwant, Want
from protocol.transfer import Failure, Fetches, GiveUp, Part, Rank, Restart, Wants, Write
from protocol.values import Blob
from tests.protocol.values import sha

PAPER, PAGE, NEXT = Blob(sha("paper"), 1_000), Blob(sha("page"), 30), Blob(sha("next"), 20)
LENGTHS = {each.sha256: each.length for each in (PAPER, PAGE, NEXT)}


def chunk(blob: Blob, offset: int, count: int) -> Chunk:
    return Chunk(blob.sha256, offset, bytes(count))


def test_the_page_in_view_is_asked_for_before_the_whole_paper() -> None:
    fetches = Fetches()
    fetches.want(PAPER, Rank.LATER)
    fetches.connected()
    fetches.want(PAGE, Rank.NOW)
    fetches.want(NEXT, Rank.SOON)
    asked = fetches.take()
    assert asked == [Want(each.sha256, 0) for each in (PAPER, PAGE, NEXT, PAGE)]
    wants = Wants()
    for want in asked:
        wants.receive(want)
    order = [wants.next(LENGTHS.get, 1_000) for _ in range(3)]
    assert order == [
        Part(PAGE.sha256, 0, 30, True),
        Part(NEXT.sha256, 0, 20, True),
        Part(PAPER.sha256, 0, 1_000, True),
    ]
    assert wants.next(LENGTHS.get, 1_000) is None


def test_a_newer_want_interrupts_and_the_older_goes_on_where_it_was() -> None:
    wants = Wants()
    wants.receive(Want(PAPER.sha256, 100))
    assert wants.next(LENGTHS.get, 400) == Part(PAPER.sha256, 100, 400, False)
    wants.receive(Want(PAGE.sha256, 0))
    assert wants.next(LENGTHS.get, 400) == Part(PAGE.sha256, 0, 30, True)
    wants.receive(Want(PAPER.sha256, 100))
    assert wants.next(LENGTHS.get, 400) == Part(PAPER.sha256, 500, 400, False)
    wants.receive(Unwant(PAPER.sha256))
    assert not wants


def test_what_is_not_there_is_said_to_be_missing() -> None:
    wants = Wants()
    wants.receive(Want(sha("?"), 0))
    wants.receive(Want(PAGE.sha256, 31))
    assert [wants.next(LENGTHS.get, 9) for _ in range(2)] == [Missing(PAGE.sha256), Missing(sha("?"))]
    fetches = Fetches()
    fetches.want(PAGE, Rank.NOW)
    assert fetches.receive(Missing(PAGE.sha256)) == GiveUp(PAGE.sha256, Failure.MISSING)


def test_a_cut_goes_on_at_the_offset() -> None:
    fetches = Fetches()
    fetches.want(PAPER, Rank.LATER)
    fetches.want(PAGE, Rank.NOW)
    assert fetches.receive(chunk(PAPER, 0, 300)) == Write(PAPER.sha256, 0, bytes(300), False)
    assert fetches.progress(PAPER.sha256) == (300, 1_000)
    fetches.connected()
    assert fetches.take() == [Want(PAPER.sha256, 300), Want(PAGE.sha256, 0)]


def test_what_is_here_or_under_way_is_not_asked_for_twice() -> None:
    fetches = Fetches()
    fetches.want(PAGE, Rank.NOW)
    fetches.want(PAGE, Rank.LATER)
    assert len(fetches.take()) == 1
    assert fetches.receive(chunk(PAGE, 0, 30)) == Write(PAGE.sha256, 0, bytes(30), True)
    assert fetches.checked(PAGE.sha256, True) is None
    assert fetches.want(PAGE, Rank.NOW) is None
    assert fetches.take() == []


@pytest.mark.parametrize("bad", [chunk(PAGE, 7, 5), chunk(PAGE, 0, 31), chunk(PAGE, 0, 0), "wrong hash"])
@pytest.mark.bad_input(row=42)
def test_what_does_not_fit_is_asked_again_once_and_then_given_up(bad: Chunk | str) -> None:
    fetches = Fetches()
    fetches.want(PAGE, Rank.NOW)
    fetches.take()

    def spoil() -> object:
        if isinstance(bad, Chunk):
            return fetches.receive(bad)
        assert fetches.receive(chunk(PAGE, 0, 30)) == Write(PAGE.sha256, 0, bytes(30), True)
        return fetches.checked(PAGE.sha256, False)

    assert spoil() == Restart(PAGE.sha256)
    assert fetches.take() == [Unwant(PAGE.sha256), Want(PAGE.sha256, 0)]
    assert fetches.receive(chunk(PAGE, 12, 3)) is None, "still on its way from before"
    fetches.receive(chunk(PAGE, 0, 1))
    if isinstance(bad, Chunk):
        assert fetches.receive(chunk(PAGE, 9, 1)) == GiveUp(PAGE.sha256, Failure.WRONG_HASH)
    else:
        fetches.receive(chunk(PAGE, 1, 29))
        assert fetches.checked(PAGE.sha256, False) == GiveUp(PAGE.sha256, Failure.WRONG_HASH)
    assert fetches.take() == [Unwant(PAGE.sha256)]


@pytest.mark.bad_input(row=43)
def test_a_briefing_of_more_than_a_gigabyte_is_not_fetched() -> None:
    fetches = Fetches()
    for n in range(2):
        assert fetches.want(Blob(sha(str(n)), 500 * 2**20), Rank.LATER) is None
    assert fetches.want(Blob(sha("2"), 25 * 2**20), Rank.NOW) == GiveUp(sha("2"), Failure.TOO_LARGE)
    fetches.unwant(sha("0"))
    assert fetches.want(Blob(sha("2"), 25 * 2**20), Rank.NOW) is None


def test_neither_side_takes_the_others_messages_or_wants_without_end() -> None:
    with pytest.raises(PeerFault, match="4403"):
        Wants().receive(chunk(PAGE, 0, 1))
    with pytest.raises(PeerFault, match="4403"):
        Fetches().receive(Want(PAGE.sha256, 0))
    wants = Wants()
    for n in range(10_000):
        wants.receive(Want(n.to_bytes(32, "big"), 0))
    with pytest.raises(PeerFault, match="4400"):
        wants.receive(Want(PAGE.sha256, 0))


def test_everything_arrives_over_links_that_break() -> None:
    random = Random(7)
    bodies = {sha(str(n)): random.randbytes(random.randint(1, 5_000)) for n in range(12)}
    fetches, here = Fetches(), {key: bytearray(len(body)) for key, body in bodies.items()}
    left = dict(bodies)
    for _ in range(10_000):
        wants = Wants()
        fetches.connected()
        for _ in range(random.randint(1, 30)):
            if left:
                key = random.choice(list(left))
                fetches.want(Blob(key, len(left.pop(key))), random.choice(list(Rank)))
            for message in fetches.take():
                wants.receive(message)
            part = wants.next(lambda key: len(bodies[key]), random.randint(1, 700))
            if isinstance(part, Part):
                data = bodies[part.sha256][part.offset : part.offset + part.length]
                step = fetches.receive(Chunk(part.sha256, part.offset, data))
                assert isinstance(step, Write)
                here[part.sha256][step.offset : step.offset + len(step.data)] = step.data
                if step.whole:
                    fetches.checked(part.sha256, here[part.sha256] == bodies[part.sha256])
        if not left and not wants:
            break
    assert here == bodies
