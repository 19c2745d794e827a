"""Dialling: every kind of address, and everything that may answer instead of one of ours."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from protocol.errors import Unavailable
from protocol.pairing_checks import HandshakeRefused, Why
from protocol.pairing_messages import Mode, decode_hello
from protocol.transport.dial import dial
from protocol.transport.handshake import NoAnswer, Party
from protocol.transport.listen import serve
from protocol.values import Role
from tests.protocol.transport.raw_peer import BINARY, CLOSE
from tests.protocol.transport.rooms import PATIENT, ROOM, device, room, run


def presenter(folder: Path, **deadlines: float) -> Party:
    key = device(folder, "presenter")
    return Party(key, Role.PRESENTER, replace(PATIENT, **deadlines), lambda device_id: None)


def own_addresses() -> list[str]:
    """Loopback, and a link-local address of this machine with its scope, where it has one."""
    found = ["127.0.0.1", "::1", "localhost"]
    try:
        lines = Path("/proc/net/if_inet6").read_text(encoding="ascii").splitlines()
    except OSError:
        return found
    for line in lines:
        digits, _, _, _, _, interface = line.split()
        if digits.startswith("fe80"):
            address = socket.inet_ntop(socket.AF_INET6, bytes.fromhex(digits))
            return [*found, f"{address}%{interface}"]
    return found


@pytest.mark.parametrize("address", own_addresses())
def test_a_kiosk_is_reached_under_every_kind_of_address(address: str, tmp_path: Path) -> None:
    async def look() -> None:
        host = address if "%" in address else "127.0.0.1" if address == "localhost" else address
        async with room(tmp_path, addresses=(host,)) as kiosk:
            greeted = await dial(kiosk.presenter, address, kiosk.port, Mode.PAIR, ROOM)
            link = await greeted.prove_code(kiosk.code)
            await link.send(b"view")
            assert await (await kiosk.links.get()).recv() == b"view"
            assert link.address.partition("%")[0] in (host.partition("%")[0], "127.0.0.1")
            await link.close()

    run(look())


def test_a_listener_takes_the_addresses_it_can_have_and_says_when_it_has_none(tmp_path: Path) -> None:
    async def look() -> None:
        async def nobody(greeted: object) -> None: ...

        party = presenter(tmp_path)
        listener = await serve(party, nobody, ["192.0.2.1", "127.0.0.1"], 0)
        assert len(listener.ports) == 1
        with pytest.raises(Unavailable):
            await serve(party, nobody, ["127.0.0.1"], listener.ports[0])
        with pytest.raises(Unavailable):
            await serve(party, nobody, ["192.0.2.1"], 0)
        await listener.close()

    run(look())


def test_nobody_there_is_no_answer(tmp_path: Path) -> None:
    async def look() -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        for address in ("127.0.0.1", "no-such-host.invalid"):
            with pytest.raises(NoAnswer):
                await dial(presenter(tmp_path), address, port, Mode.PAIR, ROOM)

    run(look())


# --- what may answer instead ------------------------------------------------------------------------------

Answering = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
SWITCH = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
ACCEPT = b"Sec-WebSocket-Accept: "


def impostor_tls(folder: Path, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> ssl.SSLContext:
    name = x509.Name([])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .serial_number(1)
        .not_valid_before(datetime(2000, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .public_key(key.public_key())
        .sign(key, hashes.SHA256())
    )
    file = folder / "impostor.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@asynccontextmanager
async def impostor(answering: Answering, tls: ssl.SSLContext | None) -> AsyncIterator[int]:
    """A server that is none of ours, on a port of its own."""
    connections: dict[asyncio.StreamWriter, asyncio.Future[None]] = {}

    async def serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections[writer] = asyncio.get_running_loop().create_future()
        try:
            await answering(reader, writer)
        except (OSError, EOFError):
            return
        finally:
            connections[writer].set_result(None)

    server = await asyncio.start_server(serve_one, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for writer in connections:
            writer.transport.abort()
        await asyncio.gather(*connections.values())
        await server.wait_closed()


def replying(content: bytes) -> Answering:
    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(content)
        await writer.drain()
        await reader.read(-1)

    return reply


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(-1)


async def accepted(reader: asyncio.StreamReader, *headers: bytes) -> bytes:
    """The 101 for the request that comes, with these headers."""
    from websockets.utils import accept_key

    request = await reader.readuntil(b"\r\n\r\n")
    key = next(line for line in request.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key:"))
    accept = accept_key(key.partition(b":")[2].strip().decode()).encode()
    return SWITCH + ACCEPT + accept + b"\r\n" + b"".join(header + b"\r\n" for header in headers) + b"\r\n"


def websocket_saying(*frames: tuple[int, bytes], subprotocol: bytes = b"kamizero.v1") -> Answering:
    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        header = (b"Sec-WebSocket-Protocol: " + subprotocol,) if subprotocol else ()
        writer.write(await accepted(reader, *header))
        if subprotocol == b"kamizero.v1":
            await reader.read(1)  # its HELLO
        for opcode, payload in frames:
            size = len(payload)
            length = bytes([size]) if size < 126 else bytes([126]) + size.to_bytes(2, "big")
            writer.write(bytes([0x80 | opcode]) + length + payload)
        await writer.drain()
        await reader.read(-1)

    return say


def test_the_dialer_says_its_hello_in_one_piece_with_the_request(tmp_path: Path) -> None:
    """It waits for no answer to the request: that would be one more journey there and back."""

    async def look() -> None:
        said: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

        async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            _, _, size, mask = struct.unpack("!BBH4s", await reader.readexactly(8))
            masked = await reader.readexactly(size)
            said.set_result(bytes(byte ^ mask[at % 4] for at, byte in enumerate(masked)))

        tls = impostor_tls(tmp_path, ec.generate_private_key(ec.SECP256R1()))
        async with impostor(listen, tls) as port:
            dialling = asyncio.ensure_future(dial(presenter(tmp_path), "127.0.0.1", port, Mode.RESUME, ROOM))
            hello = decode_hello(await said)
            dialling.cancel()
            await asyncio.wait([dialling])
        assert (hello.mode, hello.room) == (Mode.RESUME, ROOM)

    run(look())


def test_a_redirect_is_not_followed(tmp_path: Path) -> None:
    """What answers on the network must not choose where this machine dials."""

    async def look() -> None:
        visited: list[str] = []

        async def elsewhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            visited.append("elsewhere")

        tls = impostor_tls(tmp_path, ec.generate_private_key(ec.SECP256R1()))
        async with impostor(elsewhere, None) as other:
            moved = (
                b"HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:%d/k1\r\nContent-Length: 0\r\n\r\n" % other
            )
            async with impostor(replying(moved), tls) as port:
                with pytest.raises(NoAnswer):
                    await dial(presenter(tmp_path), "127.0.0.1", port, Mode.PAIR, ROOM)
        assert visited == []

    run(look())


@pytest.mark.parametrize(
    "answering",
    [
        pytest.param(replying(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), id="a web page"),
        pytest.param(replying(b"SSH-2.0-OpenSSH\r\n"), id="another protocol"),
        pytest.param(replying(b"\0" * 100_000), id="noise"),
        pytest.param(websocket_saying(subprotocol=b""), id="no subprotocol"),
        pytest.param(websocket_saying(subprotocol=b"kamizero.v2"), id="another subprotocol"),
        pytest.param(websocket_saying((BINARY, bytes(5_000))), id="HELLO over 4 KiB"),
        pytest.param(websocket_saying((1, b"hello")), id="HELLO as text"),
        pytest.param(websocket_saying((CLOSE, b"\x03\xe8")), id="closed at once"),
    ],
)
def test_what_is_none_of_ours_is_no_answer(
    answering: Answering, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("protocol.transport.link.PATIENCE", 0.05)

    async def look() -> None:
        tls = impostor_tls(tmp_path, ec.generate_private_key(ec.SECP256R1()))
        async with impostor(answering, tls) as port:
            with pytest.raises(NoAnswer):
                await dial(presenter(tmp_path), "127.0.0.1", port, Mode.PAIR, ROOM)

    run(look())


@pytest.mark.parametrize("tls_first", [False, True])
def test_a_silent_server_is_given_up_at_the_deadline(tls_first: bool, tmp_path: Path) -> None:
    async def look() -> None:
        tls = impostor_tls(tmp_path, ec.generate_private_key(ec.SECP256R1())) if tls_first else None
        async with impostor(silent, tls) as port:
            order: list[str] = []
            asyncio.get_running_loop().call_later(0.1, order.append, "most of a step")
            with pytest.raises(NoAnswer):
                await dial(presenter(tmp_path, step=0.15), "127.0.0.1", port, Mode.PAIR, ROOM)
            assert order == ["most of a step"]

    run(look())


def test_a_server_of_tls_1_2_is_no_answer(tmp_path: Path) -> None:
    async def look() -> None:
        tls = impostor_tls(tmp_path, ec.generate_private_key(ec.SECP256R1()))
        tls.maximum_version = ssl.TLSVersion.TLSv1_2
        async with impostor(silent, tls) as port:
            with pytest.raises(NoAnswer):
                await dial(presenter(tmp_path), "127.0.0.1", port, Mode.PAIR, ROOM)

    run(look())


def of_version_6(folder: Path) -> ssl.SSLContext:
    """A certificate that OpenSSL shows and takes, of a version that does not exist."""
    impostor_tls(folder, ec.generate_private_key(ec.SECP256R1()))
    file = folder / "impostor.pem"
    key, mark, certificate = file.read_text().partition("-----BEGIN CERTIFICATE-----")
    der = ssl.PEM_cert_to_DER_cert(mark + certificate).replace(VERSION_3, VERSION_6, 1)
    file.write_text(key + ssl.DER_cert_to_PEM_cert(der))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


VERSION_3, VERSION_6 = b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x05"


@pytest.mark.parametrize(
    "tls",
    [
        pytest.param(lambda f: impostor_tls(f, rsa.generate_private_key(65537, 2048)), id="RSA"),
        pytest.param(lambda f: impostor_tls(f, ec.generate_private_key(ec.SECP384R1())), id="P-384"),
        pytest.param(of_version_6, id="version 6"),
    ],
)
@pytest.mark.bad_input(row=18)
def test_a_certificate_of_another_kind_is_refused(
    tls: Callable[[Path], ssl.SSLContext], tmp_path: Path
) -> None:
    async def look() -> None:
        answer = websocket_saying((BINARY, b"\xc0"))
        async with impostor(answer, tls(tmp_path)) as port:
            with pytest.raises(HandshakeRefused):
                await dial(presenter(tmp_path), "127.0.0.1", port, Mode.PAIR, ROOM)

    run(look())


def test_the_dialer_knows_which_side_is_older(tmp_path: Path) -> None:
    """The listener says its own versions before it closes with 4426; the dialer concludes by itself."""

    async def look() -> None:
        newer = (BINARY, msgspec.msgpack.encode([192, 2, 3, "of later"])), (CLOSE, b"\x11\x4a")
        tls = impostor_tls(tmp_path, ec.generate_private_key(ec.SECP256R1()))
        async with impostor(websocket_saying(*newer), tls) as port:
            with pytest.raises(HandshakeRefused) as refused:
                await dial(presenter(tmp_path), "127.0.0.1", port, Mode.PAIR, ROOM)
            assert refused.value.why is Why.HERE_OLDER

    run(look())


def test_no_proxy_of_the_system_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def look() -> None:
        asked: list[str] = []

        async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            asked.append("proxy")

        async with impostor(proxy, None) as port, room(tmp_path) as kiosk:
            for name in ("http_proxy", "https_proxy", "all_proxy", "ws_proxy", "wss_proxy"):
                monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
            ours, _ = await kiosk.paired()
            await ours.close()
        assert asked == []

    run(look())


@pytest.mark.parametrize("as_far_as", ["TCP", "TLS", "HELLO"])
def test_a_dial_that_is_cancelled_leaves_nothing_open(as_far_as: str, tmp_path: Path) -> None:
    async def look() -> None:
        there, gone = asyncio.Event(), asyncio.Event()

        async def wait_for_the_end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if as_far_as == "HELLO":
                writer.write(await accepted(reader, b"Sec-WebSocket-Protocol: kamizero.v1"))
            if as_far_as != "TCP":
                await reader.read(1)
            there.set()
            try:
                await reader.read(-1)
            finally:
                gone.set()

        tls = impostor_tls(tmp_path, ec.generate_private_key(ec.SECP256R1()))
        async with impostor(wait_for_the_end, None if as_far_as == "TCP" else tls) as port:
            dialing = asyncio.ensure_future(dial(presenter(tmp_path), "127.0.0.1", port, Mode.PAIR, ROOM))
            await there.wait()
            dialing.cancel()
            with pytest.raises(asyncio.CancelledError):
                await dialing
            await gone.wait()

    run(look())
