"""The English of this package's sentences, and of those that kiosk and presenter share."""

ENGLISH: dict[str, str | tuple[str, str]] = {
    # Parts of a portrait page.
    "上半分": "Top half",
    "下半分": "Bottom half",
    "上段": "Top",
    "中段": "Middle",
    "下段": "Bottom",
    "上から{n}番目": "Part {n}",
}
