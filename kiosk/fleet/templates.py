"""Settings of a new display: what the house has for all of its kind, with what is this room's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import tomlkit
import tomlkit.exceptions

from pageview.wording import say


@dataclass(frozen=True, slots=True)
class Template:
    """A settings file without its room. ``name``: the file's."""

    name: str
    text: str


def read_templates(folder: Path) -> tuple[Template, ...]:
    """The house's templates by name, the plain one first; a file that cannot be read is left out."""
    found = [Template(say("標準"), "")]
    for file in sorted(folder.glob("*.toml")):
        try:
            text = file.read_text("utf-8-sig")
            tomlkit.parse(text)
        except (OSError, UnicodeDecodeError, tomlkit.exceptions.ParseError):
            continue
        found.append(Template(file.stem, text))
    return tuple(found)


def filled(template: Template, room: Mapping[str, str | int]) -> str:
    """The whole settings file: the template's, with this room in the place of its own. The display checks
    it."""
    document = tomlkit.parse(template.text)
    table = tomlkit.table()
    for key, value in room.items():
        if value != "":
            table[key] = value
    document["room"] = table
    return tomlkit.dumps(document)
