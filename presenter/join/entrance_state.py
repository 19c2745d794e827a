"""What the participant's first screen shows, as a frozen value, and its sentences."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from pageview.wording import say
from presenter.rooms_state import RoomRow, room_title
from protocol.transport.join_events import JoinFailure, LeftReason


class Stage(Enum):
    """How far joining is. LOST: the link, while one waits to be let in or for the beginning."""

    NONE = auto()
    REFUSED = auto()
    LOOKING = auto()
    NO_ANSWER = auto()
    APPROVAL = auto()
    START = auto()
    LOST = auto()


@dataclass(frozen=True, slots=True)
class JoinRow(RoomRow):
    """A room in reach. That it is in use says that there may be something to join."""

    @property
    def note(self) -> str:
        return say("{day}に使用", day=self.used) if self.used else ""


@dataclass(frozen=True, slots=True)
class EntranceState:
    """The whole screen. ``failure`` goes with REFUSED; ``left``: why the person is here again."""

    rooms: tuple[JoinRow, ...] = ()
    room: int | None = None
    room_name: str | None = None
    stage: Stage = Stage.NONE
    failure: JoinFailure | None = None
    left: LeftReason | None = None

    @property
    def waiting(self) -> bool:
        """Whether something goes on by itself, so that nothing can be typed."""
        return self.stage not in (Stage.NONE, Stage.REFUSED)

    @property
    def room_title(self) -> str:
        """The chosen room for people; "" while none is."""
        return room_title(self.room, self.room_name) if self.room is not None else ""


WAITING = {
    Stage.LOOKING: "説明者を探しています。",
    Stage.NO_ANSWER: "説明者から返事がありません。会議室番号と、参加を受け付けているかを確かめてください。"
    "このまま探し続けます。",
    Stage.APPROVAL: "説明者の承認を待っています。",
    Stage.START: "参加できました。説明が始まるまでお待ちください。",
    Stage.LOST: "説明者とのつながりが切れました。つなぎ直しています。",
}
FAILURES = {
    JoinFailure.REFUSED: "番号が違うか、古くなっています。",
    JoinFailure.OTHER_VERSION_HERE_OLDER: "この端末の紙ゼロが古くて、参加できません。新しくしてください。",
    JoinFailure.OTHER_VERSION_THERE_OLDER: "説明者の紙ゼロが古くて、参加できません。"
    "説明者にお知らせください。",
}
LEFT = {
    LeftReason.ENDED: "説明が終わりました。資料を消しました。",
    LeftReason.DECLINED: "説明者が、参加を承認しませんでした。",
    LeftReason.REMOVED: "説明者が、この端末の参加を終わりにしました。資料を消しました。",
    LeftReason.HERE: "退出しました。資料を消しました。",
    LeftReason.TIMEOUT: "説明者と長くつながらなかったため、資料を消しました。",
    LeftReason.FORGOTTEN: "つながりが切れたため、資料を消しました。参加番号を入力し直してください。",
    LeftReason.FAULT: "通信に誤りがあり、参加を終わりました。資料を消しました。",
}
