"""次第: what the briefing is about, and for each paper who explains it and how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QWidget

from pageview.wording import say
from presenter.buttons import Button
from presenter.dialogs import Sheet
from presenter.labels import FewLines, Label, Scrolled
from presenter.minute_box import MinuteBox
from presenter.pace import Planned, shared_out
from protocol.ops import PLANNED_LIMIT
from protocol.texts import one_line

WIDE = 920
SUBJECT_LIMIT, NAME_LIMIT = 300, 80
ROWS_SEEN = 5
"""More papers are scrolled to."""
ROW = 56


class PlanSheet(Sheet):
    """The total shares itself out by pages until a paper gets its own minutes."""

    planned = Signal(str, object, bool)
    """(subject, tuple of Planned, whether walls tell how long the paper still has)"""

    def __init__(
        self, parent: QWidget | None, subject: str, papers: Sequence[Planned], *, on_walls: bool = False
    ) -> None:
        super().__init__(parent, "次第", WIDE)
        self._papers = tuple(papers)
        self._subject = QLineEdit(subject)
        self._subject.setMaxLength(SUBJECT_LIMIT)
        self._labelled("件名", self._subject)
        self.column.addWidget(
            Label("前回と同じ件名にすると、前回の持ち帰りを引き継げます。", "secondary", wrap=True)
        )
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 12, 0)
        grid.setHorizontalSpacing(16)
        for column, words in enumerate(("資料", "説明する人", "予定")):
            grid.addWidget(Label(words, "secondary"), 0, column)
        self._each: list[MinuteBox] = []
        self._explainers: list[QLineEdit] = []
        for row, paper in enumerate(self._papers, 1):
            self._row(grid, row, paper)
        grid.setColumnStretch(0, 5)
        grid.setColumnStretch(1, 3)
        inside = QWidget()
        inside.setLayout(grid)
        scrolled = Scrolled(inside)
        scrolled.setFixedHeight(36 + ROW * min(ROWS_SEEN, len(self._papers)))
        self.column.addWidget(scrolled)
        most = PLANNED_LIMIT * max(1, len(self._papers))
        self._total = MinuteBox(0, most, sum(paper.minutes for paper in papers), "合計")
        self._total.valueChanged.connect(self._share)
        foot = QGridLayout()
        foot.setContentsMargins(0, 0, 12, 0)
        total = Label("合計", "title")
        total.setBuddy(self._total)
        self._on_walls = QCheckBox(say("残りの時間を、会議室の画面の端にも出す"))
        self._on_walls.setChecked(on_walls)
        foot.addWidget(self._on_walls, 0, 0)
        foot.addWidget(
            Label("ページの横に余白がないとき（16:9のスライドなど）は、出ません。", "secondary", "muted"),
            1,
            0,
        )
        foot.setColumnStretch(0, 1)
        foot.setHorizontalSpacing(16)
        foot.addWidget(total, 0, 1)
        foot.addWidget(self._total, 0, 2)
        self.column.addLayout(foot)
        cancel, ok = Button("やめる"), Button("決める", kind="primary")
        cancel.clicked.connect(self.close)
        ok.clicked.connect(self._done)
        ok.setDefault(True)
        self.add_buttons(cancel, ok)

    def _labelled(self, words: str, field: QLineEdit) -> None:
        label = Label(words, "title")
        label.setBuddy(field)
        field.setAccessibleName(say(words))
        self.column.addWidget(label)
        self.column.addWidget(field)

    def _row(self, grid: QGridLayout, row: int, paper: Planned) -> None:
        title = FewLines(2, 16)
        title.set_plain(paper.title)
        explainer = QLineEdit(paper.explainer)
        spin = MinuteBox(0, PLANNED_LIMIT, paper.minutes, paper.title)
        explainer.setMaxLength(NAME_LIMIT)
        explainer.setPlaceholderText(say("説明者"))
        explainer.setAccessibleName(say("「{title}」を説明する人", title=paper.title))
        spin.valueChanged.connect(self._sum)
        grid.addWidget(title, row, 0)
        grid.addWidget(explainer, row, 1)
        grid.addWidget(spin, row, 2)
        grid.setRowMinimumHeight(row, ROW)
        self._each.append(spin)
        self._explainers.append(explainer)

    def _share(self, total: int) -> None:
        for spin, minutes in zip(self._each, shared_out(total, [p.pages for p in self._papers]), strict=True):
            spin.blockSignals(True)
            spin.setValue(minutes)
            spin.blockSignals(False)

    def _sum(self, _value: int) -> None:
        self._total.blockSignals(True)
        self._total.setValue(sum(spin.value() for spin in self._each))
        self._total.blockSignals(False)

    def _done(self) -> None:
        planned = tuple(
            replace(paper, minutes=spin.value(), explainer=one_line(field.text()))
            for paper, spin, field in zip(self._papers, self._each, self._explainers, strict=True)
        )
        self.planned.emit(one_line(self._subject.text()), planned, self._on_walls.isChecked())
        self.close()
