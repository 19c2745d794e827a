"""The floors that our figures stand beside: bare asyncio, bare TLS, one bare blit. Nothing of ours inside."""

from __future__ import annotations

import asyncio
import datetime
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ECHO = """
import asyncio, ssl, sys
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.minimum_version = ssl.TLSVersion.TLSv1_3
context.load_cert_chain(sys.argv[1])
async def echo(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
async def main():
    server = await asyncio.start_server(echo, "127.0.0.1", 0, ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


def certificate(folder: Path) -> Path:
    """A throw-away P-256 certificate and key in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "benchmark")])
    now = datetime.datetime(2026, 1, 1)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now.replace(year=2099))
    signed = builder.sign(key, hashes.SHA256())
    file = folder / "echo.pem"
    encoding, secret = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    file.write_bytes(
        key.private_bytes(encoding, secret, serialization.NoEncryption()) + signed.public_bytes(encoding)
    )
    return file


class TlsEcho:
    """A bare asyncio TLS 1.3 echo in another process; ``once`` gives one round trip in seconds."""

    connect_seconds: float

    def __enter__(self) -> TlsEcho:
        self._folder = tempfile.TemporaryDirectory()
        pem = certificate(Path(self._folder.name))
        self._process = subprocess.Popen(
            [sys.executable, "-c", ECHO, str(pem)], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        port = int(self._process.stdout.readline())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self._loop = asyncio.new_event_loop()
        start = time.perf_counter()
        self._reader, self._writer = self._loop.run_until_complete(
            asyncio.open_connection("127.0.0.1", port, ssl=context)
        )
        self.connect_seconds = time.perf_counter() - start
        return self

    def once(self, size: int = 40) -> float:
        async def trip() -> float:
            start = time.perf_counter()
            self._writer.write(b"x" * size)
            await self._reader.readexactly(size)
            return time.perf_counter() - start

        return self._loop.run_until_complete(trip())

    def __exit__(self, *_: object) -> None:
        self._writer.transport.abort()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._folder.cleanup()


REPAINT = """
import sys, time
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
width, height = int(sys.argv[1]), int(sys.argv[2])
images = [QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied) for _ in range(2)]
for image, shade in zip(images, (0xFFFFFFFF, 0xFFEEEEEE)):
    image.fill(shade)
class Wall(QWidget):
    turn = 0
    def paintEvent(self, event):
        painter = QPainter(self)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawImage(0, 0, images[self.turn % 2])
wall = Wall()
wall.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
wall.resize(width, height)
wall.show()
app.processEvents()
print("ready", flush=True)
for line in sys.stdin:
    wall.turn += 1
    start = time.perf_counter()
    wall.repaint()
    print(time.perf_counter() - start, flush=True)
"""


class BareRepaint:
    """One cached frame blitted by a widget that does nothing else, in its own process; seconds each."""

    def __init__(self, width: int, height: int, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", REPAINT, str(width), str(height)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        assert self._process.stdout is not None
        self._process.stdout.readline()

    def once(self) -> float:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())

    def __enter__(self) -> BareRepaint:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def median(values: list[float]) -> float:
    return statistics.median(values)
