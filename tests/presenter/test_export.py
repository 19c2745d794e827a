"""What comes out of a briefing, opened again and looked at: pages, marks, corrections, tables, refusals."""

from __future__ import annotations

import csv
import io
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest
from docx import Document

import assets
from pageview.export_jobs import Form, PageJob, PaperJob
from pageview.exporter import CannotExport, Exporter
from pageview.marks_at import ground_box
from pageview.whole_file import write_whole
from presenter.at_rest import AtRestKey
from presenter.briefings import About, Briefings
from presenter.correction_note import note_marks
from presenter.correction_table import Table, TableRow, csv_of, differing, table_job
from presenter.export import TABLES, USUAL, Kind, plan
from presenter.export_command import main
from presenter.export_files import Originals, Outcome, export
from protocol.corrections import CorrectionState
from protocol.ink import Colour, Pen, Stroke, Tool, Words, packed
from protocol.journal import Chain, entry
from protocol.ops import Erase, MoveMarks, Named, NewEdition, SetCorrection
from tests.pageview.papers import layered
from tests.presenter.corrected import WHEN, Corrected, corrected

TITLE = "令和9年度 重点施策の予算案"
PAGE = 5
"""Of the budget: the one with bars and three reasons."""


@pytest.fixture(scope="module")
def budget() -> Iterator[Corrected]:
    """Three corrections that are done, the last of what the first one brought; one that is open; marks."""
    with corrected() as made:
        made.offer(assets.SAMPLE_BUDGET, TITLE)
        made.do(Named(3, "鈴木"))
        made.correct(PAGE, "人材の確保", "専門人材の確保")
        made.correct(PAGE, "87.0％（見込み）", "87.2％（10月末）")
        made.correct(PAGE, "専門人材", "専門職")
        made.correct(PAGE, "2月に", "3月に", settle=False)
        words = Words(False, Colour.RED, 1_400, 45_000, 30_000, 20_000, "数字を　確かめる")
        made.draw(PAGE, [line(20_000, 20_000), line(20_000, 25_000), words, highlight()], author=3)
        yield made


@pytest.fixture(scope="module")
def exporter(budget: Corrected) -> Iterator[Exporter]:
    made = Exporter(budget.store)
    made.make(table_job(Table((), ())))  # its process is there from now on
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "書き出し"
    made.mkdir()
    return made


def line(x: int, y: int, colour: Colour = Colour.RED) -> Stroke:
    return Stroke(Pen(Tool.PEN, colour, 300), x, y, packed([x, x + 4_000, x + 9_000], [y, y + 1_500, y]))


def highlight() -> Stroke:
    return Stroke(Pen(Tool.HIGHLIGHTER, Colour.YELLOW, 1_800), 6_142, 43_400, packed([0, 50_000], [0, 0]))


def written(
    made: Corrected, exporter: Exporter, folder: Path, kinds: frozenset[Kind] = USUAL
) -> tuple[Outcome, dict[str, Path]]:
    """What came of it, and the files by what their names say of their kind."""
    originals = Originals((), (paper.blob for paper in made.briefing.papers))
    outcome = export(plan(made.briefing, kinds, "佐藤"), folder, exporter, originals, lambda *_: None)
    return outcome, {file.name.rpartition("_")[2]: file for file in outcome.written}


def picture(file: Path | bytes, index: int = 0) -> bytes:
    data = file if isinstance(file, bytes) else file.read_bytes()
    with pymupdf.open(stream=data, filetype="pdf") as doc:
        return bytes(doc[index].get_pixmap(dpi=72).samples)


# --- pages --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "state"), [("others", "OFF"), ("notes", "OFF"), ("notes", "ON")])
@pytest.mark.bad_input(row=61)
def test_pages_from_several_files_keep_their_pictures_and_what_is_hidden_stays_so(
    name: str, state: str
) -> None:
    with corrected() as made:
        made.offer(layered("0 0 1"), "層")
        pages = list(made.briefing.pages())
        made.replace(1, 1, pages[1].page_id, layered("0 1 0", name, state))
        paper = made.briefing.papers[0]
        moved = tuple(reversed(paper.edition.pages))
        made.do(NewEdition(1, paper.edition.number, 0, 2, moved, ()))
        made.rotate(pages[0].page_id)
        wanted = [picture(made.cut(page)) for page in made.briefing.pages()]
        exporter = Exporter(made.store)
        job = plan(made.briefing, frozenset({Kind.CLEAN}), "").files[0].job
        assert job is not None
        clean = exporter.make(job).pdf
        exporter.close()
    assert [picture(clean, index) for index in range(2)] == wanted
    reds = [b"\xff\0\0" in {page[n : n + 3] for n in range(0, len(page), 3)} for page in wanted]
    assert reds == [state == "ON", False]


