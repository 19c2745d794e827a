"""What is asked of the renderer, and in which order: the page shown, then its neighbours, thumbnails last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pymupdf
import pytest
from PySide6.QtGui import QImage

import assets
from pageview.cache import Shot
from pageview.geometry import fit, page_rect
from pageview.page_source import SMALL, PageSource
from pageview.picture import Unshowable
from pageview.render_queue import Priority, RenderRequest
from pageview.render_results import Frame, Opened, OpenRefused, PageSize, RenderFailed
from pageview.renderer import Renderer
from pageview.segments import SegmentStore
from protocol.errors import Fault
from protocol.messages import StandIn
from protocol.model import Briefing
from protocol.ops import OfferPaper
from protocol.values import Blob, EditionPage, OpId, PageRef, View
from tests.pageview.papers import opened
from tests.pageview.shown_papers import LANDSCAPE, PORTRAIT, Table, coloured, paper_of

BLOB = b"a" * 32


class Listening(Renderer):
    """A renderer that is never started and tells what it was asked."""

    def __init__(self) -> None:
        super().__init__(SegmentStore(), (1920, 1080))
        self.asked: list[RenderRequest] = []
        self.first: RenderRequest | None = None
        self.lines_of: list[int] = []
        self.retired: list[bytes] = []

    def retire(self, blob: bytes) -> None:
        self.retired.append(blob)

    def ask(self, request: RenderRequest) -> None:
        self.first = self.first or request
        self.asked = [other for other in self.asked if other.picture != request.picture]
        self.asked.append(request)

    def forget(self, keep: Callable[[RenderRequest], bool]) -> None:
        self.asked = [request for request in self.asked if keep(request)]

    def ask_lines(self, blob: bytes, index: int) -> None:
        self.lines_of.append(index)


class Wall:
    """A viewer of 1600 × 900 pixels."""

    def __init__(self, source: PageSource, width: int = 1600) -> None:
        self._source = source
        self._width = width

    def shot_of(self, view: View) -> Shot | None:
        page = self._source.page(view.page_id)
        place = fit(view.rect, self._width, self._width * 9 // 16)
        return None if page is None else Shot(page.ref, view.rect, place.width, place.height)


def offered(count: int, size: tuple[int, int], blob: bytes = BLOB) -> Briefing:
    pages = tuple(EditionPage(n, PageRef(blob, n), size[0] * 100, size[1] * 100) for n in range(count))
    return Briefing().apply(OfferPaper(0, "資料", Blob(blob, 10), pages), OpId(0, 0))


@pytest.fixture
def source(qapp: object) -> Iterator[PageSource]:
    renderer = Listening()
    source = PageSource(renderer, frames=5)
    source.renderer = renderer  # type: ignore[attr-defined]
    yield source
    source.clear()
    renderer.wipe()


def asked(source: PageSource) -> list[tuple[int, Priority]]:
    return [(request.index, request.priority) for request in source.renderer.asked]  # type: ignore[attr-defined]


def open_paper(source: PageSource, count: int, size: tuple[int, int] = LANDSCAPE, blob: bytes = BLOB) -> None:
    source.set_briefing(offered(count, size, blob))
    sizes = tuple(PageSize(size[0] * 100, size[1] * 100) for _ in range(count))
    source.renderer.opened.emit(Opened(blob, sizes, "", False))  # type: ignore[attr-defined]


def test_page_shown_first_then_next_previous_and_the_ones_after(source: PageSource) -> None:
    open_paper(source, 20)
    source.show(Wall(source), source.steps_of(10)[0])
    now, nxt, near = Priority.NOW, Priority.NEXT, Priority.NEAR
    assert source.renderer.first.index == 10, "an idle renderer starts on the first wish"  # type: ignore[attr-defined]
    # A busy one takes the newest wish of a rank first: they are made in reverse.
    assert asked(source) == [(8, near), (12, near), (9, nxt), (11, nxt), (10, now)]


def test_next_steps_are_drawn_ahead_as_well(source: PageSource) -> None:
    open_paper(source, 3, PORTRAIT)
    steps = source.steps_of(1)
    source.show(Wall(source), steps[2])
    rects = {(request.index, request.rect) for request in source.renderer.asked}  # type: ignore[attr-defined]
    after, before = source.steps_of(2), [steps[1], steps[0]]
    expected = [steps[2], after[0], after[1], *before]
    assert rects == {(view.page_id, view.rect) for view in expected}


def test_newest_page_wins_and_stale_wishes_are_forgotten(source: PageSource) -> None:
    open_paper(source, 60)
    wall = Wall(source)
    for page in range(50):
        source.show(wall, source.steps_of(page)[0])
    requests = asked(source)
    assert len(set(requests)) <= 5
    assert [index for index, priority in requests if priority is Priority.NOW] == [49]


def test_two_viewers_both_come_first(source: PageSource) -> None:
    open_paper(source, 20)
    source.show(Wall(source, 800), source.steps_of(2)[0])
    second = Wall(source)
    source.show(second, source.steps_of(9)[0])
    urgent = [index for index, priority in asked(source) if priority is Priority.NOW]
    assert urgent == [2, 9], "the newest wish is not the one shown last"
    source.leave(second)
    assert all(index < 5 for index, _ in asked(source))


def test_lines_are_read_around_portrait_pages_only(source: PageSource) -> None:
    open_paper(source, 20, PORTRAIT)
    source.show(Wall(source), source.steps_of(10)[0])
    assert sorted(source.renderer.lines_of) == [8, 9, 10, 11, 12]  # type: ignore[attr-defined]
    source.clear()
    source.renderer.lines_of.clear()  # type: ignore[attr-defined]
    open_paper(source, 20, LANDSCAPE)
    source.show(Wall(source), source.steps_of(10)[0])
    assert source.renderer.lines_of == []  # type: ignore[attr-defined]


def test_nothing_is_asked_of_a_paper_that_is_not_here(source: PageSource) -> None:
    source.set_briefing(offered(5, LANDSCAPE))
    source.show(Wall(source), source.steps_of(0)[0])
    assert asked(source) == []


def test_stand_in_draws_its_page_until_the_paper_is_here(source: PageSource) -> None:
    source.set_briefing(offered(5, LANDSCAPE))
    source.show(Wall(source), source.steps_of(3)[0])
    small = b"b" * 32
    source.add_stand_in(StandIn(PageRef(BLOB, 3), small, 10, 84_200, 59_500))
    renderer = source.renderer  # type: ignore[attr-defined]
    renderer.opened.emit(Opened(small, (PageSize(84_200, 59_500),), "", False))
    assert [(request.blob, request.index) for request in renderer.asked] == [(small, 0)]
    renderer.opened.emit(Opened(BLOB, (PageSize(84_200, 59_500),) * 5, "", False))
    assert {request.blob for request in renderer.asked[1:]} == {BLOB}
    assert source.fault(PageRef(BLOB, 3)) is None
    assert renderer.retired == [small], "its memory is let go"


def test_a_page_that_takes_too_long_is_refused_once_and_tried_in_no_other_form(source: PageSource) -> None:
    """Its stand-in, the whole paper, thumbnails, its lines: five seconds each, and the page said nothing."""
    source.set_briefing(offered(5, PORTRAIT))
    wall, small = Wall(source), b"b" * 32
    source.show(wall, source.steps_of(3)[0])
    told: list[Unshowable] = []
    source.unshowable.connect(told.append)
    source.add_stand_in(StandIn(PageRef(BLOB, 3), small, 10, 59_500, 84_200))
    renderer = source.renderer  # type: ignore[attr-defined]
    renderer.opened.emit(Opened(small, (PageSize(59_500, 84_200),), "", False))
    slow = renderer.asked[0]
    renderer.opened.emit(Opened(BLOB, (PageSize(59_500, 84_200),) * 5, "", False))
    for request in (slow, next(one for one in renderer.asked if one.index == 3)):
        renderer.failed.emit(RenderFailed(request, Fault.RENDER_TIMEOUT))
    assert [(one.page_id, one.fault) for one in told] == [(3, Fault.RENDER_TIMEOUT)]
    shot = wall.shot_of(source.steps_of(3)[0])
    assert shot is not None
    assert source.picture(shot).fault is Fault.RENDER_TIMEOUT
    renderer.asked.clear()
    renderer.lines_of.clear()
    source.leave(wall)
    source.show(Wall(source, 900), source.steps_of(3)[0])
    source.thumbnail(3, 90, 90)
    assert all(request.index != 3 for request in renderer.asked)
    assert 3 not in renderer.lines_of


@pytest.mark.parametrize("coarse", [True, False])
def test_what_is_shown_and_could_not_be_drawn_is_asked_for_again_and_told_once(
    source: PageSource, coarse: bool
) -> None:
    """Both renderers stood still, say: the wall is not to wait for the next turn."""
    open_paper(source, 1)
    renderer, wall, view = source.renderer, Wall(source), source.steps_of(0)[0]  # type: ignore[attr-defined]
    shot = wall.shot_of(view)
    assert shot is not None
    told: list[Unshowable] = []
    source.unshowable.connect(told.append)
    if coarse:
        source.thumbnail(0, 90, 90)
        renderer.drawn.emit(Frame(renderer.asked[-1], QImage(90, 60, QImage.Format.Format_RGB32)))
    source.show(wall, view)
    wish = next(one for one in renderer.asked if one.priority is Priority.NOW)
    for _ in range(2):
        renderer.asked.clear()
        renderer.failed.emit(RenderFailed(wish, Fault.RENDER_TIMEOUT))
        assert wish not in renderer.asked
        assert source._again.isActive()
        source.try_again()
        assert wish in renderer.asked
    assert [one.fault for one in told] == ([] if coarse else [Fault.RENDER_TIMEOUT])
    renderer.drawn.emit(Frame(wish, QImage(wish.width, wish.height, QImage.Format.Format_RGB32)))
    assert source.picture(shot).sharp
    assert source.fault(shot.ref) is None
    source._again.stop()
    source.show(wall, view)
    assert not source._again.isActive(), "nothing is wrong any more"


def test_a_stand_in_that_comes_after_its_paper_is_let_go_at_once_and_one_that_is_a_paper_never(
    source: PageSource,
) -> None:
    paper, late = b"c" * 32, b"b" * 32
    source.set_briefing(offered(5, LANDSCAPE))
    more = OfferPaper(1, "資料", Blob(paper, 10), (EditionPage(5, PageRef(paper, 0), 84_200, 59_500),))
    source.set_briefing(source.briefing.apply(more, OpId(0, 1)))
    renderer = source.renderer  # type: ignore[attr-defined]
    for page, sha256 in ((3, late), (4, paper)):
        source.add_stand_in(StandIn(PageRef(BLOB, page), sha256, 10, 84_200, 59_500))
    for sha256, pages in ((BLOB, 5), (paper, 1), (late, 1)):
        renderer.opened.emit(Opened(sha256, (PageSize(84_200, 59_500),) * pages, "", False))
    assert renderer.retired == [late]


def test_paper_that_cannot_be_opened_says_so_for_its_pages(source: PageSource) -> None:
    source.set_briefing(offered(2, LANDSCAPE))
    told: list[Unshowable] = []
    source.unshowable.connect(told.append)
    source.renderer.refused.emit(OpenRefused(BLOB, "damaged", Fault.PAPER_DAMAGED))  # type: ignore[attr-defined]
    assert [(one.page_id, one.fault) for one in told] == [(0, Fault.PAPER_DAMAGED), (1, Fault.PAPER_DAMAGED)]
    shot = Wall(source).shot_of(source.steps_of(0)[0])
    assert shot is not None
    assert source.picture(shot).fault is Fault.PAPER_DAMAGED


def test_thumbnails_come_last_newest_wish_first_and_hold_no_slot(desk: Table) -> None:
    pages = desk.lay(coloured(12))
    order: list[tuple[int, Priority]] = []
    desk.renderer.drawn.connect(lambda frame: order.append((frame.request.index, frame.request.priority)))
    wall = Wall(desk.source, 1280)
    desk.source.show(wall, pages[0])
    for page in (7, 3, 5):
        desk.source.thumbnail(pages[page].page_id, 200, 200)
    desk.qtbot.waitUntil(lambda: len(order) >= 6, timeout=20_000)
    desk.wait_idle()
    assert order[0] == (0, Priority.NOW)
    wishes = [index for index, priority in order if priority is Priority.THUMB][:3]
    assert set(wishes) == {7, 3, 5}
    image = desk.source.thumbnail(pages[5].page_id, 200, 200)
    assert image is not None
    assert image.size().toTuple() == (200, 141)
    other = desk.source.thumbnail(pages[11].page_id, 100, 100)
    assert other is not None, "every page has a small picture when it is quiet"
    assert other.width() == SMALL
    assert desk.renderer.free_slots == 5 - 3, "thumbnails hold slots"


def test_a_page_with_a_small_picture_gets_no_other_while_pages_are_turned(desk: Table) -> None:
    pages = desk.lay(coloured(4))
    wall = Wall(desk.source, 1280)
    desk.source.show(wall, pages[0])
    desk.wait_idle()
    told: list[object] = []
    desk.renderer.drawn.connect(lambda frame: told.append(frame.request.priority))
    desk.source._quiet.timeout.connect(lambda: told.append("quiet"))
    desk.source.show(wall, pages[0])
    assert desk.source.thumbnail(pages[1].page_id, 200, 200) is not None, "another size stands in"
    desk.qtbot.waitUntil(lambda: Priority.THUMB in told, timeout=20_000)
    assert told[0] == "quiet"
    desk.wait_idle()
    image = desk.source.thumbnail(pages[1].page_id, 200, 200)
    assert image is not None
    assert image.width() == 200


def test_all_of_a_short_paper_is_ready_to_stand_in(desk: Table) -> None:
    pages = desk.lay(coloured(9))
    told: list[int] = []
    desk.source.thumbnail_ready.connect(told.append)
    desk.source.show(Wall(desk.source, 1280), pages[4])
    desk.wait_idle()
    assert sorted(told) == [page.page_id for page in pages]
    assert told[:3] == [4, 5, 3], "from the page shown outwards"


def test_steps_of_a_real_memo_follow_its_lines(desk: Table) -> None:
    """The lines come from the caged process; who shows a step meanwhile is told that it moved."""
    folder = Path(assets.__file__).parent / "papers"
    memo = next(path for path in sorted(folder.glob("*.pdf")) if is_portrait(path))
    pages = desk.lay(memo.read_bytes())
    moved: list[int] = []
    desk.source.steps_ready.connect(moved.append)
    guessed = desk.source.steps_of(pages[0].page_id)
    desk.source.show(Wall(desk.source, 1280), pages[0])
    desk.qtbot.waitUntil(lambda: pages[0].page_id in moved, timeout=20_000)
    found = desk.source.steps_of(pages[0].page_id)
    assert found != guessed
    with pymupdf.open(memo) as paper:
        picture = paper[0].get_pixmap(dpi=144)
    for view in found:
        for edge in (view.rect.y0, view.rect.y1):
            row = min(picture.height - 1, round(edge / 100 * 2))
            start = row * picture.stride
            text = picture.samples[start : start + picture.stride]
            dark = sum(value < 60 for value in text[::3]) / picture.width
            assert dark < 0.02, f"row {row} of the page goes through ink"


def is_portrait(path: Path) -> bool:
    with pymupdf.open(path) as paper:
        return bool(paper[0].rect.height > paper[0].rect.width)


def test_other_aspect_makes_other_steps(desk: Table) -> None:
    pages = desk.lay(paper_of([(PORTRAIT, "")]))
    page_id = pages[0].page_id
    assert len(desk.source.steps_of(page_id)) == 3
    desk.source.aspect = 4 / 3
    assert len(desk.source.steps_of(page_id)) == 2
    page = desk.source.page(page_id)
    assert page is not None
    desk.source.aspect = 9 / 16
    assert desk.source.steps_of(page_id) == (View(page_id, page_rect(page)),)


def test_clear_forgets_everything(desk: Table) -> None:
    pages = desk.lay(coloured(4))
    desk.source.show(Wall(desk.source, 1280), pages[1])
    desk.wait_idle()
    desk.source.clear()
    assert desk.source.page(pages[0].page_id) is None
    assert desk.source.thumbnail(pages[0].page_id, 100, 100) is None
    desk.qtbot.waitUntil(lambda: desk.renderer.free_slots == 5, timeout=5_000)


def test_paper_opened_by_the_program_itself_needs_no_second_opening(desk: Table) -> None:
    """The desk opens a paper with its password; the briefing gets it afterwards."""
    sha256 = desk.store.add(coloured(1))
    opened(desk.qtbot, desk.renderer, sha256)
    answers: list[object] = []
    desk.renderer.opened.connect(answers.append)
    desk.source.blob_ready(sha256)
    pages = desk.lay(coloured(1))
    desk.source.show(Wall(desk.source, 1280), pages[0])
    desk.wait_idle()
    assert len(answers) == 1
