"""Device keys: made once, private, and without anything in the certificate but the key (security.md §2)."""

from __future__ import annotations

import os
import ssl
import stat
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from protocol.errors import Unavailable
from protocol.facilities import load_p256, signature_holds
from protocol.transport.tls import KEY_FILE, DeviceKey, letters, public_key


def test_a_key_is_made_once_and_stays(tmp_path: Path) -> None:
    first = DeviceKey.load_or_create(tmp_path / "state")
    again = DeviceKey.load_or_create(tmp_path / "state")
    other = DeviceKey.load_or_create(tmp_path / "other")
    assert (first.spki, first.certificate) == (again.spki, again.certificate)
    assert first.device_id == sha256(first.spki).digest() != other.device_id
    assert public_key(first.certificate) == first.spki


@pytest.mark.skipif(os.name == "nt", reason="file modes are POSIX")
def test_the_key_file_is_its_owners_alone_and_is_made_so_again(tmp_path: Path) -> None:
    DeviceKey.load_or_create(tmp_path / "state")
    file = tmp_path / "state" / KEY_FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert os.listdir(file.parent) == [KEY_FILE]
    file.chmod(0o644)
    DeviceKey.load_or_create(tmp_path / "state")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_certificate_says_nothing_but_the_key(tmp_path: Path) -> None:
    certificate = x509.load_der_x509_certificate(DeviceKey.load_or_create(tmp_path).certificate)
    assert len(certificate.subject) == len(certificate.issuer) == len(certificate.extensions) == 0
    assert certificate.not_valid_before_utc.year == 1970
    assert certificate.not_valid_after_utc.year == 9999


def test_a_signature_of_the_key_holds_and_of_other_data_does_not(tmp_path: Path) -> None:
    key = DeviceKey.load_or_create(tmp_path)
    public = load_p256(key.spki)
    assert public is not None
    assert signature_holds(public, key.sign(b"data"), b"data")
    assert not signature_holds(public, key.sign(b"data"), b"other data")
    assert not signature_holds(public, b"garbage", b"data")


def pem_of(key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"garbage",
        pem_of(ec.generate_private_key(ec.SECP256R1())),
        pem_of(rsa.generate_private_key(65537, 1024)),
    ],
    ids=["empty", "garbage", "no certificate", "RSA"],
)
def test_a_broken_key_file_is_said_and_never_replaced(content: bytes, tmp_path: Path) -> None:
    """A kiosk with a new key would be a stranger to the facilities; somebody must look."""
    file = tmp_path / KEY_FILE
    file.write_bytes(content)
    with pytest.raises(Unavailable):
        DeviceKey.load_or_create(tmp_path)
    assert file.read_bytes() == content


def test_a_folder_that_cannot_be_had_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(Unavailable):
        DeviceKey.load_or_create(tmp_path / "file")


def test_both_contexts_speak_tls_1_3_and_nothing_else(tmp_path: Path) -> None:
    key = DeviceKey.load_or_create(tmp_path)
    for context in (key.server_context(), key.client_context()):
        assert context.minimum_version == context.maximum_version == ssl.TLSVersion.TLSv1_3
        assert context.options & ssl.OP_NO_TICKET
    assert key.server_context().num_tickets == 0


def test_a_device_is_shown_as_eight_letters_that_cannot_be_misread() -> None:
    shown = {letters(sha256(bytes([n])).digest()) for n in range(200)}
    assert len(shown) == 200
    assert {len(text) for text in shown} == {8}
    assert set("".join(shown)) <= set("ABCDEFGHJKLMNPQRSTUVWXYZ")
