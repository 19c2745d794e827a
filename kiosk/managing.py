"""The facilities at this wall: consoles hear how it is, and what they order is done here.

Nothing here knows of a paper or a page: the most that is said of a briefing is that there is one.
"""

from __future__ import annotations

import json
import logging
import time
import tomllib
from argparse import Namespace
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from kamizero import VERSION
from kiosk.announced import Announcements
from kiosk.glass import Glass
from kiosk.health import read_health
from kiosk.kiosk_state import Standby
from kiosk.log_file import read_plain
from kiosk.machine import Machine
from kiosk.network import Network
from kiosk.notice import Kind, NoticeLayer, NoticeState
from kiosk.notices import Posted, keep_posted, read_posted
from kiosk.own_networks import left_outside
from kiosk.settings import Settings
from kiosk.settings_change import Value, values_of, write_changes
from kiosk.settings_checks import SettingsError
from kiosk.settings_hands import SettingsHands
from kiosk.settings_trial import SettingsTrial
from kiosk.system_restart import WORDS, restart_machine
from pageview.paper_words import clean_name
from pageview.whole_file import PRIVATE, write_whole
from protocol.facilities import ConsoleCertificate
from protocol.manage import (
    CHANGED_BY,
    LOG_LIMIT,
    NOTICE_LIMIT,
    Activity,
    AnnounceRollout,
    ChangeSettings,
    Command,
    FetchLog,
    FetchSettings,
    Identify,
    Notice,
    Outcome,
    RestartMachine,
    RestartProgram,
    RunSelfTest,
    SetService,
    Status,
)
from protocol.transport.facilities_file import EVERY_LIST
from protocol.transport.manage_events import OrderCame, RevocationsCame

log = logging.getLogger(__name__)

TELL_MS = 30_000
Answer = tuple[Outcome, str]
Disturbing = RestartProgram | RestartMachine | SetService | ChangeSettings
DONE: Answer = Outcome.DONE, ""


