"""W1: paired, nothing shown yet. Also what stands in front while a link is lost long, or all is being erased.

No title and no page count: people pass by. A pure function of `CoverState`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.backdrop import draw_clock, draw_place, paint_art
from kiosk.canvas import Canvas, Placed, Scale
from kiosk.code_panel import groups
from kiosk.keys import Face, Key, Look
from kiosk.room_name import draw_room_name
from pageview.theme import Kiosk
from pageview.wording import language, say

_PANEL_TOP, _PANEL_HEIGHT = 668.0, 204.0


class Moment(Enum):
    """Why the cover is there."""

    READY = auto()
    HELD = auto()
    """The presenter put the cover back in the middle of a briefing."""
    UNUSABLE = auto()
    """The paper that is to be shown did not arrive as it was announced."""
    RECONNECTING = auto()
    ENDING = auto()


CUTTABLE = (Moment.READY, Moment.HELD, Moment.UNUSABLE)
"""When 接続を切る is offered."""


@dataclass(frozen=True, slots=True)
class CoverState:
    """Everything that the cover shows. `asker`: a second presenter waits for an answer, `asker_seconds` left.

    `participants` is None where it is not known. `code` is shown while the link is dead, `join_code` while
    people may join.
    """

    name: str
    place: str
    now: datetime
    moment: Moment = Moment.READY
    presenter: str = ""
    department: str = ""
    participants: int | None = None
    asker: str = ""
    asker_department: str = ""
    asker_seconds: int = 0
    number: int = 0
    code: str = ""
    join_code: str = ""
    touch: bool = False


class Cover(QWidget):
    """The widget. Asks once before 接続を切る; the safe answer is the default one."""

    disconnect_confirmed = Signal()
    takeover_answered = Signal(bool)

    def __init__(self, inches: float, distance_m: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glass = (inches, distance_m)
        self._state: CoverState | None = None
        self._asking = False
        self.placed: list[Placed] = []
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._disconnect = self._key(Look.OUTLINE, self._ask)
        self._go_on = self._key(Look.FILLED, self._stop_asking)
        self._cut = self._key(Look.OUTLINE, self.disconnect_confirmed.emit)
        self._yes = self._key(Look.OUTLINE, lambda: self.takeover_answered.emit(True))
        self._no = self._key(Look.FILLED, lambda: self.takeover_answered.emit(False))

    def _key(self, look: Look, pressed: object) -> Key:
        key = Key(look, self)
        key.size_units = Kiosk.BODY
        key.clicked.connect(pressed)
        return key

    def scale(self) -> Scale:
        """Units of this widget as it is now."""
        return Scale.of(self.width(), self.height(), self.devicePixelRatioF(), *self._glass)

    def show_state(self, state: CoverState) -> None:
        """Shows this from now on; only the clock's box is repainted when only the time changed."""
        former, self._state = self._state, state
        if former is None or _without_time(former) != _without_time(state):
            if state.moment is not Moment.READY:
                self._asking = False
            self.update()
            self._place_keys()
        elif former.now != state.now:
            scale = self.scale()
            self.update(_clock_box(scale).toAlignedRect())
        self.setAccessibleName(state.name)
        self.setAccessibleDescription(_status(state)[2])

    def ask_disconnect(self) -> None:
        """As if 接続を切る was touched."""
        self._ask()

    def _ask(self) -> None:
        self._asking = True
        self._place_keys()
        self.update()

    def _stop_asking(self) -> None:
        self._asking = False
        self._place_keys()
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._place_keys()
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_keys()

    def _place_keys(self) -> None:
        state = self._state
        if state is None:
            return
        scale = self.scale()
        right, foot = scale.width - Kiosk.MARGIN, scale.height - 160
        question = bool(state.asker)
        can_cut = state.touch and state.moment in CUTTABLE and not question
        rows: list[tuple[Key, str, bool, float, float, float]] = [
            (self._disconnect, say("接続を切る"), can_cut and not self._asking, right - 274, foot, 274),
            (self._go_on, say("続ける"), can_cut and self._asking, right - 274, foot, 274),
            (self._cut, say("切る"), can_cut and self._asking, right - 274 - 290, foot, 274),
        ]
        top = _panel_top(scale) + (_PANEL_HEIGHT - 112) / 2
        rows += [
            (self._no, say("断る"), state.touch and question, right - 48 - 240, top, 240),
            (self._yes, say("替わる"), state.touch and question, right - 48 - 240 - 256, top, 240),
        ]
        for key, words, seen, x, y, width in rows:
            key.show_face(Face(words))
            key.place(scale, x, y, width, 112)
            key.setVisible(seen)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            scale = self.scale()
            paint_art(painter, scale, QRectF(event.rect()))
            if self._state is None:
                return
            canvas = Canvas(painter, scale, QRectF(self.rect()))
            canvas.within(_clock_box(scale))
            draw_clock(canvas, self._state.now)
            if not event.region().subtracted(_clock_box(scale).toAlignedRect()).isEmpty():
                canvas.within(QRectF(self.rect()))
                draw_cover(canvas, self._state, self._asking)
            self.placed = canvas.placed


