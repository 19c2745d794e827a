"""Changes of a page through the caged process: what was asked for, in the right font, and nothing else."""

from __future__ import annotations

from itertools import pairwise

import pymupdf
import pytest
from pytestqt.qtbot import QtBot

import assets
from pageview.page_edits import (
    AddWords,
    Breaks,
    MoveWords,
    NotMade,
    RemovePicture,
    RemoveWords,
    ReplaceWords,
    Rotate,
    Route,
    Setting,
    WhyNot,
)
from pageview.page_text import TextRange
from pageview.render_results import Opened, PageEdited
from protocol.errors import Misuse
from protocol.values import Rect
from tests.pageview.editing import (
    HELVETICA,
    Editing,
    hull,
    ink,
    page_words,
    place,
    typed,
    unlike_outside,
    width,
)
from tests.pageview.papers import endless, one_page, opened, running, stream, wish

# --- reading ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page",
    [
        "/MediaBox[0 0 595 842]",
        "/MediaBox[0 0 595 842]/CropBox[50 100 545 742]",
        "/MediaBox[0 0 595 842]/Rotate 90",
        "/MediaBox[-30 -20 565 822]/CropBox[50 100 545 742]/Rotate 270",
        "/MediaBox[0 0 297.5 421]/UserUnit 2",
    ],
)
def test_characters_stand_where_they_are_seen_and_edits_too(editing: Editing, page: str) -> None:
    blob = editing.paper(one_page("BT /F 40 Tf 90 300 Td (HEN) Tj ET", page=page, resources=HELVETICA))
    size = opened(editing.qtbot, editing.renderer, blob)
    assert isinstance(size, Opened)
    wide, high = size.pages[0].width, size.pages[0].height
    with editing.qtbot.waitSignal(editing.renderer.drawn, timeout=20_000) as answer:
        editing.renderer.ask(wish(blob, rect=Rect(0, 0, wide, high), size=(600, 600)))
    assert answer.args is not None
    seen = ink(answer.args[0].image.copy(), None, wide, high)
    box = editing.text(blob).lines[0].hull()
    assert seen is not None
    assert box.x0 - 200 <= seen.x0 <= seen.x1 <= box.x1 + 200
    assert box.y0 - 200 <= seen.y0 <= seen.y1 <= box.y1 + 200
    after, made = editing.made(blob, editing.replace(blob, "E", "A", Setting.LINE))
    assert made.route is Route.ORIGINAL
    text = editing.text(after)
    assert sorted("".join(line.text for line in text.lines)) == ["A", "H", "N"]
    new = hull(text, "A")
    changed = made.changed
    assert changed.x0 < (new.x0 + new.x1) / 2 < changed.x1 and changed.y0 < (new.y0 + new.y1) / 2 < changed.y1
    assert box.x0 - 600 <= new.x0 <= new.x1 <= box.x1 + 600
    assert box.y0 - 600 <= new.y0 <= new.y1 <= box.y1 + 600


# --- words --------------------------------------------------------------------------------------------------


def test_new_words_in_the_papers_own_font_and_not_a_pixel_elsewhere(editing: Editing) -> None:
    blob = editing.paper(assets.SAMPLE_MEMO.read_bytes())
    text = editing.text(blob)
    line = next(line for line in text.lines if "対策本部" in line.text)
    old = "対策本部"
    after, made = editing.made(blob, editing.replace(blob, old, "本部対策"))
    assert (made.route, made.old, made.squeezed, made.past_column) == (Route.ORIGINAL, old, 0, 0)
    assert page_words(editing.text(after)).count("本部対策") == page_words(text).count("本部対策") + 1
    assert line.text.replace(old, "") in page_words(editing.text(after)).replace("本部対策", "")
    assert unlike_outside(editing.picture(blob), editing.picture(after), made.changed) == 0


