"""Changes of a page through the caged process: what was asked for, in the right font, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pymupdf
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

import assets
from pageview.page_edits import (
    AddWords,
    Breaks,
    Change,
    Made,
    MovePicture,
    MoveWords,
    NotMade,
    RemovePicture,
    RemoveWords,
    ReplaceWords,
    Rotate,
    Route,
    Setting,
    WhiteOut,
    WhyNot,
)
from pageview.page_text import PageText, TextRange, page_words
from pageview.renderer import EditRefused, Frame, Opened, PageCharacters, PageEdited, PaperBreaks, Renderer
from pageview.segments import SegmentStore
from protocol.errors import Misuse
from protocol.values import Rect
from tests.pageview.papers import endless, one_page, opened, pdf, running, stream, wish

PIXELS = (794, 1123)
DARK = 0x60
HELVETICA = "/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>"


@dataclass
class Desk:
    """A renderer, and what tests ask of it; each answer is waited for."""

    qtbot: QtBot
    store: SegmentStore
    renderer: Renderer

    def paper(self, data: bytes, password: str | None = None) -> bytes:
        sha256 = self.store.add(data)
        assert isinstance(opened(self.qtbot, self.renderer, sha256, password), Opened)
        return sha256

    def text(self, blob: bytes, index: int = 0) -> PageText:
        with self.qtbot.waitSignal(self.renderer.characters, timeout=20_000) as answer:
            self.renderer.ask_characters(blob, index)
        assert answer.args is not None
        read: PageCharacters = answer.args[0]
        assert (read.blob, read.index) == (blob, index)
        return read.text

    def edit(
        self, blob: bytes, change: Change, index: int = 0, accepted: Breaks = Breaks.NOTHING
    ) -> PageEdited | NotMade:
        answers: list[PageEdited | EditRefused] = []
        for signal in (self.renderer.edited, self.renderer.edit_refused):
            signal.connect(answers.append)
        self.renderer.ask_edit(blob, index, change, accepted)
        self.qtbot.waitUntil(lambda: bool(answers), timeout=20_000)
        for signal in (self.renderer.edited, self.renderer.edit_refused):
            signal.disconnect(answers.append)
        answer = answers[0]
        assert (answer.blob, answer.index, answer.change) == (blob, index, change)
        return answer.not_made if isinstance(answer, EditRefused) else answer

    def made(self, blob: bytes, change: Change, index: int = 0) -> tuple[bytes, Made]:
        """The blob of the changed page alone, opened, and how it was made."""
        answer = self.edit(blob, change, index)
        assert isinstance(answer, PageEdited), answer
        return self.paper(answer.pdf), answer.made

    def picture(self, blob: bytes, index: int = 0) -> QImage:
        with self.qtbot.waitSignal(self.renderer.drawn, timeout=20_000) as answer:
            self.renderer.ask(wish(blob, index, size=PIXELS))
        assert answer.args is not None
        frame: Frame = answer.args[0]
        return frame.image.copy()

    def replace(
        self, blob: bytes, old: str, new: str, setting: Setting = Setting.EITHER, index: int = 0
    ) -> ReplaceWords:
        return ReplaceWords((place(self.text(blob, index), old),), old, new, setting)


@pytest.fixture(scope="module")
def processes(qapp: object) -> Iterator[tuple[SegmentStore, Renderer]]:
    with running() as pair:
        yield pair


@pytest.fixture
def desk(qtbot: QtBot, processes: tuple[SegmentStore, Renderer]) -> Desk:
    return Desk(qtbot, *processes)


def place(page: PageText, words: str) -> TextRange:
    for number, line in enumerate(page.lines):
        at = line.text.find(words)
        if at >= 0:
            return TextRange(number, at, at + len(words))
    raise AssertionError(f"{words} is not on the page: {page_words(page)}")


def hull(page: PageText, words: str) -> Rect:
    return page.boxes((place(page, words),))[0]


def ink(image: QImage, box: Rect | None = None, wide: int = 59_500, high: int = 84_200) -> Rect | None:
    """The box (1/100 point) of what is dark, within ``box``."""
    across, down = image.width() / wide, image.height() / high
    area = box or Rect(0, 0, wide, high)
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    shades, width = bytes(grey.constBits()), grey.bytesPerLine()
    first, last = max(0, int(area.x0 * across)), min(image.width(), int(area.x1 * across))
    dark = [
        (y, [x for x, shade in enumerate(row, first) if shade < DARK])
        for y in range(max(0, int(area.y0 * down)), min(image.height(), int(area.y1 * down)))
        if min(row := shades[y * width + first : y * width + last]) < DARK
    ]
    if not dark:
        return None
    left, right = min(xs[0] for _, xs in dark), max(xs[-1] for _, xs in dark) + 1
    top, bottom = dark[0][0], dark[-1][0] + 1
    return Rect(int(left / across), int(top / down), int(right / across), int(bottom / down))


def unlike_outside(before: QImage, after: QImage, box: Rect, wide: int = 59_500, high: int = 84_200) -> int:
    """How many pixels differ outside of ``box`` and a hair around it."""
    across, down = before.width() / wide, before.height() / high
    rows = range(int(box.y0 * down) - 2, int(box.y1 * down) + 3)
    columns = slice(4 * max(0, int(box.x0 * across) - 2), 4 * max(0, int(box.x1 * across) + 3))
    width, one, other = before.bytesPerLine(), bytearray(before.constBits()), bytearray(after.constBits())
    for y in rows:
        for lines in (one, other):
            if 0 <= y < before.height():
                row = slice(y * width, (y + 1) * width)
                piece = lines[row]
                piece[columns] = bytes(len(piece[columns]))
                lines[row] = piece
    return sum(p != q for p, q in zip(one[::4], other[::4], strict=True)) if one != other else 0


def typed(*lines: tuple[float, float, str], font: str = "Mincho", size: float = 12, draw: str = "") -> bytes:
    """An A4 page with lines of Japanese in an embedded subset; ``draw``: extra page contents, before them."""
    doc = pymupdf.open()
    page = doc.new_page(width=595, height=842)
    face = assets.PAPER_MINCHO if font == "Mincho" else assets.PAPER_GOTHIC
    writer = pymupdf.TextWriter(page.rect)
    for x, y, words in lines:
        writer.append((x, y), words, font=pymupdf.Font(fontfile=str(face)), fontsize=size)
    if draw:
        shape = page.new_shape()
        for box in draw.split(";"):
            shape.draw_rect(pymupdf.Rect(*map(float, box.split())))
        shape.finish(color=(0, 0, 0), width=0.5)
        shape.commit()
    writer.write_text(page)
    doc.subset_fonts()
    return bytes(doc.tobytes(garbage=3, deflate=True))


def width(words: str) -> float:
    """Of words as ``typed`` sets them, in points."""
    return float(pymupdf.Font(fontfile=str(assets.PAPER_MINCHO)).text_length(words, 12))


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
def test_characters_stand_where_they_are_seen_and_edits_too(desk: Desk, page: str) -> None:
    blob = desk.paper(one_page("BT /F 40 Tf 90 300 Td (HEN) Tj ET", page=page, resources=HELVETICA))
    size = opened(desk.qtbot, desk.renderer, blob)
    assert isinstance(size, Opened)
    wide, high = size.pages[0].width, size.pages[0].height
    with desk.qtbot.waitSignal(desk.renderer.drawn, timeout=20_000) as answer:
        desk.renderer.ask(wish(blob, rect=Rect(0, 0, wide, high), size=(600, 600)))
    assert answer.args is not None
    seen = ink(answer.args[0].image.copy(), None, wide, high)
    box = desk.text(blob).lines[0].hull()
    assert seen is not None
    assert box.x0 - 200 <= seen.x0 <= seen.x1 <= box.x1 + 200
    assert box.y0 - 200 <= seen.y0 <= seen.y1 <= box.y1 + 200
    after, made = desk.made(blob, desk.replace(blob, "E", "A", Setting.LINE))
    assert made.route is Route.ORIGINAL
    text = desk.text(after)
    assert sorted("".join(line.text for line in text.lines)) == ["A", "H", "N"]
    new = hull(text, "A")
    changed = made.changed
    assert changed.x0 < (new.x0 + new.x1) / 2 < changed.x1 and changed.y0 < (new.y0 + new.y1) / 2 < changed.y1
    assert box.x0 - 600 <= new.x0 <= new.x1 <= box.x1 + 600
    assert box.y0 - 600 <= new.y0 <= new.y1 <= box.y1 + 600


# --- words --------------------------------------------------------------------------------------------------


def test_new_words_in_the_papers_own_font_and_not_a_pixel_elsewhere(desk: Desk) -> None:
    blob = desk.paper(assets.SAMPLE_MEMO.read_bytes())
    text = desk.text(blob)
    line = next(line for line in text.lines if "対策本部" in line.text)
    old = "対策本部"
    after, made = desk.made(blob, desk.replace(blob, old, "本部対策"))
    assert (made.route, made.old, made.squeezed, made.past_column) == (Route.ORIGINAL, old, 0, 0)
    assert page_words(desk.text(after)).count("本部対策") == page_words(text).count("本部対策") + 1
    assert line.text.replace(old, "") in page_words(desk.text(after)).replace("本部対策", "")
    assert unlike_outside(desk.picture(blob), desk.picture(after), made.changed) == 0


@pytest.mark.parametrize(("font", "route"), [("Mincho", Route.MINCHO), ("Gothic", Route.GOTHIC)])
def test_a_glyph_that_the_papers_font_lacks_comes_from_a_bundled_one_of_its_kind(
    desk: Desk, font: str, route: Route
) -> None:
    blob = desk.paper(typed((60, 100, "防災対策の見直し"), font=font))
    after, made = desk.made(blob, desk.replace(blob, "対策", "鬱龍"))
    assert (made.route, made.old_width, made.new_width) == (route, 2400, 2400)
    box = hull(desk.text(after), "鬱龍")
    assert box.x0 == hull(desk.text(blob), "対策").x0
    assert ink(desk.picture(after), box) is not None
    assert unlike_outside(desk.picture(blob), desk.picture(after), made.changed) == 0
    with pymupdf.open(stream=desk.store.data(after)) as doc:
        assert all(font[1] == "ttf" for font in doc.get_page_fonts(0)), "embedded"
        assert len(desk.store.data(after)) < len(desk.store.data(blob)) + 40_000, "only what is needed of it"


def test_letters_made_bold_by_a_line_and_the_rest_of_a_string_stay_as_they_are(desk: Desk) -> None:
    """MuPDF's own ways to take letters out move what follows, and lose the line."""
    strings = "[(AB) -300 (CD) 20 (EFGH)] TJ 0 -30 Td 2 Tc (spaced) Tj 0 Tc T* (next) Tj (\\(A\\)\\102) '"
    content = f"BT /F 24 Tf 30 TL 2 Tr 0.7 w 60 700 Td {strings} 1.5 w 0 -60 Td <414243> Tj ET"
    blob = desk.paper(one_page(content, resources=HELVETICA))
    before = desk.picture(blob)
    for words in ("D", "pa", "(A", "AB", "BC"):
        at = [place(desk.text(blob), words)]
        after, made = desk.made(blob, RemoveWords(tuple(at), words))
        assert unlike_outside(before, desk.picture(after), made.changed) == 0, words


