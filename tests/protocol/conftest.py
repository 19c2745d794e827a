"""What the tests of many handshakes share."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import pytest
from spake2.ed25519_basic import Element, ElementOfUnknownGroup


@pytest.fixture(scope="module")
def products_kept() -> Iterator[None]:
    """The library's multiplications, each computed once: with one code, half of them are always the same.

    They take nearly all of a handshake's time.
    """
    with pytest.MonkeyPatch.context() as patch:
        for kind in (Element, ElementOfUnknownGroup):
            patch.setattr(kind, "scalarmult", _kept(kind))
        yield


def _kept(kind: type[ElementOfUnknownGroup]) -> object:
    multiply = kind.scalarmult
    product = lru_cache(1 << 14)(lambda point, scalar: multiply(kind(point), scalar))
    return lambda element, scalar: product(element.XYTZ, scalar)
