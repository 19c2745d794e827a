"""A source saved anew, and what that makes of ink and corrections: real papers, read in a caged process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.flowing import flowing, paragraphs
from pageview.asked_worker import AskedWorker
from pageview.page_text import PageText
from pageview.segments import SegmentStore
from presenter.reanchored import box_of
from presenter.source_reader import CannotRead, SourceReader
from presenter.source_turn import Taken, Turn, late_marks, turn, turned_again, turned_back
from presenter.tray import lost
from protocol.corrections import CorrectionState
from protocol.ink import Colour, Mark, MarkId, NewMark, Pen, Stroke, Tool, packed
from protocol.marks import Ink
from protocol.model import Briefing
from protocol.ops import Draw
from protocol.values import OWNER, Blob, EditionPage, OpId, PageId, Rect
from tests.presenter.corrected import WHEN, Corrected, processed

SOURCE = paragraphs(60)
NEW = "新たに加えた段落である。" * 12


class Desk:
    """A briefing with one paper, whose source is saved as somebody edits it."""

    def __init__(self, made: Corrected, reader: SourceReader) -> None:
        self.made, self.reader = made, reader
        made.offer(flowing(SOURCE), "予算")
        self.taken = Taken.of(self.paper)

    @property
    def briefing(self) -> Briefing:
        return self.made.briefing

    @property
    def paper(self):
        return self.briefing.papers[0]

    def saved(self, data: bytes) -> Turn | None:
        """What the desk makes of it, committed."""
        sha256 = self.made.store.add(data)
        made = turn(self.reader, self.briefing, self.paper, self.taken, Blob(sha256, len(data)), WHEN)
        if made is not None:
            self.taken = made.taken
            self.commit(made.ops)
        return made

    def commit(self, ops) -> None:
        for op in ops:
            self.made.do(op)

    def page(self, number: int) -> EditionPage:
        return self.paper.edition.pages[number]

    def circle(self, words: str) -> MarkId:
        """A ring around words, wherever they are."""
        page_id, box = self.find(words)
        xs = [box.x0 - 200, box.x1 + 200, box.x1 + 200, box.x0 - 200, box.x0 - 200]
        ys = [box.y0 - 200, box.y0 - 200, box.y1 + 200, box.y1 + 200, box.y0 - 200]
        mark: Mark = Stroke(Pen(Tool.PEN, Colour.RED, 300), xs[0], ys[0], packed(xs, ys))
        self.made.draw(page_id, [mark])
        return MarkId(OWNER, self.briefing.ink.next_n[OWNER] - 1)

    def find(self, words: str) -> tuple[PageId, Rect]:
        for page in self.paper.edition.pages:
            found = box_in(self.reader.text(page.ref), words)
            if found is not None:
                return page.page_id, found
        raise AssertionError(words)

    def lies_on(self, id: MarkId, words: str) -> bool:
        page_id, box = self.find(words)
        drawn = self.briefing.ink.at(page_id).get(id)
        if drawn is None:
            return False
        ring = box_of(drawn)
        return all(abs(at - 200 - want) < 60 for at, want in ((ring.x1, box.x1), (ring.y1, box.y1)))


def box_in(text: PageText, words: str) -> Rect | None:
    for line in text.lines:
        at = line.text.find(words)
        if at >= 0:
            return line.hull(at, at + len(words))
    return None


@pytest.fixture(scope="module")
def processes() -> Iterator[tuple[SegmentStore, AskedWorker, SourceReader]]:
    """Papers, one who corrects in them, and one who reads them: what is in a paper is all that they know."""
    with processed() as (store, corrector):
        reader = SourceReader(store)
        # Both start when they are first asked, and no test may leave what it started.
        corrector.ready()
        reader.sizes(store.add(flowing(SOURCE)), whole=True)
        yield store, corrector, reader
        reader.close()


@pytest.fixture
def desk(processes: tuple[SegmentStore, AskedWorker, SourceReader]) -> Desk:
    store, corrector, reader = processes
    return Desk(Corrected(store, corrector), reader)


def test_the_same_pages_in_another_file_are_no_edition(desk: Desk) -> None:
    assert desk.saved(flowing(SOURCE) + b"\n% saved again\n%%EOF\n") is None


def test_ink_goes_with_its_words_over_the_end_of_the_page_and_the_rest_to_the_tray(desk: Desk) -> None:
    last_on_page = desk.circle("費用1333万円")
    stays, goes = desk.circle("費用1074万円"), desk.circle("費用1222万円")
    without = [SOURCE[0], NEW, NEW, *SOURCE[1:5], *SOURCE[9:]]
    made = desk.saved(flowing(without))
    assert made is not None and made.in_tray == 1
    assert desk.lies_on(stays, "費用1074万円")
    assert desk.lies_on(last_on_page, "費用1333万円")
    (entry,) = lost(desk.briefing)
    assert ([drawn.id for drawn in entry.marks], entry.origin) == ([goes], 0)


def test_pages_keep_their_identity_and_what_is_unchanged_its_bytes(desk: Desk) -> None:
    before = desk.paper.edition.pages
    made = desk.saved(flowing([*SOURCE[:-1], SOURCE[-1] + "以上。"]))
    assert made is not None
    assert desk.paper.edition.pages[:-1] == before[:-1]
    assert made.changed == (before[-1].page_id,)


def test_a_drawing_of_several_strokes_stays_together(desk: Desk) -> None:
    """Letters written beside a paragraph's end: a stroke alone would be nearest to the next one."""
    page_id, box = desk.find("費用1074万円")
    strokes = [
        Stroke(Pen(Tool.PEN, Colour.RED, 300), x, y, packed([x, x + 300], [y, y + 300]))
        for x, y in ((box.x0, box.y1 + 100), (box.x0 + 500, box.y1 + 400), (box.x0 + 900, box.y1 + 800))
    ]
    desk.made.draw(page_id, strokes)
    ids = list(desk.briefing.ink.at(page_id))
    desk.saved(flowing([SOURCE[0], NEW, *SOURCE[1:]]))
    placements = {desk.briefing.ink.at(page_id)[id].placement for id in ids}
    assert len(placements) == 1


