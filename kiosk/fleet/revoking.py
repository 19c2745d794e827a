"""Who is out, told to every display: a newer list in the console's folder is noticed, or heard from a display
that has it from another console; and how far it has come is said until everybody has it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from kiosk.fleet import ca
from kiosk.fleet.folder import Identity
from kiosk.fleet.model import Condition, Fleet
from kiosk.fleet.template_flow import Orders
from pageview.whole_file import write_whole
from pageview.wording import say
from protocol.transport.facilities_file import REVOKED_FILE
from protocol.transport.manage_events import revocations_in

log = logging.getLogger(__name__)

LOOK_MS = 2_000
GOES_ROUND = 60.0
"""Seconds after which a display that answers and has no list yet is not waited for."""


class Revoking(QObject):
    """`saw` is told of each display that says how it is, `refresh` when the window is brought up to date.

    ``spread`` gives a list, as it is passed on, to every display.
    """

    def __init__(
        self,
        fleet: Fleet,
        identity: Identity,
        folder: Path,
        spread: Callable[[bytes], None],
        orders: Orders,
        clock: Callable[[], float],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._fleet, self._spread, self._orders, self._clock = fleet, spread, orders, clock
        self._own, self._known = identity.device.device_id, identity.facilities
        self._file = folder / REVOKED_FILE
        self._out = frozenset(self._known.revoked.devices)
        self._seen: tuple[int, int] | None = None
        self._failed: tuple[int, int] | None = None
        self._counted: tuple[int, int] | None = None
        self._spreading = False
        self._until, self._told = 0.0, ""
        self._looking = QTimer(self, interval=LOOK_MS)
        self._looking.timeout.connect(self.look)

    def start(self) -> None:
        """Begins to look."""
        self._fleet.revoke(self._out, self._clock())
        self._looking.start()

    def stop(self) -> None:
        self._looking.stop()

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = self._file.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size

    def look(self) -> None:
        """Whether there is another list than before; it goes out at once."""
        stamp = self._stamp()
        if stamp is None or stamp == self._seen:
            return
        try:
            frame = self._file.read_bytes()
        except OSError as error:  # somebody has it open, maybe: looked at again, and said once
            if stamp != self._failed:
                self._failed = stamp
                self._orders.tell(say("{path} を読めません（{why}）。", path=self._file, why=error), "err")
            return
        self._seen = stamp
        if self._known.list_in(frame) is None:
            words = say("{name} は、この設備の鍵で署名されていません。使いません。", name=REVOKED_FILE)
            self._orders.tell(words, "err")
            return
        self._take(frame)

    def hear(self, frame: bytes) -> None:
        """A list that another console has given out; kept here, too, unless it names fewer."""
        try:
            with ca.alone(self._file.parent):  # what is signed on this machine just now is not written over
                self.look()
                came = revocations_in(frame, self._known)
                if came is not None and came.whole:
                    write_whole(frame, self._file)
        except OSError as error:
            why = error.strerror or error
            self._orders.tell(say("{path} に書けません（{why}）。", path=self._file, why=why), "err")
        self._take(frame)

    def _take(self, frame: bytes) -> None:
        """It goes out, if it tells anything new."""
        former, self._known = self._known, self._known.with_revocations(frame)
        if former is self._known:
            return
        log.info("revocation list %d goes out", self._known.revoked.number)
        self._spread(frame)
        self._out = frozenset(self._known.revoked.devices)
        self._fleet.revoke(self._out, self._clock())
        if self._own in self._out:
            # Whom it reaches from now on it is not told.
            self._spreading = False
            self._fleet.leave_behind(frozenset(), self._clock())
            self._fleet.leave(self._clock())
            words = say(
                "この管理の端末は、登録を取り消されました。ディスプレイは、もうここからの指示に従いません。"
            )
            self._orders.record(words, "err")
            return
        self._spreading, self._counted = True, None
        self._until, self._told = self._clock() + GOES_ROUND, ""
        self.refresh()
        self._orders.record(say("端末の取り消しを、全てのディスプレイへ伝える"), "")

    def saw(self, device: bytes) -> None:
        """That display says how it is: maybe it has the newest list now."""
        behind = self._fleet.displays[device].revocations < self._known.revoked.number
        if behind is not (device in self._fleet.behind):
            self._counted = None

    def refresh(self) -> None:
        """Counts who has it; says so while a list that came just now goes round."""
        number = self._known.revoked.number
        stands = self._fleet.layout, self._fleet.count(Condition.ASKING)
        same = stands == self._counted and not self._spreading
        if not number or same or self._own in self._out:
            return
        self._counted = stands
        everybody = [each for each in self._fleet.displays.values() if each.device not in self._out]
        behind = [each for each in everybody if each.revocations < number]
        self._fleet.leave_behind(frozenset(each.device for each in behind if not each.asking), self._clock())
        if self._spreading:
            self._say(len(everybody), len(behind), sum(each.linked for each in behind))

    def _say(self, count: int, behind: int, still: int) -> None:
        words = say("端末の取り消し：{n}台のうち{done}台に届きました。", n=count, done=count - behind)
        if still and self._clock() < self._until:
            if words != self._told:  # between two of these something else may be said
                self._told = words
                self._orders.tell(words)
            return
        self._spreading = False
        if still:
            words += say("{n}台は応答していますが、受け取っていません。", n=still)
        if behind > still:
            words += say("あとの{n}台は応答がないので、戻ったときに届きます。", n=behind - still)
        self._orders.record(words, "warn" if behind else "")
