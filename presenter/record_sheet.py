"""The sheets in which a person puts the draft of a record right, and says who sees to what is left."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from pageview.wording import say
from presenter.buttons import Button, Link
from presenter.dialogs import Question, Sheet, ask
from presenter.labels import Label, Scrolled, frame
from presenter.record.facts import Attendee, How, Open
from presenter.record.record import Record, Section, Sentence
from presenter.record.thumbnails import discussed

SECTION_WORDS = {
    Section.OUTLINE: "概要",
    Section.DECISIONS: "決定事項",
    Section.INSTRUCTIONS: "指示事項",
    Section.REMARKS: "備考",
}
WIDE, HIGH = 1000, 720
AT_ONCE = 40
"""Sentences of a section that are shown, and shown more of, at once."""
SUBJECT_LIMIT, NAME_LIMIT, DUE_LIMIT, PEOPLE_LIMIT = 300, 80, 40, 200


class RecordSheet(Sheet):
    """The draft, sentence by sentence, each with its place in the log. An empty sentence is left out."""

    saved = Signal(object, bool, bool)
    """(Record, whether the person confirms it, whether it is to have pictures of the pages)"""
    word_wanted = Signal()

    def __init__(
        self, parent: QWidget | None, record: Record, *, posts: bool = False, pictured: bool = False
    ) -> None:
        """``posts``: whether a confirmed record is told to a chat; ``pictured``: it has pictures so far."""
        super().__init__(parent, "打合せ記録を確認する", WIDE)
        self._record = record
        said = "自動で作った下書きです。文を直し、内容を確かめてください。"
        if record.confirmed is not None:
            said = "確認済みの記録です。直すと下書きに戻り、直したことが記録に残ります。"
        self.column.addWidget(Label(said, "secondary", wrap=True))
        if posts:
            self.column.addWidget(
                Label("確認して閉じると、要約をチャットに送ります。", "secondary", wrap=True)
            )
        inside = QWidget()
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(0, 0, 12, 0)
        self._rows.setSpacing(8)
        self._subject = self._named("件名", record.facts.subject, SUBJECT_LIMIT)
        self._people = self._several(
            "出席者（端末から参加した人のほか。1行に1人）",
            "\n".join(each.name for each in record.facts.attendees if each.how is How.TYPED),
        )
        self._sentences: list[tuple[Sentence, GrowingField]] = []
        self._unseen: dict[Section, list[Sentence]] = {}
        for section in Section:
            self._section(section)
        self.column.addWidget(Scrolled(inside), 1)
        self.pictured = QCheckBox(say("説明したページの縮小画像を、WordとPDFに付ける"))
        self.pictured.setChecked(pictured)
        self.pictured.setEnabled(bool(discussed(record.facts)))
        self.column.addWidget(self.pictured)
        cancel, word = Button("やめる"), Button("Wordで開く")
        self.save, self.confirm = Button("下書きを保存する"), Button("この内容で確認する", kind="primary")
        cancel.clicked.connect(lambda _=False: self.close())
        word.clicked.connect(lambda _=False: self.word_wanted.emit())
        self.save.clicked.connect(lambda _=False: self._done(False))
        self.confirm.clicked.connect(lambda _=False: self._done(True))
        self.add_buttons(cancel, word, self.save, self.confirm)
        high = HIGH
        if parent is not None:
            high = min(HIGH, parent.window().height() - 80)
        self.resize(WIDE, high)
        self._opened = self.record()
        self.confirm.setFocus()

    def sizeHint(self) -> QSize:
        return QSize(WIDE, HIGH)

    def _named(self, words: str, text: str, limit: int) -> QLineEdit:
        field = QLineEdit(text)
        field.setMaxLength(limit)
        self._labelled(words, field)
        return field

    def _several(self, words: str, text: str) -> GrowingField:
        field = GrowingField(text)
        self._labelled(words, field)
        return field

    def _labelled(self, words: str, field: QWidget) -> None:
        label = Label(words, "title")
        label.setBuddy(field)
        field.setAccessibleName(say(words))
        self._rows.addWidget(label)
        self._rows.addWidget(field)

    def _section(self, section: Section) -> None:
        self._rows.addSpacing(8)
        self._rows.addWidget(frame("line"))
        head = QHBoxLayout()
        head.addWidget(Label(SECTION_WORDS[section], "title"))
        head.addStretch(1)
        rows = QVBoxLayout()
        rows.setSpacing(6)
        head.addWidget(Link("文を加える", lambda: self._add(rows, Sentence(section, "")).setFocus()))
        self._rows.addLayout(head)
        self._rows.addLayout(rows)
        more = Link("", lambda: self._show_more(section, rows, more))
        self._rows.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        self._unseen[section] = list(self._record.section(section))
        self._show_more(section, rows, more)

    def _show_more(self, section: Section, rows: QVBoxLayout, more: Link) -> None:
        """Further sentences: each field costs some milliseconds, and a briefing may have thousands."""
        left = self._unseen[section]
        shown, self._unseen[section] = left[:AT_ONCE], left[AT_ONCE:]
        for sentence in shown:
            self._add(rows, sentence)
        more.setVisible(bool(self._unseen[section]))
        more.set_words("続きを表示する（残り{n}文）", n=len(self._unseen[section]))

    def _add(self, rows: QVBoxLayout, sentence: Sentence) -> GrowingField:
        line = QHBoxLayout()
        line.setSpacing(12)
        place = Label("", "secondary")
        place.setFixedWidth(150)
        place.setContentsMargins(0, 12, 0, 0)
        at = f"{sentence.at:%H:%M}" if sentence.at is not None else ""
        page = say("{page}ページ", page=sentence.place.page) if sentence.place is not None else ""
        where = "　".join(part for part in (at, page) if part)
        item = self._record.facts.minutes[sentence.item] if sentence.item is not None else None
        origin = say("文字起こし") if item is not None and item.imported else ""
        place.set_plain("\n".join(filter(None, (where, origin))))
        field = GrowingField(sentence.text)
        field.setAccessibleName(f"{say(SECTION_WORDS[sentence.section])} {where}")
        line.addWidget(place, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(field, 1)
        rows.addLayout(line)
        self._sentences.append((sentence, field))
        return field

    def record(self) -> Record:
        """As it is in the fields."""
        facts = self._record.facts
        typed = [" ".join(line.split())[:NAME_LIMIT] for line in self._people.toPlainText().splitlines()]
        others = [each for each in facts.attendees if each.how is not How.TYPED]
        attendees = (*others, *(Attendee(name, How.TYPED) for name in typed[:PEOPLE_LIMIT] if name))
        subject = " ".join(self._subject.text().split())
        sentences = []
        for section in Section:
            for sentence, field in self._sentences:
                text = " ".join(field.toPlainText().split())
                if sentence.section is section and text:
                    sentences.append(replace(sentence, text=text))
            sentences += self._unseen[section]
        return self._record.changed(replace(facts, subject=subject, attendees=attendees), tuple(sentences))

    def _done(self, confirms: bool) -> None:
        self.saved.emit(self.record(), confirms, self.pictured.isChecked())
        self.accept()

    def reject(self) -> None:
        """Esc, やめる, the window's cross: what was typed is thrown away only by its own button."""
        if self.record() == self._opened:
            super().reject()
            return
        question = Question(
            self, "直した内容を捨てますか", "直した内容は、まだ保存していません。", "捨てる", "続ける"
        )
        ask(question, super().reject)


