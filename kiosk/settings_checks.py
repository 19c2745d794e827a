"""How one value, or one table, of a settings file is judged: as the program has it, or why it cannot be.

Standard library only, like `kiosk.settings`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pageview.broker_place import LIKE_THIS, is_broker_place
from pageview.wording import say


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: the key as it stands in the file, its value, and what is allowed there."""

    key: str
    value: str
    allowed: str

    def sentence(self) -> str:
        if not self.value:
            return say("設定 {key} がありません。{allowed}", key=self.key, allowed=self.allowed)
        return say("設定 {key} の {value} は使えません。{allowed}", **_three(self))


def _three(problem: Problem) -> dict[str, str]:
    return {"key": problem.key, "value": problem.value, "allowed": problem.allowed}


class SettingsError(Exception):
    """The settings cannot be used; `problems` says why, one sentence each."""

    def __init__(self, problems: tuple[Problem, ...], sentence: str = "") -> None:
        self.problems = problems
        super().__init__("\n".join([sentence] if sentence else [p.sentence() for p in problems]))


Check = Callable[[Any], Any]


class Wrong(Exception):
    """The value is not one of the allowed ones; the text says which are."""


@dataclass(frozen=True, slots=True)
class Field:
    check: Check
    required: bool = False


@dataclass(slots=True)
class Reading:
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, key: str, value: Any, allowed: str) -> None:
        self.problems.append(Problem(key, shown(value), allowed))

    def unknown(self, key: str, value: Any, known: list[str]) -> None:
        self.wrong(
            key, value, say("この名前の設定はありません。あるのは {known} です。", known=", ".join(known))
        )

    def section(
        self, section: str, found: Mapping[str, Any], fields: Mapping[str, Field]
    ) -> dict[str, Any] | None:
        """The checked values of one table that are present; None when a required one is missing."""
        made: dict[str, Any] = {}
        complete = True
        for name, kind in fields.items():
            key = f"{section}.{name}"
            if name not in found:
                if kind.required:
                    complete = False
                    self.problems.append(Problem(key, "", _allowed(kind.check)))
                continue
            try:
                made[name] = kind.check(found[name])
            except Wrong as wrong:
                complete = False
                self.wrong(key, found[name], str(wrong))
        for name in found:
            if name not in fields:
                self.unknown(f"{section}.{name}", found[name], sorted(fields))
        return made if complete else None


def shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{…}"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _allowed(check_value: Check) -> str:
    try:
        check_value(None)
    except Wrong as wrong:
        return str(wrong)
    return ""


def whole(lowest: int, highest: int) -> Check:
    def checked(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            raise Wrong(say("{low}から{high}までの整数にしてください。", low=lowest, high=highest))
        return value

    return checked


def number(lowest: float, highest: float) -> Check:
    def checked(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not lowest <= value <= highest:
            raise Wrong(say("{low:g}から{high:g}までの数にしてください。", low=lowest, high=highest))
        return float(value)

    return checked


def text(longest: int, shortest: int = 0) -> Check:
    def checked(value: Any) -> str:
        fits = isinstance(value, str) and shortest <= len(value.strip()) and len(value) <= longest
        if not fits or not value.isprintable():
            raise Wrong(say("{low}から{high}文字までの文字列にしてください。", low=shortest, high=longest))
        return str(value).strip()

    return checked


def broker(value: Any) -> str:
    if not isinstance(value, str) or not is_broker_place(value.strip()):
        raise Wrong(say(LIKE_THIS))
    return value.strip()


def one_of(*choices: str) -> Check:
    def checked(value: Any) -> str:
        if value not in choices:
            raise Wrong(say("{choices} のどれかにしてください。", choices=", ".join(choices)))
        return str(value)

    return checked


def address(value: Any) -> str:
    try:
        return str(ipaddress.ip_address(value if isinstance(value, str) else ""))
    except ValueError:
        raise Wrong(say("「10.1.2.3」のような、この端末のアドレスにしてください。")) from None


def yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong(say("true か false にしてください。"))
    return value


def networks(value: Any) -> tuple[str, ...]:
    allowed = say("「10.0.0.0/8」のような、1個から64個までのネットワークの並びにしてください。")
    if not isinstance(value, list) or not 1 <= len(value) <= 64:
        raise Wrong(allowed)
    try:
        return tuple(str(ipaddress.ip_network(item)) for item in value if _is_text(item, allowed))
    except ValueError:
        raise Wrong(allowed) from None


def _is_text(item: Any, allowed: str) -> bool:
    if not isinstance(item, str):
        raise Wrong(allowed)
    return True


def local_time(value: Any) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is not None:
        raise Wrong(say("「2026-11-24T14:00:00」のような、その部屋の日時にしてください。"))
    return value
