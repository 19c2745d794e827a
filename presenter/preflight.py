"""What somebody should know of a paper before it is shown, and what to do: words too small for the back seats
of the room, fonts that are not in the file, comments left in it, sheets of several sizes, who made it. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pageview.geometry import width_of
from pageview.render_results import PageSize
from pageview.theme import viewing_factor
from pageview.wording import say
from presenter.console_state import Words
from presenter.start_state import Finding
from protocol.values import View

LEAST_PX = 22.0
"""Height of an em on a wall of 1920×1080, 55″ seen from 3 m: 16′ of arc; below it nobody reads kanji."""
ALIKE = 0.02
"""Of a side: sheets that differ by less are of one size."""
NAMED = 8
"""Pages or fonts that are named one by one."""
SHEETS = {"A5": (420, 595), "A4": (595, 842), "A3": (842, 1191), "B5": (516, 729), "B4": (729, 1032)}
"""Points of the usual sheets, upright."""


@dataclass(frozen=True, slots=True)
class Glass:
    """The wall for which it is judged: shape, size in inches, distance of the back seats in metres."""

    aspect: float = 16 / 9
    inches: float = 55.0
    distance_m: float = 3.0


@dataclass
class PaperSurvey:
    """What is known so far of a paper. Keys are page places from 0."""

    letters: dict[int, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    small: dict[int, int] = field(default_factory=dict)
    fonts: dict[int, tuple[str, ...]] = field(default_factory=dict)
    comments: dict[int, int] = field(default_factory=dict)
    made_by: str = ""


def findings(
    paper: PaperSurvey, sizes: Sequence[PageSize], views: Mapping[int, View], glass: Glass
) -> tuple[Finding, ...]:
    """All there is to say, the most important first; nothing of a paper with which all is well."""
    found = (
        _small_text(paper, views, glass),
        _fonts(paper),
        _comments(paper),
        _mixed(sizes),
        _made_by(paper),
    )
    return tuple(each for each in found if each is not None)


# --- words too small ----------------------------------------------------------------------------------------


def em_on_wall(size: int, view: View, glass: Glass) -> float:
    """The pixels of a 1920-wide wall that text of ``size`` (1/100 point) gets when ``view`` is shown."""
    height = 1920 / glass.aspect
    across = width_of(view.rect)
    down = view.rect.y1 - view.rect.y0
    return size * min(1920 / across, height / down)


def small_pages(
    small: Mapping[int, int], views: Mapping[int, View], glass: Glass | None = None
) -> tuple[int, ...]:
    """Pages (from 1) whose small text cannot be read from the back seats. Keys are page places from 0."""
    glass = glass or Glass()
    return tuple(sorted(place + 1 for place in _below(small, views, glass)))


def _below(small: Mapping[int, int], views: Mapping[int, View], glass: Glass) -> Iterable[int]:
    needed = _needed(glass)
    for place, size in small.items():
        view = views.get(place)
        if size and view is not None and em_on_wall(size, view, glass) < needed:
            yield place


def _needed(glass: Glass) -> float:
    return LEAST_PX * viewing_factor(glass.inches, glass.distance_m)


def unreadable_share(
    letters: Mapping[int, Sequence[tuple[int, int]]], views: Mapping[int, View], glass: Glass
) -> float:
    """The share of all letters, 0…1, that cannot be read from the back seats."""
    needed, below, of = _needed(glass), 0, 0
    for place, sizes in letters.items():
        view = views.get(place)
        for size, count in sizes if view is not None else ():
            of += count
            if view is not None and em_on_wall(size, view, glass) < needed:
                below += count
    return below / of if of else 0.0


def _small_text(paper: PaperSurvey, views: Mapping[int, View], glass: Glass) -> Finding | None:
    pages = small_pages(paper.small, views, glass)
    if not pages:
        return None
    short: Words = ("{page}ページの文字が小さめです", {"page": pages[0]})
    if len(pages) == len(paper.small) > 1:
        short = ("全てのページの文字が小さめです", {})
    elif len(pages) > 1:
        short = ("{page}ページほか{n}ページの文字が小さめです", {"page": pages[0], "n": len(pages) - 1})
    share = max(1, round(100 * unreadable_share(paper.letters, views, glass)))
    room: dict[str, object] = {"inches": round(glass.inches), "distance": f"{glass.distance_m:g}"}
    return Finding(
        short,
        (
            (
                "文字の{share}％（{pages}）は、後ろの席から読めない大きさです。",
                {"share": share, "pages": _pages(pages)},
            ),
            (
                "{inches}インチの画面を{distance}mから見る場合です。説明のときに、その部分を拡大して映せます。",
                room,
            ),
        ),
    )


# --- the file -----------------------------------------------------------------------------------------------


def _fonts(paper: PaperSurvey) -> Finding | None:
    names = sorted({name for fonts in paper.fonts.values() for name in fonts})
    if not names:
        return None
    pages = tuple(place + 1 for place, fonts in sorted(paper.fonts.items()) if fonts)
    values: dict[str, object] = {"fonts": _listed(names), "pages": _pages(pages)}
    return Finding(
        ("書体が入っていません", {}),
        (
            ("{pages}の書体（{fonts}）が、ファイルに入っていません。似た書体で映します。", values),
            ("元のソフトで、書体を埋め込んでPDFに保存し直すと、作ったときの形で映ります。", {}),
        ),
    )


def _comments(paper: PaperSurvey) -> Finding | None:
    pages = tuple(place + 1 for place, count in sorted(paper.comments.items()) if count)
    if not pages:
        return None
    values: dict[str, object] = {"n": sum(paper.comments.values()), "pages": _pages(pages)}
    return Finding(
        ("注釈が{n}件残っています", values),
        (
            (
                "{pages}に、注釈（コメント）が{n}件残っています。印刷される注釈は、会議室にも映ります。",
                values,
            ),
            ("要らないものは、元のファイルで消してから選び直してください。", {}),
        ),
    )


def _mixed(sizes: Sequence[PageSize]) -> Finding | None:
    """Only worth a look: each page is fitted to the wall by itself."""
    kinds = Counter(_kind(size) for size in sizes)
    if len(kinds) < 2:
        return None
    usual = kinds.most_common(1)[0][0]
    others = tuple(place + 1 for place, size in enumerate(sizes) if _kind(size) != usual)
    values: dict[str, object] = {"pages": _pages(others), "kind": _kind_words(usual)}
    return Finding(
        ("", {}),
        (
            ("{pages}の紙の大きさか向きが、ほかのページ（{kind}）と違います。", values),
            ("映すときは、ページごとに画面に合わせます。印刷して配るときは、用紙を確かめてください。", {}),
        ),
    )


def _made_by(paper: PaperSurvey) -> Finding | None:
    """Only worth a look: nearly every file names somebody, and a wall shows nothing of it."""
    if not paper.made_by:
        return None
    return Finding(
        ("", {}),
        (
            (
                "ファイルに、作成者「{name}」の名前が入っています。会議室には映りません。",
                {"name": paper.made_by},
            ),
            ("外に出すときは、元のソフトで文書の情報を消してから、PDFに保存し直してください。", {}),
        ),
    )


def hurry(pages: int, minutes: int) -> Words | None:
    """More pages than minutes; None where there is time for each."""
    if not minutes or pages <= minutes:
        return None
    seconds = max(1, round(60 * minutes / pages))
    return "{n}ページを{minutes}分で説明する予定です（1ページ{seconds}秒）", {
        "n": pages,
        "minutes": minutes,
        "seconds": seconds,
    }


# --- words --------------------------------------------------------------------------------------------------


def _kind(size: PageSize) -> tuple[str, bool, int, int]:
    """A sheet's name, whether it lies, and for a sheet without a name its sides in points, roughly."""
    wide, high = size.width / 100, size.height / 100
    short, long = sorted((wide, high))
    for name, (least, most) in SHEETS.items():
        if abs(short - least) <= ALIKE * least and abs(long - most) <= ALIKE * most:
            return name, wide > high, 0, 0
    step = 20
    return "", wide > high, round(wide / step), round(high / step)


def _kind_words(kind: tuple[str, bool, int, int]) -> str:
    name, lies, wide, high = kind
    if not name:
        return say("{width}×{height}mm", width=round(wide * 20 * 0.3528), height=round(high * 20 * 0.3528))
    return say("{sheet}横" if lies else "{sheet}縦", sheet=name)


def _pages(pages: Sequence[int]) -> str:
    """3・7ページ; of many the first and how many more."""
    named = say("、").join(str(page) for page in pages[:NAMED])
    if len(pages) > NAMED:
        return say("{named}ページほか{n}ページ", named=named, n=len(pages) - NAMED)
    return say("{named}ページ", named=named)


def _listed(names: Sequence[str]) -> str:
    named = say("、").join(names[:NAMED])
    return say("{names}ほか{n}種類", names=named, n=len(names) - NAMED) if len(names) > NAMED else named
