"""A link to an MQTT 5 broker over TLS: kept up with back-off, never waited for, bounded against what comes.

The broker's certificate has to bear the facilities' signature and its host's name; what it says is believed
by nobody here (`protocol.by_broker`). Needs ``aiomqtt`` (the extra ``fleet``): without it a link is never up.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import itertools
import logging
import random
import socket
import ssl
import sys
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from protocol.by_broker import MESSAGE_LIMIT, NotBelieved
from protocol.errors import KamizeroError
from protocol.facilities import Facilities
from protocol.transport.addresses import Endpoint
from protocol.transport.dial import connect

if TYPE_CHECKING:
    import aiomqtt

log = logging.getLogger(__name__)
# The library calls an error what a network does; what it means for us is said here.
_library = logging.getLogger(f"{__name__}.library")
_library.setLevel(logging.CRITICAL)

KEEP_ALIVE = 8
"""Seconds. A broker takes a link for dead after one and a half of it, and mosquitto 2.0 looks each 5 s."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
CONNECT = 10.0
FAREWELL, GOODBYE = 1.0, 0.3
"""Seconds for a last word, and for the library to close politely."""
WAITING = 256
"""So many messages of a display wait to be sent; of retained topics only the newest each."""
TOGETHER = 20
"""So many are under way to the broker."""
LOOK = 0.2
BREATH = 0.02
"""Seconds of reading in one go."""


class BrokerRefused(KamizeroError):
    """It is not the house's broker, or it does too much of something."""


@dataclass(frozen=True, slots=True)
class Post:
    """One message to the broker. ``expiry``: seconds, None: it stays good; ``answer_to``: response topic and
    correlation data; ``passing``: a newer one follows soon, and none is waited for."""

    topic: str
    payload: bytes
    retain: bool = False
    expiry: int | None = None
    answer_to: str = ""
    correlation: bytes = b""
    passing: bool = False


@dataclass(frozen=True, slots=True)
class Came:
    """One message from the broker."""

    topic: str
    payload: bytes
    retained: bool
    answer_to: str
    correlation: bytes


