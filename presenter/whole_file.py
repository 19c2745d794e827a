"""Files written to a place of the person's choice, as a whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from pathlib import Path

from presenter.console_state import Words

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
CLOSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
GONE = frozenset({errno.ENOENT, errno.ENOTDIR})


def write_whole(data: bytes | memoryview, file: Path, mode: int = 0o666) -> None:
    """Puts ``data`` at ``file`` in one step; OSError leaves what was there before, and nothing beside it."""
    part = file.with_name(f".{secrets.token_hex(8)}.part")
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        descriptor = os.open(part, flags, mode)
        with os.fdopen(descriptor, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.replace(part, file)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def why_not(refused: OSError, name: str) -> Words:
    """Why a file was not written, and that nothing is lost by it."""
    values: dict[str, object] = {"name": name}
    if refused.errno in FULL:
        return "「{name}」を書き込む空き容量がありません。元の資料と記録はそのままです。", values
    if refused.errno in CLOSED:
        return "「{name}」を、このフォルダには書き込めません。ほかのフォルダを選んでください。", values
    if refused.errno in GONE:
        return "「{name}」を書き込むフォルダがありません。ほかのフォルダを選んでください。", values
    values["why"] = refused.strerror or str(refused)
    return "「{name}」を書き込めません（{why}）。元の資料と記録はそのままです。", values
