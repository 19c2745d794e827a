"""Pictures of the desk's own window, for the demo and for tests."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget


class Evidence:
    """Writes ``presenter-NAME-N.png`` into one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._n = 0

    def shoot(self, window: QWidget, name: str) -> Path:
        """What the window shows now, with a sheet that is open over it; the file. OSError without one."""
        self._n += 1
        self._folder.mkdir(parents=True, exist_ok=True)
        kept = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in name)[:60]
        file = self._folder / f"presenter-{kept}-{self._n}.png"
        shown = QApplication.activeModalWidget() or window
        if not shown.grab().save(str(file)):
            raise OSError(f"{file} cannot be written")
        return file
