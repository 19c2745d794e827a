"""A house of displays in memory, with a console's rollout over it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from kiosk.announced import Announcements
from kiosk.fleet.model import Fleet
from kiosk.fleet.rollout import Rollout
from kiosk.fleet.template_folder import TemplateFolder
from kiosk.fleet.templates import HOUSE, Templates, Value
from kiosk.fleet.waves import Halted, News, Pace, WaveBegun
from protocol.facilities import ConsoleCertificate
from protocol.manage import CHANGED_BY, AnnounceRollout, ChangeSettings, FetchSettings, Outcome
from tests.kiosk.fleet_rooms import device_of, status

NOW = 1_795_500_000.0
PACE = Pace(growth=5, back_within=120, steady=10)
PORT = "network.port"
OURS, THEIRS = b"\1" * 32, b"\2" * 32


class House:
    """Displays with a settings file each, and the console's rollout; time goes on by `step`."""

    def __init__(self, folder: Path, count: int = 20) -> None:
        self.folder, self.fleet, self.now = TemplateFolder(folder), Fleet(), NOW
        self.files: dict[bytes, dict[str, Value]] = {}
        self.hands: dict[bytes, dict[str, tuple[str, str, int, str]]] = {}
        self.announced: dict[bytes, Announcements] = {}
        self.starts: Counter[bytes] = Counter()
        self.news: list[News] = []
        self.obeys: Callable[[bytes, ChangeSettings], Outcome | None] = self.change
        for number in range(1, count + 1):
            self.files[device_of(number)] = {PORT: 47_400}
            self.hear(number)
        self.folder.keep(Templates().with_value(HOUSE, PORT, 48_000), NOW, "", "")
        self.open()
        self.serve()

    def open(self) -> None:
        """The console is opened (again)."""
        self.rollout = Rollout(self.folder, PACE, OURS)

    def hear(self, number: int, **changes: object) -> None:
        """That display says how it is."""
        device = device_of(number)
        run = bytes([self.starts[device]]) * 16
        heard = status(
            number, f"{number}会議室", f"第{number % 4}庁舎 3階", self.now, **{"run": run, **changes}
        )
        self.fleet.saw(device, heard, "", 0, self.now)

    def announce(self, device: bytes, console: ConsoleCertificate, command: AnnounceRollout) -> None:
        """A console has that display tell of its rollout."""
        said = self.announced.setdefault(device, Announcements())
        said.take(console, command, self.now)
        self.hear(self.fleet.displays[device].number, rollouts=said.told(self.now))

    def change(self, device: bytes, command: ChangeSettings) -> Outcome | None:
        """It takes the new settings and comes back well."""
        for each in command.changes:
            self.files[device].pop(each.key, None)
            if each.value is not None:
                self.files[device][each.key] = each.value
        return Outcome.DONE

    def serve(self) -> None:
        """Whoever has a turn is told, and answers."""
        for device, display in tuple(self.fleet.displays.items()):
            while (command := self.rollout.turn(display, self.fleet.condition(device))) is not None:
                if isinstance(command, FetchSettings):
                    text = json.dumps({**self.files[device], CHANGED_BY: self.hands.get(device, {})})
                    self.rollout.answered(display, command, Outcome.DONE, text)
                    continue
                outcome = self.obeys(device, command)
                self.rollout.answered(
                    display, command, outcome, "設定 …" if outcome is Outcome.SETTINGS else ""
                )
                if outcome is Outcome.DONE:
                    self.starts[device] += 1
                    self.hear(display.number)
                display = self.fleet.displays[device]
                if outcome is None:
                    self.fleet.went_silent(device, self.now)
                    break

    def step(self, seconds: float = 0) -> None:
        self.now += seconds
        self.news += self.rollout.tick(self.fleet, self.now)
        self.serve()

    def steps(self, count: int, seconds: float) -> None:
        for _ in range(count):
            self.step(seconds)

    def begin(self) -> bytes:
        """A first wave of one has begun, and nobody is told yet: which display it is."""
        self.rollout.wish(self.fleet.displays.values())
        (begun,) = self.rollout.tick(self.fleet, self.now)
        assert isinstance(begun, WaveBegun)
        (first,) = begun.devices
        return first

    @property
    def halted(self) -> Halted:
        halted = self.rollout.stage.halted
        assert halted is not None
        return halted

    def put(self) -> None:
        """Everybody is to have it; the first wave is told."""
        self.rollout.wish(self.fleet.displays.values())
        self.step()

    def changed(self) -> set[bytes]:
        return {device for device, file in self.files.items() if file != {PORT: 47_400}}


def named(house: House, device: bytes | None = None) -> str:
    display = house.fleet.displays[next(iter(house.changed())) if device is None else device]
    return f"{display.name}（{display.number}番）"
