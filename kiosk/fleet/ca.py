"""The facilities' key, and what it signs: displays, consoles, the list of those that are out, the room file.

Its file is a PKCS #12 that a passphrase opens, which is asked at each signing and kept nowhere. Every other
file of the folder is public. What goes wrong is a `CaError`, whose sentence says what to do.
"""

from __future__ import annotations

import json
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12

from kiosk.fleet import broker_papers
from kiosk.fleet.one_writer import one_writer
from pageview.whole_file import PRIVATE, write_whole
from pageview.wording import say
from protocol.facilities import (
    ConsoleCertificate,
    ConsoleRole,
    Facilities,
    RevocationList,
    Sign,
    sign_revocations,
)
from protocol.transport.facilities_file import REVOKED_FILE, load_facilities
from protocol.transport.rooms_file import FILE as ROOMS_FILE
from protocol.transport.rooms_file import SIGNATURE, sign_rooms

KEY_FILE = "facilities.p12"
PUBLIC_FILE = "facilities.pem"
CONSOLES_FILE = "consoles.jsonl"
BROKER_KEY = "broker.key"
KEPT_FILES = (KEY_FILE, PUBLIC_FILE, REVOKED_FILE, CONSOLES_FILE)
"""What belongs to one key."""
SHORTEST = 12
"""Characters of a passphrase."""
_ROUNDS = 600_000
_NAME = b"kamizero facilities"


class CaError(Exception):
    """It was not done; the text says why and what to do next."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The key while it signs; let go of it as soon as that is done."""

    sign: Sign
    facilities: Facilities
    key: ec.EllipticCurvePrivateKey


def new(folder: Path, passphrase: str) -> None:
    """Makes the facilities' key. Never over one that is there."""
    check_length(passphrase)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone(folder):
        if has_key(folder):
            raise CaError(there_is_one())
        _make(folder, passphrase)


def alone(folder: Path) -> AbstractContextManager[None]:
    """Nobody else changes what belongs to the key meanwhile; `OSError` as for `one_writer`."""
    return one_writer(folder / PUBLIC_FILE)


def there_is_one() -> str:
    """What to do where a key was to be made and there is one."""
    return say("設備の鍵は、もうあります。取り替えるときは kamizero ca replace を使ってください。")