def test_a_line_is_set_anew_from_the_edge_it_shares_with_others(desk: Desk) -> None:
    figures = enumerate(("12,345", "987", "1,045"))
    column = [(300 - width(figure), 100 + 20 * n, figure) for n, figure in figures]
    blob = desk.paper(typed(*column, (60, 120, "医療")))
    right = hull(desk.text(blob), "12,345").x1
    after, made = desk.made(blob, desk.replace(blob, "987", "1,002"))
    box = hull(desk.text(after), "1,002")
    assert abs(box.x1 - right) <= 2 and abs(made.new_width - 100 * width("1,002")) < 4
    assert hull(desk.text(after), "医療") == hull(desk.text(blob), "医療")


def test_figures_of_one_width_keep_their_right_edge(desk: Desk) -> None:
    blob = desk.paper(typed(*((250, 100 + 20 * n, figure) for n, figure in enumerate(("333", "222", "555")))))
    after, _ = desk.made(blob, desk.replace(blob, "222", "2,222"))
    assert abs(hull(desk.text(after), "2,222").x1 - hull(desk.text(blob), "333").x1) <= 2


def test_what_follows_moves_and_a_paragraph_is_squeezed_before_it_passes_its_edge(desk: Desk) -> None:
    lines = [
        (60, 100 + 18 * n, "あいうえおかきくけこさしすせそたちつてと"[n:] + "なにぬ"[: n + 1])
        for n in range(3)
    ]
    blob = desk.paper(typed(*lines))
    text = desk.text(blob)
    edge = text.lines[0].hull().x1
    after, made = desk.made(blob, desk.replace(blob, "えお", "えおか"))
    line = next(line for line in desk.text(after).lines if "えおかか" in line.text)
    assert abs(line.hull().x1 - edge) <= 100 and 3 <= made.squeezed <= 9 and made.past_column == 0
    wider, made = desk.made(blob, desk.replace(blob, "えお", "えおかきくけ"))
    assert made.past_column > 1_500 and made.squeezed == 0
    assert "いうえおかきくけかきくけこ" in page_words(desk.text(wider))
    more = "あ" * round((545 - width(lines[0][2])) / width("あ"))
    widest, made = desk.made(blob, desk.replace(blob, "えお", "えお" + more))
    assert made.past_column > 10_000 and made.squeezed > 0
    assert max(line.hull().x1 for line in desk.text(widest).lines) <= 59_500 - 1_400, "the printer's margin"
    kept = desk.edit(blob, desk.replace(blob, "えお", "えおか", Setting.KEEP))
    assert isinstance(kept, NotMade) and kept.why is WhyNot.TOO_WIDE
    assert abs(kept.needed - 100 * width("えおか")) < 4 and abs(kept.room - 110 * width("えお")) < 4


