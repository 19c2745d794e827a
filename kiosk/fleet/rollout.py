"""How templates come to displays: what stands in their files, what is to change, and whose turn it is.

Nothing is sent from here and no clock is read: `turn` says what a display is to be asked or told next.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from kiosk.fleet.model import Condition, Display
from kiosk.fleet.template_folder import Standing, TemplateFolder
from kiosk.fleet.templates import Difference, Value, Values, differences
from protocol.manage import ChangeSettings, FetchSettings, Outcome, Setting

_FINAL = (Outcome.SETTINGS, Outcome.FAILED, Outcome.ROLE, Outcome.NOT_REGISTERED, Outcome.UNREADABLE)
"""The same words would be refused again."""


class Rollout:
    """``folder``: the templates, and how far they have come, kept there. `OSError` from what keeps."""

    def __init__(self, folder: TemplateFolder) -> None:
        self._folder = folder
        self._standings = folder.standings()
        self._present: dict[bytes, Values] = {}
        self._runs: dict[bytes, bytes] = {}
        self._under_way: set[bytes] = set()
        self.news = 0
        """Grows when anything that can be asked here has changed."""

    # --- what is asked ----------------------------------------------------------------------------------

    def standing(self, device: bytes) -> Standing:
        return self._standings.get(device, Standing())

    def present(self, device: bytes) -> Values | None:
        """What stands in that display's file; None: it has not been asked yet."""
        return self._present.get(device)

    def differences(self, display: Display) -> tuple[Difference, ...]:
        """What is to change there; nothing where it is not known what stands there."""
        present = self._present.get(display.device)
        if present is None:
            return ()
        wanted = self._folder.current.of_room(display.building, display.number)
        return differences(wanted, present, self.standing(display.device).put)

    # --- what happens -----------------------------------------------------------------------------------

    def wish(self, devices: Iterable[bytes]) -> None:
        """These are to have what the templates say, as soon as they can."""
        marked = {each: replace(self.standing(each), waiting=True, refused="") for each in devices}
        self._keep({**self._standings, **marked})

    def forget(self, devices: Iterable[bytes]) -> None:
        """What stands in their files is to be asked again."""
        for each in devices:
            self._runs.pop(each, None)

    def turn(self, display: Display, condition: Condition) -> FetchSettings | ChangeSettings | None:
        """What this display is to be asked or told now; it is under way then, until `answered`. A briefing
        is never disturbed, and one that is silent has its turn when it is back."""
        device, status = display.device, display.status
        if not display.linked or status is None or device in self._under_way:
            return None
        if self._runs.get(device) != status.run:
            self._runs[device] = status.run
            self._present.pop(device, None)
            self._under_way.add(device)
            self.news += 1
            return FetchSettings()
        if (
            not self.standing(device).waiting
            or condition is Condition.BRIEFING
            or device not in self._present
        ):
            return None
        changes = tuple(Setting(each.key, each.then) for each in self.differences(display))
        if not changes:
            self._settle(display, "")
            return None
        self._under_way.add(device)
        return ChangeSettings(changes, over_briefing=False)

    def answered(
        self, display: Display, command: FetchSettings | ChangeSettings, outcome: Outcome | None, text: str
    ) -> None:
        """What came of it. Where it did not arrive, its turn comes again."""
        device = display.device
        self.news += 1
        self._under_way.discard(device)
        match command, outcome:
            case FetchSettings(), Outcome.DONE:
                self._present[device] = _read(text)
            case FetchSettings(), None | Outcome.EXPIRED | Outcome.NOT_FOR_THIS:
                self._runs.pop(device, None)
            case ChangeSettings(changes), Outcome.DONE:
                present = dict(self._present.get(device, {}))
                for change in changes:
                    present.pop(change.key, None)
                    if change.value is not None:
                        present[change.key] = change.value
                self._present[device] = present
                self._settle(display, "")
            case ChangeSettings(), Outcome() if outcome in _FINAL:
                self._settle(display, text or outcome.name.lower())

    def _settle(self, display: Display, refused: str) -> None:
        former = self.standing(display.device)
        wanted = self._folder.current.of_room(display.building, display.number)
        put = former.put if refused else {key: chosen.value for key, chosen in wanted.items()}
        self._keep({**self._standings, display.device: Standing(False, put, refused)})

    def _keep(self, standings: dict[bytes, Standing]) -> None:
        self._folder.keep_standings(standings)
        self._standings = standings
        self.news += 1


def _read(text: str) -> dict[str, Value]:
    """What a display says stands in its file; what is no setting is left out."""
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    values: dict[str, Value] = {}
    for key, value in found.items():
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            values[key] = tuple(value)
        elif isinstance(value, bool | int | float | str):
            values[key] = value
    return values
