"""What people take out of the console as a file, and the sentence that says what became of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from pageview.whole_file import write_whole
from pageview.wording import say


def ask_where(parent: QWidget, title: str, last: Path, kinds: str) -> Path | None:
    """Where it is to be; None: nowhere. A name alone is offered among the person's documents, and what is
    typed without an ending has that of ``last``. ``kinds``: as Qt's filters say it."""
    dialog = QFileDialog(parent, title, str(documents() / last), kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(last.suffix)
    dialog.selectFile(last.name)
    chosen = dialog.exec() == QDialog.DialogCode.Accepted
    files = dialog.selectedFiles()
    dialog.deleteLater()
    return Path(files[0]) if chosen and files else None


def documents() -> Path:
    """The program's own folder may be a share that nobody writes to."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))


def write_out(data: bytes, file: Path) -> tuple[str, str]:
    """Writes it; (what to say, its tone)."""
    try:
        write_whole(data, file)
    except OSError as error:
        why = error.strerror or str(error)
        return say("書き出せません（{why}）。ほかのフォルダを選んでください。", why=why), "err"
    return say("書き出しました：{file}", file=file), ""
