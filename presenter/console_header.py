"""The console's head: where it is being shown, which paper, the time, the end."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QSizePolicy

from pageview import icons, theme
from pageview.theme import Desk
from pageview.wording import say, tip
from presenter.actions import Actions
from presenter.buttons import ActionButton
from presenter.console_state import ConsoleState, Pill, Words
from presenter.pace import clock

_TONES = {
    "ok": (Desk.OK_BG, Desk.OK_TEXT, Desk.OK),
    "warn": (Desk.WARN_BG, "#5C4700", Desk.WARN_TEXT),
    "err": (Desk.ERR_BG, Desk.ERR, Desk.ERR),
    "muted": (Desk.BG, Desk.BODY, Desk.TEXT2),
}

_WHOLE = Qt.AlignmentFlag.AlignVCenter.value | Qt.TextFlag.TextDontClip.value
"""Lines so near each other keep what hangs below their letters."""


class _TwoLines(QAbstractButton):
    """A button with a bold line over a smaller one, which gives way when there is no room."""

    def __init__(self) -> None:
        super().__init__()
        self._title: Words = ("", {})
        self._detail: Words = ("", {})
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_lines(self, title: Words, detail: Words) -> None:
        if (title, detail) != (self._title, self._detail):
            self._title, self._detail = title, detail
            self._say()

    def _say(self) -> None:
        spoken = " ".join(self.lines())
        self.setAccessibleName(spoken)
        self.setText(spoken)
        self.updateGeometry()
        self.update()

    def lines(self) -> tuple[str, str]:
        (title, values), (detail, more) = self._title, self._detail
        return say(title, **values) if title else "", say(detail, **more) if detail else ""

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _text_width(self) -> int:
        title, detail = self.lines()
        bold, small = QFontMetrics(theme.font(20, theme.BOLD)), QFontMetrics(theme.font(16))
        return max(bold.horizontalAdvance(title), small.horizontalAdvance(detail)) + 2

    def _paint_lines(self, painter: QPainter, area: QRectF, bold: str, small: str) -> None:
        title, detail = self.lines()
        lines = [(title, theme.font(20, theme.BOLD), bold, 26.0)]
        if detail:
            lines.append((detail, theme.font(16), small, 22.0))
        top = area.center().y() - sum(height for *_, height in lines) / 2
        for text, font, color, height in lines:
            painter.setFont(font)
            painter.setPen(QColor(color))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(area.width()))
            painter.drawText(QRectF(area.left(), top, area.width(), height), _WHOLE, shown)
            top += height
        self.setToolTip(tip(self.text()))


class PillButton(_TwoLines):
    """The pill; pressing it opens the list of rooms."""

    def __init__(self) -> None:
        super().__init__()
        self._pill: Pill | None = None
        self.setFixedHeight(56)

    def show_pill(self, pill: Pill) -> None:
        self._pill = pill
        self.set_lines(pill.title, pill.detail)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._text_width() + 78, 56)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 56)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._pill is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, ink, sign = _TONES[self._pill.tone]
        outlined = self.underMouse() or self._pill.tone == "err"
        painter.setPen(QPen(QColor(sign), 2) if outlined else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 27, 27)
        icons.paint(painter, self._pill.icon, QRectF(16, (self.height() - 28) / 2, 28, 28), sign)
        self._paint_lines(painter, QRectF(56, 0, self.width() - 76, self.height()), ink, ink)


class PaperButton(_TwoLines):
    """The paper's title and place; pressing it opens the list of papers."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(56)

    def sizeHint(self) -> QSize:
        return QSize(self._text_width() + 56, 56)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 56)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(Desk.PRIMARY_WEAK))
            painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        self._paint_lines(painter, QRectF(8, 0, self.width() - 52, self.height()), Desk.TEXT, Desk.TEXT2)
        width = min(self._text_width(), self.width() - 52)
        icons.paint(
            painter, "keyboard_arrow_down", QRectF(width + 20, (self.height() - 24) / 2, 24, 24), Desk.BODY
        )


