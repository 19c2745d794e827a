"""What is found as pages: as it was, with its source below; a part without the rest; what was copied."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import assets
from pageview.export_jobs import FoundPage, FoundPicture, FoundTable, FoundText, Source
from pageview.exporter import CannotExport, Exporter
from pageview.segments import SegmentStore
from presenter.lookup.dialog import Lookup
from presenter.lookup.found_pages import (
    Content,
    FoundPages,
    InBriefing,
    InFile,
    InMemory,
    Look,
    Looked,
    Made,
    Make,
    PictureFile,
)
from presenter.lookup.pasted import Pasted, pasted
from protocol.errors import Fault
from protocol.values import Rect
from tests.pageview.papers import layered, many_pages, one_page

SOURCE = Source("出典：「河川管理の概要㐂𠮷ﾊﾝｶｸ」12ページ", "14:21に調べたもの")
DPI = 72
REACH_MS = 20_000


@pytest.fixture(scope="module")
def store() -> Iterator[SegmentStore]:
    made = SegmentStore()
    yield made
    made.wipe()


@pytest.fixture(scope="module")
def exporter(store: SegmentStore) -> Iterator[Exporter]:
    made = Exporter(store)
    made.make(FoundText("一", SOURCE))  # its process is there from now on
    yield made
    made.close()


def words(pdf: bytes, index: int = 0) -> str:
    with pymupdf.open(stream=pdf, filetype="pdf") as doc:
        return "".join(doc[index].get_text().split())


def picture(pdf: bytes, height: int | None = None) -> pymupdf.Pixmap:
    """The first page's, or only so many points of it from its top."""
    with pymupdf.open(stream=pdf, filetype="pdf") as doc:
        clip = pymupdf.Rect(0, 0, doc[0].rect.width, height) if height else None
        return doc[0].get_pixmap(dpi=DPI, clip=clip)


CROPPED = "/MediaBox[0 0 600 800]/CropBox[100 200 500 600]"
# Within the crop box two corners; outside of it, on every side, what nobody was to see.
DRAWN = (
    "1 0 0 rg 0 0 600 800 re f 1 1 1 rg 100 200 400 400 re f 0 0 1 rg 100 200 80 40 re f 460 560 40 40 re f"
)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("unit", [1, 2])
def test_a_page_keeps_its_picture_and_what_lay_beyond_its_edge_stays_hidden(
    store: SegmentStore, exporter: Exporter, turn: int, unit: int
) -> None:
    before = one_page(DRAWN, page=f"{CROPPED}/Rotate {turn}/UserUnit {unit}")
    pdf = exporter.make(FoundPage(store.add(before), 0, SOURCE)).pdf
    former, now = picture(before), picture(pdf)
    assert now.width == former.width and now.height > former.height
    assert picture(pdf, former.height).samples == former.samples
    reds = [now.pixel(x, y) for x in range(0, now.width, 7) for y in range(former.height + 2, now.height, 3)]
    assert (255, 0, 0) not in reds
    assert words(pdf) == "".join((SOURCE.words + SOURCE.when).split())


def test_a_layer_that_its_author_switched_off_stays_off(store: SegmentStore, exporter: Exporter) -> None:
    before = layered("0 0 1")
    pdf = exporter.make(FoundPage(store.add(before), 0, SOURCE)).pdf
    assert picture(pdf, 100).samples == picture(before, 100).samples


def test_of_a_part_nothing_else_of_the_page_goes_with_it(store: SegmentStore, exporter: Exporter) -> None:
    sha256 = store.add_file(assets.SAMPLE_BUDGET)
    pdf = exporter.make(FoundPage(sha256, 6, SOURCE, Rect(5_000, 8_000, 40_000, 30_000))).pdf
    assert words(pdf) == "".join((SOURCE.words + SOURCE.when).split())
    with pymupdf.open(stream=pdf, filetype="pdf") as doc:
        assert len(doc[0].get_images()) == 1 and doc[0].rect.width == pytest.approx(842, abs=1)


def test_a_table_of_a_spreadsheet_is_a_table_again(exporter: Exporter) -> None:
    mime = QMimeData()
    mime.setText('土木事務所\t設置数\n東部\t1,234\n"西部\n（仮）"\t△9\n')
    mime.setImageData(QImage(10, 10, QImage.Format.Format_RGB32))  # a spreadsheet copies its picture as well
    found = pasted(mime)
    assert found is not None
    job = found.job(SOURCE)
    assert job == FoundTable((("土木事務所", "設置数"), ("東部", "1,234"), ("西部\n（仮）", "△9")), SOURCE)
    text = words(exporter.make(job).pdf)
    assert text.startswith("土木事務所設置数東部1,234西部（仮）△9出典")


