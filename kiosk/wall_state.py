"""Everything that a wall shows around the page, as frozen values; and where it goes, as a pure function."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from kiosk.kiosk_state import Trouble
from kiosk.settings import Side
from pageview.hand import Use
from protocol.ink import Colour

NARROWEST = 172.0
"""A letterbox of so many units holds a panel; narrower ones stay empty and the rail floats."""
RAIL_WIDTH = 148.0
CARD_WIDTH = 172.0
FROM_EDGE = 98.0
"""Panels have their middle so far from the glass's edge, where the letterbox is that wide."""
RAIL_TOP = 116.0
RAIL_PAD = 8.0
KEY_GAP = 4.0
RULE = 20.0
MOST_KEYS = 10
"""So many have room in the whole height of a glass."""
_KEY_LEAST, _KEY_MOST = 96.0, 116.0
COLUMN_TOP, COLUMN_WIDTH = 116.0, 148.0
"""Of the page's number in the letterbox across from the rail, and of all that stands below it."""
STATUS_ROOM = 204.0
"""At the foot of that letterbox, for who presents, while the chip of a correction stands above."""
CHIP_WIDTH, CHIP_HEIGHT, TICK = 164.0, 168.0, 16.0
_CHIP_NARROWEST = 120.0 + TICK
_AIR = 8.0


class Code(Enum):
    """Which number stands beside the page because somebody asked for it."""

    NONE = auto()
    ROOM = auto()
    JOIN = auto()


class Hidden(Enum):
    """Why no page is to be seen."""

    NO = auto()
    HERE = auto()
    BY_PRESENTER = auto()
    WHITE = auto()


@dataclass(frozen=True, slots=True)
class Asker:
    """A second presenter who wants this wall."""

    name: str
    department: str
    seconds: int


@dataclass(frozen=True, slots=True)
class WallState:
    """`page`: number and count of its paper. `presenter_page`: shown while this wall looks freely.

    `writes`: people may write here; `more`: they asked for the keys that have no room beside the tools.

    `code` is there whenever the room code has to be shown (another computer, dead link); `join_code` while
    people may join.
    """

    now: datetime
    number: int
    department: str = ""
    presenter: str = ""
    page: tuple[int, int] | None = None
    presenter_page: int | None = None
    step: int = 0
    steps: int = 1
    step_label: str = ""
    part: tuple[float, float] = (0.0, 1.0)
    """Top and bottom of what is shown, as shares of the page's height."""
    following: bool = True
    free_viewing: bool = True
    back: bool = False
    forward: bool = False
    hidden: Hidden = Hidden.NO
    inverted: bool = False
    larger: bool = False
    touch: bool = False
    writes: bool = False
    more: bool = False
    tool: Use = Use.NOTHING
    words_chosen: bool = False
    """Words of the page are chosen: they can be made a correction."""
    colour: Colour = Colour.RED
    stamp: str = ""
    """The word of the stamp in hand."""
    open_corrections: int = 0
    minutes_left: int | None = None
    """Until the paper is to be through, negative when it should have been; None: walls do not tell it."""
    typed: tuple[tuple[int, float], ...] = ()
    """Of each correction that is typed on this page, its number and the height of its line, as a share."""
    side: Side = "right"
    trouble: Trouble = Trouble.NONE
    shown: Code = Code.NONE
    code: str = ""
    join_code: str = ""
    asker: Asker | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in units."""

    x: float
    y: float
    width: float
    height: float


class Slot(Enum):
    """What stands at the rail's place."""

    NOTHING = auto()
    RAIL = auto()
    TROUBLE = auto()
    CODE = auto()
    QUESTION = auto()


@dataclass(frozen=True, slots=True)
class Places:
    """Where things stand, in units; None: not now. `floats`: no letterbox, the rail hides by itself."""

    slot: Slot
    rail: Box | None
    info: Box | None
    step: Box | None
    card_x: float
    floats: bool
    keys: tuple[str, ...]
    key_height: float


@dataclass(frozen=True, slots=True)
class ChipPlaces:
    """Where 入力中 stands, and what joins it to the line that is typed, at the height ``at`` of the glass.
    ``in_column``: below the page's number, in the place of the count of open corrections."""

    chip: Box
    tick: Box
    at: float
    in_column: bool


def page_height(touch: bool) -> float:
    """Of the page's number, with its keys where there is touch."""
    return 568.0 if touch else 148.0


def chip_places(
    state: WallState, width: float, height: float, letterbox: tuple[float, float], info: Box | None
) -> ChipPlaces | None:
    """Beside the line, but never on the page's number, its keys, the clock or who presents. None where
    nothing is typed, or where the letterbox has no room: the red words stand for themselves."""
    on_left = state.side == "right"
    room = letterbox[0 if on_left else 1]
    if not state.typed or state.hidden is not Hidden.NO or room < _CHIP_NARROWEST:
        return None
    wide, end, bottom = min(CHIP_WIDTH, room - TICK), room - TICK, height - _AIR
    top = _AIR
    column = 0.0 if info is None else (info.width + COLUMN_WIDTH) / 2
    in_column = info is not None and end - wide < column + _AIR
    if in_column:
        wide, end = COLUMN_WIDTH, column
        top, bottom = COLUMN_TOP + page_height(state.touch) + _AIR, height - STATUS_ROOM - _AIR
    line = min(max(_AIR, state.typed[0][1] * height), height - _AIR)
    y = max(top, min(line - CHIP_HEIGHT / 2, bottom - CHIP_HEIGHT))
    high, low = min(line, y + CHIP_HEIGHT / 2) - 4, max(line, y + CHIP_HEIGHT / 2) + 4
    chip, tick = Box(end - wide, y, wide, CHIP_HEIGHT), Box(end, high, room - end, low - high)
    if not on_left:
        chip, tick = (Box(width - box.x - box.width, box.y, box.width, box.height) for box in (chip, tick))
    return ChipPlaces(chip, tick, line, in_column)


