"""The console's window: navigation, the pages, the detail of one display, and one line about what was done
last."""

from __future__ import annotations

import re
from enum import IntEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from kiosk.fleet.adding import AddingPage
from kiosk.fleet.concern_list import ConcernList
from kiosk.fleet.detail import NARROW, WIDTH, DetailPanel
from kiosk.fleet.dialogs import Advice
from kiosk.fleet.log_page import LogPage
from kiosk.fleet.model import Cause, Concern, Fleet
from kiosk.fleet.navigation import Navigation
from kiosk.fleet.notices_page import NoticesPage
from kiosk.fleet.overview import Overview
from kiosk.fleet.parts import Words, card, page_column
from kiosk.fleet.self_test_page import SelfTestPage
from kiosk.fleet.settings_page import SettingsPage
from kiosk.fleet.words import advice, advice_title, room_names
from pageview.theme import Desk, restyle
from pageview.wording import say
from protocol.facilities import ConsoleCertificate

_UNBROKEN = re.compile(r"[!-~]{40}(?=[!-~])")
"""So much of an address or a path is followed by a place at which the line may end: a label is never
narrower than its longest word, and would make the window wider than the screen."""


class Page(IntEnum):
    """In the order in which they stand in the navigation."""

    OVERVIEW = 0
    CONCERNS = 1
    SELF_TESTS = 2
    NOTICES = 3
    LOG = 4
    ADDING = 5
    SETTINGS = 6


