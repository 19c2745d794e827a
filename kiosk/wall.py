"""The wall while a briefing runs (W4, W5): the page over the whole screen, panels in the letterbox only.

Touch exists only where the state says so. The first touch brings the rail and does nothing else; a rail that
has no letterbox to stand in hides again after six seconds.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.canvas import Canvas, Scale
from kiosk.comparison import Comparison
from kiosk.correction_chip import CorrectionChip
from kiosk.info_panel import InfoPanel
from kiosk.panel import Panel
from kiosk.rail import Rail
from kiosk.side_card import SideCard, card_for
from kiosk.step_panel import ContinuationMark, StepPanel
from kiosk.wall_state import FROM_EDGE, Box, Hidden, Places, WallState, chip_places, places, stays
from pageview import theme
from pageview.beside import Halves
from pageview.geometry import Placement
from pageview.hand import Use
from pageview.page_source import PageSource
from pageview.page_view import WALL, PageView
from pageview.side_by_side import ON_A_WALL, SideBySide
from pageview.theme import Kiosk
from pageview.wording import say

EDGE_UNITS = 120.0
MARK_MS = 4_000


class HiddenNote(Panel):
    """Says that the black glass is meant to be black."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.words = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def say(self, words: str) -> None:
        if words != self.words:
            self.words = words
            self.refresh()

    def draw(self, canvas: Canvas) -> None:
        room = self.units[0] - 60
        long = min(room, canvas.width_of(self.words, Kiosk.SECONDARY, False))
        left = (room - long) / 2
        canvas.icon("visibility_off", left + 22, 32, 40, "#7C8BB5")
        canvas.text(self.words, left + 60, 33, Kiosk.SECONDARY, "#93A2CC", width=long + 2)


