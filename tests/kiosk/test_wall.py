"""W4 and W5: nothing stands over the page, touch only where it exists, the first touch only reveals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.actions import ACTIONS, ActionTable
from kiosk.keys import Key
from kiosk.kiosk_state import Trouble
from kiosk.page_list import Entry, PageList
from kiosk.settings import Side
from kiosk.side_card import card_for
from kiosk.wall import Wall
from kiosk.wall_feed import minutes_told, told_for_s
from kiosk.wall_state import Asker, Code, Hidden, Slot, WallState
from kiosk.wrapping import wrap
from pageview import wording
from pageview.geometry import Placement
from pageview.hand import Use
from pageview.page_view import PageView
from protocol.values import Rect
from tests.kiosk.screens import WALL, clipped, drawn, kiosk_app, overlapping, shown, untouched

__all__ = ["kiosk_app"]

SIZE = (1920, 1080)
ANY = Rect(0, 0, 1, 1)
LANDSCAPE = Placement(ANY, 196, 0, 1528, 1080)
WIDE = Placement(ANY, 0, 0, 1920, 1080)
STEP_RIGHT, STEP_LEFT = Placement(ANY, 0, 0, 1728, 1080), Placement(ANY, 192, 0, 1728, 1080)
STEPPED = replace(WALL, step=1, steps=3, step_label="中段", part=(0.3, 0.7), page=(1, 106))
STATES = {
    "following": WALL,
    "looking freely": replace(WALL, following=False, presenter_page=12),
    "larger, inverted": replace(WALL, larger=True, inverted=True, following=False),
    "locked": replace(WALL, free_viewing=False),
    "reconnecting": replace(WALL, trouble=Trouble.RECONNECTING),
    "dead for a minute": replace(WALL, trouble=Trouble.CHECK_NETWORK),
    "code": replace(WALL, shown=Code.ROOM),
    "joining": replace(WALL, join_code="730264"),
    "join code": replace(WALL, join_code="730264", shown=Code.JOIN),
    "more": replace(WALL, writes=True, more=True, join_code="730264"),
    "stamp in hand": replace(WALL, writes=True, tool=Use.STAMP, stamp="要修正"),
    "asked": replace(WALL, asker=Asker("田中", "危機管理防災課", 12)),
    "no touch": replace(WALL, touch=False, minutes_left=12),
    "time over": replace(WALL, minutes_left=-128),
}


@pytest.fixture
def wall(kiosk_app: QApplication) -> Iterator[Wall]:
    made = Wall(PageView(), 55, 3)
    with shown(made, SIZE):
        yield made


@pytest.mark.parametrize("height", range(600, 1100, 20))
def test_no_english_word_of_a_card_is_broken(kiosk_app: QApplication, height: int) -> None:
    wording.set_language("en")
    for name, slot in (
        ("reconnecting", Slot.TROUBLE),
        ("dead for a minute", Slot.TROUBLE),
        ("code", Slot.CODE),
    ):
        card = card_for(slot, STATES[name])
        assert card is not None
        for text, bold in ((card.title, True), (card.line, False)):
            lines: list[str] = []
            size = height * 16 // 9, height
            drawn(lambda to, t=text, b=bold, n=lines: n.extend(wrap(to, t, 32, b, 156).lines), size, (55, 3))
            assert " ".join(lines) == text


def show(wall: Wall, state: WallState, place: Placement) -> None:
    wall.show_state(state)
    wall.set_placement(place)


def panels(wall: Wall) -> list[QWidget]:
    return [p for p in (wall.info, wall.rail, wall.steps, wall.card, wall.note) if p.isVisible()]


def keys(widget: QWidget) -> dict[str, Key]:
    return {key.accessibleName(): key for key in widget.findChildren(Key) if key.isVisible()}


def touch(qtbot: QtBot, wall: Wall, x: int = 900, y: int = 500) -> None:
    qtbot.mouseClick(wall.view, Qt.MouseButton.LeftButton, pos=QPoint(x, y))


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("size", [(1920, 1080), (3840, 2160)])
def test_the_chip_of_a_correction_covers_neither_keys_nor_number_nor_page(
    kiosk_app: QApplication, size: tuple[int, int], side: Side, language: wording.Language
) -> None:
    wording.set_language(language)
    wall, per = Wall(PageView(), 55, 3), size[0] // 1920
    long = replace(WALL, department="総合政策局デジタル推進課企画調整担当", open_corrections=12, side=side)
    with shown(wall, size):
        for x, touch, at in product((196, 172, 250, 578), (True, False), (0.02, 0.4, 0.98)):
            place = Placement(ANY, x * per, 0, (1920 - 2 * x) * per, 1080 * per)
            show(wall, replace(long, touch=touch, typed=((3, at),)), place)
            wall.grab()
            chip, tick = wall.chip.geometry(), wall.chip.tick.geometry()
            words = [each.rect.toRect() for each in wall.info.placed]
            corner = wall.info.pos()
            others = [key.geometry().translated(corner) for key in keys(wall.info).values()]
            others += [rect.translated(corner) for rect in words]
            others.append(QRect(place.x, place.y, place.width, place.height))
            assert not [each for each in others for own in (chip, tick) if each.intersects(own)], (
                x,
                touch,
                at,
            )
            assert not clipped(wall.chip.placed)
            assert not overlapping(wall.chip.placed)
            assert tick.top() - 9 * per <= at * size[1] <= tick.bottom() + 9 * per
            reaches = tick.right() + 1 if side == "right" else tick.left()
            assert reaches == (place.x if side == "right" else place.x + place.width)
            count = any(each.text == "12" for each in wall.info.placed)
            assert count != any("12" in each.text for each in wall.chip.placed), "told once"
        show(wall, replace(long, typed=((3, 0.5),)), replace(WIDE, width=1920 * per, height=1080 * per))
        assert not wall.chip.isVisible()
        assert not wall.chip.tick.isVisible()


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("name", STATES)
def test_nothing_stands_over_a_page_that_leaves_a_letterbox(
    wall: Wall, name: str, side: str, language: wording.Language
) -> None:
    wording.set_language(language)
    stepped = STEP_RIGHT if side == "right" else STEP_LEFT
    for place, base in ((LANDSCAPE, {}), (stepped, {"step": 1, "steps": 3, "step_label": "中段"})):
        show(wall, replace(STATES[name], side=side, **base), place)  # type: ignore[arg-type]
        wall.grab()
        page = QRect(place.x, place.y, place.width, place.height)
        over = [panel for panel in panels(wall) if panel.geometry().intersects(page)]
        assert over == []
        boxes = [panel.geometry() for panel in panels(wall)]
        assert not [1 for i, a in enumerate(boxes) for b in boxes[i + 1 :] if a.intersects(b)]
        for panel in panels(wall):
            assert not clipped(panel.placed)
            assert not overlapping(panel.placed)
            for key in keys(panel).values():
                assert panel.rect().contains(key.geometry())


@pytest.mark.parametrize("language", ["ja", "en"])
def test_words_in_narrow_cards_are_not_torn(wall: Wall, language: wording.Language) -> None:
    wording.set_language(language)
    status = {"ja": "つなぎ", "en": "Reconnecting"}[language]
    for name, whole in (("reconnecting", status), ("asked", "防災課")):
        show(wall, replace(STATES[name], step=1, steps=3), STEP_RIGHT)
        wall.grab()
        assert whole in " ".join(words.text for words in wall.card.placed)


def test_without_touch_there_is_no_key_and_no_rail(wall: Wall, qtbot: QtBot) -> None:
    for place in (LANDSCAPE, WIDE, STEP_RIGHT):
        show(wall, replace(WALL, touch=False), place)
        touch(qtbot, wall)
        assert not wall.rail_shown
        assert keys(wall) == {}


def test_画面を隠す_comes_first_and_keys_are_large_enough_for_fingers(wall: Wall) -> None:
    for state, place in ((WALL, LANDSCAPE), (STEPPED, STEP_RIGHT)):
        show(wall, state, place)
        rail = sorted(keys(wall.rail).items(), key=lambda item: item[1].y())
        assert rail[0][0] == "画面を隠す"
        assert rail[-1][0] == "しまう"
        assert all(key.height() >= 100 and key.width() >= 120 for _, key in rail)
        offered = set(keys(wall.rail)) | set(keys(wall.info))
        assert {"前へ", "次へ", "ページ一覧", "自分で見る", "別の端末をつなぐ"} <= offered


def test_the_join_code_has_its_key_while_people_may_join(wall: Wall) -> None:
    for state, place in ((WALL, LANDSCAPE), (WALL, WIDE), (STEPPED, STEP_RIGHT)):
        for join_code in ("", "730264"):
            show(wall, replace(state, join_code=join_code), place)
            wall.reveal()
            assert ("参加番号" in keys(wall.rail)) is bool(join_code)
    show(wall, replace(WALL, shown=Code.JOIN, join_code="730264"), LANDSCAPE)
    wall.grab()
    assert [words.text for words in wall.card.placed if words.text.isdigit()] == ["27", "730", "264"]
    show(wall, replace(WALL, shown=Code.JOIN), LANDSCAPE)
    assert not wall.card.isVisible(), "joining was closed meanwhile"


def test_the_first_touch_only_brings_the_rail(wall: Wall, qtbot: QtBot) -> None:
    show(wall, WALL, WIDE)
    assert not wall.rail_shown
    pressed: list[str] = []
    wall.pressed.connect(pressed.append)
    touch(qtbot, wall, x=1900)
    assert wall.rail_shown
    assert pressed == []
    touch(qtbot, wall, x=20)
    touch(qtbot, wall, x=900)
    assert pressed == ["previous"]
    untouched(wall)
    assert not wall.rail_shown
    touch(qtbot, wall, x=20)
    assert pressed == ["previous"]


def test_a_finger_counts_like_the_mouse(wall: Wall, qtbot: QtBot) -> None:
    """On a small glass: offscreen, fingers are felt on the screen's own 800 pixels only."""
    wall.resize(768, 432)
    show(wall, WALL, Placement(ANY, 0, 0, 768, 432))
    pressed: list[str] = []
    wall.pressed.connect(pressed.append)
    glass = QTest.createTouchDevice()

    def finger(widget: QWidget, x: int, y: int) -> None:
        QTest.touchEvent(widget, glass).press(0, QPoint(x, y), widget).commit()
        QTest.touchEvent(widget, glass).release(0, QPoint(x, y), widget).commit()

    finger(wall.view, 400, 200)
    assert wall.rail_shown
    finger(wall.view, 20, 200)
    assert pressed == ["previous"]
    finger(keys(wall.rail)["画面を隠す"], 20, 20)
    assert pressed == ["previous", "hide"]


