"""What the ground says, from the settings."""

from __future__ import annotations

from kiosk.ground import GroundState
from kiosk.settings import Settings
from kiosk.standby_feed import in_language
from pageview.wording import language


def ground_state(settings: Settings) -> GroundState:
    """In the language of the wall."""
    room, glass, english = settings.room, settings.display, language() == "en"
    name, _ = in_language(room.name, room.name_en, english)
    place, _ = in_language(room.place, room.place_en, english)
    return GroundState(room.number, name, place, glass.inches, glass.distance_m, english)
