"""The parts of the participant's program, made and joined. Nothing is decided here."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QGuiApplication

from pageview.page_view import PageView
from pageview.segments import SegmentStore
from pageview.theme import Desk as Tokens
from presenter.actions import Actions, Where
from presenter.at_rest import AtRestKey
from presenter.join.correcting import JoinCorrecting
from presenter.join.ended import EndedScreen
from presenter.join.entrance import EntranceScreen
from presenter.join.entrance_flow import EntranceFlow
from presenter.join.follower import Follower
from presenter.join.lookup import JoinLookup
from presenter.join.minutes import JoinMinutes
from presenter.join.network import ParticipantNetwork
from presenter.join.options import JoinOptions
from presenter.join.own_marks import OwnMarks
from presenter.join.screen import WindowScreen
from presenter.join.window_flow import WindowFlow
from presenter.join.writing import Writing
from presenter.keys import Jump, Keys
from presenter.notes import Notes
from presenter.preferences import Preferences
from presenter.settings_file import SettingsFile
from presenter.stamps import Stamps
from presenter.transport_settings import transport_settings
from presenter.window import ProgramWindow


@dataclass
class Parts:
    """Everything there is one of."""

    options: JoinOptions
    settings: SettingsFile
    actions: Actions
    jump: Jump
    keys: Keys
    preferences: Preferences
    window: ProgramWindow
    network: ParticipantNetwork
    follower: Follower
    entrance: EntranceFlow
    flow: WindowFlow
    writing: Writing
    own: OwnMarks
    stamps: Stamps
    minutes: JoinMinutes
    correcting: JoinCorrecting
    lookup: JoinLookup
    ended: EndedScreen

    def close(self) -> None:
        """Ends every thread and process; the papers' memory is overwritten."""
        self.settings.write()
        self.network.stop()
        self.lookup.clear()
        self.flow.close()
        self.own.saver.close()
        self.follower.wipe()


def made_parts(
    options: JoinOptions,
    settings: SettingsFile,
    window: ProgramWindow,
    entrance: EntranceScreen,
    ended: EndedScreen,
    actions: Actions,
) -> Parts:
    """Makes what the first paint did not need. OSError when the state folder cannot be used."""
    state = options.desk.state
    key = AtRestKey.load_or_create(state)
    notes = Notes(state / "notes", key)
    store = SegmentStore()
    page = PageView(None, QColor(Tokens.BG))
    page.setProperty("focusRing", False)
    follower = Follower(page, store, _frame_size())
    network = ParticipantNetwork(state, lambda: transport_settings(options.desk), store)
    screen = WindowScreen(actions, page, follower.thumbnail)
    flow = WindowFlow(screen, follower, network, actions, notes)
    own = OwnMarks(follower, screen.side.tray, state / "marks", key)
    own.saver.trouble.connect(flow.saver.trouble)
    jump = Jump()
    index = state / "lookup" / "archive.index", key.password(b"index of the archive")
    lookup = JoinLookup(flow, follower, network, actions, lambda: settings.value, index)

    def where() -> Where:
        """While something is looked up no key reaches the window, whatever has the focus."""
        return Where(0) if lookup.visible else window.where

    window.add_screen(Where.CONSOLE, screen)
    return Parts(
        options=options,
        settings=settings,
        actions=actions,
        jump=jump,
        keys=Keys(actions, where, flow.leave_field, jump),
        preferences=Preferences(window, settings, actions),
        window=window,
        network=network,
        follower=follower,
        entrance=EntranceFlow(entrance, network, lambda: settings.value),
        flow=flow,
        writing=Writing(follower, screen.centre.choices, network, actions, own.marks),
        own=own,
        stamps=Stamps(screen.centre.choices.stamp, page.hand, settings),
        minutes=JoinMinutes(flow, follower, network, actions),
        correcting=JoinCorrecting(flow, follower, network),
        lookup=lookup,
        ended=ended,
    )


def _frame_size() -> tuple[int, int]:
    """Pixels of the largest screen there is: a window shows no more."""
    width = height = 1
    for screen in QGuiApplication.screens():
        size = screen.size() * screen.devicePixelRatio()
        width, height = max(width, size.width()), max(height, size.height())
    return width, height