@pytest.mark.parametrize(("font", "route"), [("Mincho", Route.MINCHO), ("Gothic", Route.GOTHIC)])
def test_a_glyph_that_the_papers_font_lacks_comes_from_a_bundled_one_of_its_kind(
    editing: Editing, font: str, route: Route
) -> None:
    blob = editing.paper(typed((60, 100, "防災対策の見直し"), font=font))
    after, made = editing.made(blob, editing.replace(blob, "対策", "鬱龍"))
    assert (made.route, made.old_width, made.new_width) == (route, 2400, 2400)
    box = hull(editing.text(after), "鬱龍")
    assert box.x0 == hull(editing.text(blob), "対策").x0
    assert ink(editing.picture(after), box) is not None
    assert unlike_outside(editing.picture(blob), editing.picture(after), made.changed) == 0
    with pymupdf.open(stream=editing.store.data(after)) as doc:
        assert all(font[1] == "ttf" for font in doc.get_page_fonts(0)), "embedded"
        assert len(editing.store.data(after)) < len(editing.store.data(blob)) + 40_000, (
            "only what is needed of it"
        )


def test_letters_made_bold_by_a_line_and_the_rest_of_a_string_stay_as_they_are(editing: Editing) -> None:
    """MuPDF's own ways to take letters out move what follows, and lose the line."""
    strings = "[(AB) -300 (CD) 20 (EFGH)] TJ 0 -30 Td 2 Tc (spaced) Tj 0 Tc T* (next) Tj (\\(A\\)\\102) '"
    content = f"BT /F 24 Tf 30 TL 2 Tr 0.7 w 60 700 Td {strings} 1.5 w 0 -60 Td <414243> Tj ET"
    blob = editing.paper(one_page(content, resources=HELVETICA))
    before = editing.picture(blob)
    for words in ("D", "pa", "(A", "AB", "BC"):
        at = [place(editing.text(blob), words)]
        after, made = editing.made(blob, RemoveWords(tuple(at), words))
        assert unlike_outside(before, editing.picture(after), made.changed) == 0, words


def test_letters_that_are_drawn_twice_to_look_bold_are_so_again_and_read_once(editing: Editing) -> None:
    twice = "BT /F 40 Tf 1 0 0 1 90 300 Tm (HEN) Tj 1 0 0 1 91 300 Tm (HEN) Tj ET"
    blob = editing.paper(one_page(twice, resources=HELVETICA))
    answer = editing.edit(blob, editing.replace(blob, "E", "AAA", Setting.LINE))
    assert isinstance(answer, PageEdited)
    with pymupdf.open(stream=answer.pdf) as doc:
        drawn = [(chr(sign[0]), sign[2]) for span in doc[0].get_texttrace() for sign in span["chars"]]
        for sign, count in (("H", 1), ("A", 3), ("N", 1)):
            xs = sorted(at[0] for other, at in drawn if other == sign)
            assert [round(b - a) for a, b in zip(xs[::2], xs[1::2], strict=True)] == [1] * count
    assert page_words(editing.text(editing.paper(answer.pdf))).split() == ["HAAAN"]


def test_a_line_is_set_anew_from_the_edge_it_shares_with_others(editing: Editing) -> None:
    figures = enumerate(("12,345", "987", "1,045"))
    column = [(300 - width(figure), 100 + 20 * n, figure) for n, figure in figures]
    blob = editing.paper(typed(*column, (60, 120, "医療")))
    right = hull(editing.text(blob), "12,345").x1
    after, made = editing.made(blob, editing.replace(blob, "987", "1,002"))
    box = hull(editing.text(after), "1,002")
    assert abs(box.x1 - right) <= 2 and abs(made.new_width - 100 * width("1,002")) < 4
    assert hull(editing.text(after), "医療") == hull(editing.text(blob), "医療")


def test_punctuation_that_a_paper_sets_close_is_set_close_again(editing: Editing) -> None:
    def steps(blob: bytes, words: str, index: int = 0) -> list[int]:
        text = editing.text(blob, index)
        found = place(text, words)
        starts = [text.lines[found.line].box(at).x0 for at in range(found.start, found.end)]
        return [b - a for a, b in pairwise(starts)]

    blob = editing.paper(assets.SAMPLE_BUDGET.read_bytes())
    old = steps(blob, "10・11ページ", 1)
    after, made = editing.made(blob, editing.replace(blob, "10・11", "10・11・12", index=1), 1)
    assert made.route is Route.ORIGINAL
    expected = [*old[:4], *old[1:4], *old[4:]]
    assert steps(after, "10・11・12ページ") == pytest.approx(expected, abs=12)


