"""The words of an office file (docx, pptx, xlsx), for searching: unpacked and parsed with limits. Only in the
render process.
"""

from __future__ import annotations

import codecs
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from xml.parsers import expat

from pageview.pdf_paper import CONTROLS, CannotShow
from pageview.plain_sheets import sheets
from pageview.render_messages import PARTS_READ, TEXT_READ
from protocol.errors import Fault

ENTRIES, ENTRY_BYTES, ALL_BYTES = 20_000, 64 * 2**20, 256 * 2**20
SIGNS = 2_000_000
"""The most signs of a file that anybody searches."""
codecs.lookup("cp437")  # names in a zip; Python loads a codec with its first use, which the cage would refuse


def office_parts(data: memoryview) -> tuple[str, ...]:
    """Texts and tables in pieces, each slide; CannotShow when it is no such file."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = tuple(_parts(_Unpacked(packed)))
    except CannotShow:
        raise
    except Exception as error:
        raise CannotShow("damaged", Fault.PAPER_DAMAGED) from error
    return tuple(_limited(parts))


class _Unpacked:
    """The parts of the file, each and all together within their limits."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        self.names = packed.namelist()
        self._left = ALL_BYTES
        if len(self.names) > ENTRIES:
            raise CannotShow("refused", Fault.TOO_LARGE)

    def numbered(self, folder: str) -> list[str]:
        """slide1.xml, slide2.xml … of a folder, in order."""
        found = re.compile(re.escape(folder) + r"(\d{1,6})\.xml")
        numbers = [(int(match[1]), name) for name in self.names if (match := found.fullmatch(name))]
        return [name for _, name in sorted(numbers)]

    def read(self, name: str) -> bytes:
        with self._packed.open(name) as entry:
            data = entry.read(min(ENTRY_BYTES, self._left) + 1)
        self._left -= len(data)
        if len(data) > ENTRY_BYTES or self._left < 0:
            raise CannotShow("refused", Fault.TOO_LARGE)
        return data


def _parts(unpacked: _Unpacked) -> Iterator[str]:
    if "word/document.xml" in unpacked.names:
        yield from sheets(_running(unpacked.read("word/document.xml")))
    elif "ppt/presentation.xml" in unpacked.names:
        for name in unpacked.numbered("ppt/slides/slide"):
            yield _running(unpacked.read(name))
    elif "xl/workbook.xml" in unpacked.names:
        strings: list[str] = []
        if "xl/sharedStrings.xml" in unpacked.names:
            strings = _shared(unpacked.read("xl/sharedStrings.xml"))
        for name in unpacked.numbered("xl/worksheets/sheet"):
            yield from sheets(_cells(unpacked.read(name), strings))
    else:
        raise CannotShow("damaged", Fault.PAPER_DAMAGED)


def _limited(parts: tuple[str, ...]) -> Iterator[str]:
    left = SIGNS
    for part in parts[:PARTS_READ]:
        lines = (CONTROLS.sub("", line).strip() for line in part.split("\n"))
        text = "\n".join(line for line in lines if line)[: min(TEXT_READ, left)]
        left -= len(text)
        yield text


def _running(data: bytes) -> str:
    """Words of a text or a slide, a line for each paragraph."""
    words: list[str] = []
    inside = 0

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal inside
        inside += name == "t"
        if name in ("tab", "br"):
            words.append(" ")

    def end(name: str) -> None:
        nonlocal inside
        inside -= name == "t"
        if name == "p":
            words.append("\n")

    _parse(data, start, end, lambda text: words.append(text) if inside else None)
    return "".join(words)


def _shared(data: bytes) -> list[str]:
    """The strings that the cells of a workbook name by number; readings (furigana) are left out."""
    strings: list[str] = []
    words: list[str] = []
    inside = reading = 0

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal inside, reading
        inside += name == "t"
        reading += name == "rPh"

    def end(name: str) -> None:
        nonlocal inside, reading
        inside -= name == "t"
        reading -= name == "rPh"
        if name == "si":
            strings.append("".join(words))
            words.clear()

    _parse(data, start, end, lambda text: words.append(text) if inside and not reading else None)
    return strings


def _cells(data: bytes, strings: list[str]) -> str:
    """What stands in the cells, a line for each row."""
    words: list[str] = []
    value: list[str] = []
    kind, inside = "", 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal kind, inside
        if name == "c":
            kind = attributes.get("t", "")
        inside += name in ("v", "t")

    def end(name: str) -> None:
        nonlocal inside
        inside -= name in ("v", "t")
        if name == "c":
            text = "".join(value)
            value.clear()
            if kind == "s":
                text = strings[int(text)] if text.isdecimal() and int(text) < len(strings) else ""
            words.append(text + " ")
        elif name == "row":
            words.append("\n")

    _parse(data, start, end, lambda text: value.append(text) if inside else None)
    return "".join(words)


def _parse(
    data: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], object],
) -> None:
    """Names come without their namespace. A document type, which no office program writes, is refused."""

    def refuse(*_: Any) -> None:
        raise CannotShow("refused", Fault.PAPER_DAMAGED)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: start(name.rpartition(" ")[2], attributes)
    parser.EndElementHandler = lambda name: end(name.rpartition(" ")[2])
    parser.CharacterDataHandler = text
    parser.buffer_text = True
    parser.Parse(data, True)
