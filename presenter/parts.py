"""The parts of the desk, made and joined. Nothing is decided here."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QGuiApplication

from pageview.page_source import PageSource
from pageview.page_view import PageView
from pageview.renderer import Renderer
from pageview.segments import SegmentStore
from pageview.theme import Desk as Tokens
from presenter.actions import Actions, Where
from presenter.archiving import Archiving
from presenter.at_rest import AtRestKey
from presenter.beside import Beside
from presenter.briefing_disk import BriefingDisk
from presenter.briefings import Briefings
from presenter.console import Console
from presenter.console_flow import ConsoleFlow
from presenter.correcting import Correcting
from presenter.corrections_flow import CorrectionsFlow
from presenter.drawing import Drawing
from presenter.end import EndScreen
from presenter.end_flow import EndFlow
from presenter.export_flow import ExportFlow
from presenter.exporting import Exporting
from presenter.hand_off import HandOff
from presenter.keeping_flow import KeepingFlow
from presenter.keys import Jump, Keys
from presenter.lookup.all_words import AllWords
from presenter.lookup.archive import Archive
from presenter.lookup.flow import LookupFlow
from presenter.lookup.found_pages import FoundPages
from presenter.lookup.searching import Searching
from presenter.lookup.showing import Showing
from presenter.minutes.flow import MinutesFlow
from presenter.network import Network
from presenter.notes import Notes
from presenter.notes_saver import NotesSaver
from presenter.options import Options
from presenter.page_change import PageChange
from presenter.page_editing import PageEditing
from presenter.page_words import PageWords
from presenter.pages_flow import PagesFlow
from presenter.papers import Papers
from presenter.people_flow import PeopleFlow
from presenter.plan_flow import PlanFlow
from presenter.preferences import Preferences
from presenter.private_marks import LIMIT as MARKS_LIMIT
from presenter.private_marks import PrivateMarks
from presenter.ready import ReadyScreen
from presenter.recovery import Recovery
from presenter.room_flow import RoomFlow
from presenter.rooms import RoomsScreen
from presenter.second_screen import SecondScreen
from presenter.session import Session
from presenter.session_secrets import SessionSecrets
from presenter.settings_file import SettingsFile
from presenter.source_changes import SourceChanges
from presenter.sources import Sources
from presenter.stamps import Stamps
from presenter.start import StartScreen
from presenter.start_flow import StartFlow
from presenter.transport_settings import transport_settings
from presenter.tray_flow import TrayFlow
from presenter.window import DeskWindow
from protocol.registers import OtherView

SLOTS = 8
"""Frames for two viewers (desk and attached screen) with what each may want next."""
LARGEST = QSize(3840, 2160)


@dataclass
class Parts:
    """Everything there is one of."""

    options: Options
    settings: SettingsFile
    actions: Actions
    jump: Jump
    keys: Keys
    preferences: Preferences
    window: DeskWindow
    store: SegmentStore
    renderer: Renderer
    source: PageSource
    page: PageView
    words: PageWords
    papers: Papers
    network: Network
    rooms: RoomFlow
    ready: ReadyScreen
    session: Session
    screens: SecondScreen
    console: ConsoleFlow
    beside: Beside
    drawing: Drawing
    stamps: Stamps
    private: PrivateMarks
    private_saver: NotesSaver
    corrections: CorrectionsFlow
    minutes: MinutesFlow
    sources: Sources
    tray: TrayFlow
    change: PageChange
    editing: PageEditing
    pages: PagesFlow
    export: ExportFlow
    archive: Archive
    lookup: LookupFlow
    people: PeopleFlow
    disk: BriefingDisk
    recovery: Recovery
    secrets: SessionSecrets
    start: StartFlow
    end: EndFlow
    keeping: KeepingFlow
    plan: PlanFlow

    def close(self) -> None:
        """Ends every thread and process; the papers' memory is overwritten."""
        self.settings.write()
        self.export.exporting.close()
        self.keeping.archiving.close()
        self.keeping.hand_off.close()
        self.keeping.transcripts.close()
        self.lookup.pages.close()
        self.archive.close()
        self.sources.end()
        self.screens.put_away()
        self.network.stop()
        self.recovery.close()
        self.secrets.leave()
        self.papers.close()
        self.page.set_source(None)
        self.renderer.wipe()
        self.console.close()
        self.private_saver.close()


