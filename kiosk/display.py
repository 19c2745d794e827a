"""What the screen loads after its first paint: network, machine, follower; and how they connect."""

from __future__ import annotations

import logging
import sys
import time
from argparse import Namespace

import msgspec
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from kiosk.bindings import action_table
from kiosk.briefing_screens import BriefingScreens
from kiosk.ending import Ending, Steps
from kiosk.evidence import Evidence, EvidenceRefused
from kiosk.follower import Follower
from kiosk.glass import Glass
from kiosk.happenings import happening_of
from kiosk.idling import Idling
from kiosk.inhibit import Inhibitor
from kiosk.installed import facilities_files
from kiosk.kiosk_state import DisconnectChosen, Effect, Following, Paired, Showing, Standby
from kiosk.machine import Machine
from kiosk.managing import Managing
from kiosk.metering import Metering
from kiosk.network import Network, room_facts, transport_settings
from kiosk.pipe import SupervisorPipe
from kiosk.screens import Screens
from kiosk.script import Script
from kiosk.settings import Settings
from kiosk.settings_trial import SettingsTrial
from kiosk.supervisor import REPLACED
from kiosk.telling import Telling
from kiosk.wall_state import Code
from kiosk.writing import Writing
from pageview import translator
from pageview.segments import SegmentStore
from protocol.errors import Fault, Unavailable
from protocol.messages import RoomFacts
from protocol.presence import Position
from protocol.transport.events import (
    CodeShown,
    CodeWrong,
    Ended,
    Event,
    KeyPressed,
    NetworkState,
    SecretKept,
)
from protocol.transport.join_events import JoinCodeShown, LeftReason
from protocol.transport.manage_events import OrderCame, RevocationsCame

log = logging.getLogger(__name__)

WIPE_PATIENCE = 10
"""Seconds that overwriting a gigabyte may take on a slow machine."""