class PeopleButton(_TwoLines):
    """How many take part, and whether one of them awaits an answer; pressing it opens their panel."""

    def __init__(self, action: QAction) -> None:
        super().__init__()
        self._awaited = False
        self.setFixedHeight(56)
        self.clicked.connect(lambda _checked=False: action.trigger())
        self.show_people(("参加者 {n}人", {"n": 0}), ("受け付けていません", {}), False)

    def show_people(self, title: Words, detail: Words, awaited: bool) -> None:
        """``awaited``: the second line asks for something."""
        self._awaited = awaited
        self.set_lines(title, detail)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(min(self._text_width(), 300) + 64, 56)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), 190), 56)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = Desk.WARN if self._awaited else Desk.PRIMARY_WEAK if self.underMouse() else None
        if ground is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        ink = Desk.TEXT if self._awaited else Desk.PRIMARY
        icons.paint(painter, "group", QRectF(12, (self.height() - 26) / 2, 26, 26), ink)
        area = QRectF(48, 0, self.width() - 58, self.height())
        self._paint_lines(painter, area, ink, Desk.TEXT if self._awaited else Desk.TEXT2)


class TimerButton(QAbstractButton):
    """Elapsed and planned time with a bar; pressing it changes the plan."""

    def __init__(self) -> None:
        super().__init__()
        self._elapsed, self._planned = 0.0, 0.0
        self._small = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(64)

    def show_time(self, elapsed_s: float, planned_s: float) -> None:
        if int(elapsed_s) == int(self._elapsed) and planned_s == self._planned:
            return
        longer = len(clock(elapsed_s)) != len(clock(self._elapsed)) or planned_s != self._planned
        self._elapsed, self._planned = elapsed_s, planned_s
        text = say("経過 {elapsed}、予定 {planned}", elapsed=clock(elapsed_s), planned=clock(planned_s))
        self.setAccessibleName(text)
        self.setToolTip(say("次第を決める"))
        if longer:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        big = QFontMetrics(theme.font(36, theme.BOLD)).horizontalAdvance(
            clock(self._elapsed).replace("1", "0")
        )
        small = (
            QFontMetrics(theme.font(16)).horizontalAdvance(f"/ {clock(self._planned)}")
            if self._planned
            else 0
        )
        return QSize(max(150, big + small + 14), 64)

    minimumSizeHint = sizeHint

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        over = self._planned and self._elapsed > self._planned
        painter.setFont(theme.font(36, theme.BOLD))
        painter.setPen(QColor(Desk.ERR if over else Desk.TEXT))
        text = clock(self._elapsed)
        painter.drawText(QRectF(0, 2, self.width(), 44), Qt.AlignmentFlag.AlignVCenter, text)
        if not self._planned:
            return
        painter.setFont(theme.font(16))
        painter.setPen(QColor(Desk.TEXT2))
        painter.drawText(
            QRectF(0, 8, self.width(), 36),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
            f"/ {clock(self._planned)}",
        )
        bar = QRectF(0, 49, self.width(), 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(Desk.LINE))
        painter.drawRoundedRect(bar, 4, 4)
        done = QRectF(
            bar.left(), bar.top(), max(8.0, bar.width() * min(1.0, self._elapsed / self._planned)), 8
        )
        painter.setBrush(QColor(Desk.ERR if over else Desk.PRIMARY))
        painter.drawRoundedRect(done, 4, 4)


class ConsoleHeader(QFrame):
    """80 px high, 68 where the window is small."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setProperty("role", "header")
        self._row = QHBoxLayout(self)
        self._row.setSpacing(16)
        self.pill = PillButton()
        self.paper = PaperButton()
        self.people = PeopleButton(actions["people"])
        self.timer = TimerButton()
        self.end = ActionButton(actions["end"], "説明を終える", "stop_circle", "danger")
        self.end.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.pill.clicked.connect(lambda _checked=False: actions.run("rooms"))
        self.paper.clicked.connect(lambda _checked=False: actions.run("papers"))
        self.timer.clicked.connect(lambda _checked=False: actions.run("plan"))
        self._row.addWidget(self.pill)
        self._row.addWidget(self.paper, 1)
        self._row.addWidget(self.people)
        self._row.addWidget(self.timer)
        self._row.addSpacing(12)
        self._row.addWidget(self.end)

    def set_dense(self, dense: bool) -> None:
        """The small form."""
        self.setFixedHeight(68 if dense else Desk.HEADER)
        self._row.setContentsMargins(12 if dense else 24, 0, 12 if dense else 24, 0)

    def show_state(self, state: ConsoleState) -> None:
        """Shows this and nothing else."""
        self.pill.show_pill(state.pill)
        where: Words = (
            "資料{place}／{papers}　第{edition}版　{n}ページ",
            {
                "place": state.paper_number,
                "papers": len(state.papers),
                "edition": state.edition,
                "n": state.page.pages,
            },
        )
        self.paper.set_lines(("{title}", {"title": state.paper_title}), where)
        self.timer.show_time(state.elapsed_s, state.planned_s)
