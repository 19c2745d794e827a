"""The number on the wall, however it is typed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from presenter.code_field import CodeField, digits_of


@pytest.fixture
def field(qtbot) -> CodeField:
    made = CodeField()
    qtbot.addWidget(made)
    made.set_room(27)
    made.show()
    return made


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("481903", "481903"),
        ("４８１９０３", "481903"),
        ("481 903", "481903"),
        ("４８１　９０３", "481903"),
        ("481-903", "481903"),
        ("481―903 ", "481903"),
        ("│481 903", "481903"),
        ("番号は481903です", ""),
        ("4８1x", ""),
        ("", ""),
    ],
)
def test_digits_are_understood_as_people_write_them(typed: str, digits: str) -> None:
    assert digits_of(typed) == digits


def test_typed_full_width_and_committed_by_an_input_method(field: CodeField) -> None:
    QTest.keyClicks(field, "48")
    event = QInputMethodEvent("", [])
    event.setCommitString("１９")
    QApplication.sendEvent(field, event)
    assert field.text() == "4819"


@pytest.mark.parametrize("pasted", ["481 903", "２７ ４８１９０３", "27│481903"])
def test_paste_fills_the_boxes_with_or_without_the_room_number(field: CodeField, qtbot, pasted: str) -> None:
    QApplication.clipboard().setText(pasted)
    with qtbot.waitSignal(field.complete) as done:
        QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert done.args == ["481903"]


def test_letters_do_not_enter_and_the_last_digit_can_be_taken_back(field: CodeField) -> None:
    QTest.keyClicks(field, "4a8b1 9.0")
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert field.text() == "4819"


def test_as_many_boxes_as_the_room_asks_for(field: CodeField) -> None:
    field.set_length(10)
    QTest.keyClicks(field, "48190352179999")
    assert field.text() == "4819035217"
    assert field.is_complete


def test_ten_digits_and_a_long_room_number_fit_a_narrow_card(field: CodeField) -> None:
    field.set_room(12345)
    field.set_length(10)
    field.resize(440, field.sizeHint().height())
    assert field.minimumSizeHint().width() <= 440
    field.grab()


def test_a_wrong_code_is_red_until_the_next_key(field: CodeField) -> None:
    field.setText("481903")
    field.set_wrong(True)
    red = field.grab().toImage()
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    QTest.keyClicks(field, "3")
    assert field.grab().toImage() != red
