"""A transcript before it goes into the record: what was said at which page, moved in time, piece by piece."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QHeaderView, QTableView, QWidget

from pageview.theme import Desk
from pageview.wording import say
from presenter.buttons import Button, Link
from presenter.dialogs import Sheet
from presenter.labels import Label
from presenter.minute_box import MinuteBox
from presenter.record.facts import Place, RecordFacts
from presenter.record.transcribed import ITEMS_LIMIT, Aligned, aligned
from presenter.record.transcript import Transcript

WIDE, HIGH = 1160, 760
OFFSET_MINUTES = 600
SENTENCES_USUAL = 30
"""A longer transcript would bury the outline: it goes into the items alone, unless a person wants it."""
Index = QModelIndex | QPersistentModelIndex
HEADINGS = ("", "時刻", "資料のページ", "発言者", "内容")


class TranscriptSheet(Sheet):
    """``taken``: what is ticked, and whether each is a sentence of the outline as well."""

    taken = Signal(object, bool)
    """(tuple of Aligned, bool)"""

    def __init__(self, parent: QWidget | None, name: str, transcript: Transcript, facts: RecordFacts) -> None:
        super().__init__(parent, "文字起こしを取り込む", WIDE)
        self._transcript, self._facts = transcript, facts
        self._timed = any(each.at is not None for each in transcript.utterances)
        self.rows = _Rows(facts)
        self._count = Label("", "secondary")
        head = QHBoxLayout()
        file = Label("", "secondary")
        file.set_plain(name)
        head.addWidget(file)
        head.addStretch(1)
        head.addWidget(self._count)
        self.column.addLayout(head)
        moved_by = "録音の時計のずれ" if transcript.of_day else "説明を始めてから、録音を始めるまで"
        self.offset = MinuteBox(-OFFSET_MINUTES, OFFSET_MINUTES, 0, moved_by)
        self.column.addLayout(self._moving(moved_by))
        self._table = self._made_table()
        self.column.addWidget(self._table, 1)
        self._sentences = QCheckBox(say("概要の文にもする"))
        keys = QHBoxLayout()
        keys.addWidget(Link("全て選ぶ", lambda: self.rows.tick_all(True)))
        keys.addWidget(Link("全て外す", lambda: self.rows.tick_all(False)))
        keys.addStretch(1)
        keys.addWidget(self._sentences)
        self.column.addLayout(keys)
        cancel, self.take = Button("やめる"), Button("取り込む", kind="primary")
        cancel.clicked.connect(lambda _=False: self.close())
        self.take.clicked.connect(lambda _=False: self._take())
        self.add_buttons(cancel, self.take)
        self.rows.ticked.connect(self._say_count)
        self._align()
        self._sentences.setChecked(self.rows.rowCount() <= SENTENCES_USUAL)
        self.resize(WIDE, HIGH if parent is None else min(HIGH, parent.window().height() - 60))
        self.take.setFocus()

    def sizeHint(self) -> QSize:
        return QSize(WIDE, HIGH)

    def _moving(self, moved_by: str) -> QHBoxLayout:
        """How long after the beginning the recording began."""
        row = QHBoxLayout()
        row.setSpacing(12)
        label = Label(moved_by if self._timed else "時刻のない文字起こしです。ページは付きません。")
        label.setBuddy(self.offset)
        self.offset.valueChanged.connect(self._align)
        self._began = Label("", "secondary")
        row.addWidget(label)
        row.addWidget(self.offset)
        row.addWidget(self._began)
        row.addStretch(1)
        self.offset.setVisible(self._timed)
        self._began.setVisible(self._timed and not self._transcript.of_day)
        return row

    def _made_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.rows)
        table.setAccessibleName(say("文字起こしの内容"))
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setTextElideMode(Qt.TextElideMode.ElideRight)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setTabKeyNavigation(False)
        table.verticalHeader().setVisible(False)
        table.verticalHeader().setDefaultSectionSize(Desk.TARGET)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStyleSheet("QHeaderView::section { padding: 8px 5px; }")
        table.clicked.connect(lambda index: self.rows.turn(index.row()) if index.column() else None)
        for column, width in enumerate((52, 92, 210, 180)):
            table.setColumnWidth(column, width)
        header.setSectionResizeMode(4, QHeaderView.ResizeMode.Stretch)
        return table

    def _align(self) -> None:
        seconds = self.offset.value() * 60.0
        self.rows.show_rows(aligned(self._transcript, self._facts, seconds))
        began = self._facts.began + timedelta(seconds=seconds)
        self._began.set_words("録音の始まりは{time}になります", time=f"{began:%H:%M}")

    def _say_count(self) -> None:
        chosen = len(self.rows.chosen)
        self._count.set_words("{n}件のうち{chosen}件", n=self.rows.rowCount(), chosen=chosen)
        self.take.setEnabled(0 < chosen <= ITEMS_LIMIT)
        many = "一度に取り込めるのは{n}件までです。"
        self._count.set_tone("warn" if chosen > ITEMS_LIMIT else "")
        if chosen > ITEMS_LIMIT:
            self._count.set_words(many, n=ITEMS_LIMIT)

    def _take(self) -> None:
        self.taken.emit(self.rows.chosen, self._sentences.isChecked())
        self.close()


class _Rows(QAbstractTableModel):
    """A tick, when, at which page, who, what. Ticks stay with their rows while these are moved in time."""

    ticked = Signal()

    def __init__(self, facts: RecordFacts) -> None:
        super().__init__()
        self._facts = facts
        self._rows: tuple[Aligned, ...] = ()
        self._off: set[int] = set()

    def show_rows(self, rows: tuple[Aligned, ...]) -> None:
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()
        self.ticked.emit()

    @property
    def chosen(self) -> tuple[Aligned, ...]:
        return tuple(each for each in self._rows if each.first not in self._off)

    def tick_all(self, on: bool) -> None:
        self._off = set() if on else {each.first for each in self._rows}
        self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, 0))
        self.ticked.emit()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return say(HEADINGS[section]) if HEADINGS[section] else ""
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usual | Qt.ItemFlag.ItemIsUserCheckable if index.column() == 0 else usual

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        each = self._rows[index.row()]
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == 0:
            off = each.first in self._off
            return Qt.CheckState.Unchecked if off else Qt.CheckState.Checked
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._words(each, index.column())
        return None

    def _words(self, each: Aligned, column: int) -> str:
        match column:
            case 1:
                return _time(each.at)
            case 2:
                return _page(each.place, self._facts)
            case 3:
                return each.speaker
            case 4:
                return each.text
        return ""

    def turn(self, row: int) -> None:
        """The other way round: on what was off."""
        box = self.index(row, 0)
        on = box.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        self.setData(
            box, Qt.CheckState.Unchecked if on else Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole
        )

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or index.column() != 0:
            return False
        key = self._rows[index.row()].first
        (self._off.discard if Qt.CheckState(value) is Qt.CheckState.Checked else self._off.add)(key)
        self.dataChanged.emit(index, index)
        self.ticked.emit()
        return True


def _page(place: Place | None, facts: RecordFacts) -> str:
    """As `presenter.record.dates.page` has it, in the person's language."""
    if place is None:
        return ""
    titles = [paper.title for paper in facts.papers]
    number = say("{page}ページ", page=place.page)
    if place.gone:
        number = say("{page}（削除）", page=number)
    if len(titles) < 2 or place.paper not in titles:
        return number
    return say("資料{n}の{page}", n=titles.index(place.paper) + 1, page=number)


def _time(at: datetime | None) -> str:
    return f"{at:%H:%M:%S}" if at is not None else ""
