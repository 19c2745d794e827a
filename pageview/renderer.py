"""Pages drawn by caged processes, asked for and delivered in the Qt main thread.

Two processes run: the *front* one takes every request; the other is a spare, and takes what is urgent when
the front one is busy; a page to be shown NOW makes it the front one. A process that dies or overruns its
deadline costs its own request only: the other goes on, a new spare is started, and what killed it twice is
not tried again. What was being done by a process that stood still, or that somebody else killed, is done
again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from pageview import render_messages as wire
from pageview.cage import Doors
from pageview.page_edits import Breaks, Change, is_within_limits
from pageview.page_questions import PageQuestions
from pageview.render_answers import answer_to, failure_of
from pageview.render_orders import order_for
from pageview.render_queue import LAST_RANK, URGENT_RANK, Kind, Priority, RenderQueue, RenderRequest, Task
from pageview.render_results import (
    EditRefused,
    Frame,
    Opened,
    OpenRefused,
    PageCharacters,
    PageEdited,
    PageLines,
    PagePicture,
    PageSurvey,
    RenderFailed,
    SubsetFailed,
    SubsetMade,
    Unlocked,
    WholeText,
)
from pageview.render_seat import Seat
from pageview.segments import SegmentStore
from pageview.slots import BYTES_PER_PIXEL, FrameSlots
from pageview.worker import Worker
from protocol.errors import Fault, Misuse

log = logging.getLogger(__name__)

DEADLINE_MS = 5_000
PROCESSES = 2
STRIKES = 2
"""How often one request may kill a process before it is refused at once."""
KILLS = 5
"""The same, where it was the system that killed, for want of memory perhaps, or let no process work."""
FAILED_STARTS = 3
START_MS = 30_000
"""A process that is not in its cage by then hangs; where others have the machine, one takes seconds."""
ROLL_CALL_MS = 3_000
"""Processes with nothing to do are asked so often whether they are there."""


class Renderer(QObject, PageQuestions):
    """Draws the papers of a ``SegmentStore``. Its methods and signals belong to the Qt main thread.

    Sizes are device pixels. ``warm`` slots have their memory before the first picture; others take it as they
    are drawn on. After ``wipe`` or ``stop`` it does nothing any more.
    """

    opened = Signal(object)
    refused = Signal(object)
    drawn = Signal(object)
    failed = Signal(object)
    lines = Signal(object)
    subset_made = Signal(object)
    subset_failed = Signal(object)
    unlocked = Signal(object)
    characters = Signal(object)
    edited = Signal(object)
    edit_refused = Signal(object)
    texts = Signal(object)
    pictures = Signal(object)
    surveyed = Signal(object)
    starved = Signal()
    """A page is wanted now and every slot has a picture on it: let some go."""
    ready = Signal(object)
    """The first process stands in its cage: which doors are shut."""
    wiped = Signal()

    _heard = Signal(object, object, object)
    _ended = Signal(object)
    _slot_free = Signal()
    _slots_full = Signal()
    _hopeless = Signal(object)

    def __init__(
        self,
        store: SegmentStore,
        frame_px: tuple[int, int],
        slots: int = 5,
        parent: QObject | None = None,
        deadline_ms: int = DEADLINE_MS,
        *,
        warm: bool = False,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._frame_px = frame_px
        self._slot_count = slots
        self._deadline_ms = deadline_ms
        self._warm = warm
        self._slots: FrameSlots | None = None
        self._seats: list[Seat] = []
        self._queue = RenderQueue()
        self._passwords: dict[bytes, str] = {}
        self._strikes: dict[tuple[Kind, bytes, int], int] = {}
        self._kills: dict[tuple[Kind, bytes, int], int] = {}
        self._retired: set[bytes] = set()
        self._failed_starts = 0
        self._over = False
        self._roll_call = QTimer(self, interval=ROLL_CALL_MS)
        self._roll_call.timeout.connect(self.call_roll)
        self.doors: Doors | None = None
        self._signals = {
            Opened: self.opened,
            OpenRefused: self.refused,
            RenderFailed: self.failed,
            PageLines: self.lines,
            SubsetMade: self.subset_made,
            SubsetFailed: self.subset_failed,
            Unlocked: self.unlocked,
            PageCharacters: self.characters,
            PageEdited: self.edited,
            EditRefused: self.edit_refused,
            WholeText: self.texts,
            PagePicture: self.pictures,
            PageSurvey: self.surveyed,
        }
        queued = Qt.ConnectionType.QueuedConnection
        self._heard.connect(self._hear, queued)
        self._ended.connect(self._lose_ended, queued)
        self._slot_free.connect(self._dispatch, queued)
        self._slots_full.connect(self.starved, queued)
        self._hopeless.connect(lambda task: self._fail(task, Fault.PAGE_UNSHOWABLE), queued)

    # --- what one can ask ---------------------------------------------------------------------------------

    def start(self) -> None:
        """Makes the frame slots and starts the processes; requests made before wait for them."""
        if self._over or self._slots is not None:
            return
        self._slots = FrameSlots(
            *self._frame_px, self._slot_count, small=PROCESSES, on_free=self._slot_free.emit
        )
        self._fill_seats()
        self._roll_call.start()

    def open(self, sha256: bytes, password: str | None = None) -> None:
        """Opens a paper of the store: ``opened`` or ``refused``. Also tries again what failed before."""
        if password is not None:
            self._passwords[sha256] = password
        for counted in (self._strikes, self._kills):
            for key in [key for key in counted if key[1] == sha256]:
                del counted[key]
        self._put(Task(Kind.OPEN, sha256, 0, password=password))

    def ask(self, request: RenderRequest) -> None:
        """Draws: ``drawn`` or ``failed``. The same wish again only makes it newer."""
        self._put(Task(Kind.DRAW, request.blob, request.index, request=request))

    def forget(self, keep: Callable[[RenderRequest], bool]) -> None:
        """Drops the drawings that wait and that ``keep`` does not want; they are not answered."""
        self._queue.drop(lambda task: task.request is not None and not keep(task.request))

    def ask_edit(self, blob: bytes, index: int, change: Change, accepted: Breaks = Breaks.NOTHING) -> None:
        """Makes a PDF of one page with a change in it: ``edited`` or ``edit_refused``. Nothing is kept.

        Misuse for a change that is not within its limits (`page_edits.is_within_limits`).
        """
        if not is_within_limits(change):
            raise Misuse("a change beyond its limits")
        self._put(Task(Kind.EDIT, blob, index, change=change, accepted=int(accepted)))

    def forget_edits(self, kind: type[Change]) -> None:
        """Drops the changes of that kind that wait, tried while somebody typed on; they are not answered."""
        self._queue.drop(lambda task: isinstance(task.change, kind))

    def drop(self, blob: bytes) -> None:
        """Forgets a paper here and in the processes; whoever owns the store drops it there."""
        self._queue.drop(lambda task: task.blob == blob)
        self._passwords.pop(blob, None)
        for seat in self._seats:
            seat.worker.take_back(blob)

    def retire(self, blob: bytes) -> None:
        """Nothing further will be asked of a paper: it is dropped, in the store too, when what was asked is
        answered."""
        self._retired.add(blob)
        self._dispatch()

    def call_roll(self) -> None:
        """Asks the processes with nothing to do whether they are there; who has not answered since the last
        time is ended, and another takes its place before a page is wanted of it."""
        for seat in [seat for seat in self._seats if seat.idle]:
            if seat.asked:
                self._overran(seat)
            else:
                seat.asked = True
                seat.worker.give(wire.AreYouThere())

    @property
    def free_slots(self) -> int:
        """How many more full-size pictures there is room for."""
        return self._slots.free if self._slots else self._slot_count

    def process_ids(self) -> tuple[int, ...]:
        """The render processes, for measuring."""
        return tuple(seat.worker.pid for seat in self._seats)

    def stop(self) -> None:
        """Ends the processes and their threads; pictures stay good. Twice is the same as once."""
        self._over = True
        self._roll_call.stop()
        self._queue.drop(lambda _: True)
        for seat in self._seats:
            seat.deadline.stop()
            seat.deadline.deleteLater()
            seat.worker.kill()
            if seat.slot is not None and self._slots:
                self._slots.give_back(seat.slot)
        self._seats.clear()

    def wipe(self) -> None:
        """Kills the processes, overwrites every slot and every paper, lets the memory go; then ``wiped``.

        Pictures that somebody still holds turn black where they stand and stay safe to paint. Twice is the
        same as once.
        """
        self.stop()
        self._passwords.clear()
        if self._slots is not None:
            if self._slots.shown:
                log.info("%d pictures were still held when the slots were wiped", self._slots.shown)
            self._slots.wipe()
        self._store.wipe()
        self.wiped.emit()

    # --- processes ----------------------------------------------------------------------------------------

    def _fill_seats(self) -> None:
        assert self._slots is not None
        while len(self._seats) < PROCESSES and self._failed_starts < FAILED_STARTS:
            worker = Worker(self._slots.segment, self._heard.emit, self._ended.emit, self._warm)
            deadline = QTimer(self)
            deadline.setSingleShot(True)
            seat = Seat(worker, deadline)
            deadline.timeout.connect(lambda seat=seat: self._overran(seat))
            deadline.start(START_MS)
            self._seats.append(seat)

    def _hear(self, worker: Worker, reply: wire.Reply, pdf: bytes) -> None:
        seat = self._seat_of(worker)
        if seat is None:
            return
        if isinstance(reply, wire.Ready) and not seat.ready:
            self._greet(seat, reply.doors)
        elif isinstance(reply, wire.Here):
            seat.asked = False
        elif seat.task is None or isinstance(reply, wire.Ready | wire.Tried) or reply.n != seat.task.number:
            log.warning("a render process answered what it was not asked; it is ended")
            self._lose(seat, Fault.PAGE_UNSHOWABLE)
        else:
            task, slot = seat.task, seat.slot
            seat.task = seat.slot = None
            seat.deadline.stop()
            self._kills.pop(task.fault_key, None)  # it was not to blame
            if seat is not self._seats[0]:
                worker.give(wire.Slim())
            self._deliver(task, slot, reply, pdf)
        self._dispatch()

    def _greet(self, seat: Seat, doors: Doors) -> None:
        seat.ready = True
        seat.deadline.stop()
        self._failed_starts = 0
        if self.doors is None:
            self.doors = doors
            log.log(logging.INFO if doors.all_shut else logging.WARNING, "%s", doors)
            self.ready.emit(doors)

    def _overran(self, seat: Seat) -> None:
        stood_still = seat.stood_still(self._deadline_ms / 1000)
        log.info(
            "a render process %s; it is ended", "stood still" if stood_still else "did not answer in time"
        )
        self._lose(seat, Fault.RENDER_TIMEOUT, again=stood_still)
        self._dispatch()

    def _lose_ended(self, worker: Worker) -> None:
        seat = self._seat_of(worker)
        if seat is not None:
            killed = worker.killed
            log.info("a render process %s", "was killed" if killed else "ended by itself")
            self._lose(seat, Fault.PAGE_UNSHOWABLE, again=killed)
            self._dispatch()

    def _lose(self, seat: Seat, fault: Fault, again: bool = False) -> None:
        """Ends a process, lets another take its seat; what it was doing has failed, or is done ``again``."""
        assert self._slots is not None
        seat.deadline.stop()
        seat.deadline.deleteLater()
        seat.worker.kill()
        self._seats.remove(seat)
        self._failed_starts += not seat.ready
        if self._failed_starts == FAILED_STARTS:
            log.error("render processes do not start")
            for task in self._queue.drop(lambda _: True):
                self._fail(task, Fault.PAGE_UNSHOWABLE)
        self._fill_seats()
        if seat.slot is not None:
            self._slots.give_back(seat.slot)
        if seat.task is not None:
            key = seat.task.fault_key
            counted = self._kills if again else self._strikes
            counted[key] = counted.get(key, 0) + 1
            if again and counted[key] < KILLS:
                self._queue.put(seat.task)
            else:
                self._fail(seat.task, fault)

    def _seat_of(self, worker: Worker) -> Seat | None:
        return next((seat for seat in self._seats if seat.worker is worker), None)

    # --- requests -----------------------------------------------------------------------------------------

    def _put(self, task: Task) -> None:
        if self._over:
            return
        if any(seat.task is not None and seat.task.key == task.key for seat in self._seats):
            return  # on its way
        if self._failed_starts >= FAILED_STARTS:
            self._failed_starts = FAILED_STARTS - 1  # somebody wants a page: one more attempt
            self._fill_seats()
        self._queue.put(task)
        self._dispatch()

    def _dispatch(self) -> None:
        """Gives idle processes what waits: the front one anything, the spare only what is urgent.

        No signal is sent from in here, so that nobody asks for more while it chooses.
        """
        if self._over or not self._seats:
            return
        self._let_retired_go()
        self._seats.sort(key=lambda seat: not seat.ready)
        front = self._seats[0]
        if front.idle:
            self._take_next(front, LAST_RANK)
        spare = next((seat for seat in self._seats[1:] if seat.idle), None)
        if spare is None or front.idle:
            return
        self._take_next(spare, URGENT_RANK)
        if spare.slot is not None:
            self._seats.remove(spare)
            self._seats.insert(0, spare)

    def _let_retired_go(self) -> None:
        if not self._retired:
            return
        needed = {task.blob for task in self._queue.in_order()}
        needed.update(seat.task.blob for seat in self._seats if seat.task is not None)
        for blob in self._retired - needed:
            self._retired.discard(blob)
            self.drop(blob)
            self._store.drop(blob)

    def _take_next(self, seat: Seat, max_rank: int) -> None:
        for task in self._queue.in_order():
            if task.rank > max_rank:
                return
            slot = None
            if self._strikes.get(task.fault_key, 0) >= STRIKES or task.blob not in self._store:
                self._queue.remove(task)
                self._hopeless.emit(task)
                continue
            if task.request is not None:
                slot = self._slot_for(task.request)
                if slot is None:
                    continue
            self._queue.remove(task)
            self._begin(seat, task, slot)
            return

    def _slot_for(self, request: RenderRequest) -> int | None:
        assert self._slots is not None
        slot = self._slots.take(request.width * request.height * BYTES_PER_PIXEL)
        if slot is None and request.priority is Priority.NOW:
            self._slots_full.emit()
        return slot

    def _begin(self, seat: Seat, task: Task, slot: int | None) -> None:
        segment = self._store.segment(task.blob)
        assert segment is not None
        assert self._slots is not None
        password = self._passwords.get(task.blob)
        worker = seat.worker
        if worker.papers.get(task.blob, password) != password:
            worker.take_back(task.blob)
        if task.blob not in worker.papers:
            worker.hand(task.blob, segment, password)
        seat.task, seat.slot, seat.busy_before = task, slot, worker.busy_s
        seat.deadline.start(self._deadline_ms)
        offset = self._slots.offset(slot) if slot is not None else 0
        worker.give(order_for(task, offset))

    def _deliver(self, task: Task, slot: int | None, reply: wire.Reply, pdf: bytes) -> None:
        assert self._slots is not None
        request = task.request
        if isinstance(reply, wire.Drawn) and request is not None and slot is not None:
            image = self._slots.picture(slot, request.width, request.height)
            self.drawn.emit(Frame(request, image))
            return
        answer = answer_to(task, reply, pdf)
        if isinstance(answer, Fault):
            self._fail(task, answer)
        else:
            self._signals[type(answer)].emit(answer)
        if slot is not None:
            self._slots.give_back(slot)

    def _fail(self, task: Task, fault: Fault) -> None:
        failure = failure_of(task, fault)
        self._signals[type(failure)].emit(failure)
