"""Takes single glyphs and pictures out of a page's contents and leaves every other byte as it was.

Only in the render process. MuPDF names the glyphs in the order in which the contents write them; here the
same contents are read for their strings, and the wanted codes are replaced by the space they took. Its own
ways of rewriting a page (redaction, the "sanitizing" filter) were tried and left: in 1.28 the rest of a
string moves by the width of a glyph that goes, and letters made bold by a line lose its width.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pymupdf

from pageview.content_tokens import Token, decoded_string, read_tokens, show_array
from pageview.drawn_bars import BarReader, Box, Rule
from pageview.page_glyphs import Matrix, joined
from pageview.pdf_paper import CannotShow
from protocol.errors import Fault

mupdf = pymupdf.mupdf

DEEPEST = 12
MOST_FORMS = 2_000
MOST_BYTES = 16 * 2**20
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
NEAR = 0.05
TWO_BYTES = re.compile(r"^(Identity|Uni.*(UCS2|UTF16)|.*-(UCS2|UTF16))")
SHIFT_JIS = re.compile(r"RKSJ")
MIXED = re.compile(r"EUC|GBK|GBpc|B5|ETen|HKscs|KSC")
Splitter = Callable[[bytes], Iterator[bytes]]


@dataclass
class _Text:
    """The part of the graphics state that tells what a string shows and how wide."""

    font: Any = None
    size: float = 0.0
    letter: float = 0.0
    word: float = 0.0
    ctm: Matrix = IDENTITY


@dataclass
class Walk:
    """One reading of a page's contents, which takes out what it is told.

    ``glyphs``: number of a glyph in the order of writing → its width in ems. ``pictures``: where, in the
    page's own space of PDF, the unit square of a picture lies, and the image object to be drawn in its stead
    (None: the picture goes). ``rules`` say what becomes of bars; ``onto``: from the page's own space of
    PDF to theirs.
    """

    doc: Any
    glyphs: Mapping[int, float] = field(default_factory=dict)
    pictures: Sequence[tuple[Matrix, Any]] = ()
    rules: Sequence[Rule] = ()
    onto: Matrix = IDENTITY
    seen: int = 0
    """How many glyphs were met."""
    taken: int = 0
    taken_pictures: int = 0
    opened: int = 0
    """How many saved states the contents leave open at the end, and how many they close too often."""
    closed: int = 0
    barred: list[Box] = field(default_factory=list)
    """Where bars were changed, before and after."""
    _forms: int = 0
    _bytes: int = 0

    def run(self, page: Any) -> None:
        """Reads the contents of a page, and changes them where something goes; CannotShow when it cannot."""
        pdf = mupdf.pdf_document_from_fz_document(self.doc.this)
        sheet = mupdf.pdf_page_from_fz_page(page).obj()
        resources = mupdf.pdf_dict_get_inheritable(sheet, mupdf.pdf_new_name("Resources"))
        content = _page_content(sheet)
        changed, reader = self._stream(pdf, content, resources, _Text(), 0)
        self.opened, self.closed = len(reader.stack), reader.closed
        if changed is None:
            return
        buffer = mupdf.fz_new_buffer_from_copied_data(changed)
        mupdf.pdf_dict_puts(sheet, "Contents", mupdf.pdf_add_stream(pdf, buffer, mupdf.PdfObj(), 0))
        mupdf.pdf_dict_puts(sheet, "Resources", reader.new_resources())

    def _stream(
        self, pdf: Any, content: bytes, resources: Any, text: _Text, depth: int
    ) -> tuple[bytes | None, _Reader]:
        """The content as it is to be (None: as it is), and what has read it."""
        self._bytes += len(content)
        if depth > DEEPEST or self._forms > MOST_FORMS or self._bytes > MOST_BYTES:
            raise CannotShow("refused", Fault.PAGE_UNSHOWABLE)
        reader = _Reader(self, pdf, resources, text, depth)
        for operator, operands, end in _operations(content):
            reader.obey(operator, operands, end)
        return (reader.spliced(content) if reader.changes else None), reader


class _Reader:
    """One stream of contents."""

    def __init__(self, walk: Walk, pdf: Any, resources: Any, text: _Text, depth: int) -> None:
        self._walk = walk
        self._pdf = pdf
        self._resources = resources
        self._text = text
        self._depth = depth
        self._paths = BarReader(walk.rules, walk.barred)
        self.stack: list[_Text] = []
        self.closed = 0
        self.changes: list[tuple[int, int, bytes]] = []
        self._names: dict[str, Any] = {}
        self._called: set[str] = set()
        self._given_up: set[str] = set()

    def obey(self, operator: bytes, operands: list[Token], end: int) -> None:
        """One operator with what stands before it; ``end`` is where it ends in the content."""
        if self._walk.rules:
            self.changes += self._paths.obey(operator, operands, end, joined(self._text.ctm, self._walk.onto))
        match operator:
            case b"q":
                self.stack.append(replace(self._text))
            case b"Q":
                if self.stack:
                    self._text = self.stack.pop()
                else:
                    self.closed += 1
            case b"cm" if len(operands) >= 6:
                a, b, c, d, e, f = (token.number for token in operands[-6:])
                self._text.ctm = joined((a, b, c, d, e, f), self._text.ctm)
            case b"Tf" if len(operands) >= 2:
                self._text.font = self._resource("Font", operands[-2].name)
                self._text.size = operands[-1].number
            case b"Tc" if operands:
                self._text.letter = operands[-1].number
            case b"Tw" if operands:
                self._text.word = operands[-1].number
            case b"gs" if operands:
                self._set_state(operands[-1].name)
            case b"Tj" | b"TJ" | b"'" | b'"' if operands:
                self._show(operator, operands, end)
            case b"Do" if operands:
                self._draw(operands[-1], end)
            case b"EI":
                self._picture(operands[0].start, end)

    def spliced(self, content: bytes) -> bytes:
        """The content with the changes in it."""
        parts, at = [], 0
        for start, end, new in self.changes:
            parts += [content[at:start], new]
            at = end
        return b"".join([*parts, content[at:]])

    def new_resources(self) -> Any:
        """The resources with what is now called, and without what no longer is: it shall leave the file."""
        found = self._resources
        copy = mupdf.pdf_copy_dict(found) if mupdf.pdf_is_dict(found) else mupdf.pdf_new_dict(self._pdf, 1)
        group = mupdf.pdf_dict_gets(copy, "XObject")
        group = mupdf.pdf_copy_dict(group) if mupdf.pdf_is_dict(group) else mupdf.pdf_new_dict(self._pdf, 1)
        for name in self._given_up - self._called:
            mupdf.pdf_dict_dels(group, name)
        for name, thing in self._names.items():
            mupdf.pdf_dict_puts(group, name, thing)
        mupdf.pdf_dict_puts(copy, "XObject", group)
        return copy

    def _resource(self, kind: str, name: str) -> Any:
        group = mupdf.pdf_dict_gets(self._resources, kind)
        if name.isascii():
            return mupdf.pdf_dict_gets(group, name)
        # Names that are no text (Japanese in code page 932) MuPDF tells, but does not take.
        for at in range(mupdf.pdf_dict_len(group)):
            if mupdf.pdf_to_name(mupdf.pdf_dict_get_key(group, at)) == name:
                return mupdf.pdf_dict_get_val(group, at)
        return mupdf.PdfObj()

    def _set_state(self, name: str) -> None:
        font = mupdf.pdf_dict_gets(self._resource("ExtGState", name), "Font")
        if mupdf.pdf_is_array(font):
            self._text.font = mupdf.pdf_array_get(font, 0)
            self._text.size = mupdf.pdf_to_real(mupdf.pdf_array_get(font, 1))

    def _show(self, operator: bytes, operands: list[Token], end: int) -> None:
        text = self._text
        before = b""
        if operator == b'"' and len(operands) >= 3:
            text.word, text.letter = operands[-3].number, operands[-2].number
            before = b"%s Tw %s Tc " % (operands[-3].raw, operands[-2].raw)
        if text.font is None:
            return
        if operator in (b"'", b'"'):
            before += b"T* "
        split = _splitter(text.font)
        parts: list[bytes | float] = []
        taken = 0
        for token in show_array(operands[-1]):
            if not token.is_string:
                parts.append(token.number)
                continue
            kept = b""
            for code in split(decoded_string(token.raw)):
                width = self._walk.glyphs.get(self._walk.seen)
                self._walk.seen += 1
                if width is None:
                    kept += code
                    continue
                taken += 1
                spaced = text.letter + (text.word if code == b" " else 0.0)
                parts += [kept, -1000 * (width + (spaced / text.size if text.size else 0.0))]
                kept = b""
            parts.append(kept)
        if taken:
            self._walk.taken += taken
            start = operands[-3 if operator == b'"' else -1].start
            self.changes.append((start, end, before + _shown(parts)))

    def _draw(self, operand: Token, end: int) -> None:
        thing = self._resource("XObject", operand.name)
        kind = mupdf.pdf_to_name(mupdf.pdf_dict_gets(thing, "Subtype"))
        before = len(self.changes)
        if kind == "Image":
            self._picture(operand.start, end)
        elif kind == "Form":
            self._form(thing, operand.start, end)
        (self._called if len(self.changes) == before else self._given_up).add(operand.name)

    def _form(self, thing: Any, start: int, end: int) -> None:
        if not mupdf.pdf_is_stream(thing):
            return
        walk = self._walk
        walk._forms += 1
        inner = replace(self._text)
        matrix = mupdf.pdf_dict_get_matrix(thing, mupdf.pdf_new_name("Matrix"))
        onto = (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
        inner.ctm = joined(onto, self._text.ctm)
        own = mupdf.pdf_dict_gets(thing, "Resources")
        resources = own if own.m_internal else self._resources
        content = _data(mupdf.pdf_load_stream(thing))
        changed, reader = walk._stream(self._pdf, content, resources, inner, self._depth + 1)
        if changed is None:
            return
        # The form may be drawn elsewhere too: only this drawing of it changes.
        copy = mupdf.pdf_copy_dict(thing)
        for key in ("Filter", "DecodeParms", "Length"):
            mupdf.pdf_dict_dels(copy, key)
        mupdf.pdf_dict_puts(copy, "Resources", reader.new_resources())
        buffer = mupdf.fz_new_buffer_from_copied_data(changed)
        new = mupdf.pdf_add_stream(self._pdf, buffer, copy, 0)
        self.changes.append((start, end, f"/{self._name(new)} Do".encode()))

    def _picture(self, start: int, end: int) -> None:
        for onto, other in self._walk.pictures:
            if math.dist(self._text.ctm, onto) < NEAR:
                self._walk.taken_pictures += 1
                drawn = b"" if other is None else f"/{self._name(other)} Do".encode()
                self.changes.append((start, end, drawn))
                return

    def _name(self, thing: Any) -> str:
        """A name that is not taken yet, by which these contents now call an object."""
        name = f"KzX{mupdf.pdf_to_num(thing)}"
        while self._resource("XObject", name).m_internal:
            name += "x"
        self._names[name] = thing
        return name


def _operations(content: bytes) -> Iterator[tuple[bytes, list[Token], int]]:
    """(operator, its operands, where it ends)."""
    operands: list[Token] = []
    for token in read_tokens(content):
        if token.is_operator:
            if token.raw.startswith(b"BI"):
                yield b"EI", [token], token.end
            else:
                yield token.raw, operands, token.end
            operands = []
        elif len(operands) < 64:
            operands.append(token)


def _shown(parts: list[bytes | float]) -> bytes:
    out: list[bytes] = []
    pending = 0.0
    for part in parts:
        if isinstance(part, bytes):
            if part:
                if pending:
                    out.append(b"%.4f" % pending)
                out.append(b"<%s>" % part.hex().encode())
                pending = 0.0
        else:
            pending += part
    if pending:
        out.append(b"%.4f" % pending)
    return b"[%s]TJ" % b" ".join(out)


def _splitter(font: Any) -> Splitter:
    """How a font's strings fall into codes; CannotShow for an encoding that is not known here."""
    if mupdf.pdf_to_name(mupdf.pdf_dict_gets(font, "Subtype")) != "Type0":
        return _ones
    encoding = mupdf.pdf_dict_gets(font, "Encoding")
    if mupdf.pdf_is_stream(encoding):
        spaces = re.findall(
            rb"begincodespacerange\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*endcodespacerange",
            _data(mupdf.pdf_load_stream(encoding))[:65_536],
        )
        lengths = {len(low) // 2 for low, _ in spaces}
        if lengths == {1}:
            return _ones
        if lengths == {2}:
            return _twos
    name = mupdf.pdf_to_name(encoding)
    if TWO_BYTES.match(name) or name in ("H", "V"):
        return _twos
    if SHIFT_JIS.search(name):
        return _shift_jis
    if MIXED.search(name):
        return _mixed
    raise CannotShow("refused", Fault.PAGE_UNSHOWABLE)


def _ones(data: bytes) -> Iterator[bytes]:
    return (data[at : at + 1] for at in range(len(data)))


def _twos(data: bytes) -> Iterator[bytes]:
    return (data[at : at + 2] for at in range(0, len(data), 2))


def _shift_jis(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        size = 2 if 0x81 <= data[at] <= 0x9F or 0xE0 <= data[at] <= 0xFC else 1
        yield data[at : at + size]
        at += size


def _mixed(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        size = 2 if data[at] > 0x80 else 1
        yield data[at : at + size]
        at += size


def _page_content(sheet: Any) -> bytes:
    contents = mupdf.pdf_dict_gets(sheet, "Contents")
    if not mupdf.pdf_is_array(contents):
        return _data(mupdf.pdf_load_stream(contents)) if mupdf.pdf_is_stream(contents) else b""
    parts = (mupdf.pdf_array_get(contents, at) for at in range(mupdf.pdf_array_len(contents)))
    return b"\n".join(_data(mupdf.pdf_load_stream(part)) for part in parts if mupdf.pdf_is_stream(part))


def _data(buffer: Any) -> bytes:
    return bytes(mupdf.fz_buffer_extract_copy(buffer))
