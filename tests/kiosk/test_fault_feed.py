"""After a crash loop the page says what a person who calls is asked for."""

from __future__ import annotations

from pathlib import Path

from kiosk.fault_feed import fault_state
from kiosk.settings import read
from pageview import wording
from presenter.stage import ROOM


def test_room_address_and_contact_come_from_the_settings_in_the_walls_language(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(ROOM.format(number=27), encoding="utf-8")
    settings = read(file)
    state = fault_state(305, (), settings, ["127.0.0.1"])
    assert (state.room, state.name, state.place) == (27, "第三会議室", "県庁 本庁舎 3階")
    assert (state.contact, state.extension, state.address) == ("管財課", "2345", "127.0.0.1")
    wording.set_language("en")
    english = fault_state(305, (), settings, ["127.0.0.1"])
    assert (english.name, english.place, english.contact) == (
        "Conference Room 3",
        "Main Building, 3rd floor",
        "Facilities",
    )
    assert fault_state(301, ("why",), None).room == 0
