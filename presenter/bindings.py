"""What each action of the table does."""

from __future__ import annotations

from collections.abc import Callable

from pageview.page_view import PageView
from presenter.desk import Desk
from presenter.join_start import open_joining
from presenter.menus import BesideMenu, open_below
from protocol.values import Screen

ZOOM = 1.25
PAN_PX = 120.0


def page_moves(page: PageView) -> dict[str, Callable[[], None]]:
    """What moves the page, whoever it moves for."""
    return {
        "next": page.forward,
        "back": page.back,
        "next_page": lambda: page.turn(1),
        "previous_page": lambda: page.turn(-1),
        "whole_page": page.whole_page,
        "fit_width": page.fit_width,
        "zoom_in": lambda: page.zoom(ZOOM),
        "zoom_out": lambda: page.zoom(1 / ZOOM),
        "pan_left": lambda: page.pan(-PAN_PX, 0),
        "pan_right": lambda: page.pan(PAN_PX, 0),
        "pan_up": lambda: page.pan(0, -PAN_PX),
        "pan_down": lambda: page.pan(0, PAN_PX),
    }


def toggle_beside(desk: Desk) -> None:
    """What can stand beside the page, to be chosen; or the page alone again."""
    parts = desk.parts
    if parts.beside.rule is not None:
        parts.beside.stop()
        return
    menu = BesideMenu(parts.window, parts.beside.choices(), parts.beside.choose)
    open_below(menu, parts.console.console.header.paper)


def leave(desk: Desk) -> bool:
    """Esc: closes the overview of pages, gives up the wording in hand, else what the hand does, else what
    stands beside the page."""
    parts = desk.parts
    if parts.console.overview.isVisible():  # it may have lost the keyboard to a sheet that was over it
        parts.console.close_overview()
        return True
    return parts.corrections.leave() or parts.drawing.leave() or parts.beside.leave()


def bind(desk: Desk) -> None:
    """Gives every entry of the table its deed."""
    parts, page, session, drawing = desk.parts, desk.parts.page, desk.parts.session, desk.parts.drawing
    parts.actions.bind(
        {
            **page_moves(page),
            "next": lambda: None if parts.corrections.source_changes.step(1) else page.forward(),
            "back": lambda: None if parts.corrections.source_changes.step(-1) else page.back(),
            "first": session.first,
            "last": session.last,
            "jump": session.go_to_number,
            **drawing.deeds(),
            "pointer": lambda: drawing.choose("pointer"),
            "add_correction": parts.corrections.add,
            "corrections": parts.corrections.toggle,
            **parts.minutes.deeds(),
            "export": lambda: parts.export.choose(parts.console.console.side.corrections.export_corner()),
            "compare": parts.corrections.compare,
            "beside": lambda: toggle_beside(desk),
            "swap_halves": parts.beside.swap,
            "private": drawing.toggle_private,
            "hold": session.toggle_hold,
            "hide": lambda: session.toggle_screen(Screen.HIDDEN),
            "white": lambda: session.toggle_screen(Screen.WHITE),
            "lookup": parts.lookup.toggle,
            "go_back": parts.lookup.go_back,
            "free_viewing": parts.console.open_viewing,
            "people": parts.people.toggle,
            "take_floor": session.take_floor,
            "overview": parts.console.toggle_overview,
            "papers": parts.console.open_papers,
            "withdraw_paper": parts.console.ask_withdraw,
            "rooms": parts.console.open_rooms,
            "plan": lambda: parts.plan.open(parts.window),
            "panel": desk.toggle_panel,
            "escape": lambda: None if leave(desk) else desk.ask_end(),
            "end": desk.ask_end,
            "start": desk.start,
            "open": lambda: parts.start.choose_files(parts.window),
            "choose_room": desk.to_rooms,
            "join_other": lambda: open_joining(parts),
            "rehearse": desk.rehearse,
            "back_to_start": desk.back,
            "add_room": desk.to_rooms,
            "freed_room": desk.to_freed_room,
            "let_join": parts.people.let_join,
            "choose_other_room": desk.choose_other_room,
            "full_screen": parts.preferences.toggle_full_screen,
            "second_screen": desk.second_screen,
            "keys": parts.preferences.show_keys,
            "settings": parts.preferences.open,
            "close": lambda: desk.leave_end(desk.to_start),
            "quit": desk.close,
        }
    )
