"""Windows' own keeping of secrets (DPAPI): bytes that only this person on this machine can read back."""

from __future__ import annotations

import ctypes
import sys

_NO_DIALOGS = 0x1


class _Blob(ctypes.Structure):
    _fields_ = [("length", ctypes.c_uint32), ("data", ctypes.POINTER(ctypes.c_char))]


def protect(secret: bytes) -> bytes:
    """Seal bytes for this person on this machine. ``OSError`` when Windows refuses."""
    return _call("CryptProtectData", secret)


def unprotect(sealed: bytes) -> bytes:
    """The bytes of `protect`. ``OSError`` for anything else, another person or another machine."""
    return _call("CryptUnprotectData", sealed)


def _call(function: str, content: bytes) -> bytes:
    if sys.platform != "win32":
        raise OSError("DPAPI is Windows'")
    buffer = ctypes.create_string_buffer(content, len(content))
    given = _Blob(len(content), ctypes.cast(buffer, ctypes.POINTER(ctypes.c_char)))
    made = _Blob()
    crypt = getattr(ctypes.windll.crypt32, function)
    if not crypt(ctypes.byref(given), None, None, None, None, _NO_DIALOGS, ctypes.byref(made)):
        raise ctypes.WinError()
    try:
        return ctypes.string_at(made.data, made.length)
    finally:
        ctypes.windll.kernel32.LocalFree(made.data)