@pytest.mark.parametrize("rows", [1, 500])
def test_a_long_table_goes_on_to_further_sheets_and_loses_no_row(exporter: Exporter, rows: int) -> None:
    pdf = exporter.make(FoundTable(tuple((f"行{row}", "欄") for row in range(rows)), SOURCE)).pdf
    with pymupdf.open(stream=pdf, filetype="pdf") as doc:
        text = "".join(page.get_text() for page in doc)
        assert [row for row in range(rows) if f"行{row}\n" not in text] == []
        assert (doc.page_count > 1) is (rows > 1)
        assert text.count("河川管理の概要") == doc.page_count


EXCEL = """<html xmlns:x="urn:office:excel"><head><style>td {color:black;}</style></head>
<body><table border=0 cellpadding=0><!--StartFragment--><col width=72><tr height=25>
<td colspan=2 class=xl65>事業<br>（令和9年度）</td><td rowspan=2>9年度案&nbsp;</td></tr>
<tr><td>㐂𠮷</td><td align=right>1,234</td></tr><tr><td>合計<td><td>2,468</table></body></html>"""


@pytest.mark.parametrize(
    ("html", "rows"),
    [
        (EXCEL, (("事業\n（令和9年度）", "", "9年度案"), ("㐂𠮷", "1,234", ""), ("合計", "", "2,468"))),
        ("<table><tr><td>一</td></tr><tr><td>二</td></tr></table>", (("一",), ("二",))),
        ("<table><tr><td>外<table><tr><td>内</td></tr></table></td></tr></table>", (("外内",),)),
        ("<p>文章です。</p><table><tr><td>一</td></tr></table>", None),
        ("<table></table>", None),
        ("<td>" * 50 + "<table><tr" * 50, None),
        ("<table><tr><td rowspan=999999999 colspan='-3'>一</td></tr></table>", (("一",),)),
        (f"<table><tr><td rowspan={'9' * 5_000}>一<td>二", (("一", "二"),)),
        ("<table><tr><td>一<![foo[x]]>二</td></tr></table>", (("一二",),)),
        ("<meta charset=Shift_JIS><table><tr><td>\n 内　訳 <b>5</b> 件</table>", (("内　訳 5 件",),)),
        ("<table><tr><td>一" + "<a" * 2_000_000, (("一",),)),
    ],
)
def test_a_table_that_was_copied_without_tabs_is_known_by_its_html(
    html: str, rows: tuple[tuple[str, ...], ...] | None
) -> None:
    mime = QMimeData()
    mime.setText("一 二")
    mime.setHtml(html)
    found = pasted(mime)
    assert found is not None
    assert found.content == (rows or "一 二")


def test_text_and_pictures_of_the_clipboard(exporter: Exporter) -> None:
    mime = QMimeData()
    assert pasted(mime) is None and pasted(None) is None
    mime.setText("  \n ")
    assert pasted(mime) is None
    mime.setText("\t\n\t\n")
    assert pasted(mime) is None, "cells without any words are no page"
    mime.setText('"終わらない\t' + "あ" * 140_000 + "\n品\t数")
    found = pasted(mime)
    assert found is not None and found.cut
    assert found.content[1] == ("品", "数"), "a quotation mark that nothing closes ends at its line"
    mime.clear()
    image = QImage(40, 20, QImage.Format.Format_RGB32)
    image.fill(QColor("#00FF00"))
    mime.setImageData(image)
    found = pasted(mime)
    assert found is not None
    green = picture(exporter.make(found.job(SOURCE)).pdf)
    assert green.pixel(20, 20) == (0, 255, 0)
    mime = QMimeData()
    mime.setText("あ" * 20_000)
    found = pasted(mime)
    assert isinstance(found, Pasted)
    assert found.cut
    with pymupdf.open(stream=exporter.make(found.job(SOURCE)).pdf, filetype="pdf") as doc:
        assert sum(page.get_text().count("あ") for page in doc) == 10_000


