"""Opening a link: TCP, TLS 1.3, WebSocket, HELLOs; what comes back is `Greeted`, ready to be proven."""

from __future__ import annotations

import asyncio
import functools
import logging
import socket
from typing import cast

from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as connect_websocket
from websockets.exceptions import InvalidHandshake, InvalidMessage
from websockets.typing import Subprotocol

from protocol.pairing import Dialing
from protocol.pairing_messages import Mode
from protocol.transport.handshake import Greeted, NoAnswer, Party, greet_dialed
from protocol.transport.link import (
    GREETING_LIMIT,
    PATH,
    PATIENCE,
    QUEUE,
    SUBPROTOCOL,
    Door,
    SecureClient,
)
from protocol.transport.writer import HIGH_WATER, Framed

log = logging.getLogger(__name__)

# The library wants an address with a scheme. The socket is ours, and `SecureClient` puts TLS 1.3 on it before
# the first byte; no name of this URL is ever looked up.
_URL = f"ws://{SUBPROTOCOL}{PATH}"


async def dial(
    party: Party, address: str, port: int, mode: Mode, room: int, patience: float | None = None
) -> Greeted:
    """Dial ``address`` (IPv4, IPv6 with a scope where it needs one, or a name) about that room. ``patience``:
    seconds until TCP is given up, a step's if None.

    `NoAnswer`: nobody there, or nobody of ours. `HandshakeRefused`: its HELLO does not do, or ours did not.
    """
    opened = asyncio.get_running_loop().time()
    dialing = Dialing(party.us(room), mode, party.entropy(32))
    deadlines = party.deadlines
    door = Door(party.device.client_context(), deadlines.step, deadlines.handshake)
    try:
        async with asyncio.timeout(deadlines.step if patience is None else patience):
            sock = await connect(address, port)
        connection = await connect_websocket(
            _URL,
            sock=sock,
            create_connection=cast(
                type[ClientConnection], functools.partial(SecureClient, door, Framed(dialing.frame))
            ),
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            compression=None,
            user_agent_header=None,
            proxy=None,
            open_timeout=deadlines.step,
            ping_interval=None,
            close_timeout=PATIENCE,
            max_size=GREETING_LIMIT,
            max_queue=QUEUE,
            write_limit=HIGH_WATER,
        )
    except (OSError, TimeoutError, InvalidHandshake, InvalidMessage, EOFError, ValueError) as error:
        raise NoAnswer(f"{address} port {port}: {error}") from error
    assert isinstance(connection, SecureClient)
    if connection.subprotocol != SUBPROTOCOL:
        connection.fail(1002)
        raise NoAnswer(f"{address} port {port}: not one of ours")
    return await greet_dialed(party, connection, opened, dialing)


async def connect(address: str, port: int) -> socket.socket:
    """The first of the address's places that takes the connection."""
    loop = asyncio.get_running_loop()
    places = await loop.getaddrinfo(address, port, type=socket.SOCK_STREAM)
    failure: OSError = OSError("no such address")
    for family, kind, protocol, _, place in places:
        sock = socket.socket(family, kind, protocol)
        sock.setblocking(False)
        try:
            await loop.sock_connect(sock, place)
        except OSError as error:
            sock.close()
            failure = error
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    raise failure
