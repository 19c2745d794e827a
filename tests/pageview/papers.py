"""PDFs made by hand for the tests: every byte of them is meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pytestqt.qtbot import QtBot

from pageview.render_queue import Priority, RenderRequest
from pageview.render_results import Opened, OpenRefused
from pageview.renderer import Renderer
from pageview.segments import SegmentStore
from protocol.values import Rect

A4 = Rect(0, 0, 59_500, 84_200)
FRAME = (800, 1200)


def pdf(objects: Sequence[str | bytes], trailer: str = "") -> bytes:
    """A file of these objects, numbered from 1; the first is the catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body.encode() if isinstance(body, str) else body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(out)


def stream(content: str | bytes, entries: str = "") -> bytes:
    """A stream object."""
    data = content.encode() if isinstance(content, str) else content
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries.encode(), len(data), data)


def one_page(
    content: str | bytes = "0 0 1 rg 0 0 297.5 842 re f",
    *,
    page: str = "/MediaBox[0 0 595 842]",
    resources: str = "",
    catalogue: str = "",
    more: Sequence[str | bytes] = (),
) -> bytes:
    """A page with its content (by default: the left half blue); ``more`` objects begin at 5."""
    return pdf(
        [
            f"<</Type/Catalog/Pages 2 0 R{catalogue}>>",
            "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            f"<</Type/Page/Parent 2 0 R{page}/Contents 4 0 R/Resources<<{resources}>>>>",
            stream(content),
            *more,
        ]
    )


def many_pages(count: int) -> bytes:
    """Pages in shades of grey, all of A4."""
    kids = " ".join(f"{3 + 2 * n} 0 R" for n in range(count))
    objects: list[str | bytes] = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {count}>>",
    ]
    for n in range(count):
        objects.append(f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {4 + 2 * n} 0 R>>")
        objects.append(stream(f"{n / count:.3f} g 0 0 595 842 re f"))
    return pdf(objects)


def layered(content: str, name: str = "notes", state: str = "OFF") -> bytes:
    """Two pages with a red layer that their author switched off, or on."""
    page = (
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents {}/Resources<</Properties<</L 5 0 R>>>>>>"
    )
    drawn = f"{content} rg 0 0 50 50 re f /OC /L BDC 1 0 0 rg 100 0 100 100 re f EMC"
    return pdf(
        [
            f"<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[5 0 R]/D<</{state}[5 0 R]>>>>>>",
            "<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2>>",
            page.format("4 0 R"),
            stream(drawn),
            f"<</Type/OCG/Name({name})>>",
            page.format("4 0 R"),
        ]
    )


def endless() -> bytes:
    """Forms that draw each other, ten times each, nine deep: a thousand million of them."""
    calls = " ".join(["/F Do"] * 10)
    forms = [
        stream(calls, f"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F {n + 1} 0 R>>>>")
        for n in range(5, 13)
    ]
    forms.append(stream("0 0 9 9 re f", "/Type/XObject/Subtype/Form/BBox[0 0 9 9]"))
    return one_page(calls, resources="/XObject<</F 5 0 R>>", more=forms)


def wish(
    sha256: bytes,
    index: int = 0,
    rect: Rect = A4,
    size: tuple[int, int] = (595, 842),
    priority: Priority = Priority.NOW,
) -> RenderRequest:
    """A request for a drawing, the whole of an A4 page unless said otherwise."""
    return RenderRequest(sha256, index, rect, *size, priority)


@contextmanager
def running(
    deadline_ms: int = 5_000, slots: int = 5, start: bool = True
) -> Iterator[tuple[SegmentStore, Renderer]]:
    """A renderer with its store, ended afterwards."""
    store = SegmentStore()
    renderer = Renderer(store, FRAME, slots, deadline_ms=deadline_ms)
    try:
        if start:
            renderer.start()
        yield store, renderer
    finally:
        renderer.wipe()


def opened(
    qtbot: QtBot, renderer: Renderer, sha256: bytes, password: str | None = None
) -> Opened | OpenRefused:
    """Opens a paper and waits for the answer, whichever it is."""
    answers: list[Opened | OpenRefused] = []
    renderer.opened.connect(answers.append)
    renderer.refused.connect(answers.append)
    renderer.open(sha256, password)
    qtbot.waitUntil(lambda: bool(answers), timeout=20_000)
    renderer.opened.disconnect(answers.append)
    renderer.refused.disconnect(answers.append)
    return answers[0]


def naming_font(font: str, text: str, size: int = 120) -> bytes:
    """A page with ``text`` in a Japanese font that it names and does not carry, as from an office program."""
    descriptor = (
        f"/FontName/{font}/Flags 4/FontBBox[0 -136 1000 859]/ItalicAngle 0/Ascent 859/Descent -140/StemV 80"
    )
    system = "/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 2>>"
    return one_page(
        f"BT /F {size} Tf 40 500 Td <{text.encode('cp932').hex()}> Tj ET",
        resources="/Font<</F 5 0 R>>",
        more=[
            f"<</Type/Font/Subtype/Type0/BaseFont/{font}/Encoding/90ms-RKSJ-H/DescendantFonts[6 0 R]>>",
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{font}{system}/FontDescriptor 7 0 R/W[1 632 500]>>",
            f"<</Type/FontDescriptor{descriptor}>>",
        ],
    )
