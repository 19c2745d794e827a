"""Whether the wave that is under way has come back, and who is next: in pieces, as ten thousand displays are
thought about."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from kiosk.fleet.model import Condition, Display, Fleet, causes
from kiosk.fleet.present import Present
from kiosk.fleet.progress import Progress
from kiosk.fleet.template_folder import Standing, TemplateFolder
from kiosk.fleet.templates import Difference, Templates, same
from kiosk.fleet.watch import Watch
from kiosk.fleet.waves import (
    Candidate,
    Halted,
    Neighbourhood,
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

PIECE = 100
"""Displays that are thought about in one go."""


class Wave:
    """What is known, in memory alone, of the wave that is under way, and what came to pass in it."""

    def __init__(self, pace: Pace, sent: set[bytes]) -> None:
        self.watch = Watch(pace)
        self.sent = sent
        """Members that may have the new settings, whatever was answered."""
        self.under_way: set[bytes] = set()
        """Displays that were asked or told something, and have not answered."""
        self.giving_back: set[bytes] = set()
        """Those that were told what stood in their files before."""
        self.news: list[News] = []

    def clear(self) -> None:
        """Another wave begins, or none; what was sent will still be answered."""
        for each in (self.sent, self.giving_back, self.watch):
            each.clear()


class Planning:
    """Its generators stop after each piece: displays may answer in between. When somebody decides, the rest
    is to be left."""

    def __init__(self, folder: TemplateFolder, files: Present, progress: Progress, wave: Wave) -> None:
        self._folder, self._files, self._progress, self._wave = folder, files, progress, wave

    def wished(self, display: Display) -> Templates:
        """The edition that was put into effect: what a person has looked at."""
        return self._folder.edition(self._progress.standing(display.device).edition)

    def differences(self, display: Display, templates: Templates) -> tuple[Difference, ...]:
        """What is to change there; nothing where it is not known what stands there."""
        return self._files.differences(display, templates, self._progress.standing(display.device).put)

    def halt(self, halted: Halted) -> None:
        """Nobody else is told anything."""
        self._wave.news.append(halted)
        self._progress.change(stage=replace(self._progress.stage, halted=halted))

    def judge_wave(self, fleet: Fleet, now: float) -> Iterator[None]:
        """Takes out of the wave who is back and well, and who could not be told anything; or halts."""
        out, passed, before = set(), set(), frozenset(self._wave.sent)
        for number, device in enumerate(self._progress.stage.members):
            if number % PIECE == PIECE - 1:
                yield
            if self._progress.stage.halted is not None:
                return
            display = fleet.displays.get(device)
            told, reached = not self._progress.standing(device).waiting, self._progress.stage.reached[device]
            sent = told or device in self._wave.sent
            if display is None or (not told and self._is_kept(fleet, display, reached, now)):
                out.add(device)
                continue
            found = judge(display, reached, self._is_new(display)) if told else False
            if isinstance(found, Halted):
                self.halt(found)
                return
            if self._wave.watch.is_steady(display, found, now):
                passed.add(device)
            elif sent and self._wave.watch.is_late(device, now):
                self.halt(Halted(Why.LATE, device))
                return
        out -= self._wave.sent - before  # who was told meanwhile is waited for
        if out or passed:
            stage = self._progress.stage
            members = stage.members - out - passed
            self._progress.change(stage=replace(stage, members=members, passed=stage.passed | passed))

    def _is_kept(self, fleet: Fleet, display: Display, reached: Reached, now: float) -> bool:
        """Something keeps it from being told: its turn comes in a later wave."""
        device, condition = display.device, fleet.condition(display.device)
        if device in self._wave.under_way:
            return False
        if device in self._wave.sent:  # one in a briefing that goes on as before has not obeyed
            same_run = display.status is not None and display.status.run == reached.run
            return condition is Condition.BRIEFING and same_run
        return self._files.values(device) is None or candidate(display, condition, now) is None

    def _is_new(self, display: Display) -> bool | None:
        """Whether the settings stand there; None while this run has not been asked."""
        present = self._files.values(display.device)
        if present is None or not self._files.is_asked(display):
            return None
        return all(
            same(present.get(key), value)
            for key, value in self._progress.standing(display.device).put.items()
        )

    def advance(self, fleet: Fleet, now: float) -> Iterator[None]:
        """The next wave, of those that are there and in no briefing; when everybody has it, that is told."""
        waiting = self._progress.still(fleet)
        done: dict[bytes, Standing] = {}
        changes: dict[bytes, tuple[Difference, ...]] = {}
        free: list[Candidate] = []
        for display in _in_pieces(waiting, fleet):
            if display is None:
                yield
            elif (
                self._files.values(display.device) is not None and display.device not in self._wave.under_way
            ):
                found = self.differences(display, self.wished(display))
                one = candidate(display, fleet.condition(display.device), now) if found else None
                if found:
                    changes[display.device] = found
                else:
                    done[display.device] = settled(display, self.wished(display))
                free += [] if one is None else [one]
        passed: list[Neighbourhood] = []
        for display in _in_pieces(self._progress.stage.passed, fleet):
            if display is None:
                yield
            else:
                passed.append(neighbourhood(display))
        if done:
            self._progress.change(done)
        yield
        wave = next_wave(free, passed, self._wave.watch.pace.growth)
        if wave:
            yield from self._begin(wave, changes, fleet)
        elif len(done) == len(waiting) and self._progress.stage.wave:
            self._wave.news.append(Through(len(self._progress.stage.passed)))
            self._progress.change(stage=Stage())

    def _begin(
        self, wave: tuple[bytes, ...], changes: Mapping[bytes, tuple[Difference, ...]], fleet: Fleet
    ) -> Iterator[None]:
        """On the disk before anybody is told: what stood there must be known when it is to be taken back."""
        reached = dict(self._progress.stage.reached)
        for display in _in_pieces(wave, fleet):
            if display is None:
                yield
                continue
            run = b"" if display.status is None else display.status.run
            former = {each.key: each.now for each in changes[display.device]}
            put = self._progress.standing(display.device).put
            reached[display.device] = Reached(run, tuple(causes(display)), former, put)
        members = frozenset(wave) & reached.keys()
        number = self._progress.stage.wave + 1
        stage = replace(
            self._progress.stage, wave=number, size=len(members), members=members, reached=reached
        )
        self._progress.keep(self._progress.standings, stage)
        self._wave.clear()
        self._wave.news.append(WaveBegun(number, tuple(each for each in wave if each in members)))


def _in_pieces(devices: Collection[bytes], fleet: Fleet) -> Iterator[Display | None]:
    """Those of them that are displays still; None: it is time for something else."""
    for number, device in enumerate(tuple(devices)):
        if number % PIECE == PIECE - 1:
            yield None
        display = fleet.displays.get(device)
        if display is not None:
            yield display


def settled(display: Display, templates: Templates) -> Standing:
    """It has what these templates say."""
    wanted = templates.of_room(display.building, display.number)
    return Standing(None, {key: chosen.value for key, chosen in wanted.items()}, "")
