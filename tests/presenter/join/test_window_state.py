"""The sentences of the participant's window are true in every state."""

from __future__ import annotations

from dataclasses import replace

import pytest

from presenter.join.window_state import Looking, Presented, WindowState, caption, pill, return_words
from protocol.values import Screen
from tests.presenter.join.screens import FOLLOWING, FREELY

PRESENTING = replace(FOLLOWING, looking=Looking.PRESENTING)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (FOLLOWING, "説明者と同じ画面です"),
        (FREELY, "自分だけの表示です"),
        (PRESENTING, "あなたが説明しています"),
        (replace(FOLLOWING, screen=Screen.HIDDEN), "説明者が画面を隠しています"),
        (replace(FOLLOWING, screen=Screen.COVER), "説明者が画面を隠しています"),
        (replace(FREELY, screen=Screen.HIDDEN), "自分だけの表示です"),
        (replace(FOLLOWING, received=0.4), "資料を受け取っています"),
        (replace(FOLLOWING, received=0.4, unusable=True), "この資料を受け取れません"),
        (replace(FOLLOWING, lost_s=0.0), "つなぎ直しています"),
        (replace(PRESENTING, lost_s=59.0), "つなぎ直しています"),
        (replace(FREELY, lost_s=60.0), "つながると、ひとりでに"),
        (replace(FREELY, lost_s=60.0, walls=0), "この会議室での説明は終わりました"),
        (replace(FREELY, walls=0), "自分だけの表示です"),
    ],
)
def test_the_caption_never_says_more_than_is_known(state: WindowState, said: str) -> None:
    assert caption(state).words[0].startswith(said)


def test_same_as_the_presenter_is_said_only_while_the_link_lives() -> None:
    for lost in (0.0, 5.0, 500.0):
        for state in (FOLLOWING, FREELY, PRESENTING):
            line = caption(replace(state, lost_s=lost))
            assert line.tone in ("warn", "err")
            assert pill(replace(state, lost_s=lost)).tone == line.tone


def test_the_way_back_is_offered_only_to_another_page() -> None:
    assert FREELY.elsewhere and not FOLLOWING.elsewhere
    assert not replace(FREELY, page_id=7).elsewhere, "the same page, only larger"
    assert not replace(FREELY, presented=None).elsewhere
    other = Presented(40, 16, "重点施策")
    assert return_words(other, lost=False)[1] == {"title": "重点施策", "page": 16}
    assert return_words(other, lost=True)[0] == "説明者は{page}ページを説明していました"


def test_going_on_needs_the_grant_and_a_presenter_who_is_away() -> None:
    granted = replace(FOLLOWING, takeover=True)
    assert not granted.may_take_over
    assert not replace(granted, lost_s=9.9).may_take_over
    assert replace(granted, lost_s=10.0).may_take_over
    assert not replace(FOLLOWING, lost_s=900.0).may_take_over
