"""What the participant's window shows, as a frozen value, and the sentences that must be true."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from presenter.console_state import PageFacts, Pill, TruthLine, Words
from protocol.values import Screen, Viewing

NO_PAGE = PageFacts()
LONG_LOST_S = 60.0

WAITING = "つながると、ひとりでに続きます。無線LANを確かめてください。"
NO_WALL = "この会議室での説明は終わりました。続きの会議室番号を、説明者に確かめてください。"

TAKE_OVER_AFTER_S = 10.0
"""A wall gives itself to a right code when its presenter has been away so long (security.md)."""


class Looking(Enum):
    """Whose page this window shows."""

    FOLLOWING = auto()
    FREELY = auto()
    PRESENTING = auto()


@dataclass(frozen=True, slots=True)
class Presented:
    """The page that the presenter shows. ``title`` of its paper where that is another one than shown here."""

    page_id: int
    number: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class WindowState:
    """The whole window. ``lost_s``: how long the link is dead, None while it lives.

    ``pages``: ids of the pages of the paper shown that may be looked at, numbered from ``first_page``.
    ``received``: of the paper shown so far, 0…1; None when the page is here. ``saving``, ``takeover`` and
    ``finds`` are the presenter's grants. ``walls``: how many rooms the briefing has, None while that is not
    known.
    """

    name: str = ""
    department: str = ""
    room: str = ""
    looking: Looking = Looking.FOLLOWING
    viewing: Viewing = Viewing.FREE
    screen: Screen = Screen.SHOW
    lost_s: float | None = None
    paper_title: str = ""
    paper_number: int = 0
    papers: tuple[str, ...] = ()
    edition: int = 1
    page: PageFacts = NO_PAGE
    page_id: int | None = None
    pages: tuple[int, ...] = ()
    first_page: int = 1
    presented: Presented | None = None
    received: float | None = None
    unusable: bool = False
    asked: bool = False
    private: bool = False
    """What is drawn now is for oneself alone."""
    walls: int | None = None
    saving: bool = False
    takeover: bool = False
    finds: bool = False
    note: str = ""
    notices: tuple[Words, ...] = ()
    disk_full: bool = False

    @property
    def elsewhere(self) -> bool:
        """Whether the presenter shows another page than this window."""
        freely = self.looking is Looking.FREELY
        return freely and self.presented is not None and self.presented.page_id != self.page_id

    @property
    def may_take_over(self) -> bool:
        """Whether the briefing may be gone on with from here: granted, and its presenter is away."""
        return self.takeover and self.lost_s is not None and self.lost_s >= TAKE_OVER_AFTER_S


def pill(state: WindowState) -> Pill:
    """Who presents and where; and whether the link to them lives."""
    detail: Words = ("{room}　参加中", {"room": state.room})
    if state.lost_s is not None:
        soon = state.lost_s < LONG_LOST_S
        detail = ("つなぎ直しています" if soon else "説明者とつながりません", {})
        return Pill("link_off", caption(state).tone, _whose(state), detail)
    return Pill("co_present", "ok", _whose(state), detail)


def _whose(state: WindowState) -> Words:
    if not state.name and not state.department:
        return ("説明者の説明", {})
    values: dict[str, object] = {"department": state.department, "name": state.name}
    return ("{department} {name}さんの説明" if state.department else "{name}さんの説明", values)


def caption(state: WindowState) -> TruthLine:
    """What one sees, and who else sees it."""
    if state.lost_s is not None:
        if state.lost_s < LONG_LOST_S:
            return TruthLine("sync", "warn", ("つなぎ直しています。ページはこのまま見られます。", {}))
        if state.walls == 0:
            return TruthLine("link_off", "err", (NO_WALL, {}))
        return TruthLine("link_off", "warn", (WAITING, {}))
    if state.unusable:
        return TruthLine("error-fill", "err", ("この資料を受け取れません。説明者にお知らせください。", {}))
    if state.private:
        return TruthLine("lock", "muted", ("自分だけに見える書き込みです", {}))
    if state.looking is Looking.FREELY:
        return TruthLine("visibility", "ok", ("自分だけの表示です。会議室の画面は変わりません。", {}))
    if state.looking is Looking.PRESENTING:
        return TruthLine("co_present", "on", ("あなたが説明しています。会議室の画面も変わります。", {}))
    if state.screen is not Screen.SHOW:
        return TruthLine("visibility_off", "muted", ("説明者が画面を隠しています", {}))
    if state.received is not None:
        share: dict[str, object] = {"share": int(state.received * 100)}
        return TruthLine("hourglass_empty", "muted", ("資料を受け取っています（{share}％）", share))
    return TruthLine("check_circle-fill", "ok", ("説明者と同じ画面です", {}))


def return_words(presented: Presented, lost: bool) -> Words:
    """What stands beside 「7ページに戻る」. ``lost``: it is what was known last."""
    if lost:
        return ("説明者は{page}ページを説明していました", {"page": presented.number})
    if presented.title:
        values = {"title": presented.title, "page": presented.number}
        return ("説明者は「{title}」の{page}ページを説明しています", values)
    return ("説明者は{page}ページを説明しています", {"page": presented.number})
