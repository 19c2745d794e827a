"""`kamizero present`: constructs the desk and connects it."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from pageview.loading import loading
from presenter import program
from presenter.actions import Actions, Where
from presenter.options import Options, read_options
from presenter.start import StartScreen
from presenter.window import DeskWindow

if TYPE_CHECKING:
    from presenter.desk import Desk
    from presenter.inherited import Inherited
    from presenter.stdin_lines import StdinLines


class Program:
    """From the first paint to the last. What the first paint does not need is made after it."""

    def __init__(
        self, options: Options, inherited: Inherited | None = None, lines: StdinLines | None = None
    ) -> None:
        """``inherited``: a briefing to go on with; ``lines``: where a script's commands come from."""
        self.options, self._inherited, self._lines = options, inherited, lines
        self.settings = program.read_settings(options)
        self.actions = Actions()
        self.window = DeskWindow(self.actions)
        self.start = StartScreen(self.actions)
        self.window.add_screen(Where.START, self.start)
        program.place(self.window, options, self.settings)
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
        with loading():
            from presenter.bindings import bind
            from presenter.desk import Desk
            from presenter.parts import made_parts
            from presenter.script import Script

        store = self._inherited.store if self._inherited is not None else None
        try:
            parts = made_parts(self.options, self.settings, self.window, self.start, self.actions, store)
        except OSError as error:
            program.give_up(self.window, self.options, error)
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
        program.stands()
        if self._inherited is not None:
            from presenter.inheriting import inherit

            inherit(desk, self._inherited)


def main(words: Sequence[str] | None = None) -> int:
    """Runs the desk until its window is closed."""
    options = read_options(sys.argv[1:] if words is None else words)
    return program.run(lambda: Program(options))


if __name__ == "__main__":
    sys.exit(main())
