"""Every message survives the wire; nothing else does; the log of the wire tells no secrets."""

from __future__ import annotations

import json
from random import Random
from typing import get_args

import msgspec
import pytest

from protocol import messages as m
from protocol.codec import as_json, decode_bulk, decode_control, encode
from protocol.errors import Misuse, PeerFault
from protocol.finds import FindAnswered, FindPiece, OfferFind, Outcome, WantFind, WithdrawFind
from protocol.ops import AddItem, NewEdition, RemoveItem, SpliceText
from protocol.presence import Pointer, PointerAway, Position, Typing
from protocol.registers import Registers, SetTimer, ShowView
from protocol.values import EndReason, OpId, PageRef, Rect, Role, View
from tests.protocol.values import EPOCH, WHOLE, blob, offer, page, sha, view

ID = OpId(1, 7)
FACTS = m.RoomFacts(
    27, "第三会議室", "Conference Room 3", "本館4階", "Main Building, 4th floor", 3840, 2160, 55, 300, True
)
CONTROL: list[m.Message] = [
    m.Introduce("佐藤", "財政課", 3),
    FACTS,
    m.Join(None, 0, False),
    m.Welcome(EPOCH, 1, Role.DISPLAY, 0, Registers(view=view(3), timer=SetTimer(5, 9, True))),
    m.Committed(1, ID, offer(1, 0, 3)),
    m.Committed(2, ID, NewEdition(1, 1, 0, 1, (page(0, "x"),), (blob("x"),))),
    m.CatchUp(EPOCH, 1, 9),
    m.SnapshotAt(EPOCH, 9, sha("s"), 500),
    m.Granted(Role.ANNOTATOR),
    m.Submit(ID, 4, SpliceText(1, (2, "𠮷\u3099🙂", -3))),
    m.Submit(ID, 4, AddItem(5, None, "")),
    m.Submit(ID, 4, RemoveItem(5)),
    m.Refused(ID, "outside_text"),
    m.Set(8, ShowView(View(3, WHOLE, 1, 3))),
    m.Wish(2, ShowView(view(3))),
    m.Settled(2, None, Registers()),
    m.Now(1, 3, Pointer(3, 5, -5)),
    m.Now(1, 4, PointerAway()),
    m.Now(1, 5, Position(True, 3, WHOLE, False)),
    m.Now(1, 6, Typing(1, 2)),
    m.FloorAsked(),
    m.FloorDeclined(),
    m.FloorReturned(),
    m.StandIn(PageRef(sha("p"), 3), sha("s"), 9_000, 1, 1),
    m.WallKey("hide"),
    m.WallReport(PageRef(sha("p"), 3), 101),
    m.TakeoverAsked("田中", "企画課"),
    m.TakeoverAnswer(True),
    m.End(EndReason.REMOVED),
    m.Introduction("鈴木"),
    m.Waiting(True),
    m.Joining("481903", True),
    m.Joining(None, False),
    m.Walls((m.WallPlace(27, "第三会議室", "Room 3", "10.1.6.27"),)),
    m.GuestWaiting(bytes(32), "10.1.6.40", 47_401),
    m.Leave(),
    m.Wiped(),
    OfferFind(1, "過年度の決算", "令和6年度 決算書 12ページ", sha("f"), 90_000),
    WantFind(1, 65_536),
    FindPiece(1, 65_536, b"%PDF-1.7"),
    WithdrawFind(1),
    FindAnswered(1, Outcome.DECLINED, "あとで見ます"),
    m.Ping(1),
    m.Pong(1),
]
BULK: list[m.BulkMessage] = [
    m.Want(sha("p"), 7),
    m.Unwant(sha("p")),
    m.Chunk(sha("p"), 0, b"%PDF-1.7"),
    m.Missing(sha("p")),
]


def test_what_was_sent_arrives() -> None:
    assert [decode_control(encode(message)) for message in CONTROL] == CONTROL
    assert [decode_bulk(encode(message)) for message in BULK] == BULK


def test_no_kind_of_message_is_forgotten_here() -> None:
    assert {type(message) for message in CONTROL} == set(get_args(m.Message))
    assert {type(message) for message in BULK} == set(get_args(m.BulkMessage))


