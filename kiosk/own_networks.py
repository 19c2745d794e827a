"""Whether this display would still belong to the house if its networks were set otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kiosk.settings import PRIVATE_NETWORKS
from kiosk.settings_change import Value
from pageview.wording import say
from protocol.errors import Misuse
from protocol.transport.addresses import networks, own_interfaces

KEY = "network.own_networks"


def left_outside(changes: Iterable[tuple[str, Value]], former: Sequence[str]) -> str:
    """Why not, in a sentence; "" where these changes leave it inside, or it is outside as it is (``former``).

    Its consoles would reach it all the same, by the address that they know, and all would seem well, while
    its wall says that it has no network and no presenter finds it.
    """
    wanted = dict(changes)
    if KEY not in wanted:
        return ""
    own = PRIVATE_NETWORKS if wanted[KEY] is None else wanted[KEY]
    if not isinstance(own, tuple):
        return ""  # which the check of all settings tells
    try:
        here, then = _addresses(former), _addresses(own)
    except (Misuse, OSError):
        return ""
    if not here or then:
        return ""
    return say(
        "設定 {key}：このディスプレイのいまのアドレス {address} が、どのネットワークにも入りません。"
        "入るネットワークも加えてください。",
        key=KEY,
        address=min(here, key=lambda address: ":" in address),
    )


def _addresses(own: Sequence[str]) -> list[str]:
    found = own_interfaces(networks(own))
    return [address for each in found if not each.loopback for address in each.addresses]