def draw_cover(canvas: Canvas, state: CoverState, asking: bool) -> None:
    """Everything but the clock; `asking`: whether to disconnect is being asked."""
    down = max(0.0, (canvas.scale.height - 1080) / 2)
    width = canvas.scale.width - 2 * Kiosk.MARGIN
    draw_place(canvas, state.place)
    icon, color, words, line = _status(state)
    canvas.icon(icon, 120, 266 + down, 46, color)
    canvas.text(words, 165, 267 + down, Kiosk.STATUS, Kiosk.TEXT, bold=True, width=width - 80)
    base, _ = draw_room_name(canvas, state.name, 320 + down, width, two_lines=108, most_lines=2)
    line_y = base + (66 if base < 520 + down else 76)
    canvas.text(line, 96, line_y, Kiosk.TITLE, Kiosk.TEXT2, width=width, least=32)
    if state.asker:
        _draw_question(canvas, state)
    elif state.moment is Moment.RECONNECTING:
        _draw_reconnecting(canvas, state)
    elif state.moment is not Moment.ENDING:
        _draw_people(canvas, state)
    _draw_foot(canvas, state, asking)


def _draw_foot(canvas: Canvas, state: CoverState, asking: bool) -> None:
    y = canvas.scale.height - 102
    room = canvas.scale.width - 2 * Kiosk.MARGIN - (600 if asking else 320)
    if asking:
        words = say("接続を切りますか。資料は、この画面から消えます。")
    elif state.moment is Moment.ENDING:
        return
    elif state.moment is Moment.READY:
        words = say("資料は、まだ表示していません")
    else:
        words = say("資料は、いま表示していません")
    canvas.icon("visibility_off", 116, y, 40, Kiosk.TEXT2)
    canvas.text(words, 154, y + 1, Kiosk.SECONDARY, Kiosk.TEXT2, width=room - 58)


def _without_time(state: CoverState) -> tuple[object, ...]:
    return tuple(getattr(state, name) for name in CoverState.__slots__ if name != "now")


def _clock_box(scale: Scale) -> QRectF:
    return scale.rect(scale.width * 0.5, 40, scale.width * 0.5 - 80, 125)


def _panel_top(scale: Scale) -> float:
    return _PANEL_TOP + max(0.0, (scale.height - 1080) / 2)


def _status(state: CoverState) -> tuple[str, str, str, str]:
    """Icon, its colour, the status, and the line under the room's name."""
    match state.moment:
        case Moment.RECONNECTING:
            return (
                "link_off",
                Kiosk.WARN,
                say("つなぎ直しています"),
                say("説明者の端末とつながると、続きから始まります"),
            )
        case Moment.ENDING:
            return (
                "hourglass_empty",
                Kiosk.MUTED,
                say("資料を消しています"),
                say("すぐに、次の人が使えるようになります"),
            )
        case Moment.UNUSABLE:
            return (
                "warning-fill",
                Kiosk.WARN,
                say("この資料は表示できません"),
                say("理由は、説明者の端末に表示しています"),
            )
        case Moment.HELD:
            return (
                "check_circle-fill",
                "#6CC794",
                say("つながっています"),
                say("説明者が、画面を資料から切り替えました"),
            )
        case Moment.READY:
            return "check_circle-fill", "#6CC794", say("つながりました"), say("まもなく説明が始まります")


def _draw_panel(canvas: Canvas) -> tuple[float, float]:
    """The people panel's ground; its top and width."""
    top, width = _panel_top(canvas.scale), canvas.scale.width - 2 * Kiosk.MARGIN
    canvas.panel(96, top, width, _PANEL_HEIGHT, 32, "#101E43", "#34477F")
    return top, width


