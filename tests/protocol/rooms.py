"""A whole room in one thread, driven by a seed: people who type, links that delay and break, late joiners,
slow followers, papers that come and change, the floor that changes hands.

Every character that is typed is unique, so that a text says who typed what and in which order.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from functools import cache
from random import Random

from msgspec import structs

from protocol.authority import Authority
from protocol.changes import Change, ItemChanged, OpRefused, Reloaded
from protocol.codec import decode_control, encode
from protocol.errors import Refusal
from protocol.ink import MarkId
from protocol.minutes import MinutesKind
from protocol.ops import AddItem, Draw, Op, OpenMinutes, RemoveItem, RemoveMinutes, SpliceText
from protocol.outbox import OVERRUN
from protocol.presence import Pointer, Position
from protocol.registers import SetHold, SetScreen, ShowView
from protocol.replica import Replica
from protocol.texts import splice, spliced
from protocol.values import Rect, Role, Screen, View
from tests.protocol.drawing import Drawing
from tests.protocol.minuting import Minuting
from tests.protocol.papering import Papering
from tests.protocol.values import A4

MINUTED = 3
ITEMS = (1, 2, MINUTED)
"""The last one is in the minutes."""


@cache
def characters() -> tuple[str, ...]:
    """Enough to type for a whole run: 𠮷 and its kind, combining marks, emoji, kana; each once."""
    ranges = [(0x20BB7, 1_200), (0x300, 0x70), (0x1F300, 700), (0x3041, 86), (0x4E00, 4_000), (0x3099, 2)]
    pools = [[chr(first + n) for n in range(count)] for first, count in ranges]
    mixed = [pool[n] for n in range(4_000) for pool in pools if n < len(pool)]
    return tuple(reversed(mixed))


@dataclass
class Person:
    """Somebody with a caret. ``run``: what was typed since the caret was last put somewhere."""

    item: int = ITEMS[0]
    caret: int = 0
    run: list[str] = field(default_factory=list)


@dataclass
class Follower:
    """A replica and its link. Frames under way are bytes."""

    replica: Replica
    peer: int
    slow: bool
    person: Person
    up: deque[bytes] = field(default_factory=deque)
    down: deque[bytes] = field(default_factory=deque)
    linked: bool = False
    noticed: bool = True


class Room:
    """One run. ``step`` does something at random; ``settle`` lets everything arrive; ``check`` looks."""

    def __init__(self, seed: int, *, undo: bool = False) -> None:
        self.random = Random(seed)
        self.undo = undo
        self.now = 0.0
        self.mail = self.random.choice([10, 30, 60])
        replay = self.random.choice([20, 60, 2_000])
        self.authority = Authority(bytes(16), replay=replay, writing=self.random.random() < 0.5)
        self.owner = Person()
        self.followers: list[Follower] = []
        self.unused = list(characters())
        self.typed: dict[str, int] = {}
        self.removed: set[str] = set()
        self.handed_back: set[str] = set()
        self.runs: list[tuple[int, list[str]]] = []
        self.refused: list[OpRefused] = []
        self.drawing = Drawing(self.random, self._edit)
        self.minuting = Minuting(self.random, self._edit)
        self.papering = Papering(self.random, self.authority)
        self.papering.offer()
        for item in ITEMS:
            if item == MINUTED:
                self.authority.edit(OpenMinutes(item, MinutesKind.QUESTION, None, "", 0))
            else:
                self.authority.edit(AddItem(item, None, ""))
        for _ in range(self.random.randint(1, 3)):
            self.arrive()

    # --- what happens -------------------------------------------------------------------------------------

    def step(self) -> None:
        self.now += self.random.random() / 10
        often = {
            self._type: 30,
            self._move_mail: self.mail,
            self._cut: 2,
            self._link: 8,
            self.arrive: 0.5,
            self.papering.something: 2,
            self._floor: 1,
            self._show: 5,
            self._point: 3,
            self._draw: 6,
            self._minute: 4,
            self._grant: 1,
            self._undo: 4 if self.undo else 0,
        }
        (doing,) = self.random.choices(list(often), list(often.values()))
        doing()
        for follower in self.followers:
            for outbox in (self.authority.outbox(follower.peer), follower.replica.outbox):
                assert outbox.bytes_waiting <= OVERRUN
                assert len(outbox._latest) <= 7
                assert len(outbox._maybe) <= 4 * (len(self.followers) + 1)
                assert outbox.behind <= 2_000

    def arrive(self) -> None:
        """Somebody joins, perhaps late."""
        if len(self.followers) >= 5:
            return
        role = self.random.choice([Role.ANNOTATOR, Role.ANNOTATOR, Role.PRESENTER, Role.DISPLAY])
        replica = Replica()
        follower = Follower(replica, self.authority.admit(role), self.random.random() < 0.3, Person())
        self.followers.append(follower)
        self.minuting.grant(self.authority, follower.peer)
        self._link(follower)

    def _anyone(self) -> tuple[Person, Authority | Replica]:
        chosen = self.random.choice([None, *self.followers])
        return (self.owner, self.authority) if chosen is None else (chosen.person, chosen.replica)

    def _type(self) -> None:
        person, side = self._anyone()
        text = self._text(side, person.item)
        if text is None or not self.unused:
            self._put_caret(person)
            return
        if self.random.random() < 0.08 or not self._follow_caret(person, text):
            self._put_caret(person)
            text = self._text(side, person.item) or ""
            person.caret = self.random.randint(0, len(text))
        for _ in range(self.random.choice([1, 1, 1, 2, 4])):
            self._key(person, side)
        if self.random.random() < 0.01:
            self._remove_item(side, person.item)

    def _key(self, person: Person, side: Authority | Replica) -> None:
        before = self._text(side, person.item)
        if before is None:
            return
        what = self.random.random()
        if what < 0.75:
            typed = self.unused.pop()
            op = splice(person.item, person.caret, 0, typed)
        elif what < 0.9:
            count = min(person.caret, self.random.randint(1, 3))
            op = splice(person.item, person.caret - count, count, "")
        else:
            count = min(len(before) - person.caret, self.random.randint(1, 9))
            op = splice(person.item, person.caret, count, self.unused.pop())
        if self._edit(side, op):
            inserted = "".join(part for part in op.parts if isinstance(part, str))
            person.run.extend(inserted)
            person.caret = op.parts[0] if op.parts and isinstance(op.parts[0], int) else 0
            person.caret = max(person.caret, 0) + len(inserted)

    def _edit(self, side: Authority | Replica, op: Op) -> bool:
        item = getattr(op, "item", None)
        before = self._text(side, item) or ""
        try:
            self._changed(side.edit(op))
        except Refusal:
            return False
        after = self._text(side, item) or ""
        if isinstance(op, SpliceText):
            for each in set(after) - set(before):
                self.typed[each] = op.item
            self.removed |= set(before) - set(after)
        return True

    def _remove_item(self, side: Authority | Replica, item: int) -> None:
        if item == MINUTED:
            self._edit(side, RemoveMinutes(item, self.random.random() < 0.5))
        elif self.random.random() < 0.5:
            self._edit(side, RemoveItem(item))
        else:
            self._edit(side, AddItem(item, None, ""))

    def _put_caret(self, person: Person) -> None:
        self.runs.append((person.item, person.run))
        person.run = []
        person.item = self.random.choice(ITEMS)
        person.caret = 10**6

    def _follow_caret(self, person: Person, text: str) -> bool:
        """The caret stays behind the last character typed, wherever others have moved it to."""
        if not person.run:
            person.caret = min(person.caret, len(text))
            return True
        at = text.find(person.run[-1])
        person.caret = at + 1
        return at >= 0

    def _text(self, side: Authority | Replica, item: int | None) -> str | None:
        found = side.briefing.items.get(item) if item is not None else None
        return None if found is None else found.text

    def _undo(self) -> None:
        _, side = self._anyone()
        try:
            self._changed(side.undo() if self.random.random() < 0.7 else side.redo())
        except Refusal:
            return

    def _show(self) -> None:
        _, side = self._anyone()
        pages = list(side.briefing.pages())
        if not pages:
            return
        page = self.random.choice(pages)
        register = self.random.choice(
            [
                ShowView(View(page.page_id, Rect(0, self.random.randint(0, 99), page.width, page.height))),
                SetHold(self.random.random() < 0.5),
                SetScreen(self.random.choice(list(Screen))),
            ]
        )
        try:
            self._changed(side.set(register, self.now) if side is self.authority else side.set(register))
        except Refusal:
            return

    def _point(self) -> None:
        _, side = self._anyone()
        pages = list(side.briefing.pages())
        if pages:
            page_id = self.random.choice(pages).page_id
            position = Position(True, page_id, Rect(0, 0, *A4), True)
            pointer = Pointer(page_id, 5, 5)
            wall = getattr(side, "role", None) is Role.DISPLAY
            try:
                side.present(position if wall else pointer)
            except Refusal:
                return

    def _draw(self) -> None:
        _, side = self._anyone()
        self.drawing.something(side)

    def _minute(self) -> None:
        _, side = self._anyone()
        self.minuting.something(side)
        if side is self.authority:
            self.minuting.plan(self.authority)

    def _grant(self) -> None:
        self.minuting.grant(self.authority, self.random.choice(self.followers).peer)

    def _floor(self) -> None:
        chosen = self.random.choice([None, *self.followers])
        try:
            if chosen is None:
                self.authority.take_floor(self.now)
            else:
                self.authority.give_floor(chosen.peer, self.now)
        except Refusal:
            return

    # --- the network --------------------------------------------------------------------------------------

    def _move_mail(self) -> None:
        follower = self.random.choice(self.followers)
        if not follower.linked:
            return
        self._send(follower, self.random.choice([0, 30, 200]) if follower.slow else 32_000)
        for _ in range(self.random.randint(0, 6)):
            self._deliver(follower)

    def _send(self, follower: Follower, room: int) -> None:
        out = self.authority.outbox(follower.peer).take(room if len(follower.down) < 20 else 0)
        follower.down.extend(encode(message) for message in out)
        follower.up.extend(encode(message) for message in follower.replica.outbox.take(room))

    def _deliver(self, follower: Follower) -> bool:
        ways = [way for way in (follower.up, follower.down) if way]
        if not ways or not follower.linked:
            return False
        way = self.random.choice(ways)
        message = decode_control(way.popleft())
        if way is follower.up:
            self.authority.receive(follower.peer, message, self.now)
        else:
            shown = {item: self._text(follower.replica, item) for item in ITEMS}
            changed = follower.replica.receive(message)
            self._changed(changed)
            self._check_no_jump(follower.replica, shown, changed)
        return True

    def _check_no_jump(
        self, replica: Replica, shown: dict[int, str | None], changed: tuple[Change, ...]
    ) -> None:
        """No text ever jumps before its reader's eyes, and carets are told how it changed."""
        for item, before in shown.items():
            after = self._text(replica, item)
            if before is None or after is None or self.undo:
                continue
            common = set(before) & set(after)
            assert [each for each in before if each in common] == [each for each in after if each in common]
            told = [change for change in changed if isinstance(change, ItemChanged) and change.item == item]
            if len(told) == 1 and told[0].edit is not None:
                assert spliced(before, told[0].edit) == after
            if before != after:
                assert told or Reloaded() in changed

    def _fetch(self, follower: Follower) -> None:
        wanted = follower.replica.snapshot_wanted
        if wanted is not None:
            data = self.authority.snapshot(wanted.sha256)
            assert data is not None
            assert len(data) == wanted.length
            self._changed(follower.replica.load(data))

    def _cut(self) -> None:
        follower = self.random.choice(self.followers)
        follower.linked = False
        follower.up.clear()
        follower.down.clear()
        follower.noticed = self.random.random() < 0.5
        if follower.noticed:
            self.authority.disconnect(follower.peer, self.now)

    def _link(self, follower: Follower | None = None) -> None:
        for each in [follower] if follower else self.followers:
            if not each.linked and (follower or self.random.random() < 0.5):
                if not each.noticed:
                    self.authority.disconnect(each.peer, self.now)
                each.linked = True
                each.up.append(encode(each.replica.join()))
            elif each.linked and self.random.random() < 0.5:
                self._fetch(each)

    def _changed(self, changed: tuple[Change, ...]) -> None:
        for change in changed:
            if isinstance(change, OpRefused):
                self.refused.append(change)
                if isinstance(change.op, SpliceText):
                    for part in change.op.parts:
                        self.handed_back |= set(part) if isinstance(part, str) else set()

    # --- the end ------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Every link comes back, everything arrives."""
        for _ in range(10_000):
            for follower in self.followers:
                if not follower.linked:
                    self._link(follower)
                self._fetch(follower)
                self._send(follower, 32_000)
                while self._deliver(follower):
                    pass
            if not any(self._busy(follower) for follower in self.followers):
                break
        else:
            raise AssertionError("it never comes to rest")
        for person in (self.owner, *(follower.person for follower in self.followers)):
            self.runs.append((person.item, person.run))

    def _busy(self, follower: Follower) -> bool:
        outboxes = (self.authority.outbox(follower.peer), follower.replica.outbox)
        waiting = any(outbox.lagging for outbox in outboxes) or follower.up or follower.down
        return bool(waiting or follower.replica.pending or not follower.replica.caught_up)

    def check_same_everywhere(self) -> None:
        for follower in self.followers:
            theirs, ours = follower.replica.briefing, self.authority.briefing
            # Who set a register is not told its number: nobody else can set one meanwhile.
            registers = structs.replace(theirs.registers, number=ours.registers.number)
            assert replace(theirs, registers=registers) == ours
            assert follower.replica.pending == 0

    def check_order_of_typing(self) -> None:
        """What somebody typed in one go stands in the order in which it was typed."""
        for item, run in self.runs:
            text = self._text(self.authority, item) or ""
            places = [text.index(each) for each in run if each in text]
            assert places == sorted(places), (item, run, text)

    def check_nothing_lost_nothing_doubled(self) -> None:
        told = {
            MarkId(change.id.author, new.n)
            for change in self.refused
            if isinstance(change.op, Draw)
            for new in change.op.marks
        }
        self.drawing.check_nothing_lost(self.authority.briefing, told)
        self.minuting.check(self.authority.briefing)
        for item in ITEMS:
            text = self._text(self.authority, item)
            if text is None:
                continue
            assert len(set(text)) == len(text)
            assert set(text) <= {each for each, where in self.typed.items() if where == item}
            if not self._was_removed(item):
                kept = {each for each, where in self.typed.items() if where == item}
                assert kept - self.removed - self.handed_back <= set(text)

    def _was_removed(self, item: int) -> bool:
        return any(committed.op == RemoveItem(item) for committed in self.authority.log)


def play(seed: int, *, undo: bool = False, steps: int = 250) -> Room:
    """A whole run of one seed, come to rest."""
    room = Room(seed, undo=undo)
    for _ in range(steps):
        room.step()
    room.settle()
    return room