def test_figures_of_one_width_keep_their_right_edge(editing: Editing) -> None:
    blob = editing.paper(
        typed(*((250, 100 + 20 * n, figure) for n, figure in enumerate(("333", "222", "555"))))
    )
    after, _ = editing.made(blob, editing.replace(blob, "222", "2,222"))
    assert abs(hull(editing.text(after), "2,222").x1 - hull(editing.text(blob), "333").x1) <= 2


def test_what_follows_moves_and_a_paragraph_is_squeezed_before_it_passes_its_edge(editing: Editing) -> None:
    lines = [
        (60, 100 + 18 * n, "あいうえおかきくけこさしすせそたちつてと"[n:] + "なにぬ"[: n + 1])
        for n in range(3)
    ]
    blob = editing.paper(typed(*lines))
    text = editing.text(blob)
    edge = text.lines[0].hull().x1
    after, made = editing.made(blob, editing.replace(blob, "えお", "えおか"))
    line = next(line for line in editing.text(after).lines if "えおかか" in line.text)
    assert abs(line.hull().x1 - edge) <= 100 and 3 <= made.squeezed <= 9 and made.past_column == 0
    wider, made = editing.made(blob, editing.replace(blob, "えお", "えおかきくけ"))
    assert made.past_column > 1_500 and made.squeezed == 0
    assert "いうえおかきくけかきくけこ" in page_words(editing.text(wider))
    more = "あ" * round((545 - width(lines[0][2])) / width("あ"))
    widest, made = editing.made(blob, editing.replace(blob, "えお", "えお" + more))
    assert made.past_column > 10_000 and made.squeezed > 0
    assert max(line.hull().x1 for line in editing.text(widest).lines) <= 59_500 - 1_400, (
        "the printer's margin"
    )
    kept = editing.edit(blob, editing.replace(blob, "えお", "えおか", Setting.KEEP))
    assert isinstance(kept, NotMade) and kept.why is WhyNot.TOO_WIDE
    assert abs(kept.needed - 100 * width("えおか")) < 4 and abs(kept.room - 110 * width("えお")) < 4


def test_words_on_two_lines_are_replaced_as_one(editing: Editing) -> None:
    blob = editing.paper(typed((60, 100, "これは最初の行の終わ"), (60, 118, "りの言葉である。")))
    text = editing.text(blob)
    ranges = (place(text, "終わ"), place(text, "りの言葉"))
    after, made = editing.made(blob, ReplaceWords(ranges, "終わりの言葉", "最終の文言"))
    assert [line.text for line in editing.text(after).lines] == ["これは最初の行の最終", "の文言である。"]
    assert "の文言である。" in page_words(editing.text(after))
    assert made.old == "終わりの言葉"


def test_an_edited_page_is_edited_again(editing: Editing) -> None:
    blob = editing.paper(typed((60, 100, "防災対策の見直し"), (60, 130, "令和九年度")))
    for old, new in (("対策", "鬱龍"), ("九", "壱拾"), ("鬱龍", "対策"), ("見直し", "改訂")):
        blob, _ = editing.made(blob, editing.replace(blob, old, new))
    words = page_words(editing.text(blob))
    assert "防災対策の改訂" in words and "令和壱拾年度" in words


def test_a_form_that_is_drawn_twice_changes_once(editing: Editing) -> None:
    form = stream(
        "BT /F 20 Tf 10 10 Td (Draft one) Tj ET",
        f"/Type/XObject/Subtype/Form/BBox[0 0 200 50]/Resources<<{HELVETICA}>>",
    )
    content = "q 1 0 0 1 50 600 cm /X Do Q q 1 0 0 1 50 300 cm /X Do Q q"
    blob = editing.paper(one_page(content, resources="/XObject<</X 5 0 R>>", more=[form]))
    after, made = editing.made(blob, editing.replace(blob, "Draft", "Drat"))
    assert [line.text for line in editing.text(after).lines].count("Draft one") == 1
    assert unlike_outside(editing.picture(blob), editing.picture(after), made.changed) == 0


