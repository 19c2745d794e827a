"""The kiosk's network in one object: the loop thread, the room side, and its events in the Qt thread."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from kiosk.installed import CERTIFICATE_FILE, installed_file
from kiosk.settings import Settings
from pageview.bridge import SessionBridge
from pageview.wording import say
from protocol.errors import Fault, Misuse, Unavailable
from protocol.facilities import Facilities
from protocol.manage import Outcome, SelfTest, Status
from protocol.messages import RoomFacts, WallReport
from protocol.ops import Op
from protocol.presence import Presence
from protocol.transport.facilities_file import BROKER_FILE, load_facilities
from protocol.transport.room_side import RoomSide
from protocol.transport.runner import Runner
from protocol.transport.settings import BlobStore, Deadlines, TransportSettings
from protocol.transport.tls import DeviceKey


class Unusable(Exception):
    """This machine cannot be a display as it is set up; the text says why, `fault` is the reason code."""

    def __init__(self, fault: Fault, text: str) -> None:
        super().__init__(text)
        self.fault = fault


class Network(QObject):
    """All methods belong to the Qt thread; they return at once.

    Making one reads or makes the device key and reads the facilities' key: `Unusable` when that cannot be.
    """

    received = Signal(object)
    """tuple[Event, ...]"""

    def __init__(
        self,
        settings: TransportSettings,
        facts: RoomFacts,
        state: Path,
        store: BlobStore,
        kept_secret: bytes | None,
        out_of_service: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge = SessionBridge(self)
        self._bridge.received.connect(self.received)
        self._runner = Runner()
        self._side = RoomSide(
            self._runner,
            device_key(state),
            facts,
            settings,
            self._bridge.post,
            store,
            kept_secret,
            _certificate(state),
            installed_facilities(settings.facilities, state),
            out_of_service,
        )

    def start(self) -> None:
        self._runner.start()
        self._runner.call(self._side.start)

    def call(self, function: Callable[[], None]) -> None:
        """Has this called in the network thread, soon."""
        self._runner.call(function)

    def stop(self, seconds: float = 1.0) -> None:
        """Every link ends; nothing is received any more."""
        self._bridge.close()
        self._runner.stop_after(self._side.stop(), seconds)

    def present(self, presence: Presence) -> None:
        self._runner.call(self._side.present, presence)

    def edit(self, op: Op) -> None:
        self._runner.call(self._side.edit, op)

    def undo(self) -> None:
        self._runner.call(self._side.undo)

    def report(self, report: WallReport) -> None:
        self._runner.call(self._side.send, report)

    def set_facts(self, facts: RoomFacts) -> None:
        self._runner.call(self._side.set_facts, facts)

    def disconnect_presenter(self) -> None:
        self._runner.call(self._side.disconnect)

    def give_up(self) -> None:
        """This wall cannot go on with the briefing; the presenter is told."""
        self._runner.call(self._side.fault)

    def wiped(self) -> None:
        self._runner.call(self._side.wiped)

    def answer_takeover(self, yes: bool) -> None:
        self._runner.call(self._side.answer_takeover, yes)

    @property
    def run(self) -> bytes:
        """This start of the program, as consoles know it."""
        return self._side.managed.run

    @property
    def revocations(self) -> int:
        """The number of the newest revocation list."""
        return self._side.managed.revocations

    def set_status(self, status: Status) -> None:
        """How this display is, for the facilities' consoles."""
        self._runner.call(self._side.managed.set_status, status)

    def set_self_test(self, test: SelfTest) -> None:
        """What became of the self-test, for the facilities' consoles."""
        self._runner.call(self._side.managed.set_self_test, test)

    def answer_order(self, asker: int, serial: int, outcome: Outcome, text: str = "") -> None:
        """What became of an order."""
        self._runner.call(self._side.managed.answer, asker, serial, outcome, text)

    def cut(self, seconds: float) -> None:
        self._runner.call(self._side.cut, seconds)

    def take_stalls(self) -> tuple[int, float]:
        """How often its loop was late since the last call, and by how many seconds at most."""
        return self._runner.take_stalls()


def device_key(state: Path) -> DeviceKey:
    """The key of this machine; `Unusable` when it can neither be read nor made."""
    try:
        return DeviceKey.load_or_create(state)
    except Unavailable as error:
        raise Unusable(Fault.DEVICE_KEY, str(error)) from error


def _certificate(state: Path) -> bytes | None:
    """The facilities' word about this device, where it was installed."""
    file = state / CERTIFICATE_FILE
    return file.read_bytes() if file.is_file() else None


def installed_facilities(file: Path | None, state: Path) -> Facilities | None:
    """The facilities' key with the newest list that a console has passed on; `Unusable` when it is none."""
    if file is None:
        return None
    try:
        return load_facilities(file, state)
    except (Misuse, OSError) as error:
        raise Unusable(Fault.SETTINGS, f"{file}: {error}") from error


def transport_settings(settings: Settings, options: Namespace) -> TransportSettings:
    """The settings of one program start: the file's, with what the command line puts in their place."""
    network, deadlines = settings.network, settings.deadlines
    if network.facilities and not os.path.exists(network.facilities):
        # Without it the display would be anybody's, and nobody would notice.
        words = (
            "設定 network.facilities の {file} がありません。管財課の証明書を置くか、この行を消してください。"
        )
        raise Unusable(Fault.SETTINGS, say(words, file=network.facilities))
    return TransportSettings(
        port=network.port if options.port is None else options.port,
        rendezvous_port=network.rendezvous_port,
        own_networks=network.own_networks,
        mdns=not options.no_mdns,
        mdns_interfaces=tuple(options.mdns_interface),
        facilities=installed_file(settings, options),
        wire_log=options.wire_log,
        broker=settings.broker.address,
        broker_certificate=options.state / BROKER_FILE,
        deadlines=Deadlines(code_life=deadlines.code_life, unstarted=deadlines.start, wipe=deadlines.wipe),
    )


def room_facts(settings: Settings, pixels: tuple[int, int], touch: bool) -> RoomFacts:
    """What the presenter is told of this wall. `pixels`: device pixels."""
    room, display = settings.room, settings.display
    return RoomFacts(
        number=room.number,
        name=room.name,
        name_en=room.name_en,
        place=room.place,
        place_en=room.place_en,
        width=pixels[0],
        height=pixels[1],
        inches=round(display.inches),
        distance_cm=round(display.distance_m * 100),
        touch=touch,
    )