class Managing(QObject):
    """`start` it once; `take` is given what the network tells; ``restart`` brings a fresh screen, and ends a
    briefing first."""

    covering = Signal()
    """An emergency stands over the wall from now on, or no longer (`covers`)."""
    put_up = Signal()
    """Something of the facilities' is to be seen from now on."""

    def __init__(
        self,
        settings: Settings,
        options: Namespace,
        trial: SettingsTrial,
        network: Network,
        glass: Glass,
        machine: Machine,
        restart: Callable[[], None],
        touch: Callable[[], bool],
        test_itself: Callable[[], None],
        booked: Callable[[], tuple[int, int]],
        reboot: Sequence[str] = WORDS,
        clock: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings, self._options, self._trial = settings, options, trial
        self._hands, self._announced = SettingsHands(options.state), Announcements()
        self._network, self._glass, self._machine = network, glass, machine
        self._restart, self._reboot_words = restart, reboot
        self._touch, self._clock = touch, clock
        self._test_itself, self._booked = test_itself, booked
        self._dark = self._gone_back = False
        self._changed_by = b""
        """The console that has changed settings in this run, which is about to end."""
        self._started = int(clock())
        self._since = self._started
        self._activity = self._now()
        self.layer = NoticeLayer(settings.display.inches, settings.display.distance_m)
        glass.lay_over(self.layer)
        self._identified_until = 0.0
        self._posted = read_posted(options.state, clock())
        self._over = QTimer(self, singleShot=True)
        self._over.timeout.connect(self._show)
        self._telling = QTimer(self, interval=TELL_MS)
        self._telling.timeout.connect(self.tell)
        self._trial_over = QTimer(self, singleShot=True)
        self._trial_over.timeout.connect(self._end_trial)
        self._show()

    def start(self) -> None:
        """Begins to tell; the network is up."""
        self._machine.changed.connect(self._changed)
        self._glass.resized.connect(self.tell)
        self._telling.start()
        if self._trial.on_trial:
            self._trial_over.start(round(1_000 * self._settings.deadlines.trial))
        self.tell()

    @property
    def holds_the_wall(self) -> bool:
        """Something stands on it that nothing else may take away: the room's number, an emergency."""
        state = self.layer.state
        return state is not None and state.kind is not Kind.NOTICE

    @property
    def covers(self) -> bool:
        """An emergency stands over whatever the wall shows."""
        state = self.layer.state
        return state is not None and state.kind is Kind.EMERGENCY

    def set_dark(self, dark: bool) -> None:
        """A wall that is dark shows no notice, but for an emergency."""
        self._dark = dark
        self._show()

    # --- how it is --------------------------------------------------------------------------------------

    def _now(self) -> Activity:
        if self._settings.room.out_of_service:
            return Activity.OUT_OF_SERVICE
        return Activity.STANDBY if isinstance(self._machine.state, Standby) else Activity.BRIEFING

    def _changed(self) -> None:
        activity = self._now()
        if activity is not self._activity:
            self._activity, self._since = activity, int(self._clock())
            log.info("now: %s", activity.name.lower().replace("_", " "))
            self._show()
            self.tell()
            if self._gone_back and activity is not Activity.BRIEFING:
                self._restart()

    def _end_trial(self) -> None:
        """No console was heard under the settings that one has changed. A briefing has its end first."""
        self._gone_back = self._trial.go_back(self._clock())
        if self._gone_back and self._activity is not Activity.BRIEFING:
            self._restart()

    def tell(self) -> None:
        """Every console hears how this display is now."""
        room = self._settings.room
        width, height = self._glass.device_size()
        health = read_health(self._options.state)
        booked_from, booked_until = self._booked()
        status = Status(
            run=self._network.run,
            clock=max(0, int(self._clock())),
            activity=self._activity,
            since=self._since,
            number=room.number,
            name=room.name,
            name_en=room.name_en,
            place=room.place,
            place_en=room.place_en,
            version=VERSION,
            started=self._started,
            width=width,
            height=height,
            touch=self._touch(),
            memory=health.memory,
            memory_free=health.memory_free,
            disk_free=health.disk_free,
            temperature=health.temperature,
            revocations=self._network.revocations,
            booked_from=booked_from,
            booked_until=booked_until,
            on_trial=self._trial.on_trial,
            returned=self._trial.returned,
            rollouts=self._announced.told(self._clock()),
        )
        self._network.set_status(status)

    # --- what is ordered --------------------------------------------------------------------------------

    def take(self, event: OrderCame | RevocationsCame) -> None:
        """An order that counts, or a newer list."""
        if isinstance(event, RevocationsCame):
            self._keep_revocations(event)
            return
        order = event.order
        command = type(order.command).__name__
        log.info("%s ordered by the console of %s", command, order.console.device.hex()[:8])
        if self._trial.confirm():  # it names this run: that console hears us, and we hear it
            self.tell()
        if isinstance(order.command, RestartMachine) and not self._forbids(order.command):
            self._reboot(event)
            return
        after: list[Callable[[], None]] = []
        outcome, text = self._do(order.command, order.console, after)
        self._network.answer_order(event.asker, order.serial, outcome, text)
        for step in after:
            step()

    def _do(self, command: Command, console: ConsoleCertificate, after: list[Callable[[], None]]) -> Answer:
        """``after``: what follows when the answer is under way."""
        briefing = self._activity is Activity.BRIEFING
        match command:
            case FetchLog():
                return Outcome.DONE, read_plain(self._options.state, LOG_LIMIT)
            case FetchSettings():
                return self._settings_as_they_stand()
            case RunSelfTest():
                return (Outcome.BRIEFING, "") if briefing else self._test()
            case AnnounceRollout():
                self._announced.take(console, command, self._clock())
                after.append(self.tell)
                return DONE
            case Identify(seconds):
                return (Outcome.BRIEFING, "") if briefing else self._identify(seconds)
            case Notice(text, minutes, emergency):
                if briefing and text and not emergency:
                    return Outcome.BRIEFING, ""
                return self._post(text, minutes, emergency)
            case _:
                if self._forbids(command):
                    return Outcome.BRIEFING, ""
                return self._disturb(command, console, after)

    def _forbids(self, command: Disturbing) -> bool:
        return self._activity is Activity.BRIEFING and not command.over_briefing

    def _disturb(
        self, command: Disturbing, console: ConsoleCertificate, after: list[Callable[[], None]]
    ) -> Answer:
        answer = DONE
        match command:
            case SetService(out):
                # It stays so, though nobody looks; but a change that went before it is still on trial.
                prepare = self._trial.prepare if self._trial.ordered else None
                answer = self._write([("room.out_of_service", out)], prepare)
            case ChangeSettings() if self._changed_by not in (b"", console.device):
                # Nobody there has seen that change; after the restart it is asked for first.
                return Outcome.NOT_FOR_THIS, ""
            case ChangeSettings(changes, templates=templates):
                wanted = [(each.key, each.value) for each in changes]
                outside = left_outside(wanted, self._settings.network.own_networks)
                answer = (Outcome.SETTINGS, outside) if outside else self._write(wanted, self._trial.prepare)
                if answer == DONE:
                    self._changed_by = console.device
                    self._hands.note(console, wanted, self._clock(), templates)
        if answer == DONE:
            self._trial.acknowledge()
            after.append(self._restart)
        return answer

    def _test(self) -> Answer:
        self._test_itself()
        return DONE

    def _identify(self, seconds: int) -> Answer:
        self._identified_until = self._clock() + seconds
        self._show()
        self.put_up.emit()
        return DONE

    def _post(self, text: str, minutes: int, emergency: bool) -> Answer:
        words = clean_name(text, NOTICE_LIMIT) if text.strip() else ""
        posted = Posted(words, self._clock() + 60 * minutes, emergency) if words else None
        answer = DONE
        self._posted = posted
        try:
            keep_posted(self._options.state, posted)
        except OSError as error:  # a full disk keeps no emergency off the wall
            log.error("the notice will not outlive this screen: %s", error)
            if posted is None:  # and what was there before will come back
                answer = Outcome.FAILED, error.strerror or str(error)
        self._show()
        if posted is not None:
            self.put_up.emit()
        return answer

    def _write(self, changes: list[tuple[str, Value]], prepare: Callable[[str, str], None] | None) -> Answer:
        try:
            write_changes(self._options.config, changes, prepare)
        except SettingsError as error:
            return Outcome.SETTINGS, str(error)[:2_000]
        except (OSError, UnicodeDecodeError) as error:
            return Outcome.FAILED, f"{self._options.config}: {error}"
        return DONE

    def _settings_as_they_stand(self) -> Answer:
        try:
            found = values_of(self._options.config.read_bytes().decode("utf-8-sig"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            return Outcome.FAILED, f"{self._options.config}: {error}"
        told = {**found, CHANGED_BY: self._hands.told(found)}
        return Outcome.DONE, json.dumps(told, ensure_ascii=False)

    def _reboot(self, event: OrderCame) -> None:
        def done(refusal: str | None) -> None:
            answer = DONE if refusal is None else (Outcome.FAILED, refusal[:300])
            if answer == DONE:
                self._trial.acknowledge()
            self._network.answer_order(event.asker, event.order.serial, *answer)

        restart_machine(self._reboot_words, done, self)

    def _keep_revocations(self, came: RevocationsCame) -> None:
        try:
            kept = self._options.state / f"revoked-{came.number}.list"
            write_whole(came.frame, kept, PRIVATE)
            for former in self._options.state.glob(EVERY_LIST):
                if came.whole and former != kept:
                    former.unlink(missing_ok=True)
        except OSError as error:
            log.error("the revocation list cannot be kept, and is asked for again: %s", error)
            return
        self.tell()

    # --- on the glass -----------------------------------------------------------------------------------

    def _show(self) -> None:
        """What is to stand over the wall now, and until when."""
        now = self._clock()
        posted = self._posted if self._posted is not None and self._posted.until > now else None
        room = self._settings.room
        state, until = None, 0.0
        if self._identified_until > now and self._activity is not Activity.BRIEFING:
            state, until = NoticeState(Kind.NUMBER, room.name, room.number), self._identified_until
        elif posted is not None and posted.emergency:
            state, until = NoticeState(Kind.EMERGENCY, posted.text), posted.until
        elif posted is not None and self._activity is not Activity.BRIEFING and not self._dark:
            state, until = NoticeState(Kind.NOTICE, posted.text), posted.until
        covered = self.covers
        self.layer.show_state(state)
        if covered is not self.covers:
            self.covering.emit()
        if state is not None:
            self._over.start(max(1, min(2**31 - 1, round((until - now) * 1_000))))
