"""What each setting of a display is called by people."""

from __future__ import annotations

from functools import cache

from pageview.wording import Language, language, say


def setting_words(key: str) -> str:
    """「困ったときの連絡先」 for ``help.contact``; the name itself where there are no words."""
    return _words(language()).get(key, key)


@cache
def _words(_language: Language) -> dict[str, str]:
    return {
        "room.name": say("名前"),
        "room.name_en": say("名前（英語）"),
        "room.place": say("建物と階"),
        "room.place_en": say("建物と階（英語）"),
        "language": say("壁の言葉"),
        "display.inches": say("画面の対角（インチ）"),
        "display.distance_m": say("いちばん遠い席まで（m）"),
        "display.screen": say("どのモニター"),
        "display.touch": say("タッチ"),
        "display.rail": say("操作キーの側"),
        "help.contact": say("困ったときの連絡先"),
        "help.contact_en": say("困ったときの連絡先（英語）"),
        "help.extension": say("連絡先の内線"),
        "network.port": say("待ち受けるポート"),
        "network.rendezvous_port": say("参加者のポート"),
        "network.own_networks": say("庁内のネットワーク"),
        "network.facilities": say("設備の鍵のファイル"),
        "network.metrics_port": say("数値を出すポート（0：出さない）"),
        "network.metrics_address": say("数値を出すアドレス"),
        "broker.address": say("MQTTブローカー"),
        "deadlines.card": say("切れてから案内まで（秒）"),
        "deadlines.code": say("切れてから番号まで（秒）"),
        "deadlines.message": say("切れてから無線の案内まで（秒）"),
        "deadlines.cover": say("切れてから隠すまで（秒）"),
        "deadlines.wipe": say("切れてから消すまで（秒）"),
        "deadlines.start": say("始まらないとき待機へ（秒）"),
        "deadlines.code_life": say("接続番号の寿命（秒）"),
        "deadlines.another": say("別の端末の番号を出す（秒）"),
        "deadlines.trial": say("連絡がないとき前の設定へ（秒）"),
        "self_test.time": say("朝の自己点検の時刻"),
        "self_test.days": say("自己点検をする曜日"),
        "calendar.source": say("予約の場所"),
        "calendar.show": say("予約に添えるもの"),
        "calendar.refresh_minutes": say("予約を読み直す間隔（分）"),
        "calendar.stale_minutes": say("予約が古いとするまで（分）"),
        "calendar.ca": say("予約のサーバーの証明書"),
        "standby.message": say("待機画面の1行"),
        "standby.message_en": say("待機画面の1行（英語）"),
        "standby.pictures": say("絵のファイルかフォルダ"),
        "standby.picture_seconds": say("1枚を出す時間（秒）"),
        "standby.between_seconds": say("絵の間の待機画面（秒）"),
        "timetable.off": say("画面の消し方"),
        "timetable.mon": say("月曜に点ける時間"),
        "timetable.tue": say("火曜に点ける時間"),
        "timetable.wed": say("水曜に点ける時間"),
        "timetable.thu": say("木曜に点ける時間"),
        "timetable.fri": say("金曜に点ける時間"),
        "timetable.sat": say("土曜に点ける時間"),
        "timetable.sun": say("日曜に点ける時間"),
        "timetable.holidays": say("祝日は消す"),
        "timetable.closed": say("ほかに消す日"),
        "timetable.awake_minutes": say("触れたあと点けておく（分）"),
    }
