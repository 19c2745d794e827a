"""The forms there are to choose from: those of the program, and a department's own in a folder."""

from __future__ import annotations

from pathlib import Path

import assets

USUAL = "打合せ記録"
NAMES = (USUAL, "復命書", "指示事項一覧", "議事録")
"""Those that come with the program."""


def forms(folder: Path | None) -> dict[str, Path]:
    """Every form by its name. One of the department takes the place of ours of the same name.

    OSError when the folder is not there or cannot be read.
    """
    ours = {name: assets.FORMS / f"{name}.docx" for name in NAMES}
    if folder is None:
        return ours
    own = sorted(file for file in folder.iterdir() if file.suffix.lower() == ".docx" and file.is_file())
    return ours | {file.stem: file for file in own if not file.name.startswith("~$")}


def read_form(file: Path) -> bytes:
    """The bytes of a form; OSError, or NoTemplate when it is too large to be one."""
    from presenter.record.template import SIZE_LIMIT, NoTemplate  # loads what only a filled form needs

    if file.stat().st_size > SIZE_LIMIT:
        raise NoTemplate(("様式が大きすぎます。画像を減らしてください。", {}))
    return file.read_bytes()
