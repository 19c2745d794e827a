"""The minutes as somebody types them: keys, input method, another person in the same text, questions."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QListWidget

from presenter.actions import Actions
from presenter.minutes.panel import MinutesPanel
from presenter.minutes.row_look import pieces_of
from protocol.minutes import Answered, Carried, Done, Former, ItemState, MinutesKind
from protocol.ops import AssignMinutes, OpenMinutes, RemoveMinutes, SetMinutes, SetReply
from protocol.presence import Typing
from protocol.texts import splice
from protocol.values import Role
from tests.presenter.minuted import SUZUKI, Table, as_in_a_meeting, at

KIND = MinutesKind
Pane = tuple[Table, MinutesPanel]


@pytest.fixture
def pane(qtbot) -> Callable[..., Pane]:
    def make(**settings: bool) -> Pane:
        actions = Actions()
        panel = MinutesPanel(actions)
        qtbot.addWidget(panel)
        actions.setParent(panel)
        panel.resize(752, 900)
        panel.show()
        panel.activateWindow()
        qtbot.waitUntil(panel.isActiveWindow)
        table = Table(panel, **settings)
        panel.table = table
        table.minuting.refresh()
        return table, panel

    return make


def compose(field: object, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QApplication.sendEvent(field, event)


def shown(panel: MinutesPanel) -> list[str]:
    return [look.row.text for look in panel.list._looks]


def words(panel: MinutesPanel, item: int) -> list[str]:
    row = panel.list.row(item)
    assert row is not None
    return [piece.words for line in pieces_of(row, writable=panel.writable) for piece in line]


# --- new items --------------------------------------------------------------------------------------------


def test_a_kind_a_line_and_enter_is_an_item_with_time_and_page(pane, qtbot) -> None:
    table, panel = pane()
    table.minuting.choose_kind(KIND.QUESTION)
    field = panel.new.field
    qtbot.keyClicks(field, "87.3")
    item = next(iter(table.authority.briefing.minutes.values()))
    assert (item.kind, item.page_id, table.texts) == (KIND.QUESTION, 8, ["87.3"]), "it is there while typed"
    assert shown(panel) == [], "and in its field alone"
    qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(field, "%")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (table.texts, field.text, shown(panel)) == (["87.3\n%"], "", ["87.3\n%"])
    table.minuting.choose_kind(KIND.DECISION)
    qtbot.keyClicks(field, "x")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    kinds = [each.kind for each in table.authority.briefing.minutes.values()]
    assert kinds == [KIND.QUESTION, KIND.DECISION]


def test_ctrl_z_takes_back_the_own_letters_and_then_the_item_and_never_what_was_before(pane, qtbot) -> None:
    table, panel = pane()
    table.guest(OpenMinutes(500, KIND.SAID, 8, "前の項目", 0))
    field = panel.new.field
    field.setFocus()
    qtbot.keyClicks(field, "own")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClicks(field, "ab")
    item = max(table.authority.briefing.minutes)
    table.guest(splice(item, 1, 0, "予"))
    assert field.text == "a予b"
    for then in ("a予", "", ""):
        qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert field.text == then
    assert table.texts == ["前の項目", "own"]
    qtbot.keyClicks(field, "c")
    assert table.texts == ["前の項目", "own", "c"]


def test_an_item_left_empty_is_none(pane, qtbot) -> None:
    table, panel = pane()
    qtbot.keyClicks(panel.new.field, "a")
    qtbot.keyClick(panel.new.field, Qt.Key.Key_Backspace)
    qtbot.keyClick(panel.new.field, Qt.Key.Key_Return)
    assert table.texts == []


def test_what_is_typed_before_the_opening_has_come_back_is_not_lost(pane, qtbot) -> None:
    table, panel = pane(at_once=False)
    table.minuting.choose_kind(KIND.HOMEWORK)
    panel.new.speaker.setText("副知事")
    qtbot.keyClicks(panel.new.field, "abc")
    table.minuting.choose_kind(KIND.INSTRUCTION)
    qtbot.keyClicks(panel.new.owner, "sato")
    qtbot.keyClick(panel.new.owner, Qt.Key.Key_Return)
    for _ in range(6):
        table.deliver()
    (item,) = table.authority.briefing.minutes.values()
    assert (table.texts, item.kind, item.speaker, item.owner) == (
        ["abc"],
        KIND.INSTRUCTION,
        "副知事",
        "sato",
    )
    assert shown(panel) == ["abc"]


# --- several in one text ----------------------------------------------------------------------------------


def test_an_input_method_is_left_in_peace_while_others_type_in_the_same_text(pane) -> None:
    table, panel = pane()
    table.guest(OpenMinutes(500, KIND.SAID, 8, "𠮷田の額", 0))
    table.minuting.take_up(500)
    field = panel.there.field
    field.set_place(3)
    compose(field, "ほせい")
    table.guest(splice(500, 0, 0, "令和8年"))
    table.guest(splice(500, 8, 0, "は"))
    assert (field.text, field.toPlainText()) == ("𠮷田の額", "𠮷田の額"), "nothing moves under the words"
    compose(field, "", "補正")
    assert field.text == table.texts[0] == "令和8年𠮷田の補正額は"
    assert field.place == len("令和8年𠮷田の補正")
    compose(field, "", "予算")
    assert table.texts == ["令和8年𠮷田の補正予算額は"]


def test_own_caret_and_selection_stay_with_their_letters(pane) -> None:
    table, panel = pane()
    table.guest(OpenMinutes(500, KIND.SAID, 8, "𠮷田𠮷田", 0))
    table.minuting.take_up(500)
    field = panel.there.field
    field.set_place(2)
    table.guest(splice(500, 0, 1, "吉"))
    assert (field.text, field.place) == ("吉田𠮷田", 2)
    table.guest(splice(500, 2, 0, "さん"))
    assert (field.text, field.place) == ("吉田さん𠮷田", 2)
    field.insertPlainText("課長")
    assert table.texts == ["吉田課長さん𠮷田"]


def test_others_see_where_one_types_and_one_sees_them_by_name_for_two_seconds(
    pane, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, panel = pane()
    table.guest(OpenMinutes(500, KIND.SAID, 8, "𠮷田", 0))
    table.minuting.take_up(500)
    panel.there.field.set_place(1)
    assert table.said[-1] == Typing(500, 1)
    now = time.monotonic()
    table.guest_types(500, 2)
    (caret,) = panel.there.field._carets
    assert (caret.name, caret.place, caret.fresh) == ("財政課 鈴木", 2, True)
    table.minuting.put_down()
    monkeypatch.setattr(time, "monotonic", lambda: now + 2.1)
    table.minuting._pane._time_passed()
    (caret,) = panel.list.row(500).carets
    assert not caret.fresh
    table.edit(splice(500, 0, 0, "高"))
    assert panel.list.row(500).carets[0].place == 3, "it stays with its letter"
    table.guest_types(500, 9)
    table.guest(splice(500, 1, 0, "橋と"))
    assert panel.list.row(500).carets[0].place == 3, "whoever typed stands behind what they typed"


def test_somebody_takes_out_what_is_typed_here(pane) -> None:
    table, panel = pane()
    table.guest(OpenMinutes(500, KIND.SAID, 8, "額", 0))
    table.minuting.take_up(500)
    table.guest(RemoveMinutes(500, True))
    assert panel.there.isHidden()
    assert shown(panel) == []
    table.minuting.choose_kind(KIND.NOTE)
    panel.new.field.insertPlainText("次")
    assert table.texts == ["次"]


# --- questions, owners, kinds -----------------------------------------------------------------------------


def test_a_question_is_answered_with_the_page_shown_or_carried_with_owner_and_due(pane, qtbot) -> None:
    table, panel = pane()
    table.guest(OpenMinutes(500, KIND.QUESTION, 5, "何か所か。", 0, "副知事"))
    assert words(panel, 500) == ["5ページ", "副知事", "回答を待っています", "その場で回答", "持ち帰り"]
    table.minuting.answer(500)
    assert table.authority.briefing.minutes[500].reply == Answered(8)
    assert panel.there.answer.hasFocus()
    qtbot.keyClicks(panel.there.answer, "8")
    qtbot.keyClick(panel.there.answer, Qt.Key.Key_Return)
    assert table.authority.briefing.minutes[500].reply == Answered(8, "8")
    assert words(panel, 500) == ["5ページ", "副知事", "その場で回答", "8", "根拠 8ページ"]
    table.minuting.carry(500)
    assert panel.there.owner.hasFocus()
    qtbot.keyClicks(panel.there.owner, "sato")
    qtbot.keyClick(panel.there.owner, Qt.Key.Key_Tab)
    qtbot.keyClicks(panel.there.due, "11/27")
    qtbot.keyClick(panel.there.due, Qt.Key.Key_Return)
    item = table.authority.briefing.minutes[500]
    assert (item.reply, item.owner, item.due) == (Carried(), "sato", "11/27")
    assert table.minuting._pane._counts.carried == 1
    table.minuting.reply(500, ItemState.WAITING)
    assert table.authority.briefing.minutes[500].state is ItemState.WAITING


def test_homework_is_done_with_one_click_and_says_by_whom(pane, qtbot) -> None:
    table, panel = pane()
    table.guest(OpenMinutes(500, KIND.HOMEWORK, 8, "額をまとめる。", 0))
    assert table.minuting._pane._counts.carried == 1
    look = panel.list._looks[0]
    place = next(rect for rect, piece in look.places if piece.does == "done")
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place.center().toPoint())
    assert words(panel, 500) == ["8ページ", "済み　財政課 佐藤 14:26"]
    assert table.minuting._pane._counts.carried == 0
    table.guest(SetReply(500, None, 1))
    table.guest(SetReply(500, Done(), at("14:20")))
    assert words(panel, 500) == ["8ページ", "済み　財政課 鈴木 14:20"], "who was granted it marks it as well"


def test_what_a_former_briefing_left_open_says_where_it_comes_from(pane) -> None:
    table, panel = pane()
    former = Former(bytes(16), at("14:00"), "7ページ　河川改修計画")
    table.edit(OpenMinutes(500, KIND.QUESTION, None, "額は。", at("14:26"), "副知事", former))
    table.edit(AssignMinutes(500, "中村", "12月1日"))
    assert words(panel, 500) == [
        *("副知事", "回答を待っています", "その場で回答", "持ち帰り", "中村", "12月1日"),
        *("前回から（11月24日）", "7ページ　河川改修計画"),
    ]
    assert table.minuting._pane._counts.carried == 0, "it may be answered here still"
    table.minuting.reply(500, ItemState.WITHDRAWN)
    assert "取下げ　財政課 佐藤 14:26" in words(panel, 500)


def test_answering_again_keeps_the_answer_and_a_text_emptied_in_its_place_is_taken_out(pane, qtbot) -> None:
    table, panel = pane()
    as_in_a_meeting(table)
    answered = table.authority.briefing.minutes[105].reply
    table.minuting.answer(105)
    assert table.authority.briefing.minutes[105].reply == answered
    panel.there.field.selectAll()
    qtbot.keyClick(panel.there.field, Qt.Key.Key_Delete)
    qtbot.keyClick(panel.there.field, Qt.Key.Key_Return)
    assert 105 not in table.authority.briefing.minutes
    assert len(shown(panel)) == 5


def test_tab_leads_from_the_text_to_speaker_owner_and_due(pane, qtbot) -> None:
    table, panel = pane()
    table.minuting.choose_kind(KIND.HOMEWORK)
    qtbot.keyClicks(panel.new.field, "a")
    order = []
    for _ in range(3):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        order.append(QApplication.focusWidget())
    assert order == [panel.new.speaker, panel.new.owner, panel.new.due]
    qtbot.keyClicks(panel.new.due, "11/27")
    qtbot.keyClick(panel.new.due, Qt.Key.Key_Return)
    (item,) = table.authority.briefing.minutes.values()
    assert (item.due, panel.new.due.text()) == ("11/27", "")


def test_what_another_changes_beside_a_text_is_seen_and_what_one_types_there_is_left_alone(pane) -> None:
    table, panel = pane()
    table.guest(OpenMinutes(500, KIND.INSTRUCTION, 8, "書き加えること。", 0))
    table.minuting.take_up(500, "owner")
    panel.there.owner.setText("財政課")
    table.guest(AssignMinutes(500, "河川課", "12月"))
    assert (panel.there.owner.text(), panel.there.due.text()) == ("財政課", "12月")
    table.guest(SetMinutes(500, KIND.NOTE, 8, "知事"))
    assert panel.there.speaker.text() == "知事"
    assert panel.there.due.isHidden()


def test_whoever_only_looks_into_a_field_takes_nothing_back_that_another_writes_there(pane) -> None:
    table, panel = pane()
    table.guest(OpenMinutes(500, KIND.HOMEWORK, 8, "調べる", at("14:20")))
    table.deliver()
    table.minuting.take_up(500, "owner")
    assert panel.there.owner.hasFocus()
    table.guest(AssignMinutes(500, "河川課 中村", "12月"))
    table.deliver()
    assert panel.there.owner.text() == "", "nothing moves under one's hands"
    panel.there.due.setFocus()
    table.deliver()
    assert panel.there.owner.text() == "河川課 中村"
    panel.there.field.setFocus()
    table.deliver()
    item = table.authority.briefing.minutes[500]
    assert (item.owner, item.due) == ("河川課 中村", "12月")


# --- reading, keys, many ----------------------------------------------------------------------------------


def test_whoever_was_not_granted_it_reads(pane) -> None:
    table, panel = pane()
    as_in_a_meeting(table)
    table.minuting.set_role(9, Role.PARTICIPANT)
    assert not panel.writable
    assert panel.new.isHidden() or not panel.new.isVisible()
    assert len(shown(panel)) == 6
    table.minuting.take_up(101)
    assert panel.there.isHidden()
    assert "担当と期限を入れる" not in words(panel, 103)
    table.minuting.set_role(SUZUKI, Role.PARTICIPANT)
    assert panel.writable


def test_the_list_is_for_the_keyboard(pane, qtbot) -> None:
    table, panel = pane()
    as_in_a_meeting(table)
    field = panel.new.field
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert panel.list.hasFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_Up)
    qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    assert (panel.there.field.hasFocus(), panel.there.field.text) == (True, table.texts[4])
    qtbot.keyClick(panel.there.field, Qt.Key.Key_Return)
    assert (panel.there.isHidden(), field.hasFocus()) == (True, True)
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    assert len(table.texts) == 5


def test_a_click_on_a_text_puts_the_caret_where_it_was_clicked(pane, qtbot) -> None:
    table, panel = pane()
    table.guest(OpenMinutes(500, KIND.SAID, 8, "𠮷田課長の説明、" * 20, 0))
    QApplication.processEvents()
    at = panel.list._looks[0].caret_rect(83)
    assert at.top() > 40, "it is in the second line"
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at.center())
    assert (panel.there.field.hasFocus(), panel.there.field.place) == (True, 83)


def test_when_it_is_over_no_field_and_no_row_remembers_anything(pane) -> None:
    table, panel = pane()
    as_in_a_meeting(table)
    table.minuting.choose_kind(KIND.HOMEWORK)
    panel.new.field.insertPlainText("書きかけ")
    panel.new.owner.setText("財政課")
    table.minuting.take_up(101)
    table.minuting.end()
    assert shown(panel) == []
    for editor in (panel.new, panel.there):
        assert editor.field.toPlainText() == editor.owner.text() == editor.speaker.text() == ""
        assert not editor.field.document().isUndoAvailable()
    assert panel.there.isHidden()


def test_two_thousand_items_stay_quick(pane) -> None:
    """A letter of somebody else's is set out and painted without looking at the other 1,999."""
    table, panel = pane(at_once=False)
    for item in range(1_000, 3_000):
        table.guest(OpenMinutes(item, KIND(item % 6), 8, f"{item}番目の項目、" * 6, 0))
    table.deliver()
    QApplication.processEvents()
    began = time.perf_counter()
    for place in range(20):
        table.guest(splice(2_999, place, 0, "あ"))
        table.deliver()
        QApplication.processEvents()
    took = (time.perf_counter() - began) / 20
    assert shown(panel)[-1].startswith("あ" * 20)
    assert took < 0.05, f"{took * 1000:.1f} ms a letter"


