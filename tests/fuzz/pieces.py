"""What the fuzzer's bytes are made of: pieces behind their lengths, changed one at a time; small numbers."""

from __future__ import annotations

from collections.abc import Callable

import msgspec


class SmallNumbers:
    """Small numbers out of bytes; zeros when they are used up."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def below(self, limit: int) -> int:
        self._at += 1
        return self._data[self._at - 1] % limit if self._at <= len(self._data) else 0


def split(data: bytes) -> list[bytes]:
    """Pieces, each behind its length of two bytes; the last one as long as it is."""
    pieces = []
    while data:
        length = int.from_bytes(data[:2], "big")
        pieces.append(data[2 : 2 + length])
        data = data[2 + length :]
    return pieces


def joined(pieces: list[bytes]) -> bytes:
    """The other way round."""
    return b"".join(len(piece).to_bytes(2, "big") + piece for piece in pieces)


def mutated(data: bytes, choose: Callable[[int], int], mutate: Callable[[bytes], bytes]) -> bytes:
    """One piece changed in one place of its msgpack, so that what comes out still reads as msgpack."""
    pieces = split(data)
    if not pieces:
        return mutate(data)
    at = choose(len(pieces))
    head = pieces[at][:1] if pieces[at][:1] <= b"\x03" else b""
    try:
        value = msgspec.msgpack.decode(pieces[at][len(head) :])
        pieces[at] = head + msgspec.msgpack.encode(_changed(value, choose, mutate))
    except (msgspec.MsgspecError, UnicodeError, OverflowError, RecursionError):
        pieces[at] = mutate(pieces[at])
    return joined(pieces)


_EDGES = (-1, 0, 1, 2, 255, 10_000, 2**31, 2**40, 2**40 + 1, 2**53, 2**63 - 1)


def _changed(value: object, choose: Callable[[int], int], mutate: Callable[[bytes], bytes]) -> object:
    match value:
        case [*parts] if parts and choose(8):
            at = choose(len(parts))
            return [*parts[:at], _changed(parts[at], choose, mutate), *parts[at + 1 :]]
        case [*parts]:
            at = choose(len(parts) + 1)
            return parts[:at] + parts[at + 1 :] if choose(2) else parts[:at] + parts[:3] + parts[at:]
        case bool() | None:
            return (True, False, None, 0, [])[choose(5)]
        case int():
            return value + choose(5) - 2 if choose(2) else _EDGES[choose(len(_EDGES))]
        case str():
            return mutate(value.encode()).decode("utf-8", "replace")
        case bytes():
            return mutate(value)
        case _:
            return choose(256)
