"""The paper of the self-test: two pages of coloured fields, and what must be found of them. No Qt."""

from __future__ import annotations

from collections.abc import Callable

ACROSS, DOWN = 8, 4
WIDTH, HEIGHT = 96_000, 54_000
"""Of a page, in 1/100 point."""
PAGES = 2
_COLOURS = ("0017C1", "CE0000", "197A4B", "FFD43D", "111F45", "FFFFFF", "D9E6FF", "9DB7F9")
_NEAR = 12
"""Of 255: a screen may convert colours a little."""

Colour = tuple[int, int, int]


def colour(page: int, column: int, row: int) -> Colour:
    """Of that field; neighbours differ, and so do the two pages everywhere."""
    name = _COLOURS[(column + 3 * row + 4 * page) % len(_COLOURS)]
    return int(name[:2], 16), int(name[2:4], 16), int(name[4:], 16)


def wrong_fields(page: int, seen: Callable[[float, float], Colour]) -> int:
    """How many fields look otherwise; ``seen`` gives the colour at a place, 0 to 1 across and down."""
    wrong = 0
    for row in range(DOWN):
        for column in range(ACROSS):
            found = seen((column + 0.5) / ACROSS, (row + 0.5) / DOWN)
            wanted = colour(page, column, row)
            wrong += any(abs(a - b) > _NEAR for a, b in zip(found, wanted, strict=True))
    return wrong


def proof_paper() -> bytes:
    """The PDF."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>",
        *(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents %d 0 R>>"
            % (WIDTH // 100, HEIGHT // 100, 5 + page)
            for page in range(PAGES)
        ),
        *(_stream(page) for page in range(PAGES)),
    ]
    made, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, table)
    return made + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


def _stream(page: int) -> bytes:
    wide, high = WIDTH / 100 / ACROSS, HEIGHT / 100 / DOWN
    lines = []
    for row in range(DOWN):
        for column in range(ACROSS):
            red, green, blue = (part / 255 for part in colour(page, column, row))
            top = HEIGHT / 100 - (row + 1) * high
            lines.append(
                f"{red:.4f} {green:.4f} {blue:.4f} rg {column * wide:g} {top:g} {wide:g} {high:g} re f"
            )
    data = "\n".join(lines).encode()
    return b"<</Length %d>>stream\n%b\nendstream" % (len(data), data)
