"""The foot of the participant's window: what acts on the page, what asks for something, the way on."""

from __future__ import annotations

from pageview import icons, theme
from pageview.theme import Desk
from presenter.actions import Actions
from presenter.buttons import ToolKey
from presenter.join.window_state import Looking, WindowState
from presenter.tool_row import ToolRow


class WindowFooter(ToolRow):
    """Keys that act on the page, then those that search, ask and save."""

    def __init__(self, actions: Actions) -> None:
        hide = ToolKey(actions["hide"], "画面を隠す", "visibility_off", "", "B")
        ask = ToolKey(actions["ask_floor"], "発言を求める", "back_hand")
        save = ToolKey(actions["save"], "保存する", "download")
        on_the_page = (
            move := ToolKey(actions["move"], "動かす", "touch_app"),
            ToolKey(actions["pen"], "ペン", "ink_pen", "ink_pen-fill"),
            ToolKey(actions["highlighter"], "蛍光ペン", "ink_highlighter", "ink_highlighter-fill"),
            ToolKey(actions["eraser"], "消しゴム", "ink_eraser", "ink_eraser-fill"),
            ToolKey(actions["select"], "言葉を選ぶ", "edit_note"),
            ToolKey(actions["undo"], "元に戻す", "undo"),
            zoom_out := ToolKey(actions["zoom_out"], "縮める", "zoom_out"),
            zoom_in := ToolKey(actions["zoom_in"], "拡大する", "zoom_in"),
            whole := ToolKey(actions["whole_page"], "全体", "fit_screen"),
        )
        find = ToolKey(actions["find"], "言葉を探す", "search")
        look_up = ToolKey(actions["lookup"], "調べる", "search")
        super().__init__(
            actions, on_the_page, (find, look_up, ask, save, hide), spare=(zoom_out, zoom_in, whole, move)
        )
        self._ask, self._save, self._hide = ask, save, hide
        self._find, self._look_up = find, look_up

    def show_state(self, state: WindowState) -> None:
        """Shows this and nothing else."""
        presenting = state.looking is Looking.PRESENTING
        self._ask.set_words("発言を求めています" if state.asked else "発言を求める")
        self._ask.setVisible(not presenting)
        self._hide.setVisible(presenting)
        # Who may look things up finds this briefing's words there too.
        self._find.setVisible(not state.finds)
        self._look_up.setVisible(state.finds)
        self._save.set_words("保存する" if state.saving else "保存（許可が必要です）")
        self.count.show_page(state.page)
        # While one follows, 次へ leaves following: it must not look like the thing to do.
        kind = "" if state.looking is Looking.FOLLOWING else "primary"
        if self.next.property("kind") != kind:
            theme.restyle(self.next, kind=kind)
            colour = "#FFFFFF" if kind else Desk.PRIMARY
            self.next.setIcon(icons.icon("chevron_right", colour, 24))
