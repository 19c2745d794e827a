"""What a person sets for themselves: who they are, their language, the window over the whole screen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from pageview.wording import Language, set_language
from presenter.actions import Actions
from presenter.dialogs import KeysSheet, SettingsSheet
from presenter.keeping_sheet import KeepingSheet
from presenter.lookup.places import Places
from presenter.lookup.places_sheet import PlacesSheet
from presenter.settings import Settings
from presenter.settings_file import SettingsFile
from presenter.window import ProgramWindow


class Preferences(QObject):
    """The sheet of settings, and the one of every key."""

    changed = Signal(str, str)
    """(name, department); the language is the chosen one by then."""
    searched = Signal(object)
    """The folders that are searched from now on."""

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
        looks_up = any(entry.name == "lookup" for entry in self._actions.entries)
        sheet = SettingsSheet(
            self._window,
            settings.name,
            settings.department,
            settings.language,
            looks_up,
            keeps=self._archive is not None,
        )
        sheet.changed.connect(self._change)
        sheet.keeping_wanted.connect(self._open_keeping)
        sheet.places_wanted.connect(lambda: self.open_places(sheet))
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
                archive_folder=chosen.archive_folder,
                naming=chosen.naming,
                forms=chosen.forms,
                form=chosen.form,
                webhook=chosen.webhook,
            )
        )
        self.searched.emit(self._settings.value.searched)

    def open_places(self, parent: QWidget) -> None:
        """調べる所: folders that are searched, and searches outside."""
        settings = self._settings.value
        sheet = PlacesSheet(parent, settings.archive_folder, settings.lookup)
        sheet.changed.connect(self._set_places)
        sheet.open()

    def _set_places(self, places: Places) -> None:
        self._settings.change(lambda settings: replace(settings, lookup=places))
        self.searched.emit(self._settings.value.searched)

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
