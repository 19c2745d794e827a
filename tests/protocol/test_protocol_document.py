"""The run in PROTOCOL.md is what this code makes, and what a stranger arrives at by the text alone."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from protocol import pairing
from protocol.pairing import Dialing, Mode, Us, meet
from protocol.values import Role
from tests.protocol.handshakes import spki_of

TEXT = (Path(__file__).parents[2] / "protocol" / "PROTOCOL.md").read_text(encoding="utf-8")


def party(role: Role, number: int, **fields: int) -> Us:
    key = ec.derive_private_key(number, ec.SECP256R1())
    return Us(role, 27, spki_of(key), lambda data: key.sign(data, ec.ECDSA(hashes.SHA256())), **fields)


def random_bytes(*pieces: bytes) -> Callable[[int], bytes]:
    left = iter(pieces)
    return lambda size: next(left)[:size]


def the_run() -> dict[str, bytes]:
    blocks = re.findall(r"```json\n(\{.*?\})\n```", TEXT, re.DOTALL)
    written = next(block for block in map(json.loads, blocks) if "hello_dialer" in block)
    return {name: bytes.fromhex(value) for name, value in written.items()}


def test_the_run_in_the_document_is_ours() -> None:
    owner, guest = party(Role.PRESENTER, 1001), party(Role.DISPLAY, 1002, code_length=6)
    dialing = Dialing(owner, Mode.PAIR, b"\x0a" * 32)
    met_guest, reply = meet(guest, dialing.frame, b"\x0b" * 32, b"certificate")
    met = dialing.receive(reply, b"certificate", guest.spki)
    guessing = met.guess("481903", random_bytes(b"\1" * 64, b"\2" * 64))
    answering = met_guest.receive_guess(
        guessing.frame, ("481903",), random_bytes(b"\3" * 64, b"\5" * 32, b"\4" * 64)
    )
    proving = guessing.receive(answering.frame)
    keys = proving.schedules[0]
    made = {
        "hello_dialer": dialing.frame,
        "hello_listener": reply,
        "certificate_digest": sha256(b"certificate").digest(),
        "th0": met.th0,
        "identity_owner": pairing._identity(Role.PRESENTER, owner.spki),
        "identity_guest": pairing._identity(Role.DISPLAY, guest.spki),
        "password": pairing._password(b"code", 27, "481903"),
        "guess": guessing.frame,
        "answer": answering.frame,
        "th": proving.th,
        "confirm_owner": keys.owner,
        "confirm_guest": keys.guest,
        "mac_owner": keys.mac(True, proving.th),
        "mac_guest": keys.mac(False, proving.th),
        "secret": keys.secret,
        "statement_owner": pairing._statement(True, proving.th),
    }
    assert made == the_run()


# --- a stranger's implementation: nothing of ours, the text alone, affine and slow ------------------------

Q = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, Q) % Q
Point = tuple[int, int]


def decoded(text: str) -> Point:
    number = int.from_bytes(bytes.fromhex(text), "little")
    y = number & ((1 << 255) - 1)
    square = (y * y - 1) * pow(D * y * y + 1, -1, Q) % Q
    x = pow(square, (Q + 3) // 8, Q)
    if (x * x - square) % Q:
        x = x * pow(2, (Q - 1) // 4, Q) % Q
    return (x if x & 1 == number >> 255 else Q - x), y


def encoded(point: Point) -> bytes:
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def plus(one: Point, other: Point) -> Point:
    (x1, y1), (x2, y2) = one, other
    t = D * x1 * x2 * y1 * y2 % Q
    return (x1 * y2 + x2 * y1) * pow(1 + t, -1, Q) % Q, (y1 * y2 + x1 * x2) * pow(1 - t, -1, Q) % Q


def times(number: int, point: Point) -> Point:
    total = (0, 1)
    while number:
        if number & 1:
            total = plus(total, point)
        point, number = plus(point, point), number >> 1
    return total


def h(*parts: bytes) -> bytes:
    return sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).digest()


def hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    key = hmac.digest(salt or bytes(32), secret, "sha256")
    first = hmac.digest(key, info + b"\1", "sha256")
    return (first + hmac.digest(key, first + info + b"\2", "sha256"))[:length]


def scalar(password: bytes) -> int:
    return int.from_bytes(hkdf(password, b"", b"SPAKE2 pw", 48), "big") % L


def test_a_stranger_who_follows_the_text_arrives_at_the_same_run() -> None:
    run = the_run()
    base = decoded("58" + "66" * 31)
    m, n = (decoded(found) for found in re.findall(r" [MN] = ([0-9a-f]{64})", TEXT))
    password = h(b"code", (27).to_bytes(4, "big"), b"481903")
    pw, nobody = scalar(password), scalar(b"\5" * 32)
    random = [int.from_bytes(bytes([byte]) * 64, "big") % L for byte in (1, 2, 3, 4)]
    owner = [plus(times(x, base), times(pw, m)) for x in random[:2]]
    guest = [plus(times(random[2], base), times(pw, n)), plus(times(random[3], base), times(nobody, n))]
    a, b = [b"A" + encoded(point) for point in owner], [b"B" + encoded(point) for point in guest]
    assert run["guess"] == b"\x92\xcc\xc1\x92" + b"".join(b"\xc4\x21" + element for element in a)
    assert run["answer"] == b"\x92\xcc\xc2\x92" + b"".join(b"\xc4\x21" + element for element in b)
    certificate = sha256(b"certificate").digest()
    th0 = h(b"kamizero.v1", run["hello_dialer"], run["hello_listener"], certificate)
    th = h(th0, b"".join(a), b"".join(b))
    z = times(random[0], plus(guest[0], times(L - pw, n)))
    ids = [h(b"identity", bytes([role]), run[hello][10:101]) for role, hello in enumerate(HELLOS)]
    hashed = [sha256(part).digest() for part in (password, *ids)]
    k = sha256(b"".join(hashed) + a[0][1:] + b[0][1:] + encoded(z)).digest()
    for role in ("owner", "guest"):
        confirm = hkdf(k, th, b"kamizero.v1 confirm " + role.encode(), 32)
        assert (confirm, hmac.digest(confirm, th, "sha256")) == (run["confirm_" + role], run["mac_" + role])
    assert (th, hkdf(k, th, b"kamizero.v1 session", 32)) == (run["th"], run["secret"])


HELLOS = ("hello_dialer", "hello_listener")
