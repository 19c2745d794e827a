"""What a person sets for themselves: who they are, their language, the window over the whole screen."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from pageview.wording import Language, set_language
from presenter.actions import Actions
from presenter.dialogs import KeysSheet, SettingsSheet
from presenter.settings_file import SettingsFile
from presenter.window import ProgramWindow


class Preferences(QObject):
    """The sheet of settings, and the one of every key."""

    changed = Signal(str, str)
    """(name, department); the language is the chosen one by then."""

    def __init__(
        self, window: ProgramWindow, settings: SettingsFile, actions: Actions, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._window, self._settings, self._actions = window, settings, actions

    def open(self) -> None:
        """Name, department and language."""
        settings = self._settings.value
        sheet = SettingsSheet(self._window, settings.name, settings.department, settings.language)
        sheet.changed.connect(self._change)
        sheet.open()

    def _change(self, name: str, department: str, language: Language) -> None:
        self._settings.change(
            lambda settings: replace(settings, name=name, department=department, language=language)
        )
        set_language(language)
        self.changed.emit(name, department)

    def toggle_full_screen(self) -> None:
        """The window over the whole screen, or not."""
        self._actions.set_checked("full_screen", self._window.toggle_full_screen())

    def show_keys(self) -> None:
        """Every key."""
        KeysSheet(self._window, self._actions.entries).open()
