"""What participants find: piece by piece into quarantine, to the presenter alone, within bounds."""

from __future__ import annotations

from hashlib import sha256

import pytest

from protocol import messages as m
from protocol.changes import FindCame, FindGone
from protocol.codec import decode_control, encode
from protocol.errors import CloseCode, PeerFault, Reason, Refusal
from protocol.finds import (
    FIND_LIMIT,
    PIECE,
    WAITING,
    Find,
    FindAnswered,
    FindPiece,
    OfferFind,
    Offers,
    Outcome,
    WantFind,
    WithdrawFind,
)
from protocol.ops import Allow
from protocol.values import Role
from tests.protocol.values import Pair, offer

PDF = bytes(range(256)) * 600


class Finder:
    """Participant 1's end, and the owner's, with messages that go over the wire."""

    def __init__(self, *, granted: bool = True) -> None:
        self.pair = Pair(Role.PARTICIPANT, Role.PARTICIPANT, Role.DISPLAY)
        self.pair.authority.edit(offer(1, 0, 3))
        if granted:
            self.pair.authority.edit(Allow(1, "鈴木", False, False, False, True))
        self.pair.move()
        self.offers = Offers(40)
        self.came: list[FindCame | FindGone] = []

    def said(self, message: m.Message) -> list[m.Message]:
        told = self.pair.authority.receive(1, decode_control(encode(message)), self.pair.now)
        self.came += [each for each in told if isinstance(each, FindCame | FindGone)]
        return self.told()

    def told(self) -> list[m.Message]:
        """What the finder hears; nobody else hears anything."""
        assert not any(self.pair.authority.outbox(peer).take(10**6) for peer in (2, 3))
        return list(self.pair.authority.outbox(1).take(10**6))

    def cut(self) -> None:
        """The link is cut, with what is on its way, and there is another."""
        self.pair.authority.disconnect(1, self.pair.now)
        self.pair.join(1)
        self.pair.down(1)

    def deliver(self, message: m.Message) -> list[m.Message]:
        """Until the owner asks for nothing more; what else it says."""
        answers = self.said(message)
        while answers and isinstance(want := answers[0], WantFind):
            piece = self.offers.wanted(want)
            assert piece is not None
            answers = self.said(piece)
        return answers


def test_a_find_comes_whole_to_the_presenter_alone_and_its_finder_hears_what_became_of_it() -> None:
    finder = Finder()
    revision = finder.pair.authority.briefing.revision
    message = finder.offers.offer("条例の\u202e改正", "出典：「手引」3ページ", PDF)
    assert finder.deliver(message) == []
    find = Find(1, 40, "条例の改正", "出典：「手引」3ページ", PDF)
    assert finder.came == [FindCame(find)]
    assert finder.pair.authority.briefing.revision == revision, "it is in no log"
    finder.pair.authority.answer_find(1, 40, Outcome.DECLINED, "あとで見ます")
    (answer,) = finder.told()
    assert answer == FindAnswered(40, Outcome.DECLINED, "あとで見ます")
    assert finder.offers.answered(answer) and not finder.offers.again()
    finder.pair.authority.answer_find(1, 40, Outcome.SHOWN)
    assert finder.told() == [], "it is decided once"


def test_after_a_cut_it_goes_on_where_it_was_and_a_lost_answer_is_said_again() -> None:
    finder = Finder()
    (want,) = finder.said(finder.offers.offer("手引", "", PDF))
    finder.said(finder.offers.wanted(want))  # the next want is lost with the link
    finder.cut()
    (again,) = finder.offers.again()
    assert finder.said(again) == [WantFind(40, PIECE)]
    assert finder.deliver(again) == [] and len(finder.came) == 1
    finder.pair.authority.disconnect(1, 0.0)
    finder.pair.authority.answer_find(1, 40, Outcome.SHOWN)
    finder.cut()
    assert finder.said(again) == [FindAnswered(40, Outcome.SHOWN, "")]


