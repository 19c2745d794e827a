"""The naming clerk: proposes a name by the rule, says what breaks the rule in another one, and mends it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto

from pageview.paper_words import clean_name
from presenter.archive.days import days_in, written
from presenter.archive.empty_words import EDITION, NAMELESS, VAGUE
from presenter.archive.rule import Named, Rule
from presenter.console_state import Words
from presenter.start_state import Finding

FORBIDDEN = dict.fromkeys(map(ord, '\\/:*?"<>|'), None)
INSTEAD = dict(zip('\\/:*?"<>|', "￥／：＊？”＜＞｜", strict=True))
RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)", re.IGNORECASE)
NAME_UNITS = 200
"""UTF-16 units of one name: with what is put behind it, every file system takes it."""
NAME_BYTES = 200
EDGES = " .　_-"
BRACKETS = {"（": "）", "(": ")", "【": "】", "[": "]", "「": "」"}
EMPTY_BRACKETS = re.compile(r"（[\s　]*）|\([\s　]*\)|【[\s　]*】|\[[\s　]*\]")
BY_THE_RULE = frozenset({"edition", "date"})
KIND_UNITS, KIND_BYTES = 40, 100
"""UTF-16 units and bytes of what a file of a set is (_打合せ記録.docx), behind the set's name."""
STEM_BYTES = 255 - KIND_BYTES


class Breach(Enum):
    """What breaks the rule."""

    VAGUE = auto()
    FORBIDDEN = auto()
    RESERVED = auto()
    HALF_KANA = auto()
    DAY = auto()
    EDGES = auto()
    LONG = auto()
    EMPTY = auto()


@dataclass(frozen=True, slots=True)
class Found:
    """A breach, in a sentence that says why it is one."""

    breach: Breach
    told: Words


def breaches(name: str, rule: Rule, folder: str = "") -> tuple[Found, ...]:
    """Everything that breaks the rule in a name without its ending; ``folder``: where it is to lie."""
    return tuple(_breaches(name, rule, folder))


def _breaches(name: str, rule: Rule, folder: str) -> Iterator[Found]:
    if not name.strip(" .　"):
        yield Found(Breach.EMPTY, ("名前がありません。", {}))
        return
    vague = [found[0].strip("_-　 （）()【】[]") or found[0] for found in VAGUE.finditer(name)]
    if vague:
        words = "「{words}」では、どれが新しいか分かりません。版の番号を付けます。"
        yield Found(Breach.VAGUE, (words, {"words": "」「".join(dict.fromkeys(vague))}))
    signs = [sign for sign in name if ord(sign) in FORBIDDEN or unicodedata.category(sign) in ("Cc", "Cf")]
    if signs:
        shown = " ".join(dict.fromkeys(s if s.isprintable() else f"U+{ord(s):04X}" for s in signs))
        yield Found(
            Breach.FORBIDDEN, ("ファイルの名前に使えない文字があります（{signs}）。", {"signs": shown})
        )
    if RESERVED.match(name.strip()):
        yield Found(Breach.RESERVED, ("「{name}」は、Windowsがほかの用途に使う名前です。", {"name": name}))
    kana = [sign for sign in name if "\uff61" <= sign <= "\uff9f"]
    if kana:
        yield Found(Breach.HALF_KANA, ("半角カタカナがあります。検索で見つからないことがあります。", {}))
    other = [found for found in days_in(name) if found.style is not rule.days]
    if other:
        first = other[0]
        values: dict[str, object] = {
            "day": name[first.start : first.end],
            "right": written(first.day, rule.days),
        }
        yield Found(Breach.DAY, ("日付「{day}」の書き方が、規則と違います（{right}）。", values))
    if name != name.strip(" .　"):
        yield Found(Breach.EDGES, ("名前の初めか終わりに、空白か「.」があります。", {}))
    units, most = (_units(f"{folder}\\{name}"), rule.limit) if folder else (_units(name), NAME_UNITS)
    if len(name.encode("utf-8", "surrogatepass")) > NAME_BYTES and units <= most:
        units, most = len(name), NAME_BYTES // 3
    if units > most:
        words = "名前が長すぎます（{n}文字、{most}文字まで）。"
        yield Found(Breach.LONG, (words, {"n": units, "most": most}))


