"""A real mosquitto with the configuration of ``deploy/mosquitto``, on ports of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from kiosk.fleet import broker_papers

DEPLOY = Path(__file__).parents[1] / "deploy" / "mosquitto"
PROGRAM = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
PATIENCE = 10.0


class NotUp(Exception):
    """It does not run; the text is what it said."""


def papers(folder: Path, key: ec.EllipticCurvePrivateKey, revoked: tuple[bytes, ...] = ()) -> None:
    """What `kamizero ca broker` writes, and the lists of who may do what."""
    folder.mkdir(parents=True)
    private, certificate = broker_papers.of_broker(key, ["127.0.0.1"])
    for name, data in (
        ("ca.crt", broker_papers.root(key)),
        ("broker.key", private),
        ("broker.crt", certificate),
        ("revoked.crl", broker_papers.revoked(key, revoked)),
    ):
        (folder / name).write_bytes(data)
    for name in ("acl.devices", "acl.presenters"):
        shutil.copy(DEPLOY / name, folder / name)
        (folder / name).chmod(0o600)


@contextmanager
def mosquitto(
    folder: Path,
    ports: Sequence[int],
    more: str = "",
    before: Callable[[], None] | None = None,
) -> Iterator[None]:
    """Its papers are in ``folder``. ``ports``: for devices, for presenters, and those that ``more`` lines of
    the configuration open; ``before``: done in its process before it begins. `NotUp`."""
    assert PROGRAM is not None
    config = (DEPLOY / "mosquitto.conf").read_text("utf-8")
    config = config.replace("/etc/mosquitto/kamizero", str(folder / "papers"))
    config = config.replace("/var/lib/mosquitto/", f"{folder}/")
    for usual, port in zip((8883, 8884), ports, strict=False):
        assert f"listener {usual}\n" in config
        config = config.replace(f"listener {usual}\n", f"listener {port} 127.0.0.1\n")
    if os.getuid() == 0:
        config += "user root\n"
    file, log = folder / "mosquitto.conf", folder / "mosquitto.log"
    file.write_text(config + more, "utf-8")
    with log.open("wb") as said:
        process = subprocess.Popen([PROGRAM, "-c", str(file)], stdout=said, stderr=said, preexec_fn=before)
        try:
            for port in ports:
                _wait(port, process, log)
            yield
        finally:
            process.terminate()
            process.wait(30)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        with socket.socket() as sock:
            if not sock.connect_ex(("127.0.0.1", port)):
                return
        if process.poll() is not None or time.monotonic() > until:
            raise NotUp(log.read_text("utf-8"))
        time.sleep(0.02)
