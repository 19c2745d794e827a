"""Telling from a thread that may outlive its object: what hangs at a share is waited for by nobody."""

from __future__ import annotations

from contextlib import suppress

from PySide6.QtCore import SignalInstance


def emit_if_there(signal: SignalInstance, *values: object) -> None:
    """Emits it; nothing where its object is gone: then nobody waits for it."""
    with suppress(RuntimeError):
        signal.emit(*values)
