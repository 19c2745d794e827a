"""What the console says of a self-test: what was found, and what a person does about it."""

from __future__ import annotations

from pageview.wording import say
from protocol.manage import Check, CheckResult, Hindrance, Verdict


def check_word(check: Check) -> str:
    """The head of its column in the exported file."""
    return {
        Check.PAGE: say("ページの表示"),
        Check.PAIRING: say("接続とページ送り"),
        Check.DISPLAY: say("画面"),
        Check.NETWORK: say("ネットワーク"),
        Check.MULTICAST: say("マルチキャスト"),
        Check.TEMPERATURE: say("温度"),
        Check.DISK: say("空き容量"),
        Check.MEMORY: say("メモリー"),
        Check.CAGE: say("囲い"),
        Check.CLOCK: say("時計"),
        Check.BOOKINGS: say("予約"),
        Check.PICTURES: say("絵"),
    }[check]


def found_words(result: CheckResult) -> str:
    """What is not good, in one sentence."""
    n, bad = result.value, result.verdict is Verdict.BAD
    match result.check:
        case Check.PAGE:
            return say("試しのページが、画面に正しく出ません。")
        case Check.PAIRING:
            return say("接続とページ送りの試しが、うまくいきません。")
        case Check.DISPLAY:
            return say("画面が見つからないか、小さすぎます。")
        case Check.NETWORK:
            return say("庁内ネットワークにつながっていません。")
        case Check.MULTICAST:
            return say("会議室の一覧に、自分では出られません（マルチキャスト）。")
        case Check.TEMPERATURE:
            return say("本体の温度が高くなっています（{value}℃）。", value=round(n / 10))
        case Check.DISK:
            return say("保存の場所に書き込めません。") if bad else say("空き容量が{n} MBです。", n=n)
        case Check.MEMORY:
            return say("空いているメモリーが{n} MBです。", n=n)
        case Check.CAGE if bad:
            return say("ページを描く部分が動きません。")
        case Check.CAGE:
            return say("ページを描く部分の囲いに、開いている所があります。")
        case Check.CLOCK:
            return say("時計が合っていません。")
        case Check.BOOKINGS:
            return say("予約を読めません。")
        case Check.PICTURES:
            return say("待機画面に出せない絵が、{n}枚あります。", n=n)


def advice_words(result: CheckResult) -> str:
    """What to do about it."""
    restart = say("再起動してください。直らないときは、端末の担当へ連絡してください。")
    match result.check:
        case Check.PAGE | Check.PAIRING:
            return restart
        case Check.DISPLAY:
            return say("画面の電源とケーブルを確かめてください。")
        case Check.NETWORK:
            return say("LANの線と、つないだ先を確かめてください。")
        case Check.MULTICAST:
            return say("ネットワークの担当へ連絡してください。説明は、アドレスの入力でできます。")
        case Check.TEMPERATURE:
            return say("通気口がふさがれていないか確かめてください。")
        case Check.DISK:
            return say("端末の担当へ連絡してください。")
        case Check.MEMORY:
            return say("空いている時間に再起動してください。")
        case Check.CAGE:
            return (
                restart
                if result.verdict is Verdict.BAD
                else say("説明はできます。端末の担当へ連絡してください。")
            )
        case Check.CLOCK:
            return say("本体の時刻合わせ（NTP）の設定を確認してください。説明には影響しません。")
        case Check.BOOKINGS:
            return say("設定にある予約の場所を確かめてください。説明には影響しません。")
        case Check.PICTURES:
            return say("ログで名前を見て、PNGかJPEG（40 MBまで）に保存し直してください。")


def waiting_words(hindrance: Hindrance) -> str:
    """Why a test waits."""
    return {
        Hindrance.NOTHING: say("まもなく点検します。"),
        Hindrance.BRIEFING: say("説明中です。終わると点検します。"),
        Hindrance.CHOSEN: say("使われるところです。空くと点検します。"),
        Hindrance.NOTICE: say("お知らせが全面に出ています。消えると点検します。"),
    }[hindrance]


def skipped_words(hindrance: Hindrance) -> str:
    """Why there was none."""
    if hindrance is Hindrance.BRIEFING:
        return say("説明が続き、点検する時がありませんでした。")
    return say("画面が空かず、点検する時がありませんでした。")
