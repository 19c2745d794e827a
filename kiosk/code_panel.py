"""The room code as people read it from their seats: room number │ secret, and one line about it."""

from __future__ import annotations

from kiosk.canvas import Canvas
from kiosk.standby_state import CodeNote, StandbyState
from pageview.theme import Kiosk
from pageview.wording import say

_RED = "#B00000"
_GAP = 46.0


def halves(code: str) -> tuple[str, str]:
    """481 and 903, 48190 and 35217: groups that people can keep in mind."""
    half = (len(code) + 1) // 2
    return code[:half], code[half:]


def groups(code: str) -> str:
    """481 903."""
    return " ".join(halves(code)).strip()


def draw_code_panel(canvas: Canvas, left: float, top: float, width: float, state: StandbyState) -> None:
    """Into the card's blue part, 257 units high."""
    inner, room = left + 56, width - 112
    if state.note is CodeNote.WRONG:
        canvas.icon("error-fill", inner + 20, top + 35, 40, _RED)
        words = say("番号が違います。")
        canvas.text(words, inner + 52, top + 36, Kiosk.BODY, _RED, bold=True, width=room - 52)
        words = say("画面の番号をもう一度入力してください。")
        canvas.text(words, inner, top + 78, Kiosk.SECONDARY, Kiosk.CARD_TEXT, width=room)
    else:
        label = say("接続番号")
        used = canvas.text(label, inner, top + 57, Kiosk.BODY, Kiosk.CARD_TEXT, bold=True, width=300)
        words, space = _note_words(state.note), room - used - 24
        y = top + 58
        canvas.text(
            words, inner + room, y, Kiosk.SECONDARY, Kiosk.CARD_TEXT2, align="right", width=space, least=28
        )
    canvas.painter.setOpacity(0.6 if state.fading else 1.0)
    base = top + (212 if state.note is CodeNote.WRONG else 206)
    _draw_code(canvas, inner, base, room, state.number, state.code)
    canvas.painter.setOpacity(1.0)


def _note_words(note: CodeNote) -> str:
    match note:
        case CodeNote.CHANGES:
            return say("使うたびに変わります")
        case CodeNote.SOON:
            return say("まもなく番号が変わります")
        case CodeNote.LONG:
            return say("番号を10桁にしています")
        case _:
            return say("準備しています")


def _draw_code(canvas: Canvas, x: float, base: float, width: float, room: int, code: str) -> None:
    """The number regular, a thin rule, the secret bold; as large as fits."""
    secret = groups(code)
    size, gap = float(Kiosk.CODE_SIZE_LONG if len(code) > 6 else Kiosk.CODE_SIZE), _GAP
    while size > 60 and _long(canvas, room, secret, size, gap) > width + 4:
        size -= 1
        gap = max(24.0, _GAP * size / Kiosk.CODE_SIZE)
    x += canvas.text(str(room), x, base, size, Kiosk.CODE_ROOM, on_baseline=True, fixed=True) + gap
    canvas.line(x, base - 0.84 * size, x, base + 2, "#9DB7F9", 3)
    x += gap * 0.76
    if secret:
        canvas.text(secret, x, base, size, Kiosk.CODE, bold=True, on_baseline=True, fixed=True)


def _long(canvas: Canvas, room: int, secret: str, size: float, gap: float) -> float:
    number = canvas.width_of(str(room), size, k=1.0)
    return number + gap * 1.76 + canvas.width_of(secret, size, True, k=1.0)
