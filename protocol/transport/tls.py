"""Device keys, and the two TLS settings there are: 1.3, no tickets, nothing trusted but the key itself.

A certificate is only the envelope of a device key: no names, no meaningful dates, never checked against a
clock. Which key is right is the handshake's business (`protocol.pairing`).
"""

from __future__ import annotations

import os
import secrets
import ssl
import sys
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from protocol.errors import Unavailable
from protocol.facilities import device_id

KEY_FILE = "device.pem"
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_FIRST_DAY = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_DAY = datetime(9999, 12, 31, tzinfo=UTC)


def letters(identity: bytes) -> str:
    """A device id for people: eight letters, without I and O."""
    number = int.from_bytes(identity, "big")
    taken = []
    for _ in range(8):
        number, index = divmod(number, len(_LETTERS))
        taken.append(_LETTERS[index])
    return "".join(taken)


def public_key(certificate: bytes) -> bytes:
    """The key (DER SubjectPublicKeyInfo) of a certificate (DER). ``ValueError`` when it is none."""
    try:
        return _spki(x509.load_der_x509_certificate(certificate).public_key())
    except (x509.InvalidVersion, UnsupportedAlgorithm) as error:
        raise ValueError(f"not a certificate: {error}") from error


def _spki(key: object) -> bytes:
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise ValueError("not an elliptic-curve key")
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


class DeviceKey:
    """The key that a machine is known by: ECDSA P-256, made at first start, kept in the state folder.

    ``spki``: its public half (DER). ``device_id``: SHA-256 of that. ``certificate``: DER, for TLS.
    """

    def __init__(self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate, path: Path) -> None:
        self._key = key
        self._path = path
        self.spki = _spki(key.public_key())
        self.device_id = device_id(self.spki)
        self.letters = letters(self.device_id)
        self.certificate = certificate.public_bytes(serialization.Encoding.DER)

    @classmethod
    def load_or_create(cls, folder: Path) -> DeviceKey:
        """The key of this state folder. `Unavailable` when it can neither be read nor made."""
        path = folder / KEY_FILE
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not path.exists():
                _write_private(path, _new_key_file(_passphrase(folder)))
            if os.name != "nt" and path.stat().st_mode & 0o077:
                path.chmod(0o600)
            content = path.read_bytes()
            key = serialization.load_pem_private_key(content, _passphrase(folder))
            certificate = x509.load_pem_x509_certificate(content)
        except (OSError, ValueError, TypeError) as error:
            raise Unavailable(f"device key {path}: {error}") from error
        if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
            raise Unavailable(f"device key {path} is not a P-256 key")
        return cls(key, certificate, path)

    @property
    def path(self) -> Path:
        """Where it is kept."""
        return self._path

    def sign(self, data: bytes) -> bytes:
        """ECDSA over SHA-256, DER."""
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))

    def server_context(self) -> ssl.SSLContext:
        """TLS 1.3 as a listener, showing this device's certificate."""
        context = _only_tls_1_3(ssl.PROTOCOL_TLS_SERVER)
        context.num_tickets = 0
        context.load_cert_chain(self._path, password=_passphrase(self._path.parent))
        return context

    def client_context(self) -> ssl.SSLContext:
        """TLS 1.3 as a dialer. It accepts any certificate: the handshake binds the one it was shown."""
        context = _only_tls_1_3(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context


def _only_tls_1_3(protocol: ssl._SSLMethod) -> ssl.SSLContext:
    context = ssl.SSLContext(protocol)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.maximum_version = ssl.TLSVersion.TLSv1_3
    context.options |= ssl.OP_NO_TICKET | ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    return context


def _new_key_file(passphrase: bytes | None) -> bytes:
    """A new key and its certificate as one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    nobody = x509.Name([])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(nobody)
        .issuer_name(nobody)
        .serial_number(1)
        .not_valid_before(_FIRST_DAY)
        .not_valid_after(_LAST_DAY)
        .public_key(key.public_key())
        .sign(key, hashes.SHA256())
    )
    sealing: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase is not None:
        sealing = serialization.BestAvailableEncryption(passphrase)
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, sealing)
    return private + certificate.public_bytes(serialization.Encoding.PEM)


def _write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def _passphrase(folder: Path) -> bytes | None:
    """On Windows file modes protect nothing: the key file is encrypted under what DPAPI keeps for the person.

    Elsewhere None: mode 0600 in a folder of mode 0700.
    """
    if sys.platform != "win32":
        return None
    from protocol.transport import dpapi

    path = folder / "device.key"
    if not path.exists():
        _write_private(path, dpapi.protect(secrets.token_hex(32).encode("ascii")))
    return dpapi.unprotect(path.read_bytes())