def rail_keys(state: WallState, with_pages: bool, with_larger: bool) -> tuple[str, ...]:
    """The rail's keys from the top, 画面を隠す first: somebody walks in. `|` is a rule between groups."""
    keys = ["show" if state.hidden is Hidden.HERE else "hide"]
    if state.writes and not state.more and state.hidden is Hidden.NO:
        tools = _writing_keys(with_pages, with_larger)
        gives_way = "highlighter" if "highlighter" in tools else "select"
        stamp = state.tool is Use.STAMP
        return tuple("stamp" if stamp and name == gives_way else name for name in tools)
    if with_pages:
        keys += ["previous", "next", "page_list"]
    keys.append("look_freely" if state.following else "follow")
    if with_larger:
        keys.append("larger")
    codes = ["another", "join_code"] if state.join_code else ["another"]
    if state.writes:
        # Back among the tools there is しまう.
        last = ["more", "put_away"] if len(keys) + len(codes) < MOST_KEYS - 2 else ["more"]
        return (*keys, "stamp", *codes, *last)
    if not with_pages:
        return (*keys, "|", *codes, "|", "put_away")
    # Beside a stepped page there is room for seven keys, and the rail covers nothing: it need not go.
    full = state.join_code and not with_larger
    return (*keys, *codes) if full else (*keys, *codes, "put_away")


def _writing_keys(with_pages: bool, with_larger: bool) -> tuple[str, ...]:
    """The rail of a wall that may be written on: its tools; the rest is behind その他."""
    if not with_larger:
        return ("hide", "move", "pen", "select", "undo", "more", "put_away")
    if with_pages:
        return ("hide", "previous", "next", "move", "pen", "select", "eraser", "undo", "more", "put_away")
    return ("hide", "move", "pen", "highlighter", "select", "eraser", "colour", "undo", "more", "put_away")


def key_height(keys: tuple[str, ...], room: float) -> float:
    """Of each key, in a rail that must not be higher than `room`; 96 at least."""
    count = len(keys) - keys.count("|")
    rest = room - 2 * RAIL_PAD - (count - 1) * KEY_GAP - keys.count("|") * RULE
    return max(_KEY_LEAST, min(_KEY_MOST, rest / count))


def rail_height(keys: tuple[str, ...], key: float) -> float:
    """Units that a rail of these keys needs."""
    count = len(keys) - keys.count("|")
    return 2 * RAIL_PAD + count * key + (count - 1) * KEY_GAP + keys.count("|") * RULE


def slot_for(state: WallState, rail_out: bool, touched: bool) -> Slot:
    """What has the rail's place: a question first; a finger brings the rail back over bad news."""
    if state.asker is not None:
        return Slot.QUESTION
    if (state.shown is Code.ROOM and state.code) or (state.shown is Code.JOIN and state.join_code):
        return Slot.CODE
    if state.trouble is not Trouble.NONE and not (touched and state.touch):
        return Slot.TROUBLE
    return Slot.RAIL if state.touch and rail_out else Slot.NOTHING


def stays(state: WallState, slot: Slot, draws: bool) -> bool:
    """Whether what stands at the rail's place is there for long: a card, or the rail while a tool is in
    hand. A dead link's card is, also while a finger has brought the rail over it for some seconds."""
    held = draws and state.writes
    return held or state.trouble is not Trouble.NONE or slot not in (Slot.NOTHING, Slot.RAIL)


def places(
    state: WallState,
    width: float,
    height: float,
    letterbox: tuple[float, float],
    rail_out: bool,
    touched: bool,
) -> Places:
    """Where everything goes on a wall of so many units whose page leaves `letterbox` (left, right) free."""
    rail_left = state.side == "left"
    rail_room, info_room = (letterbox[0], letterbox[1]) if rail_left else (letterbox[1], letterbox[0])
    floats = rail_room < NARROWEST
    slot = slot_for(state, rail_out, touched)
    from_edge = FROM_EDGE if floats else min(rail_room / 2, FROM_EDGE)
    middle = from_edge if rail_left else width - from_edge
    has_info = info_room >= NARROWEST
    step = None
    if state.steps > 1 and not floats and state.hidden is Hidden.NO:
        step = Box(middle - RAIL_WIDTH / 2, height - 318, RAIL_WIDTH, 286)
    keys = rail_keys(state, with_pages=not has_info, with_larger=step is None)
    if slot is Slot.RAIL and step is not None and 8.0 + rail_height(keys, _KEY_LEAST) > step.y:
        step = None  # the keys of その他 are more than have room above it
    room = height - (318 + 16 if step else 2 * 32)
    key = key_height(keys, room)
    rail = None
    if slot is Slot.RAIL:
        high = rail_height(keys, key)
        top = 8.0 if step else max(32.0, min(RAIL_TOP, (height - high) / 2))
        rail = Box(middle - RAIL_WIDTH / 2, top, RAIL_WIDTH, high)
    info = None
    if has_info:
        wide = min(info_room, 2 * FROM_EDGE)
        info = Box(width - wide if rail_left else 0.0, 0, wide, height)
    return Places(slot, rail, info, step, middle - CARD_WIDTH / 2, floats, keys, key)
