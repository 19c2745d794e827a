"""Bars under the head of a window around a page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar

from pageview.theme import Desk
from presenter.buttons import Button, IconButton
from presenter.console_state import Words
from presenter.labels import Elided, Icon, Label
from presenter.lookup.passed import Waiting


class NoticeBar(QFrame):
    """One sentence at a time, the newest, until it is put away; then the one before it."""

    dismissed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(
            f"NoticeBar {{ background: {Desk.WARN_BG}; border-bottom: 1px solid {Desk.WARN_BORDER}; }}"
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 2, 12, 2)
        row.setSpacing(12)
        self._words = Elided()
        away = IconButton("close", "閉じる")
        away.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        away.clicked.connect(lambda _checked=False: self.dismissed.emit())
        row.addWidget(Icon("info", 22, Desk.WARN_TEXT))
        row.addWidget(self._words, 1)
        row.addWidget(away)
        self.hide()

    def show_notice(self, notice: Words | None) -> None:
        if notice is not None:
            words, values = notice
            self._words.set_words(words, **values)
        self.setVisible(notice is not None)


class TroubleBar(QFrame):
    """The disk takes nothing more: red, and it stays until it does again."""

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(f"TroubleBar {{ background: {Desk.ERR}; }}")
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 8, 24, 8)
        row.setSpacing(12)
        words = Label("この端末に記録を書き込めません。空き容量を増やしてください。内容は失われていません。")
        words.setStyleSheet("color: #FFFFFF; font-weight: 700;")
        row.addWidget(Icon("error-fill", 24, "#FFFFFF"))
        row.addWidget(words, 1)
        self.hide()


class ExportBar(QFrame):
    """How far an export is, and the key that gives it up."""

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(
            f"ExportBar {{ background: {Desk.PRIMARY_WEAK}; border-bottom: 1px solid {Desk.LINE}; }}"
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 6, 12, 6)
        row.setSpacing(12)
        self._words = Elided()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(200)
        cancel = Button("やめる", size="sm")
        cancel.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        cancel.clicked.connect(lambda _checked=False: self.cancelled.emit())
        row.addWidget(Icon("download", 22, Desk.PRIMARY))
        row.addWidget(self._words, 1)
        row.addWidget(self._bar)
        row.addWidget(cancel)
        self.hide()

    def show_progress(self, done: int, of: int, name: str) -> None:
        """``done`` of so many files; ``name``: of the next, none at the end."""
        self._bar.setRange(0, max(1, of))
        self._bar.setValue(done)
        if name:
            self._words.set_words("{name} を書き出しています。", name=name)
        self.show()


class FindsBar(QFrame):
    """Participants found something; nobody else sees it before the presenter has looked."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(
            f"FindsBar {{ background: {Desk.PRIMARY_WEAK}; border-bottom: 1px solid {Desk.LINE}; }}"
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 4, 12, 4)
        row.setSpacing(12)
        self._words = Elided()
        self.look = Button("内容を見る", size="sm")
        self.look.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.look.clicked.connect(lambda _checked=False: self.wanted.emit())
        row.addWidget(Icon("back_hand", 22, Desk.PRIMARY))
        row.addWidget(self._words, 1)
        row.addWidget(self.look)
        self.hide()

    def show_finds(self, finds: Sequence[Waiting]) -> None:
        """These wait for an answer."""
        names = {find.peer: find.name for find in finds}
        if len(names) == 1:
            (name,) = names.values()
            self._words.set_words("{name}さんが{n}件見つけました", name=name, n=len(finds))
        elif finds:
            self._words.set_words("参加者が{n}件見つけました", n=len(finds))
        self.setVisible(bool(finds))


class ConvertingBar(QFrame):
    """An Office document is being converted, and the key that gives it up."""

    given_up = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(
            f"ConvertingBar {{ background: {Desk.PRIMARY_WEAK}; border-bottom: 1px solid {Desk.LINE}; }}"
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 6, 12, 6)
        row.setSpacing(12)
        self._words = Elided()
        cancel = Button("中止", size="sm")
        cancel.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        cancel.clicked.connect(lambda _checked=False: self.given_up.emit())
        row.addWidget(Icon("hourglass_empty", 22, Desk.PRIMARY))
        row.addWidget(self._words, 1)
        row.addWidget(cancel)
        self.hide()

    def show_title(self, title: str) -> None:
        """Of the document; "": none is."""
        if title:
            self._words.set_words("「{title}」を変換しています。", title=title)
        self.setVisible(bool(title))
