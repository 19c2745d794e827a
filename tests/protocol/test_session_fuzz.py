"""Whole rooms played by seed: nothing that people or the network do may tear them apart."""

from __future__ import annotations

import pytest

from protocol import guests, log, pending
from tests.protocol.rooms import Room, play

# Seeds that once failed, and what they found. (The room plays them a little differently today.)
FAILED = {
    4: "a setter never learnt the number of its own register",
    24: "a view that came early took the number of registers back",
    88: "a refusal brought registers older than a wish that was taken after it",
    223: "a first view that was refused could not be taken back",
    312: "the same, by way of a dead holder",
    3072: "edits of a text that was removed were shown on another that took its place",
}
SEEDS = range(300)
LONG_SEEDS = range(300, 6_000)


def check(room: Room) -> None:
    room.check_same_everywhere()
    if not room.undo:
        # What two people undo may come back twice: that is what each of them asked for.
        room.check_order_of_typing()
        room.check_nothing_lost_nothing_doubled()


def is_undo(seed: int) -> bool:
    return seed % 4 == 3


@pytest.mark.parametrize("seed", FAILED)
def test_seeds_that_once_failed(seed: int) -> None:
    check(play(seed, undo=is_undo(seed)))


def test_everybody_ends_with_the_same_and_nothing_is_lost_doubled_or_out_of_order() -> None:
    typed = 0
    for seed in SEEDS:
        try:
            room = play(seed, undo=is_undo(seed))
            check(room)
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error
        typed += len(room.typed)
    assert typed > 10_000, "so little is typed that the run says nothing"


@pytest.mark.long
def test_many_more_rooms() -> None:
    for seed in LONG_SEEDS:
        try:
            check(play(seed, undo=is_undo(seed)))
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error


def fails(seeds: range) -> set[str]:
    """Which of the properties some of these seeds break."""
    broken = set()
    for seed in seeds:
        room = play(seed)
        for check_one in (room.check_order_of_typing, room.check_nothing_lost_nothing_doubled):
            try:
                check_one()
            except AssertionError:
                broken.add(check_one.__name__)
    return broken


def test_without_the_rebase_the_order_of_typing_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    """All ends agree even then: convergence alone would not notice."""
    monkeypatch.setattr(Room, "_check_no_jump", lambda *_: None)
    for module in (log, pending):
        monkeypatch.setattr(module, "rebase", lambda edit, over, *, first: edit)
    assert fails(range(20)) == {"check_order_of_typing", "check_nothing_lost_nothing_doubled"}
    play(0).check_same_everywhere()


def test_without_waiting_for_the_echo_texts_break(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Room, "_check_no_jump", lambda *_: None)
    monkeypatch.setattr(pending, "_blocks", lambda op: False)
    monkeypatch.setattr(guests, "REFUSALS", (10**6, 60.0))
    assert fails(range(40))


def test_without_knowing_its_ops_the_authority_doubles_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Room, "_check_no_jump", lambda *_: None)
    monkeypatch.setattr(log.Log, "__contains__", lambda self, id: False)
    assert "check_nothing_lost_nothing_doubled" in fails(range(40))
