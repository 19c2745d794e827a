"""The demo's last scenes: something is looked up and shown with its source, and the record is filed."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

from presenter import stage
from presenter.demo_minutes import ASKED
from presenter.stage import Event, NotTrue, Program

WORDS = "夜間に見えない"
ANSWER = "令和8年度 河川監視カメラの点検結果.txt"
INSPECTED = """令和8年度 河川監視カメラの点検結果（土木部）

点検した36か所のうち、夜間に見えないカメラは5か所である。
  東部土木事務所　12か所のうち3か所
  南部土木事務所　 9か所のうち1か所
  西部土木事務所　 8か所のうち1か所
  北部土木事務所　 7か所のうち0か所
"""


def with_archive(presenter: Path) -> None:
    """A presenter whose department has an archive, with the answer to what will be asked."""
    archive = presenter / "archive"
    archive.mkdir(parents=True)
    (archive / ANSWER).write_text(INSPECTED, encoding="utf-8")
    settings = f"{stage.PERSON}\n[lookup]\nfolders = ['{archive}']\n"
    (presenter / "presenter.toml").write_text(settings, encoding="utf-8")


def looked_up(desk: Program, wall: Program, pages: int) -> Event:
    """Found and looked at by the presenter alone; then on the wall, as the page behind all ``pages``."""
    desk.known("archive", lambda e: e["resting"] and e["done"] == 1)
    wall.skip()
    desk.tell("key", key="Ctrl+K")
    desk.tell("lookup", words=WORDS)
    desk.wait("looked", lambda e: e["there"] and e["finds"] > 0)
    if wall.has("painted"):
        raise NotTrue("the wall changed before anything was shown")
    desk.tell("key", key="Ctrl+Return")
    return wall.wait("painted", lambda e: e["sharp"] and e["page"] == pages + 1)


def filed(desk: Program, into: Path) -> str:
    """The record is confirmed and lies in the archive, with what was asked in its words; a copy of the set
    is left in the folder ``into``, to be opened and looked at."""
    kept = desk.known("kept")
    desk.tell("confirm_record")
    desk.known("kept", lambda e: e["confirmed"] and e["place"] == kept["place"])
    desk.tell("action", name="close")
    desk.tell("press", words="このまま閉じる")  # the question that was carried has no owner
    folder = Path(desk.wait("filed")["folder"])
    forms = list(folder.glob("*.docx"))
    if not any(ASKED in _words(form) for form in forms):
        raise NotTrue(f"no record in {folder.name} tells what was asked")
    shutil.copytree(folder, into, dirs_exist_ok=True)
    return f"{sum(1 for _ in folder.iterdir())} files in {folder.name}, the record confirmed"


def _words(form: Path) -> str:
    """The text of a Word document, as it stands in its markup."""
    with zipfile.ZipFile(form) as parts:
        return parts.read("word/document.xml").decode("utf-8")
