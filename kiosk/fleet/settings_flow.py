"""What people do with templates: change a value, read a file, go back, put into effect; each written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Protocol

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from kiosk.fleet.asking import Asking
from kiosk.fleet.hands import Hands
from kiosk.fleet.model import Display, Fleet
from kiosk.fleet.rollout import Rollout
from kiosk.fleet.rollout_question import EditionQuestion, RolloutQuestion
from kiosk.fleet.rollout_words import news_words
from kiosk.fleet.settings_page import SettingsPage
from kiosk.fleet.template_folder import TemplateFolder
from kiosk.fleet.templates import (
    SIZE_LIMIT,
    BadTemplates,
    Level,
    Place,
    Templates,
    place_words,
    read_templates,
    read_value,
    write_templates,
)
from kiosk.fleet.waves import Halted
from kiosk.fleet.writing_out import write_out
from pageview.paper_words import clean_name
from pageview.wording import say
from protocol.manage import ChangeSettings, Command, FetchSettings, Outcome

Then = Callable[[Outcome | None, str], None]
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


class Orders(Protocol):
    """What the desk does for it."""

    def order(self, devices: tuple[bytes, ...], command: Command, then: Then | None = None) -> None:
        """Written down and sent; what cannot be written down does not arrive."""

    def ask(self, device: bytes, command: Command, then: Then) -> None:
        """Sent, and not written down: nothing is done by it."""

    def note(self, what: str) -> bool:
        """Written down: done at this console alone. False: it cannot be."""

    def record(self, words: str, tone: str) -> None:
        """It has come to pass: written down, which nobody waits for, and said."""

    def tell(self, words: str, tone: str = "") -> None:
        """Said under every page."""


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
        may: bool,
        clock: Callable[[], float],
    ) -> None:
        super().__init__(page)
        self._fleet, self._folder, self._rollout, self._page = fleet, folder, rollout, page
        self._orders, self._who, self._may, self._clock = orders, who, may, clock
        page.shown.connect(self.shown)
        page.valued.connect(self.change)
        page.apply_asked.connect(self._question)
        page.read_asked.connect(self._choose)
        page.write_asked.connect(self._write)
        page.back_asked.connect(self._go_back)
        page.halt_asked.connect(lambda: self._decide(rollout.halt, say("設定の反映を止める")))
        page.on_asked.connect(self._go_on)
        page.undo_asked.connect(lambda: self._decide(rollout.take_back, say("前の設定に戻す指示")))
        self._beat = QTimer(self, interval=BEAT_MS)
        self._beat.timeout.connect(self.beat)
        self._asking = Asking()
        self._ask_next = QTimer(self, interval=ASK_MS)
        self._ask_next.timeout.connect(self._ask_some)
        self._work: Iterator[None] | None = None
        self._rest = QTimer(self, singleShot=True, interval=0)
        self._rest.timeout.connect(self._go_on_working)

    def start(self) -> None:
        """What was under way when the console was closed goes on."""
        if self._may:
            self._beat.start()

    def stop(self) -> None:
        """How far it has come is kept."""
        for each in (self._beat, self._ask_next, self._rest):
            each.stop()
        try:
            self._rollout.flush()
        except OSError as error:
            self._cannot_keep(error)

    @property
    def _window(self) -> QWidget:
        return self._page.window()

    # --- displays ---------------------------------------------------------------------------------------

    def saw(self, device: bytes) -> bool:
        """That display says how it is: maybe it is its turn. One whose settings are on trial hears from us by
        being asked for them. Whether anything was sent."""
        display, rollout = self._fleet.displays.get(device), self._rollout
        if display is None or display.status is None or not display.linked or not self._may:
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

    def _go_on_working(self) -> None:
        """Until it is done, or for a moment: in a large house the window has its turn in between."""
        work, until = self._work, perf_counter() + PIECE
        if work is None:
            return
        try:
            for _ in work:
                if perf_counter() > until:
                    self._rest.start()
                    return
        except OSError as error:
            self._cannot_keep(error)
        self._work = None
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
        place, now = self._page.place, self._clock()
        seconds = (LOOKED_AT,) if place.level is Level.ROOM else ()
        old = [
            each.device
            for each in self._page.displays_of(place)
            if each.linked and not self._asking.is_fresh(each.device, now, *seconds)
        ]
        stage = self._rollout.stage
        self._rollout.files.forget(each for each in old if each not in stage.members | stage.back)
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
        if isinstance(command, FetchSettings):
            self._asking.done(device, self._clock() if outcome is Outcome.DONE else None)
        if outcome is Outcome.DONE:
            self.saw(device)

    def _cannot_keep(self, error: OSError) -> None:
        words = say("ひな形や反映の進み具合を保存できません（{why}）。", why=error.strerror or error)
        self._orders.tell(words, "err")  # whatever page is seen: no wave goes on like this

    # --- templates --------------------------------------------------------------------------------------

    def change(self, place: Place, key: str, text: str) -> None:
        """One value, as it was typed; "": inherited again. An extension is digits, and still a text."""
        wrong: list[BadTemplates] = []
        for value in dict.fromkeys((read_value(text), text)) if text else (None,):
            try:
                changed = self._folder.current.with_value(place, key, value)
            except BadTemplates as bad:
                wrong.append(bad)
                continue
            if changed != self._folder.current:
                said = text or say("受け継ぐ")
                where = place_words(place)
                self._keep(changed, say("{place}の {key} を {value} に", place=where, key=key, value=said))
            return
        self._page.show_again()
        self._page.say(str(wrong[0]), "err")

    def _keep(self, templates: Templates, what: str) -> None:
        if not self._orders.note(say("設定のひな形：{what}", what=what)):
            self._page.show_again()
            return
        try:
            self._folder.keep(templates, self._clock(), self._who, what)
        except OSError as error:
            self._page.show_again()
            self._cannot_keep(error)
            return
        self._page.refresh()

    def read(self, file: Path) -> None:
        """Takes a file's templates in the place of all that there are."""
        name = clean_name(file.name)
        try:
            with file.open("rb") as source:
                templates = read_templates(source.read(SIZE_LIMIT + 1))
        except BadTemplates as bad:
            self._page.say(say("「{name}」は読み込んでいません。{why}", name=name, why=bad), "err")
        except OSError as error:
            why = error.strerror or str(error)
            self._page.say(say("「{name}」を読めません（{why}）。", name=name, why=why), "err")
        else:
            self._keep(templates, say("「{name}」を読み込む", name=name))

    def write(self, file: Path) -> None:
        """All templates, as they count now."""
        self._page.say(*write_out(write_templates(self._folder.current).encode(), file))

    def _choose(self) -> None:
        title = say("設定のひな形を読み込む")
        file, _ = QFileDialog.getOpenFileName(self._window, title, "", "TOML (*.toml)")
        if file:
            self.read(Path(file))

    def _write(self) -> None:
        title = say("設定のひな形を書き出す")
        file, _ = QFileDialog.getSaveFileName(self._window, title, "kamizero-templates.toml", "TOML (*.toml)")
        if file:
            self.write(Path(file))

    def _go_back(self) -> None:
        question = EditionQuestion(self._window, self._folder.editions[:-1])
        if question.exec() == QDialog.DialogCode.Accepted:
            edition = question.edition
            self._keep(edition.templates, say("第{number}版に戻す", number=edition.number))

    # --- into effect ------------------------------------------------------------------------------------

    def _question(self, place: Place) -> None:
        displays = self._page.displays_of(place)
        seen = self._rollout.files.hands()  # what comes while the question stands is not read there
        question = RolloutQuestion(self._window, self._fleet, self._rollout, displays, self._clock())
        if question.exec() == QDialog.DialogCode.Accepted:
            self.put_into_effect(place, displays, seen)

    def put_into_effect(self, place: Place, displays: list[Display], seen: Hands | None = None) -> None:
        """Each of these has what the templates say as soon as its wave has come. ``seen``: as for `wish`."""
        words = say("{place}の{n}台に反映する", place=place_words(place), n=len(displays))
        if self._orders.note(say("設定のひな形：{what}", what=words)):
            self._keep_rollout(lambda: self._rollout.wish(displays, seen))

    def _decide(self, done: Callable[[], None], words: str) -> None:
        """Somebody halts a rollout, goes on with it or takes it back."""
        if self._orders.note(words):
            self._keep_rollout(done)

    def _go_on(self) -> None:
        back = self._rollout.stage.back
        words = say("前の設定に戻すのを、あとは待たない") if back else say("設定の反映を続ける")
        self._decide(self._rollout.go_on, words)

    def _keep_rollout(self, done: Callable[[], None]) -> None:
        self._work = None  # what was thought before somebody decided
        try:
            done()
        except OSError as error:
            self._cannot_keep(error)
            return
        self.beat()
        self._page.refresh()
