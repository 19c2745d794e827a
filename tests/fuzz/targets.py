"""What is fuzzed: each target takes any bytes and raises only when something of ours does not hold.

They need no fuzzer: `replay` feeds them the seeds and every input that once failed (``failed/TARGET/``).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import msgspec

from presenter.archive import carried
from presenter.archive.cards import Card
from presenter.read_back import elapsed_s, folded
from presenter.record.transcript import NoTranscript, text_in, transcript_of
from protocol import journal, pairing_messages
from protocol.by_broker import (
    Gone,
    NotBelieved,
    RoomHere,
    SaidBody,
    read_call,
    read_said,
    sign_call,
    sign_said,
)
from protocol.codec import as_json, decode_bulk, decode_control, decode_manage, encode
from protocol.corrections import CorrectionState
from protocol.errors import PeerFault, Reason, Refusal
from protocol.facilities import RevocationList, device_id, sign_revocations
from protocol.finds import FindPiece, OfferFind, WithdrawFind
from protocol.ink import Colour, MarkId, NewMark, Pen, Stroke, Tool, Words
from protocol.journal import Chain
from protocol.manage import (
    Answered,
    ChangeSettings,
    Check,
    CheckResult,
    FetchSettings,
    Hindrance,
    Identify,
    Notice,
    Order,
    OrderBody,
    Outcome,
    Phase,
    Revocations,
    SelfTest,
    Setting,
    Verdict,
)
from protocol.messages import Committed, Join, Message, Now, Ping, Submit, Wish
from protocol.minutes import Done, Former, MinutesKind
from protocol.ops import (
    AddItem,
    Allow,
    AssignMinutes,
    Draw,
    Erase,
    MorePages,
    MoveMarks,
    NameSubject,
    NewEdition,
    OfferPaper,
    Op,
    OpenCorrection,
    OpenMinutes,
    OrderPapers,
    PlanPaper,
    RemoveItem,
    SetCorrection,
    SetReply,
    WithdrawPaper,
)
from protocol.orders import OrderRefused, Orders, sign_order
from protocol.pairing import Dialing, meet
from protocol.pairing_checks import HandshakeRefused
from protocol.pairing_messages import Mode
from protocol.presence import Pointer, Position, Wet
from protocol.registers import Registers, SetHold, SetScreen, SetTimer, ShowView
from protocol.session import Authority, Replica
from protocol.snapshot import read_snapshot, snapshot
from protocol.texts import splice
from protocol.values import OWNER, Blob, EditionPage, OpId, PageRef, Rect, Role, Screen
from tests.protocol.handshakes import (
    certificate_for,
    console_certificate,
    device,
    facilities,
    kiosk,
    presenter,
    run,
)
from tests.protocol.values import A4, EPOCH, WHOLE, offer, page, sha, view

FAILED = Path(__file__).parent / "failed"
NONCE = bytes(range(32))
GUESTS = [role for role in Role if role is not Role.CONSOLE]
"""The roles there are in a briefing."""
FACILITIES = facilities()
OPEN_PRESENTER = presenter(room=None, facilities=FACILITIES)
KIOSK = kiosk()
CERTIFICATE, SPKI = device("kiosk").certificate, device("kiosk").spki


RUN, ORDERED = b"r" * 16, device_id(device("kiosk").spki)


# --- a console that the facilities have certified -----------------------------------------------------------


def manage(data: bytes) -> None:
    """Frames of a link in mode manage; behind an odd byte a body, which the console signs whatever it is."""
    orders, holder = Orders(ORDERED, RUN), device("console")
    for each in split(data):
        who, body = each[:1], each[1:]
        try:
            message = decode_manage(body)
        except PeerFault:
            message = None
        if message is not None:
            as_json(message)
            assert decode_manage(encode(message)) == message
        if who == b"\1":
            signature = holder.sign(b"kamizero.v1 order\0" + body)
            message = Order(body, signature, holder.spki, console_certificate(holder))
        if isinstance(message, Order):
            with contextlib.suppress(OrderRefused):
                taken = orders.take(message, FACILITIES, 1_000)
                assert taken.console.device == device_id(holder.spki)
                assert _again(orders, message) is Outcome.REPLAYED


def _again(orders: Orders, order: Order) -> Outcome:
    try:
        orders.take(order, FACILITIES, 1_000)
    except OrderRefused as refused:
        return refused.outcome
    return Outcome.DONE


# --- the first frames of a stranger -------------------------------------------------------------------------


def hello(data: bytes) -> None:
    """Any first frames: refused, or met; nothing else."""
    frames = split(data)
    first = frames[0] if frames else b""
    for us in (KIOSK, OPEN_PRESENTER):
        with contextlib.suppress(HandshakeRefused):
            meet(us, first, NONCE, CERTIFICATE)
    with contextlib.suppress(HandshakeRefused):
        Dialing(presenter(), Mode.PAIR, NONCE).receive(first, CERTIFICATE, SPKI)
    for frame in frames[1:]:
        for decode in (
            pairing_messages.decode_guess,
            pairing_messages.decode_answer,
            pairing_messages.decode_proof,
            pairing_messages.decode_ready,
        ):
            with contextlib.suppress(HandshakeRefused):
                decode(frame)
        FACILITIES.room_of(frame, SPKI)
        FACILITIES.with_revocations(frame)


# --- frames of a guest, and of a session owner --------------------------------------------------------------


class House:
    """An owner with a paper and a text, and a guest of each role, all joined."""

    def __init__(self) -> None:
        self.authority = Authority(EPOCH, writing=True)
        self.authority.edit(offer(1, 0, 3))
        self.authority.edit(AddItem(1, 0, "令和8年度"))
        self.replicas: dict[int, Replica] = {}
        self.forged: set[int] = set()
        for role in GUESTS:
            peer = self.authority.admit(role)
            self.authority.edit(Allow(peer, "鈴木", False, False, False, True))
            self.replicas[peer] = Replica()
            self.authority.receive(peer, self.replicas[peer].join(), 0.0)
        self.authority.give_floor(1, 0.0)
        self.move()

    def receive(self, peer: int, message: Message) -> None:
        """A guest says anything: it is taken, or its link is closed."""
        self.forged.add(peer)
        try:
            self.authority.receive(peer, message, 1.0)
        except PeerFault:
            self.authority.disconnect(peer, 1.0)

    def move(self) -> None:
        """All that the owner says reads well, and no guest finds fault with it but who lied about itself."""
        for peer, replica in self.replicas.items():
            for message in self.authority.outbox(peer).take(10**9):
                told = decode_control(encode(message))
                if peer not in self.forged:
                    replica.receive(told)

    def check(self) -> None:
        """Whoever comes now is told the same by every way there is."""
        self.move()
        late = Replica()
        peer = self.authority.admit(Role.DISPLAY)
        self.replicas[peer] = late
        self.authority.receive(peer, late.join(), 5.0)
        self.move()
        read = read_snapshot(snapshot(self.authority.briefing))
        ours = self.authority.briefing
        for told in (late.briefing, read):
            assert (told.papers, told.items, told.heirs) == (ours.papers, ours.items, ours.heirs)
            assert (told.ink, told.corrections, told.names) == (ours.ink, ours.corrections, ours.names)


def frame(data: bytes) -> None:
    """Control and bulk frames: first byte says from whom. Nothing but `PeerFault` comes of them."""
    house, stranger = House(), Replica()
    stranger.join()
    for each in split(data):
        who, body = each[:1], each[1:]
        with contextlib.suppress(PeerFault):
            as_json(decode_bulk(body))
        try:
            message = decode_control(body)
        except PeerFault:
            continue
        as_json(message)
        assert decode_control(encode(message)) == message
        house.receive(1 + sum(who) % len(GUESTS), message)
        with contextlib.suppress(PeerFault):
            stranger.receive(message)
    house.check()


# --- records of a journal -----------------------------------------------------------------------------------


def record(data: bytes) -> None:
    """Entries behind good links, or with their own: read, folded, gone on with."""
    chain = Chain()
    records = [each if each[:1] == b"\xff" else chain.add(each) for each in split(data)]
    content = journal.read(records)
    assert len(content.entries) <= len(records)
    registers = content.registers or Registers()
    elapsed_s(content.entries, registers)
    try:
        briefing = folded(content.log, registers)
    except Refusal:
        return
    assert briefing.revision == len(content.log)
    authority = Authority(EPOCH, content.log, registers)
    peer, replica = authority.admit(Role.DISPLAY), Replica()
    authority.receive(peer, replica.join(), 1.0)
    for message in authority.outbox(peer).take(10**9):
        replica.receive(decode_control(encode(message)))
    assert replica.briefing.papers == authority.briefing.papers


# --- ops on papers ------------------------------------------------------------------------------------------


class _Bytes:
    """Small numbers out of bytes; zeros when they are used up."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def below(self, limit: int) -> int:
        self._at += 1
        return self._data[self._at - 1] % limit if self._at <= len(self._data) else 0


