"""The words for how far a correction is, and for why a page was not changed; to be said with `say`."""

from __future__ import annotations

from pageview.page_edits import WhyNot
from protocol.corrections import CorrectionState

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
    WhyNot.BREAKS: "資料の署名や保護が無効になります。",
}