class BrokerLink:
    """``opened()`` is called in the loop whenever it is up, ``closed()`` when it is down again, ``take`` with
    each message. ``will``: what the broker says when the link is lost.

    ``topics``: what is listened to, with the quality of service; 0 where a newer message follows anyway: ten
    thousand that are retained come without waiting for each other. ``certificate``: the file of this
    device's certificate for the broker, None to come as nobody; its key is in ``key``. ``spread``: seconds
    over which the first connection is spread. ``per_second``: messages that come; ``waiting``: those that
    wait to be sent.
    """

    def __init__(
        self,
        at: Endpoint,
        facilities: Facilities,
        topics: Mapping[str, int],
        opened: Callable[[], None],
        closed: Callable[[], None],
        take: Callable[[Came], None],
        will: Callable[[], Post] | None = None,
        certificate: Path | None = None,
        key: Path | None = None,
        identifier: str = "",
        spread: float = 0.0,
        per_second: int = 200,
        waiting: int = WAITING,
    ) -> None:
        self._at, self._facilities, self._topics = at, facilities, topics
        self._opened, self._closed, self._take, self._will = opened, closed, take, will
        self._certificate, self._key, self._identifier = certificate, key, identifier
        self._spread, self._per_second = spread, per_second
        self._limit = waiting
        self._waiting: OrderedDict[object, Post] = OrderedDict()
        self._inbox: deque[Any] = deque()
        self._arrived = asyncio.Event()
        self._ending = False
        self._doubted = 0
        self._something = asyncio.Event()
        self._sent = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._cut: Callable[[], None] = lambda: None
        self.up = False

    # --- wishes -----------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begins in the running loop."""
        self._task = asyncio.get_running_loop().create_task(self._stay())

    async def stop(self, last: Post | None = None) -> None:
        """Goodbye, with a last word where the link is up: the broker says the will of those alone that are
        lost."""
        if last is not None and self.up:
            self.post(last)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(FAREWELL):
                    await self._sent.wait()
        self._ending = True  # asyncio.wait_for of Python 3.11 may lose a cancellation
        if self._task is not None:
            self._task.cancel()
            try:
                await asyncio.wait([self._task], timeout=GOODBYE)
            finally:
                if not self._task.done():  # a broker that says nothing more is not waited for
                    self._cut()
            await asyncio.gather(self._task, return_exceptions=True)

    def post(self, post: Post) -> None:
        """Sent when the link is up; the newest of what is retained or passing takes the place of the one
        before."""
        key: object = post.topic if post.retain or post.passing else object()
        self._waiting.pop(key, None)
        self._waiting[key] = post
        while len(self._waiting) > self._limit:
            self._waiting.popitem(last=False)
        self._sent.clear()
        self._something.set()

    def doubt(self, error: NotBelieved) -> None:
        """What it brought counts for nothing. Told at the 1st, the 10th, the 100th time …: a broker that lies
        does not fill a disk."""
        self._doubted += 1
        if self._doubted == 10 ** (len(str(self._doubted)) - 1):
            log.warning("the broker brought what counts for nothing (%d times): %s", self._doubted, error)

    # --- staying up -------------------------------------------------------------------------------------

    async def _stay(self) -> None:
        if not _can_be():
            return
        pause = FIRST_PAUSE
        await asyncio.sleep(self._spread * random.random())
        while not self._ending:
            begun = asyncio.get_running_loop().time()
            try:
                await self._visit()
            except KamizeroError as error:
                log.warning("the broker at %s: %s", self._at, error)
            except _errors() as error:
                log.info("the broker at %s: %s", self._at, error)
            finally:
                if self.up:
                    self.up = False
                    self._closed()
            if asyncio.get_running_loop().time() - begun > LONGEST_PAUSE:
                pause = FIRST_PAUSE
            # Thousands come back after a power cut: each at a moment of its own.
            await asyncio.sleep(pause * random.uniform(0.2, 1.0))
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _visit(self) -> None:
        async with asyncio.timeout(CONNECT):
            sock = await connect(self._at.host, self._at.port)
        with sock.dup() as cable:
            client = self._client(sock)
            self._cut = functools.partial(_cut, cable, client)
            entered = asyncio.ensure_future(client.__aenter__())
            try:
                # The library's way in cannot be broken off, but by `_cut`: TLS and the first two packets.
                await asyncio.shield(entered)
                await self._work(client)
            finally:
                with contextlib.suppress(*_errors()):
                    await entered
                    await client.__aexit__(None, None, None)
                await _clear_up(client)

    async def _work(self, client: aiomqtt.Client) -> None:
        self._check(client)
        for topic, quality in self._topics.items():
            await client.subscribe(topic, qos=quality)
        self.up = True
        self._opened()
        work = [
            asyncio.ensure_future(self._send(client)),
            asyncio.ensure_future(self._hear()),
            asyncio.ensure_future(self._watch(client)),
        ]
        try:
            ends = [*work, client._disconnected]
            done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            for each in done:
                each.result()
        finally:
            for each in work:
                each.cancel()
            await asyncio.gather(*work, return_exceptions=True)

    def _client(self, sock: socket.socket) -> aiomqtt.Client:
        import aiomqtt
        from paho.mqtt.packettypes import PacketTypes
        from paho.mqtt.properties import Properties

        _lay_tables_once()
        limits = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        limits.MaximumPacketSize = MESSAGE_LIMIT
        will = None if self._will is None else self._will()
        made = aiomqtt.Client(
            self._at.host,
            self._at.port,
            identifier=self._identifier or None,
            protocol=aiomqtt.ProtocolVersion.V5,
            keepalive=KEEP_ALIVE,
            timeout=CONNECT,
            logger=_library,
            clean_start=True,
            properties=limits,
            will=None if will is None else aiomqtt.Will(will.topic, will.payload, 1, will.retain),
            tls_context=self._context(),
        )
        # By itself it connects in a thread that nobody can stop, for as long as TCP tries.
        sock.setblocking(True)
        made._client._create_socket_connection = lambda: sock  # type: ignore[method-assign]
        # What it brings is taken in one go: its own queue costs more than the proofs of who said it.
        self._inbox.clear()
        made._client.on_message = self._brought
        return made

    def _context(self) -> ssl.SSLContext:
        """Who the broker is, is checked by its certificate's signature afterwards: no clock, no list of
        authorities of this machine's."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        if self._certificate is not None and self._certificate.is_file():
            context.load_cert_chain(self._certificate, self._key)
        return context

    def _check(self, client: Any) -> None:
        sock = client._client.socket()
        shown = sock.getpeercert(binary_form=True) if isinstance(sock, ssl.SSLSocket) else None
        if shown is None or not is_of_the_house(shown, self._at.host, self._facilities):
            raise BrokerRefused("its certificate is not the facilities' for this name")

    # --- at work ----------------------------------------------------------------------------------------

    async def _send(self, client: aiomqtt.Client) -> None:
        """Some at a time, in their order: a broker answers each, and all have half a minute."""
        while True:
            while self._waiting:
                some = list(itertools.islice(self._waiting.items(), TOGETHER))
                await asyncio.gather(*(_publish(client, post) for _, post in some))
                for key, post in some:
                    if self._waiting.get(key) is post:
                        del self._waiting[key]
            self._sent.set()
            self._something.clear()
            await self._something.wait()

    def _brought(self, _client: object, _userdata: object, message: Any) -> None:
        """Called by the library while it reads."""
        self._inbox.append(message)
        self._arrived.set()

    async def _hear(self) -> None:
        loop = asyncio.get_running_loop()
        left, refilled = 2.0 * self._per_second, loop.time()
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            now = loop.time()
            left = min(left + (now - refilled) * self._per_second, 2.0 * self._per_second)
            left, refilled = left - len(self._inbox), now
            if left < -2 * self._per_second:
                raise BrokerRefused("it floods")
            for _ in range(len(self._inbox)):
                came = _read(self._inbox.popleft())
                if came is not None:
                    self._take(came)
                if loop.time() - now > BREATH:
                    await asyncio.sleep(0)
                    now = loop.time()

    async def _watch(self, client: Any) -> None:
        """The library keeps a packet as long as it says it is, up to 256 MB."""
        while True:
            await asyncio.sleep(LOOK)
            packet = getattr(client._client, "_in_packet", {})
            if packet.get("remaining_length", 0) > 2 * MESSAGE_LIMIT:
                raise BrokerRefused("it sends a packet that is too large")


@functools.cache
def _lay_tables_once() -> None:
    """The library lays the tables of all properties anew for each message that comes, which takes longer than
    to prove who said it: from now on all messages have the same."""
    from paho.mqtt.packettypes import PacketTypes
    from paho.mqtt.properties import Properties

    made = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    tables = {name: table for name, table in vars(made).items() if name != "packetType"}

    def begin(properties: Any, packetType: int) -> None:
        vars(properties).update(tables, packetType=packetType)

    Properties.__init__ = begin  # type: ignore[method-assign]


def _read(message: Any) -> Came | None:
    """A message of the library's; None for one that is nothing to anybody."""
    payload = message.payload
    if not isinstance(payload, bytes) or not 0 < len(payload) <= MESSAGE_LIMIT:
        return None
    about = message.properties
    answer_to = getattr(about, "ResponseTopic", "") or ""
    correlation = getattr(about, "CorrelationData", b"") or b""
    return Came(message.topic, payload, bool(message.retain), str(answer_to), bytes(correlation))