def made_parts(
    options: Options,
    settings: SettingsFile,
    window: DeskWindow,
    start: StartScreen,
    actions: Actions,
    store: SegmentStore | None = None,
) -> Parts:
    """Makes what the first paint did not need, and puts the other screens into the window.

    ``store``: papers that are here already.
    """
    key = AtRestKey.load_or_create(options.state)
    store = store or SegmentStore()
    renderer = Renderer(store, _frame_size(), SLOTS)
    source = PageSource(renderer, SLOTS - 1)
    page = PageView(source, QColor(Tokens.BG))
    page.setProperty("focusRing", False)
    words = PageWords(renderer)
    papers = Papers(store)
    network = Network(options.state, lambda: transport_settings(options))
    rooms_screen, ready, end_screen = RoomsScreen(actions), ReadyScreen(actions), EndScreen(actions)
    console_screen = Console(actions, page, source.thumbnail)
    screens = SecondScreen(lambda: source)
    session = Session(network, source, page, screens, words, lambda: rooms.book.rooms())
    rooms = RoomFlow(rooms_screen, network, papers, session, lambda: settings.value)
    change = PageChange(console_screen, session, network, renderer, store)
    correcting = Correcting(page, session, screens, network, renderer, change)
    briefings = Briefings(options.state / "briefings", key)
    people = PeopleFlow(console_screen, session, source, actions, network)
    secrets = SessionSecrets(options.state, key)
    jump = Jump()
    notes = Notes(options.state / "notes", key)
    console = ConsoleFlow(console_screen, session, source, words, actions, rooms, people, network, notes)
    marks = Notes(options.state / "marks", key, MARKS_LIMIT)
    private_saver = NotesSaver(marks)
    private_saver.trouble.connect(console.notes_failed)
    texts = correcting.texts
    private = PrivateMarks(page, marks, console.original, texts.of, private_saver.soon)
    texts.known.connect(lambda _ref: private.words_came())
    session.moved.connect(lambda _view: private.take(source.briefing))
    source.changed.connect(lambda: private.take(source.briefing) if session.running else None)
    drawing = Drawing(page, console_screen.centre.choices, session, screens, network, private, actions)
    archiving = Archiving(options.state / "waiting", options.archive, store, lambda: settings.value)
    stamps = Stamps(console_screen.centre.choices.stamp, page.hand, settings)
    start_flow = StartFlow(
        start,
        papers,
        briefings,
        actions,
        lambda: settings.value.papers,
        lambda: plan.minutes(),
        archiving.rule,
    )
    end_flow = EndFlow(end_screen, network)
    plan = PlanFlow(papers, start_flow, console, session, network, archiving, lambda: settings.value)
    sources = Sources(papers, store, renderer, network, session, source, console)
    source_changes = SourceChanges(session, source, correcting.texts, network)
    sources.made.connect(source_changes.made)
    centre = console_screen.centre
    beside = Beside(session, network, source, correcting.texts, renderer, screens, centre.pages, actions)
    beside.changed.connect(lambda: console.set_halved(beside.rule is not None))
    beside.changed.connect(
        lambda: centre.show_beside(beside.rule is not None, isinstance(beside.rule, OtherView))
    )
    archive = Archive(options.state / "lookup" / "archive.index", key.password(b"index of the archive"))
    all_words = AllWords(renderer, store.__contains__)
    lookup = LookupFlow(
        console,
        session,
        source,
        page,
        Searching(all_words, archive, lambda: session.briefing, lambda: settings.value),
        FoundPages(store),
        Showing(session, network, store, renderer),
        actions,
        network,
        people.name_of,
        texts,
    )

    def where() -> Where:
        """While something is looked up no key reaches the console, whatever has the focus."""
        return Where(0) if lookup.dialog.isVisible() else window.where

    for place, screen in (
        (Where.ROOMS, rooms_screen),
        (Where.READY, ready),
        (Where.CONSOLE, console_screen),
        (Where.END, end_screen),
    ):
        window.add_screen(place, screen)
    return Parts(
        options=options,
        settings=settings,
        actions=actions,
        jump=jump,
        keys=Keys(actions, where, people.leave_panel, jump),
        preferences=Preferences(window, settings, actions, options.archive),
        window=window,
        store=store,
        renderer=renderer,
        source=source,
        page=page,
        words=words,
        papers=papers,
        network=network,
        rooms=rooms,
        ready=ready,
        session=session,
        screens=screens,
        console=console,
        beside=beside,
        drawing=drawing,
        stamps=stamps,
        private=private,
        private_saver=private_saver,
        corrections=CorrectionsFlow(
            console_screen,
            correcting,
            source_changes,
            drawing,
            session,
            actions,
        ),
        minutes=MinutesFlow(console_screen, console, session, network, actions, people.attending),
        archive=archive,
        lookup=lookup,
        sources=sources,
        tray=TrayFlow(console_screen.side.corrections.tray, session, source, network, private),
        change=change,
        editing=PageEditing(page, session, correcting, change, console, actions),
        pages=PagesFlow(console.overview, session, network, change, store, papers),
        export=ExportFlow(console, Exporting(store), session, papers, lambda: settings.value.name),
        people=people,
        disk=BriefingDisk(briefings, store),
        recovery=Recovery(secrets, store, key),
        secrets=secrets,
        start=start_flow,
        end=end_flow,
        keeping=KeepingFlow(
            end_flow, start_flow, archiving, HandOff(options.state / "posts"), actions, lambda: settings.value
        ),
        plan=plan,
    )


def _frame_size() -> tuple[int, int]:
    """Pixels of the largest screen there is or is likely to be plugged in; unused memory costs nothing."""
    width, height = LARGEST.width(), LARGEST.height()
    for screen in QGuiApplication.screens():
        size = screen.size() * screen.devicePixelRatio()
        width, height = max(width, size.width()), max(height, size.height())
    return width, height
