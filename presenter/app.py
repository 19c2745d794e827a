"""`kamizero present`: constructs the desk and connects it."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from pageview import english as shared_english
from pageview import theme, translator, wording
from presenter import english
from presenter.actions import Actions, Where
from presenter.interruption import Interruption
from presenter.options import Options, read_options
from presenter.settings_file import SettingsFile
from presenter.start import StartScreen
from presenter.window import DeskWindow

if TYPE_CHECKING:
    from presenter.desk import Desk
    from presenter.inherited import Inherited
    from presenter.stdin_lines import StdinLines

log = logging.getLogger(__name__)


class Program:
    """From the first paint to the last. What the first paint does not need is made after it."""

    def __init__(
        self, options: Options, inherited: Inherited | None = None, lines: StdinLines | None = None
    ) -> None:
        """``inherited``: a briefing to go on with; ``lines``: where a script's commands come from."""
        self.options, self._inherited, self._lines = options, inherited, lines
        self.settings = SettingsFile(options.config)
        wording.set_language(self.settings.value.language)
        self.actions = Actions()
        self.window = DeskWindow(self.actions)
        self.start = StartScreen(self.actions)
        self.window.add_screen(Where.START, self.start)
        if options.windowed is not None:
            options.windowed.put(self.window)
        else:
            self.window.restore(self.settings.value.window)
        self.desk: Desk | None = None

    def interrupt(self) -> None:
        """Ends without a question; a briefing under way is kept and offered back."""
        if self.desk is not None:
            self.desk.quit()
        else:
            QApplication.quit()

    def show(self) -> None:
        """Shows the first screen; the rest follows when it is painted."""
        self.start.first_painted.connect(self._make_the_rest)
        self.window.show()
        self.window.show_screen(Where.START)

    def _make_the_rest(self) -> None:
        painted_ns = time.monotonic_ns()
        from presenter.bindings import bind
        from presenter.desk import Desk
        from presenter.parts import made_parts
        from presenter.script import Script

        store = self._inherited.store if self._inherited is not None else None
        try:
            parts = made_parts(self.options, self.settings, self.window, self.start, self.actions, store)
        except OSError as error:
            self._give_up(error)
            return
        self.desk = desk = Desk(parts)
        bind(desk)
        desk.finished.connect(QApplication.quit)
        handle = self.window.windowHandle()
        if handle is not None:
            parts.keys.watch(handle)
        if self.options.script:
            self.script = Script(desk, self.options.evidence, painted_ns, self._lines)
        parts.papers.set_renderer(parts.renderer)
        parts.renderer.start()
        desk.open(self.options.files, self.settings.wrong)
        if self._inherited is not None:
            from presenter.inheriting import inherit

            inherit(desk, self._inherited)

    def _give_up(self, error: OSError) -> None:
        """Without its folder nothing could be kept: that is said, and there is nothing else to do."""
        from presenter.dialogs import TextSheet

        log.error("the state folder %s cannot be used: %s", self.options.state, error)
        if self.options.script:
            QTimer.singleShot(0, lambda: QApplication.exit(1))
            return
        why = wording.say(
            "保存先 {folder} を使えません。システム担当に連絡してください。", folder=self.options.state
        )
        sheet = TextSheet(self.window, "起動できません", [why])
        sheet.finished.connect(lambda: QApplication.exit(1))
        sheet.open()


def main(words: Sequence[str] | None = None) -> int:
    """Runs the desk until its window is closed."""
    options = read_options(sys.argv[1:] if words is None else words)
    logging.basicConfig(
        level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    app = QApplication.instance() or QApplication([sys.argv[0]])
    assert isinstance(app, QApplication)
    app.setApplicationName("kamizero")
    app.setQuitOnLastWindowClosed(False)
    wording.register(shared_english.ENGLISH)
    wording.register(english.ENGLISH)
    theme.apply_desk(app)
    translator.install(app)
    program = Program(options)
    interruption = Interruption(app)
    interruption.came.connect(program.interrupt)
    program.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
