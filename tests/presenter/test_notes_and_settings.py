"""What stays on this computer: private notes, sealed and alone in their file, and the person's settings."""

from __future__ import annotations

import ast
import os
from datetime import date
from pathlib import Path

import pytest

from presenter.at_rest import AtRestKey
from presenter.notes import Notes
from presenter.settings import RoomUsed, Settings, read_settings, write_settings
from presenter.settings_file import SettingsFile

PAPER, OTHER = b"\1" * 32, b"\2" * 32


@pytest.fixture
def key(tmp_path: Path) -> AtRestKey:
    return AtRestKey.load_or_create(tmp_path / "state")


def test_notes_come_back_by_paper_and_page_from_sealed_files(tmp_path: Path, key: AtRestKey) -> None:
    notes = Notes(tmp_path / "notes", key)
    notes.write(PAPER, 6, "増額25億円のうち18億円")
    notes.write(OTHER, 6, "別の資料")
    notes.save()
    assert not notes.unsaved
    files = list((tmp_path / "notes").iterdir())
    assert len(files) == 2
    assert not any("億円".encode() in file.read_bytes() or PAPER.hex()[:8] in file.name for file in files)
    again = Notes(tmp_path / "notes", key)
    assert (again.of(PAPER, 6), again.of(PAPER, 7), again.of(OTHER, 6)) == (
        "増額25億円のうち18億円",
        "",
        "別の資料",
    )


def test_a_damaged_notes_file_is_kept_aside_and_told(tmp_path: Path, key: AtRestKey) -> None:
    notes = Notes(tmp_path / "notes", key)
    notes.write(PAPER, 0, "大事なこと")
    notes.save()
    (file,) = (tmp_path / "notes").iterdir()
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    again = Notes(tmp_path / "notes", key)
    assert again.of(PAPER, 0) == ""
    assert [aside.exists() for aside in again.damaged] == [True]
    again.write(PAPER, 0, "書き直し")
    again.save()
    assert Notes(tmp_path / "notes", key).of(PAPER, 0) == "書き直し"


def test_notes_know_nothing_that_could_send_them() -> None:
    source = Path(__file__).parents[2] / "presenter" / "notes.py"
    imported = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(ast.parse(source.read_text("utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert not [name for name in imported if name.startswith("protocol")]
    assert not [name for name in imported if name.startswith("presenter") and name != "presenter.at_rest"]


def test_the_key_file_is_the_person_s_alone(tmp_path: Path, key: AtRestKey) -> None:
    assert (tmp_path / "state" / "at-rest.key").stat().st_mode & 0o777 == 0o600


def test_settings_come_back_as_they_were(tmp_path: Path) -> None:
    file = tmp_path / "presenter.toml"
    settings = (
        Settings(name="佐藤", department='財政課 "予算"', language="en", planned_minutes=45)
        .with_paper(Path("/共有/資料 1.pdf"), date(2026, 11, 23))
        .with_room(RoomUsed(27, "第三会議室", "本庁舎 3階", date(2026, 11, 24)))
    )
    write_settings(file, settings)
    assert read_settings(file) == (settings, ())


def test_a_wrong_value_is_named_and_the_rest_counts(tmp_path: Path) -> None:
    file = tmp_path / "presenter.toml"
    file.write_text('name = "佐藤"\nlanguage = "fr"\nplanned_minutes = 9000\nshape = 1\n', encoding="utf-8")
    settings, wrong = read_settings(file)
    assert settings == Settings(name="佐藤")
    assert len(wrong) == 3
    assert "language" in wrong[0]
    assert "fr" in wrong[0]
    assert '"ja"' in wrong[0]


def test_settings_saved_by_a_windows_editor_with_a_mark_at_their_beginning_count(tmp_path: Path) -> None:
    file = tmp_path / "presenter.toml"
    file.write_text('name = "髙𠮷"\n', encoding="utf-8-sig")
    assert read_settings(file) == (Settings(name="髙𠮷"), ())


def test_settings_that_are_no_toml_are_told_and_the_program_starts(tmp_path: Path) -> None:
    file = tmp_path / "presenter.toml"
    file.write_bytes(b"\xff\xfe name =")
    settings, wrong = read_settings(file)
    assert settings == Settings()
    assert len(wrong) == 1
    kept = SettingsFile(file)
    kept.write()
    assert read_settings(file) == (Settings(), ())
    assert file.with_suffix(".wrong.toml").read_bytes() == b"\xff\xfe name =", "a person may yet mend it"


def test_wrong_settings_that_their_person_has_taken_away_keep_none_from_the_disk(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("name =")
    kept = SettingsFile(file)
    file.unlink()
    kept.write()
    assert read_settings(file) == (Settings(), ())


def test_a_paper_whose_name_is_no_text_does_not_keep_the_settings_from_the_disk(tmp_path: Path) -> None:
    file = tmp_path / "presenter.toml"
    day = date(2026, 11, 24)
    good, bad = Path("/papers/予算.pdf"), Path(os.fsdecode(b"/papers/\xff.pdf"))
    write_settings(file, Settings().with_paper(good, day).with_paper(bad, day))
    assert [paper.path for paper in read_settings(file)[0].papers] == [good]


def test_a_paper_used_again_moves_to_the_top() -> None:
    settings = Settings()
    for n in range(12):
        settings = settings.with_paper(Path(f"/{n}.pdf"), date(2026, 11, 1))
    settings = settings.with_paper(Path("/8.pdf"), date(2026, 11, 2))
    settings = settings.with_paper(Path("/\udcff.pdf"), date(2026, 11, 3))
    assert [paper.path.name for paper in settings.papers][:3] == ["8.pdf", "11.pdf", "10.pdf"]
    assert len(settings.papers) == 8
