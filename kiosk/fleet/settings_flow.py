"""How templates come into effect: displays are asked, waves begin, and whoever looks decides; each written
down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import perf_counter

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from kiosk.fleet.asking import Asking
from kiosk.fleet.forecast import Forecast
from kiosk.fleet.hands import NAME_SHOWN, Hands
from kiosk.fleet.model import Display, Fleet
from kiosk.fleet.others import TOLD_FOR, Beacons, Others
from kiosk.fleet.rollout import Rollout
from kiosk.fleet.rollout_question import RolloutQuestion
from kiosk.fleet.rollout_words import elsewhere_words, news_words
from kiosk.fleet.settings_page import SettingsPage
from kiosk.fleet.template_flow import Orders, TemplateFlow, cannot_keep
from kiosk.fleet.template_folder import TemplateFolder
from kiosk.fleet.templates import Level, Place, place_words
from kiosk.fleet.waves import Halted
from pageview.paper_words import clean_name
from pageview.wording import say
from protocol.manage import AnnounceRollout, ChangeSettings, FetchSettings, Outcome

BEAT_MS = 1_000
"""How far the waves have come is looked at so often."""
BURST = 100
"""Displays that have their turn with one beat: each order is signed, and written down first."""
ASK_MS, ASKED = 100, 20
"""So many are asked for their settings each time: ten thousand within a minute."""
PIECE = 0.005
"""Seconds for which the window waits while the next wave is planned."""
LOOKED_AT = 10.0
"""Seconds after which a single room that somebody looks at is asked again."""


class SettingsFlow(QObject):
    """`saw` is told of every display that says how it is."""

    def __init__(
        self,
        fleet: Fleet,
        folder: TemplateFolder,
        rollout: Rollout,
        page: SettingsPage,
        orders: Orders,
        who: str,
        own: bytes,
        may: bool,
        clock: Callable[[], float],
    ) -> None:
        super().__init__(page)
        self._fleet, self._folder, self._rollout, self._page = fleet, folder, rollout, page
        self._orders, self._may, self._clock = orders, may, clock
        page.shown.connect(self.shown)
        page.apply_asked.connect(self._question)
        page.halt_asked.connect(lambda: self._decide(rollout.halt, say("設定の反映を止める")))
        page.on_asked.connect(self._go_on)
        page.undo_asked.connect(lambda: self._decide(rollout.take_back, say("前の設定に戻す指示")))
        self._beat = QTimer(self, interval=BEAT_MS)
        self._beat.timeout.connect(self.beat)
        self._asking = Asking()
        self._ask_next = QTimer(self, interval=ASK_MS)
        self._ask_next.timeout.connect(self._ask_some)
        self._work: Iterator[None] | None = None
        self._wish: Iterator[None] | None = None
        """That same work, while it is what somebody has pressed: it is never left half done."""
        self._rest = QTimer(self, singleShot=True, interval=0)
        self._rest.timeout.connect(self._go_on_working)
        self._others, self._beacons = Others(own), Beacons()
        self._begun = 0
        """When this console began to tell the others of its rollout."""
        self.templates = TemplateFlow(folder, page, orders, who, clock)

    def start(self) -> None:
        """What was under way when the console was closed goes on."""
        if self._may:
            self._beat.start()

    def stop(self) -> None:
        """How far it has come is kept."""
        for each in (self._beat, self._ask_next, self._rest):
            each.stop()
        self._finish_wish()
        try:
            self._rollout.flush()
        except OSError as error:
            cannot_keep(self._orders, error)

    @property
    def _window(self) -> QWidget:
        return self._page.window()

    # --- displays ---------------------------------------------------------------------------------------

    def saw(self, device: bytes) -> bool:
        """That display says how it is: maybe it is its turn. One whose settings are on trial hears from us by
        being asked for them. Whether anything was sent."""
        display, rollout = self._fleet.displays.get(device), self._rollout
        if display is None or display.status is None or not display.linked:
            return False
        now = self._clock()
        self._others.saw(display, now)
        self._page.show_others(self._others.rollouts(now))
        if not self._may:
            return False
        stage = rollout.stage
        urgent = display.status.on_trial or device in stage.members or device in stage.back
        if not urgent and not self._cares(device):
            return False
        if urgent or rollout.files.is_asked(display):
            return self._turn(display)
        self._ask([device])
        return False

    def _cares(self, device: bytes) -> bool:
        """Somebody wants to know what stands there."""
        used = self._folder.current.values or self._rollout.standing(device).put or self._rollout.stage.wave
        return bool(used or self._seen())

    def _turn(self, display: Display) -> bool:
        device = display.device
        command = self._rollout.turn(display, self._fleet.condition(device))
        if command is None:
            return False

        def then(outcome: Outcome | None, text: str) -> None:
            self._told(device, command, outcome, text)

        if isinstance(command, FetchSettings):
            self._orders.ask(device, command, then)
        else:
            self._orders.order((device,), command, then)
        return True

    def beat(self) -> None:
        """Who is next, and what has become of the wave that is under way."""
        if self._work is None:
            self._work = self._rollout.work(self._fleet, self._clock())
            self._go_on_working()
        sent = 0
        for device in tuple(self._rollout.turns()):
            sent += self.saw(device)
            if sent >= BURST:
                break
        if sent and self._seen():
            self._page.refresh()
        self._coordinate()

    def _coordinate(self) -> None:
        """Tells other consoles of the rollout here; of two at once, the one that began later halts."""
        now, stage = self._clock(), self._rollout.stage
        under_way = bool(stage.wave or stage.back)
        self._begun = (self._begun or int(now)) if under_way else 0
        back = any(self._fleet.displays[each].linked for each in stage.back & self._fleet.displays.keys())
        active = under_way and stage.halted is None and (bool(stage.members) or back)
        other = self._others.running(now)
        forward = active and not stage.back
        if forward and other is not None and self._others.goes_first(other, self._begun):
            try:
                self._rollout.give_way(clean_name(other.by, NAME_SHOWN))
            except OSError as error:
                cannot_keep(self._orders, error)
            active = False
        said = None
        if under_way:
            done, left = len(stage.passed), {*self._rollout.still(self._fleet), *stage.members}
            said = AnnounceRollout(TOLD_FOR, self._begun, active, done, done + len(left))
        for device, command in self._beacons.news(said, self._fleet, stage.members, now):
            self._orders.ask(device, command)
        self._page.show_others(self._others.rollouts(now))

    def _go_on_working(self) -> None:
        """Until it is done, or for a moment: in a large house the window has its turn in between."""
        work, until = self._work, perf_counter() + PIECE
        if work is None:
            return
        wish, self._wish = self._wish, None
        try:
            for _ in work:
                if perf_counter() > until:
                    self._wish = wish
                    self._rest.start()
                    return
        except OSError as error:
            cannot_keep(self._orders, error)
            wish = None
        self._work = None
        if wish is not None:
            self.beat()
            self._page.refresh()
            return
        news = self._rollout.told()
        for each in news:
            words = news_words(each, self._fleet, self._rollout.pace.back_within / 60)
            self._orders.record(words, "err" if isinstance(each, Halted) else "")
        self._fleet.halt(self._rollout.stage.halted is not None, self._clock())
        if news and self._seen():
            self._page.refresh()

    def _seen(self) -> bool:
        return self._page.isVisible()

    # --- what stands in their files ---------------------------------------------------------------------

    def shown(self) -> None:
        """Somebody looks at a place: its displays are asked anew, and before all others, unless they have
        told a moment ago."""
        if not self._may:
            return
        place, now = self._page.place, self._clock()
        seconds = (LOOKED_AT,) if place.level is Level.ROOM else ()
        old = [
            each.device
            for each in self._page.displays_of(place)
            if each.linked and not self._asking.is_fresh(each.device, now, *seconds)
        ]
        stage = self._rollout.stage
        self._rollout.files.forget({*old} - stage.members - stage.back)
        self._ask(old, first=True)

    def _ask(self, devices: list[bytes], *, first: bool = False) -> None:
        self._asking.want(devices, first)
        if self._asking.left and not self._ask_next.isActive():
            self._ask_next.start()
            self._ask_some()

    def _ask_some(self) -> None:
        for device in self._asking.next(ASKED):
            display = self._fleet.displays.get(device)
            if display is None or not self._cares(device) or not self._turn(display):
                self._asking.done(device, None)
        left, count = self._asking.left, self._asking.count
        if not left:
            self._ask_next.stop()
        if self._seen():
            self._page.show_asked(count - left, count)

    def _told(
        self, device: bytes, command: FetchSettings | ChangeSettings, outcome: Outcome | None, text: str
    ) -> None:
        display = self._fleet.displays.get(device)
        if display is None:
            self._asking.done(device, None)
            return
        self._rollout.answered(display, command, outcome, text)
        asked = isinstance(command, FetchSettings) and outcome is Outcome.DONE
        self._asking.done(device, self._clock() if asked else None)
        if outcome is Outcome.DONE:
            self.saw(device)

    # --- into effect ------------------------------------------------------------------------------------

    def _question(self, place: Place) -> None:
        displays = self._page.displays_of(place)
        seen = self._rollout.files.hands()  # what comes while the question stands is not read there
        forecast = Forecast(self._fleet, self._rollout, displays, self._clock())
        question = RolloutQuestion(self._window, forecast, seen)
        if question.agreed():
            self.put_into_effect(place, displays, seen)

    def put_into_effect(self, place: Place, displays: list[Display], seen: Hands | None = None) -> None:
        """Each of these has what the templates say as soon as its wave has come. ``seen``: as for `wish`."""
        words = say("{place}の{n}台に反映する", place=place_words(place), n=len(displays))
        if self._is_free() and self._orders.note(say("設定のひな形：{what}", what=words)):
            self._finish_wish()
            self._work = self._wish = self._rollout.wishing(displays, seen)
            self._go_on_working()

    def _is_free(self) -> bool:
        """No other console takes settings through the house; else that is said."""
        other = self._others.running(self._clock())
        if other is not None:
            self._orders.tell(elsewhere_words(other) + say("終わってから反映してください。"), "err")
        return other is None

    def _decide(self, done: Callable[[], None], words: str) -> None:
        """Somebody halts a rollout, goes on with it or takes it back."""
        if self._orders.note(words):
            self._keep_rollout(done)

    def _go_on(self) -> None:
        back = self._rollout.stage.back
        if not back and not self._is_free():
            return
        words = say("前の設定に戻すのを、あとは待たない") if back else say("設定の反映を続ける")
        self._decide(self._rollout.go_on, words)

    def _finish_wish(self) -> None:
        """Something else is pressed already, or the console is closed."""
        wish, self._wish = self._wish, None
        try:
            for _ in wish or ():
                pass
        except OSError as error:
            cannot_keep(self._orders, error)

    def _keep_rollout(self, done: Callable[[], None]) -> None:
        self._finish_wish()
        self._work = None  # what was thought before somebody decided
        try:
            done()
        except OSError as error:
            cannot_keep(self._orders, error)
            return
        self.beat()
        self._page.refresh()
