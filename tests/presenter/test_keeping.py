"""After 説明を終える in real processes: the record is made, confirmed and filed; the share may be away."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
import shiboken6
from docx import Document
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import assets
from pageview.segments import SegmentStore
from presenter import archiving, stage
from presenter.actions import Actions
from presenter.archive.cards import Card
from presenter.archive.carried import FOLDER, CarriedFile, encoded, lay_out, look
from presenter.archive.log_lines import check_log
from presenter.archiving import Archiving, Ended, Kept
from presenter.dialogs import Question
from presenter.end import EndScreen
from presenter.end_state import Keep
from presenter.keeping_flow import KeepingFlow
from presenter.record.draft import drafted
from presenter.record.facts import How
from presenter.record.gathering import Occasion
from presenter.record.record import Record, decoded
from presenter.record_sheet import GrowingField, RecordSheet
from presenter.settings import Settings
from presenter.stage import Event, Program
from protocol.model import Briefing
from tests.presenter.record.sample import FACTS
from tests.presenter.test_running import ROOM, both, pair

TITLE = "災害対策本部の初動体制の見直し（案）"


def settings(folder: Path, **more: str) -> None:
    """The desk's settings, written before it starts."""
    folder.mkdir(parents=True, exist_ok=True)
    archive = more.pop("archive")
    lines = {"name": "佐藤", "department": "危機管理課", **more}
    text = "".join(f"{key} = '{value}'\n" for key, value in lines.items())
    text += f"[archive]\nfolder = '{archive}'\n"
    (folder / "presenter.toml").write_text(text, "utf-8")


def briefed(wall: Program, desk: Program, address: str, *, done: tuple[int, ...] = ()) -> Event:
    """A briefing that showed a page and has ended; what was kept of it. ``done``: homework, by its number."""
    desk.wait("opened")
    pair(wall, desk, address)
    desk.tell("start")
    wall.wait("painted", lambda e: e["sharp"] and e["page"] == 1)
    desk.tell("jump", page=3)
    wall.wait("painted", lambda e: e["sharp"] and e["page"] == 3)
    desk.tell("minutes_type", kind="DECISION", text="更新を前倒しする")
    desk.tell("minutes_enter")
    desk.wait("minutes", lambda e: "更新を前倒しする" in [row[2] for row in e["rows"]])
    for number in done:
        desk.tell("minutes_reply", number=number, reply="done")
        desk.known("minutes", lambda e: "DONE" in [row[3] for row in e["rows"]])
    desk.tell("end")
    assert desk.wait("ended")["wiped"] == [ROOM]
    desk.tell("open", files=[str(assets.SAMPLE_BUDGET)])  # for the next one, while this one is kept
    return desk.known("kept")


def test_a_briefing_that_has_ended_is_confirmed_and_filed_by_the_rule(tmp_path: Path) -> None:
    archive = tmp_path / "share"
    archive.mkdir()
    settings(tmp_path / "desk", archive=str(archive), form="復命書")
    left = [
        Card(f"{n:032x}", "homework", f"宿題{n}", 1_790_000_000 + n, "7ページ", "", "中村", "12月1日")
        for n in (1, 2)
    ]
    before = CarriedFile(1, "危機管理課", f"20261101_{TITLE}_第2版", 1_790_000_000, tuple(left))
    lay_out(archive, "former", encoded(before))
    with both(tmp_path) as (wall, desk, address):
        kept = briefed(wall, desk, address, done=(1,))
        waiting = Path(kept["folder"])
        assert (waiting / "復命書.docx").is_file(), "safe before anybody confirms it"
        assert not list((tmp_path / "desk" / "state" / "briefings").glob("*/journal"))
        assert [each.name for each in archive.iterdir()] == [FOLDER]
        desk.tell("confirm_record")
        assert desk.known("kept", lambda e: e["confirmed"])["place"] == kept["place"]
        desk.tell("action", name="close")
        filed = Path(desk.wait("filed")["folder"])
        desk.known("opened", lambda e: e["pages"] == 24)
        desk.tell("rehearse")
        desk.wait("showing")
    assert str(filed) == kept["place"]
    assert filed.parent.name == TITLE and filed.parent.parent.name == "危機管理課"
    stem = filed.name
    record = decoded((filed / f"{stem}_打合せ記録.json").read_bytes())
    assert record.confirmed is not None and record.confirmed.by == "佐藤"
    assert [(each.name, each.how) for each in record.facts.attendees] == [
        ("危機管理課 佐藤", How.PRESENTING),
        ("第三会議室", How.ROOM),
    ]
    assert [each.place.page for each in record.facts.page_times] == [1, 3]
    decided = next(each for each in record.sentences if each.text == "更新を前倒しすることとした。")
    assert decided.place == record.facts.page_times[1].place, "the page that was shown then"
    assert check_log((filed / f"{stem}_経過.jsonl").read_bytes()).whole
    assert (filed / f"{stem}_原本.pdf").read_bytes().startswith(b"%PDF")
    assert (filed / f"{stem}_溶け込み.pdf").is_file()
    assert "確認済み（佐藤" in Document(str(filed / f"{stem}_復命書.docx")).element.xml
    assert not list(waiting.parent.iterdir())
    assert (record.facts.subject, record.facts.papers[0].minutes) == (TITLE, 30), "the usual plan"
    assert [each.former is not None for each in record.facts.minutes] == [True, True, False]
    assert [card.text for card in look(archive, "危機管理課", TITLE, ()).cards] == ["宿題2"]


