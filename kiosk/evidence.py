"""Screenshots of the kiosk's own window, for tests and the demo; never where a facilities CA is installed."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtWidgets import QWidget

from pageview.wording import say


class EvidenceRefused(Exception):
    """No screenshots here; the text is for the person who asked."""


class Evidence:
    """Writes `kiosk-NAME-N.png` into one folder. `facilities`: the CA files that forbid it."""

    def __init__(self, folder: Path, facilities: tuple[Path, ...]) -> None:
        if any(file.exists() for file in facilities):
            raise EvidenceRefused(say("この端末は登録されているため、画面の写しは作れません。"))
        self._folder = folder
        self._count = 0
        folder.mkdir(parents=True, exist_ok=True)

    def shoot(self, window: QWidget, name: str) -> Path:
        """What the window shows now; the file written. OSError when it cannot be written."""
        self._count += 1
        plain = re.sub(r"[^0-9A-Za-z]+", "-", name).strip("-")[:60] or "shot"
        file = self._folder / f"kiosk-{plain}-{self._count}.png"
        if not window.grab().save(str(file)):
            raise OSError(f"{file} cannot be written")
        return file