def test_a_clean_copy_has_the_new_words_and_the_original_is_as_it_was(
    budget: Corrected, exporter: Exporter, folder: Path
) -> None:
    before = assets.SAMPLE_BUDGET.read_bytes()
    outcome, files = written(budget, exporter, folder)
    assert not outcome.failed
    assert sorted(files) == sorted(
        ["溶け込み.pdf", "見え消し.pdf", "書き込み.pdf", "修正一覧.pdf", "修正一覧.docx", "修正一覧.csv"]
    )
    assert {file.name.rpartition("_")[0] for file in files.values()} == {TITLE}
    with pymupdf.open(files["溶け込み.pdf"]) as clean:
        text = clean[PAGE].get_text()
        assert clean.page_count == 24
        assert "87.2％" in text
        assert "専門職の確保" in text
        assert "見込み" not in text
        assert not list(clean[PAGE].annots())
    assert assets.SAMPLE_BUDGET.read_bytes() == before
    assert sorted(file.name for file in folder.iterdir()) == sorted(f.name for f in files.values())


@pytest.mark.parametrize("erased", [False, True])
def test_a_correction_that_was_done_as_a_note_is_in_the_clean_copy_too(folder: Path, erased: bool) -> None:
    """Moved, where it lies now; erased by mistake, where it would be written."""
    with corrected() as made:
        made.offer(assets.SAMPLE_BUDGET, TITLE)
        made.correct(PAGE, "87.0％（見込み）", "87.2％（速報）", settle=False)
        (correction,) = made.briefing.corrections.values()
        page = next(page for page in made.briefing.pages() if page.page_id == PAGE)
        made.draw(PAGE, [line(20_000, 20_000), *note_marks(correction, "87.2％（速報）", page)])
        made.do(SetCorrection(correction.item, CorrectionState.DONE, WHEN, noted=True))
        note = tuple(each.id for each in made.briefing.ink.seen(PAGE))[1:]
        made.do(Erase(PAGE, note) if erased else MoveMarks(PAGE, note, 0, 10_000))
        exporting = Exporter(made.store)
        outcome, files = written(made, exporting, folder)
        exporting.close()
    assert any("注記" in words and values["numbers"] == "1" for words, values in outcome.told)
    with pymupdf.open(files["溶け込み.pdf"]) as clean:
        sheet = clean[PAGE]
        assert not list(clean[PAGE - 1].annots()), "the pages of this paper have one array of annotations"
        notes = [each.rect.y0 for each in sheet.annots() if each.info["content"] == "87.2％（速報）"]
        assert len(notes) == 1 and len(list(sheet.annots())) == 2, "and what else was drawn is not"
        top = note_marks(correction, "87.2％（速報）", page)[1]
        assert isinstance(top, Words)
        assert abs(notes[0] - ground_box(top).y0 / 100 - (0 if erased else 100)) < 3
    assert "修正済み（注記）" in files["修正一覧.csv"].read_text("utf-8-sig")


def test_a_page_that_stands_twice_has_its_marks_once(exporter: Exporter, budget: Corrected) -> None:
    ref = next(budget.briefing.pages()).ref
    marks = tuple(budget.briefing.ink.seen(PAGE))
    twice = PageJob(ref.blob, ref.index), PageJob(ref.blob, ref.index, marks)
    made = exporter.make(PaperJob(ref.blob, Form.ANNOTATED, twice)).pdf
    with pymupdf.open(stream=made, filetype="pdf") as doc:
        assert [len(list(page.annots())) for page in doc] == [0, 3]


# --- corrections --------------------------------------------------------------------------------------------


def test_a_marked_up_copy_has_old_words_and_new_ones_as_text(
    budget: Corrected, exporter: Exporter, folder: Path
) -> None:
    _, files = written(budget, exporter, folder, frozenset({Kind.MARKED_UP}))
    with pymupdf.open(files["見え消し.pdf"]) as doc:
        page = doc[PAGE]
        spans = [s for b in page.get_text("dict")["blocks"] for ln in b.get("lines", ()) for s in ln["spans"]]
        red = [span["text"] for span in spans if span["color"] == 0xCE0000]
        assert sorted(red) == ["87.2％（10月末）", "専門職の確保"], "a correction of a correction is one"
        assert "87.0％（見込み）" in page.get_text()
        (old,) = page.search_for("人材の確保")
        bars = [d["rect"] for d in page.get_drawings() if d["fill"] and round(d["fill"][0], 2) == 0.81]
        assert any(bar.y0 > old.y0 and bar.y1 < old.y1 and abs(bar.x0 - old.x0) < 1 for bar in bars)
        names = {font[3] for font in doc.get_page_fonts(PAGE) if doc.extract_font(font[0])[3]}
        assert "NotoSansJP-Bold" in names, "the new words' face is in the file"


