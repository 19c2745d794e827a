"""The English of what is said of names and of the archive."""

from __future__ import annotations

from pageview.wording import English

ARCHIVE: dict[str, English] = {
    # settings
    "記録の保管": "Keeping records",
    "保管先のフォルダ": "Archive folder",
    "説明を終えると、資料と記録をこの中に、規則で決まる名前で保管します。": "When a briefing ends, documents and record are filed in it, named by the rule.",
    "名前の規則（TOML）": "Rule for names (TOML)",
    "通常の規則": "The usual rule",
    "様式のフォルダ": "Folder of forms",
    "紙ゼロの様式だけを使う": "Only the program's own",
    "様式": "Form",
    "選ぶ": "Choose",
    "規則のファイル (*.toml)": "Rules (*.toml)",
    "フォルダ「{folder}」がありません。つながっているかどうかを確かめてください。": "There is no folder “{folder}”. Please check the connection.",
    "確認した記録の要約を送るチャット（URL）": "Chat that gets the summary of a confirmed record (URL)",
    "送らない": "None",
    "チャットの送り先は、「https://」か「http://」で始まるURLです。": "A chat's address begins with “https://” or “http://”.",
    "http または https のURL": "an http or https URL",
    "設定の webhook_shape がJSONではないので、要約を送りませんでした。": "webhook_shape of the settings is no JSON, so the summary was not sent.",
    "チャットが要約を受け取りませんでした（{status}）。設定の送り先を確かめてください。": "The chat did not take the summary ({status}). Please check its address in the settings.",
    "チャットが1日以上答えないので、要約を送るのをやめました。": "The chat has not answered for more than a day. Sending the summary was given up.",
    # the rule
    "保管の規則 {file} を読めません（{why}）。": "The rule for the archive, {file}, cannot be read ({why}).",
    "保管の規則の {key} は、使われていない名前です。": "The rule for the archive knows no {key}.",
    "保管の規則の path は、1つ以上の名前を「/」でつないだ文字列です。": "path of the rule for the archive is text: names with “/” between them.",
    "保管の規則の path の最後の名前に {field} を入れてください。": "The last name of path of the rule for the archive needs {field}.",
    "保管の規則の date は、次のどれかです：{styles}。": "date of the rule for the archive is one of: {styles}.",
    "保管の規則の limit は、80から32000までの整数です。": "limit of the rule for the archive is a number from 80 to 32000.",
    "保管の規則の path の{n}番目の名前がありません。": "Name {n} of path of the rule for the archive is missing.",
    "保管の規則の path の{n}番目の名前：{field} という欄はありません。使える欄：{fields}。": "Name {n} of path of the rule for the archive: there is no field {field}. Fields: {fields}.",
    "保管の規則の path の{n}番目の名前：波かっこが合いません。": "Name {n} of path of the rule for the archive: braces do not match.",
    # the clerk
    "「{name}」は、保管するときに「{right}」とします。": "“{name}” will be filed as “{right}”.",
    "名前が規則と違います": "The name breaks the rule",
    "この説明では「{right}」とする": "Call it “{right}”",
    "名前がありません。": "There is no name.",
    "「{words}」では、どれが新しいか分かりません。版の番号を付けます。": "“{words}” does not say which one is newer. An edition's number does.",
    "ファイルの名前に使えない文字があります（{signs}）。": "Some signs cannot be in a file's name ({signs}).",
    "「{name}」は、Windowsがほかの用途に使う名前です。": "Windows keeps the name “{name}” for itself.",
    "半角カタカナがあります。検索で見つからないことがあります。": "There is half-width katakana, which a search may miss.",
    "日付「{day}」の書き方が、規則と違います（{right}）。": "The day “{day}” is not written by the rule ({right}).",
    "名前の初めか終わりに、空白か「.」があります。": "The name begins or ends with a space or a dot.",
    "名前が長すぎます（{n}文字、{most}文字まで）。": "The name is too long ({n} signs; {most} at most).",
    "保管の規則のファイル「{file}」を読めません。": "The file of the rule for the archive, “{file}”, cannot be read.",
    "通常の規則で名前を付けました。": "Names were given by the usual rule.",
    # the share
    "「{title}」の記録を「{folder}」に保管しました。": "The record of “{title}” was filed in “{folder}”.",
    "この端末に保存した記録が壊れています。システム担当に連絡してください。": "A record kept on this computer is damaged. Please contact your IT desk.",
    "記録を作れませんでした。説明の内容は、この端末に残っています。": "The record could not be made. The briefing is still on this computer.",
    "保管先に空き容量がありません。この端末に保存してあり、空きができたときに保管します。": "The archive is full. The files are kept on this computer and follow when there is room.",
    "保管先に書き込めません。この端末に保存してあり、書き込めるようになったときに保管します。": "The archive cannot be written to. The files are kept on this computer and follow when it can.",
    "保管先「{folder}」がありません。この端末に保存してあり、つながったときに保管します。": "The archive “{folder}” is not there. The files are kept on this computer and follow when it is.",
    "保管先につながりません。この端末に保存してあり、つながったときに保管します。": "The archive cannot be reached. The files are kept on this computer and follow when it can.",
}
