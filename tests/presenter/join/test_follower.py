"""Whose page is shown: the presenter's, one's own as far as that may be, or everybody's with the floor."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QImage

import assets
from pageview.page_view import PageView
from pageview.segments import SegmentStore
from presenter.join.follower import Follower, Why
from presenter.join.window_state import Looking
from protocol.changes import RegisterSet
from protocol.model import Briefing
from protocol.ops import Allow, OfferPaper
from protocol.presence import Position
from protocol.registers import Register, SetFloor, SetScreen, SetViewing, ShowView
from protocol.transport.events import BlobReady, Changed
from protocol.transport.join_events import Joined
from protocol.values import OWNER, Blob, EditionPage, OpId, PageRef, Rect, Role, Screen, View, Viewing

ME = 4
WIDTH, HEIGHT = 84_200, 59_500
PAGES = 24


class Scene:
    """A follower in a window of its own, and the presenter as the events that it sends."""

    def __init__(self, qtbot) -> None:
        self.page = PageView()
        qtbot.addWidget(self.page)
        self.page.resize(640, 480)
        self.page.show()
        self.store = SegmentStore()
        self.follower = Follower(self.page, self.store, (640, 480))
        self.why: list[Why] = []
        self.set: list[View] = []
        self.positions: list[Position] = []
        self.follower.withheld.connect(self.why.append)
        self.follower.set_wanted.connect(self.set.append)
        self.follower.position.connect(self.positions.append)
        self.follower.prepare()
        sha256 = self.store.add_file(assets.SAMPLE_BUDGET)
        pages = tuple(EditionPage(n, PageRef(sha256, n), WIDTH, HEIGHT) for n in range(PAGES))
        offer = OfferPaper(0, "予算案", Blob(sha256, len(self.store.data(sha256))), pages)
        self.briefing = Briefing().apply(offer, OpId(OWNER, 0))
        self.tell(SetScreen(Screen.SHOW), ShowView(self.view(6)))
        self.follower.take(BlobReady(sha256))
        self.follower.joined(Joined(Role.PARTICIPANT, ME))

    def view(self, page_id: int) -> View:
        return View(page_id, Rect(0, 0, WIDTH, HEIGHT))

    def tell(self, *registers: Register) -> None:
        """The presenter sets these."""
        for register in registers:
            self.briefing = self.briefing.set(register, self.briefing.registers.number + 1)
        self.follower.take(Changed(self.briefing, tuple(RegisterSet(register) for register in registers)))

    @property
    def shown(self) -> tuple[Looking, int | None]:
        view = self.page.view
        return self.follower.looking, view.page_id if view is not None else None


@pytest.fixture
def scene(qtbot) -> Iterator[Scene]:
    made = Scene(qtbot)
    yield made
    made.follower.wipe()


def test_own_paging_leaves_the_presenter_and_one_press_returns(scene: Scene) -> None:
    assert scene.shown == (Looking.FOLLOWING, 6)
    scene.page.forward()
    scene.page.forward()
    assert scene.shown == (Looking.FREELY, 8)
    scene.follower.follow()
    assert scene.shown == (Looking.FOLLOWING, 6)
    scene.page.forward()
    assert scene.shown == (Looking.FREELY, 7), "not from the page that was wished for before"
    scene.tell(ShowView(scene.view(2)))
    assert scene.shown == (Looking.FREELY, 7), "the presenter's turn does not move one's own page"
    scene.follower.follow()
    assert scene.shown == (Looking.FOLLOWING, 2)


def test_nothing_ahead_of_the_presenter_is_shown_by_any_way(scene: Scene) -> None:
    scene.tell(SetViewing(Viewing.NOT_AHEAD))
    scene.page.forward()
    scene.page.forward()
    assert (scene.shown, scene.why) == ((Looking.FOLLOWING, 6), [Why.AHEAD, Why.AHEAD])
    scene.page.back()
    assert scene.shown == (Looking.FREELY, 5)
    scene.follower.go_to(7)
    scene.page.turn(5)
    assert (scene.shown, scene.why[2:]) == ((Looking.FREELY, 5), [Why.AHEAD, Why.AHEAD])
    assert scene.follower.pages_to_look_at() == (tuple(range(7)), 1)
    scene.tell(ShowView(scene.view(3)))
    assert (scene.shown, scene.why[-1]) == ((Looking.FOLLOWING, 3), Why.NOW_AHEAD)


def test_stopped_means_the_presenters_page_and_no_other(scene: Scene) -> None:
    scene.page.forward()
    scene.tell(SetViewing(Viewing.LOCKED))
    assert (scene.shown, scene.why) == ((Looking.FOLLOWING, 6), [Why.NOW_STOPPED])
    scene.page.forward()
    scene.page.zoom(2)
    scene.follower.look_freely()
    assert (scene.shown, scene.why[1:]) == ((Looking.FOLLOWING, 6), [Why.STOPPED])
    assert scene.follower.pages_to_look_at() == ((6,), 7)
    assert scene.page.view == scene.view(6)


def test_with_the_floor_ones_page_is_everybodys_until_it_is_taken_back(scene: Scene) -> None:
    scene.page.forward()
    scene.tell(SetFloor(ME))
    assert scene.shown == (Looking.FREELY, 7), "the floor without the role is nothing"
    scene.follower.joined(Joined(Role.PRESENTER, ME))
    assert scene.shown == (Looking.PRESENTING, 6)
    scene.page.forward()
    assert (scene.shown, scene.set) == ((Looking.PRESENTING, 7), [scene.view(7)])
    scene.tell(ShowView(scene.view(7)), SetFloor(OWNER))
    scene.page.forward()
    assert (scene.shown, len(scene.set)) == ((Looking.FREELY, 8), 1)


def test_a_hidden_screen_hides_the_presenters_page_and_leaves_ones_own(qtbot, scene: Scene) -> None:
    qtbot.waitUntil(lambda: bool(scene.positions) and scene.positions[-1].sharp)
    scene.tell(SetScreen(Screen.HIDDEN))
    assert scene.positions[-1] == Position(True, None, None, True)
    scene.page.forward()
    assert scene.positions[-1].page_id == 7 and not scene.positions[-1].following
    scene.follower.follow()
    assert scene.positions[-1].page_id is None
    scene.tell(SetScreen(Screen.SHOW))
    assert scene.positions[-1].page_id == 6


def test_what_is_granted_counts_for_this_one_alone(scene: Scene) -> None:
    scene.briefing = scene.briefing.apply(Allow(ME + 1, "高橋", True, True), OpId(OWNER, 1))
    scene.tell()
    assert scene.follower.allowed == (False, False)
    scene.briefing = scene.briefing.apply(Allow(ME, "鈴木", True, False), OpId(OWNER, 2))
    scene.tell()
    assert scene.follower.allowed == (True, False)


def test_after_the_wipe_nothing_is_left_and_another_briefing_may_come(qtbot, scene: Scene) -> None:
    qtbot.waitUntil(lambda: bool(scene.positions) and scene.positions[-1].sharp)
    seen = scene.page.grab().toImage()
    words = scene.follower.words
    assert words is not None
    words.begin()
    qtbot.waitUntil(lambda: words.progress() == (PAGES, PAGES))
    assert words.find("財源", lambda _page: True)
    memory = scene.store.data(next(iter(scene.briefing.blobs())))
    scene.follower.wipe()
    assert not any(memory)
    del memory
    assert scene.store.bytes_held == 0
    assert not words.find("財源", lambda _page: True)
    assert scene.follower.briefing == Briefing()
    blank = scene.page.grab().toImage()
    assert blank != seen and _one_colour(blank)
    scene.follower.prepare()
    assert scene.shown == (Looking.FOLLOWING, None)


def _one_colour(image: QImage) -> bool:
    wanted = image.pixel(0, 0)
    return all(
        image.pixel(x, y) == wanted for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)
    )
