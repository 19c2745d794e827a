"""What a program loads is not looked through for cycles; what it makes later is."""

from __future__ import annotations

import gc
from weakref import ref

import pytest

from pageview.loading import loading


class Node:
    """Two of them hold each other."""

    other: Node


def fail_while_loading() -> None:
    with loading():
        assert not gc.isenabled()
        raise OSError


def test_cycles_are_looked_for_again_after_the_loading_even_when_it_fails() -> None:
    with pytest.raises(OSError):
        fail_while_loading()
    assert gc.isenabled()
    try:
        assert gc.get_freeze_count() > 0
        one, two = Node(), Node()
        one.other, two.other = two, one
        gone = ref(one)
        del one, two
        gc.collect()
        assert gone() is None
    finally:
        gc.unfreeze()
