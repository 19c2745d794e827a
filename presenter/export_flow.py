"""書き出す: from the key over the kinds and the folder to the sentence at the end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QFileDialog

from pageview.wording import say
from presenter.console_flow import ConsoleFlow
from presenter.export import TABLES, USUAL, Kind
from presenter.export_files import Outcome
from presenter.exporting import Exporting
from presenter.menus import DeskMenu
from presenter.papers import Papers
from presenter.session import Session

CHOICES: tuple[tuple[str, frozenset[Kind]], ...] = (
    ("全て書き出す", USUAL),
    ("溶け込み（PDF）", frozenset({Kind.CLEAN})),
    ("見え消し（PDF）", frozenset({Kind.MARKED_UP})),
    ("書き込み（PDFの注釈）", frozenset({Kind.ANNOTATED})),
    ("書き込み（紙面に固定）", frozenset({Kind.FLATTENED})),
    ("修正一覧（PDF、Word、CSV）", TABLES),
)

UNPROTECTED = "書き出したファイルには、元の資料のパスワードがありません。置き場所に気を付けてください。"


class ExportFlow(QObject):
    """A bar of the console tells how far it is, and notices what came of it: the keyboard, which a clicker is
    too, stays with the page. ``presenter``: how the person is called in the table."""

    def __init__(
        self,
        console: ConsoleFlow,
        exporting: Exporting,
        session: Session,
        papers: Papers,
        presenter: Callable[[], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._console, self.exporting = console, exporting
        self._bar = console.console.export
        self._session, self._papers, self._presenter = session, papers, presenter
        self._folder = ""
        self._bar.cancelled.connect(exporting.cancel)
        exporting.progress.connect(self._bar.show_progress)
        exporting.done.connect(self._done)
        exporting.given_up.connect(self._given_up)

    def choose(self, at: QPoint) -> None:
        """Asks what, then whereto."""
        if not self._session.running or self.exporting.busy:
            return
        menu = DeskMenu(self._console.console)
        for words, kinds in CHOICES:
            line = menu.addAction(say(words))
            line.triggered.connect(lambda _=False, kinds=kinds: self._ask_folder(kinds))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _ask_folder(self, kinds: frozenset[Kind]) -> None:
        dialog = QFileDialog(self._console.console, say("書き出す先のフォルダを選ぶ"), self._folder)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda folder: self.begin(kinds, Path(folder)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def begin(self, kinds: frozenset[Kind], folder: Path) -> None:
        """Starts writing there."""
        if not self._session.running or self.exporting.busy:
            return
        self._folder = str(folder)
        files = [chosen.path for chosen in self._papers.chosen]
        presenter = self._presenter() or say("説明者")
        self.exporting.begin(self._session.briefing, kinds, folder, presenter, files)

    def _done(self, outcome: Outcome) -> None:
        self._bar.hide()
        for words, values in outcome.told:
            self._console.notice(words, **values)
        if outcome.written and any(chosen.had_password for chosen in self._papers.chosen):
            self._console.notice(UNPROTECTED)

    def _given_up(self) -> None:
        self._bar.hide()
        if self._session.running:
            self._console.notice("書き出しをやめました。")
