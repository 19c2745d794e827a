"""The running briefing at the desk: what actions ask of it, what the owner is told, what the console shows.

The walls follow registers that the owner holds; the desk's own page may differ only while they are held.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from pageview.page_source import PageSource
from pageview.page_view import PageView
from pageview.steps import label
from presenter.console_state import ConsoleState, PageFacts, Room, Showing, pill, truth
from presenter.network import Network
from presenter.pace import agenda, behind_s, left_s
from presenter.page_words import PageWords
from presenter.second_screen import SecondScreen
from presenter.timetable import Timetable
from protocol.model import Briefing
from protocol.ops import WithdrawPaper
from protocol.presence import Pointer, PointerAway
from protocol.registers import (
    Registers,
    SetBeside,
    SetCompared,
    SetFloor,
    SetHold,
    SetScreen,
    SetViewing,
    SetWriting,
    ShowView,
)
from protocol.values import OWNER, PeerId, Role, Screen, View, Viewing

POINTER_EACH_S = 1 / 60
NETWORK_FIRST_MS = 8


class Session(QObject):
    """One briefing from 開始 to its end. Belongs to the thread of the windows.

    ``page`` is the desk's own view of it, interactive; ``rooms`` gives those of the briefing,
    ``clock`` monotonic seconds.
    """

    changed = Signal()
    """Something the console shows is otherwise now."""
    moved = Signal(object)
    """The desk's own View."""
    floor_moved = Signal(int, int)
    """(peer who presented until now, peer who presents from now on); OWNER is the desk."""

    def __init__(
        self,
        network: Network,
        source: PageSource,
        page: PageView,
        screens: SecondScreen,
        words: PageWords,
        rooms: Callable[[], tuple[Room, ...]],
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._network, self._source, self._page, self._screens = network, source, page, screens
        self._words, self._rooms, self._clock = words, rooms, clock
        self.briefing = Briefing()
        self.showing = Showing()
        self.time = Timetable(clock)
        self._visited: set[int] = set()
        self._screen_then: Screen | None = None
        self._pointing = True
        self._writing = True
        self._pointed = 0.0
        page.interactive = True
        page.view_wanted.connect(self.show_view)
        page.hovered.connect(self._hovered)
        self._tick = QTimer(self, interval=1_000)
        self._tick.timeout.connect(self.changed)
        # One timer for good: PySide keeps a weak reference of every ``QTimer.singleShot`` to a method.
        self._echo_soon = QTimer(self, singleShot=True, interval=NETWORK_FIRST_MS)
        self._echo_soon.timeout.connect(self._echo)

    # --- beginning and end --------------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        """Whether a briefing is being shown."""
        return self.time.began_at is not None

    def begin(self, briefing: Briefing) -> None:
        """開始: shows the first page; the clock starts."""
        self._open(briefing, 0.0)
        first = next(briefing.pages(), None)
        if first is not None:
            self.show_view(self._source.steps_of(first.page_id)[0])
        self._show_screen(Screen.SHOW)
        self.set_writing(True)

    def go_on(self, briefing: Briefing, elapsed_s: float, view: View | None) -> None:
        """A briefing that was left: where it was. What was hidden stays hidden."""
        self._writing = briefing.registers.writing
        self._open(briefing, elapsed_s)
        if view is None:
            view = next((self._source.steps_of(page.page_id)[0] for page in briefing.pages()), None)
        if view is not None:
            self.show_view(view)
        for register in (SetHold(False), SetBeside(None), SetCompared(None)):
            self._network.set(register)
        screen = briefing.registers.screen
        self._show_screen(screen if screen in (Screen.HIDDEN, Screen.WHITE) else Screen.SHOW)

    def _open(self, briefing: Briefing, elapsed_s: float) -> None:
        # A briefing that was left while another presented begins again with the desk's own floor.
        self.briefing = briefing.set(SetFloor(OWNER), briefing.registers.number)
        self.time.begin(briefing.papers, elapsed_s)
        self.showing = Showing(screen=Screen.SHOW, viewing=briefing.registers.viewing)
        self._tell_time()
        self._network.enter_name()
        self._tick.start()

    def _show_screen(self, screen: Screen) -> None:
        self._screen_then = None
        self._network.set(SetScreen(screen))
        self._screens.show_screen(screen)
        self.showing = replace(self.showing, screen=screen)
        self.changed.emit()

    def finish(self) -> None:
        """The clock stops, and no page is shown any more."""
        self._tick.stop()
        self.time.end()
        self._page.show_view(None)
        self._screens.put_away()
        self.showing = Showing()
        self.briefing = self.briefing.set(SetFloor(OWNER), self.briefing.registers.number)
        self._visited.clear()

    def take(self, briefing: Briefing) -> None:
        """The briefing as the authority has it now."""
        self.time.take(briefing.papers)
        reshaped = self._is_reshaped(briefing)
        former, self.briefing = self.briefing.registers.floor, briefing
        self._tell_time()
        registers = briefing.registers
        if former != OWNER or registers.floor != OWNER:
            self._follow(registers)
        if former != registers.floor:
            self.floor_moved.emit(former, registers.floor)
        if registers.floor == OWNER and self._screen_then is not None:
            self._show_screen(self._screen_then)
        if reshaped and self.showing.desk is not None:
            self.go_to(self.showing.desk.page_id)
        self.changed.emit()

    def _is_reshaped(self, briefing: Briefing) -> bool:
        """Whether the page shown is of another size there: its steps, and what was zoomed to, are no more."""
        page_id = self.showing.desk.page_id if self.showing.desk is not None else None
        if page_id is None or not self.running:
            return False
        before, after = self.briefing.page(page_id), briefing.page(page_id)
        if before is None or after is None:
            return False
        return (before[2].width, before[2].height) != (after[2].width, after[2].height)

    # --- the floor ----------------------------------------------------------------------------------------

    @property
    def presents(self) -> bool:
        """Whether the desk has the floor."""
        return self.briefing.registers.floor == OWNER

    def give_floor(self, peer: PeerId) -> None:
        """That participant presents from now on; the walls stay as they are."""
        self._point(None)
        self._tell_time(nobody=True)  # which paper comes next is theirs to say
        self._network.set(SetHold(False))
        self._network.grant(peer, Role.PRESENTER)
        self._network.give_floor(peer)

    def take_floor(self) -> None:
        """The desk presents again, from the page that is being shown."""
        if not self.presents:
            self._network.take_floor()

    def point_elsewhere(self, at: Pointer | None) -> None:
        """The pointer of the participant who presents; None: it is away."""
        self._page.set_pointer(at)
        self._screens.show_pointer(at)

    def _follow(self, registers: Registers) -> None:
        """Another has the floor, or had it until now: the desk is where the walls are."""
        view = registers.view
        self.showing = Showing(view, view, registers.screen, registers.held, registers.viewing)
        self._screens.show_screen(registers.screen)
        if view is not None:
            self._visited.add(view.page_id)
        self._echo()

    # --- the page -----------------------------------------------------------------------------------------

    def show_view(self, view: View) -> None:
        """Turns the desk to this view, and the walls with it unless they are held. Only with the floor."""
        if not self.presents:
            self._page.show_view(self.showing.desk)
            return
        self._visited.add(view.page_id)
        self._page.expect(view)
        held = self.showing.held
        if not held:
            self._network.set(ShowView(view))
        self.showing = replace(self.showing, desk=view, wall=self.showing.wall if held else view)
        self._tell_time()
        # The walls go first, also where they share a processor with the desk; half a frame later nobody sees.
        if not self._echo_soon.isActive():
            self._echo_soon.start()

    def _echo(self) -> None:
        self._page.show_view(self.showing.desk)
        self._screens.show_view(self.showing.wall)
        if self.showing.desk is not None:
            self.moved.emit(self.showing.desk)
        self.changed.emit()

    def recut(self) -> None:
        """Pages are read in other steps now: the one that shows most of what was shown."""
        view = self.showing.desk
        anew = self.recut_view(view) if view is not None and self.running else view
        if anew is not None and anew != view:
            self.show_view(anew)

    def recut_view(self, view: View) -> View:
        """The present step of a page in the place of a former one; what was zoomed to stays."""
        if view.steps == 1 or self.briefing.page(view.page_id) is None:
            return view

        def shared(step: View) -> int:
            return min(step.rect.y1, view.rect.y1) - max(step.rect.y0, view.rect.y0)

        return max(self._source.steps_of(view.page_id), key=shared)

    def go_to(self, page_id: int) -> None:
        """Shows that page as it opens."""
        if self.briefing.page(page_id) is not None:
            self.show_view(self._source.steps_of(page_id)[0])

    def go_to_number(self, number: int) -> None:
        """Shows page ``number`` (from 1) of the paper shown now; nothing when it has none such."""
        pages = self.pages_of_paper()
        if 1 <= number <= len(pages):
            self.go_to(pages[number - 1])

    def go_to_overall(self, number: int) -> None:
        """Shows page ``number`` (from 1), counted through all papers."""
        pages = [page.page_id for page in self.briefing.pages()]
        if 1 <= number <= len(pages):
            self.go_to(pages[number - 1])

    def go_to_paper(self, place: int) -> None:
        """Shows the first page of that paper (from 0)."""
        if 0 <= place < len(self.briefing.papers):
            self.go_to(self.briefing.papers[place].edition.pages[0].page_id)

    def withdraw(self, place: int) -> None:
        """That paper (from 0) leaves the briefing; whoever shows it is led to the one beside it first."""
        papers = self.briefing.papers
        if len(papers) < 2 or not 0 <= place < len(papers):
            return
        pages = {page.page_id for page in papers[place].edition.pages}
        showing = self.showing
        if showing.held and showing.wall is not None and showing.wall.page_id in pages:
            self.toggle_hold()
        if showing.desk is not None and showing.desk.page_id in pages:
            self.go_to_paper(place - 1 if place + 1 == len(papers) else place + 1)
        self._network.edit(WithdrawPaper(papers[place].paper))

    def first(self) -> None:
        """The first page of the briefing."""
        self.go_to_overall(1)

    def last(self) -> None:
        """The last page of the briefing."""
        self.go_to_overall(sum(1 for _ in self.briefing.pages()))

    def pages_of_paper(self) -> tuple[int, ...]:
        """The page ids of the paper shown now."""
        place = self.briefing.page(self.showing.desk.page_id) if self.showing.desk is not None else None
        return tuple(page.page_id for page in place[0].edition.pages) if place is not None else ()

    def title_of(self, page_id: int) -> str:
        """The title of the paper that has that page; "" when none has."""
        place = self.briefing.page(page_id)
        return place[0].title if place is not None else ""

    def steps_known(self, page_id: int) -> None:
        """A page's lines are known now: shown unzoomed, it is cut between them."""
        view = self.showing.desk
        if view is None or view.page_id != page_id or view.steps == 1 or not self.running:
            return
        steps = self._source.steps_of(page_id)
        better = steps[min(view.step, len(steps) - 1)]
        if better != view:
            self.show_view(better)

    # --- the walls ----------------------------------------------------------------------------------------

    def toggle_screen(self, screen: Screen) -> None:
        """Hides or whitens every wall, or shows the page again. Takes the floor back where it must."""
        wanted = Screen.SHOW if self.showing.screen is screen else screen
        if self.presents:
            self._show_screen(wanted)
        else:
            self._screen_then = wanted
            self.take_floor()

    def toggle_hold(self) -> None:
        """Holds the walls where they are, or brings them to the desk's page."""
        if not self.presents:
            return
        held = not self.showing.held
        self._network.set(SetHold(held))
        self.showing = replace(self.showing, held=held)
        if not held and self.showing.desk is not None:
            self.show_view(self.showing.desk)
        self.changed.emit()

    @property
    def writing(self) -> bool:
        """Whether people may write on the walls."""
        return self._writing

    def set_writing(self, on_walls: bool) -> None:
        """Lets people write on the walls, or no longer."""
        if self.presents:
            self._writing = on_walls
            self._network.set(SetWriting(on_walls))

    def set_viewing(self, viewing: Viewing) -> None:
        """What people may look at on their own."""
        if self.presents:
            self._network.set(SetViewing(viewing))
            self.showing = replace(self.showing, viewing=viewing)
            self.changed.emit()

    # --- the pointer --------------------------------------------------------------------------------------

    @property
    def pointing(self) -> bool:
        """Whether the mouse over the page is the pointer."""
        return self._pointing

    def set_pointing(self, pointing: bool) -> None:
        """The pointer, or the hand that moves the page."""
        self._pointing = pointing
        if not pointing:
            self._point(None)
        self.changed.emit()

    def point_at(self, x: float, y: float) -> None:
        """Points at this fraction of the page shown."""
        place = self.briefing.page(self.showing.desk.page_id) if self.showing.desk is not None else None
        if place is not None:
            page = place[2]
            self._point(Pointer(page.page_id, round(x * page.width), round(y * page.height)))

    def _hovered(self, at: tuple[int, int, int] | None) -> None:
        if not self._pointing or not self.running or not self.presents:
            return
        now = self._clock()
        if at is not None and now - self._pointed < POINTER_EACH_S:
            return
        self._pointed = now
        self._point(Pointer(*at) if at is not None else None)

    def _point(self, at: Pointer | None) -> None:
        if not self.showing.held and self.running:
            self._network.present(at or PointerAway())
            self._screens.show_pointer(at)
        self._page.set_pointer(at)

    def set_time_on_walls(self, on_walls: bool) -> None:
        """Lets the walls tell how long the paper presented still has, or no longer."""
        self.time.on_walls = on_walls
        self._tell_time()

    def _tell_time(self, *, nobody: bool = False) -> None:
        """The time, where it is planned otherwise than was told; ``nobody``: walls tell nothing of it."""
        if self.running and self.presents:
            view = None if nobody else self.showing.wall
            told = self.time.news(self.briefing.page(view.page_id) if view is not None else None)
            if told is not None:
                self._network.set(told)

    @property
    def visited(self) -> int:
        """How many pages were shown."""
        return len(self._visited)

    # --- what the console shows ---------------------------------------------------------------------------

    def state(self) -> ConsoleState:
        """The console of this moment, without what is not the session's: notes, notices, the disk."""
        view = self.showing.desk
        place = self.briefing.page(view.page_id) if view is not None else None
        screens = (self._screens.showing,) if self._screens.showing else ()
        rooms = self._rooms()
        state = ConsoleState(
            rooms=rooms,
            screens=screens,
            showing=self.showing,
            pill=pill(rooms, screens),
            truth=truth(rooms, screens, self.showing, self.number_of),
            papers=tuple(paper.title for paper in self.briefing.papers),
            elapsed_s=self.time.elapsed_s,
            planned_s=self.time.planned_minutes * 60.0,
        )
        if view is None or place is None:
            return state
        paper, index, page = place
        planned = self.time.planned() if self.time.planned_minutes else ()
        at = self.briefing.papers.index(paper)
        after = self.briefing.neighbour(page.page_id, 1)
        return replace(
            state,
            paper_title=paper.title,
            paper_number=at + 1,
            edition=paper.edition.number,
            page=self._facts(page.page_id, label(view)),
            next_page=self._facts(after) if after is not None else None,
            next_id=after,
            pages=tuple(page.page_id for page in paper.edition.pages),
            agenda=agenda(planned, at) if planned else (),
            behind_s=behind_s(planned, at, index, self.time.elapsed_s) if planned else 0.0,
            left_s=left_s(planned, at, self.time.elapsed_s),
        )

    def number_of(self, page_id: int) -> int:
        """The page's number in its paper."""
        return self._source.page_number(page_id)[0]

    def _facts(self, page_id: int, step: str = "") -> PageFacts:
        number, pages = self._source.page_number(page_id)
        page = self._source.page(page_id)
        title, text = self._words.of(page.ref) if page is not None else ("", "")
        return PageFacts(number, pages, title, text, step)
