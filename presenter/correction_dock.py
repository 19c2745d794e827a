"""The dock under the page: the wording of one correction, typed where everybody watches it on the page."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from pageview.page_edits import Breaks, NotMade, ReplaceWords, Route, WhyNot
from pageview.render_results import EditRefused, PageEdited
from pageview.theme import Desk
from pageview.wording import say
from presenter.buttons import Button
from presenter.correction_words import NOTED, WHY_NOT, broken
from presenter.keys import KEYS_LEFT, OWN_KEYS
from presenter.labels import Elided, Icon, Label
from protocol.corrections import Correction
from protocol.texts import cleaned

ROUTES = {
    Route.ORIGINAL: "元の書体で入れます",
    Route.NONE: "言葉を消して、行を詰めます",
    Route.GOTHIC: "似た書体（ゴシック）で入れます",
    Route.MINCHO: "似た書体（明朝）で入れます",
}


class WordingField(QLineEdit):
    """Plain Enter confirms the input method's words and nothing else."""

    typed = Signal(str, int, str)
    """(text, caret, what is not confirmed yet)"""
    cancelled = Signal()
    applied = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._preedit = ""
        self.setProperty(OWN_KEYS, True)
        self.setProperty(KEYS_LEFT, ["add_correction", "lookup", "find", "keys", "full_screen"])
        self.setMinimumHeight(52)
        self.setStyleSheet("font-size: 20px;")
        self.textEdited.connect(self._tell)
        self.cursorPositionChanged.connect(self._tell)

    def _tell(self, *_: object) -> None:
        if not self.signalsBlocked():
            self.typed.emit(self.text(), self.cursorPosition(), self._preedit)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._preedit = event.preeditString()
        super().inputMethodEvent(event)
        self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if control:
                self.applied.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._preedit = ""
        super().focusOutEvent(event)
        self._tell()


class CorrectionDock(QFrame):
    """Hidden while nothing is typed here. ``key``: the words of what is done with the wording."""

    typed = Signal(str, int, str)
    cancelled = Signal()
    applied = Signal(object)
    """Breaks that the person accepts."""
    note_wanted = Signal()
    """What cannot be set in the page is to be written on it."""

    def __init__(self, key: str = "反映する") -> None:
        super().__init__()
        self._key = key
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(
            f"CorrectionDock {{ background: {Desk.CARD}; border: 2px solid {Desk.PRIMARY};"
            " border-radius: 12px; }"
        )
        self._accepts = Breaks.NOTHING
        self._notes = False
        self._told_of = ""
        """The wording that the paper has said something to."""
        self._unchanged = ""
        self._before = Elided(role="body")
        self._before.setStyleSheet(f"color: {Desk.ERR}; text-decoration: line-through; font-size: 18px;")
        self._who = Label(role="secondary")
        self.field = WordingField()
        self.field.typed.connect(self.typed)
        self.field.cancelled.connect(self.cancelled)
        self.field.applied.connect(self._apply)
        self._cancel, self._do = Button("取り消す"), Button(key, kind="primary")
        self._cancel.clicked.connect(lambda _=False: self.cancelled.emit())
        self._do.clicked.connect(lambda _=False: self._apply())
        for button in (self._cancel, self._do):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._sign = Icon("check", 20, Desk.OK)
        self._told = Elided(role="secondary")
        self._edition = Label(role="secondary")
        grid = QGridLayout(self)
        grid.setContentsMargins(20, 12, 20, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.addWidget(Label("修正前", "secondary"), 0, 0)
        grid.addWidget(self._before, 0, 1, 1, 2)
        grid.addWidget(self._who, 0, 3, Qt.AlignmentFlag.AlignRight)
        after = Label("修正後", "secondary")
        after.setBuddy(self.field)
        grid.addWidget(after, 1, 0)
        grid.addWidget(self.field, 1, 1)
        grid.addWidget(self._cancel, 1, 2)
        grid.addWidget(self._do, 1, 3)
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self._sign, self._told, self._edition):
            row.addWidget(widget)
        row.addStretch(1)
        grid.addWidget(line, 2, 1, 1, 3)
        grid.setColumnStretch(1, 1)
        self._say()
        self.hide()

    def show_correction(self, correction: Correction | None, wording: str, edition: int) -> None:
        """Types this one from now on; None: nothing is typed here."""
        self.setVisible(correction is not None)
        if correction is None:
            return
        self._accepts = Breaks.NOTHING
        self._before.set_plain(correction.before)
        self._unchanged = correction.before
        self._who.set_words("修正{number}", number=correction.number)
        if edition:
            self._edition.set_words("反映すると第{edition}版になります", edition=edition)
        else:
            self._edition.set_words("会議室に映っています。紙面に反映するのは、説明者です。")
        self._tell_of("", "")
        self.field.blockSignals(True)
        self.field.setText(wording)
        self.field.blockSignals(False)
        self.field.setFocus()
        self.field.selectAll()

    def show_wording(self, wording: str) -> None:
        """Somebody else typed in it too; one's own caret stays where it was."""
        if wording != self.field.text():
            caret = self.field.cursorPosition()
            self.field.blockSignals(True)
            self.field.setText(wording)
            self.field.setCursorPosition(min(caret, len(wording)))
            self.field.blockSignals(False)

    def show_told(self, told: PageEdited | EditRefused) -> None:
        """What the paper says to the wording."""
        self._told_of = told.change.new if isinstance(told.change, ReplaceWords) else ""
        if isinstance(told, PageEdited):
            words = ROUTES.get(told.made.route, "元の書体で入れます")
            if told.made.squeezed:
                words = "字の幅を縮めて、行に収めます"
            self._tell_of("ok", words)
        else:
            self._refused(told.not_made)

    def _refused(self, why: NotMade) -> None:
        self._accepts = Breaks(why.breaks) if why.why is WhyNot.BREAKS else Breaks.NOTHING
        words = broken(self._accepts) if self._accepts else NOTED.get(why.why, WHY_NOT[why.why])
        self._tell_of("err", words, signs=why.signs)
        self._notes = why.why in NOTED
        self._edition.setVisible(bool(self._accepts))
        key = "注記にする" if self._notes else self._key
        self._do.set_words("それでも直す" if self._accepts else key)

    def _tell_of(self, tone: str, words: str, **values: object) -> None:
        self._sign.setVisible(bool(words))
        self._sign.set_icon(
            "check" if tone == "ok" else "warning-fill", Desk.OK if tone == "ok" else Desk.ERR
        )
        self._told.set_words(words, **values)
        self._told.set_tone(tone)
        self._told.setVisible(bool(words))
        self._notes = False
        self._edition.setVisible(tone != "err")  # what is not set in the page makes no edition
        self._do.set_words(self._key)

    def _apply(self) -> None:
        if self.field.text() == self._unchanged:
            self._tell_of("err", "言葉が、前のままです。新しい言葉を入力するか、取り消してください。")
        elif self._notes and cleaned(self.field.text()) == self._told_of:
            self.note_wanted.emit()
        else:
            self.applied.emit(self._accepts)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _say(self) -> None:
        self.field.setAccessibleName(say("修正後"))
        self._cancel.setToolTip("Esc")
        self._do.setToolTip("Ctrl+Enter")
