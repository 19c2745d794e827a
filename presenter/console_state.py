"""What the console shows while a briefing runs, as frozen values, and the sentences that must be true."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from PySide6.QtGui import QImage

from presenter.pace import AgendaItem
from presenter.rooms_state import room_title
from protocol.presence import Position
from protocol.values import Rect, Screen, View, Viewing


class Link(Enum):
    """How a paired room stands."""

    GOOD = auto()
    SLOW = auto()
    LOST = auto()
    GONE = auto()


@dataclass(frozen=True, slots=True)
class Room:
    """One place of the briefing. ``seconds``: how slow the link is. ``position``: as its wall reported it."""

    number: int
    name: str
    place: str = ""
    registered: bool = False
    link: Link = Link.GOOD
    seconds: float = 0.0
    position: Position | None = None
    unshowable: int | None = None

    @property
    def title(self) -> str:
        """Its name for people."""
        return room_title(self.number, self.name or None)


Words = tuple[str, dict[str, object]]
NumberOf = Callable[[int], int]


@dataclass(frozen=True, slots=True)
class Pill:
    """The state of the link, in words, an icon and a colour. ``tone``: ok, warn, err, muted."""

    icon: str
    tone: str
    title: Words
    detail: Words


@dataclass(frozen=True, slots=True)
class TruthLine:
    """What the rooms really have before them. ``act``: what can be done about it (words, wall key, room)."""

    icon: str
    tone: str
    words: Words
    act: tuple[str, str, int] | None = None


@dataclass(frozen=True, slots=True)
class Showing:
    """What the desk shows, and what it has asked the walls to show. ``wall`` differs while they are held."""

    desk: View | None = None
    wall: View | None = None
    screen: Screen = Screen.COVER
    held: bool = False
    viewing: Viewing = Viewing.FREE


@dataclass(frozen=True, slots=True)
class PageFacts:
    """A page for people: its number from 1 in its paper, the paper's pages, its first words."""

    number: int = 0
    pages: int = 0
    title: str = ""
    text: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True)
class ConsoleState:
    """The whole console. ``pages``: page ids of the paper shown. ``notices``: words and their values.

    ``left_s``: until this paper is to be through, None where nothing is planned for it.
    """

    rooms: tuple[Room, ...] = ()
    screens: tuple[str, ...] = ()
    showing: Showing = Showing()
    pill: Pill = Pill("tv_off", "muted", ("練習中（映していません）", {}), ("", {}))
    truth: TruthLine = TruthLine("tv_off", "muted", ("会議室には映していません", {}))
    paper_title: str = ""
    paper_number: int = 0
    papers: tuple[str, ...] = ()
    edition: int = 1
    page: PageFacts = PageFacts()
    next_page: PageFacts | None = None
    next_id: int | None = None
    next_image: QImage | None = None
    pages: tuple[int, ...] = ()
    elapsed_s: float = 0.0
    planned_s: float = 0.0
    agenda: tuple[AgendaItem, ...] = ()
    behind_s: float = 0.0
    left_s: float | None = None
    note: str = ""
    disk_full: bool = False
    notices: tuple[Words, ...] = ()


def pill(rooms: Sequence[Room], screens: Sequence[str]) -> Pill:
    """The head's pill; the worst of several rooms decides."""
    if not rooms:
        if screens:
            return Pill(
                "desktop_windows", "ok", ("つないだ画面に表示中", {}), ("{name}", {"name": screens[0]})
            )
        return Pill("tv_off", "muted", ("練習中（映していません）", {}), ("会議室を加えると映せます", {}))
    lost = [room for room in rooms if room.link in (Link.LOST, Link.GONE)]
    slow = [room for room in rooms if room.link is Link.SLOW]
    title: Words = ("{room}に表示中", {"room": rooms[0].title})
    if len(rooms) > 1:
        title = ("{n}つの会議室に表示中", {"n": len(rooms)})
    if lost:
        gone = [room for room in lost if room.link is Link.GONE]
        where: Words = ("{room}　つなぎ直しています", {"room": lost[0].title})
        if gone:
            where = ("{room}　押すと、つなぎ直せます", {"room": gone[0].title})
        return Pill("link_off", "err", ("会議室とつながりません", {}), where)
    if slow:
        seconds = f"{slow[0].seconds:.1f}"
        detail: Words = (
            "{room}　通信が遅れています（{seconds}秒）",
            {"room": slow[0].title, "seconds": seconds},
        )
        if len(rooms) == 1:
            detail = ("通信が遅れています（{seconds}秒）", {"seconds": seconds})
        return Pill("warning-fill", "warn", title, detail)
    if len(rooms) > 1:
        return Pill("cast-fill", "ok", title, ("通信良好", {}))
    if rooms[0].place:
        return Pill("cast-fill", "ok", title, ("{place}　通信良好", {"place": rooms[0].place}))
    return Pill("cast-fill", "ok", title, ("通信良好", {}))


