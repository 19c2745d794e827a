"""X.509 papers of the facilities' key for an MQTT broker: its own, those of devices, and who is out.

A broker lets in whom these name, each to its own topics; what is said there is proven otherwise
(`protocol.by_broker`). Dates mean nothing, as everywhere.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from protocol.facilities import device_id

FIRST_DAY = datetime(1970, 1, 1, tzinfo=UTC)
LAST_DAY = datetime(9999, 12, 31, tzinfo=UTC)
_FACILITIES = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kamizero facilities")])
_PEM = serialization.Encoding.PEM


def root(key: ec.EllipticCurvePrivateKey) -> bytes:
    """By which a broker knows the papers of the house (PEM)."""
    made = _begun(key.public_key(), _FACILITIES, 1)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return made.sign(key, hashes.SHA256()).public_bytes(_PEM)


def of_device(key: ec.EllipticCurvePrivateKey, spki: bytes, console: bool = False) -> bytes:
    """Of the holder of that public key (PEM): a display by its id, any console by that word."""
    public = serialization.load_der_public_key(spki)
    assert isinstance(public, ec.EllipticCurvePublicKey)
    device = device_id(spki)
    called = "console" if console else device.hex()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, called)])
    made = _begun(public, name, _number(device))
    made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
    return made.sign(key, hashes.SHA256()).public_bytes(_PEM)


def of_broker(key: ec.EllipticCurvePrivateKey, hosts: Iterable[str]) -> tuple[bytes, bytes]:
    """(its new private key, its certificate for these names and addresses), PEM."""
    own = ec.generate_private_key(ec.SECP256R1())
    names = [_host(each) for each in hosts]
    title = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kamizero broker")])
    made = _begun(own.public_key(), title, x509.random_serial_number())
    made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
    made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    private = own.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return private, made.sign(key, hashes.SHA256()).public_bytes(_PEM)


def revoked(key: ec.EllipticCurvePrivateKey, devices: Iterable[bytes]) -> bytes:
    """The devices whose papers count no longer (a CRL, PEM)."""
    made = x509.CertificateRevocationListBuilder().issuer_name(_FACILITIES)
    made = made.last_update(FIRST_DAY).next_update(LAST_DAY)
    for device in devices:
        out = x509.RevokedCertificateBuilder().serial_number(_number(device)).revocation_date(FIRST_DAY)
        made = made.add_revoked_certificate(out.build())
    return made.sign(key, hashes.SHA256()).public_bytes(_PEM)


def _begun(public: ec.EllipticCurvePublicKey, name: x509.Name, number: int) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(_FACILITIES)
        .serial_number(number)
        .not_valid_before(FIRST_DAY)
        .not_valid_after(LAST_DAY)
        .public_key(public)
    )


def _number(device: bytes) -> int:
    """The serial number of a device's paper follows from its id: who is out is known without a register."""
    return int.from_bytes(device[:15], "big") + 2


def _host(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)