async def _publish(client: aiomqtt.Client, post: Post) -> None:
    from paho.mqtt.packettypes import PacketTypes
    from paho.mqtt.properties import Properties

    about = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    if post.expiry is not None:
        about.MessageExpiryInterval = post.expiry
    if post.answer_to:
        about.ResponseTopic = post.answer_to
    if post.correlation:
        about.CorrelationData = post.correlation
    quality = 0 if post.passing else 1
    await client.publish(post.topic, post.payload, qos=quality, retain=post.retain, properties=about)


def is_of_the_house(certificate: bytes, host: str, facilities: Facilities) -> bool:
    """Whether the facilities signed this certificate (DER) for that host."""
    try:
        shown = x509.load_der_x509_certificate(certificate)
        facilities.key.verify(shown.signature, shown.tbs_certificate_bytes, ec.ECDSA(hashes.SHA256()))
        names = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, InvalidSignature, UnsupportedAlgorithm, x509.ExtensionNotFound, x509.InvalidVersion):
        return False
    known = {*names.get_values_for_type(x509.DNSName)}
    known |= {str(address) for address in names.get_values_for_type(x509.IPAddress)}
    return host in known


def _cut(cable: socket.socket, client: Any) -> None:
    """As if the line were cut, wherever the library is: in TLS, in its first packets, or at its goodbye."""
    with contextlib.suppress(OSError):  # it has gone by itself
        cable.shutdown(socket.SHUT_RDWR)
    if not client._connected.done():
        client._connected.set_exception(ConnectionAbortedError())
        client._connected.exception()  # seen, should nobody wait for it any more


async def _clear_up(client: Any) -> None:
    """What the library leaves of a connection that was lost: a socket, a task, and errors that nobody asked
    for."""
    for future in (client._connected, client._disconnected):
        if future.done() and not future.cancelled():
            future.exception()
    client._client._sock_close()
    await asyncio.sleep(0)  # the task may be just about to begin
    task = getattr(client, "_misc_task", None)
    if task is not None:
        task.cancel()
        await asyncio.wait([task])


def _can_be() -> bool:
    try:
        import aiomqtt  # noqa: F401
    except ImportError:
        log.warning("a broker is set, but the extra “fleet” (aiomqtt) is not installed")
        return False
    loop = asyncio.get_running_loop()
    if sys.platform == "win32" and not isinstance(loop, asyncio.SelectorEventLoop):
        log.warning("a broker cannot be used from this event loop")
        return False
    return True


def _errors() -> tuple[type[Exception], ...]:
    """What a network, or a broker that sends nonsense, brings about."""
    import aiomqtt

    return (aiomqtt.MqttError, OSError, TimeoutError, ValueError)
