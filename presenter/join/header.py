"""The head of the participant's window: whose briefing, which paper, together or freely, the way out."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QSizePolicy, QWidget

from pageview import icons, theme
from pageview.theme import Desk
from pageview.wording import say
from presenter.actions import Actions
from presenter.buttons import ActionButton
from presenter.console_header import PaperButton, PillButton
from presenter.join.window_state import Looking, WindowState, pill

HEIGHT, HEIGHT_DENSE = 56, 48


class WindowHeader(QFrame):
    """80 px high, 68 where the window is small."""

    papers_wanted = Signal(QWidget)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setProperty("role", "header")
        self._row = QHBoxLayout(self)
        self._row.setSpacing(16)
        self.pill = PillButton()
        # It says something and does nothing.
        self.pill.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.pill.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.pill.setMinimumWidth(250)
        self.paper = PaperButton()
        self.paper.clicked.connect(lambda _checked=False: self.papers_wanted.emit(self.paper))
        self.segment = Segment(actions)
        self.hand_back = ActionButton(actions["return_floor"], "説明を返す", "undo", "primary")
        self.hand_back.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.leave = ActionButton(actions["leave"], "退出する", "logout")
        self.leave.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._row.addWidget(self.pill)
        self._row.addWidget(self.paper)
        self._row.addStretch(1)
        self._row.addWidget(self.segment)
        self._row.addWidget(self.hand_back)
        self._row.addStretch(1)
        self._row.addWidget(self.leave)

    def set_dense(self, dense: bool) -> None:
        """The small form."""
        self.setFixedHeight(68 if dense else Desk.HEADER)
        self._row.setContentsMargins(12 if dense else 24, 0, 12 if dense else 24, 0)
        self._row.setSpacing(10 if dense else 16)
        self.segment.set_dense(dense)

    def show_state(self, state: WindowState) -> None:
        """Shows this and nothing else."""
        self.pill.show_pill(pill(state))
        place: dict[str, object] = {
            "place": state.paper_number,
            "papers": len(state.papers),
            "edition": state.edition,
            "n": state.page.pages,
        }
        self.paper.set_lines(
            ("{title}", {"title": state.paper_title}),
            ("資料{place}／{papers}　第{edition}版　{n}ページ", place) if state.papers else ("", {}),
        )
        self.paper.setEnabled(bool(state.papers))
        presenting = state.looking is Looking.PRESENTING
        # While one presents there is nothing to choose, but the floor to give back.
        self.segment.setVisible(not presenting)
        self.hand_back.setVisible(presenting)


class Segment(QFrame):
    """説明に合わせる｜自分で見る, as one pill of two halves."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.follow = _Half(actions["follow"], "説明に合わせる", "co_present", left=True)
        self.freely = _Half(actions["look_freely"], "自分で見る", "visibility", left=False)
        row.addWidget(self.follow)
        row.addWidget(self.freely)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_dense(self, dense: bool) -> None:
        """The small form."""
        for half in (self.follow, self.freely):
            half.set_dense(dense)


class _Half(QAbstractButton):
    def __init__(self, action: QAction, words: str, icon: str, left: bool) -> None:
        super().__init__()
        self.action, self._words, self._icon, self._left = action, words, icon, left
        self._dense = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._run)
        action.changed.connect(self._follow)
        self._follow()

    def set_dense(self, dense: bool) -> None:
        self._dense = dense
        self.setFixedSize(self.sizeHint())

    def _run(self) -> None:
        self.setChecked(self.action.isChecked())
        self.action.trigger()

    def _follow(self) -> None:
        self.setText(say(self._words))
        self.setAccessibleName(say(self._words))
        self.setEnabled(self.action.isEnabled())
        self.setChecked(self.action.isChecked())
        self.setToolTip("" if self.action.isEnabled() else self.action.toolTip())
        self.setAccessibleDescription(self.toolTip())
        self.setFixedSize(self.sizeHint())
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._follow()

    def sizeHint(self) -> QSize:
        words = QFontMetrics(theme.font(18, theme.BOLD)).horizontalAdvance(self.text())
        return QSize(words + (62 if self._dense else 86), HEIGHT_DENSE if self._dense else HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        ground, ink = (Desk.PRIMARY, "#FFFFFF") if on else (Desk.CARD, Desk.BODY)
        if not self.isEnabled() and not on:
            ground, ink = Desk.DISABLED_BG, Desk.DISABLED_TEXT
        elif self.underMouse():
            ground, ink = (Desk.HOVER, "#FFFFFF") if on else (Desk.PRIMARY_WEAK, Desk.HOVER)
        painter.setBrush(QColor(ground))
        painter.setPen(QPen(QColor(Desk.PRIMARY if on else Desk.BORDER), 1))
        painter.drawPath(self._shape())
        words = QFontMetrics(theme.font(18, theme.BOLD)).horizontalAdvance(self.text())
        left = (self.width() - words - 32) / 2
        icons.paint(painter, self._icon, QRectF(left, (self.height() - 24) / 2, 24, 24), ink)
        painter.setFont(theme.font(18, theme.BOLD if on else theme.REGULAR))
        painter.setPen(QColor(ink))
        area = QRectF(left + 32, 0, words + 4, self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self.text())

    def _shape(self) -> QPainterPath:
        """A pill cut in the middle."""
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        radius = area.height() / 2
        whole, cut = QPainterPath(), QPainterPath()
        longer = area.adjusted(0, 0, radius, 0) if self._left else area.adjusted(-radius, 0, 0, 0)
        whole.addRoundedRect(longer, radius, radius)
        cut.addRect(area)
        return whole.intersected(cut)
