"""A briefing runs and somebody saves its source: whole, in halves, locked, away. What was good stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest

from benchmarks.flowing import flowing, paragraphs, save
from presenter import stage
from presenter.stage import Program
from tests.presenter.office import needs_soffice, word

SOURCE = paragraphs(40)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "予算.pdf"
    file.write_bytes(flowing(SOURCE))
    return file


@pytest.fixture
def desk(tmp_path: Path, file: Path) -> Iterator[Program]:
    """A rehearsal of that paper, on its second page."""
    with stage.presenter(tmp_path / "desk", "--no-mdns", str(file), size="1366x768") as desk:
        desk.wait("opened")
        desk.tell("rehearse")
        desk.wait("showing")
        desk.tell("jump", page=2)
        desk.wait("moved", lambda e: e["page"] == 2)
        yield desk
        assert not desk.errors


def notice(desk: Program, words: str) -> None:
    desk.wait("notice", lambda e: words in e["text"])


def test_a_save_is_an_edition_the_page_stays_and_an_undo_brings_back_what_was(
    desk: Program, file: Path
) -> None:
    desk.tell("draw", tool="pen", points=[[0.15 + n / 50, 0.31] for n in range(10)])
    desk.wait("inked")
    save(file, flowing([SOURCE[0], "初めに加えた段落である。" * 9, *SOURCE[1:]]))
    made = desk.wait("source")
    assert (made["number"], made["in_tray"]) == (2, 0)
    notice(desk, "「予算」が新しくなりました（第2版）")
    assert not desk.has("moved"), "the page that is shown stays"
    desk.tell("key", key="Ctrl+Z")
    desk.wait("inked")
    save(file, flowing([*SOURCE, "終わりに加えた段落である。" * 9]))
    assert desk.wait("source")["number"] == 4


def test_pages_that_go_take_nobody_along(desk: Program, file: Path) -> None:
    desk.tell("draw", tool="pen", points=[[0.15 + n / 50, 0.31] for n in range(10)])
    desk.wait("inked")
    save(file, flowing(SOURCE[:6]))
    made = desk.wait("source")
    assert made["in_tray"] == 1
    notice(desk, "書き込み1個の置き場所が分かりません")
    desk.wait("moved", lambda e: e["page"] == 1)


def test_half_a_file_is_waited_for_and_told_and_is_an_edition_when_it_is_whole(
    desk: Program, file: Path
) -> None:
    whole = flowing(SOURCE[1:])
    with file.open("wb") as out:
        out.write(whole[: len(whole) // 2])
        out.flush()
        notice(desk, "まだ保存の途中です")
        out.write(whole[len(whole) // 2 :])
    assert desk.wait("source")["number"] == 2


def test_one_that_stays_damaged_locked_or_away_is_said_so(desk: Program, file: Path) -> None:
    locked = pymupdf.open(stream=flowing(SOURCE[1:])).tobytes(
        encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="x", owner_pw="y"
    )
    save(file, locked)
    notice(desk, "前の版を映しています。パスワードが必要です")
    save(file, b"%PDF-1.7\n")
    notice(desk, "前の版を映しています。壊れているため開けません")
    file.unlink()
    notice(desk, "元のファイルが見つかりません")
    file.mkdir()  # cannot be read, as with a file that another program keeps to itself
    notice(desk, "ほかのソフトが使っています")
    file.rmdir()
    save(file, flowing(SOURCE[1:]))
    assert desk.wait("source")["number"] == 2


@needs_soffice
def test_a_conversion_under_way_can_be_given_up_and_the_next_save_is_an_edition(tmp_path: Path) -> None:
    file = word(tmp_path / "予算.docx", SOURCE)
    with stage.presenter(tmp_path / "desk", "--no-mdns", str(file), size="1366x768") as desk:
        desk.wait("opened", within=90)
        desk.tell("rehearse")
        desk.wait("showing")
        word(file, SOURCE[1:])
        desk.known("converting", lambda e: e["title"] == "予算")
        desk.tell("press", words="中止")
        notice(desk, "変換をやめました")
        word(file, SOURCE[2:])
        assert desk.wait("source", within=60)["number"] == 2
