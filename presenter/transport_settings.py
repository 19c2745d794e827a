"""What the command line says about the network, as the transport wants it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pageview.paper_words import clean_name
from pageview.wording import say
from presenter.options import Options
from protocol.errors import Misuse
from protocol.transport.settings import TransportSettings

if TYPE_CHECKING:
    from protocol.facilities import Facilities

log = logging.getLogger(__name__)


def transport_settings(options: Options) -> TransportSettings:
    """Ports, interfaces and files for the owner of a session."""
    return TransportSettings(
        port=options.port,
        mdns=options.mdns,
        mdns_interfaces=options.mdns_interfaces,
        room_file=options.room_file,
        broker=options.broker,
        facilities=options.facilities,
        wire_log=options.wire_log,
    )


def read_facilities(file: Path | None, trouble: Callable[[str], None]) -> Facilities | None:
    """The key installed here, with the list of those that are out beside it (``revoked.list``). A key that
    cannot be read is no reason to trust everybody: nobody is then, and
    ``trouble`` says so in words."""
    from protocol.facilities import Facilities
    from protocol.transport.facilities_file import load_facilities

    if file is None:
        return None
    try:
        return load_facilities(file)
    except (Misuse, OSError) as error:
        log.error("%s: %s", file, error)
        trouble(say("{file} を読めないため、どの会議室にもつなぎません。", file=clean_name(str(file), 200)))
        return Facilities.of_nobody()
