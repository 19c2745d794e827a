"""Taking links: listening sockets, the gate, TLS 1.3, WebSocket, HELLOs; then each goes to its own task."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import cast

from websockets.asyncio.server import Server, ServerConnection
from websockets.asyncio.server import serve as serve_websockets
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from protocol.errors import CloseCode, PeerFault, Unavailable
from protocol.transport.gate import Gate
from protocol.transport.handshake import Greeted, Party, greet_listened
from protocol.transport.link import (
    GREETING_LIMIT,
    PATH,
    PATIENCE,
    QUEUE,
    SUBPROTOCOL,
    Door,
    LinkClosed,
    SecureServer,
)
from protocol.transport.writer import HIGH_WATER

log = logging.getLogger(__name__)

BACKLOG = 64
OnGreeted = Callable[[Greeted], Awaitable[None]]


class Listener:
    """Listening sockets. ``ports``: the port of each, in the order of the addresses that could be had."""

    def __init__(self, gate: Gate, door: Door) -> None:
        self.gate = gate
        self.ports: list[int] = []
        self._servers: list[Server] = []
        self._door = door

    async def adopt(self, sock: socket.socket, source: str) -> None:
        """Treat this connected socket as if its other end had dialled us, from ``source``."""
        server = self._servers[0]
        protocol = ServerProtocol(
            origins=[None], subprotocols=[Subprotocol(SUBPROTOCOL)], max_size=GREETING_LIMIT
        )
        connection = SecureServer(
            self._door,
            protocol,
            server,
            ping_interval=None,
            close_timeout=PATIENCE,
            max_queue=QUEUE,
            write_limit=HIGH_WATER,
        )
        connection.source = source
        await asyncio.get_running_loop().connect_accepted_socket(lambda: connection, sock)

    async def close(self) -> None:
        """Stop listening, end every link, wait for their tasks."""
        self.gate.close()
        for server in self._servers:
            stop_accepting(server.sockets)
            server.close()
        for server in self._servers:
            await server.wait_closed()


def stop_accepting(sockets: Iterable[socket.socket]) -> None:
    """Before a server is closed in a later turn of the loop. What it accepted in this one is taken in until
    then: asyncio before 3.13 leaves such a socket to the garbage collector."""
    loop = asyncio.get_running_loop()
    for sock in sockets:
        with contextlib.suppress(NotImplementedError):  # Windows' own loop
            loop.remove_reader(sock)


async def serve(
    party: Party,
    on_greeted: OnGreeted,
    addresses: Sequence[str],
    port: int,
    gate: Gate | None = None,
) -> Listener:
    """Listen. ``on_greeted`` runs in a task of its own for each link; the link ends when it returns.

    Port 0 takes free ones. An address that cannot be had is left out; `Unavailable` when none can.
    """
    gate = Gate() if gate is None else gate
    deadlines = party.deadlines
    door = Door(party.device.server_context(), deadlines.step, deadlines.handshake, gate)
    listener = Listener(gate, door)
    for sock in listening_sockets(addresses, port):
        server = await serve_websockets(
            functools.partial(_serve_one, party, on_greeted),
            sock=sock,
            create_connection=cast(type[ServerConnection], functools.partial(SecureServer, door)),
            origins=[None],
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            compression=None,
            process_response=_only_our_path,
            server_header=None,
            open_timeout=deadlines.step,
            ping_interval=None,
            close_timeout=PATIENCE,
            max_size=GREETING_LIMIT,
            max_queue=QUEUE,
            write_limit=HIGH_WATER,
        )
        listener._servers.append(server)
        listener.ports.append(sock.getsockname()[1])
    return listener


def listening_sockets(addresses: Sequence[str], port: int) -> list[socket.socket]:
    """One for each address that can be had; `Unavailable` when none can. Port 0 takes free ones."""
    sockets: list[socket.socket] = []
    failure: OSError | None = None
    for address in addresses:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        try:
            place = socket.getaddrinfo(address, port, family, socket.SOCK_STREAM, 0, socket.AI_PASSIVE)[0][4]
            sockets.append(socket.create_server(place, family=family, backlog=BACKLOG))
        except OSError as error:
            log.info("cannot listen on %s port %d: %s", address, port, error)
            failure = error
    if not sockets:
        raise Unavailable(f"cannot listen on port {port}") from failure
    return sockets


def _only_our_path(connection: ServerConnection, request: Request, response: Response) -> Response | None:
    if response.status_code == 101 and request.path != PATH:
        return connection.respond(403, "Forbidden\n")
    return None


async def _serve_one(party: Party, on_greeted: OnGreeted, connection: ServerConnection) -> None:
    assert isinstance(connection, SecureServer)
    try:
        greeted = await greet_listened(party, connection)
        await on_greeted(greeted)
    except (PeerFault, Unavailable, LinkClosed) as error:
        log.debug("a link from %s ended: %s", connection.source, error)
    if connection.standing:
        connection.fail(CloseCode.AUTH, "auth")
