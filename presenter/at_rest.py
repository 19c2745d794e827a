"""What the desk writes to its disk is sealed: AES-256-GCM, one key for the person, kept beside it.

The key is 32 random bytes in a file of mode 0600 (Windows: wrapped by DPAPI). Each sealed thing gets a key of
its own, derived from that one and a random salt in the clear.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import sys
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
SALT_BYTES = 16
NONCE_BYTES = 12
OVERHEAD = NONCE_BYTES + 16


class NotOurs(Exception):
    """The bytes were not sealed with this key for this use, or were changed since."""


class Sealer:
    """Seals and opens the parts of one thing; each part is bound to its place by ``about``."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, data: bytes | memoryview, about: bytes) -> bytes:
        """The part as it goes to disk: nonce, ciphertext, tag."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, data, about)

    def open(self, sealed: bytes, about: bytes) -> bytes:
        """The part again; NotOurs when a bit of it or of ``about`` is otherwise."""
        if len(sealed) < OVERHEAD:
            raise NotOurs
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about)
        except InvalidTag:
            raise NotOurs from None


class AtRestKey:
    """The person's key. Hold it for the life of the program."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @classmethod
    def load_or_create(cls, folder: Path) -> AtRestKey:
        """The key of that state folder, made at the first start; OSError when it cannot be had."""
        file = folder / "at-rest.key"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            return cls(_unwrapped(file.read_bytes()))
        except FileNotFoundError:
            secret = os.urandom(KEY_BYTES)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(_wrapped(secret))
            out.flush()
            os.fsync(out.fileno())
        return cls(secret)

    def sealer(self, salt: bytes) -> Sealer:
        """The sealer of the thing with this salt."""
        key = HKDF(SHA256(), KEY_BYTES, salt, b"kamizero at rest").derive(self._secret)
        return Sealer(key)

    def password(self, of: bytes) -> bytes:
        """A secret for another use, from which this key cannot be found."""
        return hmac.new(self._secret, b"password" + of, hashlib.sha256).digest()

    def name(self, of: bytes) -> str:
        """A file name for a thing that tells nothing about it to those who lack the key."""
        return hmac.new(self._secret, b"name" + of, hashlib.sha256).hexdigest()[:32]


def write_sealed(file: Path, data: bytes, key: AtRestKey) -> None:
    """Writes one sealed thing in place of the old one, or leaves the old one; OSError when it cannot."""
    salt = os.urandom(SALT_BYTES)
    part = file.with_suffix(".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(salt + key.sealer(salt).seal(data, b"whole"))
        out.flush()
        os.fsync(out.fileno())
    os.replace(part, file)


def read_sealed(file: Path, key: AtRestKey) -> bytes:
    """What `write_sealed` wrote; OSError, or NotOurs when it was changed."""
    content = file.read_bytes()
    return key.sealer(content[:SALT_BYTES]).open(content[SALT_BYTES:], b"whole")


def _wrapped(secret: bytes) -> bytes:
    if sys.platform != "win32":
        return secret
    return _dpapi("CryptProtectData", secret)


def _unwrapped(content: bytes) -> bytes:
    secret = _dpapi("CryptUnprotectData", content) if sys.platform == "win32" else content
    if len(secret) != KEY_BYTES:
        raise OSError(f"the key at rest is {len(secret)} bytes long, not {KEY_BYTES}")
    return secret


def _dpapi(function: str, data: bytes) -> bytes:
    """Windows binds the key to the person's account. (From its documentation; it cannot be run on Linux.)"""
    import ctypes
    from ctypes import wintypes

    class Blob(ctypes.Structure):
        _fields_ = [("size", wintypes.DWORD), ("data", ctypes.POINTER(ctypes.c_char))]

    windll = ctypes.windll  # type: ignore[attr-defined,unused-ignore]
    given = Blob(len(data), ctypes.create_string_buffer(data, len(data)))
    made = Blob()
    done = getattr(windll.crypt32, function)(
        ctypes.byref(given), None, None, None, None, 0, ctypes.byref(made)
    )
    if not done:
        raise OSError(f"{function} failed")
    try:
        return ctypes.string_at(made.data, made.size)
    finally:
        windll.kernel32.LocalFree(made.data)
