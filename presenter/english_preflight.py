"""The English of what is to be known of a paper before it is shown."""

from __future__ import annotations

from pageview.wording import English

PREFLIGHT: dict[str, English] = {
    "詳しく": "Details",
    "{found}　ほか{n}件": "{found} (+{n})",
    "映す前に知っておくこと": "Before you show it",
    "文字の{share}％（{pages}）は、後ろの席から読めない大きさです。": (
        "{share}% of the letters ({pages}) are too small for the back seats."
    ),
    "{inches}インチの画面を{distance}mから見る場合です。説明のときに、その部分を拡大して映せます。": (
        "For a screen of {inches} inches seen from {distance} m. You can show that part larger while presenting."
    ),
    "書体が入っていません": "Fonts are missing",
    "{pages}の書体（{fonts}）が、ファイルに入っていません。似た書体で映します。": (
        "Fonts used on {pages} ({fonts}) are not in the file. Similar ones are shown."
    ),
    "元のソフトで、書体を埋め込んでPDFに保存し直すと、作ったときの形で映ります。": (
        "Save the PDF again with its fonts embedded, and it is shown as it was made."
    ),
    "注釈が{n}件残っています": ("One comment is left in it", "{n} comments are left in it"),
    "{pages}に、注釈（コメント）が{n}件残っています。印刷される注釈は、会議室にも映ります。": (
        "Comments left on {pages}: {n}. Those that would be printed are shown in the room too."
    ),
    "要らないものは、元のファイルで消してから選び直してください。": (
        "Delete what is not needed in the file itself, and choose it again."
    ),
    "{pages}の紙の大きさか向きが、ほかのページ（{kind}）と違います。": (
        "The sheets of {pages} differ in size or direction from the others ({kind})."
    ),
    "映すときは、ページごとに画面に合わせます。印刷して配るときは、用紙を確かめてください。": (
        "Each page is fitted to the screen by itself. Check the paper before printing."
    ),
    "ファイルに、作成者「{name}」の名前が入っています。会議室には映りません。": (
        "The file names its author, “{name}”. The room does not see that."
    ),
    "外に出すときは、元のソフトで文書の情報を消してから、PDFに保存し直してください。": (
        "Before it leaves the house, remove the document's properties and save the PDF again."
    ),
    "{n}ページを{minutes}分で説明する予定です（1ページ{seconds}秒）": (
        "{n} pages in {minutes} minutes: {seconds} s each"
    ),
    "{width}×{height}mm": "{width}×{height} mm",
    "{sheet}横": "{sheet} landscape",
    "{sheet}縦": "{sheet} portrait",
    "{named}ページ": "p. {named}",
    "{named}ページほか{n}ページ": "p. {named} and {n} more",
    "{names}ほか{n}種類": "{names} and {n} more",
}
