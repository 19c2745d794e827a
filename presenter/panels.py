"""The side panel: the next page, private notes, and how the time stands."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from pageview import theme
from pageview.theme import Desk
from pageview.wording import say, tip
from presenter.actions import Actions
from presenter.buttons import IconButton, Link
from presenter.console_state import ConsoleState
from presenter.labels import Elided, FewLines, Icon, Label, clear_out, frame
from presenter.notes import NOTE_LIMIT
from presenter.pace import ON_TIME_S, AgendaItem, Due
from presenter.picture import Picture

LEAST_WITH_AGENDA = 500
ROWS_SEEN = 5
"""Of a longer agenda the part around what is being explained."""


class SidePanel(QFrame):
    """520 px wide, 340 where the window is small."""

    note_written = Signal(str)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(f"SidePanel {{ background: {Desk.CARD}; border-left: 1px solid {Desk.LINE}; }}")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.next = _NextPage(actions)
        self.notes = NotesPanel("このページで話すことを書いておけます")
        self.notes.written.connect(self.note_written)
        self.agenda = _Agenda(actions)
        self._column.addWidget(self.next)
        self._column.addWidget(frame("line"))
        self._column.addWidget(self.notes, 1)
        self._rule = frame("line")
        self._column.addWidget(self._rule)
        self._column.addWidget(self.agenda)
        self._has_agenda = False

    def set_dense(self, dense: bool) -> None:
        """The small form."""
        self.setFixedWidth(340 if dense else Desk.SIDE)
        side = 16 if dense else 24
        self.next.set_dense(dense)
        self.agenda.set_dense(dense)
        for part in (self.next, self.notes, self.agenda):
            layout = part.layout()
            if layout is not None:
                layout.setContentsMargins(side, 14 if dense else 20, side, 14 if dense else 20)

    def show_state(self, state: ConsoleState) -> None:
        """Shows this and nothing else."""
        self.next.show_state(state)
        self.notes.show_note(state.pages, state.page.number, state.note)
        self.agenda.show_agenda(state.agenda, state.behind_s)
        self._has_agenda = bool(state.agenda)
        self._make_room(self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), 300)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room(event.size().height())

    def _make_room(self, height: int) -> None:
        """Where the window is low, the notes matter more than the agenda."""
        shown = self._has_agenda and height >= LEAST_WITH_AGENDA
        self.agenda.setVisible(shown)
        self._rule.setVisible(shown)


class _NextPage(QWidget):
    def __init__(self, actions: Actions) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setSpacing(10)
        head = QHBoxLayout()
        head.addWidget(Label("次のページ", "title"))
        head.addStretch(1)
        self._count = Label(role="secondary")
        self._fold = IconButton("chevron_right", "進行を畳む")
        self._fold.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._fold.clicked.connect(lambda _checked=False: actions.run("panel"))
        head.addWidget(self._count)
        head.addWidget(self._fold)
        column.addLayout(head)
        row = QHBoxLayout()
        row.setSpacing(18)
        self._picture = Picture()
        words = QVBoxLayout()
        words.setSpacing(4)
        self._title = FewLines(2, Desk.TEXT_SIZE, bold=True, color=Desk.TEXT)
        self._text = FewLines(2, Desk.TEXT_SIZE)
        self._last = Label("最後のページです")
        for label in (self._last, self._title, self._text):
            words.addWidget(label)
        words.addStretch(1)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        column.addLayout(row)

    def set_dense(self, dense: bool) -> None:
        self._picture.set_size(132 if dense else 216, 93 if dense else 153)

    def show_state(self, state: ConsoleState) -> None:
        after = state.next_page
        self._picture.set_image(state.next_image)
        for widget in (self._picture, self._title, self._text):
            widget.setVisible(after is not None)
        self._last.setVisible(after is None)
        self._count.set_plain(f"{after.number} / {after.pages}" if after is not None else "")
        if after is not None:
            self._title.set_plain(after.title)
            self._text.set_plain(after.text)


class NotesPanel(QWidget):
    """手元メモ of the page shown. ``hint``: what the empty field says it is for."""

    written = Signal(str)

    def __init__(self, hint: str) -> None:
        super().__init__()
        self._hint = hint
        column = QVBoxLayout(self)
        column.setSpacing(10)
        head = QHBoxLayout()
        title = Label("手元メモ", "title")
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(Icon("lock", 20, Desk.TEXT2))
        self._only = Elided("自分だけに見えます", "secondary")
        head.addWidget(self._only)
        column.addLayout(head)
        self.field = QPlainTextEdit()
        self.field.setTabChangesFocus(True)
        self.field.setFrameShape(QFrame.Shape.NoFrame)
        self.field.setMinimumHeight(56)
        self.field.document().setDocumentMargin(2)
        self.field.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.field.setStyleSheet(
            "QPlainTextEdit { border: 1px solid transparent; padding: 0; font-size: 18px; }"
            f"QPlainTextEdit:hover, QPlainTextEdit:focus {{ border-color: {Desk.BORDER}; }}"
        )
        title.setBuddy(self.field)
        column.addWidget(self.field, 1)
        self._shown: tuple[tuple[int, ...], int] | None = None
        self._setting = False
        self.field.textChanged.connect(self._changed)
        self._say()

    def show_note(self, pages: tuple[int, ...], number: int, note: str) -> None:
        """The note of that page; while it is being typed in, only another page replaces it."""
        if (pages, number) == self._shown and (self.field.hasFocus() or self.field.toPlainText() == note):
            return
        self._shown = pages, number
        self._setting = True
        self.field.setPlainText(note)
        self._setting = False

    def _changed(self) -> None:
        if self._setting:
            return
        text = self.field.toPlainText()
        if len(text) > NOTE_LIMIT:
            self.field.undo()
            return
        self.written.emit(text)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _say(self) -> None:
        self.field.setPlaceholderText(say(self._hint))
        self.field.setAccessibleName(say("手元メモ"))
        self.field.setAccessibleDescription(say("自分だけに見えます"))


class _Agenda(QWidget):
    def __init__(self, actions: Actions) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Label("進み具合", "title"))
        head.addStretch(1)
        self._clock = Icon("schedule", 20, Desk.TEXT2)
        self._pace = Elided(role="secondary")
        head.addWidget(self._clock)
        head.addWidget(self._pace)
        column.addLayout(head)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        column.addLayout(self._rows)
        self._change = Link("次第を直す", lambda: actions.run("plan"))
        column.addWidget(self._change, 0, Qt.AlignmentFlag.AlignLeft)
        self._shown: tuple[AgendaItem, ...] = ()
        self._dense = False

    def set_dense(self, dense: bool) -> None:
        """The small form: the clock in the head changes the agenda as well."""
        self._change.setVisible(not dense)
        if dense != self._dense:
            self._dense = dense
            self._lay_out()

    def show_agenda(self, items: tuple[AgendaItem, ...], behind: float) -> None:
        """The papers with their minutes, and the pace in words."""
        minutes = max(1, round(abs(behind) / 60))
        if behind >= ON_TIME_S:
            self._pace.set_words("予定より{n}分遅れています", n=minutes)
            tone, colour = "warn", Desk.WARN_TEXT
        elif behind <= -ON_TIME_S:
            self._pace.set_words("予定より{n}分早いです", n=minutes)
            tone, colour = "muted", Desk.TEXT2
        else:
            self._pace.set_words("予定どおりです")
            tone, colour = "muted", Desk.TEXT2
        self._pace.set_tone(tone)
        self._clock.set_icon("schedule", colour)
        if items == self._shown:
            return
        self._shown = items
        self._lay_out()

    def _lay_out(self) -> None:
        items = self._shown
        clear_out(self._rows)
        now = next((place for place, entry in enumerate(items) if entry.due is Due.NOW), 0)
        first = max(0, min(now - 1, len(items) - ROWS_SEEN))
        for entry in items[first : first + ROWS_SEEN]:
            self._rows.addWidget(_AgendaRow(entry, dense=self._dense))


class _AgendaRow(QFrame):
    def __init__(self, item: AgendaItem, *, dense: bool) -> None:
        super().__init__()
        self.setToolTip(tip(" ".join(filter(None, (item.title, item.explainer)))))
        self.setFixedHeight(44)
        now = item.due is Due.NOW
        if now:
            self.setStyleSheet(f"_AgendaRow {{ background: {Desk.PRIMARY_WEAK}; border-radius: 6px; }}")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(8 if dense else 12)
        sign, colour = {
            Due.DONE: ("check_circle-fill", "#767676"),
            Due.NOW: ("play_circle-fill", Desk.PRIMARY),
            Due.AHEAD: ("radio_button_unchecked", Desk.BORDER),
        }[item.due]
        title = Elided()
        title.set_plain(item.title)
        who = Elided()
        who.set_plain(item.explainer)
        who.setVisible(bool(item.explainer) and not dense)
        who.setMaximumWidth(150)
        minutes = Label()
        minutes.set_words("{n}分", n=item.minutes)
        state = Label({Due.DONE: "済み", Due.NOW: "いま", Due.AHEAD: ""}[item.due], "secondary")
        state.setFixedWidth(42 if dense else 48)
        for label in (title, who, minutes, state):
            label.setFont(theme.font(16, theme.BOLD if now else theme.REGULAR))
            weight, ink = (700, Desk.HOVER) if now else (400, Desk.TEXT2)
            label.setStyleSheet(
                f"font-size: {16 if label in (state, who) else 18}px; font-weight: {weight}; color: {ink};"
            )
        row.addWidget(Icon(sign, 22, colour))
        row.addWidget(title, 1)
        row.addWidget(who)
        row.addWidget(minutes)
        row.addWidget(state)