class GrowingField(QPlainTextEdit):
    """A field as high as its text; Tab leaves it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self._grow)
        self._grow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._grow()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._grow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter belongs to the sheet."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.key() == Qt.Key.Key_Return:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _grow(self) -> None:
        lines = max(1, round(self.document().size().height()))  # a plain text counts its height in lines
        high = lines * QFontMetrics(self.font()).lineSpacing() + 26
        if high != self.height():
            self.setFixedHeight(high)


class AssignSheet(Sheet):
    """Who sees to something that is left, and until when."""

    assigned = Signal(str, str)
    """(who, until when)"""

    def __init__(self, parent: QWidget | None, left: Open) -> None:
        super().__init__(parent, "担当と期限")
        words = Label("", wrap=True)
        words.set_plain(left.text)
        self.column.addWidget(words)
        self._owner = self._field("担当", left.owner, NAME_LIMIT, "河川課 中村")
        self._due = self._field("期限", left.day, DUE_LIMIT, "11月27日（金）")
        cancel, ok = Button("やめる"), Button("決める", kind="primary")
        cancel.clicked.connect(lambda _=False: self.close())
        ok.clicked.connect(lambda _=False: self._done())
        ok.setDefault(True)
        self.add_buttons(cancel, ok)
        self._owner.setFocus()

    def _field(self, words: str, text: str, limit: int, example: str) -> QLineEdit:
        field = QLineEdit(text)
        field.setMaxLength(limit)
        field.setPlaceholderText(say("例：{example}", example=say(example)))
        label = Label(words, "title")
        label.setBuddy(field)
        field.setAccessibleName(say(words))
        self.column.addWidget(label)
        self.column.addWidget(field)
        return field

    def _done(self) -> None:
        owner, due = (" ".join(field.text().split()) for field in (self._owner, self._due))
        self.assigned.emit(owner, due)
        self.close()
