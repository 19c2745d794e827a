"""A page with nothing on it, as a PDF. It is so little that no library is needed, and no cage."""

from __future__ import annotations


def blank_page(width: int, height: int) -> bytes:
    """One white page; ``width`` × ``height`` in 1/100 point. The same size gives the same bytes."""
    box = f"{_points(width)} {_points(height)}"
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {box}]/Resources<<>>>>",
    )
    pdf = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(pdf))
        pdf += f"{number} 0 obj\n{content}\nendobj\n".encode("ascii")
    start, count = len(pdf), len(objects) + 1
    pdf += f"xref\n0 {count}\n0000000000 65535 f \n".encode("ascii")
    for place in places:
        pdf += f"{place:010} 00000 n \n".encode("ascii")
    return bytes(pdf + f"trailer<</Size {count}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode("ascii"))


def _points(hundredths: int) -> str:
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".")
