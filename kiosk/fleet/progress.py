"""How far templates have come at each display, and the rollout with them: kept on the disk, known by whoever
goes on with it."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.fleet.model import Fleet
from kiosk.fleet.template_folder import Kept, Standing, TemplateFolder
from kiosk.fleet.waves import Stage

_NOTHING = Standing()


class Progress:
    """`OSError` from `keep` and `flush`: it is not on the disk.

    ``touched`` is given the devices whose standing has changed.
    """

    def __init__(self, folder: TemplateFolder, touched: set[bytes]) -> None:
        kept = folder.kept_rollout()
        self._folder, self._touched = folder, touched
        self._standings = dict(kept.standings)
        self.stage = kept.stage
        self._dirty = False
        self.news = 0
        """Grows with each change."""

    @property
    def standings(self) -> Mapping[bytes, Standing]:
        """By device id; displays that templates never came to are left out."""
        return self._standings

    def standing(self, device: bytes) -> Standing:
        return self._standings.get(device, _NOTHING)

    def still(self, fleet: Fleet) -> list[bytes]:
        """The displays that are still to be told what the templates say."""
        return [
            device for device, each in self._standings.items() if each.waiting and device in fleet.displays
        ]

    def change(self, standings: Mapping[bytes, Standing] | None = None, stage: Stage | None = None) -> None:
        """Kept with the next `flush`: what is lost before is asked of the displays again."""
        if standings:
            self._standings.update(standings)
            self._touched.update(standings)
        self.stage = self.stage if stage is None else stage
        self._dirty = True
        self.news += 1

    def flush(self) -> None:
        """All that has changed is on the disk."""
        if self._dirty:
            self.keep(self._standings, self.stage)

    def keep(self, standings: Mapping[bytes, Standing], stage: Stage) -> None:
        """On the disk when this returns."""
        self._folder.keep_rollout(Kept(standings, stage))
        if standings is not self._standings:
            self._touched.update(standings)
            self._standings = dict(standings)
        self.stage, self._dirty = stage, False
        self.news += 1
