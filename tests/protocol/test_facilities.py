"""Certificates and revocation lists of the facilities' key (security.md §2, row 27)."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from protocol.errors import Misuse
from protocol.facilities import (
    Facilities,
    RevocationList,
    RoomCertificate,
    Signed,
    device_id,
    sign_revocations,
    sign_room,
)
from protocol.transport.facilities_file import load_facilities
from tests.protocol.handshakes import ROOM, certificate_for, device, facilities


def test_a_certificate_names_the_room_of_its_holder_and_of_nobody_else() -> None:
    found = facilities().room_of(certificate_for(device("kiosk")), device("kiosk").spki)
    assert found == RoomCertificate(device_id(device("kiosk").spki), ROOM, "第一応接室")
    assert facilities().room_of(certificate_for(device("kiosk")), device("stranger").spki) is None
    assert facilities().room_of(None, device("kiosk").spki) is None


def test_the_installed_key_is_read_from_pem_and_must_be_p256() -> None:
    certificate = certificate_for(device("kiosk"))
    assert Facilities.from_pem(device("facilities").pem).room_of(certificate, device("kiosk").spki)
    form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    others = [rsa.generate_private_key(65537, 1024), ec.generate_private_key(ec.SECP384R1())]
    for pem in [b"", b"garbage", *(other.public_key().public_bytes(*form) for other in others)]:
        with pytest.raises(Misuse):
            Facilities.from_pem(pem)


@pytest.mark.parametrize("turned", range(0, 200, 7))
@pytest.mark.bad_input(row=27)
def test_a_certificate_with_any_bit_turned_is_worth_nothing(turned: int) -> None:
    good = certificate_for(device("kiosk"))
    place = turned % len(good)
    bad = good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :]
    found = facilities().room_of(bad, device("kiosk").spki)
    assert found is None


def test_one_statement_of_the_facilities_cannot_pass_for_another() -> None:
    """A signature over a certificate is none over a list with the same bytes, and the other way round."""
    certificate = msgspec.msgpack.decode(certificate_for(device("kiosk")), type=Signed)
    assert facilities().with_revocations(msgspec.msgpack.encode(certificate)).revoked.number == 0
    revoked = sign_revocations(device("facilities").sign, RevocationList(1, ()))
    assert facilities().room_of(revoked, device("kiosk").spki) is None


@pytest.mark.bad_input(row=27)
def test_a_revoked_key_is_out_and_an_older_list_does_not_bring_it_back() -> None:
    sign = device("facilities").sign
    out = sign_revocations(sign, RevocationList(5, (device_id(device("kiosk").spki),)))
    older = sign_revocations(sign, RevocationList(4, ()))
    forged = sign_revocations(device("stranger").sign, RevocationList(9, ()))
    now = facilities().with_revocations(out)
    for frame in (older, forged, b"garbage", sign_room(sign, RoomCertificate(bytes(32), 1, "x"))):
        now = now.with_revocations(frame)
    assert now.revoked.number == 5
    assert now.room_of(certificate_for(device("kiosk")), device("kiosk").spki) is None
    assert now.room_of(certificate_for(device("other")), device("other").spki) is not None


def test_a_list_that_was_signed_from_an_old_backup_takes_no_revocation_back() -> None:
    sign, kiosk, other = device("facilities").sign, device_id(device("kiosk").spki), b"o" * 32
    first = sign_revocations(sign, RevocationList(5, (kiosk,)))
    from_backup = sign_revocations(sign, RevocationList(6, (other,)))
    for frames in ((first, from_backup), (from_backup, first)):
        now = facilities()
        for frame in frames:
            now = now.with_revocations(frame)
        assert now.revoked.number == 6
        assert set(now.revoked.devices) == {kiosk, other}
        assert now.with_revocations(first) is now, "what tells nothing new costs nothing"


def test_the_list_that_lies_beside_the_key_counts_where_it_is_the_facilities_own(tmp_path: Path) -> None:
    sign = device("facilities").sign
    (tmp_path / "facilities.pem").write_bytes(device("facilities").pem)
    state = tmp_path / "state"
    state.mkdir()
    for folder, number in ((tmp_path, 1), (state, 2)):
        frame = sign_revocations(sign, RevocationList(number, (device_id(device("kiosk").spki),)))
        (folder / "revoked.list").write_bytes(frame)
    assert load_facilities(tmp_path / "facilities.pem").revoked.number == 1
    assert load_facilities(tmp_path / "facilities.pem", state).revoked.number == 2
    (tmp_path / "revoked.list").write_bytes(sign_revocations(device("thief").sign, RevocationList(9, ())))
    assert load_facilities(tmp_path / "facilities.pem").revoked.number == 0
