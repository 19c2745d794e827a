"""The settings file: what is wrong is named with its key, value and what is allowed; nothing is guessed."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk import settings
from kiosk.settings_checks import SettingsError

EXAMPLE = Path(settings.__file__).with_name("example.toml")
LEAST = '[room]\nnumber = 27\nname = "第三会議室"\n'


def problems(text: str) -> dict[str, str]:
    with pytest.raises(SettingsError) as caught:
        settings.check(tomllib.loads(text))
    return {problem.key: problem.sentence() for problem in caught.value.problems}


def test_the_example_is_valid_and_says_the_defaults() -> None:
    example = settings.read(EXAMPLE)
    assert example.room.number == 27
    least = settings.check(tomllib.loads(LEAST))
    assert replace(example, room=least.room, help=least.help) == least


@pytest.mark.parametrize(
    ("text", "key", "value", "allowed"),
    [
        (LEAST.replace("27", "0"), "room.number", "0", "1から99999まで"),
        (LEAST.replace("27", "true"), "room.number", "true", "整数"),
        (LEAST.replace("第三会議室", " "), "room.name", '" "', "1から40文字"),
        (LEAST.replace("第三会議室", "a\\u0000"), "room.name", "a", "文字列"),
        (LEAST + '[display]\ntouch = "yes"', "display.touch", '"yes"', "auto, on, off"),
        (LEAST + "[display]\ninches = nan", "display.inches", "nan", "10から500まで"),
        (LEAST + "[deadlines]\nwipe = -1", "deadlines.wipe", "-1", "86400"),
        (LEAST + "[deadlines]\ncover = 1000", "deadlines.wipe", "900", "deadlines.cover 以上"),
        (LEAST + "[network]\nport = 70000", "network.port", "70000", "0から65535まで"),
        (LEAST + "[network]\nrendezvous_port = 47400", "network.rendezvous_port", "47400", "別の番号"),
        (LEAST + '[network]\nown_networks = ["10.0.0.0/40"]', "network.own_networks", "10.0.0.0", "64個"),
        (LEAST + "[[booking]]\nstart = 2026-11-24T14:00:00Z", "booking[1].start", "2026", "その部屋の日時"),
        ('language = "fr"\n' + LEAST, "language", '"fr"', "en"),
        (LEAST + '[self_test]\ntime = "8時"', "self_test.time", '"8時"', "08:15"),
        (LEAST + '[self_test]\ndays = "mon 火"', "self_test.days", '"mon 火"', "mon tue wed"),
        (LEAST + '[calendar]\nsource = "ftp://a/b"', "calendar.source", '"ftp://a/b"', "https://"),
        (LEAST + '[calendar]\nshow = "all"', "calendar.show", '"all"', "time, organizer, title"),
        (LEAST + "[standby]\npicture_seconds = 1", "standby.picture_seconds", "1", "5から86400"),
        (LEAST + '[timetable]\noff = "yes"', "timetable.off", '"yes"', "never, black, dpms, cec"),
        (LEAST + '[timetable]\nmon = "19:00-19:00"', "timetable.mon", '"19:00-19:00"', "07:30-19:00"),
        (LEAST + '[timetable]\nclosed = ["12-29"]', "timetable.closed", "12-29", "2026-12-29"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed(text: str, key: str, value: str, allowed: str) -> None:
    sentence = problems(text)[key]
    assert key in sentence
    assert value in sentence
    assert allowed in sentence


def test_missing_and_unknown_keys_are_all_told_at_once() -> None:
    found = problems('langauge = "ja"\n[room]\nname = "a"\nnumer = 3\n[deadline]\ncard = 5\n')
    assert set(found) == {"langauge", "room.number", "room.numer", "deadline"}
    assert "number" in found["room.numer"]
    assert "deadlines" in found["deadline"]


def test_a_booking_that_ends_before_it_begins_is_refused() -> None:
    text = LEAST + "[[booking]]\nstart = 2026-11-24T14:00:00\nend = 2026-11-24T13:00:00\n"
    assert set(problems(text)) == {"booking[1].end"}


@pytest.mark.parametrize(
    "more", ["a = " + 10_000 * "[", f"a = {5_000 * '9'}", f"# {1_000_000 * 'x'}", "a = 1\na = 2"]
)
def test_no_text_is_too_strange_for_a_sentence(tmp_path: Path, more: str) -> None:
    """Else the display shows nothing at all: not even the page that says what is wrong."""
    file = tmp_path / "kiosk.toml"
    file.write_text(f"{LEAST}{more}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=re.escape(str(file))):
        settings.read(file)


def test_a_file_that_cannot_be_read_is_told_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"kiosk\.toml"):
        settings.read(tmp_path / "kiosk.toml")
    broken = tmp_path / "broken.toml"
    broken.write_bytes(b"[room\n\xff")
    with pytest.raises(SettingsError, match=r"broken\.toml"):
        settings.read(broken)
