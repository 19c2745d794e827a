"""The boxes that standby is made of: which words each one has, where it stands, how it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from kiosk.backdrop import draw_clock, draw_place
from kiosk.canvas import Canvas, Scale
from kiosk.code_panel import draw_code_panel
from kiosk.room_name import draw_room_name
from kiosk.standby_state import Availability, NextBooking, StandbyState
from kiosk.wrapping import wrap
from pageview.theme import Kiosk
from pageview.wording import language, say

CARD_WIDTH, CARD_HEIGHT, CARD_TOP = 792.0, 618.0, 232.0
CODE_TOP = 361.0
"""The blue part begins so far below the card's top."""
LOWEST = 850.0
"""Where the last row of the left column may have its middle, on a screen of 16:9."""
_LEAST = 0.8
"""Of its usual size a row of the bookings may shrink to, before a name in it is shortened."""
_MESSAGE, _MESSAGE_LEAST = 27.0, 24.0
"""The house's line at its smallest, and where it takes two."""
_GREEN = "#6CC794"
_PILL_GROUND = {_GREEN: ("#152D3B", "#41806F"), Kiosk.WARN: ("#2E2A1B", "#9C8534")}


@dataclass(frozen=True, slots=True)
class Part:
    """A box is repainted when its `words` differ from what it showed."""

    words: Callable[[StandbyState], object]
    box: Callable[[Scale], QRectF]
    draw: Callable[[Canvas, StandbyState], None]


def _top(scale: Scale) -> float:
    """How far the middle block moves down on screens taller than 16:9."""
    return max(0.0, (scale.height - 1080) / 2)


def _card_left(scale: Scale) -> float:
    return scale.width - Kiosk.MARGIN - CARD_WIDTH


def column_width(scale: Scale) -> float:
    """Of the left column, up to a gap before the card."""
    return _card_left(scale) - Kiosk.MARGIN - 48


# --- head and foot ------------------------------------------------------------------------------------------


def _place_box(scale: Scale) -> QRectF:
    return scale.rect(80, 60, scale.width * 0.5 - 80, 110)


def _clock_box(scale: Scale) -> QRectF:
    return scale.rect(scale.width * 0.5, 40, scale.width * 0.5 - 80, 125)


def _foot_box(scale: Scale) -> QRectF:
    return scale.rect(80, scale.height - 190, scale.width - 160, 150)


def _draw_foot(canvas: Canvas, state: StandbyState) -> None:
    y = canvas.scale.height - 102
    width = column_width(canvas.scale)
    if not state.network_ok:
        canvas.icon("wifi_off", 114, y - 62, 38, Kiosk.WARN)
        words = say("庁内ネットワークにつながっていません")
        canvas.text(words, 146, y - 61, Kiosk.SECONDARY, Kiosk.WARN, width=width - 50)
    elif state.bookings_of:
        canvas.icon("schedule", 114, y - 62, 36, Kiosk.MUTED)
        canvas.text(state.bookings_of, 146, y - 61, Kiosk.SECONDARY, Kiosk.MUTED, width=width - 50)
    draw_help(canvas, state.contact, state.extension, 96, y, width)
    if state.address and state.network_ok:
        canvas.text(state.address, _card_left(canvas.scale), y, 24, Kiosk.MUTED, width=500, fixed=True)


def draw_help(canvas: Canvas, contact: str, extension: str, x: float, y: float, width: float) -> None:
    """Whom to call: label, department, extension in bold."""
    if not contact and not extension:
        return
    end = x + width
    x += canvas.text(say("お困りのときは"), x, y, Kiosk.SECONDARY, Kiosk.TEXT2, width=width) + 34
    if contact:
        x += canvas.text(contact, x, y, Kiosk.SECONDARY, Kiosk.TEXT2, width=max(60, end - x - 220)) + 34
    if extension:
        x += canvas.text(say("内線"), x, y, Kiosk.SECONDARY, Kiosk.TEXT2, width=max(40, end - x)) + 10
        canvas.text(extension, x, y, Kiosk.SECONDARY, Kiosk.TEXT, bold=True, width=max(40, end - x))


# --- left column --------------------------------------------------------------------------------------------


def _left_words(state: StandbyState) -> object:
    return state.name, state.other_name, pill_words(state), state.booking, state.later


def _left_box(scale: Scale) -> QRectF:
    return scale.rect(80, 200 + _top(scale), column_width(scale) + 40, 690)