def packed(*parts: object) -> bytes:
    return msgspec.msgpack.encode(parts)


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\xc0",
        b"\x91" * 4_000,
        encode(m.Ping(1)) + b"\x00",
        encode(m.Ping(1))[:-1],
        packed(152),
        packed(152, 1, 1),
        packed(152, -1),
        packed(152, True),
        packed(152, 1.0),
        packed(152, float("nan")),
        packed(152, 2**63),
        packed(152, "1"),
        packed(199, 1),
        packed("Ping", 1),
        msgspec.msgpack.encode({"n": 1}),
        packed(137, 1, [32, [3, [0, 0, 10**9, 5], 0, 1]]),
        packed(145, "x" * 41),
        packed(145, b"hide"),
        b"\x92\xcc\x91\xa5hide\xff",
        packed(128, "佐" * 81, "", 0),
        packed(135, [1, 0], 0, [7, 1, [2, None]]),
        packed(135, [1, 0], 0, [7, 1, ["x" * 10_001]]),
        packed(143, sha("p"), 0, b""),
    ],
)
def test_anything_else_closes_the_link(frame: bytes) -> None:
    with pytest.raises(PeerFault) as fault:
        decode_control(frame)
    assert fault.value.close_code == 4400


@pytest.mark.bad_input(row=43)
def test_a_paper_beyond_500_mb_does_not_even_decode() -> None:
    """Row 43."""

    def offering(length: int) -> bytes:
        return packed(135, [1, 0], 0, [1, 1, "x", [sha("p"), length], [[1, [sha("p"), 0], 10, 10]]])

    decode_control(offering(500 * 2**20))
    with pytest.raises(PeerFault):
        decode_control(offering(500 * 2**20 + 1))


def test_mutated_frames_decode_or_close_the_link_and_nothing_else() -> None:
    random = Random(1)
    frames = [encode(message) for message in CONTROL]
    outcomes = set()
    for _ in range(20_000):
        frame = bytearray(random.choice(frames))
        for _ in range(random.randint(1, 3)):
            frame[random.randrange(len(frame))] = random.randrange(256)
        try:
            decode_control(bytes(frame))
            outcomes.add("decoded")
        except PeerFault as fault:
            outcomes.add(fault.close_code)
    assert outcomes == {"decoded", 4400}


@pytest.mark.bad_input(row=34)
@pytest.mark.bad_input(row=40)
def test_frames_have_a_size_limit() -> None:
    for decode, limit in ((decode_control, m.CONTROL_LIMIT), (decode_bulk, m.BULK_LIMIT)):
        with pytest.raises(PeerFault) as fault:
            decode(bytes(limit + 1))
        assert fault.value.close_code == 1009


def test_the_largest_messages_fit_the_limit() -> None:
    pages = tuple(page(2**40 - n, "x", 99_999) for n in range(2_000))
    blobs = tuple(blob(str(n), 500 * 2**20) for n in range(2_000))
    edition = NewEdition(65_535, 100_000, 99_999, 99_999, pages, blobs)
    for message in (
        m.Committed(2**40, OpId(65_535, 2**40), edition),
        m.Committed(2**40, OpId(65_535, 2**40), SpliceText(2**40, (-1, "🙂") * 10_000)),
    ):
        assert decode_control(encode(message)) == message
    chunk = m.Chunk(sha("p"), 500 * 2**20, bytes(m.CHUNK))
    assert decode_bulk(encode(chunk)) == chunk


def test_half_a_character_is_our_own_mistake() -> None:
    with pytest.raises(Misuse):
        encode(m.WallKey("\ud83d"))


def test_the_wire_log_tells_no_text_and_no_content() -> None:
    told = [as_json(message) for message in (*CONTROL, *BULK)]
    for line in told:
        json.loads(line)
        for secret in ("補正", "佐藤", "財政", "田中", "第三", "𠮷", "PDF"):
            assert secret not in line
    assert told[12] == '{"Refused":{"id":{"OpId":{"author":1,"n":7}},"reason":"outside_text"}}'
    assert as_json(m.Now(1, 3, Pointer(3, 5, -5))) == (
        '{"Now":{"peer":1,"n":3,"presence":{"Pointer":{"page_id":3,"x":5,"y":-5}}}}'
    )
    assert as_json(BULK[2]).endswith('"offset":0,"data":"25504446… 8 bytes"}}')


def test_rectangles_of_any_value_decode_only_within_their_bounds() -> None:
    with pytest.raises(PeerFault):
        decode_control(encode(m.Set(1, ShowView(View(1, Rect(0, 0, 20_000_001, 1))))))
