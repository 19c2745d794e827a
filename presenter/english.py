"""The English of the presenter's sentences."""

from __future__ import annotations

from pageview.wording import English, one_table
from presenter.english_archive import ARCHIVE
from presenter.english_export import EXPORT
from presenter.english_minutes import MINUTES
from presenter.english_people import PEOPLE
from presenter.english_preflight import PREFLIGHT
from presenter.english_record import RECORD
from presenter.english_sources import SOURCES
from presenter.english_tools import TOOLS
from presenter.lookup.english import ENGLISH as LOOKUP

SCREENS: dict[str, English] = {
    # every screen
    "紙ゼロ": "Kamizero",
    "閉じる": "Close",
    "やめる": "Cancel",
    "設定": "Settings",
    "全画面": "Full screen",
    "紙ゼロを終了する": "Quit Kamizero",
    "キーの一覧": "Keys",
    "・": " · ",
    # the way to a briefing
    "資料を選ぶ": "Choose documents",
    "会議室を選ぶ": "Choose a room",
    "説明する": "Present",
    # start
    "ここにファイルを置いてください": "Drop files here",
    "ここで放してください": "Drop here",
    "ファイルを選ぶ": "Choose files",
    "PDF・Word・Excel・PowerPointなど　一度に幾つでも選べます": (
        "PDF, Word, Excel, PowerPoint and others, as many as you like at once"
    ),
    "この説明の資料": "Documents for this briefing",
    "{n}点": ("{n} document", "{n} documents"),
    "{papers}　{pages}": "{papers}, {pages}",
    "{n}ページ": ("{n} page", "{n} pages"),
    "{n}ページ　縦の紙は、{steps}段に分けて映します": (
        "{n} page; portrait pages are shown in {steps} parts",
        "{n} pages; portrait pages are shown in {steps} parts",
    ),
    "読み込んでいます": "Reading",
    "パスワードを確かめています": "Checking the password",
    "パスワードが違います": "Wrong password",
    "入力する": "Enter",
    "保存し直されました。開いたときの内容を映します": "Saved again since; shown as it was opened",
    "読み直す": "Read again",
    "{page}ページの文字が小さめです": "Small text on page {page}",
    "全てのページの文字が小さめです": "Small text on every page",
    "{page}ページほか{n}ページの文字が小さめです": (
        "Small text on page {page} and one more",
        "Small text on page {page} and {n} more",
    ),
    "見る": "Details",
    "映せます": "Ready",
    "外す": "Remove",
    "{name} を外す": "Remove {name}",
    "Altキーと上下の矢印で順番を変えます。": "Alt and the up and down arrows change the order.",
    "ほかの人の説明に参加する": "Join a briefing",
    "参加の窓を開けません。もう一度押してください。": "The window for joining did not open. Please press again.",
    "練習する": "Rehearse",
    "練習する（会議室には映しません）": "Rehearse (nothing is shown in a room)",
    "最近の資料": "Recent",
    "まだありません": "None yet",
    "きょう": "Today",
    "きのう": "Yesterday",
    "前回の説明の記録が残っています": "The last briefing was not closed",
    "消去する": "Erase",
    "続きから再開する": "Resume",
    "「{title}」の説明": " “{title}”",
    "「{title}」ほか{n}点の説明": (" “{title}” and one more", " “{title}” and {n} more"),
    "会議室なし": "no room",
    "{when}{what}　{where}　{pages}。終わる前に紙ゼロが閉じました。": (
        "{when},{what}, {where}, {pages}. Kamizero closed before the end."
    ),
    "ファイルが見つかりません。場所が変わっていないか確かめてください。": (
        "The file is not there. Check whether it was moved."
    ),
    "ファイルを読めません。ほかの場所に写してから選んでください。": (
        "The file cannot be read. Copy it to another place and choose that."
    ),
    # pick a room
    "どの会議室に映しますか": "Which room?",
    "探す言葉を消す": "Clear the search",
    "部屋の名前・階・庁舎・番号で探す": "Search by room, floor, building or number",
    "会議室を探しています。見つからないときは、会議室の画面に出ている番号を入力してください。": (
        "Looking for rooms. If yours does not appear, type the number shown on the room's screen."
    ),
    "見つかりません。言葉を短くするか、会議室の画面に出ている番号を入力してください。": (
        "Nothing found. Use fewer words, or type the number shown on the room's screen."
    ),
    "前に使った会議室": "Used before",
    "見つかった会議室": "Found",
    "入力した番号": "The number typed",
    "この番号を呼ぶ": "Call this number",
    "空き": "Free",
    "使用中": "In use",
    "応答なし": "No answer",
    "{day}に使用": "Used {day}",
    "空いたらお知らせします": "We'll notify you",
    "電源と配線を確認してください": "Check its power and cable",
    "会議室ディスプレイ {number}番": "Room display {number}",
    "会議室の接続番号": "Room code",
    "{room}の接続番号": "Code of {room}",
    "会議室の画面に出ている番号を入力してください。": "Enter the code shown on the room's screen.",
    "急ぐときは、会議室で「別の端末をつなぐ」を押すと出る番号で、切替えを求められます。": (
        "In a hurry? “Another computer” in the room shows a code with which you can ask to take over."
    ),
    "会議室番号": "Room number",
    "会議室を呼ぶ": "Call the room",
    "接続番号": "Room code",
    "見つからないときは、画面のアドレスを入力します": "Not found? Enter the address on its screen",
    "例：192.0.2.10:47400": "For example 192.0.2.10:47400",
    "会議室の画面の下に小さく出ているアドレス": "The address in small print at the foot of the room's screen",
    "会議室を一覧から選ぶか、番号を入力してください。": "Choose a room from the list, or type its number.",
    "会議室を呼んでいます。": "Calling the room.",
    "番号を確かめています。": "Checking the code.",
    "いまの説明者に、切替えを求めています。15秒お待ちください。": (
        "The present presenter is being asked. Please wait 15 seconds."
    ),
    "空きました。画面の番号を入力してください。": "It is free. Enter the code shown on its screen.",
    "使用中です。空いたらお知らせします。": "In use. You will be told when it is free.",
    "いまの説明が続きます。空いたらお知らせします。": "The present briefing goes on. You will be told when it is free.",
    "{room}が空きました。": "{room} is free.",
    "番号を入力する": "Enter its code",
    "空いた会議室の番号を入力する": "Enter the code of the room that is free",
    "番号が変わりました。画面を見て入力し直してください。": "The code has changed. Look at the screen and enter it again.",
    "{number}は{room}の番号です。残りの番号は、使うたびに変わります。": (
        "{number} is the number of {room}. The rest changes with every use."
    ),
    "{number}は会議室の番号です。残りの番号は、使うたびに変わります。": (
        "{number} is the room's number. The rest changes with every use."
    ),
    "番": "No.",
    "会議室から返事がありません。電源と配線を確認してください。": (
        "The room does not answer. Check its power and its cable."
    ),
    "番号が違うか、古くなっています。": "The code is wrong or too old.",
    "登録されていない端末のため、つなぎません。管財課へご連絡ください。": (
        "Not a registered display, so it was not connected. Please call the facilities division."
    ),
    "この端末の紙ゼロが古くて、つなげません。新しくしてください。": (
        "Kamizero on this computer is too old for the room. Please update it."
    ),
    "会議室の紙ゼロが古くて、つなげません。管財課へご連絡ください。": (
        "Kamizero in the room is too old. Please call the facilities division."
    ),
    "この会議室では、ほかの説明が続いています。": "Another briefing goes on in this room.",
    "会議室とつなぐ": "Connect to the room",
    "{room}とつなぐ": "Connect to {room}",
    "つないだだけでは、資料は映りません。": "Connecting alone shows nothing.",
    "番号がそろうと押せます。つないだだけでは、資料は映りません。": (
        "Enabled when the code is complete. Connecting alone shows nothing."
    ),
    "変える": "Change",
    "資料を選び直す": "Choose other documents",
    "練習する（映しません）": "Rehearse (shows nothing)",
    # ready
    "つながった会議室": "Connected room",
    "つないだ画面": "Attached screen",
    "この端末につないだ画面に映します": "Shown on the screen attached to this computer",
    "{place}　登録された会議室ディスプレイです": "{place} · Registered room display",
    "{place}　登録されていない端末です。部屋の名前を確かめてください。": (
        "{place} · Not a registered display. Make sure of the room's name."
    ),
    "始めると、このページが映ります": "When you start, this page appears",
    "{title}　{n}ページ": ("{title}, {n} page", "{title}, {n} pages"),
    "会議室には、まだ何も映っていません。": "Nothing is on the room's screen yet.",
    "説明を始める": "Start briefing",
    "{room}で説明を始める": "Start in {room}",
    "{n}つの会議室で説明を始める": ("Start in {n} room", "Start in {n} rooms"),
    "会議室を選び直す": "Choose another room",
    "会議室を加える": "Add a room",
    "つないだ画面に映す": "Show on attached screen",
    # console: head
    "{room}に表示中": "Showing in {room}",
    "{n}つの会議室に表示中": ("Showing in {n} room", "Showing in {n} rooms"),
    "つないだ画面に表示中": "Showing on attached screen",
    "通信良好": "Connection good",
    "{place}　通信良好": "{place} · Connection good",
    "通信が遅れています（{seconds}秒）": "Slow connection ({seconds} s)",
    "{room}　通信が遅れています（{seconds}秒）": "{room}: slow connection ({seconds} s)",
    "会議室とつながりません": "Can't reach the room",
    "{room}　つなぎ直しています": "{room} · Reconnecting",
    "{room}　押すと、つなぎ直せます": "{room} · Press to reconnect",
    "練習中（映していません）": "Rehearsal (not shown)",
    "会議室を加えると映せます": "Add a room to show it",
    "資料{place}／{papers}　第{edition}版　{n}ページ": (
        "Document {place} of {papers} · Edition {edition} · {n} page",
        "Document {place} of {papers} · Edition {edition} · {n} pages",
    ),
    "経過 {elapsed}、予定 {planned}": "Elapsed {elapsed}, planned {planned}",
    "説明を終える": "End briefing",
    "いまの操作をやめる、説明を終える": "Cancel, or end briefing",
    # console: the line that is true
    "会議室と同じ画面です": "Same as the room",
    "会議室には前と後を並べています": "The room shows before and after",
    "会議室と同じページです。細かい所を描いています": "Same page as the room; fine detail is being drawn",
    "会議室に映しています": "Being shown in the room",
    "会議室には映していません": "Not shown in a room",
    "練習中です。会議室には映していません": "Rehearsal. Nothing is shown in a room",
    "会議室は{page}ページのまま止めています": "The room stays on page {page}",
    "会議室には何も映っていません": "Nothing is on the room's screen",
    "会議室の画面を白くしています": "The room's screen is white",
    "{room}とつながりません": "Can't reach {room}",
    "{room}とつながりません。{page}ページが映ったままです": "Can't reach {room}. Page {page} is still on its screen",
    "{room}は画面を隠しています": "{room} has hidden its screen",
    "{room}には緊急のお知らせが出ています": "{room} shows an emergency notice",
    "{room}では、このページを表示できません": "{room} cannot show this page",
    "{room}は{page}ページを見ています": "{room} is looking at page {page}",
    "映してもらう": "Show it again",
    "こちらに合わせてもらう": "Bring it here",
    "{page}ページへ　Enter": "To page {page}: Enter",
    "この端末に記録を書き込めません。空き容量を増やしてください。内容は失われていません。": (
        "The record cannot be written on this computer. Make room on its disk. Nothing is lost."
    ),
    # console: side
    "次のページ": "Next page",
    "最後のページです": "This is the last page",
    "手元メモ": "Private notes",
    "自分だけに見えます": "Only you see these",
    "このページで話すことを書いておけます": "Write what you want to say on this page",
    "進み具合": "Agenda",
    "予定どおりです": "On time",
    "予定より{n}分遅れています": ("{n} minute behind plan", "{n} minutes behind plan"),
    "予定より{n}分早いです": ("{n} minute ahead of plan", "{n} minutes ahead of plan"),
    "{n}分": "{n} min",
    "分": " min",
    "済み": "Done",
    "いま": "Now",
    "進行": "Now",
    "進行を畳む": "Fold the panel",
    "進行を開く": "Open the panel",
    # console: foot and keys
    "次へ": "Next",
    "前へ": "Back",
    "次のページへ": "To the next page",
    "前のページへ": "To the page before",
    "最初のページへ": "To the first page",
    "最後のページへ": "To the last page",
    "番号のページへ": "To a page by its number",
    "全体": "Whole page",
    "横幅": "Width",
    "横幅に合わせる": "Fit width",
    "拡大": "Zoom in",
    "縮小": "Zoom out",
    "左へずらす": "Move left",
    "右へずらす": "Move right",
    "上へずらす": "Move up",
    "下へずらす": "Move down",
    "指示棒": "Pointer",
    "動かす": "Move",
    "画面を止める": "Hold screen",
    "画面を隠す": "Hide screen",
    "画面を白くする": "White screen",
    "白くする": "White screen",
    "各自の閲覧": "Free viewing",
    "各自の閲覧 可": "Free viewing: on",
    "各自の閲覧 ここまで": "Free viewing: to here",
    "各自の閲覧 不可": "Free viewing: off",
    "説明者": "Presenter",
    "可（どのページも自由に見られる）": "On (any page)",
    "説明中のページより先は見せない": "Nothing beyond the page being presented",
    "不可（説明中のページだけ）": "Off (only the page being presented)",
    "ページ一覧": "Pages",
    "会議室": "Rooms",
    "{pages}ページのうち{page}ページ": "Page {page} of {pages}",
    # keys of a wall's rail
    "画面を映す": "Show screen",
    "自分で見る": "Look freely",
    "説明に合わせる": "Follow",
    "この画面を大きく": "Larger here",
    "白黒反転": "Invert",
    "別の端末をつなぐ": "Connect another computer",
    "左右を入れ替える": "Swap sides",
    "しまう": "Put away",
    # end
    "説明を終えました": "Briefing ended",
    "消しています": "Erasing",
    "会議室の画面から、資料を消しています。": "Documents are being erased from the room's screen.",
    "会議室と参加者の画面から、資料を消しました。": "Documents erased from the room's and participants' screens.",
    "参加者{n}人の画面": ("Screen of {n} participant", "Screens of {n} participants"),
    "{n}人から返事がありません": ("{n} does not answer", "{n} do not answer"),
    "参加者{n}人の端末から返事がありません。15分たつと自動で消えます。": (
        "{n} participant's computer does not answer. It erases by itself after 15 minutes.",
        "{n} participants' computers do not answer. They erase by themselves after 15 minutes.",
    ),
    "会議室の画面から、資料を消しました。": "Documents erased from the room's screen.",
    "{room}から返事がありません。電源が入ると自動で消えます。": (
        "{room} does not answer. It erases by itself when it is switched on."
    ),
    "返事がありません。電源が入ると自動で消えます。": "No answer. It erases by itself when switched on.",
    "練習を終えました": "The rehearsal is over",
    "いま、資料を映している画面はありません。": "No screen shows the documents now.",
    "会議室には何も映していません。資料と次第は、そのまま使えます。": (
        "Nothing was shown in a room. Documents and agenda are still there."
    ),
    "{rooms}  {day}  {began}〜{ended}": "{rooms}  {day}  {began}–{ended}",
    "資料を消した場所": "Erased from",
    "{room}の画面": "Screen in {room}",
    "{time} 消去を確認": "{time} Erased, verified",
    "この端末の原本は、そのまま残っています。": "The originals on this computer are untouched.",
    "保存した記録": "Saved",
    "予定 {n}分": "Planned {n} min",
    "予定なし": "No plan",
    "ページ": "pages",
    # questions
    "{name} を開くには、パスワードが必要です": "{name} needs its password",
    "パスワード": "Password",
    "パスワードが違います。もう一度入力してください。": "Wrong password. Please enter it again.",
    "会議室では、パスワードを聞かれません。入力したパスワードは残りません。": (
        "The room does not ask for it. The password is not kept."
    ),
    "開く": "Open",
    "合計": "Total",
    "決める": "Set",
    "名前": "Name",
    "所属": "Department",
    "所属と名前は、つないだ会議室の画面に、説明者として出ます。": (
        "Name and department appear as the presenter on the room's screen."
    ),
    "言語 Language": "言語 Language",
    "日本語": "日本語",
    "保存する": "Save",
    "{room}を外しますか": "Drop {room}?",
    "{room}の画面から、資料が消えます。説明は、そのまま続きます。": (
        "Documents are erased from the screen in {room}. The briefing goes on."
    ),
    "続ける": "Continue",
    "説明を終えますか": "End the briefing?",
    "会議室の画面から、資料を消します。": "Documents are erased from the room's screen.",
    "終える": "End",
    "{room}の切替えを求められています": "Somebody asks to take over {room}",
    "{department} {name}さんが求めています。替わると、この説明の資料は会議室から消えます。": (
        "{name}, {department} asks. If you hand over, the documents of this briefing leave the room."
    ),
    "替わる": "Hand over",
    "断る": "Decline",
    "前回の説明の記録を消しますか": "Erase the last briefing?",
    "消すと、続きから再開できません。資料のファイルは、そのまま残ります。": (
        "It can then not be resumed. The files of the documents stay as they are."
    ),
    "残す": "Keep",
    # menus and notices
    "起動できません": "Kamizero cannot start",
    "保存先 {folder} を使えません。システム担当に連絡してください。": (
        "The folder {folder} cannot be used. Please call IT support."
    ),
    "このパソコンの鍵を使えないため、会議室につなげません。": (
        "This computer's key cannot be used, so no room can be connected."
    ),
    "{file} を読めないため、どの会議室にもつなぎません。": "{file} cannot be read, so no room is connected.",
    "戻る": "Back",
    "押すと、いまのページ（{page}ページ）が映ります": "Press to show the present page ({page})",
    "{room}に映す": "Show in {room}",
    "空くと、会議室の画面に番号が出ます。": "When it is free, its screen shows a code.",
    "この説明のページが、まだ映っています。画面の番号を入力してください。": (
        "This briefing’s page is still on its display. Type the number shown there."
    ),
    "接続が切れました。画面の番号をもう一度入力してください。": (
        "The connection ended. Enter the code on the screen once more."
    ),
    "つないだ画面（{screen}）にも映します。": "The attached screen ({screen}) will show it too.",
    "通信が遅れています": "Slow connection",
    "つながりません": "Can't be reached",
    "接続が終わりました": "Connection ended",
    "つなぎ直す": "Reconnect",
    "つなぎ直しています": "Reconnecting",
    "画面を隠しています": "The screen is hidden",
    "緊急のお知らせが出ています": "An emergency notice is shown",
    "このページを表示できません": "Cannot show this page",
    "{page}ページを表示中": "Showing page {page}",
    "{room}の画面から、資料を消しました。": "Documents erased from the screen in {room}.",
    "この会議室を外す": "Drop this room",
    "資料を加える": "Add documents",
    "資料を外す": "Take a document out",
    "「{title}」は、もう加えてあります。": "“{title}” is already in this briefing.",
    "「{title}」を外しますか": "Take “{title}” out?",
    "会議室でも、この資料を見られなくなります。この端末のファイルは、そのまま残ります。": (
        "It can no longer be seen in the room either. The file on this computer stays."
    ),
    "「{title}」を加えられません。{why}": "“{title}” cannot be added. {why}",
    "ここで放すと、資料を加えます": "Drop here to add the documents",
    "つないだ画面がありません": "No screen is attached",
    "PDFとOffice文書 ({endings})": "PDF and Office documents ({endings})",
    "PDFの資料 (*.pdf)": "PDF documents (*.pdf)",
    "全てのファイル (*)": "All files (*)",
    "資料を読み込んでいます": "Documents are being read",
    "映せる資料を1つ以上選んでください": "Choose at least one document that can be shown",
    "30日を過ぎた説明の記録を{n}件消しました。": (
        "{n} unclosed briefing older than 30 days was erased.",
        "{n} unclosed briefings older than 30 days were erased.",
    ),
    "前回の説明の記録を読めません。資料を選び直してください。": (
        "The record of the last briefing cannot be read. Please choose the documents again."
    ),
    "「{title}」の写しがないため、映せません。": "There is no copy of “{title}”, so it cannot be shown.",
    "「{title}」が保存し直されました。説明では、開いたときの内容を映しています。": (
        "“{title}” was saved again. The briefing shows it as it was opened."
    ),
    "{room}で接続が切られました。その画面の資料は消えています。": (
        "Somebody disconnected in {room}. The documents are gone from its screen."
    ),
    "{room}は、ほかの説明に替わりました。": "{room} has changed to another briefing.",
    "{room}とつなぎ直すには、会議室の番号を入力してください。": "To reconnect {room}, enter the code on its screen.",
    # the settings file
    "設定ファイル {file} を読めません（{why}）。": "The settings file {file} cannot be read ({why}).",
    "設定の {key} は、使われていない名前です。": "Setting {key} is not a name in use.",
    "設定の {key} の値 {value} は使えません（{allowed}）。": "Setting {key}: {value} is not allowed ({allowed}).",
    "設定の {key} を読めないため、空にしました。": "Setting {key} cannot be read and was emptied.",
    "80文字までの文字列": "text of at most 80 characters",
    '"ja" または "en"': '"ja" or "en"',
    "0から600までの整数": "a whole number from 0 to 600",
    "文字列": "text",
    "true または false": "true or false",
    "表の並び": "a list of tables",
    # command line
    "資料を開いて説明する": "open papers and present them",
    "開く資料（PDF、Office文書）": "papers to open (PDF, Office documents)",
    "鍵、手元メモ、終えていない説明を置くフォルダ": "folder of keys, notes and unclosed briefings",
    "設定ファイル（TOML）": "settings file (TOML)",
    "画面の写しを書き出すフォルダ（試験用）": "folder for screenshots (tests)",
    "標準入力から1行ずつ命令を読む（試験用）": "obey commands on standard input, one a line (tests)",
    "mDNSで話す自分のアドレス": "own address to speak mDNS on",
    "mDNSを使わない": "do without mDNS",
    "会議室がつなぐポート番号（0：空き番号）": "the port rooms may dial (0: a free one)",
    "通信の記録（資料の中身は書かない）": "log of the messages (without the papers' contents)",
    "rooms.tomlとその署名のあるフォルダ": "folder with rooms.toml and its signature",
    "別のネットワークの会議室を知るブローカー": "broker that knows the rooms of other networks (HOST:PORT)",
    "前の窓でなく、この大きさの窓": "a window of this size, not the former",
    "管財課の証明書がある端末では、--evidenceを使えません": (
        "--evidence is refused where a facilities certificate is installed"
    ),
}

ENGLISH = one_table(MINUTES, PREFLIGHT, PEOPLE, TOOLS, EXPORT, RECORD, ARCHIVE, LOOKUP, SOURCES, SCREENS)
