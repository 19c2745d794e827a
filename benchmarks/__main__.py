"""``python -m benchmarks [NAME…] [--table]``: runs the named figures, or all; 1 when one misses its reach."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import benchmarks
from benchmarks.harness import json_line, table_head, table_row


def modules() -> dict[str, ModuleType]:
    """Every module of this package that measures something, by its name."""
    names = [found.name for found in iter_modules(benchmarks.__path__) if not found.name.startswith("_")]
    loaded = {name: import_module(f"benchmarks.{name}") for name in names}
    return {name: module for name, module in loaded.items() if hasattr(module, "run")}


def main(arguments: list[str]) -> int:
    """Prints one JSON object a line, or a table; 2 when a name is unknown."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    parser = argparse.ArgumentParser(prog="benchmarks", description=benchmarks.__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--table", action="store_true", help="for people instead of one JSON object a line")
    options = parser.parse_args(arguments)
    known = modules()
    figures = {name: getattr(module, "NAMES", (name,)) for name, module in known.items()}
    wanted = [n for n in known if not options.names or {n, *figures[n]} & set(options.names)]
    unknown = set(options.names) - {name for module in known for name in (module, *figures[module])}
    if unknown:
        everything = sorted({name for names in figures.values() for name in names})
        print(f"unknown: {', '.join(sorted(unknown))}; there are: {', '.join(everything)}", file=sys.stderr)
        return 2
    if options.table:
        print(table_head())
    all_reached = True
    for name in wanted:
        for told in known[name].run():
            if options.names and name not in options.names and told.name not in options.names:
                continue
            print(table_row(told) if options.table else json_line(told), flush=True)
            all_reached &= told.ok
    return 0 if all_reached else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
