"""How templates come to displays: what is to change, wave by wave, and whose turn it is.

Nothing is sent from here and no clock is read: `tick` says how far the waves have come, `turn` what a display
is to be asked or told next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from kiosk.fleet.hands import Hand, Hands, hand_words
from kiosk.fleet.model import Condition, Display, Fleet
from kiosk.fleet.planning import PIECE, Planning, Wave, settled
from kiosk.fleet.present import Present
from kiosk.fleet.progress import Progress
from kiosk.fleet.template_folder import Standing, TemplateFolder
from kiosk.fleet.templates import Difference, same
from kiosk.fleet.waves import (
    USUAL,
    Halted,
    News,
    Pace,
    Stage,
    Through,
    Why,
)
from protocol.manage import ChangeSettings, FetchSettings, Outcome, Setting

_BY_HAND = Halted(Why.BY_HAND)
_FINAL = (Outcome.SETTINGS, Outcome.FAILED, Outcome.ROLE, Outcome.NOT_REGISTERED, Outcome.UNREADABLE)
"""The same words would be refused again."""


class Rollout:
    """``folder``: the templates, and how far they have come, kept there. `OSError` from what keeps."""

    def __init__(self, folder: TemplateFolder, pace: Pace = USUAL, own: bytes = b"") -> None:
        """``own``: this console's device id."""
        self._folder = folder
        self.files = Present(own)
        """What stands in the displays' files."""
        self._progress = Progress(folder, self.files.touched)
        self._wave = Wave(pace, set(self.stage.members))
        self._planning = Planning(folder, self.files, self._progress, self._wave)
        self._answers = 0
        self._seen: dict[bytes, Mapping[str, Hand]] = {}
        """Of what others changed, what somebody here had before them when they put templates into effect."""
        self._looked: tuple[int, ...] = ()
        """How things stood when a next wave was looked for and there was none."""

    # --- what is asked ----------------------------------------------------------------------------------

    @property
    def pace(self) -> Pace:
        """How fast it goes."""
        return self._wave.watch.pace

    @property
    def stage(self) -> Stage:
        """How far the waves have come."""
        return self._progress.stage

    @property
    def news(self) -> int:
        """Grows when anything that can be asked here has changed."""
        return self._progress.news + self._answers

    def standing(self, device: bytes) -> Standing:
        return self._progress.standing(device)

    def still(self, fleet: Fleet) -> list[bytes]:
        """The displays that are still to be told what the templates say."""
        return self._progress.still(fleet)

    def has_it(self, device: bytes) -> bool:
        """It has what this rollout brings, or may have it: it was told, and has not refused."""
        return device in self.stage.passed or (
            device in self._wave.sent and not self.standing(device).refused
        )

    def differences(self, display: Display) -> tuple[Difference, ...]:
        """What is to change there; nothing where it is not known what stands there."""
        return self._planning.differences(display, self._folder.current)

    def _unseen(self, device: bytes, key: str) -> Hand | None:
        """Who at another console changed this last, where nobody here has seen it before they decided."""
        hand = self.files.hand(device, key)
        return None if hand == self._seen.get(device, {}).get(key) else hand

    def turns(self) -> Iterator[bytes]:
        """Displays that may have a turn now, beside those that say something."""
        stage = self.stage
        for device in stage.back or (stage.members if stage.halted is None else ()):
            if device not in self._wave.under_way and (stage.back or self.standing(device).waiting):
                yield device

    # --- what people decide -----------------------------------------------------------------------------

    def wish(self, displays: Iterable[Display], seen: Hands | None = None) -> None:
        """These are to have what the templates say now, wave by wave. What a rollout that was halted has not
        reached stays as it is. ``seen``: the `hands` that somebody had before them; None: as they are now."""
        for _ in self.wishing(displays, seen):
            pass

    def wishing(self, displays: Iterable[Display], seen: Hands | None = None) -> Iterator[None]:
        """What `wish` does, in pieces of a few milliseconds: displays may answer in between. It counts when
        it has come to its end."""
        chosen, edition = tuple(displays), self._folder.newest
        seen = self.files.hands() if seen is None else seen
        before: dict[bytes, Standing] = {}
        wished: dict[bytes, Standing] = {}
        for number, each in enumerate(chosen):
            if number % PIECE == PIECE - 1:
                yield
            before[each.device] = self.standing(each.device)
            wished[each.device] = self._wished(each, edition)
        for each in chosen:
            if self.standing(each.device) is not before[each.device]:  # it has answered meanwhile
                wished[each.device] = self._wished(each, edition)
        former = self._progress.standings
        if self.stage.halted is not None or self.stage.back:
            left = {device: replace(each, edition=None) for device, each in former.items() if each.waiting}
            former = {**former, **left}
        self._seen.update((device, seen.get(device, {})) for device in wished)
        self._progress.keep({**former, **wished}, Stage())
        self._wave.clear()

    def _wished(self, display: Display, edition: int) -> Standing:
        told = self.files.values(display.device) is not None and display.device not in self._wave.under_way
        if told and not self.differences(display):
            return settled(display, self._folder.current)
        return replace(self.standing(display.device), edition=edition, refused="")

    def halt(self, why: Halted = _BY_HAND) -> None:
        """Nobody else is told anything."""
        if self.stage.halted is None and not self.stage.back:
            self._progress.keep(self._progress.standings, replace(self.stage, halted=why))

    def give_way(self, who: str) -> None:
        """Another console's rollout goes on, and this one halts; told like what halts it by itself."""
        halted = Halted(Why.SECOND, text=who)
        self.halt(halted)
        self._wave.news.append(halted)

    def go_on(self) -> None:
        """With the others; who halted it is left as it is. While former settings come back: nobody who has
        them not yet is waited for."""
        if self.stage.back:
            for device in self.stage.back:
                self._given_back(device, well=False)
            self.flush()
            return
        halted = self.stage.halted
        if halted is not None:
            members = self.stage.members - {halted.device}
            self._progress.keep(self._progress.standings, replace(self.stage, members=members, halted=None))
            self._wave.watch.begin_again()

    def take_back(self) -> None:
        """Everybody who was reached is to have what stood there before; nobody waits for anything else."""
        reached = frozenset(self.stage.reached)
        standings = {device: replace(each, edition=None) for device, each in self._progress.standings.items()}
        stage = replace(self.stage, members=frozenset(), halted=None, back=reached) if reached else Stage()
        self._progress.keep(standings, stage)
        self._wave.clear()

    # --- wave by wave -----------------------------------------------------------------------------------

    def tick(self, fleet: Fleet, now: float) -> tuple[News, ...]:
        """Whether the wave that is under way has come back, and who is next; keeps what has changed."""
        for _ in self.work(fleet, now):
            pass
        return self.told()

    def told(self) -> tuple[News, ...]:
        """What has come to pass since this was asked last."""
        news = tuple(self._wave.news)
        self._wave.news.clear()
        return news

    def work(self, fleet: Fleet, now: float) -> Iterator[None]:
        """What `tick` does, in pieces of a few milliseconds: displays may answer in between. When somebody
        decides, the rest is to be left."""
        stage = self.stage
        for device in stage.back - fleet.displays.keys():
            self._given_back(device, well=False)
        if stage.halted is None and not stage.back:
            yield from self._planning.judge_wave(fleet, now)
            stands = self.news, fleet.turns, fleet.layout
            if self.stage.halted is None and not self.stage.members and stands != self._looked:
                yield from self._planning.advance(fleet, now)
                self._looked = stands  # what has changed meanwhile is looked at again
        self.flush()

    def _given_back(self, device: bytes, well: bool) -> None:
        """It has what it had, or never will (not ``well``)."""
        self._wave.giving_back.discard(device)
        stage = self.stage
        if well:
            put = dict(stage.reached[device].put)
            self._change({device: replace(self.standing(device), put=put, refused="")})
        stage = replace(stage, back=stage.back - {device}, left=stage.left + (not well))
        if not stage.back:
            self._wave.news.append(Through(len(stage.reached) - stage.left, back=True, left=stage.left))
            stage = Stage()
        self._change(stage=stage)

    # --- display by display -------------------------------------------------------------------------------

    def turn(self, display: Display, condition: Condition) -> FetchSettings | ChangeSettings | None:
        """What this display is to be asked or told now; it is under way then, until `answered`. A briefing
        is never disturbed, and one that is silent has its turn when it is back."""
        device, status = display.device, display.status
        if not display.linked or status is None or device in self._wave.under_way:
            return None
        if not self.files.is_asked(display):
            self.files.ask(display)
            self._wave.under_way.add(device)
            self._answers += 1
            return FetchSettings()
        if condition is Condition.BRIEFING or self.files.values(device) is None:
            return None
        changes = self._changes(display)
        if not changes:
            return None
        self._wave.under_way.add(device)
        self._wave.sent.add(device)
        mark = b"" if device in self.stage.back else self._folder.mark(self.standing(device).edition)
        return ChangeSettings(changes, over_briefing=False, templates=mark)

    def _changes(self, display: Display) -> tuple[Setting, ...]:
        """What it is to be told now: nothing, unless it is in the wave or what it has is taken back."""
        device, stage = display.device, self.stage
        if device in stage.back:
            former, present = stage.reached[device].former, self.files.values(device) or {}
            changed = [(key, to) for key, to in former.items() if not same(present.get(key), to)]
            found = tuple(Setting(key, to) for key, to in changed if self._unseen(device, key) is None)
            if not found:
                self._given_back(device, well=not changed)
            else:
                self._wave.giving_back.add(device)
            return found
        if stage.halted is not None or device not in stage.members or not self.standing(device).waiting:
            return ()
        wished = self._planning.differences(display, self._planning.wished(display))
        if not wished:
            self._change({device: settled(display, self._planning.wished(display))})
            if device not in self._wave.sent:  # who was told nothing does not start anew
                self._change(stage=replace(stage, members=stage.members - {device}))
        for each in wished:
            hand = self._unseen(device, each.key)
            if hand is not None:
                why = hand_words(hand, display)
                self._change({device: replace(self.standing(device), edition=None)})
                self._planning.halt(Halted(Why.ELSEWHERE, device, why))
                return ()
        return tuple(Setting(each.key, each.then) for each in wished)

    def answered(
        self, display: Display, command: FetchSettings | ChangeSettings, outcome: Outcome | None, text: str
    ) -> None:
        """What came of it. Where it did not arrive, its turn comes again."""
        device = display.device
        self._answers += 1
        self._wave.under_way.discard(device)
        match command, outcome:
            case FetchSettings(), Outcome.DONE:
                self.files.tell(device, text)
            case FetchSettings(), None | Outcome.EXPIRED | Outcome.NOT_FOR_THIS:
                self.files.forget((device,))
            case ChangeSettings(changes=changes), Outcome.DONE:
                self.files.change(device, changes)
                self._done(display)
            case ChangeSettings(), None | Outcome.REPLAYED:
                self.files.lose(device)  # maybe it has obeyed: what stands there is not known
            case ChangeSettings(), Outcome.BRIEFING | Outcome.NOT_FOR_THIS | Outcome.EXPIRED:
                self._wave.sent.discard(device)
            case ChangeSettings(), Outcome() if outcome in _FINAL:
                self._refused(device, text or outcome.name.lower())

    def _done(self, display: Display) -> None:
        device = display.device
        self._wave.watch.begin_again(device)
        if device in self._wave.giving_back:
            self._given_back(device, well=True)
            return
        if self._planning.differences(display, self._planning.wished(display)):
            return  # another edition was put into effect meanwhile
        self._change({device: settled(display, self._planning.wished(display))})
        reached, status = self.stage.reached.get(device), display.status
        if reached is not None and status is not None and status.run != reached.run:
            told = replace(reached, run=status.run)
            self._change(stage=replace(self.stage, reached={**self.stage.reached, device: told}))

    def _refused(self, device: bytes, text: str) -> None:
        standing = replace(self.standing(device), edition=None, refused=text)
        self._change({device: standing})
        if device in self._wave.giving_back:
            self._given_back(device, well=False)
        elif device in self.stage.members and self.stage.halted is None:
            self._planning.halt(Halted(Why.REFUSED, device, text))

    def _change(self, standings: Mapping[bytes, Standing] | None = None, stage: Stage | None = None) -> None:
        self._progress.change(standings, stage)

    def flush(self) -> None:
        """All that has changed is on the disk."""
        self._progress.flush()
