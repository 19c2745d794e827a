"""Everything a participant can do, as the desk's table has it where it means the same."""

from __future__ import annotations

from presenter.actions import BY_NAME, Entry, Where

_SHARED = (
    *("next", "back", "next_page", "previous_page", "first", "last", "jump", "whole_page", "fit_width"),
    *("zoom_in", "zoom_out", "pan_left", "pan_right", "pan_up", "pan_down", "overview", "hide"),
    *(
        "move",
        "pen",
        "highlighter",
        "eraser",
        "rubber",
        "lasso",
        "words",
        "stamp",
        "select",
        "add_correction",
    ),
    *("minutes", "minutes_said", "minutes_question", "minutes_decision", "minutes_instruction"),
    *("minutes_homework", "minutes_note"),
    *(
        "lookup",
        "corrections",
        "erase_held",
        "private",
        "clear_mine",
        "clear_page",
        "undo",
        "redo",
        "full_screen",
        "keys",
        "quit",
    ),
)

ENTRIES: tuple[Entry, ...] = (
    Entry("join", "参加する", where=Where.START),
    Entry("give_up", "やめる", where=Where.START, keys=("Esc",), while_typing=("Esc",)),
    Entry("follow", "説明に合わせる", keys=("F",), checkable=True),
    Entry("look_freely", "自分で見る", keys=("L",), checkable=True),
    *(BY_NAME[name] for name in _SHARED),
    Entry("find", "言葉を探す", keys=("Ctrl+F",), while_typing=("Ctrl+F",)),
    Entry("papers", "資料を選ぶ", keys=("Ctrl+P",)),
    Entry("save", "保存する", keys=("Ctrl+S",), while_typing=("Ctrl+S",)),
    Entry("ask_floor", "発言を求める", keys=("R",)),
    Entry("return_floor", "説明を返す", keys=("T",)),
    Entry("take_over", "引き継いで説明を続ける"),
    Entry("escape", "いまの操作をやめる、退出する", keys=("Esc",)),
    Entry("leave", "退出する"),
    Entry("settings", "設定", where=Where.START),
    Entry("again", "もう一度参加する", where=Where.END),
    Entry("close", "閉じる", where=Where.END),
)
