"""Files as people have them: damaged, locked, empty, huge, saved over; read once, never written."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest
from PySide6.QtCore import QTimer

from pageview.paper_words import clean_name
from pageview.render_results import PageLines, PageSurvey
from pageview.renderer import Renderer
from pageview.segments import SegmentStore
from pageview.wording import tip
from presenter.converter import GIVEN_UP, NO_CONVERTER
from presenter.papers import Papers
from presenter.start_state import Stage
from tests.pageview.papers import many_pages
from tests.presenter.office import needs_soffice, word

PASSWORD = "令和9年"


@pytest.fixture
def store() -> SegmentStore:
    return SegmentStore()


@pytest.fixture
def papers(qapp, store: SegmentStore) -> Iterator[Papers]:
    renderer = Renderer(store, (400, 300), slots=2)
    made = Papers(store)
    made.set_renderer(renderer)
    renderer.start()
    yield made
    made.close()
    renderer.wipe()


def stages(papers: Papers) -> list[Stage]:
    return [row.stage for row in papers.rows()]


def settled(papers: Papers) -> bool:
    return not {Stage.READING, Stage.CONVERTING, Stage.UNLOCKING} & set(stages(papers))


def locked(path: Path) -> Path:
    document = pymupdf.open(stream=many_pages(3))
    document.save(path, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw=PASSWORD, owner_pw="owner")
    return path


@pytest.mark.bad_input(row=45)
def test_each_kind_of_file_gets_its_own_state_and_sentence(papers: Papers, qtbot, tmp_path: Path) -> None:
    files = {
        "良い.pdf": many_pages(5),
        "空.pdf": b"",
        "壊れ.pdf": b"PK\x03\x04 not a pdf at all",
        "頭だけ.pdf": b"%PDF-1.7\n",
        "予算.pptx": b"PK\x03\x04",
        "一太郎.jtd": b"\xd0\xcf",
        "写真.jpg": b"\xff\xd8\xff\xe0 a picture",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    locked(tmp_path / "秘密.pdf")
    (tmp_path / "フォルダー").mkdir()
    papers.add(tmp_path / name for name in (*files, "秘密.pdf", "無い.pdf", "フォルダー"))
    qtbot.waitUntil(lambda: settled(papers), timeout=20_000)
    rows = {row.name: row for row in papers.rows()}
    assert (rows["良い.pdf"].stage, rows["良い.pdf"].pages) == (Stage.READY, 5)
    for damaged in ("空.pdf", "壊れ.pdf", "頭だけ.pdf"):
        assert (rows[damaged].stage, rows[damaged].why) == (Stage.REFUSED, "壊れているため開けません")
    assert rows["予算.pptx"].why in ("壊れているため開けません", NO_CONVERTER)
    for other in ("一太郎.jtd", "写真.jpg"):
        assert rows[other].why == "PDFで保存してから開いてください"
    assert rows["フォルダー"].why == "フォルダーです。PDFのファイルを選んでください"
    assert rows["秘密.pdf"].stage is Stage.LOCKED
    assert "見つかりません" in rows["無い.pdf"].why
    assert [chosen.name for chosen in papers.showable] == ["良い.pdf"]


@pytest.mark.bad_input(row=51)
def test_a_password_is_asked_here_and_the_walls_get_a_paper_without_one(
    papers: Papers, store: SegmentStore, qtbot, tmp_path: Path
) -> None:
    path = locked(tmp_path / "秘密.pdf")
    papers.add([path])
    qtbot.waitUntil(lambda: stages(papers) == [Stage.LOCKED], timeout=20_000)
    (chosen,) = papers.chosen
    papers.unlock(chosen.key, "wrong")
    qtbot.waitUntil(lambda: stages(papers) == [Stage.WRONG_PASSWORD], timeout=20_000)
    papers.unlock(chosen.key, PASSWORD)
    qtbot.waitUntil(lambda: stages(papers) == [Stage.READY], timeout=20_000)
    assert chosen.original != chosen.sha256
    open_to_all = pymupdf.open(stream=bytes(store.data(chosen.sha256)))
    assert not open_to_all.needs_pass
    assert len(open_to_all) == 3
    assert chosen.original not in store, "the locked bytes are not kept"
    assert pymupdf.open(path).needs_pass, "the file on the disk is untouched"


def test_a_locked_file_that_was_chosen_twice_can_be_unlocked_twice(
    papers: Papers, store: SegmentStore, qtbot, tmp_path: Path
) -> None:
    path = locked(tmp_path / "秘密.pdf")
    papers.add([path, path])
    qtbot.waitUntil(lambda: stages(papers) == [Stage.LOCKED] * 2, timeout=20_000)
    for n, chosen in enumerate(papers.chosen):
        papers.unlock(chosen.key, PASSWORD)
        qtbot.waitUntil(lambda n=n: stages(papers)[n] is Stage.READY, timeout=20_000)
    assert papers.chosen[0].original not in store, "the locked bytes are not kept"


@pytest.mark.bad_input(row=52)
def test_a_file_saved_over_changes_nothing_and_is_told_once(
    papers: Papers, store: SegmentStore, qtbot, tmp_path: Path
) -> None:
    path = tmp_path / "会議中.pdf"
    path.write_bytes(many_pages(2))
    papers.add([path])
    qtbot.waitUntil(lambda: stages(papers) == [Stage.READY], timeout=20_000)
    (chosen,) = papers.chosen
    before = bytes(store.data(chosen.sha256))
    with qtbot.waitSignal(papers.saved_over, timeout=20_000):
        part = tmp_path / "part"
        part.write_bytes(many_pages(3))
        os.replace(part, path)
    assert papers.rows()[0].saved_over
    assert bytes(store.data(chosen.sha256)) == before
    papers.read_again(chosen.key)
    qtbot.waitUntil(lambda: stages(papers) == [Stage.READY], timeout=20_000)
    assert papers.rows()[0].pages == 3
    assert not papers.rows()[0].saved_over


def test_a_paper_that_is_read_again_or_removed_keeps_no_other_from_being_looked_through(
    papers: Papers, qtbot, tmp_path: Path
) -> None:
    files = [tmp_path / f"{name}.pdf" for name in "甲乙丙"]
    for pages, file in enumerate(files, 2):
        file.write_bytes(many_pages(pages))
    papers.add(files[:1])
    with qtbot.waitSignal(papers.ready, timeout=20_000):
        pass
    files[0].write_bytes(many_pages(5))
    papers.read_again(papers.chosen[0].key)
    papers.add(files[1:])
    with qtbot.waitSignal(papers.ready, timeout=20_000):
        pass
    papers.remove(papers.chosen[1].key)
    qtbot.waitUntil(lambda: [len(each.surveyed.fonts) for each in papers.chosen] == [5, 4], timeout=20_000)


def test_the_window_goes_on_while_a_large_paper_is_read(papers: Papers, qtbot, tmp_path: Path) -> None:
    path = tmp_path / "写真.pdf"
    with path.open("wb") as out:
        out.write(many_pages(2))
        out.truncate(200 * 2**20)
    beats: list[Stage] = []
    pulse = QTimer(interval=0)
    pulse.timeout.connect(lambda: beats.append(stages(papers)[0]))
    papers.add([path])
    pulse.start()
    qtbot.waitUntil(lambda: settled(papers), timeout=30_000)
    pulse.stop()
    assert beats.count(Stage.READING) > 20, "the window had its turns while the file was being read"


def test_a_name_that_is_put_right_is_the_papers_and_not_the_files(
    papers: Papers, qtbot, tmp_path: Path
) -> None:
    file = tmp_path / "予算案_最終_修正2.pdf"
    file.write_bytes(many_pages(1))
    papers.add([file])
    qtbot.waitUntil(lambda: settled(papers))
    (chosen,) = papers.chosen
    papers.call(chosen.key, "予算案")
    assert (chosen.title, papers.rows()[0].name) == ("予算案", "予算案.pdf")
    assert file.exists()


def test_order_and_removal(papers: Papers, store: SegmentStore, qtbot, tmp_path: Path) -> None:
    for n in (1, 2, 3):
        (tmp_path / f"{n}.pdf").write_bytes(many_pages(n))
    papers.add([tmp_path / f"{n}.pdf" for n in (1, 2, 3)])
    qtbot.waitUntil(lambda: stages(papers) == [Stage.READY] * 3, timeout=20_000)
    first, second, third = (chosen.key for chosen in papers.chosen)
    papers.move(third, 0)
    papers.remove(first)
    assert [chosen.key for chosen in papers.chosen] == [third, second]
    assert store.bytes_held == sum(chosen.length for chosen in papers.chosen)


def test_the_same_file_twice_shares_its_bytes_until_the_last_is_removed(
    papers: Papers, store: SegmentStore, qtbot, tmp_path: Path
) -> None:
    path = tmp_path / "同じ.pdf"
    path.write_bytes(many_pages(2))
    papers.add([path, path])
    qtbot.waitUntil(lambda: stages(papers) == [Stage.READY] * 2, timeout=20_000)
    one, two = papers.chosen
    papers.remove(one.key)
    assert two.sha256 in store
    papers.remove(two.key)
    assert store.bytes_held == 0


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("..\\..\\x.pdf", "..\\..\\x.pdf"),
        ("CON", "CON"),
        ("報告\u202efdp.exe", "報告fdp.exe"),
        ("a\nb\tc\0.pdf", "abc.pdf"),
        ("\u200b\u2066", "…"),
        ("第１回\u3000会議.pdf", "第１回 会議.pdf"),
    ],
)
@pytest.mark.bad_input(row=44)
def test_names_are_shown_cleaned(name: str, shown: str) -> None:
    assert clean_name(name) == shown


@pytest.mark.bad_input(row=44)
def test_a_name_of_300_signs_keeps_its_end() -> None:
    shown = clean_name("長" * 296 + ".pdf")
    assert len(shown) == 120
    assert shown.endswith(".pdf")


def test_a_tool_tip_says_a_name_and_never_loads_what_it_names() -> None:
    assert (
        tip("<img src='//evil/x'> & more") == "<span>&lt;img src=&#x27;//evil/x&#x27;&gt; &amp; more</span>"
    )
    assert tip("A & B.pdf") == "A & B.pdf"


@needs_soffice
def test_an_office_document_is_shown_as_a_pdf_and_noted_by_its_own_bytes(
    papers: Papers, store: SegmentStore, qtbot, tmp_path: Path
) -> None:
    file = word(tmp_path / "案.docx", ["防災の費用1000万円"])
    papers.add([file])
    assert (papers.rows()[0].stage, papers.rows()[0].office) == (Stage.CONVERTING, True)
    qtbot.waitUntil(lambda: settled(papers), timeout=60_000)
    (chosen,) = papers.chosen
    assert chosen.stage is Stage.READY
    assert chosen.original == hashlib.sha256(file.read_bytes()).digest()
    assert len(pymupdf.open(stream=bytes(store.data(chosen.sha256)))) == papers.rows()[0].pages == 1
    with qtbot.waitSignal(papers.saved_over, timeout=20_000):
        word(file, ["防災の費用2000万円"])


@needs_soffice
def test_a_conversion_can_be_given_up_and_the_next_one_is_made(papers: Papers, qtbot, tmp_path: Path) -> None:
    papers.add([word(tmp_path / f"{n}.docx", [f"{n}"]) for n in (1, 2)])
    papers.give_up(papers.chosen[0].key)
    assert papers.rows()[0].why == GIVEN_UP
    qtbot.waitUntil(lambda: settled(papers), timeout=60_000)
    assert stages(papers) == [Stage.REFUSED, Stage.READY]


def test_the_list_after_a_briefing_is_empty_and_never_takes_from_what_is_still_being_kept(
    papers: Papers, store: SegmentStore, qtbot, tmp_path: Path
) -> None:
    path = tmp_path / "予算.pdf"
    path.write_bytes(many_pages(2))
    papers.add([path])
    qtbot.waitUntil(lambda: stages(papers) == [Stage.READY], timeout=20_000)
    sha256 = papers.chosen[0].sha256
    papers.clear()
    assert not papers.rows()
    papers.add([path])
    qtbot.waitUntil(lambda: stages(papers) == [Stage.READY], timeout=20_000)
    papers.remove(papers.chosen[0].key)
    assert sha256 in store, "the archive still reads it"
    papers.add([path])
    qtbot.waitUntil(lambda: papers.chosen[0].sha256 != b"", timeout=20_000)
    papers.drop_aside()
    assert sha256 in store, "it was chosen again"
    papers.remove(papers.chosen[0].key)
    assert sha256 not in store


def test_what_is_told_of_a_paper_that_was_chosen_once_more_waits_until_that_one_is_open(
    papers: Papers, qtbot, tmp_path: Path
) -> None:
    path = tmp_path / "予算.pdf"
    path.write_bytes(many_pages(2))
    papers.add([path])
    qtbot.waitUntil(lambda: stages(papers) == [Stage.READY], timeout=20_000)
    papers.add([path])
    papers.chosen[1].sha256 = papers.chosen[0].sha256
    papers._on_lines(PageLines(papers.chosen[0].sha256, 1, (), 0, ""))
    papers._on_surveyed(PageSurvey(papers.chosen[0].sha256, 1))
    assert stages(papers) == [Stage.READY, Stage.READING]
    qtbot.waitUntil(lambda: stages(papers) == [Stage.READY] * 2, timeout=20_000)


def test_a_file_whose_bytes_went_with_an_ended_briefing_while_it_was_read_is_read_again(
    papers: Papers, store: SegmentStore, qtbot, tmp_path: Path
) -> None:
    path = tmp_path / "予算.pdf"
    path.write_bytes(many_pages(2))
    papers.set_aside([store.add_file(path)])
    papers.add([path])
    papers._reader.submit(lambda: None).result()  # it is read; nobody has been told yet
    papers.drop_aside()
    qtbot.waitUntil(lambda: stages(papers) == [Stage.READY], timeout=20_000)
