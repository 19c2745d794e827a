"""Whole rooms by seed with an owner, displays, annotators and participants, some of whom try what their role
does not allow: everybody ends with the same, and nothing that a role may not do is ever done.

What a role may do stands here a second time, from the table of docs/security.md: the program's own table is
what is judged.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from protocol import guests
from protocol.codec import decode_control, encode
from protocol.corrections import CorrectionState
from protocol.errors import CloseCode, PeerFault
from protocol.finds import FindAnswered, FindPiece, OfferFind, Outcome, WantFind, WithdrawFind
from protocol.ink import AS_DRAWN, NewMark, Stroke
from protocol.messages import (
    End,
    FloorAsked,
    FloorDeclined,
    FloorReturned,
    Granted,
    Message,
    Now,
    RoomFacts,
    Set,
    Submit,
    TakeoverAsked,
    WallReport,
    Walls,
    Wish,
)
from protocol.minutes import Carried, Former, MinutesKind
from protocol.ops import (
    AddItem,
    AssignCorrection,
    AssignMinutes,
    Draw,
    Erase,
    MoveMarks,
    Named,
    NameSubject,
    NewEdition,
    OfferPaper,
    OpenCorrection,
    OpenMinutes,
    PlaceCorrection,
    PlanPaper,
    Reanchor,
    RemoveItem,
    RemoveMinutes,
    SetCorrection,
    SetMinutes,
    SetReply,
    WithdrawPaper,
)
from protocol.presence import Pointer, Typing, Wet
from protocol.registers import SetHold, SetScreen, ShowView
from protocol.replica import Replica
from protocol.texts import splice
from protocol.values import Blob, EditionPage, OpId, PageRef, Rect, Role, Screen, View
from tests.protocol.drawing import PEN
from tests.protocol.rooms import ITEMS, MINUTED, Follower, Person, Room
from tests.protocol.values import A4

SEEDS = range(300)
LONG_SEEDS = range(300, 10_300)
STEPS = 200
ROLES = (Role.DISPLAY, Role.ANNOTATOR, Role.PARTICIPANT)
SHA = b"t" * 32
FOUND = OfferFind(1, "資料", "出典", SHA, 9)


MINUTES = (
    OpenMinutes(77, MinutesKind.NOTE, None, "", 0),
    SetMinutes(MINUTED, MinutesKind.NOTE, None, "知事"),
    SetReply(MINUTED, Carried(), 0),
    AssignMinutes(MINUTED, "佐藤", "明日"),
    RemoveMinutes(MINUTED, True),
    OpenMinutes(78, MinutesKind.HOMEWORK, None, "", 0, "", Former(bytes(16), 0, "前回")),
)


def _paper(peer: int) -> OfferPaper:
    return OfferPaper(900, "資料", Blob(SHA, 9), (EditionPage(90_000 + peer, PageRef(SHA, 0), *A4),))


def trespasses(role: Role, touch: bool, peer: int, n: int, random: Random) -> list[Message]:
    """What a guest of this role may not send, well formed, under its own name."""

    def submitted(op: object) -> Submit:
        return Submit(OpId(peer, n), 0, op)

    view = ShowView(View(100, Rect(0, 0, *A4)))
    owners = [
        submitted(_paper(peer)),
        submitted(WithdrawPaper(1)),
        submitted(NewEdition(1, 1, 0, 1, (), ())),
        submitted(Named(peer, "佐藤")),
        submitted(Reanchor(100, None, (), AS_DRAWN)),
        submitted(PlaceCorrection(101, None, 1, ())),
        submitted(AssignCorrection(101, "佐藤", "")),
        submitted(PlanPaper(1, 5, "佐藤")),
        submitted(NameSubject("河川改修")),
        Set(10**6, view),
        Granted(Role.PRESENTER),
        FloorDeclined(),
        WantFind(1, 0),
        FindAnswered(1, Outcome.SHOWN, ""),
        Walls(()),
        End(),
    ]
    presenters: list[Message] = [Wish(n, each) for each in (view, SetHold(True), SetScreen(Screen.COVER))]
    edits: list[Message] = [
        submitted(each)
        for each in (
            AddItem(77, None, "文字"),
            splice(ITEMS[0], 0, 0, "横"),
            RemoveItem(ITEMS[0]),
            Draw(100, 1, 0, (NewMark(n, Stroke(PEN, 5, 5)),)),
            Erase(100, ()),
            MoveMarks(100, (), 1, 1),
            OpenCorrection(77, 100, 1, (Rect(0, 0, 9, 9),), "", "", 0),
            SetCorrection(77, CorrectionState.CONFIRMED, 0),
        )
    ]
    edits.append(Now(peer, n, Wet(100, n, PEN, True, 5, 5, b"")))
    walls: list[Message] = [
        RoomFacts(27, "室", "Room", "6階", "6F", 1920, 1080, 55, 300, True),
        WallReport(PageRef(SHA, 0), 101),
        TakeoverAsked("田中", "財政課"),
    ]
    forged: list[Message] = [
        Now(peer + 1, n, Pointer(100, 5, 5)),
        Submit(OpId(peer + 1, n), 0, AddItem(77, None, "文字")),
    ]
    refused = owners + presenters
    if role is Role.PARTICIPANT or (role is Role.DISPLAY and not touch):
        refused += edits
    if role is Role.PARTICIPANT:
        refused.remove(edits[1])  # it types in the minutes
    if role is not Role.DISPLAY:
        refused += walls
    if role is Role.DISPLAY:
        refused += [FloorAsked(), FloorReturned()]
        refused += [FOUND, FindPiece(FOUND.n, 0, b"%"), WithdrawFind(FOUND.n)]
        refused += [submitted(each) for each in MINUTES]
        refused += [] if touch else [Now(peer, n, Pointer(100, 5, 5))]
    return [random.choice([*refused, random.choice(forged)])]


class House(Room):
    """A room with participants, and with guests who now and then try what is not theirs."""

    tried = 0
    violations = 0

    def __init__(self, seed: int, *, undo: bool = False) -> None:
        self.trespass = Random(seed + 10**9)
        super().__init__(seed, undo=undo)

    def arrive(self) -> None:
        if len(self.followers) >= 5:
            return
        role = self.random.choice([*ROLES, Role.PRESENTER])
        slow = self.random.random() < 0.3
        follower = Follower(Replica(), self.authority.admit(role), slow, Person())
        self.followers.append(follower)
        self.minuting.grant(self.authority, follower.peer)
        self._link(follower)

    def step(self) -> None:
        super().step()
        if self.trespass.random() < 0.1:
            self._try_what_is_not_allowed()
        if self.trespass.random() < 0.05:
            self._write_minutes_without_the_grant()
        if self.trespass.random() < 0.05:
            self._find_without_the_grant()

    def _try_what_is_not_allowed(self) -> None:
        follower = self.trespass.choice(self.followers)
        guest = self.authority.guests[follower.peer]
        if not follower.linked or not guest.joined or guest.role not in ROLES:
            return
        n = 10**6 + self.tried
        (message,) = trespasses(
            guest.role, self.authority.briefing.registers.writing, follower.peer, n, self.trespass
        )
        before, ops = self.authority.briefing, len(self.authority.log)
        waiting = [self.authority.outbox(each.peer).bytes_waiting for each in self.followers]
        self.tried += 1
        fault: PeerFault | None = None
        try:
            self.authority.receive(follower.peer, self._sent(message), self.now)
        except PeerFault as caught:
            fault = caught
        same = (
            self.authority.briefing == before
            and len(self.authority.log) == ops
            and [self.authority.outbox(each.peer).bytes_waiting for each in self.followers] == waiting
        )
        if fault is None or fault.close_code != CloseCode.ROLE or not same:
            self.violations += 1
        self._break(follower)

    def _write_minutes_without_the_grant(self) -> None:
        """It may be on its way when the grant is taken back: refused, and nobody else hears of it."""
        follower = self.trespass.choice(self.followers)
        guest, briefing = self.authority.guests[follower.peer], self.authority.briefing
        if not guest.joined or guest.role not in (Role.PARTICIPANT, Role.ANNOTATOR):
            return
        granted = briefing.allowances.get(follower.peer)
        if granted is not None and granted.minutes:
            return
        self.tried += 1
        op = self.trespass.choice([*MINUTES, splice(MINUTED, 0, 0, "横")])
        submit = Submit(OpId(follower.peer, 10**6 + self.tried), 0, op)
        n = 10**6 + self.tried
        try:
            for message in (submit, Now(follower.peer, n, Typing(MINUTED, 0))):
                self.authority.receive(follower.peer, self._sent(message), self.now)
        except PeerFault as fault:
            self.violations += fault.close_code != CloseCode.PROTOCOL  # refused too often
            self._break(follower)
        self.violations += self.authority.briefing is not briefing

    def _find_without_the_grant(self) -> None:
        """Answered to its finder alone; nothing of it is kept."""
        follower = self.trespass.choice(self.followers)
        guest, briefing = self.authority.guests[follower.peer], self.authority.briefing
        if not guest.joined or guest.role not in (Role.PARTICIPANT, Role.ANNOTATOR):
            return
        self.tried += 1
        others = [self.authority.outbox(each.peer) for each in self.followers if each is not follower]
        waiting = [outbox.bytes_waiting for outbox in others]
        try:
            for message in (FOUND, FindPiece(FOUND.n, 0, b"%")):
                self.violations += bool(self.authority.receive(follower.peer, self._sent(message), self.now))
        except PeerFault as fault:
            self.violations += fault.close_code != CloseCode.PROTOCOL  # refused too often
        self.violations += self.authority.briefing is not briefing
        self.violations += [outbox.bytes_waiting for outbox in others] != waiting
        self._break(follower)

    def _sent(self, message: Message) -> Message:
        return decode_control(encode(message))

    def _break(self, follower: Follower) -> None:
        """Its link is closed with 4403; it may come back."""
        follower.linked, follower.noticed = False, True
        follower.up.clear()
        follower.down.clear()
        self.authority.disconnect(follower.peer, self.now)


def lived(seed: int) -> House:
    house = House(seed, undo=seed % 4 == 3)
    for _ in range(STEPS):
        house.step()
    house.settle()
    house.check_same_everywhere()
    if not house.undo:
        house.check_order_of_typing()
        house.check_nothing_lost_nothing_doubled()
    return house


def fuzz(seeds: range, figure: Callable[..., None]) -> None:
    diverged: list[int] = []
    tried = violations = 0
    for seed in seeds:
        try:
            house = lived(seed)
        except AssertionError:
            diverged.append(seed)
            continue
        tried, violations = tried + house.tried, violations + house.violations
    figure(
        "session of owner, display/annotator, participant by seed",
        reach=f"{len(seeds)} seeds, 0 divergences, 0 role violations",
        got=f"{len(seeds)} seeds, {len(diverged)} divergences {diverged[:5]}, "
        f"{violations} violations in {tried} trespasses",
        ok=not diverged and not violations and tried > 5 * len(seeds),
    )


def test_three_roles_by_seed(figure: Callable[..., None]) -> None:
    fuzz(SEEDS, figure)


@pytest.mark.long
def test_ten_thousand_rooms_of_three_roles(figure: Callable[..., None]) -> None:
    fuzz(LONG_SEEDS, figure)


def test_a_role_that_is_not_kept_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guests, "may_send", lambda role, message, writing: True)
    assert sum(_violations(seed) for seed in range(10))


def _violations(seed: int) -> int:
    house = House(seed)
    for _ in range(STEPS):
        try:
            house.step()
        except (AssertionError, PeerFault):
            break
    return house.violations
