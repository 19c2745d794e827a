"""Everything a presenter can do, as one table of named actions.

Keys, buttons, the room menu and the script all run the same entries, so that none can do what the others
cannot. A key stands for one action on a given screen; a test holds that. The participant's window has a table
of its own (`presenter.join.actions`), made of the same entries as far as they mean the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Flag, auto
from typing import Any

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QAction

from pageview.wording import say


class Where(Flag):
    """The screens of the desk on which an action is to be had."""

    START = auto()
    ROOMS = auto()
    READY = auto()
    CONSOLE = auto()
    END = auto()
    ANY = START | ROOMS | READY | CONSOLE | END


@dataclass(frozen=True, slots=True)
class Entry:
    """One action. ``keys`` are portable QKeySequence texts.

    ``while_typing``: those keys also act while a text field has the focus (a clicker's page keys must,
    letters and digits must not). ``repeats``: a key held down runs it again. ``checkable``: on or off.
    ``held``: on only while its key is held down, where that is held longer than for a press.
    """

    name: str
    words: str
    where: Where = Where.CONSOLE
    keys: tuple[str, ...] = ()
    while_typing: tuple[str, ...] = ()
    repeats: bool = False
    checkable: bool = False
    held: bool = False


ENTRIES: tuple[Entry, ...] = (
    Entry(
        "next",
        "次へ",
        keys=("Right", "Down", "PgDown", "Space", "Return", "Enter", "N"),
        while_typing=("PgDown",),
        repeats=True,
    ),
    Entry(
        "back",
        "前へ",
        keys=("Left", "Up", "PgUp", "Backspace", "P"),
        while_typing=("PgUp",),
        repeats=True,
    ),
    Entry("next_page", "次のページへ", keys=("Shift+Right",), repeats=True),
    Entry("previous_page", "前のページへ", keys=("Shift+Left",), repeats=True),
    Entry("first", "最初のページへ", keys=("Home",)),
    Entry("last", "最後のページへ", keys=("End",)),
    Entry("jump", "番号のページへ"),
    Entry("whole_page", "全体", keys=("0", "Ctrl+0")),
    Entry("fit_width", "横幅に合わせる", keys=("Ctrl+2",)),
    Entry("zoom_in", "拡大", keys=("+", "Ctrl++", "Ctrl+="), repeats=True),
    Entry("zoom_out", "縮小", keys=("-", "Ctrl+-"), repeats=True),
    Entry("pan_left", "左へずらす", keys=("Ctrl+Left",), repeats=True),
    Entry("pan_right", "右へずらす", keys=("Ctrl+Right",), repeats=True),
    Entry("pan_up", "上へずらす", keys=("Ctrl+Up",), repeats=True),
    Entry("pan_down", "下へずらす", keys=("Ctrl+Down",), repeats=True),
    Entry("pointer", "指示棒", keys=("L",), checkable=True),
    Entry("move", "動かす", keys=("V",), checkable=True),
    Entry("pen", "ペン", keys=("D",), checkable=True),
    Entry("highlighter", "蛍光ペン", keys=("H",), checkable=True),
    Entry("eraser", "消しゴム", keys=("E",), checkable=True),
    Entry("rubber", "一部だけ消す", checkable=True),
    Entry("lasso", "囲んで選ぶ", checkable=True),
    Entry("words", "文字を書く", checkable=True),
    Entry("stamp", "印を押す", checkable=True),
    Entry("select", "言葉を選ぶ", keys=("S",), checkable=True),
    Entry("add_correction", "修正を加える", keys=("Ctrl+M",), while_typing=("Ctrl+M",)),
    Entry("compare", "前後を比べる", keys=("A",), checkable=True, held=True),
    Entry("beside", "並べて映す", keys=("Shift+A",), checkable=True),
    Entry("swap_halves", "説明する側を替える", keys=("X",)),
    Entry("corrections", "修正の一覧", keys=("C",), checkable=True),
    Entry("minutes", "記録", keys=("M",), checkable=True),
    Entry("minutes_said", "発言を記録する", keys=("Alt+1",), while_typing=("Alt+1",)),
    Entry("minutes_question", "質問を記録する", keys=("Alt+2",), while_typing=("Alt+2",)),
    Entry("minutes_decision", "決定を記録する", keys=("Alt+3",), while_typing=("Alt+3",)),
    Entry("minutes_instruction", "指示を記録する", keys=("Alt+4",), while_typing=("Alt+4",)),
    Entry("minutes_homework", "宿題を記録する", keys=("Alt+5",), while_typing=("Alt+5",)),
    Entry("minutes_note", "備考を記録する", keys=("Alt+6",), while_typing=("Alt+6",)),
    Entry("export", "書き出す"),
    Entry("erase_held", "選んだものを消す", keys=("Del",)),
    Entry("clear_mine", "このページの自分の書き込みを消す"),
    Entry("clear_page", "このページの書き込みを全て消す"),
    Entry("private", "自分だけに書く", keys=("Shift+D",), checkable=True),
    Entry("undo", "元に戻す", keys=("Ctrl+Z",), repeats=True),
    Entry("redo", "やり直す", keys=("Ctrl+Y", "Ctrl+Shift+Z"), repeats=True),
    Entry("hold", "画面を止める", keys=("F",), checkable=True),
    Entry("hide", "画面を隠す", keys=("B", "."), checkable=True),
    Entry("white", "画面を白くする", keys=("W", ","), checkable=True),
    Entry("lookup", "調べる", keys=("Ctrl+K",), while_typing=("Ctrl+K",)),
    Entry("go_back", "元のページに戻る", keys=("Alt+Left",)),
    Entry("free_viewing", "各自の閲覧"),
    Entry("people", "参加者", keys=("J",), checkable=True),
    Entry("take_floor", "説明を取り戻す", keys=("T",)),
    Entry("overview", "ページ一覧", keys=("G",), checkable=True),
    Entry("papers", "資料を選ぶ", keys=("Ctrl+P",)),
    Entry("withdraw_paper", "資料を外す"),
    Entry("rooms", "会議室", keys=("Ctrl+R",)),
    Entry("plan", "次第を決める", where=Where.START | Where.CONSOLE),
    Entry("panel", "進行", checkable=True),
    Entry("escape", "いまの操作をやめる、説明を終える", keys=("Esc",)),
    Entry("end", "説明を終える"),
    Entry("start", "説明を始める", where=Where.READY | Where.CONSOLE, keys=("F5",), while_typing=("F5",)),
    Entry(
        "open",
        "ファイルを選ぶ",
        where=Where.START | Where.CONSOLE,
        keys=("Ctrl+O",),
        while_typing=("Ctrl+O",),
    ),
    Entry("choose_room", "会議室を選ぶ", where=Where.START),
    Entry("join_other", "ほかの人の説明に参加する", where=Where.START),
    Entry("rehearse", "練習する", where=Where.START | Where.ROOMS),
    Entry("back_to_start", "資料を選び直す", where=Where.ROOMS | Where.READY),
    Entry("add_room", "会議室を加える", where=Where.READY | Where.CONSOLE),
    Entry(
        "freed_room",
        "空いた会議室の番号を入力する",
        where=Where.ANY,
        keys=("Ctrl+N",),
        while_typing=("Ctrl+N",),
    ),
    Entry("let_join", "参加を受け付ける", where=Where.READY, keys=("J",)),
    Entry("choose_other_room", "会議室を選び直す", where=Where.READY),
    Entry("full_screen", "全画面", where=Where.ANY, keys=("F11",), while_typing=("F11",), checkable=True),
    Entry(
        "second_screen",
        "つないだ画面に映す",
        where=Where.ROOMS | Where.READY | Where.CONSOLE,
        checkable=True,
    ),
    Entry("keys", "キーの一覧", where=Where.ANY, keys=("F1",), while_typing=("F1",)),
    Entry("settings", "設定", where=Where.ANY, keys=("Ctrl+,",), while_typing=("Ctrl+,",)),
    Entry("close", "閉じる", where=Where.END),
    Entry("quit", "紙ゼロを終了する", where=Where.ANY, keys=("Ctrl+Q",), while_typing=("Ctrl+Q",)),
)

# The keys of a wall's rail for the room menu: what people standing there can do by touch. (name that goes
# to the wall as `WallKey.action`, words)
WALL_KEYS: tuple[tuple[str, str], ...] = (
    ("hide", "画面を隠す"),
    ("show", "画面を映す"),
    ("move", "動かす"),
    ("pen", "ペン"),
    ("highlighter", "蛍光ペン"),
    ("select", "言葉を選ぶ"),
    ("eraser", "消しゴム"),
    ("stamp", "印を押す"),
    ("colour", "色"),
    ("undo", "元に戻す"),
    ("look_freely", "自分で見る"),
    ("follow", "説明に合わせる"),
    ("previous", "前へ"),
    ("next", "次へ"),
    ("page_list", "ページ一覧"),
    ("larger", "この画面を大きく"),
    ("invert", "白黒反転"),
    ("another", "別の端末をつなぐ"),
    ("join_code", "参加番号"),
    ("swap_sides", "左右を入れ替える"),
    ("put_away", "しまう"),
)

BY_NAME: Mapping[str, Entry] = {entry.name: entry for entry in ENTRIES}


class Actions(QObject):
    """A table, alive: a QAction for each entry, whose state every button and menu shares.

    ``run(name, value)`` does what is bound; an action that is switched off does nothing and says so by False.
    """

    ran = Signal(str)

    def __init__(self, entries: tuple[Entry, ...] = ENTRIES, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entries = entries
        self._does: dict[str, Callable[..., None]] = {}
        self._actions = {entry.name: self._made(entry) for entry in entries}

    def _made(self, entry: Entry) -> QAction:
        action = QAction(say(entry.words), self)
        action.setObjectName(entry.name)
        action.setCheckable(entry.checkable)
        action.triggered.connect(lambda _checked=False, name=entry.name: self._do(name))
        return action

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def bind(self, does: Mapping[str, Callable[..., None]]) -> None:
        """Says what each action does; a name that is not in the table is a KeyError."""
        for name, what in does.items():
            if name not in self._actions:
                raise KeyError(name)
            self._does[name] = what

    def unbound(self) -> set[str]:
        """Names that do nothing yet."""
        return set(self._actions) - set(self._does)

    def run(self, name: str, value: Any = None) -> bool:
        """Runs one action, as its key, button or menu line would; False where it is not to be had now."""
        action = self._actions[name]
        if not action.isEnabled():
            return False
        if value is None:
            action.trigger()
        else:
            self._does[name](value)
            self.ran.emit(name)
        return True

    def set_checked(self, name: str, checked: bool) -> None:
        """Shows an on/off action as it is in truth; runs nothing."""
        self._actions[name].setChecked(checked)

    def set_enabled(self, name: str, enabled: bool, why: str = "") -> None:
        """Switches an action on or off everywhere at once; ``why`` is the reason told on its button."""
        action = self._actions[name]
        action.setEnabled(enabled)
        action.setToolTip(why or action.text())

    def retranslate(self) -> None:
        """Says every label again in the present language."""
        for entry in self.entries:
            self._actions[entry.name].setText(say(entry.words))

    def _do(self, name: str) -> None:
        # Qt has flipped a checkable action already; what it shows is set from the truth by `set_checked`.
        action = self._actions[name]
        if action.isCheckable():
            action.setChecked(not action.isChecked())
        does = self._does.get(name)
        if does is not None:
            does()
        self.ran.emit(name)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        return super().event(event)