def _pages(take: _Bytes, of: str) -> tuple[EditionPage, ...]:
    return tuple(page(take.below(16), of, take.below(4)) for _ in range(take.below(4)))


def _op(take: _Bytes) -> Op:
    paper = take.below(4)
    name = f"blob {take.below(4)}"
    match take.below(6):
        case 0:
            return OfferPaper(paper, "資料", Blob(sha(name), 1 + take.below(9)), _pages(take, name))
        case 1:
            return MorePages(paper, _pages(take, name))
        case 2 | 3:
            blobs = (Blob(sha(name), 1 + take.below(9)),) * take.below(3)
            base, at, removed = 1 + take.below(6), take.below(6), take.below(6)
            return NewEdition(paper, base, at, removed, _pages(take, name), blobs)
        case 4:
            return OrderPapers(tuple(take.below(4) for _ in range(take.below(5))))
        case _:
            return WithdrawPaper(paper)


def _as_sent(op: Op) -> Op:
    """What the wire lets pass of it; the others are the owner's own mistakes."""
    try:
        message = decode_control(encode(Submit(OpId(OWNER, 0), 0, op)))
    except PeerFault as fault:
        raise Refusal(Reason.NO_PAGES) from fault
    assert isinstance(message, Submit)
    return message.op


def edition(data: bytes) -> None:
    """A life of papers and their editions, with undo and views: taken or refused, the same everywhere."""
    take, house = _Bytes(data), House()
    authority, emptied = house.authority, False
    while take:
        with contextlib.suppress(Refusal):
            match take.below(8):
                case 6:
                    authority.undo()
                case 7:
                    authority.redo()
                case 5:
                    authority.take_floor(0.0)
                    authority.set(ShowView(view(take.below(16))), 0.0)
                case _:
                    authority.edit(_as_sent(_op(take)))
        emptied = emptied or not any(authority.briefing.pages())
        _check_papers(authority, emptied)
    house.check()


