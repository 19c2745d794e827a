"""The English of what stands on a wall beside briefings, and of the settings for it."""

HOUSE: dict[str, str | tuple[str, str]] = {
    "このあと": "Later",
    "終日": "All day",
    "予約を読めません": "Bookings cannot be read",
    "予約は{time}のものです": "Bookings as of {time}",
    "予約は{month}月{day}日のものです": "Bookings as of {day}/{month}",
    "朝の自己点検をしています。数秒で終わります。": "Morning self-test; this takes a few seconds.",
    # settings
    "「08:15」のような時刻にしてください。": "Please use a time like “08:15”.",
    "曜日 {days} を空白で区切って並べてください。空なら行いません。": (
        "Please use days of the week ({days}) with spaces between them; empty: never."
    ),
    "「07:30-19:00」のように、点ける時刻と消す時刻を書いてください。空なら一日じゅう消えます。": (
        "Please use a time on and a time off like “07:30-19:00”; empty: dark all day."
    ),
    "「2026-12-29」のような日付の文字列の並びにしてください（400個まで）。": (
        "Please use a list of up to 400 dates like “2026-12-29”."
    ),
    "ファイル、フォルダ、または「https://」か「http://」で始まる庁内のアドレスにしてください。": (
        "Please use a file, a folder, or an address on the office network that begins with “https://” or “http://”."
    ),
}
