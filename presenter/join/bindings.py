"""What each action of the participant's table does."""

from __future__ import annotations

from presenter.bindings import page_moves
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
            **page_moves(page),
            **parts.writing.deeds(),
            **parts.minutes.deeds(),
            "first": lambda: flow.go_to_overall(1),
            "last": lambda: flow.go_to_overall(-1),
            "jump": flow.go_to_number,
            "overview": flow.toggle_overview,
            "hide": flow.toggle_hidden,
            "find": flow.open_find,
            "papers": flow.open_papers,
            "lookup": parts.lookup.toggle,
            "add_correction": parts.writing.correct,
            "private": parts.writing.toggle_private,
            "corrections": flow.toggle_corrections,
            "save": flow.ask_where_to_save,
            "ask_floor": flow.ask_floor,
            "return_floor": flow.return_floor,
            "take_over": desk.ask_take_over,
            "escape": lambda: None if parts.correcting.leave() or parts.writing.leave() else desk.ask_leave(),
            "leave": desk.ask_leave,
            "full_screen": parts.preferences.toggle_full_screen,
            "keys": parts.preferences.show_keys,
            "settings": parts.preferences.open,
            "again": desk.again,
            "close": desk.close,
            "quit": desk.close,
        }
    )