def _check_papers(authority: Authority, emptied: bool) -> None:
    briefing = authority.briefing
    for paper in briefing.papers:
        known = {blob.sha256 for blob in paper.blobs}
        assert paper.edition.pages
        assert [each.number for each in paper.editions] == list(range(1, len(paper.editions) + 1))
        assert all(each.ref.blob in known for made in paper.editions for each in made.pages)
    ids = [each.page_id for each in briefing.pages()]
    assert len(ids) == len(set(ids))
    assert all(each < briefing.next_page_id for each in ids)
    for page_id in range(16):
        near = briefing.nearest_page(page_id)
        assert near is None or briefing.page(near) is not None
        assert near is not None or emptied or not briefing.was_there(page_id)


# --- what to begin with -------------------------------------------------------------------------------------


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


def _hello_seeds() -> Iterator[bytes]:
    frames = run(presenter(), kiosk(certificate=certificate_for(device("kiosk")))).frames
    yield joined(frames)
    yield joined(frames[1:])
    signer = device("facilities").sign
    revoked = sign_revocations(signer, RevocationList(3, (device_id(SPKI),)))
    yield joined([frames[1], certificate_for(device("kiosk")), revoked])


def _messages() -> list[Message]:
    replica = Replica()
    op = splice(1, 2, 1, "九")
    pen = Pen(Tool.PEN, Colour.RED, 150)
    words = Words(True, Colour.RED, 1_000, 5, 5, 900, "済")
    draw = Draw(1, 1, 0, (NewMark(0, Stroke(pen, 5, 5, bytes(8))), NewMark(1, words)))
    return [
        replica.join(),
        Join(EPOCH, 1, True),
        Ping(1),
        Submit(OpId(2, 0), 2, op),
        Submit(OpId(4, 0), 2, AddItem(9, 1, "文字")),
        Submit(OpId(4, 1), 2, RemoveItem(1)),
        Submit(OpId(4, 0), 2, draw),
        Submit(OpId(4, 1), 2, Erase(1, (MarkId(4, 0),))),
        Submit(OpId(4, 2), 2, MoveMarks(1, (MarkId(4, 0),), 5, 5)),
        Submit(OpId(4, 3), 2, OpenCorrection(7, 1, 1, (Rect(0, 0, 9, 9),), "旧", "新", 0)),
        Submit(OpId(4, 4), 2, SetCorrection(7, CorrectionState.TYPING, 0)),
        Now(4, 1, Wet(1, 1, pen, True, 5, 5, bytes(8))),
        OfferFind(1, "資料", "出典", sha256(b"%PDF").digest(), 4),
        FindPiece(1, 0, b"%PDF"),
        WithdrawFind(1),
        Wish(1, ShowView(view(1))),
        Wish(2, SetScreen(Screen.SHOW)),
        Wish(3, SetTimer(1_000, 60_000, True)),
        Wish(4, SetHold(True)),
        Now(2, 1, Pointer(1, 5, 5)),
        Now(3, 1, Position(True, 1, WHOLE, True)),
    ]


