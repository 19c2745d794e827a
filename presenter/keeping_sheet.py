"""Where briefings are kept, under which names, on which form: the sheet of settings for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLineEdit, QWidget

from pageview.wording import say
from presenter.archive.rule import BadRule, read_rule
from presenter.buttons import Button
from presenter.console_state import Words
from presenter.dialogs import Sheet
from presenter.labels import Label
from presenter.record.forms import NAMES, USUAL, forms
from presenter.settings import PLACE_LIMIT, Settings, is_address


class KeepingSheet(Sheet):
    """``usual``: the archive while none is chosen. What cannot be used is said, and the sheet stays."""

    changed = Signal(object)
    """Settings"""

    def __init__(self, parent: QWidget | None, settings: Settings, usual: Path) -> None:
        super().__init__(parent, "記録の保管", 720)
        self._settings = settings
        self.column.setSpacing(9)
        self._archive = self._place("保管先のフォルダ", settings.archive_folder, str(usual), folder=True)
        self.column.addWidget(
            Label(
                "説明を終えると、資料と記録をこの中に、規則で決まる名前で保管します。", "secondary", wrap=True
            )
        )
        self._naming = self._place("名前の規則（TOML）", settings.naming, say("通常の規則"), folder=False)
        self._forms = self._place(
            "様式のフォルダ", settings.forms, say("紙ゼロの様式だけを使う"), folder=True
        )
        self._form = QComboBox()
        self._form.setAccessibleName(say("様式"))
        label = Label("様式", "title")
        label.setBuddy(self._form)
        self.column.addWidget(label)
        self.column.addWidget(self._form)
        self._list_forms()
        self._forms.textChanged.connect(lambda _text: self._list_forms())
        self._webhook = self._field(
            "確認した記録の要約を送るチャット（URL）", settings.webhook, say("送らない")
        )
        self._wrong = Label("", tone="err", wrap=True)
        self._wrong.hide()
        self.column.addWidget(self._wrong)
        cancel, ok = Button("やめる"), Button("保存する", kind="primary")
        cancel.clicked.connect(lambda _=False: self.close())
        ok.clicked.connect(lambda _=False: self._done())
        ok.setDefault(True)
        self.add_buttons(cancel, ok)

    def _field(self, words: str, text: str, empty: str) -> QLineEdit:
        field = QLineEdit(text)
        field.setMaxLength(PLACE_LIMIT)
        field.setPlaceholderText(empty)
        field.setAccessibleName(say(words))
        label = Label(words, "title")
        label.setBuddy(field)
        self.column.addWidget(label)
        self.column.addWidget(field)
        return field

    def _place(self, words: str, text: str, empty: str, *, folder: bool) -> QLineEdit:
        field = self._field(words, text, empty)
        self.column.removeWidget(field)
        choose = Button("選ぶ")
        choose.clicked.connect(lambda _=False: self._choose(words, field, folder))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(field, 1)
        row.addWidget(choose)
        self.column.addLayout(row)
        return field

    def _choose(self, words: str, field: QLineEdit, folder: bool) -> None:
        dialog = QFileDialog(self, say(words), field.text())
        if folder:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        else:
            dialog.setNameFilters([say("規則のファイル (*.toml)")])
        dialog.fileSelected.connect(field.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _list_forms(self) -> None:
        chosen = self._form.currentText() or self._settings.form or USUAL
        folder = self._forms.text().strip()
        try:
            names = list(forms(Path(folder) if folder else None))
        except OSError:
            names = list(NAMES)
        self._form.clear()
        self._form.addItems(names)
        self._form.setCurrentText(chosen if chosen in names else USUAL)

    def _done(self) -> None:
        archive, naming, own = (field.text().strip() for field in (self._archive, self._naming, self._forms))
        webhook = self._webhook.text().strip()
        checks: tuple[Callable[[], Words | None], ...] = (
            lambda: _no_folder(archive),
            lambda: _no_rule(naming),
            lambda: _no_folder(own),
            lambda: _no_address(webhook),
        )
        fields = (self._archive, self._naming, self._forms, self._webhook)
        for check, field in zip(checks, fields, strict=True):
            wrong = check()
            if wrong is not None:
                self._wrong.set_words(wrong[0], **wrong[1])
                self._wrong.show()
                field.setFocus()
                return
        form = self._form.currentText()
        self.changed.emit(
            replace(
                self._settings,
                archive_folder=archive,
                naming=naming,
                forms=own,
                form="" if form == USUAL else form,
                webhook=webhook,
            )
        )
        self.close()


def _no_folder(text: str) -> Words | None:
    if not text or Path(text).is_dir():
        return None
    return "フォルダ「{folder}」がありません。つながっているかどうかを確かめてください。", {"folder": text}


def _no_address(text: str) -> Words | None:
    if not text or is_address(text):
        return None
    return "チャットの送り先は、「https://」か「http://」で始まるURLです。", {}


def _no_rule(text: str) -> Words | None:
    try:
        if text:
            read_rule(Path(text))
    except BadRule as bad:
        return bad.told[0]
    except OSError:
        return "保管の規則のファイル「{file}」を読めません。", {"file": text}
    return None
