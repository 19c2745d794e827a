"""The cards of the end: corrections, what is left for afterwards, what was kept, where papers were wiped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from pageview.theme import Desk
from pageview.wording import Said, era_date
from presenter.buttons import Button, Link
from presenter.console_state import Words
from presenter.correction_words import STATE_WORDS
from presenter.corrections_panel import STATES
from presenter.end_state import Keep, KeepFailed, Keeping, KeptHere, PlaceEnd, Wipe
from presenter.labels import Chip, Elided, FewLines, Icon, Label, clear_out, frame
from presenter.record.facts import CorrectionFact, Open, RecordFacts
from presenter.record.transcribed import transcripts_in
from protocol.corrections import CorrectionState

OPEN_CHIPS = {"質問": "on", "宿題": "carried"}
AT_ONCE = 40
"""Rows of what is left that are shown, and shown more of, at once."""
NOT_YET = "記録を作っています。"
LOOKS = {STATE_WORDS[state]: look for state, look in STATES.items()}
_IN_ORDER = tuple(
    STATE_WORDS[state]
    for state in (
        CorrectionState.CONFIRMED,
        CorrectionState.DONE,
        CorrectionState.TYPING,
        CorrectionState.OPEN,
        CorrectionState.WITHDRAWN,
    )
)
"""What is settled comes first, as it is told of a briefing."""


class Card(QFrame):
    """A card with its title, a note at its right, and rows."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 24)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(Label(title, "h2"))
        head.addStretch(1)
        self.note = Label("", "secondary")
        head.addWidget(self.note)
        column.addLayout(head)
        column.addSpacing(8)
        self.rows = QVBoxLayout()
        self.rows.setSpacing(0)
        column.addLayout(self.rows)
        self.column = column

    def show_rows(self, rows: list[QWidget]) -> None:
        """These and no others."""
        clear_out(self.rows)
        for row in rows:
            self.rows.addWidget(row)


class CorrectionsCard(Card):
    """Every correction with its state."""

    def __init__(self) -> None:
        super().__init__("修正")

    def show_facts(self, facts: RecordFacts | None) -> None:
        """Those of a briefing; None while they are not known."""
        corrections = facts.corrections if facts is not None else ()
        counted = Counter(each.state for each in corrections)
        counts = [(words, counted[words]) for words in _IN_ORDER if words in counted]
        self.note.set_words("{text}", text=_listed(counts))
        rows: list[QWidget] = [_CorrectionRow(each) for each in corrections]
        self.show_rows(rows or [Label(NOT_YET if facts is None else "修正はありませんでした。")])


def _listed(counts: list[tuple[str, int]]) -> Said:
    """確認済み 3件・未修正 1件."""
    said = Said("")
    for words, count in reversed(counts):
        one = Said("{state} {count}件", (("state", Said(words)), ("count", count)))
        said = Said("{one}・{rest}", (("one", one), ("rest", said))) if said.words else one
    return said


class OpenCard(Card):
    """What is left for afterwards, with who sees to it and until when."""

    assign_wanted = Signal(object)
    """Open, whose person and day are wanted"""

    def __init__(self) -> None:
        super().__init__("持ち帰り")
        self._facts: RecordFacts | None = None
        self._most = AT_ONCE

    def show_facts(self, facts: RecordFacts | None) -> None:
        """That of a briefing; None while it is not known."""
        self._facts = facts
        if facts is None:
            self._most = AT_ONCE
        left = facts.open if facts is not None else ()
        self.note.set_words("")
        rows = [_OpenRow(each, self) for each in left[: self._most]]
        wide = max((each.kind.sizeHint().width() for each in rows), default=0)
        for row in rows:
            row.kind.setFixedWidth(wide)
        self.show_rows([*rows] or [Label(NOT_YET if facts is None else "持ち帰りはありません。")])
        if len(left) > self._most:
            more = Link("", self._show_more)
            more.set_words("続きを表示する（残り{n}件）", n=len(left) - self._most)
            self.rows.addWidget(more)

    def _show_more(self) -> None:
        self._most += AT_ONCE
        self.show_facts(self._facts)


