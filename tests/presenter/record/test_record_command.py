"""The record of a briefing as a person asks for it on a terminal, and its pages opened again."""

from __future__ import annotations

import errno
import io
import os
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest
from docx import Document
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage

import assets
from pageview.exporter import Exporter
from pageview.segments import SegmentStore
from presenter import record_command
from presenter.archive.log_lines import log_lines
from presenter.at_rest import AtRestKey
from presenter.briefings import About, Briefings
from presenter.record.draft import drafted
from presenter.record.facts import Kind, MinutesFact, PageTime, PaperFact, Place
from presenter.record.pages import record_job
from presenter.record.pictured_form import pictured
from presenter.record.record import encoded
from presenter.record.thumbnails import Thumbnail
from presenter.record_command import main
from protocol.journal import Attended, Chain, Entry, entry
from protocol.minutes import Answered, MinutesKind
from protocol.ops import AssignMinutes, OpenMinutes, SetReply
from protocol.values import Role
from tests.pageview.papers import one_page
from tests.presenter.corrected import WHEN, Corrected, corrected
from tests.presenter.record.sample import FACTS, at

TITLE = "予算案"


def noted(made: Corrected) -> None:
    made.offer(one_page(), TITLE)
    made.do(OpenMinutes(50, MinutesKind.QUESTION, 0, "いつ始めるか", WHEN, "知事"))
    made.do(SetReply(50, Answered(0, "4月から始める"), WHEN))
    made.do(OpenMinutes(51, MinutesKind.HOMEWORK, 0, "額をまとめる", WHEN + 60))
    made.do(AssignMinutes(51, "鈴木", "12月1日"))
    made.do(OpenMinutes(52, MinutesKind.NOTE, None, "", WHEN))


def left(state: Path) -> None:
    disk = Briefings(state / "briefings", AtRestKey.load_or_create(state)).begin()
    chain = Chain()
    with corrected() as made:
        noted(made)
        for told in [*made.log, Attended(1, "第三会議室", Role.DISPLAY, True)]:
            disk.journal.append(chain.add(entry(told, WHEN * 1000)))
    disk.tell(About("2026-11-27T10:00:00", TITLE, (), 1, 1))
    disk.close(erase=False)


