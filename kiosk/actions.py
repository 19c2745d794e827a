"""Everything that can be done at a wall, by name: the rail's keys, the presenter's room menu, the script.

One table for all of them, so that each touch control has its twin at the desk, where nothing can be touched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from pageview.wording import say


@dataclass(frozen=True, slots=True)
class Action:
    """`name` travels in `WallKey`; `lines` are the label as it is broken on a narrow key."""

    name: str
    icon: str
    lines: Callable[[], tuple[str, ...]]

    @property
    def label(self) -> str:
        """In one line, in the language of the wall."""
        lines = self.lines()
        return "".join(lines) if not lines[0].isascii() else " ".join(lines)


ACTIONS: Final[Mapping[str, Action]] = {
    action.name: action
    for action in (
        Action("hide", "tv_off", lambda: (say("画面を隠す"),)),
        Action("show", "desktop_windows", lambda: (say("画面を映す"),)),
        Action("previous", "chevron_left", lambda: (say("前へ"),)),
        Action("next", "chevron_right", lambda: (say("次へ"),)),
        Action("page_list", "grid_view", lambda: (say("ページ一覧"),)),
        Action("move", "touch_app", lambda: (say("動かす"),)),
        Action("pen", "ink_pen", lambda: (say("ペン"),)),
        Action("highlighter", "ink_highlighter", lambda: (say("蛍光ペン"),)),
        Action("select", "edit_note", lambda: (say("言葉を選ぶ"),)),
        Action("eraser", "ink_eraser", lambda: (say("消しゴム"),)),
        Action("stamp", "approval", lambda: (say("印を押す"),)),
        Action("colour", "palette", lambda: (say("色"),)),
        Action("undo", "undo", lambda: (say("元に戻す"),)),
        Action("more", "more_vert", lambda: (say("その他"),)),
        Action("look_freely", "visibility", lambda: (say("自分で見る"),)),
        Action("follow", "sync", lambda: (say("説明に"), say("合わせる"))),
        Action("larger", "zoom_in", lambda: (say("この画面を"), say("大きく"))),
        Action("invert", "invert_colors", lambda: (say("白黒反転"),)),
        Action("another", "computer", lambda: (say("別の端末を"), say("つなぐ"))),
        Action("join_code", "group", lambda: (say("参加番号"),)),
        Action("swap_sides", "swap_horiz", lambda: (say("左右を"), say("入れ替える"))),
        Action("put_away", "chevron_right", lambda: (say("しまう"),)),
        Action("disconnect", "link_off", lambda: (say("接続を切る"),)),
    )
}


class ActionTable:
    """What each name does on this wall. Every name of `ACTIONS` must be given; others are refused."""

    def __init__(self, deeds: Mapping[str, Callable[[], None]]) -> None:
        if deeds.keys() != ACTIONS.keys():
            raise ValueError(f"not every action has its deed: {sorted(deeds.keys() ^ ACTIONS.keys())}")
        self._deeds = dict(deeds)

    def trigger(self, name: str) -> bool:
        """Does it; False for a name that this wall does not know (a newer presenter's)."""
        deed = self._deeds.get(name)
        if deed is None:
            return False
        deed()
        return True
