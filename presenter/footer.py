"""The console's foot."""

from __future__ import annotations

from presenter.actions import Actions
from presenter.buttons import ToolKey
from presenter.console_state import ConsoleState
from presenter.tool_row import ToolRow
from protocol.values import Viewing

_VIEWING = {
    Viewing.FREE: "各自の閲覧 可",
    Viewing.NOT_AHEAD: "各自の閲覧 ここまで",
    Viewing.LOCKED: "各自の閲覧 不可",
}


class Footer(ToolRow):
    """Keys that act on the page, then those that act on the walls."""

    def __init__(self, actions: Actions) -> None:
        viewing = ToolKey(actions["free_viewing"], "各自の閲覧 可", "group")
        on_the_page = (
            ToolKey(actions["pointer"], "指示棒", "stylus_laser_pointer", "stylus_laser_pointer-fill"),
            ToolKey(actions["move"], "動かす", "touch_app"),
            ToolKey(actions["pen"], "ペン", "ink_pen", "ink_pen-fill"),
            ToolKey(actions["highlighter"], "蛍光ペン", "ink_highlighter", "ink_highlighter-fill"),
            ToolKey(actions["eraser"], "消しゴム", "ink_eraser", "ink_eraser-fill"),
            ToolKey(actions["select"], "言葉を選ぶ", "edit_note"),
            undo := ToolKey(actions["undo"], "元に戻す", "undo"),
            whole := ToolKey(actions["whole_page"], "全体", "fit_screen"),
            fit_width := ToolKey(actions["fit_width"], "横幅", "fit_width"),
            zoom_out := ToolKey(actions["zoom_out"], "縮小", "zoom_out"),
            zoom_in := ToolKey(actions["zoom_in"], "拡大", "zoom_in"),
        )
        on_the_walls = (
            ToolKey(actions["hold"], "画面を止める", "pause", "pause-fill", "F"),
            ToolKey(actions["hide"], "画面を隠す", "visibility_off", "", "B"),
            white := ToolKey(actions["white"], "白くする", "desktop_windows", "", "W"),
            viewing,
            ToolKey(actions["lookup"], "調べる", "search"),
        )
        # A wheel, a finger or the keyboard does as well as these.
        super().__init__(
            actions, on_the_page, on_the_walls, spare=(zoom_out, zoom_in, fit_width, whole, white, undo)
        )
        self.viewing = viewing

    def show_state(self, state: ConsoleState) -> None:
        """Shows this and nothing else."""
        self.viewing.set_words(_VIEWING[state.showing.viewing])
        self.count.show_page(state.page)