# --- why not ------------------------------------------------------------------------------------------------


def test_what_cannot_be_edited_is_refused_with_its_reason(editing: Editing) -> None:
    hidden = editing.paper(one_page("BT 3 Tr /F 20 Tf 50 500 Td (scanned) Tj ET", resources=HELVETICA))
    answer = editing.edit(hidden, editing.replace(hidden, "scan", "read"))
    assert answer == NotMade(WhyNot.PICTURE)
    seen = editing.paper(typed((60, 100, "防災対策")))
    assert editing.edit(seen, editing.replace(seen, "防災", "防𓀀")) == NotMade(WhyNot.NO_GLYPHS, signs="𓀀")
    stale = ReplaceWords((TextRange(0, 0, 2),), "対策", "計画")
    assert editing.edit(seen, stale) == NotMade(WhyNot.NO_SUCH_WORDS)
    beyond = ReplaceWords((TextRange(7, 0, 2),), "対策", "計画")
    assert editing.edit(seen, beyond) == NotMade(WhyNot.NO_SUCH_WORDS)
    assert editing.edit(seen, RemovePicture(10, 10)) == NotMade(WhyNot.NOTHING_THERE)
    away = MoveWords((place(editing.text(seen), "対策"),), "対策", 70_000, 0)
    refused = editing.edit(seen, away)
    assert isinstance(refused, NotMade) and refused.why is WhyNot.TOO_WIDE


def test_a_change_beyond_its_limits_never_reaches_a_process(editing: Editing) -> None:
    blob = editing.paper(typed((60, 100, "防災")))
    processes = editing.renderer.process_ids()
    for change in (
        AddWords(0, 0, "あ" * 10_001, 1_000),
        AddWords(0, 0, "\udc80", 1_000),
        AddWords(10**9, 0, "あ", 1_000),
        ReplaceWords((), "", "あ"),
        Rotate(4),
    ):
        with pytest.raises(Misuse):
            editing.renderer.ask_edit(blob, 0, change)
    long = editing.edit(blob, editing.replace(blob, "防災", "\u202eあ" * 5_000))
    assert isinstance(long, NotMade) and long.why is WhyNot.NO_GLYPHS and "\u202e" in long.signs
    assert editing.renderer.process_ids() == processes


def test_vertical_text_is_read_and_not_edited(editing: Editing) -> None:
    font = "/Type/Font/Subtype/Type0/BaseFont/MS-Mincho/Encoding/90ms-RKSJ-V/DescendantFonts[6 0 R]"
    system = "/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 2>>/FontDescriptor 7 0 R"
    blob = editing.paper(
        one_page(
            f"BT /F 30 Tf 300 700 Td <{'縦書きの文'.encode('cp932').hex()}> Tj ET",
            resources="/Font<</F 5 0 R>>",
            more=[
                f"<<{font}>>",
                f"<</Type/Font/Subtype/CIDFontType2/BaseFont/MS-Mincho{system}>>",
                "<</Type/FontDescriptor/FontName/MS-Mincho/Flags 4/FontBBox[0 -136 1000 859]/ItalicAngle 0"
                "/Ascent 859/Descent -140/StemV 80>>",
            ],
        )
    )
    text = editing.text(blob)
    assert "".join(line.text for line in text.lines) == "縦書きの文" and text.lines[0].vertical
    assert editing.edit(blob, editing.replace(blob, "縦", "横")) == NotMade(WhyNot.VERTICAL)


def test_letters_drawn_below_each_other_are_vertical_text_too(editing: Editing) -> None:
    """LibreOffice and others draw each by itself, upright."""
    first, second = "縦書きの文である", "次の段　落"
    columns = [
        (x, 100 + 12 * n, sign) for x, words in ((500, first), (482, second)) for n, sign in enumerate(words)
    ]
    blob = editing.paper(typed(*columns))
    lines = editing.text(blob).lines
    assert [(line.text, line.vertical) for line in lines] == [(first, True), ("次の段落", True)]
    assert editing.edit(blob, editing.replace(blob, "文", "章")) == NotMade(WhyNot.VERTICAL)
    cells = [(60, 100, "区"), (60, 114, "分"), *((120, 100 + 18 * n, "○") for n in range(4))]
    table = editing.paper(typed(*cells, (150, 100, "横書きの文")))
    assert not any(line.vertical for line in editing.text(table).lines)