def _frame_seeds() -> Iterator[bytes]:
    messages = _messages()
    for n, message in enumerate(messages):
        yield joined([bytes([n % 4]) + encode(message)])
    yield joined([b"\0" + encode(message) for message in messages])
    house = House()
    peer = house.authority.admit(Role.DISPLAY)
    house.authority.receive(peer, Replica().join(), 0.0)
    yield joined([b"\1" + encode(each) for each in house.authority.outbox(peer).take(10**9)])


def _record_seeds() -> Iterator[bytes]:
    edits = [
        offer(1, 0, 3),
        AddItem(1, 0, "令和"),
        splice(1, 2, 0, "8年度"),
        NewEdition(1, 1, 0, 1, (EditionPage(0, PageRef(sha("new"), 0), *A4),), (Blob(sha("new"), 9),)),
        RemoveItem(1),
        Draw(0, 2, 0, (NewMark(0, Stroke(Pen(Tool.PEN, Colour.RED, 150), 5, 5, bytes(8))),)),
        OpenCorrection(7, 1, 1, (Rect(0, 0, 9, 9),), "旧", "新", 0),
        OpenMinutes(
            8,
            MinutesKind.HOMEWORK,
            1,
            "額をまとめる",
            5,
            "副知事",
            Former(bytes(16), 4, "前回"),
            "中村",
            "12/1",
        ),
        SetReply(8, Done(), 6),
        AssignMinutes(8, "佐藤", "11/27"),
        PlanPaper(1, 15, "河川課 𠮷田"),
        NameSubject("河川改修計画"),
    ]
    ops = [Committed(n, OpId(OWNER, n - 1), op) for n, op in enumerate(edits, 1)]
    entries = [journal.entry(op, 1_700_000_000_000 + op.revision) for op in ops]
    noted = journal.entry(Registers(number=3, timer=SetTimer(5, 9, True)), 1_700_000_000_000)
    yield joined(entries)
    attended = journal.entry(journal.Attended(2, "鈴木", Role.PARTICIPANT, True), 1_700_000_000_000)
    yield joined([*entries[:2], noted, attended, *entries[2:], noted])


