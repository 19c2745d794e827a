"""`kamizero join`: constructs the participant's program and connects it."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from pageview.loading import loading
from presenter import program
from presenter.actions import Actions, Where
from presenter.join.actions import ENTRIES
from presenter.join.ended import EndedScreen
from presenter.join.entrance import EntranceScreen
from presenter.join.options import JoinOptions, read_options
from presenter.join.over import Over, fresh_process, reap
from presenter.window import ProgramWindow
from protocol.errors import KamizeroError

if TYPE_CHECKING:
    from presenter.inherited import Inherited
    from presenter.join.desk import ParticipantDesk
    from presenter.join.script import JoinScript

log = logging.getLogger(__name__)


class Program:
    """From the first paint to the last. What the first paint does not need is made after it."""

    def __init__(self, options: JoinOptions) -> None:
        self.options = options
        self.settings = program.read_settings(options.desk)
        self.actions = Actions(ENTRIES)
        self.window = ProgramWindow()
        self.entrance = EntranceScreen(self.actions)
        self.ended = EndedScreen(self.actions)
        self.window.add_screen(Where.START, self.entrance)
        self.window.add_screen(Where.END, self.ended)
        program.place(self.window, options.desk, self.settings)
        self.desk: ParticipantDesk | None = None
        self.script: JoinScript | None = None

    def interrupt(self) -> None:
        """Ends without a question; a briefing is left and wiped."""
        if self.desk is not None:
            self.desk.quit()
        else:
            QApplication.quit()

    def show(self) -> None:
        """Shows the first screen; the rest follows when it is painted."""
        over = self.options.over
        first = self.entrance if over is None else self.ended
        if over is not None:
            self.ended.show_wiped(over.reason, over.noted)
        first.first_painted.connect(self._make_the_rest)
        self.window.show_screen(Where.START if over is None else Where.END)
        self.window.show()

    def _make_the_rest(self) -> None:
        painted_ns = time.monotonic_ns()
        if self.options.over is not None:
            reap()
        with loading():
            from presenter.join.bindings import bind
            from presenter.join.desk import ParticipantDesk
            from presenter.join.parts import made_parts

        try:
            parts = made_parts(
                self.options, self.settings, self.window, self.entrance, self.ended, self.actions
            )
            self.desk = desk = ParticipantDesk(parts)
            bind(desk)
            desk.finished.connect(QApplication.quit)
            desk.taken_over.connect(self._present)
            desk.over.connect(self._give_way)
            handle = self.window.windowHandle()
            if handle is not None:
                parts.keys.watch(handle)
            if self.options.desk.script:
                from presenter.join.script import JoinScript

                self.script = JoinScript(desk, self.options.desk.evidence, painted_ns)
            desk.open()
            program.stands()
        except (OSError, KamizeroError) as refused:
            program.give_up(self.window, self.options.desk, refused)

    def _give_way(self, over: Over) -> None:
        """To a process in whose memory no paper has ever been."""
        try:
            fresh_process(over)
        except OSError as refused:
            log.error("no fresh process could be started: %s", refused)
            assert self.desk is not None
            self.desk.show_over(over)

    def _present(self, inherited: Inherited) -> None:
        """From now on this is the presenter's program."""
        from presenter.app import Program as DeskProgram

        lines = self.script.let_go() if self.script is not None else None
        self.presenter = DeskProgram(self.options.desk, inherited, lines)
        self.presenter.show()


def main(words: Sequence[str] | None = None) -> int:
    """Runs the participant's window until it is closed."""
    options = read_options(sys.argv[1:] if words is None else words)
    return program.run(lambda: Program(options))


if __name__ == "__main__":
    sys.exit(main())