def stacked(words: str, pitch: float, x: float = 60) -> list[tuple[float, float, str]]:
    return [(x, 100 + pitch * n, sign) for n, sign in enumerate(words)]


@pytest.mark.parametrize(
    ("pieces", "vertical"),
    [
        (stacked("合計額", 14), set()),
        (stacked("合計額", 12), {"合計額"}),
        (stacked("縦書きの文", 15), {"縦書きの文"}),
        ([*stacked("月火水木金土", 15), *((90, 100 + 15 * n, "会議の予定") for n in range(6))], set()),
        ([*stacked("担当課", 12), *stacked("○○×", 24, 120)], {"担当課"}),
        ([*stacked("縦書きの文", 12), *stacked("前文", 24, 120)], {"縦書きの文", "前文"}),
    ],
)
def test_lines_of_a_narrow_cell_and_rows_of_a_table_are_no_vertical_text(
    editing: Editing, pieces: list[tuple[float, float, str]], vertical: set[str]
) -> None:
    blob = editing.paper(typed(*pieces))
    assert {line.text for line in editing.text(blob).lines if line.vertical} == vertical
    cell = f"{pieces[0][0] - 5} 86 {pieces[0][0] + 17} 140"
    framed = editing.text(editing.paper(typed(*pieces, draw=cell))).lines
    assert {line.text for line in framed if line.vertical} == {words for words in vertical if len(words) != 3}
    if not vertical:
        after, _ = editing.made(blob, editing.replace(blob, pieces[1][2], "総"))
        assert hull(editing.text(after), "総") == hull(editing.text(blob), pieces[1][2])


def test_what_an_edit_breaks_is_said_and_must_be_accepted(editing: Editing) -> None:
    with pymupdf.open(stream=typed((60, 100, "防災対策"))) as doc:
        owner = {"owner_pw": "owner", "encryption": pymupdf.PDF_ENCRYPT_AES_256}
        locked = editing.paper(doc.tobytes(**owner, user_pw="", permissions=pymupdf.PDF_PERM_PRINT))
    signature = "/AcroForm<</SigFlags 3/Fields[5 0 R]>>/StructTreeRoot<</Type/StructTreeRoot>>"
    field = "<</FT/Sig/T(s)/V<</Type/Sig/Filter/Adobe.PPKLite/Contents<00>>>>>"
    words = "BT /F 20 Tf 50 500 Td (signed) Tj ET"
    signed = editing.paper(one_page(words, resources=HELVETICA, catalogue=signature, more=[field]))
    plain = editing.paper(one_page(words, resources=HELVETICA))
    change = editing.replace(signed, "sign", "mark")
    assert editing.edit(signed, change) == NotMade(WhyNot.BREAKS, breaks=int(Breaks.SIGNED))
    done = editing.edit(signed, change, accepted=Breaks.SIGNED)
    assert isinstance(done, PageEdited)
    assert Breaks(done.made.breaks) == Breaks.SIGNED | Breaks.FORM | Breaks.TAGGED
    done = editing.edit(plain, editing.replace(plain, "sign", "mark"))
    assert isinstance(done, PageEdited) and not Breaks(done.made.breaks)
    assert editing.edit(locked, Rotate(1)) == NotMade(
        WhyNot.BREAKS, breaks=int(Breaks.ENCRYPTED | Breaks.FORBIDDEN)
    )


def test_a_page_that_never_ends_costs_a_process_and_an_answer(qtbot: QtBot) -> None:
    with running(deadline_ms=500) as (store, renderer):
        editing = Editing(qtbot, store, renderer)
        blob = editing.paper(endless())
        assert editing.edit(blob, AddWords(1_000, 1_000, "x", 1_000)) == NotMade(WhyNot.UNSHOWABLE)
        assert editing.text(editing.paper(typed((60, 100, "防災")))).lines[0].text == "防災"
