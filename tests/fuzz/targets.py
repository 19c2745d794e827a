"""What is fuzzed: each target takes any bytes and raises only when something of ours does not hold.

They need no fuzzer: `test_fuzz` feeds them the seeds and every input that once failed (``failed/TARGET/``).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

from presenter.read_back import elapsed_s, folded
from protocol import journal, pairing_messages
from protocol.authority import Authority
from protocol.codec import as_json, decode_bulk, decode_control, encode
from protocol.corrections import CorrectionState
from protocol.errors import PeerFault, Reason, Refusal
from protocol.facilities import RevocationList, device_id, sign_revocations
from protocol.finds import FindPiece, OfferFind, WithdrawFind
from protocol.ink import Colour, MarkId, NewMark, Pen, Stroke, Tool, Words
from protocol.journal import Chain
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
from protocol.pairing import Dialing, meet
from protocol.pairing_checks import HandshakeRefused
from protocol.pairing_messages import Mode
from protocol.presence import Pointer, Position, Wet
from protocol.registers import Registers, SetHold, SetScreen, SetTimer, ShowView
from protocol.replica import Replica
from protocol.snapshot import read_snapshot, snapshot
from protocol.texts import splice
from protocol.values import OWNER, Blob, EditionPage, OpId, PageRef, Rect, Role, Screen
from tests.fuzz.facilities_targets import FACILITIES, broker, broker_seeds, manage, manage_seeds
from tests.fuzz.left_behind import left_behind, left_behind_seeds
from tests.fuzz.pieces import SmallNumbers, joined, split
from tests.protocol.handshakes import certificate_for, device, kiosk, presenter, run
from tests.protocol.values import A4, EPOCH, WHOLE, offer, page, sha, view

FAILED = Path(__file__).parent / "failed"
NONCE = bytes(range(32))
GUESTS = [role for role in Role if role is not Role.CONSOLE]
"""The roles there are in a briefing."""

OPEN_PRESENTER = presenter(room=None, facilities=FACILITIES)
KIOSK = kiosk()
CERTIFICATE, SPKI = device("kiosk").certificate, device("kiosk").spki

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


def _pages(take: SmallNumbers, of: str) -> tuple[EditionPage, ...]:
    return tuple(page(take.below(16), of, take.below(4)) for _ in range(take.below(4)))


def _op(take: SmallNumbers) -> Op:
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
    take, house = SmallNumbers(data), House()
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
    note = Words(False, Colour.RED, 1_000, 5, 5, 900, "新", ground=True)
    draw = Draw(1, 1, 0, (NewMark(0, Stroke(pen, 5, 5, bytes(8))), NewMark(1, words), NewMark(2, note)))
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
        Submit(OpId(2, 1), 2, SetCorrection(7, CorrectionState.DONE, 0, noted=True)),
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


def _edition_seeds() -> Iterator[bytes]:
    yield bytes([0, 2, 1, 0, 5, 3, 10, 0, 11, 1, 12, 2, 0, 2, 1, 2, 1, 1, 0, 1, 2, 10, 0, 11, 1, 6, 7, 5, 10])
    yield bytes(range(64))


TARGETS: dict[str, tuple[Callable[[bytes], None], Callable[[], Iterator[bytes]]]] = {
    "hello": (hello, _hello_seeds),
    "frame": (frame, _frame_seeds),
    "record": (record, _record_seeds),
    "edition": (edition, _edition_seeds),
    "manage": (manage, manage_seeds),
    "broker": (broker, broker_seeds),
    "left_behind": (left_behind, left_behind_seeds),
}
PLAIN = {"edition", "left_behind"}
"""Their bytes are no pieces of msgpack: any change is as good as another."""
