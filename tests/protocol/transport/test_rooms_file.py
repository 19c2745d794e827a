"""The signed room file: it counts whole, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from protocol.errors import Unavailable
from protocol.facilities import Facilities
from protocol.transport.addresses import Endpoint
from protocol.transport.rooms_file import FILE, SIGNATURE, RoomEntry, load_rooms, sign_rooms

KEY = ec.generate_private_key(ec.SECP256R1())
FACILITIES = Facilities(KEY.public_key())
TEXT = """
[[room]]
number = 27
name = "第三会議室"
name_en = "Conference Room 3"
place = "本庁舎6階"
address = "10.1.6.27"

[[room]]
number = 104
name = "知事室"
""".encode()


def sign(data: bytes) -> bytes:
    return KEY.sign(data, ec.ECDSA(SHA256()))


def written(folder: Path, text: bytes, signature: bytes | None = None) -> Path:
    (folder / FILE).write_bytes(text)
    (folder / SIGNATURE).write_bytes(sign_rooms(sign, text) if signature is None else signature)
    return folder


def test_a_signed_file_gives_names_places_and_addresses(tmp_path: Path) -> None:
    rooms = load_rooms(written(tmp_path, TEXT), FACILITIES, 47_400)
    third = Endpoint("10.1.6.27", 47_400)
    assert rooms[27] == RoomEntry(27, "第三会議室", "Conference Room 3", "本庁舎6階", third)
    assert rooms[104] == RoomEntry(104, "知事室", "", "", None)


@pytest.mark.parametrize(
    "signature",
    [b"", b"garbage", sign(TEXT), sign_rooms(sign, TEXT + b"\n")],
    ids=["none", "garbage", "of another purpose", "of another text"],
)
def test_without_the_right_signature_it_does_not_count(tmp_path: Path, signature: bytes) -> None:
    with pytest.raises(Unavailable, match="signature"):
        load_rooms(written(tmp_path, TEXT, signature), FACILITIES, 47_400)


@pytest.mark.parametrize(
    "text",
    [
        b"room = 3",
        b"[[room]]\nname = 'no number'",
        b"[[room]]\nnumber = 100000",
        b"[[room]]\nnumber = true",
        b"[[room]]\nnumber = 27\nfloor = 3",
        b"[[room]]\nnumber = 27\naddress = 'http://x/'",
        b"\xff",
        b"[[room]",
    ],
)
def test_a_signed_mistake_is_named(tmp_path: Path, text: bytes) -> None:
    with pytest.raises(Unavailable, match=FILE):
        load_rooms(written(tmp_path, text), FACILITIES, 47_400)


def test_a_share_that_is_away_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=FILE):
        load_rooms(tmp_path / "away", FACILITIES, 47_400)
