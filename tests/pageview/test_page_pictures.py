"""Pictures, white-out, added words and turned pages, through the caged process."""

from __future__ import annotations

from collections.abc import Iterator

import pymupdf
from PySide6.QtGui import QImage

from pageview.page_edits import (
    AddWords,
    MovePicture,
    MoveWords,
    RemovePicture,
    RemoveWords,
    Rotate,
    Setting,
    WhiteOut,
)
from pageview.render_results import Opened, PageEdited
from protocol.values import Rect
from tests.pageview.editing import HELVETICA, PIXELS, Editing, hull, page_words, place, typed, unlike_outside
from tests.pageview.papers import one_page, opened, pdf, stream

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


def test_the_picture_at_a_point_goes_or_moves_and_no_other(editing: Editing) -> None:
    blob = editing.paper(with_pictures())
    gone, made = editing.made(blob, RemovePicture(25_000, 20_000))
    image = editing.picture(gone)
    assert (shade(image, 250, 200), shade(image, 350, 200)) == (150, 255)
    assert unlike_outside(editing.picture(blob), image, made.changed) == 0
    with pymupdf.open(stream=editing.store.data(gone)) as doc:
        assert len(doc[0].get_images()) == 1, "and it is no longer in the file"
    moved, made = editing.made(blob, MovePicture(25_000, 20_000, 5_000, 30_000))
    image = editing.picture(moved)
    assert (shade(image, 250, 200), shade(image, 260, 500), shade(image, 440, 590)) == (150, 0, 0)
    assert made.changed == Rect(20_000, 10_000, 45_000, 60_000)


def test_what_is_whited_out_is_no_longer_in_the_file(editing: Editing) -> None:
    blob = editing.paper(with_pictures())
    after, made = editing.made(blob, WhiteOut(Rect(15_000, 25_000, 18_000, 36_000)))
    image = editing.picture(after)
    assert unlike_outside(editing.picture(blob), image, Rect(10_900, 25_000, 29_000, 36_000)) == 0
    assert made.changed == Rect(15_000, 25_000, 18_000, 36_000)
    assert (shade(image, 160, 270), shade(image, 140, 270), shade(image, 250, 270)) == (255, 150, 0)
    words = page_words(editing.text(after))
    assert words != page_words(editing.text(blob)) and "pictures" in words.replace(" ", "")
    bare, _ = editing.made(after, RemoveWords((place(editing.text(after), "pict"),), "pict"))
    with pymupdf.open(stream=editing.store.data(bare)) as doc:
        pictures = [pymupdf.Pixmap(doc, entry[0]).samples for entry in doc[0].get_images()]
        assert sorted(255 in samples for samples in pictures) == [False, True], "blank in the picture itself"


def test_words_that_are_gone_are_gone_from_the_form_they_stood_in(editing: Editing) -> None:
    form = stream(
        "BT /F 20 Tf 10 10 Td (Secret draft) Tj ET",
        f"/Type/XObject/Subtype/Form/BBox[0 0 200 50]/Resources<<{HELVETICA}>>",
    )
    blob = editing.paper(
        one_page("q 1 0 0 1 50 600 cm /X Do Q", resources="/XObject<</X 5 0 R>>", more=[form])
    )
    after, _ = editing.made(blob, editing.replace(blob, "Secret", "Public", Setting.LINE))
    with pymupdf.open(stream=editing.store.data(after)) as doc:
        streams = [doc.xref_stream(n) for n in range(1, doc.xref_length()) if doc.xref_is_stream(n)]
    assert not any(b"Secret" in each for each in streams)


def test_words_are_added_moved_and_the_page_is_turned(editing: Editing) -> None:
    blob = editing.paper(typed((60, 100, "防災対策")))
    added, made = editing.made(blob, AddWords(20_000, 30_000, "追記：𠮷田", 1_800, 0xC00000, bold=True))
    box = hull(editing.text(added), "追記")
    assert box.x0 == 20_000 and box.y0 < 30_000 < box.y1 and made.new_width == 9_000
    moved, _ = editing.made(added, MoveWords((place(editing.text(added), "対策"),), "対策", 3_000, 5_000))
    was, now = hull(editing.text(added), "対策"), hull(editing.text(moved), "対策")
    assert (now.x0 - was.x0, now.y0 - was.y0) == (3_000, 5_000)
    turned = editing.edit(moved, Rotate(1))
    assert isinstance(turned, PageEdited)
    assert (turned.width, turned.height) == (84_200, 59_500)
    again, _ = editing.made(editing.paper(turned.pdf), AddWords(1_000, 5_000, "横", 2_000))
    assert hull(editing.text(again), "横").x0 == 1_000


def test_contents_that_leave_states_open_do_not_reach_new_words(editing: Editing) -> None:
    for content in ("q 0.1 0 0 0.1 300 300 cm q", "Q Q 0.1 0 0 0.1 300 300 cm", "0.1 0 0 0.1 300 300 cm"):
        blob = editing.paper(one_page(content))
        after, _ = editing.made(blob, AddWords(10_000, 20_000, "ここ", 2_000))
        assert hull(editing.text(after), "ここ").x0 == 10_000, content


def test_the_paper_itself_is_never_touched(editing: Editing) -> None:
    data = pdf([*_two_pages()])
    blob = editing.paper(data)
    made = editing.edit(blob, editing.replace(blob, "second", "other", index=1), index=1)
    assert isinstance(made, PageEdited)
    answer = opened(editing.qtbot, editing.renderer, editing.store.add(made.pdf))
    assert isinstance(answer, Opened) and len(answer.pages) == 1
    assert editing.text(blob, 1).lines[0].text == "The second page"


def _two_pages() -> Iterator[str | bytes]:
    yield "<</Type/Catalog/Pages 2 0 R>>"
    yield f"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2/MediaBox[0 0 595 842]/Resources<<{HELVETICA}>>>>"
    yield "<</Type/Page/Parent 2 0 R/Contents 5 0 R>>"
    yield "<</Type/Page/Parent 2 0 R/Contents[6 0 R]>>"
    yield stream("BT /F 20 Tf 50 500 Td (The first page) Tj ET")
    yield stream("BT /F 20 Tf 50 500 Td (The second page) Tj ET")
