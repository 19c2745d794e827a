"""What is on glass, and when: the nearest picture at once, then the sharp one; the same region everywhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QAccessible, QColor, QImage
from pytestqt.qtbot import QtBot

from pageview import wording
from pageview.geometry import Side
from pageview.page_view import DESK, WALL, PageView
from pageview.steps import whole
from protocol.errors import Fault
from protocol.ops import NewEdition, WithdrawPaper
from protocol.presence import Pointer
from protocol.values import Blob, EditionPage, PageRef, Rect, Screen, View
from tests.pageview.papers import endless
from tests.pageview.shown_papers import (
    LANDSCAPE,
    PORTRAIT,
    SPLIT,
    Table,
    colour_of,
    coloured,
    is_sharp,
    marked,
    on_screen,
    painted_by,
    paper_of,
    table,
)

HERE = Path(__file__).parent


@pytest.fixture
def glass(desk: Table) -> Iterator[PageView]:
    view = shown(desk)
    yield view
    put_away(view)


def shown(desk: Table, width: int = 1280, height: int = 720, letterbox: QColor = WALL) -> PageView:
    view = PageView(desk.source, letterbox)
    view.resize(width, height)
    view.show()
    desk.qtbot.waitExposed(view)
    return view


def put_away(view: PageView) -> None:
    view.set_source(None)
    view.close()
    view.deleteLater()


def middle(view: PageView) -> QColor:
    image = on_screen(view)
    return image.pixelColor(image.width() // 2, image.height() // 2)


def test_nearest_picture_first_then_the_sharp_one(desk: Table, glass: PageView) -> None:
    pages = desk.lay(coloured(12))
    glass.show_view(pages[0])
    desk.wait_sharp(glass, pages[0])
    desk.wait_idle()
    seen = painted_by(glass)
    glass.show_view(pages[8])
    assert [(paint.page_id, paint.sharp) for paint in seen] == [(pages[8].page_id, False)], "nothing at once"
    assert middle(glass) == colour_of(8), "what is on glass is not of that page"
    desk.wait_sharp(glass, pages[8])
    assert [(paint.page_id, paint.sharp) for paint in seen[1:]] == [(pages[8].page_id, True)]


def test_page_drawn_ahead_is_sharp_at_once_and_painted_once(desk: Table, glass: PageView) -> None:
    pages = desk.lay(coloured(5))
    glass.show_view(pages[1])
    desk.wait_sharp(glass, pages[1])
    desk.wait_idle()
    seen = painted_by(glass)
    for page in (2, 1, 0, 1, 2):
        glass.show_view(pages[page])
        assert is_sharp(glass, pages[page])
        assert middle(glass) == colour_of(page)
        desk.wait_idle()
    assert len(seen) == 5


def test_fifty_flips_in_a_row_draw_a_few_and_end_on_the_last(desk: Table, glass: PageView) -> None:
    pages = desk.lay(coloured(60))
    drawn: list[object] = []
    desk.renderer.drawn.connect(lambda frame: drawn.append(frame.request.index))
    for page in pages[:50]:
        glass.show_view(page)
    desk.wait_sharp(glass, pages[49])
    assert len(drawn) < 12, f"pages nobody wanted any more were drawn: {drawn}"
    assert middle(glass) == colour_of(49)
    assert glass.on_glass is not None
    assert glass.on_glass.page_id == pages[49].page_id


@pytest.mark.parametrize("size", [(1280, 720), (1000, 750), (1260, 540), (540, 960)], ids=str)
def test_same_region_on_every_glass(desk: Table, size: tuple[int, int]) -> None:
    first, *_ = desk.lay(paper_of([(LANDSCAPE, marked(*LANDSCAPE))]))
    glass = shown(desk, *size)
    zoomed = View(first.page_id, Rect(10_000, 12_000, 58_000, 45_000))
    for view in (first, zoomed):
        glass.show_view(view)
        desk.wait_sharp(glass, view)
        check_region(glass, view)
    put_away(glass)


def check_region(glass: PageView, view: View) -> None:
    """The colours meet on glass where the view says, to 1 %, and all around is letterbox."""
    place = glass.placement()
    assert place is not None
    image = on_screen(glass)
    meet_x = edge_between([image.pixelColor(x, place.y + 2) for x in range(image.width())])
    meet_y = edge_between([image.pixelColor(place.x + 2, y) for y in range(image.height())])
    rect = view.rect
    expected_x = place.x + (SPLIT[0] * 84_200 - rect.x0) / (rect.x1 - rect.x0) * place.width
    expected_y = place.y + (SPLIT[1] * 59_500 - rect.y0) / (rect.y1 - rect.y0) * place.height
    assert meet_x == pytest.approx(expected_x, abs=place.width / 100)
    assert meet_y == pytest.approx(expected_y, abs=place.height / 100)
    corners = [(0, 0), (image.width() - 1, image.height() - 1)]
    outside = [image.pixelColor(*at) for at in corners if place.width < image.width() or at[1] < place.y]
    assert all(colour == WALL for colour in outside)


def edge_between(colours: list[QColor]) -> int:
    """Where red ends."""
    reds = [at for at, colour in enumerate(colours) if colour == QColor(255, 0, 0)]
    return reds[-1] + 1


@pytest.mark.parametrize(
    ("size", "ratio"),
    [((3840, 2160), "1"), ((1920, 1080), "1.25"), ((1920, 1080), "1.5"), ((2560, 1440), "2")],
    ids=str,
)
def test_every_pixel_of_the_picture_is_one_pixel_of_the_glass(size: tuple[int, int], ratio: str) -> None:
    """On a 4K screen and with fractional scaling, in a window of its own and inside another widget."""
    environment = {**os.environ, "QT_SCALE_FACTOR": ratio}
    environment["QT_SCALE_FACTOR_ROUNDING_POLICY"] = "PassThrough"
    words = [sys.executable, str(HERE / "glass_process.py"), *map(str, size)]
    run = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    for found in map(json.loads, run.stdout.splitlines()):
        assert found["ratio"] == float(ratio)
        assert found["differing"] == 0, found
        assert abs(found["region_x"]) <= 0.01, found
        assert abs(found["region_y"]) <= 0.01, found
    assert len(run.stdout.splitlines()) == 2


def test_resize_stretches_the_old_picture_until_the_new_one_is_drawn(desk: Table, glass: PageView) -> None:
    pages = desk.lay(coloured(1))
    glass.show_view(pages[0])
    desk.wait_sharp(glass, pages[0])
    glass.resize(900, 900)
    glass.repaint()
    assert glass.on_glass is not None
    assert not glass.on_glass.sharp
    assert middle(glass) == colour_of(0), "a blank page while the window changes its size"
    desk.wait_sharp(glass, pages[0])
    assert on_screen(glass).size().toTuple() == (900, 900)
    assert on_screen(glass).pixelColor(2, 450) == colour_of(0)


def test_cover_hidden_and_white_show_nothing_of_the_page(desk: Table, glass: PageView) -> None:
    pages = desk.lay(coloured(2))
    glass.show_view(pages[0])
    desk.wait_sharp(glass, pages[0])
    seen = painted_by(glass)
    for screen, colour in ((Screen.HIDDEN, "black"), (Screen.WHITE, "white"), (Screen.COVER, WALL.name())):
        glass.set_screen(screen)
        assert only_colour(on_screen(glass)) == QColor(colour)
        assert (seen[-1].page_id, seen[-1].screen) == (None, screen)
        glass.show_view(pages[1])
        assert only_colour(on_screen(glass)) == QColor(colour), "a page turn shows through"
    glass.set_screen(Screen.SHOW)
    desk.wait_sharp(glass, pages[1])
    assert middle(glass) == colour_of(1)


def only_colour(image: QImage) -> QColor | None:
    found = {
        image.pixelColor(x, y).rgb() for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)
    }
    return QColor(found.pop()) if len(found) == 1 else None


def test_letterbox_takes_the_colour_of_its_surroundings(desk: Table) -> None:
    pages = desk.lay(coloured(1))
    glass = shown(desk, letterbox=DESK)
    glass.show_view(pages[0])
    desk.wait_sharp(glass, pages[0])
    assert on_screen(glass).pixelColor(3, 300) == DESK
    put_away(glass)


def test_step_stands_beside_the_rail_and_leaves_no_dark_line(desk: Table) -> None:
    pages = desk.lay(paper_of([(PORTRAIT, "1 1 1 rg 0 0 595 842 re f")]))
    steps = desk.source.steps_of(pages[0].page_id)
    assert len(steps) == 3
    for side, left in ((Side.RIGHT, 0), (Side.LEFT, 128)):
        glass = shown(desk)
        glass.set_rail(side)
        glass.show_view(steps[1])
        desk.wait_sharp(glass, steps[1])
        place = glass.placement()
        assert place is not None
        assert (place.x, place.width) == (left, 1152)
        column = [on_screen(glass).pixelColor(left + 500, y) for y in range(720)]
        assert all(colour == QColor("white") for colour in column)
        glass.show_view(whole(desk.source.page(pages[0].page_id)))  # type: ignore[arg-type]
        place = glass.placement()
        assert place is not None
        assert place.x + place.width / 2 == pytest.approx(640, abs=1), "a whole page is centred"
        put_away(glass)


def test_deleted_page_gives_way_to_the_nearest_earlier_one(desk: Table, glass: PageView) -> None:
    pages = desk.lay(coloured(4))
    glass.show_view(View(pages[2].page_id, Rect(0, 0, 20_000, 20_000)))
    desk.apply(NewEdition(0, 1, 2, 1, (), ()))
    desk.wait_sharp(glass, pages[1])
    assert middle(glass) == colour_of(1)
    desk.apply(WithdrawPaper(0))
    assert glass.on_glass is not None
    assert glass.on_glass.page_id is None
    assert only_colour(on_screen(glass)) == WALL


def test_new_edition_of_the_page_shown_never_flashes_blank(desk: Table, glass: PageView) -> None:
    pages = desk.lay(coloured(1))
    glass.show_view(pages[0])
    desk.wait_sharp(glass, pages[0])
    edited = paper_of([(LANDSCAPE, "0 1 0 rg 0 0 842 595 re f")])
    sha256 = desk.store.add(edited)
    page = EditionPage(pages[0].page_id, PageRef(sha256, 0), 84_200, 59_500)
    desk.apply(NewEdition(0, 1, 0, 1, (page,), (Blob(sha256, len(edited)),)))
    assert middle(glass) == colour_of(0), "the former edition stands until the new one is drawn"
    desk.source.blob_ready(sha256)
    desk.qtbot.waitUntil(lambda: middle(glass) == QColor(0, 255, 0), timeout=20_000)


def test_page_that_cannot_be_shown_says_so_and_the_rest_goes_on(qtbot: QtBot) -> None:
    with table(qtbot, deadline_ms=700) as desk:
        bad, good = desk.lay(endless())[0], desk.lay(coloured(1))[0]
        glass = shown(desk)
        told: list[object] = []
        desk.source.unshowable.connect(told.append)
        seen = painted_by(glass)
        glass.show_view(bad)
        qtbot.waitUntil(lambda: bool(told), timeout=20_000)
        assert glass.on_glass is not None
        assert (glass.on_glass.fault, glass.on_glass.sharp) == (Fault.RENDER_TIMEOUT, False)
        assert len(told) == 1
        words = on_screen(glass)
        glass.show_view(good)
        desk.wait_sharp(glass, good)
        glass.show_view(bad)
        assert on_screen(glass) == words, "the plate again, without another try"
        assert seen[-1].fault is Fault.RENDER_TIMEOUT
        put_away(glass)


def test_no_slot_is_left_with_a_picture(desk: Table) -> None:
    pages = desk.lay(coloured(8, PORTRAIT))
    glass, other = shown(desk), shown(desk, 1000, 700)
    for page in (*pages, *pages[::-1]):
        for step in desk.source.steps_of(page.page_id):
            glass.show_view(step)
        other.show_view(whole(desk.source.page(page.page_id)))  # type: ignore[arg-type]
        glass.resize(1200 + page.page_id, 700)
        desk.wait_sharp(other, other.view)  # type: ignore[arg-type]
    put_away(glass)
    put_away(other)
    desk.source.clear()
    desk.qtbot.waitUntil(lambda: desk.renderer.free_slots == 5, timeout=5_000)


def test_view_survives_the_death_of_the_render_processes(qtbot: QtBot) -> None:
    with table(qtbot) as desk:
        pages = desk.lay(coloured(3))
        glass = shown(desk)
        glass.show_view(pages[0])
        desk.wait_sharp(glass, pages[0])
        for process_id in desk.renderer.process_ids():
            os.kill(process_id, 9)
        glass.resize(1100, 700)
        glass.show_view(pages[2])
        desk.wait_sharp(glass, pages[2])
        assert middle(glass) == colour_of(2)
        put_away(glass)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_pointer_is_seen_on_red_fades_by_itself_and_stays_on_its_page(desk: Table) -> None:
    pages = desk.lay(coloured(2))
    clock = Clock()
    glass = PageView(desk.source, clock=clock)
    glass.resize(1280, 720)
    glass.show()
    glass.show_view(pages[0])
    desk.wait_sharp(glass, pages[0])
    bare = on_screen(glass)
    at = Pointer(pages[0].page_id, 42_100, 29_750)
    for step in range(5):
        glass.set_pointer(Pointer(at.page_id, at.x - 4_000 + step * 1_000, at.y))
    seen = on_screen(glass)
    edge = [seen.pixelColor(640, y) for y in range(330, 392)]
    assert QColor("white") in edge, "no white edge on a red page"
    assert seen.pixelColor(640, 360) == colour_of(0), "the ring covers what it points at"
    clock.now += 1
    glass.set_pointer(at)
    ring = on_screen(glass)
    assert ring.pixelColor(640 - 60, 360) == colour_of(0), "the trail is still there after a second"
    glass.zoom(1.0)
    glass.show_view(pages[1])
    assert not glass.on_glass or glass.on_glass.page_id == pages[1].page_id
    desk.wait_sharp(glass, pages[1])
    assert middle(glass) == colour_of(1)
    assert only_colour(on_screen(glass).copy(600, 320, 80, 80)) == colour_of(1), "a pointer on another page"
    glass.show_view(pages[0])
    desk.wait_sharp(glass, pages[0])
    assert on_screen(glass) == ring
    clock.now += 60
    glass.set_pointer(None)
    assert on_screen(glass) == bare
    put_away(glass)


def test_screen_reader_hears_page_and_step(desk: Table, glass: PageView) -> None:
    assert spoken(glass) == "ページは映っていません"
    pages = desk.lay(coloured(4, PORTRAIT))
    glass.show_view(desk.source.steps_of(pages[1].page_id)[1])
    assert spoken(glass) == "2ページ／全4ページ 中段"
    assert QAccessible.queryAccessibleInterface(glass).role() == QAccessible.Role.Document
    wording.set_language("en")
    assert spoken(glass) == "Page 2 of 4 Middle"


def spoken(glass: PageView) -> str:
    return QAccessible.queryAccessibleInterface(glass).text(QAccessible.Text.Name)


def test_change_of_language_reaches_the_plate(desk: Table, glass: PageView, qtbot: QtBot) -> None:
    updates: list[None] = []
    glass.update = lambda: updates.append(None)  # type: ignore[method-assign,misc,assignment]
    glass.event(QEvent(QEvent.Type.LanguageChange))
    assert updates
