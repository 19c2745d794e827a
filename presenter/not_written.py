"""Why a file was not written to a place of the person's choice, in words."""

from __future__ import annotations

import errno

from presenter.console_state import Words

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
CLOSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
GONE = frozenset({errno.ENOENT, errno.ENOTDIR})


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