def test_a_correction_that_the_first_page_does_not_show_is_named(
    budget: Corrected, exporter: Exporter
) -> None:
    job = plan(budget.briefing, frozenset({Kind.MARKED_UP}), "").files[0].job
    assert isinstance(job, PaperJob)
    pages = list(job.pages)
    lost = type(pages[PAGE].mark_ups[0])(9, pages[PAGE].mark_ups[0].places, "どこにもない", "新")
    page = pages[PAGE]
    pages[PAGE] = PageJob(page.blob, page.index, mark_ups=(*page.mark_ups, lost))
    assert exporter.make(PaperJob(job.base, job.form, tuple(pages))).unplaced == (9,)


def test_the_table_is_the_same_in_three_forms(budget: Corrected, exporter: Exporter, folder: Path) -> None:
    _, files = written(budget, exporter, folder, TABLES)
    rows = list(csv.reader(io.StringIO(files["修正一覧.csv"].read_bytes().decode("utf-8-sig"))))
    assert files["修正一覧.csv"].read_bytes().startswith(b"\xef\xbb\xbf")
    assert rows[0] == ["番号", "頁", "修正前", "修正後", "修正した人", "日時", "状態"]
    assert [row[:5] for row in rows[1:3]] == [
        ["1", "6", "人材の確保", "専門人材の確保", "佐藤"],
        ["2", "6", "87.0％（見込み）", "87.2％（10月末）", "佐藤"],
    ]
    assert rows[4][3:4] + rows[4][6:] == ["3月に", "未修正"]
    (table,) = Document(str(files["修正一覧.docx"])).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == rows
    with pymupdf.open(files["修正一覧.pdf"]) as doc:
        text = doc[0].get_text()
        assert all(word in text for row in rows for cell in row for word in cell.split())
        assert (doc[0].rect.width, doc[0].rect.height) == pytest.approx((841.89, 595.28), abs=0.01)


def test_a_long_table_repeats_its_head_and_loses_no_row(exporter: Exporter) -> None:
    rows = tuple(TableRow(n, "", "1", "前" * (n * 7), f"新{n}", "", "", "") for n in range(1, 81))
    made = exporter.make(table_job(Table(("資料",), rows))).pdf
    with pymupdf.open(stream=made, filetype="pdf") as doc:
        texts = [page.get_text() for page in doc]
        assert all("修正後" in text for text in texts)
        assert sum(text.count("前") for text in texts) == sum(n * 7 for n in range(1, 81)) + len(texts), (
            "one in each head"
        )
        assert all(max(block[3] for block in page.get_text("blocks")) < page.rect.height - 15 for page in doc)


def test_no_cell_of_a_spreadsheet_is_a_formula_and_a_number_stays_one() -> None:
    row = TableRow(1, "", "1", "=1+1", "-3.5%", "@x", "", "")
    cells = csv_of(Table(("資料",), (row,))).decode("utf-8-sig").splitlines()[1].split(",")
    assert cells[2:5] == ["'=1+1", "-3.5%", "'@x"]


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        ("87.0％", "87.2％", ("0", "2")),
        ("ああ", "あああ", ("", "あ")),
        ("旧", "新", ("旧", "新")),
        ("旧", "", ("", "")),
    ],
)
def test_what_differs_is_underlined(before: str, after: str, parts: tuple[str, str]) -> None:
    (a, b), (c, d) = differing(before, after)
    assert (before[a:b], after[c:d]) == parts


# --- marks --------------------------------------------------------------------------------------------------


def test_marks_are_annotations_one_for_each_colour_and_width_and_hand(
    budget: Corrected, exporter: Exporter, folder: Path
) -> None:
    _, files = written(budget, exporter, folder, frozenset({Kind.ANNOTATED}))
    with pymupdf.open(files["書き込み.pdf"]) as doc:
        page = doc[PAGE]
        notes = list(page.annots())
        assert [note.type[1] for note in notes] == ["Ink", "Ink", "FreeText"], "the highlighter lies lowest"
        assert [len(note.vertices) for note in notes[:2]] == [1, 2]
        assert {note.info["title"] for note in notes} == {"鈴木"}
        assert notes[2].info["content"] == "数字を　確かめる"
        assert "87.2％" in doc[PAGE].get_text()


# --- writing ------------------------------------------------------------------------------------------------