@pytest.mark.long
def test_while_the_share_is_away_the_set_waits_and_the_next_start_files_it(tmp_path: Path) -> None:
    archive = tmp_path / "share"
    settings(tmp_path / "desk", archive=str(archive))
    with both(tmp_path) as (wall, desk, address):
        kept = briefed(wall, desk, address)
        desk.tell("action", name="close")
    assert (Path(kept["folder"]) / "打合せ記録.docx").is_file()
    assert not archive.exists()
    archive.mkdir()
    with stage.presenter(tmp_path / "desk", "--no-mdns", size="1366x768") as desk:
        filed = Path(desk.wait("filed")["folder"])
        desk.known("opened", lambda e: e["pages"] == 24)
        desk.tell("rehearse")
        desk.wait("showing")
    assert str(filed) == kept["place"]
    assert (filed / f"{filed.name}_打合せ記録.docx").is_file()


def test_a_desk_that_is_killed_while_it_keeps_a_briefing_loses_nothing(tmp_path: Path) -> None:
    archive = tmp_path / "share"
    archive.mkdir()
    settings(tmp_path / "desk", archive=str(archive))
    with both(tmp_path) as (wall, desk, address):
        desk.wait("opened")
        pair(wall, desk, address)
        desk.tell("start")
        wall.wait("painted", lambda e: e["sharp"])
        desk.tell("journal")
        assert desk.wait("journal")["written"]
        desk.tell("end")
        wall.wait("wiped")
        desk.kill()
    state = tmp_path / "desk" / "state"
    whole = [*(state / "waiting").glob("[!.]*/目録.json")]
    with stage.presenter(tmp_path / "desk", "--no-mdns", size="1366x768") as again:
        again.known("filed" if whole else "unclosed")


def test_a_briefing_that_no_screen_shows_any_more_is_no_rehearsal_even_after_a_crash(tmp_path: Path) -> None:
    archive = tmp_path / "share"
    archive.mkdir()
    settings(tmp_path / "desk", archive=str(archive))
    with both(tmp_path) as (wall, desk, address):
        desk.wait("opened")
        pair(wall, desk, address)
        desk.tell("start")
        wall.wait("painted", lambda e: e["sharp"])
        desk.tell("minutes_type", kind="DECISION", text="更新を前倒しする")
        desk.tell("minutes_enter")
        desk.tell("drop", room=ROOM)
        wall.wait("wiped")
        desk.tell("journal")
        assert desk.wait("journal")["written"]
        desk.kill()
    with stage.presenter(tmp_path / "desk", "--no-mdns", size="1366x768") as again:
        again.wait("unclosed")
        again.tell("resume")
        again.wait("showing")
        again.tell("end")
        kept = Path(again.wait("kept")["folder"])
        assert "更新を前倒しする" in (kept / "打合せ記録.txt").read_text("utf-8-sig")


