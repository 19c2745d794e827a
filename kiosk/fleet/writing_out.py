"""What people take out of the console as a file, and the sentence that says what became of it."""

from __future__ import annotations

from pathlib import Path

from pageview.whole_file import write_whole
from pageview.wording import say


def write_out(data: bytes, file: Path) -> tuple[str, str]:
    """Writes it; (what to say, its tone)."""
    try:
        write_whole(data, file)
    except OSError as error:
        why = error.strerror or str(error)
        return say("書き出せません（{why}）。ほかのフォルダを選んでください。", why=why), "err"
    return say("書き出しました：{file}", file=file), ""
