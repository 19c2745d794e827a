"""The words for how far a correction is; to be said with `say`."""

from __future__ import annotations

from protocol.corrections import CorrectionState

STATE_WORDS = {
    CorrectionState.OPEN: "未修正",
    CorrectionState.TYPING: "入力中",
    CorrectionState.DONE: "修正済み",
    CorrectionState.CONFIRMED: "確認済み",
    CorrectionState.WITHDRAWN: "取下げ",
}