def left_behind(data: bytes) -> None:
    """A file in the archive, or that a person chose: what is carried to the next briefing, a transcript."""
    with contextlib.suppress(carried.NoCarried):
        again = carried.decoded(data)
        assert carried.decoded(carried.encoded(again)) == again
    with contextlib.suppress(NoTranscript):
        told = transcript_of(text_in(data))
        assert told.utterances and all(each.text for each in told.utterances)


def _left_behind_seeds() -> Iterator[bytes]:
    card = Card("0" * 32, "question", "額は", 5, "前回 7ページ", "副知事", "佐藤", "11/27")
    yield carried.encoded(carried.CarriedFile(1, "財政課", "河川改修", 9, (card,), ("1" * 32,)))
    yield "WEBVTT\n\n00:03.000 --> 00:05.000\n<v 佐藤>説明します。</v>\n".encode()
    yield "1\n00:00:03,000 --> 00:00:05,000\n佐藤：はい。\n".encode("utf-16")
    yield "佐藤 0:03\n説明します。\n\n[00:06] 副知事：はい。\n".encode("cp932")


def _manage_seeds() -> Iterator[bytes]:
    holder = device("console")
    for command in (
        Identify(5),
        Notice("停電", 5, True),
        ChangeSettings((Setting("room.name", "x"), Setting("network.own_networks", ("10.0.0.0/8",))), False),
        ChangeSettings((Setting("display.touch", None),), False),
        FetchSettings(),
    ):
        body = OrderBody(ORDERED, RUN, 1, 1_020, command)
        order = sign_order(holder.sign, holder.spki, console_certificate(holder), body)
        yield joined([b"\0" + encode(order), b"\1" + order.body])
    yield joined([b"\0" + encode(Revocations(b"x")), b"\0" + encode(Answered(1, Outcome.DONE, "text"))])
    found = CheckResult(Check.DISK, Verdict.LOOK, 400)
    yield joined([b"\0" + encode(SelfTest(Phase.DONE, Hindrance.NOTHING, 900, 1_000, (found,)))])


def broker(data: bytes) -> None:
    """What a broker brings to a console, to a display and to a presenter."""
    for piece in split(data):
        for read in (read_said, read_call):
            with contextlib.suppress(NotBelieved):
                read(piece, FACILITIES)


def _broker_seeds() -> Iterator[bytes]:
    wall, desk = device("kiosk"), device("console")
    here = RoomHere(True, False, ("10.1.6.27:47400",))
    for word in (here, Gone(), Answered(1, Outcome.DONE, "text")):
        body = SaidBody(device_id(wall.spki), RUN, 1, (bytes(16),), word)
        yield joined([sign_said(wall.sign, wall.spki, certificate_for(wall), body)])
    yield joined([sign_call(desk.sign, desk.spki, console_certificate(desk), bytes(16))])


def _edition_seeds() -> Iterator[bytes]:
    yield bytes([0, 2, 1, 0, 5, 3, 10, 0, 11, 1, 12, 2, 0, 2, 1, 2, 1, 1, 0, 1, 2, 10, 0, 11, 1, 6, 7, 5, 10])
    yield bytes(range(64))


TARGETS: dict[str, tuple[Callable[[bytes], None], Callable[[], Iterator[bytes]]]] = {
    "hello": (hello, _hello_seeds),
    "frame": (frame, _frame_seeds),
    "record": (record, _record_seeds),
    "edition": (edition, _edition_seeds),
    "manage": (manage, _manage_seeds),
    "broker": (broker, _broker_seeds),
    "left_behind": (left_behind, _left_behind_seeds),
}


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