class Inversion(QWidget):
    """白黒反転: turns the colours of what stands below it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
            painter.fillRect(event.rect(), Qt.GlobalColor.white)


class Wall(QWidget):
    """Holds the page view it is given and everything around it."""

    pressed = Signal(str)
    """An action by name."""
    step_touched = Signal(int)
    answered = Signal(str)
    """yes, no (a second presenter's question) or close (the room code)."""

    def __init__(self, page_view: PageView, inches: float, distance_m: float) -> None:
        super().__init__()
        self._glass = (inches, distance_m)
        self._state: WallState | None = None
        self._letterbox_px = (0, 0)
        self._page_px: Placement | None = None
        self._put_away = False
        self._touched = False
        self._swallowing = False
        self.view = page_view
        self.halves = SideBySide(page_view, ON_A_WALL, theme.viewing_factor(inches, distance_m), self)
        for part in (page_view, self.halves.other):
            part.installEventFilter(self)
        page_view.tapped.connect(self._tapped)
        self.inversion = Inversion(self)
        self.note = HiddenNote(self)
        self.info = InfoPanel(self)
        self.rail = Rail(self)
        self.steps = StepPanel(self)
        self.mark = ContinuationMark(self)
        self.card = SideCard(self)
        self.chip = CorrectionChip(self)
        self.comparison = Comparison(self, inches, distance_m)
        for panel in (self.note, self.info, self.rail, self.steps, self.mark, self.card, self.chip):
            panel.hide()
        self.info.pressed.connect(self._key)
        self.rail.pressed.connect(self._key)
        self.steps.step_touched.connect(self.step_touched)
        self.card.answered.connect(self.answered)
        self._hide_rail = QTimer(self, singleShot=True, interval=Kiosk.RAIL_HIDES_MS)
        self._hide_rail.timeout.connect(self._untouched)
        self._hide_mark = QTimer(self, singleShot=True, interval=MARK_MS)
        self._hide_mark.timeout.connect(self.mark.hide)

    # --- what it shows ------------------------------------------------------------------------------------

    def scale(self) -> Scale:
        """Units of this widget as it is now."""
        return Scale.of(self.width(), self.height(), self.devicePixelRatioF(), *self._glass)

    def show_state(self, state: WallState) -> None:
        """Shows this around the page."""
        self._state = state
        self._arrange()

    def show_halves(self, halves: Halves | None, source: PageSource | None) -> None:
        """Something beside the page, or the page alone."""
        self.halves.show_halves(halves, source)
        self._place_halves()

    def set_placement(self, placement: Placement | None, page: Placement | None = None) -> None:
        """Where the view lies now, in device pixels of the page's widget; None: no page is shown. `page`:
        what of it is page. Beside another page there is no letterbox."""
        wide = round(self.width() * self.devicePixelRatioF())
        alone = placement is not None and self.halves.halves is None
        box = (
            (placement.x, wide - placement.x - placement.width) if placement is not None and alone else (0, 0)
        )
        self._page_px = page
        if box != self._letterbox_px:
            self._letterbox_px = box
            self._arrange()
        self._place_inversion()

    def mark_continuation(self, y: float | None) -> None:
        """「続き」 beside this height (device pixels) for 4 s, where there is a letterbox; None: away."""
        scale = self.scale()
        found = self._places()
        if y is None or found is None or found.floats or self._state is None:
            self.mark.hide()
            return
        left = self._state.side == "left"
        room = (self._letterbox_px[0] if left else self._letterbox_px[1]) / scale.dpr / scale.unit
        at = y / scale.dpr / scale.unit
        self.mark.points_left = not left
        start = 0.0 if left else scale.width - room
        if found.rail is not None:
            # Only the tip, in the gap between page and rail.
            room = (room - found.rail.width) / 2
            start = found.rail.x + found.rail.width if left else found.rail.x - room
        self.mark.put(scale, Box(start, min(max(at - 24, 0), scale.height - 48), room, 48))
        self.mark.refresh()
        self.mark.raise_()
        self._hide_mark.start()
        self._mark_gives_way()

    def _mark_gives_way(self) -> None:
        if self.card.isVisible() and self.mark.geometry().intersects(self.card.geometry()):
            self.mark.hide()

    def put_away(self) -> None:
        """しまう: the rail goes until the next touch, and with it the tool that kept it there."""
        self.view.hand.take_up(Use.NOTHING)
        self._put_away = True
        self._touched = False
        self._hide_rail.stop()
        self._arrange()

    @property
    def state(self) -> WallState | None:
        """What it shows now."""
        return self._state

    @property
    def rail_shown(self) -> bool:
        return self.rail.isVisible()

    def _places(self) -> Places | None:
        if self._state is None:
            return None
        scale = self.scale()
        per = scale.dpr * scale.unit
        letterbox = self._letterbox_px[0] / per, self._letterbox_px[1] / per
        floats = letterbox[0 if self._state.side == "left" else 1] < 172
        # Whoever holds a tool must see how to put it down.
        out = self._touched or self.view.hand.draws or not (self._put_away or floats)
        return places(self._state, scale.width, scale.height, letterbox, out, self._touched)

    def _arrange(self) -> None:
        state, found = self._state, self._places()
        if state is None or found is None:
            return
        scale = self.scale()
        per = scale.dpr * scale.unit
        letterbox = self._letterbox_px[0] / per, self._letterbox_px[1] / per
        chip = chip_places(state, scale.width, scale.height, letterbox, found.info)
        self.info.show_state(state, scale, found.info, chip=chip is not None and chip.in_column)
        self.rail.show_state(state, scale, found)
        self.steps.show_state(state, scale, found.step)
        self.card.show_card(card_for(found.slot, state), scale, found.card_x, scale.height)
        self.chip.show_state(state, scale, chip)
        self._mark_gives_way()
        self._show_note(state, scale)
        self._place_halves()
        self._place_inversion()

    def _place_halves(self) -> None:
        """The whole glass. Two pages side by side leave no letterbox: for what stays there they make room,
        the rail while a tool is in hand, or a card."""
        area, state = self.rect(), self._state
        found = self._places() if self.halves.halves is not None else None
        if state is not None and found is not None and stays(state, found.slot, self.view.hand.draws):
            room = round(2 * FROM_EDGE * self.scale().unit)
            area.adjust(room if state.side == "left" else 0, 0, -room if state.side == "right" else 0, 0)
        self.halves.setGeometry(area)

    def _place_inversion(self) -> None:
        page, state = self._page_px, self._state
        if page is None or state is None or not state.inverted:
            self.inversion.hide()
            return
        ratio = self.devicePixelRatioF()
        area = QRectF(page.x / ratio, page.y / ratio, page.width / ratio, page.height / ratio)
        corner = self.view.mapTo(self, QPoint(0, 0))
        self.inversion.setGeometry(area.toAlignedRect().translated(corner))
        self.inversion.show()

    def _show_note(self, state: WallState, scale: Scale) -> None:
        if state.hidden in (Hidden.NO, Hidden.WHITE):
            self.note.hide()
            return
        if state.hidden is not Hidden.HERE:
            words = say("説明者が画面を隠しています")
        elif state.touch:
            words = say("画面を隠しています。触れると、映すためのキーが出ます。")
        else:
            words = say("画面を隠しています")
        self.note.say(words)
        self.note.put(scale, Box(scale.width / 2 - 520, scale.height - 104, 1040, 64))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), WALL)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_halves()
        self.comparison.setGeometry(self.rect())
        self._arrange()

    # --- touch --------------------------------------------------------------------------------------------

    def reveal(self) -> None:
        """A finger was there: the rail comes, or stays for another while."""
        self._touched = True
        self._put_away = False
        self._hide_rail.start()
        self._arrange()

    def _untouched(self) -> None:
        self._touched = False
        self._arrange()

    def _key(self, name: str) -> None:
        if name == "put_away":
            self.put_away()
            return
        self.reveal()
        self.pressed.emit(name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._state is None or not self._state.touch:
            return False
        kind = event.type()
        if watched is self.halves.other:
            return self._other_touched(event)
        if watched is not self.view:
            return False
        if kind in (QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin):
            return self._touch_began(event)
        if kind in (QEvent.Type.MouseButtonRelease, QEvent.Type.TouchEnd, QEvent.Type.TouchCancel):
            return self._touch_ended()
        moves = (QEvent.Type.MouseMove, QEvent.Type.TouchUpdate, QEvent.Type.MouseButtonDblClick)
        return self._swallowing and kind in moves

    def _touch_began(self, event: QEvent) -> bool:
        self._swallowing = not (self.rail_shown or self.card.isVisible() or self.view.hand.draws)
        self.reveal()
        if self._swallowing:
            event.accept()
        return self._swallowing

    def _other_touched(self, event: QEvent) -> bool:
        """The half that is only looked at: a finger there brings the rail and does nothing else."""
        if event.type() not in (QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin):
            return False
        self.reveal()
        event.accept()
        return True

    def _touch_ended(self) -> bool:
        swallowed, self._swallowing = self._swallowing, False
        return swallowed

    def _tapped(self, at: QPointF) -> None:
        """A tap at the glass's edge turns, while the rail is shown."""
        if self._state is None or not self._state.touch or not self.rail_shown:
            return
        edge = EDGE_UNITS * self.scale().unit
        at = self.view.mapTo(self, at)
        if at.x() < edge:
            self.pressed.emit("previous")
        elif at.x() > self.width() - edge:
            self.pressed.emit("next")
