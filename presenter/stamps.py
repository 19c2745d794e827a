"""印を押す: which word the stamp in hand has, and stamps of one's own, which the settings remember."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from pageview.hand import Hand
from pageview.ink_look import STAMPS
from pageview.wording import plain, say
from presenter.buttons import Button
from presenter.dialogs import Sheet
from presenter.labels import Label
from presenter.menus import DeskMenu, open_below
from presenter.settings import STAMP_LIMIT, STAMPS_KEPT
from presenter.settings_file import SettingsFile
from protocol.texts import one_line


class Stamps(QObject):
    """``key`` says the word in hand, and opens the choice."""

    def __init__(
        self, key: Button, hand: Hand, settings: SettingsFile, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._key, self._hand, self._settings = key, hand, settings
        key.clicked.connect(lambda _checked=False: self.open())
        self.take(say(STAMPS[0]))

    def take(self, word: str) -> None:
        """That word from now on."""
        self._hand.stamp = word
        self._key.set_words("印：{word}", word=word)

    def add(self, word: str) -> None:
        """A stamp of one's own, in hand at once; the newest first, and of too many the oldest goes."""
        word = one_line(word)[:STAMP_LIMIT]
        if word and word not in map(say, STAMPS):
            own = tuple(each for each in self._settings.value.stamps if each != word)
            self._keep((word, *own)[:STAMPS_KEPT])
        if word:
            self.take(word)

    def remove(self, word: str) -> None:
        """That one of one's own is no more; what was stamped stays."""
        self._keep(tuple(each for each in self._settings.value.stamps if each != word))
        if self._hand.stamp == word:
            self.take(say(STAMPS[0]))

    def open(self) -> None:
        """The choice, below the key."""
        open_below(self.menu(), self._key)

    def menu(self) -> DeskMenu:
        """The words there are; own ones can be taken out."""
        menu = DeskMenu(self._key)
        own = self._settings.value.stamps
        for word in (*(say(each) for each in STAMPS), *own):
            line = menu.addAction(plain(word))
            line.setCheckable(True)
            line.setChecked(word == self._hand.stamp)
            line.triggered.connect(partial(self._taken, word))
        menu.addSeparator()
        menu.addAction(say("自分の印を加える")).triggered.connect(lambda _checked=False: self._ask())
        if own:
            out = DeskMenu(menu)
            out.setTitle(say("自分の印を外す"))
            for word in own:
                out.addAction(plain(word)).triggered.connect(partial(self._removed, word))
            menu.addMenu(out)
        return menu

    def _taken(self, word: str, _checked: bool = False) -> None:
        self.take(word)

    def _removed(self, word: str, _checked: bool = False) -> None:
        self.remove(word)

    def _ask(self) -> None:
        sheet = StampSheet(self._key.window())
        sheet.written.connect(self.add)
        sheet.open()

    def _keep(self, own: tuple[str, ...]) -> None:
        self._settings.change(lambda settings: replace(settings, stamps=own))


class StampSheet(Sheet):
    """The word of a new stamp."""

    written = Signal(str)

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent, "自分の印を加える")
        self.field = QLineEdit()
        self.field.setMaxLength(STAMP_LIMIT)
        self.field.setPlaceholderText(say("例：{example}", example=say("総務課了解")))
        self.field.setAccessibleName(say("印の文字"))
        label = Label("印の文字", "title")
        label.setBuddy(self.field)
        self.column.addWidget(label)
        self.column.addWidget(self.field)
        cancel, ok = Button("やめる"), Button("加える", kind="primary")
        cancel.clicked.connect(lambda _checked=False: self.close())
        ok.clicked.connect(lambda _checked=False: self._done())
        ok.setDefault(True)
        self.add_buttons(cancel, ok)
        self.field.setFocus()

    def _done(self) -> None:
        self.written.emit(self.field.text())
        self.close()
