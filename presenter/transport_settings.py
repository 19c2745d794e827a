"""What the command line says about the network, as the transport wants it."""

from __future__ import annotations

from presenter.options import Options
from protocol.transport.settings import TransportSettings


def transport_settings(options: Options) -> TransportSettings:
    """Ports, interfaces and files for the owner of a session."""
    return TransportSettings(
        port=options.port,
        mdns=options.mdns,
        mdns_interfaces=options.mdns_interfaces,
        room_file=options.room_file,
        facilities=options.facilities,
        wire_log=options.wire_log,
    )
