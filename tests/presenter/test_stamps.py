"""The word of the stamp in hand, and stamps of one's own."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from pageview.page_view import PageView
from presenter.buttons import Button
from presenter.settings import STAMP_LIMIT
from presenter.settings_file import SettingsFile
from presenter.stamps import Stamps


def words(stamps: Stamps) -> list[str]:
    return [line.text() for line in stamps.menu().actions() if line.isCheckable()]


def test_own_stamps_stand_beside_the_usual_ones_and_are_remembered(qtbot: QtBot, tmp_path: Path) -> None:
    page, key, file = PageView(), Button(), tmp_path / "presenter.toml"
    for widget in (page, key):
        qtbot.addWidget(widget)
    settings = SettingsFile(file)
    stamps = Stamps(key, page.hand, settings)
    assert (words(stamps), page.hand.stamp) == (["確認", "要修正", "済"], "確認")
    stamps.menu().actions()[1].trigger()
    assert (page.hand.stamp, key.text().strip()) == ("要修正", "印：要修正")
    stamps.add(" 総務課\u202e了解 ")
    stamps.add("長" * 99)
    stamps.add("\u200e")
    settings.write()
    again = Stamps(key, page.hand, SettingsFile(file))
    assert words(again) == ["確認", "要修正", "済", "長" * STAMP_LIMIT, "総務課了解"]
    again.add("済")
    again.add("R&D")
    assert words(again)[:4] == ["確認", "要修正", "済", "R&&D"], "no & is a key, no word is there twice"
    assert (key.text().strip(), key.accessibleName()) == ("印：R&&D", "印：R&D")
    again.take("総務課了解")
    again.remove("総務課了解")
    assert page.hand.stamp == "確認", "what is no more is not in hand"
