"""The console's network in one object: the loop thread, its `Console`, and its events in the Qt thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import Future

from PySide6.QtCore import QObject, Signal

from kiosk.fleet.folder import Identity
from pageview.bridge import SessionBridge
from protocol.manage import Command, Enrol, Enrolled
from protocol.orders import OrderMaker
from protocol.transport.addresses import Endpoint, read_endpoint
from protocol.transport.broker_console import BrokerConsole, Ways
from protocol.transport.console import Console, Place
from protocol.transport.facilities_file import BROKER_PORT
from protocol.transport.manage_events import Ordered
from protocol.transport.runner import Runner
from protocol.transport.settings import TransportSettings

Make = Callable[[bytes], Enrol]
"""What is sent to the display of that public key."""


class FleetNetwork(QObject):
    """All methods belong to the Qt thread; they return at once."""

    received = Signal(object)
    """tuple[Event, ...]"""
    enrolled = Signal(object)
    """Enrolled, or the exception that ended it."""

    def __init__(
        self,
        identity: Identity,
        settings: TransportSettings,
        known: Iterable[tuple[bytes, Place]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge = SessionBridge(self)
        self._bridge.received.connect(self.received)
        self._runner = Runner("kamizero-fleet")
        self._ways = Ways(lambda event: self._bridge.post((event,)))
        orders = OrderMaker(identity.device.sign, identity.device.spki, identity.frame)
        who = (identity.device, identity.frame, identity.facilities, identity.revocations, orders)
        self._console = Console(*who, settings, self._ways.direct, known)
        self._broker: BrokerConsole | None = None
        if settings.broker:
            at, paper = read_endpoint(settings.broker, BROKER_PORT), settings.broker_certificate
            self._broker = BrokerConsole(at, *who, paper, self._ways.by_broker)

    def start(self) -> None:
        self._runner.start()
        self._runner.call(self._console.start)
        if self._broker is not None:
            self._runner.call(self._broker.start)

    def stop(self, seconds: float = 1.0) -> None:
        """Every link ends; nothing is received any more."""
        self._bridge.close()
        self._runner.stop_after(self._stop(), seconds)

    async def _stop(self) -> None:
        if self._broker is not None:
            await self._broker.stop()
        await self._console.stop()

    def order(self, device: bytes, command: Command, key: object) -> None:
        """Signed and sent; `Ordered` says under which serial it will be answered, before the answer comes."""

        def send() -> None:
            by_broker = self._broker is not None and not self._ways.is_direct(device)
            way = self._broker if by_broker and self._broker is not None else self._console
            self._bridge.post((Ordered(device, way.order(device, command), key),))

        self._runner.call(send)

    def revoke(self, revocations: bytes) -> None:
        """A newer list, as it is passed on, to every display at once."""

        def spread() -> None:
            self._console.revoke(revocations)
            if self._broker is not None:
                self._broker.revoke(revocations)

        self._runner.call(spread)

    def enrol(self, endpoint: Endpoint, code: str, open_key: Callable[[], Make]) -> None:
        """Takes a display in; `enrolled` says what came of it. ``open_key`` is asked first, in a thread of
        its own: a passphrase mistyped uses up no code."""

        async def work() -> Enrolled:
            make = await asyncio.to_thread(open_key)
            return await self._console.enrol(endpoint, code, make)

        self._runner.submit(work()).add_done_callback(self._told)

    def _told(self, work: Future[Enrolled]) -> None:
        if not work.cancelled():
            self.enrolled.emit(work.exception() or work.result())
