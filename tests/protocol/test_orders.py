"""Orders of the facilities: what a display takes, once, and from whom (security.md §3–4, row 33)."""

from __future__ import annotations

import msgspec
import pytest

from protocol.codec import decode_manage, encode
from protocol.errors import CloseCode, PeerFault
from protocol.facilities import ConsoleRole, Facilities, RevocationList, device_id
from protocol.manage import ChangeSettings, FetchLog, Identify, Order, OrderBody, Outcome, Setting
from protocol.messages import Join, Want
from protocol.orders import LIFE, OrderMaker, OrderRefused, Orders, sign_order
from protocol.pairing_messages import Mode
from tests.protocol.handshakes import (
    Device,
    certificate_for,
    console,
    console_certificate,
    device,
    facilities,
    kiosk,
    managed,
    run,
)

DISPLAY = device_id(device("kiosk").spki)
RUN = b"r" * 16
NOW = 1_000_000


def order(
    serial: int = 1,
    by: Device | None = None,
    role: ConsoleRole = ConsoleRole.FACILITIES,
    certificate: bytes | None = None,
    **body: object,
) -> Order:
    holder = by or device("console")
    values = {"device": DISPLAY, "run": RUN, "expires": NOW + LIFE, "command": Identify(10), **body}
    signed = OrderBody(serial=serial, **values)
    return sign_order(holder.sign, holder.spki, certificate or console_certificate(holder, role), signed)


def taken(orders: Orders, what: Order, known: Facilities | None = None, now: int = NOW) -> Outcome:
    try:
        orders.take(what, known or facilities(), now)
    except OrderRefused as refused:
        return refused.outcome
    return Outcome.DONE


def test_every_setting_at_its_longest_fits_into_one_order() -> None:
    days = tuple(f"{2026 + n // 300}-{1 + n % 12:02}-{1 + n // 12 % 28:02}" for n in range(400))
    networks = tuple(f"fd00:1111:2222:3333:4444:5555:6666:{n:04x}/128" for n in range(64))
    texts = [Setting(f"section.setting_{n}", "設" * 400) for n in range(5)]
    lists = [Setting("timetable.closed", days), Setting("network.own_networks", networks)]
    short = [Setting(f"section.another_setting_{n}", "設" * 40) for n in range(41)]
    longest = order(command=ChangeSettings((*texts, *lists, *short), over_briefing=False))
    assert decode_manage(encode(longest)) == longest


def test_an_order_is_done_once_whatever_comes_between() -> None:
    orders = Orders(DISPLAY, RUN)
    assert orders.take(order(5), facilities(), NOW).command == Identify(10)
    assert taken(orders, order(5)) is Outcome.REPLAYED
    assert taken(orders, order(4)) is Outcome.REPLAYED
    assert taken(orders, order(1, device("second console"))) is Outcome.DONE
    assert taken(orders, order(6, command=FetchLog())) is Outcome.DONE


def test_orders_by_two_ways_count_together() -> None:
    """Thousands through the broker within a second, and the next one on a link is no replay."""
    holder = device("console")
    maker, orders = OrderMaker(holder.sign, holder.spki, console_certificate(holder)), Orders(DISPLAY, RUN)
    serials = [maker.make(DISPLAY, RUN, 0, Identify(1), NOW)[0] for _ in range(50)]
    assert serials == list(range(NOW * 1_000, NOW * 1_000 + 50))
    _, last = maker.make(DISPLAY, RUN, 0, Identify(1), NOW)
    assert taken(orders, last) is Outcome.DONE
    serial, direct = maker.make(DISPLAY, RUN, 7, Identify(2), NOW + 0.01)
    assert taken(orders, direct, now=NOW + 7) is Outcome.DONE
    again = OrderMaker(holder.sign, holder.spki, console_certificate(holder))
    assert again.make(DISPLAY, RUN, 0, Identify(1), NOW + 1)[0] > serial, "a console that was started again"


@pytest.mark.parametrize(
    ("what", "why"),
    [
        (order(expires=NOW - 1), Outcome.EXPIRED),
        (order(expires=NOW + 10 * LIFE), Outcome.EXPIRED),
        (order(device=device_id(device("other").spki)), Outcome.NOT_FOR_THIS),
        (order(run=b"s" * 16), Outcome.NOT_FOR_THIS),
        (order(role=ConsoleRole.READ_ONLY), Outcome.ROLE),
        (order(by=device("display"), certificate=certificate_for(device("display"))), Outcome.NOT_REGISTERED),
        (order(certificate=console_certificate(device("second console"))), Outcome.NOT_REGISTERED),
        (msgspec.structs.replace(order(), signature=device("thief").sign(b"x")), Outcome.NOT_SIGNED),
        (msgspec.structs.replace(order(), signature=b""), Outcome.NOT_SIGNED),
        (msgspec.structs.replace(order(), body=b"\xc1"), Outcome.UNREADABLE),
    ],
    ids=lambda value: value.name if isinstance(value, Outcome) else "",
)
def test_what_does_not_count_is_refused_with_its_reason_and_uses_nothing_up(
    what: Order, why: Outcome
) -> None:
    orders = Orders(DISPLAY, RUN)
    assert taken(orders, what) is why
    assert taken(orders, order()) is Outcome.DONE


def test_a_revoked_console_orders_nothing_and_without_facilities_nobody_does() -> None:
    key = facilities().key
    revoked = Facilities(key, RevocationList(1, (device_id(device("console").spki),)))
    assert taken(Orders(DISPLAY, RUN), order(), revoked) is Outcome.NOT_REGISTERED
    with pytest.raises(OrderRefused):
        Orders(DISPLAY, RUN).take(order(), None, NOW)


def test_a_bit_turned_in_the_body_is_a_bit_too_much() -> None:
    good = order()
    for place in range(len(good.body)):
        turned = good.body[:place] + bytes([good.body[place] ^ 1]) + good.body[place + 1 :]
        assert taken(Orders(DISPLAY, RUN), replace_body(good, turned)) is not Outcome.DONE


def replace_body(good: Order, body: bytes) -> Order:
    return msgspec.structs.replace(good, body=body)


# --- the link -------------------------------------------------------------------------------------------


def test_a_console_and_a_display_know_each_other_by_their_certificates() -> None:
    done = run(console(), managed(), mode=Mode.MANAGE)
    assert done.owner_secret == done.guest_secret


def test_a_display_that_waits_to_be_enrolled_takes_a_console_by_its_code() -> None:
    done = run(console(enrolling=True), kiosk(enrolling=True))
    assert done.owner_secret == done.guest_secret
    run(console(enrolling=True), kiosk(enrolling=True, facilities=facilities()))


@pytest.mark.bad_input(row=33)
def test_nobody_who_manages_can_ask_for_a_page() -> None:
    """Row 33: there is no such message; one of a briefing is a fault of the role."""
    for frame in (encode(Want(bytes(32), 0)), encode(Join(None, 0, False))):
        with pytest.raises(PeerFault) as fault:
            decode_manage(frame)
        assert fault.value.close_code == CloseCode.ROLE
    with pytest.raises(PeerFault) as fault:
        decode_manage(b"\xc1")
    assert fault.value.close_code == CloseCode.PROTOCOL
