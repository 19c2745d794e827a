"""修正: every correction of the briefing, by number, with its words before and after and how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from pageview import theme
from pageview.theme import Desk
from pageview.wording import say
from presenter.actions import Actions
from presenter.buttons import ActionButton, Button, IconButton
from presenter.console_state import NumberOf
from presenter.correction_words import DELETED, STATE_WORDS
from presenter.labels import Chip, Elided, Label, Scrolled, frame
from presenter.menus import DeskMenu
from presenter.tray_panel import TrayPanel
from protocol.corrections import Correction, CorrectionState
from protocol.model import Briefing
from protocol.values import PeerId

STATE = CorrectionState
STATES = {
    STATE.OPEN: ("radio_button_unchecked", "err"),
    STATE.TYPING: ("edit", "err"),
    STATE.DONE: ("check", "on"),
    STATE.CONFIRMED: ("verified-fill", "ok"),
    STATE.WITHDRAWN: ("undo", "muted"),
}
FILTERS: tuple[tuple[str, frozenset[CorrectionState]], ...] = (
    ("全て", frozenset(STATE)),
    ("未修正", frozenset({STATE.OPEN, STATE.TYPING})),
    ("修正済み", frozenset({STATE.DONE})),
    ("確認済み", frozenset({STATE.CONFIRMED})),
)

SMALL = "QPushButton { padding: 0 6px; min-width: 30px; font-size: 14px; }"
NONE_YET = "修正は、まだありません。直す言葉を選んで「修正を加える」を押してください。"


@dataclass(frozen=True, slots=True)
class Row:
    """A correction as the list shows it. ``page``: its number, 0 when its page is not known."""

    correction: Correction
    wording: str
    page: int
    by: str
    at: str
    in_hand: bool


def rows_of(
    briefing: Briefing, number_of: NumberOf, own: PeerId, in_hand: Correction | None = None
) -> list[Row]:
    """Every correction by its number, for somebody whose own ones need no name."""
    rows = []
    for correction in sorted(briefing.corrections.values(), key=lambda each: each.number):
        item, page_id, author = briefing.items.get(correction.item), correction.page_id, correction.author
        rows.append(
            Row(
                correction,
                item.text if item is not None else "",
                number_of(page_id) if page_id is not None else 0,
                briefing.names.get(author, "") if author != own else "",
                datetime.fromtimestamp(correction.when).strftime("%H:%M") if correction.when else "",
                in_hand is not None and in_hand.item == correction.item,
            )
        )
    return rows


class CorrectionsList(QFrame):
    """Filters, and below them the rows. Signals carry the correction. ``read_only``: nothing can be done with
    one but go to its place, and type its wording while one ``may_type``."""

    chosen = Signal(object)
    """To its place."""
    edit_wanted = Signal(object)
    """Its wording is to be typed here."""
    state_wanted = Signal(object, object)

    def __init__(self, none_yet: str, *, read_only: bool) -> None:
        super().__init__()
        self.read_only = read_only
        self.may_type = not read_only
        self.dense = False
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._rows: tuple[Row, ...] = ()
        self._filter = 0
        self._shown: dict[int, CorrectionRow] = {}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.head = QHBoxLayout()
        self.head.setContentsMargins(16, 12, 8, 12)
        self.head.setSpacing(8)
        self._filters = [Button(words, size="sm") for words, _ in FILTERS]
        for place, button in enumerate(self._filters):
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, place=place: self._choose_filter(place))
            self.head.addWidget(button)
        self.head.addStretch(1)
        self.column.addLayout(self.head)
        self.column.addWidget(frame("line"))
        inside = QWidget()
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self._none = Label(none_yet, wrap=True)
        self._none.setContentsMargins(24, 24, 24, 24)
        self._list.addWidget(self._none)
        self._list.addStretch(1)
        self.column.addWidget(Scrolled(inside), 1)
        self._choose_filter(0)

    def set_dense(self, dense: bool) -> None:
        """The small form."""
        self.dense = dense
        self.head.setSpacing(4 if dense else 8)
        for button in self._filters:
            button.setStyleSheet(SMALL if dense else "")
        self._refresh()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Shows these and nothing else."""
        self._rows = tuple(rows)
        for (words, states), button in zip(FILTERS, self._filters, strict=True):
            count = sum(row.correction.state in states for row in rows)
            if count and not self.read_only:
                button.set_words("{name} {n}", name=say(words), n=count)
            else:
                button.set_words(words)
        self._refresh()

    def _choose_filter(self, place: int) -> None:
        self._filter = place
        for each, button in enumerate(self._filters):
            button.setChecked(each == place)
        self._refresh()

    def _refresh(self) -> None:
        states = FILTERS[self._filter][1]
        wanted = [row for row in self._rows if row.correction.state in states]
        items = {row.correction.item for row in wanted}
        for item in [item for item in self._shown if item not in items]:
            gone = self._shown.pop(item)
            gone.hide()
            gone.deleteLater()
        for place, row in enumerate(wanted):
            widget = self._shown.get(row.correction.item)
            if widget is None:
                widget = self._shown[row.correction.item] = CorrectionRow(self)
            widget.show_row(row)
            self._list.insertWidget(place + 1, widget)
            widget.show()
        self._none.setVisible(not self._rows)


