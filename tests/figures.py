"""A figure of a test that throws the house at the product: one JSON line, whatever pytest captures."""

from __future__ import annotations

import json

import pytest


def tell(capsys: pytest.CaptureFixture[str], name: str, reach: str, got: object, ok: bool) -> bool:
    """Prints it; ``ok`` again, to be asserted where it is no matter of a machine's speed."""
    with capsys.disabled():
        print("\n" + json.dumps({"name": name, "reach": reach, "got": got, "ok": ok}, ensure_ascii=False))
    return ok
