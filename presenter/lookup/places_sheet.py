"""調べる所: the folders that are searched and the searches outside, to be changed."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from pageview.wording import say
from presenter.buttons import Button, IconButton
from presenter.dialogs import Sheet
from presenter.labels import Elided, Label
from presenter.lookup.places import FOLDERS, NAME_LIMIT, SEARCHES, URL_LIMIT, Places, WebSearch, is_search

WRONG = "http:// か https:// で始まり、{query} を含むアドレスにしてください。"
ROWS_HIGH = 168


class PlacesSheet(Sheet):
    """``changed``: the places as they are to be. The archive's own folder is shown, and set elsewhere."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None, archive_folder: str, places: Places) -> None:
        super().__init__(parent, "調べる所", width=760)
        self._folders = _Rows()
        self._searches = _Rows()
        if archive_folder:
            self._folders.add(_Folder(archive_folder), None)
        for folder in places.folders:
            self._add_folder(folder)
        for search in places.web:
            self._add_search(search)
        add_folder = Button("フォルダを加える", "folder_open", size="sm")
        add_folder.clicked.connect(lambda _checked=False: self._ask_folder())
        add_search = Button("検索を加える", "add", size="sm")
        add_search.clicked.connect(lambda _checked=False: self._add_search(WebSearch("", ""), here=True))
        for words, rows, button in (
            ("資料庫のフォルダ", self._folders, add_folder),
            ("庁外の検索", self._searches, add_search),
        ):
            head = QHBoxLayout()
            head.addWidget(Label(words, "title"))
            head.addStretch(1)
            head.addWidget(button)
            self.column.addLayout(head)
            self.column.addWidget(rows)
        self._wrong = Label("", tone="err", wrap=True)
        self._wrong.hide()
        self.column.addWidget(self._wrong)
        cancel, ok = Button("やめる"), Button("保存する", kind="primary")
        cancel.clicked.connect(self.close)
        ok.clicked.connect(self._done)
        ok.setDefault(True)
        self.add_buttons(cancel, ok)

    def add_folder(self, folder: str) -> None:
        """One more, unless it stands there already."""
        folders = [row.folder for row in self._folders.rows() if isinstance(row, _Folder)]
        if folder and folder not in folders and len(folders) < FOLDERS:
            self._add_folder(folder)

    def _add_folder(self, folder: str) -> None:
        self._folders.add(_Folder(folder), "外す")

    def _add_search(self, search: WebSearch, *, here: bool = False) -> None:
        if len(self._searches.rows()) < SEARCHES:
            row = _Search(search)
            self._searches.add(row, "外す")
            if here:
                row.name.setFocus()

    def _ask_folder(self) -> None:
        dialog = QFileDialog(self, say("資料庫のフォルダを選ぶ"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.add_folder)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _done(self) -> None:
        tables = [row.table() for row in self._searches.rows() if isinstance(row, _Search)]
        tables = [table for table in tables if table["name"] or table["url"]]
        if not all(is_search(table) for table in tables):
            self._wrong.set_words(WRONG, query="{query}")
            self._wrong.show()
            return
        removable = self._folders.removable()
        folders = tuple(row.folder for row in removable if isinstance(row, _Folder))
        self.changed.emit(Places(folders, tuple(WebSearch(t["name"], t["url"]) for t in tables)))
        self.close()


class _Rows(QScrollArea):
    """Rows, each with a key that takes it out."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(14, 6, 6, 6)
        self._column.setSpacing(6)
        self._column.addStretch(1)
        self.setWidget(inside)
        self._rows: list[tuple[QWidget, bool]] = []

    def sizeHint(self) -> QSize:
        return QSize(640, ROWS_HIGH)

    def rows(self) -> list[QWidget]:
        return [row for row, _ in self._rows]

    def removable(self) -> list[QWidget]:
        return [row for row, can in self._rows if can]

    def add(self, row: QWidget, remove: str | None) -> None:
        line = QWidget()
        across = QHBoxLayout(line)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(row, 1)
        if remove is not None:
            key = IconButton("close", remove)
            key.clicked.connect(lambda _checked=False: self._remove(row, line))
            across.addWidget(key)
        self._rows.append((row, remove is not None))
        self._column.insertWidget(self._column.count() - 1, line)

    def _remove(self, row: QWidget, line: QWidget) -> None:
        self._rows = [each for each in self._rows if each[0] is not row]
        line.deleteLater()


class _Folder(Elided):
    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = folder
        self.set_plain(folder)


class _Search(QWidget):
    def __init__(self, search: WebSearch) -> None:
        super().__init__()
        self.name, self.url = QLineEdit(search.name), QLineEdit(search.url)
        self.name.setMaxLength(NAME_LIMIT)
        self.url.setMaxLength(URL_LIMIT)
        self.name.setAccessibleName(say("検索の名前"))
        self.name.setPlaceholderText(say("検索の名前"))
        self.url.setAccessibleName(say("検索のアドレス"))
        self.url.setPlaceholderText(say("{query}を入れたアドレス", query="{query}"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.name, 1)
        row.addWidget(self.url, 3)

    def table(self) -> dict[str, str]:
        """As the settings' file has it."""
        return {"name": self.name.text().strip(), "url": self.url.text().strip()}
