"""見つけたもの: what passes from a participant to the presenter, as both ends show it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pageview.export_jobs import Source
from pageview.paper_words import clean_name
from pageview.wording import era_date, say
from presenter.lookup.finds import Find, Heading, Passed, Row, Words
from protocol.finds import Outcome
from protocol.values import OWNER, PeerId

NAME_SHOWN = 20
"""Signs of a person's name in the source below a page."""
NAME_IN_ROW = 14
UNTITLED = "題名のないもの"


@dataclass(frozen=True, slots=True)
class Waiting:
    """At the presenter: what somebody found, as it came, and when. ``pdf`` was looked into by nobody."""

    peer: PeerId
    n: int
    name: str
    title: str
    words: str
    pdf: bytes
    at: datetime

    def source(self) -> Source:
        """What stands below its pages: whence it is, as its finder wrote, and who found it when."""
        day = era_date(self.at.date(), year=False, weekday=False)
        time = f"{self.at.hour}:{self.at.minute:02}"
        name = clean_name(self.name, NAME_SHOWN)
        when = say("{day} {time}に{name}さんが見つけたもの", day=day, time=time, name=name)
        return Source(self.words or say("出典：{title}", title=self.title), when[:60])


@dataclass(frozen=True, slots=True)
class Sent:
    """At its finder: on its way, or what became of it (``outcome``) and was said to it (``said``)."""

    n: int
    title: str
    words: str
    pdf: bytes
    outcome: Outcome | None = None
    said: str = ""


def waiting_rows(finds: Sequence[Waiting]) -> tuple[Row, ...]:
    """What participants found, the oldest first."""
    if not finds:
        return ()
    rows = (
        Find(
            Passed(find.peer, find.n),
            ("{text}", {"text": find.title}),
            (
                "{name}さん　{time}",
                {"name": clean_name(find.name, NAME_IN_ROW), "time": f"{find.at.hour}:{find.at.minute:02}"},
            ),
            note=("{text}", {"text": find.words}),
        )
        for find in finds
    )
    return (Heading(("参加者が見つけたもの", {}), len(finds)), *rows)


def sent_rows(finds: Sequence[Sent]) -> tuple[Row, ...]:
    """One's own, the newest first."""
    if not finds:
        return ()
    rows = (
        Find(Passed(OWNER, find.n), ("{text}", {"text": find.title}), note=state_words(find))
        for find in reversed(finds)
    )
    return (Heading(("説明者に届けたもの", {}), len(finds)), *rows)


def state_words(sent: Sent) -> Words:
    """How it fares."""
    match sent.outcome:
        case None:
            return "説明者の返事を待っています", {}
        case Outcome.SHOWN:
            return "会議室に映りました", {}
        case Outcome.KEPT:
            return "説明者が準備に加えました", {}
        case Outcome.DECLINED if sent.said:
            return "映しません：{words}", {"words": sent.said}
        case Outcome.DECLINED:
            return "説明者は、いまは映しません", {}
        case Outcome.TOO_MANY:
            return "届けたものが多すぎます。返事を待ってから届けてください。", {}
        case Outcome.NOT_ALLOWED:
            return "届けるには、説明者の許可が必要です", {}
        case Outcome.UNREADABLE:
            return "説明者の端末で開けません。画像にして届けてください。", {}


def answered(finds: Sequence[Sent], n: int, outcome: Outcome, said: str) -> tuple[Sent, ...]:
    """The same with what became of that one, whose pages are needed no more."""
    return tuple(
        replace(find, outcome=outcome, said=said, pdf=b"") if find.n == n else find for find in finds
    )