class KeptCard(Card):
    """What was kept, where it will be, and what can be done with it."""

    record_wanted = Signal()
    paper_wanted = Signal(str)
    """Which of the set's files: the beginning of its name"""
    copy_wanted = Signal()
    folder_wanted = Signal()
    transcript_wanted = Signal()
    transcript_unwanted = Signal(str)
    """The file that is to be taken out again"""

    def __init__(self) -> None:
        super().__init__("保存した記録")
        self.copy = Button("要約を写し取る", "content_copy")
        self.folder = Button("フォルダを開く", "folder_open")
        self.copy.clicked.connect(lambda _=False: self.copy_wanted.emit())
        self.folder.clicked.connect(lambda _=False: self.folder_wanted.emit())
        self._place = FewLines(3, 16)
        self._sunk = frame("sunk")
        sunk = QHBoxLayout(self._sunk)
        sunk.setContentsMargins(16, 10, 16, 10)
        sunk.setSpacing(16)
        sunk.addWidget(Label("保存先", "secondary"), 0, Qt.AlignmentFlag.AlignTop)
        sunk.addWidget(self._place, 1)
        self._told = QVBoxLayout()
        self._told.setSpacing(4)
        keys = QHBoxLayout()
        keys.setSpacing(12)
        keys.addWidget(self.copy, 1)
        keys.addWidget(self.folder, 1)
        self.column.addSpacing(8)
        self.column.addWidget(self._sunk)
        self.column.addLayout(self._told)
        self.column.addSpacing(8)
        self.column.addLayout(keys)

    def show_keep(self, keep: Keep) -> None:
        """How far it is."""
        here = isinstance(keep, KeptHere)
        for widget in (self._sunk, self.copy, self.folder):
            widget.setVisible(here)
        clear_out(self._told)
        match keep:
            case Keeping():
                self.show_rows([Label(NOT_YET, wrap=True)])
            case KeepFailed((words, values)):
                label = Label("", tone="err", wrap=True)
                label.set_words(words, **values)
                said = "説明の内容は、この端末に残っています。次に起動したときに再開できます。"
                self.show_rows([label, Label(said, "secondary", wrap=True)])
            case KeptHere():
                self._show_kept(keep)
            case _:
                self.show_rows([Label("練習のため、記録を残していません。", wrap=True)])

    def _transcript_row(self, keep: KeptHere) -> QWidget:
        files = transcripts_in(keep.record)
        if not files:
            told: Words = ("録音の文字起こしを発言に加えられます", {})
            return KeptRow("edit_note", "文字起こし", told, "取り込む", self.transcript_wanted.emit)
        count = sum(bool(each.imported) for each in keep.record.facts.minutes)
        told = ("「{name}」から{n}件", {"name": files[-1], "n": count})
        out = partial(self.transcript_unwanted.emit, files[-1])
        return KeptRow("edit_note", "文字起こし", told, "取り込みを取り消す", out)

    def _show_kept(self, keep: KeptHere) -> None:
        confirmed = keep.record.confirmed
        title = "打合せ記録（確認済み）" if confirmed is not None else "打合せ記録（下書き）"
        note: Words = ("内容を確認してください", {})
        act = "開いて確認する" if confirmed is None else "開く"
        if confirmed is not None:
            note = "{name}　{time}", {"name": confirmed.by, "time": f"{confirmed.when:%H:%M}"}
        if keep.changing:
            note = "書き直しています", {}
        papers = keep.record.facts.papers
        pages = sum(paper.pages for paper in papers)
        self.show_rows(
            [
                KeptRow("article", title, note, act, self.record_wanted.emit, main=confirmed is None),
                KeptRow(
                    "picture_as_pdf",
                    "資料　溶け込み・見え消し",
                    ("{n}ページ　原本は変えていません", {"n": pages}),
                    "開く",
                    lambda: self.paper_wanted.emit("溶け込み"),
                ),
                KeptRow(
                    "table_chart",
                    "修正一覧（修正前・修正後）",
                    ("Word・CSV", {}),
                    "開く",
                    lambda: self.paper_wanted.emit("修正一覧"),
                )
                if keep.record.facts.corrections
                else KeptRow(
                    "table_chart", "修正一覧（修正前・修正後）", ("修正はありませんでした。", {}), "", None
                ),
            ]
        )
        self.rows.addWidget(self._transcript_row(keep))
        self._place.set_plain(keep.place)
        for words, values in (*((keep.away,) if keep.away is not None else ()), *keep.told):
            label = Label("", "secondary", tone="warn", wrap=True)
            label.set_words(words, **values)
            self._told.addWidget(label)


class PlacesCard(Card):
    """Where papers were, and that they are gone."""

    def __init__(self) -> None:
        super().__init__("資料を消した場所")
        self.column.addSpacing(8)
        self.column.addWidget(Label("この端末の原本は、そのまま残っています。", "secondary", wrap=True))

    def show_places(self, places: tuple[PlaceEnd, ...], *, rehearsed: bool) -> None:
        """These; none at the end of what was shown somewhere before."""
        none = "会議室には映していません" if rehearsed else "いま、資料を映している画面はありません。"
        rows: list[QWidget] = [_PlaceRow(place) for place in places]
        self.show_rows(rows or [Label(none, "body", wrap=True)])