def test_a_cell_gives_no_more_room_than_its_borders(desk: Desk) -> None:
    blob = desk.paper(typed((62, 100, "防災"), (104, 100, "医療"), draw="60 85 100 110;100 85 140 110"))
    answer = desk.edit(blob, desk.replace(blob, "防災", "防災対策"))
    assert isinstance(answer, NotMade)
    assert (answer.why, answer.needed) == (WhyNot.TOO_WIDE, 4800)
    assert 3_500 < answer.room < 4_000
    after, _ = desk.made(blob, desk.replace(blob, "防災", "防災費"))
    assert hull(desk.text(after), "医療") == hull(desk.text(blob), "医療")


def test_words_on_two_lines_are_replaced_as_one(desk: Desk) -> None:
    blob = desk.paper(typed((60, 100, "これは最初の行の終わ"), (60, 118, "りの言葉である。")))
    text = desk.text(blob)
    ranges = (place(text, "終わ"), place(text, "りの言葉"))
    after, made = desk.made(blob, ReplaceWords(ranges, "終わりの言葉", "最終の文言"))
    assert [line.text for line in desk.text(after).lines] == ["これは最初の行の最終", "の文言である。"]
    assert "の文言である。" in page_words(desk.text(after))
    assert made.old == "終わりの言葉"


