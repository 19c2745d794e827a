"""The first screen (P1): choose papers, see that they can be shown, go on to a room or rehearse."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from pageview.theme import Desk
from presenter.actions import Actions
from presenter.buttons import ActionButton, Button, Link
from presenter.carried_card import CarriedCard
from presenter.file_drops import FileDrops
from presenter.labels import Body, Elided, FewLines, Icon, Label, clear_out, frame
from presenter.paper_rows import ROW_HEIGHT, PaperRows
from presenter.recent_list import ROW_HEIGHT as RECENT_HEIGHT
from presenter.recent_list import RecentList
from presenter.screen import FirstScreen
from presenter.start_state import Stage, StartState, how_much
from presenter.steps_header import StepsHeader

DROP_LEAST, DROP_MOST = 152, 372


class StartScreen(FirstScreen):
    """Shows a `StartState`. Files may be dropped anywhere on it."""

    files_dropped = Signal(list)
    recent_chosen = Signal(Path)
    resume_wanted = Signal()
    erase_wanted = Signal()

    def __init__(self, actions: Actions) -> None:
        super().__init__(takes_keyboard=True)
        self._rows_height = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(StepsHeader(actions, 1))
        self._body = QVBoxLayout()
        self._body.setSpacing(24)
        column.addWidget(Body(self._body), 1)
        self.banner = _Banner()
        self.banner.resume.clicked.connect(self.resume_wanted)
        self.banner.erase.clicked.connect(self.erase_wanted)
        # A layout that is being made forgets what changes meanwhile: the share comes after it.
        self.banner.resized.connect(self._share_height, Qt.ConnectionType.QueuedConnection)
        self._notices = _Notices()
        self._body.addWidget(self.banner)
        self._body.addWidget(self._notices)
        sides = QHBoxLayout()
        sides.setSpacing(40)
        sides.addLayout(self._left(actions), 1112)
        sides.addLayout(self._right(), 640)
        drops = FileDrops(self)
        drops.hanging.connect(self.drop.set_dragging)
        drops.dropped.connect(self.files_dropped)
        self._body.addLayout(sides, 1)
        self.show_state(StartState())

    def _left(self, actions: Actions) -> QVBoxLayout:
        self._left_column = left = QVBoxLayout()
        left.addWidget(Label("資料を選ぶ", "h1"))
        self.drop = _DropArea(actions)
        left.addWidget(self.drop)
        heading = QHBoxLayout()
        self._heading = Label("この説明の資料", "title")
        self._sum = Label("", "secondary")
        heading.addWidget(self._heading)
        heading.addSpacing(16)
        self._hurry = Elided("", "secondary", "warn")
        heading.addWidget(self._hurry, 1)
        heading.addWidget(self._sum)
        self._plan = Link("次第を決める", lambda: actions.run("plan"))
        heading.addSpacing(16)
        heading.addWidget(self._plan)
        left.addLayout(heading)
        self.rows = PaperRows()
        self._scroll = QScrollArea()
        self._scroll.setProperty("role", "card")
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.rows)
        inside.addStretch(1)
        self._scroll.setWidget(holder)
        left.addWidget(self._scroll)
        left.addSpacing(8)
        left.addLayout(self._onward(actions))
        left.addStretch(1)
        return left

    def _onward(self, actions: Actions) -> QHBoxLayout:
        onward = QHBoxLayout()
        onward.setSpacing(24)
        self.go = ActionButton(actions["choose_room"], "会議室を選ぶ", "chevron_right", "primary", "lg")
        self.go.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.go.setMinimumHeight(64)
        onward.addWidget(self.go)
        onward.addWidget(
            ActionButton(actions["rehearse"], "練習する（会議室には映しません）", kind="text", size="lg")
        )
        onward.addStretch(1)
        return onward

    def _right(self) -> QVBoxLayout:
        self._right_column = right = QVBoxLayout()
        self.carried = CarriedCard()
        self.carried.resized.connect(self._share_height, Qt.ConnectionType.QueuedConnection)
        right.addWidget(self.carried)
        self._recent_head = Label("最近の資料", "h1")
        right.addWidget(self._recent_head)
        self.recent = RecentList()
        self.recent.chosen.connect(self.recent_chosen)
        right.addWidget(self.recent)
        right.addStretch(1)
        return right

    def show_state(self, state: StartState) -> None:
        """Shows this and nothing else."""
        self.banner.setVisible(state.unclosed is not None)
        if state.unclosed is not None:
            self.banner.what.set_plain(state.unclosed.sentence())
        self._notices.show_notices(state.notices)
        some = bool(state.papers)
        for widget in (self._heading, self._hurry, self._sum, self._scroll):
            widget.setVisible(some)
        self._plan.setVisible(any(row.stage is Stage.READY for row in state.papers))
        self.carried.show_carried(state.carried, takes=state.takes_carried)
        pages = sum(row.pages for row in state.papers)
        ready = sum(row.stage is Stage.READY for row in state.papers)
        words, values = state.hurry or ("", {})
        self._sum.set_plain(how_much(ready, pages))
        self._hurry.set_words(words, **values)
        self.rows.show_rows(state.papers)
        self._rows_height = len(state.papers) * ROW_HEIGHT + 4 if some else 0
        self.recent.show_rows(state.recent)
        self._share_height()

    def _share_height(self) -> None:
        """The rows come before the drop area, as far as it can give way."""
        column, margins = self._left_column, self._body.contentsMargins()
        lines = [item for n in range(column.count()) if (item := column.itemAt(n)) is not None]
        for line in lines:
            line.invalidate()  # a line keeps the height it had before its words came or went
        others = sum(
            line.sizeHint().height() + column.spacing()
            for line in lines
            if line.widget() not in (self.drop, self._scroll)
        )
        above = sum(
            widget.sizeHint().height() + self._body.spacing()
            for widget in (self.banner, self._notices)
            if not widget.isHidden()
        )
        free = self.height() - Desk.HEADER - margins.top() - margins.bottom() - above - others
        rows = max(min(self._rows_height, ROW_HEIGHT + 4), min(self._rows_height, free - DROP_LEAST))
        self._scroll.setFixedHeight(max(1, rows))
        self.drop.setFixedHeight(max(DROP_LEAST, min(DROP_MOST, free - rows)))
        self._share_right(self.height() - Desk.HEADER - margins.top() - margins.bottom() - above)

    def _share_right(self, free: int) -> None:
        """What is carried over comes before the papers of former days."""
        if not self.carried.isHidden():
            free -= self.carried.sizeHint().height() + self._right_column.spacing()
        free -= self._recent_head.sizeHint().height() + self._right_column.spacing()
        self._recent_head.setVisible(free >= RECENT_HEIGHT)
        self.recent.setVisible(free >= RECENT_HEIGHT)
        self.recent.fit(free)

    def resizeEvent(self, event: QResizeEvent) -> None:
        side = max(24, min(64, event.size().width() // 30), (event.size().width() - 1792) // 2)
        low = event.size().height() < 900
        self._body.setContentsMargins(side, 16 if low else 32, side, 12 if low else 24)
        self._body.setSpacing(12 if low else 24)
        self.carried.set_low(low)
        for column in (self._left_column, self._right_column):
            column.setSpacing(10 if low else 16)
        self._share_height()
        super().resizeEvent(event)


class _DropArea(QFrame):
    """The dashed field. It says where to let go while files hang over the window."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._dragging = False
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 8, 24, 8)
        column.setSpacing(10)
        self._picture = Icon("upload_file-fill", 72, Desk.PRIMARY)
        self._words = Label("ここにファイルを置いてください", "h2")
        self._button = ActionButton(actions["open"], "ファイルを選ぶ", "folder_open", size="lg")
        self._button.show_keycap("Ctrl+O")
        self._kinds = Label("PDF・Word・Excel・PowerPointなど　一度に幾つでも選べます", "secondary")
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self._button)
        line.addStretch(1)
        column.addStretch(1)
        column.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._words, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(line)
        column.addWidget(self._kinds, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def set_dragging(self, dragging: bool) -> None:
        self._dragging = dragging
        self._words.set_words("ここで放してください" if dragging else "ここにファイルを置いてください")
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        # Where the window is low, the picture goes first; the words and the button stay.
        self._picture.setVisible(event.size().height() >= 250)
        super().resizeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = (
            QPen(QColor(Desk.PRIMARY), 4)
            if self._dragging
            else QPen(QColor(Desk.BORDER), 2, Qt.PenStyle.DashLine)
        )
        painter.setPen(pen)
        painter.setBrush(QColor(Desk.PRIMARY_WEAK if self._dragging else Desk.CARD))
        inset = pen.widthF() / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 12, 12)