def no_space(*_: object) -> None:
    """A full disk tells no name, which is known where the file was opened."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_an_unclosed_briefing_gives_its_record_in_every_form(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state, out = tmp_path / "state", tmp_path / "out"
    out.mkdir()
    left(state)
    (state / "presenter.toml").write_text('name = "佐藤"\ndepartment = "財政課"\n', "utf-8")
    words = [TITLE, "--folder", str(out), "--state", str(state), "--attendee", "副知事"]
    with pytest.MonkeyPatch.context() as full:
        full.setattr(record_command, "write_whole", no_space)
        assert main(words) == 1
    assert f"「{out}」を書き込む空き容量がありません" in capsys.readouterr().err
    assert main(words) == 0
    assert sorted(file.name for file in out.iterdir()) == sorted(
        ["打合せ記録.docx", "打合せ記録.pdf", "打合せ記録.txt", "連絡文.txt"]
    )
    text = (out / "打合せ記録.txt").read_text("utf-8-sig")
    assert "知事から、「いつ始めるか」との質問があり、1ページを示して「4月から始める」と回答した。" in text
    assert "鈴木が12月1日までに額をまとめることとした。" in text
    assert "場所　　第三会議室" in text
    assert "副知事" in text
    assert "［宿題］額をまとめる。（1ページ、担当：鈴木、期限：12月1日まで）" in text
    assert main([*words, "--docx", "--form", "復命書", "--form", "ない様式"]) == 1
    assert "様式「ない様式」を読めません。" in capsys.readouterr().err
    assert (out / "復命書.docx").is_file()


def test_an_archived_record_is_made_anew_and_what_is_none_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "記録.json"
    file.write_bytes(encoded(drafted(FACTS).confirm("佐藤", at(40))))
    words = [str(file), "--folder", str(tmp_path), "--state", str(tmp_path), "--text"]
    assert main(words) == 0
    assert "確認済み（佐藤" in (tmp_path / "打合せ記録.txt").read_text("utf-8-sig")
    nowhere = tmp_path / "ない"
    assert main([str(file), "--folder", str(nowhere), "--state", str(tmp_path), "--text"]) == 1
    named = f"「{nowhere / '打合せ記録.txt'}」を書き込むフォルダがありません。"
    assert named in capsys.readouterr().err
    file.write_bytes(b"{}")
    assert main(words) == 1
    assert main(["ない", "--folder", str(tmp_path), "--state", str(tmp_path)]) == 1
    assert "打合せ記録のファイルではありません" in capsys.readouterr().err


def test_a_form_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = Document()
    document.add_paragraph("{{件}}")
    document.save(str(tmp_path / "a.docx"))
    assert main(["--check", str(tmp_path / "a.docx"), "--state", str(tmp_path)]) == 1
    assert "本文の1段落目：「件」という欄はありません。" in capsys.readouterr().out
    assert main(["--check", str(tmp_path / "none.docx"), "--state", str(tmp_path)]) == 1


def test_a_log_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = [Entry(WHEN * 1000 + n, Attended(n, "中村", Role.PARTICIPANT, True)) for n in range(3)]
    lines = log_lines(told).splitlines(keepends=True)
    file = tmp_path / "経過.jsonl"
    for content, status in ((lines, 0), (lines[:-1], 1), ([lines[1], lines[0], *lines[2:]], 1)):
        file.write_bytes(b"".join(content))
        assert main(["--check", str(file), "--state", str(tmp_path)]) == status
    said = capsys.readouterr()
    assert said.out == "経過の記録は、4行とも、書いたときのままです。\n"
    assert said.err.splitlines() == [
        "経過の記録が、3行で途切れています。",
        "経過の記録の1行目が、書いたときと違います。",
    ]


def test_a_long_record_loses_no_line_and_stays_within_its_sheets() -> None:
    minutes = tuple(
        MinutesFact(Kind.DECISION, f"決定{n}は" + "とても㐂い" * (n * 3), at(n % 60)) for n in range(1, 41)
    )
    record = drafted(replace(FACTS, minutes=minutes, corrections=FACTS.corrections * 20))
    exporter = Exporter(SegmentStore())
    try:
        made = exporter.make(record_job(record)).pdf
    finally:
        exporter.close()
    with pymupdf.open(stream=io.BytesIO(made)) as doc:
        text = "".join(page.get_text() for page in doc).replace("\n", "")
        assert all(f"決定{n}は" in text for n in range(1, 41))
        assert text.count("㐂") == 2 * sum(3 * n for n in range(1, 41)), "in outline and decisions"
        assert text.count("確認済み") == 60
        assert all(max(block[3] for block in page.get_text("blocks")) < page.rect.height - 15 for page in doc)
        assert (round(doc[0].rect.width), round(doc[0].rect.height)) == (595, 842)


def test_pictures_of_the_pages_discussed_stand_in_word_and_pdf_when_they_are_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    memo = "体制"
    shown = (
        PageTime(Place(memo, 2), at(3), 120.0),
        PageTime(Place(memo, 3), at(5), 2.0),  # passed by
        PageTime(Place(memo, 4, gone=True), at(5), 60.0),
        PageTime(Place(memo, 1), at(6), 30.0),
        PageTime(Place("ない資料", 1), at(7), 60.0),
    )
    papers = (PaperFact(memo, 6, 1), PaperFact("ない資料", 1, 1))
    facts = replace(FACTS, papers=papers, page_times=shown, corrections=(), minutes=())
    file = tmp_path / "R8_第1版_打合せ記録.json"
    file.write_bytes(encoded(drafted(facts)))
    (tmp_path / f"R8_第1版_溶け込み_{memo}.pdf").write_bytes(assets.SAMPLE_MEMO.read_bytes())
    words = [str(file), "--folder", str(tmp_path), "--state", str(tmp_path), "--docx", "--pdf"]
    assert main([*words, "--form", "指示事項一覧"]) == 0
    assert not Document(str(tmp_path / "指示事項一覧.docx")).inline_shapes
    assert main([*words, "--thumbnails"]) == 0
    assert "1ページは、縮小画像を作れませんでした" in capsys.readouterr().err
    document = Document(str(tmp_path / "打合せ記録.docx"))
    described = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert described == ["資料1の2ページ　14時03分から2分00秒", "資料1の1ページ　14時06分から30秒"]
    widest = max(shape.width for shape in document.inline_shapes)
    section = document.sections[-1]
    assert widest < (section.page_width - section.left_margin - section.right_margin) / 2
    with pymupdf.open(tmp_path / "打合せ記録.pdf") as pdf:
        last = pdf[-1]
        assert "説明したページ" in last.get_text() and "資料1の1ページ" in last.get_text()
        assert len(last.get_images()) == 2
        assert all(last.rect.contains(box["bbox"]) for box in last.get_image_info())


def test_pictures_of_one_row_have_places_of_one_width() -> None:
    blank, jpeg = io.BytesIO(), QByteArray()
    Document().save(blank)
    image = QImage(60, 90, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    buffer = QBuffer(jpeg)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPG")  # type: ignore[call-overload]
    pictures = [Thumbnail(bytes(jpeg.data()), 60, 90, f"{number}ページ") for number in (1, 2)]
    made = Document(io.BytesIO(pictured(blank.getvalue(), pictures)))
    assert len({cell.width for cell in made.tables[0].rows[0].cells}) == 1