def test_an_edited_page_is_edited_again(desk: Desk) -> None:
    blob = desk.paper(typed((60, 100, "防災対策の見直し"), (60, 130, "令和九年度")))
    for old, new in (("対策", "鬱龍"), ("九", "壱拾"), ("鬱龍", "対策"), ("見直し", "改訂")):
        blob, _ = desk.made(blob, desk.replace(blob, old, new))
    words = page_words(desk.text(blob))
    assert "防災対策の改訂" in words and "令和壱拾年度" in words


def test_a_form_that_is_drawn_twice_changes_once(desk: Desk) -> None:
    form = stream(
        "BT /F 20 Tf 10 10 Td (Draft one) Tj ET",
        f"/Type/XObject/Subtype/Form/BBox[0 0 200 50]/Resources<<{HELVETICA}>>",
    )
    content = "q 1 0 0 1 50 600 cm /X Do Q q 1 0 0 1 50 300 cm /X Do Q q"
    blob = desk.paper(one_page(content, resources="/XObject<</X 5 0 R>>", more=[form]))
    after, made = desk.made(blob, desk.replace(blob, "Draft", "Drat"))
    assert [line.text for line in desk.text(after).lines].count("Draft one") == 1
    assert unlike_outside(desk.picture(blob), desk.picture(after), made.changed) == 0