def test_a_paper_that_is_whole_no_more_is_refused(desk: Desk) -> None:
    whole = flowing(SOURCE)
    for data in (whole[: len(whole) // 2] + b"\n%%EOF\n", b"%PDF-1.7\n%%EOF\n", b"PK not a pdf %%EOF"):
        with pytest.raises(CannotRead):
            desk.saved(data)
    assert desk.paper.edition.number == 1


# --- corrections --------------------------------------------------------------------------------------------


def state(desk: Desk, item: int = 1) -> CorrectionState:
    return desk.briefing.corrections[item].state


def test_a_correction_made_in_the_source_too_is_done_and_lies_on_its_new_words(desk: Desk) -> None:
    desk.made.correct(0, "費用1074万円", "費用1500万円", settle=False)
    saved = [
        SOURCE[0],
        NEW,
        SOURCE[1].replace("1037", "1038"),
        SOURCE[2].replace("1074", "1500"),
        *SOURCE[3:],
    ]
    made = desk.saved(flowing(saved))
    assert made is not None and made.evidence.settles == [1]
    assert (state(desk), desk.briefing.corrections[1].settled) == (CorrectionState.DONE, 2)
    _, box = desk.find("費用1500万円")
    assert desk.briefing.corrections[1].places == (box,)


def test_a_correction_that_is_open_goes_with_its_words(desk: Desk) -> None:
    desk.made.correct(0, "費用1333万円", "費用9999万円", settle=False)
    desk.saved(flowing([SOURCE[0], NEW, NEW, *SOURCE[1:]]))
    correction = desk.briefing.corrections[1]
    page_id, box = desk.find("費用1333万円")
    assert (correction.page_id, correction.places, state(desk)) == (page_id, (box,), CorrectionState.OPEN)
    assert correction.line is not None


def test_one_settled_here_is_open_again_where_the_source_does_not_have_it(desk: Desk) -> None:
    desk.made.correct(0, "費用1074万円", "費用1500万円")
    desk.made.correct(1, "費用1666万円", "費用1700万円")
    kept = desk.paper.edition.pages[1]
    made = desk.saved(flowing([SOURCE[0].replace("1000", "1001"), *SOURCE[1:]]))
    assert made is not None and made.evidence.reopens == [1]
    assert (state(desk, 1), state(desk, 2)) == (CorrectionState.OPEN, CorrectionState.DONE)
    assert desk.paper.edition.pages[1] == kept, "the page that the source did not change stays corrected"


def test_one_settled_here_and_in_the_source_stays_done(desk: Desk) -> None:
    desk.made.correct(0, "費用1074万円", "費用1500万円")
    made = desk.saved(
        flowing([*SOURCE[:2], SOURCE[2].replace("1074", "1500"), SOURCE[3] + "増額。", *SOURCE[4:]])
    )
    assert made is not None and not made.evidence.reopens
    assert state(desk) is CorrectionState.DONE


def test_words_that_went_stay_gone_and_are_done_where_the_source_took_them_out_too(desk: Desk) -> None:
    desk.made.correct(0, "費用1074万円", "")
    desk.made.correct(0, "費用1037万円", "", settle=False)
    saved = [
        SOURCE[0] + "増額。",
        SOURCE[1].replace("費用1037万円", ""),
        SOURCE[2].replace("費用1074万円", ""),
    ]
    made = desk.saved(flowing([*saved, *SOURCE[3:]]))
    assert made is not None
    assert (made.evidence.settles, made.evidence.reopens) == ([2], [])
    made = desk.saved(flowing([saved[0], saved[1], *SOURCE[2:]]))
    assert made is not None and made.evidence.reopens == [1]


def test_words_found_where_not_all_around_them_is_as_before_are_only_proposed(desk: Desk) -> None:
    desk.made.correct(0, "費用1074万円", "費用1500万円", settle=False)
    at = SOURCE[2].index("費用1074万円") + 8
    changed = SOURCE[2][: at - 6] + "1500万円のうち" + SOURCE[2][at + 4 :]
    made = desk.saved(flowing([*SOURCE[:2], changed, *SOURCE[3:]]))
    assert made is not None
    assert (made.evidence.settles, made.evidence.proposed) == ([], [1])
    assert state(desk) is CorrectionState.OPEN


def test_undone_and_made_again_everything_lies_where_it_lay(desk: Desk) -> None:
    marks = [desk.circle("費用1333万円"), desk.circle("費用1222万円")]
    desk.made.correct(0, "費用1074万円", "費用1500万円", settle=False)
    before = desk.briefing
    made = desk.saved(flowing([SOURCE[0], NEW, NEW, *SOURCE[1:5], *SOURCE[9:]]))
    assert made is not None
    after = desk.briefing
    desk.commit(turned_back(made, desk.briefing))
    for id in marks:
        assert desk.briefing.ink.at(0)[id].placement == before.ink.at(0)[id].placement
    assert desk.briefing.corrections == before.corrections
    desk.commit(turned_again(made, desk.briefing))
    assert [list(desk.briefing.ink.at(at)) for at in (0, 1, None)] == [
        list(after.ink.at(at)) for at in (0, 1, None)
    ]
    assert desk.briefing.corrections == after.corrections


def test_what_is_in_the_tray_goes_onto_a_page_whole_and_away_by_an_erasing(desk: Desk) -> None:
    desk.circle("費用1222万円")
    desk.saved(flowing([*SOURCE[:5], *SOURCE[9:]]))
    (entry,) = lost(desk.briefing)
    ops = entry.onto(EditionPage(1, desk.page(1).ref, 20_000, 10_000))
    placed = desk.briefing
    for op in ops:
        placed = placed.apply(op, OpId(OWNER, placed.revision))
    box = box_of(placed.ink.at(1)[entry.marks[0].id])
    assert min(box.x0, box.y0, 20_000 - box.x1, 10_000 - box.y1) >= 0
    assert not lost(placed)
    (away,) = entry.away()
    erased = desk.briefing.apply(away, OpId(OWNER, desk.briefing.revision))
    assert not lost(erased) and list(erased.ink.at(None))


def test_a_mark_that_comes_when_its_page_is_otherwise_already_goes_to_its_words_too(desk: Desk) -> None:
    """Drawn on the first edition, in the log only behind the second."""
    page_id, box = desk.find("費用1074万円")
    made = desk.saved(flowing([SOURCE[0], NEW, *SOURCE[1:]]))
    assert made is not None
    xs, ys = [box.x0 - 200, box.x1 + 200], [box.y0 - 200, box.y1 + 200]
    late = Stroke(Pen(Tool.PEN, Colour.RED, 300), xs[0], ys[0], packed(xs, ys))
    desk.made.do(Draw(page_id, 1, WHEN, (NewMark(0, late),)))
    marks = dict(desk.briefing.ink.at(page_id))
    desk.commit(late_marks(desk.reader, Ink({page_id: marks}), made, page_id))
    assert desk.lies_on(MarkId(OWNER, 0), "費用1074万円")
