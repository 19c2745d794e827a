"""What the console says of conditions, causes and orders: plain words, each with what to do next."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from datetime import datetime

from kiosk.fleet.answers import Refusal
from kiosk.fleet.model import Cause, Concern, Condition, Display, Fleet
from kiosk.fleet.self_test_words import advice_words, found_words
from kiosk.fleet.setting_words import setting_words
from kiosk.fleet.templates import value_words
from pageview.wording import language, say
from protocol.manage import (
    CONSOLES,
    AnnounceRollout,
    ChangeSettings,
    Check,
    CheckResult,
    Command,
    FetchLog,
    FetchSettings,
    Identify,
    Notice,
    Outcome,
    RestartMachine,
    RestartProgram,
    RunSelfTest,
    SetService,
    Setting,
    Verdict,
)

NAMED = 8
"""So many rooms are named."""


def as_typed(sentence: str) -> str:
    """With the command as it is typed on this machine: ./run, where that started the program."""
    command = os.environ.get("KAMIZERO_COMMAND", "kamizero")
    return re.sub(r"(?<![/\w])kamizero (?=(?:ca|fleet|kiosk)\b)", f"{command} ", sentence)


def condition_word(condition: Condition) -> str:
    return {
        Condition.READY: say("正常（待機）"),
        Condition.BRIEFING: say("説明中"),
        Condition.CAUTION: say("注意"),
        Condition.SILENT: say("応答なし"),
        Condition.OUT: say("停止中"),
        Condition.ASKING: say("確認中"),
    }[condition]


CONDITION_ICONS = {
    Condition.READY: "check",
    Condition.BRIEFING: "cast-fill",
    Condition.CAUTION: "warning-fill",
    Condition.SILENT: "wifi_off",
    Condition.OUT: "stop_circle",
    Condition.ASKING: "hourglass_empty",
}


def name_of(display: Display) -> str:
    """In the language of the window."""
    return display.name_en if language() == "en" and display.name_en else display.name


def place_of(display: Display) -> str:
    return display.place_en if language() == "en" and display.place_en else display.place


def room_name(display: Display) -> str:
    """第三会議室（27番）."""
    return say("{name}（{number}番）", name=name_of(display), number=display.number)


def room_names(devices: Iterable[bytes], fleet: Fleet) -> str:
    """Some of them by name, by number, and how many more."""
    known = [fleet.displays[each] for each in devices if each in fleet.displays]
    names = [room_name(each) for each in sorted(known, key=lambda each: each.number)]
    more = say("ほか{n}台", n=len(names) - NAMED) if len(names) > NAMED else ""
    return say("、").join([*names[:NAMED], *filter(None, [more])])


def short_name(display: Display) -> str:
    """604 of 604会議室: what tells rooms of one floor apart."""
    name = name_of(display)
    short = name.removesuffix("会議室").removeprefix("Conference Room ").strip()
    return short if short and short[-1:].isascii() and short[-1:].isdigit() else name


def cause_words(concern: Concern) -> str:
    """What is wrong, and what to do, in one line."""
    value = concern.value
    match concern.cause:
        case Cause.NOBODY:
            return say("{n}台のどれも応答しません。まず、この端末のネットワークを確かめてください。", n=value)
        case Cause.SHUT_OUT if value == Refusal.REVOKED:
            return say("登録を取り消されました。使い続けるときは、新しい鍵で登録し直してください。")
        case Cause.SHUT_OUT if value == Refusal.UNTOLD:
            return say("どのディスプレイも、この端末を受け付けません。設備の鍵の担当に確かめてください。")
        case Cause.BROKER:
            return say("MQTTブローカーとつながりません。その先のディスプレイの状態は分かりません。")
        case Cause.HALTED:
            return say("設定の反映が止まっています。続けるか、前の設定に戻すかを決めてください。")
        case Cause.SILENT | Cause.SHUT_OUT:
            return refusal_words(Refusal(value))
        case Cause.SAME_NUMBER:
            return say("同じ番号のディスプレイが{n}台あります。どちらかを登録し直してください。", n=value)
        case Cause.COPIED:
            return say("同じ鍵の端末がもう1台あります。写して作った方を登録し直してください。")
        case Cause.UNREGISTERED:
            return say(
                "登録されていない端末が{number}番を名乗っています。場所を確かめてください。",
                number=concern.number,
            )
        case Cause.SELF_TEST:
            return found_words(CheckResult(Check(value), Verdict.BAD))
        case Cause.RETURNED:
            return say("つながらないため、自分で前の設定に戻りました。")
        case Cause.HOT:
            return say("本体の温度が高くなっています（{value}℃）。", value=value)
        case Cause.DISK:
            return say("本体の空き容量が残り少なくなっています（{value} MB）。", value=value)
        case Cause.MEMORY:
            return say("メモリーが残り少なくなっています（{value} MB）。再起動してください。", value=value)
        case Cause.SLOW:
            seconds = value / 1_000
            return say("通信が遅く、表示が遅れることがあります（往復{seconds:.1f}秒）。", seconds=seconds)
        case Cause.CLOCK:
            return say("時刻が{n}分ずれています。時刻合わせの設定を確認してください。", n=abs(value))
        case Cause.REVOKED:
            return say("端末の取り消しが、まだ{n}台に届いていません。応答すると、自分で届きます。", n=value)


def refusal_words(refusal: Refusal) -> str:
    """Of a display that has no link with this console."""
    match refusal:
        case Refusal.FULL:
            return say(
                "管理の端末が、もう{n}台つながっています。使っていない端末を閉じてください。", n=CONSOLES
            )
        case Refusal.UNTOLD:
            return say("この管理の端末を受け付けません。番号と登録を確かめてください。")
        case _:
            return say("応答がありません。電源か有線LANを確認してください。")


def advice_title(concern: Concern) -> str:
    if concern.cause is Cause.REVOKED and concern.device:
        return say("登録を取り消した端末です")
    match concern.cause, concern.value:
        case Cause.SILENT | Cause.SHUT_OUT, Refusal.FULL:
            return say("開いている管理の端末が多すぎます")
        case Cause.SILENT, Refusal.UNTOLD:
            return say("この管理の端末を受け付けません")
        case Cause.SHUT_OUT, Refusal.UNTOLD:
            return say("どのディスプレイも、この管理の端末を受け付けません")
    return {
        Cause.NOBODY: say("どのディスプレイも応答しません"),
        Cause.SHUT_OUT: say("この管理の端末の登録は、取り消されました"),
        Cause.BROKER: say("MQTTブローカーとつながりません"),
        Cause.SILENT: say("応答がありません"),
        Cause.SAME_NUMBER: say("番号が重なっています"),
        Cause.COPIED: say("同じ鍵の端末が2台あります"),
        Cause.UNREGISTERED: say("登録されていない端末です"),
        Cause.REVOKED: say("端末の取り消しが、まだ届いていません"),
        Cause.SELF_TEST: say("自己点検で、悪い所が見つかりました"),
        Cause.RETURNED: say("前の設定に戻りました"),
        Cause.HOT: say("温度が高くなっています"),
        Cause.DISK: say("空き容量が足りません"),
        Cause.MEMORY: say("メモリーが足りません"),
        Cause.SLOW: say("通信が遅くなっています"),
        Cause.CLOCK: say("時刻がずれています"),
    }[concern.cause]


def advice(concern: Concern) -> str:
    """What a person does about it, step by step."""
    if concern.cause is Cause.SELF_TEST:
        return advice_words(CheckResult(Check(concern.value), Verdict.BAD))
    if concern.cause is Cause.REVOKED and concern.device:
        return say(
            "説明にも操作にも、もう使えません。使うときは登録し直し、使わないときは「一覧から外す」を押してください。"
        )
    if concern.cause in (Cause.SILENT, Cause.SHUT_OUT) and concern.value == Refusal.FULL:
        return say(
            "1台のディスプレイにつながる管理の端末は、{n}台までです。使っていない端末の窓を閉じてください。"
            "会議室は、いつもどおり使えます。空くと、自分でつながります。",
            n=CONSOLES,
        )
    if concern.cause is Cause.SILENT and concern.value == Refusal.UNTOLD:
        return say(
            "ディスプレイは動いていますが、この管理の端末を受け付けません。番号が変わったか、別の設備の鍵で登録し直され"
            "ています。部屋で画面を確かめ、違うときは登録し直してください。"
        )
    if concern.cause is Cause.SHUT_OUT:
        return as_typed(_shut_out_advice(revoked=concern.value == Refusal.REVOKED))
    return {
        Cause.NOBODY: say(
            "この端末のLANの線と、庁内のほかのページが開けるかを確かめてください。"
            "開けるときは、建物の電源と幹線のネットワークを、担当に確かめてください。"
            "説明者の端末とディスプレイがつながっていれば、会議室は使えます。ディスプレイが戻ると、ここにも戻ります。"
        ),
        Cause.BROKER: say(
            "ブローカーの電源と、この端末のLANを確かめてください。直らないときは、情報の担当へ連絡してください。"
            "会議室は、いつもどおり使えます。つながると、ディスプレイの状態は自分で戻ります。"
        ),
        Cause.SILENT: say(
            "部屋で、画面と本体の電源、LANの線を順に確かめてください。"
            "戻らないときは、ネットワークの担当へ連絡してください。"
        ),
        Cause.SAME_NUMBER: say(
            "「番号を出す」で2台の場所を確かめ、番号が違う方を登録し直してください。"
            "説明は、画面の番号を入力した方に映ります。"
            "端末を取り替えたときは、応答しない古い方を開いて「一覧から外す」を押してください。"
        ),
        Cause.COPIED: say(
            "登録した端末の記憶装置を写すと、鍵まで写ります。下の二つのアドレスで写した方を確かめ、"
            "その端末の状態フォルダを空にして、登録し直してください。"
        ),
        Cause.UNREGISTERED: say("説明者の端末は、この端末とはつながりません。場所を確かめてください。"),
        Cause.RETURNED: say(
            "変えた設定では管理の端末とつながらなかったので、前の設定に戻りました。"
            "ネットワークの値を確かめて、もう一度変えてください。印は、設定を変えるか再起動すると消えます。"
        ),
        Cause.HOT: say(
            "本体の通気口がふさがれていないか確認してください。"
            "下がらないときは、空いている時間に再起動してください。"
        ),
        Cause.DISK: say("空いている時間に再起動し、増えないときは端末の担当へ連絡してください。"),
        Cause.MEMORY: say("空いている時間にアプリを再起動してください。"),
        Cause.SLOW: say("無線なら有線に替え、有線なら線と接続先の機器を確かめてください。"),
        Cause.CLOCK: say("本体の時刻合わせ（NTP）の設定を確認してください。説明には影響しません。"),
        Cause.REVOKED: say(
            "届くまで、取り消した端末もその部屋では通用します。電源と有線LANを確かめてください。"
            "もう使わないディスプレイは、その部屋を開いて「一覧から外す」を押してください。"
        ),
    }[concern.cause]


def _shut_out_advice(*, revoked: bool) -> str:
    words = say(
        "ディスプレイがどうなっているかは、この端末ではもう分かりません。会議室は、いつもどおり使えます。"
    )
    if not revoked:
        words += "\n" + say(
            "この端末の登録が取り消されたか、設備の鍵が取り替えられています。どちらかを、設備の鍵の担当に確かめてください。"
        )
    return (
        words
        + "\n"
        + say(
            "使い続けるときは、この窓を閉じ、kamizero ca request --new-key でできたファイルを担当へ渡します。"
            "設備の鍵がこの端末にあるときは、kamizero ca console だけで足ります。"
        )
    )


def booked_words(display: Display | None, now: float) -> str:
    """When the room is wanted next, if that is known; "" when nobody wants it today."""
    found = booked(display, now)
    if found is None:
        return ""
    start, _ = found
    if start <= now:
        return say("いま予約の時間です。")
    return say("{time} から予約があります。", time=f"{datetime.fromtimestamp(start):%H:%M}")


def booked(display: Display | None, now: float) -> tuple[float, float] | None:
    """From when until when, by our own clock: the booking that runs, or the next; None when there is none."""
    status = None if display is None else display.status
    if display is None or status is None or not status.booked_from:
        return None
    start, end = display.our_time(status.booked_from), display.our_time(status.booked_until)
    return (start, end) if end > now else None


def since_words(since: float, now: float) -> str:
    """13:48 から today, 11月23日 から before."""
    at, today = datetime.fromtimestamp(since), datetime.fromtimestamp(now)
    if at.date() == today.date():
        return say("{time} から", time=f"{at:%H:%M}")
    return say("{month}月{day}日 から", month=at.month, day=at.day)


def moment_words(at: float) -> str:
    """11月20日 6:00."""
    when = datetime.fromtimestamp(at)
    return say("{month}月{day}日 {time}", month=when.month, day=when.day, time=f"{when:%H:%M}")


def command_words(command: Command) -> str:
    """As it stands in the log of actions."""
    match command:
        case Identify():
            return say("画面に番号を出す")
        case Notice(text=""):
            return say("お知らせを消す")
        case Notice(text=text, emergency=True):
            return say("緊急のお知らせを出す：{text}", text=text)
        case Notice(text=text):
            return say("お知らせを出す：{text}", text=text)
        case RestartProgram():
            return say("アプリを再起動する")
        case RestartMachine():
            return say("本体を再起動する")
        case SetService(out=True):
            return say("利用を休止する")
        case SetService():
            return say("利用を再開する")
        case FetchLog():
            return say("記録を見る")
        case FetchSettings():
            return say("設定を見る")
        case RunSelfTest():
            return say("点検する")
        case AnnounceRollout():
            return say("設定の反映を、ほかの管理の端末に知らせる")
        case ChangeSettings(changes=changes):
            return say("設定を変える：{changes}", changes=say("、").join(map(_change_words, changes)))


def _change_words(change: Setting) -> str:
    """「連絡先の内線」を「2345」に."""
    value = say("（消す）") if change.value is None else value_words(change.value)
    return say("「{key}」を「{value}」に", key=setting_words(change.key), value=value)


def outcome_words(outcome: Outcome | None) -> str:
    """What became of it, as it stands in the log of actions."""
    if outcome is None:
        return say("届いたかどうか分かりません（接続が切れました）")
    return {
        Outcome.DONE: say("できました"),
        Outcome.UNREADABLE: say("ディスプレイの版が違うため、できません"),
        Outcome.NOT_REGISTERED: say("この管理の端末は登録されていないか、取り消されています"),
        Outcome.NOT_SIGNED: say("署名が正しくありません"),
        Outcome.NOT_FOR_THIS: say("画面が切り替わったところです。もう一度試してください"),
        Outcome.EXPIRED: say("届くまでに時間がかかりすぎました。もう一度試してください"),
        Outcome.REPLAYED: say("同じ操作が2回届きました。1回だけ行いました"),
        Outcome.ROLE: say("この管理の端末は、見ることだけできます"),
        Outcome.BRIEFING: say("説明中のため、行いませんでした"),
        Outcome.SETTINGS: say("設定が正しくないため、変えていません"),
        Outcome.FAILED: say("本体でできませんでした"),
    }[outcome]
