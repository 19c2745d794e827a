"""Several people type in one text, each in a window of their own that hears of the network later than it
happens: everybody ends with the same, and no letter is lost, doubled or out of the order it was typed in."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from random import Random

import pytest

from presenter.minutes import shared_text
from presenter.minutes.shared_text import SharedText, moved
from presenter.wording import difference
from protocol.changes import Change, ItemChanged
from protocol.minutes import MinutesKind
from protocol.ops import Allow, OpenMinutes, SpliceText
from protocol.shown_texts import ShownTexts
from protocol.texts import spliced
from protocol.values import OWNER, Role
from tests.protocol.rooms import characters
from tests.protocol.values import Pair

ITEM = 5
SEEDS = range(150)


class Window:
    """A person with a field that shows the text; what they send and what they are told takes its time."""

    def __init__(self, peer: int, send: Callable[[SpliceText, int], None]) -> None:
        self.peer = peer
        self.shared = SharedText(ITEM, "")
        self.field, self.caret = "", 0
        self.run: list[str] = []
        self.composing, self.removes = False, True
        self.seen = 0
        self.to_hear: deque[tuple[tuple[Change, ...], int]] = deque()
        self.to_say: deque[tuple[SpliceText, int]] = deque()
        self._send = send

    def type(self, random: Random, letter: str) -> None:
        before = self.field
        if random.random() < 0.1:
            self.caret, self.run = random.randint(0, len(before)), []
        if self.removes and random.random() < 0.15 and self.caret and not self.run:
            self.field = before[: self.caret - 1] + before[self.caret :]
            self.caret -= 1
        else:
            self.field = before[: self.caret] + letter + before[self.caret :]
            self.caret += 1
            self.run.append(letter)
        op = difference(ITEM, before, self.field)
        assert op is not None
        self.shared.type(op.parts)
        self.go_on()

    def go_on(self) -> None:
        if not self.composing:
            self.show()
        op = self.shared.to_send()
        if op is not None:
            self.to_say.append((op, self.seen))

    def show(self) -> None:
        edit = self.shared.take_held()
        self.field, self.caret = spliced(self.field, edit), moved(self.caret, edit)
        assert self.field == self.shared.text

    def hear(self) -> None:
        changes, self.seen = self.to_hear.popleft()
        for change in changes:
            if isinstance(change, ItemChanged) and change.edit is not None:
                self.shared.came(change.edit, own=change.by == self.peer)
        self.go_on()

    def say(self) -> None:
        self._send(*self.to_say.popleft())


class Table:
    """The desk and two participants around one item."""

    def __init__(self, seed: int, *, removing: bool = True) -> None:
        self.random = Random(seed)
        self.letters = list(characters())
        self.typed: list[str] = []
        self.pair = Pair(Role.PARTICIPANT, Role.PARTICIPANT)
        owner = self.pair.authority
        for peer in self.pair.replicas:
            owner.edit(Allow(peer, "鈴木", False, False, True))
        owner.edit(OpenMinutes(ITEM, MinutesKind.NOTE, None, "", 0))
        self.pair.move()
        self.shown = {peer: ShownTexts() for peer in self.pair.replicas}
        self.windows = [Window(OWNER, self._desk_says)]
        for peer in self.pair.replicas:
            self.windows.append(Window(peer, lambda op, seen, peer=peer: self._guest_says(peer, op, seen)))
        for window in self.windows:
            window.removes = removing
        self.windows[0].seen = owner.briefing.revision

    def _desk_says(self, op: SpliceText, revision: int) -> None:
        self._desk_hears(self.pair.authority.edit(op, revision))

    def _desk_hears(self, changes: tuple[Change, ...]) -> None:
        self.windows[0].to_hear.append((changes, self.pair.authority.briefing.revision))

    def _guest_says(self, peer: int, op: SpliceText, seen: int) -> None:
        self._guest_hears(peer, self.pair.replicas[peer].edit(self.shown[peer].rebased(op, seen)))

    def _guest_hears(self, peer: int, changes: tuple[Change, ...]) -> None:
        self.shown[peer].took(changes)
        self.windows[peer].to_hear.append((changes, self.shown[peer].count))

    def step(self) -> None:
        window = self.random.choice(self.windows)
        match self.random.randrange(5):
            case 0:
                letter = self.letters.pop()
                self.typed.append(letter)
                window.type(self.random, letter)
            case 1 if window.to_hear:
                window.hear()
            case 2 if window.to_say:
                window.say()
            case 3:
                window.composing = self.random.random() < 0.4
                window.go_on()
            case 4:
                self.mail(self.random.choice(list(self.pair.replicas)))

    def mail(self, peer: int) -> None:
        self._desk_hears(self.pair.up(peer))
        if self.random.random() < 0.7:
            self._guest_hears(peer, self.pair.down(peer))

    def settle(self) -> None:
        for window in self.windows:
            window.composing = False
        for _ in range(100):
            for window in self.windows:
                while window.to_hear:
                    window.hear()
                while window.to_say:
                    window.say()
            for peer in self.pair.replicas:
                self._desk_hears(self.pair.up(peer))
                self._guest_hears(peer, self.pair.down(peer))
        assert all(window.shared.idle for window in self.windows)


def lived(seed: int) -> Table:
    table = Table(seed)
    for _ in range(300):
        table.step()
    table.settle()
    return table


def broken(seed: int) -> bool:
    try:
        table = lived(seed)
    except AssertionError:
        return True
    text = table.pair.authority.briefing.items[ITEM].text
    same = all(window.field == window.shared.text == text for window in table.windows)
    return not same or len(set(text)) != len(text)


def test_everybody_ends_with_the_same_and_every_letter_is_there_once_and_in_its_order() -> None:
    for seed in SEEDS:
        table = lived(seed)
        text = table.pair.authority.briefing.items[ITEM].text
        assert [window.field for window in table.windows] == [text] * 3, seed
        assert len(set(text)) == len(text), seed
        for window in table.windows:
            places = [text.index(letter) for letter in window.run if letter in text]
            assert places == sorted(places), seed


def test_without_the_rebase_letters_stand_twice_or_windows_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_text, "rebase", lambda edit, over, *, first: edit)
    assert any(broken(seed) for seed in range(10))


def test_nothing_typed_is_lost_while_nobody_removes_anything() -> None:
    for seed in range(40):
        table = Table(seed, removing=False)
        for _ in range(200):
            table.step()
        table.settle()
        assert set(table.typed) == set(table.pair.authority.briefing.items[ITEM].text), seed


def test_an_own_undo_that_comes_in_between_is_not_taken_for_what_is_under_way() -> None:
    shared = SharedText(ITEM, "ab")
    shared.type((2, "c"))
    assert shared.to_send() == SpliceText(ITEM, (2, "c"))
    shared.came((1, -1), own=True)
    shared.came((1, "c"), own=True)
    assert (shared.text, shared.idle) == ("ac", True)


@pytest.mark.parametrize(
    ("place", "edit", "then"),
    [
        (2, (1, "あ"), 3),
        (2, (2, "あ"), 2),
        (2, (3, "あ"), 2),
        (2, (-1,), 1),
        (2, (1, -3), 1),
        (2, (-5,), 0),
        (4, ("い", 1, -2, "うう", 1), 5),
        (0, (1, "あ"), 0),
    ],
)
def test_a_caret_stays_with_its_letter(place: int, edit: tuple, then: int) -> None:
    assert moved(place, edit) == then
