"""What the fault page says, from the settings as far as they could be read."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from kiosk.fault import FaultState
from kiosk.settings import Settings
from kiosk.standby_feed import in_language
from pageview.wording import language

log = logging.getLogger(__name__)


def fault_state(
    code: int, details: tuple[str, ...], settings: Settings | None, interfaces: Sequence[str] = ()
) -> FaultState:
    """In the language of the wall. `interfaces`: addresses to take, of all that this machine has."""
    if settings is None:
        return FaultState(code, details=details)
    room, whom, english = settings.room, settings.help, language() == "en"
    return FaultState(
        code,
        in_language(whom.contact, whom.contact_en, english)[0],
        whom.extension,
        room.number,
        in_language(room.name, room.name_en, english)[0],
        in_language(room.place, room.place_en, english)[0],
        _address(settings.network.own_networks, interfaces),
        details,
    )


def _address(own: Sequence[str], only: Sequence[str]) -> str:
    """Where this machine is on the network; "" when that cannot be found out: the page stands without it."""
    from protocol.transport.addresses import networks, own_interfaces

    try:
        found = own_interfaces(networks(own), only)
    except OSError as error:
        log.info("no address: %s", error)
        return ""
    addresses = [address for interface in found for address in interface.addresses]
    return min(addresses, key=lambda address: ":" in address, default="")  # the shorter kind to read out