# --- why not ------------------------------------------------------------------------------------------------


def test_what_cannot_be_edited_is_refused_with_its_reason(desk: Desk) -> None:
    hidden = desk.paper(one_page("BT 3 Tr /F 20 Tf 50 500 Td (scanned) Tj ET", resources=HELVETICA))
    answer = desk.edit(hidden, desk.replace(hidden, "scan", "read"))
    assert answer == NotMade(WhyNot.PICTURE)
    seen = desk.paper(typed((60, 100, "防災対策")))
    assert desk.edit(seen, desk.replace(seen, "防災", "防𓀀")) == NotMade(WhyNot.NO_GLYPHS, signs="𓀀")
    stale = ReplaceWords((TextRange(0, 0, 2),), "対策", "計画")
    assert desk.edit(seen, stale) == NotMade(WhyNot.NO_SUCH_WORDS)
    beyond = ReplaceWords((TextRange(7, 0, 2),), "対策", "計画")
    assert desk.edit(seen, beyond) == NotMade(WhyNot.NO_SUCH_WORDS)
    assert desk.edit(seen, RemovePicture(10, 10)) == NotMade(WhyNot.NOTHING_THERE)
    away = MoveWords((place(desk.text(seen), "対策"),), "対策", 70_000, 0)
    refused = desk.edit(seen, away)
    assert isinstance(refused, NotMade) and refused.why is WhyNot.TOO_WIDE


def test_a_change_beyond_its_limits_never_reaches_a_process(desk: Desk) -> None:
    blob = desk.paper(typed((60, 100, "防災")))
    processes = desk.renderer.process_ids()
    for change in (
        AddWords(0, 0, "あ" * 10_001, 1_000),
        AddWords(0, 0, "\udc80", 1_000),
        AddWords(10**9, 0, "あ", 1_000),
        ReplaceWords((), "", "あ"),
        Rotate(4),
    ):
        with pytest.raises(Misuse):
            desk.renderer.ask_edit(blob, 0, change)
    long = desk.edit(blob, desk.replace(blob, "防災", "\u202eあ" * 5_000))
    assert isinstance(long, NotMade) and long.why is WhyNot.NO_GLYPHS and "\u202e" in long.signs
    assert desk.renderer.process_ids() == processes


