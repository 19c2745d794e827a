"""Papers made to harm (numbers are rows of docs/bad-input.md): refused, or drawn, within bounds."""

from __future__ import annotations

import io
import os
import socket
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest
from pytestqt.qtbot import QtBot

from pageview.render_results import Frame, Opened, OpenRefused, RenderFailed, SubsetMade
from pageview.renderer import Renderer
from pageview.segments import SegmentStore
from protocol.errors import Fault
from protocol.values import Rect
from tests.pageview.papers import endless, one_page, opened, pdf, running, stream, wish

BLUE, WHITE = 0xFF0000FF, 0xFFFFFFFF


@pytest.fixture(scope="module")
def both(qapp: object) -> Iterator[tuple[SegmentStore, Renderer]]:
    """A store and its renderer, for all tests that leave them as they were."""
    with running() as pair:
        yield pair


def shown_or_not(qtbot: QtBot, renderer: Renderer, paper: Opened, index: int = 0) -> Frame | Fault:
    """What comes of asking for a page: its picture, or why there is none."""
    answers: list[Frame | RenderFailed] = []
    renderer.drawn.connect(answers.append)
    renderer.failed.connect(answers.append)
    page = paper.pages[index]
    renderer.ask(wish(paper.sha256, index, Rect(0, 0, page.width, page.height), (600, 600)))
    qtbot.waitUntil(lambda: bool(answers), timeout=20_000)
    renderer.drawn.disconnect(answers.append)
    renderer.failed.disconnect(answers.append)
    answer = answers.pop()
    return answer.fault if isinstance(answer, RenderFailed) else answer


def goes_on(qtbot: QtBot, renderer: Renderer, sha256: bytes) -> bool:
    """Whether an ordinary paper is drawn as if nothing had been."""
    paper = opened(qtbot, renderer, sha256)
    frame = shown_or_not(qtbot, renderer, paper) if isinstance(paper, Opened) else None
    return isinstance(frame, Frame) and frame.image.pixel(100, 300) == BLUE


def zeros(block: int, times: int) -> bytes:
    """``times`` blocks of zeros, deflated: each ends on a byte, so that one serves for all."""
    packer = zlib.compressobj(9)
    first = packer.compress(bytes(block)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(block)) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + again * (times - 1) + packer.flush()


def zip_file() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return out.getvalue()