def test_what_is_offered_again_on_the_same_link_may_come_twice() -> None:
    """A guest that joins anew on its link says its offers again, while a piece is on its way."""
    finder = Finder()
    offer = finder.offers.offer("手引", "", PDF)
    (want,) = finder.said(offer)
    (again,) = finder.said(offer)
    assert (want, again) == (WantFind(40, 0), WantFind(40, 0))
    piece = finder.offers.wanted(want)
    assert finder.said(piece) == [WantFind(40, PIECE)]
    assert finder.said(piece) == []
    assert finder.said(finder.offers.wanted(WantFind(40, PIECE))) == [WantFind(40, 2 * PIECE)]
    with pytest.raises(PeerFault, match="4400"):
        finder.said(piece)


def test_what_is_not_granted_is_refused_and_what_waits_when_the_grant_goes_comes_no_further() -> None:
    finder = Finder(granted=False)
    assert finder.said(OfferFind(1, "", "", sha256(PDF).digest(), len(PDF))) == [
        FindAnswered(1, Outcome.NOT_ALLOWED, "")
    ]
    finder = Finder()
    (want,) = finder.said(finder.offers.offer("手引", "", PDF))
    finder.pair.authority.edit(Allow(1, "鈴木", False, False, True))
    finder.pair.move()
    assert finder.said(finder.offers.wanted(want)) == [FindAnswered(40, Outcome.NOT_ALLOWED, "")]
    assert not finder.came
    ungranted = OfferFind(1, "", "", sha256(PDF).digest(), len(PDF))
    for _ in range(19):
        finder.said(ungranted)
    with pytest.raises(PeerFault) as fault:
        finder.said(ungranted)
    assert fault.value.close_code == CloseCode.PROTOCOL


@pytest.mark.bad_input(row=62)
def test_a_flood_is_refused_and_holds_no_memory() -> None:
    finder = Finder()
    for n in range(WAITING):
        assert finder.said(OfferFind(n, "", "", bytes(32), FIND_LIMIT)) == [WantFind(n, 0)]
    assert finder.said(OfferFind(9, "", "", bytes(32), 1)) == [FindAnswered(9, Outcome.TOO_MANY, "")]
    answers = []
    for n in range(20, 30):
        finder.said(WithdrawFind(n - 20 if n < 23 else n - 1))
        answers += finder.said(OfferFind(n, "", "", bytes(32), 1))
    assert answers == [WantFind(n, 0) for n in range(20, 28)] + [
        FindAnswered(n, Outcome.TOO_MANY, "") for n in (28, 29)
    ], "twelve within a minute"
    assert finder.pair.authority.guests[1].joined


@pytest.mark.bad_input(row=62)
def test_pieces_that_were_not_wanted_close_the_link_or_count_as_refused() -> None:
    for wrong in (
        FindPiece(40, 1, b"x"),
        FindPiece(40, 0, bytes(PIECE)),
        OfferFind(40, "", "", bytes(32), 2),
    ):
        finder = Finder()
        finder.said(finder.offers.offer("手引", "", b"%PDF"))
        with pytest.raises(PeerFault) as fault:
            finder.said(wrong)
        assert fault.value.close_code == CloseCode.PROTOCOL
    finder = Finder()
    finder.said(OfferFind(1, "", "", bytes(32), 4))
    assert finder.said(FindPiece(1, 0, b"%PDF")) == [FindAnswered(1, Outcome.UNREADABLE, "")]
    assert not finder.came


def test_who_withdraws_or_leaves_takes_it_along() -> None:
    finder = Finder()
    finder.deliver(finder.offers.offer("手引", "", PDF))
    finder.deliver(finder.offers.offer("地図", "", PDF))
    assert finder.said(finder.offers.withdraw(40)) == [] and finder.came[-1] == FindGone(1, 40)
    assert FindGone(1, 41) in finder.pair.authority.leave(1, 0.0)


def test_the_finder_keeps_few_and_small_ones() -> None:
    offers = Offers(0)
    for wrong in (b"", bytes(FIND_LIMIT + 1)):
        with pytest.raises(Refusal) as refusal:
            offers.offer("", "", wrong)
        assert refusal.value.reason is Reason.TOO_LARGE
    for _ in range(WAITING):
        offers.offer("", "", PDF)
    with pytest.raises(Refusal) as refusal:
        offers.offer("", "", PDF)
    assert refusal.value.reason is Reason.TOO_MANY
    assert offers.wanted(WantFind(77, 0)) is None
    with pytest.raises(PeerFault):
        offers.wanted(WantFind(0, FIND_LIMIT))
