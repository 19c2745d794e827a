"""What the demo tells of what it played."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from presenter.stage import NotSeen, NotTrue


@dataclass
class Report:
    """What was played, in order: each step with its verdict, its milliseconds and what was seen."""

    steps: list[dict[str, Any]] = field(default_factory=list)
    screenshots: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return bool(self.steps) and all(step["ok"] for step in self.steps)

    def play(self, name: str, step: Callable[[], str]) -> bool:
        """Run one step and note how it went; False when it failed."""
        began = time.monotonic()
        try:
            detail, ok = step(), True
        except (NotSeen, NotTrue) as failure:
            detail, ok = str(failure), False
        elapsed = round((time.monotonic() - began) * 1000)
        self.steps.append({"name": name, "ok": ok, "ms": elapsed, "detail": detail})
        print(f"{'ok  ' if ok else 'FAIL'} {name:<18} {elapsed:>6} ms  {detail}", flush=True)
        return ok

    def as_json(self) -> dict[str, Any]:
        return {"ok": self.ok, "steps": self.steps, "screenshots": self.screenshots}