def _draw_people(canvas: Canvas, state: CoverState) -> None:
    top, width = _draw_panel(canvas)
    half, alone = width / 2, not state.join_code
    canvas.line(96 + half, top, 96 + half, top + _PANEL_HEIGHT, "#34477F")
    _draw_half(
        canvas,
        96,
        top,
        half,
        "person-fill",
        say("説明者"),
        _who(state.department, state.presenter) or say("お名前の設定がありません"),
        alone,
    )
    if state.participants is None:
        return
    count = say("{n}人", n=state.participants) if state.participants else say("まだいません")
    _draw_half(canvas, 96 + half, top, half, "groups-fill", say("参加者"), count, alone)
    if state.join_code:
        _draw_join_code(canvas, state, 96 + half + 177, top + 156, half - 200)


def _draw_join_code(canvas: Canvas, state: CoverState, x: float, y: float, width: float) -> None:
    """How to take part: room number │ join code."""
    label = say("参加番号")
    used = canvas.text(label, x, y, Kiosk.SECONDARY, Kiosk.MUTED, width=width, fixed=True) + 28
    number = str(state.number)
    used += canvas.text(number, x + used, y, 40, Kiosk.TEXT2, width=width - used, fixed=True) + 18
    canvas.line(x + used, y - 18, x + used, y + 18, Kiosk.MUTED, 3)
    used += 18
    code = groups(state.join_code)
    canvas.text(code, x + used, y, 40, Kiosk.TEXT, bold=True, width=width - used, fixed=True)


def _draw_half(
    canvas: Canvas, x: float, top: float, half: float, icon: str, label: str, name: str, alone: bool
) -> None:
    """A sign, and beside it a label over a name; `alone`: no third line stands under them in
    either half."""
    canvas.disc(x + 96, top + 102, 96, Kiosk.INK_700)
    canvas.icon(icon, x + 96, top + 102, 58 if icon == "groups-fill" else 48, Kiosk.TEXT2)
    top += 26 if alone else 0
    canvas.text(label, x + 177, top + 50, Kiosk.SECONDARY, Kiosk.MUTED, width=half - 200)
    canvas.text(name, x + 177, top + 102, 48, Kiosk.TEXT, bold=True, width=half - 200, least=32)


def _who(department: str, name: str) -> str:
    """財政課　佐藤 / Sato, Finance."""
    if not department or not name:
        return department or name
    return f"{name}, {department}" if language() == "en" else f"{department}\u3000{name}"


def _draw_question(canvas: Canvas, state: CoverState) -> None:
    top, width = _draw_panel(canvas)
    canvas.icon("sync", 192, top + 102, 72, Kiosk.WARN)
    room = width - 200 - (590 if state.touch else 60)
    who = _asker(state)
    canvas.text(who, 273, top + 76, 44, Kiosk.TEXT, bold=True, width=room, least=30)
    rest = say("答えがないときは、いまの説明を続けます（あと{n}秒）", n=state.asker_seconds)
    canvas.text(rest, 273, top + 138, Kiosk.SECONDARY, Kiosk.TEXT2, width=room, least=26)


def _asker(state: CoverState) -> str:
    return say(
        "{department} {name}さんが切替えを求めています", department=state.asker_department, name=state.asker
    ).strip()


def _draw_reconnecting(canvas: Canvas, state: CoverState) -> None:
    top, width = _draw_panel(canvas)
    room = width - 200 - 620
    if not state.code:
        canvas.icon("sync", 192, top + 102, 64, Kiosk.MUTED)
        words = say("このままお待ちください")
        canvas.text(words, 273, top + 104, Kiosk.STATUS, Kiosk.TEXT, bold=True, width=room)
        return
    canvas.icon("wifi_off", 192, top + 102, 64, Kiosk.WARN)
    canvas.text(
        say("無線LANを確認してください"), 273, top + 76, Kiosk.STATUS, Kiosk.TEXT, bold=True, width=room
    )
    words = say("別の端末からは、この番号で使えます")
    canvas.text(words, 273, top + 134, Kiosk.SECONDARY, Kiosk.TEXT2, width=room)
    right = 96 + width - 48
    secret = groups(state.code)
    used = canvas.text(
        secret, right, top + 130, 84, Kiosk.TEXT, bold=True, align="right", on_baseline=True, fixed=True
    )
    canvas.line(right - used - 26, top + 62, right - used - 26, top + 132, Kiosk.MUTED, 3)
    number = str(state.number)
    canvas.text(
        number, right - used - 52, top + 130, 84, Kiosk.TEXT2, align="right", on_baseline=True, fixed=True
    )
