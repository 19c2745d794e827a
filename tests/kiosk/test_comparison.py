"""Before and after of a correction: whose places the frames have."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from kiosk.comparison import shown
from protocol.model import Briefing
from protocol.ops import NewEdition, OfferPaper, OpenCorrection
from protocol.registers import CorrectionChange
from protocol.values import OWNER, Blob, EditionPage, OpId, PageRef, Rect

OLD = Rect(10_000, 10_000, 15_000, 11_000)
NEW = Rect(9_200, 10_000, 17_000, 11_000)


def test_the_new_words_are_framed_where_they_are_and_until_that_is_known_about_there(
    qapp: QApplication,
) -> None:
    first, second = (EditionPage(0, PageRef(bytes([n]) * 32, 0), 59_500, 84_200) for n in (1, 2))
    ops = (
        OfferPaper(1, "資料", Blob(first.ref.blob, 100), (first,)),
        OpenCorrection(1, 0, 1, (OLD,), "1,237億円", "1,305億5,000万円", 0),
        NewEdition(1, 1, 0, 1, (second,), (Blob(second.ref.blob, 100),), (1,)),
    )
    briefing = Briefing()
    for n, op in enumerate(ops):
        briefing = briefing.apply(op, OpId(OWNER, n))
    told = shown(briefing, CorrectionChange(1, (NEW,)), 1)
    assert told is not None and (told.was_at, told.now_at) == ((OLD,), (NEW,))
    guessed = shown(briefing, CorrectionChange(1), 1)
    assert guessed is not None and guessed.now_at[0].x0 == OLD.x0
    assert shown(briefing, CorrectionChange(2), 1) is None, "no such correction"