def test_a_table_pasted_where_words_are_typed_is_to_be_a_card_and_words_are_words(qtbot: QtBot) -> None:
    over = QWidget()
    over.resize(1200, 800)
    qtbot.addWidget(over)
    over.show()
    lookup, wanted = Lookup(over), list[int]()
    lookup.paste_wanted.connect(lambda: wanted.append(1))
    lookup.open()
    lookup.show_can(show=False, keep=False, card=False, why="")
    clipboard = QApplication.clipboard()
    clipboard.setText("項目\t件数\n東部\t12\n")
    qtbot.keyClick(lookup.field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert (wanted, lookup.field.text()) == ([1], "")
    clipboard.setText("河川監視")
    qtbot.keyClick(lookup.field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert (wanted, lookup.field.text()) == ([1], "河川監視")
    lookup.show_can(show=False, keep=False, card=False, why="")
    qtbot.keyClick(lookup.list, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert wanted == [1], "where its key is not to be seen, nothing is added"


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0" + b"x" * 99, b"<svg/>"])
def test_a_picture_that_is_none_is_refused(exporter: Exporter, data: bytes) -> None:
    with pytest.raises(CannotExport):
        exporter.make(FoundPicture(data, SOURCE))
    assert exporter.make(FoundText("次は大丈夫", SOURCE)).pdf


# --- the thread -------------------------------------------------------------------------------------------


def looked(qtbot: QtBot, pages: FoundPages, file: Path, index: int = 0) -> Looked:
    with qtbot.waitSignal(pages.looked, timeout=REACH_MS) as told:
        pages.look(Look(InFile(str(file), index), 400, 300))
    assert told.args is not None
    return told.args[0]


@pytest.mark.expected_threads("found pages")
def test_a_file_that_hangs_is_given_up_and_the_next_one_is_shown(qtbot: QtBot, tmp_path: Path) -> None:
    hangs, there = tmp_path / "止まる.txt", tmp_path / "ある.txt"
    os.mkfifo(hangs)
    there.write_text("夜間の連絡", "utf-8")
    pages = FoundPages(SegmentStore(), given_up_ms=300)
    assert looked(qtbot, pages, hangs).silent
    assert looked(qtbot, pages, there).text == "夜間の連絡"
    pages.close()
    threading.Thread(target=lambda: hangs.open("wb").close()).start()  # the share comes back


def test_pages_of_files_and_of_the_briefing_are_looked_at_and_made(
    qtbot: QtBot, tmp_path: Path, store: SegmentStore
) -> None:
    damaged = tmp_path / "壊れ.pdf"
    damaged.write_bytes(b"%PDF-1.7\n")
    others = len(multiprocessing.active_children())
    pages = FoundPages(store)
    first = looked(qtbot, pages, assets.SAMPLE_WIDE)
    assert first.image is not None and first.pages == 12 and first.image.width() == 400
    assert looked(qtbot, pages, damaged).why is Fault.PAPER_DAMAGED
    assert looked(qtbot, pages, tmp_path / "ない.pdf").why is Fault.PAPER_DAMAGED
    assert looked(qtbot, pages, assets.SAMPLE_WIDE, 99).why is Fault.PAGE_UNSHOWABLE
    mime = QMimeData()
    mime.setText("写した\t表")
    copied = pasted(mime)
    assert copied is not None
    QImage(30, 20, QImage.Format.Format_RGB32).save(str(tmp_path / "絵.png"))
    wanted: list[Content] = [
        copied,
        PictureFile(str(tmp_path / "絵.png")),
        InFile(str(assets.SAMPLE_WIDE), 2),
        InBriefing(store.add_file(assets.SAMPLE_MEMO), 1),
        FoundText("文章", SOURCE),
    ]
    for number, what in enumerate(wanted):
        with qtbot.waitSignal(pages.made, timeout=REACH_MS) as told:
            pages.make(Make(number, what, SOURCE))
        assert told.args is not None
        made = told.args[0]
        assert made.make.number == number and len(made.sizes) == 1 and "河川管理の概要" in words(made.pdf)
    with qtbot.waitSignal(pages.made, timeout=REACH_MS) as told:
        pages.make(Make(8, PictureFile(str(damaged)), SOURCE))
    assert told.args is not None and not told.args[0].pdf and told.args[0].why is Fault.PAGE_UNSHOWABLE
    with qtbot.waitSignal(pages.made, timeout=REACH_MS):
        pages.make(Make(9, FoundText("最後", SOURCE), SOURCE))
        pages.rest()
    qtbot.waitUntil(lambda: len(multiprocessing.active_children()) == others, timeout=REACH_MS)
    pages.close()


def test_a_long_table_has_its_head_on_each_sheet_and_figures_at_the_right(exporter: Exporter) -> None:
    rows = (("市町村", "予算"), *((f"第{n}市", f"△{n},000千円") for n in range(1, 60)))
    pdf = exporter.make(FoundTable(rows, SOURCE)).pdf
    with pymupdf.open(stream=pdf) as made:
        assert made.page_count > 1
        for sheet in made:
            assert sheet.search_for("市町村") and sheet.search_for("予算")
            ends = {round(box.x1) for box in sheet.search_for("千円")}
            assert len(ends) == 1 and ends == {round(sheet.search_for("予算")[0].x1)}


@pytest.mark.bad_input(row=63)
@pytest.mark.parametrize("pages", [0, 3, 21])
def test_what_somebody_sent_is_made_anew_in_the_cage_or_told_to_be_none(qtbot: QtBot, pages: int) -> None:
    pdf = many_pages(pages) if pages else b"PK\x03\x04 no paper"
    found = FoundPages(SegmentStore())
    came: list[Made] = []
    found.made.connect(came.append)
    try:
        found.make(Make(1, InMemory(pdf), SOURCE))
        qtbot.waitUntil(lambda: bool(came), timeout=20_000)
    finally:
        found.close()
    (made,) = came
    assert len(made.sizes) == (3 if pages == 3 else 0)
    assert bool(made.why) is (pages != 3)
    if made.pdf:
        with pymupdf.open(stream=made.pdf) as paper:
            assert all(SOURCE.words[:4] in "".join(page.get_text().split()) for page in paper)
