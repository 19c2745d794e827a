"""A house of many rooms by seed, without sockets: no page is ever on a screen where its presenter is not.

Real handshakes, real codes, real sessions; the network is a toss. People stand before one wall and reach
another: some rooms share a number, addresses are stale, codes are mistyped or read from the wrong wall.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import pytest

from protocol import pairing_checks
from protocol.authority import Authority
from protocol.codec import decode_control, encode
from protocol.ops import OfferPaper
from protocol.pairing import Dialing, meet
from protocol.pairing_checks import HandshakeRefused
from protocol.pairing_messages import Mode
from protocol.registers import SetScreen, ShowView
from protocol.replica import Replica
from protocol.room_codes import RoomCodes
from protocol.values import Blob, EditionPage, PageRef, Rect, Role, Screen, View
from tests.protocol.handshakes import device, kiosk, presenter
from tests.protocol.values import A4

PAGES = 3
FACES = 8
"""Different device keys: what they say is told apart by the secret of each link, not by the key alone."""


@dataclass
class Wall:
    """A kiosk: its number, its code, and what it follows."""

    place: int
    number: int
    codes: RoomCodes
    replica: Replica | None = None

    @property
    def shown(self) -> bytes | None:
        """The paper whose page is on the glass; None: a cover or standby."""
        if self.replica is None:
            return None
        view = self.replica.briefing.registers.view
        if view is None or self.replica.briefing.registers.screen is not Screen.SHOW:
            return None
        found = self.replica.briefing.page(view.page_id)
        return None if found is None else found[2].ref.blob


@dataclass
class Speaker:
    """A presenter: a paper of its own, and the walls that were paired, with their peer ids."""

    place: int
    authority: Authority
    blob: bytes
    walls: dict[int, int] = field(default_factory=dict)


class House:
    """``play`` makes one pairing happen; ``wrong`` counts screens that showed what they must not."""

    def __init__(self, seed: int, walls: int, speakers: int) -> None:
        self.random = Random(seed)
        self.now = 0.0
        below = self.random.randrange
        # Every tenth number is there twice.
        numbers = [n - 1 if n % 10 == 0 else n for n in range(1, walls + 1)]
        self.walls = [Wall(place, number, RoomCodes(0.0, below)) for place, number in enumerate(numbers)]
        self.speakers = [self._speaker(place) for place in range(speakers)]
        self.pairings = self.refused = self.wrong = 0

    def _speaker(self, place: int) -> Speaker:
        authority = Authority(place.to_bytes(16, "big"))
        blob = b"paper of " + place.to_bytes(23, "big")
        pages = tuple(EditionPage(n, PageRef(blob, n), *A4) for n in range(PAGES))
        authority.edit(OfferPaper(1, f"資料{place}", Blob(blob, 1_000), pages))
        authority.set(SetScreen(Screen.SHOW), 0.0)
        return Speaker(place, authority, blob)

    def play(self) -> None:
        """Somebody goes to a free wall, types what they read there, and turns a page; somebody ends."""
        while not (free := [wall for wall in self.walls if wall.replica is None]):
            self._leave()
        before = self.random.choice(free)
        speaker = self.random.choice(self.speakers)
        typed = before.codes.code
        while True:
            self.now += 30.0
            reached = self._reach(before, free)
            read = self.random.choice(self.walls).codes.code if self.random.random() < 0.1 else typed
            if self._pair(speaker, before, reached, read):
                break
            typed = before.codes.code
        if self.random.random() < 0.7:
            self._leave()
        self._turn(speaker)
        self._look()

    def _reach(self, before: Wall, free: list[Wall]) -> Wall:
        """The wall at the other end of the link: mostly the one meant, else one of its number, else any."""
        toss = self.random.random()
        if toss < 0.8:
            return before
        same = [wall for wall in free if wall.number == before.number]
        return self.random.choice(same if toss < 0.9 else free)

    def _pair(self, speaker: Speaker, before: Wall, reached: Wall, typed: str) -> bool:
        """A whole handshake; the wall that it succeeds with must be the one that showed the code."""
        entropy = self.random.randbytes
        listening = device(f"wall {reached.place % FACES}")
        us = presenter(room=before.number, spki=device("presenter").spki)
        dialing = Dialing(us, Mode.PAIR, entropy(32))
        them = kiosk(
            room=reached.number,
            spki=listening.spki,
            sign=listening.sign,
            code_length=len(reached.codes.code),
        )
        shown = reached.codes.code
        try:
            met_wall, reply = meet(them, dialing.frame, entropy(32), listening.certificate)
            met = dialing.receive(reply, listening.certificate, listening.spki)
            guess = reached.codes.guess(f"10.0.0.{speaker.place}", self.now)
            if guess is None:
                raise AssertionError("people of this house do not guess that often")
            guessing = met.guess(typed, entropy)
            answering = met_wall.receive_guess(guessing.frame, guess.digits, entropy)
            proving = guessing.receive(answering.frame)
            confirming = answering.then.receive(proving.frame)
            assert reached.codes.redeem(guess, confirming.slot, self.now)
            proved = proving.receive(confirming.frame)
            self.wrong += confirming.receive(proved.frame) != proved.secret
        except HandshakeRefused:
            self.refused += 1
            return False
        self.pairings += 1
        self.wrong += typed != shown or reached.number != before.number
        self._follow(speaker, reached)
        return reached is before or typed == shown

    def _follow(self, speaker: Speaker, wall: Wall) -> None:
        wall.replica = Replica()
        peer = speaker.authority.admit(Role.DISPLAY)
        speaker.walls[wall.place] = peer
        self._up(speaker, peer, wall)
        self._move(speaker)

    def _up(self, speaker: Speaker, peer: int, wall: Wall) -> None:
        assert wall.replica is not None
        speaker.authority.receive(peer, decode_control(encode(wall.replica.join())), self.now)

    def _turn(self, speaker: Speaker) -> None:
        page = self.random.randrange(PAGES)
        speaker.authority.set(ShowView(View(page, Rect(0, 0, *A4))), self.now)
        self._move(speaker)

    def _move(self, speaker: Speaker) -> None:
        for place, peer in speaker.walls.items():
            replica = self.walls[place].replica
            assert replica is not None
            for message in speaker.authority.outbox(peer).take(10**6):
                replica.receive(decode_control(encode(message)))

    def _leave(self) -> None:
        busy = [speaker for speaker in self.speakers if speaker.walls]
        if busy:
            speaker = self.random.choice(busy)
            place = self.random.choice(list(speaker.walls))
            speaker.authority.leave(speaker.walls.pop(place), self.now)
            self.walls[place].replica = None
            self.walls[place].codes.renew(self.now)

    def _look(self) -> None:
        """Every wall shows the newest page of who was paired with it, or nothing."""
        belongs = {place: speaker for speaker in self.speakers for place in speaker.walls}
        for wall in self.walls:
            speaker = belongs.get(wall.place)
            if speaker is None:
                self.wrong += wall.shown is not None
                continue
            assert wall.replica is not None
            ours, theirs = speaker.authority.briefing.registers.view, wall.replica.briefing.registers.view
            self.wrong += ours != theirs or (ours is not None and wall.shown != speaker.blob)


def live(pairings: int, walls: int, speakers: int, figure: Callable[..., None]) -> None:
    house = House(walls, walls, speakers)
    while house.pairings < pairings:
        house.play()
    figure(
        f"{walls} kiosks, {speakers} presenters, simulated network",
        reach=f"0 wrong screens in {pairings} pairings",
        got=f"{house.wrong} wrong screens in {house.pairings} pairings; {house.refused} refused",
        ok=house.wrong == 0 and house.refused > house.pairings // 20,
    )


def test_a_small_house(figure: Callable[..., None]) -> None:
    live(60, 20, 4, figure)


@pytest.mark.long
def test_eighty_kiosks_and_twelve_presenters(figure: Callable[..., None]) -> None:
    live(9_900, 80, 12, figure)


def test_a_code_that_is_not_checked_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairing_checks, "macs", lambda expected, received: 0)
    house = House(1, 20, 4)
    while house.pairings < 40:
        house.play()
    assert house.wrong
