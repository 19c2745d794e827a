"""The names of columns that a list of rooms may have, as houses write them; the first is the usual one."""

from __future__ import annotations

HEADS = {
    "number": ("番号", "会議室番号", "number"),
    "name": ("名前", "会議室名", "会議室", "部屋", "name"),
    "name_en": ("名前（英語）", "名前(英語)", "英語名", "name_en"),
    "place": ("建物と階", "場所", "place"),
    "place_en": ("建物と階（英語）", "建物と階(英語)", "場所（英語）", "place_en"),
}
