"""The templates in the console's folder, with every edition there was: nothing is lost by a change."""

from __future__ import annotations

import json
import logging
import re
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.fleet.templates import BadTemplates, Templates, Values, read_templates, write_templates
from pageview.whole_file import PRIVATE, write_whole

log = logging.getLogger(__name__)

FOLDER = "templates"
ROLLOUT_FILE = "rollout.json"
KEPT = 200
"""So many editions."""
_NAME = re.compile(r"(\d{6})\.json")


@dataclass(frozen=True, slots=True)
class Edition:
    """The templates as somebody left them. ``when``: seconds since 1970; ``what``: in words."""

    number: int
    when: float
    who: str
    what: str
    templates: Templates


@dataclass(frozen=True, slots=True)
class Standing:
    """How far templates have come at one display: it waits for them; what they put into its file; why it
    refused them, "" when it did not."""

    waiting: bool = False
    put: Values = field(default_factory=dict)
    refused: str = ""


class TemplateFolder:
    """`current` counts. `OSError` from what writes: nothing has changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER
        self._rollout = folder / ROLLOUT_FILE
        self.damaged = 0
        """Editions that cannot be read."""
        self.newest = 0
        """The highest number of an edition."""
        self.editions = self._read()
        """The oldest first."""

    @property
    def current(self) -> Templates:
        return self.editions[-1].templates if self.editions else Templates()

    def keep(self, templates: Templates, when: float, who: str, what: str) -> Edition:
        """A further edition, which counts from now on."""
        number = self.newest + 1
        made = Edition(number, when, who, what, templates)
        body = {"when": when, "who": who, "what": what, "toml": write_templates(templates)}
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        data = json.dumps(body, ensure_ascii=False, indent=1).encode()
        write_whole(data, self._folder / f"{number:06}.json", PRIVATE)
        self.newest = number
        self.editions.append(made)
        for old in self.editions[:-KEPT]:
            (self._folder / f"{old.number:06}.json").unlink(missing_ok=True)
        del self.editions[:-KEPT]
        return made

    def _read(self) -> list[Edition]:
        found = []
        for file in sorted(self._folder.glob("*.json")) if self._folder.is_dir() else ():
            match = _NAME.fullmatch(file.name)
            if match is None:
                continue
            self.newest = int(match[1])
            try:
                said = json.loads(file.read_text("utf-8"))
                templates = read_templates(said["toml"].encode())
                edition = Edition(
                    int(match[1]), float(said["when"]), str(said["who"]), str(said["what"]), templates
                )
            except (OSError, ValueError, TypeError, KeyError, AttributeError, BadTemplates) as error:
                log.error("the edition %s of the templates cannot be read: %s", file, error)
                self.damaged += 1
                continue
            found.append(edition)
        return found

    # --- how far they have come -----------------------------------------------------------------------------

    def standings(self) -> dict[bytes, Standing]:
        """By device id; what cannot be read is known to nobody, and asked of each display anew."""
        try:
            found = json.loads(self._rollout.read_text("utf-8"))
            return {
                bytes.fromhex(device): Standing(
                    bool(said["waiting"]),
                    {key: _value(value) for key, value in said["put"].items()},
                    str(said["refused"]),
                )
                for device, said in found.items()
            }
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            log.error("%s cannot be read: %s", self._rollout, error)
            return {}

    def keep_standings(self, standings: dict[bytes, Standing]) -> None:
        body = {
            device.hex(): {"waiting": each.waiting, "put": dict(each.put), "refused": each.refused}
            for device, each in sorted(standings.items())
        }
        write_whole(json.dumps(body, ensure_ascii=False, indent=1).encode(), self._rollout, PRIVATE)


def _value(value: object) -> bool | int | float | str | tuple[str, ...]:
    if isinstance(value, list):
        return tuple(str(each) for each in value)
    if isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{value!r} is no setting")
