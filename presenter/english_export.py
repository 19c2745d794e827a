"""The English of what is said of exporting."""

from __future__ import annotations

from pageview.wording import English

EXPORT: dict[str, English] = {
    "書き出す": "Export",
    "全て書き出す": "Export everything",
    "溶け込み（PDF）": "Clean copy (PDF)",
    "見え消し（PDF）": "Marked-up copy (PDF)",
    "書き込み（PDFの注釈）": "With marks (PDF annotations)",
    "書き込み（紙面に固定）": "With marks (part of the page)",
    "修正一覧（PDF、Word、CSV）": "Table of corrections (PDF, Word, CSV)",
    "書き出す先のフォルダを選ぶ": "Choose a folder to export to",
    "{name} を書き出しています。": "Exporting {name}.",
    "書き出しをやめました。": "The export was given up.",
    # names of files
    "溶け込み": "clean",
    "見え消し": "marked-up",
    "書き込み": "with marks",
    "書き込み（固定）": "with marks (flat)",
    "修正一覧": "corrections",
    # what came of it
    "{n}個のファイルを「{folder}」に書き出しました。": (
        "{n} file was exported to “{folder}”.",
        "{n} files were exported to “{folder}”.",
    ),
    "何も書き出しませんでした。": "Nothing was exported.",
    "「{name}」は元の資料です。上書きしません。": "“{name}” is an original. It is not overwritten.",
    "「{name}」を書き込む空き容量がありません。元の資料と記録はそのままです。": (
        "There is no room for “{name}”. Originals and records are as they were."
    ),
    "「{name}」を、このフォルダには書き込めません。ほかのフォルダを選んでください。": (
        "“{name}” cannot be written to this folder. Please choose another."
    ),
    "「{name}」を書き込むフォルダがありません。ほかのフォルダを選んでください。": (
        "There is no such folder for “{name}”. Please choose another."
    ),
    "「{name}」を書き込めません（{why}）。元の資料と記録はそのままです。": (
        "“{name}” cannot be written ({why}). Originals and records are as they were."
    ),
    "「{name}」を作れませんでした。元の資料と記録はそのままです。": (
        "“{name}” could not be made. Originals and records are as they were."
    ),
    "「{name}」は、時間がかかりすぎて作れませんでした。元の資料はそのままです。": (
        "“{name}” took too long to be made. Originals are as they were."
    ),
    "「{name}」は、資料の写しがないので作れませんでした。": (
        "“{name}” could not be made: the copy of the paper is missing."
    ),
    "見え消しに示せない修正があります：{numbers}。修正一覧を見てください。": (
        "Corrections that the marked-up copy cannot show: {numbers}. See the table of corrections."
    ),
    "紙面を直せなかった修正は、溶け込みに注記で入れました：{numbers}。": (
        "Corrections that could not be made in the page are notes in the clean copy: {numbers}."
    ),
    "{state}（注記）": "{state} (note)",
    "終えた修正がないので、見え消しは作りませんでした。": "No correction is done, so there is no marked-up copy.",
    "書き込みがないので、書き込みのファイルは作りませんでした。": "There are no marks, so there is no file of them.",
    "修正がないので、修正一覧は作りませんでした。": "There are no corrections, so there is no table of them.",
    "今のページに場所のない書き込み{n}件は、入っていません。": (
        "{n} mark that has no place on a page of today is not included.",
        "{n} marks that have no place on a page of today are not included.",
    ),
    "書き出したファイルには、元の資料のパスワードがありません。置き場所に気を付けてください。": (
        "The files do not have the password of the document. Mind where you keep them."
    ),
    "署名のある資料です。書き出したファイルでは、署名が無効になります。": (
        "The paper is signed. In the exported files its signature does not hold."
    ),
    # the table
    "修正一覧（新旧対照表）": "Table of corrections",
    "修正{n}件": ("{n} correction", "{n} corrections"),
    "番号": "No.",
    "頁": "Page",
    "資料": "Document",
    "修正した人": "By",
    "日時": "When",
    "状態": "State",
    # the command line
    "説明の資料を書き出す": "export papers of a briefing",
    "終えていない説明の、フォルダの名前か、資料の名前": "an unclosed briefing, by its folder's or its paper's name",
    "書き出す先のフォルダ": "folder to export to",
    "終えていない説明はありません。": "There is no unclosed briefing.",
    "「{name}」に当たる説明が{n}件あります。フォルダの名前で、1つを指定してください。": (
        "“{name}” fits {n} briefings. Please name one of them by its folder."
    ),
    "「{name}」に当たる、終えていない説明はありません。次の中から指定してください。": (
        "No unclosed briefing is called “{name}”. These are there:"
    ),
}
