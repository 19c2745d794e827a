"""Messages to frames and back: msgpack of the structs in `protocol.messages`, checked while it is decoded.

What does not decode is the peer's fault and closes its link. Who may send which message is `protocol.roles`.
"""

from __future__ import annotations

import json
from enum import IntEnum
from typing import Any, TypeVar

import msgspec

from protocol.errors import CloseCode, Misuse, PeerFault
from protocol.manage import ManageMessage
from protocol.messages import BULK_LIMIT, CONTROL_LIMIT, BulkMessage, Message

_encoder = msgspec.msgpack.Encoder()
_control: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(Message)
_bulk: msgspec.msgpack.Decoder[BulkMessage] = msgspec.msgpack.Decoder(BulkMessage)
_manage: msgspec.msgpack.Decoder[ManageMessage] = msgspec.msgpack.Decoder(ManageMessage)

_Decoded = TypeVar("_Decoded")
_SHOWN_BYTES = 4
_SHOWN_TEXTS = frozenset({"reason", "action"})


def encode(message: msgspec.Struct) -> bytes:
    """The frame of a message. `Misuse` when it holds what cannot be sent, such as half a surrogate pair."""
    try:
        return _encoder.encode(message)
    except (UnicodeEncodeError, OverflowError) as error:
        raise Misuse(f"{type(message).__name__} cannot be sent: {error}") from error


def decode_control(frame: bytes) -> Message:
    """The message of a control frame; `PeerFault` 4400, or 1009 above 256 KiB."""
    return _decode(_control, frame, CONTROL_LIMIT)


def decode_bulk(frame: bytes) -> BulkMessage:
    """The message of a bulk frame; `PeerFault` 4400, or 1009 above its limit."""
    return _decode(_bulk, frame, BULK_LIMIT)


def decode_manage(frame: bytes) -> ManageMessage:
    """The message of a link in mode manage; what belongs to a briefing is a fault of the role (4403)."""
    try:
        return _decode(_manage, frame, CONTROL_LIMIT)
    except PeerFault as fault:
        if fault.close_code == CloseCode.PROTOCOL and _is_of_a_briefing(frame):
            raise PeerFault(CloseCode.ROLE, "a message of a briefing on a link that manages") from fault
        raise


def _is_of_a_briefing(frame: bytes) -> bool:
    for decoder in (_control, _bulk):
        try:
            decoder.decode(frame)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
        return True
    return False


def _decode(decoder: msgspec.msgpack.Decoder[_Decoded], frame: bytes, limit: int) -> _Decoded:
    if len(frame) > limit:
        raise PeerFault(CloseCode.SIZE, f"a frame of {len(frame)} bytes")
    try:
        return decoder.decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        # The text of a decoding error names places and types, never content.
        raise PeerFault(CloseCode.PROTOCOL, f"does not decode: {error}") from error


def as_json(message: msgspec.Struct) -> str:
    """One line for a developer's log: no text that a person wrote, of bytes the first four.

    A struct is an object of its fields under its own name; a shortened text is the number of its characters.
    """
    return json.dumps(_plain(message, ""), ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any, field: str) -> Any:
    match value:
        case msgspec.Struct():
            fields = {name: _plain(getattr(value, name), name) for name in value.__struct_fields__}
            return {type(value).__name__: fields}
        case str():
            return value if field in _SHOWN_TEXTS else f"{len(value)} characters"
        case bytes():
            more = f"… {len(value)} bytes" if len(value) > _SHOWN_BYTES else ""
            return value[:_SHOWN_BYTES].hex() + more
        case tuple():
            return [_plain(each, field) for each in value]
        case IntEnum():
            return value.name
        case _:
            return value
