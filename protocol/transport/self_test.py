"""What a machine can find out about its own network by itself: free ports, and if multicast comes back."""

from __future__ import annotations

import asyncio
import errno
import socket
import time
from collections.abc import Sequence

from protocol.transport.addresses import Interface, IPNetwork
from protocol.transport.candidates import SERVICE, Announcement, Candidate
from protocol.transport.mdns import InterfaceSpeaker, random_name

HEARD_WITHIN = 3.0
_ROOM = 1
_UNUSED_PORT = 9


def port_is_taken(port: int) -> bool:
    """Whether another program listens on this TCP port. ``OSError`` when it may not be used at all."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))
            probe.listen(1)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return True
            raise
    return False


def hears_itself(interface: Interface, own: Sequence[IPNetwork]) -> bool:
    """Whether an announcement on this interface comes back over multicast. ``OSError``: no way to speak."""
    return asyncio.run(_heard(interface, own))


async def _heard(interface: Interface, own: Sequence[IPNetwork]) -> bool:
    name = random_name()
    came = asyncio.Event()

    def hear(candidate: Candidate) -> None:
        if candidate.instance == f"{name}.{SERVICE}":
            came.set()

    listening = InterfaceSpeaker(interface, own, hear, lambda _: None, time.monotonic)
    speaking = InterfaceSpeaker(interface, own, lambda _: None, lambda _: None, time.monotonic)
    try:
        await listening.open()
        await speaking.open()
        await speaking.announce({name: Announcement(_ROOM, in_use=None)}, name, _UNUSED_PORT)
        async with asyncio.timeout(HEARD_WITHIN):
            await came.wait()
        return True
    except TimeoutError:
        return False
    finally:
        await speaking.close()
        await listening.close()
