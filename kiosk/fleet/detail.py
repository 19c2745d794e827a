"""One display: what to do about it first, then its state, its facts and history, and what may be done to
it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QLinearGradient, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from kiosk.fleet.graph import Graph
from kiosk.fleet.history import Sample
from kiosk.fleet.model import SLOW_MS, Condition, Display, Fleet
from kiosk.fleet.parts import Picture, Words, button, frame, scrolled
from kiosk.fleet.words import (
    advice,
    advice_title,
    booked,
    condition_word,
    moment_words,
    name_of,
    place_of,
)
from pageview import icons, theme
from pageview.theme import Desk, Kiosk
from pageview.wording import say
from protocol.manage import HOT, Status

WIDTH, NARROW = 412, 392
"""In a wide window, and in one of less than 1,500 pixels."""
ACTIONS = ("identify", "log", "service", "restart", "notice", "settings")


class Specimen(QWidget):
    """How standby of this room looks: its names, and never what is really on the wall."""

    def __init__(self) -> None:
        super().__init__()
        self._name = self._other = ""
        self.setFixedHeight(138)

    def show_room(self, name: str, other: str) -> None:
        self._name, self._other = name, other
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.rect())
            ground = QLinearGradient(QPointF(0, 0), QPointF(box.width(), box.height()))
            ground.setColorAt(0, QColor(Kiosk.INK_900))
            ground.setColorAt(1, QColor("#14317E"))
            path = QPainterPath()
            path.addRoundedRect(box, 8, 8)
            painter.fillPath(path, ground)
            inner = box.adjusted(26, 13, -20, -12)
            lines = (
                (say("待機画面の見本"), 15, theme.REGULAR, Kiosk.TEXT2, 0.0),
                (self._name, 32, theme.BOLD, Kiosk.TEXT, 22.0),
                (self._other, 17, theme.REGULAR, Kiosk.TEXT2, 65.0),
                (say("実際の画面と資料は、ここからは見られません。"), 14, theme.REGULAR, Kiosk.TEXT2, 92.0),
            )
            for text, size, weight, color, y in lines:
                made = theme.font(size, weight)
                painter.setFont(made)
                painter.setPen(QColor(color))
                shown = painter.fontMetrics().elidedText(
                    text, Qt.TextElideMode.ElideRight, int(inner.width())
                )
                painter.drawText(inner.translated(0, y), Qt.AlignmentFlag.AlignLeft, shown)


class DetailPanel(QWidget):
    """`show_display`; ``asked`` says which action of `ACTIONS` was pressed for it."""

    asked = Signal(str, object)
    """(action, device id)"""
    closed = Signal()

    def __init__(self, fleet: Fleet, may_order: bool) -> None:
        super().__init__()
        self._fleet = fleet
        self._may_order = may_order
        self._device: bytes | None = None
        self.setFixedWidth(WIDTH)
        self.setObjectName("detail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(f"#detail {{ background: {Desk.CARD}; border-left: 1px solid {Desk.LINE}; }}")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 20, 24)
        column.setSpacing(14)
        column.addLayout(self._head())
        body, buttons = self._body(), self._buttons()
        column.addWidget(body, 1)
        column.addLayout(buttons)
        bar = body.verticalScrollBar()

        def stand_under_it() -> None:
            buttons.setContentsMargins(0, 0, 6 + (bar.sizeHint().width() if bar.maximum() else 0), 0)

        bar.rangeChanged.connect(stand_under_it)

    def _head(self) -> QHBoxLayout:
        self._name, self._place = Words(role="h1", wrap=True), Words(role="secondary", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._name)
        words.addWidget(self._place)
        close = QToolButton()
        close.setIcon(icons.icon("close", Desk.BODY, 24))
        close.setIconSize(QSize(24, 24))
        close.setAccessibleName(say("閉じる"))
        close.setToolTip(say("閉じる") + "  Esc")
        close.clicked.connect(self.closed)
        row = QHBoxLayout()
        row.addLayout(words, 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _body(self) -> QScrollArea:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(12)
        self._advice = frame("warn")
        box = QHBoxLayout(self._advice)
        box.setContentsMargins(16, 14, 12, 14)
        box.setSpacing(12)
        box.addWidget(Picture("warning-fill", 28, Desk.WARN_TEXT), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(4)
        self._advice_title, self._advice_text = Words(role="title", wrap=True), Words(wrap=True)
        self._advice_text.setStyleSheet("font-size: 16px;")
        words.addWidget(self._advice_title)
        words.addWidget(self._advice_text)
        box.addLayout(words, 1)
        column.addWidget(self._advice)
        self._specimen = Specimen()
        column.addWidget(self._specimen)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(16)
        self._facts.setVerticalSpacing(2)
        self._facts.setColumnMinimumWidth(0, 100)
        self._facts.setColumnStretch(1, 1)
        column.addLayout(self._facts)
        self._rows: list[tuple[Words, Words]] = []
        column.addWidget(frame("line"))
        self._graphs: list[tuple[Words, Graph]] = []
        for _ in range(3):
            title, graph = Words(role="secondary"), Graph()
            column.addWidget(title)
            column.addWidget(graph)
            self._graphs.append((title, graph))
        column.addStretch(1)
        return scrolled(inside)

    def _buttons(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 6, 0)
        grid.setSpacing(10)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)

        def press(action: str) -> Callable[[], None]:
            return lambda: self.asked.emit(action, self._device)

        made = {
            "identify": button(say("番号を出す"), "desktop_windows", press("identify"), size="sm"),
            "log": button(say("記録を見る"), "description", press("log"), size="sm"),
            "service": button(say("利用を休止する"), "lock", press("service"), size="sm"),
            "restart": button(say("再起動する"), "power_settings_new", press("restart"), size="sm"),
            "notice": button(say("お知らせを出す"), "info", press("notice"), size="sm"),
            "settings": button(say("設定を変える"), "settings", press("settings"), size="sm"),
        }
        for number, action in enumerate(ACTIONS):
            grid.addWidget(made[action], number // 2, number % 2)
        self.buttons = made
        return grid

    # --- what is shown ----------------------------------------------------------------------------------

    @property
    def device(self) -> bytes | None:
        """Of the display that is shown."""
        return self._device

    def show_display(self, device: bytes, now: float) -> None:
        """That one, as it is now."""
        display = self._fleet.displays.get(device)
        if display is None:
            self.closed.emit()
            return
        self._device = device
        condition = self._fleet.condition(device)
        self._name.say(name_of(display))
        place = place_of(display)
        number = say("会議室番号 {number}", number=display.number)
        self._place.say(f"{place}・{number}" if place else number)
        concerns = self._fleet.concerns_of(device)
        self._advice.setVisible(bool(concerns))
        if concerns:
            self._advice_title.say(advice_title(concerns[0]))
            self._advice_text.say(advice(concerns[0]))
        other = display.name if name_of(display) != display.name else display.name_en
        self._specimen.show_room(name_of(display), other)
        self._say_facts(facts(display, condition, now))
        self._say_history(self._fleet.history.of(device), now)
        self._offer(display, condition)

    def _say_facts(self, lines: list[tuple[str, str]]) -> None:
        while len(self._rows) < len(lines):
            label, value = Words(role="secondary"), Words(wrap=True)
            value.setMinimumWidth(1)
            top = Qt.AlignmentFlag.AlignTop
            self._facts.addWidget(label, len(self._rows), 0, top)
            self._facts.addWidget(value, len(self._rows), 1)
            self._rows.append((label, value))
        for number, (label, value) in enumerate(self._rows):
            shown = number < len(lines)
            label.setVisible(shown)
            value.setVisible(shown)
            if shown:
                label.say(lines[number][0])
                value.say(lines[number][1])

    def _say_history(self, samples: tuple[Sample, ...], now: float) -> None:
        heat = [(each.at, each.temperature / 10) for each in samples if each.temperature is not None]
        delay = [(each.at, float(each.latency)) for each in samples if each.latency is not None]
        memory = [(each.at, float(each.memory_free)) for each in samples]
        hot = say("注意 {value}℃", value=HOT // 10)
        slow = say("注意 {value} ms", value=SLOW_MS)
        shown = (
            (say("温度（過去6時間、℃）"), heat, HOT / 10, hot),
            (say("通信の往復（過去6時間、ms）"), delay, float(SLOW_MS), slow),
            (say("空きメモリー（過去6時間、MB）"), memory, None, ""),
        )
        for (title, graph), (words, points, mark, mark_words) in zip(self._graphs, shown, strict=True):
            there = bool(points)
            title.setVisible(there)
            graph.setVisible(there)
            if there:
                title.say(words)
                near = mark is not None and max(value for _, value in points) > 0.6 * mark
                graph.show_points(points, mark if near else None, mark_words, now)

    def _offer(self, display: Display, condition: Condition) -> None:
        out = condition is Condition.OUT
        for each in self.buttons.values():
            each.setEnabled(display.linked and self._may_order)
            each.setToolTip(self._why_not(display))
        service = self.buttons["service"]
        words = say("利用を再開する") if out else say("利用を休止する")
        if not display.linked:
            words = say("一覧から外す")
            service.setEnabled(self._may_order)
            service.setToolTip("")
        service.setText(f" {words}")
        service.setAccessibleName(words)

    def _why_not(self, display: Display) -> str:
        if not self._may_order:
            return say("この管理の端末は、見ることだけできます")
        return "" if display.linked else say("応答がないため、いまはできません")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


def facts(display: Display, condition: Condition, now: float) -> list[tuple[str, str]]:
    """What is known of a display, label by label; what nothing measured is left out."""
    lines = [(say("状態"), condition_word(condition))]
    status = display.status
    if not display.linked and display.silent_since and condition is Condition.SILENT:
        lines.append((say("最後の応答"), moment_words(display.silent_since)))
    wanted = booked(display, now)
    if wanted is not None:
        label = say("いまの予約") if wanted[0] <= now else say("次の予約")
        lines.append((label, "–".join(f"{datetime.fromtimestamp(each):%H:%M}" for each in wanted)))
    if status is not None:
        lines += _facts_of(status, display)
    if display.address:
        # One of IPv6 is longer than the panel is wide: its lines may break behind a colon.
        lines.append((say("アドレス"), display.address.replace(":", ":\u200b")))
    if display.copy:
        lines.append((say("同じ鍵の端末"), display.copy.replace(":", ":\u200b")))
    return lines


def _facts_of(status: Status, display: Display) -> list[tuple[str, str]]:
    lines = []
    if display.linked:
        since = moment_words(display.our_time(status.since))
        lines.append((say("この状態は"), say("{moment} から", moment=since)))
    if status.temperature is not None:
        lines.append((say("温度"), f"{round(status.temperature / 10)}℃"))
    if display.latency is not None:
        speed = say("良好") if display.latency < SLOW_MS else say("遅い")
        lines.append((say("通信"), say("{speed}（往復 {ms} ms）", speed=speed, ms=display.latency)))
    size = f"{status.width}×{status.height}"
    lines.append((say("画面"), say("{size}・タッチ対応", size=size) if status.touch else size))
    if status.memory:
        free = say("{free} / {all} MB 空き", free=status.memory_free, all=status.memory)
        lines.append((say("メモリー"), free))
    lines.append((say("ディスク"), say("{free} MB 空き", free=status.disk_free)))
    lines.append((say("版"), status.version))
    lines.append((say("最後の起動"), moment_words(display.our_time(status.started))))
    return lines
