"""The run in PROTOCOL.md is the one that this code makes: a stranger who follows the text arrives here."""

from __future__ import annotations

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


def test_the_run_in_the_document_is_ours() -> None:
    blocks = re.findall(r"```json\n(\{.*?\})\n```", TEXT, re.DOTALL)
    written = next(block for block in map(json.loads, blocks) if "hello_dialer" in block)
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
        "password": pairing._password(27, "481903"),
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
    assert {name: value.hex() for name, value in made.items()} == written