class CorrectionsPanel(CorrectionsList):
    """The desk's: 600 px wide, 400 where the window is small; corrections are added and confirmed here."""

    confirm_all_wanted = Signal()

    def __init__(self, actions: Actions) -> None:
        super().__init__(NONE_YET, read_only=False)
        self.setStyleSheet(
            f"CorrectionsPanel {{ background: {Desk.CARD}; border-left: 1px solid {Desk.LINE}; }}"
        )
        close = IconButton("chevron_right", "修正の一覧を畳む")
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        close.clicked.connect(lambda _=False: actions.run("corrections"))
        self.head.addWidget(close)
        self.tray = TrayPanel()
        self.column.addWidget(self.tray)
        self.column.addWidget(frame("line"))
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 12, 16, 12)
        foot.setSpacing(12)
        add = ActionButton(actions["add_correction"], "修正を加える", "add")
        self._confirm = Button("まとめて確認する", "verified-fill")
        self._confirm.clicked.connect(lambda _=False: self.confirm_all_wanted.emit())
        self._foot = add, self._confirm
        for button in self._foot:
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            foot.addWidget(button, 1)
        self.column.addLayout(foot)
        self._export = ActionButton(actions["export"], "書き出す", "download")
        self._export.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        below = QHBoxLayout()
        below.setContentsMargins(16, 0, 16, 12)
        below.addWidget(self._export)
        self.column.addLayout(below)

    def set_dense(self, dense: bool) -> None:
        super().set_dense(dense)
        self.setFixedWidth(400 if dense else 600)
        self.tray.set_dense(dense)
        for button in self._foot:
            button.setStyleSheet(SMALL if dense else "")

    def export_corner(self) -> QPoint:
        """Where the menu of the key 書き出す opens, on the screen."""
        return self._export.mapToGlobal(QPoint(0, 0))

    def show_rows(self, rows: Sequence[Row]) -> None:
        super().show_rows(rows)
        self._confirm.setEnabled(any(row.correction.state is STATE.DONE for row in rows))


