"""The papers of this briefing, one row each: order, state, remove."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from pageview.theme import Desk
from pageview.wording import say
from presenter.buttons import IconButton, Link
from presenter.labels import Elided, Icon
from presenter.start_state import PaperRow, Stage

ROW_HEIGHT = 76


class PaperRows(QFrame):
    """The rows in their card. Alt+↑↓ or the handle moves a row, Delete or × removes it."""

    moved = Signal(int, int)
    """(key, new place from 0)"""
    removed = Signal(int)
    password_wanted = Signal(int)
    read_again_wanted = Signal(int)
    findings_wanted = Signal(int)
    give_up_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._rows: dict[int, _Row] = {}
        self._order: tuple[int, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: Sequence[PaperRow]) -> None:
        """These papers, in this order."""
        wanted = {row.key for row in rows}
        for key in set(self._rows) - wanted:
            gone = self._rows.pop(key)
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for place, row in enumerate(rows):
            if row.key not in self._rows:
                self._rows[row.key] = _Row(self, row.key)
            widget = self._rows[row.key]
            if self._column.indexOf(widget) != place:
                self._column.insertWidget(place, widget)
            widget.show_row(row, last=place == len(rows) - 1)
        self._order = tuple(row.key for row in rows)

    def row(self, key: int) -> QWidget:
        """The widget of that paper."""
        return self._rows[key]

    def move_by(self, key: int, steps: int) -> None:
        """Asks for the row to move; nothing at an end of the list."""
        place = self._order.index(key)
        target = max(0, min(len(self._order) - 1, place + steps))
        if target != place:
            self.moved.emit(key, target)

    def step_focus(self, key: int, steps: int) -> None:
        """The keyboard goes to the row above or below."""
        place = self._order.index(key) + steps
        if 0 <= place < len(self._order):
            self._rows[self._order[place]].setFocus(Qt.FocusReason.TabFocusReason)

    def remove(self, key: int) -> None:
        """Asks for the row to go, and leaves the keyboard on its neighbour."""
        place = self._order.index(key)
        others = [other for other in self._order if other != key]
        if others and self._rows[key].isAncestorOf(self.focusWidget() or self):
            self._rows[others[min(place, len(others) - 1)]].setFocus(Qt.FocusReason.OtherFocusReason)
        self.removed.emit(key)

    def drag_to(self, key: int, y: int) -> None:
        """The handle is being dragged at height ``y`` of this card."""
        target = max(0, min(len(self._order) - 1, y // ROW_HEIGHT))
        if self._order.index(key) != target:
            self.moved.emit(key, target)


class _Handle(QWidget):
    """Six dots: grab here."""

    def __init__(self, rows: PaperRows, key: int) -> None:
        super().__init__()
        self._rows, self._key = rows, key
        self.setFixedSize(44, ROW_HEIGHT - 2)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 10, 0)
        row.addWidget(Icon("drag_indicator", 24, Desk.TEXT2))

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._rows.drag_to(self._key, self.mapTo(self._rows, QPoint(0, int(event.position().y()))).y())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self.setCursor(Qt.CursorShape.OpenHandCursor)


class _Row(QFrame):
    def __init__(self, rows: PaperRows, key: int) -> None:
        super().__init__()
        self._rows, self._key = rows, key
        self._row: PaperRow | None = None
        self.setFixedHeight(ROW_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 0, 8, 0)
        line.setSpacing(0)
        line.addWidget(_Handle(rows, key))
        self._kind = Icon("picture_as_pdf", 24, Desk.TEXT2)
        line.addWidget(self._kind)
        line.addSpacing(24)
        line.addLayout(self._words(), 1)
        self._sign = Icon("check_circle-fill", 20, Desk.OK)
        self._state = Elided("", tone="ok")
        self._state.setStyleSheet("font-size: 16px;")
        self._act = Link("入力する", self._acted)
        self._remove = IconButton("close", "外す", Desk.TEXT2)
        self._remove.clicked.connect(lambda: rows.remove(key))
        line.addSpacing(16)
        line.addWidget(self._sign)
        line.addSpacing(8)
        line.addWidget(self._state)
        line.addWidget(self._act)
        line.addSpacing(8)
        line.addWidget(self._remove)

    def _words(self) -> QVBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(0)
        self._name = Elided(role="title", middle=True)
        self._facts = Elided(role="secondary")
        words.addStretch(1)
        words.addWidget(self._name)
        words.addWidget(self._facts)
        words.addStretch(1)
        return words

    def show_row(self, row: PaperRow, last: bool) -> None:
        self._row = row
        line = "none" if last else f"1px solid {Desk.LINE}"
        self.setStyleSheet(f"_Row {{ border: 0; border-bottom: {line}; background: transparent; }}")
        self._name.set_plain(row.name)
        self._kind.set_icon("description" if row.office else "picture_as_pdf", Desk.TEXT2)
        if row.stage is Stage.READY and row.steps > 1:
            self._facts.set_words(
                "{n}ページ　縦の紙は、{steps}段に分けて映します", n=row.pages, steps=row.steps
            )
        elif row.stage is Stage.READY:
            self._facts.set_words("{n}ページ", n=row.pages)
        else:
            self._facts.set_words("")
        self._facts.setVisible(row.stage is Stage.READY)
        icon, tone, words, values, act = _told(row)
        colour = {"ok": Desk.OK, "warn": Desk.WARN_TEXT, "err": Desk.ERR, "muted": Desk.TEXT2}[tone]
        self._sign.set_icon(icon, colour)
        self._state.set_words(words, **values)
        self._state.set_tone(tone)
        self._act.setVisible(bool(act))
        if act:
            self._act.set_words(act)
        self._remove.set_words("{name} を外す", name=row.name)
        self.setAccessibleName(f"{row.name} {say(words, **values)}")
        self.setAccessibleDescription(say("Altキーと上下の矢印で順番を変えます。"))

    def _acted(self) -> None:
        if self._row is None:
            return
        if self._row.stage is Stage.CONVERTING:
            self._rows.give_up_wanted.emit(self._key)
        elif self._row.stage is not Stage.READY:
            self._rows.password_wanted.emit(self._key)
        elif self._row.saved_over:
            self._rows.read_again_wanted.emit(self._key)
        else:
            self._rows.findings_wanted.emit(self._key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if steps and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._rows.move_by(self._key, steps)
        elif steps:
            self._rows.step_focus(self._key, steps)
        elif event.key() == Qt.Key.Key_Delete:
            self._rows.remove(self._key)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange and self._row is not None:
            self.setAccessibleDescription(say("Altキーと上下の矢印で順番を変えます。"))
        super().changeEvent(event)


Told = tuple[str, str, str, dict[str, object], str]


def _told(row: PaperRow) -> Told:
    """A row's state for people: icon, tone, words and their values, and what can be done about it."""
    match row.stage:
        case Stage.READING:
            return "hourglass_empty", "muted", "読み込んでいます", {}, ""
        case Stage.CONVERTING if row.seconds >= 2:
            return "hourglass_empty", "muted", "変換しています（{n}秒）", {"n": row.seconds}, "中止"
        case Stage.CONVERTING:
            return "hourglass_empty", "muted", "変換しています", {}, "中止"
        case Stage.UNLOCKING:
            return "hourglass_empty", "muted", "パスワードを確かめています", {}, ""
        case Stage.LOCKED:
            return "lock", "warn", "パスワードが必要です", {}, "入力する"
        case Stage.WRONG_PASSWORD:
            return "lock", "err", "パスワードが違います", {}, "入力する"
        case Stage.REFUSED:
            return "error-fill", "err", row.why, {}, ""
        case Stage.READY if row.saved_over:
            return "history", "warn", "保存し直されました。開いたときの内容を映します", {}, "読み直す"
        case Stage.READY if row.findings and row.findings[0].matters:
            (words, values), matter = row.findings[0].short, sum(each.matters for each in row.findings)
            if matter > 1:
                words, values = "{found}　ほか{n}件", {"found": say(words, **values), "n": matter - 1}
            return "warning", "warn", words, values, "見る"
        case Stage.READY if row.findings:
            return "check_circle-fill", "ok", "映せます", {}, "詳しく"
        case _:
            return "check_circle-fill", "ok", "変換しました" if row.office else "映せます", {}, ""
