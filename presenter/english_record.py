"""The English of what is said of records and of the department's forms."""

from __future__ import annotations

from pageview.wording import English

RECORD: dict[str, English] = {
    # the command line
    "打合せ記録を作る": "make the record of a briefing",
    "終えていない説明の、フォルダか資料の名前。又は、保管した記録（.json）": "an unclosed briefing, by its folder's or paper's name, or an archived record (.json)",
    "様式に書き込んだWordの文書": "a form filled in (Word)",
    "打合せ記録のPDF": "the record as a PDF",
    "打合せ記録の文字だけのファイル": "the record as plain text",
    "チャットに貼り付ける連絡文": "a block to paste into a chat",
    "様式の名前、又はそのファイル": "a form, by its name or its file",
    "件名（指定しないときは、資料の名前）": "subject (the paper's title unless said)",
    "出席者を加える": "add somebody who was there",
    "様式の欄の名前を確かめる": "check the fields of a form",
    "説明と、書き出す先のフォルダを指定してください": "say which briefing, and a folder",
    "様式の欄は、全て正しく書かれています。": "All fields of the form are right.",
    "「{name}」は、打合せ記録のファイルではありません。": "“{name}” is no file of a record.",
    "打合せ記録のPDFを作れませんでした。ほかの形は作ってあります。": "The PDF of the record could not be made. The other files are there.",
    # forms
    "様式のフォルダ「{folder}」を読めません。備付けの様式を使います。": "The folder of forms “{folder}” cannot be read. The program's own forms are used.",
    "様式「{form}」に書き込めません。": "The form “{form}” cannot be filled in.",
    "様式「{form}」を読めません。": "The form “{form}” cannot be read.",
    "パスワードが付いているか、古い形式（.doc）の文書です。Wordで「.docx」に保存し直してください。": (
        "It has a password, or is of the old kind (.doc). Please save it as .docx in Word."
    ),
    "Wordの文書（.docx）ではありません。Wordで「.docx」に保存し直してください。": "It is no Word file (.docx). Please save it as .docx in Word.",
    "様式が大きすぎます。画像を減らしてください。": "The form is too large. Please use fewer pictures.",
    "本文": "the text",
    "ヘッダー": "the header",
    "フッター": "the footer",
    "{part}の{n}段落目": "paragraph {n} of {part}",
    "{part}の表{table}の{row}行目{column}列目": "row {row}, column {column} of table {table} of {part}",
    "脚注に欄があります。脚注の欄には書き込めません。": "There is a field in a footnote. It cannot be filled there.",
    "{place}：「{field}」の欄は、前にもあります。どちらにも同じ内容が入ります。": "{place}: the field “{field}” was there before. Both get the same words.",
    "{place}：1つの行に「{one}」と「{other}」の欄があります。行を分けてください。": "{place}: one row has fields of “{one}” and “{other}”. Please use two rows.",
    "{place}：「{text}」は、欄の中に欄があります。": "{place}: “{text}” is a field within a field.",
    "{place}：「{text}」の前に、欄の始まり「{{{{」がありません。": "{place}: the beginning “{{{{” is missing before “{text}”.",
    "{place}：「{text}」に、欄の終わり「}}}}」がありません。": "{place}: the end “}}}}” is missing behind “{text}”.",
    "{place}：「{field}」という欄はありません。": "{place}: there is no field “{field}”.",
    "{place}：「{field}」という欄はありません。「{near}」の誤りではありませんか。": "{place}: there is no field “{field}”. Is “{near}” meant?",
}