def test_put_away_stays_away_until_the_next_touch(wall: Wall, qtbot: QtBot) -> None:
    show(wall, WALL, LANDSCAPE)
    assert wall.rail_shown
    qtbot.mouseClick(keys(wall.rail)["しまう"], Qt.MouseButton.LeftButton)
    wall.show_state(replace(WALL, page=(8, 24)))
    assert not wall.rail_shown
    touch(qtbot, wall)
    assert wall.rail_shown
    untouched(wall)
    assert wall.rail_shown, "in its letterbox it stays"


def test_a_finger_brings_the_rail_back_over_bad_news_for_a_while(wall: Wall, qtbot: QtBot) -> None:
    show(wall, STATES["reconnecting"], LANDSCAPE)
    assert (wall.card.isVisible(), wall.rail_shown) == (True, False)
    touch(qtbot, wall)
    assert (wall.card.isVisible(), wall.rail_shown) == (False, True)
    untouched(wall)
    assert wall.card.isVisible()


def test_keys_of_cards_answer(wall: Wall, qtbot: QtBot) -> None:
    for name, words, answer in (
        ("asked", "断る", "no"),
        ("asked", "替わる", "yes"),
        ("code", "しまう", "close"),
    ):
        show(wall, STATES[name], LANDSCAPE)
        with qtbot.waitSignal(wall.answered) as given:
            qtbot.mouseClick(keys(wall.card)[words], Qt.MouseButton.LeftButton)
        assert given.args == [answer]