class CorrectionRow(QFrame):
    """Number, old → new, state; where, by whom, when. A click goes to its place."""

    def __init__(self, panel: CorrectionsList) -> None:
        super().__init__()
        self._panel = panel
        self._row: Row | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._number = NumberDisc()
        self._words = WordsChange()
        self._where = Elided(role="secondary")
        self._chips = {state: Chip(icon, STATE_WORDS[state], look) for state, (icon, look) in STATES.items()}
        self._edit = Button("文言を直す", "edit", size="sm")
        self._edit.clicked.connect(lambda _=False: self._tell(self._panel.edit_wanted))
        self._more = IconButton("more_vert", "その他")
        self._more.clicked.connect(lambda _=False: self._open_menu())
        for button in (self._edit, self._more):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 8, 10)
        row.setSpacing(12)
        row.addWidget(self._number, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addWidget(self._words)
        self._below = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._below.setSpacing(8)
        self._below.addWidget(self._where, 1)
        state = QHBoxLayout()
        state.setSpacing(8)
        for chip in self._chips.values():
            state.addWidget(chip)
        state.addWidget(self._edit)
        self._below.addLayout(state)
        words.addLayout(self._below)
        row.addLayout(words, 1)
        row.addWidget(self._more, 0, Qt.AlignmentFlag.AlignTop)

    def show_row(self, row: Row) -> None:
        """Shows this one."""
        self._row = row
        correction = row.correction
        self._number.show_number(correction.number, correction.is_open, row.in_hand)
        self._words.show_words(
            correction.before,
            row.wording,
            struck=row.wording != correction.before,
            waits=correction.is_open,
        )
        where = say("{page}ページ", page=row.page) if row.page else say("場所が分かりません")
        self._where.set_plain("　".join(part for part in (where, row.by, row.at) if part))
        for state, chip in self._chips.items():
            chip.setVisible(state is correction.state)
        self._edit.setVisible(correction.is_open and not row.in_hand and self._panel.may_type)
        self._more.setVisible(not self._panel.read_only)
        # Where, state and key in one line would make a small list wider than it is seen.
        two = self._panel.dense and not self._edit.isHidden()
        self._below.setDirection(
            QBoxLayout.Direction.TopToBottom if two else QBoxLayout.Direction.LeftToRight
        )
        ground = Desk.PRIMARY_WEAK if row.in_hand else Desk.CARD
        edge = Desk.PRIMARY if row.in_hand else Desk.CARD
        sheet = (
            f"CorrectionRow {{ background: {ground}; border-left: 4px solid {edge};"
            f" border-bottom: 1px solid {Desk.LINE}; }}"
        )
        if sheet != self.styleSheet():  # Qt dresses a row anew, and all in it, for an equal one too
            self.setStyleSheet(sheet)

    def _tell(self, signal: object) -> None:
        if self._row is not None:
            signal.emit(self._row.correction)  # type: ignore[attr-defined]

    def _open_menu(self) -> None:
        if self._row is None:
            return
        menu = DeskMenu(self)
        correction = self._row.correction
        lines: list[tuple[str, CorrectionState]] = []
        if correction.state is STATE.DONE:
            lines.append(("確認済みにする", STATE.CONFIRMED))
        if correction.state is STATE.CONFIRMED:
            lines.append(("確認を取り消す", STATE.DONE))
        if correction.is_open:
            lines += [("修正済みにする", STATE.DONE), ("取り下げる", STATE.WITHDRAWN)]
        if correction.state is STATE.WITHDRAWN:
            lines.append(("未修正に戻す", STATE.OPEN))
        for words, state in lines:
            line = menu.addAction(say(words))
            line.triggered.connect(
                lambda _=False, state=state: self._panel.state_wanted.emit(correction, state)
            )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self._tell(self._panel.chosen)


class NumberDisc(QWidget):
    """36 px: filled while it is typed, a red ring while it is open, grey when it is not."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(QSize(36, 36))
        self._look = (0, False, False)

    def show_number(self, number: int, is_open: bool, in_hand: bool) -> None:
        self._look = number, is_open, in_hand
        self.setAccessibleName(say("修正{number}", number=number))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        number, is_open, in_hand = self._look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = QColor(Desk.ERR if is_open else Desk.TEXT2)
        painter.setPen(QPen(ink, 2))
        painter.setBrush(ink if in_hand else QColor(Desk.CARD))
        painter.drawEllipse(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5))
        painter.setPen(QColor("#FFFFFF") if in_hand else ink)
        painter.setFont(theme.font(18 if number < 100 else 14, theme.BOLD))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, str(number))


class WordsChange(QWidget):
    """Old words struck, an arrow, new words underlined; each ends in … where there is no room. Old words
    alone where nobody has said and nobody is to say another wording."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(28)
        self._before, self._after, self._struck = "", "", False

    def show_words(self, before: str, after: str, *, struck: bool, waits: bool) -> None:
        """``struck``: there are other words; ``waits``: else they are to come."""
        there = after or (say(DELETED) if before else "")
        self._before, self._struck = before, struck
        self._after = there if struck else say("文言は、後で入力します") if waits else ""
        name = f"{before} → {self._after}" if self._after else before
        self.setAccessibleName(name)
        self.setToolTip(name if struck else before)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        old, new = theme.font(18), theme.font(18, theme.BOLD)
        old.setStrikeOut(self._struck)
        new.setUnderline(self._struck)
        half = (self.width() - 36) // 2
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setFont(old)
        painter.setPen(QColor(Desk.ERR if self._struck else Desk.TEXT))
        measure = QFontMetrics(old)
        after_wide = QFontMetrics(new).horizontalAdvance(self._after)
        room = max(half, self.width() - 36 - after_wide) if self._after else self.width()
        words = measure.elidedText(self._before.replace("\n", " "), Qt.TextElideMode.ElideRight, room)
        painter.drawText(self.rect(), flags, words)
        if not self._after:
            return
        x = measure.horizontalAdvance(words) + 8
        old.setStrikeOut(False)
        painter.setFont(old)
        painter.setPen(QColor(Desk.TEXT2))
        painter.drawText(self.rect().adjusted(x, 0, 0, 0), flags, "→")
        x += measure.horizontalAdvance("→") + 8
        rest = self.rect().adjusted(x, 0, 0, 0)
        if self._struck:
            painter.setFont(new)
            painter.setPen(QColor(Desk.ERR))
        measure = QFontMetrics(painter.font())
        text = measure.elidedText(self._after.replace("\n", " "), Qt.TextElideMode.ElideRight, rest.width())
        painter.drawText(rest, flags, text)