def truth(rooms: Sequence[Room], screens: Sequence[str], showing: Showing, number_of: NumberOf) -> TruthLine:
    """The line above the page: only what every wall has itself reported counts as shown.

    ``number_of`` gives the number from 1 of a page id within its paper, 0 for one that is not there.
    """
    if not rooms and not screens:
        return TruthLine("tv_off", "muted", ("練習中です。会議室には映していません", {}))
    for room in rooms:
        line = _trouble(room, showing, number_of)
        if line is not None:
            return line
    if showing.screen is Screen.HIDDEN:
        return TruthLine("visibility_off", "warn", ("会議室には何も映っていません", {}))
    if showing.screen is Screen.WHITE:
        return TruthLine("visibility_off", "warn", ("会議室の画面を白くしています", {}))
    if showing.held and showing.wall is not None:
        page = number_of(showing.wall.page_id)
        return TruthLine("pause-fill", "warn", ("会議室は{page}ページのまま止めています", {"page": page}))
    waiting = [room for room in rooms if not _shows(room.position, showing.wall)]
    if waiting:
        return TruthLine("hourglass_empty", "muted", ("会議室に映しています", {}))
    if not all(room.position.sharp for room in rooms if room.position is not None):
        return TruthLine("check_circle-fill", "ok", ("会議室と同じページです。細かい所を描いています", {}))
    return TruthLine("check_circle-fill", "ok", ("会議室と同じ画面です", {}))


def truth_of_comparing(line: TruthLine) -> TruthLine:
    """The same line while the walls show before and after: what they show is not the page of the desk."""
    if line.tone != "ok":
        return line
    return replace(line, words=("会議室には前と後を並べています", {}))


def _trouble(room: Room, showing: Showing, number_of: NumberOf) -> TruthLine | None:
    """What is otherwise in this room than the desk wants it; None when nothing is."""
    position = room.position
    shown = number_of(position.page_id) if position is not None and position.page_id is not None else 0
    if room.link in (Link.LOST, Link.GONE):
        if shown and room.link is Link.LOST:
            words: Words = (
                "{room}とつながりません。{page}ページが映ったままです",
                {"room": room.title, "page": shown},
            )
        else:
            words = ("{room}とつながりません", {"room": room.title})
        return TruthLine("link_off", "err", words)
    if position is None:
        return None
    if position.covered:
        words = ("{room}には緊急のお知らせが出ています", {"room": room.title})
        return TruthLine("warning-fill", "warn", words)
    if position.hidden_here:
        words = ("{room}は画面を隠しています", {"room": room.title})
        return TruthLine("visibility_off", "warn", words, ("映してもらう", "show", room.number))
    if showing.wall is not None and room.unshowable == showing.wall.page_id:
        return TruthLine(
            "error-fill", "err", ("{room}では、このページを表示できません", {"room": room.title})
        )
    if not position.following and shown:
        words = ("{room}は{page}ページを見ています", {"room": room.title, "page": shown})
        return TruthLine("visibility", "warn", words, ("こちらに合わせてもらう", "follow", room.number))
    return None


def wall_state(room: Room, showing: Showing, number_of: NumberOf) -> tuple[str, str, Words]:
    """A room's line in the list of rooms: icon, tone, and what its wall has itself reported."""
    position = room.position
    if room.link is Link.GONE:
        return "link_off", "err", ("接続が終わりました", {})
    if room.link is Link.LOST:
        return "link_off", "err", ("つなぎ直しています", {})
    if position is not None and position.covered:
        return "warning-fill", "warn", ("緊急のお知らせが出ています", {})
    if position is not None and position.hidden_here:
        return "visibility_off", "warn", ("画面を隠しています", {})
    page = number_of(position.page_id) if position is not None and position.page_id is not None else 0
    if showing.wall is not None and room.unshowable == showing.wall.page_id:
        return "error-fill", "err", ("このページを表示できません", {})
    if position is not None and not position.following and page:
        return "visibility", "warn", ("自分で{page}ページを見ています", {"page": page})
    if room.link is Link.SLOW:
        return (
            "warning-fill",
            "warn",
            ("通信が遅れています（{seconds}秒）", {"seconds": f"{room.seconds:.1f}"}),
        )
    if not page:
        return "check_circle-fill", "ok", ("通信良好", {})
    return "check_circle-fill", "ok", ("{page}ページを表示中", {"page": page})


def _shows(position: Position | None, view: View | None) -> bool:
    if position is None or view is None or position.page_id != view.page_id or position.rect is None:
        return False
    return same_region(position.rect, view.rect)


def same_region(a: Rect, b: Rect) -> bool:
    """Whether two rectangles of a page are the same to 1 % of their size."""
    slack = max(b.x1 - b.x0, b.y1 - b.y0) / 100 + 1
    pairs = zip((a.x0, a.y0, a.x1, a.y1), (b.x0, b.y0, b.x1, b.y1), strict=True)
    return all(abs(left - right) <= slack for left, right in pairs)
