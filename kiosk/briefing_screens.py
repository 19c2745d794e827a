"""The screens of a briefing: cover, wall and page list, from the machine's state and the follower."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from kiosk.comparison import shown
from kiosk.cover import Cover
from kiosk.cover_feed import cover_state
from kiosk.follower import Follower
from kiosk.glass import Glass
from kiosk.kiosk_state import Following, Paired, Showing, State
from kiosk.machine import Machine
from kiosk.page_list import PageList
from kiosk.settings import Settings, Side
from kiosk.standby_feed import Facts
from kiosk.wall import Wall
from kiosk.wall_feed import entries, told_for_s, wall_state
from kiosk.wall_state import Code
from pageview.beside import halves
from pageview.geometry import Side as PageSide
from pageview.hand import Use
from protocol.values import Screen, View


class BriefingScreens(QObject):
    """Takes the glass (`screens.InFront`) whenever the machine is not on standby."""

    changed = Signal()
    """Somebody at this wall wants to see it otherwise."""

    def __init__(
        self,
        settings: Settings,
        glass: Glass,
        machine: Machine,
        follower: Follower,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.side: Side = settings.display.rail
        self.inverted = False
        self._settings = settings
        self._machine = machine
        self._follower = follower
        self._code_until = 0.0
        self._shown_code = Code.NONE
        self._join_code = ""
        self._more = False
        inches, distance = settings.display.inches, settings.display.distance_m
        self.cover = Cover(inches, distance)
        self.wall = Wall(follower.page, inches, distance)
        self.pages = PageList(self._thumbnail, self.wall)
        for screen in (self.cover, self.wall):
            glass.add(screen)
        follower.painted.connect(self.brought)
        follower.turned.connect(self._turned)
        follower.thumbnail_ready.connect(self.pages.thumbnail_ready)

    # --- what a briefing shows (InFront) --------------------------------------------------------------------

    def front(self, facts: Facts, now: datetime, clock: float) -> tuple[str, QWidget] | None:
        """The screen to bring, its words up to date; None for standby."""
        state = self._machine.state
        showing = self._machine.showing()
        if showing is Showing.STANDBY:
            return None
        unusable = self._unusable(state)
        covered = unusable or self._cut_off(state)
        if showing is Showing.PAGE and isinstance(state, Following) and not covered:
            self._prepare_wall(state, facts, now, clock)
            return "show", self.wall
        self.pages.hide()
        self.cover.show_state(
            cover_state(
                self._settings,
                state,
                now,
                clock,
                touch=facts.touch,
                code=facts.code,
                join_code=self._join_code,
                unusable=unusable,
            )
        )
        return "cover", self.cover

    def _unusable(self, state: State) -> bool:
        """A page should be seen, and its paper is not the one that was announced."""
        wanted = isinstance(state, Following) and state.screen is Screen.SHOW and not state.hidden_here
        return wanted and self._follower.unusable

    def _cut_off(self, state: State) -> bool:
        """The link went before anything of the page had come: there is nothing but white to show."""
        return isinstance(state, Following) and state.lost_at is not None and self._follower.awaited

    def brought(self) -> None:
        """The page may lie elsewhere now: the panels keep to the letterbox."""
        self.wall.set_placement(self._follower.placement(), self._follower.page_placement())

    def next_look(self, clock: float) -> float:
        """A question counts down each second; the room code beside the page goes away; what is left of the
        paper's time has minutes of its own."""
        state = self._machine.state
        asked = isinstance(state, Paired | Following) and state.question is not None
        left = self._code_until - clock if self._shown_code is not Code.NONE else 0.0
        told = told_for_s(self._follower.paper_left_s(clock)) + 0.01
        return min(1.0 if asked else 3600.0, left + 0.01 if left > 0 else 3600.0, told)

    def _prepare_wall(self, state: Following, facts: Facts, now: datetime, clock: float) -> None:
        follower = self._follower
        follower.hidden_here = state.hidden_here
        follower.set_rail(PageSide.LEFT if self.side == "left" else PageSide.RIGHT)
        follower.show_screen(state.screen)
        words = wall_state(
            self._settings,
            state,
            follower,
            now,
            clock,
            side=self.side,
            touch=facts.touch,
            inverted=self.inverted,
            more=self._more,
            code=facts.code,
            join_code=self._join_code,
            shown=self._shown_code if clock < self._code_until else Code.NONE,
        )
        self.wall.show_state(words)
        self._put_beside(state)
        self._compare(state)
        if self.pages.isVisible():
            self.pages.show_state(entries(follower), self._page_id(), words)

    def _put_beside(self, state: Following) -> None:
        """What the presenter put beside the page, unless this wall looks at another."""
        follower, registers = self._follower, self._follower.registers
        seen = state.screen is Screen.SHOW and not state.hidden_here and not follower.page.free
        found = halves(follower.briefing, registers.view, registers.beside) if seen else None
        follower.set_beside(found is not None)
        self.wall.show_halves(found, follower.source)
        self.wall.set_placement(follower.placement(), follower.page_placement())

    def _compare(self, state: Following) -> None:
        """前後を比べる, as long as the page itself would be seen."""
        follower, source = self._follower, self._follower.source
        view, what = follower.page.view, follower.registers.compared
        seen = state.screen is Screen.SHOW and not state.hidden_here and not follower.page.free
        found = None
        if source is not None and view is not None and seen:
            found = shown(follower.briefing, what, source.page_number(view.page_id)[0])
        if found is not None and view is not None and found.before.page_id != view.page_id:
            found = None  # the presenter has gone on
        self.wall.comparison.show_compared(found, source)

    # --- what people do with it -----------------------------------------------------------------------------

    def show_code(self, shown: Code) -> None:
        """A number beside the page for a while (別の端末をつなぐ, 参加番号), or none."""
        if shown is not Code.NONE:
            self.pages.hide()  # Whoever calls for a number from the desk is to see it on the wall.
        self._shown_code = shown
        self._code_until = self._machine.clock() + self._settings.deadlines.another
        self.changed.emit()

    def set_join_code(self, code: str | None) -> None:
        """The number by which people join; None: nobody new may."""
        self._join_code = code or ""
        self.changed.emit()

    def toggle_pages(self) -> None:
        """ページ一覧, or away with it."""
        state = self.wall.state
        if self.pages.isVisible() or state is None:
            self.pages.hide()
            return
        self.pages.setGeometry(self.wall.rect())
        self.pages.open(entries(self._follower), self._page_id(), state)

    def put_away(self) -> None:
        """しまう: the page list, else the rail and the code."""
        if self.pages.isVisible():
            self.pages.hide()
        else:
            self._more = False
            self._follower.page.hand.take_up(Use.NOTHING)
            self.show_code(Code.NONE)
            self.wall.put_away()

    def toggle_more(self) -> None:
        """その他: the keys for which there is no room beside the tools; and back."""
        self._more = not self._more
        self.changed.emit()

    def show_tools(self) -> None:
        """その他, if it was open, is done with."""
        if self._more:
            self.toggle_more()

    def invert(self) -> None:
        """白黒反転."""
        self.inverted = not self.inverted
        self.changed.emit()

    def swap_sides(self) -> None:
        """The rail to the other side."""
        self.side = "left" if self.side == "right" else "right"
        self.changed.emit()

    def _page_id(self) -> int | None:
        view = self._follower.page.view
        return view.page_id if view is not None else None

    def _thumbnail(self, page_id: int, width: int, height: int) -> QImage | None:
        source = self._follower.source
        return source.thumbnail(page_id, width, height) if source is not None else None

    def _turned(self, former: View | None, view: View) -> None:
        """「続き」 beside the place where the former step of the same page ended."""
        place, mark = self._follower.placement(), None
        if former is not None and former.page_id == view.page_id and view.step == former.step + 1:
            mark = place.to_pixels(0, former.rect.y1)[1] if place is not None else None
        self.wall.mark_continuation(mark)