class _Banner(QFrame):
    """An unclosed briefing is offered back. Nothing dismisses it but an answer."""

    resized = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "warn")
        row = QHBoxLayout(self)
        row.setContentsMargins(28, 16, 24, 16)
        row.setSpacing(24)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label("前回の説明の記録が残っています", "h2"))
        self.what = FewLines(2, Desk.TEXT_SIZE)
        words.addWidget(self.what)
        self.erase = Button("消去する", kind="text")
        self.resume = Button("続きから再開する")
        self.resume.setMinimumHeight(56)
        row.addWidget(Icon("history", 36, Desk.WARN_TEXT))
        row.addLayout(words, 1)
        row.addWidget(self.erase)
        row.addWidget(self.resume)

    def resizeEvent(self, event: QResizeEvent) -> None:
        # Its sentence takes a second line where the window is narrow.
        super().resizeEvent(event)
        self.resized.emit()


class _Notices(QFrame):
    """Sentences the person should read once: under the head, above everything else."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._shown: tuple[tuple[str, dict[str, object]], ...] = ()
        self.hide()

    def show_notices(self, notices: tuple[tuple[str, dict[str, object]], ...]) -> None:
        if notices == self._shown:
            return
        self._shown = notices
        clear_out(self._column)
        for words, values in notices:
            card = frame("sunk")
            row = QHBoxLayout(card)
            row.setContentsMargins(20, 12, 20, 12)
            row.setSpacing(16)
            text = Label("", wrap=True)
            text.set_words(words, **values)
            row.addWidget(Icon("info", 24, Desk.PRIMARY))
            row.addWidget(text, 1)
            self._column.addWidget(card)
        self.setVisible(bool(notices))
