"""Files written as a whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

PRIVATE = 0o600


def write_whole(data: bytes | memoryview, file: Path, mode: int = 0o666) -> None:
    """Puts ``data`` at ``file`` in one step; OSError, which names ``file``, leaves what was there before and
    nothing beside it."""
    part = file.with_name(f".{secrets.token_hex(8)}.part")
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        descriptor = os.open(part, flags, mode)
        with os.fdopen(descriptor, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.replace(part, file)
    except OSError as refused:
        part.unlink(missing_ok=True)
        refused.filename, refused.filename2 = str(file), None
        raise


def sync_folder(folder: Path) -> None:
    """What was done in a folder is on the disk, where the system can say so."""
    if os.name == "nt":
        return  # a folder cannot be opened for syncing there
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