def _draw_left(canvas: Canvas, state: StandbyState) -> None:
    width = column_width(canvas.scale)
    base, lines = draw_room_name(canvas, state.name, 232 + _top(canvas.scale), width)
    y = base + 66
    if state.other_name:
        canvas.text(state.other_name, 96, y, Kiosk.TITLE, Kiosk.TEXT2, width=width, least=32)
    else:
        y -= 50
    y += {1: 117, 2: 70}.get(lines, 54)
    _draw_pill(canvas, state, y, width)
    y += 161 if lines < 3 else 148
    if state.booking is not None:
        _draw_booking(canvas, state.booking, y, width)
        indent = canvas.width_of(_booking_label(state.booking), Kiosk.BODY) + 34
        for number, later in enumerate(state.later):
            y += 54
            if y <= LOWEST + _top(canvas.scale):
                _draw_later(canvas, "" if number else say("このあと"), later, y, width, indent)


def pill(state: StandbyState) -> tuple[str, str, str]:
    """Whether the room is free: icon, colour and words."""
    if state.availability is Availability.OUT_OF_SERVICE:
        return "warning-fill", Kiosk.WARN, say("点検中のため利用できません")
    if not state.network_ok:
        return "wifi_off", Kiosk.WARN, say("ただいま利用できません")
    if state.choosers:
        return "computer", Kiosk.MUTED, say("{n}台の端末がこの会議室を選んでいます", n=state.choosers)
    if state.availability is Availability.BOOKED_SOON:
        return "schedule", Kiosk.WARN, say("まもなく予約の時間です（残り{n}分）", n=state.minutes_left)
    return "check_circle-fill", _GREEN, say("ご利用になれます")


def pill_words(state: StandbyState) -> str:
    """What the pill says, as a sentence for a screen reader too."""
    return pill(state)[2]


def _draw_pill(canvas: Canvas, state: StandbyState, top: float, column: float) -> None:
    icon, color, words = pill(state)
    size = canvas.fitting(words, Kiosk.STATUS, True, column - 138)
    long = canvas.width_of(words, size, True, k=1.0)
    ground, edge = _PILL_GROUND.get(color, (Kiosk.INK_700, "#5C77BD"))
    canvas.panel(96, top, long + 138, 88, 44, ground, edge)
    canvas.icon(icon, 150, top + 44, 43, color)
    canvas.text(words, 194, top + 45, size, Kiosk.TEXT, bold=True, width=column - 138, fixed=True)


def _draw_booking(canvas: Canvas, booking: NextBooking, y: float, column: float) -> None:
    """Label, start in bold, end, department: all of them grow and shrink together."""
    _draw_row(canvas, _booking_label(booking), booking, y, column, Kiosk.STATUS, Kiosk.TEXT)


def _booking_label(booking: NextBooking) -> str:
    return say("ただいまの予約") if booking.running else say("次の予約")


def _draw_later(
    canvas: Canvas, label: str, booking: NextBooking, y: float, column: float, indent: float
) -> None:
    """What follows stands a little smaller, its times below each other."""
    if label:
        canvas.text(label, 96, y, Kiosk.SECONDARY, Kiosk.MUTED, width=indent)
    _draw_row(canvas, "", booking, y, column - indent, Kiosk.SECONDARY, Kiosk.TEXT2, 96 + indent)


def _draw_row(
    canvas: Canvas,
    label: str,
    booking: NextBooking,
    y: float,
    column: float,
    size: float,
    color: str,
    x: float = 96.0,
) -> None:
    dash = "–" if language() == "en" else "〜"
    end = f"{dash}{booking.end:%H:%M}" if booking.end.date() == booking.start.date() else dash
    row = [
        (label, Kiosk.BODY, False, Kiosk.MUTED, 34.0 if label else 0.0),
        (f"{booking.start:%H:%M}", size, True, color, 0.0),
        (end, size, False, color, 34.0),
        (booking.department, size, False, color, 0.0),
    ]
    if booking.whole_day:
        row[1:3] = [(say("終日"), size, True, color, 34.0)]
    whole = canvas.scale.k

    def fits(k: float) -> bool:
        return sum(canvas.width_of(t, s * k, b, k=1.0) + gap for t, s, b, _, gap in row) <= column

    k = whole
    while k > _LEAST * whole and not fits(k):
        k -= 0.05
    if not fits(k):
        k = whole  # it is shortened in any case: the times stay as large as those of the other rows
    limit = x + column
    for text, large, bold, ink, gap in row:
        if text:
            room = max(60.0, limit - x)
            least = _LEAST * large * k
            x += canvas.text(text, x, y, large * k, ink, bold=bold, width=room, least=least, fixed=True) + gap


# --- card ---------------------------------------------------------------------------------------------------


def _card_words(state: StandbyState) -> object:
    return state.name, state.availability is Availability.OUT_OF_SERVICE