def test_an_original_is_never_overwritten_under_whatever_name(
    budget: Corrected, exporter: Exporter, folder: Path
) -> None:
    target = folder / f"{TITLE}_溶け込み.pdf"
    shutil.copy(assets.SAMPLE_BUDGET, target)
    outcome, files = written(budget, exporter, folder, frozenset({Kind.CLEAN, Kind.TABLE_CSV}))
    assert outcome.failed
    assert list(files) == ["修正一覧.csv"]
    assert target.read_bytes() == assets.SAMPLE_BUDGET.read_bytes()
    assert ("「{name}」は元の資料です。上書きしません。", {"name": target.name}) in outcome.told


def test_a_folder_that_takes_nothing_is_said_and_what_was_there_stays(
    budget: Corrected, exporter: Exporter, folder: Path
) -> None:
    resource = pytest.importorskip("resource")
    there = folder / f"{TITLE}_溶け込み.pdf"
    there.write_bytes(b"the former one")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        outcome, files = written(budget, exporter, folder, frozenset({Kind.CLEAN}))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not files
    assert "空き容量がありません" in outcome.told[-1][0]
    assert [file.read_bytes() for file in folder.iterdir()] == [b"the former one"]
    gone, _ = written(budget, exporter, folder / "no such folder", frozenset({Kind.TABLE_CSV}))
    assert "フォルダがありません" in gone.told[-1][0]


def test_what_is_given_up_leaves_no_half_file(budget: Corrected, folder: Path) -> None:
    exporter = Exporter(budget.store)
    first = threading.Event()
    outcomes: list[object] = []

    def progress(done: int, _of: int, _name: str) -> None:
        if done == 1:
            first.set()
            exporter.cancel()

    def run() -> None:
        originals = Originals((), ())
        try:
            outcomes.append(export(plan(budget.briefing, USUAL, ""), folder, exporter, originals, progress))
        except CannotExport as cannot:
            outcomes.append(cannot.fault)

    thread = threading.Thread(target=run)
    thread.start()
    assert first.wait(30)
    thread.join()
    assert outcomes == [None]
    assert [file.name for file in folder.iterdir()] == [f"{TITLE}_溶け込み.pdf"]


def test_titles_become_names_that_every_system_takes(budget: Corrected) -> None:
    paper = budget.briefing.papers[0]
    titles = ["../a:b", "あ" * 300, "同じ", "同じ", "", "案"]
    papers = tuple(replace(paper, paper=n, title=title) for n, title in enumerate(titles))
    names = [w.name for w in plan(replace(budget.briefing, papers=papers), frozenset({Kind.CLEAN}), "").files]
    assert len(set(names)) == len(titles)
    assert all(len(name.encode()) <= 220 and not set(name) & set('\\/:*?"<>|') for name in names)
    assert names[2:4] == ["同じ_溶け込み.pdf", "同じ (2)_溶け込み.pdf"]


def test_a_file_is_written_whole_with_the_rights_that_files_have(folder: Path) -> None:
    file = folder / "a"
    write_whole(b"x", file)
    (folder / "b").write_bytes(b"x")
    assert file.stat().st_mode == (folder / "b").stat().st_mode


# --- the command line ---------------------------------------------------------------------------------------


def test_an_unclosed_briefing_is_exported_by_its_name(
    budget: Corrected, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state, out = tmp_path / "state", tmp_path / "out"
    out.mkdir()
    disk = Briefings(state / "briefings", AtRestKey.load_or_create(state)).begin()
    chain = Chain()
    for committed in budget.log:
        disk.journal.append(chain.add(entry(committed, WHEN * 1000)))
    for sha256 in budget.briefing.blobs():
        disk.copies.keep(sha256, budget.store.data(sha256))
    disk.tell(About("2026-11-27T10:00:00", TITLE, (), 1, 8))
    disk.copies.wait_written()
    words = ["--folder", str(out), "--state", str(state)]
    assert main([TITLE, *words, "--clean"]) == 1, "a desk has it open"
    disk.close(erase=False)
    assert main(["", *words]) == main([" ", *words]) == 1, "no name is no part of one"
    assert main(["ほかの資料", *words]) == 1
    told = capsys.readouterr().err
    assert disk.folder.name in told
    assert TITLE in told
    assert main([TITLE, *words, "--clean", "--table", "csv"]) == 0
    assert main([TITLE[2:-2], *words, "--flattened"]) == 0, "a part of the name that only one has"
    assert main([disk.folder.name, *words, "--flattened"]) == 0
    names = sorted(file.name.rpartition("_")[2] for file in out.iterdir())
    assert names == sorted(["溶け込み.pdf", "修正一覧.csv", "書き込み（固定）.pdf"])
    assert disk.folder.is_dir(), "the briefing is still there to go on with"