class FleetWindow(QWidget):
    """Shows a `Fleet`; what people press is told by the pages' own signals."""

    closed = Signal()

    def __init__(
        self,
        fleet: Fleet,
        who: ConsoleCertificate,
        log_page: LogPage,
        adding: AddingPage,
        settings: SettingsPage,
    ) -> None:
        super().__init__()
        self.setWindowTitle(say("紙ゼロ 設備の管理"))
        self.setProperty("role", "page")
        self._fleet = fleet
        self._now = 0.0
        self._opened_from: QWidget | None = None
        """Where the keyboard was when a detail was opened."""
        self.overview = Overview(fleet)
        self.notices = NoticesPage(fleet, who.may_order)
        self.log, self.adding, self.settings = log_page, adding, settings
        self.self_tests = SelfTestPage(fleet, who.may_order)
        self.detail = DetailPanel(fleet, who.may_order)
        self.detail.hide()
        entries = [
            ("grid_view", say("稼働の状況")),
            ("warning", say("要対応")),
            ("assignment", say("朝の自己点検")),
            ("info", say("お知らせの掲示")),
            ("history", say("操作の記録")),
            ("add", say("ディスプレイの追加")),
            ("settings", say("設定のひな形")),
        ]
        self.navigation = Navigation(who.name, who.role, entries)
        self.pages = QStackedWidget()
        pages = (
            self.overview,
            self._concern_page(),
            self.self_tests,
            self.notices,
            self.log,
            self.adding,
            self.settings,
        )
        for each, (_, words) in zip(pages, entries, strict=True):
            each.setAccessibleName(words)
            each.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            each.setProperty("focusRing", False)
            self.pages.addWidget(each)
        self._told = Words("", wrap=True)
        self._told.setContentsMargins(28, 8, 28, 12)
        self._told.setMinimumWidth(1)
        self._told.hide()
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.pages, 1)
        middle.addWidget(self._told)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.navigation)
        row.addLayout(middle, 1)
        row.addWidget(self.detail)
        self._connect()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focusRing", False)  # nothing has the keyboard until somebody presses Tab
        self.setFocus()

    def _concern_page(self) -> QWidget:
        made = QWidget()
        column = page_column(made)
        column.addWidget(Words(say("要対応"), "h1"))
        lead = say("影響の大きい順です。行を押すと、することが出ます。")
        column.addWidget(Words(lead, "secondary", wrap=True))
        box, inside = card(0, 0)
        inside.setContentsMargins(1, 8, 1, 8)
        self.concerns = ConcernList(self._fleet)
        inside.addWidget(self.concerns)
        column.addWidget(box, 1)
        return made

    def _connect(self) -> None:
        self.navigation.chosen.connect(self.show_page)
        self.overview.device_chosen.connect(self.open)
        self.overview.concern_chosen.connect(self._open_concern)
        self.overview.all_asked.connect(lambda: self.show_page(Page.CONCERNS))
        self.overview.adding_asked.connect(lambda: self.show_page(Page.ADDING))
        self.concerns.chosen.connect(self._open_concern)
        self.self_tests.device_chosen.connect(self.open)
        self.detail.closed.connect(self.close_detail)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._leave)
        for place in range(self.pages.count()):
            QShortcut(QKeySequence(f"Ctrl+{place + 1}"), self, lambda place=place: self._go(place))

    # --- what is shown ----------------------------------------------------------------------------------

    def refresh(self, now: float) -> None:
        """The fleet has news. Only the page that is seen is brought up to date."""
        self._now = now
        concerns = self._fleet.concerns()
        self.navigation.show_concerns(len(concerns))
        match self.pages.currentIndex():
            case Page.OVERVIEW:
                self.overview.refresh(now)
            case Page.CONCERNS:
                self.concerns.show_concerns(concerns, now)
            case Page.SELF_TESTS:
                self.self_tests.refresh(now)
            case Page.NOTICES:
                self.notices.refresh()
            case Page.SETTINGS:
                self.settings.refresh()
        if self.detail.isVisible() and self.detail.device is not None:
            self.detail.show_display(self.detail.device, now)

    def _go(self, place: int) -> None:
        """To that page with the keyboard, too: the next Tab is its first field."""
        self.show_page(place, along=True)

    def show_page(self, place: int, *, along: bool = False) -> None:
        """Brings that page. Where the keyboard was on another one, or ``along``, it goes there, too, and
        stands on no key."""
        at, page = self.focusWidget(), self.pages.widget(place)
        along = along or (at is not None and self.pages.isAncestorOf(at))
        self.pages.setCurrentIndex(place)
        if along and page is not None:
            page.setFocus()
        self.navigation.show_page(place)
        if place == Page.ADDING:
            self.adding.begin()
        if place in (Page.NOTICES, Page.LOG, Page.ADDING, Page.SETTINGS):
            self.close_detail()
        self.refresh(self._now)

    def open(self, device: bytes) -> None:
        """The detail of that display."""
        if device not in self._fleet.displays:
            return
        self.detail.show_display(device, self._now)
        if not self.detail.isVisible():
            self._opened_from = self.focusWidget()
        self.detail.show()
        self.overview.show_current(device)
        self.concerns.show_current(device)

    def _open_concern(self, concern: Concern) -> None:
        if concern.cause is Cause.HALTED:
            self.show_page(Page.SETTINGS)
        elif concern.device:
            self.open(concern.device)
        else:
            words = advice(concern)
            if concern.cause is Cause.REVOKED:
                words += "\n" + say("まだの部屋：{rooms}", rooms=room_names(self._fleet.behind, self._fleet))
            Advice(self, advice_title(concern), words).show()

    def _leave(self) -> None:
        """Out of the detail; where none is open, out of the search."""
        if not self.detail.isVisible() and self.overview.search.hasFocus():
            self.overview.search.clear()
        self.close_detail()

    def close_detail(self) -> None:
        """The pages have the whole width; the keyboard is where the detail was opened."""
        at, back = self.focusWidget(), self._opened_from
        if back is None or not back.isVisible():  # another page has come since
            back = self.pages.currentWidget()
        inside = at is not None and self.detail.isAncestorOf(at)
        self.detail.hide()
        if inside and back is not None:
            back.setFocus()
        self.overview.show_current(None)
        self.concerns.show_current(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.detail.setFixedWidth(NARROW if event.size().width() < 1_500 else WIDTH)

    def tell(self, words: str, tone: str = "") -> None:
        """What was done last, and what became of it."""
        self._told.say(_UNBROKEN.sub("\\g<0>\N{ZERO WIDTH SPACE}", words))
        restyle(self._told, tone=tone)
        self._told.setStyleSheet(f"background: {Desk.CARD}; border-top: 1px solid {Desk.LINE};")
        self._told.setVisible(bool(words))

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()
