"""The English of this package's sentences, and of those that kiosk and presenter share."""

ENGLISH: dict[str, str | tuple[str, str]] = {
    # Parts of a portrait page.
    "上半分": "Top half",
    "下半分": "Bottom half",
    "上段": "Top",
    "中段": "Middle",
    "下段": "Bottom",
    "上から{n}番目": "Part {n}",
    # What a screen reader hears of a page, and the reason code on a page that cannot be shown.
    "{n}ページ／全{m}ページ": "Page {n} of {m}",
    "ページは映っていません": "No page is shown",
    "理由番号 {code}": "Reason code {code}",
    # Papers that cannot be shown.
    "PDFで保存してから開いてください": "Save it as PDF, then open that",
    "パスワードが必要です": "A password is needed",
    "壊れているため開けません": "Damaged; it cannot be opened",
    "大きすぎるため開けません": "Too large to open",
    "このページは表示できません": "This page cannot be shown",
    # kamizero check
    "フォルダーです。PDFのファイルを選んでください": "This is a folder. Choose a PDF file",
    "ファイルがありません。場所と名前を確かめてください": "There is no such file. Check its place and name",
    "読めません。ファイルの権限を確かめてください": "It cannot be read. Check the file's permissions",
    "最初のページを表示できません": "Its first page cannot be shown",
    "壊れていた所を直して表示します": "It was damaged and is shown repaired",
    "表示できます": "It can be shown",
    "メモリーが足りません。ほかのプログラムを閉じてからもう一度試してください": (
        "Not enough memory. Close other programs and try again"
    ),
    "{n}ページ、最初のページまで{ms}ミリ秒": (
        "{n} page, first one after {ms} ms",
        "{n} pages, first one after {ms} ms",
    ),
}
