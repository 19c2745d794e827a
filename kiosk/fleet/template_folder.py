"""The templates in the console's folder, with every edition there was: nothing is lost by a change."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from kiosk.fleet.templates import BadTemplates, Templates, Values, read_templates, write_templates
from kiosk.fleet.waves import Stage
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
    """How far templates have come at one display. ``edition``: which it waits for, None: for none; ``put``:
    what they put into its file; ``refused``: why it refused them, "" when it did not."""

    edition: int | None = None
    put: Values = field(default_factory=dict)
    refused: str = ""

    @property
    def waiting(self) -> bool:
        """It is still to be told."""
        return self.edition is not None


@dataclass(frozen=True, slots=True)
class Kept:
    """All that is known of how far templates have come; ``standings`` by device id."""

    standings: Mapping[bytes, Standing] = field(default_factory=dict)
    stage: Stage = field(default_factory=Stage)


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
        self._marks: dict[int, bytes] = {}
        self._known: tuple[int, frozenset[bytes]] = 0, frozenset()

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

    def edition(self, number: int | None) -> Templates:
        """The templates of that edition; those that count where there is none such any more."""
        found = (each.templates for each in reversed(self.editions) if number in (None, each.number))
        return next(found, self.current)

    def knows(self, mark: bytes) -> bool:
        """Whether templates of that mark are here, in whatever edition."""
        newest, marks = self._known
        if newest != self.newest:
            marks = frozenset(self.mark(each.number) for each in self.editions)
            self._known = self.newest, marks
        return mark in marks

    def mark(self, number: int | None) -> bytes:
        """Of that edition's templates, as `edition` gives them."""
        key = self.newest if number is None else number
        if key not in self._marks:
            self._marks[key] = self.edition(number).mark
        return self._marks[key]

    # --- how far they have come -----------------------------------------------------------------------------

    def kept_rollout(self) -> Kept:
        """What cannot be read is known to nobody, and asked of each display anew."""
        try:
            return msgspec.json.decode(self._rollout.read_bytes(), type=Kept)
        except FileNotFoundError:
            return Kept()
        except (OSError, msgspec.MsgspecError, RecursionError) as error:
            log.error("%s cannot be read: %s", self._rollout, error)
            return Kept()

    def keep_rollout(self, kept: Kept) -> None:
        write_whole(msgspec.json.encode(kept), self._rollout, PRIVATE)
