"""What a person does at the console: asked again where people would notice, then done; and what the network
tells."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QFileDialog

from kiosk.fleet.adding import Addition
from kiosk.fleet.answers import Refusal
from kiosk.fleet.audit import Audit, as_csv
from kiosk.fleet.dialogs import Question, RestartQuestion, SettingQuestion
from kiosk.fleet.display_list import displays_csv
from kiosk.fleet.enrolling import opened, result_words, to_type_again
from kiosk.fleet.folder import DISPLAYS_FILE, Identity
from kiosk.fleet.known import keep_known
from kiosk.fleet.log_page import heads
from kiosk.fleet.model import Condition, Display, Fleet
from kiosk.fleet.network import FleetNetwork
from kiosk.fleet.ordering import Ordering
from kiosk.fleet.posting import Posting
from kiosk.fleet.revoking import Revoking
from kiosk.fleet.rollout import Rollout
from kiosk.fleet.room_list import BadRoomList, load_rooms, take_rooms
from kiosk.fleet.scribe import Scribe
from kiosk.fleet.self_tests import as_csv as as_csv_of_tests
from kiosk.fleet.settings_flow import SettingsFlow
from kiosk.fleet.template_folder import TemplateFolder
from kiosk.fleet.window import FleetWindow, Page
from kiosk.fleet.words import name_of
from kiosk.fleet.writing_out import ask_where, documents, write_out
from pageview.wording import say
from protocol.manage import (
    ChangeSettings,
    FetchLog,
    Identify,
    Notice,
    RestartMachine,
    RestartProgram,
    RunSelfTest,
    SetService,
    Setting,
)
from protocol.transport.events import Event
from protocol.transport.manage_events import (
    AtBroker,
    Copied,
    Full,
    Measured,
    OrderAnswered,
    Ordered,
    RevocationsCame,
    SelfTestSeen,
    Silent,
    StatusKept,
    StatusSeen,
    TurnedAway,
    Unregistered,
    Waiting,
)

log = logging.getLogger(__name__)

REFRESH_MS = 100
KEEP_MS = 60_000
SETTLE_MS = 10_000
"""So long displays known from before may take to answer, until they are called silent."""
IDENTIFY_SECONDS = 15


class FleetDesk(QObject):
    """Connects window, network and folder. `start` it once."""

    def __init__(
        self,
        fleet: Fleet,
        identity: Identity,
        folder: Path,
        window: FleetWindow,
        network: FleetNetwork,
        audit: Audit,
        templates: TemplateFolder,
        rollout: Rollout,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__()
        self._fleet, self._identity, self._folder = fleet, identity, folder
        self._window, self._network, self._audit = window, network, audit
        self._scribe = Scribe(audit, identity.certificate.name, clock, self)
        self._templates, self._clock = templates, clock
        self._addition: Addition | None = None
        self._news = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._news.timeout.connect(self._refresh)
        self._minute = QTimer(self, interval=20_000)
        self._minute.timeout.connect(self._refresh)
        self._settling = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settling.timeout.connect(self._settle)
        self._keep = QTimer(self, interval=KEEP_MS)
        self._keep.timeout.connect(self.keep)
        self._scribe.recorded.connect(lambda: window.log.told(audit.broken))
        self.orders = Ordering(fleet, window, network, self._scribe, self._news.start)
        self._posting = Posting(fleet, self.orders, clock)
        network.received.connect(self._take_all)
        network.enrolled.connect(self._enrolled)
        window.detail.asked.connect(self.act)
        window.notices.posted.connect(self._post)
        window.self_tests.asked.connect(self._test)
        window.self_tests.export_asked.connect(self._export_tests)
        window.adding.added.connect(self._add)
        window.adding.list_asked.connect(self._choose_rooms)
        window.adding.set_rooms(load_rooms(folder))
        window.overview.export_asked.connect(self._export_displays)
        window.log.export_asked.connect(self._export_log)
        may, name, own = (
            identity.certificate.may_order,
            identity.certificate.name,
            identity.device.device_id,
        )
        self.settings = SettingsFlow(
            fleet, templates, rollout, window.settings, self.orders, name, own, may, clock
        )
        self.revoking = Revoking(fleet, identity, folder, network.revoke, self.orders, clock, self)

    def start(self) -> None:
        """Begins to listen and to look."""
        self._refresh()
        self._network.start()
        self._settling.start()
        self._minute.start()
        self._keep.start()
        self.settings.start()
        self.revoking.start()

    def stop(self) -> None:
        """What is known is kept, and what was done is written down; every link ends."""
        for timer in (self._news, self._minute, self._keep, self._settling):
            timer.stop()
        self.settings.stop()
        self.revoking.stop()
        self.keep()
        self._scribe.close()
        self._network.stop()

    def keep(self) -> None:
        """The displays that are known, onto the disk."""
        try:
            keep_known(self._folder / DISPLAYS_FILE, self._fleet.displays.values())
        except OSError as error:
            log.error("the list of displays cannot be kept: %s", error)
            self._window.tell(say("一覧を保存できません（{why}）。", why=error.strerror or error), "err")

    # --- what the network tells -------------------------------------------------------------------------

    def _take_all(self, events: tuple[Event, ...]) -> None:
        now = self._clock()
        for event in events:
            match event:
                case StatusSeen(device, status, endpoint, clock_off):
                    self._fleet.saw(device, status, str(endpoint or ""), clock_off, now)
                    self.settings.saw(device)
                    self._posting.saw(device)
                    self.revoking.saw(device)
                case StatusKept(device, status):
                    self._fleet.kept(device, status, now)
                    if not self._settling.isActive():
                        self._settling.start()
                case SelfTestSeen(device, test):
                    self._fleet.tested(device, test, now)
                case Measured(device, milliseconds):
                    self._fleet.measured(device, milliseconds, now)
                case Silent(device):
                    self._fleet.went_silent(device, now)
                case AtBroker(up):
                    self._fleet.lose_broker(not up, now)
                case TurnedAway(device):
                    self._fleet.turned_away(device, Refusal.UNTOLD, now)
                case Full(device, number, name):
                    self._fleet.turned_away(device, Refusal.FULL, now, number, name)
                case Copied(device, address):
                    self._fleet.copied(device, address, now)
                case Unregistered(number, address):
                    self._fleet.met_stranger(number, address, now)
                case RevocationsCame(frame):
                    self.revoking.hear(frame)
                case Waiting(candidates):
                    self._window.adding.refresh(candidates)
                case Ordered():
                    self.orders.ordered(event)
                case OrderAnswered():
                    self.orders.answered(event)
        if not self._news.isActive():
            self._news.start()

    def _settle(self) -> None:
        self._fleet.settle(self._clock())
        self._refresh()

    def _refresh(self) -> None:
        self.revoking.refresh()
        self._fleet.forget_refusals(self._clock())
        self._window.refresh(self._clock())

    # --- what is pressed --------------------------------------------------------------------------------

    def act(self, action: str, device: bytes) -> None:
        """One of the detail's buttons."""
        display = self._fleet.displays.get(device)
        if display is None:
            return
        match action:
            case "identify":
                self.orders.order((device,), Identify(IDENTIFY_SECONDS))
            case "log":
                self.orders.order((device,), FetchLog())
            case "notice":
                self._window.show_page(Page.NOTICES)
                self._window.notices.choose(device)
            case "service":
                self._serve(display)
            case "restart":
                self._restart(display)
            case "settings":
                self._change(display)

    def _disturbs(self, display: Display) -> tuple[str, str]:
        """What to say of the briefing there, and what has to be typed; both "" when there is none."""
        if self._fleet.condition(display.device) is not Condition.BRIEFING:
            return "", ""
        words = say("いま説明に使われています。続けると説明が途切れ、資料はその画面から消えます。")
        return words, str(display.number)

    def _restart(self, display: Display) -> None:
        words, typed = self._disturbs(display)
        text = words or say("{name}の画面は、そのあいだ使えません。", name=name_of(display))
        question = RestartQuestion(self._window, text, typed)
        if question.agreed():
            over = bool(typed)
            self.orders.order(
                (display.device,), RestartMachine(over) if question.machine else RestartProgram(over)
            )

    def _serve(self, display: Display) -> None:
        if not display.linked:
            self._forget(display)
            return
        if self._fleet.condition(display.device) is Condition.OUT:
            self.orders.order((display.device,), SetService(False, False))
            return
        words, typed = self._disturbs(display)
        text = words or say("{name}は、再開するまで説明に使えません。", name=name_of(display))
        title, yes = say("利用を休止しますか"), say("利用を休止する")
        if Question(self._window, title, text, yes, typed).agreed():
            self.orders.order((display.device,), SetService(True, bool(typed)))

    def _change(self, display: Display) -> None:
        words, typed = self._disturbs(display)
        text = words or say("変えると、{name}の画面は数秒で始まり直します。", name=name_of(display))
        keys = {
            "room.name": display.name,
            "room.name_en": display.name_en,
            "room.place": display.place,
            "room.place_en": display.place_en,
            "help.contact": "",
            "help.extension": "",
        }
        question = SettingQuestion(self._window, text, keys, typed)
        if question.agreed():
            change = Setting(*question.setting)
            self.orders.order((display.device,), ChangeSettings((change,), bool(typed)))

    def _forget(self, display: Display) -> None:
        text = say(
            "{name}は、この管理の端末の一覧から消えます。ふたたび動くと、また現れます。"
            "盗まれたときや廃棄したときは、kamizero ca revoke で登録も取り消してください。",
            name=name_of(display),
        )
        title, yes = say("一覧から外しますか"), say("一覧から外す")
        question = Question(self._window, title, text, yes)
        if question.agreed() and self.orders.note(yes, display):
            self._fleet.forget(display.device, self._clock())
            self._window.close_detail()
            self._refresh()
            self.keep()

    def _test(self, devices: tuple[bytes, ...]) -> None:
        if devices:
            self.orders.order(devices, RunSelfTest())
        else:
            self._window.tell(say("いま点検できるディスプレイがありません。"))

    def _post(self, notice: Notice, devices: tuple[bytes, ...]) -> None:
        linked = sum(self._fleet.displays[each].linked for each in devices)
        busy = sum(self._fleet.condition(each) is Condition.BRIEFING for each in devices)
        if notice.text and notice.emergency and busy:
            text = say("{n}台は説明中です。お知らせが資料の上に、全面で出ます。", n=busy)
            asked = say("続けるときは、出す台数「{n}」を入力してください。", n=linked)
            title, yes = say("緊急のお知らせを出しますか"), say("お知らせを出す")
            question = Question(self._window, title, text, yes, str(linked), asked)
            if not question.agreed():
                return
        if not self._posting.post(notice, devices):
            self._window.tell(say("まだ届けていません。応答が戻るか、説明が終わったときに届けます。"))

    # --- a new display ----------------------------------------------------------------------------------

    def _add(self, addition: Addition) -> None:
        self._addition = addition
        make = partial(opened, self._folder, addition, self._templates.current)
        self._network.enrol(addition.endpoint, addition.code, make)

    def _enrolled(self, result: object) -> None:
        addition, self._addition = self._addition, None
        if addition is None:
            return
        why, page = result_words(result), self._window.adding
        name, number = str(addition.room["name"]), int(addition.room["number"])
        display = Display(b"", number, name)
        done = say("「{name}」を登録しました。まもなく一覧に出ます。", name=name)
        tell = partial(page.show_result, why or done, to_type_again(result, page))
        self.orders.write_result(display, say("ディスプレイの追加"), why or say("できました"), tell)

    def _choose_rooms(self) -> None:
        file, _ = QFileDialog.getOpenFileName(
            self._window, say("会議室の一覧を読み込む"), str(documents()), "CSV (*.csv)"
        )
        if file:
            self.take_rooms(Path(file))

    def take_rooms(self, file: Path) -> None:
        """The house's rooms, from a spreadsheet."""
        try:
            rooms = take_rooms(self._folder, file)
        except BadRoomList as bad:
            self._window.tell(say("「{name}」は読み込んでいません。{why}", name=file.name, why=bad), "err")
        except OSError as error:
            why = error.strerror or str(error)
            self._window.tell(say("「{name}」を読めません（{why}）。", name=file.name, why=why), "err")
        else:
            self._window.adding.set_rooms(rooms)
            told = say("{n}室を読み込みました。会議室番号を入力すると、名前と場所が入ります。", n=len(rooms))
            self._window.tell(told)

    # --- files ------------------------------------------------------------------------------------------

    def _export_displays(self) -> None:
        self._export("kamizero-displays.csv", lambda: displays_csv(self._fleet))

    def _export_tests(self) -> None:
        name = f"kamizero-self-test-{datetime.fromtimestamp(self._clock()):%Y-%m-%d}.csv"
        self._export(name, lambda: as_csv_of_tests(self._window.self_tests.rows))

    def _export_log(self) -> None:
        self._export("kamizero-actions.csv", lambda: as_csv(self._audit.actions, heads()))

    def _export(self, name: str, data: Callable[[], bytes]) -> None:
        file = ask_where(self._window, say("一覧を書き出す"), Path(name), "CSV (*.csv)")
        if file is not None:
            self._window.tell(*write_out(data(), file))