def mended(name: str, rule: Rule, most: int = NAME_UNITS) -> str:
    """A name without its ending that breaks nothing; ``most``: UTF-16 units that it may have."""
    made = "".join(sign for sign in name if unicodedata.category(sign) not in ("Cc", "Cf", "Cs"))
    for _ in range(len(name) + 2):  # what one step takes away lets another see more
        once = _mended_once(made, rule, most)
        if once == made:
            break
        made = once
    return _not_reserved(made or NAMELESS)


def advice(name: str, rule: Rule) -> Finding | None:
    """What to tell of a paper whose name breaks the rule: every breach, and the name it gets; None for a good
    one."""
    found = breaches(name, rule)
    if not found:
        return None
    right = mended(name, rule)
    said = "「{name}」は、保管するときに「{right}」とします。"
    told: Words = said, {"name": clean_name(name), "right": right}
    return Finding(("名前が規則と違います", {}), (told, *(each.told for each in found)), right)


def subject_in(title: str) -> str:
    """What a paper's title says that it is about: without days, editions and words such as 最終."""
    made = _without(EDITION, _usual_width(title))
    for found in reversed([*days_in(made)]):
        made = made[: found.start] + made[found.end :]
    made = _without(EDITION, _without(VAGUE, made))
    made = EMPTY_BRACKETS.sub("", made).strip(EDGES)
    return re.sub(r"__+", "_", made) or title.strip()


def _without(what: re.Pattern[str], name: str) -> str:
    """Without those words; a bracket that lost its end with them has one again."""
    made = what.sub("", name)
    if made == name:
        return name
    ends: list[str] = []
    for sign in made:
        if sign in BRACKETS:
            ends.append(BRACKETS[sign])
        elif ends and sign == ends[-1]:
            ends.pop()
    return EMPTY_BRACKETS.sub("", made + "".join(reversed(ends)))


def _mended_once(name: str, rule: Rule, most: int) -> str:
    made = _usual_width(name)
    for found in reversed([*days_in(made)]):
        if found.style is not rule.days:
            made = made[: found.start] + written(found.day, rule.days) + made[found.end :]
    made = "".join(INSTEAD.get(sign, sign) for sign in _without(VAGUE, made))
    made = re.sub(r"[_\s　]*_[_\s　]*", "_", re.sub(r"[ 　]{2,}", "　", made))
    return _cut(made.strip(EDGES), most).strip(EDGES)


def proposed(rule: Rule, named: Named, edition: int, root: str = "") -> tuple[str, ...]:
    """Folders and at last the name, by the rule, nothing in them broken; short enough below ``root``.

    What is too long loses the end of its title, then of its subject: never its day or its edition.
    """
    named = replace(named, title=_without(EDITION, named.title))
    for title, subject in ((200, 120), (80, 60), (40, 30), (20, 15), (8, 8)):
        long = {"title": title, "subject": subject}
        values = {
            key: value if key in BY_THE_RULE else mended(value or NAMELESS, rule, long.get(key, 60))
            for key, value in named.values(rule, edition).items()
        }
        parts = tuple(_one(part.format(**values)) for part in rule.parts)
        whole = "\\".join((root, *parts, parts[-1])) + "_" * KIND_UNITS
        fits = all(len(part.encode()) <= 255 for part in parts) and len(parts[-1].encode()) <= STEM_BYTES
        if fits and _units(whole) <= rule.limit:
            return parts
    return parts


def _one(part: str) -> str:
    """A whole part: its pieces break nothing, together they still may."""
    return _not_reserved(part.strip(" .　") or NAMELESS)


def _not_reserved(name: str) -> str:
    return RESERVED.sub(lambda found: f"{found[0]}_", name, count=1) if RESERVED.match(name) else name


def _usual_width(name: str) -> str:
    """Half-width katakana, digits and letters as they are usual; everything else as it was written."""
    made = re.sub(r"[\uff61-\uff9f]+", lambda found: unicodedata.normalize("NFKC", found[0]), name)
    return "".join(
        unicodedata.normalize("NFKC", sign) if "０" <= sign <= "ｚ" and sign.isalnum() else sign
        for sign in made
    )


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _cut(name: str, most: int) -> str:
    """Whole signs only, so many UTF-16 units and bytes at most."""
    made = ""
    for sign in name:
        if _units(made + sign) > most or len((made + sign).encode()) > NAME_BYTES:
            break
        made += sign
    return made
