"""A display that is being brought in: its code on the glass, and what the console sends kept whole or not at
all."""

from __future__ import annotations

import logging
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from kiosk.enrol_page import EnrolPage, EnrolState
from kiosk.glass import Glass
from kiosk.installed import CERTIFICATE_FILE, FACILITIES_FILE, installed_file
from kiosk.network import Unusable, device_key, installed_facilities, transport_settings
from kiosk.own_networks import KEY, left_outside
from kiosk.pipe import SupervisorPipe
from kiosk.pulse import Call
from kiosk.settings import PRIVATE_NETWORKS, Settings
from kiosk.settings import Network as NetworkSettings
from kiosk.settings_change import checked
from kiosk.settings_checks import SettingsError
from kiosk.supervisor import REPLACED
from pageview.bridge import SessionBridge
from pageview.whole_file import PRIVATE, write_whole
from pageview.wording import say
from protocol.errors import Misuse
from protocol.facilities import Facilities
from protocol.manage import Enrol, Outcome
from protocol.transport.enrolling import Enrolling
from protocol.transport.events import CodeShown, CodeWrong, Event, NetworkState
from protocol.transport.facilities_file import BROKER_FILE, REVOKED_FILE
from protocol.transport.manage_events import EnrolCame
from protocol.transport.runner import Runner
from protocol.transport.settings import TransportSettings

log = logging.getLogger(__name__)

WRONG_MS = 5_000
FAREWELL_MS = 1_500
"""So long the wall says that it is done, and the answer has to leave."""


class NotKept(Exception):
    """The enrolment does not fit this display; nothing was changed."""

    def __init__(self, outcome: Outcome, text: str) -> None:
        super().__init__(text)
        self.outcome = outcome


class Enrolment(QObject):
    """`open` paints; `start` begins the network. ``settings``: None where none can be used yet."""

    def __init__(
        self,
        settings: Settings | None,
        options: Namespace,
        glass: Glass,
        pipe: SupervisorPipe,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._options, self._pipe, self._glass = options, pipe, glass
        self._device = device_key(options.state)
        self._facilities = installed_facilities(installed_file(settings, options), options.state)
        self.page = EnrolPage()
        self._state = EnrolState()
        glass.add(self.page)
        self._right_again = QTimer(self, singleShot=True, interval=WRONG_MS)
        self._right_again.timeout.connect(lambda: self._show(wrong=False))
        self._bridge = SessionBridge(self)
        self._bridge.received.connect(self._take_all)
        self._runner = Runner()
        self._side: Enrolling | None = None

    def open(self) -> None:
        """登録 is in front and painted when this returns."""
        self.page.show_state(self._state)
        self._glass.bring(self.page)

    def start(self) -> Call:
        """The code appears as soon as there is one. By what is returned the network thread is called."""
        usual = NetworkSettings()
        settings = TransportSettings(
            port=usual.port if self._options.port is None else self._options.port,
            mdns=not self._options.no_mdns,
            mdns_interfaces=tuple(self._options.mdns_interface),
        )
        self._side = Enrolling(
            settings, self._device, self._facilities, lambda event: self._bridge.post((event,))
        )
        self._runner.start()
        self._runner.call(self._side.start)
        return self._runner.call

    def close(self, seconds: float = 1.0) -> None:
        """Every link ends."""
        self._bridge.close()
        if self._side is not None:
            self._runner.stop_after(self._side.stop(), seconds)
            self._side = None

    def _take_all(self, events: tuple[Event, ...]) -> None:
        for event in events:
            match event:
                case CodeShown(_, code):
                    self._show(code=code)
                    self._tell()
                case CodeWrong():
                    self._show(wrong=True)
                    self._right_again.start()
                case NetworkState(_, addresses):
                    self._show(address=addresses[0] if addresses else "")
                    self._tell()
                case EnrolCame(enrol):
                    self._enrol(enrol)

    def _tell(self) -> None:
        code, address = self._state.code, self._state.address
        if self._options.script and code and address:
            self._pipe.tell(event={"event": "enrolment", "code": code, "address": address})

    def _show(self, **changes: str | bool) -> None:
        self._state = replace(self._state, **changes)  # type: ignore[arg-type]
        self.page.show_state(self._state)

    def _enrol(self, enrol: Enrol) -> None:
        assert self._side is not None
        try:
            keep(enrol, self._options, self._device.spki, self._facilities)
        except NotKept as error:
            log.error("the enrolment was not kept: %s", error.outcome.name)
            self._show(failed=say("登録できませんでした。理由は管理の端末に出ています。"))
            self._runner.call(self._side.answer, error.outcome, str(error)[:2_000])
            return
        self._runner.call(self._side.answer, Outcome.DONE, "")
        self._show(done=True)
        QTimer.singleShot(FAREWELL_MS, self, self._leave)

    def _leave(self) -> None:
        """A fresh screen, which is a display of the house."""
        self._pipe.replace()
        self.close()
        QApplication.exit(REPLACED)


def keep(enrol: Enrol, options: Namespace, spki: bytes, installed: Facilities | None) -> None:
    """Writes all that makes this the display of a room; the certificate last, which decides. `NotKept` before
    anything was written, or when the disk would not have it."""
    try:
        facilities = Facilities.from_pem(enrol.facilities)
        settings = checked(enrol.settings)
    except Misuse as error:
        raise NotKept(Outcome.NOT_REGISTERED, str(error)) from error
    except SettingsError as error:
        raise NotKept(Outcome.SETTINGS, str(error)) from error
    outside = left_outside([(KEY, settings.network.own_networks)], PRIVATE_NETWORKS)
    if outside:
        raise NotKept(Outcome.SETTINGS, outside)
    for house in (installed, _named_by(settings, options)):
        if house is not None and facilities.key.public_numbers() != house.key.public_numbers():
            words = say("このディスプレイには、ほかの設備の鍵がもう入っています。")
            raise NotKept(Outcome.NOT_REGISTERED, words)
    certificate = facilities.with_revocations(enrol.revocations or b"").room_of(enrol.certificate, spki)
    if certificate is None or certificate.number != settings.room.number:
        raise NotKept(
            Outcome.NOT_REGISTERED, say("署名が、このディスプレイとこの会議室番号のものではありません。")
        )
    state = options.state
    try:
        options.config.parent.mkdir(parents=True, exist_ok=True)
        write_whole(enrol.settings.encode(), options.config)
        write_whole(enrol.facilities, state / FACILITIES_FILE)
        if enrol.revocations is not None:
            write_whole(enrol.revocations, state / REVOKED_FILE, PRIVATE)
        if enrol.broker is not None:
            write_whole(enrol.broker, state / BROKER_FILE, PRIVATE)
        write_whole(enrol.certificate, state / CERTIFICATE_FILE, PRIVATE)
    except OSError as error:
        raise NotKept(Outcome.FAILED, f"{error.filename or options.config}: {error.strerror}") from error


def _named_by(settings: Settings, options: Namespace) -> Facilities | None:
    """The key that would count with these settings; nothing was written yet."""
    named, own = settings.network.facilities, options.state / FACILITIES_FILE
    if named and not own.exists() and Path(named).absolute() == own.absolute():
        return None  # just where it is to be written
    try:
        return installed_facilities(transport_settings(settings, options).facilities, options.state)
    except Unusable as error:
        raise NotKept(Outcome.SETTINGS, str(error)) from error