def _make(folder: Path, passphrase: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    sealing = (
        serialization.PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(_ROUNDS)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(hashes.SHA256())
        .build(passphrase.encode())
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    sealed = pkcs12.serialize_key_and_certificates(_NAME, key, None, None, sealing)
    write_whole(sealed, folder / KEY_FILE, PRIVATE)
    write_whole(public, folder / PUBLIC_FILE)


def has_key(folder: Path) -> bool:
    """Whether this console can sign."""
    return (folder / KEY_FILE).is_file()


def open_key(folder: Path, passphrase: str) -> Opened:
    """The key, by its passphrase; slow on purpose."""
    path = folder / KEY_FILE
    try:
        sealed = path.read_bytes()
    except OSError:
        raise CaError(lost(folder)) from None
    try:
        key, _, _ = pkcs12.load_key_and_certificates(sealed, passphrase.encode())
    except ValueError:
        raise CaError(
            say("合言葉が違います。大文字と小文字、日本語入力の切替えを確かめてください。")
        ) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise CaError(say("{path} は紙ゼロの設備の鍵ではありません。控えから戻してください。", path=path))
    facilities = Facilities(key.public_key()).with_revocations(revocations(folder) or b"")
    return Opened(lambda data: key.sign(data, ec.ECDSA(hashes.SHA256())), facilities, key)


def lost(folder: Path) -> str:
    """What to do without the key or its passphrase."""
    return say(
        "設備の鍵がこの端末にありません。控え（kamizero ca backup で取ったもの）があれば、そのファイルを"
        "{folder} へ戻してください。控えも合言葉も無いときは、kamizero ca replace で新しい鍵を作り、"
        "ディスプレイを1台ずつ登録し直します。それまで会議室はいままでどおり使えます。",
        folder=folder,
    )


def facilities_of(folder: Path) -> Facilities | None:
    """The public key with the newest list, or None where there is no key yet. `Misuse` when it is none."""
    path = folder / PUBLIC_FILE
    if not path.is_file():
        return None
    return load_facilities(path)


def revocations(folder: Path) -> bytes | None:
    """The newest revocation list as it is passed on."""
    path = folder / REVOKED_FILE
    return path.read_bytes() if path.is_file() else None


def revoke(folder: Path, passphrase: str, devices: tuple[bytes, ...]) -> bytes:
    """The list with these devices too, kept and returned; none ever leaves it.

    Its number is the time, so that it counts also where it is made from an old backup.
    """
    opened = open_key(folder, passphrase)
    with alone(folder):
        former = opened.facilities.with_revocations(revocations(folder) or b"").revoked
        everybody = tuple(dict.fromkeys((*former.devices, *devices)))
        number = max(former.number + 1, int(time.time()))
        frame = sign_revocations(opened.sign, RevocationList(number, everybody))
        write_whole(frame, folder / REVOKED_FILE)
    return frame


def keep_console(folder: Path, certificate: ConsoleCertificate) -> None:
    """Whose consoles there are, so that one that is stolen can be named when it is revoked. Not secret."""
    with alone(folder):
        others = [each for each in consoles(folder) if each.device != certificate.device]
        lines = (
            json.dumps(
                {"device": each.device.hex(), "role": each.role.name, "name": each.name}, ensure_ascii=False
            )
            for each in (*others, certificate)
        )
        write_whole("".join(f"{line}\n" for line in lines).encode(), folder / CONSOLES_FILE)


def consoles(folder: Path) -> tuple[ConsoleCertificate, ...]:
    """All that were registered with this key, the newest last; a line that is damaged is left out."""
    path = folder / CONSOLES_FILE
    lines = path.read_text("utf-8", "replace").splitlines() if path.is_file() else []
    return tuple(found for line in lines if (found := _console(line)) is not None)


def _console(line: str) -> ConsoleCertificate | None:
    try:
        told = json.loads(line)
        device = bytes.fromhex(told["device"])
        return ConsoleCertificate(device, ConsoleRole[told["role"]], str(told["name"]))
    except (ValueError, KeyError, TypeError):
        return None


def backup(folder: Path, passphrase: str, target: Path) -> tuple[Path, ...]:
    """Copies the key, as sealed as it is, and the list; only after the passphrase has opened it.

    No folder is made: where a stick is not in its place, the copy would lie on the very disk of the key.
    """
    if not target.is_dir():
        raise CaError(
            say(
                "{path} というフォルダがありません。USBメモリを差して、その中のフォルダを指定してください。",
                path=target,
            )
        )
    open_key(folder, passphrase)
    if target.resolve() == folder.resolve():
        raise CaError(say("控えは、ほかのフォルダ（USBメモリなど）に取ってください。"))
    written = []
    for name in KEPT_FILES:
        if (folder / name).is_file():
            write_whole((folder / name).read_bytes(), target / name, PRIVATE)
            written.append(target / name)
    return tuple(written)


def check_length(passphrase: str) -> None:
    """`CaError` when it is too short to seal anything."""
    if len(passphrase) < SHORTEST:
        raise CaError(say("合言葉は{n}文字以上にしてください。", n=SHORTEST))


def replace(folder: Path, passphrase: str) -> Path | None:
    """A new key; what was there goes into a folder beside it, whose place is returned."""
    check_length(passphrase)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone(folder):
        kept = _put_aside(folder, [name for name in KEPT_FILES if (folder / name).exists()])
        _make(folder, passphrase)
    return kept


def _put_aside(folder: Path, names: list[str]) -> Path | None:
    if not names:
        return None
    number = 1
    while (folder / f"former-{number}").exists():
        number += 1
    kept = folder / f"former-{number}"
    kept.mkdir(mode=0o700)
    for name in names:
        (folder / name).rename(kept / name)
    return kept


def broker(folder: Path, passphrase: str, hosts: tuple[str, ...], out: Path) -> tuple[Path, ...]:
    """All that a broker for these names needs of the facilities' key, written into ``out``."""
    opened = open_key(folder, passphrase)
    private, certificate = broker_papers.of_broker(opened.key, hosts)
    out.mkdir(parents=True, exist_ok=True)
    write_whole(private, out / BROKER_KEY, PRIVATE)
    # Whoever runs the broker reads these, and is not whoever copies them there.
    files = {
        "ca.crt": broker_papers.root(opened.key),
        "broker.crt": certificate,
        "revoked.crl": broker_papers.revoked(opened.key, opened.facilities.revoked.devices),
    }
    for name, data in files.items():
        write_whole(data, out / name)
    return tuple(out / name for name in (BROKER_KEY, *files))


def sign_room_file(folder: Path, passphrase: str, rooms: Path) -> Path:
    """Signs ``rooms.toml`` where it stands; the signature's place."""
    file = rooms / ROOMS_FILE if rooms.is_dir() else rooms
    text = file.read_bytes()
    signature = file.with_name(SIGNATURE)
    write_whole(sign_rooms(open_key(folder, passphrase).sign, text), signature)
    return signature
