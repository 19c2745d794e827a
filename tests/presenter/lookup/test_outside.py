"""A search outside the house: the browser is given its address, and one that does not open is told of."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, QUrl, Signal

from presenter.lookup.finds import Find, Outside
from presenter.lookup.looking import Looking
from presenter.lookup.places import WebSearch

REGULATIONS = WebSearch("県例規集", "https://reiki.example.jp/search?word={query}&lang=ja")


class Dialog(QObject):
    """What is said at its foot."""

    wanted, chosen, opened, turned = Signal(object), Signal(object), Signal(object), Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[str, str]] = []

    def tell(self, words: str, tone: str) -> None:
        self.told.append((words, tone))


class Told(QObject):
    """Whatever else is listened to."""

    changed, looked, known, thumbnail_ready = Signal(), Signal(object), Signal(object), Signal(object)
    search = SimpleNamespace


@pytest.mark.parametrize("opens", [True, False])
def test_the_browser_has_the_words_as_they_are_and_where_there_is_none_the_person_is_told(
    opens: bool,
) -> None:
    dialog, told, given = Dialog(), Told(), list[QUrl]()
    looking = Looking(dialog, told, told, told, told, lambda url: given.append(url) or opens)
    looking.open(Find(Outside(REGULATIONS, '𠮷野川&夜間#100% +"A"'), ("", {})))
    (url,) = given
    assert bytes(url.toEncoded().data()).decode() == (
        "https://reiki.example.jp/search?word="
        "%F0%A0%AE%B7%E9%87%8E%E5%B7%9D%26%E5%A4%9C%E9%96%93%23100%25%20%2B%22A%22&lang=ja"
    )
    assert [tone for _, tone in dialog.told] == ([] if opens else ["err"])