def _card_box(scale: Scale) -> QRectF:
    top = CARD_TOP + _top(scale)
    return scale.rect(_card_left(scale) - 40, top - 30, CARD_WIDTH + 80, CARD_HEIGHT + 100)


def _draw_card(canvas: Canvas, state: StandbyState) -> None:
    if state.availability is Availability.OUT_OF_SERVICE:
        return
    left, top = _card_left(canvas.scale), CARD_TOP + _top(canvas.scale)
    room = CARD_WIDTH - 112
    canvas.shadow(left, top, CARD_WIDTH, CARD_HEIGHT, Kiosk.RADIUS_PANEL)
    canvas.panel(left, top, CARD_WIDTH, CARD_HEIGHT, Kiosk.RADIUS_PANEL, Kiosk.CARD)
    title = say("資料を映すには")
    canvas.text(title, left + 56, top + 70, Kiosk.TITLE, Kiosk.CARD_TEXT, bold=True, width=room)
    named = say("「{room}」を選ぶ", room=state.name)
    if canvas.width_of(named, Kiosk.SECONDARY, k=1.0) > room - 80:
        named = say("この会議室を選ぶ")
    for number, words in enumerate((say("紙ゼロを開く"), named, say("下の番号を入力する"))):
        x, y = left + 84, top + 149 + 74 * number
        canvas.disc(x, y, 56, Kiosk.DISC)
        count = str(number + 1)
        canvas.text(count, x, y, 34, Kiosk.TEXT, bold=True, align="centre", width=56, fixed=True)
        canvas.text(words, left + 136, y + 2, Kiosk.BODY, Kiosk.CARD_TEXT, width=room - 80, least=32)


def _code_words(state: StandbyState) -> object:
    return state.code, state.note, state.fading, _card_words(state)


def _code_box(scale: Scale) -> QRectF:
    top = CARD_TOP + _top(scale) + CODE_TOP
    return scale.rect(_card_left(scale), top, CARD_WIDTH, CARD_HEIGHT - CODE_TOP)


def _draw_code(canvas: Canvas, state: StandbyState) -> None:
    if state.availability is Availability.OUT_OF_SERVICE:
        return
    left, top = _card_left(canvas.scale), CARD_TOP + _top(canvas.scale)
    canvas.painter.save()
    canvas.clip_round(left, top, CARD_WIDTH, CARD_HEIGHT, Kiosk.RADIUS_PANEL)
    canvas.panel(left, top + CODE_TOP, CARD_WIDTH, CARD_HEIGHT - CODE_TOP, 0, Kiosk.CODE_PANEL)
    draw_code_panel(canvas, left, top + CODE_TOP, CARD_WIDTH, state)
    canvas.painter.restore()


# --- the house's message ------------------------------------------------------------------------------------


def _message_box(scale: Scale) -> QRectF:
    top = CARD_TOP + CARD_HEIGHT + _top(scale)
    return scale.rect(_card_left(scale), top + 12, CARD_WIDTH, 76)


def _draw_message(canvas: Canvas, state: StandbyState) -> None:
    if state.message:
        left, y = _card_left(canvas.scale), CARD_TOP + CARD_HEIGHT + _top(canvas.scale) + 56
        width, size = CARD_WIDTH - 54, Kiosk.SECONDARY
        made = wrap(canvas, state.message, size, False, width)
        while len(made.lines) > 1 and size > _MESSAGE:  # on two lines only where one would be too small
            size -= 1
            made = wrap(canvas, state.message, size, False, width)
        if len(made.lines) > 1:
            made = wrap(canvas, state.message, _MESSAGE_LEAST / min(canvas.scale.k, 1.1), False, width)
            y -= 8  # clear of the key below
        canvas.icon("info", left + 20, y, 36, Kiosk.MUTED)
        for number, line in enumerate(made.lines):
            middle = y + (number - (len(made.lines) - 1) / 2) * 32
            canvas.text(line, left + 54, middle, made.size, Kiosk.TEXT2, width=width, fixed=True)


PARTS = (
    Part(lambda s: s.place, _place_box, lambda c, s: draw_place(c, s.place)),
    Part(lambda s: (s.now, language()), _clock_box, lambda c, s: draw_clock(c, s.now)),
    Part(_left_words, _left_box, _draw_left),
    Part(_card_words, _card_box, _draw_card),
    Part(_code_words, _code_box, _draw_code),
    Part(lambda s: s.message, _message_box, _draw_message),
    Part(lambda s: (s.contact, s.extension, s.network_ok, s.address, s.bookings_of), _foot_box, _draw_foot),
)
