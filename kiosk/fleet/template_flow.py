"""What people do with templates: change a value, read a file, write one, go back; each written down."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from kiosk.fleet.rollout_question import EditionQuestion
from kiosk.fleet.setting_words import setting_words
from kiosk.fleet.settings_page import SettingsPage
from kiosk.fleet.template_folder import TemplateFolder
from kiosk.fleet.templates import (
    SIZE_LIMIT,
    BadTemplates,
    Place,
    Templates,
    place_words,
    read_templates,
    read_value,
    write_templates,
)
from kiosk.fleet.writing_out import ask_where, documents, write_out
from pageview.paper_words import clean_name
from pageview.wording import say
from protocol.manage import Command, Outcome

Then = Callable[[Outcome | None, str], None]
FILE = "kamizero-templates.toml"


class Orders(Protocol):
    """What the desk does for it."""

    def order(self, devices: tuple[bytes, ...], command: Command, then: Then | None = None) -> None:
        """Written down and sent; what cannot be written down does not arrive."""

    def ask(self, device: bytes, command: Command, then: Then | None = None) -> None:
        """Sent, and not written down: nothing is done by it."""

    def note(self, what: str) -> bool:
        """Written down: done at this console alone. False: it cannot be."""

    def record(self, words: str, tone: str) -> None:
        """It has come to pass: written down, which nobody waits for, and said."""

    def tell(self, words: str, tone: str = "") -> None:
        """Said under every page."""


def cannot_keep(orders: Orders, error: OSError) -> None:
    """Said whatever page is seen: no wave goes on like this."""
    words = say("ひな形や反映の進み具合を保存できません（{why}）。", why=error.strerror or error)
    orders.tell(words, "err")


class TemplateFlow(QObject):
    """Each change is an edition of its own."""

    def __init__(
        self,
        folder: TemplateFolder,
        page: SettingsPage,
        orders: Orders,
        who: str,
        clock: Callable[[], float],
    ) -> None:
        super().__init__(page)
        self._folder, self._page, self._orders = folder, page, orders
        self._who, self._clock = who, clock
        self._last = Path(FILE)
        """The file that was read or written last: consoles that share one have a key each for it."""
        page.valued.connect(self.change)
        page.read_asked.connect(self._choose)
        page.write_asked.connect(self._write)
        page.back_asked.connect(self._go_back)

    @property
    def _window(self) -> QWidget:
        return self._page.window()

    def change(self, place: Place, key: str, text: str) -> None:
        """One value, as it was typed; "": inherited again. An extension is digits, and still a text."""
        wrong: list[BadTemplates] = []
        for value in dict.fromkeys((read_value(text), text)) if text else (None,):
            try:
                changed = self._folder.current.with_value(place, key, value)
            except BadTemplates as bad:
                wrong.append(bad)
                continue
            if changed != self._folder.current:
                said = text or say("受け継ぐ")
                where, what = place_words(place), setting_words(key)
                done = say("{place}の「{key}」を「{value}」に", place=where, key=what, value=said)
                self._keep(changed, done)
            return
        self._page.show_again()
        self._orders.tell(str(wrong[0]), "err")

    def _keep(self, templates: Templates, what: str) -> None:
        if not self._orders.note(say("設定のひな形：{what}", what=what)):
            self._page.show_again()
            return
        try:
            self._folder.keep(templates, self._clock(), self._who, what)
        except OSError as error:
            self._page.show_again()
            cannot_keep(self._orders, error)
            return
        self._page.refresh()

    def read(self, file: Path) -> None:
        """Takes a file's templates in the place of all that there are."""
        name = clean_name(file.name)
        try:
            with file.open("rb") as source:
                templates = read_templates(source.read(SIZE_LIMIT + 1))
        except BadTemplates as bad:
            self._orders.tell(say("「{name}」は読み込んでいません。{why}", name=name, why=bad), "err")
        except OSError as error:
            why = error.strerror or str(error)
            self._orders.tell(say("「{name}」を読めません（{why}）。", name=name, why=why), "err")
        else:
            self._keep(templates, say("「{name}」を読み込む", name=name))

    def write(self, file: Path) -> None:
        """All templates, as they count now."""
        self._orders.tell(*write_out(write_templates(self._folder.current).encode(), file))

    def _choose(self) -> None:
        title = say("設定のひな形を読み込む")
        file, _ = QFileDialog.getOpenFileName(
            self._window, title, str(documents() / self._last), "TOML (*.toml)"
        )
        if file:
            self._last = Path(file)
            self.read(self._last)

    def _write(self) -> None:
        title = say("設定のひな形を書き出す")
        file = ask_where(self._window, title, self._last, "TOML (*.toml)")
        if file is not None:
            self._last = file
            self.write(file)

    def _go_back(self) -> None:
        question = EditionQuestion(self._window, self._folder.editions[:-1])
        if question.agreed():
            edition = question.edition
            self._keep(edition.templates, say("第{number}版に戻す", number=edition.number))
