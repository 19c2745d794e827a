"""What each action does on this wall."""

from __future__ import annotations

from functools import partial

from kiosk.actions import ActionTable
from kiosk.briefing_screens import BriefingScreens
from kiosk.follower import Follower
from kiosk.kiosk_state import HiddenHere
from kiosk.machine import Machine
from kiosk.wall_state import Code
from kiosk.writing import TOOLS, Writing


def action_table(
    screens: BriefingScreens, machine: Machine, follower: Follower, writing: Writing
) -> ActionTable:
    """The table that keys, room menu and script share."""
    return ActionTable(
        {
            "hide": lambda: machine.take(HiddenHere(True)),
            "show": lambda: machine.take(HiddenHere(False)),
            "previous": lambda: follower.step(-1),
            "next": lambda: follower.step(1),
            "page_list": screens.toggle_pages,
            **{name: partial(writing.choose, name) for name in TOOLS},
            "stamp": partial(_stamp, screens, writing),
            "colour": writing.next_colour,
            "undo": writing.undo,
            "more": screens.toggle_more,
            "look_freely": follower.look_freely,
            "follow": follower.follow,
            "larger": follower.toggle_larger,
            "invert": screens.invert,
            "another": lambda: screens.show_code(Code.ROOM),
            "join_code": lambda: screens.show_code(Code.JOIN),
            "swap_sides": screens.swap_sides,
            "put_away": screens.put_away,
            "disconnect": screens.cover.ask_disconnect,
        }
    )


def _stamp(screens: BriefingScreens, writing: Writing) -> None:
    """From その他 back among the tools, where it is seen which stamp is in hand."""
    writing.choose("stamp")
    screens.show_tools()
