"""What is named of a paper before it is shown, and that nothing is where all is well."""

from __future__ import annotations

import pymupdf
import pytest
from pytestqt.qtbot import QtBot

import assets
from pageview.render_results import PageSize, PageSurvey
from pageview.renderer import Renderer
from pageview.segments import SegmentStore
from pageview.steps import steps, whole
from pageview.wording import say
from presenter.preflight import Glass, PaperSurvey, findings, hurry, small_pages
from presenter.start_state import Finding
from protocol.values import EditionPage, PageRef, View

NEAR, FAR = Glass(), Glass(inches=43.0, distance_m=4.0)


def page(width: int, height: int) -> EditionPage:
    return EditionPage(0, PageRef(bytes(32), 0), width * 100, height * 100)


def first_view(width: int, height: int) -> View:
    shown = page(width, height)
    return whole(shown) if width > height else steps(shown, 16 / 9, [])[0]


@pytest.mark.parametrize(
    ("size", "points", "near", "far"),
    [
        ((595, 842), 10.5, (), (1,)),  # a memo in steps: 30 px
        ((842, 595), 18, (), (1,)),  # 33 px
        ((842, 595), 10, (1,), (1,)),  # the figures of a dense table: 18 px
        ((960, 540), 12, (), (1,)),
        ((960, 540), 10, (1,), (1,)),
    ],
)
def test_what_nobody_can_read_is_named(
    size: tuple[int, int], points: float, near: tuple[int, ...], far: tuple[int, ...]
) -> None:
    small, views = {0: round(points * 100)}, {0: first_view(*size)}
    assert small_pages(small, views, NEAR) == near
    assert small_pages(small, views, FAR) == far


A4, A4_LYING, ODD = PageSize(59_500, 84_200), PageSize(84_200, 59_500), PageSize(40_000, 30_000)


def told(found: tuple[Finding, ...]) -> str:
    return "".join(say(words, **values) for each in found for words, values in each.sentences)


def test_nothing_is_said_of_a_paper_with_which_all_is_well() -> None:
    page = {place: first_view(595, 842) for place in range(3)}
    good = PaperSurvey(
        letters=dict.fromkeys(page, ((1200, 900),)),
        small=dict.fromkeys(page, 1_200),
        fonts=dict.fromkeys(page, ()),
        comments=dict.fromkeys(page, 0),
    )
    nearly = [A4, PageSize(59_528, 84_189), A4]
    assert findings(good, nearly, page, Glass()) == ()
    assert hurry(30, 30) is None
    assert hurry(36, 0) is None


def test_each_trouble_is_named_with_its_pages_and_what_to_do() -> None:
    views = {place: first_view(842, 595) for place in range(4)}
    paper = PaperSurvey(
        letters={0: ((900, 30), (1_800, 70)), 1: ((1_800, 100),)},
        small={0: 900, 1: 1_800, 2: 0, 3: 0},
        fonts={0: (), 1: ("MS-Mincho",), 2: ("MS-Gothic", "MS-Mincho"), 3: ()},
        comments={0: 0, 1: 0, 2: 0, 3: 2},
        made_by="山田 太郎",
    )
    found = findings(paper, [A4_LYING, A4_LYING, A4_LYING, ODD], views, Glass())
    assert [each.matters for each in found] == [True, True, True, False, False]
    words = told(found)
    for part in (
        "文字の15％（1ページ）",
        "55インチの画面を3mから",
        "2、3ページの書体（MS-Gothic、MS-Mincho）",
        "4ページに、注釈（コメント）が2件",
        "4ページの紙の大きさか向きが、ほかのページ（A4横）と違います",
        "作成者「山田 太郎」",
    ):
        assert part in words
    assert hurry(36, 30) == (
        "{n}ページを{minutes}分で説明する予定です（1ページ{seconds}秒）",
        {"n": 36, "minutes": 30, "seconds": 50},
    )


def test_a_caged_process_reads_what_a_page_lacks_and_what_was_left_in_it(qtbot: QtBot) -> None:
    with pymupdf.open() as doc:
        doc.new_page().insert_text((72, 72), "日本語", fontname="japan")
        second = doc.new_page()
        second.insert_text((72, 72), "Helvetica", fontname="helv")
        second.add_text_annot((100, 100), "ここは直す").set_info(title="査読者")
        second.insert_link({"kind": pymupdf.LINK_URI, "from": pymupdf.Rect(0, 0, 9, 9), "uri": "http://x/"})
        doc.set_metadata({"author": "山田\u202e 太郎"})
        left = doc.tobytes()
    store = SegmentStore()
    renderer = Renderer(store, (64, 64))
    came: list[PageSurvey] = []
    renderer.surveyed.connect(came.append)
    renderer.start()
    try:
        papers = store.add(left), store.add(assets.SAMPLE_MEMO.read_bytes())
        for sha256 in papers:
            renderer.open(sha256)
        for sha256, index in ((papers[0], 0), (papers[0], 1), (papers[1], 0), (papers[1], 999)):
            renderer.ask_survey(sha256, index)
        qtbot.waitUntil(lambda: len(came) == 4)
    finally:
        renderer.wipe()
    lacking, commented, sample, missing = came
    assert lacking.fonts and lacking.comments == 0 and lacking.made_by == "山田 太郎"
    assert (commented.fonts, commented.comments, commented.made_by) == ((), 1, "")
    assert (sample.fonts, sample.comments) == ((), 0)
    assert missing == PageSurvey(papers[1], 999)