def test_what_is_locked_is_dimmed_with_its_reason(wall: Wall) -> None:
    show(wall, STATES["locked"], LANDSCAPE)
    locked = {name for name, key in keys(wall).items() if not key.isEnabled()}
    assert locked == {"前へ", "次へ", "ページ一覧", "自分で見る", "この画面を大きく"}
    assert keys(wall)["自分で見る"].accessibleDescription() == "説明者が止めています"


def test_a_hidden_wall_says_so_and_offers_the_way_back(wall: Wall) -> None:
    wall.show_state(replace(WALL, hidden=Hidden.HERE))
    wall.set_placement(None)
    wall.reveal()
    assert wall.note.isVisible()
    assert "画面を映す" in keys(wall.rail)
    assert not keys(wall.info)
    wall.show_state(replace(WALL, hidden=Hidden.BY_PRESENTER))
    assert not keys(wall.rail)["画面を隠す"].isEnabled()
    wall.show_state(replace(WALL, hidden=Hidden.WHITE))
    assert not wall.note.isVisible()


def test_inverted_colours_are_those_of_the_page_only(wall: Wall) -> None:
    show(wall, replace(WALL, inverted=True, touch=False), LANDSCAPE)
    wall.set_placement(LANDSCAPE, replace(LANDSCAPE, x=400, width=1324))
    glass = wall.grab().toImage()
    ground = QColor("#0B0D13")
    inverted = QColor(255 - ground.red(), 255 - ground.green(), 255 - ground.blue())
    assert QColor(glass.pixel(960, 540)) == inverted
    assert QColor(glass.pixel(1900, 1000)) == ground
    assert QColor(glass.pixel(300, 540)) == ground, "what is seen past the page's edge is not page"


