"""The English of looking up."""

from __future__ import annotations

from pageview.wording import English

ENGLISH: dict[str, English] = {
    "調べる": "Look up",
    "元のページに戻る": "Back to the former page",
    "戻るページがありません": "There is no page to go back to",
    "言葉を入力してください": "Type what you are looking for",
    "見つかったもの": "What was found",
    "会議室には映っていません": "Not on the wall",
    "見せたものは、出典と時刻とともに記録に残ります": "What is shown is kept in the record with source and time",
    "一部を切り取る": "Clip a part",
    "囲んでください。矢印キーで動かし、Shift+矢印で広げ、Enterで切り取ります。": "Drag a frame; arrows move it, Shift+arrows size it, Enter clips.",
    "囲んでください。矢印キーで動かし、Shift+矢印で広げ、Enterで切り取ります。Escでやめます。": (
        "Drag a frame; arrows move it, Shift+arrows size it, Enter clips, Esc gives up."
    ),
    "ブラウザを開けません。この端末の既定のブラウザを確かめてください。": (
        "The browser cannot be opened. Check the default browser of this computer."
    ),
    "準備に加える": "Keep ready",
    "写したものを加える": "Paste",
    "画像を加える": "Picture",
    "画像を選ぶ": "Choose a picture",
    "画面を切り取る": "Clip screen",
    "画面の一部": "Part of the screen",
    "ここでは画面を切り取れません。画面を写してから、「写したものを加える」を押してください。": (
        "The screen cannot be clipped here. Copy a picture of it first, then press “Paste”."
    ),
    "会議室に見せる": "Show in the room",
    "資料庫": "Archive",
    "{department}の資料庫": "{department} archive",
    "庁外を調べる": "Search outside",
    "準備したもの": "Kept ready",
    "ここに加えたものは、「会議室に見せる」を押すまで映りません。": (
        "What you keep here stays unseen until you press “Show in the room”."
    ),
    "{n}件": "{n}",
    "{page} / {pages}ページ": "Page {page} / {pages}",
    "{name}で「{words}」を調べる": "Search “{words}” with {name}",
    "開くと、この言葉が庁外へ送られます。": "Opening it sends these words outside.",
    "Enterで、ブラウザを開きます。": "Enter opens the browser.",
    "出典：「{title}」{place}{day}": "Source: “{title}” {place}{day}",
    "出典：{title}": "Source: {title}",
    "（{day}）": " ({day})",
    "{day} {time}に調べたもの": "Looked up {day}, {time}",
    "調べたもの": "Looked up",
    # what participants found
    "内容を見る": "Look at it",
    "題名のないもの": "Untitled",
    "参加者が見つけたもの": "Found by participants",
    "{name}さん　{time}": "{name}, {time}",
    "{name}さんが{n}件見つけました": "{name} found something ({n})",
    "参加者が{n}件見つけました": "Participants found something ({n})",
    "{day} {time}に{name}さんが見つけたもの": "Found by {name}, {day}, {time}",
    "{name}さんへのひと言": "A word to {name}",
    "ひと言": "A word",
    "空のままでも断れます。": "It may be left empty.",
    "例：あとで見ます": "e.g. We will look at it later",
    "説明者に届けたもの": "Sent to the presenter",
    "説明者の返事を待っています": "Waiting for the presenter",
    "会議室に映りました": "Shown in the room",
    "説明者が準備に加えました": "The presenter keeps it ready",
    "映しません：{words}": "Not shown: {words}",
    "説明者は、いまは映しません": "The presenter does not show it now",
    "届けたものが多すぎます。返事を待ってから届けてください。": "Too many were sent. Please wait for an answer first.",
    "届けるには、説明者の許可が必要です": "Sending needs the presenter's permission",
    "説明者の端末で開けません。画像にして届けてください。": (
        "The presenter's computer cannot open it. Please send it as a picture."
    ),
    "「{title}」を映しました。Alt+←で、元のページに戻ります。": "“{title}” is shown. Alt+← goes back to the former page.",
    "「{title}」を映しました。黄色の印は、この端末だけに出ます。Alt+←で戻ります。": (
        "“{title}” is shown. The yellow marks are on this computer alone. Alt+← goes back."
    ),
    "いま説明しているのは、ほかの端末です": "Somebody else presents now",
    "紙面を作っています": "Making the page",
    "準備に加えました（{n}件）": "Kept ready ({n})",
    "準備したものが多すぎます。要らないものを外してください。": "Too much is kept ready. Please remove something.",
    "資料が多すぎるため、これ以上映せません。": "This briefing has no room for more documents.",
    "映せませんでした。もう一度「会議室に見せる」を押してください。": (
        "It could not be shown. Please press “Show in the room” again."
    ),
    "いま説明しているのは、ほかの端末です。説明を取り戻してから、もう一度見せてください。": (
        "Somebody else presents now. Take the briefing back first, then show it again."
    ),
    "作っている途中で止まりました。もう一度押してください。": "Making the page broke off. Please press again.",
    "開いている途中で止まりました。Enterで、もう一度開きます。": "Opening it broke off. Enter opens it again.",
    "写したものがありません。表、画像、文章を写してから押してください。": (
        "Nothing was copied. Copy a table, a picture or text first."
    ),
    "長いため、入りきらない分を除きました。": "It was too long; the end was left out.",
    "写した表": "Copied table",
    "写した画像": "Copied picture",
    "手元の資料": "own notes",
    "出典": "Source",
    "出典を入力してください": "Where is it from?",
    "紙面の下に「出典：」に続けて入れます。空のままでも加えられます。": (
        "It stands below the page after “Source:”. It may be left empty."
    ),
    "選んだものが、ここに出ます。": "What you choose appears here.",
    "何も書かれていません": "Nothing is written here",
    "フォルダ：{folder}": "Folder: {folder}",
    "パスワードがあるため、名前だけで探しています。": "It has a password: only its name is searched.",
    "このファイルは、名前だけで探しています。": "Only the name of this file is searched.",
    "大きすぎるため、名前だけで探しています。": "It is too large: only its name is searched.",
    "資料庫のフォルダは、設定で決められます。": "Folders of the archive can be chosen in the settings.",
    "資料庫のフォルダが応答しません。前に読んだ分から探しています。": (
        "The archive's folder does not answer. What was read before is searched."
    ),
    "フォルダが応答しません。しばらくしてから、もう一度選んでください。": (
        "The folder does not answer. Please choose it again in a while."
    ),
    "資料庫の索引を書き込めません。空き容量を確かめてください。": (
        "The index of the archive cannot be written. Is the disk full?"
    ),
    "資料庫を読んでいます（{done} / {of}点）": "Reading the archive ({done} / {of})",
    "資料庫の索引が壊れていたため、作り直しています（{done} / {of}点）": (
        "The index of the archive was damaged and is made anew ({done} / {of})"
    ),
    "開けないフォルダがあります：{folder}": "A folder cannot be opened: {folder}",
    "見つかりません。言葉を短くしてください。": "Nothing found. Try fewer words.",
    # where things are looked up
    "調べる所": "Where to look",
    "資料庫のフォルダ": "Folders of the archive",
    "フォルダを加える": "Add a folder",
    "資料庫のフォルダを選ぶ": "Choose a folder of the archive",
    "庁外の検索": "Searches outside",
    "検索の名前": "Name of the search",
    "検索のアドレス": "Address of the search",
    "{query}を入れたアドレス": "an address with {query} in it",
    "検索を加える": "Add a search",
    "フォルダの表": "a table with a folder",
    "フォルダと、{query} のあるアドレスの表": "a table of folders and of addresses with {query}",
    "http:// か https:// で始まり、{query} を含むアドレスにしてください。": (
        "Please give an address that begins with http:// or https:// and has {query} in it."
    ),
}
