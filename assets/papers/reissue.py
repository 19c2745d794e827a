"""The memo as its office saves it again, with one paragraph more: `python -m assets.papers.reissue FILE`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from assets.papers import memo
from assets.papers.make import finish

ADDED = (
    "指示を受けて、この段落を加えた。夜間の会議でも同じ進め方とし、出席できない部局は、"
    "自席の端末から同じページを見て発言する。"
)


def main() -> None:
    """Writes the file that the command line names."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QGuiApplication(sys.argv[:1])
    file = Path(sys.argv[1])
    finish(file, memo.make(file, ADDED), "危機管理課")
    app.quit()


if __name__ == "__main__":
    main()
