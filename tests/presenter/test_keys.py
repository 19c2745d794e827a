"""One table of actions: no key twice, letters never while typing, clickers, the page jump."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from presenter.actions import ENTRIES, Actions, Where
from presenter.correction_dock import WordingField
from presenter.dialogs import Question
from presenter.keys import Jump, Keys, bindings, chord

Key = Qt.Key
NONE, SHIFT, CONTROL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
ALT = Qt.KeyboardModifier.AltModifier


class Desk:
    """A window with a text field, a button and a page, whose keys go through the table."""

    def __init__(self, qtbot, where: Where = Where.CONSOLE, forgotten_ms: int = 60_000) -> None:
        self.ran: list[str] = []
        self.jumped: list[int] = []
        self.actions = Actions()
        self.actions.ran.connect(self.ran.append)
        self.actions.bind({"jump": self.jumped.append})
        self.jump = Jump(forgotten_ms)
        self.window = QWidget()
        qtbot.addWidget(self.window)
        layout = QVBoxLayout(self.window)
        self.page, self.field, self.button = QWidget(), QLineEdit(), QPushButton()
        self.page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for widget in (self.page, self.field, self.button):
            layout.addWidget(widget)
        self.now = 0.0
        self.keys = Keys(self.actions, lambda: where, self.page.setFocus, self.jump, lambda: self.now)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.activateWindow()
        self.page.setFocus()
        handle = self.window.windowHandle()
        assert handle is not None
        self.handle = handle
        self.keys.watch(handle)
        qtbot.waitUntil(lambda: self.page.hasFocus())

    def press(self, key: Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.handle, key, modifiers)


def test_from_a_wording_that_is_typed_the_next_correction_can_be_opened_and_no_page_turned(qtbot) -> None:
    desk = Desk(qtbot)
    wording = WordingField()
    desk.field.parentWidget().layout().addWidget(wording)
    wording.show()
    wording.setFocus()
    for key in (Key.Key_PageDown, Key.Key_B, Key.Key_Escape):
        desk.press(key)
    assert desk.ran == [] and wording.text().upper() == "B"
    desk.press(Key.Key_M, CONTROL)
    desk.press(Key.Key_K, CONTROL)
    assert desk.ran == ["add_correction", "lookup"], "a figure is looked up while it is corrected"


@pytest.mark.parametrize("where", [Where.READY, Where.CONSOLE])
def test_enter_and_space_press_the_button_that_has_the_focus_and_nothing_else(qtbot, where: Where) -> None:
    desk = Desk(qtbot, where)
    desk.button.setAutoDefault(False)
    pressed: list[bool] = []
    desk.button.clicked.connect(lambda checked=False: pressed.append(checked))
    desk.button.setFocus()
    for key in (Key.Key_Return, Key.Key_Enter, Key.Key_Space):
        desk.press(key)
    assert len(pressed) == 3
    assert desk.ran == []


@pytest.mark.parametrize("first", ["yes", "no"])
def test_enter_in_a_question_gives_the_answer_that_has_the_focus(qtbot, first: str) -> None:
    question = Question(
        None, "説明を終えますか", "会議室の画面から、資料を消します。", yes="終える", no="続ける"
    )
    question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(question)
    answers: list[bool] = []
    question.answered.connect(answers.append)
    question.show()
    qtbot.waitExposed(question)
    (question.yes if first == "yes" else question.no).setFocus()
    QTest.keyClick(question.focusWidget(), Key.Key_Return)
    assert answers == [first == "yes"]


@pytest.mark.parametrize("where", list(Where.ANY))
@pytest.mark.parametrize("typing", [False, True])
def test_no_key_stands_for_two_actions_on_a_screen(where: Where, typing: bool) -> None:
    bound = bindings(where, typing)
    assert bound[chord("Ctrl+Q")].name == "quit"


def test_every_key_of_the_table_can_be_pressed() -> None:
    for entry in ENTRIES:
        for text in (*entry.keys, *entry.while_typing):
            key, _modifiers = chord(text)
            assert key not in (0, Key.Key_unknown), f"{entry.name}: {text}"


def test_the_design_s_keys() -> None:
    bound = {key: entry.name for key, entry in bindings(Where.CONSOLE).items()}
    for name, texts in {
        "next": ("Right", "Down", "PgDown", "Space", "Enter", "Return", "N"),
        "next_page": ("Shift+Right",),
        "back": ("Left", "Up", "PgUp", "Backspace", "P"),
        "first": ("Home",),
        "last": ("End",),
        "whole_page": ("0",),
        "hide": ("B", "."),
        "white": ("W", ","),
        "hold": ("F",),
        "start": ("F5",),
        "full_screen": ("F11",),
        "open": ("Ctrl+O",),
        "move": ("V",),
        "pointer": ("L",),
        "escape": ("Esc",),
    }.items():
        assert {bound.get(chord(text)) for text in texts} == {name}, name


def test_only_keys_that_cannot_be_text_act_while_typing() -> None:
    for entry in ENTRIES:
        for text in entry.while_typing:
            key, modifiers = chord(text)
            assert key > 0xFF or modifiers & (CONTROL | ALT), (
                f"{entry.name}: {text} would be lost to the field"
            )


def test_keys_and_clickers_run_actions_and_repeat_only_where_that_is_wanted(qtbot) -> None:
    desk = Desk(qtbot)
    for key in (Key.Key_PageDown, Key.Key_PageUp, Key.Key_Period, Key.Key_F5, Key.Key_Escape, Key.Key_N):
        desk.press(key)
    desk.press(Key.Key_Right, SHIFT)
    assert desk.ran == ["next", "back", "hide", "start", "escape", "next", "next_page"]


def test_letters_and_digits_are_text_while_a_field_has_the_focus(qtbot) -> None:
    desk = Desk(qtbot)
    desk.field.setFocus()
    for key in (
        Key.Key_B,
        Key.Key_N,
        Key.Key_7,
        Key.Key_Period,
        Key.Key_Space,
        Key.Key_Left,
        Key.Key_Backspace,
    ):
        desk.press(key)
    assert desk.ran == []
    assert desk.field.text().upper() == "BN7 "
    desk.press(Key.Key_PageDown)
    assert desk.ran == ["next"], "a clicker turns the page although the notes have the focus"
    desk.press(Key.Key_Escape)
    assert desk.page.hasFocus()
    assert desk.ran == ["next"], "Esc left the field and did not ask to end"


def test_space_presses_the_button_that_tab_reached(qtbot) -> None:
    desk = Desk(qtbot)
    pressed = []
    desk.button.clicked.connect(lambda: pressed.append(True))
    desk.button.setFocus(Qt.FocusReason.TabFocusReason)
    desk.press(Key.Key_Space)
    assert (desk.ran, pressed) == ([], [True])


def test_digits_gather_and_enter_goes_there(qtbot) -> None:
    desk = Desk(qtbot)
    for key in (Key.Key_1, Key.Key_0, Key.Key_5, Key.Key_Backspace, Key.Key_Return):
        desk.press(key)
    assert desk.jumped == [10]
    assert desk.ran == ["jump"]
    desk.press(Key.Key_0)
    assert desk.ran == ["jump", "whole_page"], "0 alone is the whole page"


def test_escape_forgets_the_digits_and_asks_nothing(qtbot) -> None:
    desk = Desk(qtbot)
    for key in (Key.Key_1, Key.Key_2, Key.Key_Escape, Key.Key_Return):
        desk.press(key)
    assert (desk.jumped, desk.ran) == ([], ["next"])


def test_a_pause_forgets_the_digits(qtbot) -> None:
    desk = Desk(qtbot, forgotten_ms=1)
    with qtbot.waitSignal(desk.jump.changed, check_params_cb=lambda digits: digits == ""):
        desk.press(Key.Key_3)
    desk.press(Key.Key_Return)
    assert desk.jumped == []


def test_a_key_held_down_repeats_pages_but_does_not_flicker_the_wall(qtbot) -> None:
    from PySide6.QtGui import QKeyEvent

    desk = Desk(qtbot)
    for key in (Key.Key_Right, Key.Key_B):
        for repeated in (False, True, True):
            event = QKeyEvent(QKeyEvent.Type.KeyPress, key, NONE, "", repeated)
            assert desk.keys.eventFilter(desk.handle, event)
    assert desk.ran == ["next", "next", "next", "hide"]


def test_an_action_switched_off_is_off_for_keys_too(qtbot) -> None:
    desk = Desk(qtbot)
    desk.actions.set_enabled("next", False)
    desk.press(Key.Key_Right)
    assert desk.ran == []
    assert desk.actions.run("next") is False


def test_a_checkable_action_shows_the_truth_and_not_the_press(qtbot) -> None:
    actions = Actions()
    actions.run("hide")
    assert not actions["hide"].isChecked(), "only what the session did may tick it"
    actions.set_checked("hide", True)
    assert actions["hide"].isChecked()


def test_before_and_after_are_shown_while_the_key_is_held_and_stay_after_a_press(qtbot) -> None:
    desk = Desk(qtbot)
    desk.actions.bind({"compare": lambda: desk.actions.set_checked("compare", len(desk.ran) % 2 == 0)})
    desk.press(Key.Key_A)
    assert desk.ran == ["compare"], "a press leaves it on"
    desk.press(Key.Key_A)
    assert desk.ran == ["compare"] * 2
    QTest.keyPress(desk.handle, Key.Key_A)
    desk.now += 0.6
    QTest.keyRelease(desk.handle, Key.Key_A)
    assert desk.ran == ["compare"] * 4, "held, it is off when the key comes up"
