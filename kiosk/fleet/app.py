"""``kamizero fleet``: constructs the console and connects it."""

from __future__ import annotations

import argparse
import gc
import logging
import sys
import time
from pathlib import Path

from PySide6.QtCore import QLockFile, QTimer
from PySide6.QtWidgets import QApplication

from kiosk.english import ENGLISH as OF_SETTINGS
from kiosk.fleet import ca
from kiosk.fleet.adding import AddingPage
from kiosk.fleet.audit import Audit
from kiosk.fleet.desk import SETTLE_MS, FleetDesk
from kiosk.fleet.dialogs import Advice
from kiosk.fleet.english import ENGLISH
from kiosk.fleet.folder import (
    AUDIT_FILE,
    DISPLAYS_FILE,
    NoIdentity,
    default_folder,
    identity,
)
from kiosk.fleet.known import places, read_known
from kiosk.fleet.log_page import LogPage
from kiosk.fleet.model import Fleet
from kiosk.fleet.network import FleetNetwork
from kiosk.fleet.rollout import Rollout
from kiosk.fleet.settings_page import SettingsPage
from kiosk.fleet.template_folder import TemplateFolder
from kiosk.fleet.window import FleetWindow
from kiosk.fleet.words import as_typed
from pageview import theme, translator
from pageview.broker_place import broker_option
from pageview.command_line import CommandLine
from pageview.interruption import Interruption
from pageview.window_place import WindowPlace
from pageview.wording import both, register, say, set_language
from protocol.errors import Unavailable
from protocol.facilities import ConsoleRole
from protocol.transport.facilities_file import BROKER_FILE
from protocol.transport.settings import TransportSettings


def parser() -> CommandLine:
    """The words after `kamizero fleet`."""
    register(OF_SETTINGS)
    register(ENGLISH)
    made = CommandLine(prog="kamizero fleet", description=both("全ての会議室ディスプレイを見る"))
    add = made.add_argument
    add("--state", type=Path, default=default_folder(), metavar="DIR", help=both("鍵を置くフォルダ"))
    add("--language", choices=("ja", "en"), default="ja", help=both("画面の言葉"))
    add("--windowed", metavar="WxH[+X+Y]", type=WindowPlace.parse, help=both("この大きさの窓で開く"))
    add("--mdns-interface", action="append", default=[], metavar="IP", help=both("mDNSで話す自分のアドレス"))
    add(
        "--broker",
        default="",
        type=broker_option,
        metavar="HOST",
        help=both("MQTTブローカーのアドレス（HOST:PORT）"),
    )
    add("--no-mdns", action="store_true", help=both("mDNSを使わない"))
    return made


class Program:
    """From the first paint to the last. `NoIdentity`, `Unavailable` or OSError when it cannot be."""

    def __init__(self, given: argparse.Namespace) -> None:
        folder: Path = given.state
        who = identity(folder)
        settings = TransportSettings(
            broker=given.broker,
            broker_certificate=folder / BROKER_FILE,
            mdns=not given.no_mdns,
            mdns_interfaces=tuple(given.mdns_interface),
            listen_addresses=(),
        )
        now = time.time()
        self.fleet = Fleet()
        known = read_known(folder / DISPLAYS_FILE, now)
        for display in known:
            self.fleet.put(display, now)
        audit = Audit(folder / AUDIT_FILE)
        templates = TemplateFolder(folder)
        rollout = Rollout(templates, own=who.device.device_id)
        may = who.certificate.may_order
        settings_page = SettingsPage(self.fleet, templates, rollout, may)
        adding = AddingPage(
            self.fleet,
            lambda: templates.current,
            _may_sign(folder, who.certificate.role),
            settings.kiosk_port,
        )
        log_page = LogPage(audit.actions, audit.broken)
        self.window = FleetWindow(self.fleet, who.certificate, log_page, adding, settings_page)
        network = FleetNetwork(who, settings, places(known, settings.kiosk_port))
        self.desk = FleetDesk(self.fleet, who, folder, self.window, network, audit, templates, rollout)
        self.window.closed.connect(QApplication.quit)
        if given.windowed is not None:
            given.windowed.put(self.window)
        else:
            self.window.resize(1_600, 960)


def _may_sign(folder: Path, role: ConsoleRole) -> str:
    if role is ConsoleRole.READ_ONLY:
        return say("この管理の端末は、見ることだけできます")
    return "" if ca.has_key(folder) else as_typed(ca.lost(folder))


def _say_why(words: str) -> None:
    """In a window where nobody has a terminal: opened by an icon, it would only seem to do nothing."""
    if sys.stderr is not None:
        print(words, file=sys.stderr)
    else:
        Advice(None, say("紙ゼロ 設備の管理"), words).exec()


def alone(folder: Path) -> QLockFile:
    """Held while a console is open: a second one of one folder would write over its templates and go on with
    its rollout. `NoIdentity` where there is one."""
    lock = QLockFile(str(folder / "fleet.lock"))
    lock.setStaleLockTime(0)  # one that died holds nothing
    if folder.is_dir() and not lock.tryLock(0) and lock.error() is QLockFile.LockError.LockFailedError:
        raise NoIdentity(say("この管理の端末は、もう開いています。その画面を使ってください。"))
    return lock


def main(words: list[str]) -> int:
    """Runs the console until its window is closed; 1 with a sentence when it cannot be one."""
    given = parser().parse_args(words)
    set_language(given.language)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    app = QApplication.instance() or QApplication(["kamizero"])
    assert isinstance(app, QApplication)
    app.setApplicationName("kamizero")
    theme.apply_desk(app)
    translator.install(app)
    try:
        lock = alone(given.state)
        program = Program(given)
    except (NoIdentity, Unavailable, OSError) as error:
        _say_why(as_typed(str(error)))
        return 1
    interruption = Interruption(app)
    interruption.came.connect(QApplication.quit)
    program.window.show()
    program.desk.start()
    # Garbage is looked for in what comes later: of ten thousand displays a look through all takes 70 ms.
    for moment in (0, 2 * SETTLE_MS):  # what stands, and what the house has told when it was found
        QTimer.singleShot(moment, gc.freeze)
    status = app.exec()
    program.desk.stop()
    lock.unlock()
    return status
