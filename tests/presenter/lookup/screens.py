"""The look-up in its states, from frozen values."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from pageview.export_jobs import Source
from presenter.lookup.cards import Cards
from presenter.lookup.dialog import Lookup
from presenter.lookup.finds import (
    UNREADABLE,
    Find,
    Heading,
    Here,
    InArchive,
    Note,
    Row,
    card_find,
    source_words,
    web_finds,
)
from presenter.lookup.index import State
from presenter.lookup.passed import Sent, Waiting, sent_rows, waiting_rows
from presenter.lookup.places import Places
from protocol.finds import Outcome

LONG = "とても長い題名の資料で、どこまでも続いていくので途中で切らなければならないもの㐂𠮷ﾊﾝｶｸ"


def _archive(name: str, index: int, text: str, marks: tuple[tuple[int, int], ...], day: date) -> Find:
    target = InArchive(f"/資料庫/河川課/{name}.pdf", index, State.READ)
    place = ("{page}ページ", {"page": index + 1})
    return Find(target, ("{text}", {"text": name}), place, day, text, marks)


FOUND: tuple[Row, ...] = (
    Heading(("この説明の資料", {}), 2),
    Find(
        Here(8),
        ("{text}", {"text": "重点施策の予算案"}),
        ("{page}ページ", {"page": 8}),
        text="残る26か所は、夜間も見える型に替える。",
        marks=((8, 10),),
    ),
    Find(
        Here(27),
        ("{text}", {"text": LONG}),
        ("{page}ページ", {"page": 1234}),
        text="河川監視カメラの映像を、参集の判断に用いる。",
        marks=((0, 7),),
    ),
    Heading(("{department}の資料庫", {"department": "財政課"}), 14),
    _archive(
        "8年度 河川管理の概要",
        11,
        "東部 12か所のうち夜間対応は4か所である。",
        ((10, 12),),
        date(2026, 4, 10),
    ),
    _archive(
        "7年度 出水期の対応記録",
        4,
        "夜間の映像が不鮮明で、現地の確認に38分を要した。",
        ((0, 2),),
        date(2025, 11, 1),
    ),
    Find(
        InArchive("/資料庫/監視カメラ更新の試算.xlsx", 0, State.BY_NAME),
        ("{text}", {"text": "監視カメラ更新の試算"}),
        day=date(2026, 9, 1),
        note=UNREADABLE[State.BY_NAME],
    ),
    Note(("資料庫を読んでいます（{done} / {of}点）", {"done": "412", "of": "3,080"})),
    Heading(("庁外を調べる", {})),
    *web_finds(Places().web, "河川監視カメラ 夜間"),
)
NOTHING: tuple[Row, ...] = (
    Heading(("{department}の資料庫", {"department": "財政課"}), 0),
    Note(("資料庫のフォルダが応答しません。前に読んだ分から探しています。", {})),
    Note(("見つかりません。言葉を短くしてください。", {})),
)


def prepared() -> tuple[Row, ...]:
    cards = Cards()
    for title in ("写した表", LONG):
        cards = cards.with_card(
            title, Source("出典：「8年度 河川管理の概要」12ページ（令和8年4月）"), b"", ()
        )
    return (Heading(("準備したもの", {}), 2), *map(card_find, cards.cards))


def passed() -> tuple[Row, ...]:
    """What participants found, and what became of one's own, with the longest words there are."""
    at = datetime(2026, 11, 24, 14, 20)
    words = "出典：「8年度 河川管理の概要」12ページ（令和8年4月）"
    waiting = (
        Waiting(4, 1, "鈴木", "8年度 河川管理の概要", words, b"%PDF", at),
        Waiting(8, 1, "県民生活部 消費生活センター 相談支援担当 渡辺", LONG, words, b"%PDF", at),
    )
    sent = (
        Sent(
            1, "写した表", words, b"", Outcome.DECLINED, "持ち帰りにします。来週までに直して出してください。"
        ),
        Sent(2, LONG, words, b"", Outcome.TOO_MANY),
        Sent(3, "地図", words, b"%PDF"),
    )
    return (*waiting_rows(waiting), *sent_rows(sent))


def look_up(
    over: QWidget, rows: tuple[Row, ...], words: str, picture: QImage | None, *, found: bool = False
) -> QWidget:
    """The look-up over a console, which is laid out with it."""
    dialog = Lookup(over)
    dialog.field.setText(words)
    dialog.open()
    dialog.show_rows(rows)
    find = dialog.list.current
    if picture is not None and find is not None:
        dialog.preview.show_image(picture)
        dialog.show_place(("{page} / {pages}ページ", {"page": 12, "pages": 30}), source_words(find))
    card = not words
    keep = picture is not None and (found or not card)
    dialog.show_can(show=picture is not None, keep=keep, card=card and not found, why="", found=found)
    return over