class KeptRow(QFrame):
    """A file of the set: what it is, a note, and a key that opens it; ``main``: what there is to do first."""

    def __init__(
        self,
        icon: str,
        title: str,
        note: Words,
        key: str,
        does: Callable[[], object] | None,
        *,
        main: bool = False,
    ) -> None:
        super().__init__()
        self.setStyleSheet(f"KeptRow {{ border: 0; border-top: 1px solid {Desk.LINE}; }}")
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 10, 0, 10)
        row.setSpacing(16)
        words = QVBoxLayout()
        words.setSpacing(0)
        named, said = Elided(title), Elided(role="secondary")
        said.set_words(note[0], **note[1])
        words.addWidget(named)
        words.addWidget(said)
        row.addWidget(Icon(icon, 24, Desk.PRIMARY))
        row.addLayout(words, 1)
        if does is not None and main:
            button = Button(key, size="md")
            button.clicked.connect(lambda _=False: does())
            row.addWidget(button)
        elif does is not None:
            row.addWidget(Link(key, does))


class _CorrectionRow(QFrame):
    def __init__(self, correction: CorrectionFact) -> None:
        super().__init__()
        self.setStyleSheet(f"_CorrectionRow {{ border: 0; border-top: 1px solid {Desk.LINE}; }}")
        self.setMinimumHeight(60)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 6, 0, 6)
        row.setSpacing(14)
        number = Label()
        number.set_plain(str(correction.number))
        number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        number.setFixedSize(36, 36)
        ring = Desk.ERR if correction.open else Desk.TEXT2
        number.setStyleSheet(f"border: 2px solid {ring}; border-radius: 18px; font-weight: 700;")
        row.addWidget(number)
        old, new = Elided(), Elided()
        old.set_plain(correction.before)
        new.set_plain(correction.after)
        changed = bool(correction.before and correction.after)
        if changed:
            old.setStyleSheet(f"color: {Desk.ERR}; text-decoration: line-through;")
            new.setStyleSheet(f"color: {Desk.ERR}; font-weight: 700; text-decoration: underline;")
        if correction.before:
            row.addWidget(old, 0)
        if changed:
            row.addWidget(Label("→"))
        row.addWidget(new, 1)
        icon, tone = LOOKS[correction.state]
        row.addWidget(Chip(icon, correction.state, tone))


class _OpenRow(QFrame):
    def __init__(self, left: Open, card: OpenCard) -> None:
        super().__init__()
        self.setStyleSheet(f"_OpenRow {{ border: 0; border-top: 1px solid {Desk.LINE}; }}")
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 12, 0, 12)
        row.setSpacing(16)
        tone = OPEN_CHIPS.get(left.kind, "err")
        chip = Chip("", left.kind, tone)
        if left.number:
            chip.label.set_words("修正{n}", n=left.number)
        self.kind = QWidget()
        held = QHBoxLayout(self.kind)
        held.setContentsMargins(0, 0, 0, 0)
        held.addWidget(chip)
        held.addStretch(1)
        row.addWidget(self.kind, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        text = FewLines(2, 18)
        text.set_plain(left.text)
        words.addWidget(text)
        below = QHBoxLayout()
        below.setSpacing(16)
        who = Label("", "secondary")
        if left.assigned:
            who.set_words("{owner}　{due}まで", owner=left.owner, due=left.day)
        else:
            who.set_words("担当と期限を決めてください")
            who.set_tone("err")
            who.setStyleSheet("font-weight: 700;")
        below.addWidget(who)
        key = "直す" if left.assigned else "入力する"
        below.addWidget(Link(key, lambda: card.assign_wanted.emit(left)))
        if left.former is not None:
            since = Label("", "secondary")
            since.set_words(
                "前回から（{day}）", day=era_date(left.former.when.date(), year=False, weekday=False)
            )
            below.addWidget(since)
        below.addStretch(1)
        words.addLayout(below)
        row.addLayout(words, 1)


class _PlaceRow(QFrame):
    def __init__(self, place: PlaceEnd) -> None:
        super().__init__()
        self.setFixedHeight(72)
        self.setStyleSheet(f"_PlaceRow {{ border: 0; border-top: 1px solid {Desk.LINE}; }}")
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 4, 0)
        row.setSpacing(16)
        sign, colour, words = {
            Wipe.WIPING: ("hourglass_empty", Desk.TEXT2, "消しています"),
            Wipe.WIPED: ("check_circle-fill", Desk.OK, "{time} 消去を確認"),
            Wipe.SILENT: ("warning-fill", Desk.WARN_BORDER, "返事がありません。電源が入ると自動で消えます。"),
        }[place.wipe]
        values: dict[str, object] = {"time": f"{place.at:%H:%M:%S}"} if place.at is not None else {}
        if place.wipe is Wipe.SILENT and place.people:
            words, values = "{n}人から返事がありません", {"n": place.silent}
        name, said = Elided(), Elided(role="secondary")
        title, named = place.title
        name.set_words(title, **named)
        said.set_words(words, **values)
        said.set_tone("warn" if place.wipe is Wipe.SILENT else "")
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addStretch(1)
        lines.addWidget(name)
        lines.addWidget(said)
        lines.addStretch(1)
        row.addWidget(Icon(sign, 24, colour))
        row.addLayout(lines, 1)
