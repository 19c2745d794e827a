"""What is said of a correction: how far it is, why a page was not changed (by `say`), its words, by whom."""

from __future__ import annotations

from pageview.page_edits import Breaks, WhyNot
from protocol.corrections import Correction, CorrectionState
from protocol.model import Briefing
from protocol.values import PeerId

STATE_WORDS = {
    CorrectionState.OPEN: "未修正",
    CorrectionState.TYPING: "入力中",
    CorrectionState.DONE: "修正済み",
    CorrectionState.CONFIRMED: "確認済み",
    CorrectionState.WITHDRAWN: "取下げ",
}
WHY_NOT = {
    WhyNot.NO_SUCH_WORDS: "紙面の言葉が変わっています。選び直してください。",
    WhyNot.VERTICAL: "縦書きは直せません。書き込みで示してください。",
    WhyNot.PICTURE: "絵の中の文字は直せません。書き込みで示してください。",
    WhyNot.NO_GLYPHS: "書体にない文字です：{signs}",
    WhyNot.TOO_WIDE: "行に収まりません。短くしてください。",
    WhyNot.ELSEWHERE: "この言葉は、紙面の作り方のため直せません。書き込みで示してください。",
    WhyNot.UNSHOWABLE: "このように直したページは作れません。書き込みで示してください。",
    WhyNot.NOTHING_THERE: "そこに図はありません。",
    WhyNot.CELLS: "複数の欄にまたがっています。欄ごとに直してください。",
}


def broken(breaks: Breaks) -> str:
    """What an edit that is made all the same breaks of the paper."""
    if breaks & Breaks.SIGNED:
        if breaks & Breaks.ENCRYPTED:
            return "電子署名が無効になり、パスワードの保護も外れます。"
        return "電子署名が無効になります。"
    if breaks & Breaks.FORBIDDEN:
        return "作成者が変更を禁じています。直すと、その保護が外れます。"
    return "パスワードの保護が外れます。"


NOTED = {
    WhyNot.VERTICAL: "縦書きは直せません。注記にできます。",
    WhyNot.PICTURE: "絵の中の文字は直せません。注記にできます。",
    WhyNot.NO_GLYPHS: "書体にない文字です：{signs}。注記にできます。",
    WhyNot.TOO_WIDE: "行に収まりません。短くするか、注記にできます。",
    WhyNot.ELSEWHERE: "紙面の作り方のため直せません。注記にできます。",
    WhyNot.UNSHOWABLE: "このように直したページは作れません。注記にできます。",
    WhyNot.CELLS: "複数の欄にまたがっています。欄ごとに直すか、注記にできます。",
}
"""Where an edit of words cannot be made, and a note can."""


DELETED = "（削除）"


def new_words(briefing: Briefing, correction: Correction, deleted: str = DELETED) -> str:
    """What it is to read, ``deleted`` where its words are to go; "" while nobody has said anything else than
    what stands there."""
    item = briefing.items.get(correction.item)
    after = item.text if item is not None else ""
    if after == correction.before and not correction.is_settled:
        return ""
    return after or (deleted if correction.before else "")


def last_told(correction: Correction) -> tuple[PeerId, int]:
    """(by whom, when) its state was last set, else when it was asked for."""
    if correction.state_when:
        return correction.state_by, correction.state_when
    return correction.author, correction.when