# --- names ------------------------------------------------------------------------------------------------


def names_offered(panel: MinutesPanel) -> list[str]:
    (names,) = (each for each in panel.findChildren(QListWidget) if not each.isHidden())
    return [names.item(row).text() for row in range(names.count())]


def test_names_that_are_known_are_offered_and_taken_by_enter_or_tab_and_never_while_composing(
    pane, qtbot
) -> None:
    table, panel = pane()
    as_in_a_meeting(table)
    table.minuting.attending = lambda: ("河川課 中村", "税務課 川口")
    table.minuting.choose_kind(KIND.HOMEWORK)
    field, speaker, owner = panel.new.field, panel.new.speaker, panel.new.owner
    qtbot.keyClicks(field, "87.3")
    speaker.setFocus()
    assert names_offered(panel)[:3] == ["河川課 中村", "危機管理監", "副知事"], "the newest first"
    compose(speaker, "せいむ")
    assert not panel.findChildren(QListWidget) or all(e.isHidden() for e in panel.findChildren(QListWidget))
    compose(speaker, "", "税務")
    assert names_offered(panel) == ["税務課 川口"]
    qtbot.keyClick(speaker, Qt.Key.Key_Return)
    assert (speaker.text(), table.texts[-1]) == ("税務課 川口", "87.3")
    item = max(table.authority.briefing.minutes)
    assert table.authority.briefing.minutes[item].speaker == "税務課 川口"
    owner.setFocus()
    compose(owner, "", "財政課")
    qtbot.keyClick(owner, Qt.Key.Key_Escape)
    qtbot.keyClick(owner, Qt.Key.Key_Tab)
    assert (owner.text(), panel.focusWidget()) == ("財政課", panel.new.due), (
        "nothing is taken that was put away"
    )
    owner.setFocus()
    compose(owner, "", "　佐")
    qtbot.keyClick(owner, Qt.Key.Key_Tab)
    assert owner.text() == "財政課 佐藤"
    owner.clear()
    owner.setFocus()
    compose(owner, "", "中村")
    qtbot.keyClick(owner, Qt.Key.Key_Return)
    assert table.authority.briefing.minutes[item].owner == "中村", "what is only within a name takes no place"
    assert (field.text, panel.focusWidget()) == ("", field), "and the next item is typed at once"