class Display(QObject):
    """The display at work: everything of this screen that knows of presenters and papers."""

    def __init__(
        self,
        options: Namespace,
        settings: Settings,
        trial: SettingsTrial,
        glass: Glass,
        screens: Screens,
        pipe: SupervisorPipe,
        kept_secret: bytes | None,
        hidden: bool,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        translator.install(app)
        self._settings, self._glass, self._screens, self._pipe = settings, glass, screens, pipe
        self._presented: Position | None = None
        clock = time.monotonic
        resuming = (
            Paired(None, clock(), clock(), hidden_here=hidden) if kept_secret is not None else Standby()
        )
        self.machine = Machine(settings.deadlines, resuming, parent=self)
        store = SegmentStore()
        self.follower = Follower(store, parent=self)
        self.front = BriefingScreens(settings, glass, self.machine, self.follower, parent=self)
        self.network = Network(
            transport_settings(settings, options),
            self._facts(),
            options.state,
            store,
            kept_secret,
            settings.room.out_of_service,
            parent=self,
        )
        self.managing = Managing(
            settings,
            options,
            trial,
            self.network,
            glass,
            self.machine,
            self.restart,
            lambda: screens.facts.touch,
            lambda: self.idling.self_testing.order(),
            lambda: self.idling.booked(),
            parent=self,
        )
        self.writing = Writing(self.follower, self.network, parent=self)
        self.actions = action_table(self.front, self.machine, self.follower, self.writing)
        self.inhibitor = Inhibitor(self)
        self.ending = Ending(self._last_steps(), parent=self)
        self.idling = Idling(
            settings,
            options,
            glass,
            screens,
            self.machine,
            self.managing,
            self.network.set_self_test,
            lambda: self.ending.begun,
            parent=self,
        )
        self._takes_over = False
        self._hidden = hidden
        self.script = self._script(options)
        halves = self.front.wall.halves.shown
        self.telling = Telling(self.script, self.follower, screens, halves, parent=self)
        self.front.wall.comparison.shown.connect(lambda number: self.script.tell("compared", number=number))
        self._connect()
        screens.attach(self.front)
        self.metering = Metering(settings, options.state, self.machine, self.follower, parent=self)
        self.network.start()
        self.managing.start()
        self.metering.start()
        self.idling.start()
        if kept_secret is not None:
            self._prepare()  # while the presenter is being found again, not after it

    def _last_steps(self) -> Steps:
        return Steps(
            cover=self._cover_for_good,
            wipe=self.follower.wipe,
            drop=self._drop,
            replace=self._replace,
            tell=self._tell_wiped,
            part=self.network.stop,
            leave=lambda: QApplication.exit(REPLACED),
        )

    def _script(self, options: Namespace) -> Script:
        evidence = None
        if options.evidence is not None:
            try:
                evidence = Evidence(options.evidence, facilities_files(self._settings, options))
            except EvidenceRefused as refusal:
                print(f"kiosk: {refusal}", file=sys.stderr, flush=True)
        script = Script(lambda event: self._pipe.tell(event=event), self._glass, evidence, parent=self)
        script.enabled = bool(options.script)
        script.actions = self.actions
        script.cut = self.network.cut
        script.hand = self.follower.page.hand
        script.take_stalls = self.network.take_stalls
        return script

    def _connect(self) -> None:
        self.network.received.connect(self._on_network)
        self.machine.changed.connect(self._tell_hidden)  # before it is seen: a crash may come right after
        self.machine.changed.connect(self._refresh)
        self.machine.changed.connect(self._inhibit)
        self.machine.effect.connect(self._on_effect)
        self.front.changed.connect(self._screens.refresh)
        self.follower.changed.connect(self._screens.refresh)
        self.writing.changed.connect(self._screens.refresh)
        self.follower.position.connect(self._present)
        self.managing.covering.connect(self._present_again)
        self.follower.reported.connect(self.network.report)
        self.front.wall.pressed.connect(self.actions.trigger)
        self.front.wall.step_touched.connect(self.follower.show_step)
        self.front.wall.answered.connect(self._answered)
        self.front.pages.pressed.connect(self.actions.trigger)
        self.front.pages.chosen.connect(self._page_chosen)
        self.front.cover.disconnect_confirmed.connect(lambda: self.machine.take(DisconnectChosen()))
        self.front.cover.takeover_answered.connect(self.network.answer_takeover)
        self._glass.resized.connect(self._resized)

    # --- what comes from the network --------------------------------------------------------------------

    def _on_network(self, events: tuple[Event, ...]) -> None:
        for event in events:
            if isinstance(event, SecretKept):
                self._keep(event.blob)
            elif isinstance(event, OrderCame | RevocationsCame):
                self.managing.take(event)
            elif not self.ending.begun:
                self._take(event)

    def _take(self, event: Event) -> None:
        self.writing.take(event)
        self.follower.take(event)
        match event:
            case CodeShown(_, code, expires_at):
                self._screens.change_facts(code=code, code_until=expires_at)
            case CodeWrong():
                self._screens.wrong_code()
            case NetworkState(ok, addresses):
                self._screens.change_facts(network_ok=ok, address=addresses[0] if addresses else "")
            case JoinCodeShown(_, code):
                self.front.set_join_code(code)
            case KeyPressed(action):
                self.actions.trigger(action)
            case Ended(reason):
                self._takes_over = reason is LeftReason.TAKEOVER
        self.telling.network(event)
        happening = happening_of(event, self.machine.clock())
        if happening is not None:
            self.machine.take(happening)

    def _keep(self, blob: bytes | None) -> None:
        self._pipe.tell(secret=None if blob is None else blob.hex())
        if blob is not None:
            self.ending.secret_kept()

    # --- what the machine asks for ----------------------------------------------------------------------

    def _on_effect(self, effect: Effect) -> None:
        match effect:
            case Effect.PREPARE:
                self._prepare()
            case Effect.LEAVE:
                self.network.disconnect_presenter()
            case Effect.WIPE:
                self.ending.begin(self._takes_over)

    def _prepare(self) -> None:
        """The renderers and their slots; without memory for them the briefing ends here, and is told so."""
        try:
            self.follower.prepare(self._glass.device_size())
        except (Unavailable, OSError) as error:
            log.error("pages cannot be drawn (reason %d): %s", Fault.NO_MEMORY, error)
            self.network.give_up()

    def _refresh(self) -> None:
        state = self.machine.state
        self._screens.change_facts(choosers=state.choosers if isinstance(state, Standby) else 0)

    def _inhibit(self) -> None:
        if self.machine.showing() is Showing.STANDBY:
            self.inhibitor.release()
        else:
            self.inhibitor.hold()

    def _present(self, position: Position) -> None:
        """To the presenter: what is seen here, and whether the house covers it."""
        self._presented = msgspec.structs.replace(position, covered=self.managing.covers)
        self.network.present(self._presented)

    def _present_again(self) -> None:
        if self._presented is not None:
            self._present(self._presented)

    def _tell_hidden(self) -> None:
        """To the supervisor: what a person hid must not come back by a crash."""
        state = self.machine.state
        hidden = isinstance(state, Paired | Following) and state.hidden_here
        if hidden != self._hidden:
            self._hidden = hidden
            self._pipe.tell(hidden=hidden)

    def _cover_for_good(self) -> None:
        self._pipe.tell(patience=WIPE_PATIENCE)
        self._screens.refresh()

    def _drop(self) -> None:
        self.front.pages.forget()
        self.inhibitor.release()

    def _replace(self) -> None:
        if not self._takes_over:
            self._pipe.tell(secret=None)
        self._pipe.replace()

    def _tell_wiped(self) -> None:
        self.network.wiped()
        self.script.tell("wiped")

    # --- what people do ---------------------------------------------------------------------------------

    def _answered(self, answer: str) -> None:
        if answer == "close":
            self.front.show_code(Code.NONE)
        else:
            self.network.answer_takeover(answer == "yes")

    def _page_chosen(self, page_id: int) -> None:
        self.front.pages.hide()
        self.follower.show_page(page_id)

    def _facts(self) -> RoomFacts:
        return room_facts(self._settings, self._glass.device_size(), self._screens.facts.touch)

    def tell_facts(self) -> None:
        """The presenter is told what this wall is now."""
        self.network.set_facts(self._facts())

    def _resized(self) -> None:
        """Another monitor or resolution: the presenter is told, pictures are drawn for the new size."""
        self.tell_facts()
        if not isinstance(self.machine.state, Standby) and not self.ending.begun:
            self._prepare()
        self._screens.refresh()

    def restart(self) -> None:
        """A fresh screen; a briefing ends as by 接続を切る."""
        if isinstance(self.machine.state, Standby):
            self.ending.begin(takes_over=False)
        else:
            self.machine.take(DisconnectChosen())

    def count(self, restarts: int, briefings: int) -> None:
        """As the supervisor has it."""
        self.metering.restarts, self.metering.briefings = restarts, briefings

    def close(self) -> None:
        """The program ends: what was shown is wiped, every link ends."""
        self.metering.close()
        self.idling.close()
        if not self.ending.begun:
            self.follower.wipe()
            self.network.stop()
