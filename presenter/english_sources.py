"""The English of sources that are saved anew, of the tray, and of conversion."""

from __future__ import annotations

from pageview.wording import English

SOURCES: dict[str, English] = {
    # sources
    "新": "New",
    "新しい内容": "new content",
    "置き場所の分からない書き込み": "Marks without a place",
    "置き場所の分からない書き込み　{n}": "Marks without a place: {n}",
    "ページに置いたら、「囲んで選ぶ」で動かせます。": "Put on a page, they can be moved by “Select by a loop”.",
    "なくなったページ": "A lost page",
    "ここに置く": "Put here",
    "「{title}」の元のファイルが見つかりません。最後に読んだ版を映しています。": (
        "The file of “{title}” cannot be found. The last edition that was read is shown."
    ),
    "「{title}」の新しい内容を読めないため、前の版を映しています。{why}": (
        "The new content of “{title}” cannot be read, and the former edition is shown. {why}"
    ),
    "「{title}」は、まだ保存の途中です。終わるまで、前の版を映しています。": (
        "“{title}” is still being saved. Until that is done, the former edition is shown."
    ),
    "「{title}」を、ほかのソフトが使っています。閉じるまで、前の版を映しています。": (
        "Another program is using “{title}”. Until it is closed there, the former edition is shown."
    ),
    "{n}ページが変わりました。": (" {n} page changed.", " {n} pages changed."),
    "{n}ページ増えました。": (" {n} page was added.", " {n} pages were added."),
    "{n}ページ減りました。": (" {n} page was removed.", " {n} pages were removed."),
    "ページの順番が変わりました。": " The order of the pages is another.",
    "「{title}」が新しくなりました（第{edition}版）。{much}": "“{title}” is new (edition {edition}).{much}",
    "修正{numbers}の文言が、新しい資料にあります。見て、修正済みにしてください。": (
        "The wording of corrections {numbers} stands in the new document. Look, and mark them as done."
    ),
    "修正{numbers}は、新しい資料で直っていました。修正済みにしました。": (
        "Corrections {numbers} were made in the new document. They are marked as done."
    ),
    "修正{numbers}の文言が新しい資料にないため、未修正に戻しました。": (
        "The wording of corrections {numbers} is not in the new document. They are open again."
    ),
    "修正{n}件は、新しい資料のどこの言葉か分かりません。一覧で見てください。": (
        "Where {n} correction belongs in the new document is not known. Please see the list.",
        "Where {n} corrections belong in the new document is not known. Please see the list.",
    ),
    "書き込み{n}個の置き場所が分かりません。「修正」の欄から、ページに置けます。": (
        "Where {n} mark belongs is not known. It can be put on a page from the corrections.",
        "Where {n} marks belong is not known. They can be put on a page from the corrections.",
    ),
    # conversion
    "資料を変換しています": "Documents are being converted",
    "変換しています": "Converting",
    "変換しています（{n}秒）": ("Converting ({n} s)", "Converting ({n} s)"),
    "中止": "Stop",
    "変換しました": "Converted",
    "変換ソフトがありません。PDFで保存してください": "No converter here. Save it as PDF",
    "60秒で変換できません。PDFで保存してください": "Not converted in 60 seconds. Save it as PDF",
    "変換できません。PDFで保存してください": "Cannot be converted. Save it as PDF",
    "パスワードがあります。外して保存してください": "Has a password. Save it without one",
    "変換をやめました": "Conversion was stopped",
    "「{title}」を変換しています。": "“{title}” is being converted.",
}
