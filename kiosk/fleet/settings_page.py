"""設定のひな形: what the house, a building and a room have, where each value comes from, and where displays
differ."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QBrush, QColor, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from kiosk.fleet.drift import Drift
from kiosk.fleet.hands import hand_words
from kiosk.fleet.model import Display, Fleet
from kiosk.fleet.others import Elsewhere
from kiosk.fleet.parts import ROUND_HEAD, Picture, Words, button, card, label, page_column
from kiosk.fleet.place_tree import PlaceTree
from kiosk.fleet.rollout import Rollout
from kiosk.fleet.rollout_words import elsewhere_words, stage_words
from kiosk.fleet.setting_words import setting_words
from kiosk.fleet.template_folder import TemplateFolder
from kiosk.fleet.templates import (
    Chosen,
    Level,
    Place,
    place_words,
    same,
    value_words,
)
from kiosk.settings import template_keys
from pageview.theme import Desk, restyle
from pageview.wording import say, tip

_KEY = Qt.ItemDataRole.UserRole
NAME, VALUE, SOURCE, PRESENT = range(4)
_STAGE_ICONS = {
    "": ("sync", Desk.PRIMARY),
    "warn": ("undo", Desk.WARN_TEXT),
    "err": ("warning-fill", Desk.ERR),
}


class SettingsPage(QWidget):
    """Shows what the folder and the rollout say; every wish is told by a signal."""

    valued = Signal(object, str, str)
    """(Place, the setting's name, what was typed: "" to inherit it again)"""
    apply_asked = Signal(object)
    """Place: the displays there are to have what the templates say."""
    read_asked = Signal()
    write_asked = Signal()
    back_asked = Signal()
    halt_asked = Signal()
    on_asked = Signal()
    undo_asked = Signal()
    """The rollout that is under way is to halt, to go on, or to be taken back."""
    shown = Signal()
    """Somebody looks at the displays of `place` now."""

    def __init__(self, fleet: Fleet, folder: TemplateFolder, rollout: Rollout, may: bool) -> None:
        super().__init__()
        self._fleet, self._folder, self._rollout, self._may = fleet, folder, rollout, may
        self._drift = Drift(fleet, rollout, folder)
        self._laid: tuple[object, ...] = ()
        self._valued = self._staged = -1
        self._asked = (0, 0)
        self._others: list[Elsewhere] = []
        self._rest = QTimer(self, singleShot=True, interval=0)
        self._rest.timeout.connect(self.refresh)
        self._filling = False
        column = page_column(self)
        column.addLayout(self._head())
        lead = say(
            "会議室は建物を、建物は庁内全体を受け継ぎます。値の欄で入力し、消すと受け継いだ値に戻ります。"
        )
        column.addWidget(Words(lead, "secondary", wrap=True))
        if folder.damaged:
            words = say(
                "{n}個の版を読めません。いまの版が正しいかを、下の値で確かめてください。", n=folder.damaged
            )
            column.addWidget(Words(words, "body", "err", wrap=True))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self._places())
        split.addWidget(self._values())
        split.setStretchFactor(1, 1)
        split.setSizes([350, 880])
        column.addWidget(split, 1)
        column.addWidget(self._stage())
        column.addLayout(self._foot())

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(Words(say("設定のひな形"), "h1"), 1)
        self.read = button(say("読み込む"), "upload_file", self.read_asked.emit)
        write = button(say("書き出す"), "download", self.write_asked.emit)
        for key, each in ((QKeySequence.StandardKey.Open, self.read), (QKeySequence.StandardKey.Save, write)):
            QShortcut(key, self, each.click)
            each.setToolTip(QKeySequence(key).toString())
        self.back = button(say("前の版に戻す"), "undo", self.back_asked.emit)
        row.addWidget(self.back)
        row.addWidget(self.read)
        row.addWidget(write)
        self.read.setEnabled(self._may)
        return row

    def _places(self) -> QWidget:
        box, inside = card(0, 0)
        inside.setContentsMargins(1, 6, 1, 6)
        self.places = PlaceTree(self._fleet, self._folder, self._drift)
        self.places.chosen.connect(self._look)
        inside.addWidget(self.places)
        return box

    def _values(self) -> QWidget:
        box, inside = card(0, 0)
        inside.setContentsMargins(1, 1, 1, 6)
        self.values = table = QTableWidget(0, 4)
        table.setHorizontalHeaderLabels([say("設定の項目"), say("値"), say("決めている所"), say("いまの値")])
        table.setAccessibleName(say("設定の項目"))
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(42)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setStyleSheet("QTableView { border: 0; } QTableView::item { padding-left: 12px; }" + ROUND_HEAD)
        table.setTabKeyNavigation(False)
        head = table.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for place, width in ((SOURCE, 146), (PRESENT, 150)):
            table.setColumnWidth(place, width)
        table.itemChanged.connect(self._typed)
        inside.addWidget(table)
        return box

    def _stage(self) -> QWidget:
        """How far a rollout has come, and what can be done about it with one press each."""
        self.stage, inside = card(16, 8)
        row = QHBoxLayout()
        row.setSpacing(12)
        self._stage_icon = Picture("sync", 26, Desk.PRIMARY)
        self.stage_words = Words("", wrap=True)
        self.halt = button(say("ここで止める"), "pause", self.halt_asked.emit)
        self.on = button(say("残りへ続ける"), "arrow_forward", self.on_asked.emit)
        self.undo = button(say("前の設定に戻す"), "undo", self.undo_asked.emit)
        row.addWidget(self._stage_icon)
        row.addWidget(self.stage_words, 1)
        for each in (self.halt, self.on, self.undo):
            row.addWidget(each)
        inside.addLayout(row)
        self.stage.hide()
        return self.stage

    def _show_stage(self) -> None:
        words, tone = stage_words(self._rollout, self._fleet, self._rollout.pace.back_within / 60)
        words = "\n".join([*filter(None, [words]), *map(elsewhere_words, self._others)])
        stage = self._rollout.stage
        self.stage.setVisible(bool(words))
        if not words:
            return
        self.stage_words.say(words)
        restyle(self.stage_words, tone=tone)
        self._stage_icon.show_icon(*_STAGE_ICONS[tone])
        self.halt.setVisible(bool(stage.wave) and stage.halted is None and not stage.back)
        self.on.setVisible(stage.halted is not None or bool(stage.back))
        more = bool(self._rollout.still(self._fleet))
        on = say("残りへ続ける") if more else say("このままにする")
        label(self.on, say("あとは待たない") if stage.back else on)
        self.undo.setVisible(bool(stage.reached) and not stage.back)
        for each in (self.halt, self.on, self.undo):
            each.setEnabled(self._may)

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        self._said = Words("", wrap=True)
        row.addWidget(self._said, 1)
        self.apply = button(say("違いを見て、反映する"), "sync", self._apply, "primary")
        row.addWidget(self.apply)
        return row

    # --- what is shown ----------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.values.setColumnWidth(VALUE, 160 if event.size().width() < 1_300 else 420)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    @property
    def place(self) -> Place:
        """Whose template is shown."""
        return self.places.place

    def displays_of(self, place: Place) -> list[Display]:
        """The displays for which that template counts, by number."""
        found = [
            each
            for each in self._fleet.displays.values()
            if place.level is Level.HOUSE
            or (place.level is Level.BUILDING and each.building == place.name)
            or (place.level is Level.ROOM and str(each.number) == place.name)
        ]
        return sorted(found, key=lambda each: (each.number, each.device))

    def refresh(self) -> None:
        """Displays came or went, were asked, or have changed."""
        if not self._drift.refresh():
            self._rest.start()
        laid = (self._fleet.layout, frozenset(self._folder.current.values))
        if laid != self._laid:
            self._laid = laid
            self.places.lay_out()
        changed = self._drift.changed()
        self.places.mark(changed)
        if self._valued != self._folder.newest or (self.place in changed and self.place.level is Level.ROOM):
            self._valued = self._folder.newest
            self._show_values()
        elif self.place in changed:
            self._tell()
        if self._staged != self._rollout.news:
            self._staged = self._rollout.news
            self._show_stage()

    def show_asked(self, done: int, count: int) -> None:
        """So many of those that are asked for their settings have answered."""
        self._asked = done, count
        self._tell()

    def choose(self, place: Place) -> None:
        """That template; the house's where there is none such."""
        self.places.choose(place)

    def show_others(self, others: list[Elsewhere]) -> None:
        """Rollouts at other consoles of the house."""
        if others != self._others:
            self._others = others
            self._show_stage()
            self._tell()

    def show_again(self) -> None:
        """What was typed does not count."""
        self._show_values()

    def _look(self) -> None:
        self._show_values()
        if self.isVisible():
            self.shown.emit()

    def _show_values(self) -> None:
        place = self.place
        displays = self.displays_of(place) if place.level is Level.ROOM else []
        one = displays[0] if displays else None
        inherited = self._folder.current.inherited(place, one.building if one is not None else "")
        own = self._folder.current.own(place)
        self._filling = True
        if self.values.rowCount() != len(template_keys()):
            self.values.setRowCount(len(template_keys()))
        self.values.setColumnHidden(PRESENT, place.level is not Level.ROOM)
        for row, key in enumerate(template_keys()):
            chosen = Chosen(own[key], place) if key in own else inherited.get(key)
            self._show_row(row, key, chosen, key in own, one)
        self._filling = False
        self._tell()

    def _show_row(self, row: int, key: str, chosen: Chosen | None, own: bool, one: Display | None) -> None:
        there = self._rollout.files.values(one.device) if one is not None else None
        hand = self._rollout.files.hand(one.device, key) if one is not None else None
        value = there.get(key) if there is not None else None
        differs = there is not None and chosen is not None and not same(value, chosen.value)
        source = say("各ディスプレイ") if chosen is None else place_words(chosen.place)
        now = say("未確認") if there is None else value_words(value) or say("（書いてない）")
        texts = (setting_words(key), value_words(chosen.value) if chosen else "", source, now)
        for place, text in enumerate(texts):
            item = self.values.item(row, place)
            if item is None:
                item = QTableWidgetItem()
                self.values.setItem(row, place, item)
            if place != VALUE or not self._may:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
            if item.text() != text:
                item.setText(text)
            item.setData(_KEY, key)
            by = hand_words(hand, one) if place == PRESENT and hand is not None and one is not None else ""
            item.setToolTip(tip(f"{key}\n{text}\n{by}".rstrip()))
            loud = (place == PRESENT and differs) or (place == VALUE and own)
            color = Desk.WARN_TEXT if place == PRESENT and differs else Desk.TEXT if own else Desk.TEXT2
            item.setForeground(QBrush(QColor(Desk.TEXT if place == NAME else color)))
            font = item.font()
            font.setBold(loud)
            item.setFont(font)

    def _tell(self) -> None:
        """How it stands with the displays of the chosen place."""
        place = self.place
        tally = self._drift.tally(place)
        words = say("{n}台がひな形と違います。", n=tally.differing)
        if not tally.differing:
            words = (
                say("違いはありません。") if tally.displays else say("ここにはまだディスプレイがありません。")
            )
        if tally.foreign:
            words += self._foreign(place, tally.foreign)
        elif tally.others:
            words += self._by_others(place, tally.others)
        done, count = self._asked
        if done < count:
            words += say("設定を確かめています（{n}台のうち{done}台）。", n=count, done=done)
        elif tally.unknown:
            words += say("{n}台はまだ確かめていません。", n=tally.unknown)
        if tally.waiting and not self._rollout.stage.wave:
            words += say("{n}台は、応答するか説明が終わると反映されます。", n=tally.waiting)
        refused = ""
        if place.level is Level.ROOM and tally.refused:
            first = self._drift.displays(place)[:1]
            refused = "".join(self._drift.stand(each.device).refused for each in first)
        if refused:
            words = say("ディスプレイが断りました：{why}", why=refused)
        self._say(words, "err" if refused else "warn" if tally.differing or tally.foreign else "")
        free = not any(each.active for each in self._others)
        self.apply.setEnabled(self._may and bool(tally.displays) and free)
        self.back.setEnabled(self._may and len(self._folder.editions) > 1)

    def _by_others(self, place: Place, count: int) -> str:
        """How much of it was changed at another console, and the newest of that."""
        found = self._drift.newest(place)
        why = "" if found is None else hand_words(found[1], found[0])
        return say("うち{n}か所は、ほかの管理の端末で変えたものです（{why}）。", n=count, why=why)

    def _foreign(self, place: Place, count: int) -> str:
        """Whose templates they have, and how they come here."""
        found = self._drift.foreign(place)
        why = "" if found is None else hand_words(found[1], found[0])
        words = say("{n}台は、この端末に無いひな形の値です（{why}）。", n=count, why=why)
        return words + say("その端末で書き出したファイルを、ここで読み込むとそろいます。")

    def _say(self, words: str, tone: str = "") -> None:
        """Under the table."""
        self._said.say(words)
        restyle(self._said, tone=tone)

    # --- what is done -----------------------------------------------------------------------------------

    def _typed(self, item: QTableWidgetItem) -> None:
        if not self._filling and item.column() == VALUE:
            self.valued.emit(self.place, item.data(_KEY), item.text().strip())

    def _apply(self) -> None:
        self.apply_asked.emit(self.place)
