"""What each action of the participant's table does."""

from __future__ import annotations

from presenter.bindings import PAN_PX, ZOOM
from presenter.join.desk import ParticipantDesk


def bind(desk: ParticipantDesk) -> None:
    """Gives every entry of the table its deed."""
    parts = desk.parts
    flow, follower, page = parts.flow, parts.follower, parts.follower.page
    parts.actions.bind(
        {
            "join": parts.entrance.join,
            "give_up": parts.entrance.give_up,
            "follow": follower.follow,
            "look_freely": follower.look_freely,
            "next": page.forward,
            "back": page.back,
            "next_page": lambda: page.turn(1),
            "previous_page": lambda: page.turn(-1),
            "first": lambda: flow.go_to_overall(1),
            "last": lambda: flow.go_to_overall(-1),
            "jump": flow.go_to_number,
            "whole_page": page.whole_page,
            "fit_width": page.fit_width,
            "zoom_in": lambda: page.zoom(ZOOM),
            "zoom_out": lambda: page.zoom(1 / ZOOM),
            "pan_left": lambda: page.pan(-PAN_PX, 0),
            "pan_right": lambda: page.pan(PAN_PX, 0),
            "pan_up": lambda: page.pan(0, -PAN_PX),
            "pan_down": lambda: page.pan(0, PAN_PX),
            "overview": flow.toggle_overview,
            "hide": flow.toggle_hidden,
            "find": flow.open_find,
            "papers": flow.open_papers,
            "save": flow.ask_where_to_save,
            "ask_floor": flow.ask_floor,
            "return_floor": flow.return_floor,
            "take_over": desk.ask_take_over,
            "leave": desk.ask_leave,
            "full_screen": desk.toggle_full_screen,
            "keys": desk.show_keys,
            "settings": desk.open_settings,
            "again": desk.again,
            "close": desk.close,
        }
    )
