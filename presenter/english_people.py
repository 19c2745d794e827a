"""The English of what is said of participants at the desk."""

from __future__ import annotations

from pageview.wording import English

PEOPLE: dict[str, English] = {
    "参加者": "Participants",
    "参加者 {n}人": ("{n} participant", "{n} participants"),
    "{n}人が待っています": ("{n} is waiting", "{n} are waiting"),
    "{name}さんが発言を求めています": "{name} asks to speak",
    "受け付けていません": "Joining is off",
    "受け付けています": "Joining is on",
    "参加を受け付ける": "Let people join",
    "参加の受付けを止める": "Let nobody new join",
    "会議室番号 {room}　参加番号 {code}": "Room number {room}, join code {code}",
    "参加者 {n}人がつながっています。": ("{n} participant is connected.", "{n} participants are connected."),
    "会議室とつなぐと、参加を受け付けられます。": "People can join once a room is connected.",
    "参加番号": "Join code",
    "会議室番号｜参加番号": "Room number | join code",
    "会議室番号 {room}、参加番号 {code}": "Room number {room}, join code {code}",
    "会議室番号は、{rooms}でも入れます。": "These room numbers work as well: {rooms}",
    "、": ", ",
    "会議室に出す": "Show in the room",
    "新しい番号にする": "New code",
    "承認してから入れる": "Approve each person",
    "待っている人 {n}人": "Waiting: {n}",
    "{room}の番号で参加": "Through {room}",
    "入れる": "Let in",
    "{state}　{room}": "{state}, {room}",
    "{name}さんを入れる": "Let {name} in",
    "{name}さんを断る": "Decline {name}",
    "全員を入れる": "Let all in",
    "全員を断る": "Decline all",
    "参加している人": "Taking part",
    "参加している人 {n}人": "Taking part: {n}",
    "参加する人は、自分の端末の紙ゼロに、会議室番号と参加番号を入力します。": (
        "People type the room number and the join code into Kamizero on their own computers."
    ),
    "いま説明しています": "Presenting now",
    "つながりません。つなぎ直しています": "Can't be reached. Reconnecting",
    "発言を求めています": "Asking to speak",
    "まだ何も表示していません": "Nothing on the screen yet",
    "説明に合わせています": "Following",
    "自分で見ています": "Looking freely",
    "自分で{page}ページを見ています": "Looking at page {page}",
    "替わってもらう": "Hand over",
    "いまは断る": "Not now",
    "操作": "Actions",
    "{name}さんの操作": "Actions for {name}",
    "説明を替わってもらう": "Let this person present",
    "書き込みを許す": "Allow writing",
    "書き込み可": "May write",
    "保存を許す": "Allow saving",
    "引き継ぎ可": "May take over",
    "記録可": "May take minutes",
    "調べもの可": "Look-up",
    "調べものを許す": "Let look things up",
    "記録を許す": "Let take minutes",
    "保存可": "May save",
    "この人を外す": "Remove this person",
    "{name}さんを外しますか": "Remove {name}?",
    "{name}さんの画面から、資料が消えます。説明は、そのまま続きます。": (
        "Documents are erased from {name}'s screen. The briefing goes on."
    ),
    "説明を取り戻す": "Present again",
    "取り戻す": "Take back",
    "{name}さんが説明しています": "{name} is presenting",
    "{name}さんが説明しています。ページは{name}さんがめくります。": (
        "{name} is presenting and turns the pages."
    ),
    "いま説明しているのは、この端末です": "This computer is presenting",
}
