"""Three deliveries, in bounded memory."""

from __future__ import annotations

from protocol.messages import Committed, Now, Refused, Set
from protocol.ops import RemoveItem
from protocol.outbox import OVERRUN, Outbox
from protocol.presence import Pointer
from protocol.registers import SetHold, ShowView
from protocol.values import OpId
from tests.protocol.values import view

ROOM = 32_000


def shown(n: int) -> Set:
    return Set(n, ShowView(view(n)))


def pointed(n: int) -> Now:
    return Now(0, n, Pointer(1, n, n))


def log(length: int) -> list[Committed]:
    return [Committed(n + 1, OpId(0, n), RemoveItem(n)) for n in range(length)]


def test_a_newer_register_takes_the_place_of_the_older() -> None:
    outbox = Outbox()
    outbox.put_latest(ShowView, shown(1))
    outbox.put_latest(SetHold, Set(2, SetHold(True)))
    outbox.put_latest(ShowView, shown(3))
    assert outbox.take(ROOM) == [Set(2, SetHold(True)), shown(3)]
    assert outbox.take(ROOM) == []


def test_presence_goes_now_or_never() -> None:
    outbox = Outbox()
    outbox.put_maybe("pointer", pointed(1))
    outbox.put_maybe("pointer", pointed(2))
    assert outbox.take(ROOM) == [pointed(2)]
    outbox.put_maybe("pointer", pointed(3))
    assert outbox.take(0) == []
    assert outbox.take(ROOM) == []


def test_a_moment_is_taken_alone_where_nothing_else_waits() -> None:
    ops = log(2)
    outbox = Outbox(ops)
    outbox.follow(2)
    outbox.put_maybe("pointer", pointed(1))
    assert outbox.take_moment() == pointed(1)
    assert outbox.take_moment() is None
    assert outbox.take(ROOM) == []
    for wait in (
        lambda: outbox.put_maybe("another's", pointed(3)),
        lambda: outbox.put_latest(ShowView, shown(1)),
        lambda: outbox.put_every(Refused(None, "unknown_page")),
        lambda: outbox.follow(1),
        lambda: outbox.follow(None),
    ):
        outbox.follow(2)
        outbox.put_maybe("pointer", pointed(2))
        wait()
        assert outbox.take_moment() is None
        assert pointed(2) in outbox.take(ROOM)


def test_a_page_turn_overtakes_the_log_and_a_pointer_does_not() -> None:
    ops = log(3)
    outbox = Outbox(ops)
    outbox.follow(1)
    outbox.put_maybe("pointer", pointed(1))
    outbox.put_latest(ShowView, shown(1))
    outbox.put_every(Refused(None, "unknown_page"))
    assert outbox.behind == 2
    assert outbox.take(ROOM) == [Refused(None, "unknown_page"), shown(1), *ops[1:], pointed(1)]


def test_what_was_true_before_an_op_goes_before_it_and_never_behind_it() -> None:
    ops = log(2)
    outbox = Outbox(ops)
    outbox.follow(2)
    outbox.put_maybe("pointer", pointed(1))
    ops += log(4)[2:]
    assert outbox.take(ROOM) == [pointed(1), *ops[2:]]
    outbox.follow(1)
    outbox.put_maybe("pointer", pointed(2))
    ops += log(5)[4:]
    assert outbox.take(ROOM) == ops[1:], "between two that wait it has no place"


def test_the_log_goes_out_as_room_is_and_costs_no_memory() -> None:
    ops = log(10_000)
    outbox = Outbox(ops)
    outbox.follow(0)
    taken = outbox.take(640)
    assert taken == ops[: len(taken)]
    assert 5 <= len(taken) <= 20
    assert (outbox.bytes_waiting, outbox.lagging) == (0, True)
    ops.append(Committed(10_001, OpId(0, 10_000), RemoveItem(1)))
    assert [*taken, *outbox.take(10**9)] == ops
    assert not outbox.lagging


def test_nothing_is_left_of_a_link_that_is_gone() -> None:
    outbox = Outbox(log(5))
    outbox.follow(0)
    outbox.put_every(Refused(None, "unknown_page"))
    outbox.put_latest(ShowView, shown(1))
    outbox.put_maybe("pointer", pointed(1))
    outbox.clear()
    assert (outbox.take(ROOM), outbox.bytes_waiting, outbox.behind) == ([], 0, 0)


def test_who_takes_nothing_is_noticed() -> None:
    outbox = Outbox()
    while not outbox.overrun:
        outbox.put_every(Refused(OpId(1, 2**40), "x" * 40))
    assert OVERRUN < outbox.bytes_waiting < OVERRUN + 100
