"""The words of a page's contents: operands and operators of PDF, each with its place. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    rb"""[\0\t\n\f\r ]+
    | %[^\r\n]*
    | (?P<hex><[0-9A-Fa-f\0\t\n\f\r ]*>)
    | (?P<mark><<|>>|[\[\]{}])
    | (?P<name>/[^\0\t\n\f\r ()<>\[\]{}/%]*)
    | (?P<number>[+-]*(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?=[\0\t\n\f\r ()<>\[\]{}/%]|$))
    | (?P<string>\()
    | (?P<word>[^\0\t\n\f\r ()<>\[\]{}/%]+)
    | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_PAREN = re.compile(rb"\\.|[()]", re.DOTALL)
_IMAGE_END = re.compile(rb"[\0\t\n\f\r ]EI(?=[\0\t\n\f\r ]|$)")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)|\r\n?", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_HASH = re.compile(rb"#([0-9A-Fa-f]{2})")
ARRAY_LIMIT = 200_000


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of contents as it stands there; an array is one with its parts."""

    raw: bytes
    start: int
    end: int
    kind: str
    parts: tuple[Token, ...] = ()

    @property
    def is_operator(self) -> bool:
        return self.kind == "word"

    @property
    def is_string(self) -> bool:
        return self.kind in ("string", "hex")

    @property
    def number(self) -> float:
        """Its value; 0 for what is none."""
        try:
            return float(self.raw)
        except ValueError:
            return 0.0

    @property
    def name(self) -> str:
        """A name without its slash, its escapes resolved."""
        plain = _HASH.sub(lambda found: bytes([int(found[1], 16)]), self.raw[1:])
        return plain.decode("utf-8", "surrogateescape") if self.kind == "name" else ""


def read_tokens(content: bytes) -> Iterator[Token]:
    """Operands and operators in order; an inline image is one operator that begins with BI."""
    open_: list[tuple[int, list[Token]]] = []
    at = 0
    while at < len(content):
        found = _TOKEN.match(content, at)
        assert found is not None, "the last alternative takes any byte"
        kind, start, end = found.lastgroup, at, found.end()
        at = end
        if kind is None or kind == "other":
            continue
        if kind == "string":
            at = end = _string_end(content, end)
        raw = content[start:end]
        if raw == b"[":
            open_.append((start, []))
            continue
        if raw == b"]" and kind == "mark":
            if not open_:
                continue
            begin, parts = open_.pop()
            token = Token(b"", begin, end, "array", tuple(parts))
        elif kind == "word" and raw == b"BI" and not open_:
            at = end = _image_end(content, end)
            token = Token(content[start:end], start, end, "word")
        else:
            token = Token(raw, start, end, kind)
        if open_ and token.kind != "word":
            if len(open_[-1][1]) < ARRAY_LIMIT:
                open_[-1][1].append(token)
            continue
        open_.clear()
        yield token


def show_array(token: Token) -> tuple[Token, ...]:
    """The strings and numbers that a show operator is given."""
    if token.kind == "array":
        return tuple(part for part in token.parts if part.is_string or part.kind == "number")
    return (token,) if token.is_string else ()


def decoded_string(raw: bytes) -> bytes:
    """The bytes that a string means."""
    if raw.startswith(b"<"):
        digits = raw.strip(b"<>").translate(None, b"\0\t\n\f\r ")
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    return _ESCAPE.sub(_unescaped, raw[1:-1] if raw.endswith(b")") else raw[1:])


def _unescaped(found: re.Match[bytes]) -> bytes:
    sign = found[1]
    if sign is None:
        return b"\n"
    if sign[:1].isdigit() and sign[:1] < b"8":
        return bytes([int(sign, 8) & 0xFF])
    if sign in (b"\n", b"\r", b"\r\n"):
        return b""
    return _ESCAPED.get(sign, sign)


def _string_end(content: bytes, at: int) -> int:
    depth = 1
    for found in _PAREN.finditer(content, at):
        if found[0] == b"(":
            depth += 1
        elif found[0] == b")":
            depth -= 1
            if not depth:
                return found.end()
    return len(content)


def _image_end(content: bytes, at: int) -> int:
    """Where an inline image ends: at an EI after which contents go on, not at one within its data."""
    for found in _IMAGE_END.finditer(content, at):
        after = content[found.end() : found.end() + 12]
        if all(byte in b"\0\t\n\f\r" or 0x20 <= byte < 0x7F for byte in after):
            return found.end()
    return len(content)