def test_the_mark_of_the_former_steps_end_stands_beside_the_page(wall: Wall, qtbot: QtBot) -> None:
    show(wall, replace(STEPPED, touch=False), STEP_RIGHT)
    wall.mark_continuation(415)
    assert wall.mark.geometry().center().y() == pytest.approx(415, abs=2)
    assert wall.mark.geometry().left() >= 1728
    wall.mark_continuation(None)
    assert not wall.mark.isVisible()


def test_the_mark_gives_way_to_a_card_at_its_height(wall: Wall) -> None:
    with_code = replace(STEPPED, touch=False, shown=Code.ROOM)
    show(wall, replace(STEPPED, touch=False), STEP_RIGHT)
    wall.mark_continuation(300)
    assert wall.mark.isVisible()
    show(wall, with_code, STEP_RIGHT)
    assert wall.card.geometry().contains(wall.mark.geometry().center())
    assert not wall.mark.isVisible()
    wall.mark_continuation(300)
    assert not wall.mark.isVisible()


def test_touching_the_mini_page_asks_for_that_step(wall: Wall, qtbot: QtBot) -> None:
    show(wall, STEPPED, STEP_RIGHT)
    with qtbot.waitSignal(wall.step_touched) as asked:
        qtbot.mouseClick(wall.steps, Qt.MouseButton.LeftButton, pos=QPoint(74, 140))
    assert asked.args == [2]


def test_every_action_has_its_doer_and_unknown_names_do_nothing() -> None:
    done: list[str] = []
    table = ActionTable({name: lambda name=name: done.append(name) for name in ACTIONS})
    assert table.trigger("hide")
    assert not table.trigger("page_turn")
    assert done == ["hide"]
    with pytest.raises(ValueError, match="hide"):
        ActionTable({name: lambda: None for name in ACTIONS if name != "hide"})


# --- K5 -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_page_list_opens_where_the_wall_is_and_gives_the_page_touched(
    kiosk_app: QApplication, qtbot: QtBot, language: wording.Language
) -> None:
    wording.set_language(language)
    picture = QImage(400, 283, QImage.Format.Format_RGB32)
    picture.fill(QColor("white"))
    pages = PageList(lambda page_id, width, height: picture if page_id != 3 else None)
    entries = tuple(
        Entry(n, n % 8 + 1, "令和9年度 重点施策の予算案" if n % 8 == 0 else "") for n in range(30)
    )
    with shown(pages, SIZE):
        pages.open(entries, 20, WALL)
        pages.grab()
        shown_pages = [thumb for thumb in pages._thumbs if thumb.isVisible()]
        assert [thumb.entry.page_id for thumb in shown_pages if thumb.entry] == list(range(12, 24))
        assert not clipped(pages.placed)
        with qtbot.waitSignal(pages.chosen) as chosen:
            qtbot.mouseClick(shown_pages[2], Qt.MouseButton.LeftButton)
        assert chosen.args == [14]
        boxes = [thumb.geometry() for thumb in shown_pages] + [key.geometry() for key in keys(pages).values()]
        assert all(pages.rect().contains(box) for box in boxes)
        assert not [1 for i, a in enumerate(boxes) for b in boxes[i + 1 :] if a.intersects(b)]
        pages.forget()
        assert not pages.isVisible()


@pytest.mark.parametrize(
    ("left", "told", "stands"),
    [(130.0, 3, 10.0), (59.0, 1, 59.0), (0.5, 1, 0.5), (-10.0, -1, 50.0), (-119.5, -2, 0.5)],
)
def test_the_minutes_that_are_left_are_told_anew_when_they_change(
    left: float, told: int, stands: float
) -> None:
    assert (minutes_told(left), told_for_s(left)) == (told, stands)
    assert minutes_told(left - stands + 0.01) == told != minutes_told(left - stands - 0.01)
    assert (minutes_told(None), told_for_s(None)) == (None, 3600.0)
