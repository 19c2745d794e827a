"""調べる with a real desk and a real wall: nothing reaches the room but by 見せる, with its source."""

from __future__ import annotations

import shutil
from pathlib import Path

import pymupdf
import pytest

import assets
from presenter import stage
from presenter.stage import Program
from tests.presenter.test_running import both, pair

NAME = "8年度 初動の検討㐂𠮷ﾊﾝｶｸ"
PERSON = """
name = "佐藤"
department = "財政課"

[archive]
folder = '{folder}'
"""


def archive_in(folder: Path) -> Path:
    """A desk below ``folder`` that searches an archive with one paper; the archive."""
    archive = folder / "資料庫"
    archive.mkdir()
    shutil.copy(assets.SAMPLE_BUDGET, archive / f"{NAME}.pdf")
    (folder / "desk").mkdir()
    settings = folder / "desk" / "presenter.toml"
    settings.write_text(PERSON.format(folder=archive), encoding="utf-8")
    return archive


def look_up(desk: Program, words: str) -> None:
    """Ctrl+K, the words typed."""
    desk.tell("key", key="Ctrl+K")
    desk.tell("lookup", words=words)


INDEXED_S = 120.0
"""At most: what reads the archive gives way to what else the machine does."""


def pages_painted(wall: Program) -> list[int]:
    wall.has("")
    return [event["page"] for event in wall.events if event["event"] == "painted"]


def test_a_page_of_the_archive_is_shown_with_its_source_and_one_key_goes_back(tmp_path: Path) -> None:
    archive_in(tmp_path)
    with both(tmp_path) as (wall, desk, address):
        memo = desk.wait("opened")["pages"]
        desk.wait("archive", lambda e: e["resting"] and e["done"] == 1, within=INDEXED_S)
        pair(wall, desk, address)
        desk.tell("start")
        wall.wait("painted", lambda e: e["sharp"] and e["page"] == 1)
        look_up(desk, "ドクターヘリ")
        looked = desk.wait("looked", lambda e: e["there"])
        assert looked["source"].startswith(f"出典：「{NAME}」15ページ（令和")
        desk.tell("key", key="Return")
        desk.tell("key", key="PgDown")
        desk.wait("looked", lambda e: e["there"] and "16ページ" in e["source"])
        assert set(pages_painted(wall)) == {1}, "to look is not to show"
        desk.tell("key", key="Ctrl+Return")
        wall.wait("painted", lambda e: e["sharp"] and e["page"] == memo + 1)
        assert set(pages_painted(wall)) == {1, memo + 1}
        desk.tell("key", key="Alt+Left")
        wall.wait("painted", lambda e: e["page"] == 1)
        out = tmp_path / "out"
        out.mkdir()
        desk.tell("export", folder=str(out))
        files = [Path(file) for file in desk.wait("exported")["files"]]
        shown = next(file for file in files if "調べたもの" in file.name and file.suffix == ".pdf")
        with pymupdf.open(shown) as pdf:
            text = "".join(pdf[0].get_text().split())
            assert "介護人材の確保" in text, "the page that was looked at, not the one found first"
            assert "".join(f"出典：「{NAME}」16ページ".split())[:10] in text
        desk.tell("end")
        desk.wait("ended")


@pytest.mark.long
def test_what_is_kept_ready_stays_unseen_until_it_is_shown(tmp_path: Path) -> None:
    archive = archive_in(tmp_path)
    with both(tmp_path) as (wall, desk, address):
        memo = desk.wait("opened")["pages"]
        desk.wait("archive", lambda e: e["resting"] and e["done"] == 1, within=INDEXED_S)
        pair(wall, desk, address)
        desk.tell("start")
        wall.wait("painted", lambda e: e["sharp"] and e["page"] == 1)
        for words in ("ドクターヘリ", "介護人材"):
            look_up(desk, words)
            desk.wait("looked", lambda e: e["there"])
            for key in ("Tab", "Tab", "Tab", "Tab", "Return", "Escape"):  # to 準備に加える
                desk.tell("key", key=key)
            desk.wait("prepared")
        assert set(pages_painted(wall)) == {1}
        shutil.rmtree(archive)  # what is prepared needs its file no more
        look_up(desk, "")
        for cards in (2, 1):
            desk.wait("looked", lambda e, cards=cards: e["there"] and e["finds"] == 2)
            desk.tell("key", key="Ctrl+Return")
            wall.wait("painted", lambda e, page=memo + 3 - cards: e["sharp"] and e["page"] == page)
            desk.tell("key", key="Ctrl+K")
            desk.tell("key", key="Down")
        desk.tell("end")
        desk.wait("ended")


def test_after_a_crash_what_was_shown_is_there_and_more_joins_the_same_paper(tmp_path: Path) -> None:
    archive_in(tmp_path)
    start = tmp_path / "desk", "--no-mdns"
    with stage.presenter(*start, str(assets.SAMPLE_MEMO)) as desk:
        memo = desk.wait("opened")["pages"]
        desk.tell("rehearse")
        desk.wait("showing")
        desk.known("archive", lambda e: e["resting"] and e["done"] == 1, within=INDEXED_S)
        look_up(desk, "ドクターヘリ")
        desk.wait("looked", lambda e: e["there"])
        desk.tell("key", key="Ctrl+Return")
        desk.wait("moved", lambda e: e["page_id"] == memo)
        desk.tell("journal")
        assert desk.wait("journal")["written"]
        desk.kill()
    with stage.presenter(*start) as desk:
        desk.wait("unclosed")
        desk.tell("resume")
        desk.wait("moved", lambda e: e["page_id"] == memo)
        desk.known("archive", lambda e: e["resting"] and e["done"] == 1, within=INDEXED_S)
        look_up(desk, "介護人材の確保")
        desk.wait("looked", lambda e: e["there"])
        desk.tell("key", key="Ctrl+Return")
        desk.wait("moved", lambda e: (e["page_id"], e["page"]) == (memo + 1, 2))
