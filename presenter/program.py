"""A program with a window: how it starts, and what it says when it cannot."""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from pageview import theme, translator, wording
from pageview.interruption import Interruption
from pageview.wording import say
from presenter.options import Options
from presenter.settings_file import SettingsFile
from presenter.window import ProgramWindow

log = logging.getLogger(__name__)


class Program(Protocol):
    """From the first paint to the last."""

    def show(self) -> None:
        """Shows the first screen; the rest follows when it is painted."""

    def interrupt(self) -> None:
        """Ends without a question."""


def run(make: Callable[[], Program]) -> int:
    """Runs the program until its window is closed."""
    logging.basicConfig(
        level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    app = QApplication.instance() or QApplication([sys.argv[0]])
    assert isinstance(app, QApplication)
    app.setApplicationName("kamizero")
    app.setQuitOnLastWindowClosed(False)
    theme.apply_desk(app)
    translator.install(app)
    program = make()
    interruption = Interruption(app)
    interruption.came.connect(program.interrupt)
    program.show()
    return app.exec()


def read_settings(options: Options) -> SettingsFile:
    """What the person has set; from here on words are said in their language."""
    settings = SettingsFile(options.config)
    wording.set_language(settings.value.language)
    return settings


def place(window: ProgramWindow, options: Options, settings: SettingsFile) -> None:
    """Where the command line wants the window, else where it was last time."""
    if options.windowed is not None:
        options.windowed.put(window)
    else:
        window.restore(settings.value.window)


def stands() -> None:
    """Every part is there until the program ends: no collection of garbage looks through them again.

    It would hold up window and network alike for a tenth of a second.
    """
    gc.freeze()


def give_up(window: ProgramWindow, options: Options, why: Exception) -> None:
    """Without its folder nothing could be kept: that is said, and there is nothing else to do."""
    log.error("the state folder %s cannot be used: %s", options.state, why)
    if options.script:
        QTimer.singleShot(0, lambda: QApplication.exit(1))
        return
    from presenter.dialogs import TextSheet

    words = say("保存先 {folder} を使えません。システム担当に連絡してください。", folder=options.state)
    sheet = TextSheet(window, "起動できません", [words])
    sheet.finished.connect(lambda _result: QApplication.exit(1))
    window.close_wanted.connect(lambda: QApplication.exit(1))
    sheet.open()