def test_vertical_text_is_read_and_not_edited(desk: Desk) -> None:
    font = "/Type/Font/Subtype/Type0/BaseFont/MS-Mincho/Encoding/90ms-RKSJ-V/DescendantFonts[6 0 R]"
    system = "/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 2>>/FontDescriptor 7 0 R"
    blob = desk.paper(
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
    text = desk.text(blob)
    assert "".join(line.text for line in text.lines) == "縦書きの文" and text.lines[0].vertical
    assert desk.edit(blob, desk.replace(blob, "縦", "横")) == NotMade(WhyNot.VERTICAL)


def test_what_an_edit_breaks_is_said_and_must_be_accepted(desk: Desk) -> None:
    with pymupdf.open(stream=typed((60, 100, "防災対策"))) as doc:
        owner = {"owner_pw": "owner", "encryption": pymupdf.PDF_ENCRYPT_AES_256}
        locked = desk.paper(doc.tobytes(**owner, user_pw="", permissions=pymupdf.PDF_PERM_PRINT))
    signature = "/AcroForm<</SigFlags 3/Fields[5 0 R]>>/StructTreeRoot<</Type/StructTreeRoot>>"
    field = "<</FT/Sig/T(s)/V<</Type/Sig/Filter/Adobe.PPKLite/Contents<00>>>>>"
    words = "BT /F 20 Tf 50 500 Td (signed) Tj ET"
    signed = desk.paper(one_page(words, resources=HELVETICA, catalogue=signature, more=[field]))
    plain = desk.paper(one_page(words, resources=HELVETICA))
    for blob, breaks in (
        (locked, Breaks.ENCRYPTED | Breaks.FORBIDDEN),
        (signed, Breaks.SIGNED | Breaks.FORM | Breaks.TAGGED),
        (plain, Breaks.NOTHING),
    ):
        with desk.qtbot.waitSignal(desk.renderer.inspected, timeout=20_000) as answer:
            desk.renderer.ask_breaks(blob)
        assert answer.args == [PaperBreaks(blob, breaks)]
    change = desk.replace(signed, "sign", "mark")
    assert desk.edit(signed, change) == NotMade(WhyNot.BREAKS, breaks=int(Breaks.SIGNED))
    done = desk.edit(signed, change, accepted=Breaks.SIGNED)
    assert isinstance(done, PageEdited) and Breaks.SIGNED in Breaks(done.made.breaks)
    assert desk.edit(locked, Rotate(1)) == NotMade(
        WhyNot.BREAKS, breaks=int(Breaks.ENCRYPTED | Breaks.FORBIDDEN)
    )


def test_a_page_that_never_ends_costs_a_process_and_an_answer(qtbot: QtBot) -> None:
    with running(deadline_ms=500) as (store, renderer):
        desk = Desk(qtbot, store, renderer)
        blob = desk.paper(endless())
        assert desk.edit(blob, AddWords(1_000, 1_000, "x", 1_000)) == NotMade(WhyNot.UNSHOWABLE)
        assert desk.text(desk.paper(typed((60, 100, "防災")))).lines[0].text == "防災"


# --- pictures, white-out, new words, turning ----------------------------------------------------------------


def with_pictures() -> bytes:
    """A black square over half of a grey one, words on both."""
    doc = pymupdf.open()
    page = doc.new_page(width=595, height=842)
    for shade, box in ((150, (100, 100, 300, 300)), (0, (200, 100, 400, 300))):
        square = pymupdf.Pixmap(pymupdf.csGRAY, (0, 0, 40, 40), 0)
        square.clear_with(shade)
        page.insert_image(box, pixmap=square)
    page.insert_text((110, 350), "Below the pictures", fontsize=20)
    return bytes(doc.tobytes())


def shade(image: QImage, x: float, y: float) -> int:
    return image.pixelColor(int(x * PIXELS[0] / 595), int(y * PIXELS[1] / 842)).lightness()


def test_the_picture_at_a_point_goes_or_moves_and_no_other(desk: Desk) -> None:
    blob = desk.paper(with_pictures())
    gone, made = desk.made(blob, RemovePicture(25_000, 20_000))
    image = desk.picture(gone)
    assert (shade(image, 250, 200), shade(image, 350, 200)) == (150, 255)
    assert unlike_outside(desk.picture(blob), image, made.changed) == 0
    with pymupdf.open(stream=desk.store.data(gone)) as doc:
        assert len(doc[0].get_images()) == 1, "and it is no longer in the file"
    moved, made = desk.made(blob, MovePicture(25_000, 20_000, 5_000, 30_000))
    image = desk.picture(moved)
    assert (shade(image, 250, 200), shade(image, 260, 500), shade(image, 440, 590)) == (150, 0, 0)
    assert made.changed == Rect(20_000, 10_000, 45_000, 60_000)


def test_what_is_whited_out_is_no_longer_in_the_file(desk: Desk) -> None:
    blob = desk.paper(with_pictures())
    after, made = desk.made(blob, WhiteOut(Rect(15_000, 25_000, 18_000, 36_000)))
    image = desk.picture(after)
    assert unlike_outside(desk.picture(blob), image, Rect(10_900, 25_000, 29_000, 36_000)) == 0
    assert made.changed == Rect(15_000, 25_000, 18_000, 36_000)
    assert (shade(image, 160, 270), shade(image, 140, 270), shade(image, 250, 270)) == (255, 150, 0)
    words = page_words(desk.text(after))
    assert words != page_words(desk.text(blob)) and "pictures" in words.replace(" ", "")
    bare, _ = desk.made(after, RemoveWords((place(desk.text(after), "pict"),), "pict"))
    with pymupdf.open(stream=desk.store.data(bare)) as doc:
        pictures = [pymupdf.Pixmap(doc, entry[0]).samples for entry in doc[0].get_images()]
        assert sorted(255 in samples for samples in pictures) == [False, True], "blank in the picture itself"


def test_words_that_are_gone_are_gone_from_the_form_they_stood_in(desk: Desk) -> None:
    form = stream(
        "BT /F 20 Tf 10 10 Td (Secret draft) Tj ET",
        f"/Type/XObject/Subtype/Form/BBox[0 0 200 50]/Resources<<{HELVETICA}>>",
    )
    blob = desk.paper(one_page("q 1 0 0 1 50 600 cm /X Do Q", resources="/XObject<</X 5 0 R>>", more=[form]))
    after, _ = desk.made(blob, desk.replace(blob, "Secret", "Public", Setting.LINE))
    with pymupdf.open(stream=desk.store.data(after)) as doc:
        streams = [doc.xref_stream(n) for n in range(1, doc.xref_length()) if doc.xref_is_stream(n)]
    assert not any(b"Secret" in each for each in streams)


def test_words_are_added_moved_and_the_page_is_turned(desk: Desk) -> None:
    blob = desk.paper(typed((60, 100, "防災対策")))
    added, made = desk.made(blob, AddWords(20_000, 30_000, "追記：𠮷田", 1_800, 0xC00000, bold=True))
    box = hull(desk.text(added), "追記")
    assert box.x0 == 20_000 and box.y0 < 30_000 < box.y1 and made.new_width == 9_000
    moved, _ = desk.made(added, MoveWords((place(desk.text(added), "対策"),), "対策", 3_000, 5_000))
    was, now = hull(desk.text(added), "対策"), hull(desk.text(moved), "対策")
    assert (now.x0 - was.x0, now.y0 - was.y0) == (3_000, 5_000)
    turned = desk.edit(moved, Rotate(1))
    assert isinstance(turned, PageEdited)
    assert (turned.width, turned.height) == (84_200, 59_500)
    again, _ = desk.made(desk.paper(turned.pdf), AddWords(1_000, 5_000, "横", 2_000))
    assert hull(desk.text(again), "横").x0 == 1_000


def test_contents_that_leave_states_open_do_not_reach_new_words(desk: Desk) -> None:
    for content in ("q 0.1 0 0 0.1 300 300 cm q", "Q Q 0.1 0 0 0.1 300 300 cm", "0.1 0 0 0.1 300 300 cm"):
        blob = desk.paper(one_page(content))
        after, _ = desk.made(blob, AddWords(10_000, 20_000, "ここ", 2_000))
        assert hull(desk.text(after), "ここ").x0 == 10_000, content


def test_the_paper_itself_is_never_touched(desk: Desk) -> None:
    data = pdf([*_two_pages()])
    blob = desk.paper(data)
    made = desk.edit(blob, desk.replace(blob, "second", "other", index=1), index=1)
    assert isinstance(made, PageEdited)
    answer = opened(desk.qtbot, desk.renderer, desk.store.add(made.pdf))
    assert isinstance(answer, Opened) and len(answer.pages) == 1
    assert desk.text(blob, 1).lines[0].text == "The second page"


def _two_pages() -> Iterator[str | bytes]:
    yield "<</Type/Catalog/Pages 2 0 R>>"
    yield f"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2/MediaBox[0 0 595 842]/Resources<<{HELVETICA}>>>>"
    yield "<</Type/Page/Parent 2 0 R/Contents 5 0 R>>"
    yield "<</Type/Page/Parent 2 0 R/Contents[6 0 R]>>"
    yield stream("BT /F 20 Tf 50 500 Td (The first page) Tj ET")
    yield stream("BT /F 20 Tf 50 500 Td (The second page) Tj ET")
