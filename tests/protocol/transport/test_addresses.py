"""Which addresses are dialled, and which this machine has."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from protocol.errors import Misuse
from protocol.transport import addresses
from protocol.transport.addresses import (
    Endpoint,
    Interface,
    dialable,
    networks,
    on_each_link,
    own_interfaces,
    read_endpoint,
)
from protocol.transport.network_watch import NetworkWatch
from protocol.transport.settings import PRIVATE_NETWORKS

OWN = networks(PRIVATE_NETWORKS)
LOOPBACK = Interface("lo", 1, ("127.0.0.1",), True)
WIRE = Interface("eth0", 2, ("10.1.6.27", "fe80::1"), False)


@pytest.mark.parametrize(
    ("host", "heard_on", "dialled"),
    [
        ("10.1.6.27", WIRE, True),
        ("10.1.6.27", None, True),
        ("fe80::9%2", WIRE, True),
        ("127.0.0.1", LOOPBACK, True),
        ("127.0.0.1", WIRE, False),
        ("127.0.0.1", None, False),
        ("::1", WIRE, False),
        ("::ffff:127.0.0.1", WIRE, False),
        ("10.1.6.27", LOOPBACK, False),
        ("fe80::9", WIRE, False),
        ("8.8.8.8", WIRE, False),
        ("8.8.8.8", None, False),
        ("0.0.0.0", WIRE, False),
        ("::", WIRE, False),
        ("224.0.0.251", WIRE, False),
        ("255.255.255.255", WIRE, False),
        ("not an address", None, False),
    ],
)
@pytest.mark.bad_input(row=53)
def test_which_addresses_are_dialled(host: str, heard_on: Interface | None, dialled: bool) -> None:
    assert dialable(host, OWN, heard_on) is dialled


def test_no_group_is_dialled_even_where_every_network_is_ones_own() -> None:
    everywhere = networks(("0.0.0.0/0", "::/0"))
    assert dialable("10.1.6.27", everywhere)
    assert not dialable("224.0.0.251", everywhere)
    assert not dialable("ff02::fb%2", everywhere, WIRE)


def test_typed_addresses() -> None:
    assert read_endpoint(" 10.1.6.27 ", 47_400) == Endpoint("10.1.6.27", 47_400)
    assert read_endpoint("room27.pref.lg.jp:47410", 47_400) == Endpoint("room27.pref.lg.jp", 47_410)
    assert read_endpoint("[fe80::1%eth0]:47410", 47_400) == Endpoint("fe80::1%eth0", 47_410)
    assert read_endpoint("fe80::1%eth0", 47_400) == Endpoint("fe80::1%eth0", 47_400)
    assert str(Endpoint("fe80::1%eth0", 1)) == "[fe80::1%eth0]:1"
    for text in ("", "10.1.6.27:0", "10.1.6.27:70000", "[fe80::1", "a b", "http://x/", "x:٣"):
        with pytest.raises(Misuse):
            read_endpoint(text, 47_400)


def test_a_link_local_address_read_from_a_wall_is_dialled_on_each_interface(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def adapter(name: str, index: int, *addresses: object) -> SimpleNamespace:
        ips = [SimpleNamespace(ip=ip, is_IPv4=isinstance(ip, str)) for ip in addresses]
        return SimpleNamespace(name=name, index=index, ips=ips)

    wired = adapter("eth0", 2, ("fe80::1", 0, 2), "10.1.6.3")
    wireless = adapter("wlan0", 5, ("fe80::2", 0, 5))
    old = adapter("eth1", 7, "10.2.0.3")
    monkeypatch.setattr("ifaddr.get_adapters", lambda: [wired, wireless, old])
    typed = read_endpoint("[fe80::a4b6]:47400", 1)
    assert on_each_link(typed, OWN) == (Endpoint("fe80::a4b6%2", 47400), Endpoint("fe80::a4b6%5", 47400))
    for other in ("[fe80::a4b6%eth0]:47400", "10.1.6.27", "[fd00::27]:9", "room-27.pref.lg.jp"):
        endpoint = read_endpoint(other, 47400)
        assert on_each_link(endpoint, OWN) == (endpoint,)


def test_an_address_that_cannot_be_bound_yet_is_not_there_yet(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """mDNS left IPv6 out on a cable that had just been plugged in, and never looked again (seen)."""
    here = [SimpleNamespace(ip=ip, is_IPv4=isinstance(ip, str)) for ip in (("fe80::2", 0, 2), "10.1.6.3")]
    monkeypatch.setattr("ifaddr.get_adapters", lambda: [SimpleNamespace(name="eth0", index=2, ips=here)])
    monkeypatch.setattr(addresses, "IPV6_ADDRESSES", tmp_path / "if_inet6")
    seen = []
    for flags in ("c0", "80"):
        addresses.IPV6_ADDRESSES.write_text(f"fe80{27 * '0'}2 02 40 20 {flags}     eth0\n", encoding="ascii")
        seen.append([each.addresses for each in own_interfaces(OWN)])
    assert seen == [[("10.1.6.3",)], [("fe80::2", "10.1.6.3")]]


def test_interfaces_of_this_machine() -> None:
    (loopback,) = own_interfaces(OWN, ["127.0.0.1"])
    assert loopback.loopback
    assert loopback.addresses == ("127.0.0.1",)
    alone = own_interfaces(networks(["203.0.113.0/24"]))
    assert [interface.addresses for interface in alone] == [("127.0.0.1",)]
    with pytest.raises(Misuse, match="own_networks"):
        networks(["house"])


def test_a_change_of_interfaces_and_a_sleep_are_noticed() -> None:
    now = 0.0
    present: tuple[Interface, ...] = (WIRE,)
    told: list[object] = []
    watch = NetworkWatch(lambda: present, told.append, lambda: told.append("woke"), clock=lambda: now)
    watch.look()
    now = 2.0
    watch.look()
    assert told == [(WIRE,)]
    present = ()
    now = 4.0
    watch.look()
    assert told == [(WIRE,), ()]
    present = (WIRE,)
    now = 1_200.0
    watch.look()
    assert told == [(WIRE,), (), (WIRE,), "woke"]
