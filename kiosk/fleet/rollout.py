"""How templates come to displays: what stands in their files, what is to change, and whose turn it is.

Nothing is sent from here and no clock is read: `tick` says how far the waves have come, `turn` what a display
is to be asked or told next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from kiosk.fleet.hands import Hand, Hands, hand_words, hands_told
from kiosk.fleet.model import Condition, Display, Fleet, causes
from kiosk.fleet.template_folder import Kept, Standing, TemplateFolder
from kiosk.fleet.templates import Difference, Templates, Values, differences, same, values_told
from kiosk.fleet.waves import (
    USUAL,
    Halted,
    News,
    Pace,
    Reached,
    Stage,
    Through,
    WaveBegun,
    Why,
    candidate,
    judge,
    neighbourhood,
    next_wave,
)
from protocol.manage import ChangeSettings, FetchSettings, Outcome, Setting

_FINAL = (Outcome.SETTINGS, Outcome.FAILED, Outcome.ROLE, Outcome.NOT_REGISTERED, Outcome.UNREADABLE)
"""The same words would be refused again."""


class Rollout:
    """``folder``: the templates, and how far they have come, kept there. `OSError` from what keeps."""

    def __init__(self, folder: TemplateFolder, pace: Pace = USUAL, own: bytes = b"") -> None:
        """``own``: this console's device id."""
        self._folder, self.pace, self._own = folder, pace, own
        kept = folder.kept_rollout()
        self._standings, self._stage = dict(kept.standings), kept.stage
        self._dirty = False
        self._told: list[News] = []
        self._present: dict[bytes, Values] = {}
        self._hands: dict[bytes, Mapping[str, Hand]] = {}
        """What was changed last at another console."""
        self._seen: dict[bytes, Mapping[str, Hand]] = {}
        """Of that, what somebody here had before them when they put templates into effect."""
        self._compared: dict[bytes, tuple[tuple[object, ...], tuple[Difference, ...]]] = {}
        """What is to change, and of what that was found: ten thousand are asked about again and again."""
        self._looked: tuple[int, ...] = ()
        """How things stood when a next wave was looked for and there was none."""
        self._runs: dict[bytes, bytes] = {}
        self._under_way: set[bytes] = set()
        self._sent = set(self._stage.members)
        """Members that may have the new settings, whatever was answered."""
        self._giving_back: set[bytes] = set()
        self._since: dict[bytes, float] = {}
        self._well: dict[bytes, tuple[bytes, float]] = {}
        """In which run, and since when."""
        self.news = 0
        """Grows when anything that can be asked here has changed."""

    # --- what is asked ----------------------------------------------------------------------------------

    @property
    def stage(self) -> Stage:
        """How far the waves have come."""
        return self._stage

    def standing(self, device: bytes) -> Standing:
        return self._standings.get(device, Standing())

    def still(self, fleet: Fleet) -> list[bytes]:
        """The displays that are still to be told what the templates say."""
        return [
            device for device, each in self._standings.items() if each.waiting and device in fleet.displays
        ]

    def has_it(self, device: bytes) -> bool:
        """It has what this rollout brings, or may have it: it was told, and has not refused."""
        return device in self._stage.passed or (device in self._sent and not self.standing(device).refused)

    def present(self, device: bytes) -> Values | None:
        """What stands in that display's file; None: it has not been asked yet."""
        return self._present.get(device)

    def differences(self, display: Display) -> tuple[Difference, ...]:
        """What is to change there; nothing where it is not known what stands there."""
        return self._differences(display, self._folder.current)

    def hand(self, device: bytes, key: str) -> Hand | None:
        """Who at another console changed this last, as it stands there; None: nobody."""
        return self._hands.get(device, {}).get(key)

    def hands(self) -> Hands:
        """All of these as they are now, for whoever is to look at them."""
        return dict(self._hands)

    def by_others(self, displays: Iterable[Display]) -> list[tuple[Display, Hand]]:
        """Who at another console changed last what differs there, difference by difference."""
        differing = ((each, found.key) for each in displays for found in self.differences(each))
        return [(each, hand) for each, key in differing if (hand := self.hand(each.device, key)) is not None]

    def _unseen(self, device: bytes, key: str) -> Hand | None:
        """The same, where nobody here has seen it before they decided."""
        hand = self.hand(device, key)
        return None if hand == self._seen.get(device, {}).get(key) else hand

    def first(self, fleet: Fleet, displays: Iterable[Display], now: float) -> bytes | None:
        """The display that would be changed first."""
        found = [each for each in displays if self.differences(each)]
        free = (candidate(each, fleet.condition(each.device), now) for each in found)
        return next(iter(next_wave(filter(None, free), (), self.pace.growth)), None)

    def turns(self) -> Iterator[bytes]:
        """Displays that may have a turn now, beside those that say something."""
        stage = self._stage
        for device in stage.back or (stage.members if stage.halted is None else ()):
            if device not in self._under_way and (stage.back or self.standing(device).waiting):
                yield device

    def _wished(self, display: Display) -> Templates:
        """The edition that was put into effect: what a person has looked at."""
        return self._folder.edition(self.standing(display.device).edition)

    def _differences(self, display: Display, templates: Templates) -> tuple[Difference, ...]:
        device = display.device
        present = self._present.get(device)
        if present is None:
            return ()
        put = self.standing(device).put
        of = display.place, display.number, templates, present, put
        known = self._compared.get(device)
        if known is None or known[0] != of:
            wanted = templates.of_room(display.building, display.number)
            known = self._compared[device] = of, differences(wanted, present, put)
        return known[1]

    # --- what people decide -----------------------------------------------------------------------------

    def wish(self, displays: Iterable[Display], seen: Hands | None = None) -> None:
        """These are to have what the templates say now, wave by wave. What a rollout that was halted has not
        reached stays as it is. ``seen``: the `hands` that somebody had before them; None: as they are now."""
        former, edition = self._standings, self._folder.newest
        if self._stage.halted is not None or self._stage.back:
            former = {device: replace(each, edition=None) for device, each in former.items()}
        wished: dict[bytes, Standing] = {}
        for each in displays:
            standing = replace(former.get(each.device, Standing()), edition=edition, refused="")
            self._seen[each.device] = (self._hands if seen is None else seen).get(each.device, {})
            known = each.device in self._present and each.device not in self._under_way
            known = known and not self.differences(each)
            wished[each.device] = _settled(each, self._folder.current) if known else standing
        self._keep({**former, **wished}, Stage())
        self._forget_wave()

    def halt(self) -> None:
        """Nobody else is told anything."""
        if self._stage.halted is None and not self._stage.back:
            self._keep(self._standings, replace(self._stage, halted=Halted(Why.BY_HAND)))

    def go_on(self) -> None:
        """With the others; who halted it is left as it is. While former settings come back: nobody who has
        them not yet is waited for."""
        if self._stage.back:
            for device in self._stage.back:
                self._given_back(device, well=False)
            self.flush()
            return
        halted = self._stage.halted
        if halted is not None:
            members = self._stage.members - {halted.device}
            self._keep(self._standings, replace(self._stage, members=members, halted=None))
            self._since.clear()

    def take_back(self) -> None:
        """Everybody who was reached is to have what stood there before; nobody waits for anything else."""
        reached = frozenset(self._stage.reached)
        standings = {device: replace(each, edition=None) for device, each in self._standings.items()}
        stage = replace(self._stage, members=frozenset(), halted=None, back=reached) if reached else Stage()
        self._keep(standings, stage)
        self._forget_wave()

    def forget(self, devices: Iterable[bytes]) -> None:
        """What stands in their files is to be asked again."""
        for each in devices:
            self._runs.pop(each, None)

    # --- wave by wave -----------------------------------------------------------------------------------

    def tick(self, fleet: Fleet, now: float) -> tuple[News, ...]:
        """Whether the wave that is under way has come back, and who is next; keeps what has changed."""
        stage = self._stage
        for device in stage.back - fleet.displays.keys():
            self._given_back(device, well=False)
        if stage.halted is None and not stage.back:
            self._judge(fleet, now)
            stands = self.news, fleet.turns, fleet.layout
            if self._stage.halted is None and not self._stage.members and stands != self._looked:
                self._advance(fleet, now)
                self._looked = self.news, fleet.turns, fleet.layout
        self.flush()
        news, self._told = tuple(self._told), []
        return news

    def _judge(self, fleet: Fleet, now: float) -> None:
        """Takes out of the wave who is back and well, and who could not be told anything; or halts."""
        out, passed = set(), set()
        for device in self._stage.members:
            display = fleet.displays.get(device)
            told, reached = not self.standing(device).waiting, self._stage.reached[device]
            sent = told or device in self._sent
            if display is None or (not told and self._is_kept(fleet, display, reached, now)):
                out.add(device)
                continue
            found = judge(display, reached, self._is_new(display)) if told else False
            if isinstance(found, Halted):
                self._halt(found)
                return
            if self._is_steady(display, found, now):
                passed.add(device)
            elif sent and now - self._since.setdefault(device, now) > self.pace.back_within:
                self._halt(Halted(Why.LATE, device))
                return
        if out or passed:
            stage = self._stage
            members = stage.members - out - passed
            self._change(stage=replace(stage, members=members, passed=stage.passed | passed))

    def _is_kept(self, fleet: Fleet, display: Display, reached: Reached, now: float) -> bool:
        """Something keeps it from being told: its turn comes in a later wave."""
        device, condition = display.device, fleet.condition(display.device)
        if device in self._under_way:
            return False
        if device in self._sent:  # one in a briefing that goes on as before has not obeyed
            same_run = display.status is not None and display.status.run == reached.run
            return condition is Condition.BRIEFING and same_run
        return device not in self._present or candidate(display, condition, now) is None

    def _is_new(self, display: Display) -> bool | None:
        """Whether the settings stand there; None while this run has not been asked."""
        if display.status is None or self._runs.get(display.device) != display.status.run:
            return None
        present = self._present.get(display.device)
        if present is None:
            return None
        return all(same(present.get(key), value) for key, value in self.standing(display.device).put.items())

    def _is_steady(self, display: Display, well: bool, now: float) -> bool:
        if not well or display.status is None:
            self._well.pop(display.device, None)
            return False
        run, since = self._well.get(display.device, (b"", now))
        if run != display.status.run:
            since = now
        self._well[display.device] = display.status.run, since
        return now - since >= self.pace.steady

    def _advance(self, fleet: Fleet, now: float) -> None:
        """The next wave, of those that are there and in no briefing; when everybody has it, that is told."""
        waiting = [fleet.displays[device] for device in self.still(fleet)]
        settled, changes = {}, {}
        for each in waiting:
            if each.device not in self._present or each.device in self._under_way:
                continue
            found = self._differences(each, self._wished(each))
            if found:
                changes[each.device] = found
            else:
                settled[each.device] = _settled(each, self._wished(each))
        if settled:
            self._change(settled)
        passed = [neighbourhood(fleet.displays[each]) for each in self._stage.passed & fleet.displays.keys()]
        free = [
            candidate(each, fleet.condition(each.device), now) for each in waiting if each.device in changes
        ]
        wave = next_wave(filter(None, free), passed, self.pace.growth)
        if wave:
            self._begin({each: (fleet.displays[each], changes[each]) for each in wave})
        elif len(settled) == len(waiting) and self._stage.wave:
            self._told.append(Through(len(self._stage.passed)))
            self._change(stage=Stage())

    def _begin(self, wave: Mapping[bytes, tuple[Display, tuple[Difference, ...]]]) -> None:
        """On the disk before anybody is told: what stood there must be known when it is to be taken back."""
        reached = dict(self._stage.reached)
        for device, (display, found) in wave.items():
            run = b"" if display.status is None else display.status.run
            former = {each.key: each.now for each in found}
            reached[device] = Reached(run, tuple(causes(display)), former, self.standing(device).put)
        number, members = self._stage.wave + 1, frozenset(wave)
        stage = replace(self._stage, wave=number, size=len(wave), members=members, reached=reached)
        self._keep(self._standings, stage)
        self._forget_wave()
        self._told.append(WaveBegun(number, tuple(wave)))

    def _forget_wave(self) -> None:
        for each in (self._sent, self._giving_back, self._since, self._well):
            each.clear()

    def _halt(self, halted: Halted) -> None:
        self._told.append(halted)
        self._change(stage=replace(self._stage, halted=halted))

    def _given_back(self, device: bytes, well: bool) -> None:
        """It has what it had, or never will (not ``well``)."""
        self._giving_back.discard(device)
        stage = self._stage
        if well:
            put = dict(stage.reached[device].put)
            self._change({device: replace(self.standing(device), put=put, refused="")})
        stage = replace(stage, back=stage.back - {device}, left=stage.left + (not well))
        if not stage.back:
            self._told.append(Through(len(stage.reached) - stage.left, back=True, left=stage.left))
            stage = Stage()
        self._change(stage=stage)

    # --- display by display -------------------------------------------------------------------------------

    def turn(self, display: Display, condition: Condition) -> FetchSettings | ChangeSettings | None:
        """What this display is to be asked or told now; it is under way then, until `answered`. A briefing
        is never disturbed, and one that is silent has its turn when it is back."""
        device, status = display.device, display.status
        if not display.linked or status is None or device in self._under_way:
            return None
        if self._runs.get(device) != status.run:
            self._runs[device] = status.run
            self._present.pop(device, None)
            self._hands.pop(device, None)
            self._under_way.add(device)
            self.news += 1
            return FetchSettings()
        if condition is Condition.BRIEFING or device not in self._present:
            return None
        changes = self._changes(display)
        if not changes:
            return None
        self._under_way.add(device)
        self._sent.add(device)
        return ChangeSettings(changes, over_briefing=False)

    def _changes(self, display: Display) -> tuple[Setting, ...]:
        """What it is to be told now: nothing, unless it is in the wave or what it has is taken back."""
        device, stage = display.device, self._stage
        if device in stage.back:
            present = self._present[device]
            former = stage.reached[device].former
            changed = [(key, to) for key, to in former.items() if not same(present.get(key), to)]
            found = tuple(Setting(key, to) for key, to in changed if self._unseen(device, key) is None)
            if not found:
                self._given_back(device, well=not changed)
            else:
                self._giving_back.add(device)
            return found
        if stage.halted is not None or device not in stage.members or not self.standing(device).waiting:
            return ()
        wished = self._differences(display, self._wished(display))
        if not wished:
            self._change({device: _settled(display, self._wished(display))})
            if device not in self._sent:  # who was told nothing does not start anew
                self._change(stage=replace(stage, members=stage.members - {device}))
        for each in wished:
            hand = self._unseen(device, each.key)
            if hand is not None:
                why = hand_words(hand, display)
                self._change({device: replace(self.standing(device), edition=None)})
                self._halt(Halted(Why.ELSEWHERE, device, why))
                return ()
        return tuple(Setting(each.key, each.then) for each in wished)

    def answered(
        self, display: Display, command: FetchSettings | ChangeSettings, outcome: Outcome | None, text: str
    ) -> None:
        """What came of it. Where it did not arrive, its turn comes again."""
        device = display.device
        self.news += 1
        self._under_way.discard(device)
        match command, outcome:
            case FetchSettings(), Outcome.DONE:
                self._present[device] = values_told(text)
                self._hands[device] = hands_told(text, self._own)
            case FetchSettings(), None | Outcome.EXPIRED | Outcome.NOT_FOR_THIS:
                self._runs.pop(device, None)
            case ChangeSettings(changes), Outcome.DONE:
                present = dict(self._present.get(device, {}))
                for change in changes:
                    present.pop(change.key, None)
                    if change.value is not None:
                        present[change.key] = change.value
                self._present[device] = present
                self._done(display)
            case ChangeSettings(), None | Outcome.REPLAYED:
                self.forget((device,))  # maybe it has obeyed: what stands there is not known
                self._present.pop(device, None)
            case ChangeSettings(), Outcome.BRIEFING:
                self._sent.discard(device)
            case ChangeSettings(), Outcome() if outcome in _FINAL:
                self._refused(device, text or outcome.name.lower())

    def _done(self, display: Display) -> None:
        device = display.device
        self._since.pop(device, None)
        if device in self._giving_back:
            self._given_back(device, well=True)
            return
        if self._differences(display, self._wished(display)):
            return  # another edition was put into effect meanwhile
        self._change({device: _settled(display, self._wished(display))})
        reached, status = self._stage.reached.get(device), display.status
        if reached is not None and status is not None and status.run != reached.run:
            told = replace(reached, run=status.run)
            self._change(stage=replace(self._stage, reached={**self._stage.reached, device: told}))

    def _refused(self, device: bytes, text: str) -> None:
        standing = replace(self.standing(device), edition=None, refused=text)
        self._change({device: standing})
        if device in self._giving_back:
            self._given_back(device, well=False)
        elif device in self._stage.members and self._stage.halted is None:
            self._halt(Halted(Why.REFUSED, device, text))

    # --- kept -------------------------------------------------------------------------------------------

    def _change(self, standings: Mapping[bytes, Standing] | None = None, stage: Stage | None = None) -> None:
        """Kept with the next `flush`: what is lost before is asked of the displays again."""
        self._standings.update(standings or {})
        self._stage = self._stage if stage is None else stage
        self._dirty = True
        self.news += 1

    def flush(self) -> None:
        """All that has changed is on the disk."""
        if self._dirty:
            self._keep(self._standings, self._stage)

    def _keep(self, standings: dict[bytes, Standing], stage: Stage) -> None:
        self._folder.keep_rollout(Kept(standings, stage))
        self._standings, self._stage, self._dirty = standings, stage, False
        self.news += 1


def _settled(display: Display, templates: Templates) -> Standing:
    wanted = templates.of_room(display.building, display.number)
    return Standing(None, {key: chosen.value for key, chosen in wanted.items()}, "")
