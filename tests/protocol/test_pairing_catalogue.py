"""All attacks on pairing at once, and every single check taken out of the source to see who notices."""

from __future__ import annotations

import ast
import copy
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from types import FunctionType, ModuleType

import pytest

from protocol import facilities, pairing_checks
from tests.protocol.pairing_attacks import catalogue, outcome

pytestmark = pytest.mark.usefixtures("products_kept")

ATTACKS_AT_LEAST = 58
CAUGHT_AT_LEAST = 0.95


@cache
def honest_outcomes() -> dict[str, str]:
    """How each attack ends while every check stands."""
    return {name: outcome(attack) for name, attack in catalogue().items()}


def test_every_attack_is_refused(figure: Callable[..., None]) -> None:
    outcomes = honest_outcomes()
    through = {name: met for name, met in outcomes.items() if not met.startswith("refused")}
    figure(
        "attacks on pairing refused",
        reach=f"all of at least {ATTACKS_AT_LEAST}",
        got=f"{len(outcomes) - len(through)} of {len(outcomes)}" + (f"; not {through}" if through else ""),
        ok=not through and len(outcomes) >= ATTACKS_AT_LEAST,
    )


@dataclass(frozen=True)
class Removal:
    """``owner``'s function ``name`` with one of its conditions always true."""

    owner: object
    name: str
    condition: str
    function: FunctionType


def _operands(test: ast.expr) -> list[ast.expr]:
    return list(test.values) if isinstance(test, ast.BoolOp) else [test]


def _conditions(function: ast.FunctionDef) -> list[tuple[ast.expr, bool]]:
    """What it demands, part by part, and with which value each part stands for nothing."""
    found: list[tuple[ast.expr, bool]] = []
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_demand":
            found += [(each, True) for each in _operands(node.args[0])]
        elif isinstance(node, ast.If):
            found += [(each, False) for each in _operands(node.test)]
    return found


class _Without(ast.NodeTransformer):
    def __init__(self, gone: ast.expr, value: bool) -> None:
        self._gone, self._value = ast.dump(gone, include_attributes=True), value

    def visit(self, node: ast.AST) -> ast.AST:
        if ast.dump(node, include_attributes=True) == self._gone:
            return ast.copy_location(ast.Constant(self._value), node)
        return self.generic_visit(node)


def _removals(module: ModuleType, owner: object, names: list[str]) -> Iterator[Removal]:
    tree = ast.parse(inspect.getsource(module))
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef) or node.name not in names:
            continue
        for gone, value in _conditions(node):
            changed = _Without(gone, value).visit(copy.deepcopy(node))
            namespace = dict(vars(module))
            body = ast.Module([ast.fix_missing_locations(changed)], [])
            exec(compile(body, f"without {ast.unparse(gone)}", "exec"), namespace)
            yield Removal(owner, node.name, ast.unparse(gone), namespace[node.name])


def removals() -> list[Removal]:
    """Each part of each check of the handshake, and of the facilities' word about a display."""
    checks = [
        name
        for name, value in vars(pairing_checks).items()
        if isinstance(value, FunctionType) and value.__module__ == pairing_checks.__name__ and name[0] != "_"
    ]
    registry = facilities.Facilities
    return [
        *_removals(pairing_checks, pairing_checks, checks),
        *_removals(facilities, registry, ["room_of", "console_of"]),
    ]


def test_whichever_check_is_removed_an_attack_notices(
    figure: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    attacks, whole = catalogue(), honest_outcomes()
    missed = []
    tried = removals()
    for removal in tried:
        with monkeypatch.context() as patch:
            patch.setattr(removal.owner, removal.name, removal.function)
            if all(outcome(attack) == whole[name] for name, attack in attacks.items()):
                missed.append(f"{removal.name}: {removal.condition}")
    figure(
        "removed checks of the handshake caught",
        reach=f"at least {CAUGHT_AT_LEAST:.0%}",
        got=f"{len(tried) - len(missed)} of {len(tried)}; not caught: {missed or 'none'}",
        ok=len(missed) <= (1 - CAUGHT_AT_LEAST) * len(tried) and len(tried) >= 20,
    )
