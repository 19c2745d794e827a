"""What a person sets for themselves: who they are, their language, the window over the whole screen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from pageview.wording import Language, set_language
from presenter.actions import Actions
from presenter.dialogs import KeysSheet, SettingsSheet
from presenter.keeping_sheet import KeepingSheet
from presenter.settings import Settings
from presenter.settings_file import SettingsFile
from presenter.window import ProgramWindow


class Preferences(QObject):
    """The sheet of settings, and the one of every key."""

    changed = Signal(str, str)
    """(name, department); the language is the chosen one by then."""

    def __init__(
        self,
        window: ProgramWindow,
        settings: SettingsFile,
        actions: Actions,
        archive: Path | None = None,
        parent: QObject | None = None,
    ) -> None:
        """``archive``: where briefings are kept while nothing else is set; None where none are kept."""
        super().__init__(parent)
        self._window, self._settings, self._actions = window, settings, actions
        self._archive = archive

    def open(self) -> None:
        """Name, department and language."""
        settings = self._settings.value
        sheet = SettingsSheet(
            self._window,
            settings.name,
            settings.department,
            settings.language,
            keeps=self._archive is not None,
        )
        sheet.changed.connect(self._change)
        sheet.keeping_wanted.connect(self._open_keeping)
        sheet.open()

    def _open_keeping(self) -> None:
        if self._archive is None:
            return
        sheet = KeepingSheet(self._window, self._settings.value, self._archive)
        sheet.changed.connect(self._keep)
        sheet.open()

    def _keep(self, chosen: Settings) -> None:
        self._settings.change(
            lambda settings: replace(
                settings,
                archive=chosen.archive,
                naming=chosen.naming,
                forms=chosen.forms,
                form=chosen.form,
                webhook=chosen.webhook,
            )
        )

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
