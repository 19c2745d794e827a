"""Papers spoiled on purpose, the same each time: bytes, numbers, names, references, streams, whole pieces."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable

_NUMBER = re.compile(rb"(?<![\w.])-?\d{1,10}(?:\.\d{1,6})?(?![\w.])")
_REFERENCE = re.compile(rb"\b\d{1,6} 0 R\b")
_NAME = re.compile(rb"/[A-Za-z][A-Za-z0-9]{1,20}")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_NUMBERS = (
    b"0",
    b"-1",
    b"1",
    b"65536",
    b"2147483647",
    b"-2147483648",
    b"4294967296",
    b"1e38",
    b"99999999999",
)


def mutated(data: bytes, seed: int) -> bytes:
    """That paper, spoiled in one to eight places."""
    chance = random.Random(seed)
    for _ in range(chance.choice((1, 1, 2, 4, 8))):
        data = chance.choice(_WAYS)(data, chance) or b"%"
    return data


def _bytes(data: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice((1, 10, 300))):
        start = chance.randrange(len(out) + 1)
        out[start : start + chance.choice((0, 1, 1, 40))] = chance.randbytes(chance.choice((0, 1, 8)))
    return bytes(out)


def _cut_off(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _piece_gone(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    return data[:start] + data[start + chance.choice((10, 1_000, 50_000)) :]


def _piece_again(data: bytes, chance: random.Random) -> bytes:
    start, to = (chance.randrange(len(data) + 1) for _ in range(2))
    piece = data[start : start + chance.choice((10, 1_000, 50_000))]
    return data[:to] + piece * chance.choice((1, 1, 20)) + data[to:]


def _replaced(pattern: re.Pattern[bytes], data: bytes, chance: random.Random, by: bytes | None) -> bytes:
    """One that fits the pattern, by this or by another one of the same paper."""
    found = list(pattern.finditer(data))
    if not found:
        return data
    one = chance.choice(found)
    return data[: one.start()] + (by or chance.choice(found).group()) + data[one.end() :]


def _number(data: bytes, chance: random.Random) -> bytes:
    return _replaced(_NUMBER, data, chance, chance.choice(_NUMBERS))


def _reference(data: bytes, chance: random.Random) -> bytes:
    return _replaced(_REFERENCE, data, chance, None)


def _name(data: bytes, chance: random.Random) -> bytes:
    return _replaced(_NAME, data, chance, None)


def _stream(data: bytes, chance: random.Random) -> bytes:
    """The content of one stream, unpacked, spoiled, and packed again where it was packed."""
    found = list(_STREAM.finditer(data))
    if not found:
        return data
    one = chance.choice(found)
    try:
        inner, packed = zlib.decompressobj().decompress(one.group(1), 2**20), True
    except zlib.error:
        inner, packed = one.group(1), False
    for _ in range(chance.choice((1, 5, 50))):
        inner = chance.choice((_bytes, _number, _name, _piece_again, _piece_gone))(inner, chance) or b" "
    return data[: one.start(1)] + (zlib.compress(inner) if packed else inner) + data[one.end(1) :]


_WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    *(_bytes, _cut_off, _piece_gone, _piece_again, _number, _number, _reference, _reference, _name),
    *(_stream, _stream, _stream),
)
