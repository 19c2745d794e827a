"""The console's folder: its own key, what the facilities say of it, the displays it knows, the audit log."""

from __future__ import annotations

import getpass
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kiosk.fleet import ca
from pageview.wording import say
from protocol.errors import KamizeroError, Misuse
from protocol.facilities import ConsoleCertificate, Facilities
from protocol.transport.tls import DeviceKey

CERTIFICATE_FILE = "console.cert"
DISPLAYS_FILE = "displays.json"
AUDIT_FILE = "audit.jsonl"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this console is to displays. ``revocations``: the newest list as it is passed on."""

    device: DeviceKey
    frame: bytes
    certificate: ConsoleCertificate
    facilities: Facilities
    revocations: bytes | None


class NoIdentity(Exception):
    """This console is none yet; the text says what to do."""


def default_folder() -> Path:
    """The user's state folder."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData/Local")) / "Kamizero/fleet"
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state") / "kamizero/fleet"


def identity(folder: Path) -> Identity:
    """`NoIdentity` while there is none, `Unavailable` when the key cannot be had."""
    try:
        facilities = ca.facilities_of(folder)
    except (Misuse, OSError) as error:
        raise NoIdentity(
            say("{path} を読めません（{why}）。", path=folder / ca.PUBLIC_FILE, why=error)
        ) from error
    if facilities is None:
        raise NoIdentity(
            say(
                "設備の鍵がまだありません。まず kamizero ca new で作り、"
                "kamizero ca console でこの端末を登録してください。"
            )
        )
    device = DeviceKey.load_or_create(folder)
    if device.device_id in facilities.revoked.devices:
        raise NoIdentity(say("この管理の端末の登録は、取り消されています。") + renewal(folder))
    path = folder / CERTIFICATE_FILE
    frame = path.read_bytes() if path.is_file() else None
    certificate = facilities.console_of(frame, device.spki)
    if frame is None or certificate is None:
        raise NoIdentity(
            say(
                "この端末は設備の鍵で登録されていません。設備の鍵がある端末で kamizero ca console を使うか、"
                "担当へ頼んでください。"
            )
        )
    return Identity(device, frame, certificate, facilities, ca.revocations(folder))


def renewal(folder: Path) -> str:
    """How a console whose registration was revoked is one again."""
    if ca.has_key(folder):
        return say("使い続けるときは、kamizero ca console で新しく登録してください。")
    return say(
        "使い続けるときは、kamizero ca request --new-key でできたファイルを、設備の鍵の担当へ渡してください。"
    )


def acting(folder: Path) -> str:
    """Who does something here, for the log of actions: the console's name, or the user's of the system while
    it is none."""
    with suppress(NoIdentity, KamizeroError, OSError):
        if (folder / CERTIFICATE_FILE).is_file():
            return identity(folder).certificate.name
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a system that knows no name of them
        return "?"