NOT_PAPERS = {
    "45 a zip": (zip_file(), Fault.PAPER_DAMAGED),
    "45 the header alone": (b"%PDF-1.7\n", Fault.PAPER_DAMAGED),
    "45 words": (b"not a paper at all", Fault.PAPER_DAMAGED),
    "45 a picture": (b"\x89PNG\r\n\x1a\n" + bytes(60), Fault.PAPER_DAMAGED),
    "45 no pages": (pdf(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 0>>"]), Fault.NO_PAGES),
    "47 a loop of page trees": (
        pdf(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"]),
        None,
    ),
}


@pytest.mark.parametrize("name", NOT_PAPERS)
@pytest.mark.bad_input(row=45)
@pytest.mark.bad_input(row=47)
def test_what_is_no_paper_is_refused_with_its_reason(
    qtbot: QtBot, both: tuple[SegmentStore, Renderer], name: str
) -> None:
    data, fault = NOT_PAPERS[name]
    store, renderer = both
    answer = opened(qtbot, renderer, store.add(data))
    if fault is None and isinstance(answer, Opened):
        assert isinstance(shown_or_not(qtbot, renderer, answer), Fault)
    else:
        assert isinstance(answer, OpenRefused)
        assert answer.verdict == "damaged"
        assert fault in (None, answer.fault)
    assert goes_on(qtbot, renderer, store.add(one_page()))


BOXES = {
    "46 huge": "/MediaBox[0 0 1000000 1000000]",
    "46 nothing": "/MediaBox[0 0 0 0]",
    "46 no number": "/MediaBox[0 0 nan 842]",
    "46 a name": "/MediaBox[/A /B /C /D]",
    "46 absent": "",
    "46 the wrong way round": "/MediaBox[595 842 0 0]",
    "46 beyond all numbers": "/MediaBox[0 0 1e38 1e38]",
    "46 unit": "/MediaBox[0 0 595 842]/UserUnit 1e9",
}


@pytest.mark.parametrize("name", BOXES)
@pytest.mark.bad_input(row=46)
def test_senseless_boxes_give_a_page_of_ordinary_size(
    qtbot: QtBot, both: tuple[SegmentStore, Renderer], name: str
) -> None:
    store, renderer = both
    paper = opened(qtbot, renderer, store.add(one_page(page=BOXES[name])))
    assert isinstance(paper, Opened)
    assert 50_000 <= paper.pages[0].width <= 70_000
    assert 70_000 <= paper.pages[0].height <= 90_000
    frame = shown_or_not(qtbot, renderer, paper)
    assert isinstance(frame, Frame)
    assert frame.image.pixel(100, 590) == BLUE


@pytest.mark.bad_input(row=46)
def test_46_a_crop_box_beside_the_page_gives_a_page_all_the_same(
    qtbot: QtBot, both: tuple[SegmentStore, Renderer]
) -> None:
    store, renderer = both
    box = "/MediaBox[0 0 595 842]/CropBox[2000 2000 3000 3000]"
    paper = opened(qtbot, renderer, store.add(one_page(page=box)))
    assert isinstance(paper, Opened)
    assert isinstance(shown_or_not(qtbot, renderer, paper), Frame)


def test_a_strip_of_paper_is_drawn_as_long_as_it_is(
    qtbot: QtBot, both: tuple[SegmentStore, Renderer]
) -> None:
    store, renderer = both
    paper = opened(qtbot, renderer, store.add(one_page(page="/MediaBox[0 0 3 14400]")))
    assert isinstance(paper, Opened)
    assert (paper.pages[0].width, paper.pages[0].height) == (300, 1_440_000)
    assert isinstance(shown_or_not(qtbot, renderer, paper), Frame)


@pytest.mark.bad_input(row=47)
def test_47_a_count_of_pages_that_are_not_there_costs_nothing(
    qtbot: QtBot, both: tuple[SegmentStore, Renderer]
) -> None:
    data = one_page().replace(b"/Count 1>>", b"/Count 1000000000>>")
    store, renderer = both
    answer = opened(qtbot, renderer, store.add(data))
    if isinstance(answer, Opened):
        assert len(answer.pages) == 1
    else:
        assert answer.fault in (Fault.TOO_LARGE, Fault.PAPER_DAMAGED)
    assert goes_on(qtbot, renderer, store.add(one_page()))


BOMBS = {
    "48 words that unpack to 1.5 GB": one_page(more=(), content=b"", page="/MediaBox[0 0 595 842]").replace(
        stream(b""), stream(zeros(2**24, 96), "/Filter/FlateDecode")
    ),
    "48 a picture of 60,000 by 60,000": one_page(
        "595 0 0 842 0 0 cm /I Do",
        resources="/XObject<</I 5 0 R>>",
        more=[
            stream(
                zeros(2**24, 644),
                "/Type/XObject/Subtype/Image/Width 60000/Height 60000/ColorSpace/DeviceRGB/BitsPerComponent 8"
                "/Filter/FlateDecode",
            )
        ],
    ),
    "49 a form drawn a thousand million times": endless(),
    "49 a shading computed by a program": one_page(
        "/S sh",
        resources="/Shading<</S 5 0 R>>",
        more=[
            "<</ShadingType 1/ColorSpace/DeviceRGB/Domain[0 1e6 0 1e6]/Function 6 0 R>>",
            stream(
                "{" + " ".join(["dup mul exch dup mul add sqrt sin dup"] * 2_000) + " pop pop 0 0 0}",
                "/FunctionType 4/Domain[0 1e6 0 1e6]/Range[0 1 0 1 0 1]",
            ),
        ],
    ),
}


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.bad_input(row=48)
@pytest.mark.bad_input(row=49)
def test_bombs_are_drawn_or_given_up_in_time_and_the_rest_goes_on(qtbot: QtBot, name: str) -> None:
    with running(deadline_ms=1_500) as (store, renderer):
        paper = opened(qtbot, renderer, store.add(BOMBS[name]))
        if isinstance(paper, Opened):
            outcome = shown_or_not(qtbot, renderer, paper)
            assert isinstance(outcome, Frame) or outcome in (Fault.RENDER_TIMEOUT, Fault.PAGE_UNSHOWABLE)
        assert goes_on(qtbot, renderer, store.add(one_page()))


@pytest.mark.bad_input(row=50)
def test_50_nothing_of_a_paper_is_run_fetched_or_followed(qtbot: QtBot, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, running() as (store, renderer):
        server.setblocking(False)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        made = tmp_path / "made"
        script = f"<</S/JavaScript/JS(app.alert\\('run'\\); app.launchURL\\('{address}'\\))>>"
        actions = [
            script,
            f"<</S/Launch/F(/usr/bin/touch)/Unix<</F(/usr/bin/touch)/P({made})>>>>",
            f"<</S/URI/URI({address})>>",
            "<</S/GoToR/F(\\\\\\\\evil\\\\share\\\\x.pdf)/D[0/Fit]>>",
            f"<</S/SubmitForm/F<</FS/URL/F({address})>>>>",
        ]
        links = [
            f"<</Type/Annot/Subtype/Link/Rect[0 0 595 842]/F 4/A {a}/AA<</PO {a}/PV {a}/E {a}>>>>"
            for a in actions
        ]
        references = " ".join(f"{5 + n} 0 R" for n in range(len(links)))
        at_opening = f"/OpenAction {actions[1]}/Names<</JavaScript<</Names[(a){script}]>>>>"
        data = one_page(
            page=f"/MediaBox[0 0 595 842]/Annots[{references}]/AA<</O {script}/C {script}>>",
            catalogue=f"{at_opening}/AA<</WC {script}/DP {script}>>",
            more=links,
        )
        assert goes_on(qtbot, renderer, store.add(data))
        with pytest.raises(BlockingIOError):
            server.accept()
        assert not made.exists()


@pytest.mark.bad_input(row=51)
def test_51_an_encrypted_paper_asks_for_its_password_and_travels_without_it(qtbot: QtBot) -> None:
    with pymupdf.open(stream=one_page(), filetype="pdf") as doc:
        data = doc.tobytes(encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="ひみつ", owner_pw="owner")
    with running() as (store, renderer):
        sha256 = store.add(data)
        for password in (None, "wrong"):
            answer = opened(qtbot, renderer, sha256, password)
            assert isinstance(answer, OpenRefused)
            assert (answer.verdict, answer.fault) == ("password", Fault.PASSWORD)
        paper = opened(qtbot, renderer, sha256, "ひみつ")
        assert isinstance(paper, Opened)
        killed = set(renderer.process_ids())
        for process in killed:
            os.kill(process, 9)
        qtbot.waitUntil(lambda: killed.isdisjoint(renderer.process_ids()), timeout=20_000)
        frame = shown_or_not(qtbot, renderer, paper)
        assert isinstance(frame, Frame), "a new process is given the password as well"
        for ask, answered in (
            (lambda: renderer.ask_unlocked(sha256), renderer.unlocked),
            (lambda: renderer.ask_subset(sha256, 0), renderer.subset_made),
        ):
            with qtbot.waitSignal(answered, timeout=20_000) as unlocked:
                ask()
            assert unlocked.args is not None
            assert goes_on(qtbot, renderer, store.add(unlocked.args[0].pdf))


@pytest.mark.bad_input(row=61)
def test_61_a_hidden_layer_stays_hidden_in_the_paper_and_in_its_first_page(
    qtbot: QtBot, both: tuple[SegmentStore, Renderer]
) -> None:
    layers = "/OCProperties<</OCGs[5 0 R 6 0 R]/D<</OFF[6 0 R]/Order[5 0 R 6 0 R]>>>>"
    content = "/OC /Seen BDC 0 0 1 rg 0 0 297 842 re f EMC /OC /Hidden BDC 1 0 0 rg 298 0 297 842 re f EMC"
    data = one_page(
        content,
        catalogue=layers,
        resources="/Properties<</Seen 5 0 R/Hidden 6 0 R>>",
        more=["<</Type/OCG/Name(shown)>>", "<</Type/OCG/Name(secret)>>"],
    )
    store, renderer = both
    sha256 = store.add(data)
    paper = opened(qtbot, renderer, sha256)
    assert isinstance(paper, Opened)
    with qtbot.waitSignal(renderer.subset_made, timeout=20_000) as answer:
        renderer.ask_subset(sha256, 0)
    assert answer.args is not None
    made: SubsetMade = answer.args[0]
    first_page = opened(qtbot, renderer, store.add(made.pdf))
    assert isinstance(first_page, Opened)
    for each in (paper, first_page):
        frame = shown_or_not(qtbot, renderer, each)
        assert isinstance(frame, Frame)
        assert (frame.image.pixel(100, 300), frame.image.pixel(500, 300)) == (BLUE, WHITE)
