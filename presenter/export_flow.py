"""書き出す: from the key over the kinds and the folder to the sentence at the end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFileDialog, QProgressBar, QWidget

from pageview.wording import say
from presenter.buttons import Button
from presenter.dialogs import Sheet
from presenter.export import TABLES, USUAL, Kind
from presenter.export_files import Outcome
from presenter.exporting import Exporting
from presenter.labels import Label
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


class ExportSheet(Sheet):
    """How far it is, then what came of it. The console can be used beside it."""

    def __init__(self, parent: QWidget | None, exporting: Exporting) -> None:
        super().__init__(parent, "書き出し")
        self.setModal(False)
        self._exporting, self._over = exporting, False
        self._words = Label("", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self.column.addWidget(self._words)
        self.column.addWidget(self._bar)
        self._button = Button("やめる")
        self._button.clicked.connect(self._press)
        self.add_buttons(self._button)
        self._words.set_words("書き出しています。")
        exporting.progress.connect(self._progress)
        exporting.done.connect(self._done)
        exporting.given_up.connect(self._given_up)

    def _press(self) -> None:
        """やめる, at last 閉じる."""
        if self._over:
            self.close()
        else:
            self._exporting.cancel()

    def _progress(self, done: int, of: int, name: str) -> None:
        self._bar.setRange(0, max(1, of))
        self._bar.setValue(done)
        if name:
            self._words.set_words("{name} を書き出しています。", name=name)

    def _done(self, outcome: Outcome) -> None:
        self._end("\n".join(say(words, **values) for words, values in outcome.told))

    def _given_up(self) -> None:
        self._end(say("書き出しをやめました。"))

    def _end(self, text: str) -> None:
        self._over = True
        self._exporting.progress.disconnect(self._progress)
        self._exporting.done.disconnect(self._done)
        self._exporting.given_up.disconnect(self._given_up)
        self._words.set_plain(text)
        self._bar.hide()
        self._button.set_words("閉じる")
        self._button.setFocus()
        self.adjustSize()

    def reject(self) -> None:
        """Esc."""
        self._press()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._over:
            self._exporting.cancel()
        super().closeEvent(event)


class ExportFlow(QObject):
    """``presenter``: how the person is called in the table."""

    def __init__(
        self,
        window: QWidget,
        exporting: Exporting,
        session: Session,
        papers: Papers,
        presenter: Callable[[], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window, self.exporting = window, exporting
        self._session, self._papers, self._presenter = session, papers, presenter
        self._folder = ""

    def choose(self, at: QPoint) -> None:
        """Asks what, then whereto."""
        if not self._session.running or self.exporting.busy:
            return
        menu = DeskMenu(self._window)
        for words, kinds in CHOICES:
            line = menu.addAction(say(words))
            line.triggered.connect(lambda _=False, kinds=kinds: self._ask_folder(kinds))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _ask_folder(self, kinds: frozenset[Kind]) -> None:
        dialog = QFileDialog(self._window, say("書き出す先のフォルダを選ぶ"), self._folder)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda folder: self.begin(kinds, Path(folder)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def begin(self, kinds: frozenset[Kind], folder: Path) -> None:
        """Writes there, with a sheet that tells how far it is."""
        if not self._session.running or self.exporting.busy:
            return
        self._folder = str(folder)
        sheet = ExportSheet(self._window, self.exporting)
        files = [chosen.path for chosen in self._papers.chosen]
        presenter = self._presenter() or say("説明者")
        self.exporting.begin(self._session.briefing, kinds, folder, presenter, files)
        sheet.show()
