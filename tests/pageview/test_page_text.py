"""Choosing words, comparing states: on pages made by hand, without a PDF."""

from __future__ import annotations

import pytest

from pageview.correction_places import new_places
from pageview.page_diff import differences
from pageview.page_text import PageText, Style, TextLine, TextRange
from pageview.text_selection import circled, drag, enclosed, hit, line, word
from protocol.values import Rect

GOTHIC = Style("Gothic", 1_000, 0x102030, True, False)


def page(*lines: str, tops: tuple[int, ...] = ()) -> PageText:
    """Lines of letters of 10 × 10 pt; Western ones are half as wide."""
    made = []
    for number, text in enumerate(lines):
        top, left = (tops[number] if tops else 2_000 * number), 0
        edges: list[int] = []
        for sign in text:
            wide = 500 if sign.isascii() else 1_000
            edges += (left, top, left + wide, top + 1_000)
            left += wide
        made.append(TextLine(number, text, tuple(edges), (0, top + 800), (0, 0)))
    return PageText(tuple(made), (GOTHIC,))


def at(text: PageText, row: int, place: int) -> tuple[int, int]:
    box = text.lines[row].box(place)
    return (box.x0 + box.x1) // 2, (box.y0 + box.y1) // 2


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("令和9年度予算の編成方針", 4, "年度予算"),
        ("令和9年度予算の編成方針", 2, "9"),
        ("執行率は87.0％となる", 5, "87.0％"),
        ("約1,250万円", 3, "1,250"),
        ("配らない。", 4, "。"),
        ("Kamizero v1.0 is", 3, "Kamizero"),
        ("デジタル化の推進", 1, "デジタル"),
    ],
)
def test_a_double_click_takes_the_word(text: str, place: int, expected: str) -> None:
    made = page(text)
    assert word(made, at(made, 0, place)).text == expected


def test_a_drag_takes_characters_as_a_text_field_does() -> None:
    made = page("あいうえお", "かきくけこ", "さしすせそ")
    assert drag(made, (1_100, 500), (2_900, 500)).text == "いう"
    down = drag(made, (3_100, 500), (2_100, 4_500))
    assert down.ranges == (TextRange(0, 3, 5), TextRange(1, 0, 5), TextRange(2, 0, 2))
    assert down.text == "えお\nかきくけこ\nさし"
    assert drag(made, (2_100, 4_500), (3_100, 500)) == down, "upwards as well"
    assert drag(made, (-900, 500), (9_000, 500)).text == "あいうえお", "from beside the line"
    assert not drag(made, (1_100, 500), (1_200, 500))
    assert not drag(PageText(), (0, 0), (9, 9))


def test_what_is_circled_and_what_is_under_a_point() -> None:
    made = page("あいうえお", "かき くけこ")
    circle = Rect(900, 1_900, 4_400, 3_100)
    assert enclosed(made, circle).text == "き くけ"
    assert enclosed(made, circle).boxes == (Rect(1_000, 2_000, 4_500, 3_000),)
    assert (hit(made, (1_500, 500)), hit(made, (1_500, 1_500))) == ((0, 1), None)
    assert line(made, (100, 2_500)).text == "かき くけこ"


def test_differences_are_words_with_their_places_on_both_states() -> None:
    before = page("重点施策の見直しについて", "執行率は87.0％である", "以上")
    after = page("重点施策の見直しについて", "執行率は88.5％となる", "附則", "以上")
    found = differences(before, after)
    assert [(each.before, each.after) for each in found] == [("87.0％である", "88.5％となる附則")]
    assert found[0].boxes_before[0].x0 == 4_000 and found[0].boxes_after[0].y0 == 2_000
    assert differences(before, before) == []
    gone = differences(before, PageText())
    assert [(each.after, each.boxes_after) for each in gone] == [("", ())]


def test_a_text_that_does_not_fit_together_is_unsound() -> None:
    sound = page("あい")
    assert sound.is_sound() and PageText().is_sound()
    one = sound.lines[0]
    for broken in (
        TextLine(0, "あい", one.edges[:4], one.origin, one.runs),
        TextLine(0, "あい", one.edges, one.origin, (0, 1)),
        TextLine(0, "あい", one.edges, one.origin, (1, 0)),
        TextLine(0, "", (), one.origin, (0, 0)),
    ):
        assert not PageText((broken,), (GOTHIC,)).is_sound()


def test_a_ring_takes_whole_figures_and_leaves_the_one_it_cuts_into() -> None:
    made = page("71 35.2％", "予算額は増")
    ring = [(600, 200), (2_500, -200), (6_000, 200), (6_000, 900), (2_500, 1_200), (600, 900)]
    assert circled(made, ring).text == "35.2％"
    above = [(900, 1_800), (3_100, 1_800), (3_100, 3_200), (900, 3_200)]
    assert circled(made, above).text == "算額"


def test_a_ring_around_one_line_leaves_the_next_that_it_cuts_into() -> None:
    made = page("令和九年度", "予算の総額", "を見込む", tops=(0, 1_200, 2_400))

    def taken(top: int, bottom: int) -> str:
        return circled(made, [(1_000, top), (3_200, top), (3_200, bottom), (1_000, bottom)]).text

    assert taken(400, 2_400) == "算の", "the line above has its middles inside, and is cut"
    assert taken(-100, 2_300).split() == ["和九", "算の"]
    assert taken(400, 1_800).split() == ["和九", "算の"], "both are cut: nobody can tell"


@pytest.mark.parametrize(
    ("text", "from_", "to", "taken"),
    [
        ("額は、1237億円（前", 2, 9, "1237億円"),
        ("額は（案）とする", 2, 5, "（案）"),
        ("額は（案）、次", 3, 6, "案"),
        ("予算案（骨子）", 0, 7, "予算案（骨子）"),
        ("整理した。", 0, 5, "整理した。"),
        ("金額、及び", 2, 3, "、"),
    ],
)
def test_a_ring_leaves_commas_and_half_brackets_that_it_cuts_into(
    text: str, from_: int, to: int, taken: str
) -> None:
    made = page(text)
    left, right = made.lines[0].box(from_).x0 + 10, made.lines[0].box(to - 1).x1 - 10
    assert circled(made, [(left, -500), (right, -500), (right, 1_500), (left, 1_500)]).text == taken


def test_new_words_are_found_on_the_line_of_the_old_ones_nearest_to_them() -> None:
    made = page("総額 1,237億円と 1,237億円", "1,237億円", tops=(10_000, 12_000))
    old = Rect(9_500, 10_000, 15_000, 11_000)
    (found,) = new_places(made, (old,), "1,237億円")
    assert found == made.lines[0].hull(12, 19)
    assert new_places(made, (old,), "総額1,237億円") == (made.lines[0].hull(0, 10),), (
        "whatever gaps there are"
    )
    assert new_places(made, (old,), "ない") == () == new_places(made, (old,), "")
