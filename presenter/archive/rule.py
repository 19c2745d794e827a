"""The department's rule for folders and names in the archive, as its file in TOML says it.

``path = "{fiscal_year}/{department}/{subject}/{date}_{title}_{edition}.pdf"``: every part but the last is a
folder; the last, without its ending, is the name of a briefing's own folder and the beginning of its files'
names.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pageview.toml_text import parse_toml
from presenter.archive.days import YEAR, DayStyle, edition_name, fiscal_year, written
from presenter.console_state import Words

PATH = "{fiscal_year}/{department}/{subject}/{date}_{title}_{edition}"
PATH_LIMIT = 259
"""UTF-16 units of a whole path; Windows takes no longer one."""
FIELDS = (
    *("fiscal_year", "fiscal_year_short", "year", "era_year", "month", "date"),
    *("department", "subject", "title", "edition", "presenter", "room"),
)
_FIELD = re.compile(r"\{([^{}]*)\}")


class BadRule(ValueError):
    """The rule cannot be used; ``told`` says where it is wrong."""

    def __init__(self, *told: Words) -> None:
        super().__init__(told[0][0])
        self.told = told


@dataclass(frozen=True, slots=True)
class Rule:
    """``path``: as in the file. ``days``: how days are written. ``limit``: UTF-16 units of a whole path."""

    path: str = PATH
    days: DayStyle = DayStyle.DIGITS
    limit: int = PATH_LIMIT

    @property
    def parts(self) -> tuple[str, ...]:
        """The folders, and at last the name, without its ending."""
        *folders, last = re.split(r"[/\\]", self.path.strip("/\\"))
        return (*folders, re.sub(r"\.[A-Za-z0-9]{1,5}$", "", last))


@dataclass(frozen=True, slots=True)
class Named:
    """What a name is made of. ``subject``: what several briefings have in common."""

    day: date
    department: str
    subject: str
    title: str
    presenter: str = ""
    room: str = ""

    def values(self, rule: Rule, edition: int) -> Mapping[str, str]:
        """A value for every field, as it stands in a name."""
        whole = fiscal_year(self.day)
        return {
            "fiscal_year": whole,
            "fiscal_year_short": written(self.day, DayStyle.ERA_SHORT, year_of=whole),
            "year": str(self.day.year),
            "era_year": written(self.day, DayStyle.ERA).partition(YEAR)[0] + YEAR,
            "month": f"{self.day.month:02}",
            "date": written(self.day, rule.days),
            "department": self.department,
            "subject": self.subject,
            "title": self.title,
            "edition": edition_name(edition),
            "presenter": self.presenter,
            "room": self.room,
        }


def read_rule(file: Path) -> Rule:
    """The rule of that file; OSError, or BadRule with everything that is wrong in it."""
    try:
        table = parse_toml(file.read_bytes().decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadRule(
            ("保管の規則 {file} を読めません（{why}）。", {"file": file.name, "why": error})
        ) from error
    return checked(table)


def checked(table: Mapping[str, Any]) -> Rule:
    """The rule of a table; BadRule."""
    wrong: list[Words] = [
        ("保管の規則の {key} は、使われていない名前です。", {"key": key})
        for key in table.keys() - {"path", "date", "limit"}
    ]
    path, days, limit = table.get("path", PATH), table.get("date", "20261124"), table.get("limit", PATH_LIMIT)
    if not isinstance(path, str) or not path.strip("/\\ "):
        raise BadRule(*wrong, ("保管の規則の path は、1つ以上の名前を「/」でつないだ文字列です。", {}))
    for n, part in enumerate(re.split(r"[/\\]", path.strip("/\\")), 1):
        wrong += _wrong_in(part, n)
    if "{edition}" not in Rule(path).parts[-1]:
        wrong.append(("保管の規則の path の最後の名前に {field} を入れてください。", {"field": "{edition}"}))
    if days not in {style.value for style in DayStyle}:
        styles = "、".join(style.value for style in DayStyle)
        wrong.append(("保管の規則の date は、次のどれかです：{styles}。", {"styles": styles}))
    if type(limit) is not int or not 80 <= limit <= 32_000:
        wrong.append(("保管の規則の limit は、80から32000までの整数です。", {}))
    if wrong:
        raise BadRule(*wrong)
    return Rule(path, DayStyle(days), limit)


def _wrong_in(part: str, n: int) -> list[Words]:
    wrong: list[Words] = []
    if part.strip() in ("", ".", ".."):
        wrong.append(("保管の規則の path の{n}番目の名前がありません。", {"n": n}))
    for field in _FIELD.findall(part):
        if field not in FIELDS:
            words = "保管の規則の path の{n}番目の名前：{field} という欄はありません。使える欄：{fields}。"
            wrong.append((words, {"n": n, "field": "{" + field + "}", "fields": "、".join(FIELDS)}))
    rest = _FIELD.sub("", part)
    if "{" in rest or "}" in rest:
        wrong.append(("保管の規則の path の{n}番目の名前：波かっこが合いません。", {"n": n}))
    return wrong
