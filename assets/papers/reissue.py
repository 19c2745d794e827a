"""The memo as its office saves it again, with one paragraph more: `python -m assets.papers.reissue FILE WORDS`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from assets.papers import memo
from assets.papers.make import finish


def main() -> None:
    """Writes the file that the command line names."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QGuiApplication(sys.argv[:1])
    file = Path(sys.argv[1])
    finish(file, memo.make(file, sys.argv[2]), "危機管理課")
    app.quit()


if __name__ == "__main__":
    main()
