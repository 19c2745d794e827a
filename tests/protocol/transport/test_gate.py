"""The door before TLS: who goes when it is full (row 9; the same against a real listener: test_hostile)."""

from __future__ import annotations

import pytest

from protocol.transport.gate import Gate, Visitor, source_address


def test_the_fifth_from_one_address_drops_its_own_oldest_and_nobody_elses() -> None:
    gate, dropped = Gate(), []
    gate.enter("192.0.2.1", lambda: dropped.append("other"))
    for name in "abcde":
        gate.enter("192.0.2.9", lambda name=name: dropped.append(name))
    assert dropped == ["a"]
    assert len(gate) == 5


def test_the_thirty_third_drops_the_oldest_of_all() -> None:
    gate, dropped = Gate(), []
    for n in range(34):
        gate.enter(f"192.0.2.{n}", lambda n=n: dropped.append(n))
    assert dropped == [0, 1]
    assert len(gate) == 32


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_this_machine_itself_is_counted_altogether_only(address: str) -> None:
    gate, dropped = Gate(), []
    for n in range(33):
        gate.enter(address, lambda n=n: dropped.append(n))
    assert dropped == [0]


def test_who_has_left_makes_room_and_leaving_twice_is_nothing() -> None:
    gate, dropped = Gate(), []
    visitors: list[Visitor] = [gate.enter("192.0.2.9", lambda: dropped.append("x")) for _ in range(4)]
    gate.leave(visitors[0])
    gate.leave(visitors[0])
    gate.enter("192.0.2.9", lambda: dropped.append("new"))
    assert dropped == []


def test_a_drop_that_leaves_by_itself_does_no_harm() -> None:
    gate, visitors = Gate(), []
    for _ in range(5):
        visitors.append(gate.enter("192.0.2.9", lambda: gate.leave(visitors[0])))
    assert len(gate) == 4


def test_closing_turns_everybody_out() -> None:
    gate, dropped = Gate(), []
    for n in range(3):
        gate.enter("192.0.2.9", lambda n=n: dropped.append(n))
    gate.close()
    assert dropped == [0, 1, 2]
    assert len(gate) == 0


@pytest.mark.parametrize(
    ("peername", "address"),
    [
        (("192.0.2.1", 5), "192.0.2.1"),
        (("::ffff:192.0.2.1", 5, 0, 0), "192.0.2.1"),
        (("fe80::1%eth0", 5, 0, 2), "fe80::1"),
        (("FE80:0::1", 5, 0, 2), "fe80::1"),
        (("",), ""),
    ],
)
def test_one_machine_is_one_source_however_its_address_is_written(peername, address) -> None:
    assert source_address(peername) == address
