"""登録: what a display shows that belongs to no house yet. A pure function of `EnrolState`."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.backdrop import paint_art
from kiosk.canvas import Canvas, Placed, Scale
from kiosk.code_panel import groups
from pageview.theme import Kiosk
from pageview.wording import say


@dataclass(frozen=True, slots=True)
class EnrolState:
    """``failed``: why the last try was not kept, "" for none."""

    code: str = ""
    address: str = ""
    wrong: bool = False
    done: bool = False
    failed: str = ""


class EnrolPage(QWidget):
    """Needs nothing but Qt and the fonts."""

    def __init__(self) -> None:
        super().__init__()
        self._state = EnrolState()
        self.placed: list[Placed] = []
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def show_state(self, state: EnrolState) -> None:
        """Shows this from now on."""
        self._state = state
        self.setAccessibleName(say("このディスプレイの登録"))
        self.setAccessibleDescription(groups(state.code))
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            scale = Scale.of(self.width(), self.height(), self.devicePixelRatioF(), 55.0, 3.0)
            paint_art(painter, scale, QRectF(self.rect()))
            canvas = Canvas(painter, scale, QRectF(self.rect()))
            _draw(canvas, self._state)
            self.placed = canvas.placed


def _draw(canvas: Canvas, state: EnrolState) -> None:
    scale = canvas.scale
    left, width = 160.0, scale.width - 320
    top = max(120.0, (scale.height - 800) / 2)
    canvas.text(say("このディスプレイの登録"), left, top + 40, 84, Kiosk.TEXT, bold=True, width=width)
    if state.done:
        canvas.icon("check_circle-fill", left + 40, top + 260, 80, Kiosk.OK)
        words = say("登録しました。まもなく使えるようになります。")
        canvas.text(words, left + 110, top + 260, 56, Kiosk.TEXT, width=width - 110)
        return
    lead = say("管理の端末で「ディスプレイの追加」を開き、下の番号を入力してください。")
    canvas.text(lead, left, top + 160, Kiosk.STATUS, Kiosk.TEXT2, width=width)
    canvas.panel(left, top + 240, width, 330, Kiosk.RADIUS_PANEL, Kiosk.CODE_PANEL)
    canvas.text(say("登録番号"), left + 64, top + 310, Kiosk.TITLE, Kiosk.CARD_TEXT, bold=True, width=400)
    code = groups(state.code) or say("準備しています")
    size = 180.0 if state.code else 60.0
    canvas.text(code, left + 64, top + 450, size, Kiosk.CODE, bold=True, width=width - 128, fixed=True)
    y = top + 650
    if state.failed or state.wrong:
        words = state.failed or say("番号が違います。この画面の番号をもう一度入力してください。")
        canvas.icon("warning-fill", left + 20, y, 44, Kiosk.WARN)
        canvas.text(words, left + 60, y, Kiosk.BODY, Kiosk.WARN, width=width - 60)
    else:
        words = say("会議室の名前や場所は、管理の端末で決めます。")
        canvas.text(words, left, y, Kiosk.BODY, Kiosk.TEXT2, width=width)
    if state.address:
        words = say("見つからないときは、このアドレスを入力してください：")
        used = canvas.text(words, left, y + 80, Kiosk.SECONDARY, Kiosk.MUTED, width=width - 500)
        canvas.text(state.address, left + used + 12, y + 80, Kiosk.SECONDARY, Kiosk.TEXT, width=480)
