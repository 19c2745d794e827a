"""Drawing through the caged processes: right pixels, right order, and nothing that a paper does stops it."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from pageview.page_edits import ReplaceWords, Rotate
from pageview.page_text import TextRange
from pageview.render_messages import Ready
from pageview.render_queue import Kind, Priority, RenderQueue, RenderRequest, Task
from pageview.render_results import Frame, Opened, OpenRefused, PageLines, RenderFailed, SubsetMade
from pageview.renderer import Renderer
from pageview.segments import SegmentStore
from protocol.errors import Fault
from protocol.values import Rect
from tests.pageview.papers import A4, FRAME, endless, many_pages, one_page, opened, running, stream, wish

BLUE, WHITE = 0xFF0000FF, 0xFFFFFFFF


@pytest.fixture(scope="module")
def both(qapp: object) -> Iterator[tuple[SegmentStore, Renderer]]:
    """A store and its renderer, for all tests that leave them as they were."""
    with running() as pair:
        yield pair


def drawn(qtbot: QtBot, renderer: Renderer, request: RenderRequest) -> QImage:
    with qtbot.waitSignal(renderer.drawn, timeout=20_000) as signal_:
        renderer.ask(request)
    assert signal_.args is not None
    frame: Frame = signal_.args[0]
    assert frame.request == request
    assert (frame.image.width(), frame.image.height()) == (request.width, request.height)
    assert frame.image.format() == QImage.Format.Format_ARGB32_Premultiplied
    return frame.image


def colour(image: QImage, x: float, y: float) -> int:
    return image.pixel(int(x * image.width()), int(y * image.height()))


def test_a_rectangle_of_page_space_fills_exactly_the_pixels_asked_for(
    qtbot: QtBot, both: tuple[SegmentStore, Renderer]
) -> None:
    store, renderer = both
    sha256 = store.add(one_page())
    answer = opened(qtbot, renderer, sha256)
    assert isinstance(answer, Opened)
    assert [(page.width, page.height) for page in answer.pages] == [(59_500, 84_200)]
    whole = drawn(qtbot, renderer, wish(sha256, size=(601, 850)))
    assert (colour(whole, 0.49, 0.5), colour(whole, 0.51, 0.5)) == (BLUE, WHITE)
    part = Rect(29_000, 10_000, 30_500, 11_000)  # the edge lies in its middle
    zoomed = drawn(qtbot, renderer, wish(sha256, rect=part, size=(750, 500)))
    assert (colour(zoomed, 0.48, 0.5), colour(zoomed, 0.52, 0.5)) == (BLUE, WHITE)
    small = drawn(qtbot, renderer, wish(sha256, size=(60, 85), priority=Priority.THUMB))
    assert (colour(small, 0.4, 0.5), colour(small, 0.6, 0.5)) == (BLUE, WHITE)


@pytest.mark.parametrize(
    ("page", "size", "blue_at", "white_at"),
    [
        ("/MediaBox[0 0 595 842]/CropBox[100 0 500 842]", (40_000, 84_200), (0.48, 0.5), (0.51, 0.5)),
        ("/MediaBox[0 0 595 842]/Rotate 90", (84_200, 59_500), (0.5, 0.48), (0.5, 0.52)),
        ("/MediaBox[0 0 595 842]/Rotate 180", (59_500, 84_200), (0.52, 0.5), (0.48, 0.5)),
        ("/MediaBox[0 0 595 842]/UserUnit 2", (119_000, 168_400), (0.49, 0.5), (0.51, 0.5)),
        ("/MediaBox[-100 -50 495 792]", (59_500, 84_200), (0.4, 0.5), (0.7, 0.5)),
    ],
)
def test_boxes_turns_and_units_give_the_visible_page(
    qtbot: QtBot,
    both: tuple[SegmentStore, Renderer],
    page: str,
    size: tuple[int, int],
    blue_at: tuple[float, float],
    white_at: tuple[float, float],
) -> None:
    store, renderer = both
    sha256 = store.add(one_page(page=page))
    answer = opened(qtbot, renderer, sha256)
    assert isinstance(answer, Opened)
    assert (answer.pages[0].width, answer.pages[0].height) == size
    image = drawn(qtbot, renderer, wish(sha256, rect=Rect(0, 0, *size), size=(500, 500)))
    assert (colour(image, *blue_at), colour(image, *white_at)) == (BLUE, WHITE)


def test_annotations_are_drawn_as_printed_and_comments_never(
    qtbot: QtBot, both: tuple[SegmentStore, Renderer]
) -> None:
    def annotation(subtype: str, flags: int, x: int) -> str:
        where = f"/Rect[{x} 700 {x + 50} 750]/F {flags}/AP<</N 5 0 R>>"
        return f"<</Type/Annot/Subtype/{subtype}{where}/Contents(secret)>>"

    appearance = stream("1 0 0 rg 0 0 50 50 re f", "/Type/XObject/Subtype/Form/BBox[0 0 50 50]")
    kinds = [("Stamp", 4), ("Stamp", 0), ("Text", 4), ("Popup", 4), ("Square", 4 | 2), ("Square", 4 | 32)]
    annotations = [annotation(kind, flags, 20 + 80 * n) for n, (kind, flags) in enumerate(kinds)]
    references = " ".join(f"{6 + n} 0 R" for n in range(len(kinds)))
    paper = one_page("", page=f"/MediaBox[0 0 595 842]/Annots[{references}]", more=[appearance, *annotations])
    store, renderer = both
    sha256 = store.add(paper)
    assert isinstance(opened(qtbot, renderer, sha256), Opened)
    image = drawn(qtbot, renderer, wish(sha256))
    seen = [image.pixel(45 + 80 * n, 842 - 725) == 0xFFFF0000 for n in range(len(kinds))]
    assert seen == [True, False, False, False, False, True]


def test_pages_wait_in_the_order_they_are_needed() -> None:
    waiting = RenderQueue()
    kinds = [(Kind.LINES, None), (Kind.DRAW, Priority.THUMB), (Kind.DRAW, Priority.NEAR), (Kind.OPEN, None)]
    kinds += [
        (Kind.DRAW, Priority.NEXT),
        (Kind.DRAW, Priority.NOW),
        (Kind.SUBSET, None),
        (Kind.DRAW, Priority.NOW),
    ]
    for index, (kind, priority) in enumerate(kinds):
        request = None if priority is None else wish(b"", index, priority=priority)
        waiting.put(Task(kind, b"", index, request=request))
    assert [task.index for task in waiting.in_order()] == [7, 5, 3, 6, 4, 0, 2, 1]
    waiting.put(Task(Kind.DRAW, b"", 2, request=wish(b"", 2, priority=Priority.NOW)))
    assert next(waiting.in_order()).index == 2, "a page rendered ahead is wanted now"
    waiting.put(Task(Kind.DRAW, b"", 2, request=wish(b"", 2, priority=Priority.THUMB)))
    assert [task.index for task in waiting.in_order()][-2:] == [2, 1], "and is not any more"
    assert len(list(waiting.in_order())) == len(kinds)


def test_the_newest_page_goes_first_and_forgotten_ones_are_never_drawn(qtbot: QtBot) -> None:
    with running(start=False) as (store, renderer):
        sha256 = store.add(many_pages(9))
        frames: list[Frame] = []
        renderer.drawn.connect(frames.append)
        for index in range(9):
            renderer.ask(wish(sha256, index, size=(100, 140)))
        renderer.forget(lambda request: request.index % 4 == 0)
        renderer.start()
        qtbot.waitUntil(lambda: len(frames) == 3, timeout=20_000)
        assert sorted(frame.request.index for frame in frames) == [0, 4, 8]
        assert frames[0].request.index in (8, 4), "two processes begin with the two newest"


def test_a_page_wanted_now_does_not_wait_for_one_rendered_ahead(qtbot: QtBot) -> None:
    with running(deadline_ms=2_000) as (store, renderer):
        slow, quick = store.add(endless()), store.add(one_page())
        assert isinstance(opened(qtbot, renderer, slow), Opened)
        events: list[str] = []
        renderer.failed.connect(lambda failed: events.append(f"failed {failed.fault.name}"))
        renderer.drawn.connect(lambda _: events.append("drawn"))
        renderer.ask(wish(slow, size=(500, 700), priority=Priority.NEAR))
        drawn(qtbot, renderer, wish(quick))
        qtbot.waitUntil(lambda: len(events) == 2, timeout=20_000)
        assert events == ["drawn", "failed RENDER_TIMEOUT"]


def test_what_kills_a_process_twice_is_refused_at_once_and_all_else_goes_on(qtbot: QtBot) -> None:
    with running(deadline_ms=400) as (store, renderer):
        bad, good = store.add(endless()), store.add(one_page())
        assert isinstance(opened(qtbot, renderer, bad), Opened)
        faults: list[Fault] = []
        renderer.failed.connect(lambda failed: faults.append(failed.fault))
        for _ in range(3):
            before = renderer.process_ids()
            with qtbot.waitSignal(renderer.failed, timeout=20_000):
                renderer.ask(wish(bad))
            assert colour(drawn(qtbot, renderer, wish(good)), 0.4, 0.5) == BLUE
        assert faults == [Fault.RENDER_TIMEOUT, Fault.RENDER_TIMEOUT, Fault.PAGE_UNSHOWABLE]
        assert renderer.process_ids() == before, "the third cost no process"


def test_a_process_that_dies_is_replaced_with_its_papers_and_passwords(qtbot: QtBot) -> None:
    with running() as (store, renderer):
        sha256 = store.add(one_page())
        assert isinstance(opened(qtbot, renderer, sha256), Opened)
        for _ in range(2):
            before = set(renderer.process_ids())
            for process in before:
                os.kill(process, signal.SIGKILL)
            qtbot.waitUntil(lambda before=before: not before & set(renderer.process_ids()), timeout=20_000)
            assert colour(drawn(qtbot, renderer, wish(sha256)), 0.4, 0.5) == BLUE
        assert len(renderer.process_ids()) == 2


def test_what_a_killed_process_was_doing_is_done_again_though_both_are_killed_more_than_once(
    qtbot: QtBot,
) -> None:
    """As the system does for want of memory: no page is to blame for it."""
    with running() as (store, renderer):
        sha256 = store.add(one_page())
        assert isinstance(opened(qtbot, renderer, sha256), Opened)
        failures: list[RenderFailed] = []
        renderer.failed.connect(failures.append)
        for _ in range(3):
            killed = set(renderer.process_ids())
            for process in killed:
                os.kill(process, signal.SIGKILL)
            assert colour(drawn(qtbot, renderer, wish(sha256)), 0.4, 0.5) == BLUE
            qtbot.waitUntil(lambda killed=killed: not killed & set(renderer.process_ids()), timeout=20_000)
        assert failures == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody tells how busy a process was")
def test_what_was_asked_of_processes_that_stand_still_is_done_by_others(qtbot: QtBot) -> None:
    with running(deadline_ms=400) as (store, renderer):
        sha256 = store.add(one_page())
        assert isinstance(opened(qtbot, renderer, sha256), Opened)
        qtbot.waitUntil(lambda: all(seat.idle for seat in renderer._seats), timeout=20_000)
        failures: list[RenderFailed] = []
        renderer.failed.connect(failures.append)
        for process in renderer.process_ids():
            os.kill(process, signal.SIGSTOP)
        assert colour(drawn(qtbot, renderer, wish(sha256)), 0.4, 0.5) == BLUE
        assert failures == [], "the page is not to blame"


def test_a_process_that_stops_before_it_is_ready_is_replaced(qtbot: QtBot) -> None:
    with running() as (store, renderer):
        sha256, hang = store.add(one_page()), renderer.process_ids()
        for seat in renderer._seats:
            os.kill(seat.worker.pid, signal.SIGSTOP)
            assert not seat.ready
            seat.deadline.start(0)
        assert isinstance(opened(qtbot, renderer, sha256), Opened)
        assert not set(hang) & set(renderer.process_ids())
        assert not any(seat.deadline.isActive() for seat in renderer._seats if seat.idle)


@pytest.mark.expected_logs("answered what it was not asked")
def test_who_says_once_more_that_it_is_ready_gets_no_more_time_for_its_page(qtbot: QtBot) -> None:
    """A paper may have taken a process over: it must not keep its seat for ever."""
    with running() as (store, renderer):
        sha256 = store.add(endless())
        assert isinstance(opened(qtbot, renderer, sha256), Opened)
        renderer.ask(wish(sha256))
        (busy,) = [seat for seat in renderer._seats if seat.task is not None]
        assert busy.deadline.isActive() and renderer.doors is not None
        renderer._hear(busy.worker, Ready(renderer.doors), b"")
        assert busy not in renderer._seats


def test_a_page_that_has_its_processes_killed_again_and_again_is_given_up(qtbot: QtBot) -> None:
    with running() as (store, renderer):
        sha256 = store.add(endless())
        assert isinstance(opened(qtbot, renderer, sha256), Opened)
        failures: list[RenderFailed] = []
        renderer.failed.connect(failures.append)
        renderer.ask(wish(sha256))
        while not failures:
            busy = {seat.worker.pid for seat in renderer._seats if seat.task is not None}
            for process in busy:
                os.kill(process, signal.SIGKILL)
            qtbot.waitUntil(lambda busy=busy: not busy & set(renderer.process_ids()), timeout=20_000)
            qtbot.waitUntil(lambda: bool(failures) or any(s.task for s in renderer._seats), timeout=20_000)
        assert [failed.fault for failed in failures] == [Fault.PAGE_UNSHOWABLE]


def test_wordings_tried_and_typed_over_are_forgotten_and_other_changes_are_not(qtbot: QtBot) -> None:
    renderer = Renderer(SegmentStore(), (64, 64))
    wording = ReplaceWords((TextRange(0, 0, 1),), "旧", "新")
    for change in (wording, Rotate(1)):
        renderer.ask_edit(bytes(32), 0, change)
    renderer.forget_edits(ReplaceWords)
    assert [task.change for task in renderer._queue.in_order()] == [Rotate(1)]
    renderer.wipe()


def test_a_paper_that_is_retired_goes_when_what_was_asked_of_it_is_done(qtbot: QtBot) -> None:
    """Its bytes are overwritten: a page that is being drawn from them would come out blank."""
    with running() as (store, renderer):
        first, second = store.add(one_page()), store.add(one_page("1 0 0 rg 0 0 9 9 re f"))
        for sha256 in (first, second):
            assert isinstance(opened(qtbot, renderer, sha256), Opened)
        frames: list[Frame] = []
        renderer.drawn.connect(frames.append)
        for priority in (Priority.NOW, Priority.NEAR, Priority.THUMB):
            renderer.ask(wish(first, size=(300 + priority, 400), priority=priority))
        renderer.retire(first)
        assert first in store
        qtbot.waitUntil(lambda: first not in store, timeout=20_000)
        assert [colour(frame.image, 0.4, 0.5) for frame in frames] == [BLUE] * 3
        assert store.bytes_held == len(store.data(second))


def test_a_full_set_of_pictures_starves_the_renderer_until_one_goes(qtbot: QtBot) -> None:
    with running(slots=2) as (store, renderer):
        sha256 = store.add(many_pages(3))
        assert isinstance(opened(qtbot, renderer, sha256), Opened)
        size = (800, 1132)
        kept = [drawn(qtbot, renderer, wish(sha256, index, size=size)) for index in (0, 1)]
        assert renderer.free_slots == 0
        copy = QImage(kept[0])
        frames: list[Frame] = []
        renderer.drawn.connect(frames.append)
        with qtbot.waitSignal(renderer.starved):
            renderer.ask(wish(sha256, 2, size=size))
        kept.pop(0)
        gc.collect()
        drawn(qtbot, renderer, wish(sha256, 2, size=(100, 140)))
        assert len(frames) == 1, "small pictures need no slot; the large one waits for the copy"
        del copy
        qtbot.waitUntil(lambda: len(frames) == 2, timeout=20_000)
        frames.clear()


def test_lines_and_first_words_come_in_the_space_of_the_turned_page(
    qtbot: QtBot, both: tuple[SegmentStore, Renderer]
) -> None:
    text = "BT /F 20 Tf 100 700 Td (Upper line) Tj 0 -300 Td (Lower) Tj ET BT /F 9 Tf 100 100 Td (tiny) Tj ET"
    font = "/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    store, renderer = both
    for page, x_first in (("/MediaBox[0 0 595 842]", True), ("/MediaBox[0 0 595 842]/Rotate 90", False)):
        sha256 = store.add(one_page(text, page=page, resources=font))
        assert isinstance(opened(qtbot, renderer, sha256), Opened)
        with qtbot.waitSignal(renderer.lines, timeout=20_000) as answer:
            renderer.ask_lines(sha256, 0)
        assert answer.args is not None
        lines: PageLines = answer.args[0]
        assert lines.small_text == 900, "four of nineteen characters"
        assert sorted(lines.text.split("\n")) == ["Lower", "Upper line", "tiny"]
        assert len(lines.boxes) == 3
        box = lines.boxes[0]
        if x_first:
            assert 9_900 <= box.x0 <= 10_200
            assert box.y0 <= 14_200 <= box.y1
        else:
            assert box.x0 <= 10_000 <= box.x1


def test_a_subset_is_the_page_alone_and_draws_the_same(
    qtbot: QtBot, both: tuple[SegmentStore, Renderer]
) -> None:
    store, renderer = both
    sha256 = store.add(many_pages(40))
    assert isinstance(opened(qtbot, renderer, sha256), Opened)
    with qtbot.waitSignal(renderer.subset_made, timeout=20_000) as answer:
        renderer.ask_subset(sha256, 30)
    assert answer.args is not None
    made: SubsetMade = answer.args[0]
    assert (made.blob, made.index, made.width, made.height) == (sha256, 30, 59_500, 84_200)
    alone = store.add(made.pdf)
    again = opened(qtbot, renderer, alone)
    assert isinstance(again, Opened)
    assert len(again.pages) == 1
    pixel = colour(drawn(qtbot, renderer, wish(alone)), 0.5, 0.5)
    assert pixel == colour(drawn(qtbot, renderer, wish(sha256, 30)), 0.5, 0.5)
    assert len(made.pdf) < len(store.data(sha256))
    with qtbot.waitSignal(renderer.subset_failed, timeout=20_000):
        renderer.ask_subset(sha256, 40)


def test_a_page_that_is_not_there_fails_and_a_paper_that_is_not_there_is_refused(
    qtbot: QtBot, both: tuple[SegmentStore, Renderer]
) -> None:
    store, renderer = both
    sha256 = store.add(one_page())
    assert isinstance(opened(qtbot, renderer, sha256), Opened)
    with qtbot.waitSignal(renderer.failed, timeout=20_000) as answer:
        renderer.ask(wish(sha256, 1))
    assert answer.args is not None
    failed: RenderFailed = answer.args[0]
    assert (failed.request, failed.fault) == (wish(sha256, 1), Fault.PAGE_UNSHOWABLE)
    missing = opened(qtbot, renderer, b"\7" * 32)
    assert isinstance(missing, OpenRefused)
    renderer.drop(sha256)
    store.drop(sha256)
    with qtbot.waitSignal(renderer.failed, timeout=20_000):
        renderer.ask(wish(sha256))


def test_whoever_hears_of_a_failure_may_ask_for_more_at_once(
    qtbot: QtBot, both: tuple[SegmentStore, Renderer]
) -> None:
    store, renderer = both
    sha256 = store.add(one_page())
    assert isinstance(opened(qtbot, renderer, sha256), Opened)
    failures: list[int] = []
    frames: list[Frame] = []

    def ask_more(failed: RenderFailed) -> None:
        failures.append(failed.request.index)
        renderer.forget(lambda _: False)
        renderer.ask(wish(sha256, size=(100 + len(failures), 140)))

    renderer.failed.connect(ask_more)
    renderer.drawn.connect(frames.append)
    for index in range(3):
        renderer.ask(wish(b"\7" * 32, index))
        qtbot.waitUntil(lambda index=index: len(frames) == index + 1, timeout=20_000)
    renderer.failed.disconnect(ask_more)
    renderer.drawn.disconnect(frames.append)
    assert failures == [0, 1, 2]


def test_wiping_leaves_no_pixel_no_paper_and_no_process(qtbot: QtBot) -> None:
    with running() as (store, renderer):
        sha256 = store.add(one_page())
        assert isinstance(opened(qtbot, renderer, sha256), Opened)
        picture = drawn(qtbot, renderer, wish(sha256, size=FRAME))
        paper, processes = store.data(sha256), renderer.process_ids()
        renderer.ask(wish(sha256, size=(300, 400)))  # under way while it is wiped
        with qtbot.waitSignal(renderer.wiped):
            renderer.wipe()
        for process in processes:
            with pytest.raises(ProcessLookupError):
                os.kill(process, 0)
        assert not any(paper)
        assert sha256 not in store
        assert picture.pixel(10, 10) == 0
        with qtbot.waitSignal(renderer.wiped):
            renderer.wipe()
        with qtbot.assertNotEmitted(renderer.drawn):
            renderer.ask(wish(sha256))
            renderer.start()


def test_stopped_renderers_keep_their_pictures(qtbot: QtBot) -> None:
    with running() as (store, renderer):
        sha256 = store.add(one_page())
        assert isinstance(opened(qtbot, renderer, sha256), Opened)
        picture = drawn(qtbot, renderer, wish(sha256, rect=A4))
        renderer.stop()
        renderer.stop()
        assert colour(picture, 0.4, 0.5) == BLUE


def test_a_process_that_has_nothing_to_do_and_does_not_answer_is_replaced(qtbot: QtBot) -> None:
    with running() as (store, renderer):
        sha256 = store.add(one_page())
        assert isinstance(opened(qtbot, renderer, sha256), Opened)
        qtbot.waitUntil(lambda: all(seat.idle for seat in renderer._seats), timeout=20_000)
        renderer.call_roll()
        qtbot.waitUntil(lambda: not any(seat.asked for seat in renderer._seats), timeout=20_000)
        hangs, other = renderer.process_ids()
        os.kill(hangs, signal.SIGSTOP)
        renderer.call_roll()
        qtbot.waitUntil(lambda: not renderer._seats[1].asked, timeout=20_000)
        renderer.call_roll()
        assert hangs not in renderer.process_ids()
        assert other in renderer.process_ids()
        assert colour(drawn(qtbot, renderer, wish(sha256)), 0.4, 0.5) == BLUE