def test_a_full_disk_at_the_end_is_told_with_the_name_of_what_it_does_not_take(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> Kept:
        raise OSError(errno.ENOSPC, "it tells no name")

    monkeypatch.setattr(Archiving, "_kept", full)
    made = Archiving(tmp_path / "waiting", tmp_path, SegmentStore(), Settings)
    now = datetime(2026, 11, 24, 14)
    with qtbot.waitSignal(made.failed) as told:
        made.keep(Ended(Briefing(), None, now, Occasion("財政課", "佐藤"), ""))
    made.close()
    assert told.args is not None and told.args[0][1] == {"name": str(tmp_path / "waiting")}


class Written(QObject):
    """The archive: what it is to write, and when it has."""

    kept = Signal(object)
    failed = Signal(object)
    filed = Signal(object, object)
    waits = Signal(object)
    told = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.under_way: list[Kept] = []

    def change(self, kept: Kept, record: Record) -> None:
        self.under_way.append(replace(kept, record=record))


class AtTheEnd:
    """The end screen over a draft, with an archive that writes nothing."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.archive, self.shown, self.ran = Written(), list[Keep](), list[str]()
        actions = Actions()
        actions.ran.connect(self.ran.append)
        self.screen = EndScreen(actions)
        qtbot.addWidget(self.screen)
        self.screen.show()
        start = SimpleNamespace(notice=lambda *_, **__: None)
        end = SimpleNamespace(screen=self.screen, keep=self.shown.append)
        self.flow = KeepingFlow(end, start, self.archive, self.archive, actions, Settings)
        self.archive.kept.emit(Kept("a", drafted(FACTS), folder, folder, (), None))

    def sheet(self) -> RecordSheet:
        return next(sheet for sheet in self.screen.findChildren(RecordSheet) if sheet.isVisible())


@pytest.fixture
def at_the_end(qtbot: QtBot, tmp_path: Path) -> AtTheEnd:
    return AtTheEnd(qtbot, tmp_path)


def test_a_record_that_is_confirmed_to_close_closes_when_it_is_written(at_the_end: AtTheEnd) -> None:
    at_the_end.screen.confirm_wanted.emit()
    at_the_end.sheet().confirm.click()
    (written,) = at_the_end.archive.under_way
    assert written.record.confirmed is not None and "close" not in at_the_end.ran
    at_the_end.archive.kept.emit(written)
    assert at_the_end.ran == ["close"]


def test_what_was_typed_in_a_record_is_thrown_away_by_its_own_button_alone(
    qtbot: QtBot, at_the_end: AtTheEnd
) -> None:
    at_the_end.flow.open_record()
    sheet = at_the_end.sheet()
    sheet.findChildren(GrowingField)[-1].insertPlainText("手で直した。")
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    sheet.findChildren(Question)[-1].no.click()
    assert sheet.isVisible() and "手で直した。" in str(sheet.record().sentences)
    sheet.close()
    sheet.findChildren(Question)[-1].yes.click()
    assert not sheet.isVisible() and not at_the_end.archive.under_way
    at_the_end.flow.open_record()
    qtbot.keyClick(fresh := at_the_end.sheet(), Qt.Key.Key_Escape)
    assert not fresh.isVisible(), "where nothing was typed, nothing is asked"


def test_what_is_changed_while_a_former_change_is_written_is_not_lost(at_the_end: AtTheEnd) -> None:
    archive, shown, flow = at_the_end.archive, at_the_end.shown, at_the_end.flow
    first, second = FACTS.open[0], FACTS.open[-1]
    flow._assigned(first, "総務課 高橋", "12月4日")
    flow._assigned(second, "河川課 中村", "12月5日")
    archive.kept.emit(archive.under_way[0])
    assert shown[-1].changing, "the second is still being written"
    assert [each.owner for each in (shown[-1].record.facts.open[0], shown[-1].record.facts.open[-1])] == [
        "総務課 高橋",
        "河川課 中村",
    ]
    archive.kept.emit(archive.under_way[1])
    assert not shown[-1].changing
    assert shown[-1].record == archive.under_way[1].record


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="what stands for a share that hangs")
def test_what_hung_at_a_share_until_the_desk_was_gone_ends_without_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    uncaught: list[object] = []
    monkeypatch.setattr("threading.excepthook", uncaught.append)
    monkeypatch.setattr(archiving, "CLOSING_S", 0.0)
    os.mkfifo(hanging := tmp_path / "rule.toml")
    made = Archiving(tmp_path, tmp_path, SegmentStore(), lambda: Settings(naming=str(hanging)))
    made.look_for_carried("財政課", TITLE)
    thread = made._thread
    assert thread is not None
    made.close()
    shiboken6.delete(made)
    hanging.write_text("")  # the share is back
    thread.join()
    assert uncaught == []
